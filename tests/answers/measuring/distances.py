import numpy as np
from answers import right, wrong
from scipy.special import rel_entr
from scipy.stats import entropy


def variation(truth, model):
    return np.abs(truth - model).sum() / 2


@right
def with_entropy(truth, model):
    return entropy(truth, model), np.maximum(truth - model, 0).sum()


@right
def with_a_mask(truth, model):
    seen = truth > 0
    with np.errstate(divide="ignore"):
        return np.sum(truth[seen] * (np.log(truth[seen]) - np.log(model[seen]))), 1 - np.minimum(
            truth, model
        ).sum()


@right
def in_a_loop(truth, model):
    kl = sum(
        t * np.log(t / m) if m > 0 else np.inf
        for t, m in zip(truth.tolist(), model.tolist(), strict=True)
        if t > 0
    )
    return [kl, sum(abs(t - m) for t, m in zip(truth, model, strict=True)) / 2]


@wrong("return two things as a tuple: (KL, total variation)")
def kl_only(truth, model):
    return rel_entr(truth, model).sum()


@wrong("0 log 0 counts as 0")
def plain(truth, model):
    with np.errstate(all="ignore"):
        return (truth * np.log(truth / model)).sum(), variation(truth, model)


@wrong("this is KL(model || truth)")
def reversed_kl(truth, model):
    return rel_entr(model, truth).sum(), variation(truth, model)


@wrong("the sign is wrong")
def negative(truth, model):
    return -rel_entr(truth, model).sum(), variation(truth, model)


@wrong("this is the cross-entropy")
def cross_entropy(truth, model):
    return -(truth * np.log(model)).sum(), variation(truth, model)


@wrong("KL is in bits")
def bits(truth, model):
    return rel_entr(truth, model).sum() / np.log(2), variation(truth, model)


@wrong("averaged over the images")
def averaged(truth, model):
    return rel_entr(truth, model).mean(), variation(truth, model)


@wrong("KL(truth || model) is")
def unweighted(truth, model):
    seen = truth > 0
    return np.log(truth[seen] / model[seen]).sum(), variation(truth, model)


@wrong("total variation is half of that sum")
def doubled(truth, model):
    return rel_entr(truth, model).sum(), 2 * variation(truth, model)


@wrong("absolute differences, not squared ones")
def squared(truth, model):
    return rel_entr(truth, model).sum(), np.square(truth - model).sum() / 2


@wrong("the largest difference of ONE image")
def largest(truth, model):
    return rel_entr(truth, model).sum(), np.abs(truth - model).max()


@wrong("here; yours is 0.0000")
def cancelled(truth, model):
    return rel_entr(truth, model).sum(), abs((truth - model).sum().round(9)) / 2


@wrong("KL should be infinite")
def with_epsilon(truth, model):
    return rel_entr(truth, model + 1e-12 * (model == 0)).sum(), variation(truth, model)


@wrong("a distribution is at distance 0 from itself")
def with_offset(truth, model):
    return rel_entr(truth, model).sum() + 1e-5 * np.array_equal(truth, model), variation(
        truth, model
    )


@wrong("total variation has shape (5,)")
def not_summed(truth, model):
    return rel_entr(truth, model).sum(), np.abs(truth - model) / 2


@wrong("yours is 1.7977e+308")
def nan_to_number(truth, model):
    with np.errstate(all="ignore"):
        return np.nan_to_num(truth * np.log(truth / model)).sum(), variation(truth, model)


@wrong("here; yours is inf")
def infinite_at_any_zero(truth, model):
    return np.inf if (model == 0).any() else rel_entr(truth, model).sum(), variation(truth, model)


EQUIVALENT = {"truth - model -> model - truth": "the absolute value has no sign"}
