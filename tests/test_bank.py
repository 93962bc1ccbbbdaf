"""The question bank: complete and well formed, with languages in step.

Every `verify` snippet runs. `pytest tests/test_bank.py -k gan_game` checks one topic.
"""

import ast
import re
import time
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

import msgspec
import nbformat
import pytest

from genimg_lib.practice.course import LANGUAGES, LEVELS
from genimg_lib.practice.exercises import catalogue
from genimg_lib.practice.interview import bank, coding

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
QUESTIONS = list(bank.load().questions.values())
SAFE_IMPORTS = {
    "numpy",
    "scipy",
    "genimg_lib",
    "math",
    "random",
    "statistics",
    "fractions",
    "decimal",
    "itertools",
}
SAFE_IMPORTS |= {
    "collections",
    "functools",
    "re",
    "json",
    "struct",
    "string",
    "hashlib",
    "io",
    "gzip",
    "zlib",
}
UNITS = {"million": 10**6, "billion": 10**9, "trillion": 10**12}
UNITS |= {"万": 10**4, "亿": 10**8, "万亿": 10**12}
UNITS |= {"K": 10**3, "M": 10**6, "B": 10**9}
CHINESE = "[\u4e00-\u9fff]"


def headings(path: Path) -> set[tuple[str, str]]:
    """The headings of a lesson as pairs of number, which may be empty, and words."""
    texts = (c.source for c in nbformat.read(path, as_version=4).cells if c.cell_type == "markdown")
    lines = re.findall(r"^#{2,4} (?:(\d+)\.? )?(.+)$", "\n".join(texts), flags=re.MULTILINE)
    return {(number, words.strip()) for number, words in lines}


HEADINGS = {path.name[:2]: headings(path) for path in sorted(NOTEBOOKS.glob("*.ipynb"))}

each_question = pytest.mark.parametrize(
    "question", QUESTIONS, ids=[f"{item.topic}:{item.id}" for item in QUESTIONS]
)


def prose(text: str) -> str:
    """The text without its fenced blocks."""
    return re.sub(r"```.*?```", " ", text, flags=re.DOTALL)


def fields(text: bank.Text) -> dict[str, str]:
    return {
        "question": text.question,
        "answer": text.answer,
        "key_points": "\n".join(text.key_points),
        "wrong": f"{text.wrong}\n{text.why_wrong}",
        "follow_ups": "\n".join(part for pair in text.follow_ups for part in pair),
    }


def numbers(text: str) -> set[str]:
    """The values of a text's numbers, so that 7 billion is 70 亿, and 48 times fewer is 1/48."""
    text = re.sub(r"(?<![\d.,/])1/(?=\d)", "", text)
    unit = r"\s?(?:万亿|[万亿]|[mbtr]+illion)|[KMB](?![A-Za-z0-9])"
    found = re.findall(rf"(\d+(?:[.,]\d+)*)({unit})?", text)
    return {
        f"{(Decimal(digits.replace(',', '')) * UNITS.get(unit.strip(), 1)).normalize():f}"
        if re.fullmatch(r"\d+(,\d{3})*(\.\d+)?", digits)
        else digits
        for digits, unit in found
    }


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("7 billion weights of 2 bytes", "70 亿个权重每个 2 字节"),
        ("67 million of 10 million", "1000 万次里的 6,700 万次"),
        ("0.4 trillion in 48 times fewer", "0.4 万亿降为 1/48"),
        ("version 2.1.3, 65,504", "2.1.3 版 65,504"),
        ("14B weights, 2.3M samples in 400K steps", "14B 权重、230 万个样本、40 万步"),
    ],
)
def test_equal_numbers_are_seen_in_both_languages(english, chinese):
    assert numbers(english) == numbers(chinese)


@pytest.mark.parametrize(
    ("english", "chinese"), [("7 billion", "7 亿"), ("3 of 4", "4"), ("48 times", "4.8 倍")]
)
def test_unequal_numbers_are_told_apart(english, chinese):
    assert numbers(english) != numbers(chinese)


# --- the whole bank -------------------------------------------------------------------------------


def test_no_two_questions_are_alike():
    for language in LANGUAGES:
        assert len({question.text(language).question for question in QUESTIONS}) == len(QUESTIONS)


def test_an_id_in_two_files_is_refused(tmp_path):
    path = bank.FOLDER / "tokens.toml"
    for name in ("tokens.toml", "zz.toml"):
        (tmp_path / name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(ValueError, match=r"zz\.toml: the id \S+ is also in tokens\.toml"):
        bank.load(tmp_path)


def broken(text: str, old: str, new: str) -> str:
    assert old in text
    return text.replace(old, new, 1)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('level = "mid"', 'level = "boss"', "tokens-why-and-how-many: Invalid enum value 'boss'"),
        ('lesson = "42"', 'lesson = "4"', "lesson"),
        ('lesson = "42"', 'lesson = "42"\ncolour = "red"', "unknown field `colour`"),
        ('type = "concept"\n', "", "missing required field `type`"),
        ('link = "lesson:42"', 'link = "ftp://x"', r"sources"),
        ("[question.zh]\n", "[question.zh]\nanswer = 3\n[question.xx]\n", "zh.answer|unknown"),
        ('id = "tokens-why-and-how-many"', 'id = "Tokens"', "Tokens: .*id"),
        ('[topic]\nen = "Image tokens"', "[topic]", "topic: .*`en`"),
        ("[topic]", "[subject]", "subject"),
        ("[topic]", "[topic", "is not readable TOML"),
    ],
)
def test_a_file_that_breaks_the_format_is_named_with_the_question_and_field(
    tmp_path, old, new, told
):
    text = (bank.FOLDER / "tokens.toml").read_text(encoding="utf-8")
    (tmp_path / "tokens.toml").write_text(broken(text, old, new), encoding="utf-8")
    with pytest.raises(ValueError, match=rf"^tokens\.toml.*({told})"):
        bank.load(tmp_path)


def test_every_level_type_and_topic_has_questions():
    assert len(QUESTIONS) >= 230
    assert len(bank.load().select(levels=["senior"])) >= 25
    assert len(bank.load().select(levels=["staff"])) >= 20
    assert {question.level for question in QUESTIONS} == set(LEVELS)
    assert {question.type for question in QUESTIONS} == set(bank.TYPES)
    for topic in bank.load().topics:
        found = bank.load().select(topics=[topic])
        assert len({question.level for question in found}) >= 2, topic
        if topic != coding.TOPIC:
            assert len({question.type for question in found}) >= 2, topic
            assert "staff" in {question.level for question in found}, topic


def test_nearly_every_answer_is_proved():
    """By a snippet, or by the checker of its exercise."""
    proved = sum(bool(question.verify or question.exercise) for question in QUESTIONS)
    assert proved >= 0.9 * len(QUESTIONS)


def test_at_least_twenty_functions_are_to_be_written_in_at_most_twenty_minutes():
    found = bank.load().select(types=["code"])
    assert len({question.exercise for question in found}) == len(found) >= 20
    assert all(0 < question.minutes <= 20 for question in found)


def test_every_exercise_against_the_clock_is_in_the_bank():
    written = {
        name for name, part in coding.parts().items() if part.exercise.notebook == "92_code_it"
    }
    assert written <= {question.exercise for question in QUESTIONS}


def test_a_coding_question_says_what_its_exercise_says():
    question = bank.load()["code-guided-noise"]
    part = coding.parts()["guided_noise"]
    assert (question.level, question.minutes) == (part.exercise.level, part.exercise.minutes)
    stub, model = (
        next(catalogue.source(cell) for cell in part.cells if tag in catalogue.tags(cell))
        for tag in ("todo", "solution")
    )
    for language in LANGUAGES:
        assert stub in question.text(language).question
        assert model in question.text(language).answer
        assert "NotImplementedError" not in question.text(language).answer
    assert question.en.why_wrong and question.sources[0].link.startswith("https://arxiv.org")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('exercise = "guided_noise"', 'exercise = "no_such"', "there is no exercise 'no_such'"),
        ('type = "code"', 'type = "concept"', "a question of type code names its exercise"),
        ("en.key_points", "en.points", "unknown field `points`"),
    ],
)
def test_a_broken_coding_question_is_named(tmp_path, old, new, told):
    text = (bank.FOLDER / "code_it.toml").read_text(encoding="utf-8")
    (tmp_path / "code_it.toml").write_text(broken(text, old, new), encoding="utf-8")
    with pytest.raises(ValueError, match=rf"code-guided-noise.*{told}"):
        bank.load(tmp_path)


def test_what_nobody_has_checked_for_a_year_is_listed_the_oldest_first():
    loaded = bank.load()
    first, *rest = loaded.questions.values()
    months = {first.id: "", **{item.id: "2026-11" for item in rest}, rest[3].id: "2025-10"}
    changed = {
        name: msgspec.structs.replace(item, checked=months[name])
        for name, item in loaded.questions.items()
    }
    old = bank.Bank(changed, loaded.topics)
    assert [item.id for item in old.unchecked(2026, 10)] == [first.id, rest[3].id]
    assert [item.id for item in old.unchecked(2026, 9)] == [first.id]
    assert len(old.unchecked(2027, 11)) == len(changed)
    assert loaded.unchecked(2026, 11) == [], "uv run tools/build_bank.py old"


# --- each question --------------------------------------------------------------------------------


@each_question
def test_the_answer_has_the_length_of_a_spoken_one(question):
    words = len(re.findall(r"[A-Za-z0-9][\w'./-]*", prose(question.en.answer)))
    characters = len(re.findall(CHINESE, prose(question.zh.answer)))
    shortest = 30 if question.exercise else 120  # beside the code of a model answer
    assert shortest <= words <= 300, f"{words} English words"
    assert 1.25 * shortest <= characters <= 560, f"{characters} Chinese characters"
    assert 0.9 <= characters / words <= 2.2, (
        f"{characters} Chinese characters for {words} English words"
    )


@each_question
@pytest.mark.parametrize("language", LANGUAGES)
def test_all_fields_are_rich_enough(question, language):
    text = question.text(language)
    assert 3 <= len(text.key_points) <= 6
    assert (1 if question.exercise else 2) <= len(text.follow_ups) <= 4
    assert question.sources
    for field, value in fields(text).items():
        assert (re.search(CHINESE, value) is not None) or language == "en", (
            f"{field} is not Chinese"
        )
        assert value.count("```") % 2 == 0, f"{field}: a fence is not closed"
        assert "$" not in prose(value) or re.search(r"\$\d|\$/", value), (
            f"{field}: no LaTeX; formulas are code or plain text"
        )


@each_question
def test_the_languages_say_the_same(question):
    english, chinese = fields(question.en), fields(question.zh)
    assert len(question.en.key_points) == len(question.zh.key_points)
    assert len(question.en.follow_ups) == len(question.zh.follow_ups)
    for field in english:
        assert numbers(english[field]) == numbers(chinese[field]), f"other numbers in {field}"
        assert english[field].count("```") == chinese[field].count("```"), (
            f"other fenced blocks in {field}"
        )
        spans = [
            sorted(re.findall(r"`([^`\n]+)`", prose(text[field]))) for text in (english, chinese)
        ]
        assert spans[0] == spans[1], f"other `code` in {field}"


@each_question
def test_neither_language_was_changed_alone(question):
    expected = bank.fingerprint(question)
    assert question.in_step == expected, (
        f"Read both languages of {question.id} side by side, then run: "
        f"uv run tools/build_bank.py in-step {question.topic} {question.id}"
    )


@each_question
def test_the_chinese_is_written_as_chinese(question):
    for field, value in fields(question.zh).items():
        found = re.findall(f"{CHINESE}[,;:?!]{CHINESE}", prose(value))
        assert not found, f"{field}: full-width punctuation between Chinese characters, not {found}"


@each_question
def test_sources_and_lesson_can_be_opened(question):
    cited = [source for source in question.sources if source.link.startswith("lesson:")]
    for source in cited:
        number = source.link.removeprefix("lesson:")
        assert number in HEADINGS, f"{source.link} is not there yet: do not cite it"
        named = re.fullmatch(rf"Lesson {number}(?:, section (\d+))?: (.+)", source.title)
        assert named, f"name a section of lesson {number}, not {source.title!r}"
        wanted = (named[1] or "", named[2])
        assert wanted in HEADINGS[number], f"lesson {number} has no section {wanted}"
    if question.lesson and not question.exercise:  # an exercise names the lesson that prepares it
        assert f"lesson:{question.lesson}" in {source.link for source in cited}, (
            f"no section of lesson {question.lesson} is named that answers"
        )


@each_question
def test_the_entry_says_when_it_was_checked_and_how_often_it_is_asked(question):
    assert question.checked
    if question.exercise:
        return  # nobody has counted
    assert question.asked
    assert re.search(r"\d", question.asked_basis), "count something"


# --- the snippets ---------------------------------------------------------------------------------

PROVED = [question for question in QUESTIONS if question.verify]
each_proved = pytest.mark.parametrize(
    "question", PROVED, ids=[f"{item.topic}:{item.id}" for item in PROVED]
)
WHOLE = r"(?<!\d)(?<!\d[.,]){}(?!\d)(?![.,]\d)"


class Literal(str):
    """A text that the snippet only repeats, in contrast to one that it computes."""


class MarkLiterals(ast.NodeTransformer):
    """Wraps every constant text that is given to `states` into `Literal`."""

    def visit_Call(self, node):
        if getattr(node.func, "id", None) != "states":
            return self.generic_visit(node)
        for place in (node.args, node.keywords):
            for index, item in enumerate(place):
                value = getattr(item, "value", None) if place is node.keywords else item
                if isinstance(value, ast.Constant):
                    wrapped = ast.Call(ast.Name("Literal", ast.Load()), [value], [])
                    place[index] = ast.keyword(item.arg, wrapped) if item is not value else wrapped
        return node


def says(answer: str, text: str) -> bool:
    """Whether the answer holds the text, with its numbers as whole numbers: 4 is not in 14."""
    return re.search(WHOLE.format(re.escape(text)), re.sub(r"\s+", " ", answer)) is not None


def run_snippet(question: bank.Question, states) -> None:
    """Runs the snippet in a namespace of its own, in which `states(text, ..., en=..., zh=...)` is
    given the texts that the answers say.
    """
    tree = ast.fix_missing_locations(MarkLiterals().visit(ast.parse(question.verify)))
    names = {"__name__": question.id, "states": states, "Literal": Literal}
    exec(compile(tree, f"{question.id}.verify", "exec"), names)


@lru_cache
def stated(question: bank.Question) -> dict[str, list[str]]:
    """What the snippet says of the answer in each language; Literal where it is not computed."""
    found = {language: [] for language in LANGUAGES}

    def states(*both, **one):
        for language in LANGUAGES:
            found[language] += [*both, *((one[language],) if language in one else ())]

    run_snippet(question, states)
    return found


@each_proved
def test_verify(question):
    """The snippet runs, quickly, and what it states stands in both answers."""
    for node in ast.walk(ast.parse(question.verify)):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [node.module] if isinstance(node, ast.ImportFrom) else []
        assert {name.split(".")[0] for name in names} <= SAFE_IMPORTS, names
    start = time.process_time()
    texts = stated(question)
    assert time.process_time() - start < 60, "a snippet takes a second or two, not more"
    for language, found in texts.items():
        for text in found:
            assert says(question.text(language).answer, text), (
                f"the answer ({language}) does not say {text!r}"
            )


@each_proved
def test_a_snippet_can_fail(question):
    """It states a text or asserts something, and no assertion is true by its form alone."""
    tree = ast.parse(question.verify)
    proofs = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Assert)
        or (isinstance(node, ast.Call) and "assert_" in ast.unparse(node.func))
    ]
    assert proofs or "states(" in question.verify, "the snippet proves nothing"
    for node in proofs:
        inside = list(ast.walk(node.test if isinstance(node, ast.Assert) else node))
        names = [part for part in inside if isinstance(part, ast.Name)]
        assert names, f"nothing is computed in {ast.unparse(node)}"
        for part in inside:
            if isinstance(part, ast.Compare):
                sides = [ast.dump(side) for side in (part.left, *part.comparators)]
                assert len(set(sides)) > 1, f"always true: {ast.unparse(part)}"


def unnoticed(question: bank.Question) -> list[str]:
    """The stated numbers that nobody computes: changed wherever they are written out, in the answer
    and in the snippet, they leave the snippet content.
    """
    found = []
    for language, texts in stated(question).items():
        answer = re.sub(r"\s+", " ", question.text(language).answer)
        for number in sorted({number for text in texts for number in find_numbers(text)}):
            pattern = WHOLE.format(re.escape(number))
            changed = number[:-1] + str((int(number[-1]) + 1) % 10)
            altered = re.sub(pattern, changed, answer)
            written = [re.sub(pattern, changed, t) if isinstance(t, Literal) else t for t in texts]
            if all(says(altered, text) for text in written):
                found.append(f"{number} could be any other number in the answer ({language})")
    return found


def find_numbers(text: str) -> list[str]:
    return re.findall(r"\d+(?:[.,]\d+)*", text)


@pytest.mark.slow
@each_proved
def test_a_changed_number_is_noticed(question):
    assert not unnoticed(question)


@pytest.mark.parametrize(
    ("snippet", "missed"),
    [
        ('states("12")', 2),
        ('states(en="12 numbers", zh="12 个")', 2),
        ('total = 3 * 4\nstates(f"{total}")', 0),
        ('states("12", f"{3 * 4}")', 0),
    ],
)
def test_a_number_that_is_only_repeated_is_seen(snippet, missed):
    english = msgspec.structs.replace(QUESTIONS[0].en, answer="There are 12 numbers, not 4.12.")
    chinese = msgspec.structs.replace(QUESTIONS[0].zh, answer="有 12 个，不是 4.12。")  # noqa: RUF001
    question = msgspec.structs.replace(QUESTIONS[0], verify=snippet, en=english, zh=chinese)
    assert len(unnoticed(question)) == missed
