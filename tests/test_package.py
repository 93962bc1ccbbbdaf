"""The package alone.

A wheel that is installed outside of the repository has all that a learner needs.
"""

import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from genimg_lib.practice.exercises import catalogue

ROOT = Path(__file__).parents[1]
MEGABYTES = 75  # what a package index takes without asking is 100


def run(*command, cwd, **environment):
    done = subprocess.run(
        command, cwd=cwd, env=os.environ | environment, capture_output=True, text=True
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel. Building needs hatchling, which uv has in its cache or fetches."""
    folder = tmp_path_factory.mktemp("wheel")
    for options in (("--offline",), ()):
        try:
            done = subprocess.run(
                ["uv", "build", "--wheel", "-q", "-o", str(folder), *options],
                cwd=ROOT,
                capture_output=True,
                text=True,
            )
        except FileNotFoundError:
            pytest.skip("uv is not installed")
        if done.returncode == 0:
            return next(folder.glob("*.whl"))
    if re.search("network|offline|connect|dns|resolve host", done.stderr, re.IGNORECASE):
        pytest.skip("neither a network nor hatchling in the cache of uv")
    pytest.fail(done.stderr)


@pytest.fixture(scope="module")
def alone(wheel, tmp_path_factory):
    """Runs commands with the installed wheel, without the repository and with a new home."""
    place = tmp_path_factory.mktemp("alone")
    (place / "home").mkdir()
    (place / "work").mkdir()
    site = place / "site"
    options = ["--no-deps", "--offline", "-q", "--python", sys.executable, "--target", str(site)]
    run("uv", "pip", "install", *options, str(wheel), cwd=place)
    offline = str(ROOT / "tests" / "offline")

    def command(*words):
        return run(
            sys.executable,
            *words,
            cwd=place / "work",
            # before the repository, which this environment has as an editable package
            PYTHONPATH=os.pathsep.join([str(site), offline]),
            HOME=str(place / "home"),
            GENIMG_PROGRESS="",
        )

    assert command("-c", "import genimg_lib; print(genimg_lib.__file__)").startswith(str(site))
    return command, place


def test_the_wheel_is_small_and_complete(wheel):
    assert wheel.stat().st_size < MEGABYTES * 1e6
    names = set(zipfile.ZipFile(wheel).namelist())
    for folder in ("notebooks", "exercises", "solutions"):
        for path in (ROOT / folder).rglob("*.*"):
            assert f"genimg_lib/course/{path.relative_to(ROOT).as_posix()}" in names
    assert not [name for name in names if name.startswith(("tests", "tools", "."))]


def solve_first(copy: Path):
    """Puts the first exercise of a solution, with its answer, in the place of a copy."""
    solution = ROOT / "solutions" / copy.name
    before, first, *_ = catalogue.parts(solution)
    found = json.loads(solution.read_text(encoding="utf-8"))
    found["cells"] = [*before.cells, *first.cells]
    copy.write_text(json.dumps(found))


def test_a_learner_can_start_and_check(alone):
    command, place = alone
    said = command("-m", "genimg_lib.cli", "start", "20")
    course = place / "work" / "genimg_course"
    assert "my_exercises/20_vae.ipynb: ready" in said
    assert "notebooks/20_vae.ipynb: ready" in said
    assert "Open:  jupyter lab --notebook-dir=genimg_course genimg_course/my_exercises/" in said
    solve_first(course / "my_exercises" / "20_vae.ipynb")
    said = command("-m", "genimg_lib.cli", "check", "20")
    assert "[x] 20.1 " in said and "1 of 1 solved here. In the course: 1 of " in said
    assert list((place / "home").rglob("exercises.jsonl"))


def test_a_learner_can_be_interviewed(alone):
    command, place = alone
    command("-m", "genimg_lib.cli", "sheets", "--out", "sheets")
    assert (place / "work" / "sheets" / "candidate.html").exists()
    assert "new" in command("-m", "genimg_lib.cli", "due")


def test_a_trained_model_draws(alone):
    command, _ = alone
    program = "from genimg_lib import lesson, pretrained; lesson.declared(30); "
    program += "print(pretrained.load('gan').generate(5, seed=0).shape)"
    assert command("-c", program).splitlines()[-1] == "(5, 28, 28, 1)"


def test_the_command_is_installed(wheel):
    with zipfile.ZipFile(wheel) as package:
        (name,) = [name for name in package.namelist() if name.endswith("entry_points.txt")]
        assert "genimg = genimg_lib.cli:main" in package.read(name).decode()
