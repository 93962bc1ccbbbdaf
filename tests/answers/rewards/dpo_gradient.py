import numpy as np
from answers import right, wrong


def margin(chosen, rejected):
    return (chosen[0] - chosen[1]) - (rejected[0] - rejected[1])


def pushes(z, beta):
    return -beta / (1 + np.exp(z)), beta / (1 + np.exp(z))


@right
def by_the_chain_rule(chosen, rejected, beta):
    return pushes(beta * margin(chosen, rejected), beta)


@right
def with_one_minus(chosen, rejected, beta):
    ordered = 1 / (1 + np.exp(-beta * margin(chosen, rejected)))
    return beta * (ordered - 1), beta * (1 - ordered)


@right
def with_tanh(chosen, rejected, beta):
    wrongness = (1 - np.tanh(beta * margin(chosen, rejected) / 2)) / 2
    return -beta * wrongness, beta * wrongness


@wrong("both signs are turned")
def ascending(chosen, rejected, beta):
    first, second = pushes(beta * margin(chosen, rejected), beta)
    return -first, -second


@wrong("inner derivative")
def without_beta(chosen, rejected, beta):
    return pushes(beta * margin(chosen, rejected), 1.0)


@wrong("already in order")
def of_ordered_pairs(chosen, rejected, beta):
    return pushes(-beta * margin(chosen, rejected), beta)


@wrong("the reference is left out")
def without_reference(chosen, rejected, beta):
    return pushes(beta * (chosen[0] - rejected[0]), beta)


@wrong("both have one sign")
def both_rise(chosen, rejected, beta):
    first, _ = pushes(beta * margin(chosen, rejected), beta)
    return first, first


@wrong("then the chain rule")
def constant(chosen, rejected, beta):
    return np.full(chosen.shape[1], -beta), np.full(chosen.shape[1], beta)


EQUIVALENT = {
    "1 -> -1 (3)": "the second of two rows is the last",
    "1 -> -1 (4)": "the second of two rows is the last",
}
