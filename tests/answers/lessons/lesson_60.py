import numpy as np
from scipy.special import softmax

from answers.lessons import right, wrong


def scores(queries, keys):
    return queries @ keys.T / np.sqrt(keys.shape[1])


def masked(queries, keys, words):
    return softmax(np.where(words == 0, -1e30, scores(queries, keys)), axis=1)


def without_a_shift(queries, keys, words):
    with np.errstate(all="ignore"):
        weights = np.exp(scores(queries, keys)) * (words > 0)
        return weights / weights.sum(axis=1, keepdims=True)


def one_by_one(words, random, share):
    return np.array([row if random.uniform() >= share else 0 * row for row in words])


GIVEN = {
    "chinese_prompts": [
        right("b"),
        wrong("nothing is left to guess from", "a"),
        wrong("never ended a sentence", "c"),
        wrong("do not fail here", "d"),
    ],
    "attention_weights": [
        right(masked),
        right(lambda q, k, words: softmax(scores(q, k) + np.where(words, 0, -1e30), axis=1)),
        wrong("the padding gets weight", lambda q, k, words: softmax(scores(q, k), axis=1)),
        wrong("do not add up", lambda q, k, words: softmax(scores(q, k), axis=1) * (words > 0)),
        wrong("not divided by sqrt(d)", lambda q, k, words: masked(2 * q, k, words)),
        wrong("the mask is reversed", lambda q, k, words: masked(q, k, words == 0)),
        wrong("softmax over the words", lambda q, k, words: masked(-q, k, words)),
        wrong("overflow", without_a_shift),
    ],
    "drop_captions": [
        right(one_by_one),
        right(
            lambda words, random, share: words * (random.uniform(size=len(words)) > share)[:, None]
        ),
        wrong(
            "decide once for each caption",
            lambda words, random, share: np.where(random.random(words.shape) >= share, words, 0),
        ),
        wrong("nine of ten", lambda words, random, share: one_by_one(words, random, 1 - share)),
        wrong("each decided by itself", lambda words, random, share: words),
    ],
    "held_out_guess": [
        right("c"),
        wrong("none of them thick", "a"),
        wrong("asked for together", "b"),
        wrong("had their effect", "d"),
    ],
    "guide_batch": [
        right(lambda both, s: s * both[: len(both) // 2] + (1 - s) * both[len(both) // 2 :]),
        wrong("exchanged", lambda both, s: both[:3] + s * (both[3:] - both[:3])),
        wrong("paired wrongly", lambda both, s: both[1::2] + s * (both[::2] - both[1::2])),
        wrong("other convention", lambda both, s: both[:3] + s * (both[:3] - both[3:])),
        wrong("`scale` times the difference", lambda both, s: s * (both[:3] - both[3:])),
    ],
}
