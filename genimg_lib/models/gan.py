"""Generative adversarial networks: noise -> images."""

import keras
import tensorflow as tf
from keras import layers, ops

from genimg_lib.data.arguments import check_number, check_one_of, check_whole
from genimg_lib.models.adversarial import AdversarialModel
from genimg_lib.models.base import ImageGenerator
from genimg_lib.nn import replicas
from genimg_lib.nn.augment import AUGMENTATIONS, diff_augment
from genimg_lib.nn.layers import DepthToSpace, SpaceToDepth, check_sides
from genimg_lib.nn.losses import GAN_LOSSES, gradient_penalty, zero_centred_penalty
from genimg_lib.nn.precision import full_precision_twin

PENALTIES = {"wasserstein": (10.0, 1), "relativistic": (0.5, 8)}
"""Losses with a penalty -> its weight, and at every how many steps it is computed."""

DECAY_STEPS = 1500
"""After so many steps the learning rates have fallen to half."""
RISE_STEPS = 500
"""So many steps the discriminator's learning rate rises: see `default_discriminator_optimizer`."""


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
    x = layers.ReLU()(replicas.batch_normalization()(x))
    x = DepthToSpace()(layers.Conv2D(4 * width, 3, padding="same", use_bias=False)(x))
    x = layers.ReLU()(replicas.batch_normalization()(x))
    x = layers.Conv2D(width, 3, padding="same", use_bias=False)(x)
    x = layers.ReLU()(replicas.batch_normalization()(x))
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


@keras.saving.register_keras_serializable("genimg")
class GAN(AdversarialModel, ImageGenerator):
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

    METRICS = ("discriminator_loss", "generator_loss", "penalty")

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
        self.loss_name = check_one_of("loss", loss, GAN_LOSSES)
        self.latent_dim = check_whole("latent_dim", latent_dim)
        self.width = check_whole("width", width)
        self.augmentations = check_augmentations(augmentations)
        weight, every = PENALTIES.get(loss, (0.0, 1))
        if penalty_weight is not None:
            weight = check_number("penalty_weight", penalty_weight)
        if penalty_every is not None:
            every = check_whole("penalty_every", penalty_every)
        self.penalty_weight = weight
        self.penalty_every = every
        self.discriminator_loss, self.generator_loss = GAN_LOSSES[loss]
        if generator is None:
            generator = build_generator(
                self.image_shape, self.latent_dim, self.num_classes, self.width
            )
        if discriminator is None:
            discriminator = build_discriminator(self.image_shape, self.num_classes, self.width)
        self.set_players(generator, discriminator, check_number("ema_decay", ema_decay, 0.0, 1.0))
        self._twin = None
        if self.loss_name in PENALTIES and self.dtype_policy.name != "float32":
            # past Keras, which would count its weights among the model's
            object.__setattr__(self, "_twin", full_precision_twin(discriminator))
        self.built = True

    def arguments(self):
        # Keras uses the attribute `loss` for something else
        return super().arguments() | {"loss": self.loss_name}

    def default_optimizer(self):
        """Adam without momentum, at a rate that falls as 1 / (1 + step / `DECAY_STEPS`)."""
        return _adam(self.scaled_rate(4e-3))

    def default_discriminator_optimizer(self):
        """The same, at a rate that falls faster with the size of the images: the logit is one sum
        over the whole image, and a discriminator that wins at once teaches the generator nothing.
        For images larger than digits it also begins lower, at no less than a quarter of the
        generator's, and has risen after `RISE_STEPS`: at 32x32 in colour the full rate made it win
        within ten steps, and a quarter to the end left the samples worse.
        """
        rate = self.scaled_rate(4e-3, power=1.0)
        first = self.scaled_rate(4e-3) * max(0.25, self.scaled_rate(1.0, power=1.0))
        return _adam(rate, min(1.0, first / rate))

    def play(self, images, labels):
        real_images = ops.cast(images, "float32") / 127.5 - 1.0
        discriminator_loss, penalty = self.discriminator_step(real_images, labels)
        return {
            "discriminator_loss": discriminator_loss,
            "generator_loss": self.generator_step(real_images, labels),
            "penalty": penalty,
        }

    def terms(self, images, labels):
        """Both players' losses, without the penalty and without moving anything, as `evaluate`
        reports them.
        """
        real_images = ops.cast(images, "float32") / 127.5 - 1.0
        fake_images = self.generator([self._latents(labels), labels], training=False)
        real_logits = self.discriminator([real_images, labels], training=False)
        fake_logits = self.discriminator([fake_images, labels], training=False)
        real_logits = ops.cast(real_logits, "float32")
        fake_logits = ops.cast(fake_logits, "float32")
        return {
            "discriminator_loss": self.discriminator_loss(real_logits, fake_logits),
            "generator_loss": self.generator_loss(real_logits, fake_logits),
        }

    def discriminator_step(self, real_images, labels):
        """Moves the discriminator, and nothing else, on images in [-1, 1]; returns its loss and
        the penalty.
        """
        # Stateless: BatchNorm normalises by this batch but does not record it, or this step would
        # move the generator too.
        fake_images, _ = self.generator.stateless_call(
            self.generator.trainable_variables,
            self.generator.non_trainable_variables,
            [self._latents(labels), labels],
            training=True,
        )
        fake_images = ops.cast(fake_images, "float32")
        variables = self.discriminator.trainable_variables
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch([variable.value for variable in variables])
            real_logits = self._logits(real_images, labels)
            fake_logits = self._logits(fake_images, labels)
            penalty = self._penalty(real_images, fake_images, labels)
            loss = ops.mean(self.discriminator_loss(real_logits, fake_logits))
            total = replicas.share(loss + self.penalty_weight * penalty)
            total = self.discriminator_optimizer.scale_loss(total)
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
            fake_images = ops.cast(fake_images, "float32")
            loss = ops.mean(self.generator_loss(real_logits, self._logits(fake_images, labels)))
            scaled_loss = self.generator_optimizer.scale_loss(replicas.share(loss))
        self.generator_optimizer.apply(tape.gradient(scaled_loss, variables), variables)
        return loss

    def _latents(self, labels):
        return replicas.normal((ops.shape(labels)[0], self.latent_dim), seed=self.seed_generator)

    def _logits(self, images, labels):
        seen = diff_augment(images, self.augmentations, self.seed_generator)
        return ops.cast(self.discriminator([seen, labels], training=True), "float32")

    def _logits_for_penalty(self, inputs):
        """In full precision: a penalty is a gradient, and is differentiated once more."""
        if self._twin is None:
            return self.discriminator(inputs, training=True)
        weights = self.discriminator.trainable_variables, self.discriminator.non_trainable_variables
        return self._twin.stateless_call(*weights, inputs, training=True)[0]

    def _penalty(self, real_images, fake_images, labels):
        """The mean penalty of this step: 0 at the steps between, `penalty_every` times as much
        at the others.
        """
        if self.loss_name not in PENALTIES:
            return 0.0

        def critic(images):
            return self._logits_for_penalty([images, labels])

        def penalty():
            if self.loss_name == "wasserstein":
                penalties = gradient_penalty(critic, real_images, fake_images, self.seed_generator)
                return ops.mean(penalties)
            on_real = zero_centred_penalty(critic, real_images)
            on_fake = zero_centred_penalty(critic, fake_images)
            return 0.5 * ops.mean(on_real + on_fake)

        if self.penalty_every == 1:
            return penalty()
        due = self.steps.value % self.penalty_every == 0
        return tf.cond(due, lambda: self.penalty_every * penalty(), lambda: 0.0)

    def sample(self, labels, seed):
        latents = keras.random.normal((len(labels), self.latent_dim), seed=seed)
        images = ops.cast(self._draw([latents, labels], training=False), "float32")
        return (images + 1.0) / 2.0


@keras.saving.register_keras_serializable("genimg")
class RisingDecay(keras.optimizers.schedules.LearningRateSchedule):
    """rate / (1 + step / `DECAY_STEPS`), times a share that rises from `first_share` to 1 in
    `RISE_STEPS` steps.
    """

    def __init__(self, rate: float, first_share: float):
        self.rate, self.first_share = rate, first_share

    def __call__(self, step):
        step = ops.cast(step, "float32")
        risen = ops.minimum(1.0, step / RISE_STEPS)
        share = self.first_share + (1.0 - self.first_share) * risen
        return share * self.rate / (1.0 + step / DECAY_STEPS)

    def get_config(self):
        return {"rate": self.rate, "first_share": self.first_share}


def _adam(rate: float, first_share: float = 1.0) -> keras.optimizers.Adam:
    schedule = keras.optimizers.schedules.InverseTimeDecay(rate, DECAY_STEPS, 1.0)
    if first_share < 1.0:
        schedule = RisingDecay(rate, first_share)
    return keras.optimizers.Adam(schedule, beta_1=0.0, beta_2=0.99)


def check_augmentations(names) -> tuple[str, ...]:
    """Returns names in `augment.AUGMENTATIONS`, or raises `ValueError` or `TypeError`."""
    if isinstance(names, str):
        raise TypeError(
            f"augmentations must be a sequence of names, got {names!r}: write ({names!r},)"
        )
    for name in names:
        if name not in AUGMENTATIONS:
            raise ValueError(
                f"unknown augmentation {name!r}; known are: {', '.join(AUGMENTATIONS)}"
            )
    return tuple(names)
