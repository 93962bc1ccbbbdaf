"""Two players: what models with a generator and a discriminator share."""

import keras
import tensorflow as tf
from keras import ops

from genimg_lib.models.base import ImageModel
from genimg_lib.nn.precision import with_loss_scale


class AdversarialModel(ImageModel):
    """A generator, a discriminator, and the average of the generator's weights, which makes images.

    A subclass calls `set_players` when it is built and implements `play`: one step of each player.
    Each player has its own list of variables and its own optimizer, so that neither moves the
    other.
    """

    OPTIMIZERS = ("generator_optimizer", "discriminator_optimizer")

    def set_players(
        self, generator: keras.Model, discriminator: keras.Model, ema_decay: float
    ) -> None:
        """Keeps the two networks, and a copy of the generator for the average of its weights."""
        self.generator = generator
        self.discriminator = discriminator
        self.ema_decay = ema_decay
        self.average_generator = keras.models.clone_model(generator)
        self.average_generator.set_weights(generator.get_weights())
        # Compiled: called eagerly, a small network spends most of its time between its operations.
        self._draw = tf.function(self.average_generator, autograph=False, reduce_retracing=True)

    def play(self, images, labels) -> dict:
        """Moves each player once on a batch of `uint8` images; returns the losses by name."""
        raise NotImplementedError

    def compile(
        self,
        generator_optimizer=None,
        discriminator_optimizer=None,
        *,
        steps_per_execution: int = 1,
        run_eagerly: bool = False,
        **options,
    ):
        """Prepares training; call it before `fit`.

        Args:
            generator_optimizer, discriminator_optimizer: Keras optimizers or names of such; `None`
                is `default_optimizer()` and `default_discriminator_optimizer()`.
            steps_per_execution, run_eagerly: as in Keras.

        Raises `TypeError` for other arguments of Keras, such as `loss`: the model has its own.
        """
        self.refuse_options(options)
        keras.Model.compile(
            self,
            optimizer=None,
            jit_compile=False,
            steps_per_execution=steps_per_execution,
            run_eagerly=run_eagerly,
        )
        if generator_optimizer is None:
            generator_optimizer = self.default_optimizer()
        if discriminator_optimizer is None:
            discriminator_optimizer = self.default_discriminator_optimizer()
        self.generator_optimizer = self._optimizer_of(self.generator, generator_optimizer)
        self.discriminator_optimizer = self._optimizer_of(
            self.discriminator, discriminator_optimizer
        )

    def default_discriminator_optimizer(self) -> keras.optimizers.Optimizer:
        """The discriminator's optimizer of `compile()`: the generator's, unless overridden."""
        return self.default_optimizer()

    def _optimizer_of(self, player: keras.Model, optimizer) -> keras.optimizers.Optimizer:
        optimizer = with_loss_scale(keras.optimizers.get(optimizer), player)
        # Built here, because Keras would skip the state of an unbuilt optimizer when it loads a
        # checkpoint.
        optimizer.build(player.trainable_variables)
        return optimizer

    def train_step(self, data):
        images, labels = data
        losses = self.play(images, labels)
        self.count_step(images)
        update_average(self.average_generator, self.generator, self.ema_decay, self.steps.value)
        return self.report(losses)


def update_average(average: keras.Model, live: keras.Model, decay: float, step) -> None:
    """Moves the weights of `average` towards those of `live`, BatchNorm statistics included, after
    training step `step`.

    average = d * average + (1 - d) * live with d = min(decay, (1 + step) / (10 + step)), so that
    the first steps do not preserve the random start. Source: the warm-up of TensorFlow's
    `tf.train.ExponentialMovingAverage`.
    """
    step = ops.cast(step, "float32")
    decay = ops.minimum(decay, (1.0 + step) / (10.0 + step))
    for average_weight, live_weight in zip(average.weights, live.weights, strict=True):
        average_weight.assign(decay * average_weight + (1.0 - decay) * live_weight)
