"""Ways to spoil a picture, and for each the plain remedy that needs no training.

A degradation is a pure function of (images, seed): `uint8` images (n, height, width, channels) in
and out. `seed` is whatever `numpy.random.default_rng` takes; a degradation without chance ignores
it. A baseline is a function of the degraded images alone. `models.restorer.Restorer` learns to undo
any degradation, also one of your own.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from scipy import ndimage

from genimg_lib.data.images import check_images, to_uint8

__all__ = [
    "HOLE",
    "TASKS",
    "Task",
    "bicubic",
    "filled",
    "low_contrast",
    "low_resolution",
    "median",
    "missing_square",
    "noisy",
    "silhouette",
    "stretched",
    "thickened",
    "thinned",
]

HOLE = 128
"""The grey of a missing pixel."""


def low_resolution(images, seed=0) -> np.ndarray:
    """Each 2x2 block of pixels becomes their mean: (n, h, w, c) -> (n, h/2, w/2, c). Raises
    `ValueError` for odd sides.
    """
    images = check_images(images)
    n, height, width, channels = images.shape
    if height % 2 or width % 2:
        raise ValueError(
            f"low_resolution needs an even height and width, got images of shape {images.shape}"
        )
    blocks = images.reshape(n, height // 2, 2, width // 2, 2, channels)
    return np.round(blocks.mean(axis=(2, 4))).astype(np.uint8)


def noisy(images, seed=0) -> np.ndarray:
    """Adds normal noise with a standard deviation of 0.4 of the full range to every pixel, and
    clips.
    """
    images = check_images(images)
    noise = np.random.default_rng(seed).normal(scale=0.4, size=images.shape)
    return to_uint8(images / 255.0 + noise)


def low_contrast(images, seed=0) -> np.ndarray:
    """A photograph in bad light: a tenth to three tenths of the contrast, light from one side, and
    a little noise.

    Each image gets its own contrast, and its own gradient of up to half of the range across it.
    """
    images = check_images(images)
    random = np.random.default_rng(seed)
    one = (len(images), 1, 1, 1)
    rows = np.linspace(-0.5, 0.5, images.shape[1])
    columns = np.linspace(-0.5, 0.5, images.shape[2])
    angle = random.uniform(0.0, 2.0 * np.pi, one)
    light = np.cos(angle) * rows[:, None, None] + np.sin(angle) * columns[:, None]
    signal = (
        random.uniform(0.1, 0.3, one) * (images / 255.0 - 0.5)
        + random.uniform(0.0, 0.5, one) * light
    )
    return to_uint8(0.5 + signal + random.normal(scale=0.02, size=images.shape))


def missing_square(images, seed=0) -> np.ndarray:
    """A square of three eighths of the height is missing, somewhere around the middle: its
    pixels are grey (`HOLE`).
    """
    images = check_images(images)
    random, (n, height, width, _) = np.random.default_rng(seed), images.shape
    side = max(1, 3 * height // 8)
    inside = True
    for axis, length in ((1, height), (2, width)):
        middle = (length - side) / 2
        start = np.round(middle + random.uniform(-0.15, 0.15, (n, 1)) * length)
        position = np.arange(length)[None]
        inside = inside & np.expand_dims(
            (position >= start) & (position < start + side), (3 - axis, 3)
        )
    return np.where(inside, np.uint8(HOLE), images)


def thickened(images, seed=0) -> np.ndarray:
    """Strokes grow by about a pixel on each side: grey dilation, the largest of each 3x3
    neighbourhood.
    """
    return ndimage.grey_dilation(check_images(images), size=(1, 3, 3, 1), mode="constant", cval=0)


def thinned(images, seed=0) -> np.ndarray:
    """Strokes lose about a pixel in width: grey erosion, the smallest of each 2x2 neighbourhood.
    Hairlines vanish.
    """
    return ndimage.grey_erosion(check_images(images), size=(1, 2, 2, 1), mode="constant", cval=0)


def silhouette(images, seed=0) -> np.ndarray:
    """Only the shape is left: every pixel with more than a tenth of the full range becomes
    white, all others black.
    """
    return np.where(check_images(images) > 25, np.uint8(255), np.uint8(0))


def bicubic(images) -> np.ndarray:
    """Twice the height and width by bicubic interpolation."""
    import tensorflow as tf  # here, since nothing else in `data` needs it

    images = check_images(images)
    larger = tf.image.resize(images, (2 * images.shape[1], 2 * images.shape[2]), method="bicubic")
    return to_uint8(larger / 255.0)


def median(images) -> np.ndarray:
    """The median of each 3x3 neighbourhood: a classic against noise."""
    return ndimage.median_filter(check_images(images), size=(1, 3, 3, 1))


def stretched(images) -> np.ndarray:
    """Each image's 2nd percentile becomes black and its 98th white: what a photo program's
    automatic contrast does.
    """
    low, high = np.percentile(check_images(images), (2, 98), axis=(1, 2, 3), keepdims=True)
    return to_uint8((images - low) / np.maximum(high - low, 1.0))


def filled(images) -> np.ndarray:
    """Every `HOLE` pixel becomes the mean of its four neighbours, 150 times over: Laplace's
    equation, solved in the hole.
    """
    images = check_images(images)
    hole = images == HOLE
    values = images.astype(np.float32)
    cross = np.array([[0, 1, 0], [1, 0, 1], [0, 1, 0]], np.float32)[None, :, :, None] / 4.0
    for _ in range(150):
        values = np.where(hole, ndimage.convolve(values, cross, mode="nearest"), values)
    return to_uint8(values / 255.0)


class Task(NamedTuple):
    """A degradation, and the remedy that needs no training."""

    degrade: Callable
    baseline: Callable


TASKS = {
    "super-resolution": Task(low_resolution, bicubic),
    "denoising": Task(noisy, median),
    "contrast": Task(low_contrast, stretched),
    "inpainting": Task(missing_square, filled),
}
