"""MeanFlow: its target against a world where the flow is known, and the model's two times."""

import keras
import numpy as np
import pytest
import tensorflow as tf
import tiny_models

from genimg_lib.models.mean_flow import (
    FASTEST,
    MeanFlow,
    average_velocity_errors,
    average_velocity_target,
    weighted,
)
from genimg_lib.nn.layers import time_features

MEAN, SPREAD = 1.5, 0.4


def spread(time):
    """Of the path at a time, for data from N(MEAN, SPREAD^2)."""
    return tf.sqrt(time**2 * SPREAD**2 + (1 - time) ** 2)


def exact_velocity(latents, times):
    gain = (times * SPREAD**2 - (1 - times)) / spread(times) ** 2
    return MEAN + gain * (latents - times * MEAN)


def exact_average(inputs):
    """The flow keeps (position - mean) / spread, so where it leads is known."""
    latents, times, later_times, _ = inputs
    times, later_times = times[:, None], later_times[:, None]
    later = later_times * MEAN + (latents - times * MEAN) * spread(later_times) / spread(times)
    return (later - latents) / (later_times - times)


@pytest.fixture
def points():
    random = np.random.default_rng(0)
    latents = random.normal(size=(50, 3)).astype(np.float32)
    times = random.uniform(0, 0.5, 50).astype(np.float32)
    return tf.constant(latents), tf.constant(times), tf.constant(times + 0.4)


def test_the_exact_average_velocity_is_its_own_target(points):
    latents, times, later_times = points
    velocity = exact_velocity(latents, times[:, None])
    predicted, target = average_velocity_target(
        exact_average, latents, times, later_times, None, velocity
    )
    # the identity is exact; what is left is the rounding of float32, divided by 0.4
    np.testing.assert_allclose(predicted, target, atol=1e-4)
    assert np.abs(predicted - velocity).max() > 0.1


def test_no_gradient_passes_through_the_target(points):
    latents, times, later_times = points
    factor = tf.Variable(0.7)
    with tf.GradientTape(persistent=True) as tape:
        predicted, target = average_velocity_target(
            lambda inputs: factor * exact_average(inputs),
            latents,
            times,
            later_times,
            None,
            exact_velocity(latents, times[:, None]),
        )
    assert tape.gradient(target, factor) is None
    assert tape.gradient(predicted, factor) is not None


def test_large_errors_pull_no_harder_than_others():
    """With a difference a thousand times as large, the relative change has the same gradient."""
    log_sizes = tf.Variable([0.0, float(np.log(1000.0))])
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(weighted(tf.exp(2 * log_sizes)))
    # 2 e / (e + 0.001), for e of 1 and of a million
    np.testing.assert_allclose(tape.gradient(loss, log_sizes), [2 / 1.001, 2.0], rtol=1e-5)


def test_the_derivative_of_the_time_features_is_bounded_by_the_fastest():
    times = tf.linspace(0.0, 1.0, 101)
    with tf.autodiff.ForwardAccumulator(times, tf.ones_like(times)) as accumulator:
        found = time_features(times, 8, FASTEST)
    change = accumulator.jvp(found)
    # sine and cosine of one frequency w have the derivative w together
    lengths = tf.sqrt(change[:, :4] ** 2 + change[:, 4:] ** 2)
    wanted = np.geomspace(2.0, FASTEST, 4)
    np.testing.assert_allclose(lengths, np.tile(wanted, (101, 1)), rtol=1e-4)


def trained():
    vae = tiny_models.vae(beta=0.1)
    vae.compile(run_eagerly=True)
    vae.fit(tiny_models.images(), epochs=1, verbose=0)
    keras.utils.set_random_seed(0)
    model = MeanFlow(vae, class_names=tiny_models.CLASSES, width=16, blocks=1, seed=0)
    model.compile()
    pictures = tiny_models.images()
    model.fit(pictures, tiny_models.labels(pictures), batch_size=64, epochs=3, verbose=0)
    return model


SLOPE = 0.5


def linear(seen):
    """A network whose average velocity is SLOPE times the position, and which notes its inputs."""

    def network(inputs):
        seen.append(inputs)
        return SLOPE * inputs[0]

    return network


def test_intervals_have_the_derivative_along_the_networks_own_velocity():
    random = np.random.default_rng(0)
    data, noise = map(tf.constant, random.normal(size=(2, 40, 3)).astype(np.float32))
    seen = []
    errors = average_velocity_errors(linear(seen), data, noise, tf.range(40), 10, seed=0)
    (own, start, same_start, _), (_, times, later_times, first), (others, *both, rest) = seen
    np.testing.assert_array_equal(start, same_start)
    np.testing.assert_array_equal(start, times)
    np.testing.assert_array_equal(both[0], both[1])
    np.testing.assert_array_equal(tf.concat([first, rest], 0), tf.range(40))
    assert np.all(times > 0) and np.all(times < later_times) and np.all(later_times < 1)
    velocity = data - noise
    # the derivative of SLOPE z in the direction SLOPE z, which is what the network says there
    target = velocity[:10] + (later_times - times)[:, None] * SLOPE**2 * own
    differences = tf.concat([SLOPE * own - target, SLOPE * others - velocity[10:]], 0)
    np.testing.assert_allclose(errors, np.mean(np.square(differences), axis=1), rtol=1e-5)


def test_the_share_of_one_time_is_that_of_the_model(monkeypatch):
    model = MeanFlow(tiny_models.vae(), width=8, blocks=1)
    intervals = []

    def errors(network, data, noise, conditions, count, seed):
        intervals.append(int(count))
        return tf.zeros(len(data))

    monkeypatch.setattr("genimg_lib.models.mean_flow.average_velocity_errors", errors)
    for count in (1, 2, 5, 8):
        model.terms(tf.zeros((count, 2 * model.vae.latent_dim)), tf.zeros(count, tf.int32))
    assert intervals == [1, 1, 2, 2]  # three quarters of them, rounded down, have one time


def test_steps_follow_the_average_velocity():
    model = trained()
    noise = tf.random.stateless_normal((5, model.vae.latent_dim), (0, 1))
    labels = tf.constant([0, 1, 0, 1, 1])
    half = noise + 0.5 * model.average_velocity(noise, 0.0, 0.5, labels)
    end = half + 0.5 * model.average_velocity(half, 0.5, 1.0, labels)
    np.testing.assert_allclose(model._flow(noise, labels, tf.constant(2)), end, atol=1e-5)


@pytest.mark.parametrize("steps", [0, -1, 1.5])
def test_steps_must_be_whole(steps):
    model = MeanFlow(tiny_models.vae(), width=8, blocks=1)
    with pytest.raises((TypeError, ValueError), match="steps"):
        model.generate(1, steps=steps)
