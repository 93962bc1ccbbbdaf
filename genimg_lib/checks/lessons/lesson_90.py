"""The tasks of lesson 90: interview day."""

import numpy as np

from genimg_lib.checks.core import array, expect
from genimg_lib.checks.judge import match, whole
from genimg_lib.checks.task import predicted, task, value_task


@value_task
def tempting_answer(guess):
    yield from predicted(
        guess,
        "b",
        {
            "a": "that is true: the plug-in estimate is biased upward.",
            "c": "that is true, and it removes the leading term of the bias.",
            "d": "that is true, and KID is one of the key points.",
        },
    )


@value_task
def points_made(numbers):
    found = set(whole(numbers, "the points").ravel().tolist())
    expect(found <= {1, 2, 3, 4, 5}, "the points are numbered from 1 to 5.")
    expect(3 not in found, "point 3: does the candidate say a word about the batch or the weights?")
    expect(
        4 not in found, "point 4: the candidate says the opposite, that the cache costs no time."
    )
    yield "no credit for what was not said"
    expect(1 in found, "point 1: all six factors are named.")
    expect(2 in found, "point 2: both sizes are there, and the reason for the doubling.")
    expect(5 in found, "point 5: three ways to shrink it are named.")
    yield "credit for what was said"


@task
def forgetting_curve(answer):
    days, stability, w = np.array([0.0, 1.0, 8.0, 100.0]), 8.0, 0.5
    factor = 0.9 ** (-1 / w) - 1
    right = (1 + factor * days / stability) ** -w
    match(
        array(answer(days, stability, w), "recall", (4,)),
        right,
        "R(0) must be 1 and R(S) must be 0.9; in between and beyond, follow the formula.",
        {
            "that is an exponential curve; FSRS uses a power law.": 0.9 ** (days / stability),
            "the exponent is -w: this recall grows with the days.": 1 / right,
            "f has a 1 subtracted at its end.": (1 + (factor + 1) * days / stability) ** -w,
            "the days are divided by the stability.": (1 + factor * days) ** -w,
        },
    )
    yield "recall falls from 1 to 0.9 at the stability, and on"


@value_task
def weaker_ahead(guess):
    yield from predicted(
        guess,
        "b",
        {
            "a": "how many points does half an hour hold, and how much does their sum vary?",
            "c": "a lead of 15 points is more than the spread of one score.",
        },
    )
