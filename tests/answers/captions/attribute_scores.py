import warnings

import numpy as np
from answers import right, wrong


@right
def with_masked_means(said, true):
    shares = np.full((3, said.shape[1]), np.nan)
    for i, (words, facts) in enumerate(zip(said.T, true.T, strict=True)):
        for row, (hits, of) in enumerate(
            (
                (words == facts, words >= 0),
                (words == facts, facts >= 0),
                (facts < 0, words >= 0),
            )
        ):
            if of.any():
                shares[row, i] = hits[of].mean()
    return tuple(shares)


@right
def with_nan_means(said, true):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        same, spoken = (said == true) * 1.0, said != -1
        return (
            np.nanmean(np.where(spoken, same, np.nan), axis=0),
            np.nanmean(np.where(true != -1, same, np.nan), axis=0),
            np.nanmean(np.where(spoken, true == -1, np.nan), axis=0),
        )


@right
def by_counting(said, true):
    def share(some, of):
        return [a / b if b else float("nan") for a, b in zip(some.sum(0), of.sum(0), strict=True)]

    spoken, there = said > -1, true > -1
    hits = spoken & there & (said == true)
    return [share(hits, spoken), share(hits, there), share(spoken & ~there, spoken)]


def but(**changed):
    def answer(said, true):
        parts = dict(zip(("precision", "recall", "invented"), by_counting(said, true), strict=True))
        return tuple((parts | {k: change(said, true) for k, change in changed.items()}).values())

    return answer


wrong(
    "silence counts as an error",
    "of all pictures",
    but(precision=lambda s, t: ((s == t) & (s >= 0)).mean(axis=0)),
)
wrong(
    "-1 on both sides counts as right",
    "silent and absent",
    but(precision=lambda s, t: (s == t).sum(axis=0) / (s >= 0).sum(axis=0)),
)
wrong(
    "not by what was said",
    "precision again",
    but(recall=lambda s, t: ((s == t) & (s >= 0)).sum(axis=0) / (s >= 0).sum(axis=0)),
)
wrong(
    "nothing to find in the others",
    "recall of all",
    but(recall=lambda s, t: ((s == t) & (s >= 0)).mean(axis=0)),
)
wrong(
    "an error, not an invention",
    "all that is wrong",
    but(invented=lambda s, t: ((s != t) & (s >= 0)).sum(axis=0) / (s >= 0).sum(axis=0)),
)
wrong(
    "not of all pictures",
    "invented of all",
    but(invented=lambda s, t: ((s >= 0) & (t < 0)).mean(axis=0)),
)
wrong(
    "precision is [", "turned round", but(precision=lambda s, t: 1 - np.array(by_counting(s, t)[0]))
)
wrong("the share is NaN", "0 for nothing", lambda s, t: np.nan_to_num(by_counting(s, t)))
wrong("precision has shape", "pooled", but(precision=lambda s, t: np.mean((s == t)[s >= 0])))
wrong("return three things", "only two", lambda s, t: by_counting(s, t)[:2])

EQUIVALENT = {
    "np.errstate(invalid='ignore') -> np.errstate()": "it only warns",
}
