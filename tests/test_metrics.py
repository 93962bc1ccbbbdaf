"""Distances against independent implementations and brute force; the score against its floor."""

import hashlib
import json

import numpy as np
import pytest
from scipy import linalg

from genimg_lib.data.images import load_mnist
from genimg_lib.evaluation import metrics, pretrained


def features(count, dimensions=12, seed=0, shift=0.0):
    """Correlated, unevenly scaled features."""
    rng = np.random.default_rng(seed)
    mixing = np.random.default_rng(99).normal(size=(dimensions, dimensions)) * np.logspace(
        -1, 0.5, dimensions
    )
    return rng.normal(size=(count, dimensions)) @ mixing + shift


# --- Frechet distance (C25) -----------------------------------------------------------------------


def rounding(first, second):
    """How far rounding may move a Frechet distance, on whatever processor.

    An eigenvalue lambda of M = A^(1/2) B A^(1/2) is found up to delta, a small multiple of
    dimensions * epsilon * |M| (Weyl), so its root up to delta / sqrt(lambda), or sqrt(delta) near
    zero. Sums and traces add a multiple of epsilon of their size.
    """
    a, b = np.cov(first, rowvar=False), np.cov(second, rowvar=False)
    values = np.maximum(np.linalg.eigvals(a @ b).real, 0)
    delta = 10 * len(a) * np.finfo(float).eps * values.max()
    roots = np.minimum(delta / np.sqrt(np.maximum(values, delta)), np.sqrt(delta)).sum()
    size = np.square(first.mean(axis=0) - second.mean(axis=0)).sum() + a.trace() + b.trace()
    # twice the roots, in each of two computations
    return 4 * roots + 10 * len(first) * np.finfo(float).eps * size


def frechet_by_scipy(first, second):
    covariances = np.cov(first, rowvar=False), np.cov(second, rowvar=False)
    cross = np.trace(linalg.sqrtm(covariances[0] @ covariances[1]).real)
    return (
        ((first.mean(axis=0) - second.mean(axis=0)) ** 2).sum()
        + sum(map(np.trace, covariances))
        - 2 * cross
    )


@pytest.mark.parametrize("seed", range(5))
def test_frechet_is_scipys_on_correlated_features(seed):
    first = features(500, seed=seed)
    second = features(400, seed=seed + 50, shift=0.3)[:, ::-1]
    expected = frechet_by_scipy(first, second)
    assert metrics.frechet_distance(first, second) == pytest.approx(
        expected, abs=rounding(first, second)
    )
    assert rounding(first, second) < 1e-5 * expected


def test_frechet_of_identical_sets_is_zero():
    first = features(300)
    assert metrics.frechet_distance(first, first) == pytest.approx(0.0, abs=rounding(first, first))
    assert rounding(first, first) < 1e-6 * np.cov(first, rowvar=False).trace()


def test_frechet_of_a_shift_is_its_square():
    first, shift = features(300), np.arange(12.0)
    found = metrics.frechet_distance(first, first + shift)
    assert found == pytest.approx((shift**2).sum(), abs=rounding(first, first + shift))


def test_frechet_of_a_scaling():
    """Centred features times 3: (3 - 1)^2 tr(S)."""
    first = features(300)
    first -= first.mean(axis=0)
    expected = 4 * np.trace(np.cov(first, rowvar=False))
    assert metrics.frechet_distance(first, 3 * first) == pytest.approx(
        expected, abs=rounding(first, 3 * first)
    )


def test_frechet_is_symmetric_and_not_negative():
    for seed in range(10):
        first, second = features(40, seed=seed), features(60, seed=seed + 100)
        forth, back = (
            metrics.frechet_distance(first, second),
            metrics.frechet_distance(second, first),
        )
        assert forth == pytest.approx(back, abs=rounding(first, second))
        assert forth >= 0


@pytest.mark.filterwarnings("ignore:Matrix is singular")  # SciPy's word on its own root
@pytest.mark.parametrize("count", [2, 5, 11])
def test_frechet_with_fewer_rows_than_dimensions_is_finite_and_real(count):
    first, second = features(count), features(count, seed=1)
    distance = metrics.frechet_distance(first, second)
    assert isinstance(distance, float)
    assert np.isfinite(distance)
    assert distance == pytest.approx(frechet_by_scipy(first, second), rel=1e-3)


def test_frechet_does_not_depend_on_the_order():
    first, second = features(200), features(200, seed=1)
    shuffled = np.random.default_rng(0).permutation(first)
    expected = metrics.frechet_distance(first, second)
    assert metrics.frechet_distance(shuffled, second) == pytest.approx(
        expected, abs=rounding(first, second)
    )


def test_frechet_in_one_dimension():
    """Two normals: (mean difference)^2 + (std difference)^2."""
    first, second = features(100, 1), 2.0 + 3.0 * features(80, 1, seed=1)
    expected = (first.mean() - second.mean()) ** 2 + (first.std(ddof=1) - second.std(ddof=1)) ** 2
    assert metrics.frechet_distance(first, second) == pytest.approx(expected, rel=1e-9)


# --- kernel distance ------------------------------------------------------------------------------


def kernel_by_loop(first, second):
    def k(x, y):
        return (np.dot(x, y) / len(x) + 1) ** 3

    within = [
        np.mean([k(x, y) for i, x in enumerate(rows) for j, y in enumerate(rows) if i != j])
        for rows in (first, second)
    ]
    return sum(within) - 2 * np.mean([k(x, y) for x in first for y in second])


def test_kernel_distance_equals_a_double_loop():
    first, second = features(23, 5), features(31, 5, seed=1, shift=0.4)
    assert metrics.kernel_distance(first, second) == pytest.approx(
        kernel_by_loop(first, second), rel=1e-9
    )


def test_kernel_distance_in_blocks_equals_one_block():
    first, second = features(1501, 4), features(2300, 4, seed=1)
    kernels = [
        (a @ b.T / 4 + 1) ** 3 for a, b in ((first, first), (second, second), (first, second))
    ]
    expected = (
        sum((k.sum() - k.trace()) / (len(k) * (len(k) - 1)) for k in kernels[:2])
        - 2 * kernels[2].mean()
    )
    assert metrics.kernel_distance(first, second) == pytest.approx(expected, rel=1e-8)


def test_kernel_distance_is_unbiased():
    """Over many pairs of sets from one distribution the mean is 0; with the diagonals left in it
    would not be.
    """
    rng = np.random.default_rng(0)
    unbiased, biased = [], []
    for _ in range(2000):
        first, second = rng.normal(size=(2, 10, 4))
        unbiased.append(metrics.kernel_distance(first, second))
        kernels = [
            (a @ b.T / 4 + 1) ** 3 for a, b in ((first, first), (second, second), (first, second))
        ]
        biased.append(kernels[0].mean() + kernels[1].mean() - 2 * kernels[2].mean())
    # the standard error of the mean of independent draws
    error = np.std(unbiased) / np.sqrt(len(unbiased))
    assert abs(np.mean(unbiased)) < 4 * error
    assert np.mean(biased) > 20 * error
    assert min(unbiased) < 0  # the price of being unbiased


def test_kernel_distance_of_a_shift_is_its_closed_form():
    """One dimension, kernel (xy + 1)^3: the distance is the sum over powers k of C(3, k) (E x^k - E
    y^k)^2.

    For N(0, 1) and N(1, 1) the moments are 0, 1, 0 and 1, 2, 4: 3 * 1 + 3 * 1 + 16 = 22.
    """
    rng = np.random.default_rng(0)
    found = [
        metrics.kernel_distance(rng.normal(0, 1, (500, 1)), rng.normal(1, 1, (500, 1)))
        for _ in range(100)
    ]
    # four standard errors
    assert np.mean(found) == pytest.approx(22.0, abs=4 * np.std(found) / np.sqrt(len(found)))


# --- precision and recall -------------------------------------------------------------------------


def share_inside_by_loop(points, manifold, neighbours):
    inside = 0
    radii = [np.sort(np.linalg.norm(manifold - centre, axis=1))[neighbours] for centre in manifold]
    for point in points:
        inside += any(np.linalg.norm(point - c) <= r for c, r in zip(manifold, radii, strict=True))
    return inside / len(points)


@pytest.mark.parametrize("neighbours", [1, 3, 5])
def test_precision_recall_equal_brute_force(neighbours):
    generated, real = features(40, 3), features(60, 3, seed=1, shift=0.8)
    expected = (
        share_inside_by_loop(generated, real, neighbours),
        share_inside_by_loop(real, generated, neighbours),
    )
    assert metrics.precision_recall(generated, real, neighbours=neighbours) == pytest.approx(
        expected
    )
    assert 0 < expected[0] < 1  # neither answer is trivial
    assert 0 < expected[1] < 1


def test_precision_and_recall_are_what_their_names_say():
    rng = np.random.default_rng(0)
    real = np.concatenate([rng.normal(0, 0.1, (100, 2)), rng.normal(5, 0.1, (100, 2))])
    one_mode = rng.normal(0, 0.05, (200, 2))  # good images, half of the world missing
    precision, recall = metrics.precision_recall(one_mode, real)
    assert precision > 0.95
    assert recall < 0.5
    scattered = rng.uniform(-1, 6, (200, 2))
    precision, recall = metrics.precision_recall(scattered, real)
    assert precision < 0.2


# --- images ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def test_split():
    return load_mnist()[1]


def test_the_classifier_is_accurate_and_the_one_of_its_card(test_split):
    images, labels = test_split
    card = json.loads((pretrained.FOLDER / "classifier.json").read_text())
    weights = (pretrained.FOLDER / "classifier.weights.h5").read_bytes()
    assert hashlib.sha256(weights).hexdigest() == card["sha256"]
    accuracy = float(np.mean(metrics.predict_labels(images) == labels))
    assert accuracy > 0.985
    assert accuracy == pytest.approx(card["measured"]["test accuracy"], abs=0.001)
    assert metrics.class_agreement(images, labels) == accuracy


def test_features_have_the_declared_form(test_split):
    found = metrics.features(test_split[0][:20])
    assert found.shape == (20, 64)
    assert found.min() >= 0
    np.testing.assert_allclose(
        metrics.features(test_split[0][5:6]), found[5:6], rtol=1e-4, atol=1e-4
    )


def test_class_agreement_takes_words(test_split):
    images, labels = test_split
    sevens = images[labels == 7][:50]
    assert (
        metrics.class_agreement(sevens, "seven") == metrics.class_agreement(sevens, [7] * 50) > 0.9
    )
    assert metrics.class_agreement(sevens, "eight") < 0.1


def test_the_score_of_real_images_is_the_floor(test_split):
    """Real against real: score and floor are two draws of one thing, and noise is far away from
    both.
    """
    images, labels = test_split
    ours, floor = metrics.score(
        images[:1000], images[1000:3000], labels=labels[:1000], reference_labels=labels[1000:3000]
    )
    assert ours.count == floor.count == 1000
    noise = np.random.default_rng(0).integers(0, 256, (1000, 28, 28, 1), dtype=np.uint8)
    bad, same_floor = metrics.score(noise, images[1000:3000])
    print(ours, floor, bad, sep="\n")
    # the floor does not depend on the generator
    assert same_floor._replace(agreement=0) == floor._replace(agreement=0)
    assert ours.fid < 3 * floor.fid
    assert bad.fid > 20 * floor.fid
    assert bad.kid > 20 * abs(floor.kid)
    assert bad.precision < 0.1 < 0.6 < min(ours.precision, floor.precision)
    assert min(ours.recall, floor.recall) > 0.6
    assert min(ours.agreement, floor.agreement) > 0.95
    assert np.isnan(bad.agreement)


def test_the_score_counts_equal_numbers(test_split):
    images, _ = test_split
    few, floor = metrics.score(images[:30], images[30:330])
    assert few.count == floor.count == 30
    many, floor = metrics.score(images[:300], images[300:400])
    assert many.count == floor.count == 50


def test_the_score_is_repeatable_and_its_split_random(test_split):
    images, _ = test_split
    first, again = (metrics.score(images[:50], images[50:150])[1] for _ in range(2))
    assert first._replace(agreement=0) == again._replace(agreement=0)
    assert metrics.score(images[:50], images[50:150], seed=1)[1].fid != first.fid


def test_wrong_classes_lower_the_agreement_only(test_split):
    images, labels = test_split
    right, _ = metrics.score(images[:200], images[200:600], labels=labels[:200])
    wrong, _ = metrics.score(images[:200], images[200:600], labels=(labels[:200] + 1) % 10)
    assert wrong.agreement < 0.05 < 0.95 < right.agreement
    assert wrong.fid == right.fid
