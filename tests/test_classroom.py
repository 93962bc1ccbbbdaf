"""A class: what leaves a learner's machine, what the server keeps, and who may read it."""

import asyncio
import json
import os
import re
import shutil
import threading
import uuid
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path

import pytest
from authors_tools import tool
from tiny_exercises import notebook

from genimg_lib.checks import gan
from genimg_lib.classroom import capacity, hub, kubernetes, mistakes, outbox, service, summary
from genimg_lib.classroom.store import Event, Learner, Refused, Store
from genimg_lib.practice.exercises import catalogue

ROOT = Path(__file__).parents[1]
NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


class Room:
    """A class with its server on this machine."""

    def __init__(self, folder, learners=30):
        self.store, self.teacher, self.codes = Store.create(folder / "class.db", learners)
        self.port = 0

    @property
    def address(self):
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self):
        up = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._stop = asyncio.Event()

        def ready(port):
            self.port = port
            up.set()

        work = service.serve(self.store, "127.0.0.1", self.port, ready, self._stop)
        self._thread = threading.Thread(target=self._loop.run_until_complete, args=[work])
        self._thread.start()
        up.wait()
        return self

    def __exit__(self, *_):
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()
        self._loop.close()

    def ask(self, method, path, body=None, token="", raw=None):
        """(status, text) of one request."""
        connection = HTTPConnection("127.0.0.1", self.port)
        data = raw if raw is not None else None if body is None else json.dumps(body)
        connection.request(method, path, data, {"Authorization": f"Bearer {token}"})
        reply = connection.getresponse()
        text = reply.read().decode()
        connection.close()
        return reply.status, text

    def join(self, number, name=None):
        name = name or f"learner {number:02}"
        body = {"code": self.codes[number], "pseudonym": name}
        return json.loads(self.ask("POST", "/join", body)[1])["token"]

    def view(self, path="/view"):
        return json.loads(self.ask("GET", path, token=self.teacher)[1])


@pytest.fixture
def room(tmp_path):
    with Room(tmp_path) as room:
        yield room


@pytest.fixture
def work(tmp_path, monkeypatch):
    """A learner's own folder, in which checks count; the thread that sends does nothing."""
    folder = tmp_path / "my_exercises"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("GENIMG_PROGRESS", str(tmp_path / "progress"))
    monkeypatch.setattr(outbox._sender, "wake", lambda: None)
    return folder


def event(exercise="gan_losses", mistake=None, **fields):
    mistake = f"{exercise}-0123abcd" if mistake is None else mistake
    return {
        "id": uuid.uuid4().hex,
        "exercise": exercise,
        "verdict": "not yet" if mistake else "passed",
        "mistake": mistake,
        "when": datetime.now(UTC).isoformat(),
        **fields,
    }


# --- keys -----------------------------------------------------------------------------------------


def test_a_key_does_not_depend_on_the_numbers_of_an_answer():
    """Two wrong answers of one kind with other numbers are told other numbers, and get one key."""
    told = [
        gan.best_discriminator.verdict(lambda real, fake, share, by=by: by + 0 * real).feedback
        for by in (0.25, 0.125)
    ]
    assert told[0] != told[1]
    keys = {mistakes.key("best_discriminator", feedback) for feedback in told}
    assert len(keys) == 1
    assert not re.search("25", mistakes.canonical("best_discriminator", told[0]))


def test_other_sentences_have_other_keys():
    first, second = "the labels are exchanged", "is for equal shares"
    found = [
        text
        for text, *more in mistakes.texts(mistakes._sources("gan_losses"))
        if not more and (first in text or second in text)
    ]
    assert len({mistakes.key("gan_losses", text) for text in found}) == len(found) > 1


def test_a_crash_is_named_by_a_built_in_exception_and_nothing_else():
    class MyPassword(Exception):
        pass

    def failing(error):
        def answer(*_):
            raise error

        return answer

    for error, kind in ((KeyError("secret"), "KeyError"), (MyPassword("secret"), "Other")):
        verdict = gan.best_discriminator.verdict(failing(error))
        assert mistakes.key("x", verdict.feedback, verdict.crash) == f"x-crash_{kind}"


def test_an_unknown_sentence_has_a_key_without_a_word_of_it():
    assert mistakes.key("gan_losses", "my secret 42") == "gan_losses-other"


def test_the_committed_list_agrees_with_its_keys():
    assert len(mistakes.known()) > 300
    texts = set()
    for key, mistake in mistakes.known().items():
        assert mistakes.KEY.fullmatch(key)
        assert key == f"{mistake.exercise}-{mistakes.digest(mistake.feedback)}"
        assert mistake.names and mistake.feedback
        texts.add((mistake.exercise, mistake.feedback))
    assert len(texts) == len(mistakes.known())


@pytest.mark.parametrize("exercise", ["best_discriminator", "value_of_the_game", "three_runs"])
def test_the_committed_list_is_what_the_checkers_tell(exercise):
    """Whoever rewrites a sentence runs tools/build_mistakes.py again."""
    import importlib

    module = importlib.import_module(f"answers.gan.{exercise}")
    many = getattr(module, "MANY", False)
    checker = getattr(gan, exercise)
    for given in module.GIVEN:
        if given.fragment:
            verdict = checker.verdict(*(given.answer if many else (given.answer,)))
            key = mistakes.key(exercise, verdict.feedback, verdict.crash)
            if not verdict.crash and not key.endswith("-other"):
                assert given.name.replace("_", " ") in mistakes.known()[key].names


# --- what leaves a learner's machine --------------------------------------------------------------


def wrong(real, fake, real_share):
    return real / (real + fake)


def check(answer):
    try:
        gan.best_discriminator(answer)
    except Exception as error:
        return str(error)


def test_nothing_is_written_or_sent_without_consent(work, monkeypatch):
    monkeypatch.setattr(outbox, "request", lambda *_: pytest.fail("something was sent"))
    check(wrong)
    assert not outbox.folder().exists()
    assert outbox.send_waiting() == 0


def test_a_check_sends_the_fields_that_consent_names_and_no_other(work, room):
    outbox.join(room.address, room.codes[0], "Ada")
    check(wrong)
    (path,) = outbox.waiting()
    sent = json.loads(path.read_text())
    assert set(sent) | {"pseudonym"} == set(outbox.FIELDS) | {"id"}
    assert outbox.send_waiting() == 1
    (learner,) = room.view()["learners"]
    assert learner["name"] == "Ada" and learner["exercise"] == "best_discriminator"
    assert "is for equal shares" in room.view()["mistakes"][0]["say"]
    assert b"real / (real + fake)" not in room.store.path.read_bytes()


def test_only_work_in_the_own_folder_counts(work, room, monkeypatch, tmp_path):
    outbox.join(room.address, room.codes[0], "Ada")
    monkeypatch.chdir(tmp_path)
    check(wrong)
    assert not outbox.waiting()


def test_what_happens_without_a_server_is_sent_later_and_once(work, tmp_path, capsys):
    room = Room(tmp_path)
    with room:
        outbox.join(room.address, room.codes[0], "Ada")
    assert "NOT YET" in check(wrong)
    with pytest.raises(OSError):
        outbox.send_waiting()
    (path,) = outbox.waiting()
    copy = shutil.copy(path, tmp_path / path.name)
    with room:
        assert outbox.send_waiting() == 1
        shutil.copy(copy, path)  # the confirmation was lost: it is sent again
        outbox.send_waiting()
        assert not outbox.waiting()
        assert len(room.store.events()) == 1


def test_a_server_that_never_answers_does_not_delay_a_check(work, monkeypatch):
    """The thread that waits is another one: it is still waiting when the check is over."""
    monkeypatch.undo()
    monkeypatch.chdir(work)
    monkeypatch.setenv("GENIMG_PROGRESS", str(work.parent / "progress"))
    asked, release = threading.Event(), threading.Event()

    def silent(*_):
        asked.set()
        release.wait()
        raise OSError

    monkeypatch.setattr(outbox, "request", silent)
    monkeypatch.setattr(outbox, "_sender", outbox._Sender())
    outbox.folder().mkdir(parents=True)
    membership = {"address": "http://x", "pseudonym": "Ada", "token": "t"}
    (outbox.folder() / "membership.json").write_text(json.dumps(membership))
    report = check(wrong)
    assert "NOT YET" in report and asked.wait() and not release.is_set()
    assert len(outbox.waiting()) == 1
    (outbox.folder() / "membership.json").unlink()
    release.set()


@pytest.mark.parametrize("broken", ["membership", "key"])
def test_no_fault_of_the_class_reaches_a_check(work, monkeypatch, broken):
    def fail(*_):
        raise RuntimeError("broken")

    expected = check(wrong)
    monkeypatch.setattr(outbox, "membership", fail if broken == "membership" else lambda: True)
    monkeypatch.setattr(mistakes, "key", fail)
    assert check(wrong) == expected


def test_an_event_that_the_server_refuses_does_not_hold_up_the_others(work, room):
    outbox.join(room.address, room.codes[0], "Ada")
    check(wrong)
    outbox._write({**event(), "code": "print(1)"})
    check(wrong)
    assert outbox.send_waiting() == 2
    assert not outbox.waiting()


def test_leaving_deletes_here_and_there(work, room):
    outbox.join(room.address, room.codes[0], "Ada")
    check(wrong)
    outbox.send_waiting()
    check(wrong)
    assert outbox.leave()
    assert outbox.membership() is None and not outbox.waiting()
    assert not room.store.events() and not room.store.learners()
    assert b"Ada" not in room.store.path.read_bytes()


def test_code_leaves_with_a_hand_in_only(work, room):
    notebook = work / "30_gan.ipynb"
    notebook.write_text('{"cells": []}')
    with pytest.raises(ValueError, match="joined no class"):
        outbox.hand_in(notebook)
    outbox.join(room.address, room.codes[0], "Ada")
    assert not room.store.hand_ins()
    outbox.hand_in(notebook)
    ((learner, name, content),) = room.store.hand_ins()
    assert (learner.pseudonym, name, content) == ("Ada", "30_gan", '{"cells": []}')


# --- who may do what ------------------------------------------------------------------------------


def test_a_learner_reads_nothing_of_others_and_not_the_teachers_pages(room):
    ada, bob = room.join(0, "Ada"), room.join(1, "Bob")
    room.ask("POST", "/events", {"events": [event("two_steps")]}, bob)
    for path in ("/view", "/projector", "/export.csv"):
        for token in (ada, "", "x", room.codes[0]):
            status, text = room.ask("GET", path, token=token)
            assert status == 401 and "Bob" not in text and "two_steps" not in text
    mine = room.ask("GET", "/mine", token=ada)[1]
    assert "two_steps" not in mine and "Bob" not in mine
    assert "two_steps" in room.ask("GET", "/mine", token=bob)[1]
    assert room.ask("GET", "/mine", token=room.teacher)[0] == 401


def test_nobody_sends_as_somebody_else(room):
    ada, bob = room.join(0, "Ada"), room.join(1, "Bob")
    forged = {**event(), "learner": 2}
    assert room.ask("POST", "/events", {"events": [forged]}, ada)[0] == 400
    room.ask("POST", "/events", {"events": [event()], "learner": 2, "token": bob}, ada)
    assert [entry.learner for entry in room.store.events()] == [1]
    again = {"code": room.codes[1], "pseudonym": "Bob"}
    assert room.ask("POST", "/join", again)[0] == 403  # a code is claimed once
    same_id = room.store.events()[0]
    assert same_id.learner == 1
    room.store.renew(2)
    assert room.ask("GET", "/mine", token=bob)[0] == 401  # a renewed code ends the old token


@pytest.mark.parametrize(
    "fault",
    [
        {"code": "print(1)"},
        {"id": "1"},
        {"exercise": "<script>"},
        {"verdict": "half"},
        {"mistake": "gan_losses-<b>"},
        {"mistake": "two_steps-0123abcd"},
        {"mistake": ""},
        {"when": "yesterday"},
        {"when": "2026-03-02T10:00:00"},
        {"when": 3},
    ],
    ids=str,
)
def test_an_event_with_a_fault_is_refused(tmp_path, fault):
    store, _, codes = Store.create(tmp_path / "class.db", 1)
    learner = store.learner(store.claim(codes[0], "Ada"))
    with pytest.raises(Refused):
        store.add_events(learner, [{**event(), **fault}])
    assert not store.events()


@pytest.mark.parametrize("raw", ["", "[]", "{", "null", "[" * 5000, "\x00"])
def test_a_body_that_is_no_object_is_refused(room, raw):
    assert room.ask("POST", "/events", raw=raw, token=room.join(0))[0] == 400


def test_large_bodies_are_refused(room):
    token = room.join(0)
    assert room.ask("POST", "/events", raw=" " * 100_001, token=token)[0] == 413
    content = {"notebook": "30_gan", "content": "x" * 2_000_001}
    assert room.ask("POST", "/hand-in", content, token)[0] == 400
    other = {"notebook": "../../etc/passwd", "content": "x"}
    assert room.ask("POST", "/hand-in", other, token)[0] == 400
    assert not room.store.hand_ins()


def test_a_sender_has_a_burst_and_then_a_rate():
    clock = [0.0]
    buckets = service.Buckets(rate=2, burst=3, clock=lambda: clock[0])
    assert [buckets.allows("Ada") for _ in range(4)] == [True, True, True, False]
    assert buckets.allows("Bob")
    clock[0] += 1
    assert [buckets.allows("Ada") for _ in range(3)] == [True, True, False]


def test_the_server_limits_a_learner_and_cannot_be_told_otherwise(room, monkeypatch):
    monkeypatch.setattr(service.Buckets, "allows", lambda buckets, sender: sender != 1)
    body = {"events": [event()], "rate": 1e9}
    assert room.ask("POST", "/events", body, room.join(0))[0] == 429
    assert room.ask("POST", "/events", body, room.join(1))[0] == 200


def test_codes_cannot_be_guessed_without_end(room):
    wrong = {"code": "AAAAA-AAAAA", "pseudonym": "x"}
    statuses = [room.ask("POST", "/join", wrong)[0] for _ in range(200)]
    assert statuses[0] == 403 and 429 in statuses


@pytest.mark.parametrize("name", ["", " ", "x" * 41, "a\x00b", "a\u202eb"])
def test_a_pseudonym_is_short_and_printable(tmp_path, name):
    store, _, codes = Store.create(tmp_path / "class.db", 1)
    with pytest.raises(Refused):
        store.claim(codes[0], name)


def test_the_file_is_private_and_holds_no_secret(tmp_path):
    store, teacher, codes = Store.create(tmp_path / "class.db", 3)
    token = store.claim(codes[0].lower(), "Ada")
    assert store.is_teacher(teacher) and not store.is_teacher(token)
    assert store.path.stat().st_mode & 0o077 == 0
    content = store.path.read_bytes()
    assert not any(secret.encode() in content for secret in (teacher, token, *codes))


# --- what the teacher sees ------------------------------------------------------------------------


def happened(learner, minutes, exercise="gan_losses", mistake="gan_losses-0123abcd"):
    when = NOW - timedelta(minutes=minutes)
    return Event(learner, exercise, not mistake, mistake, when)


def in_order(*events):
    return sorted(events, key=lambda event: event.when)


def test_a_mistake_counts_each_learner_once_until_it_is_repaired_or_old():
    events = in_order(
        happened(1, 3), happened(1, 2), happened(2, 1), happened(3, 4), happened(4, 11)
    )
    assert summary.current_mistakes(events, NOW) == [("gan_losses-0123abcd", 3)]
    repaired = [*events, happened(3, 0, mistake="")]
    assert summary.current_mistakes(repaired, NOW) == [("gan_losses-0123abcd", 2)]


def test_who_tries_for_ten_minutes_is_stuck_and_comes_first():
    learners = [Learner(number, f"n{number}") for number in range(1, 6)]
    events = in_order(
        *(happened(1, minutes) for minutes in (12, 5)),
        happened(2, 9),
        happened(3, 30),
        happened(3, 1, mistake=""),
        *(happened(4, minutes) for minutes in (600, 3)),  # yesterday, and again now
    )
    found = {row.name: (row.stuck, row.minutes) for row in summary.rows(learners, events, NOW)}
    assert found == {
        "n1": (True, 12),
        "n2": (False, 9),
        "n3": (False, 0),
        "n4": (False, 3),
        "n5": (False, 0),
    }
    assert summary.rows(learners, events, NOW)[0].name == "n1"


@pytest.mark.parametrize(("passed", "tried", "shown"), [(5, 10, 5), (3, 10, None), (8, 10, None)])
def test_the_projector_shows_no_name_and_no_small_group(passed, tried, shown):
    learners = [Learner(number, f"secret {number}") for number in range(1, 31)]
    events = [happened(number, 1, mistake="") for number in range(passed)]
    events += [happened(number, 1) for number in range(passed, tried)]
    events += [happened(number, 1, "two_steps", "two_steps-0123abcd") for number in range(4)]
    found = summary.projector(learners, events, 30, NOW)
    assert "secret" not in json.dumps(found) and "two_steps" not in json.dumps(found)
    assert found["exercises"] == [{"exercise": "gan_losses", "passed": shown, "tried": tried}]
    assert all(mistake["count"] >= 5 for mistake in found["mistakes"])


def test_csv_begins_no_formula():
    text = summary.as_csv([Learner(1, "=HYPERLINK(1)")], [happened(1, 1)])
    assert ",'=HYPERLINK(1)," in text


def test_a_clock_that_is_ahead_is_set_back(tmp_path):
    store, _, codes = Store.create(tmp_path / "class.db", 1)
    learner = store.learner(store.claim(codes[0], "Ada"))
    store.add_events(learner, [event(when="2999-01-01T00:00:00+00:00")])
    assert store.events()[0].when <= datetime.now(UTC)


# --- the commands ---------------------------------------------------------------------------------


def genimg(*words):
    from genimg_lib.cli import main

    return main([str(word) for word in words])


def test_join_shows_every_field_and_sends_nothing_without_a_yes(work, room, monkeypatch, capsys):
    answers = iter(["no"])
    monkeypatch.setattr("builtins.input", lambda _: next(answers))
    assert genimg("join", room.address, room.codes[0]) == 1
    shown = capsys.readouterr().out
    assert all(f"{name} " in shown and meaning in shown for name, meaning in outbox.FIELDS.items())
    assert outbox.membership() is None and not room.store.learners()
    answers = iter(["yes", "Ada"])
    assert genimg("join", room.address, room.codes[0]) == 0
    assert [learner.pseudonym for learner in room.store.learners()] == ["Ada"]
    assert genimg("leave") == 0
    assert not room.store.learners()


def test_a_class_is_opened_seen_and_deleted(tmp_path, capsys):
    options = ("--folder", tmp_path)
    assert genimg("class", "open", "--learners", 2, *options) == 0
    printed = capsys.readouterr().out
    code = re.search(r"learner-01 +(\S+)", printed)[1]
    store = Store(tmp_path / "class.db")
    learner = store.learner(store.claim(code, "Ada"))
    store.add_events(learner, [event("two_steps", "")])
    genimg("class", "view", "--once", *options)
    genimg("class", "export", *options)
    printed = capsys.readouterr().out
    assert re.search(r"Ada +two_steps +1 +passed", printed) and "1,Ada,two_steps,passed" in printed
    assert genimg("class", "open", *options) == 2  # never over one that is there
    store.close()
    assert genimg("class", "close", "--yes", *options) == 0
    assert not list(tmp_path.iterdir())


def test_an_event_has_only_the_documented_columns(tmp_path):
    """The paragraph on privacy in docs/class.md, against the tables themselves."""
    store, *_ = Store.create(tmp_path / "class.db", 1)
    columns = {
        table: {row[1] for row in store._all(f"PRAGMA table_info({table})")}
        for (table,) in store._all("SELECT name FROM sqlite_master WHERE type = 'table'")
    }
    assert columns == {
        "teacher": {"token"},
        "learner": {"number", "code", "token", "pseudonym"},
        "event": {"learner", "id", "exercise", "passed", "mistake", "moment"},
        "hand_in": {"learner", "notebook", "content", "moment"},
    }
    told = (ROOT / "docs" / "class.md").read_text()
    assert "**pseudonym, exercise, verdict, mistake, time**" in told
    assert list(outbox.FIELDS) == ["pseudonym", "exercise", "verdict", "mistake", "when"]


# --- one server -----------------------------------------------------------------------------------


def test_capacity_follows_from_the_terms_that_it_prints():
    found = capacity.capacity(int(24e9), 2)
    usable = 0.8 * 23e9
    assert found.numpy == usable // 165e6 and found.tensorflow == (usable - 550e6) // 448e6
    assert all(str(number) in "\n".join(found.lines) for number in (found.numpy, found.tensorflow))
    assert capacity.capacity(int(8e9), 2).tensorflow < 30 < found.tensorflow
    assert "do not fit" in capacity.verdict(capacity.capacity(int(2e9), 2), 30)
    with pytest.raises(ValueError):
        capacity.capacity(0, 2)


def test_a_code_admits_one_name_only(tmp_path):
    store, teacher, codes = Store.create(tmp_path / "class.db", 3)
    who = hub.allowed(store)
    assert who("learner-01", codes[0]) == who(" Learner-01", codes[0].lower()) == "learner-01"
    assert who("teacher", teacher) == "teacher"
    wrong = [("learner-02", codes[0]), ("teacher", codes[0]), ("learner-01", teacher)]
    wrong += [("learner-001", codes[0]), ("root", codes[0]), ("learner-01", ""), ("learner-04", "")]
    assert not any(who(*pair) for pair in wrong)


@pytest.mark.parametrize("spawner", hub.SPAWNERS)
def test_the_configuration_is_one_that_jupyterhub_reads(tmp_path, spawner):
    pytest.importorskip("jupyterhub")
    from jupyterhub.app import JupyterHub
    from jupyterhub.spawner import LocalProcessSpawner
    from traitlets.config import Config

    with pytest.raises(ValueError, match="no class"):
        hub.configure(tmp_path, capacity.capacity(int(24e9), 2), spawner=spawner)
    Store.create(tmp_path / "class.db", 3)[0].close()
    path = hub.configure(tmp_path, capacity.capacity(int(24e9), 2), spawner=spawner)
    config = Config()
    exec(compile(path.read_text(), path, "exec"), {"get_config": lambda: config})
    known = set(JupyterHub.class_trait_names())
    assert set(config.JupyterHub) <= known
    assert set(config.Spawner) <= set(LocalProcessSpawner.class_trait_names())
    assert config.JupyterHub.bind_url == "http://127.0.0.1:8000"
    assert config.JupyterHub.concurrent_spawn_limit == 4
    environment = config.Spawner.environment
    assert environment["TF_NUM_INTRAOP_THREADS"] == environment["TF_NUM_INTEROP_THREADS"] == "1"
    assert config.JupyterHub.authenticator_class.__name__ == "ClaimAuthenticator"
    assert (tmp_path / "cookie_secret").stat().st_mode & 0o077 == 0


def test_the_page_shows_the_figures_of_thirty_learners():
    measured = json.loads((ROOT / "benchmarks" / "class.json").read_text())
    assert measured["learners"] == 30
    rows = [
        [float(re.sub(r"[^\d.]", "", cell)) for cell in cells.split("|")]
        for cells in re.findall(
            r"^\| [^|]+\| ([\d.]+ s \| [\d.]+ \| [\d.]+ GB) \|$",
            (ROOT / "docs" / "class.md").read_text(),
            re.M,
        )
    ]
    assert rows == [list(stage.values()) for stage in measured["stages"].values()]


def test_the_page_shows_what_lessons_cost_in_the_classroom_mode():
    measure = tool("measure_classroom")
    measured = json.loads(measure.PATH.read_text())
    found = measure.TABLE.findall(measure.PAGE.read_text(encoding="utf-8"))
    assert found == [measure.table(measured)]
    slow = [number for number, row in measured.items() if row["cpu_seconds"] > 20]
    large = [number for number, row in measured.items() if row["private_gb"] > 1]
    assert f"Beyond 20 CPU-seconds: {', '.join(slow) or 'none'}." in found[0]
    assert f"Beyond 1 GB: {', '.join(large) or 'none'}." in found[0]


def test_the_page_names_the_lessons_with_a_head_start():
    said = re.search(r"That is so in lessons ([^.]+)\.", (ROOT / "docs" / "class.md").read_text())[
        1
    ]
    notebooks = sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))
    found = [path.name[:2] for path in notebooks if "lesson.head_start(" in path.read_text()]
    assert re.findall(r"\d\d", said) == found


def test_the_classroom_mode_is_given_to_every_server(tmp_path):
    Store.create(tmp_path / "class.db", 3)[0].close()
    found = capacity.capacity(int(24e9), 2)
    for chosen in (False, True):
        text = hub.configure(tmp_path, found, classroom=chosen).read_text()
        assert ("'GENIMG_CLASSROOM': '1'" in text) is chosen


def test_a_cluster_admits_the_same_people(tmp_path):
    """The lines for the hub of a cluster, run here with the codes that the values hold."""
    pytest.importorskip("jupyterhub")
    from traitlets.config import Config

    store, teacher, codes = Store.create(tmp_path / "class.db", 3)
    found = kubernetes.values(store, "registry.example:5000/genimg-hub:1")["hub"]
    known = tmp_path / "codes.json"
    known.write_text(json.dumps(found["extraFiles"]["genimg-codes"]["data"]))
    lines = found["extraConfig"]["genimg"].replace(kubernetes.CODES, str(known))
    config = Config()
    exec(compile(lines, "extraConfig", "exec"), {"c": config})
    authenticator = config.JupyterHub.authenticator_class()

    def who(username, password):
        data = {"username": username, "password": password}
        return asyncio.run(authenticator.authenticate(None, data))

    assert who("learner-02", codes[1]) == who(" Learner-02", codes[1].lower()) == "learner-02"
    assert who("teacher", teacher) == "teacher"
    for pair in (("learner-01", codes[1]), ("teacher", codes[0]), ("root", ""), ("learner-04", "")):
        assert who(*pair) is None


def test_the_values_of_a_cluster_are_private_and_keep_no_code(tmp_path, capsys):
    """Against the schema of the chart too, where GENIMG_CHART_SCHEMA names its file."""
    yaml = pytest.importorskip("yaml")
    store, teacher, codes = Store.create(tmp_path / "class.db", 30)
    options = ("--folder", tmp_path, "--image", "genimg-hub:1", "--classroom")
    assert genimg("class", "configure", *options) == 0
    path = Path(capsys.readouterr().out.strip())
    assert path.stat().st_mode & 0o077 == 0
    text = path.read_text()
    assert not any(secret in text for secret in (teacher, *codes))
    found = yaml.safe_load(text)
    assert found == kubernetes.values(store, "genimg-hub:1", classroom=True)
    assert found["proxy"]["service"]["type"] == "ClusterIP"
    memory = found["singleuser"]["memory"]
    assert 0 < memory["guarantee"] < memory["limit"]
    if schema := os.environ.get("GENIMG_CHART_SCHEMA"):
        import jsonschema

        rules = yaml.safe_load(Path(schema).read_text())
        errors = [
            error.message
            for error in jsonschema.Draft7Validator(rules).iter_errors(found)
            if error.validator != "required"  # Helm adds the chart's defaults first
        ]
        assert not errors


@pytest.mark.parametrize("image", ["genimg", "", ":1", "registry.example:5000/genimg"])
def test_an_image_without_a_tag_is_refused(tmp_path, image):
    store, *_ = Store.create(tmp_path / "class.db", 1)
    with pytest.raises(ValueError, match="name:tag"):
        kubernetes.values(store, image)


def test_a_new_start_of_a_server_leaves_work_as_it_is(tmp_path):
    from genimg_lib.classroom.learner_server import prepare

    prepare(tmp_path / "course")
    work = tmp_path / "course" / "my_exercises" / "30_gan.ipynb"
    work.write_text("my work")
    prepare(tmp_path / "course")
    assert work.read_text() == "my work"
    assert (tmp_path / "course" / "notebooks" / "30_gan.ipynb").exists()


@pytest.mark.slow
def test_what_was_handed_in_is_graded_by_the_checkers(tmp_path, capsys):
    store, _, codes = Store.create(tmp_path / "class.db", 1)
    learner = store.learner(store.claim(codes[0], "Ada"))
    path = notebook(tmp_path / "20_autoencoders.ipynb", "right", "wrong")
    name = next(path.stem for path in catalogue.notebooks() if path.stem.startswith("20_"))
    store.add_hand_in(learner, name, path.read_text())
    other = next(path.stem for path in catalogue.notebooks() if path.stem != name)
    store.add_hand_in(learner, other, "no notebook")
    assert genimg("class", "grade", "--folder", tmp_path) == 0
    rows = capsys.readouterr().out.splitlines()
    assert set(rows[1:]) >= {
        f"1,{name},20.1,solved",
        f"1,{name},20.2,not yet",
        f"1,{other},,not a notebook",
    }
