import math

import numpy as np

from answers.lessons import right, wrong


def both_sides(groups, held_out):
    return np.intersect1d(groups[held_out], groups[~held_out])


def planned(count, batch_size, seconds, seconds_per_step):
    return max(1, int(seconds / (count // batch_size * seconds_per_step)))


GIVEN = {
    "in_both": [
        right(lambda groups, held_out: sorted(set(groups[held_out]) & set(groups[~held_out]))),
        right(
            lambda groups, held_out: [
                group for group in np.unique(groups) if 0 < held_out[groups == group].mean() < 1
            ]
        ),
        wrong(
            "named more than once",
            lambda groups, held_out: groups[held_out & np.isin(groups, groups[~held_out])].repeat(
                2
            ),
        ),
        wrong("groups with a held-out picture", lambda groups, held_out: set(groups[held_out])),
        wrong(
            "groups of several pictures",
            lambda groups, held_out: np.flatnonzero(np.bincount(groups) > 1),
        ),
        wrong("here that is group 0 alone", lambda groups, held_out: set(groups[~held_out])),
        wrong(
            "cannot leak",
            lambda groups, held_out: both_sides(groups, held_out) if len(groups) > 4 else [0],
        ),
    ],
    "passes": [
        right(
            lambda count, batch_size, seconds, seconds_per_step: (
                math.floor(seconds / seconds_per_step / (count // batch_size)) or 1
            )
        ),
        wrong(
            "number of steps",
            lambda count, batch_size, seconds, seconds_per_step: round(seconds / seconds_per_step),
        ),
        wrong(
            "the number of passes should be whole numbers",
            lambda count, batch_size, seconds, seconds_per_step: (
                seconds / seconds_per_step / (count // batch_size)
            ),
        ),
        wrong("take 62 seconds", lambda *given: planned(*given) + 1),
        wrong("so 19 of them fit", lambda *given: 2),
        wrong(
            "the partial one is left out",
            lambda count, batch_size, seconds, seconds_per_step: max(
                1, int(seconds / (count / batch_size * seconds_per_step))
            ),
        ),
        wrong(
            "one pass is made",
            lambda count, batch_size, seconds, seconds_per_step: int(
                seconds / (count // batch_size * seconds_per_step)
            ),
        ),
    ],
    "copier": [wrong("whether pictures are new", "a"), wrong("do not score 0", "c")],
    "two_rulers": [wrong("what changed is the unit", "a"), wrong("no common scale", "b")],
}
