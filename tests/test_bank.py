"""The question bank: complete, well formed, both languages in step, and every `verify` snippet
runs.

`pytest tests/test_bank.py -k gan_game` checks one topic.
"""

import ast
import re
import time
from pathlib import Path

import pytest

from genimg_lib.practice.interview import bank

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
AWKWARD_CHINESE = (
    "反卷积",
    "KL 距离",
    "KL距离",
    "模式坍塌",
    "模式坍缩",
    "隐藏变量",
    "变分自动编码器",
    "无分类器指导",
)
CHINESE = "[\u4e00-\u9fff]"

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
    return set(re.findall(r"\d+(?:[.,]\d+)*", text))


# --- the whole bank -------------------------------------------------------------------------------


def test_the_whole_bank_is_large_proved_and_mixed():
    assert len({question.entry for question in QUESTIONS}) == len(QUESTIONS), "one entry twice"
    assert len(QUESTIONS) >= 230
    assert sum(bool(question.verify) for question in QUESTIONS) >= 140
    assert {question.level for question in QUESTIONS} == set(bank.LEVELS)
    assert {question.type for question in QUESTIONS} == set(bank.TYPES)


# --- each question --------------------------------------------------------------------------------


@each_question
def test_the_answer_has_the_length_of_a_spoken_one(question):
    words = len(re.findall(r"[A-Za-z0-9][\w'./-]*", prose(question.en.answer)))
    characters = len(re.findall(CHINESE, prose(question.zh.answer)))
    assert 120 <= words <= 300, f"{words} English words"
    assert 150 <= characters <= 560, f"{characters} Chinese characters"
    assert 0.9 <= characters / words <= 2.2, (
        f"{characters} Chinese characters for {words} English words"
    )


@each_question
@pytest.mark.parametrize("language", bank.LANGUAGES)
def test_all_fields_are_rich_enough(question, language):
    text = question.text(language)
    assert 3 <= len(text.key_points) <= 6
    assert 2 <= len(text.follow_ups) <= 4
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
        f"uv run tools/interview_bank.py in-step {question.topic} {question.id}"
    )


@each_question
def test_the_chinese_is_written_as_chinese(question):
    for field, value in fields(question.zh).items():
        found = re.findall(f"{CHINESE}[,;:?!]{CHINESE}", prose(value))
        assert not found, f"{field}: full-width punctuation between Chinese characters, not {found}"
        assert not [word for word in AWKWARD_CHINESE if word in value], field


@each_question
def test_sources_and_lesson_can_be_opened(question):
    lessons = {path.name[:2] for path in NOTEBOOKS.glob("*.ipynb")}
    assert question.lesson in lessons
    for source in question.sources:
        if source.link.startswith("lesson:"):
            assert source.link.removeprefix("lesson:") in lessons, (
                f"{source.link} is not there yet: do not cite it"
            )


# --- the snippets ---------------------------------------------------------------------------------

PROVED = [question for question in QUESTIONS if question.verify]


@pytest.mark.parametrize("question", PROVED, ids=[f"{item.topic}:{item.id}" for item in PROVED])
def test_verify(question):
    """Runs the snippet in a namespace of its own, in which `states(text, ..., en=..., zh=...)`
    asserts what the answers say.
    """

    def states(*both, **one):
        for language in bank.LANGUAGES:
            answer = re.sub(r"\s+", " ", question.text(language).answer)
            for text in (*both, *((one[language],) if language in one else ())):
                assert text in answer, f"the answer ({language}) does not say {text!r}"

    tree = ast.parse(question.verify)
    proofs = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Assert) or "assert_" in ast.unparse(node)
    ]
    assert proofs or "states(" in question.verify, "the snippet proves nothing"
    for node in ast.walk(tree):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [node.module] if isinstance(node, ast.ImportFrom) else []
        assert {name.split(".")[0] for name in names} <= SAFE_IMPORTS, names
    start = time.process_time()
    exec(
        compile(tree, f"{question.id}.verify", "exec"), {"__name__": question.id, "states": states}
    )
    assert time.process_time() - start < 10, "a snippet takes a second or two, not more"
