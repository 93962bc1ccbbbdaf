"""The enumerable world: all 512 binary 3x3 images, where likelihood, KL and total variation are
sums, not estimates.

A distribution over the world is an array of 512 probabilities; entry i belongs to
`all_images()[i]`. Everything is in nats. Any model of the course can be trained on `sample_images`
and compared with the truth exactly.
"""

import numpy as np

from genimg_lib.data.arguments import check_number, check_reals, check_seed, check_whole
from genimg_lib.data.images import check_images

SIDE = 3
COUNT = 2 ** (SIDE * SIDE)


def all_images() -> np.ndarray:
    """All 512 images: `uint8` of shape (512, 3, 3, 1), pixels 0 or 255. Image i shows the bits
    of i, highest first.
    """
    bits = (np.arange(COUNT)[:, None] >> np.arange(SIDE * SIDE)[::-1]) & 1
    return (bits * 255).astype(np.uint8).reshape(-1, SIDE, SIDE, 1)


def image_index(images) -> np.ndarray:
    """The index of each image in `all_images()`; a pixel of 128 or more is on. Shape (n,)."""
    images = check_images(images, shape=(SIDE, SIDE, 1))
    bits = (images.reshape(len(images), -1) >= 128).astype(int)
    return bits @ (1 << np.arange(SIDE * SIDE)[::-1])


def strokes(flip: float = 0.02) -> np.ndarray:
    """The true distribution of the course's little world: 512 probabilities.

    One of eight strokes (three rows, three columns, two diagonals) is drawn, each equally often;
    then every pixel flips with probability `flip`. Eight modes and a thin haze between them: small
    enough to sum over, and not trivial.
    """
    flip = check_number("flip", flip, 0.0, 0.5, below=True)
    lines = np.zeros((8, SIDE, SIDE), int)
    for i in range(SIDE):
        lines[i, i, :] = 1
        lines[3 + i, :, i] = 1
    lines[6] = np.eye(SIDE, dtype=int)
    lines[7] = np.fliplr(np.eye(SIDE, dtype=int))
    pixels = (all_images() > 0).reshape(COUNT, 1, -1)
    flips = (pixels != lines.reshape(1, 8, -1)).sum(axis=-1)
    return (flip**flips * (1.0 - flip) ** (SIDE * SIDE - flips)).mean(axis=1)


def sample_images(probabilities, count: int, *, seed: int | None = None) -> np.ndarray:
    """Draws `count` images from a distribution: `uint8` of shape (count, 3, 3, 1)."""
    probabilities = check_distribution(probabilities)
    count = check_whole("count", count)
    random = np.random.default_rng(check_seed(seed))
    return all_images()[random.choice(COUNT, size=count, p=probabilities)]


def empirical(images) -> np.ndarray:
    """The share of each of the 512 images among `images`."""
    return np.bincount(image_index(images), minlength=COUNT) / len(images)


def entropy(probabilities) -> float:
    """-sum p log p: the negative log-likelihood that no model can beat."""
    return negative_log_likelihood(probabilities, probabilities)


def negative_log_likelihood(truth, model) -> float:
    """-sum truth log model, the expected code length of the truth under the model; infinite if
    the model misses some.
    """
    truth = check_distribution(truth)
    model = check_distribution(model)
    seen = truth > 0
    with np.errstate(divide="ignore"):
        return float(-(truth[seen] * np.log(model[seen])).sum())


def kl_divergence(truth, model) -> float:
    """KL(truth || model) = NLL - entropy: 0 only if they are equal."""
    return negative_log_likelihood(truth, model) - entropy(truth)


def total_variation(first, second) -> float:
    """Half the sum of |first - second|: the largest difference in the probability of any event,
    between 0 and 1.
    """
    return float(np.abs(check_distribution(first) - check_distribution(second)).sum() / 2)


def check_distribution(probabilities) -> np.ndarray:
    """Returns 512 probabilities as `float64`, or raises `ValueError` saying what is wrong with
    them.
    """
    probabilities = check_reals("probabilities", probabilities)
    if probabilities.shape != (COUNT,):
        raise ValueError(
            f"a distribution over the world has shape ({COUNT},), got {probabilities.shape}"
        )
    if not np.isfinite(probabilities).all() or probabilities.min() < 0:
        raise ValueError("probabilities must be finite and not negative")
    if abs(probabilities.sum() - 1.0) > 1e-5:
        raise ValueError(f"probabilities must sum to 1, got {probabilities.sum():.6f}")
    return probabilities / probabilities.sum()
