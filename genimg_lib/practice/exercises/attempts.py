"""Which exercises a learner has solved or tried, and when: a private local file."""

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from genimg_lib.practice.course import WORK
from genimg_lib.practice.journal import Journal, private_path

HEADER = {"genimg": "exercises", "version": 1}
LESSON_PLACES = ("notebooks", WORK)  # a lesson is worked on where it lies, or in a copy


@dataclass(frozen=True)
class Attempt:
    """One check of one exercise: whether it passed, when (UTC)."""

    exercise: str
    passed: bool
    when: datetime


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
    progress.add(Attempt(exercise, passed, datetime.now(UTC)))
    return progress.message


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
