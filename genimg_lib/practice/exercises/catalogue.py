"""Which exercises there are, read from the notebooks themselves: headings, headers and check
cells.
"""

import json
import re
from dataclasses import dataclass
from pathlib import Path

COURSE = Path(__file__).parents[3]
FOLDER = COURSE / "exercises"
LEVELS = ("junior", "mid", "senior", "staff")
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
    """One exercise: its name is that of its checker; `notebook` is the stem of the file that
    holds it.
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
    """A piece of a notebook: the cells of one exercise, or those before and after, where
    `exercise` is None.
    """

    exercise: Exercise | None
    cells: list[dict]


def parts(path: Path) -> list[Part]:
    """Splits a notebook at its headings of level 2. Raises ValueError for one without a header
    or a check cell.
    """
    groups: list[list[dict]] = [[]]
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "markdown" and source(cell).startswith("## "):
            groups.append([])
        groups[-1].append(cell)
    return [
        Part(_exercise(path.stem, cells) if HEADING.match(source(cells[0])) else None, cells)
        for cells in groups
    ]


def _exercise(notebook: str, cells: list[dict]) -> Exercise:
    heading = HEADING.match(source(cells[0]))
    header = HEADER.search(source(cells[0]))
    checks = [CHECK.search(source(cell)) for cell in cells if "check" in tags(cell)]
    if not header or not checks or not all(checks):
        missing = "header line" if not header else "check cell"
        raise ValueError(
            f"{notebook}: exercise {heading['number']} has no {missing} of the expected form"
        )
    facts = header.groupdict()
    return Exercise(
        name=checks[-1]["name"],
        notebook=notebook,
        number=heading["number"],
        title=heading["title"].strip(),
        level=facts["level"],
        minutes=int(facts["minutes"]),
        kind=facts["kind"],
        lesson=facts["lesson"],
    )


def exercises(folder: Path = FOLDER) -> list[Exercise]:
    """All exercises of a folder, in order."""
    return [part.exercise for path in notebooks(folder) for part in parts(path) if part.exercise]


def lesson_tasks(path: Path) -> list[str]:
    """The tasks inside one lesson, as the journal names them: `lesson_30.best_discriminator`."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    module = LESSON.search("\n".join(source(cell) for cell in cells))
    checks = [TASK.search(source(cell)) for cell in cells if "task-check" in tags(cell)]
    return [f"{module['module']}.{check['name']}" for check in checks if module and check]


def tasks(folder: Path = COURSE / "notebooks") -> dict[str, list[str]]:
    """Every lesson that has tasks, by the stem of its notebook -> its tasks in order."""
    found = {path.stem: lesson_tasks(path) for path in notebooks(folder)}
    return {lesson: names for lesson, names in found.items() if names}


def notebooks(folder: Path = FOLDER) -> list[Path]:
    """The notebooks of a folder, in order."""
    return sorted(Path(folder).glob("[0-9][0-9]_*.ipynb"))


def find(words: list[str], folder: Path = FOLDER) -> list[Path]:
    """The notebooks whose names begin with one of `words`, or all; ValueError for a word that
    fits none.
    """
    available = notebooks(folder)
    for word in words:
        if not any(path.stem.startswith(word) for path in available):
            known = ", ".join(path.stem for path in available) or "none"
            raise ValueError(
                f"there is no notebook {word!r} in {Path(folder).name}; there are: {known}"
            )
    return [path for path in available if not words or path.stem.startswith(tuple(words))]


def source(cell: dict) -> str:
    """The text of a cell, which the format stores as a string or as lines."""
    return "".join(cell["source"])


def tags(cell: dict) -> list[str]:
    return cell["metadata"].get("tags", [])
