"""The words of the course: one term for one thing, in English and in Chinese.

The terms and what is not written for them are in genimg_lib/practice/interview/glossary.toml.
"""

import re
import tomllib
from pathlib import Path

import nbformat
import pytest

from genimg_lib.practice.interview import bank, rendering

ROOT = Path(__file__).parents[1]
GLOSSARY = tomllib.loads((bank.FOLDER.parent / "glossary.toml").read_text(encoding="utf-8"))
CHINESE = re.compile("[\u4e00-\u9fff]")
NOTEBOOKS = sorted(
    path
    for folder in ("notebooks", "solutions", "exercises")
    for path in (ROOT / folder).glob("*.ipynb")
)


def rules(language: str, *, habits: bool = True) -> list[tuple[str, str, list[str]]]:
    """What is not written in a language: pattern, what to write, and the entries that may."""
    found = [
        (pattern, f"{term[language]} ({term['why']})", term.get("except", []))
        for term in GLOSSARY["term"]
        for pattern in term.get(f"not_{language}", [])
    ]
    if habits:
        kind = {"en": "english", "zh": "chinese"}[language]
        found += [(rule["pattern"], rule["instead"], []) for rule in GLOSSARY[kind]]
    return found


def prose(text: str) -> str:
    """The text without its code, its formulas and its addresses."""
    text = re.sub(r"```.*?```|\$\$.*?\$\$", " ", text, flags=re.DOTALL)
    return re.sub(r"`[^`\n]+`|\$[^$\n]+\$|https?://\S+|\]\([^)]*\)", " ", text)


def complaints(text: str, language: str, *, entry: str = "", habits: bool = True) -> list[str]:
    return [
        f"{match[0]!r} in ...{text[max(0, match.start() - 15) : match.end() + 15]!r}: {instead}"
        for pattern, instead, allowed in rules(language, habits=habits)
        if entry not in allowed
        for match in re.finditer(pattern, text)
    ]


def text_of(question: bank.Question, language: str) -> str:
    text = question.text(language)
    pairs = [part for pair in text.follow_ups for part in pair]
    return "\n".join(
        (text.question, text.answer, *text.key_points, text.wrong, text.why_wrong, *pairs)
    )


@pytest.mark.parametrize("language", bank.LANGUAGES)
@pytest.mark.parametrize("question", bank.load().questions.values(), ids=lambda item: item.id)
def test_the_bank_keeps_to_the_glossary(question, language):
    found = complaints(prose(text_of(question, language)), language, entry=question.id)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_chinese_in_lessons_and_exercises_keeps_to_the_glossary(path):
    """Only what we write: prompts and quoted titles in code are what users and others write."""
    cells = nbformat.read(path, as_version=4).cells
    texts = [prose(cell.source) for cell in cells if cell.cell_type == "markdown"]
    lines = [line for text in texts for line in text.splitlines() if CHINESE.search(line)]
    found = complaints("\n".join(re.sub('"[^"]*"', " ", line) for line in lines), "zh")
    assert not found, "\n".join(found)


@pytest.mark.parametrize("language", bank.LANGUAGES)
def test_the_words_around_the_questions_keep_to_the_glossary(language):
    titles = [titles[language] for titles in bank.load().topics.values()]
    found = complaints("\n".join([*rendering.WORDS[language].values(), *titles]), language)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("path", sorted((ROOT / "docs").glob("*.md")), ids=lambda path: path.name)
def test_the_habits_of_english_are_not_in_the_documents(path):
    lines = [line for line in path.read_text().splitlines() if not CHINESE.search(line)]
    text = prose("\n".join(lines))
    found = [
        f"{match[0]!r}: {rule['instead']}"
        for rule in GLOSSARY["english"]
        for match in re.finditer(rule["pattern"], text)
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("term", GLOSSARY["term"], ids=lambda term: term["en"])
def test_a_term_does_not_forbid_itself(term):
    others = [other for other in GLOSSARY["term"] if other["en"] == term["en"]]
    assert len(others) == 1, "two entries for one term"
    for language in bank.LANGUAGES:
        assert not complaints(term[language], language, habits=False)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("少 48 倍", "zh"),
        ("位置多 4 倍", "zh"),
        ("有 7 十亿个权重", "zh"),
        ("6M 次请求", "zh"),
        ("400K 步", "zh"),
        ("GPU 内存", "zh"),
        ("每个 token", "zh"),
        ("a sample is drawn from it", "en"),
        ("some hundred steps", "en"),
        ("inventing is dear", "en"),
    ],
)
def test_the_lint_sees_what_it_should(text, language):
    assert complaints(text, language)
