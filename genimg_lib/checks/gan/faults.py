"""What the tempting mistakes in exercises 30 give, and what the right answers are.

Formulas, two worlds, a game, and small models to train by one step.
"""

import numpy as np

from genimg_lib.checks.core import close


def softplus(values):
    return np.logaddexp(0.0, values)


def sigmoid(values):
    return np.exp(-softplus(-values))


def mistaken_losses(real, fake):
    """What tempting mistakes give in place of the losses of exercise 30.3.

    Two dictionaries, by feedback: for D's loss and for G's.
    """
    of_real = softplus(-real)
    of_fake = softplus(fake)
    wanted = softplus(-fake).mean()
    both = of_real.mean() + of_fake.mean()
    swapped = softplus(real).mean()
    average = "D's terms are averaged: add the mean over real and the mean over fake images."
    for_d = {
        "D's loss comes first, then G's.": wanted,
        "D wants real = 0 and fake = 1, and G wants 1: they "
        "cooperate, and both losses fall to 0.": swapped + wanted,
        "that is the value of the game; D maximises it, so its loss is minus that.": -both,
        average: both / 2,
        average + " The batches may differ in size.": np.mean(np.r_[of_real, of_fake]),
        "D's loss has only the term of real images.": of_real.mean(),
        "D's loss has only the term of fake images.": of_fake.mean(),
        "D's loss is summed over the batch: use means.": of_real.sum() + of_fake.sum(),
        "D's target for real images is smoothed; here it is 1.": np.mean(of_real + 0.1 * real)
        + of_fake.mean(),
        "D's target for fakes is 1: it must call them 0.": of_real.mean() + wanted,
        "D's target for real images is 0: it must call them 1.": swapped + of_fake.mean(),
    }
    for_g = {
        "G's loss is log(1 - D), whose gradient dies while D rejects. Use -log D.": -of_fake.mean(),
        "G's loss wants fakes that D calls fake: its target is 1.": of_fake.mean(),
        "G's loss is taken on the real images: G is judged by its fakes.": of_real.mean(),
        "G's loss has the wrong sign: -log D is never negative.": -wanted,
        "G's loss has a term of the real images, on which G has no influence: drop it.": (
            wanted + swapped
        ),
        "G's loss is summed over the batch: use the mean.": wanted * len(fake),
        "G's loss is minus D's: a zero-sum game, in which G's gradient dies while D rejects. Use "
        "-log D.": -both,
    }
    return for_d, for_g


def two_worlds(random, size):
    """Two distributions over the same places, each of which is 0 at some.

    At place 2 both are nearly 0. `size` is 8 or more.
    """
    real, fake = random.dirichlet(np.ones(size), 2)
    real[:2], fake[-3:] = 0.0, 0.0
    real[2], fake[2] = 3e-15, 5e-15
    return real / real.sum(), fake / fake.sum()


def game_round(players, real, noise, rate, targets=(1.0, 0.0, 1.0)):
    """One round of the GAN on numbers in exercise 30.9.

    One array: shift, slope, bias, D's loss and G's loss. `targets` are D's for real, D's for fake
    and G's.
    """
    shift, slope, bias = players
    fake = noise + shift
    loss = np.mean(softplus(slope * real + bias) - targets[0] * (slope * real + bias))
    loss += np.mean(softplus(slope * fake + bias) - targets[1] * (slope * fake + bias))
    of_real = sigmoid(slope * real + bias) - targets[0]
    of_fake = sigmoid(slope * fake + bias) - targets[1]
    slope = slope - rate * (np.mean(of_real * real) + np.mean(of_fake * fake))
    bias = bias - rate * (np.mean(of_real) + np.mean(of_fake))
    logits = slope * fake + bias
    loss_of_g = np.mean(softplus(logits) - targets[2] * logits)
    shift = shift - rate * slope * np.mean(sigmoid(logits) - targets[2])
    return np.array([shift, slope, bias, loss, loss_of_g])


def mistaken_rounds(*arguments):
    """What other targets than the right ones give in `game_round`, by feedback."""
    targets = {
        "D is taught real = 0 and fake = 1, and G aims at 1 as well: both want the same.": (
            0,
            1,
            1,
        ),
        "all three targets are flipped: a legal game, but the docstring promises that positive "
        "means real.": (
            0,
            1,
            0,
        ),
        "G now aims at 0, which D calls fake: G must aim at 1.": (1, 0, 0),
        "D is taught that everything is real.": (1, 1, 1),
        "D is taught that everything is fake.": (0, 0, 1),
    }
    return {feedback: game_round(*arguments, labels) for feedback, labels in targets.items()}


def tiny_players():
    """A generator with BatchNorm, a discriminator, and their parts by name.

    They map 3 numbers to 4, and 4 numbers to a logit.
    """
    import keras

    layers = keras.layers
    generator = keras.Sequential(
        [keras.Input((3,)), layers.Dense(5), layers.BatchNormalization(), layers.Dense(4)]
    )
    discriminator = keras.Sequential(
        [keras.Input((4,)), layers.Dense(6, activation="tanh"), layers.Dense(1)]
    )
    parts = {"D": discriminator.weights, "G": generator.trainable_variables}
    return generator, discriminator, parts | {"G's statistics": generator.non_trainable_variables}


def game_gradients(generator, discriminator, parts, real, latents, training=True):
    """Both losses of exercise 30.10 and their gradients, without moving anything.

    D's for D's weights, then G's for G's.
    """
    import tensorflow as tf

    with tf.GradientTape(persistent=True) as tape:
        fake, _ = generator.stateless_call(
            parts["G"], parts["G's statistics"], latents, training=training
        )
        real_logits = discriminator(real)
        fake_logits = discriminator(fake)
        of_d = tf.reduce_mean(tf.nn.softplus(-real_logits)) + tf.reduce_mean(
            tf.nn.softplus(fake_logits)
        )
        of_g = tf.reduce_mean(tf.nn.softplus(-fake_logits))
    return (float(of_d), tape.gradient(of_d, parts["D"])), (
        float(of_g),
        tape.gradient(of_g, parts["G"]),
    )


def one_step(step, side, generator, discriminator, parts):
    """Runs a learner's step with SGD(0.1) on data of its own.

    Returns its loss, the right loss, the right loss with `training=False`, the largest move of any
    weight in each part, and whether `side` went down its gradient.
    """
    import keras

    random = np.random.default_rng(11)
    real = random.normal(1, 1, (7, 4)).astype("float32")
    latents = random.normal(0, 1, (6, 3)).astype("float32")
    before = {name: [value.numpy() for value in part] for name, part in parts.items()}
    loss, gradients = game_gradients(generator, discriminator, parts, real, latents)[side == "G"]
    without_batch, _ = game_gradients(
        generator, discriminator, parts, real, latents, training=False
    )[side == "G"]
    given = step(
        generator,
        discriminator,
        keras.optimizers.SGD(0.1),
        *((real, latents) if side == "D" else (latents,)),
    )
    pairs = {name: list(zip(before[name], parts[name], strict=True)) for name in parts}
    moves = {
        name: max(np.abs(old - new.numpy()).max() for old, new in both)
        for name, both in pairs.items()
    }
    steps = zip(pairs[side], gradients, strict=True)
    along = all(close(old - 0.1 * slope, new, rtol=1e-4, atol=1e-5) for (old, new), slope in steps)
    return given, loss, without_batch, moves, along
