"""Was this image in the training set? Attacks by the loss, and how often they are right.

A model fits the images that it was trained on better than others. An attack calls an image a member
if its loss is low; what it is worth is the share of members that it finds while it accuses few
others. Source: Yeom et al., arXiv:1709.01604, section 3; why few false accusations: Carlini et al.,
"Membership inference attacks from first principles", arXiv:2112.03570, section 3.
"""

import keras
import numpy as np
from keras import ops
from sklearn.metrics import roc_curve

from genimg_lib.data.arguments import check_number, check_reals, check_whole
from genimg_lib.models.diffusion import Diffusion, mix

TIMES = (0.5, 0.6, 0.7, 0.8, 0.9)
"""Where the velocity of a member is told from others': from the middle of the path to its end."""


def denoising_errors(
    model: Diffusion, images, labels=None, *, times=TIMES, repeats: int = 4, seed: int = 0
) -> np.ndarray:
    """The mean squared error of the velocity for each `uint8` image: (n,).

    Every image gets the same noise at the same times, `repeats` of it at each, so that images
    differ in nothing else. Latents are the posterior's means. Raises as `fit` for images and
    labels. Source: the loss attack of Carlini et al., arXiv:2301.13188, section 4.
    """
    images, labels = model.check_inputs(images, labels)
    check_whole("repeats", repeats)
    means, _ = model.vae.encode(images)
    data = ops.convert_to_tensor((means - model.latent_mean) / model.latent_scale)
    seeds = keras.random.SeedGenerator(check_whole("seed", seed, 0))
    errors = []
    for time in times:
        time = check_number("each of times", time, 0.0, 1.0)
        for _ in range(repeats):
            noise = keras.random.normal((1, data.shape[1]), seed=seeds)
            velocity = model.velocity(mix(data, noise, time), time, labels)
            errors.append(ops.mean(ops.square(velocity - (data - noise)), axis=-1))
    return np.mean(errors, axis=0)


def roc(members, others) -> tuple[np.ndarray, np.ndarray]:
    """Losses of members (n,) and of others (m,) -> false and true positive rates, both rising, of
    the attack "a member if the loss is at most ..." at each threshold.

    Raises `ValueError` for losses that are not finite, not of one axis, or missing.
    """
    members, others = (check_reals("losses", losses) for losses in (members, others))
    for losses in (members, others):
        if losses.ndim != 1 or not losses.size or not np.isfinite(losses).all():
            raise ValueError(f"losses must be finite numbers (n,), got shape {losses.shape}")
    is_member = np.repeat([1, 0], [len(members), len(others)])
    losses = np.concatenate([members, others])
    false, true, _ = roc_curve(is_member, -losses, drop_intermediate=False)
    return false, true


def true_positive_rate(members, others, false_positive_rate: float = 0.01) -> float:
    """The share of members that the attack finds while it accuses at most so many of the others.

    Guessing finds `false_positive_rate`. Raises as `roc`.
    """
    rate = check_number("false_positive_rate", false_positive_rate, 0.0, 1.0)
    false, true = roc(members, others)
    return float(true[false <= rate].max())
