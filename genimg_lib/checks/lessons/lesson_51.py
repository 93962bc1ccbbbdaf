"""The tasks of lesson 51: few steps."""

import numpy as np

from genimg_lib.checks.core import array, close, expect
from genimg_lib.checks.judge import match
from genimg_lib.checks.task import predicted, task, value_task


@task
def flow_map(answer):
    random = np.random.default_rng(0)
    mean, deviation = 1.5, 0.4

    def spread(time):
        return np.sqrt((time * deviation) ** 2 + (1 - time) ** 2)

    for t, s in ((0.0, 1.0), (0.2, 0.7)):
        z = random.normal(size=5)
        found = array(answer(z, t, s, mean, deviation), "the position", (5,))
        away = z - t * mean
        match(
            found,
            s * mean + spread(s) / spread(t) * away,
            "the distance from the path's mean, in units of the path's spread, stays what it is.",
            {
                "that ends on the mean: the distance from it shrinks, but not to 0.": s * mean
                + 0 * away,
                "the distance from the mean is kept as it is; the path becomes narrower.": s * mean
                + away,
                "the ratio of the spreads is the wrong way round.": s * mean
                + spread(t) / spread(s) * away,
                "at time t the mean of the path is t times that of the data.": s * mean
                + spread(s) / spread(t) * (z - mean),
                "variances are divided; distances scale with the spread.": s * mean
                + (spread(s) / spread(t)) ** 2 * away,
            },
        )
        yield f"from time {t} to {s}"
    expect(
        close(array(answer(z, 0.3, 0.3, mean, deviation), "the position", (5,)), z),
        "with s = t nothing may move.",
    )
    yield "no time, no movement"


@task
def mean_flow_target(answer):
    velocity, change = np.random.default_rng(1).normal(size=(2, 4, 3))
    t, s = 0.2, 0.6
    match(
        array(answer(velocity, change, t, s), "the target", (4, 3)),
        velocity + (s - t) * change,
        "differentiate z_s = z_t + (s - t) u by t, with z_s fixed, and solve for u.",
        {
            "the sign is that of an average that ends at the moving time; ours starts there.": (
                velocity - (s - t) * change
            ),
            "the derivative counts with the length of the interval, s - t.": velocity + change,
            "that leaves out the derivative: it is the velocity at the start.": velocity,
            "the length is s - t, not s.": velocity + s * change,
        },
    )
    yield "the velocity and the change of the average"


@value_task
def built_from_halves(guess):
    yield from predicted(
        guess,
        "b",
        {
            "a": "each condition is exact only if the short steps are. Are Euler's?",
            "c": "that is one Euler step of length 1. Which steps were the first halves made of?",
        },
    )


@value_task
def without_stop(guess):
    yield from predicted(
        guess,
        "b",
        {
            "a": "the target contains the velocity of one random pair. Which derivative of the "
            "network multiplies its noise?",
            "c": "the loss is a square, and its gradient descends: what does it descend to?",
        },
    )
