"""Exercises 22: the logs of VAEs that differ in the price of a nat of KL alone."""

import time

import keras
import numpy as np
from _shared import mnist
from keras import ops

from genimg_lib.models import VAE

BATCH = 64
STEPS = 75
ROUNDS = 8
FREE = 2.0


def held_out() -> np.ndarray:
    """1,000 test images."""
    images = mnist().test_images
    return images[np.random.default_rng(0).permutation(len(images))[:1000]]


class FreeBits(VAE):
    """Every latent may spend `FREE` nats, as a mean over the batch, without paying for them."""

    def terms(self, images, labels):
        pixels = self.pixels(images, self.seed_generator)
        means, log_variances = self.encoder([pixels, labels])
        noise = keras.random.normal(ops.shape(means), seed=self.seed_generator)
        latents = means + ops.exp(log_variances / 2) * noise
        kl = 0.5 * (ops.square(means) + ops.exp(log_variances) - 1.0 - log_variances)
        charged = ops.sum(ops.maximum(ops.mean(kl, axis=0), FREE))
        reconstruction = self.pixel_nll(pixels, latents, labels)
        return {
            "negative_elbo": reconstruction + ops.sum(kl, axis=-1),
            "reconstruction": reconstruction,
            "kl": charged,
        }


def train(name, model):
    """Trains a model and prints, after every round, both terms of the ELBO on held-out images,
    in nats per image.
    """
    start = time.process_time()
    model.compile(keras.optimizers.Adam(2e-3))
    images = held_out()
    for part in range(ROUNDS):
        batch = mnist().train_images[part * STEPS * BATCH : (part + 1) * STEPS * BATCH]
        model.fit(batch, batch_size=BATCH, epochs=1, verbose=0)
        pixels = model.pixels(images, 1)
        terms = model.elbo_terms(pixels, ops.zeros(len(images), "int32"), 2)
        reconstruction, kl = (float(ops.mean(term)) for term in terms)
        print(
            f"{name:12} step {(part + 1) * STEPS:4}: reconstruction {reconstruction:6.1f}, "
            f"KL {kl:5.1f}"
        )
    print(f"{name:12} {time.process_time() - start:.0f} CPU-seconds", flush=True)


def main() -> None:
    line = keras.optimizers.schedules.PolynomialDecay
    train("rising", VAE(beta=line(0.0, 200, 1.0), seed=0))
    train("free bits", FreeBits(seed=0))
    train("beta 1", VAE(seed=0))
    train("falling", VAE(beta=line(10.0, 200, 1.0), seed=0))
