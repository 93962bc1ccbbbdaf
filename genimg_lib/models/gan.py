"""Generative adversarial networks: noise -> images."""

import keras
import tensorflow as tf
from keras import layers, ops

from genimg_lib.models.base import ImageGenerator
from genimg_lib.nn.augment import AUGMENTATIONS, diff_augment
from genimg_lib.nn.layers import DepthToSpace, SpaceToDepth, check_sides
from genimg_lib.nn.losses import GAN_LOSSES, gradient_penalty, zero_centred_penalty

PENALTIES = {"wasserstein": (10.0, 1), "relativistic": (0.5, 8)}
"""Losses with a penalty -> its weight, and at every how many steps it is computed."""


def build_generator(
    image_shape, latent_dim: int, num_classes: int = 0, width: int = 16
) -> keras.Model:
    """Latents (batch, latent_dim) and labels -> images in [-1, 1]; height and width must be
    multiples of 4.
    """
    check_sides(image_shape)
    height, breadth, channels = image_shape
    latents = keras.Input((latent_dim,), name="latents")
    labels = keras.Input((), dtype="int32", name="labels")
    x = latents
    if num_classes:
        x = layers.Concatenate()([x, layers.Embedding(num_classes, latent_dim)(labels)])
    x = layers.Dense(height // 4 * (breadth // 4) * 2 * width, use_bias=False)(x)
    x = layers.Reshape((height // 4, breadth // 4, 2 * width))(x)
    x = layers.ReLU()(layers.BatchNormalization(momentum=0.9)(x))
    x = DepthToSpace()(layers.Conv2D(4 * width, 3, padding="same", use_bias=False)(x))
    x = layers.ReLU()(layers.BatchNormalization(momentum=0.9)(x))
    x = layers.Conv2D(width, 3, padding="same", use_bias=False)(x)
    x = layers.ReLU()(layers.BatchNormalization(momentum=0.9)(x))
    x = DepthToSpace()(layers.Conv2D(4 * channels, 3, padding="same")(x))
    return keras.Model([latents, labels], layers.Activation("tanh")(x), name="generator")


def build_discriminator(image_shape, num_classes: int = 0, width: int = 16) -> keras.Model:
    """Images in [-1, 1] and labels -> one logit per image, (batch,): positive for real.

    The label enters as a projection of the features: Miyato and Koyama, arXiv:1802.05637, section
        3.
    """
    images = keras.Input(image_shape, name="images")
    labels = keras.Input((), dtype="int32", name="labels")
    x = SpaceToDepth()(images)
    for filters, strides in ((width, 1), (2 * width, 2), (2 * width, 1)):
        x = layers.LeakyReLU(0.2)(layers.Conv2D(filters, 3, strides=strides, padding="same")(x))
    features = layers.Flatten()(x)
    logits = layers.Dense(1)(features)
    if num_classes:
        directions = layers.Embedding(num_classes, features.shape[-1])(labels)
        logits = logits + ops.sum(directions * features, axis=-1, keepdims=True)
    return keras.Model([images, labels], ops.squeeze(logits, -1), name="discriminator")


class GAN(ImageGenerator):
    """A generator that turns noise into images and a discriminator that tells them from real ones.

    Each training step updates the discriminator on one real and one generated batch, then the
    generator on fresh noise. `generate` uses an exponential moving average of the generator's
    weights.

    Args:
        loss: a name in `losses.GAN_LOSSES`. `wasserstein` adds the gradient penalty of WGAN-GP,
            `relativistic` adds R1 and R2.
        latent_dim: numbers per noise vector.
        width: filters of the thinnest layer.
        penalty_weight: factor of the penalty in the discriminator's loss; `None` takes it from
            `PENALTIES`.
        penalty_every: the penalty is computed at every so many steps and weighted up by as much
            (lazy regularisation: Karras et al., arXiv:1912.04958, appendix B); `None` takes it from
            `PENALTIES`.
        ema_decay: of the generator's average, warmed up over the first steps: see `update_average`.
        augmentations: names in `augment.AUGMENTATIONS`, applied to every image that the
            discriminator sees.
        generator, discriminator: networks in place of the default ones, with the same inputs and
            outputs.
    """

    def __init__(
        self,
        *,
        loss: str = "relativistic",
        latent_dim: int = 32,
        width: int = 16,
        penalty_weight: float | None = None,
        penalty_every: int | None = None,
        ema_decay: float = 0.995,
        augmentations: tuple[str, ...] = (),
        generator: keras.Model | None = None,
        discriminator: keras.Model | None = None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        if loss not in GAN_LOSSES:
            raise ValueError(f"loss must be one of {', '.join(GAN_LOSSES)}, got {loss!r}")
        if unknown := set(augmentations) - set(AUGMENTATIONS):
            raise ValueError(
                f"unknown augmentations {sorted(unknown)}; known are: {', '.join(AUGMENTATIONS)}"
            )
        if not 0.0 <= ema_decay <= 1.0:
            raise ValueError(f"ema_decay must be in [0, 1], got {ema_decay}")
        if latent_dim < 1 or width < 1:
            raise ValueError(
                f"latent_dim and width must be at least 1, got {latent_dim} and {width}"
            )
        if penalty_every is not None and penalty_every < 1:
            raise ValueError(f"penalty_every must be at least 1, got {penalty_every}")
        self.loss_name = loss
        self.latent_dim = latent_dim
        weight, every = PENALTIES.get(loss, (0.0, 1))
        self.penalty_weight = weight if penalty_weight is None else penalty_weight
        self.penalty_every = every if penalty_every is None else penalty_every
        self.ema_decay = ema_decay
        self.augmentations = tuple(augmentations)
        self.discriminator_loss, self.generator_loss = GAN_LOSSES[loss]
        self.generator = generator or build_generator(
            self.image_shape, latent_dim, self.num_classes, width
        )
        self.discriminator = discriminator or build_discriminator(
            self.image_shape, self.num_classes, width
        )
        self.average_generator = keras.models.clone_model(self.generator)
        self.average_generator.set_weights(self.generator.get_weights())
        # Compiled: called eagerly, a small network spends most of its time between its operations.
        self._draw = tf.function(self.average_generator, autograph=False, reduce_retracing=True)
        self.trackers = [
            keras.metrics.Mean(name=name)
            for name in ("discriminator_loss", "generator_loss", "penalty")
        ]
        self.built = True

    @property
    def metrics(self):
        return self.trackers

    def compile(self, generator_optimizer=None, discriminator_optimizer=None, **kwargs):
        """Both optimizers default to Adam without momentum, at a rate that falls as 1 / (1 +
        step / 1500).
        """
        super().compile(optimizer=None, jit_compile=False, **kwargs)
        set_optimizers(
            self,
            generator_optimizer or _default_optimizer(),
            discriminator_optimizer or _default_optimizer(),
        )

    def train_step(self, data):
        images, labels = data
        real_images = ops.cast(images, "float32") / 127.5 - 1.0
        discriminator_loss, penalty = self.discriminator_step(real_images, labels)
        generator_loss = self.generator_step(real_images, labels)
        self.count_step(images)
        update_average(self.average_generator, self.generator, self.ema_decay, self.steps.value)
        for tracker, value in zip(
            self.trackers, (discriminator_loss, generator_loss, penalty), strict=True
        ):
            tracker.update_state(value)
        return {tracker.name: tracker.result() for tracker in self.trackers}

    def discriminator_step(self, real_images, labels):
        """Moves the discriminator, and nothing else, on images in [-1, 1]; returns its loss and
        the penalty.
        """
        # Stateless: BatchNorm normalises by this batch but does not record it, or this step would
        # move the generator too.
        weights = self.generator.trainable_variables, self.generator.non_trainable_variables
        fake_images, _ = self.generator.stateless_call(
            *weights, [self._latents(labels), labels], training=True
        )
        variables = self.discriminator.trainable_variables
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch([variable.value for variable in variables])
            real_logits = self._logits(real_images, labels)
            fake_logits = self._logits(fake_images, labels)
            penalty = self._penalty(real_images, fake_images, labels)
            loss = ops.mean(self.discriminator_loss(real_logits, fake_logits))
            total = loss + self.penalty_weight * penalty
        self.discriminator_optimizer.apply(tape.gradient(total, variables), variables)
        return loss, penalty

    def generator_step(self, real_images, labels):
        """Moves the generator, and nothing else; returns its loss."""
        real_logits = (
            self._logits(real_images, labels) if self.loss_name == "relativistic" else None
        )
        variables = self.generator.trainable_variables
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch([variable.value for variable in variables])
            fake_images = self.generator([self._latents(labels), labels], training=True)
            loss = ops.mean(self.generator_loss(real_logits, self._logits(fake_images, labels)))
        self.generator_optimizer.apply(tape.gradient(loss, variables), variables)
        return loss

    def _latents(self, labels):
        return keras.random.normal(
            (ops.shape(labels)[0], self.latent_dim), seed=self.seed_generator
        )

    def _logits(self, images, labels):
        seen = diff_augment(images, self.augmentations, self.seed_generator)
        return self.discriminator([seen, labels], training=True)

    def _penalty(self, real_images, fake_images, labels):
        """The mean penalty of this step: 0 at the steps between, `penalty_every` times as much
        at the others.
        """
        if self.loss_name not in PENALTIES:
            return 0.0

        def critic(images):
            return self.discriminator([images, labels], training=True)

        def penalty():
            if self.loss_name == "wasserstein":
                return ops.mean(
                    gradient_penalty(critic, real_images, fake_images, self.seed_generator)
                )
            both = zero_centred_penalty(critic, real_images) + zero_centred_penalty(
                critic, fake_images
            )
            return 0.5 * ops.mean(both)

        if self.penalty_every == 1:
            return penalty()
        due = self.steps.value % self.penalty_every == 0
        return tf.cond(due, lambda: self.penalty_every * penalty(), lambda: 0.0)

    def sample(self, labels, seed):
        latents = keras.random.normal((len(labels), self.latent_dim), seed=seed)
        return (self._draw([latents, labels], training=False) + 1.0) / 2.0


def set_optimizers(model: keras.Model, generator_optimizer, discriminator_optimizer) -> None:
    """Gives a model with a `generator` and a `discriminator` an optimizer for each, with a state
    for its own variables.
    """
    model.generator_optimizer = generator_optimizer
    model.discriminator_optimizer = discriminator_optimizer
    # Built here, because Keras would skip the state of an unbuilt optimizer when it loads a
    # checkpoint.
    generator_optimizer.build(model.generator.trainable_variables)
    discriminator_optimizer.build(model.discriminator.trainable_variables)


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


def _default_optimizer() -> keras.optimizers.Optimizer:
    rate = keras.optimizers.schedules.InverseTimeDecay(4e-3, 1500, 1.0)
    return keras.optimizers.Adam(rate, beta_1=0.0, beta_2=0.99)
