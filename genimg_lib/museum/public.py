"""Bugs of famous public code, each in a few lines of our own.

The labels name the threads in which they were found.
"""

import warnings

import keras
import numpy as np
import tensorflow as tf

from genimg_lib.museum.exhibit import Exhibit
from genimg_lib.nn.losses import kl_to_standard_normal


def beta_on_the_codebook(encoded, codes, beta):
    """Turning the commitment weight does nothing to the encoder, and moves the codes instead: it
    sits on the other term.
    """
    return tf.reduce_sum(
        (tf.stop_gradient(codes) - encoded) ** 2 + beta * (codes - tf.stop_gradient(encoded)) ** 2
    )


def beta_on_the_commitment(encoded, codes, beta):
    """The commitment is the term whose gradient reaches the encoder: where the codes are held
    still.
    """
    return tf.reduce_sum(
        beta * (tf.stop_gradient(codes) - encoded) ** 2 + (codes - tf.stop_gradient(encoded)) ** 2
    )


def pull_on_the_encoder(loss) -> float:
    """The encoder's gradient with beta 2 over that with beta 0.25."""
    gradients = []
    for beta in (2.0, 0.25):
        with tf.GradientTape() as tape:
            encoded = tf.Variable([1.0])
            cost = loss(encoded, tf.constant([3.0]), beta)
        gradients.append(float(tape.gradient(cost, encoded)[0]))
    return gradients[0] / gradients[1]


def mix_by_normal(random, images):
    """The gradient penalty looks outside: with a normal alpha two points of three lie beyond the
    real or the fake image.
    """
    return random.normal(size=(len(images), 1, 1, 1))


def mix_by_pixel(random, images):
    """The penalty looks at images that lie on no line between a real and a fake one: each pixel
    has its own alpha.
    """
    return random.uniform(size=images.shape)


def mix_by_image(random, images):
    """One uniform number for each image."""
    return random.uniform(size=(len(images), 1, 1, 1))


def between(mix) -> dict:
    """Shares of 1,000 points that lie beyond either end, and that lie off the line, between
    black and white images.
    """
    real = np.ones((1000, 4, 4, 1))
    fake = np.zeros((1000, 4, 4, 1))
    share = mix(np.random.default_rng(0), real)
    points = (share * real + (1 - share) * fake).reshape(1000, -1)
    ends = (points.mean(1) < 0) | (points.mean(1) > 1)
    return {"beyond": float(ends.mean()), "off the line": float((points.std(1) > 1e-6).mean())}


def bare_root(squares):
    """One dead gradient and every weight of the critic is NaN: the square root has an infinite
    slope at 0.
    """
    return tf.sqrt(squares)


def guarded_root(squares):
    """Add a small number inside of the root."""
    return tf.sqrt(squares + 1e-12)


def slope_at_zero(root) -> float:
    """The steepness of (norm - 1)^2 by a gradient that is exactly 0."""
    with tf.GradientTape() as tape:
        gradient = tf.Variable(0.0)
        penalty = (root(gradient**2) - 1.0) ** 2
    return abs(float(tape.gradient(penalty, gradient)))


def norm_over_channels(gradients):
    """Every pixel's slope is pushed to 1, so the whole critic is far from 1-Lipschitz: the norm
    runs over the channels only.
    """
    return np.linalg.norm(gradients, axis=-1)


def norm_over_the_image(gradients):
    """Flatten first: one norm for each image."""
    return np.linalg.norm(gradients.reshape(len(gradients), -1), axis=-1)


def steepest_allowed(norm) -> float:
    """The true norm of a constant gradient, 28 x 28, to which the penalty gives the cost 0."""
    gradients = np.full((2, 28, 28, 1), 1.0)
    return float(np.linalg.norm((gradients / norm(gradients).max())[0]))


def mean_over_latents(means, log_variances):
    """Good reconstructions and bad samples: the KL is averaged over the latents, so it weighs
    one over their number.
    """
    return kl_to_standard_normal(means, log_variances) / means.shape[1]


def sum_over_latents(means, log_variances):
    """A KL of independent latents is the sum of theirs; what else you weigh is a beta, and says
    so.
    """
    return kl_to_standard_normal(means, log_variances)


def kl_weight(kl) -> float:
    """The KL of 56 latents as a multiple of the true one."""
    means = np.ones((1, 56), "float32")
    return float(kl(means, 0 * means)[0] / kl_to_standard_normal(means, 0 * means)[0])


def freeze_after_compile(discriminator, generator, images, targets):
    """The discriminator never learns, and all that is said is a warning: Keras 3 reads `trainable`
    when it first trains, where Keras 2 read it when it compiled.
    """
    discriminator.compile("sgd", "mse")
    discriminator.trainable = False
    keras.Sequential([generator, discriminator]).compile("sgd", "mse")
    discriminator.train_on_batch(images, targets)


def name_the_variables(discriminator, generator, images, targets):
    """Leave `trainable` alone: two optimizers, and to each the list of what it moves."""
    optimizer = keras.optimizers.SGD()
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean((discriminator(images) - targets) ** 2)
    optimizer.apply(
        tape.gradient(loss, discriminator.trainable_variables), discriminator.trainable_variables
    )


def discriminator_moves(train) -> float:
    """The largest change of a weight of D in one of its training steps."""
    generator, discriminator = (
        keras.Sequential([keras.Input((3,)), keras.layers.Dense(n)]) for n in (3, 1)
    )
    before = [weight.numpy() for weight in discriminator.weights]
    # "The model does not have any trainable weights."
    with warnings.catch_warnings(action="ignore"):
        train(discriminator, generator, np.ones((2, 3), "float32"), np.full((2, 1), 5, "float32"))
    return float(
        max(np.abs(old - new).max() for old, new in zip(before, discriminator.weights, strict=True))
    )


def random_of_the_parent(worker, seed):
    """All workers augment alike, in step: each starts with a copy of NumPy's state."""
    return np.random.default_rng(seed)


def random_of_the_worker(worker, seed):
    """Seed with the worker's number too."""
    return np.random.default_rng((seed, worker))


def resize_by_points(images):
    """Thin lines vanish or thicken: TensorFlow, like PyTorch, does not smooth before it shrinks
    unless told. FID sees that.
    """
    return tf.image.resize(images, (7, 7))


def resize_by_areas(images):
    """Ask for `antialias=True`, for both sets and for the published reference."""
    return tf.image.resize(images, (7, 7), antialias=True)


def grey_of_stripes(resize) -> tuple:
    """The mean grey of two pictures with a white line in every fourth column, shifted by one:
    both are 0.25.
    """
    columns = np.arange(28) % 4
    pictures = np.float32([np.tile(columns == shift, (28, 1)) for shift in (0, 1)])[..., None]
    return tuple(float(grey) for grey in np.mean(resize(pictures), axis=(1, 2, 3)))


def mean_of_means(losses):
    """Gradient accumulation trains another model: a short micro-batch's tokens count more than a
    long one's.
    """
    return np.mean([part.mean() for part in losses])


def mean_of_tokens(losses):
    """Divide the sum of all micro-batches by the number of all their tokens."""
    return sum(part.sum() for part in losses) / sum(map(len, losses))


def off_by(combine) -> float:
    """The loss of 2 and of 98 tokens together, minus the mean over the 100."""
    losses = np.full(2, 5.0), np.full(98, 1.0)
    return float(combine(losses) - np.concatenate(losses).mean())


ROOM = (
    Exhibit(
        "B01",
        beta_on_the_codebook,
        beta_on_the_commitment,
        lambda ratio: ratio == 1,
        pull_on_the_encoder,
    ),
    Exhibit("B02", mix_by_normal, mix_by_image, lambda points: points["beyond"] > 0.5, between),
    Exhibit("B03", mix_by_pixel, mix_by_image, lambda points: points["off the line"] == 1, between),
    Exhibit("B04", bare_root, guarded_root, lambda slope: not np.isfinite(slope), slope_at_zero),
    Exhibit(
        "B05", norm_over_channels, norm_over_the_image, lambda norm: norm > 20, steepest_allowed
    ),
    Exhibit("B06", mean_over_latents, sum_over_latents, lambda weight: weight < 0.1, kl_weight),
    Exhibit(
        "B07",
        freeze_after_compile,
        name_the_variables,
        lambda change: change == 0,
        discriminator_moves,
    ),
    Exhibit(
        "B08",
        random_of_the_parent,
        random_of_the_worker,
        lambda crops: crops == 1,
        lambda part: len({int(part(worker, 0).integers(10**6)) for worker in range(4)}),
    ),
    Exhibit(
        "B09",
        resize_by_points,
        resize_by_areas,
        lambda greys: max(greys) - min(greys) > 0.3,
        grey_of_stripes,
    ),
    Exhibit("B10", mean_of_means, mean_of_tokens, lambda difference: difference > 1, off_by),
)
