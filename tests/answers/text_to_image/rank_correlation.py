import numpy as np
from answers import right, wrong
from scipy.stats import rankdata, spearmanr

from genimg_lib.checks.text_to_image import faults


@right
def with_scipy(levels, measured):
    return spearmanr(levels[levels >= 0], measured[levels >= 0]).statistic


@right
def with_rankdata(levels, measured):
    said = levels != -1
    return np.corrcoef(rankdata(levels[said]), rankdata(measured[said]))[0, 1]


@right
def by_comparing(levels, measured):
    """Ranks by counting how many are smaller, minus how many are larger."""
    said = levels >= 0
    x, y = (np.sign(v[:, None] - v).sum(axis=1) for v in (levels[said], measured[said]))
    return (x * y).sum() / np.sqrt((x**2).sum() * (y**2).sum())


@wrong("does not say the attribute are counted")
def everybody(levels, measured):
    return spearmanr(levels, measured).statistic


def of_said(function):
    return lambda levels, measured: function(levels[levels >= 0], measured[levels >= 0])


wrong("correlation of the values", "values", of_said(lambda x, y: np.corrcoef(x, y)[0, 1]))
wrong("equal values have different ranks", "ties broken", of_said(faults.with_broken_ties))
wrong("holds without ties only", "6 d^2", of_said(faults.six_d_squared))
wrong("the sign is wrong", "turned", lambda *given: -with_scipy(*given))
wrong("40 pictures: it should be", "half", lambda *given: with_scipy(*given) / 2)
wrong("it should have shape ()", "a matrix", of_said(lambda x, y: np.corrcoef(x, y)))

EQUIVALENT = {
    "np.cumsum(counts) - counts / 2 -> counts / 2 - np.cumsum(counts)": (
        "ranks from the largest down, on both sides: their correlation is the same"
    ),
}
