import numpy as np
from answers import right, wrong


def loss(now, old, before, advantages, clip, beta, pick=np.minimum, penalty=None):
    ratio, push = np.exp(now - old), advantages[:, None]
    if penalty is None:
        penalty = np.exp(before - now) - 1 - (before - now)
    gained = pick(ratio * push, np.clip(ratio, 1 - clip, 1 + clip) * push)
    return (beta * penalty - gained).mean()


@right
def plain(now, old, before, advantages, clip, beta):
    return loss(now, old, before, advantages, clip, beta)


@right
def two_means(now, old, before, advantages, clip, beta):
    ratio, push = np.exp(now - old), advantages[:, None]
    bound = np.where(push > 0, 1 + clip, 1 - clip)
    away = before - now
    return beta * (np.expm1(away) - away).mean() - np.minimum(ratio * push, bound * push).mean()


@right
def image_by_image(now, old, before, advantages, clip, beta):
    rows = zip(now, old, before, advantages, strict=True)
    return np.mean([loss(a[None], b[None], c[None], d[None], clip, beta) for a, b, c, d in rows])


@wrong("a loss is its negative")
def objective(*given):
    return -loss(*given)


@wrong("the larger of both")
def larger(*given):
    return loss(*given, pick=np.maximum)


@wrong("only the clipped ratio")
def only_clipped(*given):
    return loss(*given, pick=lambda plain, clipped: clipped)


@wrong("nothing is clipped")
def unclipped(*given):
    return loss(*given, pick=lambda plain, clipped: plain)


@wrong("the penalty is k1")
def first_estimate(now, old, before, advantages, clip, beta):
    return loss(now, old, before, advantages, clip, beta, penalty=now - before)


@wrong("the ratio in k3 is upside down")
def upside_down(now, old, before, advantages, clip, beta):
    away = now - before
    return loss(now, old, before, advantages, clip, beta, penalty=np.expm1(away) - away)


@wrong("the penalty is rewarded")
def rewarded(now, old, before, advantages, clip, beta):
    return loss(now, old, before, advantages, clip, -beta)


@wrong("the reference is another one")
def from_the_sampler(now, old, before, advantages, clip, beta):
    return loss(now, old, old, advantages, clip, beta)


@wrong("each image's tokens are added")
def summed(now, *given):
    return loss(now, *given) * now.shape[1]


@wrong("the mean over all tokens")
def all_added(now, *given):
    return loss(now, *given) * now.size


EQUIVALENT = {
    "np.minimum(ratio * push, np.clip(ratio, 1 - clip, 1 + clip) * push)"
    " -> np.minimum(np.clip(ratio, 1 - clip, 1 + clip) * push, ratio * push)": "the order",
}
