import numpy as np
from answers import right, wrong


def coded(z, levels, *, bound=np.tanh, rounding=np.rint, steps=-1):
    return rounding((bound(z) + 1) / 2 * (np.array(levels) + steps)).astype(int)


def packed(codes, levels):
    return codes @ np.cumprod([1, *levels])[:-1]


@right
def with_bases(z, levels):
    codes = coded(z, levels)
    return codes, packed(codes, levels)


@right
def horner(z, levels):
    codes = np.round(0.5 * (1 + np.tanh(z)) * (np.asarray(levels) - 1)).astype(np.int32)
    token = 0
    for code, count in zip(np.moveaxis(codes, -1, 0)[::-1], levels[::-1]):
        token = token * count + code
    return codes, token


@right
def with_numpy(z, levels):
    codes = coded(z, levels)
    return codes, np.ravel_multi_index(tuple(np.moveaxis(codes, -1, 0)), levels, order="F")


def faulty(pack=packed, **options):
    def answer(z, levels):
        codes = coded(z, levels, **options)
        return codes, pack(codes, levels)

    return answer


def first_slowest(codes, levels):
    return np.ravel_multi_index(tuple(np.moveaxis(codes, -1, 0)), levels)


wrong("one too many", "L steps", faulty(steps=0))
wrong("cut off, not rounded", "floor", faulty(rounding=np.floor))
wrong("not bounded by tanh", "clipped", faulty(bound=lambda z: np.clip(z, -1, 1)))
wrong("should be round((tanh(z)", "a sigmoid", faulty(bound=lambda z: np.tanh(z / 2)))
wrong("the last dimension counts fastest", "backwards", faulty(first_slowest))
wrong("is given the same base", "one base", faulty(lambda c, n: c @ max(n) ** np.arange(len(n))))
wrong("the codes are added up", "sum", faulty(lambda c, n: c.sum(axis=-1)))
wrong("should be whole numbers from 0", "from 1", faulty(lambda c, n: 1 + packed(c, n)))
wrong("should be whole numbers; yours", "halves", faulty(lambda c, n: packed(c, n) / 2))
wrong("return two things", "tokens alone", lambda z, levels: packed(coded(z, levels), levels))
