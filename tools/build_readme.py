"""Writes the map of the course into README.md, from the notebooks themselves.

uv run tools/build_readme.py            # writes what has changed
uv run tools/build_readme.py --check    # fails if something would change

A lesson's row comes from its heading and its metadata (`genimg`: outcome, minutes), its exercises
from the notebook of the same number in `exercises/`.
"""

import sys
from pathlib import Path

import nbformat
from _shared import ROOT, between, command_line

from genimg_lib.practice.exercises import catalogue

README = ROOT / "README.md"
MAP = between("<!-- map: made by tools/build_readme.py -->\n", "<!-- end of the map -->")
PARTS = {
    "0": "Start",
    "1": "Measuring",
    "2": "Variational autoencoders",
    "3": "Generative adversarial networks",
    "4": "Tokens and transformers",
    "5": "Diffusion",
    "6": "Words and pictures",
    "7": "Practice",
    "9": "Interview",
}
TITLES = {"91": "Capstones", "92": "Code it in 20 minutes"}  # exercises that have no lesson


def course_map() -> str:
    """The table of lessons and exercises, part by part, as Markdown."""
    lessons = {path.name[:2]: path for path in sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))}
    exercises = {path.name[:2]: path for path in catalogue.notebooks(ROOT / "exercises")}
    lines = ["| | Lesson | Afterwards you can | Minutes | Exercises |", "|---|---|---|---|---|"]
    part = None
    for number in sorted(lessons.keys() | exercises.keys()):
        if number[0] != part:
            part = number[0]
            lines.append(f"| **{part}** | **{PARTS[part]}** | | | |")
        lines.append(row(number, lessons.get(number), exercises.get(number)))
    count = len(catalogue.exercises(ROOT / "exercises"))
    return "\n".join([*lines, "", f"{len(lessons)} lessons, {count} exercises.", ""])


def row(number: str, lesson: Path | None, exercises: Path | None) -> str:
    """One line of the map; a number may have a lesson, exercises, or both."""
    title = facts = ""
    minutes = practice = ""
    if lesson:
        notebook = nbformat.read(lesson, as_version=4)
        heading = notebook.cells[0].source.splitlines()[0].removeprefix(f"# {number} ")
        title = f"[{heading}](notebooks/{lesson.name})"
        facts = notebook.metadata["genimg"]["outcome"]
        minutes = f"{notebook.metadata['genimg']['minutes']:g}"
    if exercises:
        about = nbformat.read(exercises, as_version=4).metadata["genimg"]["about"]
        count = sum(part.exercise is not None for part in catalogue.parts(exercises))
        practice = f"[{count}](exercises/{exercises.name}): {about}"
        title = title or TITLES[number]
    return f"| {number} | {title} | {facts} | {minutes} | {practice} |"


def main() -> int:
    parser = command_line(__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if it is stale")
    check = parser.parse_args().check
    text = README.read_text(encoding="utf-8")
    made = MAP.sub(lambda _: course_map(), text)
    if made == text:
        return 0
    if check:
        print("README.md is stale: run uv run tools/build_readme.py")
        return 1
    README.write_text(made, encoding="utf-8")
    print("README.md: written")
    return 0


if __name__ == "__main__":
    sys.exit(main())
