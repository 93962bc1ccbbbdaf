"""Trains the four small VAEs, sound and sick, that exercises 20 ask about; prints their logs and
draws their samples.

uv run tools/draw_vae_exercises.py      # about two CPU-minutes; writes
solutions/pictures/vae_rows.png
"""

import time
from pathlib import Path

import numpy as np
from PIL import Image

from genimg_lib.notebook import lesson

lesson.start()

import keras  # noqa: E402
from keras import layers, ops  # noqa: E402

from genimg_lib.data.images import load_mnist  # noqa: E402
from genimg_lib.models.vae import VAE  # noqa: E402
from genimg_lib.nn.losses import bernoulli_nll  # noqa: E402

PICTURE = Path(__file__).parents[1] / "solutions" / "pictures" / "vae_rows.png"
BATCH = 64
STEPS = 150
ROUNDS = 5
(IMAGES, _), (TEST_IMAGES, _) = load_mnist()
HELD_OUT = TEST_IMAGES[np.random.default_rng(0).permutation(len(TEST_IMAGES))[:1000]]


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
        images = IMAGES[part * STEPS * BATCH : (part + 1) * STEPS * BATCH]
        model.fit(images, batch_size=BATCH, epochs=1, verbose=0)
        measured = model.evaluate(HELD_OUT, batch_size=500, verbose=0)
        step = (part + 1) * STEPS
        print(
            f"{name:16} step {step:4}: reconstruction {measured['reconstruction']:7.2f}, KL "
            f"{measured['kl']:8.4f}"
        )
    print(f"{name:16} {time.process_time() - start:.0f} CPU-seconds", flush=True)
    return model


def mean_image_cost() -> float:
    """The nats that a decoder pays which knows nothing but how often each pixel is on."""
    on = np.clip(IMAGES.mean(axis=0) / 255.0, 1e-6, 1.0 - 1e-6)
    intensities = HELD_OUT / 255.0
    return float(
        -(intensities * np.log(on) + (1.0 - intensities) * np.log(1.0 - on))
        .sum(axis=(1, 2, 3))
        .mean()
    )


def draw(rows) -> None:
    """Rows of images under each other, ink dark on white."""
    framed = [np.concatenate([np.pad(image[..., 0], 1) for image in row], axis=1) for row in rows]
    picture = 255 - np.concatenate([np.pad(row, ((0, 6), (0, 0))) for row in framed])
    Image.fromarray(picture).resize((2 * picture.shape[1], 2 * picture.shape[0])).quantize(32).save(
        PICTURE, optimize=True
    )
    print(f"{PICTURE.name}: {PICTURE.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    PICTURE.parent.mkdir(exist_ok=True)
    print(f"knowing only the mean of each pixel costs {mean_image_cost():.2f} nats")
    without_kl = train("without KL", VAE(beta=0.0, seed=0))
    healthy = train("healthy", VAE(seed=0))
    averaged = train("mean over pixels", VAE(beta=784.0, seed=0))  # up to the loss's scale the same
    train("strong decoder", StrongDecoder(seed=0))
    samples = [model.generate(12, seed=1) for model in (averaged, without_kl, healthy)]
    draw([samples[0], samples[1], healthy.reconstruct(HELD_OUT[:12]), samples[2]])
