"""Trains the four small tokenizers, sound and sick, that exercise 42.5 asks about; draws their
curves and copies.

uv run tools/draw_token_exercise.py      # half a CPU-minute; writes
solutions/pictures/codebooks.png
"""

import io
import math
import time
from pathlib import Path

import numpy as np
from matplotlib import pyplot as plt
from PIL import Image, ImageDraw

from genimg_lib.notebook import lesson

lesson.start()

import keras  # noqa: E402

from genimg_lib.data.images import load_mnist  # noqa: E402
from genimg_lib.models.tokenizer import Tokenizer  # noqa: E402
from genimg_lib.nn.quantizers import FSQ, VQ, codebook_usage  # noqa: E402

PICTURE = Path(__file__).parents[1] / "solutions" / "pictures" / "codebooks.png"
STEPS, EVERY = 200, 10
(IMAGES, _), (TEST_IMAGES, _) = load_mnist()
HELD_OUT = TEST_IMAGES[np.random.default_rng(0).permutation(len(TEST_IMAGES))[:200]]
INK = IMAGES.mean() / 255


class Watch(keras.callbacks.Callback):
    """Notes the step, the share of the vocabulary in use and the perplexity on held-out images."""

    def on_train_begin(self, logs=None):
        self.history = []
        self.note(0)

    def on_train_batch_end(self, batch, logs=None):
        if (batch + 1) % EVERY == 0:
            self.note(batch + 1)

    def note(self, step):
        tokens = self.model.encode(HELD_OUT)
        self.history.append((step, *codebook_usage(tokens, self.model.vocabulary_size)))


def run(quantizer, *, patch=4, first_answer=INK):
    """Trains one tokenizer, whose decoder answers `first_answer` before the first step: its
    history and ten copies.
    """
    keras.utils.set_random_seed(0)
    tokenizer = Tokenizer(quantizer=quantizer, patch=patch, seed=0)
    watch = Watch()
    bias = tokenizer.decoder.trainable_variables[-1]
    bias.assign(np.full(bias.shape, math.log(first_answer / (1 - first_answer))))
    tokenizer.compile()
    tokenizer.fit(IMAGES, steps_per_epoch=STEPS, callbacks=[watch], verbose=0)
    nats = tokenizer.evaluate(HELD_OUT, verbose=0)["reconstruction"]
    return np.array(watch.history), tokenizer.reconstruct(HELD_OUT[:10]), nats


def never_restarted(mean, deviation):
    """A codebook that starts with codes of this mean and deviation, and keeps them if nobody
    chooses them.
    """
    quantizer = VQ(240, restart_below=0)
    quantizer.codebook.assign(
        np.random.default_rng(0).normal(mean, deviation, size=quantizer.codebook.shape)
    )
    return quantizer


def draw(runs) -> None:
    figure, axes = plt.subplots(1, 2, figsize=(8, 2.4), layout="constrained")
    for (letter, (history, _, _)), style in zip(runs.items(), ("-", "--", ":", "-."), strict=True):
        for axis, column in zip(axes, (1, 2), strict=True):
            axis.plot(history[:, 0], history[:, column], style, color="black", label=letter)
    axes[0].set(xlabel="step", title="share of 240 tokens in use", ylim=(0, 1.05))
    axes[1].set(xlabel="step", title="perplexity (logarithmic)", yscale="log", ylim=(0.9, 260))
    axes[0].legend(ncols=4, fontsize=8, loc="upper right")
    for axis in axes:
        axis.grid(alpha=0.3)
    buffer = io.BytesIO()
    figure.savefig(buffer, dpi=80)
    plt.close(figure)
    curves = np.asarray(Image.open(buffer).convert("L"))
    rows = [HELD_OUT[:10], *(copies for _, copies, _ in runs.values())]
    strip = np.concatenate(
        [np.concatenate([np.pad(image[..., 0], 1) for image in row], axis=1) for row in rows]
    )
    strip = np.asarray(
        Image.fromarray(255 - strip).resize((2 * strip.shape[1], 2 * strip.shape[0]))
    )
    left = (curves.shape[1] - strip.shape[1]) // 2
    right = curves.shape[1] - strip.shape[1] - left
    framed = np.pad(strip, ((0, 0), (left, right)), constant_values=255)
    picture = Image.fromarray(np.concatenate([curves, framed]))
    for row, letter in enumerate(runs, start=1):
        ImageDraw.Draw(picture).text(
            (left // 2, curves.shape[0] + 60 * row + 22), letter, fill=0, font_size=15
        )
    picture.quantize(16, dither=Image.Dither.NONE).save(PICTURE, optimize=True)
    print(f"{PICTURE.name}: {PICTURE.stat().st_size / 1000:.1f} kB")


if __name__ == "__main__":
    PICTURE.parent.mkdir(exist_ok=True)
    start = time.process_time()
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
    draw(runs)
    print(f"{time.process_time() - start:.0f} CPU-seconds")
