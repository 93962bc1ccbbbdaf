import numpy as np
from answers import right, wrong


def green_of(key, vocabulary):
    return np.random.default_rng(key).random(vocabulary) < 0.5


def sampled(logits, noise):
    return (logits + noise).argmax(axis=1)


@right
def another_stream(logits, key, seed, strength):
    noise = np.random.default_rng([1, seed]).gumbel(size=logits.shape)
    return sampled(logits + strength * green_of(key, logits.shape[1]), noise)


@right
def spawned(logits, key, seed, strength):
    (child,) = np.random.SeedSequence(seed).spawn(1)
    noise = np.random.default_rng(child).gumbel(size=logits.shape)
    return sampled(logits + strength * green_of(key, logits.shape[1]), noise)


@right
def by_inversion(logits, key, seed, strength):
    marked = logits + strength * green_of(key, logits.shape[1])
    weights = np.exp(marked - marked.max(axis=1, keepdims=True))
    reached = np.cumsum(weights / weights.sum(axis=1, keepdims=True), axis=1)
    uniform = np.random.default_rng([seed, 2]).random((len(logits), 1))
    return (reached[:, :-1] < uniform).sum(axis=1)


@wrong("the noise must not come from the key")
def as_it_was(logits, key, seed, strength):
    noise = np.random.default_rng(key).gumbel(size=logits.shape)
    return sampled(logits + strength * green_of(key, logits.shape[1]), noise)


@wrong("the noise should come from the seed")
def without_noise(logits, key, seed, strength):
    return sampled(logits + strength * green_of(key, logits.shape[1]), 0.0)


@wrong("list and noise are made of the same random numbers")
def the_seed_alone(logits, key, seed, strength):
    noise = np.random.default_rng(seed).gumbel(size=logits.shape)
    return sampled(logits + strength * green_of(key, logits.shape[1]), noise)


@wrong("the second time")
def another_time(logits, key, seed, strength):
    if strength:
        noise = np.random.default_rng().gumbel(size=logits.shape)
        return sampled(logits + strength * green_of(key, logits.shape[1]), noise)
    return another_stream(logits, key, seed, strength)


@wrong("softmax of logits")
def twice(logits, key, seed, strength):
    return another_stream(logits, key, seed, 2 * strength)


@wrong("the tokens has shape")
def one_token(logits, key, seed, strength):
    return another_stream(logits, key, seed, strength)[0]


EQUIVALENT = {"1 -> 2": "any second number makes another stream"}
