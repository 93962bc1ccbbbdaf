import numpy as np
from answers import right, wrong


@right
def firsts_and_partners(partner, size, random):
    firsts = random.permutation(np.flatnonzero(np.arange(len(partner)) < partner))
    return np.stack([firsts, partner[firsts]], axis=1).ravel()


@right
def with_a_loop(partner, size, random):
    order, seen = [], set()
    for row in random.permutation(len(partner)).tolist():
        if row not in seen:
            order += [row, int(partner[row])]
            seen |= set(order[-2:])
    return np.array(order)


@right
def with_columns(partner, size, random):
    rows = np.arange(len(partner))
    pairs = np.unique(np.sort(np.stack([rows, partner], axis=1), axis=1), axis=0)
    return random.permuted(random.permutation(pairs), axis=1).reshape(-1)


@wrong("exactly once")
def each_with_its_partner(partner, size, random):
    rows = random.permutation(len(partner))
    return np.stack([rows, partner[rows]], axis=1).ravel()[: len(partner)]


@wrong("in another batch")
def shuffled(partner, size, random):
    return random.permutation(len(partner))


@wrong("whatever the generator says")
def unshuffled(partner, size, random):
    firsts = np.flatnonzero(np.arange(len(partner)) < partner)
    return np.stack([firsts, partner[firsts]], axis=1).ravel()


@wrong("shape")
def pairs_as_rows(partner, size, random):
    firsts = random.permutation(np.flatnonzero(np.arange(len(partner)) < partner))
    return np.stack([firsts, partner[firsts]], axis=1)


@wrong("whole numbers")
def as_fractions(partner, size, random):
    return np.arange(len(partner)) + 0.5


EQUIVALENT = {}
