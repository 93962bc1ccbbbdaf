import numpy as np
from answers import right, wrong


def first(scores, right, count):
    return np.take_along_axis(right, np.argsort(-scores, axis=1), axis=1)[:, :count]


@right
def sorted_hits(scores, right, count):
    return first(scores, right, count).any(axis=1).mean()


@right
def rank_of_the_best_right_one(scores, right, count):
    best = np.where(right, scores, -np.inf).max(axis=1, keepdims=True)
    return np.mean((scores > best).sum(axis=1) < count)


@right
def with_a_loop(scores, right, count):
    return np.mean(
        [row[np.argsort(s)[-count:]].any() for s, row in zip(scores, right, strict=True)]
    )


@wrong("only the best name")
def best(scores, right, count):
    return first(scores, right, 1).mean()


@wrong("sort the other way")
def lowest(scores, right, count):
    return sorted_hits(-scores, right, count)


@wrong("one is enough")
def every(scores, right, count):
    return (first(scores, right, count).sum(axis=1) == right.sum(axis=1)).mean()


@wrong("counts once")
def hits(scores, right, count):
    return first(scores, right, count).mean()


@wrong("of right names that were found")
def recall(scores, right, count):
    return first(scores, right, count).sum() / right.sum()


@wrong("one name too many")
def one_more(scores, right, count):
    return sorted_hits(scores, right, count + 1)


@wrong("only the first right name")
def one_label(scores, right, count):
    return sorted_hits(scores, np.eye(right.shape[1], dtype=bool)[right.argmax(axis=1)], count)


@wrong("with a right name among the first")
def a_number(scores, right, count):
    return sorted_hits(scores, right, count) * len(scores)


EQUIVALENT = {
    "1 -> -1": "the second of two axes is the last",
}
