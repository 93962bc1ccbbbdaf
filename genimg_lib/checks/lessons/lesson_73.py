"""The tasks of lesson 73: your own images."""

import numpy as np

from genimg_lib.checks.core import expect
from genimg_lib.checks.judge import whole
from genimg_lib.checks.task import predicted, task, value_task


@task
def in_both(answer):
    groups = np.array([0, 0, 1, 2, 2, 5, 0, 6, 6])
    held_out = np.array([True, False, True, False, False, True, False, True, True])
    found = whole(list(answer(groups, held_out)), "the group numbers").tolist()
    expect(
        len(found) == len(set(found)),
        "a group is named more than once; one line for each leak is enough.",
    )
    found = sorted(found)
    expect(
        found != [0, 1, 5, 6],
        "those are all groups with a held-out picture; a leak also has one in training.",
    )
    expect(
        found != [0, 2, 6],
        "those are all groups of several pictures; they may lie on one side together.",
    )
    expect(
        found == [0],
        "a group leaks if some of its pictures are held out and others are not; here that is "
        "group 0 alone.",
    )
    yield "a group leaks if it has pictures on both sides"
    found = list(answer(np.arange(4), np.array([True, False, True, False])))
    expect(not found, "four pictures that resemble none cannot leak: the answer is empty.")
    yield "pictures without near-duplicates do not leak"


@task
def passes(answer):
    found = _passes(answer, 1000, 32, 60.0, 0.1)
    expect(
        found != 600,
        "600 is the number of steps; a pass over 1,000 pictures in batches of 32 has 31 of them.",
    )
    expect(found != 20, "20 passes take 62 seconds: count those that fit into 60.")
    expect(found == 19, "a pass takes 31 x 0.1 seconds, so 19 of them fit into 60.")
    yield "whole passes that fit into the time"
    expect(
        _passes(answer, 100, 64, 10.0, 0.5) == 20,
        "100 pictures make one batch of 64; the partial one is left out, so a pass is one step.",
    )
    yield "a last partial batch is left out"
    expect(
        _passes(answer, 1000, 32, 0.1, 0.1) == 1,
        "however little time there is, one pass is made: a model without any step is of no use.",
    )
    yield "at least one pass"


def _passes(answer, *arguments) -> int:
    return int(whole(answer(*arguments), "the number of passes", ()))


@value_task
def copier(guess):
    yield from predicted(
        guess,
        "b",
        {
            "a": "the distance asks whether the sets are alike, not whether pictures are new.",
            "c": "two finite samples of the same pictures differ: even real ones do not score 0.",
        },
    )


@value_task
def two_rulers(guess):
    yield from predicted(
        guess,
        "c",
        {
            "a": "the samples are the same; what changed is the unit.",
            "b": "the features of two networks have no common scale, and neither has their number.",
        },
    )
