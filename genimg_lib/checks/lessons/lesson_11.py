"""The tasks of lesson 11: an exact world."""

import numpy as np

from genimg_lib.checks.core import array, expect
from genimg_lib.checks.judge import match
from genimg_lib.checks.task import predicted, task, value_task


@task
def kl(answer):
    p, q = np.array([0.5, 0.3, 0.2]), np.array([0.2, 0.4, 0.4])
    right = (p * np.log(p / q)).sum()
    match(
        array(answer(p, q), "KL", ()),
        right,
        "sum p log(p / q) over the images, in nats.",
        {
            "the roles are exchanged: weigh by the first distribution, p.": (
                q * np.log(q / p)
            ).sum(),
            "the sign is wrong: log(p / q), not log(q / p).": -right,
            "that is in bits; nats use the natural logarithm.": right / np.log(2),
            "that is a mean over images; KL is a sum.": right / 3,
            "that is the negative log-likelihood; subtract the entropy of p.": -(
                p * np.log(q)
            ).sum(),
        },
    )
    yield "a sum over the images, in nats"
    p = np.array([0.5, 0.5, 0.0])
    q = np.array([0.25, 0.5, 0.25])
    expect(
        np.isclose(array(answer(p, q), "KL", ()), 0.5 * np.log(2)),
        "a term with p = 0 must count as 0, not as NaN.",
    )
    yield "what never occurs does not count"
    excluded = array(answer(q, p), "KL", ())
    expect(
        excluded == np.inf,
        f"the model excludes an image that occurs, so KL is infinite; yours is {excluded:.4g}.",
    )
    yield "infinite where the model excludes what occurs"


@value_task
def best_likelihood(guess):
    yield from predicted(
        guess,
        "c",
        {
            "a": "clean samples say nothing about images that it never produces. What do those "
            "cost?",
            "b": "what does an image cost that happens not to be in the table?",
            "d": "it excludes nothing, but it spreads its probability over rubbish. Compare with "
            "the one that keeps most of it on strokes.",
        },
    )


@value_task
def price(guess):
    yield from predicted(
        guess,
        "b",
        {
            "a": "that is true of pure noise. The mixture is at least 0.01 times the truth: what "
            "is the logarithm of that?",
            "c": "the loss per *tile* does. And the loss of a picture?",
        },
    )


@task
def log_likelihood(answer):
    pixels = np.array([[1, 0, 1] * 3, [0, 0, 1] * 3])
    on = np.array([[0.9, 0.2, 0.6] * 3, [0.3, 0.1, 0.5] * 3])
    found = array(answer(pixels, on), "the log-likelihood", (2,))
    chosen = np.where(pixels == 1, on, 1 - on)
    match(
        found,
        np.log(chosen).sum(axis=1),
        "sum log p over the pixels that are on and log(1 - p) over those that are off.",
        {
            "only the pixels that are on count; one that is off has the probability 1 - p.": (
                pixels * np.log(on)
            ).sum(axis=1),
            "that uses p for pixels that are off, too.": np.log(on).sum(axis=1),
            "that is the probability; take its logarithm.": chosen.prod(axis=1),
            "that is a mean over pixels; the logarithm of a product is a sum.": np.log(chosen).mean(
                axis=1
            ),
            "that is the *negative* log-likelihood.": -np.log(chosen).sum(axis=1),
        },
    )
    yield "the sum of nine logarithms"
