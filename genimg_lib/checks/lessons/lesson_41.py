"""The tasks of lesson 41: a real language model."""

import numpy as np

from genimg_lib.checks.core import array, close, expect
from genimg_lib.checks.judge import match
from genimg_lib.checks.task import predicted, task, value_task


@value_task
def chinese_tokens(guess):
    yield from predicted(
        guess,
        "c",
        {
            "a": "that would need a token for several characters: a sequence that was frequent in "
            "the text on which the pairs were learned. Which language was that?",
            "b": "a character is three bytes. It is one token only if its bytes were frequent "
            "enough to be merged.",
        },
    )


@task
def cache_bytes(answer):
    network = {"blocks": 5, "width": 48, "query heads": 6, "key-value heads": 2}

    def found(tokens, size):
        return array(answer(dict(network), tokens, size), "the bytes", ())

    right = 2 * 5 * 2 * 8 * 7 * 4  # key and value, blocks, heads, numbers of a head, tokens, bytes
    match(
        found(7, 4),
        right,
        "multiply: key and value, blocks, key-value heads, numbers of a head, tokens, bytes.",
        {
            "half of it is missing: a key and a value are kept.": right / 2,
            "the query heads are not kept: three of them share one key and value here.": right * 3,
            "these are the numbers; each takes `bytes_per_number` bytes.": right / 4,
        },
    )
    yield "keys and values of every block"
    expect(
        close(found(14, 4), 2 * right) and close(found(7, 2), right / 2),
        "twice the tokens must take twice the bytes, and numbers of 2 bytes half as many.",
    )
    yield "it grows with the tokens and with the bytes of a number"


@task
def chunk_mask(answer):
    right = np.tri(3, 8, k=5)
    match(
        array(answer(5, 3), "the mask", (3, 8)),
        right,
        "row i stands at position 5 + i: it sees the positions 0 to 5 + i.",
        {
            "that is the colleague's mask: row 0 sees position 0 alone, as if it stood there.": (
                np.tri(3, 8)
            ),
            "each row sees what comes after it, too: the new tokens must not see each other's "
            "future.": np.ones((3, 8)),
            "the new tokens do not see themselves.": np.tri(3, 8, k=4),
            "the new tokens see each other, but nothing of the cache.": right * (np.arange(8) > 4),
            "true and false are exchanged: true means that a position may be seen.": 1 - right,
        },
    )
    yield "three new tokens behind five"
    expect(
        close(array(answer(0, 4), "the mask", (4, 4)), np.tri(4)),
        "with nothing cached it must be the plain causal mask.",
    )
    yield "a prompt has the plain causal mask"


@value_task
def writing_takes(guess):
    yield from predicted(
        guess,
        "b",
        {
            "a": "the operations are the same. But how often do the weights come from memory?",
            "c": "reading computes each row once, too. The cache saves what a plain loop would "
            "compute again.",
        },
    )


@task
def answer_loss(answer):
    nats = np.array([[9.0, 9.0, 1.0, 2.0], [9.0, 9.0, 9.0, 6.0]])
    is_answer = np.array([[False, False, True, True], [False, False, False, True]])
    match(
        array(answer(nats, is_answer), "the loss", ()),
        3.0,
        "the answers' tokens cost 1, 2 and 6 nats: the mean is 3.",
        {
            "the questions count, too.": nats.mean(),
            "you divide by all tokens: without the questions there are fewer.": 9 / 8,
            "that is the sum; divide by the number of the answers' tokens.": 9.0,
            "that is the mean of the two conversations' means: the one token of the short answer "
            "counts as much as both of the longer one.": (1.5 + 6.0) / 2,
        },
    )
    yield "the mean over the answers' tokens"


@value_task
def best_subject(guess):
    yield from predicted(
        guess,
        "c",
        {
            "a": "the big ones it knows. But how often does a text of its training name that of "
            "Mongolia?",
            "b": "two examples have to show what the arrow means, and a small model often copies "
            "the word instead.",
            "d": "it reads tokens, not letters.",
        },
    )
