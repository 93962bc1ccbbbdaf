"""A family of generators for tests: as short as one can be."""

import keras
import numpy as np
from keras import layers, ops

from genimg_lib.models.base import ImageGenerator


@keras.saving.register_keras_serializable("tests")
class MeanImage(ImageGenerator):
    """The least that a family can be: it learns the mean image of each class, and adds noise."""

    METRICS = ("squared_error",)

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        size = int(np.prod(self.image_shape))
        self.means = layers.Embedding(max(1, self.num_classes), size)
        self.means.build(None)
        self.built = True

    def terms(self, images, labels):
        pixels = ops.reshape(images, (-1, self.means.output_dim))
        pixels = ops.cast(pixels, "float32") / 255.0
        return {"squared_error": ops.mean(ops.square(pixels - self.means(labels)), axis=1)}

    def sample(self, labels, seed):
        means = ops.reshape(self.means(labels), (-1, *self.image_shape))
        return means + 0.1 * keras.random.normal(ops.shape(means), seed=seed)
