"""Damaged images -> images: one model that learns to undo any degradation, with a plain or an
adversarial loss.
"""

from collections.abc import Callable

import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops

from genimg_lib.data import degradations
from genimg_lib.data.arguments import check_number, check_whole
from genimg_lib.data.images import check_images, to_uint8
from genimg_lib.models.adversarial import AdversarialModel
from genimg_lib.models.saving import deserialised
from genimg_lib.nn import replicas
from genimg_lib.nn.batches import in_batches
from genimg_lib.nn.layers import DepthToSpace, SpaceToDepth, check_sides
from genimg_lib.nn.losses import bernoulli_nll, relativistic_discriminator, relativistic_generator

EMA_DECAY = 0.99
"""Of the average of the generator's weights, which `restore` uses."""


def build_restorer(image_shape, degraded_shape, width: int = 16) -> keras.Model:
    """Degraded images in [0, 1] -> logits of the images' intensities; all work is done at half and
    a quarter of the side.

    The folded input goes to the last layer as well, so that what is undamaged only has to be
    copied.
    """
    check_sides(image_shape)
    degraded = keras.Input(degraded_shape, name="degraded")
    folded = SpaceToDepth(2 * degraded_shape[0] // image_shape[0])(degraded)
    fine = _convolve(folded, width)
    coarse = _convolve(fine, 2 * width, strides=2)
    for _ in range(2):
        coarse = coarse + _convolve(coarse, 2 * width)
    fine = fine + DepthToSpace()(_convolve(coarse, 4 * width))
    x = layers.Concatenate()([_convolve(fine, width), folded])
    logits = DepthToSpace()(layers.Conv2D(4 * image_shape[-1], 3, padding="same")(x))
    return keras.Model(degraded, logits, name="generator")


def build_patch_discriminator(image_shape, degraded_shape, width: int = 16) -> keras.Model:
    """Degraded images and images, both in [0, 1] -> one logit for each patch of 4x4 pixels, (batch,
    height/4, width/4).

    It sees the pair: an image that is sharp but does not fit is as wrong as a blurred one. Source:
    Isola et al., arXiv:1611.07004, section 3.2.2 (patches) and equation 1 (pairs).
    """
    degraded = keras.Input(degraded_shape, name="degraded")
    images = keras.Input(image_shape, name="images")
    folded = SpaceToDepth(2 * degraded_shape[0] // image_shape[0])(degraded)
    x = layers.Concatenate()([folded, SpaceToDepth()(images)])
    for filters, strides in ((width, 1), (2 * width, 2), (2 * width, 1)):
        x = _convolve(x, filters, strides)
    logits = layers.Conv2D(1, 3, padding="same")(x)
    return keras.Model([degraded, images], ops.squeeze(logits, -1), name="discriminator")


def _convolve(x, filters: int, strides: int = 1):
    return layers.LeakyReLU(0.2)(layers.Conv2D(filters, 3, strides=strides, padding="same")(x))


@keras.saving.register_keras_serializable("genimg")
class Restorer(AdversarialModel):
    """Learns to undo a degradation from clean images alone: it spoils them itself, anew at every
    step.

    The loss is reconstruction + `adversarial_weight` * adversarial, in nats per image.
    Reconstruction is the Bernoulli loss, best at the *mean* of all images that fit the input. With
    a weight above 0, a discriminator looks at the pairs (degraded, image) as well, and a mean that
    looks like no image is punished.

    Args:
        degrade: a function of (`uint8` images, seed) -> `uint8` images, of the same size or half as
            high and wide.
        adversarial_weight: 0 for the plain loss.
        width: filters of the thinnest layer.
        generator, discriminator: networks in place of the default ones, with the same inputs and
            outputs.

    Raises `TypeError` or `ValueError` for a `degrade` that is no such function, or a negative
    weight.
    """

    METRICS = ("reconstruction", "adversarial", "discriminator_loss")

    def __init__(
        self,
        degrade: Callable,
        *,
        adversarial_weight: float = 0.0,
        width: int = 16,
        generator: keras.Model | None = None,
        discriminator: keras.Model | None = None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        if replicas.count() > 1:
            raise ValueError(
                "a Restorer trains on one device: `degrade` spoils a whole batch in NumPy"
            )
        if not callable(degrade):
            raise TypeError(f"degrade must be a function of (images, seed), got {degrade!r}")
        self.degrade = degrade
        self.adversarial_weight = check_number("adversarial_weight", adversarial_weight)
        self.width = check_whole("width", width)
        example = check_images(
            degrade(np.zeros((1, *self.image_shape), np.uint8), 0), name="what degrade returns"
        )
        self.degraded_shape = example.shape[1:]
        if self.degraded_shape[:2] not in (
            self.image_shape[:2],
            tuple(side // 2 for side in self.image_shape[:2]),
        ):
            raise ValueError(
                f"degrade must keep or halve height and width: {self.image_shape} became "
                f"{self.degraded_shape}"
            )
        shapes = self.image_shape, self.degraded_shape
        if generator is None:
            generator = build_restorer(*shapes, self.width)
        if discriminator is None:
            discriminator = build_patch_discriminator(*shapes, self.width)
        self.set_players(generator, discriminator, EMA_DECAY)
        self.built = True

    def arguments(self):
        return super().arguments() | {"degrade": name_of_degradation(self.degrade)}

    @classmethod
    def from_config(cls, config):
        config = dict(config)
        degrade = degradation_called(config.pop("degrade"))
        return cls(degrade, **deserialised(config))

    def default_optimizer(self):
        """Adam at a rate that falls as 1 / (1 + step / 1000)."""
        rate = keras.optimizers.schedules.InverseTimeDecay(3e-3, 1000, 1.0)
        return keras.optimizers.Adam(rate, beta_1=0.5, beta_2=0.99)

    def play(self, images, labels):
        # a function of the model's seed and of the step: known again after a resume
        seed = tf.stack([tf.cast(self.seed_generator.state[0], tf.int64), self.steps.value])
        degraded, clean = self._pair(images, seed)
        discriminator_loss = 0.0
        if self.adversarial_weight:
            discriminator_loss = self.discriminator_step(degraded, clean)
        reconstruction, adversarial = self.generator_step(degraded, clean)
        return {
            "reconstruction": reconstruction,
            "adversarial": adversarial,
            "discriminator_loss": discriminator_loss,
        }

    def test_step(self, data):
        images, _ = data
        degraded, clean = self._pair(images, tf.constant([0], tf.int64))
        logits = ops.cast(self.average_generator(degraded), "float32")
        return self.report({"reconstruction": bernoulli_nll(clean, logits)})

    def _pair(self, images, seed):
        """`uint8` images -> degraded and clean ones, as floats in [0, 1]."""
        degraded = tf.numpy_function(self.degrade, (images, seed), tf.uint8)
        degraded.set_shape((images.shape[0], *self.degraded_shape))
        return ops.cast(degraded, "float32") / 255.0, ops.cast(images, "float32") / 255.0

    def _logits(self, degraded, images):
        return ops.cast(self.discriminator([degraded, images]), "float32")

    def discriminator_step(self, degraded, clean):
        """Moves the discriminator, and nothing else, on images in [0, 1]; returns its loss."""
        restored = ops.sigmoid(ops.cast(self.generator(degraded), "float32"))
        variables = self.discriminator.trainable_variables
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch([variable.value for variable in variables])
            real_logits = self._logits(degraded, clean)
            fake_logits = self._logits(degraded, restored)
            loss = ops.mean(relativistic_discriminator(real_logits, fake_logits))
            scaled_loss = self.discriminator_optimizer.scale_loss(loss)
        self.discriminator_optimizer.apply(tape.gradient(scaled_loss, variables), variables)
        return loss

    def generator_step(self, degraded, clean):
        """Moves the generator, and nothing else; returns the two parts of its loss."""
        variables = self.generator.trainable_variables
        adversarial = 0.0
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch([variable.value for variable in variables])
            logits = ops.cast(self.generator(degraded, training=True), "float32")
            reconstruction = ops.mean(bernoulli_nll(clean, logits))
            if self.adversarial_weight:
                fake_logits = self._logits(degraded, ops.sigmoid(logits))
                adversarial = ops.mean(
                    relativistic_generator(self._logits(degraded, clean), fake_logits)
                )
            loss = reconstruction + self.adversarial_weight * adversarial
            loss = self.generator_optimizer.scale_loss(loss)
        self.generator_optimizer.apply(tape.gradient(loss, variables), variables)
        return reconstruction, adversarial

    def restore(self, images) -> np.ndarray:
        """Degraded `uint8` images (n, *degraded_shape) -> restored `uint8` images (n,
        *image_shape).

        Raises `TypeError` or `ValueError` for images that break the contract or have another size.
        """
        images = check_images(images, shape=self.degraded_shape)

        def restored(part):
            logits = self._draw(part / np.float32(255))
            return to_uint8(ops.sigmoid(ops.cast(logits, "float32")))

        return in_batches(restored, images)


def name_of_degradation(function: Callable) -> str:
    """The name under which a `.keras` file remembers a degradation; the function is not saved.

    Raises `ValueError` for one that is neither in `data.degradations` nor registered with Keras.
    """
    name = getattr(function, "__name__", repr(function))
    if getattr(degradations, name, None) is function:
        return name
    registered = keras.saving.get_registered_name(function)
    if keras.saving.get_registered_object(registered) is function:
        return registered
    raise ValueError(
        f"the degradation {name} cannot be saved: register it with "
        "@keras.saving.register_keras_serializable('my_package'), or use save_weights"
    )


def degradation_called(name: str) -> Callable:
    """Undoes `name_of_degradation`."""
    if name in degradations.__all__:
        return getattr(degradations, name)
    registered = keras.saving.get_registered_object(name)
    if registered is None:
        raise ValueError(f"no degradation {name!r} is registered with Keras: import it first")
    return registered
