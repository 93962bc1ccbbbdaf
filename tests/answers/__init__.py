"""Answers that learners give, one module per exercise, named like it: right ones in different
styles, and wrong ones.

    @right
    def with_tensorflow(means, log_variances, epsilon): ...

    @wrong("is the variance")                      # a fragment of the feedback that this answer
    must get
    def variance_taken_for_spread(means, log_variances, epsilon): ...

An answer that is no function or class is written `right("a name", value)` and `wrong("fragment", "a
name", value)`; where a check takes several answers, `value` is a tuple and the module says `MANY =
True`. `EQUIVALENT` maps mutants of the model answer (see `mutants.mutate`) that every right answer
may be, to the reason.
"""

import sys
from typing import NamedTuple


class Given(NamedTuple):
    """An answer, by name; `fragment` is empty for a right one."""

    name: str
    answer: object
    fragment: str


def right(answer, value=None):
    return _given(answer, value, "")


def wrong(fragment, name=None, value=None):
    if name is not None:
        return _given(name, value, fragment)
    return lambda answer: _given(answer, None, fragment)


def _given(answer, value, fragment):
    names = sys._getframe(2).f_globals  # of the module that gives the answer
    name, held = (answer, value) if isinstance(answer, str) else (answer.__name__, answer)
    names.setdefault("GIVEN", []).append(Given(name, held, fragment))
    return answer
