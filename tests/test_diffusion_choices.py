"""The choices that tools/measure_diffusion.py compares, in worlds where the answer is known."""

import keras
import numpy as np
import pytest
from authors_tools import tool

from genimg_lib.models.diffusion import ddim_step

MEAN, SPREAD = 1.5, 0.4


@pytest.fixture(scope="module")
def choices():
    return tool("measure_diffusion")


def given_position(noisy, time):
    """The mean data and noise given a position on the path, for data from N(MEAN, SPREAD^2)."""
    surprise = (noisy - time * MEAN) / (time**2 * SPREAD**2 + (1 - time) ** 2)
    return {"data": MEAN + time * SPREAD**2 * surprise, "noise": (1 - time) * surprise}


def exact_velocity(noisy, time):
    means = given_position(noisy, time)
    return means["data"] - means["noise"]


def exact_end(noise):
    """Where the exact velocity leads: the flow keeps (position - mean) / spread."""
    return MEAN + SPREAD * noise


# --- targets --------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["data", "noise", "velocity"])
def test_the_same_velocity_follows_from_every_target(choices, kind):
    noisy = np.random.default_rng(0).normal(size=(50, 3))
    for time in (0.02, 0.3, 0.9):
        means = given_position(noisy, time)
        target = choices.target_of(kind, means["data"], means["noise"])
        found = choices.velocity_of(kind, target, noisy, time)
        # rounding at 1e-16, divided by 0.02 at most
        np.testing.assert_allclose(found, exact_velocity(noisy, time), atol=1e-12)


def test_a_batch_lies_on_the_path_of_its_contender(choices):
    random = np.random.default_rng(0)
    data, noise = random.normal(size=(2, 400, 2, 2, 3)).astype("float32")
    for contender in choices.CONTENDERS.values():
        noisy, times, target = choices.noised(contender, data, noise, np.random.default_rng(1))
        along = times[:, None, None, None]
        kept = choices.kept_shares()[np.round(times * 999).astype(int)][:, None, None, None]
        if contender.times == "DDPM":
            expected = np.sqrt(kept) * data + np.sqrt(1 - kept) * noise
        else:
            expected = along * data + (1 - along) * noise
        np.testing.assert_allclose(noisy, expected, atol=1e-5)
        np.testing.assert_array_equal(
            target, {"data": data, "noise": noise, "velocity": data - noise}[contender.target]
        )
        # half of the uniform times lie within a quarter of the middle, of logit-normal ones 73 %:
        # |normal| < log 3; five standard errors of 400 are 12.5 points at most
        share = np.mean(np.abs(times - 0.5) < 0.25)
        assert abs(share - (0.728 if contender.times == "logit-normal" else 0.5)) < 0.125


# --- solvers --------------------------------------------------------------------------------------


def error_of(solver, steps):
    noise = np.linspace(-2, 2, 9)
    found = solver(exact_velocity, noise, np.linspace(0, 1, steps + 1).tolist())
    return np.abs(found - exact_end(noise)).max()


@pytest.mark.parametrize(("name", "order"), [("Euler", 1), ("Heun", 2)])
def test_a_solver_has_its_order(choices, name, order):
    """With twice as many steps the error is 2 ** order times smaller, up to the next order."""
    solver = choices.SOLVERS[name]
    ratio = error_of(solver, 100) / error_of(solver, 200)
    assert 0.85 * 2**order < ratio < 1.15 * 2**order


def test_heun_asks_twice_for_each_step(choices):
    for name, passes in (("Euler", 1), ("Heun", 2)):
        field = choices.Field(lambda noisy, time, labels: noisy, "velocity", None)
        choices.SOLVERS[name](field, np.ones(2), np.linspace(0, 1, 11).tolist())
        assert field.passes == 10 * passes


def test_fresh_noise_ends_on_the_data(choices):
    noise = np.random.default_rng(0).normal(size=40_000).astype("float32")
    found = choices.fresh_noise(exact_velocity, noise, np.linspace(0, 1, 201).tolist())
    # five standard errors of 40,000 samples, and an error of the first order in 1/200
    assert abs(found.mean() - MEAN) < 5 * SPREAD / 200 + 0.02
    assert abs(found.std() / SPREAD - 1) < 5 / np.sqrt(80_000) + 0.02


# --- DDPM -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "eta"), [("ancestral_step", 1.0), ("deterministic_step", 0.0)])
def test_steps_of_ddpm_are_those_of_ddim_in_another_unit(choices, name, eta):
    """A position of DDPM over the sum of its shares lies on the straight path."""
    random = np.random.default_rng(0)
    noisy, noise, fresh = random.normal(size=(3, 20))
    kept = choices.kept_shares()
    for step, next_step in ((900, 850), (500, 499), (300, 20)):
        sums = {s: np.sqrt(kept[s]) + np.sqrt(1 - kept[s]) for s in (step, next_step)}
        time, next_time = (float(np.sqrt(kept[s]) / sums[s]) for s in (step, next_step))
        found = getattr(choices, name)(noisy, noise, kept[step], kept[next_step], fresh)
        position = noisy / sums[step]
        velocity = choices.velocity_of("noise", noise, position, time)
        expected = ddim_step(position, velocity, time, next_time, fresh, eta)
        # the library computes its roots in float32
        np.testing.assert_allclose(found / sums[next_step], expected, atol=1e-5)


@pytest.mark.parametrize("name", ["ancestral", "DDIM"])
def test_the_exact_noise_leads_to_the_data(choices, name):
    def noise_of(noisy, time):
        kept = choices.kept_shares()[round(999 * time)]
        variance = kept * SPREAD**2 + 1 - kept
        return np.sqrt(1 - kept) * (noisy - np.sqrt(kept) * MEAN) / variance

    noise = np.random.default_rng(0).normal(size=10_000)
    found = choices.ddpm_sample(noise_of, noise, 250, choices.DDPM_SOLVERS[name])
    # five standard errors, and an error of the first order in 1/250 for the steps
    assert abs(found.mean() - MEAN) < 5 * SPREAD / 100 + 0.02
    assert abs(found.std() / SPREAD - 1) < 5 / np.sqrt(20_000) + 0.02


# --- guidance -------------------------------------------------------------------------------------


def weak_velocity(noisy, time):
    return 0.5 * exact_velocity(noisy, time) - noisy


@pytest.mark.parametrize("solver", ["Euler", "Heun"])
def test_guidance_over_the_whole_interval_is_constant_guidance(choices, solver):
    noise, times = np.linspace(-2, 2, 9), np.linspace(0, 1, 11).tolist()

    def constant(noisy, time):
        weak = weak_velocity(noisy, time)
        return weak + 1.5 * (exact_velocity(noisy, time) - weak)

    solve = choices.SOLVERS[solver]
    whole = choices.guided(exact_velocity, weak_velocity, 1.5, (0.0, 1.0))
    np.testing.assert_allclose(solve(whole, noise, times), solve(constant, noise, times))


def test_guidance_acts_within_its_interval_alone(choices):
    asked = []

    def weak(noisy, time):
        asked.append(time)
        return weak_velocity(noisy, time)

    velocity = choices.guided(exact_velocity, weak, 1.5, (0.3, 0.8))
    noisy = np.linspace(-2, 2, 9)
    for time in (0.0, 0.29, 0.3, 0.5, 0.8, 0.81, 1.0):
        same = np.allclose(velocity(noisy, time), exact_velocity(noisy, time))
        assert same == (not 0.3 <= time <= 0.8)
    assert asked == [0.3, 0.5, 0.8]


# --- contenders -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["dense", "DiT"])
@pytest.mark.parametrize("shape", [(8,), (2, 2, 3)])
def test_networks_answer_in_the_shape_of_the_latents(choices, name, shape):
    """At first with zeros; and after a change of every weight, with an answer for each label."""
    keras.utils.set_random_seed(0)
    network = choices.NETWORKS[name](shape)
    latents = np.random.default_rng(0).normal(size=(1, *shape)).astype("float32").repeat(3, axis=0)
    inputs = [latents, np.full(3, 0.4, "float32"), np.array([0, 0, 10], "int32")]
    np.testing.assert_array_equal(network(inputs), np.zeros((3, *shape)))
    random = np.random.default_rng(1)
    for weight in network.trainable_variables:
        weight.assign_add(random.normal(0, 0.1, weight.shape))
    first, same, other = np.asarray(network(inputs))
    np.testing.assert_allclose(first, same, atol=1e-4)
    assert np.abs(first - other).max() > 1e-3


def test_contenders_name_what_the_tool_knows(choices):
    for contender in choices.CONTENDERS.values():
        assert contender.network in choices.NETWORKS
        assert contender.latents in choices.LATENTS
        solvers = choices.DDPM_SOLVERS if contender.times == "DDPM" else choices.SOLVERS
        for way in contender.ways.values():
            assert way.solver in solvers
            assert 0 <= way.interval[0] < way.interval[1] <= 1
            assert way.weak in ("no label", "early")


def test_heun_and_euler_are_compared_at_equal_passes(choices):
    steps = {"Euler": [], "Heun": []}
    for way in choices.SOLVED.values():
        if way.solver in steps:
            steps[way.solver].append(way.steps)
    assert sorted(steps["Euler"]) == [2 * count for count in sorted(steps["Heun"])]
