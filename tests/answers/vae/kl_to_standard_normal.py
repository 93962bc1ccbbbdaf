import numpy as np
import tensorflow as tf
from answers import right, wrong


@right
def as_the_paper_prints_it(means, log_variances):
    return -0.5 * np.sum(1 + log_variances - np.square(means) - np.exp(log_variances), axis=-1)


@right
def with_tensorflow(means, log_variances):
    means, log_variances = tf.constant(means, tf.float32), tf.constant(log_variances, tf.float32)
    return 0.5 * tf.reduce_sum(
        tf.square(means) + tf.exp(log_variances) - 1.0 - log_variances, axis=-1
    )


@right
def in_lists(means, log_variances):
    pairs = [
        zip(m, v, strict=True) for m, v in zip(means.tolist(), log_variances.tolist(), strict=True)
    ]
    return [sum(m * m + np.exp(v) - 1 - v for m, v in pair) / 2 for pair in pairs]


def elementwise(means, log_variances):
    return 0.5 * (means**2 + np.exp(log_variances) - 1 - log_variances)


@wrong("N(0, I) is the prior itself")
def without_minus_one(means, log_variances):
    return 0.5 * (means**2 + np.exp(log_variances) - log_variances).sum(axis=1)


@wrong("costs twice what it should")
def without_half(means, log_variances):
    return 2 * elementwise(means, log_variances).sum(axis=1)


@wrong("latents are averaged")
def mean_over_latents(means, log_variances):
    return elementwise(means, log_variances).mean(axis=1)


@wrong("a KL divergence is never negative")
def minus_kl(means, log_variances):
    return -elementwise(means, log_variances).sum(axis=1)


@wrong("with variance 1 should cost")
def mean_not_squared(means, log_variances):
    return 0.5 * (np.abs(means) + np.exp(log_variances) - 1 - log_variances).sum(axis=1)


@wrong("you treat the log-variance as the deviation")
def log_variance_as_deviation(means, log_variances):
    deviations = np.where(log_variances == 0, 1.0, log_variances)
    return elementwise(means, np.log(deviations**2)).sum(axis=1)


@wrong("as the log of the deviation")
def log_variance_as_log_deviation(means, log_variances):
    return elementwise(means, 2 * log_variances).sum(axis=1)


@wrong("the posterior should come first")
def other_way_round(means, log_variances):
    return 0.5 * ((1 + means**2) * np.exp(-log_variances) - 1 + log_variances).sum(axis=1)


@wrong("should cost (4 - 1 - ln 4) / 2")
def log_added(means, log_variances):
    return 0.5 * (means**2 + np.exp(log_variances) - 1 + log_variances).sum(axis=1)


@wrong("wrong: no clipping, no epsilon")
def clipped(means, log_variances):
    return elementwise(means, np.clip(log_variances, -10, 10)).sum(axis=1)


@wrong("the KL has shape (); it should have shape (3,)")
def one_number(means, log_variances):
    return elementwise(means, log_variances).sum(axis=1).mean()


@wrong("this is in bits")
def in_bits(means, log_variances):
    return elementwise(means, log_variances).sum(axis=1) / np.log(2)


@wrong("log-variances up to 50 come out wrong")
def clipped_at_forty(means, log_variances):
    return elementwise(means, np.clip(log_variances, -40, 40)).sum(axis=1)


EQUIVALENT = {"1 -> -1": "an array of two axes has axis 1 last"}
