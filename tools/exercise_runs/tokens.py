"""Exercise 42.5: curves and copies of four small tokenizers, sound and sick."""

import functools
import math

import keras
import numpy as np
from _shared import doubled, ink_rows, mnist, rendered, save_exercise_picture
from matplotlib import pyplot as plt
from PIL import Image, ImageDraw

from genimg_lib.models import Tokenizer
from genimg_lib.nn import FSQ, VQ, codebook_usage

STEPS = 200
EVERY = 10


@functools.cache
def held_out() -> np.ndarray:
    """200 test images."""
    images = mnist().test_images
    return images[np.random.default_rng(0).permutation(len(images))[:200]]


class Watch(keras.callbacks.Callback):
    """Notes the step, the share of the vocabulary in use and the perplexity on held-out images."""

    def on_train_begin(self, logs=None):
        self.history = []
        self.note(0)

    def on_train_batch_end(self, batch, logs=None):
        if (batch + 1) % EVERY == 0:
            self.note(batch + 1)

    def note(self, step):
        tokens = self.model.encode(held_out())
        self.history.append((step, *codebook_usage(tokens, self.model.vocabulary_size)))


def run(quantizer, *, patch=4, first_answer=None):
    """Trains one tokenizer, whose decoder answers `first_answer` before the first step, or the mean
    ink of the digits; returns its history, ten copies and the nats of its reconstructions.
    """
    if first_answer is None:
        first_answer = mnist().train_images.mean() / 255
    keras.utils.set_random_seed(0)
    tokenizer = Tokenizer(quantizer=quantizer, patch=patch, seed=0)
    watch = Watch()
    bias = tokenizer.decoder.trainable_variables[-1]
    bias.assign(np.full(bias.shape, math.log(first_answer / (1 - first_answer))))
    tokenizer.compile()
    tokenizer.fit(mnist().train_images, steps_per_epoch=STEPS, callbacks=[watch], verbose=0)
    nats = tokenizer.evaluate(held_out(), verbose=0)["reconstruction"]
    return np.array(watch.history), tokenizer.reconstruct(held_out()[:10]), nats


def never_restarted(mean, deviation):
    """A codebook that starts with codes of this mean and deviation, and keeps them if nobody
    chooses them.
    """
    quantizer = VQ(240, restart_below=0)
    quantizer.codebook.assign(
        np.random.default_rng(0).normal(mean, deviation, size=quantizer.codebook.shape)
    )
    return quantizer


def draw_curves(runs) -> np.ndarray:
    """Tokens in use and perplexity over the steps: grey levels (height, width)."""
    figure, axes = plt.subplots(1, 2, figsize=(8, 2.4), layout="constrained")
    for (letter, (history, _, _)), style in zip(runs.items(), ("-", "--", ":", "-."), strict=True):
        for axis, column in zip(axes, (1, 2), strict=True):
            axis.plot(history[:, 0], history[:, column], style, color="black", label=letter)
    axes[0].set(xlabel="step", title="share of 240 tokens in use", ylim=(0, 1.05))
    axes[1].set(xlabel="step", title="perplexity (logarithmic)", yscale="log", ylim=(0.9, 260))
    axes[0].legend(ncols=4, fontsize=8, loc="upper right")
    for axis in axes:
        axis.grid(alpha=0.3)
    return np.asarray(rendered(figure, dpi=80).convert("L"))


def draw(runs) -> Image.Image:
    """The curves, and below them the held-out digits and their copies, a row for each run."""
    curves = draw_curves(runs)
    rows = [held_out()[:10], *(copies for _, copies, _ in runs.values())]
    strip = np.asarray(doubled(ink_rows(rows)))
    left = (curves.shape[1] - strip.shape[1]) // 2
    right = curves.shape[1] - strip.shape[1] - left
    framed = np.pad(strip, ((0, 0), (left, right)), constant_values=255)
    picture = Image.fromarray(np.concatenate([curves, framed]))
    for row, letter in enumerate(runs, start=1):
        ImageDraw.Draw(picture).text(
            (left // 2, curves.shape[0] + 60 * row + 22), letter, fill=0, font_size=15
        )
    return picture


def main() -> None:
    runs = {
        "A": run(never_restarted(0, 1)),
        "B": run(FSQ(), patch=7, first_answer=0.5),
        "C": run(VQ(240)),
        "D": run(never_restarted(5, 1)),
    }
    for letter, (history, _, nats) in runs.items():
        for step, share, perplexity in history[[0, 1, 10, -1]]:
            print(f"{letter} step {step:3.0f}: {share:4.0%} in use, perplexity {perplexity:5.1f}")
        print(f"{letter}: {nats:.0f} nats")
    save_exercise_picture(draw(runs), "codebooks.png", colours=16)
