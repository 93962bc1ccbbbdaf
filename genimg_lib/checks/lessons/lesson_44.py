"""The tasks of lesson 44: image GPT."""

import numpy as np

from genimg_lib.checks.core import array, close, expect
from genimg_lib.checks.judge import match, pair
from genimg_lib.checks.task import predicted, task, value_task


@task
def sequence_log_likelihood(answer):
    random = np.random.default_rng(0)
    logits, tokens = random.normal(size=(2, 3, 5)), random.integers(0, 5, (2, 3))
    log_p = logits - np.log(np.exp(logits).sum(axis=-1, keepdims=True))

    def chosen(values):
        return np.take_along_axis(values, tokens[..., None], axis=-1)[..., 0]

    right = chosen(log_p).sum(axis=1)
    match(
        array(answer(logits, tokens), "the log-likelihoods", (2,)),
        right,
        "at each position take the log of the softmax at the token that came, then add up.",
        {
            "these are raw logits: subtract their log-sum-exp over the vocabulary.": chosen(
                logits
            ).sum(axis=1),
            "the sign is wrong: log p is negative, and its negative is the loss.": -right,
            "that is the mean per token. A product of probabilities has the sum of their logs.": (
                right / 3
            ),
            "that is the probability; return its log, which does not underflow.": np.exp(right),
        },
    )
    yield "the log of the product of all factors"
    expect(
        close(array(answer(logits + 1000, tokens), "the log-likelihoods", (2,)), right),
        "adding 1,000 to all logits changes nothing in a softmax. Here exp overflows: subtract "
        "the largest logit first.",
    )
    yield "large logits do not overflow"


@value_task
def free_classifier(guess):
    yield from predicted(
        guess,
        "c",
        {
            "a": "a model that samples fours when asked for fours has learned what makes a four.",
            "b": "half would mean that its samples are of the wrong class as often. Each of the "
            "many tokens adds evidence.",
        },
    )


@task
def guided_probabilities(answer):
    with_class = np.array([[0.6, 0.3, 0.1], [0.2, 0.2, 0.6]])
    without = np.array([[0.3, 0.3, 0.4], [0.5, 0.3, 0.2]])

    def guided(scale):
        return array(answer(with_class, without, scale), "the probabilities", (2, 3))

    squared = with_class**2 / without
    match(
        guided(1.0),
        with_class,
        "s = 1 must return p(t | c).",
        {
            "s = 1 returns p(t): the two are exchanged.": without,
            "s = 1 goes beyond p(t | c): that is the paper's convention, 1 + w in place of s.": (
                squared / squared.sum(axis=-1, keepdims=True)
            ),
        },
    )
    yield "s = 1 is the plain model"
    tilted = with_class**3 / without**2
    match(
        guided(3.0),
        tilted / tilted.sum(axis=-1, keepdims=True),
        "s = 3 must give p(t | c) to the power 3, times p(t) to the power -2, normalised.",
        {
            "that is a straight line between probabilities, and one of them is negative. The "
            "line is in the logits.": without + 3 * (with_class - without),
            "the powers are right, but a row does not sum to 1: divide by its sum.": tilted,
            "each row is a distribution of its own: divide by the sum of its row, not of all.": (
                tilted / tilted.sum()
            ),
        },
    )
    yield "s = 3 weighs the classifier twice more"


@value_task
def more_guidance(guess):
    yield from predicted(
        guess,
        "b",
        {
            "a": "what happens to unusual handwriting when the most typical token is preferred "
            "at every step?",
            "c": "the plain model has a fault that guidance mends: images between the classes, "
            "which are like no real one.",
            "d": "an image of the wrong class is often malformed, and FID sees that without "
            "labels.",
        },
    )


@value_task
def temperature_zero(guess):
    yield from predicted(
        guess,
        "b",
        {
            "a": "the likeliest token at each step need not lead to the likeliest sequence.",
            "c": "what could make two runs differ when nothing is left to chance?",
        },
    )


@task
def training_pair(answer):
    tokens = np.array([[3, 1, 4, 1], [5, 2, 6, 5]])
    inputs, targets = pair(answer(tokens, 9), "inputs, targets")
    expect(
        inputs.shape != targets.shape or not close(inputs, targets),
        "the network still sees the token that it has to predict.",
    )
    expect(
        close(targets, tokens),
        "the targets are all the tokens, the first one included: its probability is a factor too.",
    )
    yield "every token is predicted"
    expect(
        inputs.shape == tokens.shape,
        "drop the last token from the input: nothing is predicted from it.",
    )
    match(
        inputs,
        [[9, 3, 1, 4], [9, 5, 2, 6]],
        "the input must hold the start symbol, then the tokens up to the last but one.",
        {
            "the shift goes the wrong way: the input shows the token after the one to predict.": [
                [1, 4, 1, 9],
                [2, 6, 5, 9],
            ]
        },
    )
    yield "the input is shifted by one"
