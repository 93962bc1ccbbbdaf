import numpy as np
from answers import right, wrong


def refuse(floor, ceiling):
    if floor >= ceiling:
        raise ValueError("the ceiling is not above the floor")


@right
def with_nan_functions(right, floor, ceiling):
    refuse(floor, ceiling)
    share, count = np.nanmean(right), np.isfinite(right).sum()
    return share, (share * (1 - share) / count) ** 0.5, (share - floor) / (ceiling - floor)


@right
def with_the_spread(right, floor, ceiling):
    refuse(floor, ceiling)
    said = right[right == right]
    return [
        said.mean(),
        said.std() / len(said) ** 0.5,
        np.interp(said.mean(), *ends(floor, ceiling)),
    ]


def ends(floor, ceiling):
    """A line through both ends, far enough to both sides."""
    way = ceiling - floor
    return [floor - 9 * way, floor + 9 * way], [-9, 9]


@right
def counted(right, floor, ceiling):
    refuse(floor, ceiling)
    hits, misses = np.sum(right == 1), np.sum(right == 0)
    n = hits + misses
    return np.array(
        [hits / n, np.sqrt(hits * misses / n) / n, (hits / n - floor) / (ceiling - floor)]
    )


def but(index, change):
    def answer(right, floor, ceiling):
        parts = list(with_nan_functions(right, floor, ceiling))
        parts[index] = change(right, parts[0], floor, ceiling)
        return parts

    return answer


def said(right):
    return np.isfinite(right).sum()


wrong("count as wrong", "all asked", but(0, lambda r, p, f, c: np.nansum(r) / len(r)))
wrong("that counts right pictures", "a count", but(0, lambda r, p, f, c: np.nansum(r)))
wrong("the share is 0.0000", "zero", but(0, lambda r, p, f, c: 0.0))
wrong(
    "that is the variance of the share", "squared", but(1, lambda r, p, f, c: p * (1 - p) / said(r))
)
wrong("not by all", "all n", but(1, lambda r, p, f, c: np.sqrt(p * (1 - p) / len(r))))
wrong("spread of single pictures", "no n", but(1, lambda r, p, f, c: np.sqrt(p * (1 - p))))
wrong("subtract the floor first", "of the ceiling", but(2, lambda r, p, f, c: p / c))
wrong("divide it by the way", "gain", but(2, lambda r, p, f, c: p - f))
wrong("counts from the ceiling", "turned", but(2, lambda r, p, f, c: (c - p) / (c - f)))


@wrong("ceilings that are not above the floor are accepted")
def anything(right, floor, ceiling):
    with np.errstate(all="ignore"):
        share = np.nanmean(right)
        error = np.sqrt(share * (1 - share) / said(right))
        return share, error, np.divide(share - floor, ceiling - floor)


wrong("return three things", "the share alone", lambda *given: with_nan_functions(*given)[0])

EQUIVALENT = {}
