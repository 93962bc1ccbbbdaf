import numpy as np
from answers import right, wrong
from scipy.special import log_softmax, logsumexp, softmax


@right
def with_scipy(conditional, unconditional, scale, temperature):
    return softmax((scale * conditional + (1 - scale) * unconditional) / temperature, axis=-1)


@right
def of_log_probabilities(conditional, unconditional, scale, temperature):
    conditional, unconditional = (
        log_softmax(conditional, axis=-1),
        log_softmax(unconditional, axis=-1),
    )
    guided = (unconditional + scale * (conditional - unconditional)) / temperature
    return np.exp(guided - logsumexp(guided, axis=-1, keepdims=True))


@right
def tempered_first(conditional, unconditional, scale, temperature):
    conditional, unconditional = conditional / temperature, unconditional / temperature
    return softmax(conditional + (scale - 1) * (conditional - unconditional), axis=-1).astype(
        np.float32
    )


def guided_probability(conditional, unconditional, scale):
    conditional, unconditional = softmax(conditional, axis=-1), softmax(unconditional, axis=-1)
    return unconditional + scale * (conditional - unconditional)


@wrong("still probabilities are guided")
def unchanged(conditional, unconditional, scale, temperature):
    weights = np.maximum(guided_probability(conditional, unconditional, scale), 0) ** (
        1 / temperature
    )
    return weights / weights.sum(axis=-1, keepdims=True)


@wrong("some probabilities are negative")
def without_the_maximum(conditional, unconditional, scale, temperature):
    return guided_probability(conditional, unconditional, scale)


@wrong("each row should add up to 1")
def not_normalised(conditional, unconditional, scale, temperature):
    return np.maximum(guided_probability(conditional, unconditional, scale), 0) ** (1 / temperature)


@wrong("the temperature is gone")
def without_temperature(conditional, unconditional, scale, temperature):
    return softmax(unconditional + scale * (conditional - unconditional), axis=-1)


@wrong("multiplied by the temperature")
def multiplied(conditional, unconditional, scale, temperature):
    return softmax((unconditional + scale * (conditional - unconditional)) * temperature, axis=-1)


@wrong("divide the guided ones")
def only_the_conditional(conditional, unconditional, scale, temperature):
    return softmax(unconditional + scale * (conditional / temperature - unconditional), axis=-1)


@wrong("exchanged now")
def exchanged(conditional, unconditional, scale, temperature):
    return softmax((conditional + scale * (unconditional - conditional)) / temperature, axis=-1)


@wrong("the guidance is gone")
def without_guidance(conditional, unconditional, scale, temperature):
    return softmax(conditional / temperature, axis=-1)


@wrong("this is the paper's scale")
def convention_of_the_paper(conditional, unconditional, scale, temperature):
    return softmax(((1 + scale) * conditional - scale * unconditional) / temperature, axis=-1)


@wrong("subtract the largest one before exp")
def overflows(conditional, unconditional, scale, temperature):
    weights = np.exp((unconditional + scale * (conditional - unconditional)) / temperature)
    return weights / weights.sum(axis=-1, keepdims=True)


@wrong("should be exact")
def clipped(conditional, unconditional, scale, temperature):
    return softmax(
        np.clip((unconditional + scale * (conditional - unconditional)) / temperature, -100, 100),
        axis=-1,
    )


@wrong("the probabilities has shape")
def transposed(conditional, unconditional, scale, temperature):
    return softmax(conditional, axis=-1)[..., :-1]


@wrong("scale 0.5, temperature 2: a row should be")
def negative_logits_to_zero(conditional, unconditional, scale, temperature):
    return softmax(
        np.maximum(unconditional + scale * (conditional - unconditional), 0) / temperature, axis=-1
    )


EQUIVALENT = {}
