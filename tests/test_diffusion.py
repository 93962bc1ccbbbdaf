"""Diffusion: the sampler against worlds where the answer is known, and a training step that
leaves the VAE alone.
"""

import keras
import numpy as np
import pytest
import tiny_models

from genimg_lib.evaluation.membership import denoising_errors
from genimg_lib.models.diffusion import Diffusion, ddim_step, mix


def trained_vae(epochs=2):
    vae = tiny_models.vae(beta=0.1)
    vae.compile(steps_per_execution=32)
    vae.fit(tiny_models.images(1024), epochs=epochs, verbose=0)
    return vae


@pytest.fixture(scope="module")
def model():
    vae = trained_vae(epochs=100)
    keras.utils.set_random_seed(0)
    model = Diffusion(vae, class_names=tiny_models.CLASSES, width=16, blocks=2, seed=0)
    model.compile(keras.optimizers.Adam(3e-3), steps_per_execution=16)
    pictures = tiny_models.images(1024)
    model.fit(pictures, tiny_models.labels(pictures), batch_size=64, epochs=60, verbose=0)
    return model


# --- the path and the sampler ---------------------------------------------------------------------


def test_the_path_goes_from_noise_to_data():
    data, noise = np.ones((2, 3), np.float32), np.full((2, 3), -1, np.float32)
    np.testing.assert_array_equal(
        mix(data, noise, np.array([[0.0], [1.0]], np.float32)), [[-1] * 3, [1] * 3]
    )


def test_without_fresh_noise_a_step_is_eulers():
    random = np.random.default_rng(0)
    noisy, velocity = random.normal(size=(2, 5, 3)).astype(np.float32)
    for time, next_time in ((0.0, 0.2), (0.3, 0.35), (0.9, 1.0)):
        stepped = ddim_step(noisy, velocity, time, next_time)
        np.testing.assert_allclose(stepped, noisy + (next_time - time) * velocity, atol=1e-5)


MEAN, SPREAD = 1.5, 0.4


def exact_velocity(noisy, time):
    """E[data - noise | noisy] for data from N(MEAN, SPREAD^2): all three are Gaussian."""
    variance = time**2 * SPREAD**2 + (1 - time) ** 2
    gain = (time * SPREAD**2 - (1 - time)) / variance
    return MEAN + gain * (noisy - time * MEAN)


@pytest.mark.parametrize("eta", [0.0, 0.5, 1.0])
def test_the_exact_velocity_leads_to_the_data(eta):
    """At every time of the way, whatever eta: the mean and the spread that the mixture has
    there.
    """
    random, steps, count = np.random.default_rng(0), 400, 40_000
    noisy = random.normal(size=count).astype(np.float32)
    for index in range(steps):
        time, next_time = index / steps, (index + 1) / steps
        fresh = random.normal(size=count).astype(np.float32)
        noisy = np.asarray(
            ddim_step(noisy, exact_velocity(noisy, time), time, next_time, fresh, eta)
        )
        if index % 100 == 99:
            spread = np.sqrt(next_time**2 * SPREAD**2 + (1 - next_time) ** 2)
            # Five standard errors of 40,000 draws, and an error of the first order in 1/400 for the
            # steps.
            assert abs(noisy.mean() - next_time * MEAN) < 5 * spread / 200 + 0.01
            assert abs(noisy.std() / spread - 1) < 5 / np.sqrt(2 * count) + 0.01


def test_one_step_draws_the_mean_of_the_data():
    """Why one step is not enough: at time 0 the best velocity points to the mean of everything."""
    noise = np.random.default_rng(0).normal(size=1000).astype(np.float32)
    drawn = ddim_step(noise, exact_velocity(noise, 0.0), 0.0, 1.0)
    np.testing.assert_allclose(drawn, MEAN, atol=1e-5)


# --- the model ------------------------------------------------------------------------------------


def test_training_moves_the_network_and_not_the_vae():
    vae = trained_vae()
    before = [np.array(weight) for weight in vae.weights]
    model = Diffusion(vae, width=16, blocks=2, seed=0)
    network = [np.array(weight) for weight in model.network.trainable_weights]
    model.compile()
    model.fit(tiny_models.images(), batch_size=64, epochs=2, verbose=0)
    for weight, old in zip(vae.weights, before, strict=True):
        np.testing.assert_array_equal(weight, old)
    assert all(
        np.any(np.array(new) != old)
        for new, old in zip(model.network.trainable_weights, network, strict=True)
    )


def test_the_latents_are_standardised(model):
    pictures = tiny_models.images(1024)
    means, log_variances = model.vae.encode(pictures)
    draws = means + np.exp(log_variances / 2) * np.random.default_rng(0).normal(size=means.shape)
    standard = (draws - model.latent_mean) / model.latent_scale
    np.testing.assert_allclose(standard.mean(0), 0, atol=5 / np.sqrt(len(pictures)))
    np.testing.assert_allclose(standard.std(0), 1, atol=5 / np.sqrt(2 * len(pictures)))


def test_it_draws_what_it_is_asked_for(model):
    asked = np.arange(400) % 2
    plain, guided = (
        np.mean((model.generate(400, asked, seed=1, guidance=guidance)[:, 1, 1, 0] > 127) == asked)
        for guidance in (1.0, 3.0)
    )
    assert plain > 0.85  # chance is 0.5
    assert guided >= plain


def test_many_steps_agree_and_few_do_not(model):
    few, many, more = (
        model.generate(200, 1, seed=3, steps=steps).astype(float) for steps in (1, 100, 200)
    )
    assert np.abs(many - more).mean() < 2
    assert np.abs(few - more).mean() > 2 * np.abs(many - more).mean()


def test_guidance_moves_away_from_the_unconditional(model):
    latents = np.random.default_rng(0).normal(size=(6, 2)).astype(np.float32)
    labels = np.array([0, 1] * 3, np.int32)
    conditional = np.asarray(model.velocity(latents, 0.5, labels))
    unconditional = np.asarray(model.velocity(latents, 0.5, np.full(6, 2, np.int32)))
    np.testing.assert_allclose(model.velocity(latents, 0.5, labels, 1.0), conditional, atol=1e-5)
    np.testing.assert_allclose(model.velocity(latents, 0.5, labels, 0.0), unconditional, atol=1e-5)
    expected = unconditional + 2.5 * (conditional - unconditional)
    np.testing.assert_allclose(model.velocity(latents, 0.5, labels, 2.5), expected, atol=1e-4)


@pytest.mark.parametrize("eta", [0.0, 1.0])
def test_the_seed_decides(model, eta):
    first, again, other = (model.generate(20, 1, seed=seed, eta=eta) for seed in (5, 5, 6))
    np.testing.assert_array_equal(first, again)
    assert np.any(first != other)


def test_without_eta_only_the_first_noise_is_random(model):
    assert np.any(model.generate(20, 1, seed=5, eta=1.0) != model.generate(20, 1, seed=5))


def test_saved_and_loaded_it_draws_the_same(model, tmp_path):
    model.save_weights(tmp_path / "diffusion.weights.h5")
    other = Diffusion(
        tiny_models.vae(seed=9, beta=0.1),
        class_names=tiny_models.CLASSES,
        width=16,
        blocks=2,
        seed=1,
    )
    other.load_weights(tmp_path / "diffusion.weights.h5")
    np.testing.assert_array_equal(model.generate(20, 1, seed=5), other.generate(20, 1, seed=5))


def test_interrupted_and_resumed_equals_in_one_go(tmp_path):
    pictures, vae = tiny_models.images(), trained_vae()
    vae.save_weights(tmp_path / "vae.weights.h5")

    def fresh():
        vae = tiny_models.vae(beta=0.1)
        vae.load_weights(tmp_path / "vae.weights.h5")
        keras.utils.set_random_seed(1)
        model = Diffusion(vae, width=16, blocks=2, seed=0)
        model.compile(keras.optimizers.Adam(1e-3))
        return model

    whole, part, resumed = fresh(), fresh(), fresh()
    whole.fit(pictures, batch_size=64, epochs=4, verbose=0)
    part.fit(pictures, batch_size=64, epochs=2, verbose=0)
    part.save_weights(tmp_path / "part.weights.h5")
    resumed.load_weights(tmp_path / "part.weights.h5")
    resumed.fit(pictures, batch_size=64, epochs=2, verbose=0)
    for one, other in zip(whole.weights, resumed.weights, strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize(
    ("action", "message"),
    [
        (
            lambda model: model.generate(2, steps=0),
            "steps must be a whole number of at least 1, got 0",
        ),
        (
            lambda model: model.generate(2, steps=2.5),
            "steps must be a whole number of at least 1, got 2.5",
        ),
        (lambda model: model.generate(2, eta=1.5), r"eta must be in \[0, 1\], got 1.5"),
        (
            lambda _: Diffusion(trained_vae(), width=8).generate(2, guidance=2.0),
            "guidance needs a model with classes",
        ),
        (
            lambda _: Diffusion(tiny_models.vae(class_names=tiny_models.CLASSES)),
            "must be one without classes",
        ),
        (
            lambda _: Diffusion(tiny_models.vae(), label_drop=1.0),
            r"label_drop must be in \[0, 1\), got 1.0",
        ),
        (
            lambda _: Diffusion(tiny_models.vae(), width=8).prepare(tiny_models.images(4)),
            "has not been trained",
        ),
    ],
)
def test_bad_input_is_refused(model, action, message):
    with pytest.raises((ValueError, TypeError), match=message):
        action(model)


# --- the attack by the loss -----------------------------------------------------------------------


def test_denoising_errors_are_of_each_image_and_of_a_seed(model):
    """Other images of the batch do not matter, and a second call sees the same noise."""
    pictures = tiny_models.images(6)
    labels = tiny_models.labels(pictures)
    errors = denoising_errors(model, pictures, labels)
    assert errors.shape == (6,)
    np.testing.assert_allclose(
        denoising_errors(model, pictures[2:4], labels[2:4]), errors[2:4], rtol=1e-4
    )
    assert not np.allclose(denoising_errors(model, pictures, labels, seed=1), errors)


def test_denoising_errors_of_one_time_are_the_velocitys(model):
    """At time 0 the input is the noise alone, so the target is the data minus what is seen."""
    pictures = tiny_models.images(4)
    labels = tiny_models.labels(pictures)
    found = denoising_errors(model, pictures, labels, times=(0.0,), repeats=1, seed=3)
    means, _ = model.vae.encode(pictures)
    data = (means - np.asarray(model.latent_mean)) / np.asarray(model.latent_scale)
    noise = np.asarray(keras.random.normal((1, data.shape[1]), seed=keras.random.SeedGenerator(3)))
    velocity = np.asarray(model.velocity(np.repeat(noise, 4, axis=0), 0.0, labels))
    expected = np.square(velocity - (data - noise)).mean(axis=1)
    np.testing.assert_allclose(found, expected, rtol=1e-4)
