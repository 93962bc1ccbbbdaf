import numpy as np
from answers import right, wrong


@right
def with_logaddexp(chosen, rejected, chosen_reference, rejected_reference, beta):
    gained, lost = chosen - chosen_reference, rejected - rejected_reference
    return np.mean(np.logaddexp(0, beta * (lost - gained)))


@right
def in_two_cases(chosen, rejected, chosen_reference, rejected_reference, beta):
    z = beta * (chosen - rejected - chosen_reference + rejected_reference)
    return np.mean(np.log1p(np.exp(-np.abs(z))) + np.maximum(-z, 0))


@right
def pair_by_pair(chosen, rejected, chosen_reference, rejected_reference, beta):
    total = 0.0
    for c, r, cr, rr in zip(chosen, rejected, chosen_reference, rejected_reference):
        total += np.logaddexp(beta * (r - rr), beta * (c - cr)) - beta * (c - cr)
    return total / len(chosen)


def margin(c, r, cr, rr):
    return (c - cr) - (r - rr)


def soft(z):
    return np.logaddexp(0, -z)


wrong("the reference is not used", "no reference", lambda c, r, cr, rr, b: soft(b * (c - r)).mean())
wrong("the sign is wrong", "sign", lambda c, r, cr, rr, b: soft(-b * margin(c, r, cr, rr)).mean())
wrong("beta is left out", "no beta", lambda c, r, cr, rr, b: soft(margin(c, r, cr, rr)).mean())
wrong("summed over the pairs", "sum", lambda c, r, cr, rr, b: soft(b * margin(c, r, cr, rr)).sum())
wrong(
    "the log is taken of the mean",
    "log of a mean",
    lambda c, r, cr, rr, b: -np.log(np.mean(np.exp(-soft(b * margin(c, r, cr, rr))))),
)
wrong(
    "-log sigmoid(beta * margin)",
    "beta outside",
    lambda c, r, cr, rr, b: b * soft(margin(c, r, cr, rr)).mean(),
)


@wrong("use logaddexp or softplus")
def overflows(chosen, rejected, chosen_reference, rejected_reference, beta):
    z = beta * margin(chosen, rejected, chosen_reference, rejected_reference)
    return np.mean(np.log(1 + np.exp(-z)))


@wrong("no clipping")
def clipped(chosen, rejected, chosen_reference, rejected_reference, beta):
    z = beta * margin(chosen, rejected, chosen_reference, rejected_reference)
    return np.mean(soft(np.clip(z, -60, 60)))


EQUIVALENT = {
    "np.logaddexp(0, -beta * margin) -> np.logaddexp(-beta * margin, 0)": "it is symmetric"
}
