"""The article's first program, a GAN: what crashes it, in that order, and its bad habits.

The program here is our own, a tenth of the size. Each part with a fault is an argument of
`one_step`; the default is the repaired part.
"""

import ast
import inspect
import warnings

import keras
import numpy
import tensorflow as tf
from keras import layers

from genimg_lib.museum import alone
from genimg_lib.museum.exhibit import Exhibit

BATCH, LATENT = 4, 100


def generator_that_stays_small():
    """The model cannot be assembled: the discriminator expects 28x28 and the generator, whose
    strides are 1, gives 7x7.

    The article says of it that it "gradually increases the resolution" with "several convolutions";
    it has none.
    """
    seed = keras.Sequential(
        [keras.Input((LATENT,)), layers.Dense(7 * 7 * 8), layers.Reshape((7, 7, 8))]
    )
    seed.add(layers.Conv2DTranspose(4, 5, strides=1, padding="same", activation="relu"))
    seed.add(layers.Conv2DTranspose(1, 5, strides=1, padding="same", activation="tanh"))
    return seed


def generator_that_grows():
    """A transposed convolution with padding "same" multiplies the side by its stride: 2 and 2
    take 7 to 14 to 28.
    """
    seed = keras.Sequential(
        [keras.Input((LATENT,)), layers.Dense(7 * 7 * 8), layers.Reshape((7, 7, 8))]
    )
    seed.add(layers.Conv2DTranspose(4, 5, strides=2, padding="same", activation="relu"))
    seed.add(layers.Conv2DTranspose(1, 5, strides=2, padding="same", activation="tanh"))
    return seed


def batch_with_one_axis_more(images, i):
    """The discriminator refuses the real image: a slice keeps the batch axis, and `expand_dims`
    adds a second one.
    """
    return tf.expand_dims(images[i : i + 1], axis=0)


def batch_as_it_is(images, i):
    """Drop `expand_dims`: `images[i : i + 1]` is a batch of one already."""
    return images[i : i + 1]


def update_by_model(model, optimizer, gradients):
    """No attribute 'optimizer': only `compile` gives a model one, and no model is compiled. The two
    optimizers made further down are never used.
    """
    model.optimizer.apply_gradients(zip(gradients, model.trainable_variables, strict=True))


def update_by_optimizer(model, optimizer, gradients):
    """Call the optimizer that you made, and pass it in."""
    optimizer.apply_gradients(zip(gradients, model.trainable_variables, strict=True))


def one_step(
    build_generator=generator_that_grows,
    noise=alone.noise_with_import,
    real_batch=batch_as_it_is,
    update=update_by_optimizer,
) -> str:
    """The program up to the end of its first step; raises what the first faulty part raises."""
    discriminator = keras.Sequential(
        [keras.Input((28, 28, 1)), layers.Conv2D(4, 5, strides=2), layers.Flatten()]
    )
    discriminator.add(layers.Dense(1))
    generator = build_generator()
    keras.Sequential([generator, discriminator])
    optimizer = keras.optimizers.Adam(1e-4)
    images = numpy.zeros((8, 28, 28, 1), "float32")
    with tf.GradientTape() as tape:
        fake_logits = discriminator(generator(noise(BATCH, LATENT), training=True))
        real_logits = discriminator(real_batch(images, 0))
        loss = tf.reduce_mean(tf.nn.softplus(-real_logits)) + tf.reduce_mean(
            tf.nn.softplus(fake_logits)
        )
    update(discriminator, optimizer, tape.gradient(loss, discriminator.trainable_variables))
    return "it works"


PEEL = (
    ("G01", "build_generator", generator_that_stays_small, generator_that_grows),
    ("G02", "noise", alone.noise_without_import, alone.noise_with_import),
    ("G03", "real_batch", batch_with_one_axis_more, batch_as_it_is),
    ("G04", "update", update_by_model, update_by_optimizer),
)
"""The crashes in the order in which a reader meets them.

Each with its id, the argument of `one_step`, the part with the fault and the part without.
"""


def peel(repaired: int) -> str:
    """What the program says after the first `repaired` crashes of `PEEL` were repaired."""
    parts = {
        name: fixed if i < repaired else broken for i, (_, name, broken, fixed) in enumerate(PEEL)
    }
    try:
        return one_step(**parts)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def step_with_an_unused_model(generator, discriminator, combined, noise):
    """A third model is passed through the whole program and never used. Building it is the first
    crash.
    """
    return discriminator(generator(noise))


def step_without_it(generator, discriminator, noise):
    """Delete it. (In a program that does compile such a model, the discriminator inside must be
    frozen.)
    """
    return discriminator(generator(noise))


def unused_parameters(part) -> int:
    """Parameters that the function's code never names."""
    used = {
        node.id
        for node in ast.walk(ast.parse(inspect.getsource(part)))
        if isinstance(node, ast.Name)
    }
    return len(set(inspect.signature(part).parameters) - used)


def report_of_the_last_batch(losses):
    """The line printed for the epoch is the loss of its last batch: it jumps, though nothing
    about the training does.
    """
    return losses[-1]


def report_of_the_epoch(losses):
    """Average over the epoch; log D on real and on fake images, too."""
    return numpy.mean(losses)


def jumpiness(report) -> float:
    """Standard deviation of the report over 50 epochs of 100 batches whose losses have the same
    mean and spread 1.
    """
    losses = numpy.random.default_rng(0).normal(0.7, 1.0, (50, 100))
    return float(numpy.std([report(epoch) for epoch in losses]))


def train_and_print(generator):
    """An "image generation program" that trains, prints two losses and ends: no picture is
    generated, none is saved.
    """
    generator(tf.random.normal((BATCH, LATENT)), training=True)


def train_and_generate(generator):
    """Generate from a fixed z with `training=False`, map to bytes, look."""
    generator(tf.random.normal((BATCH, LATENT)), training=True)
    images = generator(tf.random.stateless_normal((BATCH, LATENT), seed=(0, 1)), training=False)
    return numpy.uint8(numpy.round((images + 1.0) * 127.5))


def images_handed_over(program) -> int:
    """How many pictures the program hands over."""
    images = program(generator_that_grows())
    return 0 if images is None else len(images)


def eager(step):
    """Python walks through every operation of every step, in an article about speed."""
    return step


def compiled(step):
    """`@tf.function`: Python walks through the step once, and TensorFlow runs the recorded
    graph.
    """
    return tf.function(step)


def python_runs(decorate, steps: int = 20) -> int:
    """How often Python executes the body of the training step in `steps` steps."""
    runs = []

    def step(x):
        runs.append(1)
        return tf.reduce_sum(x * x)

    step = decorate(step)
    for _ in range(steps):
        step(tf.ones(3))
    return len(runs)


def generator_for_100(latent_dim):
    """Set `latent_dim = 64`, as the program invites you to, and the first layer refuses: it was
    built for 100.
    """
    return keras.Sequential([keras.Input((100,)), layers.Dense(4)])


def generator_for_any(latent_dim):
    """Build the network from the number that you sample with."""
    return keras.Sequential([keras.Input((latent_dim,)), layers.Dense(4)])


def output_for_64(build):
    """The shape of the network's output for two latents of 64 numbers."""
    return str(tuple(build(64)(tf.ones((2, 64))).shape))


def careless_network():
    """No seed: another network each time. `input_shape=` warns in Keras 3. The defaults are not
    DCGAN's 0.5 and 0.2.
    """
    network = keras.Sequential([layers.Dense(4, input_shape=(3,)), layers.LeakyReLU()])
    return network, keras.optimizers.Adam(1e-4)


def careful_network():
    """Seed, say `Input`, and write down what you chose: beta_1 0.5 and slope 0.2 (Radford and
    others, DCGAN).
    """
    keras.utils.set_random_seed(0)
    network = keras.Sequential([keras.Input((3,)), layers.Dense(4), layers.LeakyReLU(0.2)])
    return network, keras.optimizers.Adam(1e-4, beta_1=0.5)


def habits(build) -> dict:
    """Warnings, whether two runs start alike, Adam's beta_1 and the slope of LeakyReLU."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        (network, optimizer), (other, _) = build(), build()
    alike = numpy.array_equal(network.weights[0], other.weights[0])
    slope = round(float(network.layers[-1].negative_slope), 3)
    return {
        "warnings": len(caught),
        "runs alike": alike,
        "beta_1": optimizer.beta_1,
        "slope": slope,
    }


CRASHES = (
    Exhibit(
        "G01 P12",
        *PEEL[0][2:],
        "28, 28, 1), found shape=(None, 7, 7",
        lambda part: one_step(build_generator=part),
    ),
    Exhibit(
        "G02",
        *PEEL[1][2:],
        "NameError: name 'np' is not defined",
        lambda part: one_step(noise=part),
    ),
    Exhibit("G03", *PEEL[2][2:], "(1, 1, 28, 28", lambda part: one_step(real_batch=part)),
    Exhibit(
        "G04", *PEEL[3][2:], "has no attribute 'optimizer'", lambda part: one_step(update=part)
    ),
)
HABITS = (
    Exhibit(
        "G09",
        step_with_an_unused_model,
        step_without_it,
        lambda unused: unused > 0,
        unused_parameters,
    ),
    Exhibit(
        "G10", report_of_the_last_batch, report_of_the_epoch, lambda spread: spread > 0.5, jumpiness
    ),
    Exhibit(
        "G11", train_and_print, train_and_generate, lambda count: count == 0, images_handed_over
    ),
    Exhibit("G12", eager, compiled, lambda runs: runs > 1, python_runs),
    Exhibit(
        "G16",
        generator_for_100,
        generator_for_any,
        "axis -1 of input shape to have value 100",
        output_for_64,
    ),
    Exhibit(
        "G17",
        careless_network,
        careful_network,
        lambda found: found["warnings"] and not found["runs alike"],
        habits,
    ),
)
