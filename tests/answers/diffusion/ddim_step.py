import numpy as np
from answers import right, wrong


def pieces(noisy, predicted_noise, kept, next_kept, eta):
    data = (noisy - np.sqrt(1 - kept) * predicted_noise) / np.sqrt(kept)
    return data, eta * np.sqrt((1 - next_kept) / (1 - kept)) * np.sqrt(1 - kept / next_kept)


@right
def in_one_line(noisy, predicted_noise, kept, next_kept, eta, fresh_noise):
    data, spread = pieces(noisy, predicted_noise, kept, next_kept, eta)
    return (
        next_kept**0.5 * data
        + (1 - next_kept - spread**2) ** 0.5 * predicted_noise
        + spread * fresh_noise
    )


@right
def by_ratios(noisy, predicted_noise, kept, next_kept, eta, fresh_noise):
    variance = eta**2 * (1 - next_kept) / (1 - kept) * (1 - kept / next_kept)
    scaled = np.sqrt(next_kept / kept) * noisy
    left = np.sqrt(1 - next_kept - variance) - np.sqrt(next_kept * (1 - kept) / kept)
    return scaled + left * predicted_noise + np.sqrt(variance) * fresh_noise


@right
def only_random_if_asked(noisy, predicted_noise, kept, next_kept, eta, fresh_noise):
    data = noisy / np.sqrt(kept) - np.sqrt(1 / kept - 1) * predicted_noise
    if eta == 0:
        return np.sqrt(next_kept) * data + np.sqrt(1 - next_kept) * predicted_noise
    return in_one_line(noisy, predicted_noise, kept, next_kept, eta, fresh_noise).tolist()


@wrong("the direction to the noise is missing")
def no_direction(noisy, predicted_noise, kept, next_kept, eta, fresh_noise):
    data, spread = pieces(noisy, predicted_noise, kept, next_kept, eta)
    return np.sqrt(next_kept) * data + spread * fresh_noise


@wrong("kept and next_kept are exchanged")
def exchanged(noisy, predicted_noise, kept, next_kept, eta, fresh_noise):
    data = (noisy - np.sqrt(1 - next_kept) * predicted_noise) / np.sqrt(next_kept)
    return np.sqrt(kept) * data + np.sqrt(1 - kept) * predicted_noise


@wrong("no roots are taken")
def rootless(noisy, predicted_noise, kept, next_kept, eta, fresh_noise):
    return (
        next_kept * (noisy - (1 - kept) * predicted_noise) / kept
        + (1 - next_kept) * predicted_noise
    )


@wrong("the direction keeps all of its own")
def too_noisy(noisy, predicted_noise, kept, next_kept, eta, fresh_noise):
    data, spread = pieces(noisy, predicted_noise, kept, next_kept, eta)
    return (
        np.sqrt(next_kept) * data + np.sqrt(1 - next_kept) * predicted_noise + spread * fresh_noise
    )


@wrong("fresh noise is not added")
def no_fresh_noise(noisy, predicted_noise, kept, next_kept, eta, fresh_noise):
    return in_one_line(noisy, predicted_noise, kept, next_kept, eta, 0)


@wrong("multiply it by the spread")
def whole_fresh_noise(noisy, predicted_noise, kept, next_kept, eta, fresh_noise):
    added = fresh_noise if eta else 0
    return in_one_line(noisy, predicted_noise, kept, next_kept, eta, 0) + added


@wrong("the spread lacks its root")
def variance_for_spread(noisy, predicted_noise, kept, next_kept, eta, fresh_noise):
    data, _ = pieces(noisy, predicted_noise, kept, next_kept, eta)
    spread = eta * (1 - next_kept) / (1 - kept) * (1 - kept / next_kept)
    left = np.sqrt(np.maximum(1 - next_kept - spread**2, 0))
    return np.sqrt(next_kept) * data + left * predicted_noise + spread * fresh_noise


@wrong("of the spread is missing")
def half_of_the_spread(noisy, predicted_noise, kept, next_kept, eta, fresh_noise):
    data, _ = pieces(noisy, predicted_noise, kept, next_kept, eta)
    spread = eta * np.sqrt(1 - kept / next_kept)
    left = np.sqrt(np.maximum(1 - next_kept - spread**2, 0))
    return np.sqrt(next_kept) * data + left * predicted_noise + spread * fresh_noise


@wrong("an eta of 0.0 is treated as 1")
def ancestral(noisy, predicted_noise, kept, next_kept, eta, fresh_noise):
    return in_one_line(noisy, predicted_noise, kept, next_kept, 1, fresh_noise)


@wrong("an eta of 1.0 is treated as 0")
def deterministic(noisy, predicted_noise, kept, next_kept, eta, fresh_noise):
    return in_one_line(noisy, predicted_noise, kept, next_kept, 0, fresh_noise)


@wrong("nothing moves")
def stays(noisy, predicted_noise, kept, next_kept, eta, fresh_noise):
    return (
        np.sqrt(kept) * pieces(noisy, predicted_noise, kept, next_kept, eta)[0]
        + np.sqrt(1 - kept) * predicted_noise
    )


@wrong("with eta 0.0 the result is wrong by")
def sign(noisy, predicted_noise, kept, next_kept, eta, fresh_noise):
    data, spread = pieces(noisy, predicted_noise, kept, next_kept, eta)
    return (
        np.sqrt(next_kept) * data
        - np.sqrt(1 - next_kept - spread**2) * predicted_noise
        + spread * fresh_noise
    )


@wrong("what is under the root?")
def negative_root(noisy, predicted_noise, kept, next_kept, eta, fresh_noise):
    data, _ = pieces(noisy, predicted_noise, kept, next_kept, eta)
    return np.sqrt(next_kept) * data + np.sqrt(kept - next_kept) * predicted_noise


@wrong("the result has shape")
def one_number(noisy, predicted_noise, kept, next_kept, eta, fresh_noise):
    return in_one_line(noisy, predicted_noise, kept, next_kept, eta, fresh_noise).mean()


@wrong("it should be its square, the variance")
def spread_not_squared(noisy, predicted_noise, kept, next_kept, eta, fresh_noise):
    data, spread = pieces(noisy, predicted_noise, kept, next_kept, eta)
    left = np.sqrt(np.maximum(1 - next_kept - spread, 0))
    return np.sqrt(next_kept) * data + left * predicted_noise + spread * fresh_noise


@wrong("deviations are subtracted")
def difference_of_deviations(noisy, predicted_noise, kept, next_kept, eta, fresh_noise):
    data, spread = pieces(noisy, predicted_noise, kept, next_kept, eta)
    return (
        np.sqrt(next_kept) * data
        + (np.sqrt(1 - next_kept) - spread) * predicted_noise
        + spread * fresh_noise
    )


@wrong("an eta of 0.4 is treated as 1")
def eta_is_a_switch(noisy, predicted_noise, kept, next_kept, eta, fresh_noise):
    return in_one_line(noisy, predicted_noise, kept, next_kept, float(eta > 0), fresh_noise)


@wrong("noise them anew")
def data_alone(noisy, predicted_noise, kept, next_kept, eta, fresh_noise):
    return pieces(noisy, predicted_noise, kept, next_kept, eta)[0]


@wrong("with the spread of all the noise at the next time")
def noise_whatever_eta_is(noisy, predicted, kept, next_kept, eta, fresh):
    data = (noisy - np.sqrt(1 - kept) * predicted) / np.sqrt(kept)
    left = np.sqrt(1 - next_kept)
    return np.sqrt(next_kept) * data + left * predicted + left * fresh


EQUIVALENT = {}
