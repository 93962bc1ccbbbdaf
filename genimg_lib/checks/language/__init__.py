"""Checks of exercises 40: language models."""

import copy

import numpy as np

from genimg_lib.checks.core import array, checker, close, expect, short, value_checker
from genimg_lib.checks.judge import choices, estimates, match, pair, refused, several, whole
from genimg_lib.checks.language import faults, questions

ROUNDED = {"rtol": 1e-4, "atol": 1e-5}  # float32 is good enough
LARGE = {"rtol": 0.01, "atol": 0.01}  # float32 at scores of 10,000: mistakes are far larger


@checker
def causal_attention(answer):
    """Source: Vaswani et al., arXiv:1706.03762, sections 3.2.1 and 3.2.3."""
    random = np.random.default_rng(0)
    for leading, n, width, value_width in (((3,), 6, 4, 5), ((), 1, 4, 3), ((2, 3), 5, 9, 2)):
        queries, keys = 2 * random.normal(size=(2, *leading, n, width))
        values = random.normal(size=(*leading, n, value_width))
        with np.errstate(all="ignore"):
            found = array(answer(queries, keys, values), "the output", values.shape)
        expect(
            np.isfinite(found).all(),
            "the output has NaN: the first position must be allowed to look at itself.",
        )
        right = faults.causal(queries, keys, values)
        place, rows = faults.farthest(found, right)
        message = f"with {n} positions of width {width}, position {place[-1]} {rows}"
        match(found, right, message, faults.attention_faults(queries, keys, values), **ROUNDED)
    yield "each position mixes what stands up to itself, with any leading axes"

    queries = 50 * queries
    keys = 50 * keys
    with np.errstate(all="ignore"):
        large = array(answer(queries, keys, values), "the output", values.shape)
    expect(np.isfinite(large).all(), "scores of 10000 overflow: subtract the largest of each row.")
    right = faults.causal(queries, keys, values)
    later = faults.causal(queries, keys, values, hidden=-1e4)
    expect(
        not close(large, later, **LARGE),
        "masked positions get a score that others fall below: use minus infinity.",
    )
    match(large, right, "scores of 10000 should be exact as well: no clipping.", **LARGE)
    yield "scores of ten thousand"


@checker
def next_token_loss(answer):
    """Targets that are not shifted. Source: huggingface/transformers, issue 27517."""
    random = np.random.default_rng(1)
    for batch, n, vocabulary in ((3, 5, 7), (2, 9, 4)):
        tokens = random.integers(vocabulary, size=(batch, n))
        logits = 2 * random.normal(size=(batch, n, vocabulary))
        loss = array(answer(logits, tokens), "the loss", ())
        right = faults.token_nats(logits[:, :-1], tokens[:, 1:]).mean()
        message = (
            f"the mean over all predicted tokens, row i for token i + 1, is {right:.4f} "
            f"nats, not {short(loss)}."
        )
        match(loss, right, message, faults.shift_faults(logits, tokens), **ROUNDED)
    yield "row i predicts token i + 1, averaged over all that are predicted"

    with np.errstate(all="ignore"):
        loss = array(answer(1000 * logits, tokens), "the loss", ())
    expect(np.isfinite(loss), "logits of 1000 overflow now; the code that you were given did not.")
    right = faults.token_nats(1000 * logits[:, :-1], tokens[:, 1:]).mean()
    match(loss, right, "logits of 1000 should be exact: no clipping.", **ROUNDED)
    yield "logits of a thousand"


@checker
def attention_maps(answer):
    """A mask after the softmax that hides the token itself. Source: Vaswani et al.,
    arXiv:1706.03762, section 3.2.3.
    """
    random = np.random.default_rng(2)
    future = ~np.tri(5, dtype=bool)
    # padded left, right, not at all
    real = np.array([[0, 0, 1, 1, 1], [1, 1, 1, 0, 0], [1, 1, 1, 1, 1]], bool)
    for scale in (1.0, 10_000.0):
        scores = scale * random.normal(size=(3, 5, 5))
        with np.errstate(all="ignore"):
            found = array(answer(scores, real), "the maps", scores.shape)
            right = faults.softmax(np.where(~future & real[:, None, :], scores, -np.inf))[real]
        rows = found[real]
        expect(
            np.isfinite(rows).all(),
            "rows of real tokens have NaN: mask the scores, then subtract the largest, then exp.",
        )
        expect(rows.min() >= 0, "some weights are negative: scores or logarithms are no weights.")
        if scale == 1:
            expect(
                found[real[:, 0], 0, 0].all(),
                "the first token gives itself the weight 0: it must see itself.",
            )
        expect(
            not rows[np.tile(future, (3, 1, 1))[real]].any(), "real tokens look into the future."
        )
        expect(
            not (rows * ~np.repeat(real, real.sum(axis=1), axis=0)).any(),
            "real tokens look at padding.",
        )
        sums = rows.sum(axis=1)
        columns = found.sum(axis=1)
        expect(
            not close(columns, np.ones_like(columns), **ROUNDED),
            "columns add up to 1: the softmax should run over ROWS.",
        )
        expect(
            sums.max() < 1.001,
            f"rows add up to more than 1, to {short(sums)}: divide each row by its sum.",
        )
        expect(
            close(sums, np.ones_like(sums), **ROUNDED),
            f"rows should add up to 1, yours to {short(sums)}: mask FIRST.",
        )
        place, both = faults.farthest(rows, right)
        text, row = np.argwhere(real)[place[0]]
        exact = "" if scale == 1 else "scores of 10000 should be exact, without clipping: "
        match(
            rows,
            right,
            f"{exact}row {row} of text {text} {both}",
            **ROUNDED if scale == 1 else LARGE,
        )
        yield f"real tokens see real tokens up to themselves, with scores of {scale:g}"
    expect(
        np.isfinite(found).all(),
        "rows of padding are NaN, and 0 times NaN is NaN: let them look at themselves.",
    )
    yield "rows of padding are finite"


@checker
def perplexity_and_bits(answer):
    """Source: lesson 40, section 2; Gao et al., arXiv:2101.00027 (bits per byte)."""
    random = np.random.default_rng(3)
    names = "the perplexity, the bits"
    for batch, n, vocabulary, characters in ((3, 6, 5, 31), (4, 3, 8, 17)):
        logits = 3 * random.normal(size=(batch, n, vocabulary))
        tokens = random.integers(vocabulary, size=(batch, n))
        real = np.arange(n) < np.array([n, 1, *[n - 1] * (batch - 2)])[:, None]
        perplexity, bits = pair(answer(logits, tokens, real, characters), names, ())
        nats = faults.token_nats(logits, tokens)
        right = np.exp(nats[real].mean()), nats[real].sum() / np.log(2) / characters
        exchanged = close(perplexity, right[1], **ROUNDED) and close(bits, right[0], **ROUNDED)
        expect(not exchanged, "the two are exchanged: first the perplexity, then the bits.")
        message = f"the perplexity should be {right[0]:.4f}, not {short(perplexity)}."
        match(
            perplexity, right[0], message, faults.perplexity_faults(logits, tokens, real), **ROUNDED
        )
        message = f"the bits per character should be {right[1]:.4f}, not {short(bits)}."
        match(bits, right[1], message, faults.bits_faults(nats, real, characters), **ROUNDED)
    yield "perplexity per real token, bits per character"

    large = 100 * logits + random.permuted(np.resize([1000, -1000], (batch, n, 1)))
    with np.errstate(all="ignore"):
        _, bits = pair(answer(large, tokens, real, characters), names, ())
    expect(
        np.isfinite(bits),
        "logits of 1000 or -1000 give infinite bits or NaN: subtract the largest logit before exp.",
    )
    right = faults.token_nats(large, tokens)[real].sum() / np.log(2) / characters
    match(bits, right, "logits of 1000 should give exact bits: no clipping.", **ROUNDED)
    yield "logits of a thousand"


@value_checker
def count_parameters(answers):
    """Source: Radford et al., 2019 (GPT-2); Kaplan et al., arXiv:2001.08361, section 2.1."""
    yield from estimates(answers, questions.PARAMETERS, tolerance=0.005)


def _cached_step(answer, parts, cache, step):
    """Rejects an output or a cache that is wrong for one position; returns the new cache."""
    new = [part[..., step : step + 1, :] for part in parts]
    seen = [part[..., : step + 1, :] for part in parts]
    with np.errstate(all="ignore"):
        output, cache = several(answer(*new, cache), "output, cache")
    output = array(output, "the output", new[2].shape)
    right = faults.causal(*seen)[..., -1:, :]
    tempting = faults.step_faults(*seen) if step else {}
    told = f"step {step}: the output {faults.farthest(output, right)[1]}"
    match(output, right, told, tempting, **ROUNDED)
    held = several(cache, "keys, values")
    for part, given, name in zip(held, seen[1:], ("keys", "values"), strict=True):
        part = array(part, f"after step {step} the cache of {name}", given.shape)
        expect(
            close(part, given, **ROUNDED),
            f"after step {step} the cached {name} are not those given, in order.",
        )
    return cache


@checker
def attend_step(answer):
    """Source: Shazeer, arXiv:1911.02150, section 2.4 (incremental attention)."""
    random = np.random.default_rng(4)
    for leading, n, width in (((3,), 5, 4), ((2, 3), 4, 9)):
        queries, keys = 2 * random.normal(size=(2, *leading, n, width))
        values = random.normal(size=(*leading, n, width + 1))
        cache = None
        caches = []
        for step in range(n):
            cache = _cached_step(answer, (queries, keys, values), cache, step)
            caches.append(cache)
        yield f"{n} cached steps equal one causal pass, with {len(leading)} leading axes"

    beams = [
        [random.normal(size=(*leading, 2, part.shape[-1])) for part in (queries, keys, values)]
        for _ in range(2)
    ]
    cache, _ = [
        several(answer(*[part[..., :1, :] for part in beam], caches[1]), "output, cache")[1]
        for beam in beams
    ]
    output, _ = several(answer(*[part[..., 1:, :] for part in beams[0]], cache), "output, cache")
    parts = zip((queries, keys, values), beams[0], strict=True)
    longer = [np.concatenate([part[..., :2, :], new], axis=-2) for part, new in parts]
    message = (
        "two texts that go on from one cache disturb each other: leave the old cache as it is."
    )
    expect(
        close(array(output, "the output"), faults.causal(*longer)[..., -1:, :], **ROUNDED), message
    )
    yield "two continuations can share a cache"

    large = 100 * random.normal(size=(2, 4, 4, width))
    past = random.normal(size=(4, 4, width))
    with np.errstate(all="ignore"):
        new = large[0, :, :1], large[1, :, 3:], past[:, 3:]
        output = array(
            several(answer(*new, (large[1, :, :3], past[:, :3])), "output, cache")[0],
            "the output",
            (4, 1, width),
        )
    expect(
        np.isfinite(output).all(),
        "scores of 10000 overflow: subtract the largest of each row before exp.",
    )
    right = faults.last_output(new[0], large[1], past, 4)
    match(output, right, "scores of 10000 should be exact: no clipping.", **LARGE)
    yield "scores of ten thousand"


@checker
def position_ids(answer):
    """Source: huggingface/transformers, issue 3021 and pull request 7552; ndif-team/nnsight,
    pull request 673.
    """
    for lengths, n in (((3, 5, 1), 5), ((2, 7, 6, 7), 7)):
        for side in ("left", "not", "right"):
            kept = np.array([n if side == "not" else length for length in lengths])[:, None]
            real = np.arange(n) >= n - kept if side == "left" else np.arange(n) < kept
            found = whole(answer(real), "the positions", real.shape)
            expect(
                found.min() >= 0,
                f"position {found.min()} is a row counted from the END of a table: stay at 0 or "
                "above.",
            )
            expect(
                found.max() < n,
                f"position {found.max()} is beyond {n - 1}, the last of {n} tokens: each row "
                "counts anew, from 0.",
            )
            right = np.concatenate([np.arange(length) for length in kept[:, 0]])
            tempting = {
                words: value
                for words, value in faults.position_faults(real).items()
                if not close(value, right)
            }
            row = int(np.any((found != faults.positions(real)) & real, axis=1).argmax())
            message = (
                f"{lengths[row]} real tokens, {side} padded, get positions "
                f"{short(found[row][real[row]])}, not 0, 1, 2, ..."
            )
            match(found[real], right, message, tempting)
        yield f"real tokens count from 0 and padding has a place in the table, {n} columns"


@checker
def merge_step(answer):
    """Source: Sennrich, Haddow and Birch, arXiv:1508.07909, section 3.2."""
    for (what, words), new_token in zip(
        faults.TEXTS.items(), (9001, 700, 15, 42, 11, 3000, 2), strict=True
    ):
        given = copy.deepcopy(words)
        merged, found = several(answer(given, new_token), "pair, words")
        expect(given == words, "the words that were given are changed: build new lists.")
        counts = faults.pair_counts(words)
        best = min(counts, key=lambda neighbours: (-counts[neighbours], neighbours))
        merged = tuple(whole(merged, "the pair", (2,)).tolist())
        equal = merged != best and counts[merged] == counts[best]
        expect(
            not equal, f"in {words} {merged} is as frequent as {best}; take the smaller of the two."
        )
        often = f"in {words} {merged} occurs {counts[merged]} times, {best} {counts[best]} times"
        expect(merged == best, f"{often}: count all neighbours within each word.")
        expect(
            isinstance(found, (list, tuple, np.ndarray)),
            f"the words should be a list, not {short(found)}.",
        )
        expect(
            len(found) == len(words),
            f"there are {len(found)} words; there should still be {len(words)} words.",
        )
        for word, after in zip(words, found, strict=True):
            after = whole(after, f"what becomes of {word}").tolist()
            right = faults.merged(word, best, new_token)
            expect(
                isinstance(after, list),
                f"{word} becomes {after}; each word should be a list of tokens.",
            )
            expect(
                len(after) >= len(right),
                f"{word} becomes {after}: a token gets lost; it should be {right}.",
            )
            expect(
                after == right,
                f"{word} becomes {after}; with {best} merged from the left it should be {right}.",
            )
        yield what
    refused(answer, [[1], [2]], 3, what="words without a pair to merge")
    refused(answer, [], 3, what="no words")
    yield "nothing to merge is refused"


@value_checker(tries=2)
def read_the_training_logs(answers):
    """The logs are made by tools/draw_exercises.py language."""
    yield from choices(answers, questions.RUNS)
