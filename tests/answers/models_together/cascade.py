import numpy as np
from answers import right, wrong


@right
def by_levels(confidence, small, large, target):
    for count, threshold in enumerate(sorted({*confidence.tolist(), float("inf")})):
        sent = confidence < threshold
        accuracy = (large[sent].sum() + small[~sent].sum()) / len(sent)
        if accuracy >= target:
            return np.array([sent.mean(), accuracy])
    raise ValueError(f"none of {count + 1} thresholds reaches {target}")


@right
def with_a_table(confidence, small, large, target):
    thresholds = np.append(np.unique(confidence), np.inf)
    sent = confidence < thresholds[:, None]
    accuracy = np.where(sent, large, small).mean(axis=1)
    good = np.flatnonzero(accuracy >= target)
    if not len(good):
        raise ValueError("out of reach")
    return sent[good[0]].mean(), accuracy[good[0]]


@right
def with_running_sums(confidence, small, large, target):
    order = np.argsort(confidence)
    gain = np.cumsum(large[order] * 1 - small[order])
    accuracy = (small.sum() + np.append(0, gain)) / len(order)
    level = confidence[order]
    for sent, value in enumerate(accuracy):
        parted = 0 < sent < len(order) and level[sent - 1] == level[sent]
        if value >= target and not parted:
            return [sent / len(order), value]
    raise ValueError("out of reach")


def tried(confidence, small, large):
    return [
        ((confidence < t).mean(), np.where(confidence < t, large, small).mean())
        for t in [*np.unique(confidence), np.inf]
    ]


@wrong("a cheaper one reaches the target")
def most_accurate(confidence, small, large, target):
    return max(tried(confidence, small, large), key=lambda pair: pair[1])


@wrong("not the cheapest")
def from_above(confidence, small, large, target):
    return next(p for p in tried(confidence, small, large)[::-1] if p[1] >= target)


@wrong("send on those the small model doubts")
def sends_the_sure_ones(confidence, small, large, target):
    return by_levels(-confidence, small, large, target)


@wrong("no threshold can do that")
def one_by_one(confidence, small, large, target):
    jitter = np.arange(len(confidence)) * 1e-9
    return by_levels(confidence + jitter, small, large, target)


@wrong("first the share sent on")
def exchanged(confidence, small, large, target):
    return by_levels(confidence, small, large, target)[::-1]


@wrong("requests, target")
def never_any(confidence, small, large, target):
    return 0.0, small.mean()


@wrong("targets that no threshold reaches are accepted")
def the_best_there_is(confidence, small, large, target):
    options = tried(confidence, small, large)
    good = [pair for pair in options if pair[1] >= target]
    return good[0] if good else max(options, key=lambda pair: pair[1])


EQUIVALENT = {}
