import numpy as np
from answers import right, wrong
from keras import ops


@right
def with_clip(steps, period, ramp=0.5, highest=1.0):
    return np.clip(highest * (steps % period) / (ramp * period), 0, highest)


@right
def with_where(steps, period, ramp=0.5, highest=1.0):
    inside = steps - period * (steps // period)
    rising = inside < ramp * period
    return np.where(rising, highest * inside / (ramp * period), highest)


@right
def with_interpolation(steps, period, ramp=0.5, highest=1.0):
    return np.interp(np.mod(steps, period), [0, ramp * period, period], [0, highest, highest])


@right
def with_keras(steps, period, ramp=0.5, highest=1.0):
    position = ops.cast(steps % period, "float32") / period
    return highest * ops.minimum(position / ramp, 1.0)


@wrong("it rises once and stays")
def once(steps, period, ramp=0.5, highest=1.0):
    return highest * np.minimum(steps / (ramp * period), 1)


@wrong("it rises through the whole period")
def sawtooth(steps, period, ramp=0.5, highest=1.0):
    return highest * (steps % period) / period


@wrong("it falls")
def falling(steps, period, ramp=0.5, highest=1.0):
    return highest * (1 - np.minimum(steps % period / (ramp * period), 1))


@wrong("one step ahead")
def ahead(steps, period, ramp=0.5, highest=1.0):
    return highest * np.minimum((steps % period + 1) / (ramp * period), 1)


@wrong("the rise never ends")
def without_end(steps, period, ramp=0.5, highest=1.0):
    return highest * (steps % period) / (ramp * period)


@wrong("a division of integers")
def whole_numbers(steps, period, ramp=0.5, highest=1.0):
    return highest * np.minimum(steps % period // int(ramp * period), 1)


@wrong("should have 0, 0.5, 1 and 0.5")
def cosine(steps, period, ramp=0.5, highest=1.0):
    position = np.minimum(steps % period / period / ramp, 1)
    return highest * (1 - np.cos(np.pi * position)) / 2


@wrong("`ramp` is ignored")
def always_half(steps, period, ramp=0.5, highest=1.0):
    return highest * np.minimum(steps % period / period / 0.5, 1)


@wrong("with ramp = 0.8 and a period of 30")
def stays_below(steps, period, ramp=0.5, highest=1.0):
    return highest * np.minimum(steps % period / period * 2, 2 * (1 - ramp))


@wrong("`highest` is ignored")
def at_most_one(steps, period, ramp=0.5, highest=1.0):
    return np.minimum(steps % period / (ramp * period), 1)


@wrong("`highest` should multiply every weight")
def cut_at_highest(steps, period, ramp=0.5, highest=1.0):
    return np.minimum(steps % period / (ramp * period), highest)


EQUIVALENT = {
    "np.minimum(position / ramp, 1) -> np.minimum(1, position / ramp)": "a minimum is symmetric"
}
