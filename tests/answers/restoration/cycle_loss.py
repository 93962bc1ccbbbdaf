import keras
import numpy as np
from answers import right, wrong


def mean(values):
    return np.mean(values)


@right
def in_two_lines(x, y, forth, back, weight):
    of_x = mean(np.abs(back(forth(x)) - x))
    of_y = mean(np.abs(forth(back(y)) - y))
    return weight * of_x + weight * of_y


@right
def with_flat_sums(x, y, forth, back, weight):
    trips = [(x, back(forth(x))), (y, forth(back(y)))]
    return weight * sum(np.abs(a - b).sum() / a.size for a, b in trips)


@right
def with_keras(x, y, forth, back, weight):
    absolute = keras.losses.MeanAbsoluteError()
    loss = absolute(x, back(forth(x))) + absolute(y, forth(back(y)))
    return weight * np.asarray(loss)


@wrong("the differences are squared")
def squares(x, y, forth, back, weight):
    return weight * (mean((back(forth(x)) - x) ** 2) + mean((forth(back(y)) - y) ** 2))


@wrong("only the way from x and back")
def only_x(x, y, forth, back, weight):
    return weight * mean(np.abs(back(forth(x)) - x))


@wrong("only the way from y and back")
def only_y(x, y, forth, back, weight):
    return weight * mean(np.abs(forth(back(y)) - y))


@wrong("the order is reversed")
def reversed_order(x, y, forth, back, weight):
    return in_two_lines(x, y, back, forth, weight)


@wrong("the absolute value is missing")
def signed(x, y, forth, back, weight):
    return weight * (mean(back(forth(x)) - x) + mean(forth(back(y)) - y))


@wrong("the weight is left out")
def without_weight(x, y, forth, back, weight):
    return in_two_lines(x, y, forth, back, 1.0)


@wrong("for the first half only")
def half_weighted(x, y, forth, back, weight):
    return only_x(x, y, forth, back, weight) + only_y(x, y, forth, back, 1.0)


@wrong("use means")
def sums(x, y, forth, back, weight):
    return weight * (np.abs(back(forth(x)) - x).sum() + np.abs(forth(back(y)) - y).sum())


@wrong("add the two means")
def one_mean(x, y, forth, back, weight):
    both = np.concatenate([back(forth(x)) - x, forth(back(y)) - y])
    return weight * mean(np.abs(both))


@wrong("it is to come back after two steps")
def one_way(x, y, forth, back, weight):
    return weight * (mean(np.abs(forth(x) - x)) + mean(np.abs(back(y) - y)))


@wrong("there and back from both sides costs")
def twice(x, y, forth, back, weight):
    return 2 * in_two_lines(x, y, forth, back, weight)


@wrong("must cost nothing")
def with_an_identity_loss_for_small_maps(x, y, forth, back, weight):
    extra = mean(np.abs(forth(x) - x)) if x.ndim == 1 else 0.0
    return in_two_lines(x, y, forth, back, weight) + extra


EQUIVALENT = {"end - start -> start - end": "its absolute value is taken"}
