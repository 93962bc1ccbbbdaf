"""From logits to tokens: the distribution that is drawn from, what top-k and top-p keep,
guidance and MaskGIT's schedule.
"""

import math

import keras
import numpy as np
import pytest
from scipy import stats

from genimg_lib.nn import sampling

LOGITS = np.array([2.0, -1.0, 0.5, 0.0, 1.5, -1.5], np.float32)


def softmax(logits):
    weights = np.exp(np.asarray(logits, np.float64) - np.max(logits, axis=-1, keepdims=True))
    return weights / weights.sum(axis=-1, keepdims=True)


def draws(logits, count=200_000, seed=0, **options):
    """Tokens drawn `count` times from the same logits, as in the models: noise from a seed."""
    logits = np.tile(logits, (count, 1)).astype(np.float32)
    noise = sampling.gumbel(logits.shape, sampling.stateless_seed(seed), 0)
    return np.asarray(sampling.choose(logits, noise, **options))


def assert_distributed(tokens, probabilities):
    """Pearson's chi-square below the value that a right sampler exceeds once in a million seeds;
    nothing impossible drawn.
    """
    counts, expected = (
        np.bincount(tokens, minlength=len(probabilities)),
        len(tokens) * np.asarray(probabilities),
    )
    possible = expected > 0
    assert counts[~possible].sum() == 0
    assert expected[possible].min() > 50  # where the statistic follows its limit
    statistic = ((counts - expected)[possible] ** 2 / expected[possible]).sum()
    assert statistic < stats.chi2.ppf(1 - 1e-6, possible.sum() - 1)


# --- drawing --------------------------------------------------------------------------------------


@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.5])
def test_choose_draws_from_the_softmax(temperature):
    assert_distributed(draws(LOGITS, temperature=temperature), softmax(LOGITS / temperature))


@pytest.mark.parametrize("temperature", [1.0, 2.0])
def test_choose_draws_from_what_top_k_and_top_p_leave(temperature):
    """Top-p works on the tempered probabilities of the k that are left, and what it leaves is
    drawn in proportion.
    """
    probabilities = softmax(LOGITS / temperature)
    kept = np.isin(np.arange(6), [0, 4, 2, 3])  # the four largest
    after_k = np.where(kept, probabilities, 0) / probabilities[kept].sum()
    # In order 0.51, 0.31, 0.11, 0.07 at temperature 1 and 0.38, 0.30, 0.18, 0.14 at 2: to reach 0.8
    # takes 2 and 3 tokens.
    kept &= np.isin(np.arange(6), [0, 4] if temperature == 1.0 else [0, 4, 2])
    expected = np.where(kept, after_k, 0) / after_k[kept].sum()
    assert_distributed(draws(LOGITS, temperature=temperature, top_k=4, top_p=0.8), expected)


def test_gumbel_noise_is_standard_gumbel():
    """The Kolmogorov-Smirnov distance that a right sampler exceeds once in a million seeds; and
    it is finite.
    """
    noise = np.asarray(sampling.gumbel((100_000,), sampling.stateless_seed(1), 3))
    assert np.isfinite(noise).all()
    assert stats.kstest(noise, "gumbel_r").statistic < stats.kstwo.ppf(1 - 1e-6, noise.size)


def test_noise_is_a_function_of_seed_and_step():
    first, second = sampling.stateless_seed(5), sampling.stateless_seed(6)
    noise = [
        np.asarray(sampling.gumbel((4, 50), seed, step))
        for seed in (first, second)
        for step in (0, 1)
    ]
    np.testing.assert_array_equal(noise[1], sampling.gumbel((4, 50), first, 1))
    for i in range(4):
        for j in range(i):
            # 200 numbers: 5 / sqrt(200) = 0.35
            assert abs(np.corrcoef(noise[i].ravel(), noise[j].ravel())[0, 1]) < 0.4


def test_stateless_seed_repeat_for_an_integer_and_move_on_for_a_generator():
    np.testing.assert_array_equal(sampling.stateless_seed(5), sampling.stateless_seed(5))
    generator = keras.random.SeedGenerator(5)
    assert (
        np.asarray(sampling.stateless_seed(generator))
        != np.asarray(sampling.stateless_seed(generator))
    ).any()
    assert (
        np.asarray(sampling.stateless_seed(None)) != np.asarray(sampling.stateless_seed(None))
    ).any()


@pytest.mark.parametrize("options", [{}, {"top_k": 3}, {"top_p": 0.3}, {"top_k": 2, "top_p": 0.9}])
def test_temperature_zero_is_the_argmax(options):
    logits = np.random.default_rng(0).normal(size=(100, 20)).astype(np.float32)
    noise = sampling.gumbel(logits.shape, sampling.stateless_seed(0), 0)
    tokens = sampling.choose(logits, noise, temperature=0.0, **options)
    np.testing.assert_array_equal(tokens, logits.argmax(axis=-1))
    assert tokens.dtype == "int32"


def test_top_k_of_one_and_a_tiny_top_p_are_the_argmax():
    logits = np.random.default_rng(0).normal(size=(100, 20)).astype(np.float32)
    noise = sampling.gumbel(logits.shape, sampling.stateless_seed(0), 0)
    np.testing.assert_array_equal(sampling.choose(logits, noise, top_k=1), logits.argmax(axis=-1))
    np.testing.assert_array_equal(
        sampling.choose(logits, noise, top_p=1e-6), logits.argmax(axis=-1)
    )
    assert (np.asarray(sampling.choose(logits, noise)) != logits.argmax(axis=-1)).any()


# --- what is kept ---------------------------------------------------------------------------------


def kept(logits):
    return np.isfinite(np.asarray(logits))


@pytest.mark.parametrize(
    ("k", "expected"),
    [(1, [0]), (2, [0, 4]), (3, [0, 4, 2]), (6, range(6)), (99, range(6))],
)
def test_top_k_by_hand(k, expected):
    left = np.asarray(sampling.keep_top_k(LOGITS, k))
    np.testing.assert_array_equal(np.flatnonzero(kept(left)), sorted(expected))
    np.testing.assert_array_equal(left[kept(left)], LOGITS[kept(left)])
    assert (left[~kept(left)] == -math.inf).all()


def test_equals_of_the_kth_largest_stay():
    np.testing.assert_array_equal(
        kept(sampling.keep_top_k(np.float32([1, 3, 2, 2, 0]), 2)), [0, 1, 1, 1, 0]
    )


@pytest.mark.parametrize(
    ("p", "expected"),
    [
        (0.01, [1]),
        (0.49, [1]),
        (0.51, [1, 3]),
        (0.79, [1, 3]),
        (0.81, [1, 3, 0]),
        (0.94, [1, 3, 0]),
        (0.96, [1, 3, 0, 2]),
    ],
)
def test_top_p_by_hand(p, expected):
    logits = np.log(np.float32([0.15, 0.5, 0.05, 0.3]))
    left = np.asarray(sampling.keep_top_p(logits, p))
    np.testing.assert_array_equal(np.flatnonzero(kept(left)), sorted(expected))
    np.testing.assert_array_equal(left[kept(left)], logits[kept(left)])


@pytest.mark.parametrize("p", [0.1, 0.5, 0.9, 0.99])
def test_top_k_and_top_p_against_a_loop(p):
    """Rows of (7, 9, 30): the smallest set of likeliest tokens that reaches p, found by adding
    one after the other.
    """
    logits = np.random.default_rng(1).normal(0, 2, (7, 9, 30)).astype(np.float32)
    probabilities = softmax(logits).reshape(-1, 30)
    expected = np.zeros_like(probabilities, bool)
    for row, kept_row in zip(probabilities, expected, strict=True):
        total = 0.0
        for token in np.argsort(-row):
            kept_row[token] = True
            total += row[token]
            if total >= p:
                break
    np.testing.assert_array_equal(
        kept(sampling.keep_top_p(logits, p)), expected.reshape(logits.shape)
    )
    ranks = (-logits).argsort(axis=-1).argsort(axis=-1)
    for k in (1, 4, 29):
        np.testing.assert_array_equal(kept(sampling.keep_top_k(logits, k)), ranks < k)


def test_top_p_of_one_leaves_out_nothing():
    """Not even the tail that rounding hides: in float32 the likeliest tokens here already sum to
    1.
    """
    logits = np.random.default_rng(2).normal(0, 30, (200, 240)).astype(np.float32)
    assert (
        np.cumsum(np.sort(softmax(logits))[:, ::-1], axis=-1, dtype=np.float32)[:, -2].max() >= 1.0
    )
    assert kept(sampling.keep_top_p(logits, 1.0)).all()


# --- guidance -------------------------------------------------------------------------------------


def test_guidance_by_its_scale():
    rng = np.random.default_rng(0)
    conditional, unconditional = rng.normal(size=(2, 5, 8)).astype(np.float32)
    np.testing.assert_array_equal(sampling.guide(conditional, unconditional, 0.0), unconditional)
    np.testing.assert_allclose(
        sampling.guide(conditional, unconditional, 1.0), conditional, atol=1e-6
    )
    np.testing.assert_allclose(
        sampling.guide(conditional, unconditional, 2.0), 2 * conditional - unconditional, atol=1e-6
    )


def test_guidance_is_a_power_of_the_posterior():
    """Bayes: p(token | class) / p(token) is p(class | token) / p(class). Scale s multiplies
    p(token) by its s-th power.
    """
    joint = np.random.default_rng(0).uniform(0.1, 1, (3, 8))  # of class and token
    joint /= joint.sum()
    tokens, posterior = joint.sum(axis=0), joint / joint.sum(axis=0)
    for scale in (0.0, 0.5, 1.0, 3.0):
        guided = softmax(
            sampling.guide(np.log(joint / joint.sum(axis=1, keepdims=True)), np.log(tokens), scale)
        )
        expected = tokens * posterior**scale
        np.testing.assert_allclose(
            guided, expected / expected.sum(axis=1, keepdims=True), rtol=1e-6
        )


# --- MaskGIT's schedule ---------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 9, 16, 49, 70, 784])
@pytest.mark.parametrize("steps", [1, 2, 4, 8, 16, 49])
def test_still_masked_follows_the_cosine(steps, count):
    masked = [int(sampling.still_masked(step, steps, count)) for step in range(steps + 1)]
    expected = [
        math.floor(math.cos(math.pi / 2 * step / steps) * count + 1e-9) for step in range(steps + 1)
    ]
    assert masked == expected
    assert masked[0] == count
    assert masked[-1] == 0
    assert masked == sorted(masked, reverse=True)
    if steps > 1:
        assert masked[1] < count  # the first step fixes something


def test_the_schedule_fixes_few_at_first_and_many_at_the_end():
    masked = np.asarray(sampling.still_masked(np.arange(9), 8, 49))
    fixed = -np.diff(masked)
    assert fixed[0] == 1
    assert fixed[-1] == 9  # floor(49 cos(7 pi / 16)) = floor(9.56)
    # half-way, floor(49 / sqrt 2) = 34 are masked
    assert (fixed[:4].sum(), fixed[4:].sum()) == (15, 34)


def test_still_masked_for_each_row():
    np.testing.assert_array_equal(
        sampling.still_masked(1, 2, np.array([0, 2, 10, 49])), [0, 1, 7, 34]
    )


def test_least_confident_marks_the_smallest_of_each_row():
    confidences = np.random.default_rng(0).normal(size=(6, 12)).astype(np.float32)
    confidences[0, :5] = math.inf  # tokens that are fixed already
    counts = np.array([3, 0, 12, 1, 5, 7])
    marked = np.asarray(sampling.least_confident(confidences, counts))
    np.testing.assert_array_equal(marked.sum(axis=1), counts)
    for row, mark in zip(confidences, marked, strict=True):
        if 0 < mark.sum() < 12:
            assert row[mark].max() < row[~mark].min()


def test_least_confident_marks_so_many_among_equals_too():
    marked = sampling.least_confident(np.zeros((3, 8), np.float32), np.array([0, 3, 8]))
    np.testing.assert_array_equal(np.sum(marked, axis=1), [0, 3, 8])


# --- options --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"temperature": -0.1}, "temperature must be finite and not negative, got -0.1"),
        ({"temperature": math.nan}, "temperature must be finite and not negative, got nan"),
        ({"temperature": math.inf}, "temperature must be finite and not negative, got inf"),
        ({"guidance": -1.0}, "guidance must be finite and not negative, got -1.0"),
        ({"guidance": math.inf}, "guidance must be finite and not negative, got inf"),
        ({"choice_temperature": -2}, "choice_temperature must be finite and not negative, got -2"),
        ({"choice_temperature": math.nan}, "choice_temperature must be finite"),
        ({"top_k": 0}, "top_k must be a whole number of at least 1, got 0"),
        ({"top_k": -5}, "top_k must be a whole number of at least 1, got -5"),
        ({"top_k": 2.5}, "top_k must be a whole number of at least 1, got 2.5"),
        ({"top_p": 0.0}, "top_p must be in (0, 1], got 0.0"),
        ({"top_p": 1.01}, "top_p must be in (0, 1], got 1.01"),
        ({"top_p": math.nan}, "top_p must be in (0, 1], got nan"),
        ({"steps": 0}, "steps must be a whole number of at least 1, got 0"),
    ],
)
def test_options_that_make_no_sense(options, message):
    with pytest.raises((ValueError, TypeError)) as raised:
        sampling.check_options(**options)
    assert message in str(raised.value)


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"temperature": 0.0, "guidance": 0.0, "choice_temperature": 0.0},
        {"top_k": 1, "top_p": 1.0, "steps": 1},
        {
            "temperature": 3,
            "top_k": 999,
            "top_p": 1e-9,
            "guidance": 20,
            "steps": 10_000,
            "choice_temperature": 50,
        },
    ],
)
def test_options_at_the_edge_of_sense(options):
    sampling.check_options(**options)
