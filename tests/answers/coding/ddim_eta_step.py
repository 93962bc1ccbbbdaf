import numpy as np
from answers import right, wrong


def step(x, predicted, now, then, eta, noise, *, ddpm=False, on_top=False, raw=False, image=None):
    clean = (x - np.sqrt(1 - now) * predicted) / np.sqrt(now) if image is None else image
    beta = 1 - now / then
    variance = eta**2 * beta if ddpm else eta**2 * beta * (1 - then) / (1 - now)
    kept = 1 - then if on_top else np.maximum(1 - then - variance, 0)
    sigma = eta if raw else variance**0.5
    return then**0.5 * clean + kept**0.5 * predicted + sigma * noise


@right
def with_variances(x, predicted, now, then, eta, noise):
    return step(x, predicted, now, then, eta, noise)


@right
def with_betas(x, predicted, now, then, eta, noise):
    clean = x / np.sqrt(now) - np.sqrt(1 / now - 1) * predicted
    sigma = eta * np.sqrt((1 - then) / (1 - now)) * np.sqrt(1 - now / then)
    return clean * np.sqrt(then) + np.sqrt((1 - then) - sigma * sigma) * predicted + sigma * noise


@right
def in_float32(x, predicted, now, then, eta, noise):
    x, predicted, noise = (part.astype("f4") for part in (x, predicted, noise))
    return step(x, predicted, now, then, eta, noise)


@wrong("eta is ignored")
def ddim(x, predicted, now, then, eta, noise):
    return step(x, predicted, now, then, 0, noise)


@wrong("fresh noise comes on top")
def louder(x, predicted, now, then, eta, noise):
    return step(x, predicted, now, then, eta, noise, on_top=True)


@wrong("larger variance of DDPM")
def large_variance(x, predicted, now, then, eta, noise):
    return step(x, predicted, now, then, eta, noise, ddpm=True)


@wrong("scaled by eta, not by sigma")
def raw_noise(x, predicted, now, then, eta, noise):
    return step(x, predicted, now, then, eta, noise, raw=True)


@wrong("from alpha_bar 0.3 to 0.6 with eta 0 is wrong")
def alpha_bar_taken_for_its_root(x, predicted, now, then, eta, noise):
    return step(x, predicted, now, then, eta, noise, image=x / now - (1 - now) * predicted / now)


@wrong("the result has NaN")
def posterior_the_wrong_way_round(x, predicted, now, then, eta, noise):
    sigma = eta * np.sqrt((1 - now) / np.maximum(1 - then, 1e-9) * (1 - now / then))
    with np.errstate(invalid="ignore"):
        kept = np.sqrt(1 - then - sigma**2)
    clean = (x - np.sqrt(1 - now) * predicted) / np.sqrt(now)
    return np.sqrt(then) * clean + kept * predicted + sigma * noise
