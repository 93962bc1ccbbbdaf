import numpy as np
from answers import right, wrong

from genimg_lib.checks.text_to_image.faults import holds, pairs_asked


@right
def row_by_row(facts, pairs):
    held = holds(facts, pairs)
    return np.flatnonzero(~held), pairs_asked(facts, pairs)


@right
def pair_by_pair(facts, pairs):
    asked = -np.ones_like(facts)
    for pair in reversed(pairs):  # the first pair writes last
        columns, values = list(pair), list(pair.values())
        hit = (facts[:, columns] == values).all(axis=1)
        asked[hit] = -1
        asked[np.ix_(hit, columns)] = values
    held = (asked >= 0).any(axis=1)
    return np.where(~held)[0], asked[held]


@right
def with_sets(facts, pairs):
    train, asked = [], []
    for i, row in enumerate(facts.tolist()):
        found = [p for p in pairs if set(p.items()) <= set(enumerate(row))]
        if found:
            asked.append([found[0].get(column, -1) for column in range(len(row))])
        else:
            train.append(i)
    return train, asked


@wrong("not by picture")
def by_picture(facts, pairs):
    return np.arange(240), facts[240:]


@wrong("are they positions, not a mask?) should be integers")
def a_mask(facts, pairs):
    return (~holds(facts, pairs)).astype(float), pairs_asked(facts, pairs)


@wrong("in order, and once")
def too_few(facts, pairs):
    """Leaves out every image that holds one half of a pair."""
    half = np.any([facts[:, c] == v for p in pairs for c, v in p.items()], axis=0)
    return np.flatnonzero(~half), pairs_asked(facts, pairs)


@wrong("only the pair is to be asked for")
def everything(facts, pairs):
    held = holds(facts, pairs)
    return np.flatnonzero(~held), facts[held]


@wrong("what is not asked for is -1")
def zeros(facts, pairs):
    return np.flatnonzero(~holds(facts, pairs)), np.maximum(pairs_asked(facts, pairs), 0)


@wrong("the first pair that it holds")
def last_pair(facts, pairs):
    return np.flatnonzero(~holds(facts, pairs)), pairs_asked(facts, pairs[::-1])


@wrong("a list of positions")
def in_a_column(facts, pairs):
    return np.argwhere(~holds(facts, pairs)), pairs_asked(facts, pairs)


EQUIVALENT = {}
