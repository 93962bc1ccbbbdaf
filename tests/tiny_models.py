"""Models small enough to train in a second, for images of any size; most tests use the 3x3 world of `exact`."""

import keras
import numpy as np
from keras import layers, ops

from genimg_lib import exact
from genimg_lib.gan import GAN
from genimg_lib.vae import VAE

SHAPE = (exact.SIDE, exact.SIDE, 1)
CLASSES = ("dark", "light")


def images(count: int = 256, seed: int = 0) -> np.ndarray:
    """Draws from the enumerable world: pixels 0 or 255."""
    return exact.sample_images(exact.strokes(), count, seed=seed)


def labels(pictures: np.ndarray) -> np.ndarray:
    """A class that can be seen: whether the pixel in the middle is on."""
    return (pictures[:, 1, 1, 0] > 0).astype(np.int32)


def _with_classes(features, classes, num_classes):
    if not num_classes:
        return features
    return layers.Concatenate()([features, layers.CategoryEncoding(num_classes, output_mode="one_hot")(classes)])


def build_encoder(latent_dim=2, num_classes=0, shape=SHAPE, width=16):
    pictures, classes = keras.Input(shape), keras.Input((), dtype="int32")
    features = _with_classes(layers.Flatten()(pictures), classes, num_classes)
    features = layers.Dense(width, activation="tanh")(features)
    return keras.Model([pictures, classes], ops.split(layers.Dense(2 * latent_dim)(features), 2, axis=-1))


def build_decoder(latent_dim=2, num_classes=0, shape=SHAPE, width=16):
    latents, classes = keras.Input((latent_dim,)), keras.Input((), dtype="int32")
    features = layers.Dense(width, activation="tanh")(_with_classes(latents, classes, num_classes))
    return keras.Model([latents, classes], layers.Reshape(shape)(layers.Dense(int(np.prod(shape)))(features)))


def build_generator(latent_dim=4, num_classes=0, shape=SHAPE, width=32):
    """With batch normalisation, so that there are statistics to carry."""
    latents, classes = keras.Input((latent_dim,)), keras.Input((), dtype="int32")
    features = layers.Dense(width)(_with_classes(latents, classes, num_classes))
    features = layers.ReLU()(layers.BatchNormalization(momentum=0.9)(features))
    features = layers.Dense(int(np.prod(shape)), activation="tanh")(features)
    return keras.Model([latents, classes], layers.Reshape(shape)(features))


def build_discriminator(num_classes=0, shape=SHAPE, width=32):
    pictures, classes = keras.Input(shape), keras.Input((), dtype="int32")
    features = _with_classes(layers.Flatten()(pictures), classes, num_classes)
    for _ in range(2):
        features = layers.LeakyReLU(0.2)(layers.Dense(width)(features))
    return keras.Model([pictures, classes], ops.squeeze(layers.Dense(1)(features), -1))


def vae(seed=0, class_names=None, latent_dim=2, prior_components=2, **options) -> VAE:
    keras.utils.set_random_seed(seed)
    count = len(class_names or ())
    return VAE(
        image_shape=SHAPE,
        latent_dim=latent_dim,
        prior_components=prior_components,
        class_names=class_names,
        seed=seed,
        encoder=options.pop("encoder", None) or build_encoder(latent_dim, count),
        decoder=options.pop("decoder", None) or build_decoder(latent_dim, count),
        **options,
    )


def gan(seed=0, class_names=None, latent_dim=4, **options) -> GAN:
    keras.utils.set_random_seed(seed)
    count = len(class_names or ())
    return GAN(
        image_shape=SHAPE,
        latent_dim=latent_dim,
        class_names=class_names,
        seed=seed,
        generator=build_generator(latent_dim, count),
        discriminator=build_discriminator(count),
        **options,
    )
