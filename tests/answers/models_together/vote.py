import math
from itertools import product

from answers import right, wrong
from scipy import stats


@right
def with_the_binomial(p, judges, shared):
    alone = stats.binom.sf(judges // 2, judges, p)
    bad = shared * (1 - p) + (1 - shared) * (1 - p) ** judges
    good = shared * p + (1 - shared) * p**judges
    return shared * p + (1 - shared) * alone, bad / (bad + good)


@right
def by_listing(p, judges, shared):
    alone = sum(
        math.prod(p if vote else 1 - p for vote in votes)
        for votes in product((True, False), repeat=judges)
        if sum(votes) > judges / 2
    )
    odds = (shared * p + (1 - shared) * p**judges) / (
        shared * (1 - p) + (1 - shared) * (1 - p) ** judges
    )
    return [alone + shared * (p - alone), 1 / (1 + odds)]


@right
def by_counting(p, judges, shared):
    counts = [
        (1 - shared) * math.comb(judges, k) * p**k * (1 - p) ** (judges - k)
        for k in range(judges + 1)
    ]
    counts[0] += shared * (1 - p)
    counts[-1] += shared * p
    return sum(counts[(judges + 1) // 2 :]), counts[0] / (counts[0] + counts[-1])


def but(place, change):
    def answer(p, judges, shared):
        parts = list(by_counting(p, judges, shared))
        parts[place] = change(p, judges, shared)
        return tuple(parts)

    return answer


def alone(p, n):
    return by_counting(p, n, 0.0)


wrong("all of them vote as one", "independent", but(0, lambda p, n, s: alone(p, n)[0]))
wrong("that is a single judge; where", "one judge", but(0, lambda p, n, s: p))
wrong("a majority is enough", "all right", but(0, lambda p, n, s: s * p + (1 - s) * p**n))
wrong("voting as one is no error", "lost", but(0, lambda p, n, s: (1 - s) * alone(p, n)[0]))
wrong("the majority is right with", "the half", but(0, lambda p, n, s: 0.5))
wrong("are unanimous, too", "independent, too", but(1, lambda p, n, s: alone(p, n)[1]))
wrong(
    "given that, how often is it wrong",
    "not divided",
    but(1, lambda p, n, s: s * (1 - p) + (1 - s) * (1 - p) ** n),
)
wrong("says more than that", "one judge's error", but(1, lambda p, n, s: 1 - p))
wrong("unanimous vote is right", "turned", but(1, lambda p, n, s: 1 - by_counting(p, n, s)[1]))
wrong("unanimous vote is wrong with", "never", but(1, lambda p, n, s: 0.0))
wrong("return two things", "only the majority", lambda p, n, s: by_counting(p, n, s)[0])

EQUIVALENT = {
    "1 -> 2 (6)": "there are no ways to choose more than all",
}
