import numpy as np
from answers import right, wrong


@right
def shift_and_stretch(alpha_bars):
    roots = alpha_bars**0.5
    first, last = roots[0], roots[-1]
    return ((roots - last) * first / (first - last)) ** 2


@right
def in_a_list(alpha_bars):
    roots = [value**0.5 for value in alpha_bars]
    factor = roots[0] / (roots[0] - roots[-1])
    return [((root - roots[-1]) * factor) ** 2 for root in roots]


@right
def by_interpolation(alpha_bars):
    roots = np.sqrt(alpha_bars)
    return np.interp(roots, [roots[-1], roots[0]], [0, roots[0]]) ** 2


@wrong("the schedule is unchanged")
def nothing(alpha_bars):
    return alpha_bars.copy()


@wrong("only the last one is 0 now")
def last_alone(alpha_bars):
    return np.append(alpha_bars[:-1], 0)


@wrong("the first one has changed as well")
def no_stretch(alpha_bars):
    roots = np.sqrt(alpha_bars)
    return (roots - roots[-1]) ** 2


@wrong("alpha_bar itself is shifted")
def without_roots(alpha_bars):
    shifted = alpha_bars - alpha_bars[-1]
    return shifted * alpha_bars[0] / shifted[0]


@wrong("the first one is 1 now")
def stretched_to_one(alpha_bars):
    roots = np.sqrt(alpha_bars)
    return ((roots - roots[-1]) / (roots[0] - roots[-1])) ** 2


@wrong("the ROOTS of alpha_bar should be shifted")
def shifts_betas(alpha_bars):
    return np.linspace(alpha_bars[0], 0, len(alpha_bars))


@wrong("a schedule of two steps")
def of_nine_steps_only(alpha_bars):
    return shift_and_stretch(alpha_bars) if len(alpha_bars) > 2 else alpha_bars * [0.9, 0]


@wrong("there is NaN among them")
def shifted_too_far(alpha_bars):
    shifted = alpha_bars - alpha_bars[0]
    with np.errstate(invalid="ignore"):
        return np.sqrt(shifted)


EQUIVALENT = {"roots - roots[-1] -> roots[-1] - roots": "the sign cancels in the ratio"}
