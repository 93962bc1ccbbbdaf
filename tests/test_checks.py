"""The machinery under every checker.

What a learner reads, the time limit, and a random state that stays as it was.
"""

import ast
import contextlib
import importlib
import os
import random
import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from IPython.core.interactiveshell import InteractiveShell

from genimg_lib.checks import core, guard, judge
from genimg_lib.checks.core import NotYet, ToDo, array, checker, close, expect, value_checker
from genimg_lib.practice.exercises import attempts


@checker(seconds=0.5)
def double(answer):
    """Doubles a number."""
    expect(close(answer(np.array([3.0])), [6.0]), "3 must give 6; double it.")
    yield "3 gives 6"
    for _ in range(3):
        value = np.random.default_rng(1).normal(size=(2, 2))
        expect(
            close(array(answer(value), "the result", (2, 2)), 2 * value),
            "negative numbers must be doubled, too.",
        )
    yield "any number is doubled"


@value_checker
def cause(answer):
    expect(answer == "b", f"{answer} is not it.")
    yield "the cause"


def untouched(x):
    raise NotImplementedError("TODO: double x")


def crashing(x):
    wanted = [1, 2]
    return wanted[int(x[0]) + 7]


def endless(x):
    while True:
        pass


def sleeping(x):
    time.sleep(60)


def leaving(x):
    sys.exit("done")


def unfinished(x):
    raise NotImplementedError("only for positive x")


class Half:
    def __init__(self, x):
        raise NotImplementedError


def in_place(x):
    x *= 2
    return x


@pytest.mark.parametrize(
    ("answer", "feedback"),
    [
        (untouched, "TODO: double x"),
        (crashing, "IndexError: list index out of range\nin crashing, line "),
        (endless, "still running after 0.5 seconds. Is there an endless loop?"),
        (sleeping, "still running after 0.5 seconds. Is there an endless loop?"),
        (leaving, "SystemExit: done\nin leaving, line "),
        (unfinished, "NotImplementedError: only for positive x\nin unfinished, line "),
        (Half, "NotImplementedError\nin __init__, line "),
        (in_place, "in_place changes its input in place"),
        (lambda x: None, "returned None: is there a `return`?"),
        (lambda x: ..., "TODO: a `...` is left"),
        (lambda: 6.0, "TypeError: "),
        (lambda x: x, "3 must give 6; double it."),
        (lambda x: abs(x) * 2, "negative numbers must be doubled, too."),
        (lambda x: 2 * x.ravel()[:1], "the result has shape (1,); it should have shape (2, 2)."),
        (lambda x: (2 * x).ravel(), "the result has shape (4,); it should have shape (2, 2)."),
        (
            lambda x: [6.0] if x.size == 1 else "twelve",
            "the result should be numbers, but is twelve (str).",
        ),
        (
            lambda x: [6.0] if x.size == 1 else [["1", "2"]],
            "the result should be numbers, but is [['1', '2']] (list).",
        ),
        (
            lambda x: [6.0] if x.size == 1 else [[1, 2], [3]],
            "the result should be numbers, but is [[1, 2], [3]] (list).",
        ),
        (
            lambda x: 2 * x if x.size == 1 else 2 * x + 0j,
            "the result is complex; it should be real.",
        ),
        (7, "the answer should be a function (or a class), but is 7 (int)."),
        (..., "TODO: replace each `...` by your answer"),
    ],
)
def test_what_a_learner_reads(answer, feedback):
    verdict = double.verdict(answer)
    assert not verdict.passed
    assert feedback in verdict.feedback
    assert verdict.todo == feedback.startswith("TODO")
    assert "genimg_lib" not in str(verdict) and "site-packages" not in str(verdict)
    assert len(str(verdict).splitlines()) <= 6


def test_a_report_names_what_was_verified_and_where_it_stops():
    with pytest.raises(NotYet) as caught:
        double(lambda x: abs(x) * 2)
    report = "NOT YET: double\n  [ok] 3 gives 6\n  [x]  negative numbers must be doubled, too."
    assert str(caught.value) == report
    assert caught.value._render_traceback_() == report.splitlines()


@pytest.mark.parametrize("feedback", ["", " ", "\n"])
def test_a_rejection_without_words_is_a_rejection(feedback):
    @checker
    def silent(answer):
        expect(False, feedback)
        yield "never"

    verdict = silent.verdict(abs)
    assert not verdict.passed
    assert str(verdict).startswith("NOT YET: silent\n  [x]  this is not right yet.")
    with pytest.raises(NotYet):
        silent(abs)


def test_an_untouched_stub_raises_what_the_command_can_tell_from_a_try():
    with pytest.raises(ToDo):
        double(untouched)
    with pytest.raises(NotYet) as caught:
        double(unfinished)
    assert type(caught.value) is NotYet


@pytest.mark.parametrize("folder", ["/proc/nowhere", "a file", "~"])
def test_a_verdict_needs_no_progress_file(folder, tmp_path, monkeypatch, capsys):
    """The file of attempts cannot be written: the verdict comes first, then one line."""
    (tmp_path / "a file").write_text("")
    (tmp_path / "my_exercises").mkdir()
    monkeypatch.chdir(tmp_path / "my_exercises")
    monkeypatch.setenv("GENIMG_PROGRESS", folder if folder[0] in "/~" else str(tmp_path / folder))
    double(lambda x: 2 * x)
    passed, told = capsys.readouterr().out.splitlines()
    assert passed == "PASSED: double (2 checks)"
    assert told.startswith("The progress file ") and "set GENIMG_PROGRESS to" in told
    with pytest.raises(NotYet):
        double(lambda x: x)


def test_a_pass_is_one_line(capsys):
    double(lambda x: x + x)
    assert capsys.readouterr().out == "PASSED: double (2 checks)\n"


def test_ipython_shows_the_report_and_no_frames(capsys):
    shell = InteractiveShell()
    shell.user_ns.update(double=double)
    result = shell.run_cell("double(lambda x: x)")
    assert isinstance(result.error_in_exec, NotYet)
    shown = capsys.readouterr().out
    assert shown.strip() == "NOT YET: double\n  [x]  3 must give 6; double it."


@pytest.mark.parametrize(
    ("answer", "todo"), [({"a": 1, "b": ...}, True), ([..., 2], True), (..., True), ("a", False)]
)
def test_values_may_be_left_open(answer, todo):
    assert cause.verdict(answer).todo == todo
    assert cause.verdict("b").passed


# --- trying costs ---------------------------------------------------------------------------------


@value_checker(tries=2)
def colour(answer):
    yield from judge.choices(answer, {"a": ("red", dict.fromkeys("bcd", "a: not this one."))})


@pytest.fixture
def clock(tmp_path, monkeypatch):
    """A learner's own folder, and a clock that stands still until it is set."""
    hands = [datetime(2026, 1, 1, 12, tzinfo=UTC)]
    (tmp_path / "my_exercises").mkdir()
    monkeypatch.chdir(tmp_path / "my_exercises")
    monkeypatch.setenv("GENIMG_PROGRESS", str(tmp_path))
    monkeypatch.setattr(attempts, "now", lambda: hands[0])
    return hands


def said(answer, capsys) -> str:
    try:
        colour({"a": answer})
    except NotYet as error:
        return str(error)
    return capsys.readouterr().out


def test_after_two_wrong_choices_there_is_a_pause_that_doubles(clock, capsys):
    assert "PAUSE" not in said("b", capsys) and "in 10 min" in said("c", capsys)
    assert said("red", capsys).startswith("PAUSE: colour\n  2 answers were wrong.")
    assert said("c", capsys).startswith("NOT YET"), "what was judged before is free"
    clock[0] += timedelta(minutes=10)
    assert "in " not in said("d", capsys)
    assert "in 20 min" in said("B", capsys), "written otherwise, it is another answer"
    clock[0] += timedelta(minutes=19)
    assert "in 1 min" in said("red", capsys)
    clock[0] += timedelta(minutes=1)
    assert said("red", capsys) == "PASSED: colour (1 check), solved at try 5\n"
    assert said("red", capsys) == "PASSED: colour (1 check), solved at try 5\n"
    assert said("b", capsys).startswith("NOT YET") and said("d", capsys).startswith("NOT YET")


@pytest.mark.parametrize("answer", ["purple", 7, ...])
def test_what_is_no_choice_costs_no_try(answer, clock, capsys):
    for _ in range(5):
        assert "PAUSE" not in said(answer, capsys)
    assert said("red", capsys) == "PASSED: colour (1 check), solved at try 1\n"


def test_outside_of_the_learners_folder_nothing_waits(clock, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    for answer in "bcdb":
        assert said(answer, capsys).startswith("NOT YET")
    assert said("red", capsys) == "PASSED: colour (1 check)\n"
    assert not list(tmp_path.glob("*.jsonl"))


def test_a_file_of_attempts_without_answers_can_be_read(clock, tmp_path, capsys):
    head = '{"genimg": "exercises", "version": 1}'
    line = '{"exercise": "colour", "passed": false, "when": "2026-01-01T11:59:00+00:00"}'
    (tmp_path / "exercises.jsonl").write_text(f"{head}\n{line}\n{line}\n")
    assert said("red", capsys).startswith("PAUSE: colour")


@pytest.mark.parametrize(
    ("options", "tries", "expected"),
    [([4], 1, 1 / 4), ([4, 4], 1, 1 / 16), ([4, 4], 2, 3 / 16), ([4, 4, 4], 2, 1 / 16)],
)
def test_the_chance_of_guessing(options, tries, expected):
    questions = {
        str(i): ("right", dict.fromkeys(map(str, range(count - 1)), "wrong"))
        for i, count in enumerate(options)
    }
    assert judge.chance(questions, tries) == pytest.approx(expected)
    chance, solved = random.Random(0), 0
    for _ in range(4000):
        open_ones = {key: ["right", *others] for key, (_, others) in questions.items()}
        for _ in range(tries):
            guess = {key: chance.choice(choices) for key, choices in open_ones.items()}
            wrong = next((key for key in guess if guess[key] != "right"), None)
            if wrong is None:
                solved += 1
                break
            open_ones[wrong].remove(guess[wrong])
            for key in list(guess)[: list(guess).index(wrong)]:
                open_ones[key] = ["right"]
    spread = (expected * (1 - expected) / 4000) ** 0.5
    assert abs(solved / 4000 - expected) < 4 * spread


QUESTIONS = {
    f"{path.parent.name}.{name}": value
    for path in sorted(Path(judge.__file__).parent.glob("*/questions.py"))
    for name, value in vars(
        importlib.import_module(f"genimg_lib.checks.{path.parent.name}.questions")
    ).items()
    if isinstance(value, dict)
    and value
    and all(isinstance(part, tuple) and len(part) == 2 for part in value.values())
}


@pytest.mark.parametrize("name", sorted(QUESTIONS.keys() - {"measuring.WINNERS"}))
def test_whoever_guesses_a_choice_solves_it_once_in_sixteen_sittings_or_less(name):
    """`WINNERS` comes with a function to write, which nobody guesses."""
    assert judge.chance(QUESTIONS[name], 2) <= 1 / 16


def test_every_checker_of_choices_allows_two_tries():
    checkers = {
        f"{path.parent.name}.{node.name}": ast.unparse(node.decorator_list[0])
        for path in sorted(Path(judge.__file__).parent.glob("*/__init__.py"))
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.FunctionDef)
        and path.parent.name != "lessons"
        and "choices(" in ast.unparse(node)
    }
    assert len(checkers) >= 13
    assert {name for name, how in checkers.items() if how != "value_checker(tries=2)"} == {
        "measuring.preferred"
    }


def test_a_crash_shows_the_innermost_line_of_the_learner():
    def helper(x):
        return np.linalg.inv(x)  # raises inside of NumPy

    def answer(x):
        return helper(np.zeros((2, 2)))

    feedback = double.verdict(answer).feedback
    assert feedback.startswith("LinAlgError: Singular matrix\nin helper, line ")
    assert feedback.endswith("return np.linalg.inv(x)  # raises inside of NumPy")


@pytest.mark.parametrize("name", ["allclose", "linalg.norm", "exp"])
def test_a_replaced_function_of_numpy_is_put_back_and_passes_nothing(name, monkeypatch):
    module = np.linalg if "." in name else np
    name = name.rpartition(".")[2]
    original = getattr(module, name)
    monkeypatch.setattr(module, name, original)  # whatever the check does

    def cheating(x):
        setattr(module, name, lambda *arguments, **keywords: True)
        return 2 * x

    verdict = double.verdict(cheating)
    assert not verdict.passed and f"{name} was replaced" in verdict.feedback
    assert getattr(module, name) is original
    setattr(module, name, lambda *arguments, **keywords: True)  # in another cell
    assert f"{name} was replaced" in double.verdict(lambda x: 2 * x).feedback
    assert double.verdict(lambda x: 2 * x).passed


def test_the_learners_own_interrupt_is_not_taken_for_a_time_limit():
    with pytest.raises(KeyboardInterrupt), guard.time_limit(30):
        raise KeyboardInterrupt
    with pytest.raises(KeyboardInterrupt), guard.time_limit(30):
        # as in a kernel; in the background of a script there would be no interrupt
        before = signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            signal.raise_signal(signal.SIGINT)
        finally:
            signal.signal(signal.SIGINT, before)


def ignored():
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def blocked():
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGALRM})


def default():
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.skipif(os.name == "nt", reason="a process inherits signals elsewhere only")
@pytest.mark.parametrize("started", [ignored, blocked, default], ids=lambda how: how.__name__)
def test_the_time_limit_does_not_depend_on_how_the_process_was_started(started):
    """A shell starts the jobs in the background of a script, and `nohup`, with SIGINT ignored."""
    code = (
        "from test_checks import *\nfor answer in (endless, sleeping): "
        "print(double.verdict(answer))"
    )
    process = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(__file__).parent,
        preexec_fn=started,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])},
        capture_output=True,
        text=True,
        timeout=120,
    )
    told = "NOT YET: double\n  [x]  still running after 0.5 seconds. Is there an endless loop?\n"
    assert process.stdout == 2 * told, process.stderr


def test_the_time_limit_holds_for_a_block_that_catches_everything():
    def stubborn(x):
        for _ in range(2):
            with contextlib.suppress(BaseException):
                time.sleep(60)

    assert "still running after 0.5 seconds" in double.verdict(stubborn).feedback


@pytest.mark.skipif(not hasattr(signal, "SIGALRM"), reason="there is no such signal")
def test_a_limit_leaves_the_signal_as_it_was():
    def somebody_elses(number, frame):
        arrived.append(number)

    arrived, old = [], signal.signal(signal.SIGALRM, somebody_elses)
    try:
        with guard.time_limit(30):
            signal.raise_signal(signal.SIGALRM)
        with pytest.raises(guard.Overtime), guard.time_limit(0.02):
            time.sleep(60)
        with (
            pytest.raises(guard.Overtime, match=r"^0.03$"),
            guard.time_limit(30),
            guard.time_limit(0.03),
        ):
            time.sleep(60)
        assert signal.getsignal(signal.SIGALRM) is somebody_elses
        assert arrived == [signal.SIGALRM]
    finally:
        signal.signal(signal.SIGALRM, old)


def test_a_limit_that_is_not_reached_leaves_nothing_behind():
    for _ in range(50):
        with guard.time_limit(60):
            time.sleep(0.001)
    assert not [thread for thread in threading.enumerate() if thread.name.endswith("(_watch)")]


def test_the_random_state_is_as_it_was():
    import keras
    import tensorflow as tf

    def draw():
        python, numpy = random.random(), np.random.rand()
        return python, numpy, float(keras.random.normal(())), float(tf.random.normal(()))

    def disturbing(x):
        keras.utils.set_random_seed(99)
        draw()
        return 2 * x

    keras.utils.set_random_seed(5)
    draw()
    expected = draw()
    keras.utils.set_random_seed(5)
    draw()
    assert double.verdict(disturbing).passed
    assert draw() == expected


def test_an_answer_that_draws_numbers_gets_the_same_ones_every_time():
    drawn = []

    def noisy(x):
        drawn.append((random.random(), np.random.rand()))
        return 2 * x

    double.verdict(noisy)
    first = list(drawn)
    np.random.seed(77)
    double.verdict(noisy)
    assert drawn[len(first) :] == first


def test_nothing_here_imports_tensorflow():
    code = (
        "import sys, genimg_lib.checks.core, genimg_lib.cli; print('tensorflow' in "
        "sys.modules, 'keras' in sys.modules)"
    )
    assert subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True
    ).stdout.split() == ["False", "False"]


def test_short_values():
    assert core.short(np.pi * np.ones(2)) == "[3.1416, 3.1416]"
    assert len(core.short("x" * 500)) == 120
