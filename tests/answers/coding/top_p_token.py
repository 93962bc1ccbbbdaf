import numpy as np
from answers import right, wrong


def sorted_softmax(logits, stable=True):
    weights = np.exp(logits - (logits.max() if stable else 0))
    order = np.argsort(-weights)
    return order, weights[order] / weights.sum()


def picked(order, kept, uniform):
    place = int(np.sum(np.cumsum(kept) <= uniform * kept.sum()))
    return order[min(place, len(order) - 1)]


@right
def with_a_mask(logits, p, uniform):
    order, falling = sorted_softmax(logits)
    kept = np.where(np.cumsum(falling) - falling < p, falling, 0)
    return picked(order, kept, uniform)


@right
def in_a_loop(logits, p, uniform):
    order, falling = sorted_softmax(logits)
    total, kept = 0.0, []
    for share in falling:
        kept.append(share)
        total += share
        if total >= p:
            break
    run = 0.0
    for token, share in zip(order, kept):
        run += share / total
        if uniform < run:
            return int(token)
    return int(order[len(kept) - 1])


@right
def with_masked_logits(logits, p, uniform):
    order, falling = sorted_softmax(logits)
    before = np.concatenate([[0], np.cumsum(falling)[:-1]])
    scores = np.where(before < p, logits[order], -np.inf)
    weights = np.exp(scores - scores[0])
    return order[np.argmax(np.cumsum(weights) / weights.sum() > uniform)]


@wrong("one that crosses p is kept as well")
def drops_the_crossing_one(logits, p, uniform):
    order, falling = sorted_softmax(logits)
    kept = np.where(np.cumsum(falling) <= p, falling, 0)
    kept[0] = falling[0]
    return picked(order, kept, uniform)


@wrong("must be divided by their sum")
def not_normalised(logits, p, uniform):
    order, falling = sorted_softmax(logits)
    count = int(np.sum(np.cumsum(falling) - falling < p))
    return order[min(int(np.sum(np.cumsum(falling) <= uniform)), count - 1)]


@wrong("not among the 3 likeliest, which reach p")
def no_cut(logits, p, uniform):
    order, falling = sorted_softmax(logits)
    return picked(order, falling, uniform)


@wrong("kept tokens stand in order of falling probability")
def least_likely_first(logits, p, uniform):
    order, falling = sorted_softmax(logits)
    kept = np.where(np.cumsum(falling) - falling < p, falling, 0)
    return picked(order[::-1], kept[::-1], uniform)


@wrong("is none of the five")
def past_the_end(logits, p, uniform):
    order, falling = sorted_softmax(logits)
    return 5 + int(np.sum(np.cumsum(falling) <= uniform))


@wrong("logits in the thousands overflow")
def unstable(logits, p, uniform):
    with np.errstate(all="ignore"):
        order, falling = sorted_softmax(logits, stable=False)
    kept = np.where(np.cumsum(falling) - falling < p, falling, 0)
    return picked(order, kept, uniform)


@wrong("should be whole numbers")
def a_probability(logits, p, uniform):
    return sorted_softmax(logits)[1][0]


EQUIVALENT = {
    "running - probabilities < p -> running - probabilities <= p": "equal up to rounding only",
}
