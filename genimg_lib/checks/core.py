"""What every checker is made of. A checker is a generator that yields the name of each property
once it is verified:

    @checker
    def double(answer):
        expect(close(answer(3.0), 6.0), "3 must give 6.")
        yield "3 gives 6"

`double(learners_function)` then prints `PASSED: double (1 check)` or raises `NotYet`, which shows a
short report and no frames. Nothing here imports TensorFlow: a checker of NumPy answers takes no
longer than NumPy.
"""

import copy
import linecache
import sysconfig
import textwrap
import traceback
from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from genimg_lib.checks.guard import Overtime, random_state_kept, time_limit
from genimg_lib.checks.intact import mended
from genimg_lib.classroom import outbox
from genimg_lib.practice.exercises import attempts

FOREIGN = tuple(
    {
        str(Path(__file__).parents[1]),
        *(sysconfig.get_paths()[name] for name in ("stdlib", "purelib", "platlib")),
    }
)


class Rejected(Exception):
    """An answer lacks a property; the message is what the learner reads."""


class Malformed(Rejected):
    """What was given is no answer: a key is missing, a word is no choice. It costs no try."""


class Unanswered(Exception):
    """A stub or a `...` is still there; the message says what is to be done."""


def expect(condition, feedback: str) -> None:
    """Rejects the answer with `feedback` unless `condition` is true.

    Good feedback says what the answer does, then what it should do.
    """
    if not condition:
        raise Rejected(feedback)


def array(value, what: str, shape: tuple | None = None) -> np.ndarray:
    """`value` as a float64 array.

    Rejects what is not numbers, or has another shape. `what` names it in the feedback.
    """
    if value is None:
        raise Rejected(f"{what} is None; it should be numbers.")
    try:
        numbers = np.asarray(value)
        if numbers.dtype.kind in "US":
            raise ValueError("words")
        numbers = numbers.astype(np.float64) if numbers.dtype.kind != "c" else numbers
    except (TypeError, ValueError):
        raise Rejected(
            f"{what} should be numbers, but is {short(value)} ({type(value).__name__})."
        ) from None
    if numbers.dtype.kind == "c":
        raise Rejected(f"{what} is complex; it should be real.")
    if shape is not None and numbers.shape != tuple(shape):
        raise Rejected(f"{what} has shape {numbers.shape}; it should have shape {tuple(shape)}.")
    return numbers


def close(actual, expected, *, rtol: float = 1e-5, atol: float = 1e-6) -> bool:
    """Whether two arrays have one shape and equal numbers up to rounding; NaN equals nothing."""
    actual = np.asarray(actual)
    expected = np.asarray(expected)
    return actual.shape == expected.shape and bool(
        np.allclose(actual, expected, rtol=rtol, atol=atol)
    )


def short(value) -> str:
    """A value on one line, with 4 digits and not too long."""
    if hasattr(value, "numpy") or isinstance(value, (np.ndarray, np.generic, float)):
        value = np.array2string(np.asarray(value), precision=4, threshold=8, separator=", ")
    words = " ".join(str(value).split())
    return words if len(words) <= 120 else words[:117] + "..."


@dataclass(frozen=True)
class Verdict:
    """What a checker found.

    Whether the answer passed, the properties verified, and the feedback to one that did not; `todo`
    marks an untouched stub, `malformed` what is no answer; `crash` names the exception that ended
    it.
    """

    exercise: str
    passed: bool
    verified: tuple[str, ...]
    feedback: str = ""
    todo: bool = False
    malformed: bool = False
    crash: str = ""

    def __str__(self) -> str:
        if self.passed:
            count = len(self.verified)
            return f"PASSED: {self.exercise} ({count} check{'s' if count != 1 else ''})"
        lines = [f"NOT YET: {self.exercise}", *(f"  [ok] {name}" for name in self.verified)]
        wrapped = [
            part
            for line in (self.feedback.strip() or "this is not right yet.").splitlines()
            for part in textwrap.wrap(line, 96, break_long_words=False)
        ]
        return "\n".join(
            [*lines, f"  [x]  {wrapped[0]}", *(f"       {line}" for line in wrapped[1:])]
        )


class NotYet(Exception):
    """Raised by a check cell whose answer did not pass.

    IPython, and so JupyterLab and nbval, show its report in place of frames.
    """

    def _render_traceback_(self) -> list[str]:
        return str(self).splitlines()


class ToDo(NotYet):
    """A `NotYet` for a stub that nobody has touched.

    `genimg check` reads the name in the output of a cell.
    """


class Answer:
    """A learner's function, guarded.

    A call is held to a time limit, to its inputs, and to returning something.
    """

    def __init__(self, function: Callable, seconds: float):
        self._function, self._seconds = function, seconds
        self.name = getattr(function, "__name__", "the answer")

    def __call__(self, *arguments, **keywords):
        given = (arguments, keywords)
        before = copy.deepcopy([value for value in _plain(given)])
        try:
            with time_limit(self._seconds):
                result = self._function(*arguments, **keywords)
        except NotImplementedError as error:
            raise _stub(error) from None
        _numpy_is_intact()
        for value, original in zip(_plain(given), before, strict=True):
            if not np.array_equal(value, original, equal_nan=value.dtype.kind == "f"):
                raise Rejected(f"{self.name} changes its input in place: copy it first.")
        if result is None:
            raise Rejected(f"{self.name}(...) returned None: is there a `return`?")
        if _unanswered(result):
            raise Unanswered("a `...` is left in what is returned")
        return result


def _plain(value) -> Generator[np.ndarray]:
    """The NumPy arrays in arguments, however nested."""
    if isinstance(value, np.ndarray) and value.dtype.kind != "O":
        yield value
    elif isinstance(value, dict):
        yield from _plain(tuple(value.values()))
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _plain(item)


class Checker:
    """A checker as the notebook sees it: call it with the answer.

    Made by the decorator `checker`.
    """

    def __init__(self, function: Callable[..., Generator[str]], calls: bool, seconds: float):
        self._function = function
        self._calls = calls
        self._seconds = seconds
        self.__name__ = function.__name__
        self.__doc__ = function.__doc__

    def __call__(self, *answers) -> None:
        verdict = self.verdict(*answers)
        if verdict.passed:
            print(verdict)
        if not verdict.todo:
            message = attempts.record(verdict.exercise, verdict.passed)
            tell_class(verdict.exercise, verdict)
            print(message, end="\n" if message else "")
        if not verdict.passed:
            raise (ToDo if verdict.todo else NotYet)(str(verdict)) from None

    def verdict(self, *answers) -> Verdict:
        """Checks without printing or raising.

        The global random state is afterwards what it was before.
        """
        verified: list[str] = []

        def not_passed(feedback: str, **kind) -> Verdict:
            return Verdict(self.__name__, False, tuple(verified), feedback, **kind)

        try:
            _numpy_is_intact()
            with random_state_kept():
                for name in self._function(*map(self._prepare, answers)):
                    verified.append(name)
        except Unanswered as error:
            return not_passed(f"TODO: {error}", todo=True)
        except Rejected as error:
            return not_passed(str(error), malformed=isinstance(error, Malformed))
        except Overtime as error:
            return not_passed(f"still running after {error} seconds. Is there an endless loop?")
        except (Exception, SystemExit) as error:  # a learner's exit() must not end the kernel
            if isinstance(stub := _stub(error), Unanswered):  # of a class that is the answer
                return not_passed(f"TODO: {stub}", todo=True)
            return not_passed(crash(error), crash=type(error).__name__)
        return Verdict(self.__name__, True, tuple(verified))

    def _prepare(self, answer):
        if _unanswered(answer):
            raise Unanswered("replace each `...` by your answer")
        if not self._calls:
            return answer
        if not callable(answer):
            raise Rejected(
                f"the answer should be a function (or a class), but is {short(answer)} "
                f"({type(answer).__name__})."
            )
        return Answer(answer, self._seconds)


def checker(function=None, *, seconds: float = 15.0) -> Checker:
    """Decorates a generator that takes functions or classes of the learner.

    Each call of one may take `seconds`.
    """
    if function is None:
        return lambda function: Checker(function, True, seconds)
    return Checker(function, True, seconds)


class ValueChecker(Checker):
    """A checker of a value: a choice, a number, a dictionary of them.

    Its reply to a wrong one says what is wrong, so trying would find the right one. Trying costs:
    after every `tries` wrong answers another one is judged only after a pause, which doubles each
    time. An answer that was judged before, or that is none, costs nothing.
    """

    def __init__(self, function, tries: int):
        super().__init__(function, False, 10.0)
        self.tries = tries

    def __call__(self, *answers) -> None:
        judged = attempts.Judged(self.__name__, repr(answers), self.tries)
        if judged.until and not any(map(_unanswered, answers)):
            raise NotYet(f"PAUSE: {self.__name__}\n  {judged.pause()}")
        verdict = self.verdict(*answers)
        if verdict.todo:
            raise ToDo(str(verdict))
        message = "" if verdict.malformed else judged.record(verdict.passed)
        tell_class(verdict.exercise, verdict)
        if not verdict.passed:
            lines = [str(verdict), *filter(None, [judged.until and f"  {judged.pause()}", message])]
            raise NotYet("\n".join(lines))
        print(f"{verdict}{judged.which_try()}")
        print(message, end="\n" if message else "")


def tell_class(
    exercise: str, verdict: Verdict, *, places: tuple[str, ...] = (attempts.WORK,)
) -> None:
    """Tells the class what was found, if the learner joined one and works in a place that counts.

    Nothing that goes wrong with it may reach the learner.
    """
    if Path.cwd().name in places:
        outbox.tell(exercise, verdict.passed, verdict.feedback, verdict.crash)


def value_checker(function=None, *, tries: int = 5) -> ValueChecker:
    """Decorates a generator that takes values: a number, a word, a dictionary.

    A `...` in them is not yet an answer. `tries`: see `ValueChecker`; 2 for choices, since
    there are few.
    """
    if function is None:
        return lambda function: ValueChecker(function, tries)
    return ValueChecker(function, tries)


def _numpy_is_intact() -> None:
    if name := mended():
        raise Rejected(f"{name} was replaced by another function. It is put back: try again.")


def _stub(error: BaseException) -> BaseException:
    """An `Unanswered` for the exception of a stub, which says TODO; any other one as it is."""
    is_stub = isinstance(error, NotImplementedError) and str(error).startswith("TODO")
    words = str(error).removeprefix("TODO").lstrip(": ")
    return Unanswered(words or "this one is still open") if is_stub else error


def _unanswered(answer) -> bool:
    if isinstance(answer, dict):
        return any(_unanswered(value) for value in answer.values())
    if isinstance(answer, (list, tuple)):
        return any(_unanswered(value) for value in answer)
    return answer is ...


def crash(error: BaseException) -> str:
    """An exception in one or two lines.

    What it says, and the learner's own line in which it happened.
    """
    words = short(str(error).strip().splitlines()[0]) if str(error).strip() else ""
    said = f"{type(error).__name__}: {words}" if words else type(error).__name__
    own = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if not frame.filename.startswith(FOREIGN)
    ]
    if not own:
        hint = "Does it take the parameters of the stub, and return what the prompt asks for?"
        return f"{said}\n{hint}"
    frame = own[-1]
    line = (frame.line or linecache.getline(frame.filename, frame.lineno or 0)).strip()
    return f"{said}\nin {frame.name}, line {frame.lineno}: {line}"
