"""Checks of exercises 51: generators of one step or few, in worlds where the flow is known.

Times run from 0, noise, to 1, data, as in the lesson.
"""

import numpy as np

from genimg_lib.checks.core import array, checker, expect, value_checker
from genimg_lib.checks.few_steps import questions
from genimg_lib.checks.judge import choices, estimates, match


def _spread(time, deviation):
    """Of the path to data of such a deviation."""
    return np.sqrt((time * deviation) ** 2 + (1 - time) ** 2)


def _velocity(z, time, mean, deviation):
    gain = (time * deviation**2 - (1 - time)) / _spread(time, deviation) ** 2
    return mean + gain * (z - time * mean)


def _flow(z, t, s, mean, deviation):
    return s * mean + _spread(s, deviation) / _spread(t, deviation) * (z - t * mean)


def _network(seed, dimension, asked):
    """An average velocity without symmetries, which notes the times at which it is asked:
    (z (n, dimension), t, s) -> (n, dimension).
    """
    weights, shift = np.random.default_rng(seed).normal(size=(2, dimension, dimension))

    def average(z, t, s):
        asked.append((float(np.mean(t)), float(np.mean(s))))
        z = np.asarray(z)
        return np.sin(z @ weights) * (1 + t) + np.cos(2 * s + t) * shift[0] - z / 2

    return average


@checker
def average_velocity(answer):
    """Source: Geng et al., arXiv:2505.13447, the definition; the flow is exercise 50.9."""
    random = np.random.default_rng(0)
    for t, s in ((0.25, 0.6), (0.0, 1.0), (0.5, 0.9)):
        mean, deviation = 2 * random.normal(size=3), random.uniform(0.3, 3, size=3)
        z = random.normal(size=(4, 3))
        found = array(answer(z, t, s, mean, deviation), "the average velocity", z.shape)
        end = _flow(z, t, s, mean, deviation)
        match(
            found,
            (end - z) / (s - t),
            f"from {t} to {s} it is wrong: the flow keeps (z - t mean) / spread.",
            {
                "that is where the flow arrives; the average velocity is the way, over the time.": (
                    end
                ),
                "that is the way; divide it by the time that it takes.": (
                    (end - z) if s - t != 1 else np.full_like(z, np.nan)
                ),
                "that is the velocity at the start, which one Euler step would follow.": _velocity(
                    z, t, mean, deviation
                ),
                "that is the velocity at the end of the way.": _velocity(end, s, mean, deviation),
                "the sign is wrong: from z to the end.": (z - end) / (s - t),
            },
        )
        yield f"from time {t} to {s}"
    with np.errstate(all="ignore"):
        found = array(answer(z, 0.4, 0.4, mean, deviation), "the average velocity", z.shape)
    expect(
        np.allclose(found, _velocity(z, 0.4, mean, deviation)),
        "over no time at all, s = t, the average velocity is the velocity at that time.",
    )
    yield "over no time"


@checker
def shortcut_target(answer):
    """Source: Frans et al., arXiv:2410.12557, the self-consistency of shortcut models."""
    for seed, (t, s) in enumerate(((0.0, 1.0), (0.25, 0.5), (0.1, 0.9))):
        asked = []
        average = _network(seed, 3, asked)
        z = np.random.default_rng(seed).normal(size=(4, 3))
        half = (s - t) / 2
        found = array(answer(average, z, t, s), "the target", z.shape)
        count = len(asked)
        first = average(z, t, t + half)
        second = average(z + half * first, t + half, s)
        still = average(z, t + half, s)
        far = average(z + (s - t) * first, t + half, s)
        match(
            found,
            (first + second) / 2,
            f"from {t} to {s} it is wrong: walk the first half, ask again there, take the mean.",
            {
                "two velocities are added; the average over both halves is their mean.": first
                + second,
                "the second half starts where the first one ended, not at z.": (first + still) / 2,
                "the first half is only half of the way: move by half of s - t.": (first + far) / 2,
                "that is the network's own long step: nothing would be learned.": average(z, t, s),
                "that is the first half alone.": first,
                "that is the second half alone.": second,
            },
        )
        expect(count == 2, f"the network ran {count} times; two halves need two runs.")
        yield f"from time {t} to {s}"


@checker
def spread_after(answer):
    """Source: Euler's method on the field of exercise 50.9."""
    for steps in (1, 2, 7):
        for deviation in (0.4, 2.5):
            factors = [
                1 + (t * deviation**2 - (1 - t)) / _spread(t, deviation) ** 2 / steps
                for t in np.arange(steps) / steps
            ]
            backwards = [
                1 + (t * deviation**2 - (1 - t)) / _spread(t, deviation) ** 2 / steps
                for t in np.arange(1, steps + 1) / steps
            ]
            right = np.abs(np.prod(factors))
            match(
                array(answer(steps, deviation), "the spread", ()),
                right,
                f"after {steps} steps with deviation {deviation} it is {right:.4f}: multiply the "
                "factors by which the steps stretch.",
                {
                    "that is the spread of the data, which only many steps reach.": deviation,
                    "that is the variance: the spread is its root.": (
                        right**2 if right > 1e-9 else np.nan
                    ),
                    "the field is asked at the end of each step.": np.abs(np.prod(backwards)),
                },
            )
        yield f"steps: {steps}"


@checker
def few_step_sample(answer):
    """Source: Geng et al., arXiv:2505.13447, sampling in several steps."""
    for seed, steps in enumerate((1, 2, 5)):
        asked = []
        average = _network(seed, 2, asked)
        noise = np.random.default_rng(seed).normal(size=(3, 2))
        found = array(answer(average, noise, steps), "the samples", noise.shape)
        wanted = [(i / steps, (i + 1) / steps) for i in range(steps)]
        expect(len(asked) == steps, f"the network ran {len(asked)} times for {steps} steps.")
        reaches_end = steps > 1 and np.allclose(asked, [(t, 1) for t, _ in wanted])
        expect(
            not reaches_end,
            "the network is asked for the average up to time 1, but only a part of that way is "
            "walked: ask for the time where the step ends.",
        )
        same = np.allclose([t for t, _ in asked], [s for _, s in asked])
        expect(not same, "both times are the same: that is the velocity, not the average.")
        expect(
            np.allclose(asked, wanted),
            f"with {steps} steps the first is from time 0 to 1 / {steps}, the last ends at time 1.",
        )
        z = noise
        for t, s in wanted:
            z = z + (s - t) * average(z, t, s)
        match(found, z, f"with {steps} steps the samples are wrong: each step has its own length.")
        yield f"steps: {steps}"


@checker
def consistency_sample(answer):
    """Source: Song et al., arXiv:2303.01469, multistep consistency sampling."""
    for seed, times in enumerate(([0.0], [0.0, 0.5], [0.0, 0.3, 0.8])):
        asked = []
        average = _network(seed, 2, asked)
        noises = np.random.default_rng(seed).normal(size=(len(times), 3, 2))
        found = array(answer(average, noises, times), "the samples", (3, 2))
        expect(
            len(asked) == len(times),
            f"the network ran {len(asked)} times; there are {len(times)} times to jump from.",
        )
        expect(
            np.allclose([s for _, s in asked], 1),
            "every jump goes to the end: the later time is 1.",
        )

        def jumps(renoise, length=lambda t: 1 - t, average=average, times=times, noises=noises):
            end = 0.0
            for t, noise in zip(times, noises, strict=True):
                z = renoise(t, end, noise)
                end = z + length(t) * average(z, t, 1.0)
            return end

        def mixed(t, end, noise):
            return t * end + (1 - t) * noise

        first_noise = noises[0]
        right = jumps(mixed)
        tempting = {}
        if len(times) > 1:
            tempting = {
                "all jumps use the first noise; each needs fresh noise.": jumps(
                    lambda t, end, _, noise=first_noise: mixed(t, end, noise)
                ),
                "the shares of data and noise are exchanged: time 1 is data.": jumps(
                    lambda t, end, noise: (1 - t) * end + t * noise if t else noise
                ),
                "the data are not scaled by t: noise is mixed in, not added.": jumps(
                    lambda t, end, noise: end + (1 - t) * noise
                ),
                "a jump from time t is 1 - t long.": jumps(mixed, lambda t: 1.0),
            }
        match(found, right, f"with the times {times} the samples are wrong.", tempting)
        yield f"jumps: {len(times)}"


@checker
def mean_flow_target(answer):
    """Source: Geng et al., arXiv:2505.13447, the MeanFlow identity, with noise at time 0."""
    for seed, (t, s) in enumerate(((0.2, 0.9), (0.5, 0.6), (0.4, 0.4))):
        average = _network(seed, 3, [])
        random = np.random.default_rng(seed)
        z, velocity = random.normal(size=(2, 4, 3))

        def change(by_position, by_time, average=average, z=z, velocity=velocity, t=t, s=s):
            h = 1e-5
            ahead = average(z + h * by_position * velocity, t + h * by_time, s)
            behind = average(z - h * by_position * velocity, t - h * by_time, s)
            return (ahead - behind) / (2 * h)

        found = array(answer(average, z, t, s, velocity), "the target", z.shape)
        right = velocity + (s - t) * change(1, 1)
        tempting = {}
        if s > t:
            tempting = {
                "the sign of the derivative is wrong: our average starts at the moving time.": (
                    velocity - (s - t) * change(1, 1)
                ),
                "the time moves too: the direction is the velocity for z, and 1 for t.": (
                    velocity + (s - t) * change(1, 0)
                ),
                "z moves too: the direction is the velocity for z, and 1 for t.": (
                    velocity + (s - t) * change(0, 1)
                ),
                "the derivative counts with the length of the interval, s - t.": (
                    velocity + change(1, 1)
                ),
                "that is the velocity; where is the derivative?": velocity,
            }
        words = f"from {t} to {s} it is wrong by {np.abs(found - right).max():.3g}."
        match(found, right, words, tempting, rtol=1e-3, atol=1e-3)
        yield f"from time {t} to {s}"


@value_checker
def few_step_cost(answers):
    """Source: the arithmetic of the prompt."""
    yield from estimates(answers, questions.COST)


@value_checker(tries=2)
def read_the_few_step_runs(answers):
    """The runs are those of lesson 51, section 3: its `fit`, with one fault each."""
    yield from choices(answers, questions.RUNS)
