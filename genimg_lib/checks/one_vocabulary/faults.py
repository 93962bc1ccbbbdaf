"""What the tempting mistakes in exercises 65 give.

Each function returns the right value, what to say of any other, and the values that tempting
mistakes give, by what is said of them: the arguments of `judge.match`.
"""

import numpy as np


def _joined(parts):
    return np.concatenate(parts, axis=1)


def one_sequence(words, tokens, pictures, vocabulary):
    rows = np.ones((len(words), 1), int)
    first = pictures + vocabulary
    picture, caption = first * rows, (first + 1) * rows
    moved = words + pictures
    return (
        _joined([caption, moved, picture, tokens]),
        "the caption's marker, the words behind the picture's numbers, the picture's marker, its "
        "tokens.",
        {
            "word 3 and token 3 have one number: move the words behind the picture's tokens.": (
                _joined([caption, words, picture, tokens])
            ),
            "the tokens of the picture were moved; they keep their numbers, the words move.": (
                _joined([caption, words, picture, tokens + vocabulary])
            ),
            "the two markers are exchanged.": _joined([picture, moved, caption, tokens]),
            "the caption is read first, so it stands first.": _joined(
                [picture, tokens, caption, moved]
            ),
            "the markers are numbers of words: the first free number is that of the picture's.": (
                _joined([caption - 1, moved, picture - 1, tokens])
            ),
            "the words are moved by their own vocabulary, not by the picture's.": _joined(
                [caption, words + vocabulary, picture, tokens]
            ),
        },
    )


def reading_mask(read, written):
    position = np.arange(read + written)
    row, column = position[:, None], position[None, :]
    reading = (column < read) & (row >= 0)
    causal = column <= row
    return (
        reading | causal,
        "everybody sees what is read; of what is written, each position sees itself and those "
        "before.",
        {
            "that is causal throughout: what is read may look forward within itself.": causal,
            "what is read looks at what is written: the answer leaks into the question.": (
                reading | causal | (row < read)
            ),
            "what is written looks forward: each token could copy itself.": reading | (row >= read),
            "a position does not see itself; its input is the token before the one it predicts.": (
                reading | (column < row)
            ),
            "rows and columns are exchanged: a row is the position that looks.": (
                (row < read) | (row <= column)
            ),
            "what is written does not see what is read.": np.where(
                row < read, column < read, (column >= read) & causal
            ),
        },
    )


def _nll(logits, ids):
    peak = logits.max(axis=-1, keepdims=True)
    log_p = logits - peak - np.log(np.exp(logits - peak).sum(axis=-1, keepdims=True))
    return -np.take_along_axis(log_p, ids[..., None], axis=-1)[..., 0]


def written_nats(logits, ids, start):
    shifted = _nll(logits[:, :-1], ids[:, 1:])
    right = shifted[:, start - 1 :].sum(axis=1)
    return (
        right,
        "of the tokens from `start` on: -log p, each predicted by the position before it, added.",
        {
            "position i predicts token i + 1; yours scores token i, which it has seen.": _nll(
                logits, ids
            )[:, start:].sum(axis=1),
            "the tokens that are read are counted too: they cost nothing in this direction.": (
                shifted.sum(axis=1)
            ),
            "the first written token is missing: the last position that is read predicts it.": (
                shifted[:, start:].sum(axis=1)
            ),
            "one token too many: the last one that is read is none of the targets.": shifted[
                :, start - 2 :
            ].sum(axis=1),
            "that is the mean over the tokens; nats of a segment are their sum.": shifted[
                :, start - 1 :
            ].mean(axis=1),
            "the sign is turned: nats are not negative.": -right,
        },
    )


def _softmax(logits):
    weights = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return weights / weights.sum(axis=-1, keepdims=True)


def own_probabilities(logits, first, count, temperature):
    number = np.arange(logits.shape[-1])
    inside = (number >= first) & (number < first + count)

    def over(chosen, values):
        return _softmax(np.where(chosen, values, -np.inf))

    return (
        over(inside, logits / temperature),
        "a softmax of logits / temperature over the segment's own tokens, and 0 elsewhere.",
        {
            "they do not add up to 1: divide what is left by its sum.": np.where(
                inside, _softmax(logits / temperature), 0
            ),
            "a logit of 0 is no probability of 0: take minus infinity.": _softmax(
                np.where(inside, logits / temperature, 0)
            ),
            "the temperature is missing.": over(inside, logits),
            "the temperature multiplies; a low one should sharpen.": over(
                inside, logits * temperature
            ),
            "those are the tokens of the *other* segments.": over(~inside, logits / temperature),
            "`count` is how many there are, not the number after the last.": over(
                (number >= first) & (number < max(count, first + 1)), logits / temperature
            ),
        },
    )


def read_by_painting(nats, prior):
    joint = nats + np.log(prior)
    return (
        _softmax(joint),
        "p(c | x) is p(x | c) p(c), divided by its sum over the captions.",
        {
            "the prior is missing: a rare caption is not as likely as a common one.": _softmax(
                nats
            ),
            "the sum runs over the pictures; for each picture the captions add up to 1.": _softmax(
                joint.T
            ).T,
            "it is not divided by its sum over the captions.": np.exp(joint),
            "the sign is turned: these are log-likelihoods, larger is better.": _softmax(
                np.log(prior) - nats
            ),
            "the prior is added as it is; its logarithm is to be added.": _softmax(nats + prior),
        },
    )


def story_gap(painting, telling):
    ratio = np.log(painting) - np.log(telling)

    def centred(table):
        return table - table.mean(axis=0) - table.mean(axis=1, keepdims=True) + table.mean()

    left = centred(ratio)
    return (
        np.abs(left).max(),
        "take the means of rows and columns out of log p(x|c) - log p(c|x); the largest rest.",
        {
            "only the captions' part is removed; pictures have one too.": np.abs(
                ratio - ratio.mean(axis=0)
            ).max(),
            "only the pictures' part is removed; captions have one too.": np.abs(
                ratio - ratio.mean(axis=1, keepdims=True)
            ).max(),
            "the overall mean was taken out twice: add it back once.": np.abs(
                left - ratio.mean()
            ).max(),
            "compare logarithms: p(x|c) / p(c|x) is a product of two parts.": np.abs(
                centred(painting - telling)
            ).max(),
            "nothing is removed: p(x|c) and p(c|x) differ even for one joint.": np.abs(ratio).max(),
            "that is the largest rest, not the largest in size: take absolute values.": left.max()
            if not np.isclose(left.max(), np.abs(left).max())
            else np.nan,
            "that is the root mean square; the largest is asked for.": np.sqrt(np.mean(left**2)),
        },
    )


def _stationary(steps):
    """The distribution that `steps`, with columns adding up to 1, leaves as it is."""
    found = np.full(len(steps), 1 / len(steps))
    for _ in range(2000):
        found = steps @ found
    return found


def told_and_retold(painting, telling):
    count = painting.shape[1]
    captions = _stationary(telling.T @ painting)
    flat = np.full(count, 1 / count)
    once = telling.T @ painting @ flat
    pictures = _stationary(painting @ telling.T)
    return (
        (
            captions,
            "the captions' distribution must stay as it is when they are painted and retold.",
            {
                "all captions are equally likely only at the start of the chain.": flat,
                "that is one round; the chain goes on until nothing changes.": once,
                "the sum is not 1.": captions * count,
            },
        ),
        (
            painting * captions,
            "the joint is p(x | c) times the captions' distribution.",
            {
                "that joins the pictures' distribution with p(c | x): the chain stands at its "
                "other half.": telling * pictures[:, None],
                "the joint is not weighted by the captions.": painting / count,
            },
        ),
    )


def words_to_read(words, dropped):
    return (
        np.where(dropped[:, None], 0, words),
        "a dropped caption is read as zeros; the others as they are.",
        {
            "the captions are kept where they should be dropped.": np.where(
                dropped[:, None], words, 0
            ),
            "nothing is dropped: painting must learn pictures without a caption too.": words,
            "all captions are dropped.": np.zeros_like(words),
        },
    )


def caption_weights(dropped):
    told = 1.0 - dropped
    return (
        told / told.mean(),
        "0 for a dropped pair; the others so that the mean of all weights is 1.",
        {
            "a dropped pair still teaches its caption, which is now empty: its weight is 0.": (
                np.ones(len(dropped))
            ),
            "the weights are turned around.": dropped / dropped.mean(),
            "the mean of the weights is below 1: dropping would also lower the loss.": told,
            "the weights add up to 1; their *mean* should be 1.": told / told.sum(),
        },
    )
