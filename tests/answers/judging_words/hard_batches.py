import numpy as np
from answers import right, wrong


@right
def firsts_and_partners(partner, random):
    firsts = random.permutation(np.flatnonzero(np.arange(len(partner)) < partner))
    return np.stack([firsts, partner[firsts]], axis=1).ravel()


@right
def with_a_loop(partner, random):
    order, seen = [], set()
    for row in random.permutation(len(partner)).tolist():
        if row not in seen:
            order += sorted([row, int(partner[row])])
            seen |= set(order[-2:])
    return np.array(order)


@right
def with_columns(partner, random):
    rows = np.arange(len(partner))
    pairs = np.unique(np.sort(np.stack([rows, partner], axis=1), axis=1), axis=0)
    return random.permutation(pairs).reshape(-1)


@wrong("exactly once")
def each_with_its_partner(partner, random):
    rows = random.permutation(len(partner))
    return np.stack([rows, partner[rows]], axis=1).ravel()[: len(partner)]


@wrong("does not stand beside it")
def shuffled(partner, random):
    return random.permutation(len(partner))


@wrong("whatever the generator says")
def unshuffled(partner, random):
    firsts = np.flatnonzero(np.arange(len(partner)) < partner)
    return np.stack([firsts, partner[firsts]], axis=1).ravel()


@wrong("smaller number comes first")
def larger_first(partner, random):
    firsts = random.permutation(np.flatnonzero(np.arange(len(partner)) < partner))
    return np.stack([partner[firsts], firsts], axis=1).ravel()


@wrong("shape")
def pairs_as_rows(partner, random):
    firsts = random.permutation(np.flatnonzero(np.arange(len(partner)) < partner))
    return np.stack([firsts, partner[firsts]], axis=1)


@wrong("whole numbers")
def as_fractions(partner, random):
    return np.arange(len(partner)) + 0.5


EQUIVALENT = {
    "np.arange(len(partner)) < partner -> np.arange(len(partner)) <= partner": (
        "no row is its own swap"
    ),
}
