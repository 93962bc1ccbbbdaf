"""A learner's copies: they survive, they are checked in a kernel of their own, and what was
solved is remembered.
"""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tiny_exercises import BODIES, notebook

from genimg_lib.cli import exercises, main
from genimg_lib.practice.exercises import catalogue, overview, workbook
from genimg_lib.practice.exercises.attempts import Attempt, Progress

ROOT = Path(__file__).parents[1]
FIRST = catalogue.exercises()[0]


@pytest.fixture
def work(tmp_path, monkeypatch):
    folder = tmp_path / "my_exercises"
    monkeypatch.setattr(workbook, "FOLDER", folder)
    monkeypatch.setattr(workbook.start, "__defaults__", (folder,))
    monkeypatch.setenv("GENIMG_PROGRESS", str(tmp_path / "progress"))
    return folder


# --- copies ---------------------------------------------------------------------------------------


def test_start_copies_and_never_overwrites(work):
    prefix = FIRST.notebook[:2]
    assert workbook.start([prefix]) == [f"my_exercises/{FIRST.notebook}.ipynb: ready"]
    copy = work / f"{FIRST.notebook}.ipynb"
    copy.write_text("my work")
    assert workbook.start([prefix]) == [
        f"my_exercises/{FIRST.notebook}.ipynb: is there already, and stays as it is"
    ]
    assert copy.read_text() == "my work"


def test_a_fresh_copy_keeps_the_old_one(work):
    workbook.start([FIRST.notebook])
    copy = work / f"{FIRST.notebook}.ipynb"
    copy.write_text("my work")
    workbook.start([FIRST.notebook], fresh=True)
    assert copy.read_text() == (catalogue.FOLDER / copy.name).read_text()
    (kept,) = [path for path in work.iterdir() if path != copy]
    assert kept.read_text() == "my work"
    assert catalogue.notebooks(work) == [copy]


def test_git_ignores_the_folder():
    assert subprocess.run(
        ["git", "check-ignore", "-q", "my_exercises/20_vae.ipynb"], cwd=ROOT
    ).returncode in (0, 128)
    assert "/my_exercises/" in (ROOT / ".gitignore").read_text().split()


def test_an_unknown_notebook_is_refused(work, capsys):
    assert main(["start", "77"]) == 2
    assert "there is no notebook '77' in exercises; there are: " in capsys.readouterr().err
    assert not list(work.iterdir())


def test_check_without_a_copy_says_what_to_do(work, capsys):
    assert main(["check"]) == 2
    assert (
        capsys.readouterr().err
        == "genimg: there is nothing to check yet; begin with: genimg start\n"
    )


# --- checks ---------------------------------------------------------------------------------------


def test_every_kind_of_answer_is_reported_and_does_not_stop_the_next(work):
    names = [name for name in BODIES if name not in ("endless", "endless_cell", "dead")]
    results = workbook.check(notebook(work / "20_vae.ipynb", *names))
    found = {
        name: (result.state, result.report) for name, result in zip(names, results, strict=True)
    }
    assert [state for state, _ in found.values()] == [
        "to do",
        "not yet",
        "not yet",
        "not yet",
        "not yet",
        "solved",
    ]
    assert "epsilon must be scaled by the standard deviation" in " ".join(found["wrong"][1].split())
    assert (
        found["crash"][1]
        .splitlines()[-1]
        .endswith("line 3: return means + np.exp(log_variances) @ epsilon")
    )
    assert "is there a `return`?" in found["no_return"][1]
    assert found["syntax"][1].startswith("SyntaxError: ") and ".py" not in found["syntax"][1]
    for _, report in found.values():
        assert (
            "genimg_lib" not in report
            and "site-packages" not in report
            and "Traceback" not in report
        )
        assert len(report.splitlines()) <= 5
    assert [attempt.passed for attempt in Progress().read()] == [False, False, False, False, True]


def test_an_endless_cell_is_stopped_and_the_next_exercise_is_checked(work):
    results = workbook.check(notebook(work / "20_vae.ipynb", "endless_cell", "right"), seconds=3)
    assert [result.state for result in results] == ["not yet", "solved"]
    assert (
        results[0].report.splitlines()[0]
        == "this was stopped after 3 seconds. Is there an endless loop?"
    )
    assert results[0].report.splitlines()[1] in ("in line 5 while True:", "in line 6 pass")


def test_a_dead_kernel_is_told_and_ends_the_check(work):
    results = workbook.check(notebook(work / "20_vae.ipynb", "right", "dead", "right"))
    assert [result.state for result in results] == ["solved", "not checked", "not checked"]
    assert results[1].report.startswith(
        "the kernel died here: out of memory, or something ended it."
    )
    assert results[2].report == "the kernel had died before."


def test_the_command_prints_verdicts_and_remembers_them(work, capsys):
    notebook(work / "20_vae.ipynb", "right", "wrong", "untouched")
    assert main(["check", "20"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[:3] == ["20_vae", "  [x] 20.1 Number 1: solved", "  [-] 20.2 Number 2: not yet"]
    assert lines[-2] == "  [ ] 20.3 Number 3: to do"
    assert lines[-1].startswith("1 of 3 solved here. In the course: 1 of ")


def test_a_wrong_answer_after_a_right_one_does_not_unsolve(tmp_path):
    early, late = (datetime(2026, 1, day, tzinfo=UTC) for day in (1, 2))
    progress = Progress(tmp_path / "other.jsonl")
    for attempt in (
        Attempt("a", False, early),
        Attempt("a", True, early),
        Attempt("a", False, late),
        Attempt("b", False, late),
    ):
        progress.add(attempt)
    assert {name: (attempt.passed, attempt.when) for name, attempt in progress.state().items()} == {
        "a": (True, early),
        "b": (False, late),
    }


def test_a_check_outside_of_the_learners_folder_is_not_remembered(tmp_path):
    code = (
        "from genimg_lib.checks import vae; vae.reparameterise(lambda m, v, e: m + "
        "2.718281828459045 ** (v / 2) * e)"
    )
    environment = os.environ | {
        "GENIMG_PROGRESS": str(tmp_path / "progress"),
        "PYTHONPATH": str(ROOT),
    }
    for folder, count in (("solutions", 0), ("my_exercises", 1)):
        (tmp_path / folder).mkdir()
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=tmp_path / folder,
            env=environment,
            check=True,
            capture_output=True,
        )
        assert len(Progress(tmp_path / "progress" / "exercises.jsonl").read()) == count


# --- progress -------------------------------------------------------------------------------------


def test_the_summary_counts_and_names_the_next():
    first, second, third = (
        catalogue.Exercise(name, "20_vae", f"20.{i}", name.title(), "mid", 5, "write", "20")
        for i, name in enumerate("abc", 1)
    )
    when = datetime(2026, 1, 1, tzinfo=UTC)
    state = {"a": Attempt("a", True, when), "b": Attempt("b", False, when)}
    assert (
        overview.summary([first, second, third], state)
        == "1 of 3 solved, 1 tried, next: 20.2 B (20_vae)"
    )
    assert overview.summary([first], state) == "1 of 1 solved: all of them"


def test_progress_in_the_terminal_and_in_the_widget(work, capsys):
    Progress().add(Attempt(FIRST.name, True, datetime.now(UTC)))
    assert main(["progress"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith(f"[x] {FIRST.number:>5} {FIRST.title}"[:40])
    assert lines[-1].startswith(f"1 of {len(catalogue.exercises())} solved, next: ")
    words, *bars, button = overview.progress_bar().children
    assert sum(bar.value for bar in bars) == 1 and sum(bar.max for bar in bars) == len(
        catalogue.exercises()
    )
    Progress().add(Attempt(catalogue.exercises()[1].name, True, datetime.now(UTC)))
    button.click()
    assert (
        sum(bar.value for bar in bars) == 2
        and f"<b>2 of {len(catalogue.exercises())} solved" in words.value
    )


def test_a_damaged_progress_file_is_kept_aside(work):
    Progress().add(Attempt("a", True, datetime.now(UTC)))
    with Progress().path.open("a") as file:
        file.write(json.dumps({"exercise": "b", "passed": "yes", "when": "2026-01-01"}) + "\n")
    progress = Progress()
    assert [attempt.exercise for attempt in progress.read()] == ["a"]
    assert "kept as exercises.damaged-" in progress.message


def test_a_notebook_without_a_header_is_refused(tmp_path):
    path = notebook(tmp_path / "20_vae.ipynb", "right")
    path.write_text(path.read_text().replace("**mid**", "**medium**"))
    with pytest.raises(ValueError, match=r"exercise 20\.1 has no header line of the expected form"):
        catalogue.exercises(tmp_path)


def test_marks_cover_every_state():
    assert set(exercises.MARKS) == {"solved", "not yet", "to do", "not checked"}
