from itertools import pairwise

import numpy as np
from answers import right, wrong


@right
def by_positions(average, z, t, s):
    middle = (t + s) / 2
    there = z + (middle - t) * average(z, t, middle)
    return (there + (s - middle) * average(there, middle, s) - z) / (s - t)


@right
def by_moves(average, z, t, s):
    half = (s - t) / 2
    move = half * average(z, t, t + half)
    return (move + half * average(z + move, t + half, s)) / (s - t)


@right
def in_a_loop(average, z, t, s):
    now, times = z, np.linspace(t, s, 3)
    for start, end in pairwise(times):
        now = now + (end - start) * average(now, start, end)
    return (now - z) / (s - t)


def halves(average, z, t, s, moved):
    middle = (t + s) / 2
    first = average(z, t, middle)
    return first, average(z + moved * (s - t) * first, middle, s)


@wrong("two velocities are added")
def summed(average, z, t, s):
    return sum(halves(average, z, t, s, 0.5))


@wrong("where the first one ended")
def both_at_the_start(average, z, t, s):
    return sum(halves(average, z, t, s, 0.0)) / 2


@wrong("only half of the way")
def too_far(average, z, t, s):
    return sum(halves(average, z, t, s, 1.0)) / 2


@wrong("nothing would be learned")
def long_step(average, z, t, s):
    return average(z, t, s)


@wrong("the first half alone")
def first_half(average, z, t, s):
    return halves(average, z, t, s, 0.5)[0]


@wrong("the second half alone")
def second_half(average, z, t, s):
    return halves(average, z, t, s, 0.5)[1]


@wrong("walk the first half")
def weighted(average, z, t, s):
    first, second = halves(average, z, t, s, 0.5)
    return 0.3 * first + 0.7 * second


@wrong("two halves need two runs")
def asked_again(average, z, t, s):
    average(z, t, s)
    return sum(halves(average, z, t, s, 0.5)) / 2


EQUIVALENT = {}
