from itertools import pairwise

import numpy as np
from answers import right, wrong


@right
def indexed(velocity, noise, times):
    trail = np.zeros((len(times), *noise.shape))
    trail[0] = noise
    for step in range(1, len(times)):
        trail[step] = trail[step - 1] + (times[step] - times[step - 1]) * velocity(
            trail[step - 1], times[step - 1]
        )
    return trail


@right
def recursive(velocity, noise, times):
    if len(times) == 1:
        return [noise]
    return [
        noise,
        *recursive(velocity, noise + (times[1] - times[0]) * velocity(noise, times[0]), times[1:]),
    ]


@right
def accumulated(velocity, noise, times):
    latents, trail = noise.copy(), [noise.copy()]
    for time, length in zip(times, np.diff(times), strict=False):
        latents += length * velocity(latents, time)
        trail.append(latents.copy())
    return np.stack(trail)


def walk(velocity, noise, at, lengths):
    trail = [noise]
    for time, length in zip(at, lengths, strict=True):
        trail.append(trail[-1] + length * velocity(trail[-1], time))
    return np.array(trail)


@wrong("steps are taken as equally long")
def equal_steps(velocity, noise, times):
    return walk(
        velocity,
        noise,
        times[:-1],
        np.full(len(times) - 1, (times[-1] - times[0]) / (len(times) - 1)),
    )


@wrong("asked at the end of a step")
def at_the_end(velocity, noise, times):
    return walk(velocity, noise, times[1:], np.diff(times))


@wrong("you walk backwards")
def backwards(velocity, noise, times):
    return walk(velocity, noise, times[:-1], -np.diff(times))


@wrong("as long as the time itself")
def times_for_lengths(velocity, noise, times):
    return walk(velocity, noise, times[:-1], times[1:])


@wrong("not multiplied by the length")
def no_length(velocity, noise, times):
    return walk(velocity, noise, times[:-1], np.ones(len(times) - 1))


@wrong("ask anew in every step")
def asked_once(velocity, noise, times):
    first = velocity(noise, times[0])
    return np.array([noise + (time - times[0]) * first for time in times])


@wrong("is the first wrong one")
def heun(velocity, noise, times):
    trail = [noise]
    for time, after in zip(times[:-1], times[1:], strict=True):
        first = velocity(trail[-1], time)
        second = velocity(trail[-1] + (after - time) * first, after)
        trail.append(trail[-1] + (after - time) * (first + second) / 2)
    return np.array(trail)


@wrong("one run for each is enough")
def asked_twice(velocity, noise, times):
    found = indexed(velocity, noise, times)
    velocity(found[-1], times[-1])
    return found


@wrong("only the last position is returned")
def last_only(velocity, noise, times):
    return indexed(velocity, noise, times)[-1]


@wrong("the trail has shape")
def without_the_noise(velocity, noise, times):
    return indexed(velocity, noise, times)[1:]


@wrong("changes its input in place")
def in_place(velocity, noise, times):
    trail = [noise.copy()]
    for time, length in zip(times, np.diff(times), strict=False):
        noise += length * velocity(noise, time)
        trail.append(noise.copy())
    return np.array(trail)


@wrong("the same array stands in the list again and again")
def one_array_many_times(velocity, noise, times):
    latents = noise.copy()
    trail = [latents]
    for time, length in zip(times, np.diff(times), strict=False):
        latents += length * velocity(latents, time)
        trail.append(latents)
    return np.array(trail)


@wrong("it should begin with the noise")
def from_the_end(velocity, noise, times):
    return indexed(velocity, noise, times)[::-1]


@wrong("the trail should be numbers")
def means_after_the_noise(velocity, noise, times):
    return [noise, *(position.mean() for position in indexed(velocity, noise, times)[1:])]


@wrong("in the middle of a step, which takes two runs of the network")
def midpoint(velocity, noise, times):
    trail = [noise]
    for time, after in pairwise(times):
        half = (after - time) / 2
        middle = trail[-1] + half * velocity(trail[-1], time)
        trail.append(trail[-1] + 2 * half * velocity(middle, time + half))
    return np.array(trail)


EQUIVALENT = {}
