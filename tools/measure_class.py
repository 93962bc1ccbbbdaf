"""Measures a class on a real JupyterHub of this machine: simulated learners, HTTP and websockets.

uv run --extra class tools/measure_class.py                 # thirty learners
uv run --extra class tools/measure_class.py --learners 5

Each learner logs in with a code, starts a server, opens the GAN exercises, fails an exercise,
repairs it, passes, saves and reloads, loses the kernel, and comes back. At the end the work and the
progress of everybody are read again. Needs configurable-http-proxy (npm). All servers run as one
system user, so nothing is said here about protection. Writes benchmarks/class.json.
"""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
from _shared import BENCHMARKS, command_line, write_json

from genimg_lib.classroom import capacity, hub
from genimg_lib.classroom.store import Store

NOTEBOOK = "my_exercises/30_gan.ipynb"
WRONG = "real / (real + fake)"
RIGHT = "real_share * real / (real_share * real + (1 - real_share) * fake)"
ANSWER = """from genimg_lib.checks import gan as check
def best_discriminator(real, fake, real_share):
    return {}
check.best_discriminator(best_discriminator)"""
STATE = """from genimg_lib.practice.exercises.attempts import Attempts
print([attempt.passed for attempt in Attempts().read()])"""
SECONDS = 600  # for one step of one learner: a deadlock ends, no machine is judged


class Learner:
    """One simulated learner: a browser's session, a server and a kernel."""

    def __init__(self, address: str, name: str, code: str):
        import requests

        self.address, self.name, self.code = address, name, code
        self.web = requests.Session()
        self.web.trust_env = False

    def server(self, method: str, path: str, body: dict | None = None):
        """A request to the learner's own server; returns what it answers."""
        home = f"/user/{self.name}/"
        token = next((c.value for c in self.web.cookies if (c.name, c.path) == ("_xsrf", home)), "")
        reply = self.web.request(
            method,
            f"{self.address}{home}api/{path}",
            json=body,
            headers={"X-XSRFToken": token},
            timeout=SECONDS,
        )
        reply.raise_for_status()
        return reply.json() if reply.content else None

    def log_in(self) -> None:
        page = f"{self.address}/hub/login"
        self.web.get(page, timeout=SECONDS)
        form = {"username": self.name, "password": self.code, "_xsrf": self.web.cookies["_xsrf"]}
        reply = self.web.post(page, data=form, params={"next": "/hub/home"}, timeout=SECONDS)
        reply.raise_for_status()
        assert reply.url.endswith("/hub/home"), f"{self.name} was not let in"

    def start(self) -> None:
        """Asks for a server, again where the hub says to wait, until it answers."""
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            reply = self.web.get(f"{self.address}/hub/spawn", timeout=SECONDS)
            if reply.status_code != 429:
                break
            time.sleep(2)
        while time.monotonic() < end:
            reply = self.web.get(f"{self.address}/user/{self.name}/lab", timeout=SECONDS)
            if reply.ok and reply.url.startswith(f"{self.address}/user/{self.name}/lab"):
                return
            time.sleep(1)
        raise TimeoutError(f"the server of {self.name} did not start")

    def open(self) -> None:
        self.notebook = self.server("GET", f"contents/{NOTEBOOK}")["content"]
        session = {"path": NOTEBOOK, "name": "", "type": "notebook", "kernel": {"name": "python3"}}
        self.kernel = self.server("POST", "sessions", session)["kernel"]["id"]

    def fail(self) -> None:
        assert "NOT YET" in self.run(ANSWER.format(WRONG))

    def repair(self) -> None:
        assert "PASSED" in self.run(ANSWER.format(RIGHT))

    def reload(self) -> None:
        """Saves the answer, and opens the notebook as a page that was loaded again does."""
        cell = {"cell_type": "code", "source": f"# {self.name}", "metadata": {}, "outputs": []}
        self.notebook["cells"].append({**cell, "execution_count": None, "id": self.name})
        body = {"type": "notebook", "format": "json", "content": self.notebook}
        self.server("PUT", f"contents/{NOTEBOOK}", body)
        found = self.server("GET", f"contents/{NOTEBOOK}")["content"]["cells"]
        assert [cell["source"] for cell in found][-1] == f"# {self.name}"
        assert any(entry["id"] == self.kernel for entry in self.server("GET", "kernels"))

    def die(self) -> None:
        """Ends the kernel, and asks the server for a new one."""
        self.server("DELETE", f"kernels/{self.kernel}")

    def come_back(self) -> None:
        """A new kernel finds the attempts of the old one, and the exercise passes again."""
        self.open()
        assert self.notebook["cells"][-1]["source"] == f"# {self.name}"
        assert "[False, True]" in self.run(STATE)
        assert "PASSED" in self.run(ANSWER.format(RIGHT))

    def run(self, code: str) -> str:
        """All that a cell prints or raises, over a websocket."""
        import websocket

        url = self.address.replace("http", "ws") + f"/user/{self.name}/api/kernels/{self.kernel}"
        home = f"/user/{self.name}/"
        cookies = "; ".join(
            f"{c.name}={c.value}" for c in self.web.cookies if c.path in ("/", home)
        )
        socket_ = websocket.create_connection(
            f"{url}/channels", cookie=cookies, timeout=SECONDS, http_no_proxy=["127.0.0.1"]
        )
        number = uuid.uuid4().hex
        header = {
            "msg_id": number,
            "msg_type": "execute_request",
            "username": "",
            "session": number,
        }
        content = {"code": code, "silent": False, "store_history": True, "stop_on_error": False}
        message = {"header": {**header, "version": "5.3"}, "parent_header": {}, "metadata": {}}
        socket_.send(json.dumps({**message, "content": content, "channel": "shell"}))
        said = []
        while True:
            reply = json.loads(socket_.recv())
            if reply["parent_header"].get("msg_id") != number:
                continue
            found = reply["content"]
            said += [found.get("text", ""), *found.get("traceback", ())]
            if reply["msg_type"] == "status" and found["execution_state"] == "idle":
                socket_.close()
                return "\n".join(said)


STAGES = ("log_in", "start", "open", "fail", "repair", "reload", "die", "come_back")


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def memory(process: psutil.Process) -> tuple[int, float]:
    """Memory of a process and all below it, without what they share (bytes), and CPU-seconds."""
    private, seconds = 0, 0.0
    for one in [process, *process.children(recursive=True)]:
        try:
            private += one.memory_full_info().uss
            seconds += sum(one.cpu_times()[:2])
        except psutil.Error:
            continue
    return private, seconds


def measure(folder: Path, count: int) -> dict:
    """Starts a hub in `folder` and lets the class work; returns the figures."""
    store, _, codes = Store.create(folder / "class.db", count)
    store.close()
    port = free_port()
    found = capacity.capacity(*capacity.machine(), count)
    config = hub.configure(folder, found, spawner="simple", port=port)
    text = config.read_text()
    for fixed in ("8081", "8001"):
        text = text.replace(f":{fixed}", f":{free_port()}")
    if os.geteuid() == 0:  # in a container
        text += '\nc.Spawner.args = ["--allow-root"]\n'
    config.write_text(text)
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "jupyterhub", "-f", str(config)],
            cwd=folder,
            stdout=log,
            stderr=log,
            env={**os.environ, "GENIMG_PROGRESS": ""},
        )
    try:
        address = f"http://127.0.0.1:{port}"
        wait_for(server, folder / "log")
        names = [hub.username_of(number) for number in range(1, count + 1)]
        learners = [Learner(address, name, code) for name, code in zip(names, codes, strict=True)]
        return work(learners, psutil.Process(server.pid))
    finally:
        server.terminate()
        server.wait(60)


def wait_for(server: subprocess.Popen, log: Path) -> None:
    while not re.search("JupyterHub is now running", log.read_text()):
        if server.poll() is not None:
            raise OSError(f"JupyterHub ended:\n{log.read_text()[-2000:]}")
        time.sleep(0.5)


def work(learners: list[Learner], process: psutil.Process) -> dict:
    """Every stage, by all learners at once; ends at the first that does not succeed."""
    stages = {}
    for stage in STAGES:
        before = memory(process)[1]
        began = time.monotonic()
        with ThreadPoolExecutor(len(learners)) as pool:
            list(pool.map(lambda learner, stage=stage: getattr(learner, stage)(), learners))
        seconds = time.monotonic() - began
        private, after = memory(process)
        stages[stage] = {
            "seconds": round(seconds, 1),
            "cpu_seconds": round(max(0.0, after - before), 1),
            "private_gb": round(private / 1e9, 2),
        }
        print(stage, stages[stage], flush=True)
    return {"learners": len(learners), "cores": capacity.machine()[1], "stages": stages}


def main() -> None:
    parser = command_line(__doc__)
    parser.add_argument("--learners", type=int, default=30)
    chosen = parser.parse_args()
    if not shutil.which("configurable-http-proxy"):
        parser.error("JupyterHub needs: npm install -g configurable-http-proxy")
    folder = Path(tempfile.mkdtemp(prefix="genimg-class-"))
    try:
        write_json(BENCHMARKS / "class.json", measure(folder, chosen.learners))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
