"""Attention by hand, causality to the last bit, and the cached decoder against the uncached
loop.
"""

import itertools

import keras
import numpy as np
import pytest
import tensorflow as tf
import tiny_models

from genimg_lib.data.images import check_conditions, check_fixed
from genimg_lib.nn.transformer import Attention, CausalTransformer, Transformer

VOCABULARY, LENGTH, CONDITIONS = 7, 9, 3
GROUPS = {
    "causal": list(range(8)),
    "bidirectional": [0] * 8,
    "scales": [0, 1, 1, 1, 2, 2, 2, 2],
}


def tokens(*shape, seed=0):
    return np.random.default_rng(seed).integers(0, VOCABULARY, shape)


def embeddings(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


@pytest.fixture(scope="module")
def network():
    return tiny_models.causal_transformer(VOCABULARY, LENGTH, num_conditions=CONDITIONS)


@pytest.fixture(scope="module", params=GROUPS)
def grouped(request):
    """(groups, a transformer with them)."""
    keras.utils.set_random_seed(0)
    return np.array(GROUPS[request.param]), Transformer(
        VOCABULARY, GROUPS[request.param], width=16, depth=2, heads=2
    )


# --- attention ------------------------------------------------------------------------------------


def attention_by_hand(x, mask, project_in, project_out, heads):
    """One sequence (n, width), one head and one position at a time, in float64; the mask is True
    where one may look.
    """
    count, width = x.shape
    queries, keys, values = np.split(x.astype(np.float64) @ project_in, 3, axis=1)
    mixed, maps = np.zeros((count, width)), np.zeros((heads, count, count))
    for head, columns in enumerate(np.split(np.arange(width), heads)):
        for i in range(count):
            scores = [
                queries[i, columns] @ keys[j, columns] / np.sqrt(len(columns)) for j in range(count)
            ]
            weights = np.exp(scores) * mask[i]
            maps[head, i] = weights / weights.sum()
            mixed[i, columns] = maps[head, i] @ values[:, columns]
    return mixed @ project_out, maps


@pytest.mark.parametrize("heads", [1, 4])
def test_attention_by_hand(heads):
    attention = Attention(8, heads)
    attention.build((None, 8))
    x, mask = embeddings(2, 5, 8), np.tri(5, dtype=bool)
    additive = tf.constant(np.where(mask, 0, -1e9), tf.float32)
    rows = tf.reshape(x, (-1, 8))
    mixed = np.reshape(attention(rows, additive)[0], (2, 5, 8))
    maps = attention.maps(rows, additive)
    for i in range(2):
        expected, expected_maps = attention_by_hand(x[i], mask, *attention.get_weights(), heads)
        np.testing.assert_allclose(mixed[i], expected, atol=1e-5)
        np.testing.assert_allclose(maps[i], expected_maps, atol=1e-6)


def test_attention_maps_are_distributions_within_the_groups(grouped):
    groups, transformer = grouped
    maps = transformer.attention_maps(embeddings(3, 8, 16))
    hidden = groups[:, None] < groups[None, :]
    assert len(maps) == 2
    for of_a_block in maps:
        assert of_a_block.shape == (3, 2, 8, 8)
        np.testing.assert_allclose(np.sum(of_a_block, axis=-1), 1.0, atol=1e-6)
        assert (np.asarray(of_a_block)[..., hidden] == 0).all()
        assert (np.asarray(of_a_block)[..., ~hidden] > 0).all()


def test_attention_maps_of_tokens(network):
    """One row and column more than tokens: the start. What a token looks at does not depend on
    those after it.
    """
    given = tokens(2, 6)
    maps = network.attention_maps(given, np.array([0, 2]))
    shorter = network.attention_maps(given[:, :3], np.array([0, 2]))
    others = network.attention_maps(given, np.array([1, 1]))
    for of_a_block, of_the_prefix, of_others in zip(maps, shorter, others, strict=True):
        assert of_a_block.shape == (2, 2, 7, 7)
        assert (
            np.asarray(of_a_block)[..., np.triu_indices(7, 1)[0], np.triu_indices(7, 1)[1]] == 0
        ).all()
        np.testing.assert_allclose(of_a_block[:, :, :4, :4], of_the_prefix, atol=1e-6)
        assert np.abs(of_a_block - of_others).max() > 1e-3


# --- causality ------------------------------------------------------------------------------------


@pytest.mark.parametrize("position", range(LENGTH - 1))
def test_a_token_leaves_all_earlier_logits_bit_equal(network, position):
    """Logits 0 to `position` are of tokens up to that one, and so before it; every later one
    hears of the change.
    """
    before = tokens(4, LENGTH - 1)
    after = before.copy()
    after[:, position] = (after[:, position] + 1) % VOCABULARY
    first, second = np.asarray(network(before)), np.asarray(network(after))
    np.testing.assert_array_equal(first[:, : position + 1], second[:, : position + 1])
    assert (np.abs(first - second)[:, position + 1 :].max(axis=-1) > 1e-4).all()


def test_a_position_changes_its_own_and_later_groups_only(grouped):
    groups, transformer = grouped
    before = embeddings(2, 8, 16)
    for position in range(8):
        after = before.copy()
        after[:, position] += 1.0
        change = np.abs(np.asarray(transformer(before)) - np.asarray(transformer(after))).max(
            axis=(0, 2)
        )
        assert (change[groups < groups[position]] == 0).all()
        assert (change[groups >= groups[position]] > 1e-5).all()


def test_no_gradient_flows_back_in_time(network):
    embedded = tf.constant(embeddings(1, LENGTH, network.transformer.width))
    for position in (0, 4, LENGTH - 1):
        with tf.GradientTape() as tape:
            tape.watch(embedded)
            total = tf.reduce_sum(tf.sin(network.transformer(embedded)[:, position]))
        size = np.abs(tape.gradient(total, embedded)).max(axis=(0, 2))
        assert (size[: position + 1] > 0).all()
        assert (size[position + 1 :] == 0).all()


def test_positions_are_told_apart():
    """Without the learned positions a bidirectional transformer only carries a permutation of
    its input over.
    """
    keras.utils.set_random_seed(0)
    transformer = Transformer(VOCABULARY, GROUPS["bidirectional"], width=16, depth=2, heads=2)
    x, order = embeddings(2, 8, 16), np.array([3, 1, 0, 2, 7, 5, 6, 4])
    assert (
        np.abs(np.asarray(transformer(x[:, order])) - np.asarray(transformer(x))[:, order]).max()
        > 1e-3
    )
    transformer.positions.assign(np.zeros((8, 16)))
    np.testing.assert_allclose(
        transformer(x[:, order]), np.asarray(transformer(x))[:, order], atol=1e-5
    )


# --- the cache ------------------------------------------------------------------------------------


@pytest.mark.parametrize("chunks", [[8], [1] * 8, [3, 5], [1, 6, 1], [4, 4]])
def test_extending_the_cache_equals_the_full_pass(chunks):
    """Float32 rounds at 6e-8 and the logits are of order 1, summed over 16 to 64 numbers in two
    blocks: 1e-5 is ample.
    """
    keras.utils.set_random_seed(0)
    transformer, x = (
        Transformer(VOCABULARY, range(8), width=16, depth=2, heads=2),
        embeddings(3, 8, 16),
    )
    assert_extended_equals_full(transformer, x, chunks)


@pytest.mark.parametrize("chunks", [[1, 3, 4], [4, 4], [8]])
def test_extending_by_whole_groups_equals_the_full_pass(chunks):
    keras.utils.set_random_seed(0)
    transformer, x = (
        Transformer(VOCABULARY, GROUPS["scales"], width=16, depth=2, heads=2),
        embeddings(3, 8, 16),
    )
    assert_extended_equals_full(transformer, x, chunks)


def assert_extended_equals_full(transformer, x, chunks):
    cache, parts, start = transformer.empty_cache(len(x)), [], 0
    for count in chunks:
        logits, cache = transformer.extend(tf.constant(x[:, start : start + count]), cache, start)
        parts.append(logits)
        start += count
    full = np.asarray(transformer(x))
    assert np.abs(full).max() > 0.1
    np.testing.assert_allclose(np.concatenate(parts, axis=1), full, atol=1e-5)


def prompts(batch, length, known, seed=0):
    """Sequences of which the first `known` tokens are given, and -1 for the rest."""
    given = tokens(batch, length, seed=seed)
    given[:, known:] = -1
    return given


@pytest.mark.parametrize(
    "limits", [{}, {"top_k": 3}, {"top_p": 0.7}, {"top_k": 4, "top_p": 0.5}], ids=str
)
@pytest.mark.parametrize("scales", [(1.0,), (0.0, 2.5)], ids=["unguided", "guided"])
def test_draw_equals_the_uncached_loop(network, scales, limits):
    """Token for token: logits a rounding apart (1e-6) change a token about once in 10^6 draws,
    and about 30 are compared.
    """
    conditions = np.array([0, 1, 2, CONDITIONS, 0])
    for guidance, (temperature, known) in itertools.product(scales, ((0.0, 0), (0.7, 5), (1.0, 2))):
        fixed = prompts(5, LENGTH, known, seed=known)
        options = {"seed": known, "temperature": temperature, "guidance": guidance, **limits}
        drawn, expected = (
            draw(fixed, conditions, **options) for draw in (network.draw, network.draw_uncached)
        )
        np.testing.assert_array_equal(drawn, expected, err_msg=str(options))


def test_options_of_draw_reach_the_sampler(network):
    """Cached and uncached could agree on a mistake: each option changes what is drawn, and top-k
    of 1 is greedy.
    """
    free, conditions = np.full((20, LENGTH), -1), np.arange(20) % 3
    plain = np.asarray(network.draw(free, conditions, seed=0))
    for options in ({"temperature": 3.0}, {"top_k": 2}, {"top_p": 0.3}, {"guidance": 5.0}):
        assert (np.asarray(network.draw(free, conditions, seed=0, **options)) != plain).any(), (
            options
        )
    greedy = network.draw(free, conditions, seed=0, temperature=0.0)
    np.testing.assert_array_equal(network.draw(free, conditions, seed=5, top_k=1), greedy)
    logits = np.asarray(network(greedy[:, :-1], conditions))
    np.testing.assert_array_equal(logits.argmax(axis=-1), greedy)


@pytest.mark.parametrize(("batch", "length"), [(1, 1), (1, LENGTH), (6, 2), (6, 7)])
def test_draw_equals_the_uncached_loop_for_every_size(network, batch, length):
    """One model draws them all: TensorFlow retraces its loop for any length."""
    for known in sorted({0, 1, length - 1, length}):
        fixed = prompts(batch, length, known, seed=known)
        drawn = np.asarray(network.draw(fixed, seed=3))
        np.testing.assert_array_equal(drawn, network.draw_uncached(fixed, seed=3))
        np.testing.assert_array_equal(drawn[:, :known], fixed[:, :known])
        assert drawn.shape == (batch, length)
        assert drawn.min() >= 0
        assert drawn.max() < VOCABULARY


def test_draw_keeps_tokens_given_anywhere(network):
    fixed = np.where(np.random.default_rng(0).random((20, LENGTH)) < 0.5, tokens(20, LENGTH), -1)
    drawn = np.asarray(network.draw(fixed, seed=0))
    np.testing.assert_array_equal(drawn[fixed >= 0], fixed[fixed >= 0])
    np.testing.assert_array_equal(drawn, network.draw_uncached(fixed, seed=0))


def test_draw_compiled_by_xla_is_the_same(network):
    """At temperature 0: XLA has random numbers of its own, so with noise the same seed draws
    other tokens.
    """
    fixed, conditions = prompts(4, LENGTH, 2), np.array([0, 1, 2, 3])
    options = {"seed": 0, "temperature": 0.0, "guidance": 2.0}
    plain, compiled = (
        network.draw(fixed, conditions, jit_compile=jit, **options) for jit in (False, True)
    )
    np.testing.assert_array_equal(plain, compiled)


# --- prompts --------------------------------------------------------------------------------------


def test_padding_a_prompt_changes_nothing(network):
    """Whatever stands after a prompt, its logits are the same up to rounding, and what is drawn
    is the same.
    """
    prompt = tokens(4, 5)
    logits = np.asarray(network(prompt))
    for padding in (1, 3):
        padded = np.concatenate([prompt, tokens(4, padding, seed=padding)], axis=1)
        np.testing.assert_allclose(network(padded)[:, :6], logits, atol=1e-5)
    free = [
        np.concatenate([prompt, np.full((4, padding), -1)], axis=1) for padding in (2, LENGTH - 5)
    ]
    shorter, longer = (np.asarray(network.draw(fixed, seed=4)) for fixed in free)
    np.testing.assert_array_equal(shorter, longer[:, :7])


def test_a_prompt_does_not_depend_on_its_neighbours(network):
    """Prompts of 0 to 5 tokens padded in one batch: each row is what it is among rows of its own
    length.
    """
    complete = tokens(6, LENGTH, seed=8)
    mixed = np.where(np.arange(LENGTH) < np.arange(6)[:, None], complete, -1)
    together = np.asarray(network.draw(mixed, seed=5))
    for row in range(6):
        alone = np.where(np.arange(LENGTH) < row, complete, -1)
        np.testing.assert_array_equal(network.draw(alone, seed=5)[row], together[row])
    assert (together[:, 6:] != np.asarray(network.draw(mixed, seed=6))[:, 6:]).any()


def test_a_seed_repeats_and_a_generator_moves_on(network):
    free, generator = np.full((5, LENGTH), -1), keras.random.SeedGenerator(0)
    np.testing.assert_array_equal(network.draw(free, seed=1), network.draw(free, seed=1))
    assert (np.asarray(network.draw(free, seed=1)) != np.asarray(network.draw(free, seed=2))).any()
    assert (
        np.asarray(network.draw(free, seed=generator))
        != np.asarray(network.draw(free, seed=generator))
    ).any()


# --- conditions -----------------------------------------------------------------------------------


def test_no_condition_is_the_last_condition(network):
    given, none = tokens(4, 6), np.full(4, CONDITIONS)
    np.testing.assert_array_equal(network(given), network(given, none))
    np.testing.assert_array_equal(network.token_nll(given), network.token_nll(given, none))
    for options in ({}, {"guidance": 3.0}):
        drawn = [
            network.draw(np.full((4, LENGTH), -1), conditions, seed=0, **options)
            for conditions in (None, none)
        ]
        np.testing.assert_array_equal(*drawn)
    for condition in range(CONDITIONS):
        change = np.abs(
            np.asarray(network(given)) - np.asarray(network(given, np.full(4, condition)))
        )
        # the condition is heard at every position, not at the start alone
        assert (change.max(axis=-1) > 1e-4).all()


def test_guidance_zero_ignores_the_condition(network):
    free, conditions = np.full((6, LENGTH), -1), np.array([0, 1, 2, 0, 1, 2])
    np.testing.assert_array_equal(
        network.draw(free, conditions, seed=0, guidance=0.0), network.draw(free, seed=0)
    )


# --- likelihood -----------------------------------------------------------------------------------


def test_token_nll_is_that_of_the_logits(network):
    given, conditions = tokens(5, LENGTH), np.array([0, 1, 2, 3, 0])
    logits = np.asarray(network(given[:, :-1], conditions), np.float64)
    log_p = logits - np.log(np.exp(logits).sum(axis=-1, keepdims=True))
    expected = -np.take_along_axis(log_p, given[..., None], axis=-1)[..., 0]
    np.testing.assert_allclose(network.token_nll(given, conditions), expected, rtol=1e-4)


def test_the_probabilities_of_all_sequences_sum_to_one():
    """All 3^5 sequences: each token's probabilities sum to 1 within 3e-7 or so, and five are
    multiplied.
    """
    network = tiny_models.causal_transformer(3, 5, num_conditions=1)
    everything = np.stack(np.meshgrid(*[range(3)] * 5, indexing="ij"), axis=-1).reshape(-1, 5)
    for conditions in (None, np.zeros(243, np.int32)):
        log_p = -np.sum(network.token_nll(everything, conditions), axis=1, dtype=np.float64)
        assert np.exp(log_p).sum() == pytest.approx(1.0, abs=1e-5)
        assert np.ptp(log_p) > 1.0


# --- bad input ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fixed", "conditions", "exception", "message"),
    [
        (np.full((2, LENGTH + 1), -1), None, ValueError, "a sequence has at most 9 tokens, got 10"),
        ([[0, 7]], None, ValueError, "token 7 is outside 0..6"),
        ([[0, -2]], None, ValueError, "token -2 is outside 0..6"),
        ([[0.0, 1.0]], None, TypeError, "tokens must be whole numbers, got float64"),
        ([[True, False]], None, TypeError, "tokens must be whole numbers, got bool"),
        ([0, 1], None, ValueError, "tokens must have shape (n, length), got (2,)"),
        (np.zeros((0, 3), int), None, ValueError, "tokens must have shape (n, length), got (0, 3)"),
        (np.zeros((2, 0), int), None, ValueError, "tokens must have shape (n, length), got (2, 0)"),
        ([[0, 1]], [4], ValueError, "expected 1 conditions in 0..3, got [4]"),
        ([[0, 1]], [-1], ValueError, "expected 1 conditions in 0..3, got [-1]"),
        ([[0, 1]], [0, 1], ValueError, "expected 1 conditions in 0..3, got [0 1]"),
        ([[0, 1]], 0, ValueError, "expected 1 conditions in 0..3, got 0"),
        ([[0, 1]], [[0]], ValueError, "expected 1 conditions in 0..3, got [[0]]"),
        ([[0, 1]], [0.5], ValueError, "expected 1 conditions in 0..3, got [0.5]"),
        ([[0, 1]], ["seven"], ValueError, "expected 1 conditions in 0..3, got ['seven']"),
    ],
)
def test_bad_sequences_and_conditions(network, fixed, conditions, exception, message):
    for draw in (network.draw, network.draw_uncached):
        with pytest.raises(exception) as raised:
            draw(fixed, conditions)
        assert message in str(raised.value)


@pytest.mark.parametrize(
    "options", [{"temperature": -1.0}, {"top_k": 0}, {"top_p": 1.5}, {"guidance": -0.5}], ids=str
)
def test_bad_options(network, options):
    ((name, value),) = options.items()
    for draw in (network.draw, network.draw_uncached):
        with pytest.raises(ValueError, match=f"{name} must be .*got {value}"):
            draw(np.full((1, 2), -1), **options)


def test_checked_sequences_keep_their_values():
    fixed = check_fixed(np.array([[0, -1], [6, 3]], np.int64), VOCABULARY, LENGTH)
    conditions = check_conditions([3, 0], 2, CONDITIONS)
    np.testing.assert_array_equal(fixed, [[0, -1], [6, 3]])
    np.testing.assert_array_equal(conditions, [3, 0])
    assert fixed.dtype == conditions.dtype == "int32"


def test_width_must_be_a_multiple_of_heads():
    with pytest.raises(ValueError, match="width must be a multiple of heads, got 10 and 4"):
        CausalTransformer(VOCABULARY, LENGTH, width=10, heads=4)


def test_more_tokens_than_positions(network):
    assert network(tokens(2, LENGTH - 1)).shape == (2, LENGTH, VOCABULARY)
    with pytest.raises(ValueError, match=f"there are {LENGTH} positions, got {LENGTH + 1}"):
        network(tokens(2, LENGTH))
