"""One seed's training is the same on one device, on two devices and in two processes, up to
rounding: losses, random numbers, batch statistics, codebooks and averages span the whole batch.
"""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf
import tiny_models
from replica_training import MIRRORED, WORKERS

from genimg_lib.data import degradations
from genimg_lib.models import Restorer
from genimg_lib.nn import replicas

SCRIPT = Path(__file__).with_name("replica_training.py")
ROOT = SCRIPT.parents[1]
CLOSE = {"rtol": 1e-5, "atol": 1e-6}
"""float32 rounds at 6e-8 of a number. A gradient is a sum of up to 32 images x 64 pixels, in
another order on two devices; four steps along it at rate 0.01 leave less than this of the weights.
"""


def start(kind: str, folder: Path, **environment) -> subprocess.Popen:
    path = os.pathsep.join([str(SCRIPT.parent), str(ROOT), os.environ["PYTHONPATH"]])
    return subprocess.Popen(
        [sys.executable, str(SCRIPT), kind, str(folder)],
        env=os.environ | {"PYTHONPATH": path, "CUDA_VISIBLE_DEVICES": "-1"} | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def finish(process: subprocess.Popen) -> None:
    output, _ = process.communicate()
    assert process.returncode == 0, output[-5000:]


@pytest.fixture(scope="module")
def mirrored(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("mirrored")
    finish(start("mirrored", folder))
    return folder


def assert_same_run(one: Path, other: Path) -> None:
    with np.load(one) as first, np.load(other) as second:
        assert first.files == second.files
        for name in first.files:
            np.testing.assert_allclose(first[name], second[name], **CLOSE, err_msg=name)


@pytest.mark.parametrize("name", MIRRORED)
def test_two_devices_train_as_one(name, mirrored):
    assert_same_run(mirrored / f"{name} 1.npz", mirrored / f"{name} 2.npz")


def test_gradients_that_overflow_on_any_device_are_not_applied(mirrored):
    after = 1, 2**14  # the scale of the loss began at 2**15
    np.testing.assert_array_equal(np.load(mirrored / "overflow.npy"), [after, after])


def test_two_processes_train_as_one(mirrored, tmp_path):
    ports = []
    for _ in range(2):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            ports.append(free.getsockname()[1])
    cluster = {"worker": [f"127.0.0.1:{port}" for port in ports]}
    processes = [
        start(
            "worker",
            tmp_path,
            TF_CONFIG=json.dumps({"cluster": cluster, "task": {"type": "worker", "index": index}}),
        )
        for index in range(2)
    ]
    try:
        for process in processes:
            finish(process)
    finally:
        for process in processes:
            process.kill()
    for name in WORKERS:
        for index in range(2):
            assert_same_run(mirrored / f"{name} 1.npz", tmp_path / f"{name} worker {index}.npz")


class FourReplicas:
    """As much of a strategy as is asked for."""

    num_replicas_in_sync = 4

    def __init__(self, *devices):
        self.extended = type("Extended", (), {"worker_devices": devices})


def test_what_cannot_be_split_is_refused(monkeypatch):
    model = tiny_models.gan()
    model.compile()
    model._distribute_strategy = FourReplicas("a", "b", "c", "d")
    with pytest.raises(ValueError, match="batch_size must be a multiple of the 4 replicas, got 6"):
        model.fit(tiny_models.images(8), batch_size=6)
    with pytest.raises(ValueError, match="the 2 workers has 2 devices: start one worker for each"):
        replicas.workers(FourReplicas("a", "b"))
    assert replicas.workers(FourReplicas("a")) == 4
    monkeypatch.setattr(tf.distribute, "get_strategy", FourReplicas)
    with pytest.raises(ValueError, match="a Restorer trains on one device"):
        Restorer(degradations.noisy, image_shape=(8, 8, 1))


def test_a_batch_of_a_dataset_that_cannot_be_split_is_refused_when_it_comes():
    def batches(size):
        return tf.data.Dataset.from_tensor_slices((np.arange(8), np.arange(8))).batch(size)

    strategy = FourReplicas("a", "b", "c", "d")
    whole = replicas.even_batches(batches(4), strategy)
    np.testing.assert_array_equal([rows for rows, _ in whole], np.arange(8).reshape(2, 4))
    with pytest.raises(tf.errors.InvalidArgumentError, match="a multiple of the 4 replicas"):
        list(replicas.even_batches(batches(5), strategy))
    alone = replicas.even_batches(batches(5), tf.distribute.get_strategy())
    assert [len(rows) for rows, _ in alone] == [5, 3]


def test_random_numbers_of_one_replica_are_those_of_keras():
    for ours, theirs, limits in (
        (replicas.normal, keras.random.normal, ()),
        (replicas.uniform, keras.random.uniform, (-0.5, 0.5)),
        (replicas.randint, keras.random.randint, (0, 9)),
    ):
        np.testing.assert_array_equal(
            ours((5, 2), *limits, seed=3), theirs((5, 2), *limits, seed=3)
        )
