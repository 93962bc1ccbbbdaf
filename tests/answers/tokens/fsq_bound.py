import numpy as np
from answers import right, wrong

from genimg_lib.nn import quantizers


def squeezed(features, levels, *, widen=1.0, inverse=np.arctanh, sign=-1):
    levels = np.array(levels)
    half, offset = (levels - 1) * widen / 2, np.where(levels % 2 == 0, 0.5, 0)
    with np.errstate(all="ignore"):
        return np.tanh(features + inverse(offset / half)) * half + sign * offset


@right
def a_hair_wider(features, levels):
    return squeezed(features, levels, widen=1.001)


@right
def the_librarys(features, levels):
    return quantizers.fsq_bound(features.astype("float32"), levels)


@right
def with_a_sigmoid_in_a_loop(features, levels):
    columns = []
    for index, count in enumerate(levels):
        low = count // 2
        columns.append(
            (count - 1)
            / (1 + np.exp(-np.clip(features[..., index], -700, 700)) * ((count - 1) / low - 1))
            - low
        )
    return np.stack(columns, axis=-1)


@wrong("8 levels give 7 codes")
def as_it_was(features, levels):
    return np.tanh(features) * (np.array(levels) - 1) / 2


@wrong("8 levels give 9 codes")
def half_of_the_levels(features, levels):
    return np.tanh(features) * np.array(levels) / 2.001


@wrong("not -4 to 3")
def offset_upwards(features, levels):
    return squeezed(features, levels, inverse=lambda ratio: -np.arctanh(ratio), sign=1)


@wrong("by the exact inverse of tanh")
def the_papers_misprint(features, levels):
    return squeezed(features, levels, inverse=np.tan)


@wrong("a feature of 0 becomes [-0.5, -0.5, 0. ]")
def no_shift_inside(features, levels):
    return squeezed(features, levels, inverse=np.zeros_like)


@wrong("does not rise")
def clipped(features, levels):
    levels = np.array(levels)
    return np.clip(4 * features, -(levels // 2), (levels - 1) // 2)


@wrong("a kink or a jump")
def leaky(features, levels):
    columns = []
    for index, count in enumerate(levels):
        low, high = -(count // 2), (count - 1) // 2
        places, values = (-1e4, -3, 0, 3, 1e4), (low - 0.4, low + 0.1, 0, high - 0.1, high + 0.4)
        columns.append(np.interp(features[:, index], places, values))
    return np.stack(columns, axis=1)


@wrong("it gives NaN or infinity")
def inverse_of_the_wrong_ratio(features, levels):
    return squeezed(
        features, levels, inverse=lambda ratio: np.arctanh(ratio * (2 * np.array(levels) - 2))
    )


@wrong("5 levels give 4 codes")
def offset_for_all(features, levels):
    half = (np.array(levels) - 1) / 2
    return np.tanh(features + np.arctanh(0.5 / half)) * half - 0.5001


@wrong("the result has shape")
def one_dimension_only(features, levels):
    return squeezed(features, levels)[:, 0]


@wrong("it rounds: squeeze only")
def rounded(features, levels):
    return np.round(squeezed(features, levels))


@right
def by_the_addition_theorem(features, levels):
    half, odd = (np.array(levels) - 1) / 2, np.array(levels) % 2
    shift, tanh = (1 - odd) / (2 * half), np.tanh(features)
    return (tanh + shift) / (1 + tanh * shift) * half - (1 - odd) / 2


EQUIVALENT = {}
