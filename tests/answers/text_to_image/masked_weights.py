import numpy as np
from answers import right, wrong
from scipy.special import softmax


@right
def with_infinity(scores, tokens):
    kept = (tokens > 0)[:, None]
    weights = np.zeros_like(scores)
    filled = (tokens > 0).any(axis=1)
    weights[filled] = softmax(np.where(kept, scores, -np.inf)[filled], axis=-1)
    return weights


@right
def with_a_large_number(scores, tokens):
    kept = (tokens > 0)[:, None]
    return softmax(np.where(kept, scores, -1e30), axis=-1) * kept


@right
def place_by_place(scores, tokens):
    weights = np.zeros(scores.shape)
    for row, words in enumerate(tokens):
        for place in range(scores.shape[1]):
            chosen = np.flatnonzero(words)
            if len(chosen):
                part = np.exp(scores[row, place, chosen] - scores[row, place, chosen].max())
                weights[row, place, chosen] = part / part.sum()
    return weights


@wrong("padding gets attention")
def no_mask(scores, tokens):
    return softmax(scores, axis=-1)


@wrong("masked after the softmax")
def masked_after(scores, tokens):
    return softmax(scores, axis=-1) * (tokens > 0)[:, None]


@wrong("a score of 0 is no mask")
def zero_scores(scores, tokens):
    return softmax(scores * (tokens > 0)[:, None], axis=-1)


@wrong("<unk> is a word")
def unknown_is_padding(scores, tokens):
    return with_a_large_number(scores, tokens * (tokens != 1))


@wrong("runs over the places")
def other_axis(scores, tokens):
    return np.where((tokens > 0)[:, None], softmax(scores, axis=1), 0)


@wrong("the words of its own caption")
def first_mask_for_all(scores, tokens):
    return with_a_large_number(scores, tokens[:1].repeat(len(tokens), axis=0))


@wrong("it must not even enter the maximum")
def shifted_by_the_padding(scores, tokens):
    kept = (tokens > 0)[:, None]
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True)) * kept
    return weights / np.maximum(weights.sum(axis=-1, keepdims=True), 1e-30)


@wrong("an empty caption gives NaN")
def nothing_over_nothing(scores, tokens):
    return softmax(np.where((tokens > 0)[:, None], scores, -np.inf), axis=-1)


@wrong("all weights are 0")
def evenly(scores, tokens):
    return softmax(np.where((tokens > 0)[:, None], scores, -1e30), axis=-1)


EQUIVALENT = {"1 -> -1": "axis 1 is the last axis of a matrix"}
