"""The few Keras layers that several models share."""

import keras
from keras import ops


@keras.saving.register_keras_serializable("genimg")
class SpaceToDepth(keras.layers.Layer):
    """Folds each 2x2 block of pixels into channels: (batch, h, w, c) -> (batch, h/2, w/2, 4c). Nothing is lost."""

    def call(self, images):
        return ops.space_to_depth(images, 2)


@keras.saving.register_keras_serializable("genimg")
class DepthToSpace(keras.layers.Layer):
    """Unfolds channels into 2x2 blocks of pixels: (batch, h, w, 4c) -> (batch, 2h, 2w, c); undoes `SpaceToDepth`.

    Source: Shi et al., "sub-pixel convolution", arXiv:1609.05158, section 2.2.
    """

    def call(self, features):
        return ops.depth_to_space(features, 2)


def check_sides(image_shape, multiple: int = 4) -> None:
    """Raises `ValueError` unless height and width are multiples of `multiple`, as folding into patches needs."""
    height, width, _ = image_shape
    if height % multiple or width % multiple:
        raise ValueError(
            f"the default networks need a height and width that are multiples of {multiple}, got image_shape={image_shape}; "
            "pass networks of your own for other sizes"
        )
