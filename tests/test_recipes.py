"""The recipes for authors, followed in a copy of the repository.

A family takes a module, its name and one entry; an exercise a notebook, a checker and answers; a
question one entry. Whatever is left out is noticed.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import contract
import nbformat
import pytest

ROOT = Path(__file__).parents[1]

ENTRY = '    "toy_family": Family("mean image", MeanImage, MeanImage, weights="mean_image"),\n'
MEAN_IMAGE_NAME = '        "mean_image": ["MeanImage"],\n'
MEAN_IMAGE_IMPORT = "from genimg_lib.models.mean_image import MeanImage\n"

CHECKER = '''"""Checks of exercises 98: a toy."""

from genimg_lib.checks.core import array, checker, expect


@checker
def double(answer):
    """Twice a number."""
    for number in (5.0, -1.5, 0.0):
        found = array(answer(number), "the result", ())
        expect(found != number or not number, "the number itself comes back.")
        expect(found != number**2 or not number, "that is the square.")
        expect(found != -2 * number or not number, "the sign is wrong.")
        expect(found != number / 2 or not number, "that is half of it.")
        expect(found == 2 * number, "twice the number is wanted, and this is not.")
    yield "twice the number"
'''

ANSWERS = """from answers import right, wrong

right("product", lambda x: 2 * x)
right("sum", lambda x: x + x)
right("quotient", lambda x: x / 0.5)
wrong("the number itself", "identity", lambda x: x)
wrong("the square", "square", lambda x: x * x)
wrong("the sign", "negative", lambda x: -2 * x)
wrong("half of it", "half", lambda x: x / 2)
wrong("twice the number is wanted", "triple", lambda x: 3 * x)
"""

STUB = 'def double(x):\n    """A number -> twice the number."""\n'
PROMPT = (
    "## 98.1 Twice\n\n**junior** · 1 minutes · write · prepares: [lesson 10](x.ipynb) · "
    "*Interviewers look for:* care\n\nDouble it.\n\n**Constraints.** None."
)
DISCUSSION = (
    "**Why.** So. **Tempting and wrong.** Three times. **Follow-ups.** *Junior:* a. *Senior:* b. "
    "*Staff:* c. **Source.** None."
)

QUESTION = """
[[question]]
id = "tokens-toy"
level = "junior"
type = "concept"
checked = "2026-11"
asked = "rarely"
asked_basis = "key words found in the questions of 0 of 14 public lists"
sources = [{ title = "On toys", link = "https://example.org/toys" }]

[question.en]
question = "What is a toy?"
answer = "ENGLISH"
key_points = ["a", "b", "c"]
wrong = "It is none."
why_wrong = "It is one."
follow_ups = [["Why?", "So."], ["How?", "Thus."]]

[question.zh]
question = "什么是玩具？"
answer = "CHINESE"
key_points = ["甲", "乙", "丙"]
wrong = "不是玩具。"
why_wrong = "是玩具。"
follow_ups = [["为什么？", "因为。"], ["怎么做？", "这样。"]]
"""


def cell(text: str, tag: str, code: bool = False):
    make = nbformat.v4.new_code_cell if code else nbformat.v4.new_markdown_cell
    return make(text, metadata={"tags": [tag]} if tag else {})


def write_exercise(copy: Path) -> None:
    """A notebook in solutions/: a stub, its answer, a check, three hints, a discussion."""
    hints = [f"<details><summary>Hint {number}</summary>x</details>" for number in (1, 2, 3)]
    cells = [
        cell("from genimg_lib.checks import toy as check", "", code=True),
        cell(PROMPT, ""),
        cell(STUB + '    raise NotImplementedError("TODO: double it")', "todo", code=True),
        cell(STUB + "    return x + x", "solution", code=True),
        cell("check.double(double)", "check", code=True),
        *[cell(hint, "hint") for hint in hints],
        cell(DISCUSSION, "solution"),
    ]
    metadata = {
        "genimg": {"minutes": 1, "memory_gb": 1},
        "kernelspec": {"name": "python3", "display_name": "Python 3"},
    }
    path = copy / "solutions" / "98_toy.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=metadata), path)
    execute = ("-m", "nbconvert", "--to=notebook", "--execute", "--inplace", "--allow-errors")
    run(copy, *execute, str(path))


def write_checker(copy: Path) -> None:
    folder = copy / "genimg_lib" / "checks" / "toy"
    folder.mkdir()
    (folder / "__init__.py").write_text(CHECKER)


def write_answers(copy: Path) -> None:
    folder = copy / "tests" / "answers" / "toy"
    folder.mkdir()
    (folder / "double.py").write_text(ANSWERS)


def write_family(copy: Path) -> None:
    """A module, its name in the package, an entry in the registry."""
    folder = copy / "genimg_lib" / "models"
    module = (copy / "tests" / "mean_image.py").read_text(encoding="utf-8")
    # registered under another name than the one that the tests import
    module = module.replace('("tests")', '("genimg")')
    (folder / "mean_image.py").write_text(module, encoding="utf-8")
    insert(folder / "__init__.py", '        "next_scale": ["NextScale"],\n', MEAN_IMAGE_NAME)
    families = folder / "families.py"
    insert(families, "from genimg_lib.models.next_scale import NextScale\n", MEAN_IMAGE_IMPORT)
    insert(families, "FAMILIES: dict[str, Family] = {\n", ENTRY)


def insert(path: Path, after: str, line: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(after) == 1
    path.write_text(text.replace(after, after + line), encoding="utf-8")


def write_question(copy: Path) -> None:
    """One entry at the end of one file."""
    path = copy / "genimg_lib" / "practice" / "interview" / "bank" / "tokens.toml"
    entry = QUESTION.replace(
        "ENGLISH", "A toy is a thing to play with, and no more than that. " * 11
    )
    entry = entry.replace(
        "CHINESE", "玩具是用来玩的东西，仅此而已，没有别的用处，也不需要别的用处。" * 7
    )
    path.write_text(path.read_text(encoding="utf-8") + entry, encoding="utf-8")


def run(copy: Path, *arguments: str) -> subprocess.CompletedProcess:
    path = os.pathsep.join([str(copy), os.environ["PYTHONPATH"]])
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=copy,
        env=os.environ | {"PYTHONPATH": path},
        capture_output=True,
        text=True,
    )


def suite(copy: Path, files: str, words: str) -> subprocess.CompletedProcess:
    """Runs the tests that speak of the new piece."""
    options = ("-n0", "-v", "-x", "-p", "no:cacheprovider")
    return run(copy, "-m", "pytest", *options, *files.split(), "-k", words)


@pytest.fixture
def copy(tmp_path):
    """The repository without its history, environments and heavy files, which no recipe touches."""
    ignored = shutil.ignore_patterns(".*", "__pycache__", "weights", "mnist", "adapters", "my_*")
    return Path(shutil.copytree(ROOT, tmp_path / "copy", ignore=ignored))


def test_a_family_is_a_module_its_name_and_an_entry(copy):
    write_family(copy)
    done = suite(copy, "tests/test_contract.py tests/test_tools.py", "toy_family")
    assert done.returncode == 0, done.stdout + done.stderr
    for check in (*contract.WITHOUT_FILES, *contract.WITH_FILES):
        assert re.search(rf"\[{check.__name__}-toy_family\] PASSED", done.stdout), check.__name__
    raced = "test_a_family_is_raced_measured_and_trained_by_its_registration[toy_family] PASSED"
    assert raced in done.stdout


def test_an_exercise_is_a_notebook_a_checker_and_answers(copy):
    write_checker(copy)
    write_exercise(copy)
    write_answers(copy)
    run(copy, "tools/build_exercises.py")
    tests = "tests/test_exercises.py", "generated or every_name or every_level or double or toy"
    done = suite(copy, *tests)
    assert done.returncode == 0, done.stdout + done.stderr
    for test in ("has_all_its_parts", "agree", "get_their_own_feedback", "mutants"):
        assert re.search(rf"test_\w*{test}\w*\[double\]", done.stdout), test
    for test in ("every_feedback", "is_executed_quiet_and_small"):
        assert re.search(rf"test_\w*{test}\w*\[\w*toy\]", done.stdout), test
    missed_by = {
        "genimg_lib/checks/toy": "double",
        "tests/answers/toy": "double",
        "solutions/98_toy.ipynb": "every_name",
        "exercises/98_toy.ipynb": "every_name",
    }
    for piece, words in missed_by.items():
        aside = (copy / piece).rename(copy / "aside")
        failed = (
            suite(copy, "tests/test_exercises.py", words).returncode == pytest.ExitCode.TESTS_FAILED
        )
        assert failed, f"nobody misses {piece}"
        aside.rename(copy / piece)


def test_a_question_is_an_entry(copy):
    write_question(copy)
    tests = "tests/test_bank.py tests/test_interview.py", "toy or alike or every_level or pages"
    assert "in-step tokens tokens-toy" in suite(copy, *tests).stdout  # what is to be done
    run(copy, "tools/build_bank.py", "in-step", "tokens", "tokens-toy")
    assert "build_bank.py pages" in suite(copy, *tests).stdout
    run(copy, "tools/build_bank.py", "pages")
    done = suite(copy, *tests)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "test_all_fields_are_rich_enough[zh-tokens:tokens-toy]" in done.stdout
