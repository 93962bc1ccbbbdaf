"""The one contract of the course: every model is trained with `fit(images)`, and every generator
makes images with `generate(count)`.
"""

import contextlib
import math
from collections.abc import Sequence

import keras
import numpy as np
import tensorflow as tf
from keras import ops

from genimg_lib.data.arguments import (
    check_class_names,
    check_image_shape,
    check_seed,
    check_whole,
)
from genimg_lib.data.images import check_images, check_labels, to_uint8
from genimg_lib.models.divergence import StopWhenNotFinite
from genimg_lib.models.saving import SavedModel
from genimg_lib.nn import private_names, replicas
from genimg_lib.nn.batches import in_batches
from genimg_lib.nn.precision import POLICIES, with_loss_scale

TRAINING_BATCH = 64


@private_names.built_when_made
class ImageModel(SavedModel):
    """What every model of images shares: checked input, a repeatable order of the data, a training
    step, and files.

    A family names its `METRICS` and implements `terms`: its losses on one batch. Unless the first
    metric is what it minimises, it also implements `objective`. One that trains on something made
    of the images overrides `prepare`.

    Args:
        image_shape: (height, width, channels) of the images.
        class_names: the words for the classes of a conditional model, or `None`: the model ignores
            labels.
        seed: for everything random in `fit` and in `generate` without a seed; `None` takes another
            one every time. The first weights come from Keras's own generator:
            `keras.utils.set_random_seed` repeats those.
    """

    METRICS: tuple[str, ...] = ()
    """The names of the numbers that training and `evaluate` report."""
    eager_steps = 0
    """A `fit` of no more steps than this runs them without a graph, which is what takes the seconds
    and the memory of a short one. `lesson.start` sets it in the fast and the classroom mode, where
    lessons train many models for a moment.
    """

    def __init__(
        self,
        *,
        image_shape: tuple[int, int, int] = (28, 28, 1),
        class_names: Sequence[str] | None = None,
        seed: int | None = None,
        **kwargs,
    ):
        check_keras_settings()
        super().__init__(**kwargs)
        self.image_shape = check_image_shape(image_shape)
        self.class_names = check_class_names(class_names)
        self.seed = check_seed(seed)
        self.seed_generator = keras.random.SeedGenerator(self.seed)
        self.steps = self.add_weight(
            name="steps", shape=(), dtype="int64", initializer="zeros", trainable=False
        )
        self.trackers = [keras.metrics.Mean(name=name) for name in self.METRICS]

    @property
    def num_classes(self) -> int:
        """The number of classes that `generate` can be asked for: 0 for a model without classes."""
        return len(self.class_names or ())

    @property
    def step(self) -> int:
        """How many training steps the model has seen."""
        return int(np.array(self.steps))  # not `int(self.steps)`: a mirrored variable has none

    @property
    def trained(self) -> bool:
        """Whether the model was ever trained, or has the weights of one that was."""
        return self.step > 0

    @property
    def metrics(self):
        return self.trackers

    def identity(self) -> dict:
        return {"class_names": self.class_names}

    # --- what a family writes ---------------------------------------------------------------------

    def terms(self, inputs, conditions) -> dict:
        """The losses on one batch, by name: a value for each image, or for each token.

        Args:
            inputs: what `prepare` made of the images.
            conditions: what `encode_conditions` made of the labels.
        """
        raise NotImplementedError

    def objective(self, terms: dict):
        """The number that training minimises, from what `terms` returned."""
        return ops.mean(terms[self.METRICS[0]])

    def default_optimizer(self) -> keras.optimizers.Optimizer:
        """The optimizer of `compile()`."""
        return keras.optimizers.Adam()

    def scaled_rate(self, rate: float, power: float = 0.5) -> float:
        """A learning rate that suits 28x28 grey images, made smaller for larger images: by that
        power of the ratio of their numbers of values.

        In its first steps Adam moves every weight by about the rate, whatever the gradient, so a
        layer that sees a whole image moves its outputs by as much as it has inputs. At 64x64 in
        colour the rate for digits made the loss of the VAE a million times larger within 40 steps.
        """
        return rate * min(1.0, 28 * 28 / math.prod(self.image_shape)) ** power

    def prepare(self, images: np.ndarray) -> np.ndarray:
        """What `terms` is given in place of `images`: computed once, when `fit` or `evaluate`
        begins.
        """
        return images

    def encode_conditions(self, conditions, count: int, *, required: bool = False) -> np.ndarray:
        """What `terms` and `sample` are given for `count` images: labels as `int32` (count,),
        zeros for a model without classes. A model that learns from text takes captions instead.

        Args:
            conditions: as for `fit`, or `None`.
            count: how many images they are for.
            required: whether a model with classes needs them.

        Raises `ValueError` or `TypeError` for labels that break the contract.
        """
        if not self.num_classes:
            if conditions is not None:
                raise ValueError(
                    "this model has no classes, so it takes no labels; build it with "
                    "class_names=..."
                )
            return np.zeros(count, np.int32)
        if conditions is None and required:
            raise ValueError(
                f"this model has {self.num_classes} classes: give one label for each image"
            )
        return check_labels(conditions, count, self.class_names)

    def drop_conditions(self, conditions):
        """The conditions of a training batch, some of them replaced by none if the model needs
        that for guidance; here all of them.
        """
        return conditions

    def after_step(self, terms: dict) -> None:
        """What a family does behind the optimizer's step: nothing, unless overridden."""

    # --- training ---------------------------------------------------------------------------------

    def compile(
        self, optimizer=None, *, steps_per_execution: int = 1, run_eagerly: bool = False, **options
    ):
        """Prepares training; call it before `fit`.

        Args:
            optimizer: a Keras optimizer or the name of one; `None` is `default_optimizer()`.
            steps_per_execution, run_eagerly: as in Keras.

        Raises `TypeError` for other arguments of Keras, such as `loss`: the model has its own.
        """
        self.refuse_options(options)
        if optimizer is None:
            optimizer = self.default_optimizer()
        super().compile(
            with_loss_scale(keras.optimizers.get(optimizer), self),
            jit_compile=False,
            steps_per_execution=steps_per_execution,
            run_eagerly=run_eagerly,
        )
        # Built here, because Keras would skip the state of an unbuilt optimizer when it loads a
        # checkpoint.
        self.optimizer.build(self.trainable_variables)

    def refuse_options(self, options: dict) -> None:
        """Raises `TypeError` for arguments that a `compile` of the course does not have."""
        if options:
            name, value = next(iter(options.items()))
            raise TypeError(
                f"{type(self).__name__}.compile takes no {name}, got {name}={value!r}: the model "
                f"has its own loss and metrics. It takes {', '.join(self.OPTIMIZERS)}, "
                "steps_per_execution and run_eagerly"
            )

    def fit(
        self,
        images,
        labels=None,
        *,
        batch_size: int | None = None,
        steps_per_epoch=None,
        validation_data=None,
        callbacks=None,
        **kwargs,
    ):
        """Trains on `uint8` images of shape (n, height, width, channels), with one label each if
        the model has classes, or on a `tf.data.Dataset` of batches of them.

        Of arrays, the order of an epoch is a function of the model's seed and of the number of
        steps trained before it, so that a run resumed with `keras.callbacks.BackupAndRestore` sees
        the very batches that it would have seen. A last partial batch is left out. A dataset has an
        order and batches of its own.

        Args:
            images, labels: the training set; or, as `images` alone, a dataset that yields batches
                of images, and of labels if the model has classes: (images, labels).
            batch_size: images per step, 64 unless told.
            steps_per_epoch: batches of the newly shuffled set that make an epoch; `None`: all.
            validation_data: images, a pair (images, labels) or a dataset, to `evaluate` after every
                epoch.
            callbacks, kwargs: as for `keras.Model.fit`.

        Raises `TypeError` or `ValueError` for images or labels that break the contract,
        `TypeError` for a dataset if the model prepares all its images before it trains,
        `ValueError` for more steps than there are batches and for a batch size that the replicas of
        a strategy cannot share evenly (of a dataset `tf.errors.InvalidArgumentError`, when such a
        batch comes), and `FloatingPointError` when a loss is no longer finite; see
        `StopWhenNotFinite`.
        """
        if "shuffle" in kwargs:
            raise TypeError("fit takes no shuffle: every epoch shows all images in a new order")
        if validation_data is not None:
            pair = validation_data if isinstance(validation_data, tuple) else (validation_data,)
            if len(pair) > 2:
                raise ValueError(
                    f"validation_data must be images or (images, labels), got {len(pair)} things"
                )
            validation_data = self._ordered_batches(*pair, batch_size=batch_size)
        if isinstance(images, tf.data.Dataset):
            batches = self._ordered_batches(images, labels, batch_size=batch_size)
            if steps_per_epoch is None and batches.cardinality() == tf.data.INFINITE_CARDINALITY:
                raise ValueError("the dataset never ends: say how many steps_per_epoch")
            batches = replicas.even_batches(batches, self.distribute_strategy)
            kwargs["steps_per_epoch"] = steps_per_epoch
        else:
            batches = self._batches(
                *self.check_inputs(images, labels), batch_size, shuffle=True, steps=steps_per_epoch
            )
        epochs = kwargs.get("epochs", 1) - kwargs.get("initial_epoch", 0)
        with self._eager_if_short(batches, epochs):
            return super().fit(
                batches,
                validation_data=validation_data,
                shuffle=False,
                callbacks=self._with_guard(callbacks),
                **kwargs,
            )

    @contextlib.contextmanager
    def _eager_if_short(self, batches, epochs: int):
        """Within, `fit` has no graph if it runs no more than `eager_steps` steps."""
        if self.run_eagerly or not self.eager_steps:
            yield
            return
        steps = int(batches.cardinality()) * epochs  # negative where nobody knows
        self.run_eagerly = 0 <= steps <= self.eager_steps
        if self.run_eagerly:
            self.train_function = None  # Keras keeps that of the last `fit`
        try:
            yield
        finally:
            if self.run_eagerly:
                self.run_eagerly, self.train_function = False, None

    def _with_guard(self, callbacks):
        if isinstance(callbacks, keras.callbacks.CallbackList):
            callbacks.append(StopWhenNotFinite())
            return callbacks
        if isinstance(callbacks, keras.callbacks.Callback):
            callbacks = [callbacks]
        # first: a backup must not be made of what it refuses
        return [StopWhenNotFinite(), *(callbacks or ())]

    def evaluate(self, images=None, labels=None, *, batch_size=None, **kwargs):
        """Returns the model's metrics on `uint8` images, as a dictionary; arguments as for
        `fit`.
        """
        if "x" in kwargs:  # called by Keras's `fit`, with the batches that ours has made
            return super().evaluate(**kwargs)
        batches = self._ordered_batches(images, labels, batch_size=batch_size)
        return super().evaluate(batches, return_dict=True, **kwargs)

    def train_step(self, data):
        """One step of `fit` on a batch of what `prepare` and `encode_conditions` returned."""
        inputs, conditions = data
        conditions = self.drop_conditions(conditions)
        with tf.GradientTape() as tape:
            terms = self.terms(inputs, conditions)
            loss = self.optimizer.scale_loss(replicas.share(self.objective(terms)))
        variables = self.trainable_variables
        self.optimizer.apply(tape.gradient(loss, variables), variables)
        self.after_step(terms)
        self.count_step(inputs)
        return self.report(terms)

    def test_step(self, data):
        """One batch of `evaluate`."""
        return self.report(self.terms(*data))

    def report(self, terms: dict) -> dict:
        """Adds the values of one batch to the metrics; returns those that it has seen."""
        reported = [tracker for tracker in self.trackers if tracker.name in terms]
        for tracker in reported:
            tracker.update_state(terms[tracker.name])
        results = {tracker.name: tracker.result() for tracker in reported}
        if replicas.workers(tf.distribute.get_strategy()) > 1:
            # Keras averages the logs of several workers along an axis
            results = {name: result[None] for name, result in results.items()}
        return results

    def count_step(self, inputs) -> None:
        """Counts one training step on `inputs`; a `train_step` of another kind calls it once."""
        # the data pipeline reads `steps` to order the epoch: after that
        with tf.control_dependencies([inputs]):
            self.steps.assign_add(1)

    def random_stream(self, seed: int | None) -> keras.random.SeedGenerator:
        """The random numbers of one call: a function of `seed`, or for `None` the model's own."""
        seed = check_seed(seed)
        return self.seed_generator if seed is None else keras.random.SeedGenerator(seed)

    def check_inputs(self, images, conditions=None) -> tuple[np.ndarray, np.ndarray]:
        """Images and labels of the contract, checked; the labels as `encode_conditions` returns
        them.
        """
        images = check_images(images, shape=self.image_shape)
        return images, self.encode_conditions(conditions, len(images), required=True)

    def _ordered_batches(self, images, conditions=None, *, batch_size) -> tf.data.Dataset:
        """Batches in the order in which the images come: arrays or a dataset."""
        if not isinstance(images, tf.data.Dataset):
            checked = self.check_inputs(images, conditions)
            return self._batches(*checked, batch_size, shuffle=False)
        overridden = type(self).prepare, type(self).encode_conditions
        if overridden != (ImageModel.prepare, ImageModel.encode_conditions):
            raise TypeError(
                f"{type(self).__name__} prepares all its training set before it trains: give "
                "arrays, not a tf.data.Dataset"
            )
        if conditions is not None or batch_size is not None:
            raise TypeError(
                "a tf.data.Dataset has labels and batches of its own: give neither labels nor "
                "batch_size with it"
            )
        return self._checked_dataset(images)

    def _checked_dataset(self, dataset: tf.data.Dataset) -> tf.data.Dataset:
        """The same batches as (images, labels). The first one is checked here, and decides with
        the dataset's own types; the shape and the range of the others are checked as they come.
        """
        first = next(iter(dataset.take(1).as_numpy_iterator()), None)
        if first is None:
            raise ValueError("the dataset is empty: it yields no batch")
        first = first if isinstance(first, tuple) else (first,)
        if len(first) > 2:
            raise ValueError(
                f"a dataset must yield images or (images, labels), got {len(first)} things"
            )
        self.check_inputs(*first)

        def checked(images, labels=None):
            images = tf.ensure_shape(images, (None, *self.image_shape))
            if labels is None:
                return images, tf.zeros(tf.shape(images)[0], tf.int32)
            labels = tf.reshape(tf.cast(labels, tf.int32), (tf.shape(images)[0],))
            with tf.control_dependencies(
                [
                    tf.debugging.assert_non_negative(labels),
                    tf.debugging.assert_less(labels, self.num_classes),
                ]
            ):
                return images, tf.identity(labels)

        return dataset.map(checked)

    def _batches(
        self, images, labels, batch_size: int | None, shuffle: bool, steps: int | None = None
    ) -> tf.data.Dataset:
        batch_size = TRAINING_BATCH if batch_size is None else batch_size
        batch_size = check_whole("batch_size", batch_size)
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

        strategy = self.distribute_strategy
        replicas.check_even(batch_size, strategy)
        workers = replicas.workers(strategy)

        def state():
            return np.array([np.array(self.seed_generator.state)[0], self.step], np.int64)

        def epoch(_):  # evaluated whenever Keras starts an epoch
            # in Python: this pipeline is on the CPU, and the variables may not be
            seed = tf.ensure_shape(tf.numpy_function(state, [], tf.int64), (2,))
            order = tf.random.experimental.stateless_shuffle(tf.range(len(images)), seed)
            return tf.data.Dataset.from_tensor_slices(
                tf.reshape(order[: steps * batch_size], (steps, batch_size))
            )

        def batches(worker=0):
            part = slice(worker * batch_size // workers, (worker + 1) * batch_size // workers)
            found = tf.data.Dataset.from_tensors(0).flat_map(epoch).map(lambda rows: rows[part])
            found = found.map(lambda rows: (tf.gather(images, rows), tf.gather(labels, rows)))
            found = found.apply(tf.data.experimental.assert_cardinality(steps))
            return found.with_options(on_one_thread()).prefetch(2)

        if workers == 1:  # Keras splits each batch between the replicas
            return batches()
        return strategy.distribute_datasets_from_function(
            lambda context: batches(context.input_pipeline_id)
        )


def on_one_thread() -> tf.data.Options:
    """Options of a pipeline whose steps are too cheap to be spread over threads.

    With TensorFlow's own choice a process that had one core stood still for half a minute now and
    then, with every thread asleep (TensorFlow 2.21, Linux 6.18).
    """
    options = tf.data.Options()
    options.autotune.enabled = False
    options.experimental_optimization.map_parallelization = False
    return options


class ImageGenerator(ImageModel):
    """A model that makes images: a subclass implements `sample(conditions, seed, **options)`."""

    def generate(self, count: int, condition=None, *, seed: int | None = None, **options):
        """Samples `count` images: `uint8` of shape (count, height, width, channels).

        Args:
            count: how many, at least 1.
            condition: for a model with classes, one label (index or word) for all images or one for
                each; `None` samples the labels uniformly.
            seed: the same seed gives the same images; without one every call differs.
            options: those of `sample`.

        Raises `ValueError` or `TypeError` for a count below 1, an unknown label, a label for a
        model without classes, or an option out of range.
        """
        count = check_whole("count", count)
        seeds = self.random_stream(seed)
        if condition is not None or not self.num_classes:
            conditions = self.encode_conditions(condition, count)
        else:
            conditions = keras.random.randint((count,), 0, self.num_classes, seed=seeds)

        def sampled(part):
            return to_uint8(self.sample(ops.convert_to_tensor(part), seeds, **options))

        return in_batches(sampled, conditions)

    def sample(self, conditions, seed) -> tf.Tensor:
        """Samples one image for each of `conditions`: floats in [0, 1] of shape (len(conditions),
        height, width, channels).
        """
        raise NotImplementedError


def check_keras_settings() -> None:
    """Raises `ValueError` for settings of Keras with which the course's networks do not work."""
    if keras.config.image_data_format() != "channels_last":
        raise ValueError(
            "the course's images are (height, width, channels), but Keras is set to "
            f"{keras.config.image_data_format()}: call "
            "keras.config.set_image_data_format('channels_last'), or change image_data_format in "
            "the file keras.json"
        )
    # Asked on its own: a policy that was set or once read does not follow a later `set_floatx`.
    if keras.config.floatx() != "float32":
        raise ValueError(
            "the course's models keep their weights in float32, but floatx of Keras is set to "
            f"{keras.config.floatx()}: call keras.config.set_floatx('float32') and "
            "keras.config.set_dtype_policy('float32'), or change floatx in the file keras.json"
        )
    if keras.config.dtype_policy().name not in POLICIES:
        raise ValueError(
            f"the course's models are trained under {', '.join(POLICIES)}, but Keras is set to "
            f"{keras.config.dtype_policy().name}: call keras.config.set_dtype_policy('float32')"
        )
