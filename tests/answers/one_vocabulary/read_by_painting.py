import numpy as np
from answers import right, wrong
from scipy.special import logsumexp, softmax


@right
def with_scipy(nats, prior):
    return softmax(nats + np.log(prior), axis=1)


@right
def by_logsumexp(nats, prior):
    joint = nats + np.log(prior)
    return np.exp(joint - logsumexp(joint, axis=1, keepdims=True))


@right
def row_by_row(nats, prior):
    found = []
    for row in nats:
        weights = prior * np.exp(row - row.max())
        found.append(weights / weights.sum())
    return np.array(found)


@wrong("the prior is missing")
def flat(nats, prior):
    return softmax(nats, axis=1)


@wrong("runs over the pictures")
def other_axis(nats, prior):
    return softmax(nats + np.log(prior), axis=0)


@wrong("not divided by its sum")
def unnormalised(nats, prior):
    return np.exp(nats) * prior


@wrong("larger is better")
def turned(nats, prior):
    return softmax(np.log(prior) - nats, axis=1)


@wrong("its logarithm is to be added")
def added(nats, prior):
    return softmax(nats + prior, axis=1)


@wrong("divided by its sum over the captions")
def only_prior(nats, prior):
    return np.tile(prior, (len(nats), 1))


@wrong("thousands of nats")
def underflows(nats, prior):
    joint = np.exp(nats) * prior
    return joint / joint.sum(axis=1, keepdims=True)


EQUIVALENT = {
    "1 -> -1": "the second of two axes is the last",
    "1 -> -1 (2)": "the second of two axes is the last",
}
