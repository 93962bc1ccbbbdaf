"""A VAE of the 3x3 world (`data/exact.py`) with two latents: every integral over them is a sum over
a grid, so likelihood, posteriors and bounds are numbers, not estimates.
"""

import math
from typing import NamedTuple

import keras
import numpy as np
from keras import layers, ops
from scipy.special import logsumexp

from genimg_lib.data import exact
from genimg_lib.data.arguments import check_whole
from genimg_lib.models.vae import VAE
from genimg_lib.nn.losses import gaussian_log_density

REACH = 6.0  # where the grid ends: N(0, 1) has 2e-9 of its probability farther out
CELLS = 121  # along each side: steps of 0.1


class LatentIntegrals(NamedTuple):
    """A VAE of the 3x3 world on a grid over its two latents, all `float64`, in nats.

    Fields:
        side: the coordinates of the grid along one latent.
        grid: the latents of all cells, (cells, 2).
        log_cell: the logarithm of the area of one cell.
        log_prior: log p(z), (cells,).
        log_likelihoods: log p(x | z), (512, cells).
        log_evidence: log p(x), (512,).
        means, log_variances: of the encoder's q(z | x), (512, 2) each.
        log_q: log q(z | x), (512, cells).
    """

    side: np.ndarray
    grid: np.ndarray
    log_cell: float
    log_prior: np.ndarray
    log_likelihoods: np.ndarray
    log_evidence: np.ndarray
    means: np.ndarray
    log_variances: np.ndarray
    log_q: np.ndarray


def tiny_vae(width: int = 64, *, seed: int | None = None) -> VAE:
    """A VAE for 3x3 images with two latents, and one hidden layer of `width` units in each network.

    `seed` is the model's; `keras.utils.set_random_seed` repeats the initial weights.
    """
    shape = (exact.SIDE, exact.SIDE, 1)
    images, labels = keras.Input(shape), keras.Input((), dtype="int32")
    features = layers.Dense(width, activation="tanh")(layers.Flatten()(images))
    encoder = keras.Model([images, labels], [layers.Dense(2)(features), layers.Dense(2)(features)])
    latents = keras.Input((2,))
    features = layers.Dense(width, activation="tanh")(latents)
    logits = layers.Reshape(shape)(layers.Dense(exact.SIDE**2)(features))
    decoder = keras.Model([latents, labels], logits)
    return VAE(image_shape=shape, latent_dim=2, encoder=encoder, decoder=decoder, seed=seed)


def latent_integrals(vae: VAE, *, cells: int = CELLS) -> LatentIntegrals:
    """Everything about all 512 images that an integral over the two latents of `vae` says.

    Args:
        vae: a model of the 3x3 world.
        cells: of the grid along each latent. Each array over the grid and all images takes 60 MB
            at 121, and a quarter of that at 61.

    Raises ValueError unless `vae` has 3x3 images, two latents and binary pixels.
    """
    expected = ((exact.SIDE, exact.SIDE, 1), 2, "bernoulli")
    given = (tuple(vae.image_shape), vae.latent_dim, vae.likelihood)
    if given != expected:
        raise ValueError(
            f"expected image shape, latents and likelihood {expected}, the model has {given}"
        )
    side = np.linspace(-REACH, REACH, check_whole("cells", cells, 2))
    grid = np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2)
    log_cell = 2.0 * math.log(side[1] - side[0])
    decoded = vae.decoder([ops.convert_to_tensor(grid, "float32"), ops.zeros(len(grid), "int32")])
    logits = ops.convert_to_numpy(decoded).reshape(len(grid), -1).astype(float)
    pixels = (exact.all_images() / 255.0).reshape(exact.COUNT, -1)
    log_prior = np.asarray(gaussian_log_density(grid, 0.0, np.zeros_like(grid)))
    log_likelihoods = pixels @ logits.T - np.logaddexp(0.0, logits).sum(axis=1)
    log_evidence = logsumexp(log_likelihoods + log_prior, axis=1) + log_cell
    means, log_variances = (part.astype(float) for part in vae.encode(exact.all_images()))
    pairs = zip(means, log_variances, strict=True)
    log_q = np.stack([np.asarray(gaussian_log_density(grid, m, v)) for m, v in pairs])
    return LatentIntegrals(
        side, grid, log_cell, log_prior, log_likelihoods, log_evidence, means, log_variances, log_q
    )
