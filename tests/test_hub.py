"""Learners on a running JupyterHub: what they may not do, and a protocol that loses nothing.

The hub needs the extra `class` and the program configurable-http-proxy; see docs/class.md.
"""

import importlib.util
import json
import shutil
from urllib.error import HTTPError
from urllib.request import ProxyHandler, Request, build_opener

import pytest
from authors_tools import tool

simulated = tool("_learner")
PROXY = shutil.which("configurable-http-proxy") and importlib.util.find_spec("jupyterhub")
OWN_LIMITS = {"mem_limit": 10**12, "cpu_limit": 64.0, "environment": {"MEM_LIMIT": "1"}}


class Wire:
    """Stands for a websocket: what a server says, message by message.

    `answers` maps the type of a request to what each request of it causes in turn, the last again
    and again: messages of (type, content, whether they answer this page or another one).
    """

    def __init__(self, **answers):
        self.answers, self.waiting, self.sent = answers, [], []

    def send(self, text):
        header = json.loads(text)["header"]
        self.sent.append(header["msg_type"])
        turns = self.answers[header["msg_type"]]
        for kind, content, mine in turns.pop(0) if len(turns) > 1 else turns[0]:
            parent = {"msg_id": header["msg_id"] if mine else "of another page"}
            self.waiting.append({"msg_type": kind, "content": content, "parent_header": parent})

    def recv(self):
        if not self.waiting:
            raise simulated.websocket.WebSocketTimeoutException
        message = self.waiting.pop(0)
        return json.dumps(message) if message["msg_type"] != "closed" else ""

    def settimeout(self, seconds):
        pass

    def close(self):
        pass


REPLY = ("kernel_info_reply", {}, True)
IDLE = ("status", {"execution_state": "idle"}, True)
SAID = [
    ("stream", {"text": "not for this page"}, False),
    (*IDLE[:2], False),
    ("stream", {"text": "1"}, True),
    ("execute_reply", {}, True),
    ("stream", {"text": "2"}, True),
    IDLE,
]


def kernel(monkeypatch, *wires):
    """A kernel whose connections are these, one after the other."""
    left = list(wires)
    monkeypatch.setattr(simulated.websocket, "create_connection", lambda *_, **__: left.pop(0))
    monkeypatch.setattr(simulated.time, "sleep", lambda _: None)
    return simulated.Kernel("ws://nowhere", "", "http://nowhere")


def test_code_is_sent_once_and_after_the_kernel_has_answered(monkeypatch):
    """The first connection closes, as that of a kernel that is slow to start."""
    closed = Wire(kernel_info_request=[[("closed", {}, True)]])
    wire = Wire(kernel_info_request=[[REPLY, IDLE]], execute_request=[SAID])
    assert kernel(monkeypatch, closed, wire).run("print(1, 2)").split() == ["1", "2"]
    assert closed.sent == ["kernel_info_request"]
    assert wire.sent == ["kernel_info_request"] * 2 + ["execute_request"]


def test_a_kernel_is_asked_again_until_both_channels_work(monkeypatch):
    """A reply alone does not show that outputs arrive: their channel is another one."""
    wire = Wire(kernel_info_request=[[], [REPLY], [REPLY], [IDLE]])
    kernel(monkeypatch, wire)
    assert wire.sent == ["kernel_info_request"] * 4


def test_an_output_that_does_not_end_is_told(monkeypatch):
    wire = Wire(kernel_info_request=[[REPLY, IDLE]], execute_request=[SAID[:-1]])
    page = kernel(monkeypatch, wire)
    with pytest.raises(TimeoutError, match=r"^idle did not come .*'1', '', '2'"):
        page.run("print(1, 2)")


def test_a_failure_names_learner_and_stage():
    class Unlucky:
        name = "learner-07"

        def repair(self):
            raise TimeoutError("idle did not come")

    with pytest.raises(RuntimeError, match="learner-07, repair: TimeoutError: idle did not come"):
        tool("measure_class").all_at_once([Unlucky()], "repair")


# --- a real hub -----------------------------------------------------------------------------------

on_a_hub = pytest.mark.skipif(not PROXY, reason="no JupyterHub or no configurable-http-proxy")


@pytest.fixture(scope="module")
def room(tmp_path_factory):
    """Two learners with a notebook open."""
    measuring = tool("measure_class")
    with measuring.running(tmp_path_factory.mktemp("class"), 2) as room:
        for stage in ("log_in", "start", "open"):
            measuring.all_at_once(room.learners, stage)
        yield room


@pytest.mark.slow
@on_a_hub
def test_a_learner_cannot_enter_the_neighbours_server(room):
    first, second = room.learners
    path = f"/user/{second.name}/api/contents/{simulated.NOTEBOOK}"
    assert second.ask("GET", path).ok  # the same question of the owner is answered
    first.kernel, mine = second.kernel, first.kernel  # a guess that is right
    first.trespass()
    first.kernel = mine
    assert second.page.run("print(6 * 7)").strip() == "42"
    assert second.server("GET", f"contents/{simulated.NOTEBOOK}")["content"] == second.notebook


@pytest.mark.slow
@on_a_hub
def test_a_learner_cannot_read_the_teachers_page(room):
    web = build_opener(ProxyHandler({}))

    def status(path, token, body=None):
        data = json.dumps(body).encode() if body else None
        asked = Request(room.teachers_page + path, data, {"Authorization": f"Bearer {token}"})
        try:
            with web.open(asked) as reply:
                return reply.status, json.load(reply)
        except HTTPError as error:
            return error.code, None

    first = room.learners[0]
    _, joined = status("/join", "", {"code": first.code, "pseudonym": "Ada"})
    for token in ("", first.code, joined["token"]):
        assert status("/view", token)[0] in (401, 403)
    assert status("/view", room.teacher)[0] == 200


@pytest.mark.slow
@on_a_hub
def test_no_other_kernel_can_take_the_port_of_a_kernel(room):
    for learner in room.learners:
        learner.expect(
            "ipc", "from ipykernel.connect import get_connection_info as about; print(about())"
        )


@pytest.mark.slow
@on_a_hub
def test_a_learner_cannot_raise_a_limit(room):
    learner = room.learners[0]
    before = learner.limits()
    assert all(float(word) > 0 for word in before.split()) and len(before.split()) == 2
    learner.restart(OWN_LIMITS)
    learner.open()
    assert learner.limits() == before
