"""The tasks of lesson 31: losses and penalties of GANs."""

import numpy as np

from genimg_lib.checks.core import array, close, expect
from genimg_lib.checks.judge import match, pair
from genimg_lib.checks.task import predicted, task, value_task


@value_task
def half_the_way(guess):
    yield from predicted(
        guess,
        "c",
        {
            "a": "that is what a distance in brightness would do. Does D know how far the two "
            "piles are apart, once it can tell them apart?",
            "b": "that is what a squared distance would do. The JSD compares densities at the "
            "same x, and never one x with another.",
            "d": "it is 0 only when real and generated are the same.",
        },
    )


@task
def earth_mover(answer):
    first, second = np.array([3.0, 0.0, 1.0]), np.array([1.0, 6.0, 5.0])
    match(
        answer(first, second),
        8 / 3,
        "the points 0, 1, 3 go to 1, 5, 6: the distances are 1, 4, 3, with a mean of 8/3.",
        {
            "the points are paired as they were given. Sort both sides first.": 4.0,
            "that is the total distance; each point carries 1/n of the mass.": 8.0,
            "that is the mean of squared distances; a grain costs its distance.": 26 / 3,
        },
    )
    yield "0, 1, 3 and 1, 5, 6 are 8/3 apart"
    crossing = answer(np.array([0.0, 10.0]), np.array([4.0, 6.0]))
    expect(
        close(crossing, 4.0),
        "0 to 4 and 10 to 6 are 4 each, in opposite directions: they must not cancel.",
    )
    yield "distances in opposite directions add up"


@task
def two_losses(answer):
    real, fake = np.array([0.5, 3.0, -2.0, 3.0]), np.array([-0.5, 1.0, 1.0, -4.0])
    hinge, relativistic = pair(answer(real, fake), "hinge, relativistic", (4,))
    match(
        hinge,
        [1.0, 2.0, 5.0, 0.0],
        "hinge: for a real logit of 0.5 and a fake one of -0.5 each term is 0.5, a sum of 1.",
        {
            "hinge: it is never negative. Cut each term off at 0.": 2 - real + fake,
            "hinge: cut each term off at 0 before you add them, not their sum.": np.maximum(
                0, 2 - real + fake
            ),
            "hinge: the margins have the wrong sides; a real logit above 1 costs nothing.": (
                np.maximum(0, 1 + real) + np.maximum(0, 1 - fake)
            ),
        },
    )
    yield "the hinge has a margin for each side"
    match(
        relativistic,
        np.logaddexp(0, fake - real),
        "relativistic: it should be softplus of one difference.",
        {
            "relativistic: that is the generator's loss. D wants real above fake.": np.logaddexp(
                0, real - fake
            ),
            "relativistic: that judges each image alone; put the difference into one softplus.": (
                np.logaddexp(0, -real) + np.logaddexp(0, fake)
            ),
        },
    )
    yield "the relativistic loss compares the two"


@value_task
def two_players(guess):
    yield from predicted(
        guess,
        "b",
        {
            "a": "nothing in this game pulls inwards: at every point the step is at a right angle "
            "to the direction of the goal.",
            "c": "at once, each step is a tangent to the circle. Does a tangent stay on it?",
            "d": "smaller steps slow the spiral down, but sqrt(1 + h^2) is above 1 for every h. "
            "And in turns the determinant of a round is 1.",
        },
    )


@task
def repaired_penalty(answer):
    gradients = np.zeros((3, 2, 2, 1))
    gradients[:, 0, 0, 0] = 1.0, 3.0, 0.0
    gradients[:, 1, 1, 0] = 0.0, 4.0, 0.0
    found = array(answer(gradients), "the penalty")
    expect(found.shape == (3,), "return one value per image: sum over all axes but the first.")
    lengths = np.array([1.0, 5.0, 0.0])
    match(
        found,
        (lengths - 1) ** 2,
        "gradients of norm 1, 5 and 0 must cost 0, 16 and 1.",
        {
            "the root is missing: that is (norm^2 - 1)^2.": (lengths**2 - 1) ** 2,
            "the 1 is missing: that is R1, which asks for norm 0.": lengths**2,
            "that is the norm of a mean over pixels; a norm has a sum under its root.": (
                lengths / 2 - 1
            )
            ** 2,
        },
    )
    yield "norms 1, 5 and 0 cost 0, 16 and 1"
