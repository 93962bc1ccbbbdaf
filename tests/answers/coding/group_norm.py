import numpy as np
from answers import right, wrong


def split(x, groups):
    return x.reshape(*x.shape[:3], groups, -1)


def normed(grouped, axes=(1, 2, 4), ddof=0, epsilon=1e-5, outside=False):
    mean = grouped.mean(axis=axes, keepdims=True)
    variance = grouped.var(axis=axes, keepdims=True, ddof=ddof)
    return (grouped - mean) / (variance**0.5 + epsilon if outside else (variance + epsilon) ** 0.5)


@right
def five_axes(x, groups, gain, bias):
    return normed(split(x, groups)).reshape(x.shape) * gain + bias


@right
def in_loops(x, groups, gain, bias):
    result, each = np.empty(x.shape), x.shape[-1] // groups
    for image in range(len(x)):
        for first in range(0, x.shape[-1], each):
            part = x[image, ..., first : first + each]
            scale = 1 / np.sqrt(np.var(part) + 1e-5)
            result[image, ..., first : first + each] = (part - np.mean(part)) * scale
    return bias + gain * result


@right
def channels_first(x, groups, gain, bias):
    flat = np.moveaxis(x, -1, 1).reshape(len(x), groups, -1)
    centred = flat - flat.mean(-1, keepdims=True)
    flat = centred / np.sqrt((centred**2).mean(-1, keepdims=True) + 1e-5)
    shape = len(x), x.shape[-1], *x.shape[1:3]
    return np.moveaxis(flat.reshape(shape), 1, -1) * gain + bias


def faulty(**options):
    return lambda x, groups, gain, bias: (
        normed(split(x, groups), **options).reshape(x.shape) * gain + bias
    )


@wrong("every n-th channel")
def woven(x, groups, gain, bias):
    grouped = x.reshape(*x.shape[:3], -1, groups)
    return normed(grouped, (1, 2, 3)).reshape(x.shape) * gain + bias


@wrong("should have the mean 0 and the variance 1")
def by_the_largest(x, groups, gain, bias):
    return x / np.abs(x).max() * gain + bias


wrong("the batch is averaged as well", "batch", faulty(axes=(0, 1, 2, 4)))
wrong("each channel is normalised by itself", "channels", faulty(axes=(1, 2)))
wrong("each pixel is normalised by itself", "pixels", faulty(axes=4))
wrong("gain and bias are not used", "plain", lambda x, g, *_: normed(split(x, g)).reshape(x.shape))
wrong("divided by n - 1", "unbiased", faulty(ddof=1))
wrong("small activations are off", "after the root", faulty(outside=True))
