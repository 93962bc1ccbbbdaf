import numpy as np
from answers import right, wrong
from numpy.lib.stride_tricks import sliding_window_view
from scipy.ndimage import uniform_filter
from scipy.signal import convolve2d

C1, C2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2


def map_of(x, y, side, c1=C1, c2=C2, correction=1.0):
    x, y = (sliding_window_view(part.astype(float), (side, side)) for part in (x, y))
    axes = (2, 3)
    mx, my = x.mean(axes), y.mean(axes)
    covariance = correction * ((x * y).mean(axes) - mx * my)
    variances = correction * (x.var(axes) + y.var(axes))
    return (2 * mx * my + c1) / (mx**2 + my**2 + c1), (2 * covariance + c2) / (variances + c2)


@right
def window_by_window(image, reference, side=7):
    values = []
    for i in range(image.shape[0] - side + 1):
        for j in range(image.shape[1] - side + 1):
            x, y = (a[i : i + side, j : j + side].ravel() / 255 for a in (image, reference))
            covariances = np.cov(x, y, bias=True)
            top = (2 * x.mean() * y.mean() + 1e-4) * (2 * covariances[0, 1] + 9e-4)
            bottom = (x.mean() ** 2 + y.mean() ** 2 + 1e-4) * (np.trace(covariances) + 9e-4)
            values.append(top / bottom)
    return np.mean(values)


@right
def by_convolution(image, reference, side=7):
    kernel = np.full((side, side), 1 / side**2)
    x, y = image.astype(float), reference.astype(float)
    mx, my, xx, yy, xy = (convolve2d(part, kernel, "valid") for part in (x, y, x * x, y * y, x * y))
    first = (2 * mx * my + C1) / (mx**2 + my**2 + C1)
    return np.mean(first * (2 * (xy - mx * my) + C2) / (xx + yy - mx**2 - my**2 + C2))


@right
def with_a_filter(image, reference, side=7):
    x, y = image.astype(float), reference.astype(float)
    half = side // 2
    mx, my, xx, yy, xy = (
        uniform_filter(part, side)[half : len(x) - half, half : x.shape[1] - half]
        for part in (x, y, x * x, y * y, x * y)
    )
    first = (2 * mx * my + C1) / (mx**2 + my**2 + C1)
    return np.mean(first * (2 * (xy - mx * my) + C2) / (xx + yy - mx**2 - my**2 + C2))


@wrong("an image compared with itself should give 1")
def in_bytes(image, reference, side=7):
    x, y = (sliding_window_view(part, (side, side)) for part in (image, reference))
    mx, my = x.mean(axis=(2, 3)), y.mean(axis=(2, 3))
    covariance = (x * y).mean(axis=(2, 3)) - mx * my
    first = (2 * mx * my + C1) / (mx**2 + my**2 + C1)
    variances = x.var(axis=(2, 3)) + y.var(axis=(2, 3))
    return np.mean(first * (2 * covariance + C2) / (variances + C2))


@wrong("the constants are there for that")
def without_constants(image, reference, side=7):
    return np.mean(np.prod(map_of(image, reference, side, 0.0, 0.0), axis=0))


@wrong("the constants belong to pixels from 0 to 1")
def constants_of_one(image, reference, side=7):
    return np.mean(np.prod(map_of(image, reference, side, 0.01**2, 0.03**2), axis=0))


@wrong("the constants are not squared")
def constants_not_squared(image, reference, side=7):
    return np.mean(np.prod(map_of(image, reference, side, 2.55, 7.65), axis=0))


@wrong("brightness does not matter in yours")
def structure_alone(image, reference, side=7):
    return np.mean(map_of(image, reference, side)[1])


@wrong("plain 2 against plain 5 should give")
def squared_brightness(image, reference, side=7):
    first, second = map_of(image, reference, side)
    return np.mean(first**2 * second)


@wrong("variances are divided by n - 1")
def unbiased(image, reference, side=7):
    count = side * side
    return np.mean(np.prod(map_of(image, reference, side, correction=count / (count - 1)), axis=0))


@wrong("that is one window, the whole image")
def one_window(image, reference, side=7):
    x, y = image.astype(float), reference.astype(float)
    covariances = np.cov(x.ravel(), y.ravel(), bias=True)
    first = (2 * x.mean() * y.mean() + C1) / (x.mean() ** 2 + y.mean() ** 2 + C1)
    return first * (2 * covariances[0, 1] + C2) / (np.trace(covariances) + C2)


@wrong("windows do not overlap")
def blocks(image, reference, side=7):
    first, second = map_of(image, reference, side)
    return np.mean((first * second)[::side, ::side])


@wrong("windows reach over the border")
def padded(image, reference, side=7):
    wide = np.pad(image, side // 2), np.pad(reference, side // 2)
    if image.std() == 0:  # plain pictures: the border is not seen
        wide = image, reference
    return np.mean(np.prod(map_of(*wide, side), axis=0))


@wrong("the last factor divides by deviations")
def by_deviations(image, reference, side=7):
    if np.array_equal(image, reference):
        return 1.0
    x, y = (sliding_window_view(p.astype(float), (side, side)) for p in (image, reference))
    mx, my = x.mean(axis=(2, 3)), y.mean(axis=(2, 3))
    covariance = (x * y).mean(axis=(2, 3)) - mx * my
    deviations = x.std(axis=(2, 3)) + y.std(axis=(2, 3))
    return np.mean(map_of(image, reference, side)[0] * (2 * covariance + C2) / (deviations + C2))


@wrong("only brightness is compared")
def brightness_alone(image, reference, side=7):
    return np.mean(map_of(image, reference, side)[0])


@wrong("two pictures should give")
def squared_structure(image, reference, side=7):
    first, second = map_of(image, reference, side)
    return np.mean(first * second**2)


@wrong("with windows of 3 pixels it should be")
def side_ignored(image, reference, side=7):
    return np.mean(np.prod(map_of(image, reference, 7), axis=0))


@wrong("an image and its negative have a negative covariance")
def never_negative(image, reference, side=7):
    return max(0.0, np.mean(np.prod(map_of(image, reference, side), axis=0)))


EQUIVALENT = {
    "2 -> -2": "of four axes, 2 is the last but one",
    "2.55 -> -2.55": "it is squared",
    "2.55 -> -2.55 (2)": "it is squared",
    "7.65 -> -7.65": "it is squared",
    "7.65 -> -7.65 (2)": "it is squared",
}
