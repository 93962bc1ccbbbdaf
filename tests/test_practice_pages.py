"""Cards and mock interview of the site: the schedule, the file and the score are those of Python.

The pages run from a folder, as they do for who has a copy of the site; Sphinx is not needed.
"""

import json
import random
import re
import shutil
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from authors_tools import tool
from bs4 import BeautifulSoup
from chromium import DEADLOCK, needs_browser, started, without_sphinx

from genimg_lib.practice.course import LEVELS
from genimg_lib.practice.interview import bank, mock, rendering, roles
from genimg_lib.practice.interview.reviews import GRADES, HEADER, Reviews

ROOT = Path(__file__).parents[1]
SITE = ROOT / "site"
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
DEALT = [
    item.id
    for item in sorted(
        bank.load().questions.values(), key=lambda item: (LEVELS.index(item.level), item.lesson)
    )
]
pytestmark = needs_browser


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The two pages without what Sphinx puts around them, their scripts, and the bank."""
    made = tmp_path_factory.mktemp("practice")
    shutil.copytree(SITE / "static" / "practice", made / "_static" / "practice")
    for name in ("elements.js", "site.css"):
        shutil.copy(SITE / "static" / name, made / "_static")
    tool("_bank_scripts").write_bank_scripts(
        made / "_static" / "practice", {"30": "notebooks/30_gan.html"}
    )
    for name in ("cards", "mock_interview"):
        text = (SITE / "pages" / f"{name}.md").read_text(encoding="utf-8")
        places = re.findall(r'<div class="practice.*?>', text)
        page = without_sphinx(text, *places, "</div>")
        (made / f"{name}.html").write_text(page, encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def browser():
    with started() as found:
        yield found


@pytest.fixture
def page(browser):
    """A page at noon of the first of January 2026, with empty storage; errors fail the test."""
    context = browser.new_context(accept_downloads=True)
    opened = context.new_page()
    opened.set_default_timeout(DEADLOCK)
    opened.clock.set_fixed_time(NOON)
    wrong = []
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.on("console", lambda line: line.type == "error" and wrong.append(line.text))
    yield opened
    context.close()
    assert not wrong


@pytest.fixture
def reviews(tmp_path):
    return Reviews(tmp_path / "interview.jsonl")


def counts(page) -> list[int]:
    """All, due, new, being learned, known: as the cards say."""
    return [
        int(number) for number in re.findall(r"\d+", page.get_by_role("status").first.inner_text())
    ]


def downloaded(page, path: Path) -> Path:
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as a file").click()
    download.value.save_as(path)
    return path


def random_reviews(count: int) -> list[dict]:
    """Answers to `count` questions, minutes to months apart, in the order of their times."""
    chance = random.Random(0)
    written = []
    for number in range(count):
        when = NOON - timedelta(days=900)
        for _ in range(chance.randint(1, 9)):
            when += timedelta(seconds=10 ** chance.uniform(1, 7))
            entry = {"question": f"question-{number}", "grade": chance.choice(list(GRADES))}
            written.append(entry | {"language": "en", "when": when.isoformat(), "missed": None})
    return sorted(written, key=lambda entry: entry["when"])


def test_the_schedule_is_that_of_the_notebook(page, folder, reviews):
    """The same file gives the same cards: state and step equal, due to the millisecond."""
    lines = [json.dumps(line) for line in [HEADER, *random_reviews(150)]]
    reviews.path.write_text("\n".join(lines) + "\n")
    page.goto((folder / "cards.html").as_uri())
    found = page.evaluate(
        "(text) => { progress.merge(text); return Object.fromEntries(progress.cards()); }",
        reviews.path.read_text(),
    )
    expected = reviews.cards()
    assert found.keys() == expected.keys() and len(found) == 150
    for name, card in expected.items():
        assert found[name]["state"] == card.state.name.lower()
        assert found[name]["step"] == card.step
        # the browser counts whole milliseconds, and may cut one off
        assert abs(found[name]["due"] - card.due.timestamp() * 1000) < 2
        assert found[name]["stability"] == pytest.approx(card.stability, rel=1e-9)
        assert found[name]["difficulty"] == pytest.approx(card.difficulty, rel=1e-9)


def test_cards_go_from_the_notebook_to_the_site_and_back(page, folder, reviews, tmp_path):
    for name, grade, days in [
        (DEALT[0], "good", 20),
        (DEALT[1], "easy", 1),
        (DEALT[2], "again", 0),
    ]:
        reviews.add(name, grade, "en", NOON - timedelta(days=days))
    reviews.export(tmp_path / "to_site.jsonl")
    page.goto((folder / "cards.html").as_uri())
    page.locator("input[type=file]").set_input_files(tmp_path / "to_site.jsonl")
    page.get_by_text("3 reviews added, 0 were here already.").wait_for()
    summary = reviews.summary(DEALT, NOON)
    names = ("due", "new", "learning", "known")
    assert counts(page) == [len(DEALT), *(summary[name] for name in names)]

    dealt = reviews.deal(DEALT, NOON)[0]
    assert not page.get_by_role("button", name="Hard").is_visible()  # first the answer
    page.get_by_role("button", name="Show answer").click()
    page.get_by_role("button", name="Hard").click()
    back = downloaded(page, tmp_path / "back.jsonl")
    before = reviews.read()
    assert reviews.merge(back) == (1, 3, 0)
    added = reviews.read()[len(before) :]
    assert [(item.question, item.grade, item.when) for item in added] == [(dealt, "hard", NOON)]
    assert reviews.merge(back) == (0, 4, 0)

    # both agree again, and nothing comes twice
    reviews.export(tmp_path / "again.jsonl")
    page.locator("input[type=file]").set_input_files(tmp_path / "again.jsonl")
    page.get_by_text("0 reviews added, 4 were here already.").wait_for()
    summary = reviews.summary(DEALT, NOON)
    assert counts(page) == [len(DEALT), *(summary[name] for name in names)]


def test_what_both_sides_added_is_ordered_by_time(page, folder, reviews, tmp_path):
    """A card was graded on the site and, at other times, in the notebook."""
    name = DEALT[0]
    for hours, grade in ((1, "again"), (3, "good")):
        reviews.add(name, grade, "en", NOON + timedelta(hours=hours))
    page.goto((folder / "cards.html").as_uri())
    for hours, grade in ((2, "hard"), (4, "easy")):
        page.clock.set_fixed_time(NOON + timedelta(hours=hours))
        page.evaluate(f"progress.add({name!r}, {grade!r}, 'zh')")
    reviews.merge(downloaded(page, tmp_path / "site.jsonl"))
    reviews.export(tmp_path / "notebook.jsonl")
    page.evaluate("(text) => progress.merge(text)", (tmp_path / "notebook.jsonl").read_text())
    found = page.evaluate(f"progress.cards().get({name!r})")
    ordered = Reviews(tmp_path / "ordered.jsonl")
    for hours, grade in ((1, "again"), (2, "hard"), (3, "good"), (4, "easy")):
        ordered.add(name, grade, "en", NOON + timedelta(hours=hours))
    expected = ordered.cards()[name]
    assert reviews.cards()[name].due == expected.due
    assert found["due"] == expected.due.timestamp() * 1000


def test_progress_stays_and_a_foreign_file_changes_nothing(page, folder, tmp_path):
    page.goto((folder / "cards.html").as_uri())
    page.get_by_role("button", name="Show answer").click()
    page.get_by_role("button", name="Again").click()
    page.reload()
    assert counts(page) == [len(DEALT), 0, len(DEALT) - 1, 1, 0]
    (tmp_path / "other.jsonl").write_text('{"genimg": "attempts", "version": 1}\n')
    page.locator("input[type=file]").set_input_files(tmp_path / "other.jsonl")
    page.get_by_text("This is no progress file").wait_for()
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Delete").click()
    assert counts(page) == [len(DEALT), 0, len(DEALT), 0, 0]


def test_a_damaged_text_is_kept_and_what_can_be_read_goes_on(page, folder):
    page.goto((folder / "cards.html").as_uri())
    page.evaluate("progress.add('a-b', 'good', 'en')")
    page.evaluate("localStorage.setItem(progress.key, progress.text() + 'no line\\n')")
    damaged = page.evaluate("localStorage.getItem(progress.key)")
    assert [review["question"] for review in page.evaluate("progress.read()")] == ["a-b"]
    assert "1 lines could not be read" in page.evaluate("progress.message")
    assert page.evaluate("localStorage.getItem(progress.key + '.damaged')") == damaged
    page.evaluate("progress.add('c-d', 'good', 'en')")
    assert len(page.evaluate("new Progress(localStorage).read()")) == 2


def test_the_filters_and_the_language_are_those_of_the_notebook(page, folder):
    page.goto((folder / "cards.html").as_uri())
    page.get_by_label("中文").check()
    page.get_by_role("button", name="看答案").wait_for()
    page.get_by_label("级别").select_option("staff")
    page.get_by_label("主题").select_option("gan_game")
    wanted = bank.load().select(levels=["staff"], topics=["gan_game"])
    assert counts(page)[0] == len(wanted) > 0
    shown = bank.load()[page.evaluate("current.id")]
    assert shown in wanted
    title = BeautifulSoup(rendering.heading_html(shown, "zh")[0], "html.parser").get_text()
    assert page.locator(".practice-question h2").inner_text() == title


# --- the interview --------------------------------------------------------------------------------


CHANCE = "let seed = 1; const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;"


def test_a_plan_is_one_that_python_could_have_made(page, folder):
    """As many questions and of the same levels; each time, a topic that has come least often."""
    page.goto((folder / "mock_interview.html").as_uri())
    for level in LEVELS:
        for minutes, topics in ((10, ()), (30, ()), (60, roles.ROLES["serving"].topics)):
            wanted = {"level": level, "minutes": minutes, "topics": list(topics)}
            found = page.evaluate(
                f"(wanted) => {{ {CHANCE}"
                " return planInterview(content, wanted, random).map((item) => item.id); }",
                wanted,
            )
            chosen = [bank.load()[name] for name in found]
            expected = mock.plan(level, minutes, topics=topics, seed=0)
            assert [item.level for item in chosen] == [item.level for item in expected]
            for index, item in enumerate(chosen):
                before = Counter(other.topic for other in chosen[:index])
                pool = bank.load().select(levels=[item.level], topics=topics)
                left = [one for one in pool if one.type != "code" and one not in chosen[:index]]
                assert item in left
                assert before[item.topic] == min(before[one.topic] for one in left)


def test_an_answer_gets_the_share_and_the_grade_that_python_gives(page, folder):
    page.goto((folder / "mock_interview.html").as_uri())
    chance = random.Random(0)
    for question in chance.sample(list(bank.load().questions.values()), 40):
        text = question.en
        points = [i for i in range(len(text.key_points)) if chance.random() < 0.7]
        asked = [i for i in range(len(text.follow_ups)) if chance.random() < 0.5]
        record = mock.Interview([question]).record(points, asked)
        found = page.evaluate(
            "([id, points, asked]) => {"
            " const question = content.questions.find((other) => other.id === id);"
            " const { share, missed } = recordOf(question, points, asked, 0, '');"
            " return [share, gradeOf(share), missed]; }",
            [question.id, points, asked],
        )
        assert found == [pytest.approx(record.share), record.grade, list(record.missed)]


def test_an_interview_is_graded_and_comes_back_in_the_notebook(page, folder, reviews):
    page.goto((folder / "mock_interview.html").as_uri())
    page.get_by_label("Level").select_option("junior")
    page.get_by_label("Minutes").select_option("10")
    page.get_by_role("button", name="Start").click()
    for number in (1, 2):
        page.get_by_role("timer").get_by_text(f"{number}/2").wait_for()
        page.get_by_role("button", name="Rubric").click()
        boxes = page.locator(".practice-rubric input[type=checkbox]")
        boxes.first.check()
        page.get_by_label("Notes").fill("a <note>")
        page.get_by_role("button", name="Next").click()
    page.get_by_role("heading", name="Mock interview:").wait_for()
    assert page.get_by_text("a <note>").count() == 2
    path = reviews.path.with_name("site.jsonl")
    path.write_text(page.evaluate("progress.text()"))
    assert reviews.merge(path) == (2, 0, 0)
    for review in reviews.read():
        count = len(bank.load()[review.question].en.key_points)
        assert review.missed == tuple(range(1, count))
        record = mock.Interview([bank.load()[review.question]]).record([0])
        assert review.grade == record.grade
