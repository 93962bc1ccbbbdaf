import numpy as np
from answers import right, wrong


def spread(time, deviation):
    return np.hypot(time * deviation, 1 - time)


def velocity(z, t, mean, deviation):
    return mean + (t * deviation**2 - (1 - t)) / spread(t, deviation) ** 2 * (z - t * mean)


def end(z, t, s, mean, deviation):
    return s * mean + spread(s, deviation) / spread(t, deviation) * (z - t * mean)


@right
def by_the_end(z, t, s, mean, deviation):
    if t == s:
        return velocity(z, t, mean, deviation)
    return (end(z, t, s, mean, deviation) - z) / (s - t)


@right
def gain_of_the_flow(z, t, s, mean, deviation):
    away, before = z - t * mean, spread(t, deviation)
    if s - t < 1e-9:
        slope = (t * deviation**2 - 1 + t) / before
    else:
        slope = (spread(s, deviation) - before) / (s - t)
    return mean + slope / before * away


@right
def in_logarithms(z, t, s, mean, deviation):
    if s == t:
        return velocity(z, t, mean, deviation)
    stretch = np.log(spread(s, deviation)) - np.log(spread(t, deviation))
    return mean + (z - t * mean) * np.expm1(stretch) / (s - t)


@wrong("where the flow arrives")
def the_end(z, t, s, mean, deviation):
    return end(z, t, s, mean, deviation)


@wrong("divide it by the time")
def the_way(z, t, s, mean, deviation):
    way = end(z, t, s, mean, deviation) - z
    return way / (s - t) if s - t == 1 else way


@wrong("the velocity at the start")
def at_the_start(z, t, s, mean, deviation):
    return velocity(z, t, mean, deviation)


@wrong("at the end of the way")
def at_the_end(z, t, s, mean, deviation):
    return velocity(end(z, t, s, mean, deviation), s, mean, deviation)


@wrong("the sign is wrong")
def reversed_sign(z, t, s, mean, deviation):
    return (z - end(z, t, s, mean, deviation)) / (s - t)


@wrong("the flow keeps")
def trapezoid(z, t, s, mean, deviation):
    last = velocity(end(z, t, s, mean, deviation), s, mean, deviation)
    return (velocity(z, t, mean, deviation) + last) / 2


@wrong("over no time at all")
def without_the_limit(z, t, s, mean, deviation):
    return (end(z, t, s, mean, deviation) - z) / max(s - t, 1e-12)


EQUIVALENT = {
    "1 - t -> t - 1": "it is squared",
    "1 - s -> s - 1": "it is squared",
}
