"""Checks of exercises 22: conditions, scores of pairs, schedules, directions, rates."""

import numpy as np

from genimg_lib.checks.core import array, checker, close, expect, short, value_checker
from genimg_lib.checks.judge import choices, estimates, match, pair
from genimg_lib.checks.vae_at_work import faults, questions


@checker
def psnr_of_each(answer):
    """Two faults: arithmetic in bytes, and a peak that depends on the picture."""
    random = np.random.default_rng(0)
    references = random.integers(0, 90, size=(4, 6, 5, 1)).astype(np.uint8)
    images = random.integers(0, 90, size=(4, 6, 5, 1)).astype(np.uint8)
    images[0, 0, 0], references[0, 0, 0] = 201, 3
    with np.errstate(all="ignore"):
        found = array(answer(images, references), "the result", (4,))
    right, tempting = faults.psnr_of_each(images, references)
    told = f"the first pair should have {right[0]:.3f} dB; yours says {found[0]:.3f}."
    match(found, right, told, tempting)
    yield "decibels of each pair, against a peak of 255"

    images = references.copy()
    images[1:] += np.uint8(7)
    with np.errstate(all="ignore"):
        found = array(answer(images, references), "the result", (4,))
    expect(
        found[0] == np.inf,
        f"equal images have an infinite PSNR, np.inf; yours says {short(found[0])}.",
    )
    match(
        found[1:],
        np.full(3, 10 * np.log10(255**2 / 49)),
        "an equal pair in the batch disturbs the others; each pair stands alone.",
    )
    yield "an equal pair is at infinity, and disturbs no other"


@value_checker
def decibels(answers):
    """Source: the definitions; Blau and Michaeli, arXiv:1711.06077, section 4, for the factor 2."""
    yield from estimates(answers, questions.decibels())


@checker
def conditional_loss(answer):
    """Source: Sohn, Lee and Yan, NIPS 2015, equation 4; the KL of two Gaussians."""
    random = np.random.default_rng(1)
    nll = random.uniform(50, 90, size=5)
    labels = np.array([3, 0, 3, 1, 0])
    prior_means, prior_log_variances = random.normal(size=(2, 4, 3))
    own = prior_means[labels], prior_log_variances[labels]
    loss = array(answer(nll, *own, labels, prior_means, prior_log_variances), "the loss", ())
    message = (
        f"each posterior is the prior of its class, so only {nll.mean():.3f} nats of "
        f"reconstruction are left; yours is {short(loss)}."
    )
    match(loss, nll.mean(), message, faults.at_the_prior(nll, *own))
    yield "a posterior that is the prior of its class costs nothing"

    means, log_variances = random.normal(size=(2, 5, 3))
    nothing = np.zeros((4, 3))
    loss = array(answer(nll, means, log_variances, labels, nothing, nothing), "the loss", ())
    right = np.mean(nll + faults.gaussian_kl(means, log_variances, 0.0, 0.0))
    told = f"with N(0, I) for every class it should be {right:.4f}, as in lesson 20."
    match(loss, right, told, faults.plain_loss(nll, means, log_variances))
    yield "with N(0, I) for every class it is the usual loss"

    for scale in (1.0, 3.0):
        priors = scale * random.normal(size=(2, 4, 3))
        given = nll, means, log_variances, labels, *priors
        loss = array(answer(*given), "the loss", ())
        right, tempting = faults.conditional_loss(*given)
        match(loss, right, f"it should be {right:.4f} nats; yours is {short(loss)}.", tempting)
    yield "every class has a prior of its own, in place and in width"


@checker
def ssim(answer):
    """Source: Wang et al., Image quality assessment: from error visibility to structural similarity
    (2004), equation 13; here with equal weights in a window.
    """
    random = np.random.default_rng(2)
    image = random.integers(0, 256, size=(12, 10)).astype(np.uint8)
    same = array(answer(image, image), "the SSIM", ())
    expect(close(same, 1.0), f"an image compared with itself should give 1, not {short(same)}.")
    yield "it is 1 for equal images"

    for dark, light in ((2, 5), (10, 200)):
        flat = np.full((9, 9), dark), np.full((9, 9), light)
        with np.errstate(all="ignore"):
            found = array(answer(*flat), "the SSIM", ())
        expect(
            np.isfinite(found),
            f"plain {dark} against plain {light} gives {found}: the constants are there for that.",
        )
        right, tempting = faults.flat_ssim(dark, light)
        told = f"plain {dark} against plain {light} should give {right:.5f}, not {short(found)}."
        match(found, right, told, tempting)
    yield "plain greys differ in the first factor alone"

    other = np.clip(image + random.normal(0, 60, image.shape), 0, 255).astype(np.uint8)
    faint = (random.integers(100, 112, size=(2, 12, 10))).astype(np.uint8)
    for x, y in ((image, other), faint):
        found = array(answer(x, y), "the SSIM", ())
        right, tempting = faults.ssim(x, y, 7)
        match(found, right, f"two pictures should give {right:.5f}, not {short(found)}.", tempting)
    found = array(answer(image, other, 3), "the SSIM", ())
    right = faults.ssim(image, other, 3)[0]
    match(found, right, f"with windows of 3 pixels it should be {right:.5f}, not {short(found)}.")
    yield "the mean over all windows of any side"

    negative = array(answer(image, 255 - image), "the SSIM", ())
    expect(
        negative < 0,
        f"an image and its negative have a negative covariance; yours gives {short(negative)}.",
    )
    yield "a negative image gets a negative value"


@checker
def free_bits(answer):
    """Source: Kingma et al., arXiv:1606.04934, appendix C.8."""
    used = np.array([[0.1, 0.9, 4.0], [0.7, 1.5, 2.0], [0.1, 0.3, 6.0], [0.3, 0.5, 4.0]])
    kl = np.hstack([used, np.full((4, 3), 0.1)])
    found = array(answer(kl, 0.0), "the KL term", ())
    tempting = {
        "the batch is summed: average over images.": kl.sum(),
        "latents are averaged: the KL of an image is a sum over its latents.": kl.mean(),
    }
    match(found, 5.4, "without free nats it should be the mean KL, 5.4 nats.", tempting)
    yield "without free nats it is the usual KL"

    for least in (1.0, 0.5):
        found = array(answer(kl, least), "the KL term", ())
        right, tempting = faults.free_bits(kl, least)
        told = f"{least} free nats a latent should give {right:.3f}; yours is {short(found)}."
        match(found, right, told, tempting)
    yield "a latent is charged for its mean over the batch, and for no less than is free"


@checker
def cyclical_beta(answer):
    """Source: Fu et al., arXiv:1903.10145."""
    steps = np.arange(60)
    found = array(answer(steps, 20), "the weights", (60,))
    right = np.tile(np.minimum(np.arange(20) / 10, 1), 3)
    tempting = {
        "it rises once and stays: every period begins again at 0.": np.minimum(steps / 10, 1),
        "it rises through the whole period: it should arrive at half of it, and stay.": (
            steps % 20 / 20
        ),
        "it falls; at the start of a period the weight should be 0.": 1 - right,
        "it is one step ahead: step 0 has the weight 0.": np.tile(
            np.minimum(np.arange(1, 21) / 10, 1), 3
        ),
        "the rise never ends: at `ramp` it should stop.": np.tile(np.arange(20) / 10, 3),
        "weights are whole numbers: is that a division of integers?": np.floor(right),
    }
    looked = short(found[[0, 5, 10, 25]])
    told = f"steps 0, 5, 10 and 25 should have 0, 0.5, 1 and 0.5; yours: {looked}."
    match(found, right, told, tempting)
    yield "it rises for half of each period, and stays until its end"

    found = array(answer(steps, 30, ramp=0.8), "the weights", (60,))
    expect(
        not close(found, np.tile(np.minimum(np.arange(30) / 15, 1), 2)),
        "`ramp` is ignored: it is the share of the period in which the weight rises.",
    )
    match(
        found,
        np.tile(np.minimum(np.arange(30) / 24, 1), 2),
        "with ramp = 0.8 and a period of 30, steps 12 and 24 should have 0.5 and 1.",
    )
    yield "the rise takes the share `ramp` of a period"

    found = array(answer(steps.reshape(3, 20), 20, highest=4.0), "the weights", (3, 20))
    match(
        found,
        4 * right.reshape(3, 20),
        "`highest` should multiply every weight; the slope is then highest / (ramp * period).",
        {"`highest` is ignored.": right.reshape(3, 20)},
    )
    yield "any highest weight, any shape of steps"


@checker
def attribute_direction(answer):
    """Within-class least squares: Frisch, Waugh and Lovell's theorem."""
    random = np.random.default_rng(3)
    classes = np.repeat([4, 0, 7], (12, 30, 18))
    values = random.normal(size=60) + classes
    places = random.normal(size=(8, 5))
    direction = random.normal(size=5)
    codes = 3 * places[classes] + values[:, None] * direction
    found = array(answer(codes, values, classes), "the direction", (5,))
    tempting = faults.attribute_direction(codes, values, classes)
    told = (
        f"every code moves by {short(direction)} per unit of the attribute; yours is "
        f"{short(found)}."
    )
    match(found, direction, told, tempting)
    yield "where the class sits does not matter"

    codes = codes + random.normal(size=codes.shape)
    found = array(answer(codes, values, classes), "the direction", (5,))
    right, tempting = faults.least_squares(codes, values, classes)
    told = f"with noise the least squares are {short(right)}; yours is {short(found)}."
    match(found, right, told, tempting)
    yield "least squares over all images of all classes"

    more = np.r_[codes, [[9.0] * 5]], np.r_[values, 3.0], np.r_[classes, 2]
    found = array(answer(*more), "the direction", (5,))
    message = "a class with a single image says nothing about the direction; yours is moved by it."
    match(found, right, message)
    yield "a single image of a class changes nothing"


@checker
def told_and_invented(answer):
    """An orthogonal split of the error: what 2x2 means say, and what they do not."""
    random = np.random.default_rng(4)
    originals = random.integers(20, 200, size=(3, 6, 4, 2)).astype(np.uint8)
    _split(
        answer,
        originals + np.uint8(5),
        originals,
        "five levels too bright everywhere contradicts every mean, so it should be 25 and 0.",
    )
    yield "a wrong brightness contradicts what was told"

    board = np.indices((6, 4)).sum(axis=0) % 2 * 2 - 1
    _split(
        answer,
        (originals + 9 * board[:, :, None]).astype(np.uint8),
        originals,
        "a chessboard of +9 and -9 leaves every 2x2 mean as it is, so it should be 0 and 81.",
    )
    yield "a pattern inside of the blocks contradicts nothing"

    for shape in ((3, 6, 4, 2), (1, 4, 8, 1)):
        restored, originals = random.integers(0, 256, size=(2, *shape)).astype(np.uint8)
        _split(answer, restored, originals, "the two parts of a random error are wrong.")
    yield "the two parts add up to the mean squared error"


def _split(answer, restored, originals, otherwise: str) -> None:
    found = np.array(pair(answer(restored, originals), "told, invented", ()))
    right, tempting = faults.told_and_invented(restored, originals)
    match(found, right, f"{otherwise} Yours: {short(found)}.", tempting)


@value_checker(tries=2)
def name_the_schedules(answers):
    """The logs are made by tools/draw_exercises.py vae_at_work."""
    yield from choices(answers, questions.SCHEDULES)


@checker
def rates_and_errors(answer):
    """Source: Lucas et al., arXiv:1911.02469, section 4; Cover and Thomas, Elements of Information
    Theory, section 10.3 (reverse water-filling).
    """
    variances = np.array([9.0, 4.0, 1.0, 0.25])
    for noise, beta in ((0.5, 1.0), (0.5, 4.0), (0.05, 2.0)):
        given = (variances, noise) if beta == 1 else (variances, noise, beta)
        with np.errstate(all="ignore"):
            rates, errors = pair(answer(*given), "rates, errors", (4,))
        right, wrong_errors, wrong_rates = faults.rates_and_errors(variances, noise, beta)
        which = f"noise {noise:g} and beta {beta:g}"
        told = f"with {which} the errors should be {short(right[1])}; yours: {short(errors)}."
        match(errors, right[1], told, wrong_errors)
        told = f"with {which} the rates should be {short(right[0])}; yours: {short(rates)}."
        match(rates, right[0], told, wrong_rates)
    yield "the best exchange of rate for error in every direction"
