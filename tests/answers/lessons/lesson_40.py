import math

import numpy as np

from answers.lessons import right, wrong


def softmax(scores, axis=-1):
    exponentials = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return exponentials / exponentials.sum(axis=axis, keepdims=True)


def forbidden(scores, allowed):
    return np.where(allowed, scores, -np.inf)


def row_by_row(scores, allowed):
    weights = np.zeros_like(scores)
    for row, (values, seen) in enumerate(zip(scores, allowed, strict=True)):
        weights[row, seen] = softmax(values[seen])
    return weights


def mark(order, count):
    return np.isin(np.arange(len(order)), order[:count])


def needed(probabilities, p):
    return int(np.searchsorted(np.cumsum(np.sort(probabilities)[::-1]), p - 1e-9) + 1)


def from_largest(probabilities, p, more=0):
    return mark(np.argsort(-probabilities), needed(probabilities, p) + more)


GIVEN = {
    "units": [
        right(lambda nats, size: (nats / math.log(2), math.exp(nats), nats / size)),
        right(
            lambda nats, size: [nats * math.log2(math.e), 2 ** (nats / math.log(2)), nats / size]
        ),
        wrong("return three things", lambda nats, size: nats / math.log(2)),
        wrong("you multiply by ln 2", lambda nats, size: (nats * math.log(2), 0.0, 0.0)),
        wrong("2 nats are 2.885 bits", lambda nats, size: (nats, math.exp(nats), nats / size)),
        wrong("2 belongs to bits", lambda nats, size: (nats / math.log(2), 2**nats, nats / size)),
        wrong(
            "e to the power of the nats",
            lambda nats, size: (nats / math.log(2), math.exp(nats / size), nats / size),
        ),
        wrong(
            "They share the nats",
            lambda nats, size: (nats / math.log(2), math.exp(nats), nats * size),
        ),
        wrong(
            "half a nat per character",
            lambda nats, size: (nats / math.log(2), math.exp(nats), nats),
        ),
    ],
    "masked_weights": [
        right(lambda scores, allowed: softmax(forbidden(scores, allowed))),
        right(row_by_row),
        wrong("has no effect", lambda scores, allowed: softmax(scores)),
        wrong("do not sum to 1", lambda scores, allowed: softmax(scores) * allowed),
        wrong("still has the weight", lambda scores, allowed: softmax(scores * allowed)),
        wrong(
            "normalise columns", lambda scores, allowed: softmax(forbidden(scores, allowed), axis=0)
        ),
        wrong("of the allowed scores alone", lambda scores, allowed: forbidden(scores, ~allowed)),
        wrong(
            "overflow or vanish",
            lambda scores, allowed: (
                np.exp(forbidden(scores, allowed))
                / np.exp(forbidden(scores, allowed)).sum(axis=-1, keepdims=True)
            ),
        ),
    ],
    "leaking_loss": [wrong("hides the target", "a"), wrong("easier to learn", "b")],
    "better_model": [wrong("the same short text", "a"), wrong("letter by letter", "c")],
    "nucleus": [
        right(from_largest),
        right(
            lambda probabilities, p: np.array(
                [probabilities[probabilities > own].sum() < p for own in probabilities]
            )
        ),
        wrong("as the colleague does", lambda probabilities, p: from_largest(probabilities, p, -1)),
        wrong("where 0.8 is enough", lambda probabilities, p: from_largest(probabilities, p, 1)),
        wrong(
            "in the order of the vocabulary",
            lambda probabilities, p: np.cumsum(probabilities) - probabilities < p,
        ),
        wrong("wherever they stand", lambda probabilities, p: probabilities < p / 2),
        wrong("True or False", lambda probabilities, p: probabilities),
        wrong(
            "p = 0.2 must keep", lambda probabilities, p: from_largest(probabilities, max(p, 0.6))
        ),
        wrong("p = 1 must keep", lambda probabilities, p: from_largest(probabilities, min(p, 0.9))),
    ],
}
