"""Which exercises there are.

They are read from the notebooks themselves: headings, header lines and check cells.
"""

import json
import re
from dataclasses import dataclass
from pathlib import Path, PurePath

from genimg_lib.practice.course import EXERCISES, LESSONS, LEVELS

KINDS = ("write", "derive", "find the bug", "read", "estimate", "capstone")

HEADING = re.compile(r"## (?P<number>\d+\.\d+) (?P<title>.+)")
HEADER = re.compile(
    rf"\*\*(?P<level>{'|'.join(LEVELS)})\*\* · (?P<minutes>\d+) minutes · "
    rf"(?P<kind>{'|'.join(KINDS)}) · "
    r"prepares: \[lesson (?P<lesson>\d\d)\]\([^)]+\) · \*Interviewers look for:\* (?P<wanted>.+)"
)
CHECK = re.compile(r"check\.(?P<name>\w+)\((?P<answers>.*)\)\s*\Z", re.DOTALL)
TASK = re.compile(r"task\.(?P<name>\w+)\(")
LESSON = re.compile(r"from genimg_lib\.checks\.lessons import (?P<module>lesson_\d\d) as task")
TOPIC = re.compile(r"^from genimg_lib\.checks import (?P<topic>\w+) as check$", re.MULTILINE)


@dataclass(frozen=True)
class Exercise:
    """One exercise of the course.

    Its name is that of its checker; `notebook` is the stem of the file that holds it.
    """

    name: str
    notebook: str
    number: str
    title: str
    level: str
    minutes: int
    kind: str
    lesson: str


@dataclass(frozen=True)
class Part:
    """A piece of a notebook: an exercise, or the cells before and between.

    `exercise` is None where a piece has no header line or no check cell. `number` is that of its
    heading, such as 30.2, or empty.
    """

    exercise: Exercise | None
    number: str
    cells: list[dict]

    @property
    def code(self) -> list[str]:
        """The text of its code cells."""
        return [source(cell) for cell in self.cells if cell["cell_type"] == "code"]


def parts(path: Path) -> list[Part]:
    """The pieces of a notebook that was written in the course's own format."""
    return split(path.stem, json.loads(path.read_text(encoding="utf-8"))["cells"])


def split(notebook: str, cells: list[dict]) -> list[Part]:
    """Splits the cells of a notebook, named by its stem, at its headings of level 2."""
    groups: list[list[dict]] = [[]]
    for cell in cells:
        if cell["cell_type"] == "markdown" and source(cell).startswith("## "):
            groups.append([])
        groups[-1].append(cell)
    return [_part(notebook, group) for group in groups]


def _part(notebook: str, cells: list[dict]) -> Part:
    text = source(cells[0]) if cells else ""
    heading = HEADING.match(text)
    if not heading:
        return Part(None, "", cells)
    header = HEADER.search(text)
    checks = [CHECK.search(source(cell)) for cell in cells if "check" in tags(cell)]
    if not header or not checks or not all(checks):
        return Part(None, heading["number"], cells)
    exercise = Exercise(
        name=checks[-1]["name"],
        notebook=notebook,
        number=heading["number"],
        title=heading["title"].strip(),
        level=header["level"],
        minutes=int(header["minutes"]),
        kind=header["kind"],
        lesson=header["lesson"],
    )
    return Part(exercise, exercise.number, cells)


def exercises(folder: Path = EXERCISES) -> list[Exercise]:
    """All exercises of a folder of the course, in order.

    Raises ValueError for a numbered heading without a header line or without a check cell.
    """
    found = []
    for path in notebooks(folder):
        for part in parts(path):
            if part.exercise:
                found.append(part.exercise)
            elif part.number:
                missing = "check cell" if HEADER.search(source(part.cells[0])) else "header line"
                raise ValueError(
                    f"{path.stem}: exercise {part.number} has no {missing} of the expected form"
                )
    return found


def lesson_tasks(path: Path) -> list[str]:
    """The tasks inside one lesson, as the journal names them: `lesson_30.best_discriminator`."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    module = LESSON.search("\n".join(source(cell) for cell in cells))
    checks = [TASK.search(source(cell)) for cell in cells if "task-check" in tags(cell)]
    return [f"{module['module']}.{check['name']}" for check in checks if module and check]


def tasks(folder: Path = LESSONS) -> dict[str, list[str]]:
    """Every lesson that has tasks, by the stem of its notebook -> its tasks in order."""
    found = {path.stem: lesson_tasks(path) for path in notebooks(folder)}
    return {lesson: names for lesson, names in found.items() if names}


def notebooks(folder: Path = EXERCISES) -> list[Path]:
    """The notebooks of a folder, in order."""
    return sorted(Path(folder).glob("[0-9][0-9]_*.ipynb"))


def find(words: list[str], *folders: Path) -> list[Path]:
    """The notebooks that any of `words` means, or all; ValueError for a word that means none.

    A word is a number (30, or 30.2 for the notebook that holds this exercise), a name with or
    without its number (30_gan, gan), the beginning of one (30_g), or a path.
    """
    available = [path for folder in folders for path in notebooks(folder)]
    for word in words:
        if not any(_means(word, path.stem) for path in available):
            known = ", ".join(dict.fromkeys(path.stem for path in available)) or "none"
            places = " or ".join(folder.name for folder in folders)
            raise ValueError(f"there is no notebook {word!r} in {places}; there are: {known}")
    return [
        path for path in available if not words or any(_means(word, path.stem) for word in words)
    ]


def _means(word: str, stem: str) -> bool:
    word = PurePath(word).name.removesuffix(".ipynb")
    number, name = stem.split("_", 1)
    if re.fullmatch(r"\d+(\.\d*)?", word):
        return int(word.partition(".")[0]) == int(number)
    begins = word.startswith(f"{number}_") and stem.startswith(word)
    return begins or word == name


def source(cell: dict) -> str:
    """The text of a cell, which the format stores as a string or as lines."""
    return "".join(cell["source"])


def tags(cell: dict) -> list[str]:
    return cell["metadata"].get("tags", [])
