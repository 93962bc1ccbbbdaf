"""Differentiable augmentation: what both players of a GAN see when there are few images. Pure
functions of (images, seed).

Images are floats in [-1, 1], (batch, height, width, channels); gradients flow through every
function. Source: Zhao et al., "Differentiable augmentation for data-efficient GAN training",
arXiv:2006.10738.
"""

import keras
import tensorflow as tf
from keras import ops

from genimg_lib.nn import replicas


def brightness(images, seed):
    """Adds one number from U[-0.5, 0.5] to each image."""
    return images + replicas.uniform((ops.shape(images)[0], 1, 1, 1), -0.5, 0.5, seed=seed)


def translation(images, seed):
    """Shifts each image by up to an eighth of its side in each direction; what comes in is
    background (-1).
    """
    seed = _stream(seed)
    for _ in range(2):  # rows, then columns
        batch, side = ops.shape(images)[:2]
        reach = side // 8
        padded = ops.pad(images, [(0, 0), (reach, reach), (0, 0), (0, 0)], constant_values=-1.0)
        shift = replicas.randint((batch, 1), 0, 2 * reach + 1, seed=seed)
        images = ops.swapaxes(
            tf.gather(padded, ops.arange(side)[None] + shift, axis=1, batch_dims=1), 1, 2
        )
    return images


def cutout(images, seed):
    """Blanks (to -1) one square of half the side in each image; it may hang over the border."""
    batch, height, width, _ = ops.shape(images)
    inside = True
    seed = _stream(seed)
    for axis, side in ((1, height), (2, width)):
        centre = replicas.randint((batch, 1), 0, side, seed=seed)
        near = ops.abs(ops.arange(side)[None] - centre) < side // 4
        inside = ops.logical_and(inside, ops.expand_dims(near, (3 - axis, 3)))
    return ops.where(inside, -1.0, images)


def _stream(seed):
    """A number becomes a generator: drawn twice from one number, rows and columns would shift
    alike.
    """
    return keras.random.SeedGenerator(seed) if isinstance(seed, int) else seed


AUGMENTATIONS = {"brightness": brightness, "translation": translation, "cutout": cutout}


def diff_augment(images, names, seed):
    """Applies the named augmentations in order."""
    seed = _stream(seed)
    for name in names:
        images = AUGMENTATIONS[name](images, seed)
    return images
