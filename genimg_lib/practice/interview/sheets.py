"""The interview on paper, and the bank for Anki.

The files need nothing of this course to be used.
"""

import io
import zipfile
import zlib
from pathlib import Path

import jinja2

from genimg_lib.practice.course import LANGUAGES
from genimg_lib.practice.interview import bank
from genimg_lib.practice.interview.mock import Interview, minutes_of
from genimg_lib.practice.interview.rendering import (
    WORDS,
    answer_html,
    heading_html,
    tags,
    text_html,
)

TITLES = {
    "interviewer": {"en": "Interviewer", "zh": "面试官用"},
    "candidate": {"en": "Candidate", "zh": "应聘者用"},
}


def interviewer_sheet(interview: Interview) -> str:
    """HTML for the interviewer.

    The questions, boxes to tick for key points and follow-ups, the wrong answer, and the model
    answer.
    """
    return _sheet(interview, "interviewer")


def candidate_sheet(interview: Interview) -> str:
    """HTML with the questions alone, and room to write."""
    return _sheet(interview, "candidate")


def _sheet(interview: Interview, reader: str) -> str:
    language = interview.language
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent), autoescape=True
    )
    return environment.get_template("sheet.html.jinja").render(
        code={"en": "en", "zh": "zh-Hans"}[language],
        title=TITLES[reader][language],
        with_answers=reader == "interviewer",
        language=language,
        words=WORDS[language],
        questions=interview.questions,
        minutes_of=minutes_of,
        heading_html=heading_html,
        tags=tags,
        text_html=text_html,
    )


def write_files(interview: Interview, folder: Path) -> list[Path]:
    """Writes summary.md, interviewer.html and candidate.html; returns their paths.

    `folder` is made if it is not there.
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
