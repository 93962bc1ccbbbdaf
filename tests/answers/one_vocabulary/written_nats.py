import numpy as np
from answers import right, wrong
from scipy.special import log_softmax, logsumexp


@right
def with_scipy(logits, ids, start):
    log_p = log_softmax(logits, axis=-1)[:, start - 1 : -1]
    return -np.take_along_axis(log_p, ids[:, start:, None], axis=-1)[..., 0].sum(axis=1)


@right
def in_a_loop(logits, ids, start):
    found = np.zeros(len(ids))
    for place in range(start, ids.shape[1]):
        before = logits[:, place - 1]
        found += logsumexp(before, axis=-1) - before[np.arange(len(ids)), ids[:, place]]
    return found


@right
def one_hot(logits, ids, start):
    log_p = log_softmax(logits[:, start - 1 : -1], axis=-1)
    return -(np.eye(logits.shape[-1])[ids[:, start:]] * log_p).sum(axis=(1, 2))


def nll(logits, ids):
    return -np.take_along_axis(log_softmax(logits, axis=-1), ids[..., None], axis=-1)[..., 0]


@wrong("which it has seen")
def not_shifted(logits, ids, start):
    return nll(logits, ids)[:, start:].sum(axis=1)


@wrong("they cost nothing")
def all_of_them(logits, ids, start):
    return nll(logits[:, :-1], ids[:, 1:]).sum(axis=1)


@wrong("the last position that is read predicts it")
def first_left_out(logits, ids, start):
    return nll(logits[:, :-1], ids[:, 1:])[:, start:].sum(axis=1)


@wrong("one token too many")
def one_more(logits, ids, start):
    return nll(logits[:, :-1], ids[:, 1:])[:, start - 2 :].sum(axis=1)


@wrong("nats of a segment are their sum")
def averaged(logits, ids, start):
    return nll(logits[:, :-1], ids[:, 1:])[:, start - 1 :].mean(axis=1)


@wrong("nats are not negative")
def turned(logits, ids, start):
    return -with_scipy(logits, ids, start)


@wrong("predicted by the position before")
def without_softmax(logits, ids, start):
    chosen = np.take_along_axis(logits[:, start - 1 : -1], ids[:, start:, None], axis=-1)
    return -chosen[..., 0].sum(axis=1)


@wrong("subtract the largest logit first")
def naive(logits, ids, start):
    weights = np.exp(logits[:, start - 1 : -1])
    p = weights / weights.sum(axis=-1, keepdims=True)
    return -np.log(np.take_along_axis(p, ids[:, start:, None], axis=-1))[..., 0].sum(axis=1)


EQUIVALENT = {
    "np.take_along_axis(logits, ids[:, start:, None], axis=-1) -> "
    "np.take_along_axis(logits, ids[:, start:, None])": "the last axis is the default",
    "0 -> -1": "the axis has one entry",
    "0 -> -1 (2)": "the axis has one entry",
    "1 -> -1": "the second of two axes is the last",
}
