"""Trains a tiny model with backups and ends without warning: python tests/killed_training.py
{vae,gan,image_gpt} FOLDER.
"""

import os
import signal
import sys

import keras
import numpy as np
import tiny_models

STEPS_PER_EPOCH = 40
EPOCHS = 10
KILLED_AT = 220  # steps: after the fifth backup, in the middle of the sixth epoch

KINDS = {
    "vae": tiny_models.vae,
    "gan": tiny_models.gan,
    "image_gpt": lambda seed: tiny_models.image_gpt(seed, width=8, depth=1),
}


def build(kind: str, seed: int):
    """A model compiled as users compile it, with the default optimizers; every random number
    comes from `seed`.
    """
    model = KINDS[kind](seed)
    model.compile(steps_per_execution=20)
    return model


def train(model, callbacks, epochs=EPOCHS):
    model.fit(
        tiny_models.images(STEPS_PER_EPOCH * 8),
        batch_size=8,
        epochs=epochs,
        verbose=0,
        callbacks=callbacks,
    )


def backup(folder):
    return keras.callbacks.BackupAndRestore(folder, double_checkpoint=True)


def state(model) -> dict[str, np.ndarray]:
    """All that training has made: weights, optimizers, the average, counters, random state."""
    optimizers = (
        [model.optimizer]
        if model.optimizer
        else [model.generator_optimizer, model.discriminator_optimizer]
    )
    variables = [*model.weights, *(v for optimizer in optimizers for v in optimizer.variables)]
    return {
        f"{i} {v.path}": v.numpy() for i, v in enumerate([*variables, model.seed_generator.state])
    }


class Kill(keras.callbacks.Callback):
    def on_train_batch_end(self, batch, logs=None):
        if int(self.model.steps) >= KILLED_AT:
            os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    kind, folder = sys.argv[1:]
    train(build(kind, seed=0), [backup(folder), Kill()])
