"""Judgements that many checkers make.

Against tempting values, of pairs, whole numbers, refusals and choices.
"""

import traceback
from collections.abc import Iterator, Mapping
from numbers import Real
from pathlib import Path

import numpy as np

from genimg_lib.checks.core import Malformed, Rejected, Unanswered, array, close, expect, short
from genimg_lib.checks.guard import Overtime

NUMERALS = {2: "two", 3: "three", 4: "four"}
Question = tuple[object, Mapping[object, str]]
"""The right choice, and what is said of each of the others."""
Estimate = tuple[float, Mapping[float, str], str]
"""The right number, what each tempting one forgot, and how to count."""


def match(
    found, right, otherwise: str, tempting: Mapping[str, object] | None = None, **tolerance
) -> None:
    """Rejects `found` unless it is close to `right`.

    `tempting` maps feedback to the wrong value that earns it; any other value gets `otherwise`.
    `tolerance` goes to `close`.
    """
    if not close(found, right, **tolerance):
        for feedback, value in (tempting or {}).items():
            expect(not close(found, value, **tolerance), feedback)
        expect(False, otherwise)


def several(result, names: str) -> tuple:
    """All things that an answer returns: a tuple, a list or one array.

    `names` are theirs, as in "codes, tokens".
    """
    count = len(names.split(", "))
    all_there = (isinstance(result, (tuple, list)) or getattr(result, "ndim", 0)) and len(
        result
    ) == count
    expect(
        all_there,
        f"return {NUMERALS[count]} things as a tuple: ({names}); yours is {short(result)}.",
    )
    return tuple(result)


def pair(result, names: str, *shapes: tuple) -> tuple[np.ndarray, np.ndarray]:
    """Both arrays that an answer returns, named as in `several`. One shape stands for both."""
    first, second = several(result, names)
    name, other = names.split(", ")
    return array(first, name, *shapes[:1]), array(second, other, *shapes[-1:])


def whole(value, what: str, shape: tuple | None = None) -> np.ndarray:
    """Whole numbers, as int64: 3.0 is one, 3.5, infinity, True and "3" are not."""
    numbers = array(value, what, shape)
    is_whole = (
        np.asarray(value).dtype.kind not in "bUS"
        and (np.isfinite(numbers) & (numbers == np.floor(numbers))).all()
    )
    expect(is_whole, f"{what} should be whole numbers; yours: {short(value)}.")
    return numbers.astype(np.int64)


def integers(value, what: str, shape: tuple | None = None) -> np.ndarray:
    """Whole numbers of an integer type, which can index a table, as int64: 3.0 is none."""
    numbers = whole(value, what, shape)
    kind = np.asarray(value).dtype
    expect(kind.kind in "iu", f"{what} should be integers; yours have the type {kind}.")
    return numbers


def refusal(answer, *arguments) -> Exception | None:
    """The exception with which an answer refuses its arguments, or None if it accepts them."""
    try:
        answer(*arguments)
    except (Rejected, Unanswered, Overtime):
        raise
    except Exception as error:
        return error
    return None


def refuses(error: Exception) -> bool:
    """Whether an exception is a ValueError, or one of its kinds.

    NumPy's LinAlgError is one, which many functions raise in the middle of a computation: it counts
    if the answer raises it, and not if NumPy does.
    """
    frames = traceback.extract_tb(error.__traceback__)
    by_numpy = frames[-1].filename.startswith(str(Path(np.__file__).parent))
    return isinstance(error, ValueError) and not (
        by_numpy and isinstance(error, np.linalg.LinAlgError)
    )


def refused(answer, *arguments, what: str) -> None:
    """Rejects an answer that does not raise a ValueError.

    `what` names in the plural what is wrong.
    """
    try:
        answer(*arguments)
    except (Unanswered, Overtime):
        raise
    except Exception as error:
        name = "nothing, and returns None" if isinstance(error, Rejected) else type(error).__name__
        expect(refuses(error), f"{what} should raise ValueError; yours raises {name}.")
        return
    expect(False, f"{what} are accepted: raise ValueError.")


def choices(answers, questions: Mapping[str, Question]) -> Iterator[str]:
    """Checks a dictionary of choices; yields each key whose choice is right.

    Space and case around a word do not matter.
    """
    expected = isinstance(answers, dict) and set(answers) == set(questions)
    well_formed(expected, f"it should be a dictionary with the keys {', '.join(questions)}.")
    chosen = {}
    for key, (right, others) in questions.items():
        known = {_plain(choice): choice for choice in (right, *others)}
        chosen[key] = known.get(_plain(answers[key]))
        listed = "; ".join(sorted(map(str, known.values())))
        well_formed(
            chosen[key] is not None,
            f"{key}: {short(answers[key])} is not among the choices: {listed}.",
        )
    for key, (right, others) in questions.items():
        expect(chosen[key] == right, others.get(chosen[key], ""))
        yield f"{key} is right"


def well_formed(condition, feedback: str) -> None:
    """Rejects what is no answer at all, which costs no try."""
    if not condition:
        raise Malformed(feedback)


def chance(questions: Mapping[str, Question], tries: int) -> float:
    """How likely somebody solves `choices` who only guesses, and rules out what the replies say.

    The first wrong key is named, so each reply rules out one choice. Whoever guesses needs, for
    each key, 0 to n - 1 wrong tries with equal chances: they have to add up to less than `tries`.
    """
    ways = np.ones(1)
    for _, others in questions.values():
        ways = np.convolve(ways, np.full(len(others) + 1, 1 / (len(others) + 1)))
    return float(ways[:tries].sum())


def estimates(answers, wanted: Mapping[str, Estimate], tolerance: float = 0.01) -> Iterator[str]:
    """Checks a dictionary of numbers; yields each key whose number is right.

    `tolerance` is relative.
    """
    well_formed(
        isinstance(answers, dict),
        f"the answer should be a dictionary with the entries {', '.join(wanted)}.",
    )
    well_formed(
        set(answers) == set(wanted),
        f"the entries are {', '.join(map(str, answers))}; they should be {', '.join(wanted)}.",
    )
    numbers = {key: _number(answers[key], key) for key in wanted}
    for key, (right, mistakes, advice) in wanted.items():
        value = numbers[key]
        if abs(value - right) > tolerance * abs(right):  # a mistake may be near what is right
            for mistaken, words in mistakes.items():
                expect(
                    abs(value - mistaken) > tolerance * abs(mistaken),
                    f"{key} = {value:,.6g}: {words}",
                )
            near = abs(value - right) < 3 * tolerance * abs(right)
            asked = (
                f"not within {100 * tolerance:g} %: is it rounded, or is something small left out?"
            )
            expect(not near, f"{key} = {value:,.6g} is nearly right, but {asked}")
            # neither "too large" nor "too small": halving would find it, without a thought
            expect(False, f"{key} = {value:,.6g} is off. {advice}")
        yield key


def _number(value, what: str) -> float:
    written = isinstance(value, (str, bytes, bool))
    well_formed(
        not written, f"{what} should be a number, but is {value!r} ({type(value).__name__})."
    )
    number = float(array(value, what, ()))
    well_formed(not np.isnan(number), f"{what} is NaN; it should be a number.")
    return number


def causes(
    right: Mapping[str, str], signs: Mapping[str, str], clues: Mapping[str, str]
) -> dict[str, Question]:
    """Questions of the kind "which run has which cause".

    `signs` say how each cause looks, `clues` where to look in each run.
    """
    return {
        key: (
            cause,
            {
                other: f"{key} is not {other!r}. {sign} {clues[key]}"
                for other, sign in signs.items()
                if other != cause
            },
        )
        for key, cause in right.items()
    }


def _plain(choice):
    if isinstance(choice, str):
        return " ".join(choice.split()).casefold()
    return f"{choice:g}" if isinstance(choice, Real) and not isinstance(choice, bool) else None
