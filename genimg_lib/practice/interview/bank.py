"""The question bank as typed records. One TOML file per topic, both languages side by side; see
`Question` for the fields.

A file that breaks the format is refused with its name, the question and the field.
"""

import hashlib
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from genimg_lib.practice.course import LANGUAGES, LEVELS
from genimg_lib.practice.interview import coding

FOLDER = Path(__file__).parent / "bank"
TYPES = ("concept", "derivation", "debugging", "design", "explain", "code")
ASKED = ("often", "sometimes", "rarely")


Words = Annotated[str, msgspec.Meta(pattern=r"\S")]
"""A text that is not empty."""


class Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A part of a topic file: it has these fields and no others."""


class Source(Record):
    """A work, the place in it, and where it can be read.

    `link` is a web address, or `lesson:30` for a lesson of this course.
    """

    title: Words
    link: Annotated[str, msgspec.Meta(pattern=r"^https://\S+$|^lesson:\d\d$")]


class Text(Record):
    """What one language says.

    `follow_ups` are pairs: what the interviewer asks next, and what a good reply holds.
    """

    question: Words
    answer: Words
    key_points: Annotated[tuple[Words, ...], msgspec.Meta(min_length=1)]
    wrong: Words
    why_wrong: Words
    follow_ups: Annotated[tuple[tuple[Words, Words], ...], msgspec.Meta(min_length=1)]


class Question(Record, kw_only=True):
    """One question.

    `verify` is Python that proves the answer's numbers, or empty. `in_step`: see `fingerprint`.
    `topic` is the name of its file.
    `checked` is the month (YYYY-MM) in which the answer was last read for errors and for its age;
    `asked` says how often interviewers ask it, and `asked_basis` how that was counted. These three
    are empty where nobody looked; `lesson` is empty where no lesson answers.
    `exercise` names the exercise in which the function of a `code` question is written: what its
    entry leaves out is read from there, see `coding`. `minutes` is 0 where the level decides.
    """

    id: Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9]+(-[a-z0-9]+)+$")]
    topic: str = ""
    level: Literal[LEVELS]
    type: Literal[TYPES]
    lesson: Annotated[str, msgspec.Meta(pattern=r"^(\d\d)?$")] = ""
    exercise: str = ""
    minutes: int = 0
    sources: Annotated[tuple[Source, ...], msgspec.Meta(min_length=1)]
    verify: str = ""
    in_step: str = ""
    checked: Annotated[str, msgspec.Meta(pattern=r"^(\d{4}-(0[1-9]|1[0-2]))?$")] = ""
    asked: Literal[("", *ASKED)] = ""
    asked_basis: str = ""
    en: Text
    zh: Text

    def __post_init__(self):
        if bool(self.asked) != bool(self.asked_basis):
            raise ValueError("asked and asked_basis come together")
        if bool(self.exercise) != (self.type == "code"):
            raise ValueError("a question of type code names its exercise, and no other does")

    def text(self, language: str) -> Text:
        """What the question says in `language`, "en" or "zh"."""
        return getattr(self, checked("language", language, LANGUAGES))


class Titles(Record):
    """The name of a topic in each language."""

    en: Words
    zh: Words


@dataclass(frozen=True)
class Bank:
    """All questions by id, in the order of the files.

    `topics` holds their titles: topic -> language -> title.
    """

    questions: dict[str, Question]
    topics: dict[str, dict[str, str]]

    def __getitem__(self, name: str) -> Question:
        if name not in self.questions:
            near = [other for other in self.questions if other.split("-")[0] == name.split("-")[0]]
            raise ValueError(
                f"There is no question {name!r}. Its neighbours: "
                f"{', '.join(near) or ', '.join(self.topics)}."
            )
        return self.questions[name]

    def select(self, *, levels=(), types=(), topics=(), lessons=()) -> list[Question]:
        """The questions that fit every filter that is given; an empty filter lets all through."""
        filters = {
            "level": (levels, LEVELS),
            "type": (types, TYPES),
            "topic": (topics, tuple(self.topics)),
        }
        for name, (values, allowed) in filters.items():
            for value in values:
                checked(name, value, allowed)
        filters["lesson"] = (lessons, ())
        return [
            question
            for question in self.questions.values()
            if all(
                not values or getattr(question, name) in values
                for name, (values, _) in filters.items()
            )
        ]

    def unchecked(self, year: int, month: int, months: int = 12) -> list[Question]:
        """The questions that were last checked `months` or more before a month, or never; the
        oldest first.
        """

        def age(question: Question) -> float:
            if not question.checked:
                return float("inf")
            then = question.checked.split("-")
            return 12 * (year - int(then[0])) + month - int(then[1])

        found = [question for question in self.questions.values() if age(question) >= months]
        return sorted(found, key=age, reverse=True)


def checked(name: str, value: str, allowed) -> str:
    if value not in allowed:
        raise ValueError(f"{name} must be one of {', '.join(allowed)}; got {value!r}.")
    return value


def fingerprint(question: Question) -> str:
    """Short hashes of the English and the Chinese text.

    `in_step` holds the fingerprint of the two texts that somebody read side by side. When either of
    them changes it no longer fits, and a test asks for both to be read again.
    """
    return " ".join(
        hashlib.sha256(repr(question.text(language)).encode()).hexdigest()[:8]
        for language in LANGUAGES
    )


@lru_cache
def load(folder: Path = FOLDER) -> Bank:
    """Reads every topic file.

    Raises ValueError that names file, question and field if one breaks the format.
    """
    questions = {}
    topics = {}
    for path in sorted(folder.glob("*.toml")):
        title, found = read_topic(path)
        topics[path.stem] = title
        for question in found:
            if question.id in questions:
                raise ValueError(
                    f"{path.name}: the id {question.id} is also in "
                    f"{questions[question.id].topic}.toml."
                )
            questions[question.id] = question
    if not questions:
        raise ValueError(f"There are no questions in {folder}.")
    return Bank(questions, topics)


def read_topic(path: Path) -> tuple[dict[str, str], list[Question]]:
    """The topic's titles by language and its questions."""
    try:
        data = msgspec.toml.decode(path.read_bytes())
    except (msgspec.DecodeError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"{path.name} is not readable TOML: {error}") from error
    if unknown := data.keys() ^ {"topic", "question"}:
        raise ValueError(
            f"{path.name}: it should hold [topic] and [[question]]; "
            f"{', '.join(sorted(unknown))} is missing or unknown."
        )
    titles = _record(data["topic"], Titles, f"{path.name}, topic")
    questions = []
    for entry in data["question"]:
        place = f"{path.name}, {entry.get('id') or 'a question without an id'}"
        entry = _stripped(entry) | {"topic": path.stem}
        if "exercise" in entry:
            if coding.withheld(entry["exercise"]):
                continue
            entry = coding.completed(entry)
        questions.append(_record(entry, Question, place))
    return msgspec.structs.asdict(titles), questions


def _record(entry, kind: type[Record], place: str) -> Record:
    try:
        return msgspec.convert(entry, kind)
    except msgspec.ValidationError as error:
        raise ValueError(f"{place}: {error}") from None


def _stripped(value):
    """Texts without the space around them, in however nested an entry."""
    if isinstance(value, dict):
        return {key: _stripped(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_stripped(part) for part in value]
    return value.strip() if isinstance(value, str) else value
