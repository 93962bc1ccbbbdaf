"""The tasks of lesson 71: the bug museum."""

import numpy as np

from genimg_lib.checks.core import array, expect
from genimg_lib.checks.judge import match
from genimg_lib.checks.task import predicted, task, value_task


@value_task
def first_message(guess):
    yield from predicted(
        guess,
        "b",
        {
            "a": "a missing name is noticed when its line runs. Which lines run before it?",
            "c": "the real batch is made inside the training loop. What is built before the loop?",
            "d": "the optimizer is asked for at the end of a step. No step has begun yet.",
        },
    )


@value_task
def cause_of_log(guess):
    yield from predicted(
        guess,
        "c",
        {
            "a": "both losses fall by orders of magnitude, so something moves.",
            "b": "a collapsed generator still plays against D. Can opponents agree to seven "
            "digits?",
            "d": "if D had won, its loss would be small and the generator's large.",
        },
    )


@task
def repaired_scale(answer):
    images = np.array([[0, 51], [204, 255]], np.uint8)
    found = array(answer(images), "the scaled images", (2, 2))
    expect(
        found[0, 0] < found[0, 1] < found[1, 0] < found[1, 1],
        "the order of the grey levels is lost: uint8 numbers wrap around below 0. Compute with "
        "floats.",
    )
    yield "brighter bytes stay brighter"
    match(
        found,
        [[-1.0, -0.6], [0.6, 1.0]],
        "0 must become -1, and 255 must become 1.",
        {
            "that is the formula for floats in [0, 1]: 255 becomes 509.": (images - 0.5) * 2,
            "that is [0, 1]; tanh ends at -1 and 1.": images / 255,
        },
    )
    yield "0 becomes -1 and 255 becomes 1"


@task
def negative_elbo(answer):
    rng = np.random.default_rng(0)
    bce, kl = rng.uniform(0, 1, (3, 28, 28)), rng.uniform(0, 2, (3, 16))
    pixels, latents = bce.sum((1, 2)), kl.sum(1)
    match(
        array(answer(bce, kl), "the loss", ()),
        np.mean(pixels + latents),
        "compare: sum the pixels and the latent numbers of each image, add, average over images.",
        {
            "that is the colleague's loss: the mean over pixels, without the KL.": np.mean(bce),
            "the KL is missing: this trains an autoencoder.": np.mean(pixels),
            "the KL has the wrong sign: it would be rewarded.": np.mean(pixels - latents),
            "pixels are averaged, so each weighs 1/784: sum them.": np.mean(bce) + np.mean(latents),
            "both are averaged: then the KL weighs 49 times too much.": np.mean(bce) + np.mean(kl),
            "the latent numbers are averaged: sum them.": np.mean(pixels) + np.mean(kl),
            "images are summed: average over the batch.": np.sum(pixels + latents),
        },
    )
    yield "nats are summed within an image and averaged over images"


@task
def mixing(answer):
    images = np.zeros((2000, 2, 2, 1))
    alpha = array(answer(np.random.default_rng(0), images), "alpha")
    expect(
        alpha.shape != images.shape,
        "each pixel has its own alpha: the point leaves the line between the two images.",
    )
    expect(alpha.size > 1, "one alpha for the whole batch: every image needs its own.")
    expect(
        alpha.shape == (2000, 1, 1, 1),
        "alpha must broadcast over height, width and channels: shape (batch, 1, 1, 1).",
    )
    yield "one alpha for each image"
    expect(
        alpha.min() >= 0 and alpha.max() <= 1,
        "some points lie beyond the real or the fake image: alpha must stay between 0 and 1.",
    )
    yield "no point lies beyond either end"
    # The share of 2,000 uniform numbers below 1/4 has a standard deviation of 0.01.
    expect(
        abs((alpha < 0.25).mean() - 0.25) < 0.05 and abs((alpha < 0.75).mean() - 0.75) < 0.05,
        "the points are not spread evenly along the line: use a uniform distribution.",
    )
    yield "the points are spread evenly"
