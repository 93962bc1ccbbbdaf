import numpy as np
from answers import right, wrong


def softmax(logits):
    weights = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return weights / weights.sum(axis=-1, keepdims=True)


def one_hot(logits, tokens):
    return np.eye(logits.shape[-1])[tokens]


@right
def in_one_line(logits, tokens, advantages):
    return advantages[:, None, None] * (one_hot(logits, tokens) - softmax(logits))


@right
def by_index(logits, tokens, advantages):
    found = -softmax(logits)
    rows, places = np.indices(tokens.shape)
    found[rows, places, tokens] += 1
    return found * advantages.reshape(-1, 1, 1)


@right
def with_einsum(logits, tokens, advantages):
    slopes = (np.arange(logits.shape[-1]) == tokens[..., None]) - softmax(logits)
    return np.einsum("b,btv->btv", advantages, slopes)


@wrong("the softmax is missing")
def only_chosen(logits, tokens, advantages):
    return advantages[:, None, None] * one_hot(logits, tokens)


@wrong("is to be climbed")
def of_the_loss(logits, tokens, advantages):
    return -in_one_line(logits, tokens, advantages)


@wrong("this only repeats what was sampled")
def without_advantages(logits, tokens, advantages):
    return one_hot(logits, tokens) - softmax(logits)


@wrong("divided by the number of tokens")
def averaged(logits, tokens, advantages):
    return in_one_line(logits, tokens, advantages) / tokens.shape[1]


@wrong("already occur that often")
def twice_weighted(logits, tokens, advantages):
    return softmax(logits) * in_one_line(logits, tokens, advantages)


@wrong("one-hot minus softmax")
def nothing(logits, tokens, advantages):
    return np.zeros(logits.shape)


@wrong("large logits overflow")
def without_the_largest(logits, tokens, advantages):
    weights = np.exp(logits)
    probabilities = weights / weights.sum(axis=-1, keepdims=True)
    return advantages[:, None, None] * (one_hot(logits, tokens) - probabilities)


EQUIVALENT = {
    "logits.max -> logits.min": "the smallest logit of a place shifts it as well",
}
