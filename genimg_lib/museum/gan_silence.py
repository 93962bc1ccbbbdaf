"""The article's first program once it runs: faults that raise no exception.

A broken and a fixed run differ in one line.
"""

import functools
from typing import NamedTuple

import keras
import numpy as np
import tensorflow as tf

from genimg_lib.data.images import load_mnist
from genimg_lib.models.gan import build_discriminator, build_generator
from genimg_lib.museum.exhibit import Exhibit
from genimg_lib.nn.losses import binary_cross_entropy

LATENT, BATCH = 32, 64


def targets_that_agree(real_logits, fake_logits):
    """Both losses fall to 0 and the samples stay noise: D calls real images 0 and fake ones 1,
    just what G wants.
    """
    return binary_cross_entropy(0.0, real_logits) + binary_cross_entropy(1.0, fake_logits)


def targets_that_oppose(real_logits, fake_logits):
    """D wants 1 for real and 0 for fake, G wants 1 for its own. (Flipping all three targets
    would be the same game.)
    """
    return binary_cross_entropy(1.0, real_logits) + binary_cross_entropy(0.0, fake_logits)


def scale_for_unit_floats(images):
    """The losses look healthy and the samples stay black: a formula for [0, 1] is used on bytes,
    and tanh ends at 1.
    """
    return (images - 0.5) * 2


def scale_for_bytes(images):
    """Bytes go to [-1, 1] by (x - 127.5) / 127.5. Assert the range once."""
    return (images - 127.5) / 127.5


class Run(NamedTuple):
    """What is kept of a training.

    Attributes:
        generator_losses, discriminator_losses: (steps,).
        same_images: (steps,), the loss that G would have for the same 40 real digits, as D judges
            them after each step.
        samples: 100 `uint8` images (28, 28, 1), mapped back as the run's own scale says.
        pixels: the lowest and the highest value that D is shown as real.
    """

    generator_losses: np.ndarray
    discriminator_losses: np.ndarray
    same_images: np.ndarray
    samples: np.ndarray
    pixels: tuple[float, float]


def run(
    targets=targets_that_oppose, scale=scale_for_bytes, steps: int = 120, rate: float = 2e-3
) -> Run:
    """Trains a small GAN on MNIST with the given parts, always from the same start.

    About 25 CPU-milliseconds a step. Each choice of arguments is trained once, and remembered.
    """
    return _train(targets, scale, steps, rate)


@functools.cache
def _train(targets, scale, steps, rate) -> Run:
    real = tf.constant(scale(load_mnist()[0][0][:10000].astype("float32")))
    keras.utils.set_random_seed(0)
    generator = build_generator((28, 28, 1), LATENT, width=8)
    discriminator = build_discriminator((28, 28, 1), width=8)
    networks = (generator, discriminator)
    optimizers = [keras.optimizers.Adam(rate, beta_1=0.0, beta_2=0.99) for _ in networks]
    for optimizer, network in zip(optimizers, networks, strict=True):
        optimizer.build(network.trainable_variables)

    def judge(images):
        return discriminator([images, tf.zeros(len(images), "int32")])

    @tf.function
    def step(batch, latents):
        with tf.GradientTape(persistent=True) as tape:
            fake_logits = judge(generator([latents, tf.zeros(BATCH, "int32")], training=True))
            generator_loss = tf.reduce_mean(binary_cross_entropy(1.0, fake_logits))
            discriminator_loss = tf.reduce_mean(targets(judge(batch), fake_logits))
        losses = (generator_loss, discriminator_loss)
        for optimizer, network, loss in zip(optimizers, networks, losses, strict=True):
            variables = network.trainable_variables
            optimizer.apply(tape.gradient(loss, variables), variables)
        same_images = tf.reduce_mean(binary_cross_entropy(1.0, judge(real[-40:])))
        return generator_loss, discriminator_loss, same_images

    rows = np.random.default_rng(0).integers(0, len(real), (steps, BATCH))
    noise = tf.random.stateless_normal((steps, BATCH, LATENT), seed=(0, 0))
    losses = np.array(
        [step(tf.gather(real, row), latents) for row, latents in zip(rows, noise, strict=True)]
    )
    latents = tf.random.stateless_normal((100, LATENT), seed=(0, 1))
    generated = generator([latents, tf.zeros(100, "int32")]).numpy()
    low, high = scale(np.float32([0, 255]))
    samples = np.uint8(np.clip(np.round((generated - low) / (high - low) * 255), 0, 255))
    return Run(*losses.T, samples, (float(low), float(high)))


def end_of(a_run: Run) -> dict:
    """The last losses and the mean brightness of the samples, 0 to 255: that of MNIST is 33."""
    return {
        "G": float(a_run.generator_losses[-10:].mean()),
        "D": float(a_run.discriminator_losses[-10:].mean()),
        "brightness": float(a_run.samples.mean()),
    }


def healthy_losses(scale) -> dict:
    """The run at the article's learning rate: the end, the range of the pixels and the brightest
    byte of the samples.
    """
    a_run = run(scale=scale, rate=1e-4)
    return end_of(a_run) | {"pixels": a_run.pixels, "brightest": int(a_run.samples.max())}


def program_as_printed():
    """Read this log: after the first epochs the two losses are the same number to seven digits,
    and both fall.
    """
    return {"targets": targets_that_agree, "scale": scale_for_unit_floats}


def program_repaired():
    """With D's targets right its loss is another number: where two losses agree in every digit
    they are one expression.
    """
    return {"targets": targets_that_oppose, "scale": scale_for_bytes}


def largest_gap(parts) -> float:
    """The largest difference between D's loss and G's in the last 10 steps."""
    a_run = run(**parts())
    return float(np.abs(a_run.discriminator_losses - a_run.generator_losses)[-10:].max())


def steps_of_half_a_batch(count, batch_size):
    """An epoch has 32 steps, whatever the number of images: 50 epochs are 1,600 updates."""
    return batch_size // 2


def steps_of_the_data(count, batch_size):
    """An epoch is the number of batches in the data."""
    return count // batch_size


def rows_one_by_one(step, batch_size):
    """One real image a step faces 64 fakes, and each epoch starts again at image 0: all the
    others are never seen.
    """
    return range(step, step + 1)


def rows_by_the_batch(step, batch_size):
    """Shuffle once an epoch, and take a whole batch: `[i * b : (i + 1) * b]`, or `tf.data`."""
    return range(step * batch_size, (step + 1) * batch_size)


def never_seen(rows, count: int = 60000) -> dict:
    """Images of 60,000 that no step touches, with the article's 32 steps and with a whole epoch
    of them.
    """
    epochs = {"in 32 steps": 32, "in 937 steps": 937}
    return {
        name: count - len({row for i in range(steps) for row in rows(i, BATCH)})
        for name, steps in epochs.items()
    }


ROOM = (
    Exhibit(
        "G05",
        targets_that_agree,
        targets_that_oppose,
        lambda end: end["G"] < 0.01 and end["D"] < 0.01 and end["brightness"] > 90,
        lambda targets: end_of(run(targets=targets)),
    ),
    Exhibit(
        "G06",
        scale_for_unit_floats,
        scale_for_bytes,
        lambda end: 0.4 < end["D"] < 1.1 and end["brightest"] <= 1,
        healthy_losses,
    ),
    Exhibit("G05+G06", program_as_printed, program_repaired, lambda gap: gap < 1e-3, largest_gap),
    Exhibit(
        "G07",
        steps_of_half_a_batch,
        steps_of_the_data,
        lambda updates: updates == 1600,
        lambda steps: 50 * steps(60000, BATCH),
    ),
    Exhibit(
        "G08",
        rows_one_by_one,
        rows_by_the_batch,
        lambda unseen: unseen["in 32 steps"] == 59968,
        never_seen,
    ),
)
