"""The lessons of the second edition: tasks that are open as committed and pass when solved,
readable pictures, and a frame that is the same in each.
"""

import ast
import contextlib
import importlib
import io
import itertools
import re
from pathlib import Path

import numpy as np
import pytest
from second_edition import LESSONS, ROOT, model_answer, number, read, tagged, tags, tasks
from test_exercises import literals

from genimg_lib import lesson, pretrained
from genimg_lib.checks.task import Task, predicted, value_task
from genimg_lib.models import GAN, VAE
from genimg_lib.notebook import plots, style
from genimg_lib.practice.exercises import attempts, catalogue, overview
from genimg_lib.practice.interview import bank

each_lesson = pytest.mark.parametrize("path", LESSONS, ids=[path.stem for path in LESSONS])


def checkers(path: Path):
    return importlib.import_module(f"genimg_lib.checks.lessons.lesson_{number(path)}")


def given(path: Path) -> dict:
    return importlib.import_module(f"answers.lessons.lesson_{number(path)}").GIVEN


def checker_of(path: Path, task: dict) -> Task:
    return getattr(checkers(path), catalogue.TASK.search(task["check"].source)["name"])


# --- tasks ----------------------------------------------------------------------------------------


@each_lesson
def test_a_lesson_has_tasks_with_all_their_parts(path):
    found = tasks(read(path))
    assert 3 <= len(found) <= 6
    for position, task in enumerate(found, 1):
        assert set(task) == {"task", "todo", "check", "answer"}
        heading = (
            rf"### Task {int(number(path))}\.{position} · (Fill in|Predict|Repair): .+ \(\d min"
        )
        assert re.match(heading, task["task"].source), task["task"].source
        assert re.fullmatch(r"task\.\w+\(\w+\)", task["check"].source)
        assert task["answer"].source.startswith("<details><summary>")
        assert task["answer"].source.rstrip().endswith("</details>")
        model_answer(task)
    names = [checker_of(path, task).key for task in found]
    assert names == catalogue.lesson_tasks(path)
    defined = [value for value in vars(checkers(path)).values() if isinstance(value, Task)]
    assert sorted(names) == sorted(task.key for task in defined)


@each_lesson
def test_a_stub_is_open_and_needs_nothing_but_itself(path):
    for task in tasks(read(path)):
        names = {"task": checkers(path)}
        exec(task["todo"].source, names)
        with contextlib.redirect_stdout(io.StringIO()) as out:
            exec(task["check"].source, names)
        assert out.getvalue().startswith("OPEN: ")
        assert len(out.getvalue().splitlines()) == 1
        assert task["check"].outputs[0].text == out.getvalue()  # committed as unsolved


@each_lesson
def test_no_later_cell_uses_what_a_task_defines(path):
    """Or a reader who skips a task could not go on."""
    notebook = read(path)
    for task in tasks(notebook):
        defined = {
            getattr(node, "name", None) or node.targets[0].id
            for node in ast.parse(task["todo"].source).body
            if isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.Assign))
        }
        for cell in notebook.cells:
            if cell.cell_type == "code" and not {"task-todo", "task-check"} & set(tags(cell)):
                used = {node.id for node in ast.walk(ast.parse(cell.source)) if hasattr(node, "id")}
                assert not used & defined, cell.source


@each_lesson
def test_right_answers_pass_and_wrong_ones_get_their_own_feedback(path):
    answers = given(path)
    assert {f"lesson_{number(path)}.{name}" for name in answers} == set(
        catalogue.lesson_tasks(path)
    )
    told = []
    for name, pairs in answers.items():
        assert sum(bool(fragment) for _, fragment in pairs) >= 2, name
        for answer, fragment in pairs:
            verdict = getattr(checkers(path), name).verdict(answer)
            told += [*verdict.verified, verdict.feedback]
            assert not verdict.todo
            assert verdict.passed != bool(fragment), f"{name}, {fragment or 'right'}: {verdict}"
            assert fragment in verdict.feedback, f"{name}: {verdict}"
    said = " ".join(" ".join(told).split())
    module = Path(checkers(path).__file__)
    assert not [text for _, text in literals(module) if text not in said]  # each is told to someone


@each_lesson
def test_a_model_answer_needs_only_the_imports_and_passes(path):
    """Every task's folded answer passes. With the test above, this shows that the solved lesson
    runs, since the committed one does: no cell below reads what an answer defines.
    """
    notebook = read(path)
    names = {"task": checkers(path)}
    for cell in notebook.cells:
        if cell.cell_type == "code":
            statements = ast.parse(cell.source).body
            imports = [
                node for node in statements if isinstance(node, (ast.Import, ast.ImportFrom))
            ]
            exec(compile(ast.Module(imports, []), path.name, "exec"), names)
    for task in tasks(notebook):
        solved = dict(names)
        exec(model_answer(task), solved)
        with contextlib.redirect_stdout(io.StringIO()) as out:
            exec(task["check"].source, solved)
        assert out.getvalue().startswith("PASSED: ")


@value_task
def coin(guess):
    yield from predicted(guess, "a", {"b": "it has two sides."})


def test_a_task_reports_and_never_raises(capsys):
    for guess in (..., "a", "b", "x", {}):
        coin(guess)
    opened, passed, wrong, *rest = capsys.readouterr().out.splitlines()
    assert opened == "OPEN: coin: replace each `...` by your answer"
    assert passed == "PASSED: coin (1 check)"
    assert wrong == "NOT YET: coin"
    assert "it has two sides." in rest[0]


def test_tasks_count_where_lessons_are_worked_on(tmp_path, monkeypatch):
    monkeypatch.setenv("GENIMG_PROGRESS", str(tmp_path / "progress"))
    for place, count in (("elsewhere", 0), ("notebooks", 1), ("my_exercises", 2)):
        (tmp_path / place).mkdir()
        monkeypatch.chdir(tmp_path / place)
        coin("a")
        coin(...)
        assert len(attempts.Attempts().read()) == count
    assert attempts.Attempts().state()["test_lessons.coin"].passed


@pytest.mark.skipif(not LESSONS, reason="no lesson has tasks yet")
def test_progress_counts_tasks(tmp_path, monkeypatch):
    monkeypatch.setenv("GENIMG_PROGRESS", str(tmp_path))
    names = catalogue.lesson_tasks(LESSONS[0])
    passed = attempts.Attempt(names[0], True, attempts.datetime.now(attempts.UTC))
    attempts.Attempts().add(passed)
    line = f"lesson {LESSONS[0].stem}: 1 of {len(names)} tasks solved"
    assert line in overview.table().splitlines()


# --- pictures -------------------------------------------------------------------------------------


@each_lesson
def test_every_picture_says_in_words_what_it_shows(path):
    for index, cell in enumerate(read(path).cells):
        for output in cell.get("outputs", ()):
            if "image/png" in output.get("data", {}):
                alt = output.metadata.get("image/png", {}).get("alt", "")
                assert len(alt.split()) >= 6, f"cell {index}: {alt!r}"
                assert not alt.startswith(("Picture of", "Image of", "A plot of")), alt


def test_alt_text_is_stored_beside_the_png():
    figure = plots.curves({"one": [1, 2]}, "It rises", ylabel="nats", alt="One line\n  rises.")
    data, metadata = figure._repr_mimebundle_()
    assert metadata == {"image/png": {"alt": "One line rises."}}
    assert data["image/png"].startswith("iVBOR")  # a PNG in base64
    assert data["text/plain"] == "One line rises."
    figure = plots.curves({"one": [1, 2]}, "It rises", ylabel="nats")
    assert figure._repr_mimebundle_()[1] == {"image/png": {"alt": "It rises"}}
    with pytest.raises(ValueError, match="in words"):
        plots.show(figure, " ")


def test_the_style_can_be_read_by_all():
    assert all(style.contrast(colour) >= 3 for colour in style.PALETTE)
    assert style.contrast("black") == pytest.approx(21)
    assert len(set(map(str, style.LINES))) == len(set(style.MARKERS)) == len(style.PALETTE)
    cycle = list(style.SETTINGS["axes.prop_cycle"])
    assert [entry["color"] for entry in cycle] == list(style.PALETTE)
    assert [entry["linestyle"] for entry in cycle] == list(style.LINES)
    sizes = [value for name, value in style.SETTINGS.items() if name.endswith("size")]
    assert min(sizes) >= 9
    assert style.DPI >= 110
    assert plots.INCH_PER_IMAGE * style.DPI >= 64


@each_lesson
def test_figures_carry_alt_texts_and_readable_type(path):
    for cell in read(path).cells:
        if cell.cell_type == "code":
            assert "plt.show()" not in cell.source, "end the cell with plots.show(figure, alt)"
            for size in re.findall(r"fontsize=(\d+)", cell.source):
                assert int(size) >= 9


# --- the frame ------------------------------------------------------------------------------------


@each_lesson
def test_the_lesson_declares_run_time_and_study_time(path):
    notebook = read(path)
    facts = notebook.metadata["genimg"]
    assert 0 < facts["study_minutes"] <= 60
    assert facts.get("recorded", {"minutes": 0})["minutes"] <= 5
    assert len(facts.get("facts", {})) <= 8
    assert all(reason.strip() for reason in facts.get("facts", {}).values())
    top = notebook.cells[0].source
    for name in ("minutes", "study_minutes", "memory_gb"):
        assert re.search(rf"(?<![\d.]){facts[name]:g}(?![\d.])", top), name
    first_code = next(cell for cell in notebook.cells if cell.cell_type == "code")
    assert first_code.source.endswith(f"lesson.start({int(number(path))})")


@each_lesson
def test_headings_do_not_jump(path):
    text = "\n".join(cell.source for cell in read(path).cells if cell.cell_type == "markdown")
    text = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    levels = [len(marks) for marks in re.findall(r"^(#+) ", text, re.MULTILINE)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


@each_lesson
def test_code_cells_are_short(path):
    for cell in read(path).cells:
        if cell.cell_type == "code":
            assert len(cell.source.splitlines()) <= 30, cell.source


@each_lesson
def test_the_lesson_ends_as_every_lesson(path):
    notebook = read(path)
    headings = re.findall(
        r"^## (.+)$",
        "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown"),
        re.MULTILINE,
    )
    assert headings[-5:] == [
        "Check yourself",
        "Summary",
        "Interview corner",
        "What comes next",
        "Sources",
    ]
    (questions,) = tagged(notebook, "self-check")
    assert len(re.findall(r"^\*\*[123]\. .+\*\*", questions.source, re.MULTILINE)) == 3
    assert questions.source.count("<details><summary>Answer</summary>") == 3
    (summary,) = tagged(notebook, "summary")
    assert len(summary.source.strip().split("\n\n")) == 2  # the heading and one paragraph


@each_lesson
def test_the_corner_deals_cards_that_the_lesson_prepares(path):
    """Each card names a section of this lesson among its sources."""
    notebook = read(path)
    sections = {
        found
        for cell in notebook.cells
        if cell.cell_type == "markdown"
        for found in re.findall(r"^## (\d+)\. ", cell.source, re.MULTILINE)
    }
    (cell,) = [cell for cell in notebook.cells if "corner(" in cell.source]
    call = ast.parse(cell.source).body[-1].value
    dealt = [ast.literal_eval(argument) for argument in call.args]
    assert 3 <= len(dealt) <= 5
    for name in dealt:
        titles = [
            source.title
            for source in bank.load()[name].sources
            if source.link == f"lesson:{number(path)}"
        ]
        assert titles, f"no source of {name} is this lesson"
        cited = re.search(r"sections? (\d+(?:(?:, | and )\d+)*)", titles[0])
        assert cited and set(re.findall(r"\d+", cited[1])) <= sections, titles[0]


# --- start and claim ------------------------------------------------------------------------------


def test_a_claim_counts_in_full_runs_only(monkeypatch):
    monkeypatch.setenv("GENIMG_FAST", "1")
    lesson.claim(False, "Pigs fly.")
    monkeypatch.setenv("GENIMG_FAST", "0")
    lesson.claim(True, "Water is wet.")
    with pytest.raises(AssertionError, match=r"this run does not show it: Pigs fly\."):
        lesson.claim(False, "Pigs fly.")


def test_a_head_start_is_for_the_classroom_mode_alone(monkeypatch, capsys):
    model, shipped = GAN(seed=0), pretrained.load("gan")
    monkeypatch.setenv("GENIMG_FAST", "1")
    lesson.head_start(model, "gan")
    assert not model.trained and not capsys.readouterr().out
    monkeypatch.setenv("GENIMG_FAST", "0")
    monkeypatch.setenv("GENIMG_CLASSROOM", "1")
    lesson.head_start(model, "gan")
    assert f"step {int(shipped.steps):,} of the shipped gan" in capsys.readouterr().out
    for mine, theirs in zip(model.get_weights(), shipped.get_weights(), strict=True):
        np.testing.assert_array_equal(mine, theirs)
    assert lesson.scaled(1000, 10) == 10
    lesson.claim(False, "Pigs fly.")  # numbers of few steps prove nothing
    with pytest.raises(ValueError):
        lesson.head_start(model, "vae")


def test_after_a_head_start_the_average_of_the_weights_goes_on_too(monkeypatch):
    """`fit` of the VAE ends with the average in place: of shipped weights and of what came behind
    them, not of those that were replaced.
    """
    images = np.zeros((2, 28, 28, 1), np.uint8)
    model, shipped = VAE(seed=0), pretrained.load("vae")
    model.compile(run_eagerly=True)
    model.fit(images, epochs=2, verbose=0)
    monkeypatch.setenv("GENIMG_CLASSROOM", "1")
    lesson.head_start(model, "vae")
    model.fit(images, verbose=0)
    assert model.step == shipped.step + 1
    moved = [
        np.abs(mine - theirs).max()
        for mine, theirs in zip(model.trainable_weights, shipped.trainable_weights, strict=True)
    ]
    # a hundredth of one step of Adam at a rate of 3e-3: moments of three gradients divide to < 2
    assert 0 < max(moved) < 0.01 * 2 * 3e-3


def test_a_head_start_stands_before_fit_and_names_shipped_weights():
    calls = [
        (cell.source, call)
        for path in LESSONS
        for cell in read(path).cells
        if cell.cell_type == "code"
        for call in re.findall(r'lesson\.head_start\((\w+), "(\w+)"\)', cell.source)
    ]
    assert calls
    for source, (model, name) in calls:
        assert name in pretrained.names()
        training = rf"\b{model}\.fit\(|\btrain\([^)]*\b{model}\b"
        assert re.search(training, source[source.index("head_start") :])


def test_the_forecast_scales_with_the_machine():
    facts = {"minutes": 4, "memory_gb": 0.001}
    half, third = 2 * lesson.REFERENCE_SECONDS, 3 * lesson.REFERENCE_SECONDS
    at_most = "This lesson computes for at most 4 minutes here and needs 0.001 GB."
    assert lesson.forecast(facts, half) == at_most
    assert "at most 6 minutes here" in lesson.forecast(facts, third)
    facts["recorded"] = {"minutes": 1.6, "step_seconds": 0.008}
    assert "about 1.5 minutes here" in lesson.forecast(facts, 0.008)
    assert "about 1 minute here" in lesson.forecast(facts, 0.005)
    assert "about 3 minutes here" in lesson.forecast(facts, 0.016)
    assert "close other programs" in lesson.forecast({"minutes": 1, "memory_gb": 1e6}, 1.0)


def test_a_lesson_that_does_not_exist_is_refused():
    assert lesson.declared(30)["minutes"] > 0
    with pytest.raises(ValueError, match="no lesson 97"):
        lesson.declared(97)


def test_every_lesson_of_the_second_edition_is_found():
    assert all(path.parent == ROOT / "notebooks" for path in LESSONS)
