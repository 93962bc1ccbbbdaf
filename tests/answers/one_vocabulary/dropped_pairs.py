import numpy as np
from answers import right, wrong


def weights_of(dropped):
    kept = (~dropped).astype(float)
    return kept * len(kept) / max(kept.sum(), 1)


@right
def multiplied(words, dropped):
    return words * ~dropped[:, None], weights_of(dropped)


@right
def copied(words, dropped):
    read = words.copy()
    read[dropped] = 0
    kept = np.flatnonzero(~dropped)
    weights = np.zeros(len(words))
    weights[kept] = len(words) / max(len(kept), 1)
    return read, weights


@right
def divided(words, dropped):
    kept = 1.0 - dropped
    share = kept.mean()
    weights = np.divide(kept, share, out=np.zeros(len(kept)), where=share > 0)
    return np.where(dropped[:, None], 0, words), weights


@wrong("kept where they should be dropped")
def turned_words(words, dropped):
    return words * dropped[:, None], weights_of(dropped)


@wrong("nothing is dropped")
def nothing(words, dropped):
    return words, weights_of(dropped)


@wrong("all captions are dropped")
def everything(words, dropped):
    return 0 * words, weights_of(dropped)


@wrong("read as zeros")
def minus_one(words, dropped):
    return np.where(dropped[:, None], -1, words), weights_of(dropped)


@wrong("which is now empty")
def all_teach(words, dropped):
    return words * ~dropped[:, None], np.ones(len(words))


@wrong("turned around")
def turned(words, dropped):
    return words * ~dropped[:, None], dropped / max(dropped.mean(), 1e-9)


@wrong("would also lower the loss")
def not_scaled(words, dropped):
    return words * ~dropped[:, None], 1.0 - dropped


@wrong("their *mean* should be 1")
def sum_is_one(words, dropped):
    kept = 1.0 - dropped
    return words * ~dropped[:, None], kept / max(kept.sum(), 1)


@wrong("the mean of all weights is 1")
def halves(words, dropped):
    return words * ~dropped[:, None], np.full(len(words), 0.5)


@wrong("not NaN")
def naive(words, dropped):
    kept = 1.0 - dropped
    return words * ~dropped[:, None], kept / kept.mean()
