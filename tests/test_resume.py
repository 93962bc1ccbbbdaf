"""Killed after more than half of the steps and resumed from Keras's backup, training ends
bit-equal to a run in one go.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import keras
import killed_training
import numpy as np
import pytest
from killed_training import KINDS

SCRIPT = Path(killed_training.__file__)


@pytest.fixture(scope="module")
def killed(tmp_path_factory):
    """kind -> the backup folder that a process left behind when SIGKILL struck; all processes
    run at the same time.
    """
    folders = {kind: tmp_path_factory.mktemp(kind) / "backup" for kind in KINDS}
    processes = {
        kind: subprocess.Popen(
            [sys.executable, SCRIPT, kind, folder], stderr=subprocess.PIPE, text=True
        )
        for kind, folder in folders.items()
    }
    for kind, process in processes.items():
        _, errors = process.communicate(timeout=240)
        assert process.returncode == -signal.SIGKILL, f"{kind}: {errors[-2000:]}"
    return folders


@pytest.fixture(scope="module")
def uninterrupted():
    """kind -> all state after 400 steps in one go."""
    states = {}
    for kind in KINDS:
        model = killed_training.build(kind, seed=0)
        killed_training.train(model, callbacks=[])
        states[kind] = killed_training.state(model)
    return states


def resume(kind, folder):
    """A fresh model with another seed: whatever it knows afterwards of the first run, the backup
    has told it.
    """
    model = killed_training.build(kind, seed=1)
    epochs = []

    class Watch(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            epochs.append((epoch, int(self.model.steps)))

    killed_training.train(model, [killed_training.backup(folder), Watch()])
    return model, epochs


def assert_bit_equal(model, expected):
    found = killed_training.state(model)
    assert len(found) == len(expected)
    for (name, mine), wanted in zip(found.items(), expected.values(), strict=True):
        np.testing.assert_array_equal(mine, wanted, err_msg=name)


@pytest.mark.parametrize("kind", KINDS)
def test_killed_and_resumed_equals_in_one_go(kind, killed, uninterrupted, tmp_path):
    folder = shutil.copytree(killed[kind], tmp_path / "backup")
    assert json.loads((folder / "training_metadata.json").read_text())["epoch"] == 5
    model, epochs = resume(kind, folder)
    assert epochs[0] == (5, 200)  # the twenty steps since the backup were lost, and are made again
    assert int(model.steps) == 400
    assert_bit_equal(model, uninterrupted[kind])


@pytest.mark.parametrize("kind", KINDS)
def test_killed_while_the_backup_was_written(kind, killed, uninterrupted, tmp_path):
    """The latest backup is cut off in the middle: the one before it takes over, after a fifth
    fewer steps.
    """
    folder = shutil.copytree(killed[kind], tmp_path / "backup")
    os.truncate(folder / "latest.weights.h5", (folder / "latest.weights.h5").stat().st_size // 2)
    model, epochs = resume(kind, folder)
    assert epochs[0] == (4, 160)
    assert_bit_equal(model, uninterrupted[kind])
