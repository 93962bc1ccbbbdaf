from itertools import pairwise

import numpy as np
from answers import right, wrong


def walk(velocity, latents, times, after_step):
    """Euler's method; `after_step(latents, time, next_time)` is what the next step begins with."""
    for time, after in pairwise(times):
        latents = after_step(latents + (after - time) * velocity(latents, time), time, after)
    return latents


@right
def pasted_before_each_step(velocity, data, known, noise, times):
    latents = noise.copy()
    for time, length in zip(times, np.diff(times), strict=False):
        latents[known] = (time * data + (1 - time) * noise)[known]
        latents = latents + length * velocity(latents, time)
    return np.where(known, data, latents)


@right
def with_a_mask_of_numbers(velocity, data, known, noise, times):
    keep = known.astype(float)
    return walk(
        velocity,
        noise,
        times,
        lambda latents, time, after: keep * (noise + after * (data - noise)) + (1 - keep) * latents,
    )


@right
def by_the_speed_of_the_line(velocity, data, known, noise, times):
    latents = noise
    for time, after in pairwise(times):
        speed = np.where(known, data - noise, velocity(latents, time))
        latents = latents + (after - time) * speed
    return latents


@wrong("the mask is turned round")
def mask_turned_round(velocity, data, known, noise, times):
    return pasted_before_each_step(velocity, data, ~known, noise, times)


@wrong("the clean data are pasted after every step")
def clean_after_each_step(velocity, data, known, noise, times):
    return walk(velocity, noise, times, lambda z, time, after: np.where(known, data, z))


@wrong("the clean data stand in the known places from the start on")
def clean_from_the_start(velocity, data, known, noise, times):
    return clean_after_each_step(velocity, data, known, np.where(known, data, noise), times)


@wrong("at the end they are not the data")
def late(velocity, data, known, noise, times):
    return walk(
        velocity,
        noise,
        times,
        lambda z, time, after: np.where(known, time * data + (1 - time) * noise, z),
    )


@wrong("they lag behind")
def late_and_pasted(velocity, data, known, noise, times):
    return np.where(known, data, late(velocity, data, known, noise, times))


@wrong("the field never saw them")
def pasted_at_the_end(velocity, data, known, noise, times):
    return np.where(known, data, walk(velocity, noise, times, lambda z, time, after: z))


@wrong("nothing is pasted")
def never_pasted(velocity, data, known, noise, times):
    return walk(velocity, noise, times, lambda z, time, after: z)


@wrong("paste once more after it")
def no_last_paste(velocity, data, known, noise, times):
    latents = noise
    for time, after in pairwise(times):
        latents = np.where(known, time * data + (1 - time) * noise, latents)
        latents = latents + (after - time) * velocity(latents, time)
    return latents


@wrong("at time 0 all is noise, at time 1 all is data")
def shares_exchanged(velocity, data, known, noise, times):
    return walk(
        velocity,
        noise,
        times,
        lambda z, time, after: np.where(known, (1 - after) * data + after * noise, z),
    )


@wrong("the shares are exchanged on the way")
def shares_exchanged_and_pasted(velocity, data, known, noise, times):
    found = shares_exchanged(velocity, data, known, noise, times)
    return np.where(known, data, found)


@wrong("only their noise fades")
def data_whole(velocity, data, known, noise, times):
    return walk(
        velocity,
        noise,
        times,
        lambda z, time, after: np.where(known, data + (1 - after) * noise, z),
    )


@wrong("keep to the line from the noise that is given")
def fresh_noise(velocity, data, known, noise, times):
    random = np.random.default_rng(0)

    def pasted(latents, time, after):
        fresh = random.normal(size=data.shape)
        return np.where(known, after * data + (1 - after) * fresh, latents)

    return walk(velocity, noise, times, pasted)


@wrong("the known numbers have to come out as they are")
def noise_whole(velocity, data, known, noise, times):
    return walk(
        velocity,
        noise,
        times,
        lambda z, time, after: np.where(known, after * data + noise, z),
    )


@wrong("one run for each will do")
def asked_once_more(velocity, data, known, noise, times):
    found = pasted_before_each_step(velocity, data, known, noise, times)
    velocity(found, times[0])
    return found


@wrong("changes its input in place")
def in_place(velocity, data, known, noise, times):
    latents = noise
    for time, after in pairwise(times):
        latents += (after - time) * velocity(latents, time)
        latents[known] = (after * data)[known]
    return latents


@wrong("the result has shape")
def hole_only(velocity, data, known, noise, times):
    return pasted_before_each_step(velocity, data, known, noise, times)[~known]


EQUIVALENT = {}
