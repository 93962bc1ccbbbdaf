"""The tasks of lesson 60: text to image."""

import numpy as np

from genimg_lib.checks.core import array, expect
from genimg_lib.checks.judge import match, whole
from genimg_lib.checks.task import predicted, task, value_task


@value_task
def chinese_prompts(guess):
    yield from predicted(
        guess,
        "b",
        {
            "a": "both prompts become the same number, <unk>: nothing is left to guess from.",
            "c": "it reads one <unk>, and its training never ended a sentence before it began.",
            "d": "unknown words do not fail here: `to_tokens` gives them the number of <unk>.",
        },
    )


@task
def attention_weights(answer):
    random = np.random.default_rng(0)
    queries, keys = random.normal(size=(5, 4)), random.normal(size=(6, 4))
    words = np.array([3, 7, 2, 0, 0, 0])
    found = array(answer(queries, keys, words), "the weights", (5, 6))
    scores = queries @ keys.T / 2
    unmasked = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    masked = np.where(words > 0, unmasked, 0)
    right = masked / masked.sum(axis=1, keepdims=True)
    unscaled = np.where(words > 0, np.exp(2 * scores), 0)
    match(
        found,
        right,
        "take the softmax over the words, of the masked scores q . k / sqrt(d).",
        {
            "the padding gets weight: its scores must not enter the softmax.": unmasked,
            "the rows do not add up to 1: mask before the softmax, not after it.": masked,
            "the scores are not divided by sqrt(d).": (
                unscaled / unscaled.sum(axis=1, keepdims=True)
            ),
            "the mask is reversed: 0 marks the padding.": (unmasked - masked)
            / (unmasked - masked).sum(axis=1, keepdims=True),
        },
    )
    yield "padding gets no weight, and the rest adds up to 1"
    large = array(answer(500 * queries, keys, words), "the weights", (5, 6))
    expect(
        np.isfinite(large).all(),
        "large scores overflow: subtract the largest of each row before the exponential.",
    )
    yield "large scores do not overflow"


@task
def drop_captions(answer):
    words = np.arange(1, 4001 * 5 + 1).reshape(4001, 5)
    words[:, 3:] = 0
    found = whole(answer(words, np.random.default_rng(1), 0.1), "the words", (4001, 5))
    dropped = (found == 0).all(axis=1)
    expect(
        ((found == words) | dropped[:, None]).all(),
        "some captions lose some of their words: decide once for each caption.",
    )
    share = dropped.mean()
    expect(
        abs(share - 0.9) > 0.03,
        "nine of ten captions are dropped: keep where the random number is at least `share`.",
    )
    expect(
        abs(share - 0.1) < 0.03,  # six standard deviations
        "the share of dropped captions should be near 0.1, each decided by itself.",
    )
    yield "one caption in ten is dropped, the others stay whole"


@value_task
def held_out_guess(guess):
    yield from predicted(
        guess,
        "c",
        {
            "a": "the words are known, but the data also showed sevens, and none of them thick.",
            "b": "the two are asked for together, and only the pair is new. The digit was in "
            "thousands of training images: why should it be the one to go?",
            "d": "the attribute's words had their effect on nine other digits. Why should none "
            "of it carry over?",
        },
    )


@task
def guide_batch(answer):
    both = np.random.default_rng(2).normal(size=(6, 5))
    conditional, unconditional = both[:3], both[3:]
    for scale in (2.5, 1.0, 0.0):
        right = unconditional + scale * (conditional - unconditional)
        match(
            array(answer(both, scale), "the guided logits", (3, 5)),
            right,
            f"scale {scale:g}: go from the unconditional logits, `scale` times the difference.",
            {
                "the halves are exchanged: captions come first.": conditional
                + scale * (unconditional - conditional),
                "rows of one caption are paired wrongly: the second half begins at row n.": (
                    both[1::2] + scale * (both[::2] - both[1::2])
                ),
                "that is the other convention, in which 0 means no guidance.": conditional
                + scale * (conditional - unconditional),
            },
        )
    yield "1 gives the conditional logits, 0 the unconditional ones, 2.5 goes beyond"
