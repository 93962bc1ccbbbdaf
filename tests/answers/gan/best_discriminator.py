import numpy as np
from answers import right, wrong


@right
def bayes(real, fake, real_share):
    joint = np.stack([(1 - real_share) * fake, real_share * real])
    return joint[1] / joint.sum(axis=0)


@right
def from_odds(real, fake, real_share):
    with np.errstate(divide="ignore"):
        return 1 / (1 + np.divide(fake * (1 - real_share), real * real_share))


@right
def with_logits(real, fake, real_share):
    with np.errstate(divide="ignore"):
        logits = np.log(real) - np.log(fake) + np.log(real_share) - np.log1p(-real_share)
    return np.exp(-np.logaddexp(0, -logits))


@right
def by_search(real, fake, real_share):
    low, high = np.zeros_like(real), np.ones_like(real)
    for _ in range(60):  # bisect the derivative b y - a (1 - y)
        middle = (low + high) / 2
        right_of_it = (1 - real_share) * fake * middle > real_share * real * (1 - middle)
        low, high = np.where(right_of_it, low, middle), np.where(right_of_it, middle, high)
    return middle


@wrong("that is the probability of *fake*")
def of_fake(real, fake, real_share):
    return 1 - bayes(real, fake, real_share)


@wrong("is for equal shares")
def from_memory(real, fake, real_share):
    return real / (real + fake)


@wrong("D is NaN or infinite")
def only_the_odds(real, fake, real_share):
    with np.errstate(divide="ignore"):
        return real_share * real / ((1 - real_share) * fake)


@wrong("best is")
def share_on_one_side(real, fake, real_share):
    return real_share * real / (real_share * real + fake)


@wrong("D has shape ()")
def averaged(real, fake, real_share):
    return np.mean(bayes(real, fake, real_share))


@wrong("is there a `return`?")
def nothing(real, fake, real_share):
    bayes(real, fake, real_share)


@wrong("the shares are exchanged")
def exchanged(real, fake, real_share):
    return bayes(real, fake, 1 - real_share)


@wrong("best is 0.4758. No clipping and no epsilon.")
def with_an_epsilon(real, fake, real_share):
    return real_share * real / (real_share * real + (1 - real_share) * fake + 1e-8)


@wrong("best is 0. No clipping and no epsilon.")
def clipped(real, fake, real_share):
    return np.clip(bayes(real, fake, real_share), 1e-7, 1 - 1e-7)


EQUIVALENT = {}
