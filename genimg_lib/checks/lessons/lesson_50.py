"""The tasks of lesson 50: diffusion and flow matching."""

import numpy as np

from genimg_lib.checks.core import array, close, expect
from genimg_lib.checks.judge import match
from genimg_lib.checks.task import predicted, task, value_task


@value_task
def one_step(guess):
    yield from predicted(
        guess,
        "c",
        {
            "a": "to pick the nearest point, the field would have to know where the path ends. "
            "What does z tell about x at t = 0?",
            "b": "on average over all data points, which direction along the circle is left?",
            "d": "the velocity at t = 0 is the mean of x minus z, and that is not 0.",
        },
    )


@task
def velocity_from_noise(answer):
    random = np.random.default_rng(0)
    for t in (0.25, 0.8):
        data, noise = random.normal(size=(2, 3, 4))
        z = t * data + (1 - t) * noise
        match(
            array(answer(z, noise, t), "the velocity", (3, 4)),
            data - noise,
            "z = t x + (1 - t) e is given: solve e = z - t v for v.",
            {
                "the sign is wrong: velocity is data minus noise.": noise - data,
                "that is the data x; the velocity is x - e.": data,
                "z - e is t times the velocity: divide.": z - noise,
                "divide by t, the share of the data; 1 - t belongs to a network that predicts "
                "data.": (z - noise) / (1 - t),
            },
        )
        yield f"the velocity at time {t}"


@value_task
def error_by_time(guess):
    yield from predicted(
        guess,
        "c",
        {
            "a": "knowing one of the two is not enough: the target is the difference of both.",
            "b": "at t = 1 the data are known, but which noise did they come from?",
            "d": "2 is the error of an untrained network, which answers 0. At t = 0 the noise is "
            "known; what is left?",
        },
    )


@task
def guided_velocity(answer):
    labelled, plain = np.random.default_rng(1).normal(size=(2, 3, 4))

    def guided(w):
        return array(answer(labelled, plain, w), "the velocity", (3, 4))

    match(
        guided(1.0),
        labelled,
        "w = 1 must return the velocity with the label.",
        {
            "w = 1 returns the velocity without a label: the two are exchanged.": plain,
            "w = 1 goes beyond the velocity with the label: that is the paper's convention, where "
            "0 means no guidance.": 2 * labelled - plain,
        },
    )
    yield "w = 1 is the plain model"
    expect(close(guided(0.0), plain), "w = 0 must return the velocity without a label.")
    yield "w = 0 ignores the label"
    expect(
        close(guided(3.0), 3 * labelled - 2 * plain),
        "w = 3 must go three times the way from the one velocity to the other.",
    )
    yield "w = 3 goes three times as far"


@value_task
def guidance_price(guess):
    yield from predicted(
        guess,
        "c",
        {
            "a": "guidance pushes all samples of a label in one direction. Can they still cover "
            "all real ones?",
            "b": "the better agreement is a small gain: most samples obeyed before. FID also "
            "counts the variety that is lost.",
            "d": "the samples of a label move together, not apart.",
        },
    )
