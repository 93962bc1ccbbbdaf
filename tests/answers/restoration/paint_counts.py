import keras
import numpy as np
from answers import right, wrong


def line(count, kernel, stride):
    spread = np.zeros((count - 1) * stride + 1)
    spread[::stride] = 1
    return np.convolve(spread, np.ones(kernel)).astype(int)


@right
def by_convolution(count, kernel, stride):
    return np.outer(line(count, kernel, stride), line(count, kernel, stride))


@right
def by_painting(count, kernel, stride):
    side = (count - 1) * stride + kernel
    plane = np.zeros((side, side), np.int64)
    for i in range(count):
        for j in range(count):
            plane[i * stride : i * stride + kernel, j * stride : j * stride + kernel] += 1
    return plane


@right
def with_keras(count, kernel, stride):
    layer = keras.layers.Conv2DTranspose(
        1, kernel, strides=stride, use_bias=False, kernel_initializer="ones"
    )
    side = (count - 1) * stride + kernel  # Keras adds the gap of a kernel below the stride
    return np.asarray(layer(np.ones((1, count, count, 1))))[0, :side, :side, 0]


@wrong("the counts multiply; yours are added")
def added(count, kernel, stride):
    one = line(count, kernel, stride)
    return one[:, None] + one


@wrong("count each input that paints it")
def painted_or_not(count, kernel, stride):
    return (by_convolution(count, kernel, stride) > 0).astype(int)


@wrong("that is one line")
def only_a_line(count, kernel, stride):
    return line(count, kernel, stride)


@wrong('as with padding "same"')
def same(count, kernel, stride):
    return (
        by_convolution(count, kernel, stride)[: count * stride, : count * stride]
        * np.ones((count * stride, 1), int)[: (count - 1) * stride + kernel]
    )


@wrong("is painted 4 times, not 16")
def squared(count, kernel, stride):
    return by_convolution(count, kernel, stride) ** 2


@wrong("the counts has shape")
def without_the_kernel(count, kernel, stride):
    return np.ones((count, count), int)


@wrong("should be whole numbers")
def shares(count, kernel, stride):
    return by_convolution(count, kernel, stride) / (kernel / stride) ** 2


EQUIVALENT = {"1 -> -1": "two negative counts have a positive product"}
