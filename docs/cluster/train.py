"""Trains a GAN on a folder of pictures, as one of several processes that take every step together.

    python docs/cluster/train.py PICTURES TO --workers HOST:PORT HOST:PORT --index 0

Start it once for each address, with the same arguments but for the index; Slurm and Kubernetes set
the index themselves. Everybody reads the same pictures. Worker I writes TO/worker_I: a backup after
every epoch, from which it goes on when all are started again, and at the end model.keras, which is
the same on all workers.
"""

import argparse
import json
import os
from pathlib import Path

INDEX_VARIABLES = ("SLURM_PROCID", "JOB_COMPLETION_INDEX")


def tf_config(workers: list[str], index: int) -> str:
    """What TensorFlow reads in `TF_CONFIG`. Raises `ValueError` for an index without an address."""
    if not 0 <= index < len(workers):
        raise ValueError(f"there are {len(workers)} workers, and none has the index {index}")
    return json.dumps({"cluster": {"worker": workers}, "task": {"type": "worker", "index": index}})


def index_of_environment() -> int | None:
    """The number of this process among all, where Slurm or Kubernetes has started it."""
    found = [os.environ[name] for name in INDEX_VARIABLES if name in os.environ]
    return int(found[0]) if found else None


def train(pictures: Path, to: Path, size: int, epochs: int, batch_size: int, index: int) -> None:
    """Trains with all workers of `TF_CONFIG`; each step takes `batch_size` pictures in all."""
    import keras
    import tensorflow as tf

    from genimg_lib.data import load_folder
    from genimg_lib.models import GAN

    strategy = tf.distribute.MultiWorkerMirroredStrategy()  # before anything else of TensorFlow
    found = load_folder(pictures, size)
    keras.utils.set_random_seed(0)
    with strategy.scope():
        model = GAN(image_shape=found.images.shape[1:], class_names=found.class_names, seed=0)
        model.compile()
    own = to / f"worker_{index}"
    own.mkdir(parents=True, exist_ok=True)
    model.fit(
        found.images,
        found.labels,
        batch_size=batch_size,
        epochs=epochs,
        callbacks=[keras.callbacks.BackupAndRestore(own / "backup")],
        verbose=2 if index == 0 else 0,
    )
    model.save(own / "model.keras")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("pictures", type=Path)
    parser.add_argument("to", type=Path)
    parser.add_argument("--workers", nargs="+", required=True, metavar="HOST:PORT")
    parser.add_argument("--index", type=int, default=index_of_environment())
    parser.add_argument("--size", type=int, default=32)
    parser.add_argument("--epochs", type=int, default=100)
    parser.add_argument("--batch-size", type=int, default=128)
    options = parser.parse_args()
    if options.index is None:
        parser.error("--index is needed where neither Slurm nor Kubernetes sets it")
    try:
        os.environ["TF_CONFIG"] = tf_config(options.workers, options.index)
    except ValueError as error:
        parser.error(str(error))
    train(
        options.pictures,
        options.to,
        options.size,
        options.epochs,
        options.batch_size,
        options.index,
    )


if __name__ == "__main__":
    main()
