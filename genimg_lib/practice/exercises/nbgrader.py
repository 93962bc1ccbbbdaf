"""An exercise notebook as an assignment of nbgrader, for schools that collect and grade with it.

nbgrader itself is not needed here: this writes the folder of a course that its commands
`generate_assignment`, `autograde` and `generate_feedback` work on.
"""

import re
import shutil
from pathlib import Path

import nbformat

from genimg_lib.practice import course
from genimg_lib.practice.exercises import catalogue
from genimg_lib.practice.exercises.catalogue import Part

SCHEMA = 3  # the version of nbgrader's metadata
BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
PICTURE = re.compile(r"\(\.\./solutions/pictures/([^)]+)\)")
CONFIG = """\
# Written by genimg nbgrader. The stub of an exercise stays; one line takes the answer's place.

c = get_config()
c.CourseDirectory.course_id = "genimg"
c.ClearSolutions.code_stub = {"python": "# your answer, in place of the lines above"}
c.ExecutePreprocessor.timeout = 240
c.ClearHiddenTests.enforce_metadata = False
"""


def write(word: str, folder: Path) -> Path:
    """Writes the notebook that `word` means into a course of nbgrader; returns its path.

    Every exercise becomes an answer cell and a graded check, one point each, which nobody but the
    teacher can change. Pictures lie beside the notebook. Raises ValueError for an unknown notebook,
    or one whose solutions are withheld.
    """
    (path,) = catalogue.find([word], course.ROOT / "solutions")[:1]
    place = Path(folder) / "source" / path.stem
    place.mkdir(parents=True, exist_ok=True)
    config = Path(folder) / "nbgrader_config.py"
    if not config.exists():
        config.write_text(CONFIG, encoding="utf-8")
    notebook = nbformat.read(path, as_version=4)
    cells = [cell for part in catalogue.split(path.stem, notebook.cells) for cell in graded(part)]
    pictures = set()
    for cell in cells:
        pictures.update(PICTURE.findall(cell["source"]))
        cell["source"] = PICTURE.sub(r"(\1)", cell["source"])
    for name in pictures:
        shutil.copyfile(course.ROOT / "solutions" / "pictures" / name, place / name)
    made = nbformat.v4.new_notebook(cells=cells)
    made.metadata.kernelspec = notebook.metadata.kernelspec
    nbformat.validate(made)
    target = place / path.name
    nbformat.write(made, target)
    return target


def graded(part: Part) -> list:
    """The cells of a piece as nbgrader wants them; one without an exercise stays as it is."""
    if not part.exercise:
        return [plain(cell) for cell in part.cells]
    tagged = {
        tag: [cell for cell in part.cells if tag in catalogue.tags(cell)]
        for tag in ("todo", "solution", "check")
    }
    answers = [cell["source"] for cell in tagged["solution"] if cell["cell_type"] == "code"]
    stub = "\n\n\n".join(cell["source"] for cell in tagged["todo"])
    answer = "\n".join([f"{stub}\n\n", BEGIN, "\n\n\n".join(answers), END])
    found = []
    for cell in part.cells:
        if cell in tagged["todo"]:
            if cell is tagged["todo"][0]:
                found.append(code(answer, part.exercise.name, solution=True))
        elif cell in tagged["check"]:
            last = cell is tagged["check"][-1]
            found.append(
                code(cell["source"], f"check-{part.exercise.name}", grade=True)
                if last
                else plain(cell)
            )
        elif cell not in tagged["solution"]:
            found.append(plain(cell))
    return found


def plain(cell):
    """A cell without outputs and tags."""
    if cell["cell_type"] == "code":
        return nbformat.v4.new_code_cell(cell["source"])
    return nbformat.v4.new_markdown_cell(cell["source"])


def code(source: str, name: str, *, solution: bool = False, grade: bool = False):
    """A code cell with nbgrader's metadata: an answer, or a locked check that is worth a point."""
    about = {
        "grade_id": name,
        "schema_version": SCHEMA,
        "solution": solution,
        "grade": grade,
        "locked": grade,
        "task": False,
        **({"points": 1} if grade else {}),
    }
    return nbformat.v4.new_code_cell(source, metadata={"nbgrader": about})
