"""`genimg doctor` says what would stop a learner, and a code that a teacher can read."""

import re
import socket

import pytest

from genimg_lib import cli
from genimg_lib.practice import doctor

GOOD = doctor.Finding("good", "fine", "py3.12")
POOR = doctor.Finding("warning", "tight", "2GB")
BAD = doctor.Finding("bad", "no", "pkg!")


@pytest.mark.parametrize(
    ("version", "state"),
    [((3, 10), "bad"), ((3, 11), "good"), ((3, 13), "good"), ((3, 14), "bad")],
)
def test_python(version, state):
    found = doctor.python(version)
    assert found.state == state
    assert (state == "good") or "needs 3.11 to 3.13" in found.said


def test_a_missing_package_is_named():
    found = doctor.packages(("numpy", "no-such-package"))
    assert found.state == "bad"
    assert "no-such-package" in found.said
    assert "numpy" not in found.said


@pytest.mark.parametrize(("free", "state"), [(8.0, "good"), (2.0, "warning"), (1.0, "bad")])
def test_memory(free, state):
    found = doctor.memory(free)
    assert found.state == state
    assert f"{free:.1f} GB" in found.said


def test_a_taken_port():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        assert doctor.port(other.getsockname()[1]).state == "warning"


def test_a_folder_that_is_not_there_yet(tmp_path):
    assert doctor.writable("copies", tmp_path / "a" / "b").state == "good"
    (tmp_path / "file").touch()
    found = doctor.writable("copies", tmp_path / "file" / "below")
    assert found.state == "bad"
    assert "cannot be written to" in found.said


def test_altered_data(monkeypatch):
    def altered():
        raise ValueError("mnist.npz was altered")

    monkeypatch.setattr(doctor, "load_mnist", altered)
    assert doctor.data() == doctor.Finding("bad", "mnist.npz was altered", "data!")


def test_tensorflow_that_does_not_work(monkeypatch):
    from genimg_lib.notebook import lesson

    monkeypatch.setattr(lesson, "measure_machine", lambda: 3 * lesson.REFERENCE_SECONDS)
    assert doctor.training() == doctor.Finding(
        "warning", "a training step takes 3.0 times as long as on the authors' machine", "3.0x"
    )
    monkeypatch.setattr(lesson, "measure_machine", lambda: 1 / 0)
    assert doctor.training().state == "bad"


@pytest.mark.parametrize(
    ("found", "verdict"), [([GOOD], "ok"), ([GOOD, POOR], "note"), ([BAD, POOR, GOOD], "bad")]
)
def test_a_code_tells_the_verdict_and_a_typing_error(found, verdict):
    code = doctor.code(found)
    assert code.split("/")[0] == verdict
    assert all(finding.code in code for finding in found)
    assert " " not in code
    assert doctor.is_code(code)
    assert doctor.is_code(f" {code}\n")
    wrong = [code[:i] + "z" + code[i + 1 :] for i in range(len(code)) if code[i] != "z"]
    assert not any(doctor.is_code(text) for text in wrong)


def test_the_command_says_all_and_fails_where_something_is_bad(monkeypatch, capsys):
    monkeypatch.setattr(doctor, "findings", lambda: iter([GOOD, BAD]))
    assert cli.main(["doctor"]) == 1
    said = capsys.readouterr().out
    assert re.search(r"\[ ok \] fine\n\[ NO \] no\n\nFor your teacher: bad/\S+\n$", said)
    monkeypatch.setattr(doctor, "findings", lambda: iter([GOOD, POOR]))
    assert cli.main(["doctor"]) == 0


def test_the_teacher_sees_who_needs_help_first(capsys):
    codes = [doctor.code(found) for found in ([GOOD], [BAD], [POOR])]
    assert cli.main(["doctor", "--read", *codes, "ok/linux/0000"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["bad", "note", "ok", "mistyped:"]
    assert cli.main(["doctor", "--read", codes[0]]) == 0
