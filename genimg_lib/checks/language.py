"""Checks of exercises 07: language models."""

import copy

import numpy as np

from genimg_lib.checks import language_helpers as known
from genimg_lib.checks.core import array, checker, close, expect, short, value_checker
from genimg_lib.checks.token_helpers import match, name_causes, pair, refused, token_nats, whole


@checker
def causal_attention(answer):
    """Source: Vaswani et al., arXiv:1706.03762, sections 3.2.1 and 3.2.3."""
    random = np.random.default_rng(0)
    for leading, n, width, value_width in (((), 1, 4, 3), ((3,), 6, 4, 5), ((2, 3), 5, 9, 2)):
        queries, keys = 2 * random.normal(size=(2, *leading, n, width))
        values = random.normal(size=(*leading, n, value_width))
        with np.errstate(all="ignore"):
            found = array(answer(queries, keys, values), "the output", values.shape)
        expect(np.isfinite(found).all(), "the output has NaN: the first position must be allowed to look at itself.")
        right = known.causal(queries, keys, values)
        message = f"with {n} positions of width {width} the last should be {short(right[..., -1, :])}."
        match(found, right, message, known.attention_faults(queries, keys, values))
    yield "each position mixes what stands up to itself, with any leading axes"

    with np.errstate(all="ignore"):
        large = array(answer(300 * queries, 300 * keys, values), "the output", values.shape)
    expect(np.isfinite(large).all(), "scores of 10000 overflow: subtract the largest of each row.")
    match(large, known.causal(300 * queries, 300 * keys, values), "scores of 10000 should be exact as well: no clipping.")
    yield "scores of ten thousand"


@checker
def next_token_loss(answer):
    """Targets that are not shifted. Source: huggingface/transformers, issue 27517."""
    random = np.random.default_rng(1)
    for batch, n, vocabulary in ((3, 5, 7), (2, 9, 4)):
        tokens, logits = random.integers(vocabulary, size=(batch, n)), 2 * random.normal(size=(batch, n, vocabulary))
        loss, right = array(answer(logits, tokens), "the loss", ()), token_nats(logits[:, :-1], tokens[:, 1:]).mean()
        message = f"row i should be compared with token i + 1: {right:.4f} nats, not {short(loss)}."
        match(loss, right, message, known.shift_faults(logits, tokens))
    yield "row i predicts token i + 1, averaged over all that are predicted"

    with np.errstate(all="ignore"):
        loss = array(answer(1000 * logits, tokens), "the loss", ())
    expect(np.isfinite(loss), "logits of 1000 overflow now; the code that you were given did not.")
    match(loss, token_nats(1000 * logits[:, :-1], tokens[:, 1:]).mean(), "logits of 1000 should be exact: no clipping.")
    yield "logits of a thousand"


@checker
def attention_maps(answer):
    """A mask after the softmax that hides the token itself. Source: Vaswani et al., arXiv:1706.03762, section 3.2.3."""
    random, future = np.random.default_rng(2), ~np.tri(5, dtype=bool)
    real = np.array([[0, 0, 1, 1, 1], [1, 1, 1, 0, 0], [1, 1, 1, 1, 1]], bool)  # padded left, right, not at all
    for scale in (1.0, 10_000.0):
        scores = scale * random.normal(size=(3, 5, 5))
        with np.errstate(all="ignore"):
            found = array(answer(scores, real), "the maps", scores.shape)
            right = known.softmax(np.where(~future & real[:, None, :], scores, -np.inf))[real]
        rows = found[real]
        expect(np.isfinite(rows).all(), "rows of real tokens have NaN: mask the scores, then subtract the largest, then exp.")
        expect((found[:, 0, 0] * real[:, 0])[1:].all(), "the first token gives itself the weight 0: it must see itself.")
        expect(not rows[np.tile(future, (3, 1, 1))[real]].any(), "real tokens look into the future.")
        expect(not (rows * ~np.repeat(real, real.sum(axis=1), axis=0)).any(), "real tokens look at padding.")
        sums = short(rows.sum(axis=1))
        expect(
            close(rows.sum(axis=1), np.ones(len(rows))), f"rows should add up to 1, yours to {sums}: mask before the softmax."
        )
        match(rows, right, f"the last row of the last text should be {short(right[-1])}, not {short(rows[-1])}.")
        yield f"real tokens see real tokens up to themselves, with scores of {scale:g}"
    expect(np.isfinite(found).all(), "rows of padding are NaN, and 0 times NaN is NaN: let them look at themselves.")
    yield "rows of padding are finite"


@checker
def perplexity_and_bits(answer):
    """Source: lesson 07, section 2; Gao et al., arXiv:2101.00027 (bits per byte)."""
    random, names = np.random.default_rng(3), "perplexity, bits per character"
    for batch, n, vocabulary, characters in ((3, 6, 5, 31), (4, 3, 8, 17)):
        logits, tokens = 3 * random.normal(size=(batch, n, vocabulary)), random.integers(vocabulary, size=(batch, n))
        real = np.arange(n) < np.array([n, 1, *[n - 1] * (batch - 2)])[:, None]
        found = pair(answer(logits, tokens, real, characters), names)
        perplexity, bits = (array(part, name, ()) for part, name in zip(found, ("the perplexity", "the bits"), strict=True))
        nats = token_nats(logits, tokens)
        right = np.exp(nats[real].mean()), nats[real].sum() / np.log(2) / characters
        message = f"the perplexity should be {right[0]:.4f}, not {short(perplexity)}."
        match(perplexity, right[0], message, known.perplexity_faults(nats, real))
        message = f"the bits per character should be {right[1]:.4f}, not {short(bits)}."
        match(bits, right[1], message, known.bits_faults(nats, real, characters))
    yield "perplexity per real token, bits per character"

    with np.errstate(all="ignore"):
        bits = array(pair(answer(1000 * logits, tokens, real, characters), names)[1], "the bits", ())
    expect(np.isfinite(bits), "logits of 1000 give infinite bits or NaN: subtract the largest logit before exp.")
    right = token_nats(1000 * logits, tokens)[real].sum() / np.log(2) / characters
    match(bits, right, "logits of 1000 should give exact bits: no clipping.")
    yield "logits of a thousand"


@value_checker
def count_parameters(answers):
    """Source: Radford et al., 2019 (GPT-2); Kaplan et al., arXiv:2001.08361, table 1."""
    keys = ", ".join(map(repr, known.PARAMETERS))
    valid = isinstance(answers, dict) and set(answers) == set(known.PARAMETERS)
    expect(valid, f"it should be a dictionary with the keys {keys}.")
    for key, right in known.PARAMETERS.items():
        given = array(answers[key], key, ())
        expect(given < 1e5, f"{key}: {short(given)}; give millions.")
        for words, number in known.PARAMETER_FAULTS[key].items():
            expect(not close(given, number, rtol=0.005), f"{key}: {words}")
        expect(close(given, right, rtol=0.005), f"{key}: {short(given)} is {given / right:.3f} times what it should be.")
        yield key


@checker
def attend_step(answer):
    """Source: Shazeer, arXiv:1911.02150, section 2.4 (incremental attention)."""
    random = np.random.default_rng(4)
    for leading, n, width in (((3,), 5, 4), ((2, 3), 4, 9)):
        queries, keys = 2 * random.normal(size=(2, *leading, n, width))
        values = random.normal(size=(*leading, n, width + 1))
        expected, cache, caches = known.causal(queries, keys, values), None, []
        for step in range(n):
            new, own = [part[..., step : step + 1, :] for part in (queries, keys, values)], slice(step + 1)
            with np.errstate(all="ignore"):
                output, cache = pair(answer(*new, cache), "output, cache")
            output, right = array(output, "the output", new[2].shape), expected[..., step : step + 1, :]
            if step:
                unscaled = known.causal(*[part[..., own, :] for part in (queries, keys, values)], scale=1.0)[..., -1:, :]
                earlier = known.last_output(new[0], keys, values, step)
                tempting = {
                    "it attends before its own key and value are in the cache: a position sees itself.": earlier,
                    "it returns its own value: earlier positions are not looked at.": new[2],
                    "the scores are not divided by the square root of the width.": unscaled,
                }
            else:
                tempting = {}
            message = f"step {step} should give {short(right.ravel()[:3])}, ...; not {short(output.ravel()[:3])}."
            match(output, right, message, tempting)
            for part, given, name in zip(pair(cache, "keys, values"), (keys, values), ("keys", "values"), strict=True):
                held = array(part, f"after step {step} the cache of {name}", (*leading, step + 1, given.shape[-1]))
                expect(close(held, given[..., own, :]), f"after step {step} the cached {name} are not those given, in order.")
            caches.append(cache)
        yield f"{n} cached steps equal one causal pass, with {len(leading)} leading axes"

    beams = [[random.normal(size=(*leading, 2, part.shape[-1])) for part in (queries, keys, values)] for _ in range(2)]
    cache, _ = [pair(answer(*[part[..., :1, :] for part in beam], caches[1]), "output, cache")[1] for beam in beams]
    output, _ = pair(answer(*[part[..., 1:, :] for part in beams[0]], cache), "output, cache")
    parts = zip((queries, keys, values), beams[0], strict=True)
    longer = [np.concatenate([part[..., :2, :], new], axis=-2) for part, new in parts]
    message = "two texts that go on from one cache disturb each other: leave the old cache as it is."
    expect(close(array(output, "the output"), known.causal(*longer)[..., -1:, :]), message)
    yield "two continuations can share a cache"

    large, texts = 300 * random.normal(size=(4, 1, width)), random.normal(size=(2, 4, 3, width))
    with np.errstate(all="ignore"):
        output, _ = pair(answer(large, 30 * large, texts[1, :, :1], (30 * texts[0], texts[1])), "output, cache")
    expect(
        np.isfinite(array(output, "the output")).all(), "scores of 10000 overflow: subtract the largest of each row before exp."
    )
    yield "scores of ten thousand"


@checker
def position_ids(answer):
    """Source: huggingface/transformers, issue 3021 and pull request 7552; ndif-team/nnsight, pull request 673."""
    for lengths, n in (((3, 5, 1), 5), ((2, 7, 6, 7), 7)):
        for side in ("left", "not", "right"):
            kept = np.array([n if side == "not" else length for length in lengths])[:, None]
            real = np.arange(n) >= n - kept if side == "left" else np.arange(n) < kept
            found = whole(answer(real), "the positions", real.shape)
            expect(found.min() >= 0, f"row {found.min()} of a table is one from its END, without an error: stay at 0 or above.")
            expect(
                found.max() < n,
                f"position {found.max()} is beyond {n - 1}, the last of {n} tokens: each row counts anew, from 0.",
            )
            right = np.concatenate([np.arange(length) for length in kept[:, 0]])
            tempting = {words: value for words, value in known.position_faults(real).items() if not close(value, right)}
            message = f"{len(found[0][real[0]])} real tokens, {side} padded, have positions {short(found[0][real[0]])}."
            match(found[real], right, message, tempting)
        yield f"real tokens count from 0 and padding has a place in the table, {n} columns"


@checker
def merge_step(answer):
    """Source: Sennrich, Haddow and Birch, arXiv:1508.07909, section 3.2."""
    for (what, words), new_token in zip(known.TEXTS.items(), (9001, 700, 10, 42, 11, 3000), strict=True):
        given = copy.deepcopy(words)
        merged, found = pair(answer(given, new_token), "pair, words")
        expect(given == words, "the words that were given are changed: build new lists.")
        counts = known.pair_counts(words)
        best = min(counts, key=lambda neighbours: (-counts[neighbours], neighbours))
        merged = tuple(map(int, whole(merged, "the pair", (2,))))
        expect(
            merged == best or counts[merged] < counts[best],
            f"in {words} {merged} is as frequent as {best}; take the smaller of the two.",
        )
        often = f"in {words} {merged} occurs {counts[merged]} times, {best} {counts[best]} times"
        expect(merged == best, f"{often}: count all neighbours within each word.")
        expect(isinstance(found, (list, tuple)) and len(found) == len(words), f"there should still be {len(words)} words.")
        for word, after in zip(words, found, strict=True):
            expect(isinstance(after, (list, tuple, np.ndarray)), f"each word should be a list of tokens, not {short(after)}.")
            after, right = list(map(int, after)), known.merged(word, best, new_token)
            expect(len(after) >= len(right), f"{word} becomes {after}: a token gets lost; it should be {right}.")
            expect(after == right, f"{word} becomes {after}; with {best} merged from the left it should be {right}.")
        yield what
    expect(refused(answer, [[1], [2]], 3), "words of one token have no pair to merge: raise ValueError.")
    yield "nothing to merge is refused"


@value_checker
def read_the_training_logs(answers):
    """The logs are made by tools/train_language_exercises.py."""
    yield from (f"run {letter}" for letter in name_causes(answers, known.RUNS, known.CAUSES, known.CLUES))
