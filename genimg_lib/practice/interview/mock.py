"""A mock interview: a sequence of questions for a level and a number of minutes, a rubric, and a
written summary.

`plan` chooses, `Interview` keeps the score; the notebook's widget, the terminal and the printed
sheets are three faces of it.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field

from genimg_lib.practice import course
from genimg_lib.practice.course import LANGUAGES, LEVELS
from genimg_lib.practice.interview import bank, coding
from genimg_lib.practice.interview.bank import Question, checked
from genimg_lib.practice.interview.rendering import (
    WORDS,
    exercise_label,
    heading,
    lesson_label,
)

# to ask, to answer, and for the follow-ups
MINUTES = {"junior": 4, "mid": 6, "senior": 8, "staff": 10}


def minutes_of(question: Question) -> int:
    """How long a question takes: as its exercise says, or else as its level does."""
    return question.minutes or MINUTES[question.level]


def plan(
    level: str,
    minutes: int,
    *,
    topics: Sequence[str] = (),
    types: Sequence[str] = (),
    code: int = 0,
    seed: int | None = None,
) -> list[Question]:
    """Questions for an interview: one of an easier level to warm up, then ones of `level`, as many
    as fit into `minutes`, and in the end `code` functions to write.

    No topic comes twice before every other one has come, then no type, as far as the bank allows;
    `types`, if there are any, come before all others. The same seed gives the same questions.
    Raises ValueError for an unknown level or topic, or too few minutes for one question or for the
    functions.
    """
    checked("level", level, LEVELS)
    functions = _functions(level, code, seed)
    spent = sum(map(minutes_of, functions))
    if spent > minutes:
        raise ValueError(
            f"{code} functions to write take {spent} minutes; got {minutes} for the interview."
        )
    minutes -= spent
    if functions and minutes < MINUTES[level]:
        return functions
    if minutes < MINUTES[level]:
        raise ValueError(
            f"a question of level {level} takes {MINUTES[level]} minutes; got {minutes} minutes "
            "for the interview."
        )
    loaded = bank.load()
    chance = random.Random(seed)
    easier = LEVELS[max(0, LEVELS.index(level) - 1)]
    warm_up = MINUTES[easier] if minutes >= MINUTES[easier] + MINUTES[level] else 0
    chosen: list[Question] = []
    for wanted, budget in ((easier, warm_up), (level, minutes - warm_up)):
        pool = [
            item
            for item in loaded.select(levels=[wanted], topics=topics)
            if item not in chosen and item.type != "code"
        ]
        chance.shuffle(pool)
        for _ in range(min(budget // MINUTES[wanted], len(pool))):
            fitting = [item for item in pool if not types or item.type in types]
            chosen.append(min(fitting or pool, key=lambda item: _met(item, chosen)))
            pool.remove(chosen[-1])
    if not chosen:
        raise ValueError(
            f"the bank has no question of level {level} in the topics {', '.join(topics)}."
        )
    return chosen + functions


def _functions(level: str, count: int, seed: int | None) -> list[Question]:
    """Questions of type `code`: of the level, or of the next easier ones if there are too few."""
    pool = bank.load().select(types=["code"])
    random.Random(seed).shuffle(pool)
    reach = LEVELS.index(level)
    within = [item for item in pool if LEVELS.index(item.level) <= reach]
    return sorted(within, key=lambda item: -LEVELS.index(item.level))[:count]


def _met(question: Question, chosen: list[Question]) -> tuple[int, int]:
    return sum(item.topic == question.topic for item in chosen), sum(
        item.type == question.type for item in chosen
    )


@dataclass
class Record:
    """What the interviewer noted of one answer.

    Indices of the key points made and of the follow-ups answered, seconds, a note.
    """

    question: Question
    points: tuple[int, ...]
    follow_ups: tuple[int, ...]
    seconds: float
    note: str = ""

    @property
    def share(self) -> float:
        """Key points and follow-ups that were met, as a share of all of them.

        A follow-up counts half a point.
        """
        text = self.question.en
        return (len(self.points) + len(self.follow_ups) / 2) / (
            len(text.key_points) + len(text.follow_ups) / 2
        )

    @property
    def missed(self) -> tuple[int, ...]:
        """The indices of the key points that were not made."""
        count = len(self.question.en.key_points)
        return tuple(index for index in range(count) if index not in self.points)

    @property
    def grade(self) -> str:
        """The grade for spaced repetition that belongs to this share."""
        return (
            "again"
            if self.share < 0.4
            else "hard"
            if self.share < 0.65
            else "good"
            if self.share < 0.9
            else "easy"
        )


@dataclass
class Interview:
    """An interview under way.

    Ask `current`, `record` what was said, until `current` is None; then `summary`.
    """

    questions: list[Question]
    language: str = "en"
    records: list[Record] = field(default_factory=list)

    def __post_init__(self):
        checked("language", self.language, LANGUAGES)

    @property
    def current(self) -> Question | None:
        """The question to ask now, or None at the end."""
        return (
            self.questions[len(self.records)] if len(self.records) < len(self.questions) else None
        )

    def record(
        self,
        points: Sequence[int] = (),
        follow_ups: Sequence[int] = (),
        seconds: float = 0.0,
        note: str = "",
    ) -> Record:
        """Notes the answer to `current`.

        Raises ValueError at the end, or for an index that the question does not have.
        """
        question = self.current
        if question is None:
            raise ValueError("the interview is over; ask for its summary.")
        for name, given, count in (
            ("points", points, len(question.en.key_points)),
            ("follow_ups", follow_ups, len(question.en.follow_ups)),
        ):
            if bad := [index for index in given if not 0 <= index < count]:
                raise ValueError(f"{name} must be indices from 0 to {count - 1}, got {bad}")
        self.records.append(
            Record(
                question, tuple(sorted(set(points))), tuple(sorted(set(follow_ups))), seconds, note
            )
        )
        return self.records[-1]

    def summary(self) -> str:
        """Markdown: how each answer did, what was missed, and what to review, weakest first."""
        if not self.records:
            return "No question was answered." if self.language == "en" else "没有回答任何问题。"
        english = self.language == "en"
        mean = sum(record.share for record in self.records) / len(self.records)
        spent = sum(record.seconds for record in self.records) / 60
        if english:
            lines = [f"# Mock interview: {mean:.0%} of the rubric", ""]
            lines += [
                f"{len(self.records)} of {len(self.questions)} questions, {spent:.0f} minutes.",
                "",
            ]
        else:
            lines = [f"# 模拟面试：达到评分标准的 {mean:.0%}", ""]
            lines += [
                f"回答了 {len(self.questions)} 题中的 {len(self.records)} 题，"
                f"用时 {spent:.0f} 分钟。",
                "",
            ]
        for number, record in enumerate(self.records, 1):
            lines += self._lines_of(number, record)
        lines += ["## Review, weakest first" if english else "## 复习，从最弱的开始", ""]
        weak = sorted(
            (record for record in self.records if record.share < 0.9),
            key=lambda record: record.share,
        )
        for record in weak:
            lines += [
                f"- {self._review(record.question)} (`{record.question.id}`, {record.share:.0%})"
            ]
        if not weak:
            lines += ["Nothing: try the next level." if english else "没有：试试更高的级别。"]
        return "\n".join(lines) + "\n"

    def _review(self, question: Question) -> str:
        """What to do again: the exercise, the lesson with its files, or the sources."""
        if question.exercise:
            notebook = coding.parts()[question.exercise].exercise.notebook
            label = exercise_label(question.exercise, self.language)
            return f"{label}: `exercises/{notebook}.ipynb`"
        if not question.lesson:
            return ", ".join(f"[{source.title}]({source.link})" for source in question.sources)
        files = ", ".join(f"`{name}`" for name in files_of(question.lesson))
        name = lesson_label(question.lesson, self.language)
        return f"{name}: {files}" if files else name

    def _lines_of(self, number: int, record: Record) -> list[str]:
        text = record.question.text(self.language)
        words = WORDS[self.language]
        english = self.language == "en"
        minutes = record.seconds / 60
        planned = minutes_of(record.question)
        time = (
            f"{minutes:.0f} of {planned} minutes"
            if english
            else f"用时 {minutes:.0f} 分钟，计划 {planned} 分钟"
        )
        lines = [
            f"## {number}. {heading(text.question)[0]}",
            "",
            f"{record.share:.0%}, {words[record.question.level]}, {time}",
            "",
        ]
        lines += [
            f"- [{'x' if index in record.points else ' '}] {point}"
            for index, point in enumerate(text.key_points)
        ]
        lines += [
            f"- [{'x' if index in record.follow_ups else ' '}] *{asked}* {reply}"
            for index, (asked, reply) in enumerate(text.follow_ups)
        ]
        return [*lines, "", *([f"> {record.note}", ""] if record.note else [])]


def files_of(lesson: str) -> list[str]:
    """The lesson and the exercises of this number, as paths.

    They count from the course's folder.
    """
    paths = [
        path
        for folder in (course.LESSONS, course.EXERCISES)
        for path in sorted(folder.glob(f"{lesson}_*.ipynb"))
    ]
    return [path.relative_to(course.ROOT).as_posix() for path in paths]
