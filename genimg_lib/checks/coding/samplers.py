"""Steps of samplers, noise schedules and the loss of flow matching."""

import numpy as np

from genimg_lib.checks.core import array, checker, close, expect
from genimg_lib.checks.judge import match

ROUNDED = {"rtol": 1e-4, "atol": 1e-5}  # float32 is accurate enough


@checker
def guided_noise(answer):
    """Source: Ho and Salimans, arXiv:2207.12598; Lin et al., arXiv:2305.08891, section 3.4."""
    random = np.random.default_rng(0)
    with_words, without = random.normal(size=(2, 3, 4, 5, 2)) + 0.5
    shape = with_words.shape
    for scale in (3.0, 1.0, 0.0):
        found = array(answer(with_words, without, scale, 0.0), "the prediction", shape)
        step = scale * (with_words - without)
        match(
            found,
            without + step,
            f"with scale {scale:g} and rescale 0 it should be u + {scale:g} (c - u).",
            {
                "it starts at the conditional prediction: scale 1 should be no guidance, "
                "which is u + 1 (c - u).": with_words + step,
                "the two branches are exchanged: it moves away from the prompt.": with_words - step,
            },
            **ROUNDED,
        )
    yield "from the unconditional prediction towards the conditional one, and beyond"

    guided = without + 4.0 * (with_words - without)
    axes = (1, 2, 3)

    def rescaled(over, reference=with_words, centre=True):
        size = np.std if centre else lambda x, **keywords: np.sqrt(np.mean(x**2, **keywords))
        ratio = size(reference, axis=over, keepdims=True) / size(guided, axis=over, keepdims=True)
        return guided * (0.7 * ratio + 0.3)

    found = array(answer(with_words, without, 4.0, 0.7), "the prediction", shape)
    match(
        found,
        rescaled(axes),
        "with rescale 0.7 it should be 0.7 of the guided prediction at the spread of the "
        "conditional one, and 0.3 of it as it is.",
        {
            "rescale is ignored.": guided,
            "one spread for the whole batch: each image has its own.": rescaled((0, 1, 2, 3)),
            "one spread for each channel: an image has one, over all its axes.": rescaled((1, 2)),
            "the spread should be that of the conditional prediction, not of the "
            "unconditional one.": rescaled(axes, without),
            "the spread is the standard deviation, around the mean, not the root of the mean "
            "square.": rescaled(axes, centre=False),
        },
        **ROUNDED,
    )
    yield "the spread of each image pulled back towards that of the conditional prediction"


@checker
def ddim_eta_step(answer):
    """Source: Song, Meng and Ermon, arXiv:2010.02502, equations 12 and 16."""
    random = np.random.default_rng(1)
    x, predicted, noise = random.normal(size=(3, 2, 3, 4))
    for now, then, eta in ((0.3, 0.6, 0.0), (0.3, 0.6, 1.0), (0.5, 0.55, 0.4), (0.2, 1.0, 1.0)):
        found = array(answer(x, predicted, now, then, eta, noise), "the next state", x.shape)
        image = (x - np.sqrt(1 - now) * predicted) / np.sqrt(now)
        beta = 1 - now / then
        sigma = eta * np.sqrt((1 - then) / (1 - now) * beta)

        def state(sigma, kept, noise=noise, image=image, then=then):
            return np.sqrt(then) * image + np.sqrt(max(kept, 0)) * predicted + sigma * noise

        expect(
            np.isfinite(found).all(),
            "the result has NaN: at eta 1, or where the next alpha_bar is 1, a root is negative.",
        )
        match(
            found,
            state(sigma, 1 - then - sigma**2),
            f"the step from alpha_bar {now:g} to {then:g} with eta {eta:g} is wrong: is the image "
            "that is predicted here (x - sqrt(1 - now) noise) / sqrt(now)?",
            {
                "eta is ignored: no fresh noise is added.": state(0, 1 - then),
                "fresh noise comes on top: the predicted noise must shrink, so that both together "
                "have the variance 1 - alpha_bar.": state(sigma, 1 - then),
                "sigma lacks the factor (1 - next) / (1 - now): that is the larger variance of "
                "DDPM, which the next state cannot hold.": state(
                    eta * np.sqrt(beta), 1 - then - eta**2 * beta
                ),
                "the fresh noise is scaled by eta, not by sigma.": state(eta, 1 - then - sigma**2),
            },
            **ROUNDED,
        )
    yield "from deterministic (eta 0) to DDPM (eta 1), and to the clean image"


@checker
def heun_step(answer):
    """Source: Karras et al., arXiv:2206.00364, algorithm 1."""
    calls = []

    def denoise(x, sigma):
        calls.append(float(sigma))
        return np.tanh(x / (1 + sigma**2))

    x = 3 * np.random.default_rng(2).normal(size=(2, 3, 4))
    for now, then in ((3.0, 1.2), (0.8, 0.5), (0.5, 0.0)):
        calls.clear()
        with np.errstate(all="ignore"):
            found = array(answer(x, now, then, denoise), "the next state", x.shape)
        count = len(calls)

        def slope(x, sigma):
            return (x - denoise(x, sigma)) / sigma

        first = slope(x, now)
        euler = x + (then - now) * first
        if not then:
            expect(
                np.isfinite(found).all(),
                "the step to sigma 0 gives NaN: there is no slope at 0, so take Euler's step.",
            )
            match(found, euler, "the step to sigma 0 should be Euler's.", **ROUNDED)
            expect(
                count == 1, f"the step to sigma 0 should ask the network once, not {count} times."
            )
            continue
        second = slope(euler, then)
        match(
            found,
            x + (then - now) * (first + second) / 2,
            f"the step from sigma {now:g} to {then:g} should follow the mean of the slope here and "
            "the slope at the end of Euler's step.",
            {
                "that is Euler's step: the slope at its end is missing.": euler,
                "only the second slope is used: take the mean of both.": x + (then - now) * second,
                "the second slope is taken at the old sigma.": x
                + (then - now) * (first + slope(euler, now)) / 2,
                "the corrected step starts where Euler's ended: start again from x.": euler
                + (then - now) * (first + second) / 2,
                "the slope is (x - denoised) / sigma, so that a falling sigma moves x towards the "
                "denoised image.": x - (then - now) * (first + slope(2 * x - euler, then)) / 2,
            },
            **ROUNDED,
        )
        expect(count == 2, f"one step should ask the network twice, not {count} times.")
    yield "the mean of two slopes for two calls, and Euler's step to 0"


@checker
def cosine_alpha_bars(answer):
    """Source: Nichol and Dhariwal, arXiv:2102.09672, equation 17."""
    for steps, offset in ((8, 0.008), (5, 0.2)):
        found = array(answer(steps, offset), "alpha_bars", (steps,))

        def curve(offset, steps=steps, power=2):
            times = np.arange(steps + 1) / steps
            return np.cos((times + offset) / (1 + offset) * np.pi / 2) ** power

        def product(curve, limit=0.999):
            return np.cumprod(1 - np.minimum(1 - curve[1:] / curve[:-1], limit))

        whole = curve(offset)
        expect(
            found[-1] > 1e-12,
            "the last one is 0: no beta should exceed 0.999, or the first step of sampling "
            "divides by 0.",
        )
        match(
            found,
            product(whole),
            f"with {steps} steps and offset {offset:g} they are not those of the paper: compare "
            f"the first, which should be {product(whole)[0]:.4f}.",
            {
                "they begin at time 0, where nothing is noisy: the first is that of time 1 / "
                "steps.": np.append(1.0, product(whole)[:-1]),
                "the cosine is not squared: that is the root of alpha_bar.": product(
                    curve(offset, power=1)
                ),
                "they are not divided by the value at time 0.": product(whole) * whole[0],
                "the offset is ignored.": product(curve(0.0)),
            },
            **ROUNDED,
        )
    yield "the squared cosine relative to its start, with betas of at most 0.999"


@checker
def zero_snr_alpha_bars(answer):
    """Source: Lin et al., arXiv:2305.08891, algorithm 1."""
    alpha_bars = np.cumprod(1 - np.linspace(0.02, 0.3, 9))
    found = array(answer(alpha_bars), "alpha_bars", alpha_bars.shape)
    expect(np.isfinite(found).all(), "there is NaN among them: a root of a negative number?")
    roots = np.sqrt(alpha_bars)
    shifted = roots - roots[-1]
    plain = alpha_bars - alpha_bars[-1]
    match(
        found,
        (shifted * roots[0] / shifted[0]) ** 2,
        "the ROOTS of alpha_bar should be shifted so that the last is 0, then stretched so that "
        "the first is as before.",
        {
            "the schedule is unchanged.": alpha_bars,
            "only the last one is 0 now: all must move, or the last step is a jump.": np.append(
                alpha_bars[:-1], 0
            ),
            "the first one has changed as well: after the shift, stretch them back.": shifted**2,
            "alpha_bar itself is shifted; shift and stretch its root, which is the weight of the "
            "image.": plain * alpha_bars[0] / plain[0],
            "the first one is 1 now: it should be what it was.": (shifted / shifted[0]) ** 2,
        },
        **ROUNDED,
    )
    expect(
        close(answer(alpha_bars[:2]), [alpha_bars[0], 0], **ROUNDED),
        "a schedule of two steps should keep its first value, and end at 0.",
    )
    yield "the last is 0, the first as before, the roots in proportion"


@checker
def flow_matching_loss(answer):
    """Source: Lipman et al., arXiv:2210.02747; Esser et al., arXiv:2403.03206, section 2."""
    random = np.random.default_rng(3)
    images, noise = random.normal(size=(2, 3, 5, 4, 3)) + 0.3
    times = np.array([0.1, 0.5, 0.8])
    seen = []

    def velocity(x, times):
        times = np.asarray(times)
        expect(
            times.size == len(x),
            f"velocity was called with {times.size} times for {len(x)} images: one for each.",
        )
        seen.append(np.asarray(x))
        return np.sin(x) * (1 + times.reshape(-1, 1, 1, 1))

    loss = array(answer(velocity, images, noise, times), "the loss", ())
    expect(len(seen) == 1, f"the network is called {len(seen)} times: once is enough.")
    place = times[:, None, None, None]
    path = (1 - place) * images + place * noise
    match(
        seen[0],
        path,
        "the network does not see (1 - t) images + t noise.",
        {
            "the path runs backwards: t = 0 should be the image.": place * images
            + (1 - place) * noise,
            "the time is spread over the channels: it belongs to the image, the FIRST axis.": (
                1 - times
            )
            * images
            + times * noise,
            "the noise is added by variance, as in DDPM: this path is a straight line.": np.sqrt(
                1 - place
            )
            * images
            + np.sqrt(place) * noise,
        },
        **ROUNDED,
    )
    yield "the network sees the straight path between image and noise"

    found = velocity(path, times)
    error = (found - (noise - images)) ** 2
    match(
        loss,
        error.mean(),
        "the loss should be the mean square of velocity - (noise - images), over everything.",
        {
            "the target has the wrong sign: the velocity is the change of x as t grows, towards "
            "the noise.": ((found - (images - noise)) ** 2).mean(),
            "the target is the noise, as in DDPM: it should be a velocity.": (
                (found - noise) ** 2
            ).mean(),
            "it is summed over pixels: take the mean.": error.sum(axis=(1, 2, 3)).mean(),
        },
        **ROUNDED,
    )
    yield "the mean square error of the velocity"
