"""Checks of exercises 50: diffusion and flow matching, in worlds where the right answer is
known.
"""

import numpy as np

from genimg_lib.checks.core import array, checker, close, expect, short, value_checker
from genimg_lib.checks.diffusion import faults, questions
from genimg_lib.checks.judge import choices, estimates, match, pair


@checker
def ddpm_jump(answer):
    """Source: Ho, Jain and Abbeel, arXiv:2006.11239, equation 4."""
    random = np.random.default_rng(0)
    for shape, steps, largest in (((5, 3, 2, 1), 1000, 0.02), ((4, 4), 10, 0.5), ((3, 7), 50, 0.2)):
        images, noise = random.normal(size=(2, *shape))
        betas = (
            random.uniform(1e-4, largest, steps)
            if steps == 50
            else np.linspace(1e-4, largest, steps)
        )
        times = np.concatenate([[steps - 1, 0], random.integers(steps, size=shape[0] - 2)])
        noisy = array(answer(images, times, noise, betas), "the result", shape)
        expect(
            np.isfinite(noisy).all(), "it gives NaN or infinity: check what stands under the roots."
        )
        match(noisy, *faults.jump(noisy, images, times, noise, betas))
        yield f"images of shape {shape}, each at its own time"


@checker
def path_and_ends(path, ends):
    """Source: Lipman et al., arXiv:2210.02747, section 4."""
    random = np.random.default_rng(1)
    for shape in ((4, 3, 2, 1), (5, 5), (3, 8)):
        data, noise = random.normal(size=(2, *shape))
        times = np.concatenate([[0.0, 1.0], random.uniform(size=shape[0] - 2)])[::-1].copy()
        point, velocity = pair(path(data, noise, times), "noisy, velocity", shape)
        match(point, *faults.path_point(point, data, noise, times))
        match(velocity, *faults.path_velocity(velocity, data, noise, times))
        yield f"the path and its velocity, {shape}"
        velocity = random.normal(size=shape)  # a network's, not exactly that of a pair
        with np.errstate(all="ignore"):
            found = pair(ends(point, velocity, times), "data, noise", shape)
        expect(
            np.isfinite(found).all(),
            "it gives NaN or infinity at time 0 or 1: there is no need to divide.",
        )
        for which, value in zip(("data", "noise"), found, strict=True):
            match(value, *faults.end(value, which, point, velocity, times), atol=1e-5)
        yield f"back from noisy and velocity to data and noise, {shape}"


def _world(seed, dimension):
    """A velocity field without symmetries: (latents (n, dimension), time) -> velocities."""
    weights, shift = np.random.default_rng(seed).normal(size=(2, dimension, dimension))
    return lambda latents, time: (
        np.sin(np.asarray(latents) @ weights) * (1 + time)
        + np.cos(3 * time) * shift[0]
        - np.asarray(latents) / 2
    )


@checker
def euler_trail(answer):
    """Source: Lipman et al., arXiv:2210.02747; the method is Euler's."""
    for seed, count, dimension, times in (
        (0, 4, 3, np.linspace(0, 1, 6)),
        (1, 3, 2, np.array([0, 0.05, 0.3, 0.35, 1])),
        (2, 2, 5, np.array([0.2, 0.9])),
    ):
        velocity = _world(seed, dimension)
        asked = []

        def watched(latents, time, velocity=velocity, asked=asked):
            asked.append(float(np.mean(time)))
            return velocity(np.asarray(latents), np.mean(time))

        noise = np.random.default_rng(seed).normal(size=(count, dimension))
        found = array(answer(watched, noise, times), "the trail")
        only = found.shape == noise.shape and len(times) != count
        expect(
            not only,
            "only the last position is returned; the trail has one for each time, from the noise "
            "on.",
        )
        array(found, "the trail", (len(times), *noise.shape))
        match(found, *faults.trail(found, velocity, noise, times), atol=1e-5)
        expect(
            len(asked) == len(times) - 1,
            f"the network ran {len(asked)} times for {len(times) - 1} steps; one run for each is "
            "enough.",
        )
        yield f"{len(times) - 1} steps at times {short(times)}"


@value_checker
def sampling_cost(answers):
    """Source: 2 FLOPs per weight and position, Kaplan et al., arXiv:2001.08361; Meng et al.,
    arXiv:2210.03142.
    """
    yield from estimates(answers, questions.COST)


@value_checker(tries=2)
def read_the_diffusion_rows(answers):
    """The picture is made by tools/draw_exercises.py diffusion."""
    yield from choices(answers, questions.ROWS)


@checker
def draw_images(answer):
    """Source: lesson 50, section 8; huggingface/diffusers, pull request 5213 (latents not scaled
    back).
    """
    for seed, (count, dimension, steps) in enumerate(((4, 3, 5), (2, 6, 1), (3, 2, 12))):
        random = np.random.default_rng(seed)
        velocity = _world(seed, dimension)
        noise = random.normal(size=(count, dimension))
        mean = 2 * random.normal(size=dimension)
        scale = random.uniform(0.3, 4, size=dimension)
        mixing = random.normal(size=(dimension, 7))

        def decode(latents, mixing=mixing):
            return np.tanh(0.1 * np.asarray(latents) @ mixing)

        images = array(
            answer(velocity, decode, noise, mean, scale, steps), "the result", (count, 7)
        )
        expect(
            np.isfinite(images).all(),
            "it gives NaN or infinity: at time 0 nothing may be divided by the time.",
        )
        match(images, *faults.drawn(images, velocity, decode, noise, mean, scale, steps), atol=1e-5)
        yield f"{count} images of {dimension} latents in {steps} steps"


@checker
def ddim_step(answer):
    """Source: Song, Meng and Ermon, arXiv:2010.02502, equations 12 and 16."""
    random = np.random.default_rng(3)
    for eta in (0.0, 1.0, 0.4):
        for kept, after in ((0.05, 0.9), (0.3, 0.35), (0.9, 0.99), (1e-4, 0.5), (0.7, 1.0)):
            noisy, predicted, fresh = random.normal(size=(3, 2, 3, 4))
            with np.errstate(all="ignore"):
                found = array(
                    answer(noisy, predicted, kept, after, eta, fresh), "the result", noisy.shape
                )
            expect(
                np.isfinite(found).all(),
                f"from kept {kept} to {after} it gives NaN or infinity: what is under the root?",
            )
            match(
                found,
                *faults.ddim(found, noisy, predicted, kept, after, eta, fresh),
                rtol=1e-4,
                atol=1e-5,
            )
        yield f"short and long strides with eta = {eta}, and one to the clean image"


@checker
def ddim_sample(answer):
    """Source: Song, Meng and Ermon, arXiv:2010.02502; huggingface/diffusers, issue 465 and pull
    request 479.
    """
    for seed, (total, steps) in enumerate(((50, 5), (12, 12), (20, 1))):
        field = _world(seed, 3)
        asked = []
        kept = np.cumprod(1 - np.linspace(0.02, 0.3, total))
        noise = np.random.default_rng(seed).normal(size=(4, 3))

        def predict_noise(noisy, time, field=field, asked=asked, total=total):
            asked.append(int(time))
            return field(np.asarray(noisy), time / total)

        found = array(answer(predict_noise, noise, kept, steps), "the result", noise.shape)
        right = list(range(total - 1, -1, -total // steps))
        expect(
            asked == right,
            f"with {steps} steps of {total} the network is asked at {short(asked)}; it should be "
            f"{short(right)}.",
        )
        expect(
            np.isfinite(found).all(),
            "it gives NaN or infinity: is a share of the variance above 1?",
        )
        match(
            found, *faults.sampled(found, predict_noise, noise, kept, steps), rtol=1e-4, atol=1e-5
        )
        yield f"{steps} steps of {total}"


@checker
def gaussian_velocity(answer):
    """Source: Lipman et al., arXiv:2210.02747 (the field is a conditional mean); the rest is a
    short calculation.
    """
    random = np.random.default_rng(5)
    for time in (0.35, 0.0, 0.8, 0.97):
        mean = 3 * random.normal(size=3)
        deviation = random.uniform(0.2, 3, size=3)
        data = mean + deviation * random.normal(size=(4, 3))
        noise = random.normal(size=(4, 3))
        noisy = time * data + (1 - time) * noise
        found = array(answer(noisy, time, mean, deviation), "the velocity", noisy.shape)
        match(found, *faults.gaussian(found, noisy, time, mean, deviation), rtol=1e-4, atol=1e-5)
        yield f"the mean of data minus noise at time {time}"
    with np.errstate(all="ignore"):
        found = array(answer(noisy, 1.0, mean, deviation), "the velocity", noisy.shape)
    known = "at time 1 the data are z and the noise is unknown, so the velocity is z"
    expect(
        np.allclose(found, noisy),
        f"{known}; yours is {short(found[0])}: do you divide by 1 - time?",
    )
    yield "at the end of the path"


CLASSES = {  # label: mean and deviation of each of two numbers
    4: (np.array([-2.0, 1.0]), np.array([0.5, 1.0])),
    9: (np.array([3.0, 0.0]), np.array([2.0, 1.5])),
}


def _spread(time, deviation):
    """The deviation of the path at a time."""
    return np.sqrt((time * deviation) ** 2 + (1 - time) ** 2)


def _class_velocity(latents, time, label):
    """The exact field of data that are Gaussian in each class, as in exercise 50.9."""
    mean, deviation = CLASSES[label]
    growth = (time * deviation**2 - (1 - time)) / _spread(time, deviation) ** 2
    return mean + growth * (latents - time * mean)


def _carried(data, source, target, begin, step):
    """Where the exact flow carries data, back to time `begin` and forward again, and by how much
    Euler's method may miss it with steps of one length.

    On the path of a class each point keeps its score, the number of deviations from the mean.
    Euler's method changes it, in first order, by the share step / 2 times the integral of
    deviation^2 / spread^4 over time, which is 1 + pi / 4 (deviation + 1 / deviation) from 0 to 1;
    half as much again is left to the higher orders.
    """
    (mean, deviation), (new_mean, new_deviation) = CLASSES[source], CLASSES[target]
    noisy = begin * mean + _spread(begin, deviation) * (data - mean) / deviation
    scale = new_deviation / _spread(begin, new_deviation)
    shares = [1 + np.pi / 4 * (each + 1 / each) for each in (deviation, new_deviation)]
    missed = np.abs(noisy - begin * mean) * shares[0] + np.abs(noisy - begin * new_mean) * shares[1]
    allowed = 1.5 * step / 2 * scale * missed
    return new_mean + scale * (noisy - begin * new_mean), allowed.max()


def _labelled(field, asked):
    """The field as the answer sees it, which notes the times at which it is asked."""

    def velocity(latents, time, label):
        asked.append(float(np.mean(time)))
        return field(np.asarray(latents), np.mean(time), int(np.mean(label)))

    return velocity


@checker
def edit_by_inversion(answer):
    """Source: Song, Meng and Ermon, arXiv:2010.02502, equation 14; the exact field is exercise
    50.9.
    """
    scores = np.random.default_rng(0).uniform(-2, 2, size=(5, 2))
    for source, target, begin, steps in ((4, 4, 0.0, 100), (4, 9, 0.0, 100), (9, 4, 0.4, 60)):
        mean, deviation = CLASSES[source]
        data, times = mean + deviation * scores, np.linspace(begin, 1, steps + 1)
        asked = []
        found = answer(_labelled(_class_velocity, asked), data, source, target, times)
        found = array(found, "the result", data.shape)
        count = len(asked)
        right, allowed = _carried(data, source, target, begin, (1 - begin) / steps)
        _, words, tempting = faults.edited(
            found, _class_velocity, data, source, target, times, count
        )
        landed = close(found, right, atol=allowed)  # only the right value may be missed so far
        match(right if landed else found, right, words, tempting)
        expect(
            count == 2 * steps,
            f"the field is asked {count} times for {2 * steps} steps there and back; ask once for "
            "each.",
        )
        yield f"two Gaussian classes, from {source} to {target} by way of time {begin}"
    for seed, (source, target, times) in enumerate(
        ((2, 0, np.array([0, 0.1, 0.5, 0.6, 1])), (0, 1, np.array([0.3, 0.4, 0.8, 1])))
    ):
        fields = [_world(10 * seed + label, 3) for label in range(3)]

        def field(latents, time, label, fields=fields):
            return fields[label](latents, time)

        data = np.random.default_rng(seed).normal(size=(4, 3))
        asked = []
        found = answer(_labelled(field, asked), data, source, target, times)
        found = array(found, "the result", data.shape)
        count = len(asked)
        match(
            found,
            *faults.edited(found, field, data, source, target, times, count),
            atol=1e-5,
        )
        yield f"a few steps at times {short(times)}"


def _data_points(points):
    """The exact field of data that are these points, (m, dimension), as in exercise 50.2."""

    def velocity(latents, time):
        with np.errstate(all="ignore"):  # a mistaken answer may ask at time 1
            noise = (np.asarray(latents)[:, None] - time * points) / (1 - time)
            logarithms = -(noise**2).sum(axis=2) / 2
            weights = np.exp(logarithms - logarithms.max(axis=1, keepdims=True))
            weights /= weights.sum(axis=1, keepdims=True)
            return (weights[..., None] * (points - noise)).sum(axis=1)

    return velocity


@checker
def inpaint(answer):
    """Source: Lugmayr et al., arXiv:2201.09865; huggingface/diffusers, issue 3730 and pull request
    3749.
    """
    # any two points differ in two known numbers and in at most one unknown: the known ones decide
    points = 2.0 * np.array([[1, 1, 1, 1], [-1, -1, 1, -1], [1, -1, -1, -1]])
    whole = np.tile(points, (2, 1))
    known = np.tile([True, True, True, False], (6, 1))
    data, times = np.where(known, whole, 7.0), np.linspace(0, 1, 21)
    noise = np.random.default_rng(0).normal(size=whole.shape)
    velocity = _data_points(points)
    found = array(answer(velocity, data, known, noise, times), "the result", data.shape)
    _, words, tempting = faults.inpainted(found, velocity, data, known, noise, times)
    match(found, whole, words, tempting)
    yield "three of four numbers are known, and the fourth is that of the same data point"
    for seed, (count, dimension, times) in enumerate(
        ((4, 3, np.array([0, 0.05, 0.3, 0.35, 1])), (3, 6, np.array([0, 0.5, 0.8, 1])))
    ):
        random = np.random.default_rng(seed)
        field, asked = _world(seed, dimension), []
        data, noise = random.normal(size=(2, count, dimension))
        known = np.arange(count * dimension).reshape(count, dimension) % 5 < 3

        def velocity(latents, time, field=field, asked=asked):
            asked.append(float(np.mean(time)))
            return field(latents, np.mean(time))

        found = array(answer(velocity, data, known, noise, times), "the result", data.shape)
        match(found, *faults.inpainted(found, field, data, known, noise, times), atol=1e-5)
        steps = len(times) - 1
        expect(
            len(asked) == steps,
            f"the network ran {len(asked)} times for {steps} steps: one run for each will do.",
        )
        yield f"{count} rows of {dimension} numbers, {steps} steps"
