"""The enumerable world: everything in it can be counted, so everything is compared with a count."""

import numpy as np
import pytest
from scipy import stats

from genimg_lib.data import exact


def test_all_images_are_there_once_and_in_order():
    images = exact.all_images()
    assert images.shape == (512, 3, 3, 1)
    assert images.dtype == np.uint8
    assert set(np.unique(images)) == {0, 255}
    assert len(np.unique(images.reshape(512, -1), axis=0)) == 512
    np.testing.assert_array_equal(exact.image_index(images), np.arange(512))


def test_image_index_splits_grey_in_the_middle():
    image = np.full((1, 3, 3, 1), 127, np.uint8)
    assert exact.image_index(image).tolist() == [0]
    assert exact.image_index(image + 1).tolist() == [511]


def test_strokes_by_hand():
    """Row one alone: one stroke fits with no flip; each other row needs 6 flips, a column or a
    diagonal 4.
    """
    flip = 0.02
    row = np.zeros((1, 3, 3, 1), np.uint8)
    row[0, 0] = 255
    probabilities = exact.strokes(flip)
    expected = ((1 - flip) ** 9 + 2 * flip**6 * (1 - flip) ** 3 + 5 * flip**4 * (1 - flip) ** 5) / 8
    assert probabilities[exact.image_index(row)[0]] == pytest.approx(expected, rel=1e-12)
    assert probabilities.sum() == pytest.approx(1.0, abs=1e-12)
    assert probabilities.min() > 0


def test_strokes_without_noise_are_eight_images():
    probabilities = exact.strokes(0.0)
    assert np.sort(probabilities)[-8:].tolist() == [0.125] * 8
    assert (probabilities > 0).sum() == 8
    assert (exact.all_images()[probabilities > 0] > 0).sum(axis=(1, 2, 3)).tolist() == [3] * 8


def test_samples_follow_the_distribution():
    truth, count = exact.strokes(), 50_000
    shares = exact.empirical(exact.sample_images(truth, count, seed=0))
    assert shares.sum() == pytest.approx(1.0)
    # A share of n draws has standard error sqrt(p (1 - p) / n); 512 of them stay within five, and a
    # few counts for the rare.
    assert (np.abs(shares - truth) < 5 * np.sqrt(truth / count) + 5 / count).all()
    np.testing.assert_array_equal(
        exact.sample_images(truth, 10, seed=3), exact.sample_images(truth, 10, seed=3)
    )
    assert (exact.sample_images(truth, 100) != exact.sample_images(truth, 100)).any()


def random_distributions(count, seed=0):
    return np.random.default_rng(seed).dirichlet(np.full(512, 0.3), size=count)


def test_divergences_are_scipys():
    for first, second in zip(random_distributions(5, 0), random_distributions(5, 1), strict=True):
        assert exact.entropy(first) == pytest.approx(stats.entropy(first), rel=1e-9)
        second = (second + 1e-6) / (second + 1e-6).sum()
        assert exact.kl_divergence(first, second) == pytest.approx(
            stats.entropy(first, second), rel=1e-6
        )
        nll = exact.entropy(first) + exact.kl_divergence(first, second)
        assert exact.negative_log_likelihood(first, second) == pytest.approx(nll)


def test_known_values():
    uniform, point = np.full(512, 1 / 512), np.eye(512)[3]
    assert exact.entropy(uniform) == pytest.approx(9 * np.log(2))
    assert exact.entropy(point) == 0.0
    assert exact.kl_divergence(point, uniform) == pytest.approx(9 * np.log(2))
    assert exact.kl_divergence(uniform, point) == np.inf  # the model rules out what happens
    assert exact.total_variation(uniform, point) == pytest.approx(511 / 512)
    assert exact.total_variation(point, np.eye(512)[4]) == 1.0


def test_total_variation_is_the_largest_difference_of_any_event():
    first, second = random_distributions(2)
    event = first > second
    assert exact.total_variation(first, second) == pytest.approx(
        first[event].sum() - second[event].sum()
    )
    assert exact.total_variation(first, second) == exact.total_variation(second, first)
    assert exact.total_variation(first, first) == 0.0


def test_pinsker():
    first, second = random_distributions(2, seed=4) + 1e-5
    first, second = first / first.sum(), second / second.sum()
    assert exact.total_variation(first, second) <= np.sqrt(exact.kl_divergence(first, second) / 2)
