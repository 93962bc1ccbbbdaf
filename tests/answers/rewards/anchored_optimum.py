import numpy as np
from answers import right, wrong


def solved(reference, reward, beta):
    largest = reward.max()
    weights = reference * np.exp((reward - largest) / beta)
    return weights / weights.sum(), beta * np.log(weights.sum()) + largest


@right
def with_the_largest(reference, reward, beta):
    return solved(reference, reward, beta)


@right
def in_logarithms(reference, reward, beta):
    logits = np.log(reference) + reward / beta
    log_z = np.logaddexp.reduce(logits)
    return np.exp(logits - log_z), beta * log_z


@right
def by_definition(reference, reward, beta):
    policy = solved(reference, reward, beta)[0]
    log_ratio = np.log(np.maximum(policy, 1e-300) / reference)
    return policy, policy @ reward - beta * policy @ log_ratio


@wrong("the reference is missing")
def softmax(reference, reward, beta):
    return solved(np.full(len(reward), 1 / len(reward)), reward, beta)


@wrong("not normalised")
def weights(reference, reward, beta):
    return reference * np.exp(reward / beta), solved(reference, reward, beta)[1]


@wrong("beta multiplies")
def multiplied(reference, reward, beta):
    return solved(reference, reward, 1 / beta)


@wrong("the sign of the reward")
def turned(reference, reward, beta):
    return solved(reference, -reward, beta)


@wrong("times exp(reward / beta)")
def the_reference(reference, reward, beta):
    return reference.copy(), 0.0


@wrong("to be multiplied by beta")
def log_z(reference, reward, beta):
    policy, value = solved(reference, reward, beta)
    return policy, value / beta


@wrong("the penalty comes off")
def reward_alone(reference, reward, beta):
    policy, _ = solved(reference, reward, beta)
    return policy, policy @ reward


@wrong("the penalty is added")
def added(reference, reward, beta):
    policy, value = solved(reference, reward, beta)
    return policy, 2 * policy @ reward - value


@wrong("it simplifies to")
def without_a_value(reference, reward, beta):
    return solved(reference, reward, beta)[0], -100.0


@wrong("subtract the largest")
def overflowing(reference, reward, beta):
    tilted = reference * np.exp(reward / beta)
    return tilted / tilted.sum(), beta * np.log(tilted.sum())


EQUIVALENT = {}
