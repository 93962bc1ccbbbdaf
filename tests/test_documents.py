"""What the pages say of each other: no dead link, lesson or exercise; generated pages are fresh."""

import functools
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from PIL import Image

from genimg_lib import data
from genimg_lib.practice.exercises import catalogue
from genimg_lib.practice.interview import bank

ROOT = Path(__file__).parents[1]
FOLDERS = ("notebooks", "solutions", "exercises")
NOTEBOOKS = sorted(path for folder in FOLDERS for path in (ROOT / folder).glob("*.ipynb"))
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
LINK = re.compile(r"""\]\(([^)\s]+)\)|(?:href|src)=["']([^"']+)["']""")
LESSONS = {path.name[:2] for path in (ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb")}
NUMBERS = {exercise.number for exercise in catalogue.exercises(ROOT / "exercises")}

each_document = pytest.mark.parametrize(
    "path", [*PAGES, *NOTEBOOKS], ids=lambda path: path.relative_to(ROOT).as_posix()
)


@functools.cache
def prose(path: Path) -> str:
    """The Markdown of a page or of a notebook."""
    if path.suffix == ".md":
        return path.read_text(encoding="utf-8")
    cells = nbformat.read(path, as_version=4).cells
    return "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")


def without_code(text: str) -> str:
    return re.sub(r"`[^`\n]*`", "", re.sub(r"```.*?```", "", text, flags=re.DOTALL))


@functools.cache
def anchors(path: Path) -> set[str]:
    """The ids that a link into a page may name: its own, and those that renderers give headings."""
    text = prose(path)
    found = set(re.findall(r"""\b(?:id|name)=["']([^"']+)["']""", text))
    for heading in re.findall(r"^#+ +(.+?) *$", without_code(text), re.MULTILINE):
        words = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", heading)
        found.add(re.sub(r"[^\w\- ]", "", words.lower()).replace(" ", "-"))
        found.add(words.replace(" ", "-"))  # JupyterLab keeps the case and the punctuation
    return found


@each_document
def test_every_link_leads_somewhere(path):
    dead = []
    for match in LINK.finditer(without_code(prose(path))):
        target = match[1] or match[2]
        if re.match(r"[a-z]+:", target):  # https:, mailto:, attachment:, data:
            continue
        name, _, anchor = target.partition("#")
        file = (path.parent / name).resolve() if name else path
        if not file.exists() or (anchor and anchor not in anchors(file)):
            dead.append(target)
    assert not dead


def mentioned(pattern: str, text: str) -> set[str]:
    """The numbers in every list that follows a word: "lessons 20, 30 and 44" names three."""
    number = r"\d\d(?:\.\d{1,2})?(?![\d.]*\d)"
    lists = re.findall(rf"{pattern} ({number}(?:(?:, | and | or ){number})*)", text)
    return {found for part in lists for found in re.findall(r"\d\d(?:\.\d{1,2})?", part)}


@each_document
def test_every_lesson_and_exercise_that_is_named_exists(path):
    text = without_code(prose(path))
    assert mentioned("[Ll]essons?", text) <= LESSONS
    exercises = mentioned("[Ee]xercises?", text)
    assert {name for name in exercises if "." in name} <= NUMBERS
    assert {name for name in exercises if "." not in name} <= {
        name.split(".")[0] for name in NUMBERS
    }


def test_the_bank_names_lessons_that_exist():
    for question in bank.load().questions.values():
        texts = [str(value) for value in (question.en, question.sources)]
        assert mentioned("[Ll]essons?", " ".join(texts)) <= LESSONS, question.id
        numbers = re.findall(r"第 ?(\d\d)(?: ?[、和] ?(\d\d))* ?课", str(question.zh))
        assert {name for group in numbers for name in group if name} <= LESSONS, question.id


def test_the_map_in_the_readme_is_that_of_the_notebooks():
    command = [sys.executable, "tools/build_readme.py", "--check"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr


def test_the_programs_of_the_readme_run(tmp_path, monkeypatch, capsys):
    """As they stand, in a folder with pictures, on a few images of MNIST."""
    digits = data.load_mnist()
    monkeypatch.setattr(data, "load_mnist", lambda: [(a[:64], b[:64]) for a, b in digits])
    monkeypatch.chdir(tmp_path)
    for count, image in enumerate(data.load_emoji().images[:200:10]):
        (tmp_path / "photos" / f"{count % 2}").mkdir(parents=True, exist_ok=True)
        Image.fromarray(image).save(tmp_path / "photos" / f"{count % 2}" / f"{count}.png")
    programs = re.findall(r"```python\n(.*?)```", prose(ROOT / "README.md"), re.DOTALL)
    assert len(programs) >= 2
    names: dict = {}
    for program in programs:
        exec(program, names)
    assert names["sevens"].shape == (20, 28, 28, 1)
    assert len(names["train"]) + len(names["test"]) == 20
    assert "\n20 pictures of 32x32 pixels\n" in capsys.readouterr().out
