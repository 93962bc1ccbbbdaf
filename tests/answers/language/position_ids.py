import numpy as np
from answers import right, wrong


@right
def sum_so_far(real):
    positions = real.cumsum(axis=1) - 1
    return np.where(real, positions, 0)


@right
def padding_gets_one(real):
    positions = real.astype(int).cumsum(axis=-1) - 1
    positions[~real] = 1 if real.shape[1] > 1 else 0
    return positions


@right
def in_loops(real):
    rows = []
    for row in real:
        seen, positions = 0, []
        for is_real in row:
            positions.append(seen if is_real else 0)
            seen += bool(is_real)
        rows.append(positions)
    return rows


@right
def shifted_range(real):
    first = real.argmax(axis=1)[:, None]
    return np.maximum(np.arange(real.shape[1])[None] - first, 0.0)


@wrong("padding is counted")
def unchanged(real):
    return np.broadcast_to(np.arange(real.shape[1]), real.shape)


@wrong("from the END")
def minus_one(real):
    return np.cumsum(real, axis=1) - 1


@wrong("position 5 is beyond")
def counts_from_one(real):
    return np.cumsum(real, axis=1)


@wrong("position 8 is beyond")
def over_the_batch(real):
    return np.maximum(np.cumsum(real).reshape(real.shape) - 1, 0)


@wrong("counted from the end")
def backwards(real):
    return np.maximum(np.cumsum(real[:, ::-1], axis=1)[:, ::-1] - 1, 0)


@wrong("left padded, get positions [0, 0, 0], not 0, 1")
def all_zero(real):
    return np.zeros(real.shape, int)


@wrong("should be whole numbers")
def halves(real):
    return np.maximum(np.cumsum(real, axis=1) - 1, 0) + 0.5


@wrong("the positions has shape")
def real_ones_only(real):
    return np.cumsum(real, axis=1)[real]


@wrong("right padded, get positions [0, 0, 0]")
def padding_on_the_left_only(real):
    return np.maximum(np.arange(real.shape[1]) - (~real).sum(axis=1, keepdims=True), 0)


EQUIVALENT = {"1 -> -1 (2)": "the last axis is axis 1"}
