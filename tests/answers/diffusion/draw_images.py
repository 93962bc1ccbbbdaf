import numpy as np
from answers import right, wrong


def walked(velocity, noise, steps):
    latents = noise
    for step in range(steps):
        latents = latents + velocity(latents, step / steps) / steps
    return latents


def taken_for_noise(velocity, noise, steps):
    latents = noise
    for step in range(steps):
        time, after = step / steps, (step + 1) / steps
        predicted = velocity(latents, time)
        data = (latents - (1 - time) * predicted) / max(time, 1 / steps)
        latents = after * data + (1 - after) * predicted
    return latents


@right
def taken_apart(velocity, decode, noise, mean, scale, steps):
    latents = noise
    for step in range(steps):
        time, after = step / steps, (step + 1) / steps
        speed = velocity(latents, time)
        data, rest = latents + (1 - time) * speed, latents - time * speed
        latents = after * data + (1 - after) * rest
    return decode(mean + scale * latents)


@right
def with_times(velocity, decode, noise, mean, scale, steps):
    times, latents = np.linspace(0, 1, steps + 1), noise.copy()
    for time, length in zip(times[:-1], np.diff(times), strict=True):
        latents += length * velocity(latents, time)
    return decode(latents * scale + mean)


@right
def image_by_image(velocity, decode, noise, mean, scale, steps):
    return np.concatenate(
        [decode(walked(velocity, one[None], steps) * scale + mean) for one in noise]
    )


def spoiled(fragment, name, undo, walk=walked):
    def answer(velocity, decode, noise, mean, scale, steps):
        return decode(undo(walk(velocity, noise, steps), mean, scale))

    answer.__name__ = name
    wrong(fragment)(answer)


spoiled(
    "the steps are right now; latents are normalised once more",
    "normalised",
    lambda z, m, s: (z - m) / s,
)
spoiled("the steps are right now; latents are decoded without", "as they are", lambda z, m, s: z)
spoiled(
    "the steps are right now; latents are scaled back without their mean",
    "no mean",
    lambda z, m, s: z * s,
)
spoiled(
    "the steps are right now; the mean is added before", "mean first", lambda z, m, s: (z + m) * s
)
spoiled(
    "the steps are right now; the mean is added, the scale divides",
    "divided",
    lambda z, m, s: z / s + m,
)
spoiled(
    "velocity is still taken for noise; latents are normalised",
    "as it was",
    lambda z, m, s: (z - m) / s,
    taken_for_noise,
)
spoiled(
    "are scaled back now; the velocity is still",
    "half repaired",
    lambda z, m, s: z * s + m,
    taken_for_noise,
)
spoiled(
    "velocity is still taken for noise; latents are decoded",
    "worse",
    lambda z, m, s: z,
    taken_for_noise,
)


@wrong("the images are wrong by")
def one_step_too_few(velocity, decode, noise, mean, scale, steps):
    latents = noise
    for step in range(1, steps):
        latents = latents + velocity(latents, step / steps) / steps
    return decode(latents * scale + mean)


@wrong("nothing may be divided by the time")
def divided_by_the_time(velocity, decode, noise, mean, scale, steps):
    latents = noise
    for step in range(steps):
        time = np.float64(step / steps)
        with np.errstate(all="ignore"):
            data = (latents - (1 - time) * velocity(latents, time)) / time
        latents = latents + (data - latents) / steps
    return decode(latents * scale + mean)


@wrong("the result has shape")
def latents_returned(velocity, decode, noise, mean, scale, steps):
    return walked(velocity, noise, steps) * scale + mean


def off_course(fragment, name, length, at):
    def answer(velocity, decode, noise, mean, scale, steps):
        latents = noise
        for step in range(steps):
            latents = latents + length * velocity(latents, at(step / steps, 1 / steps)) / steps
        return decode(latents * scale + mean)

    answer.__name__ = name
    wrong(fragment)(answer)


off_course("the velocity is subtracted", "minus", -1, lambda time, length: time)
off_course("time runs backwards, but 0 is noise", "reversed", 1, lambda time, length: 1 - time)
off_course("at the end of each step", "late", 1, lambda time, length: time + length)

off_course(
    "the last time asked is 1", "to the end", 1, lambda time, length: time / max(1 - length, length)
)


@wrong("each step walks the whole way")
def whole_steps(velocity, decode, noise, mean, scale, steps):
    latents = noise
    for step in range(steps):
        latents = latents + velocity(latents, step / steps)
    return decode(latents * scale + mean)


@wrong("still mixed in where the noise belongs")
def data_repaired_and_noise_not(velocity, decode, noise, mean, scale, steps):
    latents = noise
    for step in range(steps):
        time, after = step / steps, (step + 1) / steps
        speed = velocity(latents, time)
        latents = after * (latents + (1 - time) * speed) + (1 - after) * speed
    return decode(latents * scale + mean)


EQUIVALENT = {}
