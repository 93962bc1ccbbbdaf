"""Green lists: what the key decides, the distribution without and with the mark, and the test."""

import numpy as np
import pytest
from scipy import stats

from genimg_lib.nn.transformer import CausalTransformer
from genimg_lib.nn.watermark import CONTEXTS, Watermark, z_score

VOCABULARY, LENGTH = 12, 9


def mark(**options) -> Watermark:
    return Watermark(**{"key": 5, "vocabulary_size": VOCABULARY, "length": LENGTH} | options)


def uniform_tokens(count, seed=0):
    return np.random.default_rng(seed).integers(VOCABULARY, size=(count, LENGTH))


@pytest.fixture(scope="module")
def network():
    return CausalTransformer(VOCABULARY, LENGTH, width=8, depth=1, heads=1)


def test_the_lists_are_a_function_of_the_key():
    assert np.array_equal(mark().green, mark(strength=1.0).green)
    assert not np.array_equal(mark().green, mark(key=6).green)


@pytest.mark.parametrize("context", CONTEXTS)
@pytest.mark.parametrize("fraction", [0.25, 0.5])
def test_without_a_mark_green_tokens_are_binomial_over_the_keys(context, fraction):
    """Recurring tokens included: an image of one colour is the hardest case."""
    image = np.zeros((1, LENGTH), int)
    image[0, 5:] = 3
    keys = 3000
    found = [mark(key=key, fraction=fraction, context=context).detect(image) for key in range(keys)]
    counted = int(found[0].counted[0])
    assert counted == {"previous": 4, "place": LENGTH, "none": 2}[context]
    greens = np.array([int(each.green[0]) for each in found])
    expected = keys * stats.binom.pmf(np.arange(counted + 1), counted, fraction)
    large = expected >= 5  # Pearson's statistic wants that; the rest goes into one class
    observed = np.bincount(greens, minlength=counted + 1)
    observed = np.append(observed[large], observed[~large].sum())
    expected = np.append(expected[large], expected[~large].sum())
    observed, expected = observed[expected > 0], expected[expected > 0]
    statistic = np.sum((observed - expected) ** 2 / expected)
    assert statistic < stats.chi2.ppf(1 - 1e-6, len(expected) - 1)
    # a p-value is at most a with a probability of at most a: five standard deviations of room
    p_values = np.array([each.p_value[0] for each in found])
    for level in (0.5, 0.1, 0.02):
        room = 5 * np.sqrt(level * (1 - level) / keys)
        assert np.mean(p_values <= level) <= level + room


def test_z_and_p_of_a_count():
    assert z_score(25, 25, 0.5) == pytest.approx(5.0)
    assert z_score(10, 20, 0.25) == pytest.approx(5 / np.sqrt(3.75))
    found = mark(context="place").detect(uniform_tokens(50))
    for green, counted, p_value in zip(found.green, found.counted, found.p_value, strict=True):
        assert p_value == pytest.approx(stats.binom.sf(green - 1, counted, 0.5))


def test_a_set_is_tested_by_its_different_pairs():
    tokens = uniform_tokens(30)
    watermark = mark()
    together = watermark.detect_together(np.concatenate([tokens, tokens]))
    pairs = np.unique(watermark.pairs(tokens))
    assert together.counted.tolist() == [len(pairs)]
    assert together.green.tolist() == [watermark.green.ravel()[pairs].sum()]


@pytest.mark.parametrize("context", CONTEXTS)
def test_marked_tokens_have_the_biased_distribution(network, context):
    """The first token's: softmax(logits + strength on green)."""
    watermark = mark(strength=1.5, context=context)
    count = 20_000
    tokens = np.asarray(network.draw(np.full((count, LENGTH), -1), seed=1, watermark=watermark))
    logits = np.asarray(network(np.zeros((1, 0), np.int32)))[0, 0]
    first_list = {"previous": VOCABULARY, "place": 0, "none": 0}[context]
    weights = np.exp(logits + 1.5 * watermark.green[first_list])
    expected = count * weights / weights.sum()
    observed = np.bincount(tokens[:, 0], minlength=VOCABULARY)
    statistic = np.sum((observed - expected) ** 2 / expected)
    assert statistic < stats.chi2.ppf(1 - 1e-6, VOCABULARY - 1)
    # uniform tokens have a mean of 0; a bias of 1.5 nats makes about 80 % of them green
    assert watermark.detect(tokens[:500]).z.mean() > 0.5


@pytest.mark.parametrize("context", CONTEXTS)
def test_both_ways_of_drawing_mark_alike(network, context):
    free = np.full((40, LENGTH), -1)
    watermark = mark(context=context)
    cached = network.draw(free, seed=3, watermark=watermark)
    plain = network.draw_uncached(free, seed=3, watermark=watermark)
    assert np.array_equal(cached, plain)
    assert not np.array_equal(cached, network.draw(free, seed=3))


def test_no_strength_is_no_mark(network):
    free = np.full((10, LENGTH), -1)
    assert np.array_equal(
        network.draw(free, seed=3, watermark=mark(strength=0.0)), network.draw(free, seed=3)
    )


def test_a_watermark_of_another_vocabulary_is_refused(network):
    with pytest.raises(ValueError, match="is for 9 of 13 tokens"):
        network.draw(np.full((1, LENGTH), -1), watermark=mark(vocabulary_size=13))
    with pytest.raises(ValueError, match="the sequence has 4 of 12"):
        network.draw(np.full((1, 4), -1), watermark=mark())


@pytest.mark.parametrize(
    "options", [{"key": -1}, {"fraction": 0.0}, {"fraction": 1.0}, {"context": "row"}]
)
def test_bad_watermarks_are_refused(options):
    with pytest.raises(ValueError, match=next(iter(options))):
        mark(**options)


def test_tokens_out_of_range_are_refused():
    with pytest.raises(ValueError, match="outside"):
        mark().detect(np.full((1, LENGTH), VOCABULARY))
