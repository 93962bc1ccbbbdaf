"""The one contract of the course: every model is trained with `fit(images)`, and every generator
draws with `generate`.
"""

import warnings
from collections.abc import Sequence
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
from keras import ops

from genimg_lib.data.images import check_images, check_labels, to_uint8

GENERATE_BATCH = 500


class ImageModel(keras.Model):
    """The part that every model of images shares: checked input, a repeatable data order, safe
    loading.

    A subclass builds its networks and implements `train_step((images, labels))` on a batch of
    `uint8` images and `int32` labels (zeros if the model has no classes). One that trains on
    something made of the images overrides `prepare`.

    Args:
        image_shape: (height, width, channels) of the images.
        class_names: the words for the classes of a conditional model, or `None`: the model ignores
            labels.
        seed: for everything random in `fit` and in `generate` without a seed; `None` draws one. The
            first weights come from Keras's own generator: `keras.utils.set_random_seed` repeats
            those.
    """

    def __init__(
        self,
        *,
        image_shape: tuple[int, int, int] = (28, 28, 1),
        class_names: Sequence[str] | None = None,
        seed: int | None = None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.image_shape = tuple(image_shape)
        self.class_names = None if class_names is None else tuple(class_names)
        self.seed_generator = keras.random.SeedGenerator(seed)
        self.steps = self.add_weight(
            name="steps", shape=(), dtype="int64", initializer="zeros", trainable=False
        )

    @property
    def num_classes(self) -> int:
        """The number of classes that `generate` can be asked for: 0 for a model without classes."""
        return len(self.class_names or ())

    def fit(
        self,
        images,
        labels=None,
        *,
        batch_size: int = 64,
        steps_per_epoch=None,
        validation_data=None,
        **kwargs,
    ):
        """Trains on `uint8` images of shape (n, height, width, channels), with one label each if
        the model has classes.

        The order of an epoch is a function of the model's seed and of the number of steps trained
        before it, so that a run resumed with `keras.callbacks.BackupAndRestore` sees the very
        batches that it would have seen. A last partial batch is left out. With `steps_per_epoch`,
        an epoch is that many batches of the newly shuffled set. Other arguments are those of
        `keras.Model.fit`. Raises `TypeError` or `ValueError` for images or labels that break the
        contract, and `ValueError` for more steps than there are batches.
        """
        if validation_data is not None:
            validation_data = self._batches(
                *self._checked(*validation_data), batch_size, shuffle=False
            )
        batches = self._batches(
            *self._checked(images, labels), batch_size, shuffle=True, steps=steps_per_epoch
        )
        return super().fit(batches, validation_data=validation_data, shuffle=False, **kwargs)

    def evaluate(self, images=None, labels=None, *, batch_size: int = 64, **kwargs):
        """Returns the model's metrics on `uint8` images, as a dictionary; arguments as for
        `fit`.
        """
        if "x" in kwargs:  # called by Keras's `fit`, with the batches that ours has made
            return super().evaluate(**kwargs)
        batches = self._batches(*self._checked(images, labels), batch_size, shuffle=False)
        return super().evaluate(batches, return_dict=True, **kwargs)

    def prepare(self, images: np.ndarray) -> np.ndarray:
        """What `train_step` is given in place of `images`: computed once, when `fit` or
        `evaluate` begins.
        """
        return images

    def count_step(self, images) -> None:
        """Counts one training step on `images`; every `train_step` calls it once."""
        # the data pipeline reads `steps` to order the epoch: after that
        with tf.control_dependencies([images]):
            self.steps.assign_add(1)

    def _checked(self, images, labels=None):
        images = check_images(images, shape=self.image_shape)
        return images, self._checked_labels(labels, len(images), required=True)

    def _checked_labels(self, labels, count: int, required: bool = False) -> np.ndarray:
        if not self.num_classes:
            if labels is not None:
                raise ValueError(
                    "this model has no classes, so it takes no labels; build it with "
                    "class_names=..."
                )
            return np.zeros(count, np.int32)
        if labels is None and required:
            raise ValueError(
                f"this model has {self.num_classes} classes: give one label for each image"
            )
        return check_labels(labels, count, self.class_names)

    def _batches(
        self, images, labels, batch_size: int, shuffle: bool, steps: int | None = None
    ) -> tf.data.Dataset:
        if batch_size < 1:
            raise ValueError(f"batch_size must be at least 1, got {batch_size}")
        images = tf.constant(self.prepare(images))
        labels = tf.constant(labels)
        if not shuffle:
            return tf.data.Dataset.from_tensor_slices((images, labels)).batch(batch_size)
        batch_size = min(batch_size, len(images))
        available = len(images) // batch_size
        steps = available if steps is None else steps
        if not 1 <= steps <= available:
            raise ValueError(
                f"steps_per_epoch must be between 1 and the {available} batches of the images, "
                f"got {steps}"
            )

        def epoch(_):  # evaluated whenever Keras starts an epoch
            seed = tf.stack([tf.cast(self.seed_generator.state[0], tf.int64), self.steps.value])
            order = tf.random.experimental.stateless_shuffle(tf.range(len(images)), seed)
            return tf.data.Dataset.from_tensor_slices(
                tf.reshape(order[: steps * batch_size], (steps, batch_size))
            )

        batches = tf.data.Dataset.from_tensors(0).flat_map(epoch)
        batches = batches.map(lambda rows: (tf.gather(images, rows), tf.gather(labels, rows)))
        return batches.apply(tf.data.experimental.assert_cardinality(steps)).prefetch(2)

    def save_own_variables(self, store):
        super().save_own_variables(store)
        # Keras saves layers and optimizers, not random state
        store["seed"] = np.asarray(self.seed_generator.state)

    def load_own_variables(self, store):
        state = store["seed"][()]
        super().load_own_variables({name: store[name] for name in store.keys() if name != "seed"})
        self.seed_generator.state.assign(state)

    def load_weights(self, filepath, **kwargs):
        """Loads what `save_weights` wrote: networks, random state and, on a compiled model, the
        optimizers.

        Raises `OSError` for a missing or truncated file and `ValueError` for weights of another
        model or with NaN; the model and its optimizers then keep what they had.
        """
        if not Path(filepath).exists():
            raise FileNotFoundError(f"there is no weights file {filepath}")
        optimizers = [
            value for value in vars(self).values() if isinstance(value, keras.optimizers.Optimizer)
        ]
        variables = [
            *self.variables,
            *(variable for optimizer in optimizers for variable in optimizer.variables),
        ]
        before = [np.array(variable) for variable in variables]
        try:
            # Keras warns once per layer before it raises
            with warnings.catch_warnings(record=True) as caught:
                super().load_weights(filepath, **kwargs)
            if not all(np.isfinite(weight).all() for weight in self.get_weights()):
                raise ValueError("they contain NaN or infinity")
        except (KeyError, ValueError, OSError) as error:
            for variable, value in zip(variables, before, strict=True):
                variable.assign(value)
            # `BackupAndRestore` then takes the backup before this one
            if isinstance(error, OSError):
                raise OSError(f"{filepath} is not a complete weights file: {error}") from None
            raise ValueError(
                f"{filepath} does not hold weights of this {type(self).__name__}: {error}"
            ) from None
        for warning in caught:
            warnings.warn_explicit(
                warning.message, warning.category, warning.filename, warning.lineno
            )


class ImageGenerator(ImageModel):
    """A model that draws: a subclass implements `sample(labels, seed)`, which returns floats in
    [0, 1].
    """

    def generate(self, count: int, condition=None, *, seed: int | None = None) -> np.ndarray:
        """Draws `count` images: `uint8` of shape (count, height, width, channels).

        Args:
            count: how many, at least 1.
            condition: for a model with classes, one label (index or word) for all images or one for
                each; `None` draws the labels uniformly.
            seed: the same seed gives the same images; without one every call differs.

        Raises `ValueError` or `TypeError` for a count below 1, an unknown label, or a label for a
        model without classes.
        """
        return self._generate(self.sample, count, condition, seed)

    def sample(self, labels, seed) -> tf.Tensor:
        """Draws one image for each of `labels`: floats in [0, 1] of shape (len(labels), height,
        width, channels).
        """
        raise NotImplementedError

    def _generate(self, sample, count, condition, seed) -> np.ndarray:
        if isinstance(count, bool) or not isinstance(count, (int, np.integer)):
            raise TypeError(f"count must be a whole number, got {count!r}")
        if count < 1:
            raise ValueError(f"count must be at least 1, got {count}")
        seeds = self.seed_generator if seed is None else keras.random.SeedGenerator(seed)
        if condition is not None or not self.num_classes:
            labels = self._checked_labels(condition, int(count))
        else:
            labels = keras.random.randint((int(count),), 0, self.num_classes, seed=seeds)
        parts = [labels[i : i + GENERATE_BATCH] for i in range(0, count, GENERATE_BATCH)]
        return np.concatenate(
            [to_uint8(sample(ops.convert_to_tensor(part), seeds)) for part in parts]
        )
