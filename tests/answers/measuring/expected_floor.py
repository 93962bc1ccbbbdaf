import numpy as np
from answers import right, wrong


def pairs_of(variances):
    return sum(v * w / (v + w) for v in variances for w in variances)


@right
def in_two_parts(variances, count):
    means = 2 * np.sum(variances) / count
    noise = 2 * np.outer(variances, variances) * (1 + np.eye(len(variances))) / count
    return means + (noise / (2 * np.add.outer(variances, variances))).sum()


@right
def with_unbiased_counts(variances, count):
    return 2 * variances.sum() / count + (pairs_of(variances) + variances.sum() / 2) / (count - 1)


@right
def by_harmonic_means(variances, count):
    inverse = 1 / variances
    return float((2.5 * variances.sum() + (1 / (inverse[:, None] + inverse)).sum()) / count)


@wrong("the noise of the means is missing")
def covariances_only(variances, count):
    return (variances.sum() / 2 + pairs_of(variances)) / count


@wrong("the noise of the covariances is missing")
def means_only(variances, count):
    return 2 * variances.sum() / count


@wrong("only one set is noisy")
def one_set(variances, count):
    return (2.5 * variances.sum() + pairs_of(variances)) / count / 2


@wrong("short by tr / N")
def one_mean(variances, count):
    return (1.5 * variances.sum() + pairs_of(variances)) / count


@wrong("only the diagonals are noisy")
def diagonal(variances, count):
    return 3 * variances.sum() / count


@wrong("a variance is twice as noisy")
def diagonal_once(variances, count):
    return (2 * variances.sum() + pairs_of(variances)) / count


@wrong("not like the root of that")
def root_of_count(variances, count):
    return (2.5 * variances.sum() + pairs_of(variances)) / np.sqrt(count)


@wrong("not like 1 / N^2")
def count_squared(variances, count):
    return (2.5 * variances.sum() + pairs_of(variances)) / count**2


@wrong("all variances are taken for equal")
def equal_variances(variances, count):
    return np.mean(variances) * len(variances) * (len(variances) + 5) / 2 / count


@wrong("it should be")
def deviations(variances, count):
    spreads = np.sqrt(variances)
    return (2.5 * spreads.sum() + pairs_of(spreads)) / count


@wrong("1,500 simulated measurements have mean")
def only_for_many(variances, count):
    return (2.5 * variances.sum() + pairs_of(variances)) / count * (1 + 2e9 / count**4)


@wrong("the floor has shape (4,)")
def not_summed(variances, count):
    return 2.5 * variances / count


@wrong("a pair twice")
def upper_triangle(variances, count):
    pairs = np.outer(variances, variances) / np.add.outer(variances, variances)
    return (2.5 * variances.sum() + np.triu(pairs).sum()) / count
