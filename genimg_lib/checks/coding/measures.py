"""Measures of image quality on features, as a cluster of machines computes them."""

import numpy as np

from genimg_lib.checks.core import array, checker, expect, short
from genimg_lib.checks.judge import match, pair

ROUNDED = {"rtol": 1e-3, "atol": 1e-4}  # the root of a product of covariances loses digits


def frechet(first, second, *, root=True):
    (mean, covariance), (other_mean, other) = first, second
    values = np.linalg.eigvals(covariance @ other).real
    values = np.sqrt(np.maximum(values, 0)) if root else values
    gap = np.sum((mean - other_mean) ** 2)
    return gap + np.trace(covariance) + np.trace(other) - 2 * values.sum()


def moments(features, ddof=1):
    return features.mean(axis=0), np.cov(features, rowvar=False, ddof=ddof)


@checker
def fid_of_shards(answer):
    """Source: Heusel et al., arXiv:1706.08500, section 2; Chan, Golub and LeVeque, 1983, on
    combining moments.
    """
    random = np.random.default_rng(0)
    mix = random.normal(size=(2, 3, 3))
    real = [random.normal(size=(n, 3)) @ mix[0] + shift for n, shift in ((9, 0), (4, 3), (6, -2))]
    fake = [random.normal(size=(n, 3)) @ mix[1] + shift for n, shift in ((5, 1), (12, -1))]
    pooled = [moments(np.concatenate(shards)) for shards in (real, fake)]

    def averaged(shards, weights=None):
        each = [moments(shard) for shard in shards]
        return tuple(
            np.average([pair[i] for pair in each], axis=0, weights=weights) for i in (0, 1)
        )

    def elementwise():
        (mean, covariance), (other_mean, other) = pooled
        with np.errstate(invalid="ignore"):
            roots = np.sqrt(covariance * other)
        gap = np.sum((mean - other_mean) ** 2)
        return gap + np.trace(covariance + other - 2 * np.nan_to_num(roots))

    sizes = [[len(shard) for shard in shards] for shards in (real, fake)]
    means = [pair[0] for pair in pooled]
    within = [
        (mean, averaged(shards, counts)[1])
        for mean, shards, counts in zip(means, (real, fake), sizes, strict=True)
    ]
    biased = [moments(np.concatenate(shards), ddof=0) for shards in (real, fake)]
    found = array(answer(real, fake), "the distance", ())
    match(
        found,
        frechet(*pooled),
        f"it should be {frechet(*pooled):.4f}, what all features together give, not "
        f"{short(found)}.",
        {
            "the shards count alike, large or small: each counts by its images, and the means "
            "differ.": frechet(averaged(real), averaged(fake)),
            "the covariances of the shards are averaged: what lies BETWEEN their means is "
            "missing.": frechet(*within),
            "the root of the product is missing.": frechet(*pooled, root=False),
            "the root is taken of each entry: it is that of a matrix.": elementwise(),
            "the covariances are divided by n: here by n - 1, as np.cov does.": frechet(*biased),
            "the means are not squared.": frechet(*pooled)
            - np.sum((means[0] - means[1]) ** 2)
            + np.linalg.norm(means[0] - means[1]),
        },
        **ROUNDED,
    )
    yield "shards of different size and mean give what all features together give"

    few = [random.normal(size=(n, 6)) for n in (2, 1)]
    others = [random.normal(size=(n, 6)) for n in (2, 2)]
    with np.errstate(all="ignore"):
        found = array(answer(few, others), "the distance", ())
    expect(
        np.isfinite(found),
        "with fewer images than features it is NaN: a shard may hold one image, and eigenvalues "
        "of 0 come out as -1e-17.",
    )
    right = frechet(*(moments(np.concatenate(shards)) for shards in (few, others)))
    match(found, right, "with fewer images than features it is wrong.", **ROUNDED)
    yield "fewer images than features, and a shard of one image"


@checker
def density_coverage(answer):
    """Source: Naeem et al., arXiv:2002.09797, section 3."""
    random = np.random.default_rng(1)
    names = "density, coverage"
    for count, others, neighbours in ((12, 30, 3), (20, 9, 1)):
        real = random.normal(size=(count, 2))
        fake = random.normal(size=(others, 2)) * 0.6 + 0.2

        def values(k, neighbours=neighbours, real=real, fake=fake):
            radii = np.sort(np.linalg.norm(real[:, None] - real, axis=-1), axis=1)[:, k]
            inside = np.linalg.norm(real[:, None] - fake, axis=-1) < radii[:, None]
            return inside, inside.sum() / (neighbours * len(fake)), inside.any(axis=1).mean()

        density, coverage = pair(answer(real, fake, neighbours), names, ())
        inside, right, covered = values(neighbours)
        match(
            density,
            right,
            f"the density should be {right:.4f}: how many of the {count} balls a fake lies in, on "
            f"average, divided by {neighbours}.",
            {
                "an image counts as its own nearest neighbour: its distance 0 comes first.": values(
                    neighbours - 1
                )[1],
                "the density is not divided by the number of neighbours.": inside.sum() / others,
                "the density is at most 1: that is precision; count ALL balls around a "
                "fake.": inside.any(axis=0).mean(),
                "the density is divided by the number of real images: by that of the "
                "fakes.": inside.sum() / (neighbours * count),
            },
            **ROUNDED,
        )
        match(
            coverage,
            covered,
            f"the coverage should be {covered:.4f}: the share of real images with a fake in their "
            "ball.",
            {
                "the coverage counts fakes: that is precision; count REAL images.": inside.any(
                    axis=0
                ).mean(),
                "the coverage is the share of all pairs.": inside.mean(),
            },
            **ROUNDED,
        )
    yield "density over the fakes, coverage over the real ones"

    line = np.arange(4.0)[:, None]
    found = pair(answer(line, line + 1, 1), names, ())
    match(
        found,
        (0.75, 0.75),
        "a fake exactly on the border of a ball should not be inside.",
        **ROUNDED,
    )
    yield "the border is outside"
