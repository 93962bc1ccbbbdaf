"""What the tempting mistakes in exercises 40 give, and what right answers give."""

from collections import Counter
from itertools import pairwise

import numpy as np

from genimg_lib.checks.core import short


def softmax(scores, axis=-1):
    weights = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return weights / weights.sum(axis=axis, keepdims=True)


def log_softmax(logits) -> np.ndarray:
    shifted = logits - logits.max(axis=-1, keepdims=True)
    with np.errstate(divide="ignore"):
        return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def token_nats(logits, tokens) -> np.ndarray:
    """-log p of each token under its row of logits."""
    return -np.take_along_axis(log_softmax(logits), tokens[..., None], axis=-1)[..., 0]


def farthest(found, right) -> tuple[tuple, str]:
    """Where the row of `found` is that differs most from `right`, and a sentence with both rows."""
    with np.errstate(invalid="ignore"):
        gaps = np.nan_to_num(np.abs(found - right), nan=np.inf).max(axis=-1)
    place = np.unravel_index(gaps.argmax(), gaps.shape)
    return tuple(map(int, place)), f"should be {short(right[place])}, not {short(found[place])}."


def causal(queries, keys, values, scale=None, visible=None, axis=-1, hidden=-np.inf):
    """Causal attention.

    With a wrong scale, mask, axis or score of what is masked: what a wrong answer gives.
    """
    scores = (
        queries
        @ np.swapaxes(keys, -1, -2)
        * (queries.shape[-1] ** -0.5 if scale is None else scale)
    )
    visible = np.tri(scores.shape[-1], dtype=bool) if visible is None else visible
    with np.errstate(invalid="ignore"):
        return softmax(np.where(visible, scores, hidden), axis) @ values


def attention_faults(queries, keys, values) -> dict:
    n, width = queries.shape[-2:]
    scores = queries @ np.swapaxes(keys, -1, -2) / width**0.5
    seen = np.tri(n)
    parts = (queries, keys, values)
    after = (seen * softmax(scores)) @ values
    return {
        "every position sees the future as well: the mask is missing.": causal(
            *parts, visible=True
        ),
        "the mask is upside down: each position sees itself and what comes after.": causal(
            *parts, visible=seen.T > 0
        ),
        "the scores are not divided: by the square root of the width of a key.": causal(
            *parts, scale=1.0
        ),
        "the scores are divided by the width; its square root keeps their variance at 1.": causal(
            *parts, scale=1 / width
        ),
        "the scores are divided by the root of the length; it "
        "should be the width of a key.": causal(*parts, scale=n**-0.5),
        "the scores are divided by the root of the width of a value; it should be that of a key.": (
            causal(*parts, scale=values.shape[-1] ** -0.5)
        ),
        "the softmax runs over the queries: the weights of each ROW should add up to 1.": causal(
            *parts, axis=-2
        ),
        "masked scores become 0, a score like any other: use minus infinity.": softmax(
            seen * scores
        )
        @ values,
        "the mask comes after the softmax: rows no longer add up to 1, and the future is in the "
        "denominator.": after,
    }


def last_output(query, keys, values, count):
    """The output of a query that sees the first `count` positions only."""
    return causal(np.repeat(query, count, axis=-2), keys[..., :count, :], values[..., :count, :])[
        ..., -1:, :
    ]


def step_faults(queries, keys, values) -> dict:
    """What wrong programs return for the last position, after at least one other."""
    last = queries[..., -1:, :]
    earlier = last_output(last, keys, values, keys.shape[-2] - 1)
    return {
        "it does not look at itself: its own key and value belong into the cache first.": earlier,
        "it returns its own value: earlier positions are not looked at.": values[..., -1:, :],
        "the scores are not divided by the square root of the width.": causal(
            queries, keys, values, scale=1.0
        )[..., -1:, :],
    }


def shift_faults(logits, tokens) -> dict:
    batch, n = tokens.shape
    right = token_nats(logits[:, :-1], tokens[:, 1:])
    around = token_nats(logits, np.roll(tokens, -1, axis=1)).mean()
    copying = token_nats(logits, tokens).mean()
    backwards = token_nats(logits[:, 1:], tokens[:, :-1]).mean()
    twice = token_nats(logits[:, :-2], tokens[:, 2:]).mean()
    return {
        "still each row is compared with the token that it has just read: copying is the best "
        "answer.": copying,
        "row i is compared with token i - 1: the model is asked for "
        "what it read one step earlier.": backwards,
        "row i is compared with token i + 2: shifted twice.": twice,
        "the last row is compared with the first token: np.roll "
        "wraps around. Drop the last row.": around,
        "the losses are added up; average them.": right.sum(),
        "the losses of each text are added up; average over all tokens.": right.sum(axis=1).mean(),
        "these are bits: leave out the division by ln 2.": right.mean() / np.log(2),
        "this is the perplexity; the loss is its logarithm.": np.exp(right.mean()),
        f"the sum is divided by {n} tokens a row, but only {n - 1} are predicted.": right.sum()
        / (batch * n),
        "the sign is wrong: this is a log-likelihood, and a loss should fall.": -right.mean(),
    }


def perplexity_faults(logits, tokens, real) -> dict:
    nats = token_nats(logits, tokens)
    shifted = token_nats(logits[:, :-1], tokens[:, 1:])[real[:, 1:]]
    by_text = np.exp(np.mean([row[kept].mean() for row, kept in zip(nats, real, strict=True)]))
    mean = nats[real].mean()
    return {
        "padding is counted: average only over real tokens.": np.exp(nats.mean()),
        "nats of padding are left out, but its positions are counted.": np.exp(
            nats[real].sum() / nats.size
        ),
        "texts are averaged first: a text of one token then counts as much as a long one.": by_text,
        "2 to the power of nats: perplexity is e to the nats, or 2 to the bits.": 2.0**mean,
        "a mean of exponentials: average the nats first, then take exp.": np.exp(nats[real]).mean(),
        "this is the mean in nats; perplexity is its exponential.": mean,
        "logits are shifted against tokens: here row i already belongs to token i.": np.exp(
            shifted.mean()
        ),
        "e to the SUM of all nats; take the mean.": np.exp(nats[real].sum()),
        "this is 1 over the perplexity: the sign of the nats is wrong.": np.exp(-mean),
    }


def bits_faults(nats, real, characters) -> dict:
    mean = nats[real].mean()
    total = nats[real].sum()
    bit = np.log(2)
    return {
        "these are nats per character: divide by ln 2.": total / characters,
        "these are bits per token: share them out among the characters.": mean / bit,
        "multiplied by ln 2: a nat is 1.44 bits, so there are more bits than nats.": total
        * bit
        / characters,
        "the mean over tokens is divided by the characters: it should be the sum.": mean
        / bit
        / characters,
        "padding is counted in the bits.": nats.sum() / bit / characters,
    }


def positions(real):
    return np.maximum(np.cumsum(real, axis=1) - 1, 0)


def position_faults(real) -> dict:
    lengths = real.sum(axis=1)
    n = real.shape[1]
    return {
        "padding is counted: a prompt that is padded by 2 starts at position 2.": np.tile(
            np.arange(n), (len(real), 1)
        )[real],
        "counted from the end: the first real token is 0.": np.concatenate(
            [np.arange(k)[::-1] for k in lengths]
        ),
    }


TEXTS = {
    "the most frequent pair is merged": [[1, 2, 3], [1, 2], [3, 1, 2], [2, 3, 3]],
    "pairs do not reach from one word into the next": [[4, 1], [2, 4], [1, 2], [4, 1], [2], [4]],
    "of equally frequent pairs the smaller": [
        [3, 2],
        [2, 9, 2, 5],
        [10, 1],
        [7, 8],
        [3, 2],
        [2, 9],
        [2, 5],
        [10, 1],
        [7, 8],
    ],
    "a run of equal tokens is merged from the left": [
        [5, 5, 5],
        [5, 5, 5, 5],
        [1, 2],
        [1, 2],
        [1, 2],
    ],
    "merges do not overlap": [[3, 4, 3, 4, 3], [4, 3, 3, 4], [9, 9]],
    "pairs have an order": [[1, 2], [2, 1], [2, 1], [1, 2, 9], [2, 1, 8]],
    "0 is a token like any other": [[0, 0, 7], [5, 0, 0], [5, 7], [5]],
}


def pair_counts(words) -> Counter:
    return Counter(neighbours for word in words for neighbours in pairwise(word))


def merged(word, best, new_token) -> list:
    result = []
    for token in word:
        result.append(token)
        if tuple(result[-2:]) == best:
            result[-2:] = [new_token]
    return result
