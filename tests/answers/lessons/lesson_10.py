import numpy as np
from scipy.linalg import sqrtm

from answers.lessons import right, wrong


def parts(first, second):
    means = first.mean(axis=0) - second.mean(axis=0)
    return means, np.cov(first, rowvar=False), np.cov(second, rowvar=False)


def by_matrix_root(first, second):
    means, a, b = parts(first, second)
    return means @ means + np.trace(a + b - 2 * sqrtm(a @ b).real)


def roots(a, b):
    return np.sqrt(np.maximum(np.linalg.eigvals(a @ b).real, 0)).sum()


def not_squared(first, second):
    means, a, b = parts(first, second)
    return np.linalg.norm(means) + np.trace(a + b) - 2 * roots(a, b)


def without_means(first, second):
    _, a, b = parts(first, second)
    return np.trace(a + b) - 2 * roots(a, b)


def roots_once(first, second):
    means, a, b = parts(first, second)
    return means @ means + np.trace(a + b) - roots(a, b)


def roots_of_entries(first, second):
    means, a, b = parts(first, second)
    return means @ means + np.trace(a + b - 2 * np.sqrt(np.abs(a @ b)))


def no_roots(first, second):
    means, a, b = parts(first, second)
    return means @ means + np.trace(a + b - 2 * a @ b)


def one_permutation(images, n, seed):
    order = np.random.default_rng(seed).permutation(len(images))
    return images[order[:n]], images[order[-n:]]


def one_choice(images, n, seed):
    chosen = np.random.RandomState(seed).choice(len(images), 2 * n, replace=False)
    return np.split(images[chosen], 2)


def two_choices(images, n, seed):
    random = np.random.default_rng(seed)
    return [images[random.permutation(len(images))[:n]] for _ in range(2)]


def with_repeats(images, n, seed):
    chosen = np.random.default_rng(seed).integers(len(images), size=2 * n)
    return images[chosen[:n]], images[chosen[n:]]


def shuffled_halves(images, n, seed):
    half = len(images) // 2
    order = np.random.default_rng(seed).permutation(half)
    return images[:half][order[:n]], images[half:][order[:n]]


def without_seed(images, n, seed):
    order = np.random.default_rng().permutation(len(images))
    return images[order[:n]], images[order[n : 2 * n]]


GIVEN = {
    "step_right": [wrong("still match", "a"), wrong("the ink that left", "b")],
    "frechet": [
        right(by_matrix_root),
        wrong("not squared", not_squared),
        wrong("means are missing", without_means),
        wrong("count twice", roots_once),
        wrong("each entry of AB", roots_of_entries),
        wrong("need a root", no_roots),
        wrong("compare with the formula", lambda first, second: 0.0),
    ],
    "diagonal": [wrong("1/N of the matrix", "a"), wrong("count positively", "c")],
    "split": [
        right(one_permutation),
        right(one_choice),
        wrong("same set", lambda images, n, seed: (images[:n], images[-n:])),
        wrong("share images", two_choices),
        wrong("occurs twice", with_repeats),
        wrong("never reach", shuffled_halves),
        wrong("same seed should", without_seed),
        wrong("(first set, second set)", lambda images, n, seed: images[: 2 * n]),
        wrong("that were given", lambda images, n, seed: (images[:n] + 50, images[-n:])),
    ],
    "unseen": [
        wrong("a tenth", "a"),
        wrong("rim of every stroke", "b"),
        wrong("unusual is gone", "c"),
    ],
}
