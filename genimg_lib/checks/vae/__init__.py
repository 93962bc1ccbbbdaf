"""Checks of exercises 20: variational autoencoders."""

import numpy as np
from scipy.special import logsumexp

from genimg_lib.checks.core import array, checker, close, expect, short, value_checker
from genimg_lib.checks.judge import choices, match, pair, refusal, refused
from genimg_lib.checks.vae import faults, questions


def _kl(means, log_variances):
    return 0.5 * (means**2 + np.expm1(log_variances) - log_variances).sum(axis=1)


@checker
def reparameterise(answer):
    """Source: Kingma and Welling, arXiv:1312.6114, section 2.4."""
    random = np.random.default_rng(0)
    means, log_variances, epsilon = random.normal(size=(3, 5, 4)).astype(np.float32)
    nothing = np.zeros_like(epsilon)
    z = array(answer(means, log_variances, nothing), "z", means.shape)
    difference = short(np.abs(z - means).max())
    expect(
        close(z, means),
        f"without noise (epsilon = 0) z must be the means; yours differs by up to {difference}.",
    )
    yield "without noise z is the means"

    z = array(answer(means, log_variances, epsilon), "z", means.shape)
    noise = z - means
    expect(not close(z, means), "z is the means whatever epsilon is: no noise is added.")
    expect(not close(noise, -np.exp(log_variances / 2) * epsilon), "epsilon is subtracted; add it.")
    expect(
        not close(noise, np.exp(log_variances) * epsilon),
        "the spread is exp(log_variances), the variance; epsilon must be scaled by the standard "
        "deviation.",
    )
    expect(
        not close(noise, log_variances * epsilon),
        "epsilon is scaled by the log-variance itself, which may be negative.",
    )
    expect(
        not close(noise, epsilon),
        "epsilon is not scaled: z has standard deviation 1 whatever the log-variance.",
    )
    expect(
        not close(noise, (noise[:1] / epsilon[:1]) * epsilon),
        "every image gets the same spread; each row has log-variances of its own.",
    )
    right = np.exp(log_variances / 2) * epsilon
    deviations = np.exp(log_variances / 2)
    tempting = {
        "all images of the batch get the noise of the first one; each row has its own.": (
            deviations * epsilon[:1]
        ),
        "all latents of an image get the noise of its first one; each has its own.": (
            deviations * epsilon[:, :1]
        ),
    }
    row, column = np.unravel_index(np.argmax(np.abs(noise - right)), right.shape)
    told = (
        f"log-variance {log_variances[row, column]:.4f} and epsilon {epsilon[row, column]:.4f} "
        f"should add {right[row, column]:.4f} to the mean; yours adds {noise[row, column]:.4f}."
    )
    match(noise, right, told, tempting)
    yield "the standard deviation is exp(log_variance / 2)"

    means, log_variances, epsilon = random.normal(size=(3, 2, 7)) * [[[1]], [[15]], [[1]]]
    z = array(answer(means, log_variances, epsilon), "z", (2, 7))
    right = means + np.exp(log_variances / 2) * epsilon
    largest = (
        f"log-variances up to {np.abs(log_variances).max():.0f} come out wrong: no "
        "clipping, no epsilon."
    )
    match(z, right, largest)
    yield "very narrow and very wide posteriors"


@checker
def encode_and_sample(answer):
    """Two faults of an encoder: unpacking a batch, and one noise for all images. Source:
    arXiv:1312.6114, section 2.4.
    """
    random = np.random.default_rng(1)
    for batch, width, latent_dim in ((2, 5, 3), (7, 4, 2), (1, 6, 5)):
        images = random.normal(size=(batch, width))
        weights = 0.5 * random.normal(size=(width, 2 * latent_dim))
        means, log_variances = np.split(images @ weights, 2, axis=1)
        found = answer(images, weights, np.random.default_rng(0))
        several = isinstance(found, (tuple, list)) or getattr(found, "ndim", 0) == 3
        expect(several and len(found) == 3, "return three arrays: means, log-variances, latents.")
        names = ("means", "log_variances", "latents")
        found = [array(part, name, means.shape) for part, name in zip(found, names, strict=True)]
        tempting = {
            "the halves are exchanged: the means come first.": log_variances,
            "you take every other column; the first half of the columns are the means.": (
                images @ weights
            )[:, ::2],
        }
        match(
            found[0],
            means,
            "means should be the first latent_dim columns of images @ weights.",
            tempting,
        )
        match(found[1], log_variances, "log-variances should be the last latent_dim columns.")
    yield "means and log-variances are halves of each row, for any batch"

    images = random.normal(size=(4000, 4))
    weights = 1.5 * random.normal(size=(4, 6))
    means, log_variances, latents = (
        np.asarray(part) for part in answer(images, weights, np.random.default_rng(3))
    )
    noise = (latents - means) / np.exp(log_variances / 2)
    expect(np.abs(noise).max() > 1e-9, "the latents are the means: no noise is added.")
    for axis, what in enumerate(("all images of a batch get", "all latents of an image get")):
        expect(
            np.ptp(noise, axis=axis).max() > 1e-9,
            f"{what} the same noise: draw one number per image and latent.",
        )
    alone = len(np.unique(np.abs(noise).round(3), axis=0))
    expect(
        alone > 3900, f"of 4,000 images only {alone} have noise of their own, apart from its sign."
    )
    correlation = np.abs(np.corrcoef(noise.T) - np.eye(3)).max()
    expect(
        correlation < 0.08,
        f"the noise of two latents has correlation {correlation:.2f}; it should be independent.",
    )
    found = (
        f"yours has means {short(noise.mean(axis=0))} and deviations {short(noise.std(axis=0))}."
    )
    wrong = max(np.abs(noise.std(axis=0) - 1).max(), np.abs(noise.mean(axis=0)).max())
    # 5 standard errors of a mean
    expect(wrong < 0.08, f"(latents - means) / deviation should be standard normal; {found}")
    share = np.mean(np.abs(noise) < 1)
    expect(
        abs(share - 0.683) < 0.025,
        f"{share:.1%} of the noise lies within one deviation; of a normal one 68.3% do.",
    )
    yield "every image and latent has standard normal noise of its own"

    again, other = (answer(images, weights, np.random.default_rng(seed))[2] for seed in (3, 4))
    expect(
        close(again, latents),
        "the same generator gives other latents: draw from `random`, not from a global one.",
    )
    expect(
        not close(other, latents),
        "another generator gives the same latents: draw from `random`, with no seed of your own.",
    )
    yield "the noise comes from the generator that is handed in"


@checker
def kl_to_standard_normal(answer):
    """Source: Kingma and Welling, arXiv:1312.6114, appendix B."""
    random = np.random.default_rng(2)
    kl = array(answer(np.zeros((3, 4)), np.zeros((3, 4))), "the KL", (3,))
    match(
        kl, np.zeros(3), f"N(0, I) is the prior itself: its KL should be 0, yours is {short(kl)}."
    )
    yield "it is 0 for the prior itself, one value per image"

    means = random.normal(size=(5, 3))
    kl = array(answer(means, np.zeros_like(means)), "the KL", (5,))
    right = np.square(means).sum(axis=1) / 2
    tempting = {
        "moving the mean costs twice what it should: [3, 4] should "
        "cost (9 + 16) / 2 = 12.5 nats.": 2 * right,
        "latents are averaged: add them up, each is paid for. [3, 4] should cost 12.5 nats.": right
        / 3,
        "this is in bits; nats need no other factor than 1/2.": right / np.log(2),
        "the sign is wrong: a KL divergence is never negative.": -right,
    }
    message = (
        f"means {short(means[0])} with variance 1 should cost {right[0]:.4f} nats, not {kl[0]:.4f}."
    )
    match(kl, right, message, tempting)
    yield "moving the mean by m costs m^2 / 2"

    for scale in (1.0, 20.0):
        means = random.normal(size=(6, 3))
        log_variances = scale * random.normal(size=(6, 3))
        if scale > 1:
            log_variances[:2, 0] = -50, 50
        reverse = 0.5 * ((1 + means**2) * np.exp(-log_variances) - 1 + log_variances).sum(axis=1)
        tempting = {
            "you treat the log-variance as the deviation.": _kl(means, np.log(log_variances**2)),
            "you treat log_variances as the log of the deviation.": _kl(means, 2 * log_variances),
            "this is the KL from the prior to the posterior; the "
            "posterior should come first.": reverse,
        }
        kl = array(answer(means, log_variances), "the KL", (6,))
        message = "a log-variance of ln 4 should cost (4 - 1 - ln 4) / 2 = 0.807 nats per latent."
        if scale > 1:
            message = (
                f"log-variances up to {np.abs(log_variances).max():.0f} come out wrong: no "
                "clipping, no epsilon."
            )
        match(kl, _kl(means, log_variances), message, tempting)
    yield "widths cost (variance - 1 - log variance) / 2, narrow ones and wide ones"


@checker
def gaussian_loss(answer):
    """Sum over pixels and latents, mean over images. Source: arXiv:1312.6114; pytorch/examples,
    pull request 296.
    """
    random = np.random.default_rng(3)
    for batch, side, latent_dim in ((3, 4, 2), (2, 7, 5)):
        images, copies = random.uniform(size=(2, batch, side, side + 1, 2))
        means, log_variances = random.normal(size=(2, batch, latent_dim))
        loss = array(answer(images, copies, means, log_variances), "the loss", ())
        pixels = images[0].size
        kl = _kl(means, log_variances).mean()
        nll = 0.5 * np.square(images - copies).sum() / batch
        tempting = faults.gaussian_loss(nll, kl, batch, pixels, latent_dim)
        message = (
            f"it should be {nll:.3f} (pixels) + {kl:.3f} (KL) nats, means over images; "
            f"yours is {short(loss)}."
        )
        match(loss, nll + kl, message, tempting)
    yield "pixels and latents are summed, images averaged"


@value_checker(tries=2)
def name_the_rows(answers):
    """The picture is made by tools/draw_exercises.py vae."""
    yield from choices(answers, questions.ROWS)


@checker
def negative_elbo(answer):
    """Source: Kingma and Welling, arXiv:1312.6114, equations 3 and 10."""
    random = np.random.default_rng(4)
    means, log_variances = random.normal(size=(2, 3, 2))
    pixels = random.uniform(size=(3, 2, 5, 2))
    logits = random.normal(size=(3, 2, 5, 2))
    kl = _kl(means, log_variances).mean()
    nll = (np.logaddexp(0, logits) - pixels * logits).sum() / 3
    flat = array(answer(pixels, 0 * logits, 0 * means, 0 * means), "the loss", ())
    tempting = {
        "pixels are averaged: 20 pixels without a clue should cost 20 ln 2 = 13.863 nats.": np.log(
            2
        ),
        "channels are averaged: an image has 5 x 2 places and 2 channels, 20 pixels in all.": 10
        * np.log(2),
        "the batch is summed: average over images.": 60 * np.log(2),
        "this is in bits; nats need the natural logarithm.": 20.0,
    }
    message = (
        "logits 0 and the prior as posterior: 20 pixels should cost 20 ln 2 = 13.863, not "
        f"{short(flat)}."
    )
    match(flat, 20 * np.log(2), message, tempting)
    yield "a pixel without a clue costs ln 2"

    loss = array(answer(pixels, logits, means, log_variances), "the loss", ())
    tempting = faults.negative_elbo(pixels, logits, nll, kl)
    message = (
        f"it should be {nll:.4f} (pixels) + {kl:.4f} (KL) nats per image; yours is {short(loss)}."
    )
    match(loss, nll + kl, message, tempting)
    yield "reconstruction plus KL, in nats per image"

    for beta in (0.0, 3.0):
        loss = array(answer(pixels, logits, means, log_variances, beta), "the loss", ())
        message = (
            f"beta = {beta:g} should add {beta * kl:.4f} nats of KL; yours adds "
            f"{short(loss - nll)}."
        )
        match(loss, nll + beta * kl, message, {"beta is ignored.": nll + kl})
    yield "beta weighs the KL and nothing else"

    ink = (logits > 0).astype(float)
    error = refusal(answer, ink, logits, means, log_variances)
    expect(
        not isinstance(error, ValueError),
        "pixels of exactly 0 and 1 are refused; both lie in [0, 1].",
    )
    _exact_for_large_logits(lambda logits: answer(ink, logits, 0 * means, 0 * means), ink)
    yield "exact for logits of a thousand"

    odd_ones = []
    for value in (1.2, -0.2):
        odd_ones.append(pixels.copy())
        odd_ones[-1][-1, -1, -1, -1] = value
    for outside in (255 * ink, pixels * 1.5 / pixels.max(), pixels - 0.2, *odd_ones):
        count = np.sum((outside < 0) | (outside > 1))
        span = f"pixels from {outside.min():.2g} to {outside.max():.3g} ({count} outside of [0, 1])"
        refused(answer, outside, logits, means, log_variances, what=span)
    yield "pixels outside of [0, 1] are refused"


def _exact_for_large_logits(loss_of, ink):
    """Rejects losses of 20 pixels of 0 or 1 that overflow or are clipped at logits of 1000."""
    with np.errstate(all="ignore"):
        sure, wrong = (
            array(loss_of(sign * (2000 * ink - 1000)), "the loss", ()) for sign in (1, -1)
        )
    expect(
        np.isfinite([sure, wrong]).all(),
        "logits of 1000 give NaN or infinity: never form the logarithm of a sigmoid.",
    )
    message = (
        f"20 pixels, wrong with logit 1000, cost 1000 nats each; yours {short(wrong)} in "
        "all. No clipping."
    )
    match(wrong, 20_000.0, message)
    match(
        sure,
        0.0,
        f"20 pixels, right with logit 1000, should cost nothing; yours cost {short(sure)}.",
    )


@checker
def elbo_and_gap(answer):
    """Source: Kingma and Welling, arXiv:1312.6114, equations 1 to 3."""
    random = np.random.default_rng(5)
    for images, latents in ((6, 3), (4, 5)):
        prior = random.dirichlet(np.ones(latents))
        encoder = random.dirichlet(np.ones(latents), size=images)
        likelihoods = random.dirichlet(np.ones(images), size=latents).T
        joint = prior * likelihoods
        posterior = joint / joint.sum(axis=1, keepdims=True)
        needles = np.eye(latents)[random.integers(latents, size=images)]
        encoders = {
            "a random encoder": encoder,
            "the true posterior": posterior,
            "an encoder with zeros": needles,
        }
        for name, q in encoders.items():
            with np.errstate(all="ignore"):
                given = answer(prior, likelihoods, q)
            elbo, gap = pair(given, "elbo, gap", (images,))
            expect(
                np.isfinite([elbo, gap]).all(),
                f"{name} gives NaN or infinity: 0 log 0 is 0, as in scipy.special.xlogy.",
            )
            right, gaps, wrong_elbos, wrong_gaps = faults.elbo_and_gap(prior, likelihoods, q)
            worst = np.abs(elbo - right).argmax()
            message = f"with {name} an ELBO is {elbo[worst]:.5f}; it should be {right[worst]:.5f}."
            match(elbo, right, message, wrong_elbos)
            worst = np.abs(gap - gaps).argmax()
            message = (
                f"with {name} a gap is {gap[worst]:.5f}; log p(x) - ELBO is {gaps[worst]:.5f}."
            )
            match(gap, gaps, message, wrong_gaps)
        yield f"ELBO + gap = log p(x), for {images} images and {latents} latents"


@checker
def importance_weighted_bound(answer):
    """Source: Burda, Grosse and Salakhutdinov, arXiv:1509.00519, equation 8."""
    random = np.random.default_rng(6)
    for samples, images in ((5, 3), (1, 4)):
        joint, posterior = random.normal(size=(2, samples, images))
        bound = array(answer(joint, posterior), "the bound", (images,))
        weights = joint - posterior
        expected = logsumexp(weights, axis=0) - np.log(samples)
        tempting = {
            f"the weights are summed: without - ln {samples} more "
            "samples always look better.": logsumexp(weights, axis=0),
            "a mean of logarithms is the ELBO again: average the "
            "weights, then take the logarithm.": weights.mean(axis=0),
            "log q(z | x) is not used: divide by how likely q was to draw the sample.": np.log(
                np.exp(joint).mean(axis=0)
            ),
            "the weights are p times q: divide by q.": np.log(
                np.exp(joint + posterior).mean(axis=0)
            ),
            "the weights are q / p, upside down.": np.log(np.exp(-weights).mean(axis=0)),
            "the sign is wrong: log p(x), not a loss.": -expected,
            "only the best sample counts; all of them should.": weights.max(axis=0),
            "divided by the number of images; it should be that of the samples.": expected
            + np.log(samples / images),
            "this is p(x) itself; take its logarithm.": np.exp(expected),
        }
        message = (
            f"log-weights {short(weights[:, 0])} should give {expected[0]:.4f}, not {bound[0]:.4f}."
        )
        match(bound, expected, message, tempting)
    yield "the logarithm of the mean weight, per image"

    joint, posterior = random.normal(size=(2, 5, 3))
    expected = logsumexp(joint - posterior, axis=0) - np.log(5)
    for shift in (-2000.0, 2000.0):
        with np.errstate(all="ignore"):
            bound = array(answer(joint + shift, posterior), "the bound", (3,))
        expect(
            np.isfinite(bound).all(),
            f"log-weights near {shift:g} give {short(bound)}: subtract the largest before exp.",
        )
        match(
            bound,
            expected + shift,
            f"adding {shift:g} to every log-weight should add it to the bound.",
        )
    yield "log-weights of -2000 and 2000"

    joint[:, 0] = np.linspace(-3000, 3000, 5)  # one shift for all images would lose the others
    joint[2] = -np.inf
    with np.errstate(all="ignore"):
        bound = array(answer(joint, posterior), "the bound", (3,))
        expected = logsumexp(joint - posterior, axis=0) - np.log(5)
    advice = (
        "log-weights of an image differ by thousands, or are -inf: subtract the LARGEST "
        "before exp, no other."
    )
    expect(np.isfinite(bound[0]), advice)
    dropped = {"samples of weight 0 are dropped; they count among the 5.": expected + np.log(5 / 4)}
    message = (
        f"images of very different size in one batch should give {short(expected)}, not "
        f"{short(bound)}."
    )
    match(bound, expected, message, dropped)
    yield "samples of weight zero count, and images do not disturb each other"


@value_checker(tries=2)
def read_the_logs(answers):
    """The logs are made by tools/draw_exercises.py vae. Source: Razavi et al., arXiv:1901.03416,
    section 1.
    """
    yield from choices(answers, questions.LOGS)
