from itertools import pairwise

import numpy as np
from answers import right, wrong


def walk(velocity, latents, label, way):
    for time, after in pairwise(way):
        latents = latents + (after - time) * velocity(latents, time, label)
    return latents


@right
def two_loops(velocity, data, source, target, times):
    latents = data.copy()
    for step in range(len(times) - 1, 0, -1):
        latents -= (times[step] - times[step - 1]) * velocity(latents, times[step], source)
    for step in range(len(times) - 1):
        latents += (times[step + 1] - times[step]) * velocity(latents, times[step], target)
    return latents


@right
def as_one_way(velocity, data, source, target, times):
    way = np.concatenate([times[::-1], times[1:]])
    labels = [source] * (len(times) - 1) + [target] * (len(times) - 1)
    latents = data
    for time, length, label in zip(way, np.diff(way), labels, strict=False):
        latents = latents + length * velocity(latents, time, label)
    return latents


@right
def recursive(velocity, data, source, target, times):
    if len(times) == 1:
        return data
    before, last = times[-2], times[-1]
    noisier = data - (last - before) * velocity(data, last, source)
    edited = recursive(velocity, noisier, source, target, times[:-1])
    return edited + (last - before) * velocity(edited, before, target)


@wrong("you come back under the source's label")
def label_not_switched(velocity, data, source, target, times):
    return two_loops(velocity, data, source, source, times)


@wrong("the labels are exchanged")
def labels_exchanged(velocity, data, source, target, times):
    return two_loops(velocity, data, target, source, times)


@wrong("the way back is walked under the target's label")
def target_both_ways(velocity, data, source, target, times):
    return two_loops(velocity, data, target, target, times)


@wrong("that is the way back alone")
def noise_only(velocity, data, source, target, times):
    return walk(velocity, data, source, times[::-1])


@wrong("begins at the data themselves")
def not_inverted(velocity, data, source, target, times):
    return walk(velocity, data, target, times)


@wrong("the noise has to be that of the data")
def fresh_noise(velocity, data, source, target, times):
    noise = np.random.default_rng(1).normal(size=data.shape)
    noisy = times[0] * data + (1 - times[0]) * noise
    return walk(velocity, noisy, target, times)


@wrong("its steps are negative")
def wrong_sign(velocity, data, source, target, times):
    latents = data
    for time, before in pairwise(times[::-1]):
        latents = latents + (time - before) * velocity(latents, time, source)
    return walk(velocity, latents, target, times)


@wrong("in growing order")
def not_reversed(velocity, data, source, target, times):
    return walk(velocity, walk(velocity, data, source, times), target, times)


@wrong("time runs the other way in yours")
def reversed_time(velocity, data, source, target, times):
    return two_loops(
        lambda latents, time, label: velocity(latents, 1 - time, label),
        data,
        source,
        target,
        times,
    )


@wrong("on the way back the field is asked at the time where the step ends")
def same_times_both_ways(velocity, data, source, target, times):
    latents = data
    for time, before in pairwise(times[::-1]):
        latents = latents + (before - time) * velocity(latents, before, source)
    return walk(velocity, latents, target, times)


@wrong("both ways ask the field at the time where the step ends")
def always_at_the_end(velocity, data, source, target, times):
    latents = data
    for label, way in ((source, times[::-1]), (target, times)):
        for time, after in pairwise(way):
            latents = latents + (after - time) * velocity(latents, after, label)
    return latents


@wrong("steps are taken as equally long")
def equal_steps(velocity, data, source, target, times):
    length = (times[-1] - times[0]) / (len(times) - 1)
    latents = data
    for time in times[:0:-1]:
        latents = latents - length * velocity(latents, time, source)
    for time in times[:-1]:
        latents = latents + length * velocity(latents, time, target)
    return latents


@wrong("even times from 0 to 1 are walked")
def all_the_way(velocity, data, source, target, times):
    return two_loops(velocity, data, source, target, np.linspace(0, 1, len(times)))


@wrong("the first of the data should end at")
def switched_half_way(velocity, data, source, target, times):
    middle = len(times) // 2
    noisy = walk(velocity, data, source, times[::-1])
    latents = walk(velocity, noisy, source, times[: middle + 1])
    return walk(velocity, latents, target, times[middle:])


@wrong("there and back; ask once for each")
def heun(velocity, data, source, target, times):
    latents = data
    for label, way in ((source, times[::-1]), (target, times)):
        for time, after in pairwise(way):
            first = velocity(latents, time, label)
            second = velocity(latents + (after - time) * first, after, label)
            latents = latents + (after - time) * (first + second) / 2
    return latents


@wrong("changes its input in place")
def in_place(velocity, data, source, target, times):
    for time, before in pairwise(times[::-1]):
        data -= (time - before) * velocity(data, time, source)
    return walk(velocity, data, target, times)


@wrong("the result has shape")
def whole_trail(velocity, data, source, target, times):
    trail = [walk(velocity, data, source, times[::-1])]
    for time, after in pairwise(times):
        trail.append(trail[-1] + (after - time) * velocity(trail[-1], time, target))
    return np.array(trail)


EQUIVALENT = {}
