import numpy as np
from answers import right, wrong


def means(images):
    return (
        images[:, ::2, ::2] + images[:, 1::2, ::2] + images[:, ::2, 1::2] + images[:, 1::2, 1::2]
    ) / 4


def enlarged(images):
    return images.repeat(2, axis=1).repeat(2, axis=2)


@right
def with_strides(restored, given):
    return restored + enlarged(given - means(restored))


@right
def with_kronecker(restored, given):
    change = given - means(restored)
    return restored + np.kron(change, np.ones((1, 2, 2, 1)))


@right
def details_on_the_input(restored, given):
    return enlarged(given) + restored - enlarged(means(restored))


@right
def corner_by_corner(restored, given):
    result = restored.copy()
    for i in (0, 1):
        for j in (0, 1):
            result[:, i::2, j::2] += given - means(restored)
    return result


@wrong("that is the input enlarged")
def only_the_input(restored, given):
    return enlarged(given)


@wrong("the correction has the wrong sign")
def wrong_sign(restored, given):
    return restored - enlarged(given - means(restored))


@wrong("moves the mean by a quarter")
def a_quarter_each(restored, given):
    return restored + enlarged(given - means(restored)) / 4


@wrong("the nearest image shares it out")
def one_pixel_pays(restored, given):
    result = restored.copy()
    result[:, ::2, ::2] += 4 * (given - means(restored))
    return result


@wrong("the block is scaled")
def scaled(restored, given):
    return restored * enlarged(given / means(restored))


@wrong("laid out like tiles")
def tiled(restored, given):
    return restored + np.tile(given - means(restored), (1, 2, 2, 1))


@wrong("the result is clipped")
def clipped(restored, given):
    return np.clip(with_strides(restored, given), 0, 255)


@wrong("they must be those of `given`")
def untouched(restored, given):
    return restored.copy()


@wrong("but a nearer image does as well")
def two_pixels_pay(restored, given):
    result = restored.copy()
    for place in (0, 1):
        result[:, place::2, place::2] += 2 * (given - means(restored))
    return result


@wrong("images that fit already must stay")
def starts_from_the_mean(restored, given):
    fits = np.allclose(means(restored), given)
    return enlarged(given) if fits else with_strides(restored, given)


@wrong("the result has shape")
def half_as_large(restored, given):
    return given


EQUIVALENT = {
    "2 -> -2": "NumPy finds one missing side by itself",
    "2 -> -2 (2)": "NumPy finds one missing side by itself",
    "2 -> -2 (4)": "axis -2 of four is axis 2",
}
