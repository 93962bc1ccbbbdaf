"""What the checks of exercises 07 and 09 share. No exercise has its checker here, and a message is always the caller's."""

import numpy as np

from genimg_lib.checks import core
from genimg_lib.checks.core import array, close, short


def match(found, right, message: str, tempting: dict | None = None) -> None:
    """Rejects what is not close to `right`: with the feedback (a key) of the tempting value that it equals, or `message`."""
    if not close(found, right):
        for feedback, value in (tempting or {}).items():
            core.expect(not close(found, value), feedback)
        core.expect(False, message)


def pair(result, names: str) -> tuple:
    """Both things that an answer returns."""
    both = (isinstance(result, (tuple, list)) or getattr(result, "ndim", 0)) and len(result) == 2
    core.expect(both, f"return two things as a tuple: ({names}); yours is {short(result)}.")
    return tuple(result)


def whole(value, what: str, shape: tuple) -> np.ndarray:
    """Whole numbers of a shape, as int64; 3.0 is a whole number, 3.5 and True are not."""
    numbers = array(value, what, shape)
    is_whole = np.asarray(value).dtype.kind != "b" and np.array_equal(numbers, np.floor(numbers))
    core.expect(is_whole, f"{what} should be whole numbers; yours {short(value)}.")
    return numbers.astype(np.int64)


def refused(answer, *arguments) -> bool:
    """Whether an answer raises ValueError."""
    try:
        answer(*arguments)
    except ValueError:
        return True
    return False


def log_softmax(logits) -> np.ndarray:
    logits = np.asarray(logits, np.float64)
    shifted = logits - logits.max(axis=-1, keepdims=True)
    with np.errstate(divide="ignore"):
        return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def token_nats(logits, tokens) -> np.ndarray:
    """-log p of each token under its row of logits."""
    return -np.take_along_axis(log_softmax(logits), np.asarray(tokens)[..., None], axis=-1)[..., 0]


def name_causes(answers, right: dict, options: dict, clues: dict):
    """Checks which cause each letter was given: `options` say how each cause looks, `clues` where to look in each case."""
    keys = ", ".join(right)
    core.expect(isinstance(answers, dict) and set(answers) == set(right), f"it should be a dictionary with the keys {keys}.")
    for letter, cause in right.items():
        given = answers[letter]
        known = isinstance(given, str) and given in options
        core.expect(known, f"{letter}: {short(given)} is not among the choices: {'; '.join(options)}.")
        core.expect(given == cause, f"{letter} is not {given!r}: {options[given]} {clues[letter]}")
        yield letter
