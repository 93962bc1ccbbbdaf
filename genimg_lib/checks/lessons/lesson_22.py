"""The tasks of lesson 22: VAEs at work."""

import numpy as np

from genimg_lib.checks.core import array, close, expect
from genimg_lib.checks.judge import match, whole
from genimg_lib.checks.task import predicted, task, value_task


@value_task
def obeyed(guess):
    yield from predicted(
        guess,
        "c",
        {
            "a": "being told is not listening: in training the class also came through z.",
            "b": "the label lowers the loss for nothing, so it is learned, among other things.",
        },
    )


@task
def window_similarity(answer):
    random = np.random.default_rng(0)
    x = random.integers(90, 160, size=(5, 5)).astype(float)
    y = random.integers(90, 160, size=(5, 5)).astype(float)
    same = array(answer(x, x), "SSIM", ())
    expect(close(same, 1.0), "a window compared with itself must give 1.")
    yield "it is 1 for equal windows"

    flat = array(answer(np.full((4, 4), 10.0), np.full((4, 4), 30.0)), "SSIM", ())
    c1, c2 = 2.55**2, 7.65**2
    match(
        flat,
        (600 + c1) / (1000 + c1),
        "plain 10 against plain 30 must give (2 * 300 + c1) / (100 + 900 + c1).",
        {"brightness does not matter in yours: the first factor compares the means.": 1.0},
    )
    yield "plain windows differ in brightness alone"

    covariance = np.mean((x - x.mean()) * (y - y.mean()))
    brightness = (2 * x.mean() * y.mean() + c1) / (x.mean() ** 2 + y.mean() ** 2 + c1)

    def structure(top, bottom):
        return brightness * (top + c2) / (bottom + c2)

    variances, n = x.var() + y.var(), x.size
    match(
        array(answer(x, y), "SSIM", ()),
        structure(2 * covariance, variances),
        "two random windows come out wrong: check the covariance, and both variances.",
        {
            "divide by the number of pixels, not by one less.": structure(
                2 * covariance * n / (n - 1), variances * n / (n - 1)
            ),
            "that is the mean of the product; the product of the means must come off.": structure(
                2 * np.mean(x * y), variances
            ),
            "the pattern does not matter in yours: the second factor holds the covariance.": (
                brightness
            ),
        },
    )
    yield "variances and covariance divide by the number of pixels"


@value_task
def turned_answer(guess):
    yield from predicted(
        guess,
        "c",
        {
            "a": "its decoder has only ever drawn upright digits.",
            "b": "a decoder does not say that it is in doubt; every latent gives some clean shape.",
            "d": "the encoder still sees where the ink is, and chooses latents by it.",
        },
    )


@task
def saved_per_nat(answer):
    rates, distortions = np.array([40.0, 25.0, 15.0, 5.0]), np.array([58.0, 65.5, 80.5, 130.5])
    match(
        array(answer(rates, distortions), "the saving", (3,)),
        [0.5, 1.5, 5.0],
        "from 40 to 25 nats of rate the distortion rises by 7.5: 0.5 nats for each of 15.",
        {
            "the sign: a saving is positive.": [-0.5, -1.5, -5.0],
            "upside down: nats of distortion for each nat of rate.": [2.0, 1 / 1.5, 0.2],
            "those are differences of distortion; divide by those of the rate.": [7.5, 15.0, 50.0],
        },
    )
    yield "nats of distortion for a nat of rate"


@task
def active_units(answer):
    random = np.random.default_rng(1)
    means = random.normal(size=(50, 6)) * [1.0, 0.5, 0.2, 0.05, 0.0, 0.0] + [0, 0, 0, 0, 3.0, 0]
    found = int(whole(answer(means), "the number of active units", ()))
    expect(found != 50, "you still count images: the variance must run over axis 0, the images.")
    expect(found != 4, "a variance of 0.0025 is not above 0.01; is that a deviation?")
    match(found, 3, "three of these six latents vary by more than 0.01 over the images.")
    yield "latents whose mean varies over the images"
