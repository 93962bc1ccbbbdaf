import numpy as np
from answers import right, wrong
from keras import ops

AXES = (1, 2, 3)


def errors_of(images, references):
    return np.square(images.astype(float) - references).mean(axis=AXES)


@right
def in_the_range_of_one(images, references):
    differences = images / 255 - references / 255
    return -10 * np.log10(np.mean(differences**2, axis=AXES))


@right
def pair_by_pair(images, references):
    pairs = zip(images.astype(int), references.astype(int), strict=True)
    return [20 * np.log10(255) - 10 * np.log10(np.mean((a - b) ** 2)) for a, b in pairs]


@right
def with_keras(images, references):
    squares = ops.square(ops.cast(images, "float32") - ops.cast(references, "float32"))
    return 10 * ops.log10(255.0**2 / ops.mean(squares, axis=AXES))


@wrong("the first pair should have")
def as_given(images, references):
    errors = np.mean((images - references) ** 2, axis=AXES)
    return 10 * np.log10(images.max() ** 2 / errors)


@wrong("differences of bytes wrap around")
def converted_too_late(images, references):
    return 10 * np.log10(255**2 / np.mean((images - references).astype(float) ** 2, axis=AXES))


@wrong("differences AND squares wrap around")
def in_bytes(images, references):
    return 10 * np.log10(255**2 / np.mean((images - references) ** 2, axis=AXES))


@wrong("the squares do not fit into the type")
def sixteen_bits(images, references):
    squares = (images.astype(np.int16) - references) ** 2
    return 10 * np.log10(255**2 / squares.mean(axis=AXES))


@wrong("the largest value of these pictures")
def peak_of_the_batch(images, references):
    return 10 * np.log10(float(images.max()) ** 2 / errors_of(images, references))


@wrong("the largest value of each picture")
def peak_of_each(images, references):
    peaks = images.max(axis=AXES).astype(float)
    return 10 * np.log10(peaks**2 / errors_of(images, references))


@wrong("the peak is not squared")
def peak_not_squared(images, references):
    return 10 * np.log10(255 / errors_of(images, references))


@wrong("twice as many decibels")
def twenty_logarithms(images, references):
    return 20 * np.log10(255**2 / errors_of(images, references))


@wrong("less error is more decibels")
def upside_down(images, references):
    return 10 * np.log10(errors_of(images, references) / 255**2)


@wrong("a peak of 1 belongs to pixels from 0 to 1")
def peak_of_one(images, references):
    return 10 * np.log10(1 / errors_of(images, references))


@wrong("the natural logarithm")
def natural(images, references):
    return 10 * np.log(255**2 / errors_of(images, references))


@wrong("the result has shape ()")
def pooled(images, references):
    return 10 * np.log10(255**2 / errors_of(images, references).mean())


@wrong("equal images have an infinite PSNR")
def never_infinite(images, references):
    return 10 * np.log10(255**2 / np.maximum(errors_of(images, references), 1e-10))


@wrong("an equal pair in the batch disturbs the others")
def infinite_for_all(images, references):
    errors = errors_of(images, references)
    return 10 * np.log10(255**2 / (errors * errors.all()))


EQUIVALENT = {
    "images.astype(float) - references -> references - images.astype(float)": "it is squared",
    "2 -> -2": "of four axes, 2 is the last but one",
}
