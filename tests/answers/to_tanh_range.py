import numpy as np
import tensorflow as tf

from answers import right, wrong


def checked(images):
    if np.asarray(images).dtype != np.uint8:
        raise ValueError("bytes, please")
    return np.asarray(images)


@right
def two_steps_of_arithmetic(images):
    return ((checked(images).astype("float32") - 127.5) / 127.5).astype("float32")


@right
def by_table(images):
    return np.linspace(-1, 1, 256, dtype=np.float32)[checked(images)]


@right
def with_tensorflow(images):
    return tf.cast(checked(images), tf.float32) * (2 / 255) - 1


@wrong("which no tanh can match")
def the_articles(images):
    return ((checked(images) - 0.5) * 2).astype("float32")


@wrong("no real pixel is below 0")
def unit_range(images):
    return (checked(images) / 255).astype("float32")


@wrong("is something rounded?")
def floor_division(images):
    return (checked(images).astype("float32") - 127.5) // 127.5


@wrong("0 becomes -0.9922 and 255 becomes 1")
def by_128(images):
    return (checked(images).astype("float32") - 127) / 128


@wrong("scale by the range of the dtype, not of the content")
def by_maximum(images):
    floats = checked(images).astype("float32")
    return floats / (floats.max() / 2) - 1


@wrong("half the memory of float64")
def in_doubles(images):
    return checked(images) / 127.5 - 1


@wrong("float64 images are accepted")
def anything_goes(images):
    return (np.asarray(images) / 127.5 - 1).astype("float32")


@wrong("float32 images are accepted")
def only_what_is_large(images):
    if images.dtype in (np.float64, np.int64):
        raise ValueError("bytes, please")
    return images.astype("float32") / 127.5 - 1


@wrong("float64 images raise AssertionError")
def asserted(images):
    assert images.dtype == np.uint8
    return images.astype("float32") / 127.5 - 1


@wrong("is there a `return`?")
def nothing(images):
    images.astype("float32") / 127.5 - 1


@wrong("has shape (256,)")
def flattened(images):
    return checked(images).ravel().astype("float32") / 127.5 - 1


EQUIVALENT = {}
