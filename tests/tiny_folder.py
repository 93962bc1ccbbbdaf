"""A run of `genimg train` that takes seconds, for tests; as a program it kills itself on the way:
python tests/tiny_folder.py PICTURES TO.
"""

import dataclasses
import os
import signal
import sys

import keras
import numpy as np
from PIL import Image

from genimg_lib import training
from genimg_lib.evaluation import extractors
from genimg_lib.models.families import FAMILIES
from genimg_lib.training import plan, run

SIZE = 8
MINUTES = 0.02
SECONDS_PER_STEP = 0.06  # as if measured: 20 steps without a codec
KILLED_AT = 12  # steps of the model


def write_pictures(folder, count: int = 40, classes=("",), seed: int = 0) -> None:
    """Discs of one colour on another, in a sub-folder for each class."""
    random = np.random.default_rng(seed)
    rows, columns = np.mgrid[:32, :32]
    for number in range(count):
        pixels = np.empty((32, 32, 3), np.uint8)
        pixels[:] = random.integers(128, 256, 3)
        x, y = random.uniform(8, 24, 2)
        pixels[(columns - x) ** 2 + (rows - y) ** 2 < random.uniform(20, 90)] = random.integers(
            0, 256, 3
        )
        path = folder / classes[number % len(classes)] / f"{number}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(pixels).save(path)


def make_small(setattr_, setitem) -> None:
    """Makes all families small and every machine equally fast.

    Args:
        setattr_, setitem: as pytest's `monkeypatch` has them.
    """
    for name, family in FAMILIES.items():
        small = dataclasses.replace(family, model=family.small, codec=family.small_codec)
        setitem(FAMILIES, name, small)
    setattr_(plan, "seconds_per_step", lambda *arguments: SECONDS_PER_STEP)
    setattr_(extractors, "STEPS", 3)


def train(folder, to, family="vae", say=lambda line: None, **options):
    """`training.train` for such pictures."""
    options = {"size": SIZE, "minutes": MINUTES, "seed": 3} | options
    return training.train(folder, family=family, to=to, say=say, **options)


class Kill(keras.callbacks.Callback):
    """Ends the process without warning."""

    def on_train_batch_end(self, batch, logs=None):
        if int(self.model.steps) >= KILLED_AT:
            os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    make_small(setattr, dict.__setitem__)
    run.Backup.SECONDS = 0.0  # after every epoch
    run.Samples = lambda folder, seed: Kill()
    train(*sys.argv[1:])
