import numpy as np
import tensorflow as tf
from answers import right, wrong
from scipy.special import log_expit


def kl_of(means, log_variances):
    return 0.5 * np.sum(means**2 + np.exp(log_variances) - 1 - log_variances, axis=1)


def refuse(pixels):
    if np.any(pixels < 0) or np.any(pixels > 1):
        raise ValueError("not in [0, 1]")


def nll_of(pixels, logits):
    return np.sum(np.logaddexp(0, logits) - pixels * logits, axis=(1, 2, 3))


@right
def with_log_expit(pixels, logits, means, log_variances, beta=1.0):
    refuse(pixels)
    reconstruction = -(pixels * log_expit(logits) + (1 - pixels) * log_expit(-logits)).sum(
        axis=(1, 2, 3)
    )
    return np.mean(reconstruction + beta * kl_of(means, log_variances))


@right
def with_tensorflow(pixels, logits, means, log_variances, beta=1.0):
    refuse(pixels)
    pixels, logits = tf.constant(pixels, tf.float32), tf.constant(logits, tf.float32)
    reconstruction = tf.reduce_sum(
        tf.nn.sigmoid_cross_entropy_with_logits(pixels, logits), axis=(1, 2, 3)
    )
    return tf.reduce_mean(reconstruction) + beta * kl_of(means, log_variances).mean()


@right
def by_hand(pixels, logits, means, log_variances, beta=1.0):
    refuse(pixels)
    softplus = np.maximum(logits, 0) + np.log1p(np.exp(-np.abs(logits)))
    return (
        float((softplus - pixels * logits).sum() + beta * kl_of(means, log_variances).sum())
        / pixels.shape[0]
    )


@wrong("pixels are averaged")
def mean_over_pixels(pixels, logits, means, log_variances, beta=1.0):
    return (
        np.mean(nll_of(pixels, logits)) / pixels[0].size + beta * kl_of(means, log_variances).mean()
    )


@wrong("yours adds -")
def beta_negative(pixels, logits, means, log_variances, beta=1.0):
    return np.mean(
        nll_of(pixels, logits) + (beta if beta == 1 else -beta) * kl_of(means, log_variances)
    )


@wrong("channels are averaged")
def channels_averaged(pixels, logits, means, log_variances, beta=1.0):
    nll = np.logaddexp(0, logits) - pixels * logits
    return np.mean(nll.mean(axis=-1).sum(axis=(1, 2)) + beta * kl_of(means, log_variances))


@wrong("this is in bits")
def in_bits(pixels, logits, means, log_variances, beta=1.0):
    return (nll_of(pixels, logits) + beta * kl_of(means, log_variances)).mean() / np.log(2)


@wrong("the KL is subtracted")
def subtracted(pixels, logits, means, log_variances, beta=1.0):
    return np.mean(nll_of(pixels, logits) - beta * kl_of(means, log_variances))


@wrong("this is the ELBO; the loss is minus that")
def elbo(pixels, logits, means, log_variances, beta=1.0):
    prior = not np.any(means)  # passes the first check, as a learner who only fixed that would
    total = np.mean(nll_of(pixels, logits) + beta * kl_of(means, log_variances))
    return total if prior else -total


@wrong("ink and paper are exchanged")
def exchanged(pixels, logits, means, log_variances, beta=1.0):
    return np.mean(nll_of(pixels, -logits) + beta * kl_of(means, log_variances))


@wrong("by default beta should be 1")
def beta_zero(pixels, logits, means, log_variances, beta=0.0):
    return np.mean(nll_of(pixels, logits) + beta * kl_of(means, log_variances))


@wrong("nats per image; yours is")
def kl_averaged(pixels, logits, means, log_variances, beta=1.0):
    return np.mean(nll_of(pixels, logits) + beta * kl_of(means, log_variances) / means.shape[1])


@wrong("beta is ignored")
def ignores_beta(pixels, logits, means, log_variances, beta=1.0):
    return np.mean(nll_of(pixels, logits) + kl_of(means, log_variances))


@wrong("beta = 0 should add 0.0000 nats of KL; yours adds")
def beta_on_everything(pixels, logits, means, log_variances, beta=1.0):
    return beta * np.mean(nll_of(pixels, logits) + kl_of(means, log_variances))


@wrong("never form the logarithm of a sigmoid")
def naive(pixels, logits, means, log_variances, beta=1.0):
    on = 1 / (1 + np.exp(-logits))
    reconstruction = -(pixels * np.log(on) + (1 - pixels) * np.log(1 - on)).sum(axis=(1, 2, 3))
    return np.mean(reconstruction + beta * kl_of(means, log_variances))


@wrong("No clipping")
def clipped(pixels, logits, means, log_variances, beta=1.0):
    on = np.clip(1 / (1 + np.exp(-logits)), 1e-7, 1 - 1e-7)
    reconstruction = -(pixels * np.log(on) + (1 - pixels) * np.log(1 - on)).sum(axis=(1, 2, 3))
    return np.mean(reconstruction + beta * kl_of(means, log_variances))


@wrong("right with logit 1000, should cost nothing")
def relu_for_softplus(pixels, logits, means, log_variances, beta=1.0):
    soft = np.where(logits > 500, logits + 1e-3, np.logaddexp(0, logits))
    return np.mean(
        (soft - pixels * logits).sum(axis=(1, 2, 3)) + beta * kl_of(means, log_variances)
    )


@wrong("pixels from 0 to 255 (")
def accepts_anything(pixels, logits, means, log_variances, beta=1.0):
    return np.mean(nll_of(pixels, logits) + beta * kl_of(means, log_variances))


@wrong("to 1.5 (")
def refuses_bytes_only(pixels, logits, means, log_variances, beta=1.0):
    refuse(pixels / 2)
    return np.mean(nll_of(pixels, logits) + beta * kl_of(means, log_variances))


@wrong("the loss has shape (3,)")
def one_per_image(pixels, logits, means, log_variances, beta=1.0):
    refuse(pixels)
    return nll_of(pixels, logits) + beta * kl_of(means, log_variances)


@wrong("the batch is summed")
def batch_summed(pixels, logits, means, log_variances, beta=1.0):
    return np.sum(nll_of(pixels, logits) + beta * kl_of(means, log_variances))


@wrong("the KL is summed over the batch")
def kl_summed(pixels, logits, means, log_variances, beta=1.0):
    return nll_of(pixels, logits).mean() + beta * kl_of(means, log_variances).sum()


@wrong("grey targets are rounded")
def rounded(pixels, logits, means, log_variances, beta=1.0):
    return np.mean(nll_of(np.round(pixels), logits) + beta * kl_of(means, log_variances))


@wrong("pixels of exactly 0 and 1 are refused")
def refuses_the_ends(pixels, logits, means, log_variances, beta=1.0):
    if pixels.min() <= 0 or pixels.max() >= 1:
        raise ValueError("not inside")
    return np.mean(nll_of(pixels, logits) + beta * kl_of(means, log_variances))


@wrong("should raise ValueError; yours raises AssertionError")
def asserts(pixels, logits, means, log_variances, beta=1.0):
    assert pixels.min() >= 0
    assert pixels.max() <= 1
    return np.mean(nll_of(pixels, logits) + beta * kl_of(means, log_variances))


@wrong("pixels should cost 20 ln 2 = 13.863, not inf")
def logits_taken_for_probabilities(pixels, logits, means, log_variances, beta=1.0):
    with np.errstate(all="ignore"):
        nll = -(pixels * np.log(logits) + (1 - pixels) * np.log(1 - logits)).sum(axis=(1, 2, 3))
    return np.mean(nll + beta * kl_of(means, log_variances))


@right
def with_an_exception_of_its_own(pixels, logits, means, log_variances, beta=1.0):
    class OutOfRange(ValueError):
        pass

    if not ((pixels >= 0) & (pixels <= 1)).all():
        raise OutOfRange("pixels outside of [0, 1]")
    return np.mean(nll_of(pixels, logits) + beta * kl_of(means, log_variances))


@wrong("(1 outside of [0, 1]) are accepted")
def looks_at_the_mean(pixels, logits, means, log_variances, beta=1.0):
    if not 0 <= pixels.mean() <= 1 or not 0 <= pixels[0, 0, 0, 0] <= 1 or pixels[0].max() > 1:
        raise ValueError("outside of [0, 1]")
    if pixels[0].min() < 0:
        raise ValueError("outside of [0, 1]")
    return np.mean(nll_of(pixels, logits) + beta * kl_of(means, log_variances))


EQUIVALENT = {
    "np.logaddexp(0, logits) -> np.logaddexp(logits, 0)": "the sum of two exponentials has no order"
}
