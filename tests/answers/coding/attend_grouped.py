import numpy as np
from answers import right, wrong


def attend(query, keys, values, scale=None, axis=-1, stable=True):
    scores = np.einsum("bhqw,bhnw->bhqn", query, keys)
    scores = scores / (query.shape[-1] ** 0.5 if scale is None else scale)
    weights = np.exp(scores - (scores.max(axis=axis, keepdims=True) if stable else 0))
    return weights / weights.sum(axis=axis, keepdims=True) @ values


def spread(part, query):
    return np.repeat(part, query.shape[1] // part.shape[1], axis=1)


def faulty(**options):
    return lambda q, k, v: attend(q, spread(k, q), spread(v, q), **options)


@right
def repeated(query, keys, values):
    return attend(query, spread(keys, query), spread(values, query))


@right
def grouped_queries(query, keys, values):
    """Without a copy of the keys: the heads of a group are rows of one query."""
    batch, heads, _, width = query.shape
    groups = keys.shape[1]
    rows = query.reshape(batch, groups, heads // groups, width)
    return attend(rows, keys, values).reshape(query.shape)


@right
def head_by_head(query, keys, values):
    each = query.shape[1] // keys.shape[1]
    return np.stack(
        [
            attend(query[:, [h]], keys[:, [h // each]], values[:, [h // each]])[:, 0]
            for h in range(query.shape[1])
        ],
        axis=1,
    )


@wrong("heads take turns")
def tiled(query, keys, values):
    times = (1, query.shape[1] // keys.shape[1], 1, 1)
    return attend(query, np.tile(keys, times), np.tile(values, times))


@wrong("all heads use the first group")
def first_group(query, keys, values):
    heads = query.shape[1]
    return attend(*(query, keys[:, [0] * heads], values[:, [0] * heads]))


@wrong("should be exact")
def clipped(query, keys, values):
    keys, values = spread(keys, query), spread(values, query)
    scores = (query * keys).sum(-1) / query.shape[-1] ** 0.5
    weights = np.exp(np.clip(scores, -80, 80))
    mixed = (weights[..., None] * values).sum(2, keepdims=True)
    return mixed / weights.sum(-1)[..., None, None]


wrong("not divided by the root", "unscaled", faulty(scale=1))
wrong("runs over the heads", "other axis", faulty(axis=1))
wrong(
    "is not that of attention", "by the width", lambda q, k, v: faulty(scale=q.shape[-1])(q, k, v)
)
wrong("subtract the largest first", "overflows", faulty(stable=False))

EQUIVALENT = {"-2 -> 2": "axis 2 of four", "2 -> -2": "axis 2 of four"}
