import numpy as np
from answers import right, wrong


@right
def every_pair(asked, of_real, of_blind):
    return np.mean(of_blind[:, None] == asked), np.mean(of_real == asked)


@right
def with_frequencies(asked, of_real, of_blind):
    names = np.unique(asked)
    floor = sum(np.mean(asked == name) * np.mean(of_blind == name) for name in names)
    return floor, (asked == of_real).sum() / len(asked)


@right
def with_a_loop(asked, of_real, of_blind):
    return [np.mean([np.mean(of_blind == name) for name in asked]), np.mean(asked == of_real)]


@wrong("return the floor first")
def exchanged(*given):
    return every_pair(*given)[::-1]


@wrong("made for none")
def paired(asked, of_real, of_blind):
    count = min(len(asked), len(of_blind))
    return np.mean(asked[:count] == of_blind[:count]), np.mean(of_real == asked)


@wrong("one over the names")
def uniform(asked, of_real, of_blind):
    return 1 / len(np.union1d(asked, of_blind)), np.mean(of_real == asked)


@wrong("with every prompt")
def ceiling_of_all(asked, of_real, of_blind):
    return np.mean(of_blind[:, None] == asked), np.mean(of_real[:, None] == asked)


@wrong("the ceiling is 1")
def perfect(asked, of_real, of_blind):
    return np.mean(of_blind[:, None] == asked), 1.0


@wrong("real ones, each its own")
def zero(asked, of_real, of_blind):
    return 0.0, np.mean(of_real == asked)


EQUIVALENT = {}
