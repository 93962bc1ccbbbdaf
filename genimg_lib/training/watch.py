"""Callbacks of a long run: backups, progress in the terminal, pictures that grow."""

import json
import math
import os
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
VALIDATIONS_OF_FEW = 100
"""The same where this decides when training ends."""
PATIENCE = 20
"""So many evaluations after the best one training ends."""
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


class KeepBest(keras.callbacks.Callback):
    """Keeps the weights for which a loss of the held-out pictures was lowest, and ends training
    when it was `PATIENCE` evaluations ago. Unlike Keras's `EarlyStopping` it goes on where a
    process was killed: list it before the backup.

    Args:
        file: where the weights are kept, a `.weights.h5`; what is known of them lies beside it.
        loss: the name of the loss.
        every: passes between two evaluations.
    """

    def __init__(self, file: Path, loss: str, every: int):
        super().__init__()
        self.file, self.loss, self.every = file, loss, every
        self._known = file.with_suffix(".json")
        found = json.loads(self._known.read_text()) if self._known.exists() else {}
        self.best = found.get("loss", math.inf)
        self.passes = found.get("passes", 0)
        """How many had been made when the loss was lowest."""
        self.ended = found.get("ended", False)
        """Whether training was ended."""

    def on_epoch_end(self, epoch, logs=None):
        loss = (logs or {}).get(f"val_{self.loss}")
        if loss is None:
            return
        if loss < self.best:
            self.best, self.passes = float(loss), epoch + 1
            self._save()
        elif epoch + 1 - self.passes >= PATIENCE * self.every:
            self.ended = self.model.stop_training = True
            self._note()

    def _save(self):
        """Writes the weights that the model would have if training ended now: an optimizer that
        averages them puts the average in place.
        """
        variables = self.model.trainable_variables
        live = [np.array(variable) for variable in variables]
        self.model.optimizer.finalize_variable_values(variables)
        draft = self.file.with_name(f"draft_{self.file.name}")
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self.model.save_weights(draft)
        for variable, value in zip(variables, live, strict=True):
            variable.assign(value)
        os.replace(draft, self.file)
        self._note()

    def _note(self):
        draft = self._known.with_suffix(".draft")
        known = {"loss": self.best, "passes": self.passes, "ended": self.ended}
        draft.write_text(json.dumps(known))
        os.replace(draft, self._known)


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
