"""The few Keras layers that several models share."""

import functools
import math

import keras
import numpy as np
import tensorflow as tf
from keras import ops


@keras.saving.register_keras_serializable("genimg")
class SpaceToDepth(keras.layers.Layer):
    """Folds each block of pixels into channels: (batch, h, w, c) -> (batch, h/block, w/block,
    block^2 c), losing nothing.
    """

    def __init__(self, block: int = 2, **kwargs):
        super().__init__(**kwargs)
        self.block = block
        self.built = True

    def call(self, images):
        # Keras refuses a block of 1
        return images if self.block == 1 else ops.space_to_depth(images, self.block)

    def get_config(self):
        return {**super().get_config(), "block": self.block}


@keras.saving.register_keras_serializable("genimg")
class DepthToSpace(keras.layers.Layer):
    """Unfolds channels into blocks of pixels: (batch, h, w, block^2 c) -> (batch, block h, block w,
    c).

    Undoes `SpaceToDepth`. Source: Shi et al., "sub-pixel convolution", arXiv:1609.05158, section
    2.2.
    """

    def __init__(self, block: int = 2, **kwargs):
        super().__init__(**kwargs)
        self.block = block
        self.built = True

    def call(self, features):
        return features if self.block == 1 else ops.depth_to_space(features, self.block)

    def get_config(self):
        return {**super().get_config(), "block": self.block}


def time_features(times, count: int = 32, fastest: float = 200.0):
    """Sines and cosines of times in [0, 1], from slow to fast: (batch,) -> (batch, count).

    Their angular frequencies grow from 2 to `fastest`, and so do the derivatives with respect to
    the time: a target that contains one needs slow features.
    """
    angles = ops.expand_dims(times, -1) * _frequencies(count // 2, fastest)
    return ops.concatenate([ops.sin(angles), ops.cos(angles)], axis=-1)


@functools.cache
def _frequencies(count: int, fastest: float) -> np.ndarray:
    # An array: a tensor would become an input of the graphs that are exported.
    with tf.init_scope():
        exponents = ops.linspace(0.0, math.log(fastest / 2.0), count)
        return ops.convert_to_numpy(2.0 * ops.exp(exponents))


def check_sides(image_shape, multiple: int = 4) -> None:
    """Raises `ValueError` unless height and width are multiples of `multiple`, as folding into
    patches needs.
    """
    height, width, _ = image_shape
    if height % multiple or width % multiple:
        raise ValueError(
            f"the default networks need a height and width that are multiples of {multiple}, got "
            f"image_shape={image_shape}; "
            "pass networks of your own for other sizes"
        )
