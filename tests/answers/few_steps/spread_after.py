import numpy as np
from answers import right, wrong


def factors(steps, deviation, times):
    variance = (times * deviation) ** 2 + (1 - times) ** 2
    return 1 + (times * deviation**2 - (1 - times)) / variance / steps


@right
def one_by_one(steps, deviation):
    spread = 1.0
    for index in range(steps):
        spread *= factors(steps, deviation, index / steps)
    return abs(spread)


@right
def two_walkers(steps, deviation):
    z = np.array([-1.0, 1.0])
    for t in np.arange(steps) / steps:
        variance = t**2 * deviation**2 + (1 - t) ** 2
        z = z + (t * deviation**2 - (1 - t)) / variance * z / steps
    return z.std()


@right
def by_recursion(steps, deviation, done=0):
    if done == steps:
        return 1.0
    return abs(factors(steps, deviation, done / steps)) * by_recursion(steps, deviation, done + 1)


@wrong("the spread of the data")
def of_the_data(steps, deviation):
    return deviation if steps > 1 else 0.0


@wrong("that is the variance")
def variance(steps, deviation):
    return one_by_one(steps, deviation) ** 2


@wrong("at the end of each step")
def asked_at_the_end(steps, deviation):
    return abs(np.prod(factors(steps, deviation, np.arange(1, steps + 1) / steps)))


@wrong("multiply the factors")
def added(steps, deviation):
    return abs(1 + np.sum(factors(steps, deviation, np.arange(steps) / steps) - 1)) + (steps > 1)


@wrong("it should have shape ()")
def all_factors(steps, deviation):
    return np.cumprod(factors(steps, deviation, np.arange(steps) / steps))


EQUIVALENT = {"1 - times -> times - 1 (2)": "it is squared"}
