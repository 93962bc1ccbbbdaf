"""A course that is installed once, read-only, for many: everything a learner writes is in the one
folder that GENIMG_HOME names, and nothing else has to be writable.
"""

import functools
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from genimg_lib.notebook import home, lesson
from genimg_lib.practice import course, journal
from genimg_lib.practice.exercises import catalogue

ROOT = Path(__file__).parents[1]
NOBODY = 65534  # root may write everywhere, so a learner has to be another user
LINK = re.compile(r"\]\((\.\./[^)#\s]+)")


@functools.cache
def as_learner() -> list[str]:
    """What to put before a command so that it has no rights but a learner's."""
    if os.name != "posix" or os.geteuid() != 0:
        return []
    if not shutil.which("setpriv"):
        pytest.skip("root may write everywhere, and there is no setpriv")
    other = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    if subprocess.run([*other, sys.executable, "-c", ""], capture_output=True).returncode:
        pytest.skip("another user cannot run this Python")
    return other


@pytest.fixture(scope="module")
def shared():
    """A read-only copy of the course without its solutions, and a folder of a learner's own."""
    place = Path(tempfile.mkdtemp(prefix="genimg-shared-"))
    place.chmod(0o755)
    for name in (*course.FOLDERS, "genimg_lib"):
        ignored = shutil.ignore_patterns("__pycache__", ".*")
        shutil.copytree(ROOT / name, place / "course" / name, ignore=ignored)
    for path in (place / "course" / "solutions").glob("*.ipynb"):
        path.unlink()
    own = place / "own"
    own.mkdir()
    if as_learner():
        os.chown(own, NOBODY, NOBODY)
    folders = [place / "course", *(place / "course").rglob("*")]
    for path in reversed(folders):
        path.chmod(0o555 if path.is_dir() else 0o444)
    yield place
    for path in folders:
        if path.is_dir():
            path.chmod(0o755)
    shutil.rmtree(place)


def learner(shared: Path, *words: str, code: int = 0) -> str:
    """What a command of a learner prints, whose only writable folder is their own."""
    hidden = ("GENIMG_PROGRESS", "PYTHONPYCACHEPREFIX", *home.CACHES)
    environment = {name: value for name, value in os.environ.items() if name not in hidden}
    done = subprocess.run(
        [*as_learner(), sys.executable, "-B", *words],
        cwd=shared / "course",
        env=environment
        | {
            "PYTHONPATH": str(shared / "course"),
            "GENIMG_HOME": str(shared / "own" / "genimg"),
            "HOME": "/nonexistent",
        },
        capture_output=True,
        text=True,
    )
    assert done.returncode == code, f"{words}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def test_a_learner_cannot_write_into_the_course(shared):
    program = "import os; print(os.access('.', os.W_OK), os.access('notebooks', os.W_OK))"
    assert learner(shared, "-c", program).split() == ["False", "False"]


def test_copies_are_complete_and_can_be_written(shared):
    said = learner(shared, "-m", "genimg_lib.cli", "start")
    assert "my_exercises/30_gan.ipynb: ready" in said
    own = shared / "own" / "genimg"
    copies = catalogue.notebooks(own / course.WORK)
    assert len(copies) == len(catalogue.notebooks(ROOT / "exercises"))
    for path in (*copies, *catalogue.notebooks(own / "notebooks")):
        assert path.stat().st_mode & 0o200
        text = "\n".join(map(catalogue.source, json.loads(path.read_text())["cells"]))
        for link in LINK.findall(text):
            missing = not (path.parent / link).exists()
            assert not missing or link.startswith("../solutions/"), f"{path.name}: {link}"
            assert not (missing and link.endswith(".png")), f"{path.name}: {link}"


def test_work_is_checked_and_progress_kept(shared):
    child = "import subprocess, sys; subprocess.run([sys.executable, '-c', ''], check=True)"
    tried = subprocess.run([*as_learner(), sys.executable, "-c", child], capture_output=True)
    if tried.returncode:
        pytest.skip("another user cannot start a kernel of this Python")
    learner(shared, "-m", "genimg_lib.cli", "start", "20")
    copy = shared / "own" / "genimg" / course.WORK / "20_vae.ipynb"
    before, first, *_ = catalogue.parts(ROOT / "solutions" / copy.name)
    found = json.loads(copy.read_text())
    copy.write_text(json.dumps(found | {"cells": [*before.cells, *first.cells]}))
    assert "[x] 20.1 " in learner(shared, "-m", "genimg_lib.cli", "check", "20")
    assert (shared / "own" / "genimg" / "progress" / "exercises.jsonl").exists()
    assert "1 of " in learner(shared, "-m", "genimg_lib.cli", "progress").splitlines()[-1]


def test_interviews_do_without_solutions_that_are_withheld(shared):
    out = str(shared / "own" / "sheets")
    learner(shared, "-m", "genimg_lib.cli", "sheets", "--out", out, "--seed", "0")
    assert (shared / "own" / "sheets" / "candidate.html").exists()


def test_one_setting_moves_everything(tmp_path, monkeypatch):
    for variable in ("GENIMG_PROGRESS", "GENIMG_CACHE", *home.CACHES):
        monkeypatch.setenv(variable, "")  # so that the end of the test takes away what is set below
        monkeypatch.delenv(variable)
    monkeypatch.setenv(home.VARIABLE, str(tmp_path))
    assert course.workplace() == tmp_path
    assert journal.private_path("exercises") == tmp_path / "progress" / "exercises.jsonl"
    home.keep_caches()
    for variable, name in home.CACHES.items():
        assert os.environ[variable] == str(tmp_path / "cache" / name)
        monkeypatch.delenv(variable)
    monkeypatch.delenv(home.VARIABLE)
    assert home.home() is None and home.part("progress") is None


def test_lessons_declare_themselves_in_a_package_too():
    """`lesson.start(30)` reads the notebook's metadata, wherever the course lies."""
    assert lesson.NOTEBOOKS == course.LESSONS
