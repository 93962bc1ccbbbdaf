import math

import numpy as np
from answers import right, wrong


def checked(count, steps):
    if steps < 1 or steps > count:
        raise ValueError("steps")


def cosine(count, steps):
    return count * np.cos(np.pi / 2 * np.arange(1, steps + 1) / steps)


@right
def as_an_array(count, steps):
    checked(count, steps)
    masked = np.floor(cosine(count, steps)).astype(int)
    for i in range(steps):
        masked[i] = min(masked[i], (masked[i - 1] if i else count) - 1)
    return masked


@right
def accumulated(count, steps):
    checked(count, steps)
    step = np.arange(1, steps + 1)
    return np.minimum.accumulate(np.floor(cosine(count, steps)) + step) - step


@right
def one_at_a_time(count, steps):
    checked(count, steps)
    left, result = count, []
    for i in range(1, steps + 1):
        reveal = max(1, left - int(count * math.sin(math.pi / 2 * (steps - i) / steps)))
        left -= reveal
        result.append(left)
    return tuple(result)


@wrong("linear: most tokens")
def linear(count, steps):
    checked(count, steps)
    return [count * (steps - i) // steps for i in range(1, steps + 1)]


@wrong("is fast FIRST")
def sine(count, steps):
    return [
        int(count * (1 - math.sin(math.pi / 2 * i / steps)) + 1e-9) for i in range(1, steps + 1)
    ]


@wrong("a quarter turn")
def half_a_turn(count, steps):
    return [
        int(count * (1 + math.cos(math.pi * i / steps)) / 2 + 1e-9) for i in range(1, steps + 1)
    ]


@wrong("these are tokens that are fixed;")
def fixed(count, steps):
    return count - np.floor(cosine(count, steps))


@wrong("fixed in each step")
def fixed_in_each_step(count, steps):
    return -np.diff(np.floor(cosine(count, steps)), prepend=count)


@wrong("rounded up, or")
def rounded_up(count, steps):
    return [math.ceil(share - 1e-9) for share in cosine(count, steps)]


@wrong("rounded to the nearest: round down")
def rounded(count, steps):
    return [round(share) for share in cosine(count, steps)]


@wrong("one step late")
def one_step_late(count, steps):
    return [count, *np.floor(cosine(count, steps))[:-1].astype(int)]


@wrong("some step reveals nothing")
def not_falling(count, steps):
    checked(count, steps)
    return np.floor(cosine(count, steps))


@wrong("256 tokens in 8 steps should leave")
def parabola(count, steps):
    return [int(count * (1 - (i / steps) ** 2)) for i in range(1, steps + 1)]


@wrong("yours: [2.5108e+02")
def not_rounded(count, steps):
    return cosine(count, steps)


@wrong("has shape (9,)")
def with_the_start(count, steps):
    return [count, *as_an_array(count, steps)]


@wrong("one step would fix nothing) are accepted")
def too_many_steps(count, steps):
    checked(max(count, steps), steps)
    return as_an_array(max(count, steps), steps)


@wrong("0 steps are accepted: raise")
def no_steps(count, steps):
    return as_an_array(count, steps) if steps else []


@wrong("-1 is left at the end")
def in_float32(count, steps):
    checked(count, steps)
    shares = np.cos(
        np.arange(1, steps + 1, dtype=np.float32) * np.float32(np.pi / 2) / np.float32(steps)
    )
    step = np.arange(1, steps + 1)
    return np.minimum.accumulate(np.floor(count * shares) + step) - step


@wrong("but is ['251'")
def as_words(count, steps):
    return [str(masked) for masked in as_an_array(count, steps)]


EQUIVALENT = {
    "2 -> -2": "the cosine is even",
    "min(math.floor(share * count), masked[-1] - 1) -> min(masked[-1] - 1, math.floor(share * "
    "count))": "min has no order",
}
