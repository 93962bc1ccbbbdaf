"""Exercises 30 and 32: samples, curves and logs of nine small GANs, sound and sick."""

from typing import NamedTuple

import keras
import numpy as np
import tensorflow as tf
from _shared import mnist, rendered, save_exercise_picture
from matplotlib import pyplot as plt

from genimg_lib.evaluation.metrics import predict_labels
from genimg_lib.models.gan import build_discriminator, build_generator
from genimg_lib.nn import losses

BATCH = 64
STEPS = 300
EVERY = 10
NEVER = STEPS + 1


def bytes_to_tanh(images):
    return images / 127.5 - 1.0


def as_if_unit_floats(images):
    return (images - 0.5) * 2.0


def swapped_discriminator(real_logits, fake_logits):
    real_loss = losses.binary_cross_entropy(0.0, real_logits)
    return real_loss + losses.binary_cross_entropy(1.0, fake_logits)


class Game(NamedTuple):
    """Both networks of a GAN, with their optimizers and losses."""

    generator: keras.Model
    discriminator: keras.Model
    generator_optimizer: keras.optimizers.Optimizer
    discriminator_optimizer: keras.optimizers.Optimizer
    generator_loss: object
    discriminator_loss: object


def build_game(loss, discriminator_loss, latent_dim, rates, seed) -> Game:
    """`rates` are the learning rates of generator and discriminator."""
    keras.utils.set_random_seed(seed)
    loss_of_d, loss_of_g = losses.GAN_LOSSES[loss]
    generator = build_generator((28, 28, 1), latent_dim, width=12)
    discriminator = build_discriminator((28, 28, 1), width=12)
    optimizers = [keras.optimizers.Adam(rate, beta_1=0.0, beta_2=0.99) for rate in rates]
    for optimizer, player in zip(optimizers, (generator, discriminator), strict=True):
        optimizer.build(player.trainable_variables)
    return Game(generator, discriminator, *optimizers, loss_of_g, discriminator_loss or loss_of_d)


def training_step(game: Game, together: bool):
    """A compiled function: real images, latents and whether D learns -> the losses of D and G.

    `together` computes both losses before either player moves.
    """
    labels = tf.zeros(BATCH, "int32")
    generator_variables = game.generator.trainable_variables
    discriminator_variables = game.discriminator.trainable_variables

    def both_losses(real_images, latents):
        fake_images = game.generator([latents, labels], training=True)
        fake_logits = game.discriminator([fake_images, labels])
        real_logits = game.discriminator([real_images, labels])
        return (
            tf.reduce_mean(game.discriminator_loss(real_logits, fake_logits)),
            tf.reduce_mean(game.generator_loss(real_logits, fake_logits)),
        )

    @tf.function
    def step(real_images, latents, learns):
        with tf.GradientTape(persistent=True) as tape:
            loss_of_d, loss_of_g = both_losses(real_images, latents)
        discriminator_gradients = tape.gradient(loss_of_d, discriminator_variables)
        if together:
            generator_gradients = tape.gradient(loss_of_g, generator_variables)
            game.generator_optimizer.apply(generator_gradients, generator_variables)
            game.discriminator_optimizer.apply(discriminator_gradients, discriminator_variables)
        else:
            if learns:
                game.discriminator_optimizer.apply(discriminator_gradients, discriminator_variables)
            with tf.GradientTape() as tape:
                _, loss_of_g = both_losses(real_images, latents)
            generator_gradients = tape.gradient(loss_of_g, generator_variables)
            game.generator_optimizer.apply(generator_gradients, generator_variables)
        return loss_of_d, loss_of_g

    return step


def mean_logit(game: Game, images) -> float:
    """What D thinks of 100 images."""
    return float(tf.reduce_mean(game.discriminator([images, tf.zeros(100, "int32")])))


def snapshot(game: Game, scale, latents) -> dict:
    """The mean logits of 100 real and 100 fake images, and the fake ones as bytes."""
    fake_images = game.generator([latents, tf.zeros(100, "int32")])
    real_images = tf.constant(scale(mnist().test_images[:100].astype("float32")))
    low = scale(np.float32(0))
    high = scale(np.float32(255))
    levels = np.round((fake_images.numpy() - low) / (high - low) * 255)
    return {
        "logits": [mean_logit(game, real_images), mean_logit(game, fake_images)],
        "samples": np.uint8(np.clip(levels, 0, 255)),
    }


def run(
    loss="non_saturating",
    *,
    discriminator_loss=None,
    scale=bytes_to_tanh,
    real=None,
    latent_dim=32,
    rates=(2e-3, 2e-3),
    frozen_from=NEVER,
    steps=STEPS,
    together=False,
    seed=0,
) -> list[dict]:
    """Trains one GAN: a page every `EVERY` steps with both losses, both mean logits and 100 samples
    as bytes.

    `real` are the real images, MNIST unless given, and `scale` maps their bytes to floats; from
    step `frozen_from` on D no longer learns. `together` as for `training_step`.
    """
    real = mnist().train_images if real is None else real
    game = build_game(loss, discriminator_loss, latent_dim, rates, seed)
    step = training_step(game, together)
    noise = np.random.default_rng(seed).normal(size=(steps, BATCH, latent_dim)).astype("float32")
    fixed = tf.constant(np.random.default_rng(99).normal(size=(100, latent_dim)), "float32")
    pages = []
    since = []
    for number in range(1, steps + 1):
        start = (number - 1) * BATCH % (len(real) - BATCH)
        batch = scale(real[start : start + BATCH].astype("float32"))
        both = step(batch, noise[number - 1], number < frozen_from)
        since.append([float(value) for value in both])
        if number % EVERY == 0:
            page = {"step": number, "losses": np.mean(since, axis=0), "last": since[-1]}
            pages.append(page | snapshot(game, scale, fixed))
            since = []
    return pages


def brightened(images):
    """Each image with more ink all over, by a grey level of its own, once and for all, before
    training: real images only.
    """
    shifts = np.random.default_rng(0).integers(0, 120, 20000)[:, None, None, None]
    return np.uint8(np.minimum(images[:20000].astype(int) + shifts, 255))


def look(samples):
    """Median distance of a sample to its nearest other one, in grey levels (RMS); digits seen;
    share of the favourite.
    """
    flat = samples.reshape(len(samples), -1).astype("float64")
    squared = np.square(flat).sum(1)
    distances = np.sqrt(
        np.maximum(squared[:, None] + squared - 2 * flat @ flat.T, 0) / flat.shape[1]
    )
    counts = np.bincount(predict_labels(samples), minlength=10)
    return (
        np.median((distances + 1e9 * np.eye(len(flat))).min(1)),
        np.count_nonzero(counts),
        counts.max(),
    )


def sheet(samples, rows=3, columns=6):
    """The first samples as one picture, ink dark on white."""
    tiles = samples[: rows * columns, :, :, 0].reshape(rows, columns, 28, 28)
    return 255 - tiles.swapaxes(1, 2).reshape(rows * 28, columns * 28)


def draw_samples(runs, name):
    figure, axes = plt.subplots(2, 3, figsize=(9, 3.9), layout="constrained")
    for axis, letter, pages in zip(axes.flat, "ABCDEF", runs, strict=True):
        axis.imshow(
            sheet(pages[-1]["samples"]), cmap="gray", vmin=0, vmax=255, interpolation="nearest"
        )
        loss_of_d, loss_of_g = pages[-1]["losses"] + 0.0
        axis.set(xticks=[], yticks=[])
        axis.set_title(f"{letter}: D loss {loss_of_d:.2f}, G loss {loss_of_g:.2f}", fontsize=9)
    save_exercise_picture(rendered(figure, dpi=80).convert("RGB"), name, colours=10)


def draw_curves(runs, name, rows):
    """`rows` maps what each row shows, a key of the pages, to the names of its two curves."""
    size = (2.4 * len(runs), 0.3 + 2.1 * len(rows))
    figure, axes = plt.subplots(
        len(rows), len(runs), figsize=size, layout="constrained", squeeze=False
    )
    for line, (what, labels) in zip(axes, rows.items(), strict=True):
        for axis, letter, pages in zip(line, "ABCDEF", runs, strict=False):
            values = np.array([page[what] for page in pages])
            for column, style, colour, label in zip(
                values.T, ("-", "--"), ("black", "0.45"), labels, strict=True
            ):
                axis.plot(
                    [page["step"] for page in pages], column, style, color=colour, label=label
                )
            axis.set_title(f"{letter}: {what}", fontsize=9)
            axis.tick_params(labelsize=8)
            axis.grid(alpha=0.3)
        line[0].legend(fontsize=8)
    for axis in axes[-1]:
        axis.set_xlabel("step", fontsize=8)
    save_exercise_picture(rendered(figure, dpi=80).convert("RGB"), name, colours=16)


def print_table(runs):
    print("run  step  D loss  G loss  nearest  digits  favourite")
    for letter, pages in zip("ABC", runs, strict=True):
        for page in pages[5::6]:
            nearest, digits, favourite = look(page["samples"])
            loss_of_d, loss_of_g = page["losses"]
            print(
                f"  {letter} {page['step']:5d} {loss_of_d:7.2f} {loss_of_g:7.2f} "
                f"{nearest:8.1f} {digits:7d} {favourite:9d}%"
            )
    nearest, digits, favourite = look(mnist().test_images[:100])
    print(f"real {'':22} {nearest:8.1f} {digits:7d} {favourite:9d}%")


def show_both_bugs() -> None:
    """Prints the log of exercise 30.11: swapped labels and bytes taken for unit floats."""
    print("exercise 30.11")
    pages = run(
        discriminator_loss=swapped_discriminator,
        scale=as_if_unit_floats,
        rates=(1e-4, 2e-3),
        steps=160,
        together=True,
    )
    for page in pages[3::4]:
        loss_of_d, loss_of_g = page["last"]
        real, fake = page["logits"]
        print(
            f"step {page['step']}: Generator Loss {loss_of_g:.7f}, "
            f"Discriminator Loss {loss_of_d:.7f}, logits {real:.1f} and {fake:.2f}"
        )


def all_runs() -> dict[str, list[dict]]:
    """Nine GANs, each with one fault but the healthy one."""
    return {
        "healthy": run(),
        "swapped": run(discriminator_loss=swapped_discriminator),
        "bytes": run(scale=as_if_unit_floats),
        "frozen": run(frozen_from=100),
        "leaking": run(real=brightened(mnist().train_images)),
        "rate": run(rates=(5e-2, 5e-2)),
        "one latent": run(latent_dim=1),
        "no penalty": run("wasserstein"),
        "strong": run("saturating", rates=(2e-3, 2e-2)),
    }


def main() -> None:
    show_both_bugs()
    runs = all_runs()
    for name, pages in runs.items():
        loss_of_d, loss_of_g = pages[-1]["losses"]
        real, fake = pages[-1]["logits"]
        print(f"{name:12} D {loss_of_d:8.2f} G {loss_of_g:8.2f} logits {real:8.1f} {fake:8.1f}")
    print("exercise 30.12")
    three = [runs[name] for name in ("one latent", "healthy", "frozen")]
    print_table(three)
    losses_only = {"losses": ("D", "G")}
    draw_curves(three, "gan_three_runs.png", losses_only)
    draw_samples(
        [runs[name] for name in ("leaking", "bytes", "frozen", "swapped", "healthy", "rate")],
        "gan_samples.png",
    )
    five = [runs[name] for name in ("strong", "no penalty", "healthy", "swapped", "frozen")]
    draw_curves(five, "gan_curves.png", losses_only | {"logits": ("real", "fake")})
