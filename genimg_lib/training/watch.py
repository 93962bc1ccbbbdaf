"""Callbacks of a long run: backups, progress in the terminal, pictures that grow."""

import time
from pathlib import Path

import keras
import numpy as np
from PIL import Image

PROGRESS_SECONDS = 5.0
GRID = 64
"""Samples in a picture."""
VALIDATIONS = 20
"""How often the held-out pictures are evaluated."""
SHARES = (0.01, 0.03, 0.1, 0.3, 0.6)
"""Of the steps, after which samples are written."""


class Backup(keras.callbacks.BackupAndRestore):
    """Keras's backup, at the end of an epoch if the last one is some seconds old, and of the last
    epoch. It stays when training ends: the caller saves the model and then deletes it.
    """

    SECONDS = 20.0
    """The least time between two backups: one of a large model takes a second."""

    def __init__(self, folder: Path):
        super().__init__(folder, double_checkpoint=True, delete_checkpoint=False)
        self._saved_at = time.monotonic()

    def on_epoch_end(self, epoch, logs=None):
        last = epoch + 1 == self.params["epochs"]
        if last or time.monotonic() - self._saved_at >= self.SECONDS:
            super().on_epoch_end(epoch, logs)
            self._saved_at = time.monotonic()


class Progress(keras.callbacks.Callback):
    """Says every few seconds how far training is."""

    def __init__(self, name: str, steps: int, say):
        super().__init__()
        self.name, self.steps, self.say = name, steps, say

    def on_train_begin(self, logs=None):
        # steps of a backup are known after Keras has loaded it
        self._started, self._said_at = None, time.monotonic()

    def on_train_batch_end(self, batch, logs=None):
        now = time.monotonic()
        if self._started is None:
            self._started = (now, self.model.step)
        if now - self._said_at < PROGRESS_SECONDS:
            return
        self._said_at = now
        step = self.model.step
        begin, first = self._started
        left = (self.steps - step) * (now - begin) / max(1, step - first)
        name = self.model.METRICS[0]
        self.say(
            f"{self.name}: step {step:,} of {self.steps:,}, {name} {logs[name]:.4g}, "
            f"{left / 60:.1f} minutes left"
        )


class Samples(keras.callbacks.Callback):
    """Writes the same samples, from one seed, as training goes on: step_000123.png."""

    def __init__(self, folder: Path, seed: int):
        super().__init__()
        self.folder, self.seed = folder, seed

    def on_epoch_end(self, epoch, logs=None):
        epochs = self.params["epochs"]
        if epoch + 1 in {max(1, round(share * epochs)) for share in SHARES}:
            images = self.model.generate(GRID, seed=self.seed)
            write_picture(grid(images), self.folder / f"step_{self.model.step:06}.png")


def grid(images: np.ndarray, columns: int = 16) -> Image.Image:
    """`uint8` images (n, height, width, channels) in rows, on white, two pixels apart."""
    count, height, width, channels = images.shape
    rows = -(-count // columns)
    paper = np.full((rows * columns, height + 2, width + 2, channels), 255, np.uint8)
    paper[:count, 1:-1, 1:-1] = images
    paper = paper.reshape(rows, columns, height + 2, width + 2, channels).swapaxes(1, 2)
    pixels = paper.reshape(rows * (height + 2), columns * (width + 2), channels)
    return Image.fromarray(pixels if channels == 3 else pixels[..., 0])


def write_picture(picture: Image.Image, path: Path) -> None:
    """Writes a PNG; makes its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    picture.save(path)
