"""The mistakes of exercises 10: what each wrong choice overlooks, and what tempting programs give.

The panels are those of tools/draw_exercises.py measuring.
"""

import numpy as np
from scipy.linalg import sqrtm
from scipy.spatial.distance import cdist

from genimg_lib.checks.judge import causes

PANELS = causes(
    right={
        "A": "the labels are ignored",
        "B": "few images, again and again",
        "C": "blurred",
        "D": "copies of the reference",
    },
    signs={
        "healthy": "A healthy generator stands close to the floor in all four columns, and a "
        "little on its wrong side.",
        "blurred": "Blur moves every image off the data: FID is large and both shares fall, while "
        "most classes survive.",
        "few images, again and again": "A handful of good images, repeated, lies inside of the "
        "data and covers almost nothing.",
        "the labels are ignored": "Who ignores labels is right by chance: agreement is near 0.1 "
        "with ten classes.",
        "copies of the reference": "Copies of the reference are at distance 0 from it, inside and "
        "covering: no honest set is.",
        "copies of the training set": "Training images are a fair sample of the data: they score "
        "like the floor, not better.",
    },
    clues={
        "A": "Here three columns are at the floor, so nothing is wrong with the images. What was "
        "asked for, and what came?",
        "B": "Here the images convince, the classes are right, and nothing is covered. How many "
        "different ones are there?",
        "C": "Here a third lies outside of the data, and most read as the right digit. What keeps "
        "the class, not the edge?",
        "D": "Here the images do better than real ones against real ones. Who alone can be at "
        "distance 0?",
    },
)

CANDIDATES = ("each pixel for itself", "centre always on", "all images equally")

WINNERS = {
    "largest likelihood": (
        CANDIDATES[0],
        {
            CANDIDATES[
                1
            ]: "half of the strokes have no ink in the centre. What is the likelihood of the "
            "first such image?",
            CANDIDATES[
                2
            ]: "1/512 for each is a model of separate pixels, too: each is on with 1/2. Is that "
            "the best rate?",
        },
    ),
    "smallest KL(model || truth)": (
        CANDIDATES[1],
        {
            CANDIDATES[
                0
            ]: "most of what separate pixels draw is no stroke, and the truth is asked how likely "
            "it is.",
            CANDIDATES[
                2
            ]: "of 512 equally likely images 8 are strokes; here the mean runs over what the "
            "MODEL draws.",
        },
    ),
}

SLOPE = (12.35 - 8.20) / (1 / 400 - 1 / 1600)
ROOT_SLOPE = (12.35 - 8.20) / (1 / 20 - 1 / 40)
"""FID(N) = limit + SLOPE / N through two measurements, and what 1 / sqrt(N) would give.
"""

ESTIMATES = {
    "limit": (
        8.20 - SLOPE / 1600,
        "Two equations, two unknowns.",
        {
            "the last measurement is not the limit: it holds slope / 1600.": 8.20,
            "that is a line in 1 / sqrt(N): the excess of FID falls like 1 / N.": 8.20
            - ROOT_SLOPE / 40,
            "that is a line in N: it would become negative at last.": 12.35 + 400 * 4.15 / 1200,
            "the sign of the slope is wrong: more images, less FID, "
            "so the limit lies below both.": 8.20 + SLOPE / 1600,
        },
    ),
    "excess at 1,000": (
        SLOPE / 1000,
        "It is slope / 1000, with the slope against 1 / N.",
        {
            "that is FID at 1,000 images; the excess is what lies above the limit.": 8.20
            - SLOPE / 1600
            + SLOPE / 1000,
            "that is the slope; divide by the number of images.": SLOPE,
            "that is what lies above the measurement with 1,600; the limit is lower still.": SLOPE
            / 1000
            - SLOPE / 1600,
            "this excess falls like 1 / sqrt(N); that is how the spread of a mean falls, not the "
            "bias.": ROOT_SLOPE / 1000**0.5,
        },
    ),
    "thousands of images": (
        SLOPE / 500,
        "Where is slope / N = 0.5?",
        {
            "that is the number of images: the answer counts thousands.": SLOPE / 0.5,
            "that is where the excess is 1; you want half of that.": SLOPE / 1000,
            "there the excess is 0.25.": SLOPE / 250,
            "with 1 / sqrt(N) it would take that many; the bias falls like 1 / N.": (
                ROOT_SLOPE / 0.5
            )
            ** 2
            / 1000,
        },
    ),
}
"""For each number: its value, general advice, and feedback for tempting values."""


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
