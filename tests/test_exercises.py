"""Exercises and their checkers.

Exercises are generated; each fails unsolved and passes solved; wrong answers get their own
feedback.
"""

import ast
import functools
import importlib
import subprocess
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import mutants
import nbformat
import pytest

from genimg_lib.checks import core, guard
from genimg_lib.practice import course
from genimg_lib.practice.exercises import catalogue
from genimg_lib.practice.exercises.catalogue import source, tags

ROOT = Path(__file__).parents[1]
SOLUTIONS = catalogue.notebooks(ROOT / "solutions")
PARTS = {
    part.exercise.name: part
    for path in SOLUTIONS
    for part in catalogue.parts(path)
    if part.exercise
}
CODING = [name for name, part in PARTS.items() if part.exercise.kind != "capstone"]
CHOICE = ("read", "estimate")  # the answer is a value: fewer ways to be right
TOPICS = sorted(  # of the capstones see test_capstones, of the lessons' tasks test_lessons
    {path.parent.name for path in (ROOT / "genimg_lib" / "checks").glob("*/__init__.py")}
    - {"capstones", "lessons"}
)

each_exercise = pytest.mark.parametrize("name", PARTS)
each_coding_exercise = pytest.mark.parametrize("name", CODING)


@pytest.mark.parametrize(
    "path", catalogue.notebooks(ROOT / "exercises"), ids=lambda path: path.stem
)
@pytest.mark.slow
def test_unsolved_every_check_fails_and_all_else_runs(path, monkeypatch):
    monkeypatch.chdir(path.parent)
    names = {"__name__": "__main__"}
    for number, cell in enumerate(nbformat.read(path, as_version=4).cells):
        if cell.cell_type == "code":
            fails = pytest.raises(core.NotYet) if "check" in tags(cell) else nullcontext()
            with fails:
                exec(compile(cell.source, f"cell {number} of {path.name}", "exec"), names)


def code(part, tag=None) -> list[str]:
    return [
        source(cell)
        for cell in part.cells
        if cell["cell_type"] == "code" and (tag is None or tag in tags(cell))
    ]


def topic(notebook: str):
    """The module of checkers that a notebook uses."""
    (path,) = [path for path in SOLUTIONS if path.stem == notebook]
    found = catalogue.TOPIC.search(
        "\n".join(source(cell) for cell in catalogue.parts(path)[0].cells)
    )
    return importlib.import_module(f"genimg_lib.checks.{found['topic']}")


def topic_of(name: str) -> str:
    return topic(PARTS[name].exercise.notebook).__name__.rpartition(".")[2]


def checker_of(name: str):
    return getattr(topic(PARTS[name].exercise.notebook), name)


def given(name: str):
    return importlib.import_module(f"answers.{topic_of(name)}.{name}")


def verdict(name: str, answer):
    many = getattr(given(name), "MANY", False)
    return checker_of(name).verdict(*(answer if many else (answer,)))


@functools.cache
def verdicts(name: str) -> list:
    """(answer, verdict) of all that were given to an exercise."""
    return [(answer, verdict(name, answer.answer)) for answer in given(name).GIVEN]


# --- one source -----------------------------------------------------------------------------------


def test_the_exercises_are_generated_from_the_solutions():
    result = subprocess.run(
        [sys.executable, "tools/build_exercises.py", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, (
        f"run uv run tools/build_exercises.py\n{result.stdout}{result.stderr}"
    )


def test_every_name_and_number_is_there_once():
    found = catalogue.exercises(ROOT / "solutions")
    for what in ("name", "number"):
        assert len({getattr(exercise, what) for exercise in found}) == len(found)
    assert found == catalogue.exercises(ROOT / "exercises")


def test_every_level_and_kind_has_exercises():
    found = catalogue.exercises(ROOT / "solutions")
    assert {exercise.level for exercise in found} == set(course.LEVELS)
    assert {exercise.kind for exercise in found} == set(catalogue.KINDS)


@each_exercise
def test_an_exercise_has_all_its_parts(name):
    part = PARTS[name]
    assert part.exercise.number.split(".")[0] == str(int(part.exercise.notebook[:2]))
    text = {
        tag: [source(cell) for cell in part.cells if tag in tags(cell)]
        for tag in ("todo", "solution", "check", "hint")
    }
    assert text["todo"] and text["check"] and text["solution"]
    assert len(text["hint"]) == 3
    for number, hint in enumerate(text["hint"], 1):
        assert hint.startswith(f"<details><summary>Hint {number}"), hint
    prompt = source(part.cells[0])
    assert "**Constraints.**" in prompt
    discussion = "\n".join(
        source(cell)
        for cell in part.cells
        if "solution" in tags(cell) and cell["cell_type"] == "markdown"
    )
    for heading in ("**Why.**", "**Tempting and wrong.**", "**Follow-ups.**", "**Source.**"):
        assert heading in discussion, heading
    for level in ("*Junior:*", "*Senior:*", "*Staff:*"):
        assert level in discussion, level
    assert all(
        cell["cell_type"] == "markdown" or {"todo", "solution", "check", "given"} & set(tags(cell))
        for cell in part.cells
    )


def definitions(text: str) -> dict[str, tuple]:
    """Every function and class at the top of a cell: its parameters and docstring."""
    found = {}
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef):
            found[node.name] = (ast.unparse(node.args), ast.get_docstring(node))
        elif isinstance(node, ast.ClassDef):
            methods = {
                item.name: ast.unparse(item.args)
                for item in node.body
                if isinstance(item, ast.FunctionDef)
            }
            found[node.name] = (methods, ast.get_docstring(node))
    return found


@each_exercise
def test_stub_and_model_answer_agree(name):
    part = PARTS[name]
    stubs, models = (
        definitions("\n".join(code(part, "todo"))),
        definitions("\n".join(code(part, "solution"))),
    )
    for stub, (parameters, docstring) in stubs.items():
        assert stub in models
        if isinstance(parameters, dict):
            assert {key: models[stub][0].get(key) for key in parameters} == parameters
        else:
            assert models[stub][0] == parameters
        assert models[stub][1] == docstring and docstring


# --- answers --------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # of answers that are wrong in every way
@each_coding_exercise
def test_right_answers_pass_and_wrong_ones_get_their_own_feedback(name):
    answers = [answer for answer, _ in verdicts(name)]
    for answer, found in verdicts(name):
        if answer.fragment:
            assert answer.fragment in found.feedback, f"{answer.name}: {found}"
            assert not found.todo
        else:
            assert found.passed, f"{answer.name}: {found}"
    rights, wrongs = (
        [answer for answer in answers if bool(answer.fragment) == kind] for kind in (False, True)
    )
    choice = PARTS[name].exercise.kind in CHOICE
    assert len(rights) >= (1 if choice else 3)
    assert len(wrongs) >= (3 if choice else 5)
    assert len({answer.fragment for answer in wrongs}) == len(wrongs), (
        "two wrong answers share one feedback"
    )


def told(topic_name: str | None = None) -> str:
    """Everything that the named answers of a topic, or of all, are told.

    Feedback, and the properties verified before it.
    """
    found = [
        verdict
        for name in CODING
        if topic_name in (None, topic_of(name))
        for _, verdict in verdicts(name)
    ]
    return " ".join(
        " ".join(" ".join([*verdict.verified, verdict.feedback]).split()) for verdict in found
    )


def literals(path: Path) -> Iterator[tuple[int, str]]:
    """(line, text) of every sentence in a module but its docstrings.

    Of an f-string it is the longest constant part.
    """
    tree = ast.parse(path.read_text())
    # docstrings
    skipped = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    skipped |= {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr)
        for part in node.values
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            text = max(
                (part.value for part in node.values if isinstance(part, ast.Constant)),
                key=len,
                default="",
            )
        else:
            text = (
                node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
            )
        if id(node) not in skipped and len(text) >= 20 and " " in text.strip():
            yield node.lineno, " ".join(text.split())


@pytest.mark.slow
@pytest.mark.parametrize("folder", TOPICS)
def test_every_feedback_is_given_to_some_wrong_answer(folder):
    """Every rejection of every checker was tried.

    A sentence that nobody is ever told is one that nobody has tried.
    """
    silent_sentences(sorted((ROOT / "genimg_lib" / "checks" / folder).glob("*.py")), told(folder))


@pytest.mark.slow
def test_every_feedback_of_the_shared_judgements_is_given():
    silent_sentences([ROOT / "genimg_lib" / "checks" / "judge.py"], told())


def silent_sentences(paths: list[Path], text: str) -> None:
    """Fails for sentences in modules that are not in what was told."""
    silent = [
        f"{path.parent.name}/{path.name}:{line}: {sentence}"
        for path in paths
        for line, sentence in literals(path)
        if sentence not in text
    ]
    assert not silent, "\n".join(silent)


# --- mutants --------------------------------------------------------------------------------------


def namespace_before(name: str) -> dict:
    """What a notebook has defined when it comes to the model answer of an exercise: everything
    before, without the checks.
    """
    part = PARTS[name]
    (path,) = [path for path in SOLUTIONS if path.stem == part.exercise.notebook]
    names: dict = {"__name__": "__main__"}
    for other in catalogue.parts(path):
        for cell in other.cells:
            if cell["cell_type"] != "code" or "check" in tags(cell) or "no-mutants" in tags(cell):
                continue
            if other.exercise == part.exercise and "solution" in tags(cell):
                return names
            exec(compile(source(cell), f"<{path.stem}>", "exec"), names)
    raise AssertionError(f"{name} has no solution cell with code")


def answers_of(name: str, names: dict):
    """The learner's objects that the check cell hands over."""
    call = ast.parse(code(PARTS[name], "check")[-1]).body[-1].value
    return [
        eval(compile(ast.Expression(argument), "<check>", "eval"), names) for argument in call.args
    ]


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # a mutant may divide by zero
@each_coding_exercise
def test_mutants_of_the_model_answer_are_rejected(name, monkeypatch, capsys, record_property):
    monkeypatch.setattr(guard, "FACTOR", 0.2)  # an endless mutant need not run for ten seconds
    before, text = namespace_before(name), "\n\n".join(code(PARTS[name], "solution"))
    exec(compile(text, "<model>", "exec"), names := dict(before))
    model = checker_of(name).verdict(*answers_of(name, names))
    assert model.passed, model
    survivors, count = [], 0
    for description, tree in mutants.mutate(text):
        count += 1
        names = dict(before)
        try:
            with guard.time_limit(5):
                exec(compile(tree, "<mutant>", "exec"), names)
            survived = checker_of(name).verdict(*answers_of(name, names)).passed
        except Exception:
            continue
        survivors += [description] * survived
    equivalent = getattr(given(name), "EQUIVALENT", {})
    record_property("mutants", f"{count - len(survivors)} of {count}")
    with capsys.disabled():
        print(f" {name}: {count - len(survivors)} of {count} mutants rejected", end="")
    assert sorted(survivors) == sorted(equivalent), (
        f"survivors that EQUIVALENT does not list, or the reverse: {survivors}"
    )
    assert len(equivalent) <= max(1, 0.08 * count)


# --- notebooks ------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", SOLUTIONS, ids=lambda path: path.stem)
def test_a_solution_is_executed_quiet_and_small(path):
    notebook = nbformat.read(path, as_version=4)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    for cell in cells:
        outputs = "".join(output.get("text", "") for output in cell.outputs)
        assert all(
            output.get("name") != "stderr" and output.output_type != "error"
            for output in cell.outputs
        )
        if "check" in tags(cell):
            assert outputs.startswith("PASSED: ")
    assert path.stat().st_size < 1e6
    assert 0 < notebook.metadata["genimg"]["minutes"] <= 5
