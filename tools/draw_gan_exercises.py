"""Trains the small GANs, sound and sick, that exercises 30 and 32 ask about; draws their pictures,
prints their logs.

uv run tools/draw_gan_exercises.py      # about two CPU-minutes; writes solutions/pictures/gan_*.png
"""

import io
import time
from pathlib import Path

import numpy as np
from matplotlib import pyplot as plt
from PIL import Image

from genimg_lib.notebook import lesson

lesson.start()

import keras  # noqa: E402
import tensorflow as tf  # noqa: E402

from genimg_lib.data.images import load_mnist  # noqa: E402
from genimg_lib.evaluation.metrics import predict_labels  # noqa: E402
from genimg_lib.models.gan import build_discriminator, build_generator  # noqa: E402
from genimg_lib.nn import losses  # noqa: E402

PICTURES = Path(__file__).parents[1] / "solutions" / "pictures"
BATCH = 64
STEPS = 300
EVERY = 10
NEVER = STEPS + 1
(IMAGES, _), (TEST_IMAGES, _) = load_mnist()


def bytes_to_tanh(images):
    return images / 127.5 - 1.0


def as_if_unit_floats(images):
    return (images - 0.5) * 2.0


def swapped_discriminator(real_logits, fake_logits):
    return losses.binary_cross_entropy(0.0, real_logits) + losses.binary_cross_entropy(
        1.0, fake_logits
    )


def run(
    loss="non_saturating",
    *,
    discriminator_loss=None,
    scale=bytes_to_tanh,
    real=IMAGES,
    latent_dim=32,
    rates=(2e-3, 2e-3),
    frozen_from=NEVER,
    steps=STEPS,
    together=False,
    seed=0,
):
    """Trains one GAN: a page every `EVERY` steps with both losses, both mean logits and 100 samples
    as bytes.

    `frozen_from` is the step from which D no longer learns; `together` computes both losses before
    either player moves.
    """
    keras.utils.set_random_seed(seed)
    loss_of_d, loss_of_g = losses.GAN_LOSSES[loss]
    loss_of_d = discriminator_loss or loss_of_d
    generator = build_generator((28, 28, 1), latent_dim, width=12)
    discriminator = build_discriminator((28, 28, 1), width=12)
    optimizers = [keras.optimizers.Adam(rate, beta_1=0.0, beta_2=0.99) for rate in rates]
    for optimizer, player in zip(optimizers, (generator, discriminator), strict=True):
        optimizer.build(player.trainable_variables)
    labels = tf.zeros(BATCH, "int32")

    def play(real_images, latents):
        fake_images = generator([latents, labels], training=True)
        fake_logits = discriminator([fake_images, labels])
        real_logits = discriminator([real_images, labels])
        return tf.reduce_mean(loss_of_d(real_logits, fake_logits)), tf.reduce_mean(
            loss_of_g(real_logits, fake_logits)
        )

    @tf.function
    def step(real_images, latents, learns):
        with tf.GradientTape(persistent=True) as tape:
            of_d, of_g = play(real_images, latents)
        gradients = tape.gradient(of_d, discriminator.trainable_variables)
        if not together:
            if learns:
                optimizers[1].apply(gradients, discriminator.trainable_variables)
            with tf.GradientTape() as tape:
                _, of_g = play(real_images, latents)
            optimizers[0].apply(
                tape.gradient(of_g, generator.trainable_variables), generator.trainable_variables
            )
        else:
            optimizers[0].apply(
                tape.gradient(of_g, generator.trainable_variables), generator.trainable_variables
            )
            optimizers[1].apply(gradients, discriminator.trainable_variables)
        return of_d, of_g

    noise = np.random.default_rng(seed).normal(size=(steps, BATCH, latent_dim)).astype("float32")
    fixed = tf.constant(np.random.default_rng(99).normal(size=(100, latent_dim)), "float32")
    low = scale(np.float32(0))
    high = scale(np.float32(255))
    pages = []
    since = []
    for number in range(1, steps + 1):
        start = (number - 1) * BATCH % (len(real) - BATCH)
        batch = scale(real[start : start + BATCH].astype("float32"))
        since.append(
            [float(value) for value in step(batch, noise[number - 1], number < frozen_from)]
        )
        if number % EVERY == 0:
            drawn = generator([fixed, tf.zeros(100, "int32")])
            pairs = tf.constant(scale(TEST_IMAGES[:100].astype("float32"))), drawn
            logits = [
                float(tf.reduce_mean(discriminator([images, tf.zeros(100, "int32")])))
                for images in pairs
            ]
            samples = np.uint8(
                np.clip(np.round((drawn.numpy() - low) / (high - low) * 255), 0, 255)
            )
            pages.append(
                {
                    "step": number,
                    "losses": np.mean(since, axis=0),
                    "last": since[-1],
                    "logits": logits,
                    "samples": samples,
                }
            )
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


def save(figure, name, colours=16):
    """Saves a figure with few colours, so that the file is small, and closes it."""
    buffer = io.BytesIO()
    path = PICTURES / name
    figure.savefig(buffer, dpi=80)
    plt.close(figure)
    Image.open(buffer).convert("RGB").quantize(colours, dither=Image.Dither.NONE).save(
        path, optimize=True
    )
    print(f"{path.name}: {path.stat().st_size / 1000:.1f} kB")


def draw_samples(runs, name):
    figure, axes = plt.subplots(2, 3, figsize=(9, 3.9), layout="constrained")
    for axis, letter, pages in zip(axes.flat, "ABCDEF", runs, strict=True):
        axis.imshow(
            sheet(pages[-1]["samples"]), cmap="gray", vmin=0, vmax=255, interpolation="nearest"
        )
        of_d, of_g = pages[-1]["losses"] + 0.0
        axis.set(xticks=[], yticks=[])
        axis.set_title(f"{letter}: D loss {of_d:.2f}, G loss {of_g:.2f}", fontsize=9)
    save(figure, name, colours=10)


def draw_curves(runs, name, rows):
    """`rows` maps what is drawn in each row, a key of the pages, to the names of its two curves."""
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
    save(figure, name)


def print_table(runs):
    print("run  step  D loss  G loss  nearest  digits  favourite")
    for letter, pages in zip("ABC", runs, strict=True):
        for page in pages[5::6]:
            nearest, digits, favourite = look(page["samples"])
            of_d, of_g = page["losses"]
            print(
                f"  {letter} {page['step']:5d} {of_d:7.2f} {of_g:7.2f} {nearest:8.1f} {digits:7d} "
                f"{favourite:9d}%"
            )
    nearest, digits, favourite = look(TEST_IMAGES[:100])
    print(f"real {'':22} {nearest:8.1f} {digits:7d} {favourite:9d}%")


def main():
    PICTURES.mkdir(exist_ok=True)
    start = time.process_time()
    print("exercise 30.11")
    both = run(
        discriminator_loss=swapped_discriminator,
        scale=as_if_unit_floats,
        rates=(1e-4, 2e-3),
        steps=160,
        together=True,
    )
    for page in both[3::4]:
        (of_d, of_g), (real, fake) = page["last"], page["logits"]
        print(
            f"step {page['step']}: Generator Loss {of_g:.7f}, Discriminator Loss {of_d:.7f}, "
            f"logits {real:.1f} and {fake:.2f}"
        )
    runs = {
        "healthy": run(),
        "swapped": run(discriminator_loss=swapped_discriminator),
        "bytes": run(scale=as_if_unit_floats),
        "frozen": run(frozen_from=100),
        "leaking": run(real=brightened(IMAGES)),
        "rate": run(rates=(5e-2, 5e-2)),
        "one latent": run(latent_dim=1),
        "no penalty": run("wasserstein"),
        "strong": run("saturating", rates=(2e-3, 2e-2)),
    }
    for name, pages in runs.items():
        (of_d, of_g), (real, fake) = pages[-1]["losses"], pages[-1]["logits"]
        print(f"{name:12} D {of_d:8.2f} G {of_g:8.2f} logits {real:8.1f} {fake:8.1f}")
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
    print(f"{time.process_time() - start:.0f} CPU-seconds")


if __name__ == "__main__":
    main()
