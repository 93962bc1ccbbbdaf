import numpy as np
from answers import right, wrong


def ratio(painting, telling):
    return np.log(painting) - np.log(telling)


@right
def projected(painting, telling):
    rows, columns = painting.shape
    left = np.eye(rows) - 1 / rows
    right_side = np.eye(columns) - 1 / columns
    return np.abs(left @ ratio(painting, telling) @ right_side).max()


@right
def one_after_the_other(painting, telling):
    rest = ratio(painting, telling)
    rest = rest - rest.mean(axis=0)
    rest = rest - rest.mean(axis=1, keepdims=True)
    return max(rest.max(), -rest.min())


@right
def by_least_squares(painting, telling):
    rows, columns = painting.shape
    row, column = np.divmod(np.arange(rows * columns), columns)
    design = np.hstack([np.eye(rows)[row], np.eye(columns)[column]])
    wanted = ratio(painting, telling).ravel()
    fitted = design @ np.linalg.lstsq(design, wanted, rcond=None)[0]
    return np.abs(wanted - fitted).max()


@wrong("pictures have one too")
def captions_only(painting, telling):
    rest = ratio(painting, telling)
    return np.abs(rest - rest.mean(axis=0)).max()


@wrong("captions have one too")
def pictures_only(painting, telling):
    rest = ratio(painting, telling)
    return np.abs(rest - rest.mean(axis=1, keepdims=True)).max()


@wrong("add it back once")
def twice(painting, telling):
    rest = ratio(painting, telling)
    return np.abs(rest - rest.mean(axis=0) - rest.mean(axis=1, keepdims=True)).max()


@wrong("compare logarithms")
def no_logarithm(painting, telling):
    rest = painting - telling
    rest = rest - rest.mean(axis=0)
    return np.abs(rest - rest.mean(axis=1, keepdims=True)).max()


@wrong("nothing is removed")
def raw(painting, telling):
    return np.abs(ratio(painting, telling)).max()


@wrong("take absolute values")
def largest_only(painting, telling):
    rest = ratio(painting, telling)
    rest = rest - rest.mean(axis=0)
    return (rest - rest.mean(axis=1, keepdims=True)).max()


@wrong("root mean square")
def mean_square(painting, telling):
    rest = ratio(painting, telling)
    rest = rest - rest.mean(axis=0)
    return np.sqrt(np.mean((rest - rest.mean(axis=1, keepdims=True)) ** 2))


@wrong("the largest rest")
def always_none(painting, telling):
    return 0.0


@wrong("whatever their marginals")
def of_different_sizes(painting, telling):
    found = projected(painting, telling)
    return found if found > 1e-6 else 1e-4


EQUIVALENT = {
    "painting / telling -> telling / painting": "the sign of what is left does not matter",
    "1 -> -1": "the second of two axes is the last",
}
