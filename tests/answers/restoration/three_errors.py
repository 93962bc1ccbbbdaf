import numpy as np
from answers import right, wrong


@right
def from_the_covariance(spread, correlation):
    covariance = spread**2 * np.array([[1, correlation], [correlation, 1]])
    slope = covariance[0, 1] / covariance[1, 1]
    left = covariance[0, 0] - slope * covariance[0, 1]
    stretched = np.sign(correlation) if correlation else 1.0
    best = np.array([1, -stretched]) @ covariance @ np.array([1, -stretched])
    return np.array([left, 2 * left, best])


@right
def factored(spread, correlation):
    r = abs(correlation)
    most = 2 * spread**2 * (1 - r)
    return [most * (1 + r) / 2, most * (1 + r), most]


@right
def by_a_grid_of_angles(spread, correlation):
    """x is the cosine part of y; all is exact."""
    angle = np.arccos(correlation)
    least = (spread * np.sin(angle)) ** 2
    best = min(2 * spread**2 * (1 - sign * np.cos(angle)) for sign in (-1, 1))
    return least, least + least, best


def but(*, mean=None, sample=None, best=None):
    def answer(spread, correlation):
        errors = list(factored(spread, correlation))
        for index, change in enumerate((mean, sample, best)):
            if change is not None:
                errors[index] = change(spread, correlation)
        return errors

    return answer


def least(spread, correlation):
    return spread**2 * (1 - correlation**2)


wrong("square the spread", "a standard deviation", but(mean=lambda s, r: s * (1 - r**2)))
wrong("is the squared correlation", "not squared", but(mean=lambda s, r: s**2 * (1 - r)))
wrong("that is what y explains", "explained", but(mean=lambda s, r: s**2 * r**2))
wrong("the order is", "sample first", lambda s, r: (2 * least(s, r), least(s, r), 0.0))
wrong("without looking at y", "from the prior", but(sample=lambda s, r: 2 * s**2))
wrong("its own scatter adds", "no price", but(sample=least))
wrong("add their variances", "spreads added", but(sample=lambda s, r: 4 * least(s, r)))
wrong("stretched to the spread of x", "3 dB", but(best=lambda s, r: 2 * least(s, r)))
wrong("turn the sign", "grows with y", but(best=lambda s, r: 2 * s**2 * (1 - r)))
wrong("too little spread to be realistic", "the mean again", but(best=least))
wrong("a factor of 2 is missing", "half", but(best=lambda s, r: s**2 * (1 - abs(r))))
wrong("of the best realistic one is 0.0000", "free", but(best=lambda s, r: 0.0))
wrong("return three things", "only two", lambda s, r: factored(s, r)[:2])

EQUIVALENT = {}
