"""Layers of image transformers and U-Nets."""

import numpy as np

from genimg_lib.checks.core import array, checker, expect
from genimg_lib.checks.judge import match

ROUNDED = {"rtol": 1e-4, "atol": 1e-5}  # float32 is accurate enough


@checker
def patches(patchify, unpatchify):
    """Source: Dosovitskiy et al., arXiv:2010.11929, section 3.1; Peebles and Xie,
    arXiv:2212.09748, section 3.2.
    """
    random = np.random.default_rng(0)
    for (count, height, width, channels), size in (((2, 6, 4, 3), 2), ((1, 6, 9, 2), 3)):
        images = random.normal(size=(count, height, width, channels))
        rows, columns = height // size, width // size
        grid = images.reshape(count, rows, size, columns, size, channels)
        shape = count, rows * columns, size * size * channels
        right = grid.transpose(0, 1, 3, 2, 4, 5).reshape(shape)
        tokens = array(patchify(images, size), "tokens", shape)
        match(
            tokens,
            right,
            f"token 0 should be the {size} x {size} pixels at the top left, in reading order.",
            {
                "the axes are not exchanged before the reshape: a token holds parts of several "
                "patches.": images.reshape(shape),
                "the patches run down the columns: they should run along the rows.": (
                    grid.transpose(0, 3, 1, 2, 4, 5).reshape(shape)
                ),
                "inside of a patch the channels come first: they should come last.": (
                    grid.transpose(0, 1, 3, 5, 2, 4).reshape(shape)
                ),
                "inside of a patch pixels run down the columns.": grid.transpose(
                    0, 1, 3, 4, 2, 5
                ).reshape(shape),
            },
            **ROUNDED,
        )
        back = array(unpatchify(right, size, height, width), "the images", images.shape)
        grid = right.reshape(count, rows, columns, size, size, channels)
        match(
            back,
            images,
            "unpatchify does not give the images back.",
            {
                "unpatchify only reshapes: the axes have to be exchanged back.": right.reshape(
                    images.shape
                ),
                "unpatchify exchanges rows and columns inside of each patch.": grid.transpose(
                    0, 1, 4, 2, 3, 5
                ).reshape(images.shape),
            },
            **ROUNDED,
        )
    yield "patches along the rows, pixels in reading order, and back, also of wide images"


@checker
def modulated_block(answer):
    """Source: Peebles and Xie, arXiv:2212.09748, section 3.2 (adaLN-Zero)."""
    random = np.random.default_rng(1)
    x = 2 * random.normal(size=(3, 4, 5)) + 1
    condition, weight = random.normal(size=(3, 2)), random.normal(size=(2, 15))
    bias = random.normal(size=15)

    def branch(x):
        return np.tanh(x) + 0.5

    def parts(x, axis=-1):
        mean, variance = x.mean(axis=axis, keepdims=True), x.var(axis=axis, keepdims=True)
        return (x - mean) / np.sqrt(variance + 1e-6)

    shift, scale, gate = np.split((condition @ weight + bias)[:, None], 3, axis=-1)
    normed = parts(x)
    found = array(answer(x, condition, weight, bias, branch), "the output", x.shape)
    match(
        found,
        x + gate * branch(normed * (1 + scale) + shift),
        "it should be x + gate * branch(normed * (1 + scale) + shift), the norm over the width.",
        {
            "the residual is missing: the block adds to x.": gate
            * branch(normed * (1 + scale) + shift),
            "the scale should be 1 + scale, so that zeros leave the norm as it is.": x
            + gate * branch(normed * scale + shift),
            "the gate is missing: zeros should switch the whole branch off.": x
            + branch(normed * (1 + scale) + shift),
            "shift and scale are exchanged: the order is shift, scale, gate.": x
            + gate * branch(normed * (1 + shift) + scale),
            "the norm runs over the tokens: it should run over the width.": x
            + gate * branch(parts(x, axis=1) * (1 + scale) + shift),
            "nothing is normalised.": x + gate * branch(x * (1 + scale) + shift),
        },
        **ROUNDED,
    )
    yield "normed, modulated, through the branch, gated, added"

    small = array(answer(1e-3 * x, condition, weight, bias, branch), "the output", x.shape)
    match(
        small,
        1e-3 * x + gate * branch(parts(1e-3 * x) * (1 + scale) + shift),
        "small activations are off: 1e-6 is added to the VARIANCE, before the root.",
        **ROUNDED,
    )
    silent = array(answer(x, condition, 0 * weight, 0 * bias, branch), "the output", x.shape)
    expect(np.array_equal(silent, x), "with weights of zero the block should be the identity.")
    yield "small activations, and the identity at the start of training"


@checker
def group_norm(answer):
    """Source: Wu and He, arXiv:1803.08494, section 3.1."""
    random = np.random.default_rng(2)
    for channels, groups in ((6, 3), (6, 2), (4, 1), (4, 4)):
        x = random.normal(size=(2, 3, 5, channels)) * np.arange(1, channels + 1) + 1
        gain, bias = random.normal(size=(2, channels))
        found = array(answer(x, groups, gain, bias), "the output", x.shape)

        def normed(grouped, axes, ddof=0, outside=False, shape=x.shape):
            spread = grouped.var(axis=axes, keepdims=True, ddof=ddof)
            spread = np.sqrt(spread) + 1e-5 if outside else np.sqrt(spread + 1e-5)
            return ((grouped - grouped.mean(axis=axes, keepdims=True)) / spread).reshape(shape)

        def answered(normed, gain=gain, bias=bias):
            return normed * gain + bias

        grouped = x.reshape(2, 3, 5, groups, channels // groups)
        woven = np.swapaxes(x.reshape(2, 3, 5, channels // groups, groups), 3, 4)
        woven = normed(woven, (1, 2, 4), shape=woven.shape)
        match(
            found,
            answered(normed(grouped, (1, 2, 4))),
            f"{channels} channels in {groups} groups: each image and each group should have the "
            "mean 0 and the variance 1 before gain and bias.",
            {
                "the batch is averaged as well: each image is normalised by itself.": answered(
                    normed(grouped, (0, 1, 2, 4))
                ),
                "the groups hold every n-th channel: they should hold NEIGHBOURING ones.": answered(
                    np.swapaxes(woven, 3, 4).reshape(x.shape)
                ),
                "each channel is normalised by itself: its group shares mean and "
                "variance.": answered(normed(x, (1, 2))),
                "each pixel is normalised by itself: the statistics run over the whole "
                "picture.": answered(normed(grouped, 4)),
                "gain and bias are not used.": normed(grouped, (1, 2, 4)),
                "the variance is divided by n - 1: a norm divides by n.": answered(
                    normed(grouped, (1, 2, 4), ddof=1)
                ),
            },
            **ROUNDED,
        )
    yield "groups of neighbouring channels, from all channels to one"

    small = 1e-3 * x
    match(
        array(answer(small, groups, gain, bias), "the output", x.shape),
        answered(normed(small.reshape(2, 3, 5, groups, -1), (1, 2, 4))),
        "small activations are off: 1e-5 is added to the variance, before the root.",
        **ROUNDED,
    )
    yield "small activations"
