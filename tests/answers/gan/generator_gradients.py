import numpy as np
from answers import right, wrong
from keras import ops


def sigmoid(logits):
    return np.exp(-np.logaddexp(0, -logits))


@right
def with_exponentials_that_cannot_overflow(logits):
    return -sigmoid(logits), -sigmoid(-logits)


@right
def with_scipy(logits):
    from scipy.special import expit

    return [-expit(logits), expit(logits) - 1]


@right
def with_keras(logits):
    probabilities = ops.sigmoid(ops.convert_to_tensor(logits, "float64"))
    return -probabilities, probabilities - 1


@right
def by_cases(logits):
    small = np.exp(-np.abs(logits))
    probabilities = np.where(logits >= 0, 1 / (1 + small), small / (1 + small))
    return -probabilities, probabilities - 1


@wrong("they are swapped")
def exchanged(logits):
    return sigmoid(logits) - 1, -sigmoid(logits)


@wrong("those of ascent")
def upwards(logits):
    return sigmoid(logits), 1 - sigmoid(logits)


@wrong("times D (1 - D) it is at the logit")
def at_the_probability(logits):
    return -1 / (1 - sigmoid(logits)), -1 / sigmoid(logits)


@wrong("log(1 - D) at logit")
def slope_of_the_sigmoid(logits):
    return -sigmoid(logits) * (1 - sigmoid(logits)), sigmoid(logits) - 1


@wrong("-log D at logit")
def one_sign(logits):
    return -sigmoid(logits), 1 - sigmoid(logits)


@wrong("Does an exponential overflow?")
def overflowing(logits):
    probabilities = np.exp(logits) / (1 + np.exp(logits))
    return -probabilities, probabilities - 1


@wrong("return two things as a tuple")
def only_one(logits):
    return sigmoid(logits) - 1


@wrong("has shape ()")
def averaged(logits):
    return -sigmoid(logits).mean(), (sigmoid(logits) - 1).mean()


@wrong("those are the losses")
def losses(logits):
    return -np.logaddexp(0, logits), np.logaddexp(0, -logits)


@wrong("got -0.9526")
def clipped_at_three(logits):
    return -sigmoid(np.clip(logits, -3, 3)), sigmoid(np.clip(logits, -3, 3)) - 1


EQUIVALENT = {}
