"""The question bank as typed records. One TOML file per topic, both languages side by side; see
`Question` for the fields.

Needs nothing but Python. A file that breaks the format is refused with its name, the question and
the field.
"""

import hashlib
import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

FOLDER = Path(__file__).parent / "bank"
LANGUAGES = ("en", "zh")
LEVELS = ("junior", "mid", "senior", "staff")
TYPES = ("concept", "derivation", "debugging", "design", "explain")
ASKED = ("often", "sometimes", "rarely")


@dataclass(frozen=True)
class Source:
    """A work and the place in it, and where it can be read: a web address, or `lesson:30` for a
    lesson of this course.
    """

    title: str
    link: str


@dataclass(frozen=True)
class Text:
    """What one language says. `follow_ups` are pairs: what the interviewer asks next, and what a
    good reply holds.
    """

    question: str
    answer: str
    key_points: tuple[str, ...]
    wrong: str
    why_wrong: str
    follow_ups: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Question:
    """One question. `verify` is Python that proves the answer's numbers, or empty; `in_step` see
    `fingerprint`. `checked` is the month (YYYY-MM) in which the answer was last read for errors and
    for its age, `asked` says how often interviewers ask it, and `asked_basis` how that was counted.
    All three are empty where nobody looked; `lesson` is empty where no lesson answers.
    """

    id: str
    entry: str
    topic: str
    level: str
    type: str
    lesson: str
    sources: tuple[Source, ...]
    verify: str
    in_step: str
    checked: str
    asked: str
    asked_basis: str
    en: Text
    zh: Text

    def text(self, language: str) -> Text:
        """What the question says in `language`, "en" or "zh"."""
        return getattr(self, checked("language", language, LANGUAGES))


@dataclass(frozen=True)
class Bank:
    """All questions by id, in the order of the files, and the topics' titles: topic -> language
    -> title.
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
    """Reads every topic file. Raises ValueError that names file, question and field if one
    breaks the format.
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
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"{path.name} is not readable TOML: {error}") from error
    title = _fields(data, {"topic": dict, "question": list}, path.name)["topic"]
    _fields(title, dict.fromkeys(LANGUAGES, str), f"{path.name}, topic")
    return title, [
        _question(entry, path.stem, f"{path.name}, {_name(entry)}") for entry in data["question"]
    ]


def _name(entry) -> str:
    return str(entry.get("id") or entry.get("entry") or "a question without an id")


def _question(entry: dict, topic: str, place: str) -> Question:
    kinds = dict.fromkeys(("id", "entry", "level", "type"), str)
    kinds |= {"sources": list, **dict.fromkeys(LANGUAGES, dict)}
    names = ("lesson", "verify", "in_step", "checked", "asked", "asked_basis")
    optional = dict.fromkeys(names, str)
    _fields(entry, kinds, place, optional=optional)
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", entry["id"]):
        raise ValueError(f"{place}: an id is lower-case words joined by '-', got {entry['id']!r}.")
    if not re.fullmatch(r"\d\d", entry.get("lesson", "00")):
        raise ValueError(
            f'{place}: lesson must be two digits, such as "30", got {entry["lesson"]!r}.'
        )
    try:
        checked("level", entry["level"], LEVELS)
        checked("type", entry["type"], TYPES)
        checked("asked", entry.get("asked", ASKED[0]), ASKED)
    except ValueError as error:
        raise ValueError(f"{place}: {error}") from None
    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", entry.get("checked", "2026-11")):
        raise ValueError(f"{place}: checked is a month, YYYY-MM, got {entry['checked']!r}.")
    if ("asked" in entry) != ("asked_basis" in entry):
        raise ValueError(f"{place}: asked and asked_basis come together.")
    texts = {language: _text(entry[language], f"{place}, {language}") for language in LANGUAGES}
    sources = tuple(_source(source, place) for source in entry["sources"])
    return Question(
        **dict.fromkeys(optional, "") | entry | texts | {"sources": sources, "topic": topic}
    )


def _text(entry: dict, place: str) -> Text:
    kinds = dict.fromkeys(("question", "answer", "wrong", "why_wrong"), str) | {
        "key_points": list,
        "follow_ups": list,
    }
    _fields(entry, kinds, place)
    for point in entry["key_points"]:
        if not isinstance(point, str) or not point.strip():
            raise ValueError(f"{place}: key_points must be a list of texts, got {point!r}.")
    for pair in entry["follow_ups"]:
        if not (
            isinstance(pair, list)
            and len(pair) == 2
            and all(isinstance(part, str) and part.strip() for part in pair)
        ):
            raise ValueError(
                f'{place}: follow_ups must be pairs ["question", "what a good reply holds"], got '
                f"{pair!r}."
            )
    return Text(
        **{name: entry[name].strip() for name in ("question", "answer", "wrong", "why_wrong")},
        key_points=tuple(entry["key_points"]),
        follow_ups=tuple(tuple(pair) for pair in entry["follow_ups"]),
    )


def _source(entry, place: str) -> Source:
    if not isinstance(entry, dict):
        raise ValueError(f"{place}: a source is {{ title = ..., link = ... }}, got {entry!r}.")
    _fields(entry, {"title": str, "link": str}, f"{place}, sources")
    if not re.match(r"https://\S+$|lesson:\d\d$", entry["link"]):
        raise ValueError(
            f"{place}: a source's link starts with https:// or is lesson:NN, got {entry['link']!r}."
        )
    return Source(entry["title"], entry["link"])


def _fields(entry: dict, kinds: dict, place: str, optional: dict | None = None) -> dict:
    """Checks that `entry` has exactly these fields, of these kinds, none of them empty."""
    allowed = kinds | (optional or {})
    if unknown := entry.keys() - allowed.keys():
        raise ValueError(
            f"{place}: unknown field {', '.join(sorted(unknown))}; known are {', '.join(allowed)}."
        )
    if missing := kinds.keys() - entry.keys():
        raise ValueError(f"{place}: missing field {', '.join(sorted(missing))}.")
    for name, value in entry.items():
        if not isinstance(value, allowed[name]) or not (
            value.strip() if isinstance(value, str) else value
        ):
            raise ValueError(
                f"{place}: {name} must be a {allowed[name].__name__} that is not empty, got "
                f"{value!r}."
            )
    return entry
