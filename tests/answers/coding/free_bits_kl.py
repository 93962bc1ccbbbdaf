import numpy as np
from answers import right, wrong


def kl(means, log_variances, half=0.5):
    return half * (np.exp(log_variances) + means**2 - log_variances - 1)


@right
def means_then_limit(means, log_variances, free):
    return np.sum(np.maximum(np.mean(kl(means, log_variances), axis=0), free))


@right
def dimension_by_dimension(means, log_variances, free):
    total = 0.0
    for mean, log_variance in zip(means.T, log_variances.T):
        total += max(float(np.mean(kl(mean, log_variance))), free)
    return total


@right
def with_a_clip(means, log_variances, free):
    spread = np.exp(log_variances / 2)
    nats = (means**2 + spread**2 - 1) / 2 - np.log(spread)
    return np.clip(nats.sum(axis=0) / len(nats), free, None).sum()


def faulty(reduce, nats=kl):
    return lambda means, log_variances, free: reduce(nats(means, log_variances), free)


def proper(nats, free):
    return np.maximum(nats.mean(axis=0), free).sum()


wrong("the half is missing", "twice", faulty(proper, lambda m, v: kl(m, v, half=1)))
wrong("taken for logs of the spread", "spread", faulty(proper, lambda m, v: kl(m, 2 * v)))
wrong("compared with the total", "total", faulty(lambda k, f: max(k.mean(axis=0).sum(), f)))
wrong("every image", "per image", faulty(lambda k, f: np.maximum(k, f).sum(axis=1).mean()))
wrong(
    "sum over dimensions.", "other axis", faulty(lambda k, f: np.maximum(k.mean(axis=1), f).sum())
)
wrong("max(mean over the batch, free)", "a mean", faulty(lambda k, f: proper(k, f) / k.shape[1]))
wrong("has shape (4,)", "not summed", faulty(lambda k, f: np.maximum(k.mean(axis=0), f)))

EQUIVALENT = {"np.maximum(kl.mean(axis=0), free) -> np.maximum(free, kl.mean(axis=0))": "symmetric"}
