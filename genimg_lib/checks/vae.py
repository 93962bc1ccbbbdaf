"""Checks of exercises 02: variational autoencoders."""

import numpy as np

from genimg_lib.checks.core import array, checker, close, expect, short


@checker
def reparameterise(answer):
    """Source: Kingma and Welling, arXiv:1312.6114, section 2.4."""
    random = np.random.default_rng(0)
    means, log_variances, epsilon = random.normal(size=(3, 5, 4)).astype(np.float32)
    nothing = np.zeros_like(epsilon)
    z = array(answer(means, log_variances, nothing), "z", means.shape)
    difference = short(np.abs(z - means).max())
    expect(close(z, means), f"without noise (epsilon = 0) z must be the means; yours differs by up to {difference}.")
    yield "without noise z is the means"

    z = array(answer(means, log_variances, epsilon), "z", means.shape)
    noise = z - means
    expect(
        not close(noise, np.exp(log_variances) * epsilon),
        "the spread is exp(log_variances), the variance; epsilon must be scaled by the standard deviation.",
    )
    expect(not close(noise, log_variances * epsilon), "epsilon is scaled by the log-variance itself, which may be negative.")
    expect(not close(noise, epsilon), "epsilon is not scaled: z has standard deviation 1 whatever the log-variance.")
    expect(
        not close(noise, (noise[:1] / epsilon[:1]) * epsilon),
        "every image gets the same spread; each row has log-variances of its own.",
    )
    expect(close(noise, np.exp(log_variances / 2) * epsilon), "with log-variance ln 4 and epsilon 1, z should be the mean + 2.")
    yield "the standard deviation is exp(log_variance / 2)"
