"""What the tempting mistakes in exercises 64 give.

Each function returns the right value, what to say of any other, and the values that tempting
mistakes give, by what is said of them: the arguments of `judge.match`.
"""

import numpy as np


def forced_choice(cosines):
    top = cosines == cosines.max(axis=1, keepdims=True)
    first, best = top[:, 0], top.sum(axis=1)
    return (
        np.mean(first / best),
        "the share of questions whose best choice is column 0, with ties shared out.",
        {
            "a tie counts as right: there the judge has no preference.": first.mean(),
            "a tie counts as wrong: a coin would be right now and then.": np.mean(
                first & (best == 1)
            ),
            "every tie counts one half: of three equal ones, each gets a third.": np.mean(
                np.where(best > 1, first / 2, first)
            ),
            "ties are left out: these questions were asked, too.": first[best == 1].mean(),
            "that is chance, whatever the judge says.": 1 / cosines.shape[1],
        },
    )


def agreement_beyond_chance(first, second):
    agree, a, b = np.mean(first == second), first.mean(), second.mean()
    chance = a * b + (1 - a) * (1 - b)
    return (
        (agree - chance) / (1 - chance),
        "agreement above chance, as a share of what it could be above chance.",
        {
            "that is the agreement: part of it is chance.": agree,
            "chance is taken off, and not off the largest agreement: divide by what is left.": (
                agree - chance
            ),
            "chance is one half only if a judge says yes and no equally often.": 2 * agree - 1,
            "two judges may also agree on no by chance: add that.": (agree - a * b) / (1 - a * b),
            "that is the agreement by chance alone.": chance,
            "two yes are counted: two no agree as well.": np.mean(first & second),
        },
    )


def prompts_needed(better, worse, hit, false_alarm, z):
    true = np.array([better, worse])
    seen = true * hit + (1 - true) * false_alarm

    def needed(shares, difference, power=2):
        return (z * np.sqrt(np.sum(shares * (1 - shares))) / (difference[0] - difference[1])) ** (
            power
        )

    right = needed(seen, seen)
    return (
        np.ceil(right),
        "the difference that the judge sees must be z standard errors of that difference.",
        {
            "that is the number for a perfect judge: first compute what this one sees.": np.ceil(
                needed(true, true)
            ),
            "the judge's errors shrink the difference as well as they change the noise.": np.ceil(
                needed(seen, true)
            ),
            "the noise is that of the shares which the judge sees.": np.ceil(needed(true, seen)),
            "both scores are noisy: add their variances.": np.ceil(needed(seen[:1], seen)),
            "the noise falls with the root of the prompts: square.": np.ceil(needed(seen, seen, 1)),
            "z is squared as well.": np.ceil(right / z),
            "round up, or the prompts fall short.": np.floor(right),
        },
    )
