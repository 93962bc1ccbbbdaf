"""Reviews that are never lost, a plan that fits, and files that stay the same.

One interview is conducted in a notebook, in a terminal and on paper.
"""

import json
import re
import sqlite3
import subprocess
import sys
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from authors_tools import tool
from filelock import FileLock
from wcwidth import wcswidth

from genimg_lib import cli
from genimg_lib.practice import journal
from genimg_lib.practice.course import LANGUAGES, LEVELS
from genimg_lib.practice.interview import bank, jupyter, mock, rendering, roles, sheets, terminal
from genimg_lib.practice.interview import progress as seen
from genimg_lib.practice.interview.reviews import Reviews
from genimg_lib.practice.journal import private_path

ROOT = Path(__file__).parents[1]
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
NAMES = list(bank.load().questions)


@pytest.fixture
def progress(tmp_path):
    return Reviews(tmp_path / "interview.jsonl")


# --- progress -------------------------------------------------------------------------------------


def test_reviews_survive_a_new_process(progress):
    written = [
        progress.add(name, grade, "zh", NOON)
        for name, grade in zip(NAMES, ("again", "hard", "good", "easy"), strict=False)
    ]
    assert Reviews(progress.path).read() == written


def test_a_good_answer_comes_back_later_than_a_forgotten_one(progress):
    when = NOON
    for day in range(3):
        when = NOON + timedelta(days=4 * day)
        progress.add(NAMES[0], "good", "en", when)
        progress.add(NAMES[1], "again", "en", when)
    cards = progress.cards()
    assert cards[NAMES[0]].due > when + timedelta(days=5)
    assert cards[NAMES[1]].due < when + timedelta(hours=1)


def test_due_comes_before_new_and_the_longest_due_first(progress):
    progress.add(NAMES[5], "again", "en", NOON)
    progress.add(NAMES[3], "again", "en", NOON - timedelta(hours=1))
    progress.add(NAMES[1], "easy", "en", NOON)
    dealt = progress.deal(NAMES[:7], NOON + timedelta(hours=2))
    assert dealt == [NAMES[3], NAMES[5], NAMES[0], NAMES[2], NAMES[4], NAMES[6]]
    assert progress.summary(NAMES[:7], NOON + timedelta(hours=2)) == {
        "new": 4,
        "due": 2,
        "learning": 0,
        "known": 1,
    }


def test_two_processes_that_write_at_once_lose_nothing(progress):
    code = "import sys; from genimg_lib.practice.interview.reviews import Reviews\n"
    code += "for _ in range(40): Reviews(sys.argv[1]).add(sys.argv[2], 'good', 'en')"
    writers = [
        subprocess.Popen([sys.executable, "-c", code, str(progress.path), name], cwd=ROOT)
        for name in NAMES[:2]
    ]
    assert [writer.wait() for writer in writers] == [0, 0]
    found = [review.question for review in progress.read()]
    assert sorted(found) == sorted([NAMES[0]] * 40 + [NAMES[1]] * 40)
    assert not progress.message


def damage_cut(path):
    path.write_bytes(path.read_bytes()[:-9])


def damage_garbage(path):
    path.write_bytes(path.read_bytes() + b"\xff\x00 not a line\n")


def damage_grade(path):
    path.write_text(
        path.read_text()
        + json.dumps({"question": "a-b", "grade": "superb", "language": "en", "when": "x"})
        + "\n"
    )


@pytest.mark.parametrize(
    ("damage", "kept"), [(damage_cut, 2), (damage_garbage, 3), (damage_grade, 3)]
)
def test_a_damaged_file_is_kept_aside_and_what_can_be_read_goes_on(progress, damage, kept):
    written = [progress.add(name, "good", "en", NOON) for name in NAMES[:3]]
    damage(progress.path)
    before = progress.path.read_bytes()
    again = Reviews(progress.path)
    assert again.read() == written[:kept]
    (aside,) = progress.path.parent.glob("interview.damaged-*.jsonl")
    assert aside.read_bytes() == before
    assert aside.name in again.message and f"{kept} entries" in again.message
    again.add(NAMES[7], "easy", "en", NOON)
    last = Reviews(progress.path)
    assert len(last.read()) == kept + 1
    assert not last.message


@pytest.mark.parametrize(
    "head", ['{"genimg": "interview progress", "version": 99}', '{"cards": {}}']
)
def test_a_file_of_another_version_is_kept_aside(progress, head):
    progress.path.write_text(head + "\n")
    assert progress.read() == []
    (aside,) = progress.path.parent.glob("interview.damaged-*.jsonl")
    assert aside.read_text() == head + "\n"
    assert "fresh one" in progress.message


def test_a_file_that_cannot_be_written_stops_nobody(tmp_path):
    """What was graded is kept in memory, and saved once it can be."""
    (tmp_path / "folder").write_text("in the way")
    progress = Reviews(tmp_path / "folder" / "interview.jsonl")
    assert (progress.read() == [] and not progress.message) or "could not be" in progress.message
    reviews = [progress.add(NAMES[0], "good", "en", NOON)]
    assert "set GENIMG_PROGRESS to a folder that you can write to" in progress.message
    assert progress.read() == reviews
    (tmp_path / "folder").unlink()
    reviews.append(progress.add(NAMES[1], "good", "en", NOON))
    assert Reviews(progress.path).read() == progress.read() == reviews


def test_a_file_that_another_program_holds_can_be_read(progress, monkeypatch):
    written = [progress.add(NAMES[0], "good", "en", NOON)]
    monkeypatch.setattr(journal, "SECONDS", 0.1)
    with FileLock(f"{progress.path}.lock"):
        again = Reviews(progress.path)
        assert again.read() == written and "could not be" in again.message
        written.append(again.add(NAMES[1], "good", "en", NOON))
        assert again.read() == written
    again.add(NAMES[2], "good", "en", NOON)
    assert Reviews(progress.path).read()[:2] == written


def test_a_wrong_grade_is_refused_and_nothing_is_written(progress):
    with pytest.raises(
        ValueError, match=r"grade must be one of again, hard, good, easy; got 'five'"
    ):
        progress.add(NAMES[0], "five", "en")
    assert not progress.path.exists()


def test_the_file_lies_where_the_variable_says(monkeypatch, tmp_path):
    monkeypatch.setenv("GENIMG_PROGRESS", str(tmp_path))
    assert private_path("interview") == tmp_path / "interview.jsonl"
    monkeypatch.delenv("GENIMG_PROGRESS")
    assert ROOT not in private_path("interview").parents


# --- the plan and the score -----------------------------------------------------------------------


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("minutes", [10, 30, 60])
def test_a_plan_fits_the_minutes_and_the_level(level, minutes):
    for seed in range(20):
        questions = mock.plan(level, minutes, seed=seed)
        spent = sum(mock.MINUTES[question.level] for question in questions)
        assert spent <= minutes
        assert spent > minutes - 2 * mock.MINUTES[level] or len(questions) == len(set(questions))
        assert len({question.id for question in questions}) == len(questions)
        easier = LEVELS[max(0, LEVELS.index(level) - 1)]
        assert [question.level for question in questions[1:]] == [level] * (len(questions) - 1)
        assert questions[0].level in (level, easier)
        topics = [question.topic for question in questions]
        available = {
            question.topic
            for question in bank.load().select(levels=[level])
            if question.type != "code"
        }
        assert len(set(topics)) >= min(len(topics), len(available))


def test_a_plan_is_a_function_of_its_seed():
    assert mock.plan("mid", 30, seed=4) == mock.plan("mid", 30, seed=4)
    assert (
        len(
            {
                tuple(question.id for question in mock.plan("mid", 30, seed=seed))
                for seed in range(10)
            }
        )
        == 10
    )


@pytest.mark.parametrize("level", LEVELS)
def test_functions_to_write_come_last_and_fit_the_level(level):
    for seed in range(10):
        questions = mock.plan(level, 60, code=2, seed=seed)
        assert [question.type == "code" for question in questions[-3:]] == [False, True, True]
        assert sum(map(mock.minutes_of, questions)) <= 60
        assert all(LEVELS.index(item.level) <= LEVELS.index(level) for item in questions[-2:])
    assert not [item for item in mock.plan(level, 60, seed=0) if item.type == "code"]


def test_an_interview_may_be_code_alone():
    (question,) = mock.plan("mid", 15, code=1, seed=0)
    assert question.type == "code"
    interview = mock.Interview([question])
    interview.record([0], [], 60)
    assert "exercises/92_code_it.ipynb" in interview.summary()
    with pytest.raises(ValueError, match=r"5 functions to write take \d+ minutes; got 15"):
        mock.plan("mid", 15, code=5)


# --- roles and styles -----------------------------------------------------------------------------


def test_roles_ask_about_topics_of_the_bank_and_styles_about_its_types():
    assert not roles.unknown_topics()
    assert not {kind for style in roles.STYLES.values() for kind in style.types} - set(bank.TYPES)
    for language in LANGUAGES:
        for titles in roles.titles(language):
            assert len(dict(titles)) == len(titles)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("style", roles.STYLES)
@pytest.mark.parametrize("role", roles.ROLES)
def test_every_role_is_interviewed_at_every_level_in_every_style(role, style, level):
    how, who = roles.STYLES[style], roles.ROLES[role]
    for minutes in (30, 60):
        questions = roles.plan(level, minutes, role=role, style=style, seed=1)
        functions = [question for question in questions if question.type == "code"]
        assert len(functions) == (who.code + how.code if minutes >= roles.LONG else 0)
        asked = [question for question in questions if question.type != "code"]
        assert asked and {question.topic for question in asked} <= set(
            who.topics or bank.load().topics
        )
        assert sum(map(mock.minutes_of, questions)) <= minutes


def test_a_style_prefers_its_types():
    share = {}
    for style in ("any", "startup"):
        types = [
            question.type
            for seed in range(20)
            for question in roles.plan("mid", 30, style=style, seed=seed)
        ]
        share[style] = sum(kind in roles.STYLES["startup"].types for kind in types) / len(types)
    assert share["startup"] == 1 > share["any"]


def test_an_unknown_role_is_refused():
    with pytest.raises(ValueError, match="role must be one of any, research-engineer"):
        roles.plan("mid", 30, role="boss")


# --- what is missed -------------------------------------------------------------------------------


def test_the_points_that_are_missed_most_come_first(progress):
    name, other = "gan-objective", "evaluation-fid"
    for missed in ((0, 1), (1,), (1, 2)):
        progress.add(name, "hard", "en", NOON, missed=missed)
    progress.add(other, "hard", "en", NOON, missed=(0,))
    progress.add(other, "good", "en", NOON)  # a card: nobody used the rubric
    found = seen.missed_points(Reviews(progress.path).read())
    assert [(item.question, item.point, item.missed, item.answers) for item in found] == [
        (name, 1, 3, 3),
        (other, 0, 1, 1),
        (name, 0, 1, 3),
        (name, 2, 1, 3),
    ]
    table = seen.table(progress.read(), "zh")
    assert table.startswith(f"3/3  {bank.load()[name].zh.key_points[1]}")
    assert table.splitlines()[-2].endswith("(3)") and "%" in table.splitlines()[-1]


def test_points_and_questions_that_are_gone_are_left_out(progress):
    progress.add("gan-objective", "hard", "en", NOON, missed=(17,))
    progress.add("no-such-question", "hard", "en", NOON, missed=(0,))
    assert seen.missed_points(progress.read()) == []


def test_reviews_without_a_rubric_say_how_to_get_one(progress, capsys, monkeypatch, tmp_path):
    monkeypatch.setenv("GENIMG_PROGRESS", str(tmp_path))
    assert cli.main(["missed"]) == 0
    assert "genimg interview --spoken" in capsys.readouterr().out


def test_the_plot_shows_every_answer_and_its_running_mean(progress):
    assert len(seen.progress_plot(progress).axes) == 2
    points = len(bank.load()["gan-objective"].en.key_points)
    for count in (points, 1, 0):
        progress.add("gan-objective", "hard", "en", NOON, missed=range(count))
    over_time, topics = seen.progress_plot(progress).axes
    shares, means = (line.get_ydata() for line in over_time.get_lines())
    assert list(shares) == pytest.approx([0, 1 - 1 / points, 1])
    assert list(means) == pytest.approx([0, (1 - 1 / points) / 2, (2 - 1 / points) / 3])
    assert len(topics.patches) == 1


def test_topics_narrow_a_plan():
    questions = mock.plan("mid", 30, topics=["evaluation"], seed=0)
    assert {question.topic for question in questions} == {"evaluation"}


def test_a_plan_that_cannot_be_made_says_why():
    with pytest.raises(ValueError, match="takes 10 minutes; got 9"):
        mock.plan("staff", 9)
    without = next(
        topic
        for topic in bank.load().topics
        if not bank.load().select(levels=["junior"], topics=[topic])
    )
    with pytest.raises(ValueError, match=f"no question of level junior in the topics {without}"):
        mock.plan("junior", 10, topics=[without])


def test_the_summary_names_what_was_missed_weakest_first():
    interview = mock.Interview(
        [bank.load()[name] for name in ("gan-objective", "vae-gaussian-kl", "evaluation-fid")]
    )
    first, second, _ = interview.questions
    interview.record(range(len(first.en.key_points)), range(len(first.en.follow_ups)), 60)
    interview.record([0], [], 300, "forgot the gradient")
    interview.record([0, 1, 2], [0], 100)
    assert interview.current is None
    summary = interview.summary()
    assert [record.grade for record in interview.records] == [
        "easy",
        "again",
        "good",
    ] or interview.records[2].grade == "hard"
    review = summary.split("## Review")[1]
    assert review.index("vae-gaussian-kl") < review.index("evaluation-fid")
    assert "gan-objective" not in review
    assert "notebooks/20_vae.ipynb" in review
    assert "> forgot the gradient" in summary
    assert (
        f"- [x] {second.en.key_points[0]}" in summary
        and f"- [ ] {second.en.key_points[1]}" in summary
    )
    with pytest.raises(ValueError, match="over"):
        interview.record()


def test_a_point_that_is_not_there_is_refused():
    interview = mock.Interview([bank.load()["gan-objective"]])
    with pytest.raises(ValueError, match=r"points must be indices from 0 to \d, got \[9\]"):
        interview.record([9])
    assert not interview.records


def test_every_lesson_of_the_bank_that_exists_is_named_in_a_review():
    for number in {path.name[:2] for path in (ROOT / "notebooks").glob("*.ipynb")}:
        assert mock.files_of(number)


# --- terminal, widgets, command -------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_terminal_conducts_an_interview(progress, language):
    interview = mock.Interview(mock.plan("mid", 12, seed=0), language)
    replies, shown = iter(["", "1 x", "1, 2", "", "well said", "q"]), []
    summary = terminal.conduct(interview, progress, ask=lambda _: next(replies), tell=shown.append)
    assert interview.records[0].points == (0, 1) and interview.records[0].note == "well said"
    assert len(interview.records) == 1 and summary in shown[-1]
    assert [review.question for review in progress.read()] == [interview.questions[0].id]
    text = "\n".join(shown)
    assert interview.questions[0].text(language).key_points[0] in text
    assert interview.questions[1].text(language).key_points[0] not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_spoken_the_rubric_comes_before_the_model_answer(progress, language):
    question = bank.load()["gan-objective"]
    text = question.text(language)
    points, follow_ups = len(text.key_points), len(text.follow_ups)
    replies = ["", "maybe", "y", *["n"] * (points - 1), *["", "y"] * follow_ups, "a note"]
    prompts, shown, pending = [], [], iter(replies)

    def ask(prompt):
        prompts.append(prompt)
        return next(pending)

    interview = mock.Interview([question], language)
    terminal.conduct(interview, progress, spoken=True, ask=ask, tell=shown.append)
    assert not list(pending)
    (record,) = interview.records
    assert record.points == (0,) and record.follow_ups == tuple(range(follow_ups))
    assert progress.read()[0].missed == tuple(range(1, points))
    read = "\n".join(shown)
    assert read.index(" / 4:00" if question.level == "junior" else ":00") < read.index(
        rendering.WORDS[language]["key_points"]
    )
    first = text.answer[:20]
    assert read.index(text.key_points[-1][:15]) < read.index(first)


def test_a_function_is_dealt_with_its_stub_and_its_minutes():
    question = bank.load()["code-guided-noise"]
    prompts, shown, pending = [], [], iter(["", "1", "", ""])

    def ask(prompt):
        prompts.append(prompt)
        return next(pending)

    terminal.conduct(mock.Interview([question]), ask=ask, tell=shown.append)
    assert "def guided_noise(conditional" in shown[0] and "NotImplementedError" in shown[0]
    assert "exercise 92." in shown[1] and "10 minutes" in shown[1]
    assert prompts[0].startswith("Write it")


def test_a_clock_is_read_in_minutes_and_seconds():
    assert [terminal.clock(seconds) for seconds in (0, 59.9, 61, 600)] == [
        "0:00",
        "0:59",
        "1:01",
        "10:00",
    ]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("columns", [40, 60, 200])
def test_no_line_of_prose_is_wider_than_the_terminal(language, columns, monkeypatch):
    monkeypatch.setenv("COLUMNS", str(columns))
    shown = []
    for question in bank.load().questions.values():
        replies = iter(["", "", "", ""])
        interview = mock.Interview([question], language)
        terminal.conduct(interview, ask=lambda _, replies=replies: next(replies), tell=shown.append)
        del shown[-1]  # the summary is Markdown, for a file
    lines = [line for line in "\n".join(shown).splitlines() if not line.startswith("    ")]
    wide = [line for line in lines if wcswidth(line) > min(columns, 100)]
    # a word or a formula that is longer than a line stays whole
    assert not [line for line in wide if len(re.findall(r"[^\s\u2e80-\uffef]+|[^\s]", line)) > 2]


def test_an_interrupted_interview_ends_with_its_summary(progress):
    replies = iter(["", "1", "", "a note"])

    def ask(_):
        try:
            return next(replies)
        except StopIteration:
            raise KeyboardInterrupt from None

    interview = mock.Interview(mock.plan("mid", 30, seed=0))
    shown = []
    with pytest.raises(KeyboardInterrupt):
        terminal.conduct(interview, progress, ask=ask, tell=shown.append)
    assert "> a note" in shown[-1] and len(progress.read()) == 1


@pytest.mark.parametrize("command", ["interview", "sheets"])
def test_a_folder_that_cannot_be_written_is_noticed_before_the_questions(command, tmp_path, capsys):
    (tmp_path / "out").write_text("in the way")
    assert cli.main([command, "--out", str(tmp_path / "out")]) == 2
    shown = capsys.readouterr()
    assert shown.err.startswith("genimg: ") and not shown.out


def test_the_terminal_survives_the_end_of_its_input(progress):
    def ended(_):
        raise EOFError

    interview = mock.Interview(mock.plan("junior", 8, seed=0))
    assert "No question" in terminal.conduct(interview, progress, ask=ended, tell=lambda _: None)


def test_cards_deal_reveal_grade_and_remember(progress):
    cards = jupyter.Cards(progress=progress)
    first = cards.current
    assert not cards.back.value and all(button.disabled for button in cards.grades.values())
    cards.show.click()
    assert "Key points" in cards.back.value and cards.show.disabled
    cards.grades["good"].click()
    assert cards.current != first and not cards.back.value
    again = jupyter.Cards(progress=Reviews(progress.path))
    assert again.current == cards.current
    assert f"{len(NAMES) - 1} new" in again.status.value


def test_cards_filter_and_speak_chinese(progress):
    cards = jupyter.Cards("zh", progress)
    cards.level.value, cards.topic.value = "staff", "systems"
    assert cards.current.level == "staff" and cards.current.topic == "systems"
    assert rendering.heading_html(cards.current, "zh")[0] in cards.front.value
    cards.language.value = "en"
    assert (
        cards.level.value == "staff"
        and cards.current.topic == "systems"
        and "questions here" in cards.status.value
    )
    for _ in range(20):
        if cards.current is None:
            break
        cards.show.click()
        cards.grades["easy"].click()
    assert cards.current is None and "Nothing is due" in cards.front.value and cards.show.disabled


def test_cards_say_that_the_file_was_damaged(progress):
    progress.path.write_bytes(b"\xff\xff")
    assert "kept as" in jupyter.Cards(progress=progress).status.value


def test_the_mock_interview_runs_to_its_summary_and_files(progress, tmp_path):
    face = jupyter.MockInterview(progress, tmp_path / "out")
    face.level.value, face.minutes.value = "mid", 10
    face.start.click()
    total = len(face.interview.questions)
    for _ in range(total):
        assert not face.rubric.children and face.next.disabled
        face.reveal.click()
        face._ticks[0].value = True
        face.next.click()
    assert "Mock interview" in face.result.value and face.result in face.children
    assert len(progress.read()) == total
    face.files.click()
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        "summary.md",
        "interviewer.html",
        "candidate.html",
    }


def test_spoken_in_the_notebook_every_point_is_graded_before_the_answer(progress):
    face = jupyter.MockInterview(progress)
    face.language.value, face.spoken.value, face.minutes.value = "zh", True, 10
    assert "研究工程师" in dict(face.role.options)
    face.start.click()
    face.reveal.click()
    assert face.rubric.children and not face.model_answer.value and face.next.disabled
    for box in [*face._ticks, *face._asked]:
        assert not face.model_answer.value
        box.value = False
    assert face.model_answer.value and not face.next.disabled
    face._ticks[1].value = True
    face.next.click()
    (record,) = face.interview.records
    assert record.points == (1,) and 1 not in progress.read()[0].missed


def test_a_plan_that_does_not_fit_is_said_in_the_notebook(progress):
    face = jupyter.MockInterview(progress)
    face.minutes.value, face.code.value = 10, 3
    face.start.click()
    assert "take" in face.result.value and face.start in face.children and not face.interview


def test_the_command_needs_no_tensorflow(tmp_path):
    code = "import sys; from genimg_lib import cli; cli.main(['sheets', '--out', sys.argv[1]]); "
    code += "print('tensorflow' in sys.modules, 'matplotlib' in sys.modules)"
    run = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], cwd=ROOT, capture_output=True, text=True
    )
    assert run.stdout.splitlines()[-1] == "False False", run.stderr


def test_the_command_says_what_is_wrong(capsys):
    assert cli.main(["sheets", "--minutes", "1"]) == 2
    assert "takes 6 minutes; got 1" in capsys.readouterr().err


# --- files ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_candidate_sees_no_answers(language):
    interview = mock.Interview(mock.plan("mid", 30, seed=0), language)
    candidate, interviewer = sheets.candidate_sheet(interview), sheets.interviewer_sheet(interview)
    for question in interview.questions:
        points = [
            rendering.text_html(point).strip().removeprefix("<p>").removesuffix("</p>")
            for point in question.text(language).key_points
        ]
        assert not [point for point in points if point in candidate]
        # Markdown may quote otherwise
        assert sum(point in interviewer for point in points) >= len(points) - 2
    for sheet in (candidate, interviewer):
        assert not re.search(r"(?:src|href)=|@import|url\(", sheet), (
            "a sheet needs nothing from outside"
        )


def test_the_anki_package_is_the_same_each_time_and_whole(tmp_path):
    for name in ("one.apkg", "two.apkg"):
        assert sheets.write_anki(tmp_path / name, "zh") == len(NAMES)
    assert (tmp_path / "one.apkg").read_bytes() == (tmp_path / "two.apkg").read_bytes()
    with zipfile.ZipFile(tmp_path / "one.apkg") as package:
        package.extract("collection.anki2", tmp_path)
    notes = (
        sqlite3.connect(tmp_path / "collection.anki2")
        .execute("select guid, flds from notes")
        .fetchall()
    )
    assert len({guid for guid, _ in notes}) == len(NAMES)
    fields = [text.split("\x1f") for _, text in notes]
    assert all(len(parts) == 3 and all(parts) for parts in fields)


@pytest.mark.parametrize("name", NAMES)
def test_the_html_shows_what_the_bank_says(name):
    question = bank.load()[name]
    for language in LANGUAGES:
        shown = rendering.answer_html(question, language)
        assert "<script" not in shown
        assert shown.count("<pre>") == question.text(language).answer.count("```") // 2
        prose = re.sub(r"<(pre|code)>.*?</\1>", "", shown, flags=re.DOTALL)
        stars = [found for found in re.findall(r".{0,20}\*.{0,20}", prose) if "D*" not in found]
        assert not stars, (
            "emphasis that was not closed: Chinese punctuation stands outside of the stars"
        )


def test_the_corner_deals_by_id():
    shown = rendering.corner("gan-objective", "vae-gaussian-kl", language="zh").data
    assert shown.count("<details>") == 2 and bank.load()["vae-gaussian-kl"].zh.question in shown
    with pytest.raises(ValueError, match="There is no question 'gan-objektive'"):
        rendering.corner("gan-objektive")


def test_the_pages_are_up_to_date():
    for path, text in tool("build_bank").pages().items():
        assert path.read_text(encoding="utf-8") == text, "run: uv run tools/build_bank.py pages"
        anchors = re.findall(r'<a id="([^"]+)">', text)
        assert anchors == NAMES and set(re.findall(r"\]\(#([^)]+)\)", text)) == set(NAMES)
        for target in re.findall(r"\]\((\.\./[^)#]+)", text):
            assert (path.parent / target).exists(), target


def test_the_command_reviews_takes_reviews_in_and_out(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("GENIMG_PROGRESS", str(tmp_path / "own"))
    Reviews().add(NAMES[0], "good", "en", NOON)
    file = tmp_path / "reviews.jsonl"
    assert cli.main(["reviews", "export", str(file)]) == 0
    assert cli.main(["reviews", "export", str(file)]) == 2  # never over a file that is there
    monkeypatch.setenv("GENIMG_PROGRESS", str(tmp_path / "other"))
    file.write_text(file.read_text() + "no line\n")
    capsys.readouterr()
    assert cli.main(["reviews", "import", str(file)]) == 0
    said = capsys.readouterr().out
    assert "1 reviews added, 0 were here already" in said and "1 lines" in said
    assert [review.question for review in Reviews().read()] == [NAMES[0]]
    (tmp_path / "other.jsonl").write_text("{}\n")
    assert cli.main(["reviews", "import", str(tmp_path / "other.jsonl")]) == 2
    assert list(tmp_path.glob("*.damaged*")) == []  # a foreign file stays as it is
