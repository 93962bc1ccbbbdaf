import numpy as np
from answers import right, wrong


def top(cosines):
    return cosines == cosines.max(axis=1, keepdims=True)


@right
def shared_out(cosines):
    return np.mean(top(cosines)[:, 0] / top(cosines).sum(axis=1))


@right
def with_a_loop(cosines):
    credit = [row[0] / sum(row) for row in top(cosines).astype(int).tolist()]
    return sum(credit) / len(credit)


@right
def with_ranks(cosines):
    above = np.sum(cosines > cosines[:, :1], axis=1)
    equal = np.sum(cosines == cosines[:, :1], axis=1)
    return np.where(above == 0, 1 / equal, 0).mean()


@wrong("a tie counts as right")
def with_argmax(cosines):
    return np.mean(cosines.argmax(axis=1) == 0)


@wrong("a tie counts as wrong")
def strictly(cosines):
    return np.mean(cosines[:, 0] > cosines[:, 1:].max(axis=1))


@wrong("of three equal ones")
def halves(cosines):
    rival = cosines[:, 1:].max(axis=1)
    return np.mean(cosines[:, 0] > rival) + np.mean(cosines[:, 0] == rival) / 2


@wrong("these questions were asked")
def without_ties(cosines):
    clear = top(cosines).sum(axis=1) == 1
    return np.mean(top(cosines)[clear, 0])


@wrong("that is chance")
def uniform(cosines):
    return 1 / cosines.shape[1]


@wrong("with ties shared out")
def last_column(cosines):
    return np.mean(top(cosines)[:, -1] / top(cosines).sum(axis=1))


EQUIVALENT = {"1 -> -1": "the second of two axes is the last"}
