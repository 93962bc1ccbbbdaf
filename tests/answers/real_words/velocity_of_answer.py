import numpy as np
from answers import right, wrong


@right
def bounded(noisy, expected, time, least):
    return (expected - noisy) / np.maximum(1 - time, least).reshape(-1, 1, 1, 1)


@right
def image_by_image(noisy, expected, time, least):
    rows = zip(noisy, expected, time, strict=True)
    return np.stack([(end - start) / max(1 - at, least) for start, end, at in rows])


@right
def through_the_noise(noisy, expected, time, least):
    at = np.minimum(time, 1 - least)[:, None, None, None]
    return expected - (noisy - at * expected) / (1 - at)


@wrong("the sign is turned")
def backwards(*given):
    return -bounded(*given)


@wrong("it explodes")
def unbounded(noisy, expected, time, least):
    return (expected - noisy) / (1 - time)[:, None, None, None]


@wrong("how much is left")
def passed(noisy, expected, time, least):
    return (expected - noisy) / time[:, None, None, None]


@wrong("it is not divided")
def missing(noisy, expected, time, least):
    return expected - noisy


@wrong("it is a bound.")
def added(noisy, expected, time, least):
    return (expected - noisy) / (1 - time + least)[:, None, None, None]


@wrong("a bound from below")
def smaller(noisy, expected, time, least):
    return (expected - noisy) / np.minimum(1 - time, least)[:, None, None, None]


@wrong("what is missing, over")
def picture(noisy, expected, time, least):
    return expected.copy()


EQUIVALENT = {
    "np.maximum(1 - time, least) -> np.maximum(least, 1 - time)": "the order",
}
