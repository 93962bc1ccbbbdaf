import numpy as np
from scipy.special import rel_entr, xlogy

from answers import right, wrong


def forward(truth, models):
    return rel_entr(truth, models).sum(axis=1)


def reverse(truth, models):
    return rel_entr(models, truth).sum(axis=1)


@right
def by_likelihood(truth, models):
    with np.errstate(divide="ignore"):
        return xlogy(truth, models).sum(axis=1).argmax(), reverse(truth, models).argmin()


@right
def broadcast(truth, models):
    return int(forward(truth, models).argmin()), int(reverse(truth, models).argmin())


@right
def in_lists(truth, models):
    likelihoods, reverses = [], []
    for model in models:
        pairs = [(t, m) for t, m in zip(truth, model, strict=True) if t or m]
        likelihoods.append(sum((t * np.log(m) if m else -np.inf) for t, m in pairs if t))
        reverses.append(sum((m * np.log(m / t) if t else np.inf) for t, m in pairs if m))
    return [max(range(len(models)), key=likelihoods.__getitem__), min(range(len(models)), key=reverses.__getitem__)]


@wrong("it should return two numbers")
def one_winner(truth, models):
    return forward(truth, models).argmin()


@wrong("the two are exchanged")
def exchanged(truth, models):
    return reverse(truth, models).argmin(), forward(truth, models).argmin()


@wrong("the worst candidates win")
def worst(truth, models):
    return forward(truth, models).argmax(), reverse(truth, models).argmax()


@wrong("maximum likelihood is not KL(model || truth)")
def reverse_twice(truth, models):
    return [reverse(truth, models).argmin()] * 2


@wrong("the reverse KL weighs images by the model")
def forward_twice(truth, models):
    return [forward(truth, models).argmin()] * 2


@wrong("your epsilon decides")
def with_epsilon(truth, models):
    def kl(one, two):
        return (one * np.log((one + 1e-12) / (two + 1e-12))).sum()

    return np.argmin([kl(truth, model) for model in models]), np.argmin([kl(model, truth) for model in models])


@wrong("in 12 worlds with zeros")
def first_and_last(truth, models):
    return 0, len(models) - 1


@wrong("the winner by likelihood has shape")
def divergences(truth, models):
    return forward(truth, models), reverse(truth, models)
