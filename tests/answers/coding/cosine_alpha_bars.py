import math

import numpy as np
from answers import right, wrong


def curve(time, offset, power=2):
    return np.cos((time + offset) / (1 + offset) * np.pi / 2) ** power


def clipped(steps, offset, *, limit=0.999, power=2, scale=1):
    values = curve(np.arange(steps + 1) / steps, offset, power)
    return scale * np.cumprod(np.maximum(values[1:] / values[:-1], 1 - limit))


@right
def with_ratios(steps, offset):
    return clipped(steps, offset)


@right
def in_a_loop(steps, offset):
    product, found = 1.0, []
    for step in range(1, steps + 1):
        ratio = curve(step / steps, offset) / curve((step - 1) / steps, offset)
        product *= 1 - min(1 - ratio, 0.999)
        found.append(product)
    return found


@right
def clips_the_last(steps, offset):
    start = math.cos(offset / (1 + offset) * math.pi / 2) ** 2
    found = curve(np.arange(1, steps + 1) / steps, offset) / start
    found[-1] = 0.001 * found[-2]
    return found


wrong("no beta should exceed 0.999", "no clip", lambda s, o: clipped(s, o, limit=1.0) * 0.9999)
wrong("they begin at time 0", "from 0", lambda s, o: np.append(1, clipped(s, o)[:-1]))
wrong("the cosine is not squared", "no square", lambda s, o: clipped(s, o, power=1))
wrong("not divided by the value at time 0", "raw", lambda s, o: clipped(s, o) * curve(0, o))
wrong("the offset is ignored", "no offset", lambda s, o: clipped(s, 0))
wrong("they are not those of the paper", "linear", lambda s, o: np.cumprod(np.full(s, 0.7)))
wrong("has shape (9,)", "one too many", lambda s, o: np.append(1, clipped(s, o)))

EQUIVALENT = {
    "np.minimum(1 - curve[1:] / curve[:-1], 0.999) -> "
    "np.minimum(0.999, 1 - curve[1:] / curve[:-1])": "symmetric",
    "2 -> -2 (2)": "the cosine is even",
}
