"""The tasks of lesson 64: judging pictures by their words."""

import numpy as np

from genimg_lib.checks.core import array, expect
from genimg_lib.checks.judge import match
from genimg_lib.checks.task import predicted, task, value_task


def _one_way(logits):
    logits = logits - logits.max(axis=1, keepdims=True)
    return np.mean(np.log(np.exp(logits).sum(axis=1)) - np.diag(logits))


@task
def contrastive_loss(answer):
    """Source: Radford et al., arXiv:2103.00020, figure 3."""
    random = np.random.default_rng(0)
    for count, temperature in ((4, 0.5), (6, 0.1)):
        pictures, words = random.normal(size=(2, count, 3))
        pictures /= np.linalg.norm(pictures, axis=1, keepdims=True)
        words /= np.linalg.norm(words, axis=1, keepdims=True)
        cosines = pictures @ words.T
        first, second = (_one_way(each / temperature) for each in (cosines, cosines.T))
        found = array(answer(pictures, words, temperature), "the loss", ())
        match(
            found,
            (first + second) / 2,
            "the mean of both cross-entropies: pictures ask for words, words for pictures.",
            {
                "that is one direction: words ask for their picture as well.": first,
                "that is the other direction: pictures ask for their words as well.": second,
                "both are added: take their mean.": first + second,
                "the cosines are multiplied by the temperature: divide.": (
                    _one_way(cosines * temperature) + _one_way(cosines.T * temperature)
                )
                / 2,
                "this looks at the right pairs alone: the others must be pushed away.": -np.mean(
                    np.diag(cosines)
                )
                / temperature,
            },
        )
    yield "the loss of both directions"


@value_task
def untrained_loss(guess):
    yield from predicted(
        guess,
        "b",
        {
            "a": "a loss of 0 means that every pair is found with certainty.",
            "c": "a cross-entropy has no upper end at 1; count the choices.",
        },
    )


@value_task
def swapped_words(guess):
    yield from predicted(
        guess,
        "c",
        {
            "a": "how would the word tower tell the two sentences apart? It averages words.",
            "b": "worse than chance would need a preference; equal vectors have none.",
        },
    )


@task
def seen_share(answer):
    """Source: the law of total probability; Rogan and Gladen's estimator is its inverse."""
    for share, hit, false_alarm in ((0.5, 0.7, 0.1), (0.2, 0.6, 0.3)):
        found = array(answer(share, hit, false_alarm), "the share", ())
        match(
            found,
            share * hit + (1 - share) * false_alarm,
            "right pictures that are seen, plus wrong ones that are taken for right.",
            {
                "wrong pictures that the judge accepts are forgotten.": share * hit,
                "false alarms come from wrong pictures only.": share * hit + false_alarm,
                "that is the true share: the judge errs.": share,
                "that corrects a score: here the judge has not yet looked.": (share - false_alarm)
                / (hit - false_alarm),
            },
        )
    expect(
        0 <= float(answer(0.0, 0.9, 0.0)) < 1e-9,
        "a writer who is never right, before a judge without false alarms, scores 0.",
    )
    yield "hits and false alarms"
