"""What the course's models are measured with and against: a classifier that no author tuned to,
and the configurations of TensorFlow's tutorials.
"""

import keras
from _shared import mnist
from keras import layers, ops

from genimg_lib import models


def independent_classifier(seed: int = 7):
    """Trains a plain convolutional classifier and returns `images -> features, logits`; prints
    its test accuracy.
    """
    digits = mnist()
    keras.utils.set_random_seed(seed)
    images = keras.Input((28, 28, 1), dtype="uint8")
    x = ops.cast(images, "float32") / 255.0
    for width in (16, 32):
        x = layers.MaxPooling2D()(layers.Conv2D(width, 3, padding="same", activation="relu")(x))
    features = layers.Dense(128, activation="relu")(layers.Flatten()(x))
    classifier = keras.Model(images, layers.Dense(10)(features))
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    classifier.compile(keras.optimizers.Adam(1e-3), loss, metrics=["accuracy"])
    classifier.fit(digits.train_images, digits.train_labels, batch_size=128, epochs=4, verbose=0)
    accuracy = classifier.evaluate(digits.test_images, digits.test_labels, verbose=0)[1]
    print(f"independent classifier: test accuracy {accuracy:.4f}")
    network = keras.Model(images, [features, classifier.output])
    return lambda images: network.predict(images, batch_size=500, verbose=0)


def tutorial_gan(seed: int) -> keras.Model:
    """The configuration of TensorFlow's DCGAN tutorial:
    https://www.tensorflow.org/tutorials/generative/dcgan.
    """
    latents = keras.Input((100,))
    labels = keras.Input((), dtype="int32")
    x = layers.Reshape((7, 7, 256))(_normed(layers.Dense(7 * 7 * 256, use_bias=False)(latents)))
    x = _normed(layers.Conv2DTranspose(128, 5, padding="same", use_bias=False)(x))
    x = _normed(layers.Conv2DTranspose(64, 5, strides=2, padding="same", use_bias=False)(x))
    x = layers.Conv2DTranspose(1, 5, strides=2, padding="same", use_bias=False, activation="tanh")(
        x
    )
    generator = keras.Model([latents, labels], x)

    images = keras.Input((28, 28, 1))
    labels = keras.Input((), dtype="int32")
    x = images
    for width in (64, 128):
        x = layers.LeakyReLU(0.3)(layers.Conv2D(width, 5, strides=2, padding="same")(x))
        x = layers.Dropout(0.3)(x)
    logits = ops.squeeze(layers.Dense(1)(layers.Flatten()(x)), -1)
    discriminator = keras.Model([images, labels], logits)
    networks = {"generator": generator, "discriminator": discriminator}
    model = models.GAN(loss="non_saturating", latent_dim=100, ema_decay=0.0, seed=seed, **networks)
    model.compile(keras.optimizers.Adam(1e-4), keras.optimizers.Adam(1e-4))
    return model


def _normed(features):
    return layers.LeakyReLU(0.3)(layers.BatchNormalization()(features))


def tutorial_vae(seed: int) -> keras.Model:
    """The networks of TensorFlow's CVAE tutorial with 24 latents in place of 2, and Adam 1e-3 in
    place of 1e-4.

    As printed, with 2 latents, it is far worse:
    https://www.tensorflow.org/tutorials/generative/cvae.
    """
    latent_dim = 24
    images = keras.Input((28, 28, 1))
    labels = keras.Input((), dtype="int32")
    x = images
    for width in (32, 64):
        x = layers.Conv2D(width, 3, strides=2, activation="relu")(x)
    means, log_variances = ops.split(layers.Dense(2 * latent_dim)(layers.Flatten()(x)), 2, axis=-1)
    encoder = keras.Model([images, labels], [means, log_variances])

    latents = keras.Input((latent_dim,))
    labels = keras.Input((), dtype="int32")
    x = layers.Reshape((7, 7, 32))(layers.Dense(7 * 7 * 32, activation="relu")(latents))
    for width in (64, 32):
        x = layers.Conv2DTranspose(width, 3, strides=2, padding="same", activation="relu")(x)
    decoder = keras.Model([latents, labels], layers.Conv2DTranspose(1, 3, padding="same")(x))
    model = models.VAE(latent_dim=latent_dim, encoder=encoder, decoder=decoder, seed=seed)
    model.compile(keras.optimizers.Adam(1e-3))
    return model
