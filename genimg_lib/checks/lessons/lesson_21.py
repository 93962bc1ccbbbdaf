"""The tasks of lesson 21: sampling a VAE."""

import numpy as np

from genimg_lib.checks.core import array, close, expect
from genimg_lib.checks.judge import match
from genimg_lib.checks.task import predicted, task, value_task


@value_task
def other_latents(guess):
    yield from predicted(
        guess,
        "c",
        {
            "a": "the decoder is the same, but it was trained at the latents of images. Does "
            "N(0, I) ask for the same places?",
            "b": "the direction is right. Think of how many latents must be likely at once before "
            "24 of them look like those of a digit.",
        },
    )


@task
def information(answer):
    p = np.array([0.5, 0.3, 0.2])
    q = np.array([[0.7, 0.2, 0.1], [0.1, 0.1, 0.8], [0.3, 0.4, 0.3]])
    aggregate, plain = p @ q, q.mean(axis=0)
    rows = (q * np.log(q / aggregate)).sum(axis=1)
    found = array(answer(p, q), "the information")
    expect(found.shape == (), "average over the images: the information is one number.")
    match(
        found,
        p @ rows,
        "for each image take the sum over cells of q log (q / aggregate), then the mean over "
        "images.",
        {
            "that treats all images as equally likely: weight both means with p(x).": np.mean(
                (q * np.log(q / plain)).sum(axis=1)
            ),
            "the aggregate posterior weights the rows with p(x), too.": p
            @ (q * np.log(q / plain)).sum(axis=1),
            "that is the entropy of the aggregate posterior; subtract the mean entropy of the "
            "rows.": -aggregate @ np.log(aggregate),
            "that is in bits; use the natural logarithm.": p @ rows / np.log(2),
        },
    )
    yield "the mean KL from the aggregate posterior"
    same = np.tile(q[:1], (3, 1))
    expect(
        close(answer(p, same), 0.0),
        "if every image has the same q(z | x), z says nothing: the information is 0.",
    )
    yield "equal rows carry no information"


@task
def least_mismatch(answer):
    found = array(answer(25.0, 1000), "the bound", ())
    match(
        found,
        25 - np.log(1000),
        "a KL of 25 nats over 1,000 images: subtract the most information that 1,000 images allow.",
        {
            "log 2 is missing: the KL is in nats, so the logarithm is natural.": 25 - np.log2(1000),
            "that logarithm has base 10; nats need the natural one.": 25 - np.log10(1000),
            "that is the most information; what is left of the KL?": np.log(1000),
        },
    )
    yield "the KL minus log n"
    expect(
        close(array(answer(2.0, 1000), "the bound", ()), 0.0),
        "with a KL of 2 nats all of it may be information: the bound is 0, never negative.",
    )
    yield "never negative"


@task
def importance_weighted_bound(answer):
    weights = np.array([[0.1, 0.4, 0.2, 0.3], [2.0, 1.0, 4.0, 1.0]])
    logs = np.log(weights) - 2000
    found = array(answer(logs), "the bound", (2,))
    expect(
        np.isfinite(found).all(),
        "exp(-2000) is 0 and its logarithm is minus infinity: keep logsumexp.",
    )
    match(
        found,
        np.log(weights.mean(axis=1)) - 2000,
        "the bound is the logarithm of the mean weight over the samples.",
        {
            "that is still the logarithm of the sum, which grows with K.": np.log(
                weights.sum(axis=1)
            )
            - 2000,
            "that is the mean of the logarithms: the ELBO again, whatever K is.": logs.mean(axis=1),
            "that divides by the number of images; divide by the number of samples.": np.log(
                weights.sum(axis=1) / 2
            )
            - 2000,
        },
    )
    yield "the logarithm of the mean weight"


@task
def best_sigma(answer):
    errors = np.array([[0.3, -0.4], [0.0, 0.5]])
    mean_square = np.mean(errors**2)
    found = array(answer(errors), "sigma", ())
    match(
        found,
        np.sqrt(mean_square),
        "set the derivative, 1 / sigma - mean(e^2) / sigma^3, to zero.",
        {
            "that is the variance; sigma is its square root.": mean_square,
            "that is the mean absolute error: the loss contains squares.": np.abs(errors).mean(),
            "that is the spread around the mean error; a constant error counts as well.": (
                errors.std()
            ),
            "use the mean of the squares, not their sum.": np.sqrt(np.sum(errors**2)),
        },
    )
    yield "the root mean squared error"
