"""Trains models on one and on two replicas, in processes of their own: devices are set up before
TensorFlow starts.

    python replica_training.py mirrored FOLDER [NAME ...]   two virtual devices in one process
    python replica_training.py worker FOLDER [NAME ...]     one of the workers of TF_CONFIG
"""

import json
import os
import sys
import time
from pathlib import Path

import contract
import keras
import numpy as np
import tensorflow as tf
import tiny_models

from genimg_lib.models.families import FAMILIES
from genimg_lib.nn.precision import LossScale
from genimg_lib.nn.quantizers import VQ

CODECS = {
    "tokenizer": lambda: tiny_models.tokenizer(),
    "codebook": lambda: tiny_models.tokenizer(quantizer=VQ(8, 4)),
}
OWN_DATASET = "vae on a dataset"
MIRRORED = ("gan", "vae", OWN_DATASET, "maskgit", "diffusion", "codebook")
"""Each has something else that spans the batch. All others were run by hand: give their names;
MeanFlow refuses to be."""
WORKERS = ("gan", OWN_DATASET)
TRACED = ("gan",)
"""The other models run eagerly: tracing their graphs takes longer than their few steps."""


def build(name: str):
    if name in CODECS:
        keras.utils.set_random_seed(0)  # before the codebook is made
        return CODECS[name]()
    family = FAMILIES[name.split()[0]]
    codec = contract.codec(family)
    keras.utils.set_random_seed(0)
    return family.build_small(
        image_shape=contract.SHAPE,
        class_names=contract.CLASSES if name != "gan" else None,
        seed=0,
        codec=codec,
    )


def compile_with_sgd(model):
    """Plain steps along the gradient: Adam would divide a gradient that is zero but for rounding by
    its own size.
    """
    if len(model.OPTIMIZERS) == 2:
        model.compile(keras.optimizers.SGD(1e-2), keras.optimizers.SGD(1e-2))
    else:
        model.compile(keras.optimizers.SGD(1e-2))


def train(name: str, strategy=None) -> dict[str, np.ndarray]:
    """Losses and those of validation by epoch, and all weights, after two epochs of two steps."""
    if name in FAMILIES:
        contract.codec(FAMILIES[name])  # trained on one device
    with (strategy or tf.distribute.get_strategy()).scope():
        model = build(name)
        compile_with_sgd(model)
    model.run_eagerly = name not in TRACED
    unseen = contract.images()[::-1]
    if model.num_classes:
        unseen = unseen, contract.labels(unseen)
    if name == OWN_DATASET:
        pictures = contract.images()
        dataset = tf.data.Dataset.from_tensor_slices((pictures, contract.labels(pictures)))
        history = model.fit(dataset.batch(16), epochs=2, validation_data=unseen, verbose=0).history
    else:
        history = contract.fit(model, epochs=2, validation_data=unseen).history
    assert any(key.startswith("val_") for key in history)
    for variable in model.variables if strategy else ():
        first, *others = strategy.experimental_local_results(variable.value)
        for other in others:
            np.testing.assert_array_equal(first, other, err_msg=variable.path)
    found = {f"loss {loss}": np.array(values) for loss, values in history.items()}
    for number, weight in enumerate(model.get_weights()):
        found[f"weight {number}"] = weight
    return found


def step_that_overflows(strategy, replica: int) -> tuple[float, float]:
    """A weight of 1, and the scale of the loss, after one step in half precision along a gradient
    of 1 that is infinite on one replica.
    """
    with strategy.scope():
        weight = keras.Variable(1.0)
        optimizer = LossScale(keras.optimizers.SGD(0.1))
        optimizer.build([weight])

    def on_each():
        here = tf.distribute.get_replica_context().replica_id_in_sync_group
        optimizer.apply([tf.where(here == replica, np.inf, 1.0)], [weight])

    tf.function(lambda: strategy.run(on_each))()
    return weight.numpy(), optimizer.dynamic_scale.numpy()


def main(kind: str, folder: str, *names: str) -> None:
    folder = Path(folder)
    if kind == "mirrored":
        (cpu,) = tf.config.list_physical_devices("CPU")
        tf.config.set_logical_device_configuration(
            cpu, 2 * [tf.config.LogicalDeviceConfiguration()]
        )
        strategy = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
        overflow = [step_that_overflows(strategy, replica) for replica in range(2)]
        np.save(folder / "overflow.npy", overflow)
        for name in names or MIRRORED:
            started = time.perf_counter()
            np.savez(folder / f"{name} 1.npz", **train(name))
            np.savez(folder / f"{name} 2.npz", **train(name, strategy))
            print(f"{name}: {time.perf_counter() - started:.1f} s", flush=True)
    else:
        strategy = tf.distribute.MultiWorkerMirroredStrategy()
        worker = json.loads(os.environ["TF_CONFIG"])["task"]["index"]
        for name in names or WORKERS:
            np.savez(folder / f"{name} worker {worker}.npz", **train(name, strategy))


if __name__ == "__main__":
    main(*sys.argv[1:])
