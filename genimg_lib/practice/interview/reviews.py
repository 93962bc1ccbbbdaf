"""What a learner has answered: a private local file, and from it what is due today.

The file is a `Journal`: one line per review. The state of a card is computed from its lines by FSRS
(free spaced repetition scheduler, package `fsrs`).
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from fsrs import Card, Rating, Scheduler, State

from genimg_lib.practice.course import LANGUAGES
from genimg_lib.practice.interview.bank import checked
from genimg_lib.practice.journal import Journal, private_path

HEADER = {"genimg": "interview progress", "version": 1}
GRADES = {"again": Rating.Again, "hard": Rating.Hard, "good": Rating.Good, "easy": Rating.Easy}


@dataclass(frozen=True)
class Review:
    """One answer: which question, how well (see `GRADES`), in which language, when (UTC).

    `missed`: the indices of the key points that it did not make; None where no rubric was used.
    """

    question: str
    grade: str
    language: str
    when: datetime
    missed: tuple[int, ...] | None = None


class Merged(NamedTuple):
    """How many reviews of another file were added, were here already, and could not be read."""

    added: int
    known: int
    unreadable: int


class Reviews(Journal[Review]):
    """The reviews in one file: by default the learner's own."""

    def __init__(self, path: Path | None = None):
        super().__init__(path or private_path("interview"), HEADER, _parse, _dump)
        # Without fuzzing the due dates are a function of the reviews, so they can be computed anew
        # at any time.
        self._scheduler = Scheduler(enable_fuzzing=False)

    def add(
        self,
        question: str,
        grade: str,
        language: str,
        when: datetime | None = None,
        missed: Iterable[int] | None = None,
    ) -> Review:
        """Appends one review and returns it. Raises ValueError for an unknown grade or language."""
        review = Review(
            question,
            checked("grade", grade, GRADES),
            checked("language", language, LANGUAGES),
            _now(when),
            None if missed is None else tuple(missed),
        )
        super().add(review)
        return review

    def merge(self, path: Path) -> Merged:
        """Adds the reviews of another file that are not here yet: of another computer, or of the
        cards on the site.

        A question is answered once at a time, so question and time tell whether it is the same
        review; the one that is here stays. Raises OSError for a file that cannot be read and
        ValueError for one that holds no reviews.
        """
        reviews, unreadable = self.entries_in(path)
        here = {_identity(review) for review in self.read()}
        added = []
        for review in reviews:
            if _identity(review) not in here:
                here.add(_identity(review))
                added.append(review)
        if added:
            self._save(added)
        return Merged(len(added), len(reviews) - len(added), unreadable)

    def export(self, path: Path) -> int:
        """Writes all reviews into a file of their own, for `merge` or for the site; returns how
        many.

        Raises FileExistsError for a file that is there already.
        """
        reviews = self.read()
        with path.open("x", encoding="utf-8") as file:
            file.writelines(f"{json.dumps(line)}\n" for line in [HEADER, *map(_dump, reviews)])
        return len(reviews)

    def cards(self) -> dict[str, Card]:
        """The FSRS card of every question that was reviewed.

        id -> card, which knows when it is due.
        """
        cards: dict[str, Card] = {}
        for review in sorted(self.read(), key=lambda review: review.when):
            card = cards.get(review.question) or Card(card_id=0, due=review.when)
            cards[review.question], _ = self._scheduler.review_card(
                card, GRADES[review.grade], review.when
            )
        return cards

    def deal(self, questions: Iterable[str], when: datetime | None = None) -> list[str]:
        """`questions` in the order in which to answer them: what is due, longest first, then what
        is new.

        What is not due is left out.
        """
        return self.state(questions, when)[0]

    def summary(self, questions: Iterable[str], when: datetime | None = None) -> dict[str, int]:
        """How many of `questions` are new, due, being learned, and known.

        `learning` were seen and are not due; `known` are in long-term review and not due.
        """
        return self.state(questions, when)[1]

    def state(
        self, questions: Iterable[str], when: datetime | None = None
    ) -> tuple[list[str], dict[str, int]]:
        """`deal` and `summary` of one reading of the file."""
        cards = self.cards()
        now = _now(when)
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


def _identity(review: Review) -> tuple[str, datetime]:
    return review.question, review.when


def _now(when: datetime | None) -> datetime:
    return when or datetime.now(UTC)


def _dump(review: Review) -> dict:
    return {**asdict(review), "when": review.when.isoformat()}


def _parse(entry: dict) -> Review:
    when = datetime.fromisoformat(entry["when"])
    if when.tzinfo is None:
        raise ValueError(f"no time zone: {entry}")
    fields = {"missed": None, **entry, "when": when.astimezone(UTC)}
    if fields["missed"] is not None:
        fields["missed"] = tuple(map(int, fields["missed"]))
    review = Review(**fields)
    if review.grade in GRADES and review.language in LANGUAGES and isinstance(review.question, str):
        return review
    raise ValueError(f"not a review: {entry}")
