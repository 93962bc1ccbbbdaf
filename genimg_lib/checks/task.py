"""The tasks inside a lesson: checkers that never raise, so that the cells below them always run.

    @task
    def best_discriminator(answer): ...        # a function of the learner

    @value_task
    def swapped_log(guess):                    # a value; here a prediction with choices
        yield from predicted(guess, "b", {"a": "why not a", "c": "why not c"})

An untouched stub prints one line that begins with OPEN. See `core` for how a checker is written.
"""

from collections.abc import Iterator, Mapping

from genimg_lib.checks.core import Checker, tell_class
from genimg_lib.checks.judge import choices
from genimg_lib.practice.exercises import attempts


class Task(Checker):
    """A checker that prints its report, whatever it is."""

    def __init__(self, function, calls: bool, seconds: float):
        super().__init__(function, calls, seconds)
        self.key = f"{function.__module__.rpartition('.')[2]}.{function.__name__}"

    def __call__(self, *answers) -> None:
        verdict = self.verdict(*answers)
        if verdict.todo:
            print(f"OPEN: {self.__name__}: {verdict.feedback.removeprefix('TODO: ')}")
            return
        print(verdict)
        message = attempts.record(self.key, verdict.passed, places=attempts.LESSON_PLACES)
        tell_class(self.key, verdict, places=attempts.LESSON_PLACES)
        print(message, end="\n" if message else "")


def task(function) -> Task:
    """Decorates a generator that takes functions of the learner."""
    return Task(function, True, 15.0)


def value_task(function) -> Task:
    """Decorates a generator that takes values: a number, a letter, a dictionary."""
    return Task(function, False, 10.0)


def predicted(guess, right: str, others: Mapping[str, str]) -> Iterator[str]:
    """Checks a prediction; `others` says of each wrong choice why it does not happen."""
    key = "your prediction"
    yield from choices({key: guess}, {key: (right, others)})
