import numpy as np
import tensorflow as tf
from answers import right, wrong
from keras import ops
from scipy.stats import multivariate_normal


def kl_of(means, log_variances, places, widths):
    terms = np.exp(log_variances - widths) + (means - places) ** 2 / np.exp(widths) - 1
    return 0.5 * (terms - log_variances + widths).sum(axis=1)


@right
def in_deviations(nll, means, log_variances, labels, prior_means, prior_log_variances):
    own, other = np.exp(log_variances / 2), np.exp(prior_log_variances[labels] / 2)
    squares = (own / other) ** 2 + ((means - prior_means[labels]) / other) ** 2
    kl = np.log(other / own) + squares / 2 - 0.5
    return np.mean(nll) + kl.sum() / len(nll)


@right
def image_by_image(nll, means, log_variances, labels, prior_means, prior_log_variances):
    total = 0.0
    for i, label in enumerate(labels):
        one = slice(i, i + 1)
        prior = prior_means[label][None], prior_log_variances[label][None]
        total += nll[i] + kl_of(means[one], log_variances[one], *prior)[0]
    return total / len(labels)


@right
def by_expected_densities(nll, means, log_variances, labels, prior_means, prior_log_variances):
    values = []
    for i, label in enumerate(labels):
        own, other = np.exp(log_variances[i]), np.exp(prior_log_variances[label])
        log_prior = multivariate_normal.logpdf(means[i], prior_means[label], np.diag(other))
        entropy = multivariate_normal(means[i], np.diag(own)).entropy()
        values.append(nll[i] - entropy - log_prior + 0.5 * np.sum(own / other))
    return np.mean(values)


@right
def with_keras(nll, means, log_variances, labels, prior_means, prior_log_variances):
    places, widths = (
        ops.take(tf.constant(part, tf.float64), labels, axis=0)
        for part in (prior_means, prior_log_variances)
    )
    ratios = ops.exp(log_variances - widths) + ops.square(means - places) * ops.exp(-widths)
    return ops.mean(nll + 0.5 * ops.sum(ratios - 1.0 - log_variances + widths, axis=1))


@wrong("the classes are not used")
def without_classes(nll, means, log_variances, labels, prior_means, prior_log_variances):
    return np.mean(nll + kl_of(means, log_variances, 0, np.zeros_like(means)))


@wrong("the width of the class's prior is not used")
def without_widths(nll, means, log_variances, labels, prior_means, prior_log_variances):
    return np.mean(nll + kl_of(means, log_variances, prior_means[labels], np.zeros_like(means)))


@wrong("then a wide prior would be free")
def without_logarithm(nll, means, log_variances, labels, prior_means, prior_log_variances):
    own = prior_means[labels], prior_log_variances[labels]
    return np.mean(nll + kl_of(means, log_variances, *own) - 0.5 * own[1].sum(axis=1))


@wrong("the batch is summed")
def summed(nll, means, log_variances, labels, prior_means, prior_log_variances):
    own = prior_means[labels], prior_log_variances[labels]
    return np.sum(nll + kl_of(means, log_variances, *own))


@wrong("only 72")
def priors_in_order(nll, means, log_variances, labels, prior_means, prior_log_variances):
    own = prior_means[np.arange(5) % 4], prior_log_variances[np.arange(5) % 4]
    return np.mean(nll + kl_of(means, log_variances, *own))


@wrong("the KL is summed over the batch")
def kl_summed(nll, means, log_variances, labels, prior_means, prior_log_variances):
    own = prior_means[labels], prior_log_variances[labels]
    return np.mean(nll) + np.sum(kl_of(means, log_variances, *own))


@wrong("latents are averaged")
def latents_averaged(nll, means, log_variances, labels, prior_means, prior_log_variances):
    own = prior_means[labels], prior_log_variances[labels]
    return np.mean(nll + kl_of(means, log_variances, *own) / means.shape[1])


@wrong("the KL is missing")
def no_kl(nll, means, log_variances, labels, prior_means, prior_log_variances):
    return nll.mean()


@wrong("it is a cost")
def subtracted(nll, means, log_variances, labels, prior_means, prior_log_variances):
    own = prior_means[labels], prior_log_variances[labels]
    return np.mean(nll - kl_of(means, log_variances, *own))


@wrong("lacks its factor 1/2")
def without_half(nll, means, log_variances, labels, prior_means, prior_log_variances):
    own = prior_means[labels], prior_log_variances[labels]
    return np.mean(nll + 2 * kl_of(means, log_variances, *own))


@wrong("the posterior comes first")
def wrong_way_round(nll, means, log_variances, labels, prior_means, prior_log_variances):
    own = prior_means[labels], prior_log_variances[labels]
    return np.mean(nll + kl_of(*own, means, log_variances))


@wrong("as in lesson 20")
def absolute_distance(nll, means, log_variances, labels, prior_means, prior_log_variances):
    places, widths = prior_means[labels], prior_log_variances[labels]
    kl = kl_of(means, log_variances, means, widths) + 0.5 * np.abs(means - places).sum(axis=1)
    return np.mean(nll + kl)


@wrong("should be divided by the prior's variance")
def undivided(nll, means, log_variances, labels, prior_means, prior_log_variances):
    places, widths = prior_means[labels], prior_log_variances[labels]
    kl = kl_of(means, log_variances, means, widths) + 0.5 * ((means - places) ** 2).sum(axis=1)
    return np.mean(nll + kl)


@wrong("is divided by the deviation")
def by_deviation(nll, means, log_variances, labels, prior_means, prior_log_variances):
    places, widths = prior_means[labels], prior_log_variances[labels]
    squares = (means - places) ** 2 / np.exp(widths / 2)
    return np.mean(nll + kl_of(means, log_variances, means, widths) + 0.5 * squares.sum(axis=1))


@wrong("it should be 83")
def distance_clipped(nll, means, log_variances, labels, prior_means, prior_log_variances):
    places, widths = prior_means[labels], prior_log_variances[labels]
    squares = np.where(np.any(places), 0, (means - places) ** 2) * np.exp(-widths)
    return np.mean(nll + kl_of(means, log_variances, means, widths) + 0.5 * squares.sum(axis=1))


EQUIVALENT = {
    "means - prior_means[labels] -> prior_means[labels] - means": "it is squared",
    "1 -> -1": "an array of two axes has axis 1 last",
}
