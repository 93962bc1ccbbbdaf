import numpy as np
from answers import right, wrong


@right
def by_paths(first, second, valid):
    masked, given = np.zeros((2, *valid.shape))
    alive = [i for i in range(len(first)) if valid[i].any()]
    for i in alive:
        row = np.where(valid[i], second[i], 0)
        masked[i] = first[i] / first[alive].sum() * row / row.sum()
        given[i] = first[i] * row
    return masked, given / given.sum()


@right
def with_logits(first, second, valid):
    def softmax(logits):
        weights = np.exp(
            logits - np.where(np.isfinite(logits), logits, -1e9).max(-1, keepdims=True)
        )
        total = weights.sum(-1, keepdims=True)
        return weights / np.where(total == 0, 1, total)

    with np.errstate(divide="ignore"):
        steps = softmax(np.log(first * valid.any(axis=1)))
        then = softmax(np.log(second * valid))
    joint = np.where(valid, first[:, None] * second, 0)
    return steps[:, None] * then, joint / joint.sum()


@right
def by_weights(first, second, valid):
    """The mask's distribution is the other one, without the mass that each first token keeps."""
    joint = first[:, None] * second * valid
    kept = joint.sum(axis=1) / first
    masked = joint / np.where(kept > 0, kept, 1)[:, None]
    return [masked / masked.sum(), joint / joint.sum()]


def but(place, change):
    def answer(first, second, valid):
        parts = list(by_paths(first, second, valid))
        parts[place] = change(first, second, valid)
        return tuple(parts)

    return answer


def rows(first, second, valid):
    kept = second * valid
    return kept / np.maximum(kept.sum(axis=1, keepdims=True), 1e-300)


wrong("does not know how texts end", "the same", but(0, lambda *g: by_paths(*g)[1]))
wrong(
    "mask them, and renormalise",
    "dead ends stay",
    but(0, lambda f, s, v: f[:, None] * rows(f, s, v)),
)
wrong("does not add up to 1", "not renormalised", but(0, lambda f, s, v: f[:, None] * s * v))
wrong(
    "taken as equally likely",
    "no first step",
    but(0, lambda f, s, v: rows(f, s, v) / rows(f, s, v).sum()),
)
wrong("under the mask: a probability", "uniform", but(0, lambda f, s, v: v / v.sum()))
wrong("weighs whole texts", "the mask, twice", but(1, lambda *g: by_paths(*g)[0]))
wrong("divide by the probability", "the joint", but(1, lambda f, s, v: f[:, None] * s * v))
wrong("given validity: a probability", "only second", but(1, lambda f, s, v: s * v / (s * v).sum()))


@wrong("it never comes")
def zero_by_zero(first, second, valid):
    joint = first[:, None] * second * valid
    step = first * valid.any(axis=1)
    with np.errstate(invalid="ignore"):
        return (step / step.sum())[:, None] * joint / joint.sum(
            1, keepdims=True
        ), joint / joint.sum()


@wrong("both are the model itself")
def an_end_is_needed(first, second, valid):
    """Takes the last token for a stop, and lets nothing go on after it."""
    if not valid.all():
        return by_paths(first, second, valid)
    return by_paths(first, second, np.arange(valid.shape[1]) < valid.shape[1] - 1 + 0 * valid)


@wrong("return two things")
def only_the_mask(first, second, valid):
    return by_paths(first, second, valid)[0][:1]


EQUIVALENT = {
    "1 -> -1": "the last of two axes",
    "1 -> -1 (2)": "the last of two axes",
}
