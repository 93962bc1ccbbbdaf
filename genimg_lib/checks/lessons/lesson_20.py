"""The tasks of lesson 20: variational autoencoders."""

import numpy as np

from genimg_lib.checks.core import array, close, expect
from genimg_lib.checks.judge import match, pair
from genimg_lib.checks.task import predicted, task, value_task


@value_task
def decoded_noise(guess):
    yield from predicted(
        guess,
        "c",
        {
            "a": "training asks the decoder for digits at the codes of images only. What does it "
            "promise for all other numbers?",
            "b": "the matched Gaussian has the right mean and covariance, but two clouds of codes "
            "and the empty space between them can have the same mean and covariance.",
            "d": "the decoder of an autoencoder depends strongly on its input, or it could not "
            "copy.",
        },
    )


@task
def price(answer):
    mean, deviation = np.array([0.0, 3.0, 0.0, 1.0]), np.array([1.0, 1.0, 2.0, 0.5])
    right = 0.5 * (mean**2 + deviation**2 - 1) - np.log(deviation)
    found = array(answer(mean, deviation), "the price", (4,))
    match(
        found,
        right,
        "compare three prices: 0 for mean 0 and deviation 1, 4.5 for mean 3 and deviation 1, 0.81 "
        "for mean 0 and deviation 2.",
        {
            "that is minus the KL, which is never negative.": -right,
            "that is twice the KL: both logarithms have a factor of one half.": 2 * right,
            "the second argument is the deviation, not the variance: square it.": 0.5
            * (mean**2 + deviation - 1 - np.log(deviation)),
            "N(0, 1) must cost 0: which constant does the -1/2 of log q leave?": right + 0.5,
        },
    )
    yield "moving and changing the width have the right price"


@task
def path_derivatives(answer):
    log_variance, noise = np.array([0.0, np.log(4.0), -2.0]), np.array([1.0, -0.5, 2.0])
    by_mean, by_log_variance = pair(
        answer(log_variance, noise), "dz / dmean, dz / dlog_variance", (3,)
    )
    expect(
        not close(by_mean, noise),
        "mean + deviation * noise has the derivative 1 with respect to the mean, whatever the "
        "noise.",
    )
    expect(close(by_mean, np.ones(3)), "if the mean moves by one, z moves by one.")
    yield "z moves with the mean"
    deviation = np.exp(log_variance / 2)
    match(
        by_log_variance,
        0.5 * deviation * noise,
        "differentiate exp(log_variance / 2) * noise with respect to the log-variance.",
        {
            "that is the derivative with respect to the deviation; the encoder predicts the "
            "log-variance.": noise,
            "the inner derivative of log_variance / 2 is missing.": deviation * noise,
            "exp(log_variance) is the variance; the noise is scaled by the deviation.": 0.5
            * np.exp(log_variance)
            * noise,
        },
    )
    yield "the log-variance scales the noise"


@value_task
def kl_in_training(guess):
    yield from predicted(
        guess,
        "b",
        {
            "a": "only the sum must fall. What does an untrained encoder say about an image, and "
            "what does that cost?",
            "c": "saying nothing is free, but then every image pays the full price of its pixels.",
            "d": "a good decoder needs to be told which image it should decode; it does not make "
            "the latents superfluous.",
        },
    )


@task
def vae_loss(answer):
    random = np.random.default_rng(0)
    cross_entropy, kl = random.uniform(0.1, 1, (3, 4, 5, 1)), random.uniform(0.1, 1, (3, 2))
    found = array(answer(cross_entropy, kl), "the loss")
    expect(found.shape == (), "average over the images: the loss is one number.")
    match(
        found,
        (cross_entropy.sum() + kl.sum()) / 3,
        "add all that belongs to one image, pixels and latents, then average over the 3 images.",
        {
            "that is still the colleague's loss: nats per pixel plus nats per image.": (
                cross_entropy.mean() + kl.sum() / 3
            ),
            "reconstruction is summed, but the KL is a mean over latents now: the price of one "
            "latent would depend on how many others there are.": cross_entropy.sum() / 3
            + kl.mean(),
            "both terms are means now: the balance between them is the number of pixels to the "
            "number of latents.": cross_entropy.mean() + kl.mean(),
            "that is the sum over the batch as well; divide by the number of images.": (
                cross_entropy.sum() + kl.sum()
            ),
        },
    )
    yield "both terms are in nats per image"
