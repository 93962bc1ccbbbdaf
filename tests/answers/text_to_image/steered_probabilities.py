import numpy as np
from answers import right, wrong
from scipy.special import log_softmax, softmax

from genimg_lib.checks.text_to_image.faults import keep_largest


def guided(conditional, unconditional, scale):
    return scale * conditional + (1 - scale) * unconditional


@right
def temperature_first(conditional, unconditional, scale, temperature, top_k):
    return keep_largest(
        guided(conditional / temperature, unconditional / temperature, scale), top_k
    )


@right
def of_log_probabilities(conditional, unconditional, scale, temperature, top_k):
    logits = guided(log_softmax(conditional), log_softmax(unconditional), scale)
    return keep_largest(logits / temperature, top_k)


@right
def by_order(conditional, unconditional, scale, temperature, top_k):
    logits = guided(conditional, unconditional, scale)
    best = np.argsort(logits)[len(logits) - top_k :]
    probabilities = np.zeros(len(logits))
    probabilities[best] = np.exp((logits[best] - logits.max()) / temperature)
    return probabilities / probabilities.sum()


@wrong("Cut the list after guidance")
def cut_first(conditional, unconditional, scale, temperature, top_k):
    cut = [
        np.where(part >= np.sort(part)[-top_k], part, -np.inf)
        for part in (conditional, unconditional)
    ]
    return softmax((cut[1] + scale * (cut[0] - cut[1])) / temperature)


@wrong("yours multiplies")
def multiplied(conditional, unconditional, scale, temperature, top_k):
    return of_log_probabilities(conditional, unconditional, scale, 1 / temperature, top_k)


@wrong("the temperature is left out")
def no_temperature(conditional, unconditional, scale, temperature, top_k):
    return of_log_probabilities(conditional, unconditional, scale, 1.0, top_k)


@wrong("only the conditional logits are divided")
def one_side(conditional, unconditional, scale, temperature, top_k):
    return keep_largest(guided(conditional / temperature, unconditional, scale), top_k)


@wrong("the list is not cut")
def whole_list(conditional, unconditional, scale, temperature, top_k):
    return softmax(guided(conditional, unconditional, scale) / temperature)


@wrong("guidance is to choose them")
def candidates_of_the_conditional(conditional, unconditional, scale, temperature, top_k):
    logits = guided(conditional, unconditional, scale) / temperature
    return softmax(np.where(conditional >= np.sort(conditional)[-top_k], logits, -np.inf))


@wrong("not probabilities")
def mixed_probabilities(conditional, unconditional, scale, temperature, top_k):
    mixed = guided(softmax(conditional / temperature), softmax(unconditional / temperature), scale)
    return keep_largest(np.log(np.clip(mixed, 0, None) + 1e-300), top_k)


@wrong("do not add up to 1")
def cut_last(conditional, unconditional, scale, temperature, top_k):
    probabilities = whole_list(conditional, unconditional, scale, temperature, top_k)
    return np.where(probabilities >= np.sort(probabilities)[-top_k], probabilities, 0)


@wrong("the smallest logits are kept")
def smallest(conditional, unconditional, scale, temperature, top_k):
    logits = guided(conditional, unconditional, scale) / temperature
    return softmax(np.where(logits <= np.sort(logits)[top_k - 1], logits, -np.inf))


@wrong("guide, divide by the temperature, keep")
def evenly(conditional, unconditional, scale, temperature, top_k):
    return np.full(8, 1 / 8)


EQUIVALENT = {}
