import numpy as np
from answers import right, wrong
from scipy.linalg import sqrtm


def parts(first, second):
    if min(len(first), len(second)) < 2:
        raise ValueError("too few")
    means = np.square(first.mean(axis=0) - second.mean(axis=0)).sum()
    return means, np.cov(first, rowvar=False), np.cov(second, rowvar=False)


def cross_of(one, two):
    return np.sqrt(np.maximum(np.linalg.eigvals(one @ two).real, 0)).sum()


def formula(means, one, two):
    return means + np.trace(one) + np.trace(two) - 2 * cross_of(one, two)


@right
def with_matrix_root(first, second):
    means, one, two = parts(first, second)
    return means + np.trace(one + two - 2 * np.real(sqrtm(one @ two)))


@right
def with_symmetric_root(first, second):
    means, one, two = parts(first, second)
    values, vectors = np.linalg.eigh(one)
    root = vectors @ np.diag(np.sqrt(np.maximum(values, 0))) @ vectors.T
    return (
        means
        + np.trace(one + two)
        - 2 * np.sqrt(np.maximum(np.linalg.eigvalsh(root @ two @ root), 0)).sum()
    )


@right
def with_singular_values(first, second):
    means, one, two = parts(first, second)
    one, two = ((x - x.mean(axis=0)) / np.sqrt(len(x) - 1) for x in (first, second))
    return float(
        means
        + np.square(one).sum()
        + np.square(two).sum()
        - 2 * np.linalg.svd(one @ two.T, compute_uv=False).sum()
    )


@wrong("the distance of the means should be squared")
def unsquared(first, second):
    means, one, two = parts(first, second)
    return formula(np.sqrt(means), one, two)


@wrong("the means are left out")
def without_means(first, second):
    _, one, two = parts(first, second)
    return formula(0, one, two)


@wrong("the covariances are left out")
def means_only(first, second):
    return parts(first, second)[0]


@wrong("the cross term counts twice")
def cross_once(first, second):
    means, one, two = parts(first, second)
    return formula(means, one, two) + cross_of(one, two)


@wrong("an elementwise root")
def elementwise(first, second):
    means, one, two = parts(first, second)
    return means + np.trace(one + two - 2 * np.sqrt(np.abs(one @ two)))


@wrong("is not the root of tr (AB)")
def root_of_trace(first, second):
    means, one, two = parts(first, second)
    return means + np.trace(one + two) - 2 * np.sqrt(np.trace(one @ two))


@wrong("only the variances are used")
def variances_only(first, second):
    means, one, two = parts(first, second)
    return means + np.square(np.sqrt(np.diag(one)) - np.sqrt(np.diag(two))).sum()


@wrong("this is the root; FID is the squared distance")
def root(first, second):
    return np.sqrt(formula(*parts(first, second)))


@wrong("divided by N - 1")
def divided_by_n(first, second):
    means, _, _ = parts(first, second)
    return formula(means, np.cov(first.T, bias=True), np.cov(second.T, bias=True))


@wrong("it should be")
def cross_added(first, second):
    means, one, two = parts(first, second)
    return formula(means, one, two) + 4 * cross_of(one, two)


@wrong("singular covariances should give 32.445; yours is nan")
def nan_for_singular(first, second):
    means, one, two = parts(first, second)
    if len(first) < first.shape[1]:
        return np.float64("nan")
    return formula(means, one, two)


@wrong("2 and 5 images, 8 features")
def with_offset(first, second):
    means, one, two = parts(first, second)
    offset = 1e-6 * np.eye(len(one))
    return formula(means, one + offset, two + offset)


@wrong("raise ValueError for fewer than two")
def accepts_one(first, second):
    means = np.square(first.mean(axis=0) - second.mean(axis=0)).sum()
    one, two = (np.cov(x.T) if len(x) > 1 else np.zeros((x.shape[1],) * 2) for x in (first, second))
    return formula(means, one, two)


@wrong("a single image crashes with LinAlgError")
def crashes_on_one(first, second):
    means = np.square(first.mean(axis=0) - second.mean(axis=0)).sum()
    with np.errstate(all="ignore"):
        one, two = (
            (x - x.mean(axis=0)).T @ (x - x.mean(axis=0)) / np.float64(len(x) - 1)
            for x in (first, second)
        )
    return formula(means, one, two)


@wrong("the distance has shape (3, 3)")
def without_trace(first, second):
    means, one, two = parts(first, second)
    return means + one + two - 2 * np.real(sqrtm(one @ two))


@wrong("is not the root of its entries")
def root_of_entries(first, second):
    means, one, two = parts(first, second)
    with np.errstate(invalid="ignore"):
        return means + np.trace(one + two - 2 * np.sqrt(one @ two))


@wrong("A and B do not commute")
def two_roots(first, second):
    means, one, two = parts(first, second)
    return means + np.trace(one + two - 2 * np.real(sqrtm(one) @ sqrtm(two)))


@wrong("eigvalsh sees one triangle")
def symmetric_solver(first, second):
    means, one, two = parts(first, second)
    return (
        means
        + np.trace(one + two)
        - 2 * np.sqrt(np.maximum(np.linalg.eigvalsh(one @ two), 0)).sum()
    )


@wrong("the root is missing")
def without_root(first, second):
    means, one, two = parts(first, second)
    return means + np.trace(one + two - 2 * one @ two)


@wrong("8 features raise ValueError")
def refuses_singular(first, second):
    if min(first.shape[0], second.shape[0]) < first.shape[1]:
        raise ValueError("too few images")
    return formula(*parts(first, second))


@right
def with_numpys_own_exception(first, second):
    if min(len(first), len(second)) < 2:
        raise np.linalg.LinAlgError("two images at least")
    a, b = np.cov(first.T), np.cov(second.T)
    roots = np.sqrt(np.maximum(np.linalg.eigvals(a @ b).real, 0))
    gap = np.square(first.mean(axis=0) - second.mean(axis=0)).sum()
    return gap + np.trace(a + b) - 2 * roots.sum()


EQUIVALENT = {
    "first.mean(axis=0) - second.mean(axis=0) -> "
    "second.mean(axis=0) - first.mean(axis=0)": "the difference is squared",
}
