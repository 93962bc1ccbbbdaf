import numpy as np
from answers import right, wrong
from scipy.special import softmax


@right
def cut_out(logits, first, count, temperature):
    found = np.zeros_like(logits)
    own = slice(first, first + count)
    found[:, own] = softmax(logits[:, own] / temperature, axis=-1)
    return found


@right
def row_by_row(logits, first, count, temperature):
    found = [np.zeros(len(row)) for row in logits]
    for row, p in zip(logits, found, strict=True):
        p[first : first + count] = softmax(row[first : first + count] / temperature)
    return np.array(found)


@right
def with_infinity(logits, first, count, temperature):
    own = np.isin(np.arange(logits.shape[-1]), np.arange(first, first + count))
    return softmax(np.where(own, logits, -np.inf) / temperature, axis=-1)


@wrong("do not add up to 1")
def not_renormalised(logits, first, count, temperature):
    p = softmax(logits / temperature, axis=-1)
    p[:, :first] = 0
    p[:, first + count :] = 0
    return p


@wrong("take minus infinity")
def zero_logits(logits, first, count, temperature):
    own = np.isin(np.arange(logits.shape[-1]), np.arange(first, first + count))
    return softmax(np.where(own, logits, 0) / temperature, axis=-1)


@wrong("the temperature is missing")
def no_temperature(logits, first, count, temperature):
    return cut_out(logits, first, count, 1.0)


@wrong("should sharpen")
def multiplied(logits, first, count, temperature):
    return cut_out(logits, first, count, 1 / temperature)


@wrong("the *other* segments")
def others(logits, first, count, temperature):
    own = np.isin(np.arange(logits.shape[-1]), np.arange(first, first + count))
    return softmax(np.where(own, -np.inf, logits) / temperature, axis=-1)


@wrong("how many there are")
def ends_at_count(logits, first, count, temperature):
    return cut_out(logits, first, max(count, first + 1) - first, temperature)


@wrong("over the segment's own tokens")
def everything(logits, first, count, temperature):
    return softmax(logits / temperature, axis=-1)


@wrong("subtract the largest of each row")
def overflows(logits, first, count, temperature):
    found = np.zeros_like(logits)
    weights = np.exp(logits[:, first : first + count] / temperature)
    found[:, first : first + count] = weights / weights.sum(axis=1, keepdims=True)
    return found


EQUIVALENT = {
    "1 -> -1": "the second of two axes is the last",
    "1 -> -1 (2)": "the second of two axes is the last",
}
