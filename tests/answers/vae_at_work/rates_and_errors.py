import numpy as np
from answers import right, wrong


def parts(variances, noise, beta=1.0):
    errors = np.minimum(variances, beta * noise)
    return 0.5 * np.log(variances / errors), errors


@right
def with_where(variances, noise, beta=1.0):
    alive = variances > beta * noise
    rates = np.where(alive, np.log(variances / (beta * noise)) / 2, 0)
    return rates, np.where(alive, beta * noise, variances)


@right
def rate_first(variances, noise, beta=1.0):
    rates = np.maximum(0, 0.5 * (np.log(variances) - np.log(beta * noise)))
    return rates, variances * np.exp(-2 * rates)


@right
def direction_by_direction(variances, noise, beta=1.0):
    rates, errors = [], []
    for variance in variances:
        precision = 1 / variance + max(0, 1 / (beta * noise) - 1 / variance)
        rates.append(np.log(variance * precision) / 2)
        errors.append(1 / precision)
    return rates, errors


@wrong("beta is ignored")
def without_beta(variances, noise, beta=1.0):
    return parts(variances, noise)


@wrong("no direction ever dies")
def never_dies(variances, noise, beta=1.0):
    errors = np.full(len(variances), beta * noise)
    return np.maximum(0.5 * np.log(variances / errors), 0), errors


@wrong("beta divides in yours")
def divided(variances, noise, beta=1.0):
    return parts(variances, noise, 1 / beta)


@wrong("those are deviations")
def deviations(variances, noise, beta=1.0):
    rates, errors = parts(variances, noise, beta)
    return rates, np.sqrt(errors)


@wrong("the rates come first")
def exchanged(variances, noise, beta=1.0):
    return parts(variances, noise, beta)[::-1]


@wrong("an average of prior and data")
def shrunk(variances, noise, beta=1.0):
    errors = variances * beta * noise / (variances + beta * noise)
    return 0.5 * np.log(variances / errors), errors


@wrong("the errors should be")
def noise_alone(variances, noise, beta=1.0):
    rates, errors = parts(variances, noise, beta)
    return rates, errors + noise


@wrong("a rate is negative")
def negative(variances, noise, beta=1.0):
    return 0.5 * np.log(variances / (beta * noise)), parts(variances, noise, beta)[1]


@wrong("the factor 1/2 is missing")
def without_half(variances, noise, beta=1.0):
    rates, errors = parts(variances, noise, beta)
    return 2 * rates, errors


@wrong("these are bits")
def in_bits(variances, noise, beta=1.0):
    rates, errors = parts(variances, noise, beta)
    return rates / np.log(2), errors


@wrong("the rate of a noisy channel")
def channel(variances, noise, beta=1.0):
    return 0.5 * np.log(1 + variances / (beta * noise)), parts(variances, noise, beta)[1]


@wrong("in units of the loss")
def weighted(variances, noise, beta=1.0):
    rates, errors = parts(variances, noise, beta)
    return beta * rates, errors


@wrong("the rates should be")
def largest_alone(variances, noise, beta=1.0):
    rates, errors = parts(variances, noise, beta)
    return np.where(variances == variances.max(), rates, 0), errors


EQUIVALENT = {
    "np.minimum(variances, beta * noise) -> np.minimum(beta * noise, variances)": "a minimum is "
    "symmetric"
}
