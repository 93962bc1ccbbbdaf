"""The bank as scripts for the site's cards and mock interviews: one for each language."""

import json
from pathlib import Path

from genimg_lib.practice.course import LANGUAGES, LEVELS
from genimg_lib.practice.interview import bank, mock, rendering, roles
from genimg_lib.practice.interview.jupyter import BUTTONS


def write_bank_scripts(folder: Path, lessons: dict[str, str]) -> None:
    """Writes bank_en.js and bank_zh.js into `folder`.

    `lessons`: lesson number -> address, seen from the pages that load the scripts.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for language in LANGUAGES:
        content = bank_content(language, lessons)
        text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
        script = f"(window.genimgBank??={{}}).{language}={text};\n"
        (folder / f"bank_{language}.js").write_text(script, encoding="utf-8")


def bank_content(language: str, lessons: dict[str, str]) -> dict:
    """Every question in the order in which cards are dealt, and the words of the pages."""
    loaded = bank.load()
    dealt = sorted(
        loaded.questions.values(), key=lambda item: (LEVELS.index(item.level), item.lesson)
    )
    return {
        "words": rendering.WORDS[language] | BUTTONS[language],
        "levels": LEVELS,
        "types": bank.TYPES,
        "topics": {name: titles[language] for name, titles in loaded.topics.items()},
        "roles": [
            [getattr(role, language), role.topics] for role in roles.ROLES.values() if role.topics
        ],
        "minutes": mock.MINUTES,
        "questions": [question_content(item, language, lessons) for item in dealt],
    }


def question_content(question: bank.Question, language: str, lessons: dict[str, str]) -> dict:
    """The facts of a question, and its texts as HTML."""
    text = question.text(language)
    title, rest = rendering.heading_html(question, language)
    return {
        "id": question.id,
        "topic": question.topic,
        "level": question.level,
        "type": question.type,
        "minutes": mock.minutes_of(question),
        "facts": inline(rendering.facts(question, language, lessons)),
        "title": title,
        "rest": rest,
        "answer": rendering.text_html(text.answer),
        "points": [inline(point) for point in text.key_points],
        "wrong": f"<em>{inline(text.wrong)}</em> {inline(text.why_wrong)}",
        "followUps": [[inline(asked), inline(reply)] for asked, reply in text.follow_ups],
        "sources": [inline(line) for line in rendering.sources(question, lessons)],
        "verified": rendering.verified(question, language),
    }


def inline(text: str) -> str:
    """Markdown as HTML; one paragraph without its tag."""
    made = rendering.text_html(text).strip()
    only = made.startswith("<p>") and made.endswith("</p>") and made.count("<p>") == 1
    return made.removeprefix("<p>").removesuffix("</p>") if only else made
