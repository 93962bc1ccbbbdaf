"""An exercise notebook released, submitted and graded with nbgrader's own commands."""

import csv
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from genimg_lib.practice.exercises import catalogue, nbgrader

ROOT = Path(__file__).parents[1]
NOTEBOOK = "20_vae"
PROGRAM = os.environ.get("GENIMG_NBGRADER") or shutil.which("nbgrader")


def test_every_exercise_becomes_an_answer_and_a_graded_check(tmp_path):
    path = nbgrader.write("30", tmp_path)
    assert path == tmp_path / "source" / "30_gan" / "30_gan.ipynb"
    cells = nbformat.read(path, as_version=4).cells
    about = [cell.metadata.nbgrader for cell in cells if "nbgrader" in cell.metadata]
    names = [exercise.name for exercise in catalogue.exercises() if exercise.notebook == "30_gan"]
    assert [entry.grade_id for entry in about if entry.solution] == names
    checks = [f"check-{name}" for name in names]
    assert [entry.grade_id for entry in about if entry.grade and entry.locked] == checks
    assert sum(entry.get("points", 0) for entry in about) == len(names)
    text = "\n".join(cell.source for cell in cells)
    for link in re.findall(r"\]\(([\w.]+\.png)\)", text):
        assert (path.parent / link).is_file()
    assert "solutions/pictures" not in text


def test_only_an_answer_holds_what_a_release_takes_out(tmp_path):
    """Without nbgrader: cut what stands between its marks, and the exercise is the course's own."""
    cells = nbformat.read(nbgrader.write(NOTEBOOK, tmp_path), as_version=4).cells
    cut = f"{nbgrader.BEGIN}.*?{nbgrader.END}"
    released = [re.sub(cut, "", cell.source, flags=re.DOTALL).strip() for cell in cells]
    exercise = nbformat.read(ROOT / "exercises" / f"{NOTEBOOK}.ipynb", as_version=4)
    own = [cell.source.strip().replace("../solutions/pictures/", "") for cell in exercise.cells]
    assert released == own


def run(*words, cwd):
    """One command of nbgrader in its own environment: it starts alembic by name, from the PATH.

    The kernel that the notebook names is this Python, wherever nbgrader lies.
    """
    environment = os.environ | {
        "PATH": os.pathsep.join([str(Path(PROGRAM).parent), os.environ["PATH"]]),
        "JUPYTER_PATH": str(cwd / "jupyter" / "share" / "jupyter"),
    }
    done = subprocess.run(
        [PROGRAM, *words], cwd=cwd, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, f"{words}\n{done.stdout}\n{done.stderr}"


@pytest.mark.slow
@pytest.mark.skipif(not PROGRAM, reason="nbgrader is not installed, see docs/elsewhere.md")
def test_solved_gets_full_marks_and_unsolved_none(tmp_path):
    source = nbgrader.write(NOTEBOOK, tmp_path)
    count = len([found for found in catalogue.exercises() if found.notebook == NOTEBOOK])
    kernel = [sys.executable, "-m", "ipykernel", "install", "--prefix", str(tmp_path / "jupyter")]
    subprocess.run(kernel, check=True, capture_output=True)
    run("generate_assignment", NOTEBOOK, "--create", cwd=tmp_path)
    released = tmp_path / "release" / NOTEBOOK / source.name
    assert nbgrader.BEGIN not in released.read_text()
    for learner, work in (("solved", source), ("unsolved", released)):
        place = tmp_path / "submitted" / learner / NOTEBOOK
        place.mkdir(parents=True)
        shutil.copyfile(work, place / source.name)
    run("autograde", NOTEBOOK, "--create", cwd=tmp_path)
    run("export", "--to", "grades.csv", cwd=tmp_path)
    with (tmp_path / "grades.csv").open() as file:
        marks = {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}
    assert marks == {"solved": count, "unsolved": 0}
