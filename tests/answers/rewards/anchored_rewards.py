import numpy as np
from answers import right, wrong


@right
def summed(rewards, now, before, beta):
    return rewards - beta * np.sum(now - before, axis=-1)


@right
def of_whole_images(rewards, now, before, beta):
    return rewards + beta * (before.sum(axis=1) - now.sum(axis=1))


@right
def with_a_product(rewards, now, before, beta):
    return rewards - (now - before) @ np.full(now.shape[1], beta)


@wrong("the sign is still wrong")
def as_it_was(rewards, now, before, beta):
    return rewards + beta * (now - before).sum(axis=1)


@wrong("the mean over the tokens")
def averaged(rewards, now, before, beta):
    return rewards - beta * (now - before).mean(axis=1)


@wrong("share one penalty")
def shared(rewards, now, before, beta):
    return rewards - beta * (now - before).sum(axis=1).mean()


@wrong("cutting it off at 0")
def cut_off(rewards, now, before, beta):
    return rewards - beta * np.maximum((now - before).sum(axis=1), 0)


@wrong("punishes both directions")
def absolute(rewards, now, before, beta):
    return rewards - beta * np.abs((now - before).sum(axis=1))


@wrong("reward - beta times")
def free(rewards, now, before, beta):
    return rewards.copy()


EQUIVALENT = {
    "1 -> -1": "the second of two axes is the last",
}
