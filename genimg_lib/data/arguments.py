"""Checks of arguments: each returns the value as the library keeps it, or raises an error that says
which argument it is, what was given and what is expected.

`TypeError` is for a value of the wrong kind, `ValueError` for one out of range.
"""

import math
import numbers
from collections.abc import Collection, Sequence

import numpy as np


def check_whole(name: str, value, least: int = 1) -> int:
    """Returns a whole number of at least `least`; NumPy's integers are whole numbers too."""
    expected = f"{name} must be a whole number of at least {least}, got {value!r}"
    if isinstance(value, bool) or not isinstance(value, numbers.Integral):
        raise TypeError(expected)
    if value < least:
        raise ValueError(expected)
    return int(value)


def check_number(
    name: str, value, low: float = 0.0, high: float = math.inf, *, below: bool = False
) -> float:
    """Returns a finite number from `low` to `high`; with `below`, `high` itself is out of range."""
    if high == math.inf:
        span = f"at least {low:g}"
    else:
        span = f"in [{low:g}, {high:g}{')' if below else ']'}"
    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        raise TypeError(f"{name} must be a number, {span}, got {value!r}")
    try:
        number = float(value)
    except OverflowError:  # a whole number that is too large for a float
        number = math.inf
    inside = low <= number < high if below or high == math.inf else low <= number <= high
    if not inside:
        raise ValueError(f"{name} must be {span}, got {value!r}")
    return number


def check_one_of(name: str, value, choices: Collection[str]) -> str:
    """Returns one of `choices`."""
    # arrays and lists have no hash, or no single truth value
    if not isinstance(value, str) or value not in choices:
        raise ValueError(f"{name} must be one of {', '.join(choices)}, got {value!r}")
    return value


def check_array(name: str, values) -> np.ndarray:
    """Returns `values` as an array; raises `ValueError` for rows of different lengths."""
    try:
        return np.asarray(values)
    except ValueError:
        raise ValueError(
            f"{name} must be an array, or lists of equal lengths, got {values!r}"
        ) from None


def check_reals(name: str, values) -> np.ndarray:
    """Returns real numbers, or truth values, as an array of `float64`; NaN and infinity pass."""
    values = check_array(name, values)
    if values.dtype.kind not in "fiub":
        raise TypeError(f"{name} must be real numbers, got {values.dtype}")
    return values.astype(np.float64)


def check_class_names(names) -> tuple[str, ...] | None:
    """Returns the distinct words for the classes, or `None`: no classes.

    Words that differ only in case are the same word, since labels may be written in any case.
    """
    if names is None:
        return None
    if isinstance(names, str) or not isinstance(names, Sequence):
        raise TypeError(
            f"class_names must be a sequence of words, such as ('cat', 'dog'), got {names!r}"
        )
    if not names:
        raise ValueError("class_names is empty; None makes a model without classes")
    if not all(isinstance(name, str) and name for name in names):
        raise TypeError(f"class_names must be words, got {tuple(names)!r}")
    if len({name.casefold() for name in names}) < len(names):
        raise ValueError(f"class_names must differ from each other, got {tuple(names)!r}")
    return tuple(names)


def check_image_shape(shape) -> tuple[int, int, int]:
    """Returns (height, width, channels), whole numbers of at least 1."""
    expected = (
        "image_shape must be (height, width, channels), whole numbers of at least 1, such as "
        f"(28, 28, 1), got {shape!r}"
    )
    if isinstance(shape, str) or not isinstance(shape, Sequence):
        raise TypeError(expected)
    whole = [isinstance(side, numbers.Integral) and not isinstance(side, bool) for side in shape]
    if len(shape) != 3 or not all(whole) or min(shape) < 1:
        raise ValueError(expected)
    return tuple(int(side) for side in shape)


def check_seed(seed) -> int | None:
    """Returns a whole number of at least 0 that fits into 63 bits, or `None`: another one every
    time.
    """
    if seed is None:
        return None
    if isinstance(seed, bool) or not isinstance(seed, numbers.Integral):
        raise TypeError(f"seed must be a whole number or None, got {seed!r}")
    if not 0 <= seed < 2**63:
        raise ValueError(f"seed must be a whole number of at least 0, below 2**63, got {seed!r}")
    return int(seed)
