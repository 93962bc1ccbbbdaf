"""Attention as a server does it: shared heads, rotary positions, tiles that are merged."""

import numpy as np

from genimg_lib.checks.core import array, checker, close, expect
from genimg_lib.checks.judge import match, pair

ROUNDED = {"rtol": 1e-4, "atol": 1e-5}  # float32 is accurate enough


def softmax(scores, axis=-1):
    weights = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return weights / weights.sum(axis=axis, keepdims=True)


def attended(query, keys, values, scale=None, axis=-1):
    scores = query @ np.swapaxes(keys, -1, -2)
    return softmax(scores * (query.shape[-1] ** -0.5 if scale is None else scale), axis) @ values


@checker
def attend_grouped(answer):
    """Source: Ainslie et al., arXiv:2305.13245; Shazeer, arXiv:1911.02150."""
    random = np.random.default_rng(0)
    for heads, groups, positions in ((6, 2, 5), (4, 4, 3), (6, 1, 7)):
        query = 2 * random.normal(size=(3, heads, 1, 4))
        keys, values = 2 * random.normal(size=(2, 3, groups, positions, 4))
        each = heads // groups
        with np.errstate(all="ignore"):
            found = array(answer(query, keys, values), "the output", query.shape)
        full = [np.repeat(part, each, axis=1) for part in (keys, values)]
        tiled = [np.tile(part, (1, each, 1, 1)) for part in (keys, values)]
        first = [np.repeat(part[:, :1], heads, axis=1) for part in (keys, values)]
        match(
            found,
            attended(query, *full),
            f"with {heads} heads and {groups} groups the output is not that of attention: check "
            "the scores, the softmax and the weighted sum.",
            {
                "heads take turns among the groups: NEIGHBOURING heads share one.": attended(
                    query, *tiled
                ),
                "all heads use the first group.": attended(query, *first),
                "the scores are not divided by the root of the width.": attended(
                    query, *full, scale=1.0
                ),
                "the softmax runs over the heads: it should run over the positions.": attended(
                    query, *full, axis=1
                ),
            },
            **ROUNDED,
        )
    yield "neighbouring heads share keys and values, down to one group for all"

    query *= 60
    with np.errstate(all="ignore"):
        found = array(answer(query, 60 * keys, values), "the output", query.shape)
    expect(
        np.isfinite(found).all(), "scores in the thousands overflow: subtract the largest first."
    )
    full = [np.repeat(part, 6, axis=1) for part in (60 * keys, values)]
    match(found, attended(query, *full), "scores in the thousands should be exact.", **ROUNDED)
    yield "scores in the thousands"


def rotated(x, positions, *, base=10_000.0, sign=1, power=2, interleaved=False):
    half = x.shape[-1] // 2
    angles = sign * positions[:, None] * base ** (-power * np.arange(half) / x.shape[-1])
    first, second = (x[..., ::2], x[..., 1::2]) if interleaved else (x[..., :half], x[..., half:])
    turned = (
        first * np.cos(angles) - second * np.sin(angles),
        first * np.sin(angles) + second * np.cos(angles),
    )
    if interleaved:
        return np.stack(turned, axis=-1).reshape(x.shape)
    return np.concatenate(turned, axis=-1)


@checker
def rotate(answer):
    """Source: Su et al., arXiv:2104.09864, section 3.2.2; the pairs are those of Hugging Face
    Transformers.
    """
    random = np.random.default_rng(1)
    tolerance = {"rtol": 1e-4, "atol": 1e-4}  # float32 angles of 200 radians are that accurate
    for shape, positions in (
        ((2, 3, 4, 8), np.array([7, 0, 200, 31])),
        ((5, 6), np.arange(5)),
    ):
        x = random.normal(size=shape)
        found = array(answer(x, positions), "the result", shape)
        match(
            found,
            rotated(x, positions),
            f"at positions {positions.tolist()} the pairs (i, i + {shape[-1] // 2}) are not turned "
            f"by position / 10000^(2 i / {shape[-1]}).",
            {
                "nothing is turned.": x,
                "it turns the wrong way: (1, 0) should become (cos, sin).": rotated(
                    x, positions, sign=-1
                ),
                "neighbours (2 i, 2 i + 1) are turned: here the pairs are (i, i + width / "
                "2).": rotated(x, positions, interleaved=True),
                "the frequencies fall half as fast as they should: the exponent is 2 i / "
                "width.": rotated(x, positions, power=1),
                "the positions are not those given: a cache starts at its own length.": rotated(
                    x, np.arange(len(positions))
                ),
            },
            **tolerance,
        )
    yield "pairs are turned by the position times their frequency"

    query, key = random.normal(size=(2, 1, 8))

    def score(shift):
        parts = [
            array(answer(part, np.array([place + shift])), "the result", (1, 8))
            for part, place in ((query, 9), (key, 4))
        ]
        return float(np.sum(parts[0] * parts[1]))

    expect(
        close(score(0), score(50), **tolerance),
        "a score changes when query and key move together: it should depend on their distance.",
    )
    yield "scores depend on distances alone"


@checker
def merge_attention(answer):
    """Source: Dao et al., arXiv:2205.14135, section 3.1; Milakov and Gimelshein,
    arXiv:1805.02867.
    """
    random = np.random.default_rng(2)
    names = "the output, the log-sum"

    def parts(scores, values):
        largest = scores.max(axis=-1, keepdims=True)
        log_sums = (np.log(np.exp(scores - largest).sum(axis=-1, keepdims=True)) + largest)[..., 0]
        return softmax(scores) @ values, log_sums

    def merged(given):
        with np.errstate(all="ignore"):
            return pair(answer(*given), names, given[0].shape, given[1].shape)

    for shift in (0.0, 900.0):
        scores = 3 * random.normal(size=(2, 4, 7)) + shift
        scores[:, 1] -= 2 * shift  # rows of very different size
        values = random.normal(size=(2, 7, 3))
        given = (*parts(scores[..., :2], values[:, :2]), *parts(scores[..., 2:], values[:, 2:]))
        output, log_sum = merged(given)
        right, right_sum = parts(scores, values)
        if shift:
            finite = np.isfinite(output).all() and np.isfinite(log_sum).all()
            expect(finite, "log-sums of 900 overflow: subtract the larger one before exp.")
        first, first_sum, second, second_sum = given
        share = np.exp(first_sum - np.logaddexp(first_sum, second_sum))[..., None]
        by_logs = (first_sum / (first_sum + second_sum))[..., None]
        match(
            output,
            right,
            "the output is not that of attention over both parts: weigh each by exp(log-sum).",
            {
                "the plain mean of both outputs: the part with the larger scores counts more.": (
                    first + second
                )
                / 2,
                "the weights are exchanged.": (1 - share) * first + share * second,
                "the outputs are weighed by the log-sums themselves: take exp first.": by_logs
                * first
                + (1 - by_logs) * second,
            },
            **ROUNDED,
        )
        match(
            log_sum,
            right_sum,
            "the log-sum should be that of all scores, so that a third part can follow.",
            {
                "the log-sums are added: add the sums, then take the log.": first_sum + second_sum,
                "the log-sum is the larger of both: that is what to subtract.": np.maximum(
                    first_sum, second_sum
                ),
            },
            **ROUNDED,
        )
    yield "two parts give what all of it gives, also with scores of 900"

    empty = np.zeros_like(first), np.full_like(first_sum, -np.inf)
    output, log_sum = merged((*empty, second, second_sum))
    expect(
        close(output, second, **ROUNDED) and close(log_sum, second_sum, **ROUNDED),
        "an empty part, of log-sum minus infinity, should change nothing.",
    )
    yield "an empty part changes nothing"
