"""The teacher's kit: pages that are fresh, plans and timetables that add up, misconceptions that
are named wrong answers, and a quiz that compares.
"""

import importlib
import io
import json
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from authors_tools import tool
from chromium import DEADLOCK, needs_browser, started

from genimg_lib import cli
from genimg_lib.practice.exercises import catalogue
from genimg_lib.practice.interview import bank, quiz

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def kit():
    return tool("build_kit")


@pytest.fixture(scope="module")
def slides():
    return tool("build_slides")


@pytest.fixture(scope="module")
def lessons(kit):
    return kit.lessons()


def test_the_pages_are_fresh(kit):
    for path, text in kit.files().items():
        assert path.read_text(encoding="utf-8") == text, f"{path.name}: uv run tools/build_kit.py"


def test_every_lesson_has_a_page_and_a_handout(lessons):
    index = (ROOT / "docs" / "teaching" / "README.md").read_text(encoding="utf-8")
    known = [lesson.path.stem for lesson in lessons]
    wanted = [path.stem for path in catalogue.notebooks(ROOT / "notebooks")]
    assert known == wanted, "docs/teaching/lessons.toml needs an entry for each lesson"
    for lesson in lessons:
        assert f"[{lesson.title}]({lesson.path.stem}.md)" in index
        assert f"(handouts/{lesson.path.stem}.html)" in index


def test_plans_add_up_and_name_each_section_and_task(kit, lessons):
    for lesson in lessons:
        for minutes in kit.PLANS:
            rows = kit.plan(lesson, minutes)
            assert sum(length for length, _ in rows) == minutes, lesson.number
            assert all(length > 0 for length, _ in rows)
        said = " ".join(what for _, what in rows)
        assert all(f"Section {section.number}: " in said for section in lesson.sections)
        assert all(f"Task {task.number}: " in said for task in lesson.tasks)
        numbers = [section.number for section in lesson.sections]
        assert numbers == list(range(1, len(numbers) + 1))
        assert set(lesson.by_hand["keep"]) < set(numbers)


def test_minutes_are_shared_out_in_proportion(kit):
    assert kit.shared_out(10, [1, 1]) == [5, 5]
    assert kit.shared_out(11, [3, 0]) == [10, 1]
    assert sum(kit.shared_out(17, [5, 7, 11])) == 17
    with pytest.raises(ValueError, match="too few"):
        kit.shared_out(1, [1, 1])


def test_misconceptions_are_named_wrong_answers(kit, lessons):
    """Each is a fragment of the feedback that tests/answers wants for a wrong answer."""
    for lesson in lessons:
        given = importlib.import_module(f"answers.lessons.lesson_{lesson.number}").GIVEN
        assert len(lesson.by_hand["mistakes"]) == 3
        for task, fragment, belief, reply in lesson.by_hand["mistakes"]:
            assert fragment in [told for _, told in given[task]], f"{lesson.number} {task}"
            assert fragment in kit.feedback(lesson.number, task, fragment)
            assert belief and reply
    with pytest.raises(ValueError, match="never says"):
        kit.feedback("30", "best_discriminator", "no checker says this")


def test_a_teacher_opens_with_two_sentences(lessons):
    for lesson in lessons:
        assert len(re.findall(r"[.?!](?= [A-Z]|$)", lesson.by_hand["say"])) == 2, lesson.number


def test_timetables_add_up_and_use_known_lessons(kit, lessons):
    numbers = {lesson.number for lesson in lessons}
    for table in kit.timetables().values():
        for session in table["session"]:
            rows = session["rows"]
            assert sum(minutes for minutes, _ in rows) == session["minutes"], session["name"]
            for minutes, what in rows:
                if match := re.fullmatch(r"lesson (\d\d)", what):
                    assert match[1] in numbers and minutes in kit.PLANS
    weeks = kit.timetables()["six_weeks"]["session"]
    assert len(weeks) == 12 and {session["minutes"] for session in weeks} == {90}


def test_the_rehearsal_is_one_of_the_half_day():
    """Its steps are those of the timetable, and the page shows what was measured."""
    measured = json.loads((ROOT / "benchmarks" / "rehearsal.json").read_text())
    page = (ROOT / "docs" / "teaching" / "README.md").read_text()
    for rows in measured.values():
        assert [row["step"] for row in rows] == list(tool("measure_rehearsal").steps())
        for row in rows:
            figures = f"{row['seconds']:g} | {row['cpu_seconds']:g} | {row['private_gb']:g} GB |"
            assert re.search(rf"^\| `?{row['step']}`? \| {re.escape(figures)}$", page, re.M)


def test_commands_and_exercises_of_the_kit_exist():
    exercises = {exercise.number for exercise in catalogue.exercises()}
    verbs = subprocess.run(
        [sys.executable, "-m", "genimg_lib.cli", "--help"], capture_output=True, text=True
    ).stdout
    for path in (ROOT / "docs" / "teaching").rglob("*.md"):
        text = path.read_text(encoding="utf-8")
        assert all(verb in verbs for verb in re.findall(r"`genimg (\w+)", text)), path.name
        assert set(re.findall(r"[Ee]xercise (\d+\.\d+)", text)) <= exercises, path.name
        tools = re.findall(r"uv run (tools/\w+\.py)", text)
        assert all((ROOT / tool).is_file() for tool in tools), path.name


def test_handouts_need_nothing_else():
    for path in (ROOT / "docs" / "teaching").rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"<script|<link|src=|@import|url\(", text), path.name
        assert "$" not in text, f"{path.name}: a formula that was not set"


# --- slides ---------------------------------------------------------------------------------------


def test_slides_show_every_section_task_and_picture_and_no_answer(slides, lessons):
    for lesson in lessons:
        pages = slides.slides(lesson.path)
        whole = "\n".join(pages)
        for section in lesson.sections:
            assert any(f"<h2>{section.number}. " in page for page in pages)
        assert all(f"<h2>Task {task.number} " in whole for task in lesson.tasks)
        cells = nbformat.read(lesson.path, as_version=4).cells
        numbered = [cell.source.startswith("## Check yourself") for cell in cells].index(True)
        shown = [output for cell in cells[:numbered] for output in cell.get("outputs", ())]
        assert whole.count("<img ") == sum(map(slides.shows, shown))
        assert "<details" not in whole and "Hint and answer" not in whole
        sources = re.findall(r"""(?:src|xlink:href)=["']?([^"'>]{0,30})""", whole)
        assert all(source.startswith("data:image/png;base64,") for source in sources)
        assert not re.search(r"<script|<link|@import|\$\$", whole)


@pytest.mark.slow
@needs_browser
def test_arrow_keys_turn_the_slides_and_nothing_is_asked_for(slides, lessons, tmp_path):
    path = tmp_path / "slides.html"
    lesson = next(lesson for lesson in lessons if lesson.number == "30")
    path.write_text(slides.document(lesson.path), encoding="utf-8")
    count = len(slides.slides(lesson.path))
    with started() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        asked = []
        page.on("request", lambda request: asked.append(request.url.partition(":")[0]))
        page.goto(path.as_uri(), timeout=DEADLOCK)
        places = []
        for key in ("ArrowRight", "ArrowRight", "ArrowLeft", "End", "ArrowRight", "Home"):
            page.keyboard.press(key)
            places.append(int(page.inner_text("footer").split(" / ")[0]))
            assert page.locator("section:visible").count() == 1
        assert places == [2, 3, 2, count, count, 1]
        assert set(asked) <= {"file", "data"}


@pytest.mark.slow
@needs_browser
def test_each_handout_prints_on_one_page():
    with started() as browser:
        page = browser.new_page()
        for path in sorted((ROOT / "docs" / "teaching").rglob("*.html")):
            page.goto(path.as_uri(), timeout=DEADLOCK)
            printed = page.pdf(prefer_css_page_size=True)
            assert len(re.findall(rb"/Type\s*/Page[^s]", printed)) == 1, path.name


# --- the quiz -------------------------------------------------------------------------------------


def test_the_quiz_takes_its_questions_from_the_bank():
    assert len(quiz.items()) == 10
    for name, right in quiz.items().items():
        assert right != bank.load()[name].en.wrong


def answering(choose, shown):
    """An `ask` that reads what was told and picks the line that `choose` accepts."""

    def ask(_):
        lines = [line for line in "\n".join(shown).splitlines() if re.match(r"  [abc]: ", line)]
        return next(line.strip()[0] for line in lines[-3:] if choose(line[5:]))

    return ask


def test_before_and_after_are_compared(tmp_path):
    answers = quiz.Answers(tmp_path / "quiz.jsonl")
    right = set(quiz.items().values())
    assert quiz.comparison(answers) == "Nothing is answered yet: genimg quiz before"
    orders = []
    for time, choose in (
        ("before", lambda line: "not know" in line),
        ("after", right.__contains__),
    ):
        shown: list[str] = []
        quiz.conduct(time, answers, ask=answering(choose, shown), tell=shown.append)
        orders.append([line for line in shown if "/10 " in line])
        assert not any("right" in line.split() for line in shown)  # no result in between
    assert orders[0] != orders[1]
    *_, last = quiz.comparison(quiz.Answers(tmp_path / "quiz.jsonl")).splitlines()
    assert last == "before 0 of 10, after 10 of 10"


def test_a_quiz_that_ends_early_keeps_what_was_answered(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("GENIMG_PROGRESS", str(tmp_path))
    monkeypatch.setattr("sys.stdin", io.StringIO("x\nc\n"))
    assert cli.main(["quiz", "before"]) == 0
    assert list(quiz.Answers().last("before").values()) == [quiz.UNKNOWN]
    assert cli.main(["quiz", "compare"]) == 0
    assert capsys.readouterr().out.endswith("before 0 of 10\n")
