from itertools import pairwise

import numpy as np
from answers import right, wrong


@right
def with_lengths(average, noise, steps):
    z, length = noise, 1 / steps
    for index in range(steps):
        z = z + length * average(z, index * length, (index + 1) * length)
    return z


@right
def from_the_times(average, noise, steps):
    times = np.linspace(0.0, 1.0, steps + 1)
    for t, s in pairwise(times):
        noise = noise + (s - t) * average(noise, t, s)
    return noise


@right
def with_a_vector_of_times(average, noise, steps):
    z, index = np.array(noise), 0
    while index < steps:
        t = np.full((len(z), 1), index / steps)
        z += average(z, t, t + 1 / steps) / steps
        index += 1
    return z


def walk(average, noise, steps, interval, length=None):
    z = noise
    for index in range(steps):
        z = z + (length or 1 / steps) * average(z, *interval(index, steps))
    return z


@wrong("up to time 1")
def as_it_was(average, noise, steps):
    return walk(average, noise, steps, lambda i, n: (i / n, 1.0))


@wrong("the network ran")
def one_run(average, noise, steps):
    return noise + average(noise, 0.0, 1.0)


@wrong("not the average")
def the_velocity(average, noise, steps):
    return walk(average, noise, steps, lambda i, n: (i / n, i / n))


@wrong("the last ends at time 1")
def shifted(average, noise, steps):
    return walk(average, noise, steps, lambda i, n: ((i + 1) / n, (i + 2) / n))


@wrong("each step has its own length")
def whole_steps(average, noise, steps):
    return walk(average, noise, steps, lambda i, n: (i / n, (i + 1) / n), length=1.0)


EQUIVALENT = {}
