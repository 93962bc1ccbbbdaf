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
    """Source: the law of total probability."""
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


@task
def true_share(answer):
    """Source: Rogan and Gladen, doi:10.1093/oxfordjournals.aje.a112510 (1978)."""
    for seen, hit, false_alarm in ((0.5, 0.8, 0.3), (0.32, 0.6, 0.2)):
        found = array(answer(seen, hit, false_alarm), "the share", ())
        match(
            found,
            (seen - false_alarm) / (hit - false_alarm),
            "solve seen = share * hit + (1 - share) * false_alarm for the share.",
            {
                "this takes every accepted picture for a right one: take the false alarms off.": (
                    seen / hit
                ),
                "divide by what is left between false alarms and hits.": seen - false_alarm,
                "a judge that accepts all right pictures reaches `hit`, so the ceiling loses its "
                "false alarms, too.": (seen - false_alarm) / hit,
                "this judge misses right pictures: the ceiling is `hit`, not 1.": (
                    (seen - false_alarm) / (1 - false_alarm)
                ),
                "that is what the judge sees of a true share: go the other way.": (
                    seen * hit + (1 - seen) * false_alarm
                ),
            },
        )
    for seen, bound in ((0.1, 0.0), (0.9, 1.0)):
        expect(
            abs(float(answer(seen, 0.8, 0.3)) - bound) < 1e-9,
            "noise may put the score outside the two rates; a share stays between 0 and 1.",
        )
    yield "the judge's errors taken out"


@value_task
def kept_concept(guess):
    yield from predicted(
        guess,
        "b",
        {
            "a": "what a picture shows is settled early, in the steps that are run again here.",
            "c": "the writer learned these names in the new style as well.",
        },
    )
