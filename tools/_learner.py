"""A simulated learner of a class: a browser's session with a JupyterHub, a server and a kernel.

Everything goes through HTTP and a websocket, as from a browser.
"""

import json
import time
import uuid
from collections.abc import Iterator

import requests
import websocket

NOTEBOOK = "my_exercises/30_gan.ipynb"
WRONG = "real / (real + fake)"
RIGHT = "real_share * real / (real_share * real + (1 - real_share) * fake)"
ANSWER = """from genimg_lib.checks import gan as check
def best_discriminator(real, fake, real_share):
    return {}
check.best_discriminator(best_discriminator)"""
STATE = """from genimg_lib.practice.exercises.attempts import Attempts
print([attempt.passed for attempt in Attempts().read()])"""
LIMITS = """import os
print(*(os.environ.get(name) for name in ("MEM_LIMIT", "CPU_LIMIT")))"""
READ = """from pathlib import Path
try:
    print("READ", len((Path.home().parent / {!r} / "genimg_course" / {!r}).read_bytes()))
except OSError as error:
    print("REFUSED", error)"""
SECONDS = 300  # for one step of one learner: a deadlock ends, no machine is judged
ASK_AGAIN = 5  # seconds after which a kernel that has not answered is asked again


class Kernel:
    """The websocket of one page to its kernel, in the protocol that has JSON messages.

    A server forwards nothing before it has seen the kernel answer. It closes the socket of a kernel
    that is slow to start, and drops what arrives for one that has just gone. So this side connects
    again until the whole way has worked once, a reply on `shell` and a status on `iopub`, and sends
    code only then. Code is sent once: to send it again would run it twice.

    See "WebSocket kernel wire protocols" of jupyter_server and "Messaging" of jupyter_client.
    """

    def __init__(self, url: str, cookies: str, origin: str):
        self.url, self.cookies, self.origin = url, cookies, origin
        self.session = uuid.uuid4().hex
        self.socket = None
        self._wait_until_ready()

    def close(self) -> None:
        if self.socket:
            self.socket.close()
            self.socket = None

    def run(self, code: str) -> str:
        """All that a cell prints or raises. TimeoutError names the message that did not come."""
        self._wait_until_ready()  # a page that was idle for long has lost its connection
        end = time.monotonic() + SECONDS
        content = {"code": code, "silent": False, "store_history": True, "stop_on_error": False}
        number = self._send("execute_request", content)
        said, missing = [], {"execute_reply", "idle"}
        for message in self._replies({number}, end):
            found = message["content"]
            said += [found.get("text", ""), *found.get("traceback", ())]
            missing.discard(kind(message))
            if not missing:
                return "\n".join(said)
        raise TimeoutError(f"{' and '.join(sorted(missing))} did not come in {SECONDS} s: {said}")

    def _wait_until_ready(self) -> None:
        end = time.monotonic() + SECONDS
        missing, trouble = {"kernel_info_reply", "idle"}, ""
        while time.monotonic() < end:
            try:
                if not self.socket:
                    self._connect()
                asked = set()
                while missing and time.monotonic() < end:
                    asked.add(self._send("kernel_info_request", {}))
                    for message in self._replies(asked, min(end, time.monotonic() + ASK_AGAIN)):
                        missing.discard(kind(message))
                        if not missing:
                            break
                if not missing:
                    return
            except websocket.WebSocketBadStatusException:
                raise  # refused: to ask again changes nothing
            except (OSError, websocket.WebSocketException) as error:
                trouble = f", last: {error}"
                self.close()
                time.sleep(1)
        raise TimeoutError(f"{' and '.join(sorted(missing))} of a new kernel{trouble}")

    def _connect(self) -> None:
        """Opens the socket; the same session again, for which a server keeps what it has."""
        self.socket = websocket.create_connection(
            f"{self.url}?session_id={self.session}",
            cookie=self.cookies,
            origin=self.origin,
            timeout=SECONDS,
            http_no_proxy=["127.0.0.1"],
        )

    def _send(self, message_type: str, content: dict) -> str:
        """Sends a message on the channel `shell`; returns its number."""
        number = uuid.uuid4().hex
        header = {"msg_id": number, "msg_type": message_type, "session": self.session}
        message = {
            "header": {**header, "username": "", "version": "5.3"},
            "parent_header": {},
            "metadata": {},
            "content": content,
            "channel": "shell",
        }
        self.socket.send(json.dumps(message))
        return number

    def _replies(self, asked: set[str], end: float) -> Iterator[dict]:
        """The messages that answer one of `asked`, until `end`; ConnectionError if it is closed."""
        while (left := end - time.monotonic()) > 0:
            self.socket.settimeout(left)
            try:
                text = self.socket.recv()
            except websocket.WebSocketTimeoutException:
                return
            if not text:
                raise ConnectionError("the server closed the websocket")
            message = json.loads(text)
            if message["parent_header"].get("msg_id") in asked:
                yield message


def kind(message: dict) -> str:
    """The type of a message; of a status, the state that it tells."""
    if message["msg_type"] == "status":
        return message["content"]["execution_state"]
    return message["msg_type"]


class Learner:
    """One simulated learner; each method is a stage of the evening, or a part of one."""

    def __init__(self, address: str, name: str, code: str):
        self.address, self.name, self.code = address, name, code
        self.web = requests.Session()
        self.web.trust_env = False
        self.neighbour = ""

    def ask(self, method: str, path: str, body: dict | None = None) -> requests.Response:
        """A request of this browser, whatever the answer; `path` begins at the hub's address."""
        home = path.rpartition("/api/")[0].partition("/api/")[0] + "/"
        tokens = {c.path: c.value for c in self.web.cookies if c.name == "_xsrf"}
        headers = {"X-XSRFToken": tokens.get(home, ""), "Referer": f"{self.address}{home}"}
        return self.web.request(
            method, f"{self.address}{path}", json=body, headers=headers, timeout=SECONDS
        )

    def server(self, method: str, path: str, body: dict | None = None):
        """What the learner's own server answers; raises for an error."""
        reply = self.ask(method, f"/user/{self.name}/api/{path}", body)
        reply.raise_for_status()
        return reply.json() if reply.content else None

    def connect(self, name: str, kernel: str) -> Kernel:
        """The websocket to a kernel on the server of `name`."""
        home = f"/user/{name}/"
        cookies = [f"{c.name}={c.value}" for c in self.web.cookies if c.path in ("/", home)]
        url = self.address.replace("http", "ws", 1) + f"{home}api/kernels/{kernel}/channels"
        return Kernel(url, "; ".join(cookies), self.address)

    # --- stages ---

    def log_in(self) -> None:
        page = f"{self.address}/hub/login"
        self.web.get(page, timeout=SECONDS)
        form = {"username": self.name, "password": self.code, "_xsrf": self.web.cookies["_xsrf"]}
        reply = self.web.post(page, data=form, params={"next": "/hub/home"}, timeout=SECONDS)
        reply.raise_for_status()
        assert reply.url.endswith("/hub/home"), "was not let in"

    def start(self) -> None:
        """Asks for a server, again where the hub says to wait, until it answers."""
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            reply = self.web.get(f"{self.address}/hub/spawn", timeout=SECONDS)
            if reply.status_code != 429:
                break
            time.sleep(2)
        self.wait_for_server(end)

    def wait_for_server(self, end: float) -> None:
        page = f"{self.address}/user/{self.name}/lab"
        while time.monotonic() < end:
            reply = self.web.get(page, timeout=SECONDS)
            if reply.ok and reply.url.startswith(page):
                return
            time.sleep(1)
        raise TimeoutError(f"the server did not start: {reply.status_code} {reply.url}")

    def open(self) -> None:
        """Opens the notebook and starts its kernel; ready when the kernel has answered."""
        self.notebook = self.server("GET", f"contents/{NOTEBOOK}")["content"]
        session = {"path": NOTEBOOK, "name": "", "type": "notebook", "kernel": {"name": "python3"}}
        self.kernel = self.server("POST", "sessions", session)["kernel"]["id"]
        self.page = self.connect(self.name, self.kernel)

    def fail(self) -> None:
        self.expect("NOT YET", ANSWER.format(WRONG))

    def repair(self) -> None:
        self.expect("PASSED", ANSWER.format(RIGHT))

    def reload(self) -> None:
        """Saves the answer, and opens the notebook as a page that was loaded again does."""
        cell = {"cell_type": "code", "source": f"# {self.name}", "metadata": {}, "outputs": []}
        self.notebook["cells"].append({**cell, "execution_count": None, "id": self.name})
        body = {"type": "notebook", "format": "json", "content": self.notebook}
        self.server("PUT", f"contents/{NOTEBOOK}", body)
        self.page.close()
        found = self.server("GET", f"contents/{NOTEBOOK}")["content"]["cells"]
        assert [cell["source"] for cell in found][-1] == f"# {self.name}"
        assert any(entry["id"] == self.kernel for entry in self.server("GET", "kernels"))
        self.page = self.connect(self.name, self.kernel)
        self.expect("function best_discriminator", "print(best_discriminator)")

    def trespass(self) -> None:
        """Tries the neighbour's server and what only an admin may do; each must be refused."""
        own, other = f"/hub/api/users/{self.name}", f"/user/{self.neighbour}"
        for method, path, body in (
            ("GET", f"{other}/api/contents/{NOTEBOOK}", None),
            ("PUT", f"{other}/api/contents/{NOTEBOOK}", {"type": "file", "content": ""}),
            ("POST", f"{other}/api/kernels", {}),
            ("GET", f"{other}/lab", None),
            ("GET", "/hub/admin", None),
            ("GET", "/hub/api/users", None),
            ("PATCH", own, {"admin": True}),
            ("DELETE", f"/hub/api/users/{self.neighbour}/server", None),
            ("POST", f"{own}/servers/second", {}),
            ("POST", "/hub/api/shutdown", {}),
        ):
            reply = self.ask(method, path, body)
            assert 400 <= reply.status_code < 500, f"{method} {path}: {reply.status_code}"
        try:
            self.connect(self.neighbour, self.kernel)
        except websocket.WebSocketBadStatusException as error:
            assert error.status_code == 403, error
        else:
            raise AssertionError("a websocket to the neighbour's server was opened")

    def die(self) -> None:
        """Ends the kernel."""
        self.page.close()
        self.server("DELETE", f"kernels/{self.kernel}")

    def come_back(self) -> None:
        """A new kernel finds the attempts of the old one, and the exercise passes again."""
        self.open()
        assert self.notebook["cells"][-1]["source"] == f"# {self.name}"
        self.expect("[False, True]", STATE)
        self.expect("PASSED", ANSWER.format(RIGHT))

    # --- beyond the evening ---

    def expect(self, words: str, code: str) -> None:
        said = self.page.run(code)
        assert words in said, f"{words!r} is not in {said!r}"

    def restart(self, wishes: dict) -> None:
        """Stops the own server and asks for a new one with `wishes`."""
        own = f"/hub/api/users/{self.name}/server"
        self.page.close()
        end = time.monotonic() + SECONDS
        self.ask("DELETE", own).raise_for_status()
        while time.monotonic() < end:  # 400 while the old one is stopping
            reply = self.ask("POST", own, wishes)
            if reply.status_code != 400:
                break
            time.sleep(1)
        reply.raise_for_status()
        self.wait_for_server(end)

    def limits(self) -> str:
        """The limits that the own server runs under, in bytes and cores."""
        return self.page.run(LIMITS).strip()

    def read_of_neighbour(self) -> str:
        """What a kernel says that opens the neighbour's notebook on the disk."""
        return self.page.run(READ.format(self.neighbour, NOTEBOOK)).strip()
