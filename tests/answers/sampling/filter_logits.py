import numpy as np
from answers import right, wrong
from scipy.special import softmax


def top_k(logits, k):
    ranks = (-logits).argsort(axis=-1).argsort(axis=-1)
    return np.where(ranks < (k or logits.shape[-1]), logits, -np.inf)


def nucleus(logits, p, before=True, extra=0, at_least=1):
    order = np.argsort(-logits, axis=-1)
    probabilities = np.take_along_axis(softmax(logits, axis=-1), order, axis=-1)
    reached = np.cumsum(probabilities, axis=-1)
    needed = reached - probabilities < p if before else reached <= p
    needed = np.arange(logits.shape[-1]) < np.maximum(
        needed.sum(axis=-1, keepdims=True) + extra, at_least
    )
    keep = np.empty_like(needed)
    np.put_along_axis(keep, order, needed, axis=-1)
    return np.where(keep, logits, -np.inf)


@right
def scattered_back(logits, k=0, p=1.0):
    logits = top_k(logits, k)
    return nucleus(logits, p) if p < 1 else logits


@right
def row_by_row(logits, k=0, p=1.0):
    def filtered(row):
        row, order = row.copy(), np.argsort(row)[::-1]
        if k:
            row[order[k:]] = -np.inf
        if p < 1:
            reached = 0.0
            probabilities = softmax(row)
            for token in order:
                if reached >= max(p, 1e-9):
                    row[token] = -np.inf
                reached += probabilities[token]
        return row

    return np.apply_along_axis(filtered, -1, logits)


@right
def in_float32_ascending(logits, k=0, p=1.0):
    logits = top_k(logits.astype(np.float32), k)
    if p >= 1:
        return logits
    order = logits.argsort(axis=-1)
    small = np.take_along_axis(softmax(logits, axis=-1), order, axis=-1).cumsum(axis=-1) <= 1 - p
    small[..., -1] = False
    return np.where(np.take_along_axis(small, order.argsort(axis=-1), axis=-1), -np.inf, logits)


@wrong("the token that CROSSES p is dropped: what is kept")
def drops_the_crossing_token(logits, k=0, p=1.0):
    logits = top_k(logits, k)
    return nucleus(logits, p, before=False) if p < 1 else logits


@wrong("for a small p nothing is left")
def may_remove_all(logits, k=0, p=1.0):
    logits = top_k(logits, k)
    return nucleus(logits, p, before=False, at_least=0) if p < 1 else logits


@wrong("one token too many")
def one_too_many(logits, k=0, p=1.0):
    logits = top_k(logits, k)
    return nucleus(logits, p, extra=1) if p < 1 else logits


@wrong("in the order of the vocabulary")
def unsorted(logits, k=0, p=1.0):
    logits = top_k(logits, k)
    probabilities = softmax(logits, axis=-1)
    return (
        np.where(np.cumsum(probabilities, axis=-1) - probabilities < p, logits, -np.inf)
        if p < 1
        else logits
    )


@wrong("take the mask back from sorted order")
def mask_left_in_sorted_order(logits, k=0, p=1.0):
    logits = top_k(logits, k)
    if p >= 1:
        return logits
    ordered = -np.sort(-softmax(logits, axis=-1), axis=-1)
    return np.where(np.cumsum(ordered, axis=-1) - ordered < p, logits, -np.inf)


@wrong("p is what they should reach together")
def threshold_on_each(logits, k=0, p=1.0):
    logits, probabilities = top_k(logits, k), softmax(logits, axis=-1)
    if p >= 1:
        return logits
    return np.where(
        (probabilities >= p) | (probabilities == probabilities.max(axis=-1, keepdims=True)),
        logits,
        -np.inf,
    )


@wrong("share them out anew")
def nucleus_first(logits, k=0, p=1.0):
    return np.minimum(top_k(logits, k), nucleus(logits, p)) if p < 1 else top_k(logits, k)


@wrong("each has its own")
def one_threshold(logits, k=0, p=1.0):
    return scattered_back(logits.ravel(), k, p).reshape(logits.shape)


@wrong("the likeliest of each row")
def one_less(logits, k=0, p=1.0):
    return scattered_back(logits, max(k - 1, 1) if k else 0, p)


@wrong("should get minus infinity, not -1e+09")
def large_negative(logits, k=0, p=1.0):
    return np.maximum(scattered_back(logits, k, p), -1e9)


@wrong("not NaN")
def with_nan(logits, k=0, p=1.0):
    kept = scattered_back(logits, k, p)
    return np.where(np.isneginf(kept), np.nan, kept)


@wrong("should keep their values")
def log_probabilities(logits, k=0, p=1.0):
    kept = scattered_back(logits, k, p)
    with np.errstate(divide="ignore"):
        return np.log(softmax(kept, axis=-1))


@wrong("of a long tail")
def no_early_return(logits, k=0, p=1.0):
    return nucleus(top_k(logits, k), p)


@wrong("should be the defaults")
def other_defaults(logits, k=1, p=1.0):
    return scattered_back(logits, k, p)


@wrong("subtract the largest before exp")
def overflows(logits, k=0, p=1.0):
    logits = top_k(logits, k)
    if p >= 1:
        return logits
    with np.errstate(all="ignore"):
        probabilities = np.nan_to_num(
            np.exp(logits) / np.exp(logits).sum(axis=-1, keepdims=True), nan=1.0
        )
    order = np.argsort(-logits, axis=-1)
    sorted_ones = np.take_along_axis(probabilities, order, axis=-1)
    needed = np.cumsum(sorted_ones, axis=-1) - sorted_ones < max(p, 1e-9)
    smallest = np.where(needed, np.take_along_axis(logits, order, axis=-1), np.inf).min(
        axis=-1, keepdims=True
    )
    return np.where(
        logits < np.where(probabilities.sum(axis=-1, keepdims=True) > 1.5, -np.inf, smallest),
        -np.inf,
        logits,
    )


@wrong("IndexError")
def fails_for_a_large_k(logits, k=0, p=1.0):
    threshold = np.sort(logits, axis=-1)[..., -k, None]
    return scattered_back(np.where(logits < threshold, -np.inf, logits), 0, p)


@wrong("p = 0 leaves nothing")
def nothing_at_zero(logits, k=0, p=1.0):
    logits = top_k(logits, k)
    return nucleus(logits, p, at_least=0) if p < 1 else logits


@wrong("the k LEAST likely")
def smallest_k(logits, k=0, p=1.0):
    if k and p == 1:
        return np.where(np.isinf(scattered_back(-logits, k, p)), -np.inf, logits)
    return scattered_back(logits, k, p)


@wrong("k alone")
def either_or(logits, k=0, p=1.0):
    return scattered_back(logits, k) if k else scattered_back(logits, 0, p)


@wrong("should get minus infinity, not 0.")
def probabilities_instead(logits, k=0, p=1.0):
    return softmax(scattered_back(logits, k, p), axis=-1)


EQUIVALENT = {
    "1.0 -> 2.0": "p = 2 removes nothing either",
    "reached - weights < p * reached[..., -1:] -> reached - "
    "weights <= p * reached[..., -1:]": "exactly at p rounding decides",
}
