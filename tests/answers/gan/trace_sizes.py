import math

import numpy as np
from answers import right, wrong
from keras import layers as keras_layers


def chain(rule):
    def trace(size, layers):
        sizes = [size]
        for layer in layers:
            sizes.append(rule(sizes[-1], *layer))
        return sizes

    return trace


def with_ceil(n, kind, k, s, padding):
    if (kind, padding) == ("conv", "same"):
        return math.ceil(n / s)
    if (kind, padding) == ("conv", "valid"):
        return math.ceil((n - k + 1) / s)
    return n * s + (max(k - s, 0) if padding == "valid" else 0)


def by_counting(n, kind, k, s, padding):
    if kind == "conv":
        return sum(1 for start in range(0, n, s) if padding == "same" or start + k <= n)
    ends = [i * s + max(k, s) for i in range(n)]
    return ends[-1] if padding == "valid" else ends[-1] - max(k, s) + s


def with_keras_rules(size, layers):
    shape, sizes = (1, size, size, 1), [size]
    for kind, kernel, stride, padding in layers:
        layer = keras_layers.Conv2D if kind == "conv" else keras_layers.Conv2DTranspose
        shape = layer(1, kernel, strides=stride, padding=padding).compute_output_shape(shape)
        sizes.append(shape[1])
    return np.array(sizes)


right("with ceil", chain(with_ceil))
right("by counting", chain(by_counting))
right("asking Keras", with_keras_rules)


def but(**changed):
    """The right rules with some changed: names like conv_same."""

    def rule(n, kind, k, s, padding):
        return changed.get(f"{kind}_{padding}", lambda n, k, s: with_ceil(n, kind, k, s, padding))(
            n, k, s
        )

    return chain(rule)


def minus_kernel(n, k, s):
    return -(-n // s) if k <= 3 else (n - k) // s


wrong("the last window is padded", "rounds down", but(conv_same=lambda n, k, s: n // s))
wrong(
    'conv "same", kernel 5, stride 3: 11 -> 4, not 2',
    "subtracts the kernel",
    but(conv_same=minus_kernel),
)
wrong(
    'conv "valid", kernel 3, stride 1: 5 -> 3, not 2',
    "one window too few",
    but(conv_valid=lambda n, k, s: (n - k) // s),
)
wrong(
    "does not divide by its stride",
    "a conv for a transposed one",
    but(transposed_same=lambda n, k, s: -(-n // s)),
)
wrong(
    '"same", kernel 3, stride 1: 5 -> 5, not 7',
    "kernel counts",
    but(transposed_same=lambda n, k, s: (n - 1) * s + k),
)
wrong(
    "a kernel below the stride leaves gaps",
    "no gap",
    but(transposed_valid=lambda n, k, s: (n - 1) * s + k),
)
wrong(
    '"valid", kernel 3, stride 1: 5 -> 7, not 5',
    "valid like same",
    but(transposed_valid=lambda n, k, s: n * s),
)


@wrong("begin the list with the size of the input")
def without_the_input(size, layers):
    return chain(with_ceil)(size, layers)[1:]


@wrong("chain the layers")
def each_from_the_start(size, layers):
    return [size, *(with_ceil(size, *layer) for layer in layers)]


@wrong("the list of sizes has shape ()")
def only_the_last(size, layers):
    return chain(with_ceil)(size, layers)[-1] if len(layers) > 1 or layers[0][2] > 1 else [9, 9]


@wrong("this stack gives [5]")
def nothing_for_no_layers(size, layers):
    return chain(with_ceil)(size, layers) if layers else [0]


@wrong('"same", kernel 2, stride 2: 6 -> 3, not 4')
def as_pytorch_pads(size, layers):
    return but(conv_same=lambda n, k, s: (n + 2 * (k // 2) - k) // s + 1)(size, layers)


EQUIVALENT = {"max(kernel, stride) -> max(stride, kernel)": "symmetric"}
