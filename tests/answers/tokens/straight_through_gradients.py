import numpy as np
from answers import right, wrong


def true(x, target, curvature):
    return curvature * (np.floor(x) + 0.5 - target)


def mean(x, target, curvature):
    return curvature * (x - target)


@right
def as_a_difference_of_losses(x, target, curvature):
    def loss(q):
        return curvature / 2 * (q - target) ** 2

    return loss(np.ceil(x)) - loss(np.floor(x)), curvature * x - curvature * target


@right
def from_probabilities(x, target, curvature):
    below = np.floor(x)
    share = x - below
    estimate = (1 - share) * curvature * (below - target) + share * curvature * (below + 1 - target)
    return estimate - curvature * (share - 0.5), estimate


@right
def with_a_loop(x, target, curvature):
    pairs = [
        (curvature * (place // 1 + 0.5 - target), curvature * (place - target))
        for place in x.ravel().tolist()
    ]
    return [np.reshape(part, x.shape) for part in zip(*pairs, strict=True)]


@right
def stacked(x, target, curvature):
    return np.stack([true(x, target, curvature), mean(x, target, curvature)])


@wrong("rounding alone has slope 0")
def zero(x, target, curvature):
    return 0 * x, mean(x, target, curvature)


@wrong("that is what the estimate expects")
def unbiased(x, target, curvature):
    return mean(x, target, curvature), mean(x, target, curvature)


@wrong("that is the estimate without noise")
def at_the_rounded(x, target, curvature):
    return curvature * (np.round(x) - target), mean(x, target, curvature)


@wrong("the whole number below")
def at_the_floor(x, target, curvature):
    return curvature * (np.floor(x) - target), mean(x, target, curvature)


@wrong("take the floor")
def truncated(x, target, curvature):
    return curvature * (x.astype(int) + 0.5 - target), mean(x, target, curvature)


@wrong("from above to below")
def backwards(x, target, curvature):
    return -true(x, target, curvature), mean(x, target, curvature)


@wrong("true gradient: at x =")
def without_the_half(x, target, curvature):
    return 2 * true(x, target, curvature), mean(x, target, curvature)


@wrong("average over the noise")
def one_draw(x, target, curvature):
    return true(x, target, curvature), curvature * (np.round(x) - target)


@wrong("then there would be no bias")
def the_same(x, target, curvature):
    return true(x, target, curvature), true(x, target, curvature)


@wrong("lacks the curvature")
def flat(x, target, curvature):
    return true(x, target, curvature), x - target


@wrong("that is the bias")
def bias(x, target, curvature):
    return true(x, target, curvature), mean(x, target, curvature) - true(x, target, curvature)


@wrong("estimate: at x =")
def ceiling(x, target, curvature):
    return true(x, target, curvature), curvature * (np.ceil(x) - target)


@wrong("things as a tuple")
def one(x, target, curvature):
    return true(x, target, curvature)


@wrong("true gradient has shape")
def averaged(x, target, curvature):
    return true(x, target, curvature).mean(), mean(x, target, curvature).mean()


@wrong("your true gradient lacks the curvature")
def flat_truth(x, target, curvature):
    return true(x, target, 1), mean(x, target, curvature)


@wrong("x is rounded to the nearest whole number")
def around_the_nearest(x, target, curvature):
    return curvature * (np.round(x) + 0.5 - target), mean(x, target, curvature)


@wrong("estimate: at x = 0.2, target 1.2, curvature 3.0 it should be -3.0000, not -1.5000")
def half_of_the_curvature(x, target, curvature):
    return true(x, target, curvature), curvature / 2 * (x - target)


EQUIVALENT = {}
