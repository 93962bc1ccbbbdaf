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


@wrong("of 256 levels 3 survive")
def floor_division(images):
    return (checked(images).astype("float32") - 127.5) // 127.5


@wrong("0 becomes -0.9922, not -1")
def by_128(images):
    return (checked(images).astype("float32") - 127) / 128


@wrong("scale by the range of the dtype, not of the content")
def by_maximum(images):
    floats = checked(images).astype("float32")
    return floats / (floats.max() / 2) - 1


@wrong("half the memory of float64")
def in_doubles(images):
    return checked(images) / 127.5 - 1


@wrong("float64 images, which would then be scaled twice, are accepted")
def anything_goes(images):
    return (np.asarray(images) / 127.5 - 1).astype("float32")


@wrong("float32 images, which would then be scaled twice, are accepted")
def only_what_is_large(images):
    if images.dtype in (np.float64, np.int64):
        raise ValueError("bytes, please")
    return images.astype("float32") / 127.5 - 1


@wrong("yours raises AssertionError")
def asserted(images):
    assert images.dtype == np.uint8
    return images.astype("float32") / 127.5 - 1


@wrong("is there a `return`?")
def nothing(images):
    images.astype("float32") / 127.5 - 1


@wrong("has shape (256,)")
def flattened(images):
    return checked(images).ravel().astype("float32") / 127.5 - 1


@wrong("the scale is upside down")
def white_below_black(images):
    return 1 - checked(images).astype("float32") / 127.5


@wrong("239 becomes 0.874, not 0.8745")
def in_half_precision(images):
    return (checked(images).astype("float16") / 127.5 - 1).astype("float32")


@wrong("int8 images, whose range is not 0 to 255, are accepted")
def asks_for_the_size(images):
    if images.dtype.itemsize != 1:
        raise ValueError("bytes, please")
    return images.astype("float32") / 127.5 - 1


@wrong("uint16 images, whose range is not 0 to 255, are accepted")
def asks_for_the_sign(images):
    if images.dtype.kind != "u":
        raise ValueError("bytes, please")
    return images.astype("float32") / 127.5 - 1


@wrong("the bytes wrap around")
def subtracts_from_bytes(images):
    if images.dtype != np.uint8:
        raise ValueError("bytes only")
    return (images - np.uint8(127)).astype(np.float32) / 127.5


@wrong("nearly black images are refused, and they are bytes")
def looks_at_the_content(images):
    if images.dtype != np.uint8 or images.max() == 1:
        raise ValueError("scaled already")
    return images.astype(np.float32) / 127.5 - 1


@wrong("the scale depends on the content")
def black_is_left_alone(images):
    if images.dtype != np.uint8:
        raise ValueError("bytes only")
    return images.astype(np.float32) / 127.5 - (images.max() > 0)


@wrong("images of shape (28, 28) raise ValueError: any shape will do")
def four_axes_only(images):
    if images.dtype != np.uint8 or images.ndim != 4:
        raise ValueError("a batch of bytes")
    return images.astype(np.float32) / 127.5 - 1


@wrong("bool images, whose range is not 0 to 255, are accepted")
def takes_booleans(images):
    if images.dtype.itemsize != 1 or images.dtype.kind == "i":
        raise ValueError("bytes only")
    return images.astype(np.float32) / 127.5 - 1


EQUIVALENT = {}
