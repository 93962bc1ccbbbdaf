import numpy as np
from answers import right, wrong


def step_of(weights, gradient, first, second, step, rate, b1, b2, decay, **options):
    if options.get("coupled"):
        gradient, decay = gradient + decay * weights, 0
    first, second = b1 * first + (1 - b1) * gradient, b2 * second + (1 - b2) * gradient**2
    mean, square = first / (1 - b1**step), second / (1 - b2**step)
    if options.get("plain"):
        mean, square = first, second
    root = np.sqrt(square + 1e-8) if options.get("inside") else np.sqrt(square) + 1e-8
    shrink = options.get("shrink", rate * decay)
    new = weights * (1 - shrink) - rate * mean / root
    return new, *((mean, square) if options.get("corrected") else (first, second))


@right
def decays_first(weights, gradient, first, second, step, rate, beta_1, beta_2, decay):
    return step_of(weights, gradient, first, second, step, rate, beta_1, beta_2, decay)


@right
def with_one_rate(weights, gradient, first, second, step, rate, beta_1, beta_2, decay):
    first = first + (1 - beta_1) * (gradient - first)
    second = second + (1 - beta_2) * (gradient * gradient - second)
    root = (second / (1 - beta_2**step)) ** 0.5
    moved = rate / (1 - beta_1**step) * first / (root + 1e-8)
    return [weights - moved - rate * decay * weights, first, second]


@right
def number_by_number(weights, gradient, first, second, *settings):
    rows = [step_of(*row, *settings) for row in zip(weights, gradient, first, second)]
    return tuple(np.array(column) for column in zip(*rows))


def faulty(**options):
    return lambda *given: step_of(*given, **options)


wrong("not corrected for their start", "plain moments", faulty(plain=True))
wrong("the weights do not decay", "no decay", faulty(shrink=0))
wrong("that is Adam with L2", "coupled", faulty(coupled=True))
wrong("not multiplied by the learning rate", "whole decay", lambda *g: step_of(*g, shrink=g[-1]))
wrong("it should come after it", "inside", faulty(inside=True))
wrong("the corrected moments are returned", "corrected", faulty(corrected=True))
wrong("return three things", "weights alone", lambda *given: step_of(*given)[0])


@wrong("the first moment at step 1 should be")
def exchanged(weights, gradient, first, second, step, rate, beta_1, beta_2, decay):
    new, _, second = step_of(weights, gradient, first, second, step, rate, beta_1, beta_2, decay)
    return new, (1 - beta_1) * first + beta_1 * gradient, second


@wrong("of the gradient squared")
def no_square(weights, gradient, first, second, step, rate, beta_1, beta_2, decay):
    new, first, _ = step_of(weights, gradient, first, second, step, rate, beta_1, beta_2, decay)
    return new, first, beta_2 * second + (1 - beta_2) * np.abs(gradient)


@wrong("the weights at step 1 are wrong")
def uphill(weights, gradient, *rest):
    new, first, second = step_of(weights, gradient, *rest)
    return 2 * weights - new, first, second
