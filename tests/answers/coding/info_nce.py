import numpy as np
from answers import right, wrong


def unit(x):
    return x / np.sqrt((x**2).sum(axis=1, keepdims=True))


def one_way(logits, stable=True):
    largest = logits.max(axis=1, keepdims=True) if stable else 0
    shifted = logits - largest
    return np.mean(np.log(np.exp(shifted).sum(axis=1)) - np.diagonal(shifted))


def table(images, texts, temperature):
    return unit(images) @ unit(texts).T / temperature


@right
def both_ways(images, texts, temperature):
    logits = table(images, texts, temperature)
    return (one_way(logits) + one_way(logits.T)) / 2


@right
def pair_by_pair(images, texts, temperature):
    logits, losses = table(images, texts, temperature), []
    for i in range(len(logits)):
        for line in (logits[i], logits[:, i]):
            losses.append(np.logaddexp.reduce(line) - logits[i, i])
    return sum(losses) / len(losses)


@right
def with_softmax(images, texts, temperature):
    logits, total = table(images, texts, temperature), 0
    for axis in (0, 1):
        shifted = logits - logits.max(axis=axis, keepdims=True)
        logs = shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True))
        total -= np.trace(logs) / len(logits)
    return total / 2


def faulty(make=table, reduce=lambda logits: (one_way(logits) + one_way(logits.T)) / 2):
    return lambda images, texts, temperature: reduce(make(images, texts, temperature))


def without_the_pair(logits):
    hidden = np.where(np.eye(len(logits), dtype=bool), -1e30, logits)
    return np.mean(np.logaddexp.reduce(hidden, axis=1) - np.diagonal(logits))


wrong("the vectors are not normalised", "raw", faulty(lambda a, b, t: a @ b.T / t))
wrong("texts look for their images as well", "rows", faulty(reduce=one_way))
wrong("images look for their texts as well", "columns", faulty(reduce=lambda x: one_way(x.T)))
wrong("both directions are added", "sum", faulty(reduce=lambda x: one_way(x) + one_way(x.T)))
wrong("multiplied by the temperature", "times", faulty(lambda a, b, t: table(a, b, 1 / t)))
wrong(
    "left out of the denominator",
    "other pairs",
    faulty(reduce=lambda x: (without_the_pair(x) + without_the_pair(x.T)) / 2),
)
wrong("the cross-entropy of each pair", "a hinge", faulty(reduce=lambda x: np.maximum(x, 0).mean()))
wrong(
    "0.0005 overflows",
    "unstable",
    faulty(reduce=lambda x: (one_way(x, stable=False) + one_way(x.T, stable=False)) / 2),
)


@wrong("0.0005 should be exact")
def clipped(images, texts, temperature):
    logits = np.clip(table(images, texts, temperature), -50, 50)
    return (one_way(logits) + one_way(logits.T)) / 2


EQUIVALENT = {
    "1 -> -1": "the last of two axes",
    "1 -> -1 (2)": "the last of two axes",
    "np.logaddexp.reduce(logits, axis=0) -> np.logaddexp.reduce(logits)": "0 is the default",
}
