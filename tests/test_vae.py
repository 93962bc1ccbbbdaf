"""The VAE against arithmetic: quadrature in the 3x3 world, closed forms, SciPy, and its own
definitions.
"""

import keras
import numpy as np
import pytest
import tensorflow as tf
import tiny_models
from keras import layers
from scipy import stats
from scipy.special import expit, log_expit, logsumexp
from sklearn.mixture import GaussianMixture

from genimg_lib.data import exact
from genimg_lib.models.exact_vae import latent_integrals, tiny_vae
from genimg_lib.models.vae import VAE, reparameterise
from genimg_lib.nn.losses import kl_to_standard_normal


def snapshot(model):
    return [variable.numpy() for variable in model.trainable_variables]


def randomise(model, scale, seed=0):
    rng = np.random.default_rng(seed)
    model.set_weights([rng.normal(0, scale, weight.shape) for weight in model.get_weights()])


# --- reparameterisation ---------------------------------------------------------------------------


def test_reparameterise_gradients():
    """With z = mean + std * noise: dz/dmean = 1 and dz/dlog_variance = std * noise / 2 = (z -
    mean) / 2.
    """
    means, log_variances = tf.constant([[1.0, -2.0, 0.5]]), tf.constant([[-3.0, 0.0, 2.0]])
    with tf.GradientTape() as tape:
        tape.watch([means, log_variances])
        latents = reparameterise(means, log_variances, seed=7)
    by_mean, by_log_variance = tape.gradient(latents, [means, log_variances])
    np.testing.assert_allclose(by_mean, np.ones((1, 3)))
    np.testing.assert_allclose(by_log_variance, (latents - means) / 2, rtol=1e-5, atol=1e-6)
    assert np.abs(by_log_variance).min() > 1e-3  # there was noise


def test_reparameterise_statistics():
    count = 100_000
    means, log_variances = np.float32([1.0, -2.0, 0.0]), np.float32([np.log(4.0), -2.0, 0.0])
    latents = np.asarray(
        reparameterise(np.tile(means, (count, 1)), np.tile(log_variances, (count, 1)), seed=0)
    )
    variances = np.exp(log_variances)
    # Standard errors: of a mean std / sqrt(n), of a normal sample's variance variance * sqrt(2 /
    # n). Five of each.
    assert (np.abs(latents.mean(axis=0) - means) < 5 * np.sqrt(variances / count)).all()
    assert (np.abs(latents.var(axis=0) - variances) < 5 * variances * np.sqrt(2 / count)).all()
    correlations = np.corrcoef(latents, rowvar=False)[np.triu_indices(3, 1)]
    # noise is drawn for each latent on its own
    assert np.abs(correlations).max() < 5 / np.sqrt(count)


def test_reparameterise_without_spread_is_the_mean():
    means = np.random.default_rng(0).normal(size=(4, 3)).astype(np.float32)
    np.testing.assert_array_equal(
        reparameterise(means, np.full((4, 3), -np.inf, np.float32), seed=0), means
    )


# --- likelihood: ELBO <= IWAE <= exact ------------------------------------------------------------


@pytest.fixture(scope="module")
def poor_vae():
    """A VAE whose encoder is far from the true posterior, so that the bounds are visibly loose;
    two latents.
    """
    vae = tiny_models.vae()
    randomise(vae.decoder, 0.8, seed=1)
    randomise(vae.encoder, 0.2, seed=2)
    return vae


@pytest.fixture(scope="module")
def exact_log_p(poor_vae):
    """log p(image) of all 512 images: the integral over the two latents on a grid, in NumPy."""
    axis = np.linspace(-6.0, 6.0, 161)
    grid = np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2).astype(np.float32)
    logits = poor_vae.decoder.predict(
        [grid, np.zeros(len(grid), np.int32)], batch_size=8192, verbose=0
    )
    logits = logits.reshape(len(grid), -1).astype(np.float64)
    pixels = (exact.all_images() > 0).reshape(512, -1).astype(np.float64)
    log_joint = (
        pixels @ log_expit(logits).T
        + (1 - pixels) @ log_expit(-logits).T
        + stats.norm.logpdf(grid).sum(axis=1)
    )
    return logsumexp(log_joint, axis=1) + 2 * np.log(axis[1] - axis[0])


def test_quadrature_sums_to_one(exact_log_p):
    assert np.exp(exact_log_p).sum() == pytest.approx(1.0, abs=1e-4)


@pytest.mark.parametrize("cells", [121, 61])
def test_latent_integrals_agree_with_quadrature_and_the_bound(poor_vae, exact_log_p, cells):
    found = latent_integrals(poor_vae, cells=cells)
    # two grids of different width: the sums over a Gaussian converge faster than any power
    np.testing.assert_allclose(found.log_evidence, exact_log_p, atol=1e-4)
    q = np.exp(found.log_q + found.log_cell)
    np.testing.assert_allclose(q.sum(axis=1), 1.0, atol=1e-4)
    np.testing.assert_allclose(q @ found.grid, found.means, atol=1e-3)
    kl = np.asarray(kl_to_standard_normal(found.means, found.log_variances))
    elbo = (q * found.log_likelihoods).sum(axis=1) - kl
    log_posterior = found.log_likelihoods + found.log_prior - found.log_evidence[:, None]
    gap = (q * (found.log_q - log_posterior)).sum(axis=1)
    np.testing.assert_allclose(elbo + gap, found.log_evidence, atol=1e-3)
    assert gap.min() > 0


def test_latent_integrals_refuse_other_models():
    for model in (tiny_models.vae(latent_dim=3), VAE(latent_dim=2)):
        with pytest.raises(ValueError, match="the model has"):
            latent_integrals(model)


def test_a_tiny_vae_repeats_its_initial_weights():
    models = []
    for _ in range(2):
        keras.utils.set_random_seed(3)
        models.append(tiny_vae(8, seed=0))
    for first, second in zip(*(model.get_weights() for model in models), strict=True):
        np.testing.assert_array_equal(first, second)
    assert len(tiny_vae(8).generate(2, seed=0)) == 2


def test_bounds_are_ordered_and_close_in_on_the_exact_likelihood(poor_vae, exact_log_p):
    copies = 16  # so that five standard errors of the last difference are less than its size
    images = np.repeat(exact.all_images(), copies, axis=0)
    gaps = []
    for samples in (1, 5, 50, 500):
        bound = poor_vae.log_likelihood(images, samples=samples, seed=samples)
        gap = np.repeat(exact_log_p, copies) - bound
        # of independent estimates: mean and standard error
        gaps.append((gap.mean(), gap.std() / np.sqrt(len(gap))))
    means, errors = np.array(gaps).T
    print("exact log p minus bound, nats:", means.round(4), "+-", errors.round(4))
    # strictly tighter each time
    assert (means[:-1] - means[1:] > 5 * np.hypot(errors[:-1], errors[1:])).all()
    assert (means > -5 * errors).all()  # never above the truth
    assert means[0] > 0.3  # the ELBO is visibly loose, or the order would show nothing
    assert means[-1] < 0.05


def test_elbo_of_evaluate_is_the_one_sample_bound(poor_vae):
    poor_vae.compile()
    images = np.repeat(exact.all_images(), 16, axis=0)
    measured = poor_vae.evaluate(images, batch_size=1024, verbose=0)
    bound = poor_vae.log_likelihood(images, samples=1, seed=5)
    # two independent means; evaluate's spread is smaller
    tolerance = 5 * np.sqrt(2) * bound.std() / np.sqrt(len(images))
    assert measured["negative_elbo"] == pytest.approx(-bound.mean(), abs=tolerance)
    assert measured["negative_elbo"] == pytest.approx(
        measured["reconstruction"] + measured["kl"], rel=1e-5
    )
    means, log_variances = poor_vae.encode(exact.all_images())
    assert measured["kl"] == pytest.approx(
        float(np.mean(kl_to_standard_normal(means, log_variances))), rel=1e-4
    )


def test_training_reaches_the_entropy_from_above():
    """On the 3x3 world no model can spend fewer nats per image than the entropy; a trained one
    comes near it.

    Over six seeds 1.02 to 1.30 nats above, with a standard deviation of 0.11; a model that knows
    nothing is 3.3 above.
    """
    truth = exact.strokes()
    keras.utils.set_random_seed(0)  # before the networks are built
    vae = tiny_models.vae(
        decoder=tiny_models.build_decoder(width=64), encoder=tiny_models.build_encoder(width=64)
    )
    vae.compile(keras.optimizers.Adam(5e-3), steps_per_execution=50)
    vae.fit(tiny_models.images(3200), batch_size=32, epochs=8, verbose=0)
    log_p = vae.log_likelihood(exact.all_images(), samples=500)
    assert exact.entropy(truth) - 0.02 < -(truth * log_p).sum() < exact.entropy(truth) + 1.6
    assert np.exp(log_p).sum() == pytest.approx(1.0, abs=0.05)


# --- the likelihoods ------------------------------------------------------------------------------


def blind_vae(likelihood, outputs):
    """Encoder and decoder with weights 0: the posterior is the prior and the decoder always says
    `outputs`.
    """
    vae = tiny_models.vae(likelihood=likelihood)
    for network in (vae.encoder, vae.decoder):
        network.set_weights([np.zeros(weight.shape) for weight in network.get_weights()])
    weights = vae.decoder.get_weights()
    vae.decoder.set_weights([*weights[:-1], outputs])
    return vae


def test_bernoulli_log_likelihood_of_a_blind_decoder():
    logits = np.linspace(-2, 2, 9)
    vae = blind_vae("bernoulli", logits)
    pixels = (exact.all_images() > 0).reshape(512, 9)
    expected = stats.bernoulli.logpmf(pixels, expit(logits)).sum(axis=1)
    np.testing.assert_allclose(
        vae.log_likelihood(exact.all_images(), samples=3), expected, rtol=1e-5
    )


def test_gaussian_log_likelihood_of_a_blind_decoder():
    means = np.linspace(0, 1, 9)
    vae = blind_vae("gaussian", means)
    vae.log_scale.assign(-1.2)
    images = np.random.default_rng(0).integers(0, 256, (20, 3, 3, 1), dtype=np.uint8)
    # what seed 4 dequantises to
    pixels = np.asarray(vae.pixels(images, keras.random.SeedGenerator(4))).reshape(20, 9)
    expected = stats.norm.logpdf(pixels, means, np.exp(-1.2)).sum(axis=1)
    np.testing.assert_allclose(vae.log_likelihood(images, samples=3, seed=4), expected, rtol=1e-4)


def test_bits_per_dimension():
    nats = np.array([-9 * np.log(2.0), -27 * np.log(2.0)])  # 1 and 3 bits for each of nine pixels
    assert tiny_models.vae(likelihood="bernoulli").bits_per_dimension(nats) == pytest.approx(2.0)
    gaussian = tiny_models.vae(likelihood="gaussian")
    # the uniform density: 8 bits for 256 levels
    assert gaussian.bits_per_dimension(np.zeros(5)) == pytest.approx(8.0)
    assert gaussian.bits_per_dimension(nats) == pytest.approx(10.0)


def test_binarisation_turns_a_pixel_on_with_its_intensity_afresh_at_each_step():
    vae, count = tiny_models.vae(), 40_000
    images = np.full((count, 3, 3, 1), 51, np.uint8)
    images[:, 0], images[:, 2] = 0, 255
    first, second = (np.asarray(vae.pixels(images, vae.seed_generator)) for _ in range(2))
    assert set(np.unique(first)) == {0.0, 1.0}
    assert (first[:, 0] == 0).all()
    assert (first[:, 2] == 1).all()
    # 3 * count pixels, each on with p = 51 / 255 = 0.2: five standard errors of a share.
    assert first[:, 1].mean() == pytest.approx(0.2, abs=5 * np.sqrt(0.2 * 0.8 / (3 * count)))
    assert (first != second).any()


def test_dequantisation_stays_inside_the_level():
    images = np.arange(256, dtype=np.uint8).repeat(9).reshape(256, 3, 3, 1)
    pixels = np.asarray(tiny_models.vae(likelihood="gaussian").pixels(images, 0))
    np.testing.assert_array_equal(np.floor(pixels * 256), images)
    assert pixels.max() < 1.0
    assert np.unique(pixels).size > 256


def test_the_scale_is_learned_by_the_gaussian_only():
    gaussian, bernoulli = tiny_models.vae(likelihood="gaussian"), tiny_models.vae()
    assert "log_scale" in [variable.name for variable in gaussian.trainable_variables]
    assert "log_scale" not in [variable.name for variable in bernoulli.trainable_variables]
    gaussian.compile()
    gaussian.fit(tiny_models.images(256), batch_size=32, verbose=0)
    assert float(gaussian.log_scale) != 0.0


# --- training -------------------------------------------------------------------------------------


def test_beta_weighs_the_kl_in_the_training_loss_only():
    """One step of plain gradient descent with rate 1 shows the gradient: it must be affine in
    beta. Reports must not change.
    """
    images, labels = tiny_models.images(64), np.zeros(64, np.int32)
    steps, reports = [], []
    for beta in (0.0, 1.0, 3.0):
        vae = tiny_models.vae(beta=beta)
        vae.compile(keras.optimizers.SGD(1.0))
        reports.append(
            {name: float(value) for name, value in vae.evaluate(images, verbose=0).items()}
        )
        before = snapshot(vae)
        vae.train_step((tf.constant(images), tf.constant(labels)))
        steps.append([after - start for after, start in zip(snapshot(vae), before, strict=True)])
    assert reports[0] == reports[1] == reports[2]
    for none, once, thrice in zip(*steps, strict=True):
        np.testing.assert_allclose(thrice - none, 3 * (once - none), rtol=1e-3, atol=1e-4)
    assert max(np.abs(once - none).max() for none, once in zip(*steps[:2], strict=True)) > 1e-2


def test_beta_may_follow_a_schedule():
    """A schedule that jumps from 0 to 3 after the first step trains as beta 0 and then as beta 3
    do.
    """
    schedule = keras.optimizers.schedules.PiecewiseConstantDecay([0], [0.0, 3.0])
    data = tf.constant(tiny_models.images(64)), tf.zeros(64, tf.int32)
    scheduled, switched = tiny_models.vae(beta=schedule), tiny_models.vae(beta=0.0)
    switched.set_weights(scheduled.get_weights())
    for vae in (scheduled, switched):
        vae.compile(keras.optimizers.SGD(0.1))
        vae.train_step(data)
    switched.beta = 3.0
    for vae in (scheduled, switched):
        vae.train_step(data)
    for ours, theirs in zip(snapshot(scheduled), snapshot(switched), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-6)


def noiseless_vae():
    """Posterior log-variances of -60: the latents are the means, whatever the noise."""
    vae = tiny_models.vae()
    *others, bias = vae.encoder.get_weights()
    vae.encoder.set_weights([*others, np.concatenate([bias[:2], np.full(2, -60.0)])])
    vae.compile(keras.optimizers.SGD(1.0))
    return vae


def test_the_step_sums_over_pixels_and_averages_over_images():
    """The decoder's last bias moves by the mean over the images of pixel - sigmoid(logit),
    undivided by nine.
    """
    images = tiny_models.images(16)
    vae = noiseless_vae()
    logits = vae.decoder.predict([vae.encode(images)[0], np.zeros(16, np.int32)], verbose=0)
    *_, before = vae.decoder.get_weights()
    vae.train_step((tf.constant(images), tf.zeros(16, tf.int32)))
    *_, after = vae.decoder.get_weights()
    np.testing.assert_allclose(
        after - before, (images / 255 - expit(logits)).mean(axis=0).ravel(), rtol=1e-3, atol=1e-6
    )


def test_the_step_sums_over_latents():
    """With no reconstruction gradient left (decoder weights 0), the means' bias moves by -mean,
    undivided by two.
    """
    images = tiny_models.images(16)
    vae = noiseless_vae()
    vae.decoder.set_weights([np.zeros(weight.shape) for weight in vae.decoder.get_weights()])
    means, _ = vae.encode(images)
    *_, before = vae.encoder.get_weights()
    vae.train_step((tf.constant(images), tf.zeros(16, tf.int32)))
    *_, after = vae.encoder.get_weights()
    np.testing.assert_allclose((after - before)[:2], -means.mean(axis=0), rtol=1e-3, atol=1e-6)


def test_training_lowers_the_loss_on_a_fixed_batch():
    images = tiny_models.images(64)
    vae = tiny_models.vae()
    vae.compile(keras.optimizers.Adam(1e-2))
    before = vae.evaluate(images, verbose=0)["negative_elbo"]
    step = tf.function(vae.train_step, autograph=False)  # as in fit
    for _ in range(60):
        step((tf.constant(images), tf.zeros(64, tf.int32)))
    after = vae.evaluate(images, verbose=0)["negative_elbo"]
    assert after < before - 0.5  # nats per image


def test_default_networks_train_on_digits_of_their_size():
    images = np.random.default_rng(0).integers(0, 256, (64, 28, 28, 1), dtype=np.uint8)
    vae = VAE(seed=0)
    vae.compile()
    losses = vae.fit(images, batch_size=32, epochs=2, verbose=0).history["negative_elbo"]
    assert losses[1] < losses[0]
    assert vae.generate(3, seed=0).shape == (3, 28, 28, 1)


def test_the_optimizer_is_built_by_compile():
    vae = tiny_models.vae()
    vae.compile()
    assert vae.optimizer.built
    # Adam: two moments each
    assert len(vae.optimizer.variables) >= 2 * len(vae.trainable_variables)


def test_validation_data_is_reported():
    vae = tiny_models.vae()
    vae.compile()
    images = tiny_models.images(64)
    history = vae.fit(
        images, batch_size=32, epochs=2, validation_data=(images[:32],), verbose=0
    ).history
    assert len(history["val_negative_elbo"]) == 2


# --- conditioning ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def conditional_vae():
    """The middle pixel is the class; a VAE that is told the class must draw it."""
    vae = tiny_models.vae(class_names=tiny_models.CLASSES)
    vae.compile(keras.optimizers.Adam(1e-2), steps_per_execution=20)
    images = tiny_models.images(1280)
    vae.fit(images, tiny_models.labels(images), batch_size=32, epochs=8, verbose=0)
    return vae


def test_the_class_is_drawn(conditional_vae):
    for label, name in enumerate(tiny_models.CLASSES):
        images = conditional_vae.generate(200, name, seed=1)
        assert tiny_models.labels(images >= 128).mean() == pytest.approx(label, abs=0.05)
        # word or number
        np.testing.assert_array_equal(images, conditional_vae.generate(200, label, seed=1))


def test_one_class_for_each_image(conditional_vae):
    wanted = np.arange(200) % 2
    images = conditional_vae.generate(200, wanted, seed=2)
    assert (tiny_models.labels(images >= 128) == wanted).mean() > 0.95


def test_classes_are_drawn_uniformly_unless_told(conditional_vae):
    share = tiny_models.labels(conditional_vae.generate(2000, seed=3) >= 128).mean()
    # five standard errors, and the 5% above
    assert share == pytest.approx(0.5, abs=0.05 + 5 * np.sqrt(0.25 / 2000))


def test_conditional_encode_decode_reconstruct(conditional_vae):
    images = tiny_models.images(10, seed=5)
    labels = tiny_models.labels(images)
    means, log_variances = conditional_vae.encode(images, labels)
    assert means.shape == log_variances.shape == (10, 2)
    np.testing.assert_array_equal(
        conditional_vae.reconstruct(images, labels), conditional_vae.decode(means, labels)
    )
    swapped = conditional_vae.decode(means, 1 - labels)
    # the class decides, not the latent
    assert (tiny_models.labels(swapped >= 128) == 1 - labels).mean() > 0.7


# --- generate, and the fitted prior ---------------------------------------------------------------


def test_a_seed_repeats_and_no_seed_does_not():
    vae = tiny_models.vae()
    np.testing.assert_array_equal(vae.generate(20, seed=3), vae.generate(20, seed=3))
    assert (vae.generate(20, seed=3) != vae.generate(20, seed=4)).any()
    assert (vae.generate(20) != vae.generate(20)).any()


def test_a_seed_does_not_depend_on_what_was_generated_before():
    first, second = tiny_models.vae(), tiny_models.vae()
    second.generate(100)
    keras.utils.set_random_seed(99)
    np.testing.assert_array_equal(first.generate(20, seed=3), second.generate(20, seed=3))


def test_generate_crosses_its_internal_batches():
    images = tiny_models.vae().generate(1203, seed=0)
    assert images.shape == (1203, 3, 3, 1)
    assert images.dtype == np.uint8
    assert (images[:500] != images[500:1000]).any()


def latents_as_images():
    """Nine latents that are the pixels: the encoder's means are the image, the decoder shows the
    latents.
    """
    pictures, classes = keras.Input((3, 3, 1)), keras.Input((), dtype="int32")
    means = layers.Flatten()(pictures)
    encoder = keras.Model([pictures, classes], [means, 0 * means])
    latents = keras.Input((9,))
    decoder = keras.Model([latents, classes], layers.Reshape((3, 3, 1))(latents))
    return tiny_models.vae(
        latent_dim=9, likelihood="gaussian", prior_components=3, encoder=encoder, decoder=decoder
    )


def test_fitted_prior_draws_from_the_mixture():
    vae = latents_as_images()
    rng = np.random.default_rng(0)
    centres = rng.integers(60, 190, (3, 9))
    pixels = centres[rng.choice(3, 1500, p=[0.6, 0.3, 0.1])] + rng.normal(
        0, 12, (1500, 9)
    ) @ rng.normal(0, 0.4, (9, 9))
    mixture = vae.fit_prior(np.clip(pixels, 0, 255).astype(np.uint8).reshape(-1, 3, 3, 1), seed=0)
    assert isinstance(mixture, GaussianMixture)
    count = 40_000
    drawn = np.asarray(
        vae.sample(tf.zeros(count, tf.int32), keras.random.SeedGenerator(1), prior="fitted")
    ).reshape(count, 9)
    mean = mixture.weights_ @ mixture.means_
    centred = mixture.means_ - mean
    covariance = (
        np.einsum("k,kij->ij", mixture.weights_, mixture.covariances_)
        + (mixture.weights_ * centred.T) @ centred
    )
    # Five standard errors: of a mean std / sqrt(n); of a covariance, from the fourth moments of the
    # draws themselves.
    assert (np.abs(drawn.mean(axis=0) - mean) < 5 * np.sqrt(np.diag(covariance) / count)).all()
    products = np.einsum("ni,nj->nij", drawn - mean, drawn - mean)
    assert (
        np.abs(products.mean(axis=0) - covariance) < 5 * products.std(axis=0) / np.sqrt(count)
    ).all()
    shares = np.bincount(mixture.predict(drawn), minlength=3) / count
    expected = np.bincount(mixture.predict(mixture.sample(count)[0]), minlength=3) / count
    # two shares, each at most that noisy
    np.testing.assert_allclose(shares, expected, atol=5 * np.sqrt(2 * 0.25 / count))


def test_fitted_prior_is_part_of_the_weights(tmp_path):
    vae = tiny_models.vae()
    vae.fit_prior(tiny_models.images(100), seed=0)
    vae.save_weights(tmp_path / "vae.weights.h5")
    other = tiny_models.vae(seed=9)
    other.load_weights(tmp_path / "vae.weights.h5")
    np.testing.assert_array_equal(
        vae.generate(30, seed=1, prior="fitted"), other.generate(30, seed=1, prior="fitted")
    )
    assert (vae.generate(30, seed=1, prior="fitted") != vae.generate(30, seed=1)).any()


def test_fitted_prior_with_classes(conditional_vae):
    images = tiny_models.images(100)
    conditional_vae.fit_prior(images, tiny_models.labels(images), seed=0)
    drawn = conditional_vae.generate(100, "light", seed=0, prior="fitted")
    assert tiny_models.labels(drawn >= 128).mean() > 0.9


# --- saving ---------------------------------------------------------------------------------------


def test_save_and_load_round_trip(tmp_path):
    vae = tiny_models.vae(likelihood="gaussian")
    vae.compile()
    vae.fit(tiny_models.images(128), batch_size=32, verbose=0)
    vae.save_weights(tmp_path / "vae.weights.h5")
    other = tiny_models.vae(seed=5, likelihood="gaussian")
    other.compile()
    other.load_weights(tmp_path / "vae.weights.h5")
    mine = vae.weights + vae.optimizer.variables + [vae.seed_generator.state]
    for weight, loaded in zip(
        mine, other.weights + other.optimizer.variables + [other.seed_generator.state], strict=True
    ):
        np.testing.assert_array_equal(weight, loaded, err_msg=weight.path)
    # unseeded: the random state came along
    np.testing.assert_array_equal(vae.generate(10), other.generate(10))
