"""A short quiz before and after a course: ten questions of the bank, a right answer beside the
tempting wrong one. The answers lie with the learner's progress.
"""

import random
import tomllib
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from genimg_lib.practice.interview import bank
from genimg_lib.practice.interview.rendering import heading
from genimg_lib.practice.journal import Journal, private_path

ITEMS = Path(__file__).with_name("quiz.toml")
HEADER = {"genimg": "quiz", "version": 1}
TIMES = ("before", "after")
RIGHT, WRONG, UNKNOWN = "right", "wrong", "unknown"


@dataclass(frozen=True)
class Answer:
    """One answer: to which question, `before` or `after`, one of right, wrong and unknown, when."""

    question: str
    time: str
    answer: str
    when: datetime


class Answers(Journal[Answer]):
    """The answers in one file: by default the learner's own."""

    def __init__(self, path: Path | None = None):
        super().__init__(path or private_path("quiz"), HEADER, _parse, _dump)

    def last(self, time: str) -> dict[str, str]:
        """Question -> the last answer to it."""
        return {entry.question: entry.answer for entry in self.read() if entry.time == time}


def items() -> dict[str, str]:
    """Question -> the right answer in one sentence."""
    listed = tomllib.loads(ITEMS.read_text(encoding="utf-8"))["item"]
    return {entry["question"]: entry["right"] for entry in listed}


def conduct(
    time: str,
    answers: Answers,
    *,
    ask: Callable[[str], str] = input,
    tell: Callable[[str], None] = print,
) -> None:
    """Asks all questions, in an order that differs between before and after, and says no result.

    It ends early at the end of the input; what was answered by then is kept.
    """
    shuffle = random.Random(time)
    listed = list(items().items())
    shuffle.shuffle(listed)
    try:
        for number, (name, right) in enumerate(listed, 1):
            said = _ask_one(f"{number}/{len(listed)}", name, right, shuffle, ask, tell)
            answers.add(Answer(name, time, said, datetime.now(UTC)))
    except EOFError:
        tell("")


def _ask_one(place: str, name: str, right: str, shuffle, ask, tell) -> str:
    text = bank.load()[name].en
    choices = [(right, RIGHT), (text.wrong, WRONG)]
    shuffle.shuffle(choices)
    choices.append(("I do not know.", UNKNOWN))
    title, rest = heading(text.question)
    tell("\n".join(filter(None, (f"\n{place} {title}", rest))))
    for key, (sentence, _) in zip("abc", choices, strict=True):
        tell(f"  {key}: {sentence}")
    while (key := ask("a, b or c: ").strip().lower()) not in ("a", "b", "c"):
        pass
    return choices["abc".index(key)][1]


def comparison(answers: Answers) -> str:
    """A line per question, before and after, and the two counts; an advice if there is nothing."""
    found = [answers.last(time) for time in TIMES]
    if not any(found):
        return "Nothing is answered yet: genimg quiz before"
    lines = [f"{'before':8} {'after':8} question"]
    for name in items():
        title = heading(bank.load()[name].en.question)[0]
        lines.append(" ".join(f"{said.get(name, '-'):8}" for said in found) + f" {title}")
    counts = [
        f"{time} {sum(answer == RIGHT for answer in said.values())} of {len(items())}"
        for time, said in zip(TIMES, found, strict=True)
        if said
    ]
    return "\n".join([*lines, ", ".join(counts)])


def _dump(entry: Answer) -> dict:
    return {**asdict(entry), "when": entry.when.isoformat()}


def _parse(entry: dict) -> Answer:
    answer = Answer(**{**entry, "when": datetime.fromisoformat(entry["when"])})
    if answer.time in TIMES and answer.answer in (RIGHT, WRONG, UNKNOWN):
        return answer
    raise ValueError(f"not an answer: {entry}")
