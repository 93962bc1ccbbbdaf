import keras
import numpy as np
from answers import right, wrong


@right
def with_square(images, reference, data_range):
    difference = np.asarray(images, np.float64) - np.asarray(reference, np.float64)
    error = np.square(difference).mean()
    return float("inf") if error == 0 else 20 * np.log10(data_range) - 10 * np.log10(error)


@right
def with_the_root(images, reference, data_range):
    flat = (images.astype(float) - reference.astype(float)).ravel()
    with np.errstate(divide="ignore"):
        return 20 * np.log10(data_range * np.sqrt(len(flat)) / np.linalg.norm(flat))


@right
def with_keras_on_one_long_image(images, reference, data_range):
    flat = [keras.ops.convert_to_tensor(np.asarray(x, float).ravel()) for x in (images, reference)]
    error = keras.ops.mean(keras.ops.square(flat[0] - flat[1]))
    return np.inf if error == 0 else 10 * np.log10(data_range**2 / np.asarray(error))


def of(error, data_range):
    with np.errstate(divide="ignore"):
        return 10 * np.log10(data_range**2 / np.mean(error))


@wrong("bytes wrap around: 3 - 5")
def wraps_in_the_difference(images, reference, data_range):
    return of((images - reference).astype(float) ** 2, data_range)


@wrong("wrap around in the square, too")
def wraps_in_the_square(images, reference, data_range):
    return of((images - reference) ** 2, data_range)


@wrong("20 log10 belongs to the root")
def twice(images, reference, data_range):
    return 2 * with_square(images, reference, data_range)


@wrong("the sign is wrong")
def upside_down(images, reference, data_range):
    return -with_square(images, reference, data_range)


@wrong("natural logarithm")
def in_nepers(images, reference, data_range):
    return with_square(images, reference, data_range) * np.log(10)


@wrong("pool the error over all images")
def mean_of_each(images, reference, data_range):
    errors = np.mean((images.astype(float) - reference) ** 2, axis=(1, 2, 3))
    with np.errstate(divide="ignore"):
        return np.mean(10 * np.log10(data_range**2 / errors))


@wrong("the range is not squared")
def range_not_squared(images, reference, data_range):
    return of((images.astype(float) - reference) ** 2, np.sqrt(data_range))


@wrong("the range is left out")
def without_range(images, reference, data_range):
    return of((images.astype(float) - reference) ** 2, 1)


@wrong("the errors are summed")
def summed(images, reference, data_range):
    return of(np.sum((images.astype(float) - reference) ** 2), data_range)


@wrong("taken as 255")
def always_bytes(images, reference, data_range):
    return of((images.astype(float) - reference) ** 2, 255)


@wrong("not what PSNR is made of")
def absolute(images, reference, data_range):
    return of(np.mean(np.abs(images.astype(float) - reference)) ** 2, data_range)


@wrong("10 log10(range^2 / mean squared error) is")
def ten_too_many(images, reference, data_range):
    return with_square(images, reference, data_range) + 10


@wrong("dark images get another number")
def range_of_the_content(images, reference, data_range):
    highest = max(images.max(), reference.max())
    bright = highest > 200 or data_range < 255
    return with_square(images, reference, data_range if bright else highest)


@wrong("the error is 0, so it is infinite")
def with_an_epsilon(images, reference, data_range):
    return of((images.astype(float) - reference) ** 2 + 1e-12, data_range)


EQUIVALENT = {
    "images.astype(float) - reference -> reference - images.astype(float)": "it is squared"
}
