import numpy as np
import tensorflow as tf
from answers import right, wrong

MANY = True


def column(times, like):
    return np.expand_dims(times, tuple(range(1, like.ndim)))


def path(data, noise, times):
    return noise + column(times, data) * (data - noise), data - noise


def ends(noisy, velocity, times):
    data = noisy + (1 - column(times, noisy)) * velocity
    return data, data - velocity


def path_in_a_loop(data, noise, times):
    pairs = [(t * x + (1 - t) * e, x - e) for x, e, t in zip(data, noise, times, strict=True)]
    return [np.stack(part) for part in zip(*pairs, strict=True)]


def ends_in_a_loop(noisy, velocity, times):
    pairs = [(z + (1 - t) * v, z - t * v) for z, v, t in zip(noisy, velocity, times, strict=True)]
    return [np.stack(part) for part in zip(*pairs, strict=True)]


def path_with_tensorflow(data, noise, times):
    t = tf.constant(column(times, data))
    return t * data + (1 - t) * noise, tf.subtract(data, noise)


def ends_of_float32(noisy, velocity, times):
    t = column(times, noisy).astype("float32")
    return noisy.astype("float32") + (1 - t) * velocity, noisy - t * velocity


right("from the noise", (path, ends))
right("loops", (path_in_a_loop, ends_in_a_loop))
right("stacked", (lambda *given: np.stack(path(*given)), lambda *given: np.stack(ends(*given))))
right("TensorFlow and float32", (path_with_tensorflow, ends_of_float32))


def on_the_path(fragment, name, point, velocity=lambda x, e, t: x - e):
    def answer(data, noise, times):
        t = column(times, data)
        return point(data, noise, t), velocity(data, noise, t)

    wrong(fragment, name, (answer, ends))


def straight(x, e, t):
    return t * x + (1 - t) * e


on_the_path("yours runs the other way", "reversed", lambda x, e, t: (1 - t) * x + t * e)
on_the_path("keeps the variance", "roots", lambda x, e, t: np.sqrt(t) * x + np.sqrt(1 - t) * e)
on_the_path("the time of the first", "one time", lambda x, e, t: t[0] * x + (1 - t[0]) * e)
on_the_path("a share t of the way", "no noise", lambda x, e, t: t * x)
on_the_path("time runs from noise to data", "sign", straight, lambda x, e, t: e - x)
on_the_path("that is the noise: this", "noise target", straight, lambda x, e, t: 1.0 * e)
on_the_path("that is the data: this", "data target", straight, lambda x, e, t: 1.0 * x)
on_the_path("the way that is left", "way left", straight, lambda x, e, t: (1 - t) * (x - e))
on_the_path("the way walked so far", "way walked", straight, lambda x, e, t: t * (x - e))
on_the_path("differentiate the point", "sum", straight, lambda x, e, t: x + e)


def at_the_ends(
    fragment, name, data=lambda z, v, t: z + (1 - t) * v, noise=lambda z, v, t: z - t * v
):
    def answer(noisy, velocity, times):
        t = column(times, noisy)
        with np.errstate(all="ignore"):
            return data(noisy, velocity, t), noise(noisy, velocity, t)

    wrong(fragment, name, (path, answer))


at_the_ends(
    "data and noise are exchanged",
    "exchanged",
    lambda z, v, t: z - t * v,
    lambda z, v, t: z + (1 - t) * v,
)
at_the_ends("the data lie ahead", "data behind", lambda z, v, t: z - (1 - t) * v)
at_the_ends("not what is done", "by what is done", lambda z, v, t: z + t * v)
at_the_ends("walk only a share of it", "whole way", lambda z, v, t: z + v)
at_the_ends("the data should begin with", "half way", lambda z, v, t: z + (1 - t) * v / 2)
at_the_ends("the noise lies behind", "noise ahead", noise=lambda z, v, t: z + t * v)
at_the_ends("walk only what is done", "whole way back", noise=lambda z, v, t: z - v)
at_the_ends("the noise should begin with", "half way back", noise=lambda z, v, t: z - t * v / 2)
at_the_ends("no need to divide", "division", lambda z, v, t: (z - (1 - t) * (z - t * v)) / t)
wrong(
    "as a tuple: (noisy, velocity)",
    "point alone",
    (lambda data, noise, times: path(data, noise, times)[0], ends),
)
wrong("as a tuple: (data, noise)", "data alone", (path, lambda *given: ends(*given)[0]))

wrong("return the point first", "exchanged", (lambda *given: path(*given)[::-1], ends))

EQUIVALENT = {}
