"""A learner's copies of the exercises.

They survive, they are checked in a kernel of their own, and what was solved is remembered.
"""

import json
import os
import re
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import nbformat
import pytest
from tiny_exercises import BODIES, notebook

from genimg_lib.cli import exercise_verbs, main
from genimg_lib.practice import course
from genimg_lib.practice.exercises import catalogue, overview, workbook
from genimg_lib.practice.exercises.attempts import Attempt, Attempts

ROOT = Path(__file__).parents[1]
FIRST = catalogue.exercises()[0]


@pytest.fixture
def work(tmp_path, monkeypatch):
    """The learner's folder, in a place that is not the course's own."""
    monkeypatch.setattr(course, "workplace", lambda: tmp_path)
    monkeypatch.setenv("GENIMG_PROGRESS", str(tmp_path / "progress"))
    return tmp_path / "my_exercises"


# --- copies ---------------------------------------------------------------------------------------


def test_start_copies_and_never_overwrites(work, capsys):
    copy = work / f"{FIRST.notebook}.ipynb"
    assert workbook.start([FIRST.notebook]) == [copy]
    assert f"{work.name}/{copy.name}: ready\n" in capsys.readouterr().out
    copy.write_text("my work")
    workbook.start([FIRST.notebook])
    assert f"{copy.name}: is there already, and stays as it is\n" in capsys.readouterr().out
    assert copy.read_text() == "my work"


def test_a_fresh_copy_keeps_every_old_one(work):
    (copy,) = workbook.start([FIRST.notebook])
    for text in ("first", "second", "third"):  # within one second
        copy.write_text(text)
        workbook.start([FIRST.notebook], fresh=True)
    assert copy.read_text() == (course.EXERCISES / copy.name).read_text()
    kept = [path.read_text() for path in work.glob("old_*.ipynb")]
    assert sorted(kept) == ["first", "second", "third"]
    assert catalogue.notebooks(work) == [copy]


def test_an_interrupted_copy_leaves_nothing(work, monkeypatch):
    def interrupted(path, copy):
        copy.write_text(path.read_text()[:100])
        raise KeyboardInterrupt

    monkeypatch.setattr(workbook.shutil, "copyfile", interrupted)
    with pytest.raises(KeyboardInterrupt):
        workbook.start([FIRST.notebook])
    assert not list(work.iterdir())


def test_links_of_copies_lead_to_files(work):
    """All that notebooks link to comes along where the course itself is elsewhere."""
    (copy,) = workbook.start(["20"])
    for path in [copy, *(work.parent / "notebooks").glob("*.ipynb")]:
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] == "markdown":
                for target in re.findall(r"\]\((\.\.?/[^)#]+)", "".join(cell["source"])):
                    assert (path.parent / target).exists(), f"{path.name}: {target}"


def test_a_lesson_without_exercises_can_be_started(work):
    assert workbook.start(["90"]) == [work.parent / "notebooks" / "90_interview_day.ipynb"]
    assert workbook.start(["90"], course.ROOT) == [course.LESSONS / "90_interview_day.ipynb"]


@pytest.mark.parametrize(
    "word", ["30", "030", "30.2", "30.", "30_gan", "30_g", "gan", "30_gan.ipynb", "x/30_gan.ipynb"]
)
def test_a_notebook_is_meant_by_number_name_or_path(word):
    assert [path.stem for path in catalogue.find([word], course.EXERCISES)] == ["30_gan"]


@pytest.mark.parametrize("word", ["1", "3", "1.3", "77", "gan_", "_gan", ".ipynb", "", "old"])
def test_a_word_that_means_no_notebook_is_refused(word, work, capsys):
    assert main(["start", word]) == 2
    told = capsys.readouterr().err
    assert f"there is no notebook {word!r} in exercises or notebooks; there are: 10_" in told
    assert not work.exists()


def test_git_ignores_the_folder():
    assert subprocess.run(
        ["git", "check-ignore", "-q", "my_exercises/20_vae.ipynb"], cwd=ROOT
    ).returncode in (0, 128)
    assert "/my_exercises/" in (ROOT / ".gitignore").read_text().split()


def test_a_course_that_cannot_be_written_is_worked_on_in_the_current_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(course.os, "access", lambda path, mode: False)
    assert course.workplace() == tmp_path / "genimg_course"
    (tmp_path / course.WORK).mkdir()
    for folder in (tmp_path, tmp_path / course.WORK):
        monkeypatch.chdir(folder)
        assert course.workplace() == tmp_path


def test_check_without_a_copy_says_what_to_do(work, capsys):
    assert main(["check"]) == 2
    assert (
        capsys.readouterr().err
        == "genimg: there is nothing to check yet; begin with: genimg start\n"
    )


# --- checks ---------------------------------------------------------------------------------------


def test_every_kind_of_answer_is_reported_and_does_not_stop_the_next(work):
    names = [
        name for name in BODIES if name not in ("endless", "endless_cell", "stubborn_cell", "dead")
    ]
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
    assert [attempt.passed for attempt in Attempts().read()] == [False, False, False, False, True]


def test_an_endless_cell_is_stopped_and_the_next_exercise_is_checked(work):
    results = workbook.check(notebook(work / "20_vae.ipynb", "endless_cell", "right"), seconds=3)
    assert [result.state for result in results] == ["not yet", "solved"]
    assert (
        results[0].report.splitlines()[0]
        == "this was stopped after 3 seconds. Is there an endless loop?"
    )
    assert results[0].report.splitlines()[1] in ("in line 5 while True:", "in line 6 pass")


BACKGROUND = """
import sys
from pathlib import Path
from genimg_lib.practice.exercises import workbook
from tiny_exercises import notebook
for result in workbook.check(notebook(Path(sys.argv[1]), "endless_cell", "right"), seconds=3):
    print(result.state, *result.report.splitlines()[:1], sep=": ")
"""


@pytest.mark.skipif(os.name == "nt", reason="a process inherits signals elsewhere only")
def test_an_endless_cell_is_stopped_in_the_background_of_a_script_too(tmp_path):
    """There SIGINT is ignored, and the kernel inherits that."""
    process = subprocess.run(
        [sys.executable, "-c", BACKGROUND, tmp_path / "20_vae.ipynb"],
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN),
        env=os.environ | {"PYTHONPATH": os.pathsep.join(map(str, (ROOT, ROOT / "tests")))},
        capture_output=True,
        text=True,
        timeout=120,
    )
    told = "not yet: this was stopped after 3 seconds. Is there an endless loop?\nsolved\n"
    assert process.stdout == told, process.stderr


def test_a_cell_that_catches_its_interrupt_is_ended(work, monkeypatch):
    monkeypatch.setattr(workbook, "GRACE", 2)
    results = workbook.check(notebook(work / "20_vae.ipynb", "stubborn_cell", "right"), seconds=3)
    assert [result.state for result in results] == ["not checked", "not checked"]
    assert results[0].report.startswith(
        "this went on after it was interrupted, and was ended after 5 seconds."
    )


def test_a_dead_kernel_is_told_and_ends_the_check(work):
    results = workbook.check(notebook(work / "20_vae.ipynb", "right", "dead", "right"))
    assert [result.state for result in results] == ["solved", "not checked", "not checked"]
    assert results[1].report.startswith(
        "the kernel died here: out of memory, or something ended it."
    )
    assert results[2].report == "the kernel had died before."


def colab(found):
    """As Colab and old versions of Jupyter save it: nbformat 4.4, cells without ids."""
    found["nbformat_minor"] = 4
    for cell in found["cells"]:
        del cell["id"]


def other_kernel(found):
    found["metadata"]["kernelspec"] = {"name": "conda-env-py", "display_name": "conda"}


def own_heading(found):
    note = {"cell_type": "markdown", "id": "mine", "metadata": {}, "source": ["## 20.99 My notes"]}
    found["cells"].insert(1, note)


@pytest.mark.parametrize("change", [colab, other_kernel, own_heading])
def test_a_changed_notebook_is_checked_all_the_same(work, change):
    path = notebook(work / "20_vae.ipynb", "right", "wrong")
    found = json.loads(path.read_text())
    change(found)
    path.write_text(json.dumps(found))
    assert [result.state for result in workbook.check(path)] == ["solved", "not yet"]


def test_a_notebook_of_version_3_is_checked(work):
    path = notebook(work / "20_vae.ipynb", "right")
    nbformat.write(nbformat.read(path, as_version=3), path)
    assert json.loads(path.read_text())["nbformat"] == 3
    assert [result.state for result in workbook.check(path)] == ["solved"]


def test_an_exercise_whose_check_is_gone_is_named_and_stops_no_other(work):
    path = notebook(work / "20_vae.ipynb", "right", "right", "right")
    found = json.loads(path.read_text())
    del found["cells"][6]
    path.write_text(json.dumps(found))
    results = workbook.check(path)
    assert [result.state for result in results] == ["solved", "not checked", "solved"]
    assert results[1].exercise.number == "20.2" and "is gone" in results[1].report


def test_files_that_are_no_notebooks_are_named_and_stop_no_other(work, capsys):
    notebook(work / "20_vae.ipynb", "right")
    texts = ("", "[1, 2]", "{}", "not a notebook", '{"cells": 3}', '{"cells', '{"nbformat": 9}')
    for number, text in enumerate(texts):
        (work / f"1{number}_notes.ipynb").write_text(text)
    assert main(["check"]) == 1
    lines = capsys.readouterr().out.splitlines()
    for number in range(len(texts)):
        name, told = lines[2 * number : 2 * number + 2]
        assert name == f"1{number}_notes"
        assert told.startswith(f"  [?] {name}.ipynb is not a notebook that can be read (")
    assert lines[2 * len(texts) :][:2] == ["20_vae", "  [x] 20.1 Number 1: solved"]


def test_an_untouched_program_with_a_bug_is_to_do(work):
    """Its code runs, and fails the check; but nobody has tried."""
    bug = next(item for item in catalogue.exercises() if item.kind == "find the bug")
    path = course.EXERCISES / f"{bug.notebook}.ipynb"
    found = json.loads(path.read_text(encoding="utf-8"))
    before, mine = [part for part in catalogue.parts(path) if part.exercise in (None, bug)][:2]
    found["cells"] = [*before.cells, *mine.cells]
    work.mkdir()
    copy = work / path.name
    copy.write_text(json.dumps(found))
    assert [result.state for result in workbook.check(copy)] == ["to do"]
    todo = next(cell for cell in mine.cells if "todo" in catalogue.tags(cell))
    todo["source"] = [*todo["source"], "\n# tried"]
    copy.write_text(json.dumps(found))
    assert [result.state for result in workbook.check(copy)] == ["not yet"]


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "gbk"])
def test_any_output_encoding_will_do(work, encoding):
    command = [sys.executable, "-m", "genimg_lib.cli", "interview", "--language", "zh"]
    environment = os.environ | {
        "PYTHONIOENCODING": encoding,
        "LC_ALL": "C",
        "PYTHONPATH": str(ROOT),
    }
    run = subprocess.run(
        command, input=b"\n1\n\n\nq\n", capture_output=True, env=environment, cwd=ROOT
    )
    assert run.returncode == 0, run.stderr.decode(errors="replace")
    assert b"1/" in run.stdout and not run.stderr


COMMAND = """
import sys, pathlib
from genimg_lib.cli import main
from genimg_lib.practice import course
course.workplace = pathlib.Path.cwd
sys.exit(main(sys.argv[1:]))
"""


def interrupted(command: list[str], place: Path, until: str) -> tuple[int, str, str]:
    """Runs `genimg`, sends it Ctrl-C once it has printed `until`; exit code, output, errors."""
    process = subprocess.Popen(
        [sys.executable, "-u", "-c", COMMAND, *command],
        cwd=place,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # a shell's background job ignores SIGINT, and passes that on
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    shown = b""
    while until.encode() not in shown:
        byte = process.stdout.read(1)
        assert byte, process.stderr.read().decode()
        shown += byte
    process.send_signal(signal.SIGINT)
    rest, errors = process.communicate(timeout=60)
    return process.returncode, (shown + rest).decode(), errors.decode()


@pytest.mark.skipif(os.name == "nt", reason="Windows sends no SIGINT to one process")
def test_ctrl_c_ends_an_interview_with_its_summary_and_files(tmp_path):
    out = tmp_path / "out"
    code, shown, errors = interrupted(["interview", "--out", str(out)], tmp_path, "q ends): ")
    assert code == 130 and errors.strip() == "genimg: interrupted"
    assert "No question was answered." in shown and (out / "interviewer.html").exists()


@pytest.mark.skipif(os.name == "nt", reason="Windows sends no SIGINT to one process")
def test_ctrl_c_ends_a_check_and_keeps_what_was_checked(tmp_path, monkeypatch):
    monkeypatch.setenv("GENIMG_PROGRESS", str(tmp_path / "progress"))
    path = notebook(tmp_path / "my_exercises" / "20_vae.ipynb", "right", "endless_cell")
    code, _, errors = interrupted(["check", "20"], path.parents[1], "20.1 Number 1: solved")
    assert code == 130 and errors.strip() == "genimg: interrupted"
    assert [attempt.passed for attempt in Attempts().read()] == [True]


def test_the_command_prints_verdicts_and_remembers_them(work, capsys):
    notebook(work / "20_vae.ipynb", "right", "wrong", "untouched")
    assert main(["check", "20"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[:3] == ["20_vae", "  [x] 20.1 Number 1: solved", "  [-] 20.2 Number 2: not yet"]
    assert lines[-2] == "  [ ] 20.3 Number 3: to do"
    assert lines[-1].startswith("1 of 3 solved here. In the course: 1 of ")


def test_a_wrong_answer_after_a_right_one_does_not_unsolve(tmp_path):
    early, late = (datetime(2026, 1, day, tzinfo=UTC) for day in (1, 2))
    progress = Attempts(tmp_path / "other.jsonl")
    for attempt in (
        Attempt("a", False, early),
        Attempt("a", True, early),
        Attempt("a", False, late),
        Attempt("b", False, late),
    ):
        progress.add(attempt)
    assert {name: len(tries) for name, tries in progress.tries().items()} == {"a": 2, "b": 1}
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
        assert len(Attempts(tmp_path / "progress" / "exercises.jsonl").read()) == count


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
    Attempts().add(Attempt(FIRST.name, True, datetime.now(UTC)))
    assert main(["progress"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith(f"[x] {FIRST.number:>5} {FIRST.title}"[:40])
    assert lines[-1].startswith(f"1 of {len(catalogue.exercises())} solved, next: ")
    words, *bars, button = overview.progress_bar().children
    assert sum(bar.value for bar in bars) == 1 and sum(bar.max for bar in bars) == len(
        catalogue.exercises()
    )
    Attempts().add(Attempt(catalogue.exercises()[1].name, True, datetime.now(UTC)))
    button.click()
    assert (
        sum(bar.value for bar in bars) == 2
        and f"<b>2 of {len(catalogue.exercises())} solved" in words.value
    )


def test_a_damaged_progress_file_is_kept_aside(work):
    Attempts().add(Attempt("a", True, datetime.now(UTC)))
    with Attempts().path.open("a") as file:
        file.write(json.dumps({"exercise": "b", "passed": "yes", "when": "2026-01-01"}) + "\n")
    progress = Attempts()
    assert [attempt.exercise for attempt in progress.read()] == ["a"]
    assert "kept as exercises.damaged-" in progress.message


def test_a_notebook_without_a_header_is_refused(tmp_path):
    path = notebook(tmp_path / "20_vae.ipynb", "right")
    path.write_text(path.read_text().replace("**mid**", "**medium**"))
    with pytest.raises(ValueError, match=r"exercise 20\.1 has no header line of the expected form"):
        catalogue.exercises(tmp_path)


def test_marks_cover_every_state():
    assert set(exercise_verbs.MARKS) == {"solved", "not yet", "to do", "not checked"}
