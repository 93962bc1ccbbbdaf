"""What a learner has answered: a private local file, and from it what is due today.

The file is a log that is only added to: one line of JSON per review. The state of a card is computed from its lines by FSRS
(free spaced repetition scheduler, package `fsrs`), so two notebooks that write at once lose nothing: both only append, under a
lock, and each reads the lines of the other.
"""

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import platformdirs
from filelock import FileLock
from fsrs import Card, Rating, Scheduler, State

from genimg_lib.interview.bank import LANGUAGES, checked

FOLDER_VARIABLE = "GENIMG_PROGRESS"
HEADER = {"genimg": "interview progress", "version": 1}
GRADES = {"again": Rating.Again, "hard": Rating.Hard, "good": Rating.Good, "easy": Rating.Easy}


@dataclass(frozen=True)
class Review:
    """One answer: which question, how well (see `GRADES`), in which language, when (UTC)."""

    question: str
    grade: str
    language: str
    when: datetime

    def line(self) -> str:
        entry = {"question": self.question, "grade": self.grade, "language": self.language, "when": self.when.isoformat()}
        return json.dumps(entry) + "\n"


def default_path() -> Path:
    """The progress file: in the folder GENIMG_PROGRESS if that is set, else in the user's data folder."""
    folder = os.environ.get(FOLDER_VARIABLE) or platformdirs.user_data_dir("genimg", appauthor=False)
    return Path(folder) / "interview.jsonl"


class Progress:
    """The reviews in one file. `message` says what `read` found wrong with it, or is empty.

    Args:
        path: the file; by default the learner's own.
    """

    def __init__(self, path: Path | None = None):
        self.path = Path(path) if path else default_path()
        self.message = ""
        self._lock = FileLock(f"{self.path}.lock", timeout=30)
        # Without fuzzing the due dates are a function of the reviews, so they can be computed anew at any time.
        self._scheduler = Scheduler(enable_fuzzing=False)

    def read(self) -> list[Review]:
        """All reviews, in the order in which they were written.

        A damaged file, or one of another version, is kept aside under another name; what could be read of it goes into a
        fresh file, and `message` tells.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self._lock:
            return self._read()

    def _read(self) -> list[Review]:
        if not self.path.exists():
            return []
        head, *lines = self.path.read_bytes().split(b"\n")
        reviews = [_parse(line) for line in lines if line]
        complete = lines[-1:] == [b""]  # the last line was written to its end
        header = _decode(head)
        if header == HEADER and None not in reviews and complete:
            return reviews
        kept = [review for review in reviews if review] if header in (HEADER, None) else []
        aside = self._set_aside()
        self._append(kept)
        self.message = (
            f"The progress file could not be read completely. It is kept as {aside.name} beside {self.path}; "
            f"a fresh one was started with the {len(kept)} reviews that could be read."
        )
        return kept

    def _set_aside(self) -> Path:
        stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
        for number in range(1000):
            aside = self.path.with_name(f"{self.path.stem}.damaged-{stamp}-{number}{self.path.suffix}")
            if not aside.exists():
                return self.path.rename(aside)
        raise OSError(f"there are too many damaged progress files beside {self.path}")

    def add(self, question: str, grade: str, language: str, when: datetime | None = None) -> Review:
        """Appends one review and returns it. Raises ValueError for an unknown grade or language."""
        review = Review(question, checked("grade", grade, GRADES), checked("language", language, LANGUAGES), _now(when))
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self._lock:
            self._read()  # never append to a damaged file
            self._append([review])
        return review

    def _append(self, reviews: list[Review]) -> None:
        header = [] if self.path.exists() else [json.dumps(HEADER) + "\n"]
        with self.path.open("ab") as file:
            file.write("".join([*header, *(review.line() for review in reviews)]).encode())
            file.flush()
            os.fsync(file.fileno())

    def cards(self) -> dict[str, Card]:
        """The FSRS card of every question that was reviewed: id -> card, which knows when it is due."""
        cards: dict[str, Card] = {}
        for review in sorted(self.read(), key=lambda review: review.when):
            card = cards.get(review.question) or Card(card_id=0, due=review.when)
            cards[review.question], _ = self._scheduler.review_card(card, GRADES[review.grade], review.when)
        return cards

    def deal(self, questions: Iterable[str], when: datetime | None = None) -> list[str]:
        """`questions` in the order in which to answer them: what is due, longest first, then what is new.

        What is not due is left out.
        """
        return self.state(questions, when)[0]

    def summary(self, questions: Iterable[str], when: datetime | None = None) -> dict[str, int]:
        """How many of `questions` are `new`, `due`, `learning` (seen, not due) and `known` (in long-term review, not due)."""
        return self.state(questions, when)[1]

    def state(self, questions: Iterable[str], when: datetime | None = None) -> tuple[list[str], dict[str, int]]:
        """`deal` and `summary` of one reading of the file."""
        cards, now = self.cards(), _now(when)
        groups: dict[str, list[str]] = {"new": [], "due": [], "learning": [], "known": []}
        for name in questions:
            if name not in cards:
                groups["new"].append(name)
            elif cards[name].due <= now:
                groups["due"].append(name)
            else:
                groups["known" if cards[name].state == State.Review else "learning"].append(name)
        due = sorted(groups["due"], key=lambda name: cards[name].due)
        return due + groups["new"], {name: len(group) for name, group in groups.items()}


def _now(when: datetime | None) -> datetime:
    return when or datetime.now(UTC)


def _decode(line: bytes):
    try:
        return json.loads(line)
    except (UnicodeDecodeError, json.JSONDecodeError):
        return None


def _parse(line: bytes) -> Review | None:
    entry = _decode(line)
    try:
        review = Review(**{**entry, "when": datetime.fromisoformat(entry["when"])})
        known = review.grade in GRADES and review.language in LANGUAGES and isinstance(review.question, str)
        return review if known and review.when.tzinfo else None
    except (KeyError, TypeError, ValueError):
        return None
