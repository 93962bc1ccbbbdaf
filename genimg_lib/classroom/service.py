"""The service of a class: a few addresses on one port, of this machine unless told otherwise.

Learners send with the token that they were given for their code, the teacher reads with another
one. A token travels in a header, never in an address, which logs would keep.
"""

import asyncio
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path

import tornado.httpserver
import tornado.netutil
import tornado.web

from genimg_lib.classroom import summary
from genimg_lib.classroom.store import HAND_IN_BYTES, Learner, Refused, Store

EVENT_BYTES = 100_000  # of a request that is no hand-in
RATE = 2.0  # requests a second from one sender, after a burst
BURST = 60.0
ATTEMPTS = 0.5  # unknown codes and tokens a second from one address, after a burst
ATTEMPT_BURST = 60.0  # a whole room may share one address
PAGE = Path(__file__).with_name("page.html")
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


class Buckets:
    """How much each sender may still ask: `burst` at once, then `rate` a second."""

    def __init__(self, rate: float, burst: float, clock: Callable[[], float] = time.monotonic):
        self._rate, self._burst, self._clock = rate, burst, clock
        self._level: dict[object, tuple[float, float]] = {}

    def allows(self, sender) -> bool:
        """Whether one more request is within the limit; counts it if so."""
        moment = self._clock()
        level, before = self._level.get(sender, (self._burst, moment))
        level = min(self._burst, level + self._rate * (moment - before))
        self._level[sender] = (level - 1 if level >= 1 else level, moment)
        return level >= 1

    def exhausted(self, sender) -> bool:
        """Whether nothing is left; counts nothing."""
        level, before = self._level.get(sender, (self._burst, self._clock()))
        return level + self._rate * (self._clock() - before) < 1


class _Handler(tornado.web.RequestHandler):
    """What all addresses share: headers, tokens, limits, and JSON bodies."""

    def initialize(self, store: Store, requests: Buckets, attempts: Buckets):
        self.store, self._requests, self._attempts = store, requests, attempts

    def set_default_headers(self):
        self.clear_header("Server")
        for name, value in HEADERS.items():
            self.set_header(name, value)

    def write_error(self, status_code: int, **_):
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish(HTTPStatus(status_code).phrase)

    def token(self) -> str:
        return self.request.headers.get("Authorization", "").removeprefix("Bearer ")

    def unknown(self) -> None:
        """Counts a wrong code or token, so that nobody can guess one."""
        self._attempts.allows(self.request.remote_ip)
        self.refuse(HTTPStatus.UNAUTHORIZED, "the token or code is not valid")

    def guarded(self) -> None:
        if self._attempts.exhausted(self.request.remote_ip):
            self.refuse(HTTPStatus.TOO_MANY_REQUESTS, "too many wrong codes from here")

    def learner(self) -> Learner:
        """Who sends; ends the request for an unknown token or one that asks too much."""
        self.guarded()
        found = self.store.learner(self.token())
        if found is None:
            self.unknown()
        if not self._requests.allows(found.number):
            self.refuse(HTTPStatus.TOO_MANY_REQUESTS, "too many requests")
        return found

    def teacher(self) -> None:
        self.guarded()
        if not self.store.is_teacher(self.token()):
            self.unknown()

    def body(self, limit: int = EVENT_BYTES) -> dict:
        if len(self.request.body) > limit:
            self.refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"at most {limit:,} bytes")
        try:
            found = json.loads(self.request.body)
        except (UnicodeDecodeError, ValueError, RecursionError):
            found = None
        if not isinstance(found, dict):
            self.refuse(HTTPStatus.BAD_REQUEST, "the body is no JSON object")
        return found

    def refuse(self, status: HTTPStatus, why: str) -> None:
        self.set_status(status)
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish(why)
        raise tornado.web.Finish

    def kept(self, work: Callable, *arguments):
        """Calls the store; what it refuses is answered with 400."""
        try:
            return work(*arguments)
        except Refused as error:
            self.refuse(HTTPStatus.BAD_REQUEST, str(error))


class _Join(_Handler):
    def post(self):
        self.guarded()
        body = self.body()
        try:
            token = self.store.claim(body.get("code", ""), body.get("pseudonym", ""))
        except Refused as error:
            self._attempts.allows(self.request.remote_ip)
            self.refuse(HTTPStatus.FORBIDDEN, str(error))
        self.finish({"token": token})


class _Events(_Handler):
    def post(self):
        learner = self.learner()
        new = self.kept(self.store.add_events, learner, self.body().get("events"))
        self.finish({"new": new})


class _HandIn(_Handler):
    def post(self):
        learner = self.learner()
        # JSON may need six characters for one of the notebook
        body = self.body(HAND_IN_BYTES * 2)
        self.kept(self.store.add_hand_in, learner, body.get("notebook"), body.get("content"))
        self.finish({"kept": True})


class _Mine(_Handler):
    """What the server keeps of whoever asks."""

    def get(self):
        learner = self.learner()
        events = self.store.events(learner)
        self.finish({"csv": summary.as_csv([learner], events)})


class _Leave(_Handler):
    def post(self):
        self.store.forget(self.learner())
        self.finish({"deleted": True})


class _View(_Handler):
    def initialize(self, of: Callable[..., dict], **shared):
        super().initialize(**shared)
        self._of = of

    def get(self):
        self.teacher()
        store = self.store
        found = self._of(store.learners(), store.events(), store.size(), datetime.now(UTC))
        self.finish(found)


class _Export(_Handler):
    def get(self):
        self.teacher()
        self.set_header("Content-Type", "text/csv; charset=utf-8")
        self.finish(summary.as_csv(self.store.learners(), self.store.events()))


class _File(_Handler):
    """The page, its script and its style. They hold no data, so whoever asks gets them."""

    def initialize(self, name: str, kind: str, **shared):
        super().initialize(**shared)
        self._path, self._kind = PAGE.with_name(name), kind

    def get(self):
        self.set_header("Content-Type", f"{self._kind}; charset=utf-8")
        self.finish(self._path.read_text(encoding="utf-8"))


def application(store: Store) -> tornado.web.Application:
    """The addresses of a class."""
    shared = {
        "store": store,
        "requests": Buckets(RATE, BURST),
        "attempts": Buckets(ATTEMPTS, ATTEMPT_BURST),
    }
    files = {
        "/": ("page.html", "text/html"),
        "/page.js": ("page.js", "text/javascript"),
        "/page.css": ("page.css", "text/css"),
    }
    return tornado.web.Application(
        [
            ("/join", _Join, shared),
            ("/events", _Events, shared),
            ("/hand-in", _HandIn, shared),
            ("/mine", _Mine, shared),
            ("/leave", _Leave, shared),
            ("/view", _View, shared | {"of": summary.view}),
            ("/projector", _View, shared | {"of": summary.projector}),
            ("/export.csv", _Export, shared),
            *(
                (address, _File, shared | {"name": name, "kind": kind})
                for address, (name, kind) in files.items()
            ),
        ],
        log_function=lambda handler: None,  # no address of a learner on the disk
    )


async def serve(
    store: Store, address: str, port: int, ready: Callable[[int], None], stop: asyncio.Event
) -> None:
    """Serves until `stop` is set; `ready` gets the port, which the system chooses for port 0."""
    sockets = tornado.netutil.bind_sockets(port, address)
    server = tornado.httpserver.HTTPServer(
        application(store), max_body_size=HAND_IN_BYTES * 2, idle_connection_timeout=60
    )
    server.add_sockets(sockets)
    ready(sockets[0].getsockname()[1])
    try:
        await stop.wait()
    finally:
        server.stop()
        await server.close_all_connections()
