"""What the tempting mistakes in exercises 63 give.

Each function returns the right value, what to say of any other, and the values that tempting
mistakes give, by what is said of them: the arguments of `judge.match`.
"""

import numpy as np


def leaking_rows(training, held_out):
    same = training[:, None] == held_out[None]
    pairs = same[..., :2].all(axis=-1).any(axis=1)
    concept, tone = (same[..., column].any(axis=1) for column in (0, 1))
    return (
        pairs.astype(float),
        "a row leaks if one held-out row has its concept and its tone.",
        {
            "True stands at the rows that may stay: mark those that leak.": ~pairs,
            "the style is compared too: the pair in another style gives the answer away.": same.all(
                axis=-1
            ).any(axis=1),
            "the concept alone is compared: it should be known, or nothing can be combined.": (
                concept
            ),
            "the tone alone is compared: it should be known, or nothing can be combined.": tone,
            "concept and tone come from two held-out rows: one row must have both.": concept & tone,
        },
    )


def found_in_top(scores, right, count):
    order = np.argsort(-scores, axis=1)
    hits = np.take_along_axis(right, order, axis=1)
    first = hits[:, :count]
    return (
        first.any(axis=1).mean(),
        "the share of pictures with a right name among the first.",
        {
            "only the best name is looked at.": hits[:, 0].mean(),
            "the lowest scores are taken: sort the other way.": hits[:, -count:].any(axis=1).mean(),
            "every right name must be there: one is enough.": (
                first.sum(axis=1) == right.sum(axis=1)
            ).mean(),
            "names are counted: a picture with two hits counts once.": first.mean(),
            "that is the share of right names that were found, not of pictures.": (
                first.sum() / right.sum()
            ),
            "one name too many is taken.": hits[:, : count + 1].any(axis=1).mean(),
            "only the first right name of each picture counts: all of them are right.": np.mean(
                (order[:, :count] == right.argmax(axis=1)[:, None]).any(axis=1)
            ),
        },
    )


def judge_bounds(asked, of_real, of_blind):
    ceiling = np.mean(of_real == asked)
    floor = np.mean(of_blind[:, None] == asked)
    shorter = min(len(asked), len(of_blind))
    names = np.union1d(asked, of_blind)
    uniform = 1 / len(names)
    return (
        np.array([floor, ceiling]),
        "floor: any picture without words against any prompt; ceiling: real ones, each its own.",
        {
            "the two are exchanged: return the floor first.": np.array([ceiling, floor]),
            "the floor compares a picture with one prompt: it was made for none, so take all.": (
                np.array([np.mean(of_blind[:shorter] == asked[:shorter]), ceiling])
            ),
            "the floor is one over the names: the judge has favourites, and so have the prompts.": (
                np.array([uniform, ceiling])
            ),
            "the ceiling compares a real picture with every prompt: it has one name.": np.array(
                [floor, np.mean(of_real[:, None] == asked)]
            ),
            "the ceiling is 1: the judge errs on real pictures, too.": np.array([floor, 1.0]),
        },
    )


def images_of_patches(patches, height, width, channels, patch):
    batch, rows, columns = len(patches), height // patch, width // patch

    def put(grid, order):
        return (
            patches.reshape(batch, *grid).transpose(order).reshape(batch, height, width, channels)
        )

    grid = (rows, columns, patch, patch, channels)
    return (
        put(grid, (0, 1, 3, 2, 4, 5)),
        "row of patches, row in the patch, column of patches, column in the patch, channel.",
        {
            "reshaping alone cuts the patches into strips: the axes must be exchanged first.": (
                patches.reshape(batch, height, width, channels)
            ),
            "the patches run down the columns: they are listed row by row.": put(
                (columns, rows, patch, patch, channels), (0, 2, 3, 1, 4, 5)
            ),
            "each patch is turned: its rows became its columns.": put(grid, (0, 1, 4, 2, 3, 5)),
            "the channels come first in your patch: here they are last.": put(
                (rows, columns, channels, patch, patch), (0, 1, 4, 2, 5, 3)
            ),
            "the column in the patch stands before the column of patches.": put(
                grid, (0, 1, 3, 4, 2, 5)
            ),
        },
    )


def velocity_of_answer(noisy, expected, time, least):
    def wide(values):
        return values[:, None, None, None]

    left = np.maximum(1 - time, least)
    missing = expected - noisy
    return (
        missing / wide(left),
        "what is missing, over the time that is left.",
        {
            "the sign is turned: the velocity leads to the picture.": -missing / wide(left),
            "near the end it explodes: no less than `least` of the time counts as left.": missing
            / wide(1 - time),
            "it is divided by the time that has passed: how much is left?": missing / wide(time),
            "it is not divided: only with all the time left is that the velocity.": missing,
            "`least` is added to every time that is left: it is a bound.": missing
            / wide(1 - time + least),
            "the smaller of the two is taken: `least` is a bound from below.": missing
            / wide(np.minimum(1 - time, least)),
        },
    )


def guided_step(pixels, with_words, without, time, next_time, guidance, limit):
    def move(end, share=(next_time - time) / (1 - time)):
        return pixels + share * (end - pixels)

    def bound(values):
        return np.clip(values, -limit, limit)

    def guide(first, second, scale=guidance):
        return second + scale * (first - second)

    end = guide(with_words, without)
    return (
        move(bound(end)),
        "guide, clip the guided picture, then go there for the part of the time that passes.",
        {
            "nothing is clipped: no pixel is whiter than white.": move(end),
            "the noisy pixels are clipped: noise may be outside, only the picture may not.": bound(
                move(end)
            ),
            "both answers are clipped before guidance, which leaves the limits again.": move(
                guide(bound(with_words), bound(without))
            ),
            "it is clipped at 1, and the data of this model end at `limit`.": move(
                np.clip(end, -1, 1)
            ),
            "guidance 1 must be the answer with words: yours goes one further.": move(
                bound(guide(with_words, without, 1 + guidance))
            ),
            "the two answers are exchanged: this leads away from the words.": move(
                bound(guide(without, with_words))
            ),
            "the step is the difference of times; divide it by the time that is left.": move(
                bound(end), next_time - time
            ),
            "this is the guided picture itself: go only a part of the way.": bound(end),
        },
    )


def nearer_than_unseen(samples, unseen, training, level):
    def distances(rows):
        return np.linalg.norm(rows[:, None] - training, axis=-1)

    drawn, real = distances(samples).min(axis=1), distances(unseen).min(axis=1)

    def below(first, border):
        share = np.mean(first < border)
        return np.array([share, share - level])

    border = np.quantile(real, level)
    right = below(drawn, border)
    return (
        right,
        "samples nearer to training than the lowest `level` of unseen pictures; minus `level`.",
        {
            "the border comes from the samples: it must come from the unseen pictures.": below(
                drawn, np.quantile(drawn, level)
            ),
            "the share of unseen pictures is returned: that of the samples is asked.": below(
                real, np.quantile(drawn, level)
            ),
            "the border lies at the far end: few unseen pictures are nearer than it.": below(
                drawn, np.quantile(real, 1 - level)
            ),
            "the mean distance to training is taken: a copy is near to one picture.": below(
                distances(samples).mean(axis=1),
                np.quantile(distances(unseen).mean(axis=1), level),
            ),
            "the border is the nearest unseen picture, one single picture.": below(
                drawn, real.min()
            ),
            "the excess is the share again: unseen pictures alone would give `level`.": np.array(
                [right[0], right[0]]
            ),
            "these are the samples that lie farther: count the nearer ones.": np.array(
                [1 - right[0], 1 - right[0] - level]
            ),
        },
    )


def language_gap(english, chinese):
    differences = english.mean(axis=1) - chinese.mean(axis=1)
    gap, prompts = differences.mean(), len(differences)

    def answer(error, times=1.96):
        return np.array([gap, times * error])

    error = differences.std(ddof=1) / np.sqrt(prompts)
    separate = np.sqrt(sum(each.mean(axis=1).var(ddof=1) / prompts for each in (english, chinese)))
    each_sample = (english - chinese).std(ddof=1) / np.sqrt(english.size)
    return (
        answer(error),
        "average the samples of a prompt, subtract, and use the spread over prompts.",
        {
            "the sign is turned: English minus Chinese.": np.array([-gap, 1.96 * error]),
            "samples of one prompt count as prompts: they are no new evidence on prompts.": answer(
                each_sample
            ),
            "the prompts are not paired: a hard prompt is hard in both languages.": answer(
                separate
            ),
            "that is the standard error: an interval of 95 % has 1.96 of them.": answer(error, 1),
            "that is the spread of prompts: the mean of many is less uncertain.": answer(
                error * np.sqrt(prompts)
            ),
            "the variance is divided by the prompts: one less, since the mean was fitted.": answer(
                differences.std() / np.sqrt(prompts)
            ),
        },
    )
