import numpy as np
import tensorflow as tf
from answers import right, wrong
from keras import ops


@right
def with_square_root(means, log_variances, epsilon):
    return np.sqrt(np.exp(log_variances)) * epsilon + means


@right
def with_tensorflow(means, log_variances, epsilon):
    return means + tf.exp(tf.cast(log_variances, tf.float32) / 2) * epsilon


@right
def with_keras_in_lists(means, log_variances, epsilon):
    return ops.stack(
        [m + ops.exp(v) ** 0.5 * e for m, v, e in zip(means, log_variances, epsilon, strict=True)]
    )


@wrong("the variance; epsilon must be scaled by the standard deviation")
def variance_for_spread(means, log_variances, epsilon):
    return means + np.exp(log_variances) * epsilon


@wrong("the log-variance itself")
def log_variance_for_spread(means, log_variances, epsilon):
    return means + log_variances * epsilon


@wrong("epsilon is not scaled")
def unscaled(means, log_variances, epsilon):
    return means + epsilon


@wrong("without noise (epsilon = 0) z must be the means")
def around_zero(means, log_variances, epsilon):
    return np.exp(0.5 * log_variances) * epsilon


@wrong("to the mean; yours adds")
def inverted(means, log_variances, epsilon):
    return means + np.exp(-0.5 * log_variances) * epsilon


@wrong("every image gets the same spread")
def one_spread_for_all(means, log_variances, epsilon):
    return means + np.exp(0.5 * log_variances[0]) * epsilon


@wrong("come out wrong: no clipping, no epsilon")
def clipped(means, log_variances, epsilon):
    return means + np.exp(np.clip(log_variances, -10, 10) / 2) * epsilon


@wrong("changes its input in place")
def in_place(means, log_variances, epsilon):
    means += np.exp(0.5 * log_variances) * epsilon
    return means


@wrong("z has shape (20,)")
def flattened(means, log_variances, epsilon):
    return (means + np.exp(0.5 * log_variances) * epsilon).ravel()


@wrong("is there a `return`?")
def nothing_returned(means, log_variances, epsilon):
    means + np.exp(0.5 * log_variances) * epsilon


@wrong("no noise is added")
def means_only(means, log_variances, epsilon):
    return means * np.ones_like(log_variances)


@wrong("epsilon is subtracted")
def noise_subtracted(means, log_variances, epsilon):
    return means - np.exp(0.5 * log_variances) * epsilon


@wrong("all images of the batch get the noise of the first one")
def one_noise_for_the_batch(means, log_variances, epsilon):
    return means + np.exp(log_variances / 2) * epsilon[:1]


@wrong("all latents of an image get the noise of its first one")
def one_noise_for_all_latents(means, log_variances, epsilon):
    return means + np.exp(log_variances / 2) * epsilon[:, :1]


EQUIVALENT = {}
