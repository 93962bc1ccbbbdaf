import numpy as np
from answers import right, wrong


def frechet(first, second, root=np.sqrt, gap=lambda d: d @ d):
    (mean, covariance), (other_mean, other) = first, second
    values = np.maximum(np.linalg.eigvals(covariance @ other).real, 0)
    return gap(mean - other_mean) + np.trace(covariance + other) - 2 * root(values).sum()


def pooled(shards, ddof=1):
    features = np.concatenate(shards)
    return features.mean(axis=0), np.cov(features.T, ddof=ddof)


@right
def of_everything(real, fake):
    return frechet(pooled(real), pooled(fake))


@right
def symmetric_root(real, fake):
    (mean, covariance), (other_mean, other) = pooled(real), pooled(fake)
    values, vectors = np.linalg.eigh(covariance)
    root = vectors * np.sqrt(np.maximum(values, 0)) @ vectors.T
    inner = np.maximum(np.linalg.eigvalsh(root @ other @ root), 0)
    gap = ((mean - other_mean) ** 2).sum()
    return gap + np.trace(covariance) + np.trace(other) - 2 * np.sqrt(inner).sum()


@right
def running_merge(real, fake):
    def merged(shards):
        count, mean, scatter = 0, 0, 0
        for shard in shards:
            n, there = len(shard), shard.mean(axis=0)
            step = there - mean
            scatter = scatter + (shard - there).T @ (shard - there)
            scatter = scatter + np.outer(step, step) * count * n / (count + n)
            mean, count = mean + step * n / (count + n), count + n
        return mean, scatter / (count - 1)

    return frechet(merged(real), merged(fake))


def mean_of_moments(shards, weights=None):
    each = [(shard.mean(axis=0), np.cov(shard.T)) for shard in shards]
    return tuple(np.average([pair[i] for pair in each], axis=0, weights=weights) for i in (0, 1))


@wrong("the shards count alike")
def alike(real, fake):
    return frechet(mean_of_moments(real), mean_of_moments(fake))


@wrong("what lies BETWEEN their means is missing")
def within(real, fake):
    sets = [
        (pooled(shards)[0], mean_of_moments(shards, [len(shard) for shard in shards])[1])
        for shards in (real, fake)
    ]
    return frechet(*sets)


@wrong("the root of the product is missing")
def no_root(real, fake):
    return frechet(pooled(real), pooled(fake), root=lambda values: values)


@wrong("it is that of a matrix")
def entries(real, fake):
    (mean, covariance), (other_mean, other) = pooled(real), pooled(fake)
    with np.errstate(invalid="ignore"):
        roots = np.nan_to_num(np.sqrt(covariance * other))
    return np.sum((mean - other_mean) ** 2) + np.trace(covariance + other - 2 * roots)


@wrong("divided by n: here")
def biased(real, fake):
    return frechet(pooled(real, ddof=0), pooled(fake, ddof=0))


@wrong("the means are not squared")
def length(real, fake):
    return frechet(pooled(real), pooled(fake), gap=np.linalg.norm)


@wrong("what all features together give")
def mean_of_distances(real, fake):
    return np.mean([frechet(pooled([a]), pooled([b])) for a in real for b in fake])


@wrong("a shard may hold one image")
def negative_roots(real, fake):
    (mean, covariance), (other_mean, other) = pooled(real), pooled(fake)
    values = np.linalg.eigvals(covariance @ other).real
    values = values - 1e-9 * (np.abs(values) < 1e-9)
    roots = np.sqrt(values)
    return np.sum((mean - other_mean) ** 2) + np.trace(covariance + other) - 2 * roots.sum()


@wrong("with fewer images than features it is wrong")
def regularised(real, fake):
    (mean, covariance), (other_mean, other) = pooled(real), pooled(fake)
    few = 0.01 * np.eye(len(mean)) if sum(map(len, real)) < len(mean) else 0
    return frechet((mean, covariance + few), (other_mean, other + few))


EQUIVALENT = {
    "np.maximum(eigenvalues, 0) -> np.maximum(0, eigenvalues)": "symmetric",
    "mean - other_mean -> other_mean - mean": "squared",
    "shard - mean -> shard + mean": "deviations add up to 0: one factor may stay uncentred",
    "shard - mean -> shard": "deviations add up to 0: one factor may stay uncentred",
    "shard - mean -> shard + mean (2)": "deviations add up to 0: one factor may stay uncentred",
    "shard - mean -> shard (2)": "deviations add up to 0: one factor may stay uncentred",
}
