"""FSQ and VQ: codes <-> tokens, the gradient, the codebook's averages and restarts."""

import itertools
import re

import keras
import numpy as np
import pytest
import tensorflow as tf

from genimg_lib.nn.quantizers import (
    FSQ,
    VQ,
    codebook_usage,
    fsq_bound,
    fsq_codes_to_tokens,
    fsq_tokens_to_codes,
    nearest_token,
)

LEVELS = [(2,), (3,), (2, 2, 2), (8, 6, 5), (5, 4), (7, 5, 5, 5), (2, 3, 4, 5)]


def vectors(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


# --- FSQ ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("levels", LEVELS)
def test_every_token_has_its_own_code_and_comes_back(levels):
    everything = np.arange(np.prod(levels))
    codes = np.asarray(fsq_tokens_to_codes(everything, levels))
    np.testing.assert_array_equal(fsq_codes_to_tokens(codes, levels), everything)
    # all combinations of levels
    expected = set(itertools.product(*(range(-(n // 2), n - n // 2) for n in levels)))
    assert set(map(tuple, codes.tolist())) == expected


@pytest.mark.parametrize("levels", LEVELS)
def test_the_first_dimension_is_the_lowest_digit(levels):
    """Token 0 has the lowest level everywhere; a step of the first dimension is worth 1, of the
    second `levels[0]`.
    """
    codes = (
        np.asarray(fsq_tokens_to_codes(np.arange(np.prod(levels)), levels)) + np.array(levels) // 2
    )
    worth = [int(np.prod(levels[:i])) for i in range(len(levels))]
    np.testing.assert_array_equal(codes @ worth, np.arange(np.prod(levels)))


@pytest.mark.parametrize("levels", [2, 3, 4, 5, 8, 15, 16])
def test_rounding_the_bound_leaves_exactly_the_levels(levels):
    """From one saturated end to the other, in order, and far beyond both; no level is passed
    over.
    """
    features = np.concatenate([[-1e30, -1e3], np.linspace(-20, 20, 200_001), [1e3, 1e30]]).astype(
        np.float32
    )
    rounded = np.round(fsq_bound(features[:, None], [levels]))[:, 0]
    assert (np.diff(rounded) >= 0).all()
    np.testing.assert_array_equal(np.unique(rounded), np.arange(levels) - levels // 2)


@pytest.mark.parametrize("levels", [3, 4, 5, 8])
def test_a_feature_of_zero_becomes_the_code_zero(levels):
    assert float(fsq_bound(np.zeros((1, 1), np.float32), [levels])[0, 0]) == pytest.approx(
        0.0, abs=1e-6
    )


@pytest.mark.parametrize("levels", [(8, 6, 5), (2, 3)])
def test_fsq_layer_agrees_with_its_own_tokens(levels):
    """What a feature is replaced by is the code of its token: on the grid, in [-1, 1], and all
    of the grid is reached.
    """
    fsq = FSQ(levels)
    features = np.array(
        list(itertools.product(np.linspace(-5, 5, 60, dtype=np.float32), repeat=len(levels)))
    )
    quantized = np.asarray(fsq(features))
    np.testing.assert_allclose(quantized, fsq.codes(fsq.tokens(features)), atol=1e-6)
    assert np.abs(quantized).max() <= 1 + 1e-6
    assert len(np.unique(np.round(quantized, 4), axis=0)) == fsq.vocabulary_size == np.prod(levels)


def test_the_gradient_of_fsq_is_that_of_the_bound():
    fsq, features = FSQ((8, 6, 5)), tf.constant(vectors(50, 3))
    weights, half = vectors(50, 3, seed=1), np.array([4.0, 3.0, 2.0])
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(features)
        through = tf.reduce_sum(weights * fsq(features))
        bound = tf.reduce_sum(weights * fsq_bound(features, (8, 6, 5)) / half)
    gradient = tape.gradient(through, features).numpy()
    np.testing.assert_allclose(gradient, tape.gradient(bound, features), rtol=1e-6)
    assert np.abs(gradient).min() > 0


def test_fsq_learns_nothing():
    fsq = FSQ()
    assert fsq(vectors(4, 3)).shape == (4, 3)
    assert fsq.update(vectors(4, 3), seed=0) is None
    assert fsq.weights == []


@pytest.mark.parametrize(
    ("levels", "error", "message"),
    [
        ((), ValueError, "levels must be whole numbers from 2 to 1000, got ()"),
        ((1001,), ValueError, "levels must be whole numbers from 2 to 1000, got (1001,)"),
        ((8, 1), ValueError, "each of levels must be a whole number of at least 2, got 1"),
        ((-3, 4), ValueError, "each of levels must be a whole number of at least 2, got -3"),
        ((8, 2.5), TypeError, "each of levels must be a whole number of at least 2, got 2.5"),
    ],
)
def test_impossible_levels(levels, error, message):
    with pytest.raises(error, match=re.escape(message)):
        FSQ(levels)


@pytest.mark.parametrize("levels", [(1000,), (999, 2)])
def test_the_largest_levels_are_all_reached(levels):
    """The tanh must come near enough to its bounds in float32 to round to the outermost levels."""
    features = np.float32([[-50.0] * len(levels), [50.0] * len(levels)])
    np.testing.assert_array_equal(FSQ(np.array(levels)).tokens(features), [0, np.prod(levels) - 1])


def test_impossible_codebooks():
    with pytest.raises(ValueError, match=r"vocabulary_size must be .* at least 2, got 1"):
        VQ(1, 2)
    with pytest.raises(ValueError, match=r"dimension must be .* at least 1, got 0"):
        VQ(4, 0)


# --- VQ -------------------------------------------------------------------------------------------


def vq(codebook, **options):
    """A VQ with this codebook, and counts and sums as if each of its codes had been chosen once
    per step for ever.
    """
    codebook = np.asarray(codebook, np.float32)
    layer = VQ(*codebook.shape, **options)
    layer.set_weights([codebook, codebook, np.ones(len(codebook), np.float32)])
    return layer


@pytest.mark.parametrize("shape", [(200, 4), (6, 5, 7, 4)])
def test_nearest_token_equals_a_search(shape):
    codebook, features = vectors(30, 4), vectors(*shape, seed=1)
    distances = ((features[..., None, :].astype(np.float64) - codebook) ** 2).sum(axis=-1)
    tokens = nearest_token(features, codebook)
    np.testing.assert_array_equal(tokens, distances.argmin(axis=-1))
    assert tokens.dtype == "int32"
    assert len(np.unique(tokens)) > 20


def test_vq_passes_codes_forward_and_gradients_back():
    layer, features, weights = (
        vq(vectors(10, 3)),
        tf.constant(vectors(40, 3, seed=1)),
        vectors(40, 3, seed=2),
    )
    with tf.GradientTape() as tape:
        tape.watch([features, layer.codebook.value])
        quantized = layer(features)
        total = tf.reduce_sum(weights * quantized)
    to_features, to_codebook = tape.gradient(total, [features, layer.codebook.value])
    np.testing.assert_allclose(quantized, layer.codebook.numpy()[layer.tokens(features)], atol=1e-6)
    np.testing.assert_array_equal(to_features, weights)  # as if nothing had been quantized
    assert to_codebook is None
    assert layer.trainable_variables == []


def test_the_update_is_the_exponential_moving_average():
    """Two steps by hand, decay 0.5: codes 0 and 1 follow their vectors; code 2, never chosen,
    stays where it is.
    """
    layer = vq([[0.0, 0.0], [10.0, 0.0], [0.0, 90.0]], decay=0.5, restart_below=0.0)
    # The first batch gives code 0 the vectors (1, 1) and (-1, 2), with sum (0, 3), and code 1 the
    # vector (8, 0).
    layer.update(np.array([[1, 1], [-1, 2], [8, 0]], np.float32), seed=0)
    np.testing.assert_allclose(layer.counts, [0.5 * 1 + 0.5 * 2, 0.5 * 1 + 0.5 * 1, 0.5])
    np.testing.assert_allclose(layer.sums, [[0, 1.5], [0.5 * 10 + 0.5 * 8, 0], [0, 45]])
    np.testing.assert_allclose(layer.codebook, [[0, 1], [9, 0], [0, 90]], rtol=1e-6)
    # The second gives code 0 nothing and code 1 two vectors, here as a batch of one row of two
    # positions.
    layer.update(np.array([[[[9, 1], [9, 3]]]], np.float32), seed=0)
    np.testing.assert_allclose(layer.counts, [0.75, 0.5 * 1 + 0.5 * 2, 0.25])
    np.testing.assert_allclose(
        layer.codebook, [[0, 1], [(4.5 + 9) / 1.5, 2 / 1.5], [0, 90]], rtol=1e-6
    )


def test_the_codebook_settles_at_the_means():
    """With every code alive, many updates on one batch are Lloyd's algorithm: each code ends at
    the mean of its vectors.
    """
    centres = np.array([[0, 0], [5, 0], [0, 5]], np.float32)
    batch = np.concatenate(
        [centre + 0.3 * vectors(20, 2, seed=i) for i, centre in enumerate(centres)]
    )
    layer = vq(centres + 0.5, decay=0.5)
    for _ in range(40):  # what is left of the start: 2^-40
        layer.update(batch, seed=0)
    np.testing.assert_allclose(
        layer.codebook, batch.reshape(3, 20, 2).mean(axis=1), rtol=1e-4, atol=1e-6
    )


def test_dead_codes_become_vectors_of_the_batch():
    """Codes 1 and 3 are far from everything: their counts fall to 0.9^n, below 0.5 at n = 7, and
    not before.
    """
    layer = vq([[0, 0], [1e3, 0], [5, 5], [0, 1e3]], decay=0.9, restart_below=0.5)
    batch = np.concatenate([0.1 * vectors(30, 2), 5 + 0.1 * vectors(30, 2, seed=1)])
    seeds = keras.random.SeedGenerator(0)
    for _ in range(6):
        layer.update(batch, seeds)
    np.testing.assert_allclose(layer.codebook.numpy()[[1, 3]], [[1e3, 0], [0, 1e3]], rtol=1e-5)
    kept = layer.codebook.numpy()[[0, 2]]
    layer.update(batch, seeds)
    replaced = layer.codebook.numpy()[[1, 3]]
    for code in replaced:
        assert np.abs(batch - code).max(axis=1).min() < 1e-6
    assert (replaced[0] != replaced[1]).any()  # each draws its own row
    # a new code is not dead again at once
    np.testing.assert_allclose(layer.counts.numpy()[[1, 3]], 1.0)
    np.testing.assert_allclose(layer.codebook.numpy()[[0, 2]], kept, atol=0.05)


def test_the_first_update_draws_the_codebook_from_the_batch():
    """A code that the random start gave some vectors becomes their mean; all the others become
    vectors of the batch.
    """
    layer, batch = VQ(6, 2), vectors(100, 2) + 50
    chosen = np.asarray(layer.tokens(batch))
    layer.update(batch, seed=0)
    for index, code in enumerate(layer.codebook.numpy()):
        if (chosen == index).any():
            np.testing.assert_allclose(code, batch[chosen == index].mean(axis=0), rtol=1e-5)
        else:
            assert np.abs(batch - code).max(axis=1).min() < 1e-5
    assert len(np.unique(layer.tokens(batch))) >= 4 > len(np.unique(chosen))


def test_restart_below_zero_replaces_none():
    """A new codebook, whose counts are 0, and a batch that is near one of its codes only."""
    layer = VQ(6, 2, restart_below=0.0)
    before = layer.codebook.numpy()
    batch = np.full((40, 2), 50, np.float32)
    for step in range(30):
        layer.update(batch, seed=step)
    chosen = int(layer.tokens(batch)[0])
    others = np.arange(6) != chosen
    np.testing.assert_array_equal(layer.codebook.numpy()[others], before[others])
    np.testing.assert_allclose(layer.codebook.numpy()[chosen], 50, rtol=1e-5)


# --- usage ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tokens", "share", "perplexity"),
    [
        (np.arange(8).reshape(2, 4), 1.0, 8.0),  # all, equally often
        (np.full((3, 5), 7), 1 / 8, 1.0),  # always the same
        ([[0, 0, 5, 5]], 2 / 8, 2.0),  # two, equally often
        ([[1, 1, 1, 2]], 2 / 8, 4 / 3**0.75),  # exp(-(3/4 log 3/4 + 1/4 log 1/4)) = 4 / 3^(3/4)
    ],
)
def test_codebook_usage(tokens, share, perplexity):
    assert codebook_usage(tokens, 8) == (pytest.approx(share), pytest.approx(perplexity))
