"""Every loss of the course as a pure function, written like its equation. All return one value per
image.

Logits are unbounded floats; sums run over everything but the batch axis, so losses are in nats per
image.
"""

import math

import tensorflow as tf
from keras import ops

from genimg_lib.nn import replicas


def bernoulli_nll(targets, logits):
    """Negative log-likelihood of `targets` in [0, 1] under independent Bernoulli pixels, in nats:
    shape (batch,).

    A grey target is the expected value over its binarisations. Source: Kingma and Welling,
    arXiv:1312.6114, appendix C.1.
    """
    return _sum_pixels(binary_cross_entropy(targets, logits))


def gaussian_nll(targets, means, log_scale):
    """Negative log-density of `targets` under N(means, exp(log_scale)^2) per pixel, in nats: shape
    (batch,).

    With the best scale this is a mean squared error whose weight is learned. Source: Rybkin,
    Daniilidis and Levine, "Simple and effective VAE training with calibrated decoders",
    arXiv:2006.13202, section 3.
    """
    squared = ops.square((targets - means) * ops.exp(-log_scale))
    return _sum_pixels(0.5 * squared + log_scale + 0.5 * math.log(2.0 * math.pi))


def laplace_nll(targets, locations, log_scale):
    """Negative log-density of `targets` under Laplace(locations, exp(log_scale)) per pixel, in
    nats: shape (batch,).

    With the best scale this is a mean absolute error whose weight is learned.
    """
    absolute = ops.abs(targets - locations) * ops.exp(-log_scale)
    return _sum_pixels(absolute + log_scale + math.log(2.0))


def kl_to_standard_normal(means, log_variances):
    """KL(N(means, exp(log_variances)) || N(0, I)) summed over latents, in nats: shape (batch,).

    Source: Kingma and Welling, arXiv:1312.6114, appendix B.
    """
    return 0.5 * ops.sum(ops.square(means) + ops.exp(log_variances) - 1.0 - log_variances, axis=-1)


def gaussian_log_density(values, means, log_variances):
    """log N(values; means, exp(log_variances)) summed over the last axis, in nats."""
    squared = ops.square(values - means) * ops.exp(-log_variances)
    return -0.5 * ops.sum(squared + log_variances + math.log(2.0 * math.pi), axis=-1)


def binary_cross_entropy(targets, logits):
    """-targets log s - (1 - targets) log(1 - s) with s = sigmoid(logits), elementwise and exact
    for any logit.
    """
    return ops.softplus(logits) - targets * logits


def non_saturating_discriminator(real_logits, fake_logits):
    """-log D(x) - log(1 - D(G(z))). Source: Goodfellow et al., arXiv:1406.2661, section 3."""
    return ops.softplus(-real_logits) + ops.softplus(fake_logits)


def non_saturating_generator(real_logits, fake_logits):
    """-log D(G(z)): the gradient at the logit stays near -1 while D rejects the image. Source:
    as above.
    """
    return ops.softplus(-fake_logits)


def saturating_generator(real_logits, fake_logits):
    """log(1 - D(G(z))), the minimax form: its gradient vanishes while D rejects the image. For
    teaching.
    """
    return -ops.softplus(fake_logits)


def hinge_discriminator(real_logits, fake_logits):
    """max(0, 1 - D(x)) + max(0, 1 + D(G(z))). Source: Lim and Ye, arXiv:1705.02894."""
    return ops.relu(1.0 - real_logits) + ops.relu(1.0 + fake_logits)


def wasserstein_discriminator(real_logits, fake_logits):
    """D(G(z)) - D(x) for a critic kept near 1-Lipschitz by a penalty. Source: Arjovsky et al.,
    arXiv:1701.07875.
    """
    return fake_logits - real_logits


def wasserstein_generator(real_logits, fake_logits):
    """-D(G(z)): the generator of the Wasserstein and of the hinge loss."""
    return -fake_logits


def relativistic_discriminator(real_logits, fake_logits):
    """-log s(D(x) - D(G(z))): a real image should look more real than a fake one.

    Source: Jolicoeur-Martineau, arXiv:1807.00734; Huang et al. (R3GAN), arXiv:2501.05441, section
    2.
    """
    return ops.softplus(fake_logits - real_logits)


def relativistic_generator(real_logits, fake_logits):
    """-log s(D(G(z)) - D(x)): the mirror image of the relativistic discriminator."""
    return ops.softplus(real_logits - fake_logits)


GAN_LOSSES = {
    "non_saturating": (non_saturating_discriminator, non_saturating_generator),
    "saturating": (non_saturating_discriminator, saturating_generator),
    "hinge": (hinge_discriminator, wasserstein_generator),
    "wasserstein": (wasserstein_discriminator, wasserstein_generator),
    "relativistic": (relativistic_discriminator, relativistic_generator),
}
"""name -> (discriminator loss, generator loss), each a function of (real_logits, fake_logits)."""


def zero_centred_penalty(critic, images):
    """|d critic / d image|^2 per image: R1 on real images, R2 on fake ones. Shape (batch,).

    Source: Mescheder, Geiger and Nowozin, arXiv:1801.04406, section 4.1.
    """
    return _sum_pixels(ops.square(_image_gradient(critic, images)))


def gradient_penalty(critic, real_images, fake_images, seed):
    """(|d critic / d image| - 1)^2 at a random point between each real and its fake image. Shape
    (batch,).

    `seed` (an integer or a `SeedGenerator`) draws the points: one uniform number per image. The
    small constant keeps the square root differentiable at zero. Source: Gulrajani et al.,
    arXiv:1704.00028, algorithm 1.
    """
    mix = replicas.uniform((ops.shape(real_images)[0], 1, 1, 1), seed=seed)
    gradient = _image_gradient(critic, mix * real_images + (1.0 - mix) * fake_images)
    return ops.square(ops.sqrt(_sum_pixels(ops.square(gradient)) + 1e-12) - 1.0)


def _image_gradient(critic, images):
    with tf.GradientTape() as tape:
        tape.watch(images)
        total = ops.sum(critic(images))
    return tape.gradient(total, images)


def _sum_pixels(values):
    return ops.sum(values, axis=(1, 2, 3))


def straight_through(values, quantized):
    """`quantized` on the way forward, the gradient of `values` on the way back. Source: Bengio
    et al., arXiv:1308.3432.
    """
    return values + ops.stop_gradient(quantized - values)
