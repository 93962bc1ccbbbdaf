"""The tasks of lesson 61: image to text."""

import math

import numpy as np

from genimg_lib.checks.core import array, close, expect
from genimg_lib.checks.judge import match
from genimg_lib.checks.task import predicted, task, value_task


@task
def captioner_from_painter(answer):
    painter = np.array([[0.7, 0.2, 0.1], [0.1, 0.2, 0.7]])
    prior = np.array([0.9, 0.1])
    joint = painter * prior[:, None]
    match(
        array(answer(painter, prior), "p(c | x)", (2, 3)),
        joint / joint.sum(axis=0),
        "Bayes: p(c | x) is p(x | c) p(c), divided by its sum over all captions c.",
        {
            "that is p(x, c), the joint probability: divide by p(x), its sum over the captions.": (
                joint
            ),
            "the prior is missing: a rare caption needs more evidence.": (
                painter / painter.sum(axis=0)
            ),
            "each row sums to 1. For one image x the sum runs over the captions, down a column.": (
                joint / joint.sum(axis=1, keepdims=True)
            ),
        },
    )
    yield "each column is a distribution over captions"


@task
def caption_nats(answer):
    random = np.random.default_rng(0)
    logits, words = random.normal(size=(6, 4)), np.array([2, 1, 3, 0, 0, 0])
    log_p = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
    costs = -log_p[np.arange(6), words]
    match(
        array(answer(logits, words), "the nats", ()),
        costs[:4].sum(),
        "take -log softmax at each word that came, up to the first 0, and add up.",
        {
            "the end is missing: to stop is a choice too, and its probability is a factor.": (
                costs[:3].sum()
            ),
            "the padding counts: behind the first 0 nothing is written any more.": costs.sum(),
            "that is the mean per word. A caption's probability is a product, its log a sum.": (
                costs[:4].mean()
            ),
            "these are raw logits: subtract their log-sum-exp over the vocabulary.": (
                -logits[np.arange(4), words[:4]].sum()
            ),
        },
    )
    yield "words and end cost, padding does not"
    full = np.array([2, 1, 3, 1, 2, 2])
    expect(
        close(array(answer(logits, full), "the nats", ()), -log_p[np.arange(6), full].sum()),
        "a caption of the full length has no 0: all its words count, and nothing else.",
    )
    yield "a caption may have the full length"


@value_task
def two_languages(guess):
    yield from predicted(
        guess,
        "b",
        {
            "a": "that would be two independent witnesses. What do the two captions share?",
            "c": "the languages are not copies: they do differ in some pictures.",
        },
    )


@value_task
def unseen_pair(guess):
    yield from predicted(
        guess,
        "c",
        {
            "a": "each fact alone is common, but the pair never occurred. What does that tell a "
            "model that learns from counts?",
            "b": "that happens, but not always. Which of the two facts is harder to see?",
        },
    )


@task
def who_erred(answer):
    cases = {
        (2, 2, 2): "nobody",
        (2, 2, 0): "captioner",
        (2, 0, 0): "painter",
        (2, 0, 1): "both",
        (2, 0, 2): "both",
    }
    replies = {
        (2, 2, 2): "asked, drawn and read are the same: nobody erred.",
        (2, 2, 0): "the picture has what was asked for, and the captioner reads something else.",
        (2, 0, 0): "the picture lacks what was asked for, and the captioner reads it correctly.",
        (2, 0, 1): "the picture is wrong, and the captioner misreads it: both erred.",
        (2, 0, 2): "the words come back, but the picture does not have them: both erred, and the "
        "loop hides it.",
    }
    for case, name in cases.items():
        expect(
            answer(*case) == name,
            f"for asked, in_picture, heard = {case} the answer is {name!r}: {replies[case]}",
        )
        yield f"{case}: {name}"


@task
def best_of_n_kl(answer):
    for n in (1, 4, 16):
        right = math.log(n) - (n - 1) / n
        match(
            array(answer(n), "the KL", ()),
            right,
            f"for n = {n} the integral is {right:.3f}. Both terms: log n, and (n - 1) times the "
            "mean of log u under the density.",
            {
                "that is log n, the first term alone; log u is negative on average.": math.log(n),
                "the sign of the second term: the mean of log u is -1 / n.": (
                    math.log(n) + (n - 1) / n
                ),
            },
        )
    yield "log n - (n - 1) / n"
