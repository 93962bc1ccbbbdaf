import numpy as np
from scipy.special import rel_entr

from answers.lessons import right, wrong


def terms(p, q):
    with np.errstate(divide="ignore", invalid="ignore"):
        return p * np.log(p / q)


def skipping_zeros(p, q):
    both = (p > 0) & (q > 0)
    return (p[both] * np.log(p[both] / q[both])).sum()


def chosen(pixels, on):
    return np.where(pixels == 1, on, 1 - on)


GIVEN = {
    "kl": [
        right(lambda p, q: rel_entr(p, q).sum()),
        right(lambda p, q: np.nansum(terms(p, q))),
        wrong("roles are exchanged", lambda p, q: rel_entr(q, p).sum()),
        wrong("sign is wrong", lambda p, q: -rel_entr(p, q).sum()),
        wrong("in bits", lambda p, q: rel_entr(p, q).sum() / np.log(2)),
        wrong("mean over images", lambda p, q: rel_entr(p, q).mean()),
        wrong("negative log-likelihood", lambda p, q: -(p * np.log(q)).sum()),
        wrong("sum p log", lambda p, q: np.abs(p - q).sum() / 2),
        wrong("not as NaN", lambda p, q: terms(p, q).sum()),
        wrong("KL is infinite", skipping_zeros),
        wrong("KL is infinite", lambda p, q: rel_entr(p, q + 1e-9).sum()),
    ],
    "best_likelihood": [
        wrong("never produces", "a"),
        wrong("not to be in the table", "b"),
        wrong("over rubbish", "d"),
    ],
    "price": [wrong("pure noise", "a"), wrong("per *tile*", "c")],
    "log_likelihood": [
        right(lambda x, p: (x * np.log(p) + (1 - x) * np.log(1 - p)).sum(axis=1)),
        wrong("only the pixels", lambda x, p: (x * np.log(p)).sum(axis=1)),
        wrong("uses p for pixels", lambda x, p: np.log(p).sum(axis=1)),
        wrong("take its logarithm", lambda x, p: chosen(x, p).prod(axis=1)),
        wrong("mean over pixels", lambda x, p: np.log(chosen(x, p)).mean(axis=1)),
        wrong("*negative*", lambda x, p: -np.log(chosen(x, p)).sum(axis=1)),
        wrong("sum log p over", lambda x, p: np.log(1 - chosen(x, p)).sum(axis=1)),
    ],
}
