import numpy as np
from answers import right, wrong


def softmax(scores):
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return weights / weights.sum(axis=-1, keepdims=True)


def seen(scores, real):
    return np.tri(scores.shape[-1], dtype=bool) & real[:, None, :]


@right
def padding_rows_zero(scores, real):
    visible = seen(scores, real)
    weights = np.where(
        visible,
        np.exp(scores - np.max(scores, axis=-1, keepdims=True, where=visible, initial=-1e300)),
        0,
    )
    return weights / np.maximum(weights.sum(axis=-1, keepdims=True), 1e-300)


@right
def with_a_large_negative_number(scores, real):
    return softmax(scores - 1e12 * ~seen(scores, real))


@right
def row_by_row(scores, real):
    maps = np.zeros_like(scores)
    for b, i in np.argwhere(real):
        columns = np.flatnonzero(real[b, : i + 1])
        maps[b, i, columns] = softmax(scores[b, i, columns])
    return maps


@wrong("it must see itself")
def unchanged(scores, real):
    visible = np.tri(scores.shape[-1], k=-1, dtype=bool) & real[:, None, :]
    return softmax(scores) * visible


@wrong("mask FIRST")
def after_the_softmax(scores, real):
    return softmax(scores) * seen(scores, real)


@wrong("mask the scores, then subtract")
def divides_again(scores, real):
    weights = softmax(scores) * seen(scores, real)
    return weights / weights.sum(axis=-1, keepdims=True)


@wrong("look into the future")
def no_causal_mask(scores, real):
    return softmax(np.where(real[:, None, :], scores, -np.inf))


@wrong("look at padding")
def causal_only(scores, real):
    return softmax(np.where(np.tri(scores.shape[-1]), scores, -np.inf))


@wrong("rows of padding are NaN")
def nothing_for_padding(scores, real):
    return softmax(np.where(seen(scores, real), scores, -np.inf))


@wrong("of text 2 should be")
def uniform(scores, real):
    return softmax(np.where(seen(scores, real) | np.eye(scores.shape[-1], dtype=bool), 0, -np.inf))


@wrong("should have shape")
def without_a_batch(scores, real):
    return softmax(scores[0])


@wrong("changes its input in place")
def in_place(scores, real):
    scores[~seen(scores, real)] = -1e12
    return softmax(scores)


@right
def in_float32_with_its_lowest_number(scores, real):
    return softmax(
        np.where(seen(scores, real), scores.astype(np.float32), np.finfo(np.float32).min)
    )


@wrong("columns add up to 1")
def over_the_queries(scores, real):
    scores = np.where(seen(scores, real) | np.eye(scores.shape[-1], dtype=bool), scores, -np.inf)
    return softmax(scores.swapaxes(1, 2)).swapaxes(1, 2)


@wrong("rows add up to more than 1")
def not_normalised(scores, real):
    scores = np.where(seen(scores, real) | np.eye(scores.shape[-1], dtype=bool), scores, -np.inf)
    return np.exp(scores - scores.max(axis=-1, keepdims=True))


@wrong("some weights are negative")
def logarithms(scores, real):
    return np.log(softmax(np.where(seen(scores, real), scores, -1e9)).clip(1e-99))


@wrong("scores of 10000 should be exact, without clipping")
def clipped(scores, real):
    return softmax(
        np.where(
            seen(scores, real) | np.eye(scores.shape[-1], dtype=bool), scores.clip(-50, 50), -np.inf
        )
    )


@wrong("yours to [0., 0.")
def divides_by_a_little_more(scores, real):
    """The largest score may be a masked one: nothing is left of the row then."""
    weights = softmax(scores) * seen(scores, real)
    return weights / (weights.sum(axis=-1, keepdims=True) + 1e-9)


EQUIVALENT = {}
