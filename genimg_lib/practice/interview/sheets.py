"""The interview on paper, and the bank for Anki: files that need nothing of this course to be
used.
"""

import html
import io
import zipfile
import zlib
from pathlib import Path

from genimg_lib.practice.course import LANGUAGES
from genimg_lib.practice.interview import bank
from genimg_lib.practice.interview.mock import MINUTES, Interview
from genimg_lib.practice.interview.rendering import (
    WORDS,
    answer_html,
    heading_html,
    tags,
    text_html,
)

STYLE = """
body {
  font: 11pt/1.45 Georgia, "Noto Serif CJK SC", serif; color: #111;
  max-width: 46em; margin: 2em auto; padding: 0 1em;
}
h1 { font-size: 1.4em }
h2 { font-size: 1.1em; margin: 0 0 .3em }
section { break-inside: avoid-page; margin: 0 0 2em }
.tags { color: #555; font-size: .9em }
.box {
  display: inline-block; width: .8em; height: .8em; border: 1px solid #111; margin-right: .5em
}
ul { list-style: none; padding-left: .5em }
.wrong { border-left: 3px solid #b33; padding-left: .7em }
.notes { border: 1px solid #999; height: 7em }
.space { border: 1px solid #999; height: 24em }
pre { background: #f4f4f4; padding: .5em; white-space: pre-wrap }
details { margin: .5em 0 }
@media print { body { margin: 0; max-width: none } section { break-after: page } }
"""


def interviewer_sheet(interview: Interview) -> str:
    """HTML with the questions, boxes to tick for key points and follow-ups, the wrong answer,
    and the model answer.
    """
    language = interview.language
    words = WORDS[interview.language]
    parts = []
    for number, question in enumerate(interview.questions, 1):
        text = question.text(language)
        points = "".join(_tick(html.escape(point)) for point in text.key_points)
        asked = "".join(
            _tick(f"<i>{html.escape(ask)}</i> {html.escape(reply)}")
            for ask, reply in text.follow_ups
        )
        parts.append(
            f"{_heading(number, question, language)}"
            f"<h3>{words['key_points']}</h3><ul>{points}</ul><h3>{words['follow_ups']}</h3><ul>{asked}</ul>"
            f"<p class=wrong><b>{words['wrong']}</b>: <i>{html.escape(text.wrong)}</i> "
            f"{html.escape(text.why_wrong)}</p>"
            f"<h3>{words['answer']}</h3>{text_html(text.answer)}<div class=notes></div></section>"
        )
    return _document("Interviewer" if language == "en" else "面试官用", language, parts)


def candidate_sheet(interview: Interview) -> str:
    """HTML with the questions alone, and room to write."""
    language = interview.language
    parts = [
        f"{_heading(number, question, language)}<div class=space></div></section>"
        for number, question in enumerate(interview.questions, 1)
    ]
    return _document("Candidate" if language == "en" else "应聘者用", language, parts)


def _tick(content: str) -> str:
    return f"<li><span class=box></span>{content}</li>"


def _heading(number: int, question: bank.Question, language: str) -> str:
    minutes = f"{MINUTES[question.level]} {WORDS[language]['minutes']}"
    title, rest = heading_html(question, language, number)
    return (
        f"<section><h2>{title}</h2>{rest}<p class=tags>{tags(question, language)} · {minutes}</p>"
    )


def _document(title: str, language: str, parts: list[str]) -> str:
    code = {"en": "en", "zh": "zh-Hans"}[language]
    head = (
        f"<!doctype html><html lang={code}><head><meta "
        f"charset=utf-8><title>{title}</title><style>{STYLE}</style></head>"
    )
    return f"{head}<body><h1>{title}</h1>{''.join(parts)}</body></html>"


def write_files(interview: Interview, folder: Path) -> list[Path]:
    """Writes summary.md, interviewer.html and candidate.html into `folder`, which is made if it
    is not there; their paths.
    """
    folder.mkdir(parents=True, exist_ok=True)
    contents = {
        "interviewer.html": interviewer_sheet(interview),
        "candidate.html": candidate_sheet(interview),
        **({"summary.md": interview.summary()} if interview.records else {}),
    }
    for name, content in contents.items():
        (folder / name).write_text(content, encoding="utf-8")
    return [folder / name for name in contents]


def write_anki(path: Path, language: str = "en") -> int:
    """Writes the bank as an Anki package (.apkg) and returns the number of notes.

    The same bank gives the same bytes. A note keeps its identity between versions of the bank, so
    importing a newer package updates cards without losing what Anki knows of them.
    """
    import genanki

    bank.checked("language", language, LANGUAGES)
    loaded = bank.load()
    model = genanki.Model(
        _number(f"model {language}"),
        f"genimg interview ({language})",
        fields=[{"name": "Question"}, {"name": "Tags"}, {"name": "Answer"}],
        templates=[
            {
                "name": "Question and answer",
                "qfmt": "<b>{{Question}}</b><p><i>{{Tags}}</i></p>",
                "afmt": '{{FrontSide}}<hr id="answer">{{Answer}}',
            }
        ],
        css=".card { font-family: sans-serif; text-align: left } pre { background: #f4f4f4; "
        "padding: .5em }",
    )
    decks = []
    for topic, titles in loaded.topics.items():
        deck = genanki.Deck(_number(f"deck {topic} {language}"), f"genimg::{titles[language]}")
        for question in loaded.select(topics=[topic]):
            fields = [
                text_html(question.text(language).question),
                tags(question, language),
                answer_html(question, language),
            ]
            guid = genanki.guid_for("genimg", question.id, language)
            deck.add_note(
                genanki.Note(
                    model=model, fields=fields, guid=guid, tags=[question.level, question.type]
                )
            )
        decks.append(deck)
    buffer = io.BytesIO()
    genanki.Package(decks).write_to_file(buffer, timestamp=1_700_000_000.0)
    with (
        zipfile.ZipFile(buffer) as package,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as fixed,
    ):
        for name in package.namelist():  # genanki stamps the files with the time of day
            fixed.writestr(
                zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)),
                package.read(name),
                zipfile.ZIP_DEFLATED,
            )
    return len(loaded.questions)


def _number(name: str) -> int:
    """Anki wants integers as identities: these never change, as `hash` would."""
    return (1 << 30) | zlib.crc32(f"genimg {name}".encode()) & ((1 << 30) - 1)
