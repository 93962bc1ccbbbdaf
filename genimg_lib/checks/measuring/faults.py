"""What the tempting mistakes in exercises 10 give, and what right answers give."""

import numpy as np
from scipy.linalg import sqrtm
from scipy.spatial.distance import cdist


def _both(generated, real, radii_of) -> list[float]:
    """The shares of generated and of real images that lie in the balls of the other set."""
    pairs = (generated, real), (real, generated)
    return [
        (cdist(points, manifold) <= radii_of(manifold)).any(axis=1).mean()
        for points, manifold in pairs
    ]


def precision_recall(generated, real, neighbours) -> tuple[list, dict]:
    """The precision and recall of two sets of features, and what wrong programs give for them."""

    def radii(manifold, index=neighbours):
        return np.sort(cdist(manifold, manifold), axis=1)[:, index]

    def without_copies(manifold):
        return [np.sort(row[row > 0])[neighbours - 1] for row in cdist(manifold, manifold)]

    right = _both(generated, real, radii)
    between = cdist(generated, real)
    of_real = radii(real)
    of_generated = radii(generated)
    # entry (i, j): generated i, real j
    in_real = between <= of_real
    in_generated = between <= of_generated[:, None]
    return right, {
        "precision and recall are exchanged: precision asks about generated images.": right[::-1],
        "balls one neighbour too small: a point is its own nearest neighbour, at distance 0.": (
            _both(generated, real, lambda manifold: radii(manifold, neighbours - 1))
        ),
        "balls one neighbour too large: index 0 of the sorted distances is the point itself.": (
            _both(generated, real, lambda manifold: radii(manifold, neighbours + 1))
        ),
        "`neighbours` is ignored: always 3.": _both(
            generated, real, lambda manifold: radii(manifold, 3)
        ),
        "a point on the rim of a ball counts as inside: use <=.": (
            [
                (between < of_real).any(axis=1).mean(),
                (between < of_generated[:, None]).any(axis=0).mean(),
            ]
        ),
        "each ball has the radius of the point that is asked about; it should have that of its "
        "centre.": ([in_generated.any(axis=1).mean(), in_real.any(axis=0).mean()]),
        "these are percent; return shares in [0, 1].": [100 * share for share in right],
        "a copy of an image is another image, at distance 0: only the point itself is left out.": (
            _both(generated, real, without_copies)
        ),
        "you count balls that hold a point; count points that lie in a ball.": (
            [in_real.any(axis=0).mean(), in_generated.any(axis=1).mean()]
        ),
        "both come from the balls of the real images; recall needs those of the generated ones.": (
            [in_real.any(axis=1).mean(), in_real.any(axis=0).mean()]
        ),
        "every ball has the mean radius; each should reach to its own neighbour.": (
            _both(generated, real, lambda manifold: radii(manifold).mean())
        ),
    }


def frechet(first, second) -> tuple[float, dict]:
    """The squared Frechet distance of two sets of features, and what wrong programs give for it."""
    means = np.square(first.mean(axis=0) - second.mean(axis=0)).sum()
    one = np.cov(first.T)
    two = np.cov(second.T)
    traces = np.trace(one + two)
    cross = np.trace(sqrtm(one @ two).real)
    right = means + traces - 2 * cross
    one_biased = np.cov(first.T, bias=True)
    two_biased = np.cov(second.T, bias=True)
    biased = (
        means
        + np.trace(one_biased + two_biased)
        - 2 * np.trace(sqrtm(one_biased @ two_biased).real)
    )
    product = one @ two
    spreads = [np.sqrt(np.diag(covariance)) for covariance in (one, two)]
    roots = np.trace(sqrtm(one).real @ sqrtm(two).real)
    triangle = np.sqrt(np.linalg.eigvalsh(product).clip(min=0)).sum()
    return right, {
        "the distance of the means should be squared.": np.sqrt(means) + traces - 2 * cross,
        "the means are left out.": traces - 2 * cross,
        "the covariances are left out.": means,
        "the cross term counts twice: -2 tr (AB)^(1/2).": means + traces - cross,
        "an elementwise root: take the root of the matrix.": means
        + traces
        - 2 * np.sqrt(np.abs(np.diag(product))).sum(),
        "tr (AB)^(1/2) is not the root of tr (AB).": means
        + traces
        - 2 * np.sqrt(np.trace(product)),
        "tr A^(1/2) B^(1/2) is not tr (AB)^(1/2): A and B do not commute.": means
        + traces
        - 2 * roots,
        "AB is not symmetric: eigvalsh sees one triangle of it.": means + traces - 2 * triangle,
        "the root is missing: tr (AB)^(1/2), not tr AB.": means + traces - 2 * np.trace(product),
        "only the variances are used: features are correlated.": means
        + np.square(spreads[0] - spreads[1]).sum(),
        "this is the root; FID is the squared distance.": np.sqrt(right),
        "covariances are divided by N; here they should be divided by N - 1.": biased,
    }
