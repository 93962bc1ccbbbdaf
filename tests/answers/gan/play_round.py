import numpy as np
import tensorflow as tf
from answers import right, wrong


def softplus(values):
    return np.logaddexp(0, values)


def sigmoid(values):
    return np.exp(-np.logaddexp(0, -values))


def with_targets(for_real, for_fake, for_generator):
    def play(players, real, noise, rate):
        shift, slope, bias = players
        fake, loss, slopes, biases = noise + shift, 0.0, 0.0, 0.0
        for images, target in ((real, for_real), (fake, for_fake)):
            logits = slope * images + bias
            loss += np.mean(softplus(logits) - target * logits)
            slopes += np.mean((sigmoid(logits) - target) * images)
            biases += np.mean(sigmoid(logits) - target)
        slope, bias = slope - rate * slopes, bias - rate * biases
        logits = slope * fake + bias
        of_g = np.mean(softplus(logits) - for_generator * logits)
        return (shift - rate * slope * np.mean(sigmoid(logits) - for_generator), slope, bias), (
            loss,
            of_g,
        )

    return play


right("the targets as numbers", with_targets(1, 0, 1))


@right
def signs_in_place_of_targets(players, real, noise, rate):
    shift, slope, bias = players
    fake = noise + shift
    away_real, away_fake = sigmoid(-(slope * real + bias)), sigmoid(slope * fake + bias)
    loss = np.mean(softplus(-(slope * real + bias))) + np.mean(softplus(slope * fake + bias))
    slope = slope + rate * (np.mean(away_real * real) - np.mean(away_fake * fake))
    bias = bias + rate * (np.mean(away_real) - np.mean(away_fake))
    logits = slope * fake + bias
    return (shift + rate * slope * np.mean(sigmoid(-logits)), slope, bias), (
        loss,
        np.mean(softplus(-logits)),
    )


@right
def with_tensorflow(players, real, noise, rate):
    shift, slope, bias = (tf.Variable(value, dtype=tf.float64) for value in players)
    with tf.GradientTape() as tape:
        fake = noise + shift
        loss = tf.reduce_mean(tf.nn.softplus(-slope * real - bias)) + tf.reduce_mean(
            tf.nn.softplus(slope * fake + bias)
        )
    for variable, gradient in zip((slope, bias), tape.gradient(loss, (slope, bias)), strict=True):
        variable.assign_sub(rate * gradient)
    with tf.GradientTape() as tape:
        of_g = tf.reduce_mean(tf.nn.softplus(-slope * (noise + shift) - bias))
    shift.assign_sub(rate * tape.gradient(of_g, shift))
    return (float(shift), float(slope), float(bias)), (float(loss), float(of_g))


wrong("both want the same", "the code as it was", with_targets(0, 1, 1))
wrong("all three targets are flipped", "all flipped", with_targets(0, 1, 0))
wrong("G must aim at 1", "G flipped, too", with_targets(1, 0, 0))
wrong("everything is real", "only real repaired", with_targets(1, 1, 1))
wrong("everything is fake", "only fake repaired", with_targets(0, 0, 1))


@right
def in_arrays(players, real, noise, rate):
    return tuple(np.array(part) for part in with_targets(1, 0, 1)(players, real, noise, rate))


@wrong("the tuple of players has shape (2,)")
def losses_first(players, real, noise, rate):
    return with_targets(1, 0, 1)(players, real, noise, rate)[::-1]


@wrong("shift is -0.7110 and not -0.7028")
def smoothed(players, real, noise, rate):
    return with_targets(0.9, 0, 1)(players, real, noise, rate)


@wrong("D's two targets are wrong, and nothing else")
def slower(players, real, noise, rate):
    return with_targets(1, 0, 1)(players, real, noise, rate / 10)


@wrong("return two things as a tuple: (the tuple of players, the tuple of losses)")
def losses_lost(players, real, noise, rate):
    return with_targets(1, 0, 1)(players, real, noise, rate)[0]


EQUIVALENT = {}
