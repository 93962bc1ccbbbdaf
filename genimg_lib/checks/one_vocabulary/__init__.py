"""Checks of exercises 65: one sequence for words and pictures, against exact values."""

import numpy as np

from genimg_lib.checks.core import array, checker, expect, value_checker
from genimg_lib.checks.judge import choices, estimates, integers, match, pair
from genimg_lib.checks.one_vocabulary import faults, questions


@checker
def one_sequence(answer):
    """Source: Chameleon, arXiv:2405.09818, section 2."""
    random = np.random.default_rng(0)
    for count, length, said, sizes in ((2, 4, 3, (5, 7)), (1, 3, 3, (9, 2)), (3, 2, 5, (4, 4))):
        tokens = random.integers(0, sizes[0], (count, length))
        words = random.integers(0, sizes[1], (count, said))
        found = answer(words, tokens, *sizes)
        found = integers(found, "the sequence", (count, length + said + 2))
        match(found, *faults.one_sequence(words, tokens, *sizes))
        yield f"captions of {said} words and pictures of {length} tokens"


@checker
def reading_mask(answer):
    """Source: Dong et al. (UniLM), arXiv:1905.03197, figure 1."""
    for read, written in ((2, 3), (4, 2), (1, 4), (3, 3)):
        found = array(answer(read, written), "the mask", (read + written, read + written))
        match(found, *faults.reading_mask(read, written))
        yield f"{read} positions read, {written} written"


@checker
def written_nats(answer):
    """Source: the loss of every decoder: position i predicts token i + 1."""
    random = np.random.default_rng(1)
    for batch, length, size, start in ((2, 6, 4, 3), (3, 5, 5, 2), (1, 7, 3, 5)):
        logits = random.normal(size=(batch, length, size))
        ids = random.integers(0, size, (batch, length))
        found = array(answer(logits, ids, start), "the result", (batch,))
        match(found, *faults.written_nats(logits, ids, start))
        yield f"{length} positions, of which those from {start} on are written"
    logits = 2000 * random.normal(size=(2, 5, 4))
    with np.errstate(all="ignore"):
        found = array(answer(logits, ids[:1, :5] % 4 + np.zeros((2, 1), int), 2), "it", (2,))
    expect(np.isfinite(found).all(), "it overflows: subtract the largest logit first.")
    yield "large logits do not overflow"


def distributions_of(answer, shape, *given) -> bool:
    """Whether every row of what a function returns is finite and adds up to 1."""
    with np.errstate(all="ignore"):
        found = array(answer(*given), "the result", shape)
    return bool(np.isfinite(found).all() and np.allclose(found.sum(axis=1), 1))


@checker
def own_probabilities(answer):
    """Source: a softmax over a part of the vocabulary."""
    random = np.random.default_rng(2)
    for size, first, count, temperature in ((7, 2, 3, 1.0), (9, 0, 4, 0.5), (6, 4, 2, 2.0)):
        logits = random.normal(scale=2, size=(3, size))
        found = array(answer(logits, first, count, temperature), "the result", logits.shape)
        match(found, *faults.own_probabilities(logits, first, count, temperature))
        yield f"{count} of {size} tokens at temperature {temperature}"
    large = 2000 * random.normal(size=(3, 6)) + np.array([[-3e5], [0], [3e5]])
    expect(
        distributions_of(answer, (3, 6), large, 2, 3, 1.0),
        "large logits overflow: subtract the largest of each row before the exponential.",
    )
    yield "large logits do not overflow"


@checker
def read_by_painting(answer):
    """Source: Bayes' rule; Li et al., arXiv:2303.16203 (a generator as a classifier)."""
    random = np.random.default_rng(3)
    for pictures, captions in ((4, 3), (3, 5), (3, 3)):
        nats = -random.uniform(0.5, 4, (pictures, captions))
        prior = random.dirichlet(np.ones(captions))
        found = array(answer(nats, prior), "the result", nats.shape)
        match(found, *faults.read_by_painting(nats, prior))
        yield f"{pictures} pictures, {captions} captions"
    far = nats - 2000 * np.arange(1, 4)[:, None] - 1500 * np.arange(3)
    expect(
        distributions_of(answer, (3, 3), far, prior[:3] / prior[:3].sum()),
        "pictures have thousands of nats: subtract the largest of each row before the exponential.",
    )
    yield "thousands of nats do not underflow"


@checker
def story_gap(answer):
    """Source: Arnold and Press (1989), compatible conditional distributions."""
    random = np.random.default_rng(4)
    for pictures, captions in ((4, 3), (3, 5)):
        painting, telling = random.uniform(0.1, 1, (2, pictures, captions))
        painting /= painting.sum(axis=0)
        telling /= telling.sum(axis=1, keepdims=True)
        found = array(answer(painting, telling), "the gap", ())
        match(found, *faults.story_gap(painting, telling))
        yield f"a gap of {pictures} pictures and {captions} captions"
        joint = random.dirichlet(np.ones(pictures * captions)).reshape(pictures, captions)
        whole = joint / joint.sum(axis=0), joint / joint.sum(axis=1, keepdims=True)
        found = float(array(answer(*whole), "the gap", ()))
        expect(
            abs(found) < 1e-8,
            "both tables of one joint distribution must have the gap 0, whatever their marginals.",
        )
        yield "one joint distribution has no gap"


@checker
def told_and_retold(answer):
    """Source: Gibbs sampling: Geman and Geman (1984)."""
    random = np.random.default_rng(5)
    for pictures, captions in ((4, 3), (2, 4), (3, 3)):
        painting, telling = random.uniform(0.1, 1, (2, pictures, captions))
        painting /= painting.sum(axis=0)
        telling /= telling.sum(axis=1, keepdims=True)
        found = pair(
            answer(painting, telling), "captions, joint", (captions,), (pictures, captions)
        )
        rights = faults.told_and_retold(painting, telling)
        for part, judged in zip(found, rights, strict=True):
            match(part, *judged, atol=1e-5)
        yield f"{pictures} pictures, {captions} captions"


@checker
def dropped_pairs(answer):
    """Source: Ho and Salimans, arXiv:2207.12598, algorithm 1."""
    random = np.random.default_rng(6)
    for batch, said in ((4, 3), (6, 2), (5, 5)):
        words = random.integers(1, 9, (batch, said))
        dropped = np.arange(batch) % 3 == 1
        read, weights = pair(answer(words, dropped), "read, weights", words.shape, (batch,))
        match(read, *faults.words_to_read(words, dropped))
        match(weights, *faults.caption_weights(dropped))
        yield f"{batch} pairs, {int(dropped.sum())} of them dropped"
    with np.errstate(all="ignore"):
        read, weights = pair(answer(words, np.ones(batch, bool)), "read, weights", *2 * [None])
    expect(
        np.array_equal(weights, np.zeros(batch)),
        "a batch whose captions are all dropped must give the weights 0, not NaN.",
    )
    yield "a batch without captions teaches no caption"


@value_checker
def scales_of_losses(answers):
    """Source: the chain rule of entropy; the numbers are made up, of the size of measured ones."""
    yield from estimates(answers, questions.SCALES)


@value_checker(tries=2)
def which_design(answers):
    """Source: arXiv:2405.09818, 2408.11039, 2410.13848, 2505.14683."""
    yield from choices(answers, questions.DESIGNS)


@value_checker(tries=2)
def read_the_ways(answers):
    """Source: the chain rule of entropy; the numbers are made up, with one fault each."""
    yield from choices(answers, questions.WAYS)
