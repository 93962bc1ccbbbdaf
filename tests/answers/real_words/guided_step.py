import numpy as np
from answers import right, wrong


def guide(first, second, guidance):
    return second + guidance * (first - second)


def move(pixels, end, time, next_time):
    return pixels + (next_time - time) / (1 - time) * (end - pixels)


@right
def in_three_steps(pixels, with_words, without, time, next_time, guidance, limit):
    end = np.clip(guide(with_words, without, guidance), -limit, limit)
    return move(pixels, end, time, next_time)


@right
def as_a_mean(pixels, with_words, without, time, next_time, guidance, limit):
    end = guidance * with_words + (1 - guidance) * without
    left = (1 - next_time) / (1 - time)
    return left * pixels + (1 - left) * np.minimum(np.maximum(end, -limit), limit)


@right
def with_a_velocity(pixels, with_words, without, time, next_time, guidance, limit):
    end = (with_words + (guidance - 1) * (with_words - without)).clip(-limit, limit)
    return pixels + (next_time - time) * ((end - pixels) / (1 - time))


@wrong("nothing is clipped")
def unclipped(pixels, with_words, without, time, next_time, guidance, limit):
    return move(pixels, guide(with_words, without, guidance), time, next_time)


@wrong("the noisy pixels are clipped")
def clipped_after(pixels, with_words, without, time, next_time, guidance, limit):
    moved = unclipped(pixels, with_words, without, time, next_time, guidance, limit)
    return np.clip(moved, -limit, limit)


@wrong("leaves the limits again")
def clipped_before(pixels, with_words, without, time, next_time, guidance, limit):
    first, second = np.clip(with_words, -limit, limit), np.clip(without, -limit, limit)
    return move(pixels, guide(first, second, guidance), time, next_time)


@wrong("it is clipped at 1")
def at_one(pixels, with_words, without, time, next_time, guidance, limit):
    return in_three_steps(pixels, with_words, without, time, next_time, guidance, 1)


@wrong("goes one further")
def one_further(pixels, with_words, without, time, next_time, guidance, limit):
    return in_three_steps(pixels, with_words, without, time, next_time, guidance + 1, limit)


@wrong("the two answers are exchanged")
def exchanged(pixels, with_words, without, *given):
    return in_three_steps(pixels, without, with_words, *given)


@wrong("divide it by the time that is left")
def undivided(pixels, with_words, without, time, next_time, guidance, limit):
    end = np.clip(guide(with_words, without, guidance), -limit, limit)
    return pixels + (next_time - time) * (end - pixels)


@wrong("go only a part of the way")
def arrived(pixels, with_words, without, time, next_time, guidance, limit):
    return np.clip(guide(with_words, without, guidance), -limit, limit)


@wrong("for the part of the time that passes")
def unmoved(pixels, *given):
    return pixels.copy()


EQUIVALENT = {}
