"""What a training loop and a decoder of large images do between the networks."""

import numpy as np

from genimg_lib.checks.core import array, checker, expect
from genimg_lib.checks.judge import match, several

ROUNDED = {"rtol": 1e-4, "atol": 1e-6}  # float32 is accurate enough


@checker
def ema_shard(answer):
    """Source: Rajbhandari et al., arXiv:1910.02054 (shards); the warm-up is that of TensorFlow's
    ExponentialMovingAverage.
    """
    random = np.random.default_rng(0)
    for count, ranks, step in ((10, 4, 0), (12, 4, 5), (7, 3, 10_000)):
        weights = random.normal(size=count)
        size = -(-count // ranks)
        padded = np.pad(weights, (0, size * ranks - count))
        warm = (1 + step) / (10 + step)
        decay = min(0.99, warm)
        for rank in range(ranks):
            shadow = random.normal(size=size)
            part = padded[rank * size : (rank + 1) * size]
            found = array(
                answer(shadow, weights, rank, ranks, step, 0.99), "the shadow", shadow.shape
            )
            woven = np.pad(weights[rank::ranks], (0, size))[:size]
            match(
                found,
                decay * shadow + (1 - decay) * part,
                f"rank {rank} of {ranks} at step {step}: its part is weights[{rank * size}:"
                f"{(rank + 1) * size}], with zeros after the end, and the decay "
                f"{decay:.4f}.",
                {
                    "shadow and weights are exchanged: the decay is the share of the OLD "
                    "average.": (1 - decay) * shadow + decay * part,
                    "there is no warm-up: early averages are mostly the random start.": 0.99
                    * shadow
                    + 0.01 * part,
                    "the warm-up never ends: the decay is at most the one given.": warm * shadow
                    + (1 - warm) * part,
                    "the ranks take every n-th weight: each holds NEIGHBOURING ones.": decay
                    * shadow
                    + (1 - decay) * woven,
                },
                **ROUNDED,
            )
    yield "each rank its own part, padded; the decay warms up to what is given"


@checker
def adamw_step(answer):
    """Source: Loshchilov and Hutter, arXiv:1711.05101, algorithm 2; Kingma and Ba,
    arXiv:1412.6980.
    """
    random = np.random.default_rng(1)
    rate, beta, other, decay = 0.02, 0.9, 0.97, 0.4
    names = "weights, first, second"
    for step, size in ((1, 1.0), (7, 1.0), (3, 1e-8)):
        weights, gradient, first = random.normal(size=(3, 5))
        gradient, first, second = size * gradient, size * first, size**2 * random.random(5)
        if step == 1:
            first, second = np.zeros(5), np.zeros(5)
        given = (weights, gradient, first, second, step, rate, beta, other, decay)
        with np.errstate(all="ignore"):
            parts = several(answer(*given), names)
        shapes = zip(parts, names.split(", "), strict=True)
        found, found_first, found_second = (array(part, name, (5,)) for part, name in shapes)

        def moments(gradient, first=first, second=second):
            return (
                beta * first + (1 - beta) * gradient,
                other * second + (1 - other) * gradient**2,
            )

        def stepped(first, second, decay=decay, corrected=True, outside=True, step=step, w=weights):
            if corrected:
                first, second = first / (1 - beta**step), second / (1 - other**step)
            root = np.sqrt(second) + 1e-8 if outside else np.sqrt(second + 1e-8)
            return w - rate * (first / root + decay * w)

        now = moments(gradient)
        coupled = moments(gradient + decay * weights)
        for name, value, wanted, power in (
            ("first", found_first, now[0], 1),
            ("second", found_second, now[1], 2),
        ):
            bias = 1 - (beta if power == 1 else other) ** step
            match(
                value / size**power,
                wanted / size**power,
                f"the {name} moment at step {step} should be beta of the old one and 1 - beta of "
                f"the gradient{' squared' if power == 2 else ''}.",
                {
                    "the corrected moments are returned: keep the plain ones, or the next step "
                    "corrects them again.": wanted / bias / size**power,
                    "the decay goes through the moments: that is Adam with L2, where large "
                    "gradients hide it.": coupled[power - 1] / size**power,
                },
                **ROUNDED,
            )
        plain = weights - rate * now[0] / (1 - beta**step) / (
            np.sqrt(now[1] / (1 - other**step)) + 1e-8
        )
        match(
            found,
            stepped(*now),
            f"the weights at step {step} are wrong: w - rate * (first / (root(second) + 1e-8) + "
            "decay * w), with corrected moments.",
            {
                "the moments are not corrected for their start at 0.": stepped(
                    *now, corrected=False
                ),
                "the weights do not decay.": stepped(*now, decay=0.0),
                "the decay is not multiplied by the learning rate.": plain - decay * weights,
                "1e-8 is added under the root: it should come after it.": stepped(
                    *now, outside=False
                ),
            },
            **ROUNDED,
        )
    yield "moments, their correction, the decay beside them, at steps 1, 7 and 3"


@checker
def tiled_decode(answer):
    """Source: Barbero Jiménez, arXiv:2302.02412 (tiles blended by weights)."""
    random = np.random.default_rng(2)
    factor, size = 2, 4
    tiles, asked = [], []

    def decode(tile):
        tile = np.asarray(tile)
        expect(
            tile.shape == (size, size, 2),
            f"decode was given a tile of shape {tile.shape}: all should be ({size}, {size}, 2); "
            "move the last one back.",
        )
        asked.append(tile)
        value = np.full((size * factor, size * factor, 3), float(len(asked)) ** 0.5)
        tiles.append(value + np.repeat(np.repeat(tile[..., :1], factor, 0), factor, 1))
        return tiles[-1]

    pixels = size * factor
    ramp = np.minimum(np.arange(1, pixels + 1), np.arange(pixels, 0, -1))
    windows = {
        "right": (ramp[:, None] * ramp)[..., None],
        "flat": np.ones((pixels, pixels, 1)),
        "sum": (ramp[:, None] + ramp)[..., None],
    }
    for height, width, overlap in ((8, 7, 2), (4, 4, 2), (6, 9, 1)):
        latents = random.normal(size=(height, width, 2))
        tops, lefts = (
            [*range(0, length - size, size - overlap), length - size] for length in (height, width)
        )
        corners = [(top, left) for top in tops for left in lefts]
        tiles.clear()
        asked.clear()
        shape = height * factor, width * factor, 3
        with np.errstate(all="ignore"):
            found = array(answer(latents, decode, size, overlap, factor), "the image", shape)
        expect(np.isfinite(found).all(), "a part of the image is never painted.")
        places = [
            [place for place in corners if np.array_equal(cut(latents, place, size), tile)]
            for tile in asked
        ]
        expect(
            len(asked) == len(corners) and all(places),
            f"{height} x {width} latents should be cut into {len(corners)} tiles, at rows {tops} "
            f"and columns {lefts}; yours are {len(asked)}, or lie elsewhere.",
        )
        painted = [(place[0], tile) for place, tile in zip(places, tiles, strict=True)]

        def blended(window, painted=painted, shape=shape):
            total, weights = np.zeros(shape), np.zeros((*shape[:2], 1))
            for (top, left), tile in painted:
                area = np.s_[
                    top * factor : top * factor + pixels, left * factor : left * factor + pixels
                ]
                total[area] += window * tile
                weights[area] += window
            return total / weights

        pasted = np.zeros(shape)
        for (top, left), tile in painted:
            pasted[top * factor : top * factor + pixels, left * factor : left * factor + pixels] = (
                tile
            )
        match(
            found,
            blended(windows["right"]),
            "the image is not the mean of the tiles, weighed by 1, 2, ..., 2, 1 along rows times "
            "the same along columns.",
            {
                "tiles are pasted over each other: that leaves seams.": pasted,
                "tiles count alike where they overlap: that leaves steps at their "
                "borders.": blended(windows["flat"]),
                "the weights of rows and columns are added: multiply them, so that "
                "corners count least.": blended(windows["sum"]),
            },
            **ROUNDED,
        )
    yield "tiles of one size that cover everything, blended without seams"


def cut(latents, place, size):
    top, left = place
    return latents[top : top + size, left : left + size]
