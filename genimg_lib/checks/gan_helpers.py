"""What the checks of exercises 04 and 05 share: stable formulas, small worlds, and rejections by comparison.

No exercise has its checker here, and a message is always the caller's.
"""

import numpy as np

from genimg_lib.checks import core
from genimg_lib.checks.core import Rejected, array, close, short


def softplus(values):
    return np.logaddexp(0.0, values)


def sigmoid(values):
    return np.exp(-softplus(-values))


def rule_out(value, tempting: dict, **tolerance) -> None:
    """Rejects a value that equals a tempting wrong one: `tempting` maps the feedback to what that mistake would give."""
    for feedback, wrong in tempting.items():
        core.expect(not close(value, wrong, **tolerance), feedback)


def pair(result, names: str, shape: tuple) -> np.ndarray:
    """Both numbers or arrays that an answer returns, in one array."""
    many = result.shape[:1] == (2,) if hasattr(result, "shape") else isinstance(result, (tuple, list)) and len(result) == 2
    core.expect(many, f"return two things as a tuple: ({names}); yours is {short(result)}.")
    return np.array([array(value, name, shape) for value, name in zip(result, names.split(", "), strict=True)])


def choose(answers, question: str, right, feedback: dict) -> None:
    """Rejects a dictionary whose answer to a question is not `right`; `feedback` maps the other choices to what they miss."""
    core.expect(isinstance(answers, dict) and question in answers, f"give a dictionary with an answer to {question!r}.")
    given = str(answers[question]).strip()
    choices = ", ".join(sorted([right, *feedback]))
    core.expect(given == right, feedback.get(given, f"{question!r}: {short(given)} is not among the choices: {choices}."))


def refusal(answer, *arguments) -> str:
    """The name of the exception with which an answer refuses its arguments; empty if it accepts them."""
    try:
        list(np.atleast_1d(answer(*arguments)))
    except (Rejected, NotImplementedError):
        raise
    except Exception as error:
        return type(error).__name__
    return ""


def two_worlds(random, size):
    """Two distributions over the same places, each of which is 0 at some."""
    real, fake = random.dirichlet(np.ones(size), 2)
    real[:2], fake[-3:] = 0.0, 0.0
    return real / real.sum(), fake / fake.sum()


def game_round(players, real, noise, rate, targets=(1.0, 0.0, 1.0)):
    """One round of the GAN on numbers in exercise 4.9, as one array: shift, slope, bias, D's loss and G's loss.

    `targets` are D's for real, D's for fake and G's.
    """
    shift, slope, bias = players
    fake = noise + shift
    loss = np.mean(softplus(slope * real + bias) - targets[0] * (slope * real + bias))
    loss += np.mean(softplus(slope * fake + bias) - targets[1] * (slope * fake + bias))
    of_real, of_fake = sigmoid(slope * real + bias) - targets[0], sigmoid(slope * fake + bias) - targets[1]
    slope = slope - rate * (np.mean(of_real * real) + np.mean(of_fake * fake))
    bias = bias - rate * (np.mean(of_real) + np.mean(of_fake))
    logits = slope * fake + bias
    loss_of_g = np.mean(softplus(logits) - targets[2] * logits)
    shift = shift - rate * slope * np.mean(sigmoid(logits) - targets[2])
    return np.array([shift, slope, bias, loss, loss_of_g])


def name_runs(answers, right: dict, signs: dict, clues: dict):
    """Checks which cause each letter was given; `signs` say how each cause looks, `clues` where to look in each run."""
    for letter, cause in right.items():
        told = {other: f"{letter} is not {other!r}. {sign} {clues[letter]}" for other, sign in signs.items() if other != cause}
        choose(answers, letter, cause, told)
        yield f"{letter} is named"


def tiny_players():
    """A generator with BatchNorm, 3 -> 4 numbers, a discriminator, 4 numbers -> a logit, and their parts by name."""
    import keras

    layers = keras.layers
    generator = keras.Sequential([keras.Input((3,)), layers.Dense(5), layers.BatchNormalization(), layers.Dense(4)])
    discriminator = keras.Sequential([keras.Input((4,)), layers.Dense(6, activation="tanh"), layers.Dense(1)])
    parts = {"D": discriminator.weights, "G": generator.trainable_variables}
    return generator, discriminator, parts | {"G's statistics": generator.non_trainable_variables}


def game_gradients(generator, discriminator, parts, real, latents, training=True):
    """Both losses of exercise 4.10 and their gradients, without moving anything: D's for D's weights, then G's for G's."""
    import tensorflow as tf

    with tf.GradientTape(persistent=True) as tape:
        fake, _ = generator.stateless_call(parts["G"], parts["G's statistics"], latents, training=training)
        real_logits, fake_logits = discriminator(real), discriminator(fake)
        of_d = tf.reduce_mean(tf.nn.softplus(-real_logits)) + tf.reduce_mean(tf.nn.softplus(fake_logits))
        of_g = tf.reduce_mean(tf.nn.softplus(-fake_logits))
    return (float(of_d), tape.gradient(of_d, parts["D"])), (float(of_g), tape.gradient(of_g, parts["G"]))


def one_step(step, side, generator, discriminator, parts):
    """Runs a learner's step with SGD(0.1) on data of its own.

    Returns its loss, the right loss, the right loss with `training=False`, the largest move of any weight in each part, and
    whether `side` went down its gradient.
    """
    import keras

    random = np.random.default_rng(11)
    real, latents = random.normal(1, 1, (7, 4)).astype("float32"), random.normal(0, 1, (6, 3)).astype("float32")
    before = {name: [value.numpy() for value in part] for name, part in parts.items()}
    loss, gradients = game_gradients(generator, discriminator, parts, real, latents)[side == "G"]
    without_batch, _ = game_gradients(generator, discriminator, parts, real, latents, training=False)[side == "G"]
    given = step(generator, discriminator, keras.optimizers.SGD(0.1), *((real, latents) if side == "D" else (latents,)))
    pairs = {name: list(zip(before[name], parts[name], strict=True)) for name in parts}
    moves = {name: max(np.abs(old - new.numpy()).max() for old, new in both) for name, both in pairs.items()}
    steps = zip(pairs[side], gradients, strict=True)
    along = all(close(old - 0.1 * slope, new, rtol=1e-4, atol=1e-5) for (old, new), slope in steps)
    return given, loss, without_batch, moves, along


def noisy_generator():
    """A generator with BatchNorm and Dropout, whose statistics have seen data."""
    import keras

    layers = keras.layers
    model = keras.Sequential(
        [keras.Input((3,)), layers.Dense(5), layers.BatchNormalization(), layers.Dropout(0.5), layers.Dense(4)]
    )
    move_weights(model, 7)
    return model


def move_weights(model, seed):
    """Moves every weight and statistic of a model, as a training step would, and much further."""
    random = np.random.default_rng(seed)
    model.set_weights([value + random.uniform(0.1, 1, value.shape).astype("float32") for value in model.get_weights()])
    for layer in model.layers:
        if hasattr(layer, "seed_generator"):
            layer.seed_generator.state.assign(random.integers(1, 1000, 2))


def random_states(model) -> np.ndarray:
    """The states of a model's random layers, which are variables and no weights."""
    return np.array([layer.seed_generator.state.numpy() for layer in model.layers if hasattr(layer, "seed_generator")])
