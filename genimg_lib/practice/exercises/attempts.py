"""Which exercises a learner has solved or tried, and when: a private local file."""

import hashlib
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from genimg_lib.practice.course import WORK
from genimg_lib.practice.journal import Journal, private_path

HEADER = {"genimg": "exercises", "version": 1}
PAUSE = timedelta(minutes=10)  # the first one of an exercise; each further one is twice as long
LESSON_PLACES = ("notebooks", WORK)  # a lesson is worked on where it lies, or in a copy


@dataclass(frozen=True)
class Attempt:
    """One check of one exercise: whether it passed, when (UTC).

    `answer` is a short hash of a value that was given, so that it is known when it comes again.
    """

    exercise: str
    passed: bool
    when: datetime
    answer: str = ""


class Attempts(Journal[Attempt]):
    """The attempts in one file: by default the learner's own."""

    def __init__(self, path: Path | None = None):
        super().__init__(path or private_path("exercises"), HEADER, _parse, _dump)

    def state(self) -> dict[str, Attempt]:
        """For every exercise that was tried: its first success, or else its last attempt."""
        return {name: attempts[-1] for name, attempts in self.tries().items()}

    def tries(self) -> dict[str, list[Attempt]]:
        """For every exercise that was tried: its attempts, up to the first success."""
        tries: dict[str, list[Attempt]] = {}
        for attempt in self.read():
            attempts = tries.setdefault(attempt.exercise, [])
            if not attempts or not attempts[-1].passed:
                attempts.append(attempt)
        return tries


def record(exercise: str, passed: bool, *, places: tuple[str, ...] = (WORK,)) -> str:
    """Notes an attempt if it was made in a folder that counts, by default the learner's own.

    Neither the solutions nor a test are one. Returns what is wrong with the file of attempts, or an
    empty text.
    """
    if Path.cwd().name not in places:
        return ""
    progress = Attempts()
    progress.add(Attempt(exercise, passed, now()))
    return progress.message


def now() -> datetime:
    return datetime.now(UTC)


class Judged:
    """The tries at one exercise whose answer is a value, and what another one costs.

    `until`: when another answer is judged, or None for now. Outside of the learner's own folder
    nothing is remembered, and nothing has to wait.
    """

    def __init__(self, exercise: str, answer: str, tries: int):
        self._exercise, self._tries = exercise, tries
        self._answer = hashlib.sha256(answer.encode()).hexdigest()[:8]
        self._counts = Path.cwd().name == WORK
        self._progress = Attempts()
        self._before = self._progress.tries().get(exercise, []) if self._counts else []
        self.until = None if self._known() else self._pause_end()

    def record(self, passed: bool) -> str:
        """Notes the answer, unless it was noted before; returns what is wrong with the file."""
        if self._counts and not self._known():
            attempt = Attempt(self._exercise, passed, now(), self._answer)
            self._progress.add(attempt)
            if not self._solved():
                self._before.append(attempt)
            self.until = self._pause_end()
        return self._progress.message

    def pause(self) -> str:
        """How long the pause is, and what to do in it."""
        minutes = max(1, round((self.until - now()).total_seconds() / 60))
        return (
            f"{len(self._before)} answers were wrong. Another one is judged from "
            f"{self.until.astimezone():%H:%M} on, in {minutes} min. Until then: look again, and "
            "say why each other answer is impossible."
        )

    def which_try(self) -> str:
        """At which try an exercise that is solved was solved; empty where nobody counts."""
        return f", solved at try {len(self._before)}" if self._before else ""

    def _solved(self) -> bool:
        return bool(self._before) and self._before[-1].passed

    def _known(self) -> bool:
        return self._answer in {attempt.answer for attempt in self._before}

    def _pause_end(self) -> datetime | None:
        wrong = len(self._before)
        if not wrong or wrong % self._tries or self._solved():
            return None
        end = self._before[-1].when + PAUSE * 2 ** (wrong // self._tries - 1)
        return end if now() < end else None


def _dump(attempt: Attempt) -> dict:
    return {**asdict(attempt), "when": attempt.when.isoformat()}


def _parse(entry: dict) -> Attempt:
    attempt = Attempt(**{**entry, "when": datetime.fromisoformat(entry["when"])})
    if (
        isinstance(attempt.exercise, str)
        and isinstance(attempt.passed, bool)
        and attempt.when.tzinfo
    ):
        return attempt
    raise ValueError(f"not an attempt: {entry}")
