"""Data-parallel training on TensorFlow's own engine, `tf.distribute`: each replica computes on its
part of every batch, and together they take the step that one would take.

Three things have to span the whole batch: the mean of the losses, the random numbers, and what is
counted over the batch (batch normalisation, the codebook of a `VQ`). Outside of a strategy there is
one replica, and each function here does what its name says on its own.
"""

import keras
import tensorflow as tf
from keras import layers, ops


def count() -> int:
    """How many replicas train together: 1 unless called in the scope of a strategy."""
    return tf.distribute.get_strategy().num_replicas_in_sync


def workers(strategy) -> int:
    """How many processes a strategy spans.

    Raises `ValueError` for processes with several devices each.
    """
    if strategy.num_replicas_in_sync == 1:
        return 1
    local = len(strategy.extended.worker_devices)
    found = strategy.num_replicas_in_sync // local
    if found > 1 and local > 1:
        raise ValueError(
            f"each of the {found} workers has {local} devices: start one worker for each device"
        )
    return found


def check_even(batch_size: int, strategy) -> None:
    """Raises `ValueError` for a batch of which the replicas would get parts of different sizes."""
    if batch_size % strategy.num_replicas_in_sync:
        raise ValueError(
            f"batch_size must be a multiple of the {strategy.num_replicas_in_sync} replicas, "
            f"got {batch_size}"
        )


def even_batches(batches: tf.data.Dataset, strategy) -> tf.data.Dataset:
    """The same batches of (inputs, conditions); one of which the replicas would get parts of
    different sizes raises `tf.errors.InvalidArgumentError` when it comes.
    """
    parts = strategy.num_replicas_in_sync

    def checked(inputs, conditions):
        told = (
            f"each batch of the dataset must be a multiple of the {parts} replicas; "
            "batch(..., drop_remainder=True) leaves out a last smaller one"
        )
        even = tf.debugging.assert_equal(tf.shape(inputs)[0] % parts, 0, told)
        with tf.control_dependencies([even]):
            return tf.identity(inputs), conditions

    return batches if parts == 1 else batches.map(checked)


def share(loss):
    """The part of one replica in the mean over the whole batch, of its own mean: gradients of all
    replicas are summed.
    """
    context = _context()
    return loss if context is None else loss / context.num_replicas_in_sync


def mean(values):
    """The mean over the whole batch, of values without a gradient."""
    context = _context()
    if context is None:
        return ops.mean(values)
    return context.all_reduce(tf.distribute.ReduceOp.MEAN, ops.mean(values))


def everywhere(condition):
    """Whether a boolean holds on every replica."""
    return mean(ops.cast(ops.logical_not(condition), "float32")) == 0


def all_rows(values):
    """The rows of all replicas, in the order of the whole batch."""
    context = _context()
    return values if context is None else context.all_gather(values, axis=0)


def normal(shape, *, seed):
    """As `keras.random.normal`; its first axis is that of the batch."""
    return _own_rows(keras.random.normal, shape, seed)


def uniform(shape, minval=0.0, maxval=1.0, *, seed):
    """As `keras.random.uniform`; its first axis is that of the batch."""
    return _own_rows(keras.random.uniform, shape, seed, minval, maxval)


def randint(shape, minval, maxval, *, seed):
    """As `keras.random.randint`; its first axis is that of the batch."""
    return _own_rows(keras.random.randint, shape, seed, minval, maxval)


def _own_rows(sample, shape, seed, *limits):
    """Samples for the whole batch, of which each replica takes its own rows. So they do not depend
    on how many replicas there are, and no two replicas have the same.
    """
    context = _context()
    if context is None:
        return sample(shape, *limits, seed=seed)
    rows = shape[0]
    whole = sample((context.num_replicas_in_sync * rows, *shape[1:]), *limits, seed=seed)
    first = context.replica_id_in_sync_group * rows
    return whole[first : first + rows]


def _context():
    """That of this replica; `None` where there is one replica, or none is at work."""
    context = tf.distribute.get_replica_context()
    return None if context is None or context.num_replicas_in_sync == 1 else context


def batch_normalization() -> layers.BatchNormalization:
    """Normalises by the statistics of the whole batch."""
    return layers.BatchNormalization(momentum=0.9, synchronized=count() > 1)
