import numpy as np
from answers import right, wrong
from keras import ops


@right
def as_tensorflow_does(logits, labels):
    return np.mean(np.maximum(logits, 0) - logits * labels + np.log1p(np.exp(-np.abs(logits))))


@right
def two_softplus(logits, labels):
    return np.mean(labels * np.logaddexp(0, -logits) + (1 - labels) * np.logaddexp(0, logits))


@right
def with_keras(logits, labels):
    logits = ops.convert_to_tensor(logits, "float64")
    return ops.mean(ops.softplus(logits) - ops.cast(labels, "float64") * logits)


@right
def in_a_loop(logits, labels):
    from math import exp, log1p

    pairs = zip(np.ravel(logits), np.broadcast_to(labels, np.shape(logits)).ravel(), strict=True)
    losses = [max(x, 0.0) - x * y + log1p(exp(-abs(x))) for x, y in pairs]
    return sum(losses) / len(losses)


@wrong("the losses are summed")
def summed(logits, labels):
    return np.sum(np.logaddexp(0, logits) - labels * logits)


@wrong("the sign is wrong")
def negative(logits, labels):
    return np.mean(labels * logits - np.logaddexp(0, logits))


@wrong("the labels are exchanged")
def exchanged(logits, labels):
    return np.mean(np.logaddexp(0, logits) - (1 - labels) * logits)


@wrong("that is in bits")
def in_bits(logits, labels):
    return np.mean(np.logaddexp(0, logits) - labels * logits) / np.log(2)


@wrong("has the mean")
def label_forgotten(logits, labels):
    return np.mean(np.logaddexp(0, logits))


@wrong("An exponential overflows, or a probability is rounded")
def naive(logits, labels):
    probabilities = 1 / (1 + np.exp(-logits))
    return -np.mean(labels * np.log(probabilities) + (1 - labels) * np.log(1 - probabilities))


@wrong("Clipping caps the loss")
def clipped(logits, labels):
    probabilities = np.clip(1 / (1 + np.exp(-logits)), 1e-7, 1 - 1e-7)
    return -np.mean(labels * np.log(probabilities) + (1 - labels) * np.log(1 - probabilities))


@wrong("a label is any number in [0, 1]")
def hard_labels(logits, labels):
    return np.mean(
        np.where(np.asarray(labels) > 0.5, np.logaddexp(0, -logits), np.logaddexp(0, logits))
    )


@wrong("has shape")
def not_reduced(logits, labels):
    return np.logaddexp(0, logits) - labels * logits


@wrong("changes its input in place")
def in_place(logits, labels):
    original = logits.copy()
    logits *= labels
    return np.mean(np.logaddexp(0, original) - logits)


@wrong("only the entries with label 1 cost something")
def half_of_it(logits, labels):
    return np.mean(labels * np.logaddexp(0, -logits))


@wrong("soft labels (one for each entry)")
def first_of_the_soft_labels(logits, labels):
    soft = np.ndim(labels) > 0 and (labels % 1).any()
    return np.mean(np.logaddexp(0, logits) - (labels.ravel()[0] if soft else labels) * logits)


@wrong("a logit is no probability")
def logits_taken_for_probabilities(logits, labels):
    logs = np.log(logits + 1e-9), np.log(1 - logits + 1e-9)
    return -np.mean(labels * logs[0] + (1 - labels) * logs[1])


@wrong("the term of the label is subtracted")
def label_added(logits, labels):
    return np.mean(np.logaddexp(0, logits) + labels * logits)


@wrong("the sigmoid is taken twice")
def sigmoid_twice(logits, labels):
    probabilities = np.exp(-np.logaddexp(0, -logits))
    return np.mean(np.logaddexp(0, probabilities) - labels * probabilities)


EQUIVALENT = {"np.logaddexp(0, logits) -> np.logaddexp(logits, 0)": "symmetric"}
