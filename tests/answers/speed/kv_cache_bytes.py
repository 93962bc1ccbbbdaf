import math

import numpy as np
from answers import right, wrong


@right
def with_a_product(layers, kv_heads, head_dim, tokens, images, bytes_per_number, guided):
    return math.prod((2, 1 + guided, layers, kv_heads, head_dim, tokens, images, bytes_per_number))


@right
def as_the_size_of_arrays(layers, kv_heads, head_dim, tokens, images, bytes_per_number, guided):
    rows = images * (1 + int(guided))
    keys = np.float64(layers) * rows * kv_heads * tokens * head_dim * bytes_per_number
    return keys + keys


@right
def layer_by_layer(layers, kv_heads, head_dim, tokens, images, bytes_per_number, guided):
    total = 0
    for _ in range(layers):
        for _ in ("keys", "values"):
            for _ in range(2 if guided else 1):
                total += images * tokens * kv_heads * head_dim * bytes_per_number
    return total


@wrong("keys AND values")
def keys_only(layers, kv_heads, head_dim, tokens, images, bytes_per_number, guided):
    return layers * kv_heads * head_dim * tokens * images * bytes_per_number * (2 if guided else 1)


@wrong("those are bits")
def bits(layers, kv_heads, head_dim, tokens, images, bytes_per_number, guided):
    return (
        16
        * layers
        * kv_heads
        * head_dim
        * tokens
        * images
        * bytes_per_number
        * (2 if guided else 1)
    )


@wrong("should be in bytes")
def mebibytes(layers, kv_heads, head_dim, tokens, images, bytes_per_number, guided):
    return (
        2
        * layers
        * kv_heads
        * head_dim
        * tokens
        * images
        * bytes_per_number
        * (2 if guided else 1)
        / 2**20
    )


@wrong("tokens squared")
def quadratic(layers, kv_heads, head_dim, tokens, images, bytes_per_number, guided):
    return 2 * layers * kv_heads * tokens**2 * images * bytes_per_number * (2 if guided else 1)


@wrong("four times the tokens")
def with_a_start(layers, kv_heads, head_dim, tokens, images, bytes_per_number, guided):
    return (
        2
        * layers
        * kv_heads
        * head_dim
        * (tokens + 1)
        * images
        * bytes_per_number
        * (2 if guided else 1)
    )


@wrong("kv_heads does not matter")
def width_of_the_example(layers, kv_heads, head_dim, tokens, images, bytes_per_number, guided):
    return 2 * layers * 16 * head_dim * tokens * images * bytes_per_number * (2 if guided else 1)


@wrong("images does not matter")
def one_image(layers, kv_heads, head_dim, tokens, images, bytes_per_number, guided):
    return 2 * layers * kv_heads * head_dim * tokens * bytes_per_number * (2 if guided else 1)


@wrong("bytes_per_number does not matter")
def always_16_bits(layers, kv_heads, head_dim, tokens, images, bytes_per_number, guided):
    return 4 * layers * kv_heads * head_dim * tokens * images * (2 if guided else 1)


@wrong("guidance costs nothing")
def without_guidance(layers, kv_heads, head_dim, tokens, images, bytes_per_number, guided):
    return 2 * layers * kv_heads * head_dim * tokens * images * bytes_per_number


@wrong("it must double the cache")
def third_branch(layers, kv_heads, head_dim, tokens, images, bytes_per_number, guided):
    return (
        2 * layers * kv_heads * head_dim * tokens * images * bytes_per_number * (3 if guided else 1)
    )


@wrong("it should be 24 MiB")
def all_layers_but_one(layers, kv_heads, head_dim, tokens, images, bytes_per_number, guided):
    numbers = 2 * (layers - 1) * kv_heads * head_dim * tokens * images
    return numbers * bytes_per_number * (2 if guided else 1)


@wrong("must give")
def in_blocks_of_16_tokens(layers, kv_heads, head_dim, tokens, images, bytes_per_number, guided):
    tokens = 16 * -(-tokens // 16)
    numbers = 2 * layers * kv_heads * head_dim * tokens * images
    return numbers * bytes_per_number * (1 + guided)


@wrong("layers does not matter in yours")
def layers_of_the_example(layers, kv_heads, head_dim, tokens, images, bytes_per_number, guided):
    return 2 * 24 * kv_heads * head_dim * tokens * images * bytes_per_number * (2 if guided else 1)


@wrong("no tokens need no bytes")
def at_least_a_page(layers, kv_heads, head_dim, tokens, images, bytes_per_number, guided):
    return (
        2
        * layers
        * kv_heads
        * head_dim
        * max(tokens, 1)
        * images
        * bytes_per_number
        * (2 if guided else 1)
    )


@wrong("is there a `return`?")
def nothing_returned(layers, kv_heads, head_dim, tokens, images, bytes_per_number, guided):
    2 * layers * kv_heads * head_dim * tokens * images * bytes_per_number


@right
def as_a_numpy_product(layers, kv_heads, head_dim, tokens, images, bytes_per_number, guided):
    return np.prod(
        [2, layers, kv_heads, head_dim, tokens, images, bytes_per_number, 2 if guided else 1]
    )


@wrong("only `guided` adds the second branch")
def always_guided(layers, kv_heads, head_dim, tokens, images, bytes_per_number, guided):
    return 4 * layers * kv_heads * head_dim * tokens * images * bytes_per_number


@wrong("is a small type used")
def in_half_precision(layers, kv_heads, head_dim, tokens, images, bytes_per_number, guided):
    with np.errstate(over="ignore"):
        return (
            np.float16(2 * layers * kv_heads * head_dim)
            * tokens
            * images
            * bytes_per_number
            * (1 + guided)
        )


@wrong("head_dim does not matter in yours")
def one_number_a_head(layers, kv_heads, head_dim, tokens, images, bytes_per_number, guided):
    return 2 * layers * kv_heads * tokens * images * bytes_per_number * (1 + guided)


EQUIVALENT = {}
