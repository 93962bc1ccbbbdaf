"""Checks of exercises 32: stable training of GANs."""

import numpy as np

from genimg_lib.checks.core import array, checker, close, expect, short, value_checker
from genimg_lib.checks.gan.faults import sigmoid
from genimg_lib.checks.judge import choices, match, pair, refused
from genimg_lib.checks.stability import faults, questions


@value_checker(tries=2)
def name_samples(answers):
    """Source: tools/draw_exercises.py gan."""
    yield from choices(answers, questions.SAMPLES)


@value_checker(tries=2)
def name_curves(answers):
    """Source: tools/draw_exercises.py gan."""
    yield from choices(answers, questions.CURVES)


@checker
def average_weights(answer):
    """Source: the warm-up of TensorFlow's `tf.train.ExponentialMovingAverage`."""
    random = np.random.default_rng(1)
    old, new = (
        {"kernel": random.normal(size=(3, 4)), "bias": random.normal(size=4)} for _ in range(2)
    )
    for decay, step in ((0.9, 100_000), (0.99, 0), (0.999, 40), (0.2, 30), (0.0, 5)):
        result = answer(old, new, decay, step)
        same_names = isinstance(result, dict) and set(result) == set(old)
        expect(
            same_names,
            f"return a dictionary with the names {sorted(old)}; yours is {short(result)}.",
        )

        def mixed(share, name):
            return share * old[name] + (1 - share) * new[name]

        warm = (1 + step) / (10 + step)
        for name in old:
            value = array(result[name], f"the average of {name}", old[name].shape)
            case = f"decay {decay}, step {step}"
            tempting = {
                f"{case}: decay multiplies the *average*; yours weighs the live weights with it.": 1
                - min(decay, warm)
            }
            if decay > warm:
                tempting[
                    f"{case}: no warm-up. The average is then still mostly the random start."
                ] = decay
                tempting[f"{case}: the warm-up counts from (1 + step), at step 0 it is 0.1."] = (
                    step / (10 + step)
                )
                tempting[
                    f"{case}: the warm-up counts from (1 + step), and yours from (2 + step)."
                ] = (2 + step) / (11 + step)
            elif decay < warm:
                tempting[f"{case}: the warm-up exceeds the decay; it should never."] = warm
            share = min(decay, warm)
            counts = np.median((value - new[name]) / (old[name] - new[name]))
            off = np.abs(value - mixed(share, name)).max()
            told = (
                f"{case}: the old average counts {counts:.4g}, and should count {share:.4g}; "
                f"{name} is off by up to {off:.1g}."
            )
            match(
                value,
                mixed(share, name),
                told,
                {text: mixed(share, name) for text, share in tempting.items()},
                rtol=1e-4,
            )
            shared = np.shares_memory(np.asarray(result[name]), new[name])
            expect(
                not shared,
                "the result shares its memory with the live weights: the next training step would "
                "change it.",
            )
    yield (
        "old average times min(decay, (1 + step) / (10 + step)), plus the rest of the live weights"
    )


@checker
def growth_per_round(answer):
    """Source: Mescheder, Geiger and Nowozin, arXiv:1801.04406, section 2 (the same game with one
    more function).
    """
    for rate in (0.1, 0.7, 1.9, 2.5, 4.0):
        matrices = np.array([[[1, -rate], [rate, 1]], [[1, -rate], [rate, 1 - rate**2]]])
        wanted = np.abs(np.linalg.eigvals(matrices)).max(axis=1)
        at_once, in_turn = pair(answer(rate), "at once, in turn", ())
        expect(
            not close((at_once, in_turn), wanted[::-1]),
            "they are exchanged: moving at once comes first.",
        )
        tempting = {
            "that is the determinant, by which areas grow; lengths grow by its root.": 1 + rate**2,
            "1 + rate would be right if a round only stretched; here each player moves across, "
            "not outwards.": 1 + rate,
            "that is the real part of the eigenvalues; take the modulus.": 1.0,
        }
        match(
            at_once,
            wanted[0],
            f"at once, rate {rate}: a round multiplies by {wanted[0]:.6g}, not {at_once:.6g}.",
            tempting,
        )
        tempting = {
            f"in turn, rate {rate}: beyond a rate of 2 the "
            "eigenvalues are real, and one exceeds 1.": 1.0,
            f"in turn, rate {rate}: that is the smaller of two real eigenvalues; in the long run "
            "the larger wins.": 1 / wanted[1],
        }
        match(
            in_turn,
            wanted[1],
            f"in turn, rate {rate}: a round multiplies by {wanted[1]:.6g}, not {in_turn:.6g}.",
            tempting,
        )
        yield f"both at rate {rate}"


@checker
def gradient_penalty(answer):
    """Source: Gulrajani et al., arXiv:1704.00028, algorithm 1."""
    random = np.random.default_rng(2)
    for batch, shape in ((7, (3, 2, 1)), (5, (2, 4, 3))):
        real, fake = random.normal(0, 1, (2, batch, *shape))
        mix = random.uniform(0, 1, batch)
        slopes = random.normal(0, 0.8, shape)
        weight = float(random.uniform(2, 9))

        def gradient(images, slopes=slopes):
            told = (
                f"critic_gradient is asked at points of shape {np.shape(images)}; images have "
                f"{slopes.shape}: reshape mix."
            )
            expect(np.shape(images)[-3:] == slopes.shape, told)
            # of a critic that bends: it matters where one asks
            return (slopes + images) / np.sqrt(slopes.size)

        def costs(norms, weight=weight):
            return weight * np.mean((norms - 1) ** 2)

        def norms(share, real=real, fake=fake, gradient=gradient):
            share = np.reshape(share, (-1, 1, 1, 1))
            return np.sqrt((gradient(share * real + (1 - share) * fake) ** 2).sum((1, 2, 3)))

        here = norms(mix)
        wanted = costs(norms(mix))
        share = mix[:, None, None, None]
        channels = (gradient(share * real + (1 - share) * fake) ** 2).sum(-1)
        tempting = {
            "mix = 1 should give the real image; yours gives the fake one.": costs(norms(1 - mix)),
            "every image uses the same mix; each has its own.": costs(norms(mix[:1])),
            "the gradient is taken at the real images, not between real and fake.": costs(
                norms(1.0)
            ),
            "the gradient is taken at the fake images, not between real and fake.": costs(
                norms(0.0)
            ),
            "one norm over the whole batch: the constraint is per image.": costs(
                np.sqrt((here**2).sum())
            ),
            "the square root is missing: penalise (|g| - 1)^2, not (|g|^2 - 1)^2.": costs(here**2),
            "norms below 1 cost nothing; this penalty is two-sided.": costs(np.maximum(here, 1)),
            "the deviation is not squared.": weight * np.mean(np.abs(here - 1)),
            "norms are pulled to 0: that is a zero-centred penalty.": costs(here + 1),
            "the weight is missing.": wanted / weight,
            "the penalties are summed over the batch; take their mean.": wanted * batch,
            "the norm runs over channels only; an image has one norm.": costs(np.sqrt(channels)),
            "the norm is a mean over pixels; it should be a sum.": costs(
                here / np.sqrt(np.prod(shape))
            ),
            "that is (mean norm - 1)^2: first the deviation of each image, then the mean.": costs(
                here.mean()
            ),
        }
        found = array(answer(real, fake, mix, gradient, weight), "the penalty", ())
        match(
            found,
            wanted,
            f"got {short(found)}; weight times the mean of (|g| - 1)^2 is {short(wanted)}.",
            tempting,
        )
    yield "weight times the mean of (norm - 1)^2, at one point between each pair"
    flat = array(answer(real, fake, mix, np.zeros_like, 10.0), "the penalty", ())
    told = (
        f"a critic with gradient 0 everywhere costs {short(flat)}; a norm of 0 is as wrong as "
        "a norm of 2: 10."
    )
    expect(close(flat, 10.0), told)
    yield "a flat critic pays, too"


@checker(seconds=30)
def r1_penalty(answer):
    """Source: Mescheder, Geiger and Nowozin, arXiv:1801.04406, section 4.1."""
    import tensorflow as tf

    random = np.random.default_rng(3)
    for batch, shape in ((4, (3, 2, 1)), (3, (2, 2, 2))):
        images = random.normal(0, 1, (batch, *shape))
        values = random.normal(0.5, 1, shape)
        weights = tf.Variable(values)

        def critic(x, weights=weights):
            return tf.reduce_sum(weights * x**2, axis=(1, 2, 3))

        with tf.GradientTape() as tape:
            result = answer(critic, tf.constant(images))
            found = array(result, "the penalty", (batch,))
            total = tf.reduce_sum(result)
        wanted = ((2 * values * images) ** 2).sum((1, 2, 3))
        logits = np.sum(values * images**2, axis=(1, 2, 3))
        of_loss = wanted * sigmoid(-logits) ** 2
        tempting = {
            "that is the norm; R1 is its square.": np.sqrt(wanted),
            "norms are pulled to 1: that is WGAN-GP's penalty. R1 pulls them to 0.": (
                np.sqrt(wanted) - 1
            )
            ** 2,
            "the gradient is divided by the batch size: sum the "
            "logits, do not average them.": wanted / batch**2,
            "the squares are averaged over pixels; sum them.": wanted / np.prod(shape),
            "that is the gradient of softplus(-logit), the loss; "
            "R1 takes that of the logit.": of_loss,
            "the logit itself is squared, not its gradient.": logits**2,
        }
        image = np.argmax(np.abs(found - wanted))
        told = (
            f"image {image} costs {found[image]:.4g}; its squared gradient is {wanted[image]:.4g}."
        )
        match(found, wanted, told, tempting, rtol=1e-4)
        yield f"the squared norm of each image's gradient, images of shape {shape}"
        slope = tape.gradient(total, weights)
        told = (
            "no gradient reaches the critic's weights: the penalty is a number to train with, "
            "so stay in TensorFlow."
        )
        expect(slope is not None, told)
        right = close(slope, (8 * values * images**2).sum(0), rtol=1e-4)
        expect(
            right,
            "the gradient at the critic's weights is wrong: is something stopped, or converted, "
            "on the way?",
        )
        yield "and the critic's weights feel it"


@checker
def points_between(answer):
    """Source: Gulrajani et al., arXiv:1704.00028, algorithm 1; the slips: keras-team/keras-io
    issues 143 and 415.
    """
    count = 4000
    data = np.random.default_rng(4)
    # float32 will do, too
    real = data.uniform(1, 2, (count, 2, 1, 2))
    fake = data.uniform(-2, -1, (count, 2, 1, 2))
    random = np.random.default_rng(5)
    first, second = (array(answer(real, fake, random), "the points", real.shape) for _ in range(2))
    share = (first - fake) / (real - fake)
    along = np.ptp(share.reshape(count, -1), axis=1).max()
    expect(
        along < 1e-5,
        "each pixel has its own number: the points leave the line from real to fake. One number "
        "per image.",
    )
    share = share[:, 0, 0, 0]
    expect(
        np.ptp(share) > 1e-5,
        "all images share one number: a batch of 64 looks at one place of the line, not at 64.",
    )
    outside = np.mean((share < -1e-6) | (share > 1 + 1e-6))
    expect(
        outside == 0,
        f"{outside:.0%} of the points lie beyond real or beyond fake: the numbers are not from "
        "[0, 1].",
    )
    yield "one number in [0, 1] per image"
    mean = share.mean()
    variance = share.var()
    # Five standard errors of 4000 uniform numbers: 5 sqrt(1 / 12 / 4000) and 5 sqrt(1 / 180 /
    # 4000).
    even = abs(mean - 0.5) < 0.023 and abs(variance - 1 / 12) < 0.006
    expect(
        even,
        f"the numbers have mean {mean:.3f} and variance {variance:.4f}; uniform ones have 0.5 and "
        "0.0833.",
    )
    serial = np.corrcoef(share[1:], share[:-1])[0, 1]  # five standard errors: 5 / sqrt(4000)
    expect(
        abs(serial) < 0.08,
        f"neighbours' numbers correlate by {serial:.2f}: draw one for each image on its own.",
    )
    yield "uniform over the line"
    expect(not close(first, second), "two calls give the same points: draw anew each time.")
    again = array(answer(real, fake, np.random.default_rng(5)), "the points", real.shape)
    expect(
        close(first, again),
        "the same generator gives other points: take the numbers from `random` alone.",
    )
    yield "drawn anew each time, from `random`"


@checker(seconds=30)
def average_generator(start, update):
    """Source: FlyreelAI/sesemi issue 36 and CuriousAI/mean-teacher issue 9 (an average without
    BatchNorm statistics).
    """
    import keras

    live = faults.noisy_generator()
    average = start(live)
    expect(
        isinstance(average, keras.Model),
        f"start_average should return a model, but returns {short(average)}.",
    )
    shared = {id(weight) for weight in average.weights} & {id(weight) for weight in live.weights}
    expect(not shared, "the average *is* the live generator: it needs weights of its own.")
    pairs = list(zip(average.get_weights(), live.get_weights(), strict=False))
    equal = len(average.weights) == len(live.weights) and all(close(a, b) for a, b in pairs)
    expect(
        equal,
        "the average begins at other weights than the live ones: `clone_model` draws a new random "
        "start.",
    )
    complete = len(average.variables) == len(live.variables)
    expect(
        complete,
        f"the average has {len(average.layers)} layers of "
        f"{len(live.layers)}: keep Dropout as well.",
    )
    yield "the average begins where the live generator is"
    for turn, decay in enumerate((0.9, 0.3)):
        faults.move_weights(live, turn)
        old = average.get_weights()
        new = live.get_weights()
        seeds = faults.random_states(average)
        seeds_of_live = faults.random_states(live)
        expect(update(average, live, decay) is average, "return the average.")
        kept = all(close(a, b) for a, b in zip(live.get_weights(), new, strict=True))
        expect(
            kept and close(faults.random_states(live), seeds_of_live),
            "the live generator has changed.",
        )
        expect(
            close(faults.random_states(average), seeds),
            "Dropout's random state is averaged: it is in `variables`, not in `weights`.",
        )
        for weight, before, now in zip(average.weights, old, new, strict=True):
            found = weight.numpy()
            what = weight.path.split("/")[-1]
            stuck = (
                f"{what} of the average stays at {short(before.ravel()[:2])}, the live one is "
                f"at {short(now.ravel()[:2])}."
            )
            expect(not close(found, before), f"{stuck} Average every weight, trainable or not.")
            wanted = decay * before + (1 - decay) * now
            exchanged = decay * now + (1 - decay) * before
            told = f"{what}: decay multiplies the *average*, and 1 - decay the live weights."
            told_else = f"{what} is {short(found.ravel()[:2])}, not {short(wanted.ravel()[:2])}."
            match(
                found,
                wanted,
                told_else,
                {told: exchanged, f"{what} is copied from the live model, not averaged.": now},
            )
        yield f"every weight and statistic is averaged with decay {decay}"
    smaller = keras.Sequential([keras.Input((3,)), keras.layers.Dense(5)])
    refused(update, smaller, live, 0.5, what="models with different numbers of weights")
    yield "other architectures are refused"


@checker
def spectral_norm(answer):
    """Source: Miyato et al., arXiv:1802.05957, algorithm 1; Keras kernels have their outputs
    last.
    """
    random = np.random.default_rng(6)
    for shape in ((3, 2, 4, 5), (6, 4)):
        kernel = random.normal(0, 2, shape)
        start = random.normal(0, 1, shape[-1])
        start /= np.linalg.norm(start)

        def estimates(iterations, kernel=kernel, start=start):
            result = answer(kernel, start, iterations)
            three = isinstance(result, (tuple, list)) and len(result) == 3
            expect(three, f"return (kernel, sigma, u); yours is {short(result)}.")
            sizes = {"the kernel": kernel.shape, "sigma": (), "u": start.shape}
            return [
                array(part, name, size)
                for part, (name, size) in zip(result, sizes.items(), strict=True)
            ]

        _after_many_iterations(estimates(300), kernel)
        yield f"sigma, u and the kernel after 300 iterations, shape {shape}"
        _after_few_iterations(estimates, kernel.reshape(-1, shape[-1]), start)
        yield f"one and three iterations from the u that is handed in, shape {shape}"


def _after_many_iterations(found, kernel):
    """Rejects a kernel, sigma and u that are not those of the largest singular value."""
    normal, sigma, u = found
    outputs = kernel.shape[-1]
    matrix = kernel.reshape(-1, outputs)
    flattened = kernel.reshape(outputs, -1)
    top = np.linalg.svd(matrix, compute_uv=False)[0]
    tempting = {
        "that is the Frobenius norm, the root of the sum of all squared singular values.": (
            np.linalg.norm(matrix)
        ),
        "that is the square of the largest singular value.": top**2,
        "the kernel is flattened to (outputs, -1) as it lies: Keras has its outputs last.": (
            np.linalg.svd(flattened, compute_uv=False)[0]
        ),
    }
    told = f"after 300 iterations sigma is {sigma:.4f}; the largest singular value is {top:.4f}."
    match(sigma, top, told, tempting, rtol=1e-4)
    expect(
        close(np.linalg.norm(u), 1.0),
        f"the returned u has length {np.linalg.norm(u):.4f}; it should be a unit vector.",
    )
    expect(
        close(np.linalg.norm(matrix @ u), top, rtol=1e-4),
        "u is not the direction that the kernel stretches most.",
    )
    expect(close(normal * top, kernel, rtol=1e-3, atol=1e-4), "the kernel is not divided by sigma.")


def _after_few_iterations(estimates, matrix, start):
    """Rejects estimates that are not those of one and of three power iterations from `start`."""
    top = np.linalg.svd(matrix, compute_uv=False)[0]
    steps = [start]
    for _ in range(4):
        there_and_back = matrix.T @ (matrix @ steps[-1])
        steps.append(there_and_back / np.linalg.norm(there_and_back))
    for count in (1, 3):
        _, sigma, u = estimates(count)
        expect(
            sigma < top * (1 - 1e-6),
            f"with iterations={count} sigma is exact: count them, and use no SVD.",
        )
        tempting = {
            f"with iterations={count} the u handed in comes back: return the new one.": start,
            f"with iterations={count} you do {count + 1}.": steps[count + 1],
            f"with iterations={count} you do {count - 1}.": steps[count - 1],
        }
        told = (
            f"with iterations={count} u is {short(u[:2])}, not {short(steps[count][:2])}: "
            "begin from the u handed in."
        )
        match(u, steps[count], told, tempting, rtol=1e-4, atol=1e-5)
        low = np.linalg.norm(matrix @ steps[count - 1])
        high = np.linalg.norm(matrix @ u)
        expect(
            low * (1 + 1e-6) < sigma < high * (1 + 1e-5),
            f"with iterations={count} sigma is {sigma:.4f}: estimate it with the u that you "
            "return.",
        )
