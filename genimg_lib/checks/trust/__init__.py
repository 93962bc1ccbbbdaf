"""Checks of exercises 72: members, copies and marks."""

import numpy as np

from genimg_lib.checks.core import array, checker, close, expect, short, value_checker
from genimg_lib.checks.judge import choices, estimates, match, pair, several, whole
from genimg_lib.checks.trust import faults, questions

SPREADS = 5.0
"""Standard deviations that chance may be off: once in more than a million."""


def _others(mistakes: dict, right) -> dict:
    """The mistakes that give something else than what is right."""
    return {words: value for words, value in mistakes.items() if not close(value, right)}


@checker
def green_lists(answer):
    """Source: Kirchenbauer et al., arXiv:2301.10226, algorithm 2."""
    for key, vocabulary, count, fraction in ((7, 12, 5, 0.25), (8, 12, 5, 0.5), (9, 10, 3, 0.7)):
        found = array(answer(key, vocabulary, count, fraction), "the lists", (count, vocabulary))
        right = faults.lists(key, vocabulary, count, fraction)
        expect(np.isin(found, (0, 1)).all(), "the lists should be True where a token is green.")
        expect(
            not close(found, 1 - right),
            "red and green are exchanged: the FIRST entries of the permutation are green.",
        )
        expect(
            not (found == found[0]).all(),
            "all lists are equal: each needs a generator of its own, with the seed [key, i].",
        )
        again = array(answer(key + 1, vocabulary, count, fraction), "the lists", found.shape)
        expect(not close(found, again), "another key gives the same lists: the key is not used.")
        sizes = found.sum(axis=1)
        expect(
            (sizes == round(fraction * vocabulary)).all(),
            f"the lists hold {short(sizes)} green tokens; each should hold exactly "
            f"{round(fraction * vocabulary)} of {vocabulary}.",
        )
        expect(
            close(found, right),
            "other tokens are green than by the recipe: the first ones of "
            "default_rng([key, i]).permutation(vocabulary).",
        )
    yield "the right tokens of each list, for three keys"


@checker
def z_of_tokens(answer):
    """Source: Kirchenbauer et al., arXiv:2301.10226, section 4."""
    random = np.random.default_rng(0)
    for vocabulary, length, fraction in ((6, 30, 0.25), (5, 16, 0.5), (30, 49, 0.25)):
        green = random.random((vocabulary + 1, vocabulary)) < fraction
        tokens = random.integers(vocabulary, size=length)
        right, mistakes = faults.z_scores(tokens.tolist(), green, fraction)
        found = array(answer(tokens, green, fraction), "z", ())
        otherwise = f"{length} tokens of {vocabulary} should give z = {right:.3f}, not {found:.3f}."
        match(found, right, otherwise, _others(mistakes, right))
    yield "three images, with pairs that recur"
    green = np.zeros((3, 2), bool)
    green[2, 1] = True
    found = array(answer(np.array([1]), green, 0.5), "z", ())
    expect(close(found, 1.0), "a single token, green on the list of the start, should give z = 1.")
    yield "the list of the start"


@checker
def members_at(answer):
    """Source: Carlini et al., arXiv:2112.03570, section 3."""
    random = np.random.default_rng(1)
    rates = np.array([0.0, 0.01, 0.1, 0.25, 1.0])
    cases = [
        (random.normal(size=40) - 1.0, random.normal(size=100)),
        (random.integers(0, 6, size=50) + 0.0, random.integers(2, 9, size=40) + 0.0),
        (np.array([3.0, 4.0]), np.array([1.0, 2.0, 5.0])),
    ]
    for members, others in cases:
        right, mistakes = faults.members_at(members, others, rates)
        found = array(answer(members, others, rates), "the shares", rates.shape)
        otherwise = f"rates {short(rates)} should find {short(right)}, not {short(found)}."
        match(found, right, otherwise, _others(mistakes, right))
        yield f"{len(members)} members, {len(others)} others"


@checker
def audit(answer):
    """Source: Carlini et al., arXiv:2112.03570, section 3."""
    random = np.random.default_rng(2)
    for shift, rate, count in ((1.0, 0.01, 200), (2.0, 0.05, 60), (0.5, 0.25, 40)):
        losses = [
            np.round(random.normal(size=size) - offset, 1)
            for size, offset in ((80, shift), (count, 0.0), (90, shift), (70, 0.2))
        ]
        names = "found, accused"
        found = pair(answer(*losses, rate), names, ())
        right, mistakes = faults.audits(*losses, rate)
        otherwise = f"rate {rate:g}: (found, accused) should be {short(right)}, not {short(found)}."
        match(found, right, otherwise, _others(mistakes, right))
    yield "the threshold of your own others, on images that are not your own"


@checker
def marked_tokens(answer):
    """Source: Kirchenbauer et al., arXiv:2301.10226, algorithm 2."""
    random = np.random.default_rng(3)
    logits = random.normal(size=(60, 8))

    def tokens(logits, key, seed, strength):
        found = answer(logits, key, seed, strength)
        return whole(found, "the tokens", logits.shape[:1])

    def green(key):
        return np.random.default_rng(key).random(8) < 0.5

    expect(
        np.array_equal(tokens(logits, 5, 1, 0.0), tokens(logits, 6, 1, 0.0)),
        "at strength 0 another key gives other tokens: the noise must not come from the key.",
    )
    expect(
        not np.array_equal(tokens(logits, 5, 1, 0.0), tokens(logits, 5, 2, 0.0)),
        "another seed gives the same tokens: the noise should come from the seed.",
    )
    expect(
        np.array_equal(tokens(logits, 5, 1, 2.0), tokens(logits, 5, 1, 2.0)),
        "the same key and seed give other tokens the second time.",
    )
    yield "the key makes the list, the seed the noise"

    flat = np.zeros((1, 8))
    keys = [key for key in range(600) if 0 < green(key).sum() < 8]
    hits = np.mean([green(key)[tokens(flat, key, key, 0.0)[0]] for key in keys])
    expected = np.mean([green(key).mean() for key in keys])
    room = SPREADS * 0.5 / np.sqrt(len(keys))
    expect(
        abs(hits - expected) < room,
        f"with seed = key, {hits:.0%} of first tokens are green at strength 0, where half should "
        "be: list and noise are made of the same random numbers.",
    )
    yield "independent, even if seed and key are the same number"

    many = np.tile(logits[:1], (20_000, 1))
    for key, strength in ((5, 0.0), (5, 2.0), (11, 1.0)):
        weights = np.exp(logits[0] + strength * green(key))
        right = weights / weights.sum()
        found = np.bincount(tokens(many, key, 4, strength), minlength=8) / len(many)
        expect(
            (np.abs(found - right) < SPREADS * np.sqrt(right * (1 - right) / len(many))).all(),
            f"strength {strength:g}: the tokens have shares {short(found)}; softmax of logits + "
            f"strength on green gives {short(right)}.",
        )
    yield "softmax(logits + strength on green)"


@checker
def nearest_copy(answer):
    """Source: lesson 10, section 1; Carlini et al., arXiv:2301.13188, section 5.1."""
    random = np.random.default_rng(4)
    training = np.zeros((6, 9, 9), np.uint8)
    training[:, 3:6, 3:6] = random.integers(100, 256, size=(6, 3, 3))
    for row, down, right in ((2, 0, 0), (3, 2, 0), (1, -2, 0), (4, 0, 2), (5, 0, -2), (0, 1, -2)):
        image = np.roll(training[row], (down, right), axis=(0, 1))
        found, distance = several(answer(image, training, 2), "row, distance")
        found, distance = whole(found, "the row", ()), array(distance, "the distance", ())
        moved = f"training image {row}, moved by ({down}, {right}), has the nearest row {found}"
        expect(found == row, f"{moved}: try every shift up to `reach` in both directions.")
        expect(
            close(distance, 0.0),
            f"{moved} at a distance of {distance:.1f}: one of the shifts makes it 0.",
        )
    yield "every shift within reach"

    for reach in (0, 1, 3):
        image = random.integers(0, 256, size=(9, 9)).astype(np.uint8)
        pictures = random.integers(0, 256, size=(5, 9, 9)).astype(np.uint8)
        found, distance = several(answer(image, pictures, reach), "row, distance")
        row, right = faults.nearest_shifted(image, pictures, reach)
        expect(
            close(array(distance, "the distance", ()), right, rtol=1e-4),
            f"reach {reach}: the distance should be {right:.2f}, the smallest root mean square "
            f"difference over the shifts, not {short(distance)}; uint8 wraps around, and what "
            "enters from outside is black.",
        )
        expect(found == row, f"reach {reach}: row {row} is the nearest, not {short(found)}.")
    yield "distances of other images, with black entering from outside"


@value_checker
def false_alarms(answers):
    """Source: the normal distribution; Fernandez et al., arXiv:2308.00113."""
    yield from estimates(answers, questions.false_alarms())


@value_checker
def tokens_needed(answers):
    """Source: Kirchenbauer et al., arXiv:2301.10226, section 4."""
    yield from estimates(answers, questions.tokens_needed())


@value_checker(tries=2)
def read_the_curves(answers):
    """Source: Carlini et al., arXiv:2112.03570, section 3; Watson et al., arXiv:2111.08440."""
    yield from choices(answers, questions.CURVES)
