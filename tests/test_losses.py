"""Every loss against its closed form, SciPy or a gradient derived by hand."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from scipy import stats
from scipy.special import expit

from genimg_lib.nn import losses

LOGITS = np.array([-20.0, -2.0, -0.3, 0.0, 0.7, 3.0, 20.0], np.float32)
REAL, FAKE = np.meshgrid(LOGITS, LOGITS)  # every pair


def gradients(loss, *values):
    """d sum(loss) / d each value; a value that the loss ignores has gradient 0."""
    tensors = [tf.constant(value, tf.float32) for value in values]
    with tf.GradientTape() as tape:
        tape.watch(tensors)
        total = tf.reduce_sum(loss(*tensors))
    return tape.gradient(total, tensors, unconnected_gradients="zero")


# name -> d(discriminator loss)/d(real, fake) and d(generator loss)/d(real, fake), by hand; s is the
# logistic function.
HAND_DERIVED = {
    "non_saturating": (lambda r, f: (-expit(-r), expit(f)), lambda r, f: (0 * r, -expit(-f))),
    "saturating": (lambda r, f: (-expit(-r), expit(f)), lambda r, f: (0 * r, -expit(f))),
    "hinge": (lambda r, f: (-1.0 * (r < 1), 1.0 * (f > -1)), lambda r, f: (0 * r, 0 * f - 1)),
    "wasserstein": (lambda r, f: (0 * r - 1, 0 * f + 1), lambda r, f: (0 * r, 0 * f - 1)),
    "relativistic": (
        lambda r, f: (-expit(f - r), expit(f - r)),
        lambda r, f: (expit(r - f), -expit(r - f)),
    ),
}


def test_every_gan_loss_has_a_hand_derived_gradient():
    assert HAND_DERIVED.keys() == losses.GAN_LOSSES.keys()


@pytest.mark.parametrize("name", losses.GAN_LOSSES)
@pytest.mark.parametrize("player", [0, 1], ids=["discriminator", "generator"])
def test_gradient_at_the_logit(name, player):
    found = gradients(losses.GAN_LOSSES[name][player], REAL, FAKE)
    for gradient, expected in zip(found, HAND_DERIVED[name][player](REAL, FAKE), strict=True):
        np.testing.assert_allclose(gradient, expected, rtol=1e-5, atol=1e-8)


def test_saturating_gradient_vanishes_where_the_other_does_not():
    rejected = np.array([-20.0], np.float32)
    _, saturating = gradients(losses.saturating_generator, rejected, rejected)
    _, non_saturating = gradients(losses.non_saturating_generator, rejected, rejected)
    assert abs(saturating[0]) < 1e-8
    np.testing.assert_allclose(non_saturating, -1.0, rtol=1e-6)


@pytest.mark.parametrize("name", losses.GAN_LOSSES)
def test_the_players_are_opponents(name):
    """A larger fake logit is good for the generator and bad for the discriminator; a larger real
    one is good for it.
    """
    discriminator, generator = losses.GAN_LOSSES[name]
    low, high = np.float32(-0.5), np.float32(0.5)
    assert generator(low, high) < generator(low, low)
    assert discriminator(low, high) > discriminator(low, low)
    assert discriminator(high, low) < discriminator(low, low)


def test_relativistic_players_mirror_each_other():
    np.testing.assert_array_equal(
        losses.relativistic_generator(REAL, FAKE),
        losses.relativistic_discriminator(real_logits=FAKE, fake_logits=REAL),
    )


def test_undecided_discriminator():
    zero = np.zeros(3, np.float32)
    np.testing.assert_allclose(
        losses.non_saturating_discriminator(zero, zero), 2 * np.log(2), rtol=1e-6
    )
    np.testing.assert_allclose(losses.non_saturating_generator(zero, zero), np.log(2), rtol=1e-6)
    np.testing.assert_allclose(losses.saturating_generator(zero, zero), -np.log(2), rtol=1e-6)
    np.testing.assert_allclose(losses.hinge_discriminator(zero, zero), 2.0)
    np.testing.assert_allclose(losses.wasserstein_discriminator(zero, zero), 0.0)
    np.testing.assert_allclose(losses.relativistic_discriminator(zero, zero), np.log(2), rtol=1e-6)


def test_hinge_stops_at_its_margin():
    np.testing.assert_array_equal(
        losses.hinge_discriminator(np.float32([1.0, 5.0]), np.float32([-1.0, -7.0])), 0.0
    )


def test_binary_cross_entropy_is_exact_for_any_logit():
    logits = np.array([-1000.0, 1000.0, 1000.0, 0.0], np.float32)
    targets = np.array([0.0, 0.0, 1.0, 0.3], np.float32)
    np.testing.assert_allclose(
        losses.binary_cross_entropy(targets, logits), [0.0, 1000.0, 0.0, np.log(2)], rtol=1e-6
    )


def test_bernoulli_nll_is_scipys(shape=(5, 3, 4, 2)):
    rng = np.random.default_rng(0)
    logits = rng.normal(0, 3, shape).astype(np.float32)
    targets = rng.integers(0, 2, shape)
    expected = -stats.bernoulli.logpmf(targets, expit(logits.astype(np.float64))).sum(
        axis=(1, 2, 3)
    )
    np.testing.assert_allclose(
        losses.bernoulli_nll(targets.astype(np.float32), logits), expected, rtol=1e-5
    )


def test_bernoulli_nll_of_a_grey_target_is_the_mean_over_its_binarisations():
    logits = np.full((1, 1, 1, 1), 0.8, np.float32)
    on, off, grey = (
        losses.bernoulli_nll(np.full_like(logits, value), logits)[0] for value in (1.0, 0.0, 0.3)
    )
    assert float(grey) == pytest.approx(0.3 * float(on) + 0.7 * float(off), rel=1e-6)


@pytest.mark.parametrize("log_scale", [-2.0, 0.0, 1.5])
def test_gaussian_nll_is_scipys(log_scale):
    rng = np.random.default_rng(1)
    targets, means = rng.normal(size=(2, 5, 3, 4, 2)).astype(np.float32)
    expected = -stats.norm.logpdf(targets, means, np.exp(log_scale)).sum(axis=(1, 2, 3))
    np.testing.assert_allclose(
        losses.gaussian_nll(targets, means, np.float32(log_scale)), expected, rtol=1e-5
    )


def test_gaussian_log_density_is_scipys():
    rng = np.random.default_rng(2)
    values, means, log_variances = rng.normal(size=(3, 6, 4)).astype(np.float32)
    expected = stats.norm.logpdf(values, means, np.exp(0.5 * log_variances)).sum(axis=-1)
    np.testing.assert_allclose(
        losses.gaussian_log_density(values, means, log_variances), expected, rtol=1e-5
    )


def test_kl_closed_form():
    kl = losses.kl_to_standard_normal
    assert kl(np.zeros((1, 4), np.float32), np.zeros((1, 4), np.float32))[0] == 0.0
    np.testing.assert_allclose(
        kl(np.float32([[3, 4]]), np.zeros((1, 2), np.float32)), 12.5, rtol=1e-6
    )
    quadrupled = kl(np.zeros((1, 2), np.float32), np.full((1, 2), np.log(4), np.float32))
    np.testing.assert_allclose(quadrupled, 2 * 0.5 * (4 - 1 - np.log(4)), rtol=1e-6)


def test_kl_is_never_negative_and_is_one_value_per_image():
    rng = np.random.default_rng(3)
    kl = np.asarray(
        losses.kl_to_standard_normal(*rng.normal(0, 2, (2, 1000, 3)).astype(np.float32))
    )
    assert kl.shape == (1000,)
    assert kl.min() >= -1e-6


def test_kl_equals_a_monte_carlo_estimate():
    rng = np.random.default_rng(4)
    means, log_variances = rng.normal(0, 0.7, (2, 5, 3))
    scale = np.exp(0.5 * log_variances)
    draws = means + scale * rng.normal(size=(200_000, 5, 3))
    ratio = (stats.norm.logpdf(draws, means, scale) - stats.norm.logpdf(draws)).sum(axis=-1)
    # The mean of n independent ratios lies within 5 standard errors, std / sqrt(n), in all but 1 of
    # 10^6 cases.
    tolerance = 5 * ratio.std(axis=0) / np.sqrt(len(ratio))
    assert tolerance.max() < 0.05  # tight enough to tell
    error = losses.kl_to_standard_normal(
        means.astype(np.float32), log_variances.astype(np.float32)
    ) - ratio.mean(axis=0)
    assert (np.abs(error) < tolerance).all()


# the gradient of the linear critic, everywhere
SLOPE = np.array([[0.5, -1.0], [2.0, 0.25]], np.float32)[..., None]
NORM = np.sqrt((SLOPE**2).sum())


def linear_critic(images):
    return tf.reduce_sum(images * SLOPE, axis=(1, 2, 3)) + 3.0


def test_gradient_penalty_is_exact_on_a_linear_critic():
    real, fake = np.random.default_rng(5).normal(size=(2, 7, 2, 2, 1)).astype(np.float32)
    penalty = losses.gradient_penalty(linear_critic, tf.constant(real), tf.constant(fake), seed=0)
    np.testing.assert_allclose(penalty, np.full(7, (NORM - 1) ** 2), rtol=1e-5)
    steep = losses.gradient_penalty(
        lambda images: 3 * linear_critic(images) / NORM, tf.constant(real), tf.constant(fake), 0
    )
    np.testing.assert_allclose(steep, 4.0, rtol=1e-5)


def test_gradient_penalty_and_its_gradient_are_finite_at_a_flat_critic():
    slope = tf.Variable(tf.zeros((2, 2, 1)))
    images = tf.ones((3, 2, 2, 1))
    with tf.GradientTape() as tape:
        penalty = losses.gradient_penalty(
            lambda x: tf.reduce_sum(x * slope, axis=(1, 2, 3)), images, -images, seed=0
        )
    np.testing.assert_allclose(penalty, 1.0, rtol=1e-4)
    assert np.isfinite(tape.gradient(penalty, slope)).all()


def test_gradient_penalty_looks_at_one_random_point_per_image():
    seen = []

    def critic(images):
        seen.append(images.numpy())
        return tf.reduce_sum(images, axis=(1, 2, 3))

    count = 4000
    seeds = keras.random.SeedGenerator(0)
    for _ in range(2):
        losses.gradient_penalty(
            critic, tf.ones((count, 2, 3, 1)), tf.zeros((count, 2, 3, 1)), seeds
        )
    points = seen[0]  # between a white and a black image every pixel is the mixing number itself
    np.testing.assert_array_equal(points, np.broadcast_to(points[:, :1, :1], points.shape))
    # a fixed seed: not a coin that is tossed again
    assert stats.kstest(points[:, 0, 0, 0], "uniform").pvalue > 1e-4
    assert len(np.unique(points[:, 0, 0, 0])) > 0.99 * count
    assert (seen[1] != points).mean() > 0.99  # and another point at the next step


def test_gradient_penalty_mixes_each_real_image_with_its_own_fake():
    real = tf.reshape(tf.range(1.0, 6.0), (5, 1, 1, 1)) * tf.ones((5, 2, 2, 1))
    seen = []

    def critic(images):
        seen.append(images.numpy()[:, 0, 0, 0])
        return tf.reduce_sum(images, axis=(1, 2, 3))

    losses.gradient_penalty(critic, real, real + 0.5, seed=3)
    offset = seen[0] - np.arange(1.0, 6.0)
    assert ((offset >= 0) & (offset <= 0.5)).all()


def test_gradient_penalty_takes_the_norm_per_image():
    """A critic with slope 1 on bright and 3 on dark images: penalties 0 and 4, not one norm over
    the batch.
    """
    images = tf.concat([tf.ones((2, 1, 1, 1)), -tf.ones((2, 1, 1, 1))], axis=0)

    def critic(x):
        return tf.reduce_sum(tf.where(x > 0, x, 3 * x), axis=(1, 2, 3))

    np.testing.assert_allclose(
        losses.gradient_penalty(critic, images, images, 0), [0, 0, 4, 4], atol=1e-5
    )


def test_zero_centred_penalty_is_exact():
    images = np.random.default_rng(6).normal(size=(5, 2, 2, 1)).astype(np.float32)
    linear = losses.zero_centred_penalty(linear_critic, tf.constant(images))
    np.testing.assert_allclose(linear, np.full(5, NORM**2), rtol=1e-6)
    squares = losses.zero_centred_penalty(
        lambda x: tf.reduce_sum(x**2, axis=(1, 2, 3)), tf.constant(images)
    )
    np.testing.assert_allclose(squares, (4 * images**2).sum(axis=(1, 2, 3)), rtol=1e-6)


def test_penalties_can_be_differentiated_again():
    """The penalty trains the critic: its gradient with respect to the critic's weights is 2 *
    slope for |slope|^2.
    """
    slope = tf.Variable(SLOPE)
    images = tf.ones((1, 2, 2, 1))
    with tf.GradientTape() as tape:
        penalty = losses.zero_centred_penalty(
            lambda x: tf.reduce_sum(x * slope, axis=(1, 2, 3)), images
        )
    np.testing.assert_allclose(tape.gradient(penalty, slope), 2 * SLOPE, rtol=1e-6)
