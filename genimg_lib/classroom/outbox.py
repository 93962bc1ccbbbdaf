"""A learner's side of a class: who is asked, what is sent, and how nothing is lost or delayed.

Nothing is sent before `join` was called, which the command `genimg join` does after a yes. Every
event is a file of its own in the learner's private folder until the server has confirmed it. A
thread sends them, and tries again later when the server or the network is gone. The number of an
event is made here once, so that the server knows one that comes twice.
"""

import contextlib
import json
import os
import threading
import uuid
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import ProxyHandler, Request, build_opener

from genimg_lib.classroom import mistakes
from genimg_lib.practice.journal import private_path

FIELDS = {
    "pseudonym": "the name that you choose; it need not be yours",
    "exercise": "which exercise a check was about",
    "verdict": "passed or not yet",
    "mistake": "the key of the sentence that the checker told, no number and no code of yours",
    "when": "the time of the check",
}
"""All that a check sends, and nothing else does; consent is asked for exactly these."""

ADDRESS_VARIABLE = "GENIMG_CLASS"  # set on a class server
TIMEOUT = 5.0  # seconds for one request
PAUSES = (2.0, 5.0, 15.0, 60.0)  # seconds between tries; the last one stays
BATCH = 100  # events in one request
LIMIT = 5000  # events that wait on the disk; a server that never comes back fills no disk


@dataclass(frozen=True)
class Membership:
    """A class that a learner has joined; `token` proves to its server who sends."""

    address: str
    pseudonym: str
    token: str


def folder() -> Path:
    """Where the membership and the waiting events lie."""
    return private_path("class").with_suffix("")


def membership() -> Membership | None:
    """The class that this learner has joined, or None."""
    try:
        entry = json.loads((folder() / "membership.json").read_text(encoding="utf-8"))
        return Membership(**entry)
    except (OSError, TypeError, ValueError):
        return None


def join(address: str, code: str, pseudonym: str) -> Membership:
    """Claims a code at the server of a class, and remembers the class.

    Raises ValueError with the server's words if it refuses, OSError if it cannot be reached.
    """
    address = checked_address(address)
    reply = request(address, "/join", {"code": code, "pseudonym": pseudonym})
    joined = Membership(address, pseudonym, reply["token"])
    place = folder()
    place.mkdir(parents=True, exist_ok=True)
    path = place / "membership.json"
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(asdict(joined), file)
    return joined


def leave() -> bool:
    """Ends sending at once, throws away what waits, and asks the server to delete the rest.

    Returns whether the server did.
    """
    joined = membership()
    for path in (folder() / "membership.json", *waiting()):
        path.unlink(missing_ok=True)
    try:
        return joined is not None and bool(request(joined.address, "/leave", {}, joined.token))
    except (OSError, ValueError):
        return False


def tell(exercise: str, passed: bool, feedback: str = "", crash: str = "") -> None:
    """Puts the outcome of a check into the queue, if a class was joined, and wakes the sender.

    Nothing that goes wrong here reaches the check.
    """
    with contextlib.suppress(Exception):
        if membership() is None:
            return
        event = {
            "id": uuid.uuid4().hex,
            "exercise": exercise,
            "verdict": "passed" if passed else "not yet",
            "mistake": "" if passed else mistakes.key(exercise, feedback, crash),
            "when": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        if len(waiting()) < LIMIT:
            _write(event)
        _sender.wake()


def waiting() -> list[Path]:
    """The events that the server has not confirmed, oldest first."""
    return sorted(folder().glob("*.event.json"))


def send_waiting() -> int:
    """Sends what waits; returns how many events were confirmed.

    Raises OSError where the server cannot be reached or asks to wait. What the server refuses for
    good is thrown away: it would block what comes after it.
    """
    joined = membership()
    if joined is None:
        return 0
    sent = 0
    paths = waiting()
    for start in range(0, len(paths), BATCH):
        sent += _send(joined, paths[start : start + BATCH])
    return sent


def _send(joined: Membership, paths: list[Path]) -> int:
    """Sends some events, one by one if the server refuses them together."""
    events = [event for path in paths if (event := _read(path))]
    try:
        request(joined.address, "/events", {"events": events}, joined.token)
    except ValueError as error:
        if not str(error).startswith(f"{HTTPStatus.BAD_REQUEST}:"):
            raise OSError(str(error)) from None  # such as a code that the teacher renewed
        if len(paths) > 1:
            return sum(_send(joined, [path]) for path in paths)
        events = []
    for path in paths:
        path.unlink(missing_ok=True)
    return len(events)


def hand_in(notebook: Path) -> None:
    """Sends one notebook, code and all, because the learner asked for it.

    Raises ValueError without a class or with the server's refusal, OSError without a server.
    """
    joined = membership()
    if joined is None:
        raise ValueError("you have joined no class; begin with: genimg join ADDRESS CODE")
    content = notebook.read_text(encoding="utf-8")
    body = {"notebook": notebook.stem, "content": content}
    request(joined.address, "/hand-in", body, joined.token)


def checked_address(address: str) -> str:
    """An address of a server, `http://host:port`; ValueError for anything else."""
    address = address if "://" in address else f"http://{address}"
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"{address!r} is no address of a class; one is http://192.168.1.10:8901")
    return address.rstrip("/")


def request(address: str, path: str, body: dict | None = None, token: str = "") -> dict:
    """One request to the server of a class: a POST of `body`, or a GET without one.

    Raises ValueError with the server's refusal, OSError if it cannot be reached, or not now.
    """
    headers = {"Content-Type": "application/json"}
    headers |= {"Authorization": f"Bearer {token}"} if token else {}
    data = None if body is None else json.dumps(body).encode()
    asked = Request(address + path, data, headers)
    try:
        with _opener.open(asked, timeout=TIMEOUT) as reply:
            return json.loads(reply.read(10_000_000))
    except HTTPError as error:
        if error.code == HTTPStatus.TOO_MANY_REQUESTS or error.code >= 500:
            raise OSError(f"the server of the class says: {error.code}") from None
        with error:
            said = error.read(1000).decode(errors="replace").strip()
        raise ValueError(f"{error.code}: {said}") from None


# No proxy: the server of a class stands in the same room.
_opener = build_opener(ProxyHandler({}))


def _write(event: dict) -> None:
    """Writes an event as a whole, named so that the oldest comes first."""
    stamp = datetime.now(UTC).strftime("%Y%m%d%H%M%S%f")
    path = folder() / f"{stamp}-{event['id']}.event.json"
    half = path.with_suffix(".half")
    half.write_text(json.dumps(event), encoding="utf-8")
    half.replace(path)


def _read(path: Path) -> dict | None:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):  # another process has sent it, or the disk has damaged it
        return None


class _Sender:
    """The thread that sends. It begins with the first event, and ends with the process."""

    def __init__(self):
        self._news = threading.Event()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def wake(self) -> None:
        self._news.set()
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, daemon=True)
                self._thread.start()

    def _run(self) -> None:
        failures = 0
        while True:
            self._news.wait(PAUSES[min(failures, len(PAUSES)) - 1] if failures else None)
            self._news.clear()
            try:
                send_waiting()
                failures = 0
            except Exception:
                failures += 1


_sender = _Sender()
