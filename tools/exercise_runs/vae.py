"""Exercises 20: the logs of four small VAEs, sound and sick, and samples of three of them."""

import time

import keras
import numpy as np
from _shared import doubled, ink_rows, mnist, save_exercise_picture
from keras import layers, ops

from genimg_lib.models import VAE
from genimg_lib.nn import bernoulli_nll

BATCH = 64
STEPS = 150
ROUNDS = 5


def held_out() -> np.ndarray:
    """1,000 test images."""
    images = mnist().test_images
    return images[np.random.default_rng(0).permutation(len(images))[:1000]]


class CausalConv(layers.Conv2D):
    """A convolution that sees the pixels above, and on its own row those to the left, with
    itself or without.
    """

    def __init__(self, *arguments, sees_itself, **keywords):
        super().__init__(*arguments, padding="same", **keywords)
        height, width = self.kernel_size
        mask = np.ones((height, width, 1, 1), np.float32)
        mask[height // 2, width // 2 + sees_itself :] = 0
        mask[height // 2 + 1 :] = 0
        self.mask = mask

    def call(self, inputs):
        return ops.conv(inputs, self.kernel * self.mask, padding="same") + self.bias


class StrongDecoder(VAE):
    """Its decoder predicts each pixel from the latents and from all pixels before it."""

    def __init__(self, **keywords):
        super().__init__(**keywords)
        first = CausalConv(32, 7, sees_itself=0)
        self.context = keras.Sequential(
            [
                first,
                layers.ReLU(),
                CausalConv(32, 3, sees_itself=1),
                layers.ReLU(),
                layers.Conv2D(1, 1),
            ]
        )
        self.context.build((None, 28, 28, 1))

    def pixel_nll(self, pixels, latents, labels):
        return bernoulli_nll(pixels, self.decoder([latents, labels]) + self.context(pixels))


def train(name, model):
    """Trains a model and prints, after every round, both terms of the ELBO on held-out images,
    in nats per image.
    """
    start = time.process_time()
    model.compile(keras.optimizers.Adam(2e-3))
    for part in range(ROUNDS):
        images = mnist().train_images[part * STEPS * BATCH : (part + 1) * STEPS * BATCH]
        model.fit(images, batch_size=BATCH, epochs=1, verbose=0)
        measured = model.evaluate(held_out(), batch_size=500, verbose=0)
        step = (part + 1) * STEPS
        print(
            f"{name:16} step {step:4}: reconstruction {measured['reconstruction']:7.2f}, KL "
            f"{measured['kl']:8.4f}"
        )
    print(f"{name:16} {time.process_time() - start:.0f} CPU-seconds", flush=True)
    return model


def mean_image_cost() -> float:
    """The nats that a decoder pays which knows nothing but how often each pixel is on."""
    on = np.clip(mnist().train_images.mean(axis=0) / 255.0, 1e-6, 1.0 - 1e-6)
    intensities = held_out() / 255.0
    return float(
        -(intensities * np.log(on) + (1.0 - intensities) * np.log(1.0 - on))
        .sum(axis=(1, 2, 3))
        .mean()
    )


def main() -> None:
    print(f"knowing only the mean of each pixel costs {mean_image_cost():.2f} nats")
    without_kl = train("without KL", VAE(beta=0.0, seed=0))
    healthy = train("healthy", VAE(seed=0))
    # up to the scale of the loss, the same as a mean over pixels
    averaged = train("mean over pixels", VAE(beta=784.0, seed=0))
    train("strong decoder", StrongDecoder(seed=0))
    rows = [
        averaged.generate(12, seed=1),
        without_kl.generate(12, seed=1),
        healthy.reconstruct(held_out()[:12]),
        healthy.generate(12, seed=1),
    ]
    save_exercise_picture(doubled(ink_rows(rows, gap=6)), "vae_rows.png", colours=32)
