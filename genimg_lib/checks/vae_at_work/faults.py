"""What the tempting mistakes in exercises 22 give, and what right answers give."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

C1, C2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2


def psnr_of_each(images, references) -> tuple:
    """The decibels of each pair, and what wrong programs give."""
    axes = (1, 2, 3)
    errors = np.square(images.astype(float) - references).mean(axis=axes)
    right = 10 * np.log10(255**2 / errors)
    wrapped = images - references  # in bytes, as the colleague does
    short_squares = (images.astype(np.int16) - references) ** 2  # 198 * 198 does not fit
    largest = images.astype(float).max()

    def decibels_of(squares, peak=255.0):
        return 10 * np.log10(peak**2 / squares.mean(axis=axes))

    return right, {
        "differences of bytes wrap around at 256: 3 - 5 is 254. Convert before you subtract.": (
            decibels_of(wrapped.astype(float) ** 2)
        ),
        "still in bytes: differences AND squares wrap around at 256.": decibels_of(wrapped**2),
        "the squares do not fit into the type: 198 * 198 is more than 16 bits with a sign hold.": (
            decibels_of(short_squares)
        ),
        "the peak is the largest value of these pictures; it belongs to the format: 255.": (
            10 * np.log10(largest**2 / errors)
        ),
        "the peak is the largest value of each picture; it belongs to the format: 255.": (
            10 * np.log10(np.square(images.astype(float).max(axis=axes)) / errors)
        ),
        "the peak is not squared: it is compared with a squared error.": (
            10 * np.log10(255 / errors)
        ),
        "that is twice as many decibels: 10 log10 of a ratio of SQUARES.": 2 * right,
        "the sign is wrong: less error is more decibels.": -right,
        "a peak of 1 belongs to pixels from 0 to 1; these go up to 255.": (
            10 * np.log10(1 / errors)
        ),
        "that is the natural logarithm; decibels take log10.": 10 * np.log(255**2 / errors),
    }


def gaussian_kl(means, log_variances, prior_means, prior_log_variances):
    """KL between diagonal Gaussians, summed over the last axis."""
    widths = np.exp(log_variances - prior_log_variances)
    moves = np.square(means - prior_means) * np.exp(-prior_log_variances)
    return 0.5 * (widths + moves - 1 - log_variances + prior_log_variances).sum(axis=-1)


def at_the_prior(nll, means, log_variances) -> dict:
    """What wrong programs give where each posterior is the prior of its class."""
    to_normal = gaussian_kl(means, log_variances, 0.0, 0.0)
    width_forgotten = gaussian_kl(means, log_variances, means, 0.0)
    return {
        "the classes are not used: you compare with N(0, I), which is nobody's prior here.": (
            np.mean(nll + to_normal)
        ),
        "the width of the class's prior is not used: only its place is.": np.mean(
            nll + width_forgotten
        ),
        "the logarithm of the prior's width is missing: then a wide prior would be free.": np.mean(
            nll - 0.5 * log_variances.sum(axis=1)
        ),
        "the batch is summed: average over images.": nll.sum(),
    }


def plain_loss(nll, means, log_variances) -> dict:
    """What wrong programs give where every prior is N(0, I)."""
    kl = gaussian_kl(means, log_variances, 0.0, 0.0)
    elements = kl.mean() / means.shape[1]
    return {
        "the KL is summed over the batch: average it over images, as the reconstruction.": (
            nll.mean() + kl.sum()
        ),
        "latents are averaged: the KL of an image is a sum over its latents.": nll.mean()
        + elements,
        "the KL is missing.": nll.mean(),
        "the KL is subtracted; it is a cost.": nll.mean() - kl.mean(),
        "the KL lacks its factor 1/2.": nll.mean() + 2 * kl.mean(),
        "the KL is the wrong way round: the posterior comes first.": np.mean(
            nll + gaussian_kl(0.0, 0.0, means, log_variances)
        ),
    }


def conditional_loss(nll, means, log_variances, labels, prior_means, prior_log_variances) -> tuple:
    """The loss, and what wrong programs give."""
    place, width = prior_means[labels], prior_log_variances[labels]
    squares = np.square(means - place)
    right = gaussian_kl(means, log_variances, place, width)
    undivided = right + 0.5 * (squares * (1 - np.exp(-width))).sum(axis=1)
    by_deviation = right + 0.5 * (squares * (np.exp(-width / 2) - np.exp(-width))).sum(axis=1)
    return np.mean(nll + right), {
        "the squared distance should be divided by the prior's variance.": np.mean(nll + undivided),
        "the squared distance is divided by the deviation; it should be the variance.": np.mean(
            nll + by_deviation
        ),
    }


def flat_ssim(dark, light) -> tuple:
    """The SSIM of two plain greys, and what wrong programs give."""
    right = (2 * dark * light + C1) / (dark**2 + light**2 + C1)
    ones = 0.01**2
    return right, {
        "the constants belong to pixels from 0 to 1; for grey levels they grow by 255 squared.": (
            (2 * dark * light + ones) / (dark**2 + light**2 + ones)
        ),
        "the constants are not squared: c1 is (0.01 * 255) squared.": (
            (2 * dark * light + 0.01 * 255) / (dark**2 + light**2 + 0.01 * 255)
        ),
        "brightness does not matter in yours: the first factor compares the means.": 1.0,
    }


def ssim(image, reference, side) -> tuple:
    """The mean SSIM over all windows, and what wrong programs give."""
    x, y = image.astype(float), reference.astype(float)
    windows = [sliding_window_view(part, (side, side)) for part in (x, y)]
    right = _ssim_map(*windows).mean()
    count = side * side
    blocks = [part[::side, ::side] for part in windows]
    padded = [sliding_window_view(np.pad(part, side // 2), (side, side)) for part in (x, y)]
    return right, {
        "variances are divided by n - 1; in a window all pixels count equally: by n.": (
            _ssim_map(*windows, correction=count / (count - 1)).mean()
        ),
        "that is one window, the whole image; slide a small one.": float(
            _ssim_map(x[None, None], y[None, None])[0, 0]
        ),
        "windows do not overlap in yours: move them by one pixel.": _ssim_map(*blocks).mean(),
        "windows reach over the border: use those that lie inside.": _ssim_map(*padded).mean(),
        "the last factor divides by deviations: it is variance plus variance.": (
            _ssim_map(*windows, root=True).mean()
        ),
        "only brightness is compared; the second factor holds variances and covariance.": (
            _ssim_map(*windows, structure=False).mean()
        ),
    }


def _ssim_map(x, y, correction=1.0, root=False, structure=True):
    """SSIM of windows (rows, columns, side, side): (rows, columns)."""
    axes = (2, 3)
    mean_x, mean_y = x.mean(axes), y.mean(axes)
    covariance = correction * ((x * y).mean(axes) - mean_x * mean_y)
    variance_x, variance_y = (correction * part.var(axes) for part in (x, y))
    if root:
        variance_x, variance_y = np.sqrt(variance_x), np.sqrt(variance_y)
    brightness = (2 * mean_x * mean_y + C1) / (mean_x**2 + mean_y**2 + C1)
    if not structure:
        return brightness
    return brightness * (2 * covariance + C2) / (variance_x + variance_y + C2)


def free_bits(kl, least) -> tuple:
    """The KL term with free nats, and what wrong programs give."""
    means = kl.mean(axis=0)
    return np.maximum(means, least).sum(), {
        "the limit is applied to each image: average over the batch first.": (
            np.maximum(kl, least).sum(axis=1).mean()
        ),
        "the limit is applied to the sum: every latent has free nats of its own.": (
            max(means.sum(), least * len(means))
        ),
        "what is free is subtracted; the usual form is max(least, KL).": (
            np.maximum(means - least, 0).sum()
        ),
        "the minimum rewards what you want to prevent: a latent pays at most `least`.": (
            np.minimum(means, least).sum()
        ),
        "latents below the limit are dropped; they should be charged the limit.": (
            means[means > least].sum()
        ),
        "the free nats do nothing.": means.sum(),
        "the free nats are shared out over the latents: `least` is per latent.": (
            np.maximum(means, least / len(means)).sum()
        ),
    }


def _within(codes, values, classes) -> tuple:
    codes, values = codes.astype(float), values.astype(float)
    for each in np.unique(classes):
        rows = classes == each
        codes[rows] -= codes[rows].mean(axis=0)
        values[rows] -= values[rows].mean()
    return codes, values


def attribute_direction(codes, values, classes) -> dict:
    """What wrong programs give for codes without noise."""
    centred = values - values.mean()
    high = values > np.median(values)
    codes_within, values_within = _within(codes, values, classes)
    direction = values_within @ codes_within / (values_within @ values_within)
    return {
        "the class is still in it: images with a high value belong to other classes. Take the "
        "mean of each class away first.": centred @ codes / (centred @ centred),
        "that is the difference between high and low; it holds the class as well.": (
            codes[high].mean(axis=0) - codes[~high].mean(axis=0)
        ),
        "that is a covariance; divide by the variance of the attribute.": (
            values_within @ codes_within / len(codes)
        ),
        "the direction is right, its length is not: the code moves this far per unit.": (
            direction / np.linalg.norm(direction)
        ),
        "that predicts the attribute from each latent; ask how far the code moves.": (
            values_within @ codes_within / np.square(codes_within).sum(axis=0)
        ),
        "the sign is wrong: a larger value should move the code forwards.": -direction,
    }


def least_squares(codes, values, classes) -> tuple:
    """The direction, and what wrong programs give for codes with noise."""
    codes_within, values_within = _within(codes, values, classes)
    slopes = []
    for each in np.unique(classes):
        rows = classes == each
        slopes.append(
            values_within[rows] @ codes_within[rows] / (values_within[rows] @ values_within[rows])
        )
    right = values_within @ codes_within / (values_within @ values_within)
    return right, {
        "every class counts equally; in least squares every image does.": np.mean(slopes, axis=0),
        "one class decides; use them all.": slopes[0],
    }


def told_and_invented(restored, originals) -> tuple:
    """Both parts of the mean squared error, and what wrong programs give."""
    errors = restored.astype(float) - originals
    n, height, width, channels = errors.shape
    blocks = errors.reshape(n, height // 2, 2, width // 2, 2, channels)
    told = blocks.mean(axis=(2, 4), keepdims=True)
    right = np.array([np.mean(told**2), np.mean((blocks - told) ** 2)])
    total = np.mean(errors**2)
    wrapped = (restored - originals).astype(float).reshape(blocks.shape)
    wrapped_means = wrapped.mean(axis=(2, 4), keepdims=True)
    strips = errors.reshape(n, height // 2, width // 2, 2, 2, channels)
    strip_means = strips.mean(axis=(3, 4), keepdims=True)
    whole = errors.mean(axis=(1, 2), keepdims=True)
    return right, {
        "the two are exchanged: what contradicts the given means comes first.": right[::-1],
        "the second is the whole error: take what was told away.": np.array([right[0], total]),
        "differences of bytes wrap around at 256: convert before you subtract.": np.array(
            [np.mean(wrapped_means**2), np.mean((wrapped - wrapped_means) ** 2)]
        ),
        "those are no 2x2 blocks: a reshape cuts rows, so split both axes and average the pairs.": (
            np.array([np.mean(strip_means**2), np.mean((strips - strip_means) ** 2)])
        ),
        "that takes the mean of the whole image away; the means of 2x2 blocks were given.": (
            np.array([np.mean(whole**2), np.mean((errors - whole) ** 2)])
        ),
        "the first should be a square: errors of both signs cancel.": np.array(
            [abs(np.mean(told)), right[1]]
        ),
        "channels are mixed: each has means of its own.": _mixed_channels(blocks),
    }


def _mixed_channels(blocks) -> np.ndarray:
    told = blocks.mean(axis=(2, 4, 5), keepdims=True)
    return np.array([np.mean(told**2), np.mean((blocks - told) ** 2)])


def rates_and_errors(variances, noise, beta) -> tuple:
    """Rates and errors, and what wrong programs give for the errors and for the rates."""
    level = beta * noise
    errors = np.minimum(variances, level)
    rates = 0.5 * np.log(variances / errors)
    wrong_errors = {
        "beta is ignored: it raises the level at which an error is no longer worth its nats.": (
            np.minimum(variances, noise)
        ),
        "no direction ever dies in yours: an error above the variance cannot be the best.": (
            np.full_like(variances, level)
        ),
        "beta divides in yours: a dearer rate must leave more error, not less.": np.minimum(
            variances, noise / beta
        ),
        "those are deviations; give squared errors.": np.sqrt(errors),
        "the two are exchanged: the rates come first.": rates,
        "that is the error of an average of prior and data; here the encoder is free.": (
            variances * level / (variances + level)
        ),
    }
    wrong_rates = {
        "a rate is negative: where nothing pays, nothing is sent.": 0.5 * np.log(variances / level),
        "the factor 1/2 is missing: an error is a square, a rate counts its root.": 2 * rates,
        "these are bits; the question asks for nats.": rates / np.log(2),
        "that is the rate of a noisy channel, 1/2 log(1 + signal / noise); derive it from the "
        "error that is left.": 0.5 * np.log(1 + variances / level),
        "the rate is in units of the loss: leave the factor beta out.": beta * rates,
    }
    return (rates, errors), wrong_errors, wrong_rates
