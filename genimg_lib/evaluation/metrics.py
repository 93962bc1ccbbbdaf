"""Images -> numbers: how far a set of generated images is from a set of real ones, and how far real
is from real.

The distances work on features (n, dimensions) of any network. What takes images has an argument
`extractor`, and looks at them with the shipped classifier of digits unless told.
"""

from typing import NamedTuple

import numpy as np
import tensorflow as tf
from sklearn.metrics import pairwise_distances_chunked
from sklearn.neighbors import NearestNeighbors

from genimg_lib.data.arguments import check_reals, check_whole
from genimg_lib.data.images import DIGIT_NAMES, check_images, check_labels
from genimg_lib.evaluation.extractors import Extractor, check_extractor


class Score(NamedTuple):
    """What `score` measured on `count` images; `agreement` is NaN where no labels were given."""

    count: int
    fid: float
    kid: float
    precision: float
    recall: float
    agreement: float
    extractor: str  # its name


def score(
    generated,
    reference,
    *,
    labels=None,
    reference_labels=None,
    extractor: Extractor | None = None,
    seed: int = 0,
) -> tuple[Score, Score]:
    """Compares generated with real images, and real with real: returns `(score, floor)`.

    The reference is split at random into two halves. Generated images are measured against the
    first; the second half takes the generator's place for the floor, the best that a perfect
    generator could hope for. Both at the same number of images, `count = min(len(generated),
    len(reference) // 2)`, because FID falls with the number of images.

    Args:
        generated: `uint8` images of the extractor's shape, (n, 28, 28, 1) for that of digits.
        reference: real `uint8` images, best two for each generated one.
        labels: the classes that the generated images should show, for the agreement.
        reference_labels: the classes of the real ones, for the floor's agreement.
        extractor: the network that looks; `None`: the shipped classifier of digits.
        seed: of the split.

    Raises `TypeError` or `ValueError` for images that break the contract, fewer than 8 generated or
    16 real images, and labels for an extractor that knows no classes.
    """
    extractor = check_extractor(extractor)
    generated = check_images(generated, shape=extractor.image_shape, name="generated")
    reference = check_images(reference, shape=extractor.image_shape, name="reference")
    count = min(len(generated), len(reference) // 2)
    if count < 8:
        raise ValueError(
            f"at least 8 generated and 16 reference images are needed, got {len(generated)} and "
            f"{len(reference)}"
        )
    order = np.random.default_rng(check_whole("seed", seed, 0)).permutation(len(reference))
    half = order[:count]
    other = order[count : 2 * count]
    real = extractor.features(reference[half])
    if reference_labels is not None:
        names = extractor.check_classes()
        reference_labels = check_labels(reference_labels, len(reference), names)[other]
    if labels is not None:
        labels = check_labels(labels, len(generated), extractor.check_classes())[:count]
    ours = _compare(extractor, generated[:count], real, labels)
    floor = _compare(extractor, reference[other], real, reference_labels)
    return ours, floor


def _compare(extractor: Extractor, images, real_features, labels) -> Score:
    if labels is None:
        image_features, agreement = extractor.features(images), float("nan")
    else:
        image_features, logits = extractor.look(images)
        agreement = float(np.mean(logits.argmax(axis=1) == labels))
    precision, recall = precision_recall(image_features, real_features)
    fid = frechet_distance(image_features, real_features)
    kid = kernel_distance(image_features, real_features)
    return Score(len(images), fid, kid, precision, recall, agreement, extractor.name)


def features(images, extractor: Extractor | None = None) -> np.ndarray:
    """Features of `uint8` images: (n, dimensions); in the shipped classifier of digits, unless
    told, (n, 64).
    """
    return check_extractor(extractor).features(images)


def predict_labels(images, extractor: Extractor | None = None) -> np.ndarray:
    """The class that the extractor sees in each `uint8` image: (n,); a digit, unless told."""
    return check_extractor(extractor).predict_labels(images)


def class_agreement(images, labels, extractor: Extractor | None = None) -> float:
    """The share of images in which the extractor sees the class that was asked for (index or
    word); a digit, unless told.
    """
    extractor = check_extractor(extractor)
    images = check_images(images, shape=extractor.image_shape)
    labels = check_labels(labels, len(images), extractor.check_classes())
    return float(np.mean(extractor.predict_labels(images) == labels))


def psnr(images, reference) -> float:
    """Peak signal-to-noise ratio in decibels: 10 log10(255^2 / mean squared error over all pixels
    of all images).

    Pooled, because the mean over images is infinite as soon as one of them is perfect. Raises as
    `check_images`.
    """
    images, reference = _check_pair(images, reference)
    error = np.mean(np.square(images.astype(np.float64) - reference))
    return float("inf") if error == 0 else float(10.0 * np.log10(255.0**2 / error))


def ssim(images, reference) -> float:
    """Structural similarity, the mean over images: 1 for equal ones. Sides of at least 11 pixels.

    Raises as `check_images`. Source: Wang et al., "Image quality assessment: from error visibility
    to structural similarity" (2004); TensorFlow's `tf.image.ssim` with its defaults.
    """
    images, reference = _check_pair(images, reference)
    if min(images.shape[1:3]) < 11:
        raise ValueError(
            f"SSIM looks at windows of 11x11 pixels, got images of shape {images.shape}"
        )
    return float(np.mean(tf.image.ssim(images, reference, max_val=255)))


def sharpness(images, reference) -> float:
    """Root mean square of the steps between neighbouring pixels, relative to those in `reference`:
    1 is as sharp.

    Blur makes it smaller, noise larger. Not the mean absolute step: that is the same for a sharp
    and a blurred edge. Raises as `check_images`, and `ValueError` for a reference without any edge
    or images with a side of one pixel.
    """
    energy = _edge_energy(check_images(images))
    reference_energy = _edge_energy(check_images(reference, name="reference"))
    if reference_energy == 0:
        raise ValueError("the reference has no edges to compare with")
    return float(np.sqrt(energy / reference_energy))


def _edge_energy(images) -> float:
    """Mean square of the steps between neighbours, down plus right."""
    if min(images.shape[1:3]) < 2:
        raise ValueError(
            f"sharpness needs a height and width of at least 2 pixels, got shape {images.shape}"
        )
    values = images.astype(np.float64)
    return np.mean(np.diff(values, axis=1) ** 2) + np.mean(np.diff(values, axis=2) ** 2)


def identity_changes(restored, clean, labels) -> np.ndarray:
    """Which restored digits have become another one: booleans (n,).

    True where the shipped classifier reads the label in the clean image and another class in the
    restored one.
    """
    restored, clean = _check_pair(restored, clean)
    labels = check_labels(labels, len(clean), DIGIT_NAMES)
    return (predict_labels(clean) == labels) & (predict_labels(restored) != labels)


def _check_pair(images, reference):
    reference = check_images(reference, name="reference")
    images = check_images(images, shape=reference.shape[1:])
    if len(images) != len(reference):
        raise ValueError(
            f"expected one reference for each of {len(images)} images, got {len(reference)}"
        )
    return images, reference


def frechet_distance(first, second) -> float:
    """Squared Wasserstein-2 distance between Gaussians fitted to two sets of features: FID, for
    Inception features.

    |mean difference|^2 + tr(A + B - 2 (AB)^(1/2)). With fewer images than dimensions the
    covariances are singular and the result stays finite, but it is badly biased: compare with a
    floor at the same number of images.

    Raises `ValueError` for fewer than two rows, or features that do not match or are not finite.
    Source: Heusel et al., arXiv:1706.08500, equation 6; on the bias: Chong and Forsyth,
    arXiv:1911.07023.
    """
    first, second = _check_features(first, second)
    first_covariance = np.atleast_2d(np.cov(first, rowvar=False))
    second_covariance = np.atleast_2d(np.cov(second, rowvar=False))
    # tr (AB)^(1/2) = tr (A^(1/2) B A^(1/2))^(1/2), and the latter is symmetric: real eigenvalues,
    # no complex round-off.
    values, vectors = np.linalg.eigh(first_covariance)
    root = (vectors * np.sqrt(np.maximum(values, 0.0))) @ vectors.T
    cross = np.sqrt(np.maximum(np.linalg.eigvalsh(root @ second_covariance @ root), 0.0)).sum()
    means = np.square(first.mean(axis=0) - second.mean(axis=0)).sum()
    traces = np.trace(first_covariance) + np.trace(second_covariance)
    return float(max(0.0, means + traces - 2.0 * cross))


def kernel_distance(first, second) -> float:
    """Squared maximum mean discrepancy with the kernel (x.y / dimensions + 1)^3, unbiased: KID. May
    be negative.

    Raises `ValueError` as `frechet_distance`. Source: Binkowski et al., arXiv:1801.01401, section
    4.
    """
    first, second = _check_features(first, second)

    def mean_kernel(rows, columns, skip_diagonal):
        blocks = (
            (rows[i : i + 1000] @ columns.T / rows.shape[1] + 1.0) ** 3
            for i in range(0, len(rows), 1000)
        )
        total = sum(block.sum() for block in blocks)
        if not skip_diagonal:
            return total / (len(rows) * len(columns))
        diagonal = ((np.square(rows).sum(axis=1) / rows.shape[1] + 1.0) ** 3).sum()
        return (total - diagonal) / (len(rows) * (len(rows) - 1))

    within = mean_kernel(first, first, True) + mean_kernel(second, second, True)
    return float(within - 2.0 * mean_kernel(first, second, False))


def precision_recall(generated, real, *, neighbours: int = 3) -> tuple[float, float]:
    """Share of generated images inside the manifold of the real ones (precision), and the reverse
    (recall).

    The manifold of a set is the union of balls around its points, each reaching to its
    `neighbours`-th nearest neighbour. Raises `ValueError` as `frechet_distance`, and for sets of no
    more than `neighbours` images. Source: Kynkaanniemi et al., arXiv:1904.06991, section 2.
    """
    generated, real = _check_features(generated, real)
    neighbours = check_whole("neighbours", neighbours)
    if min(len(generated), len(real)) <= neighbours:
        raise ValueError(
            f"{neighbours} neighbours need more images than that, got {len(generated)} and "
            f"{len(real)}"
        )
    return _share_inside(generated, real, neighbours), _share_inside(real, generated, neighbours)


def _share_inside(points, manifold, neighbours) -> float:
    finder = NearestNeighbors(n_neighbors=neighbours + 1, algorithm="brute").fit(manifold)
    radii = finder.kneighbors(manifold)[0][:, -1]  # each point is its own nearest neighbour
    inside = [
        (block <= radii).any(axis=1)
        for block in pairwise_distances_chunked(points, manifold, working_memory=128)
    ]
    return float(np.concatenate(inside).mean())


def _check_features(first, second) -> tuple[np.ndarray, np.ndarray]:
    first, second = (check_reals("features", given) for given in (first, second))
    if first.ndim != 2 or second.ndim != 2 or first.shape[1] != second.shape[1]:
        raise ValueError(
            f"features must have shapes (n, d) and (m, d), got {first.shape} and {second.shape}"
        )
    if not first.shape[1]:
        raise ValueError(
            f"features need at least one column, got shapes {first.shape} and {second.shape}"
        )
    if min(len(first), len(second)) < 2:
        raise ValueError(
            f"a covariance needs at least two images in each set, got {len(first)} and "
            f"{len(second)}"
        )
    if not (np.isfinite(first).all() and np.isfinite(second).all()):
        raise ValueError("the features contain NaN or infinity")
    return first, second
