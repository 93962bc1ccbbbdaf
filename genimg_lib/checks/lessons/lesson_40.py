"""The tasks of lesson 40: language models."""

import math

import numpy as np

from genimg_lib.checks.core import array, close, expect
from genimg_lib.checks.judge import match, several
from genimg_lib.checks.task import predicted, task, value_task


@task
def units(answer):
    result = several(answer(2.0, 4.0), "bits, perplexity, nats per character")
    bits, perplexity, per_character = (array(value, "each score", ()) for value in result)
    match(
        bits,
        2.0 / math.log(2),
        "a bit is ln 2 nats: 2 nats are 2.885 bits.",
        {
            "you multiply by ln 2. A bit is less than a nat, so there are more bits.": 2
            * math.log(2)
        },
    )
    yield "nats become bits"
    match(
        perplexity,
        math.exp(2.0),
        "perplexity is e to the power of the nats.",
        {"that is 2 to the power of the nats: 2 belongs to bits, e to nats.": 4.0},
    )
    yield "perplexity is the exponential of the nats"
    match(
        per_character,
        0.5,
        "2 nats for a token of 4 characters are half a nat per character.",
        {"you multiply by the characters. They share the nats of their token.": 8.0},
    )
    yield "the characters of a token share its nats"


@task
def masked_weights(answer):
    scores = np.random.default_rng(0).normal(size=(4, 4))
    allowed = np.tri(4, dtype=bool)
    right = np.exp(np.where(allowed, scores, -np.inf))
    right /= right.sum(axis=1, keepdims=True)
    plain = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    zeroed = np.exp(scores * allowed)
    match(
        array(answer(scores, allowed), "the weights", (4, 4)),
        right,
        "in each row, take the softmax of the allowed scores alone.",
        {
            "the mask has no effect.": plain,
            "these rows do not sum to 1: masked after the softmax, the forbidden scores are still "
            "in the denominator.": plain * allowed,
            "a forbidden score of 0 still has the weight e^0: it must be minus infinity.": zeroed
            / zeroed.sum(axis=1, keepdims=True),
            "you normalise columns. Each row is one position's look at the others.": (
                np.exp(np.where(allowed, scores, -np.inf))
                / np.exp(np.where(allowed, scores, -np.inf)).sum(axis=0)
            ),
        },
    )
    yield "each row is a softmax over what is allowed"
    large = np.array([[-1000.0, 2000.0], [1000.0, 1000.0]])
    found = array(answer(large, np.tri(2, dtype=bool)), "the weights", (2, 2))
    expect(
        close(found, [[1.0, 0.0], [0.5, 0.5]]),
        "scores of a thousand overflow or vanish: subtract the largest allowed score of each row "
        "before exp.",
    )
    yield "large scores do not overflow"


@value_task
def leaking_loss(guess):
    yield from predicted(
        guess,
        "c",
        {
            "a": "the mask matters in training above all: it hides the target. What does a row "
            "learn if the target is among its inputs?",
            "b": "copying one input is easier to learn than spelling.",
        },
    )


@value_task
def better_model(guess):
    yield from predicted(
        guess,
        "b",
        {
            "a": "the network has seen the same short text. Much of what is predictable here is "
            "whole phrases, which a table knows, too.",
            "c": "the table knows only contexts that it has seen, letter by letter.",
        },
    )


@task
def nucleus(answer):
    probabilities = np.array([0.05, 0.5, 0.15, 0.3])

    def kept(p):
        found = array(answer(probabilities, p), "the marks", (4,))
        expect(np.isin(found, (0, 1)).all(), "return True or False for each token.")
        return found

    match(
        kept(0.6),
        [0, 1, 0, 1],
        "p = 0.6 must keep the tokens of 0.5 and 0.3, wherever they stand.",
        {
            "p = 0.6 keeps 0.5 alone, as the colleague does: 0.5 has not reached p.": [0, 1, 0, 0],
            "p = 0.6 keeps 0.95, where 0.8 is enough: stop at the first token that reaches p.": [
                0,
                1,
                1,
                1,
            ],
            "you take the tokens in the order of the vocabulary; start with the likeliest.": [
                1,
                1,
                1,
                0,
            ],
        },
    )
    yield "the token that reaches p is the last one kept"
    expect(close(kept(0.2), [0, 1, 0, 0]), "p = 0.2 must keep the likeliest token, and only it.")
    yield "the likeliest token always stays"
    expect(close(kept(1.0), [1, 1, 1, 1]), "p = 1 must keep every token.")
    yield "p = 1 cuts nothing"
