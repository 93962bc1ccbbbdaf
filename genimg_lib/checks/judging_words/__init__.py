"""Checks of exercises 64: judges of pictures and words, and what their errors do."""

import numpy as np

from genimg_lib.checks.core import array, checker, expect
from genimg_lib.checks.judge import match, whole
from genimg_lib.checks.judging_words import faults


@checker
def forced_choice(answer):
    """Source: lesson 64, section 3: a tower that averages words ties."""
    random = np.random.default_rng(0)
    for questions, count in ((40, 2), (50, 3), (60, 5)):
        cosines = random.integers(0, 4, (questions, count)) / 4
        found = array(answer(cosines), "the share", ())
        match(found, *faults.forced_choice(cosines))
        yield f"{questions} questions with {count} choices"


@checker
def agreement_beyond_chance(answer):
    """Source: Cohen (1960), doi:10.1177/001316446002000104."""
    random = np.random.default_rng(1)
    for pictures, share, errs in ((80, 0.8, 0.3), (60, 0.3, 0.2), (90, 0.6, 0.5)):
        truth = random.uniform(size=pictures) < share
        first, second = (truth ^ (random.uniform(size=pictures) < e) for e in (errs, errs / 2))
        found = array(answer(first, second), "kappa", ())
        match(found, *faults.agreement_beyond_chance(first, second))
        yield f"{pictures} pictures"


@checker
def hard_batches(answer):
    """Source: lesson 64, section 3; Yuksekgonul et al., arXiv:2210.01936."""
    for count, size in ((24, 4), (40, 8), (36, 6)):
        rows = np.random.default_rng(count).permutation(count).reshape(-1, 2)
        partner = np.empty(count, int)
        partner[rows] = rows[:, ::-1]
        meetings = []
        for seed in range(3):
            order = answer(partner, np.random.default_rng(seed))
            order = whole(order, "the order", (count,))
            expect(
                np.array_equal(np.sort(order), np.arange(count)),
                "each row must stand in the order exactly once.",
            )
            expect(
                np.array_equal(partner[order[::2]], order[1::2]),
                "the swap of a row does not stand beside it.",
            )
            expect(
                (order[::2] < order[1::2]).all(),
                "of a row and its swap the smaller number comes first.",
            )
            meetings.append({frozenset(batch) for batch in order.reshape(-1, size).tolist()})
        expect(
            meetings[0] != meetings[1] or meetings[1] != meetings[2],
            "the same rows meet whatever the generator says: shuffle the pairs.",
        )
        yield f"{count} rows in batches of {size}"


@checker
def prompts_needed(answer):
    """Source: lesson 64, section 6."""
    for better, worse, hit, false_alarm, z in (
        (0.6, 0.5, 0.9, 0.05, 2.0),
        (0.8, 0.65, 0.7, 0.2, 1.5),
        (0.3, 0.2, 0.8, 0.1, 3.0),
    ):
        found = array(answer(better, worse, hit, false_alarm, z), "prompts", ())
        match(found, *faults.prompts_needed(better, worse, hit, false_alarm, z))
        yield f"writers with {better:.0%} and {worse:.0%}"
