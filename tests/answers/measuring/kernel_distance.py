import numpy as np
from answers import right, wrong


def kernel(first, second):
    return (first @ second.T / first.shape[1] + 1) ** 3


def within(features):
    similarities = kernel(features, features)
    return (similarities.sum() - np.trace(similarities)) / (len(features) * (len(features) - 1))


def cross(first, second):
    return kernel(first, second).mean()


@right
def in_one_line(first, second):
    return within(first) + within(second) - 2 * cross(first, second)


@right
def with_a_mask(first, second):
    def mean(features):
        return kernel(features, features)[~np.eye(len(features), dtype=bool)].mean()

    return mean(first) + mean(second) - 2 * cross(first, second)


@right
def above_the_diagonal(first, second):
    def mean(features):
        return kernel(features, features)[np.triu_indices(len(features), 1)].mean()

    return np.float32(mean(first) + mean(second) - 2 * cross(first, second))


@wrong("still the diagonal")
def as_given(first, second):
    return cross(first, first) + cross(second, second) - 2 * cross(first, second)


@wrong("and still counted")
def still_counted(first, second):
    def mean(features):
        similarities = kernel(features, features)
        np.fill_diagonal(similarities, 0)
        return similarities.mean()

    return mean(first) + mean(second) - 2 * cross(first, second)


@wrong("only the first set is mended")
def first_only(first, second):
    return within(first) + cross(second, second) - 2 * cross(first, second)


@wrong("only the second set is mended")
def second_only(first, second):
    return cross(first, first) + within(second) - 2 * cross(first, second)


@wrong("the cross term counts twice")
def cross_once(first, second):
    return within(first) + within(second) - cross(first, second)


@wrong("negative values are cut off")
def cut_off(first, second):
    return max(0.0, within(first) + within(second) - 2 * cross(first, second))


@wrong("this is the root")
def root(first, second):
    return np.sqrt(abs(within(first) + within(second) - 2 * cross(first, second)))


@wrong("the sign is turned round")
def turned_round(first, second):
    return 2 * cross(first, second) - within(first) - within(second)


@wrong("9 and 6 images: it should be")
def one_count_for_both(first, second):
    def mean(features):
        similarities = kernel(features, features)
        return (similarities.sum() - np.trace(similarities)) / (len(first) * (len(first) - 1))

    return mean(first) + mean(second) - 2 * cross(first, second)


@wrong("the distance has shape (9,)")
def per_image(first, second):
    return within(first) + within(second) - 2 * kernel(first, second).mean(axis=1)


@wrong("only the count leaves it out")
def other_count(first, second):
    def mean(features):
        return kernel(features, features).sum() / (len(features) * (len(features) - 1))

    return mean(first) + mean(second) - 2 * cross(first, second)


@wrong("half of the pairs are summed")
def half(first, second):
    return (within(first) + within(second)) / 2 - 2 * cross(first, second)


@wrong("the cross term was right")
def cross_without_diagonal(first, second):
    similarities = kernel(first, second)
    different = ~np.eye(*similarities.shape, dtype=bool)
    return within(first) + within(second) - 2 * similarities[different].mean()


@wrong("negative values are made positive")
def absolute(first, second):
    return abs(within(first) + within(second) - 2 * cross(first, second))


EQUIVALENT = {
    "kernel(features, features) -> kernel(features, features)": "the two arguments are the same",
    "kernel(first, second) -> kernel(second, first)": "the mean of a transposed matrix is the same",
}
