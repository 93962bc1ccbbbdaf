"""Large arrays through a network, a part at a time."""

import numpy as np
import tensorflow as tf

BATCH = 500


def in_batches(function, *arrays):
    """What a function makes of arrays of equal length, taken in parts of `BATCH`, so that memory is
    bounded: an array, or a list of arrays where the function returns one.

    With a `tf.function` around a network it is what `predict` would return. Keras's makes a data
    pipeline for every call, which takes longer than a small network.
    """
    parts = []
    for start in range(0, len(arrays[0]), BATCH):
        found = function(*(array[start : start + BATCH] for array in arrays))
        parts.append(tf.nest.map_structure(np.asarray, found))
    return tf.nest.map_structure(lambda *part: np.concatenate(part), *parts)
