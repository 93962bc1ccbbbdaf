import numpy as np
from answers import right, wrong


@right
def with_argmax(given, alone):
    own = np.arange(len(given))
    gain = given - alone.reshape(-1, 1)
    return (gain.argmax(axis=1) == own).mean(), (gain.argmax(axis=0) == own).mean()


@right
def with_the_diagonal(given, alone):
    gain = (given.T - alone).T
    own = np.diag(gain)
    return np.array([np.mean(own >= gain.max(axis=1)), np.mean(own >= gain.max(axis=0))])


@right
def by_sorting(given, alone):
    gain, count = given - alone[:, None], len(given)
    captions = sum(np.argsort(row)[-1] == i for i, row in enumerate(given))
    pictures = sum(np.argsort(column)[-1] == i for i, column in enumerate(gain.T))
    return [captions / count, pictures / count]


def but(caption=None, picture=None):
    def answer(given, alone):
        first, second = with_argmax(given, alone)
        own = np.arange(len(given))
        if caption is not None:
            first = np.mean(caption(given, alone) == own)
        if picture is not None:
            second = np.mean(picture(given, alone) == own)
        return first, second

    return answer


wrong("the two are exchanged", "exchanged", lambda *given: with_argmax(*given)[::-1])
wrong("not the smallest", "argmin", but(caption=lambda g, a: g.argmin(axis=1)))
wrong("an easy picture wins", "raw", but(picture=lambda g, a: g.argmax(axis=0)))
wrong("the share of pictures found is", "no picture", but(picture=lambda g, a: 0 * a - 1))
wrong("12 pictures: the share of captions found", "none", lambda g, a: (0.123, 0.0))
wrong("return two things", "one", lambda *given: with_argmax(*given)[0])

EQUIVALENT = {"1 -> -1": "axis 1 is the last axis of a matrix"}
