import numpy as np
import tensorflow as tf
from answers import right, wrong
from scipy.special import softmax


def checked(temperature):
    if temperature < 0:
        raise ValueError("negative")


@right
def with_a_special_case(logits, temperature, gumbel):
    checked(temperature)
    return np.argmax(logits if temperature == 0 else logits / temperature + gumbel, axis=-1)


@right
def with_log_probabilities(logits, temperature, gumbel):
    checked(temperature)
    with np.errstate(divide="ignore"):
        return np.argsort(np.log(softmax(logits, axis=-1)) + temperature * gumbel, axis=-1)[..., -1]


@right
def as_a_race(logits, temperature, gumbel):
    checked(temperature)
    if not temperature:
        return logits.argmax(axis=-1).astype(np.int32)
    waiting = np.exp(-gumbel) / np.exp(
        (logits - logits.max(axis=-1, keepdims=True)) / temperature
    ).clip(1e-300)
    return waiting.argmin(axis=-1).astype(float)


@wrong("a high one should flatten")
def multiplied(logits, temperature, gumbel):
    return (logits * temperature + gumbel).argmax(axis=-1)


@wrong("temperature is ignored")
def without_temperature(logits, temperature, gumbel):
    return (logits + gumbel).argmax(axis=-1)


@wrong("the noise is ignored")
def greedy(logits, temperature, gumbel):
    return logits.argmax(axis=-1)


@wrong("minus a Gumbel number")
def noise_subtracted(logits, temperature, gumbel):
    return (logits - temperature * gumbel).argmax(axis=-1)


@wrong("one of the two")
def both(logits, temperature, gumbel):
    return (logits / temperature + temperature * gumbel).argmax(axis=-1)


@wrong("noise is added to probabilities")
def on_probabilities(logits, temperature, gumbel):
    return (softmax(logits / temperature, axis=-1) + gumbel).argmax(axis=-1)


@wrong("divide logits.")
def divides_probabilities(logits, temperature, gumbel):
    if temperature == 1.0:
        return (logits + gumbel).argmax(axis=-1)
    return (softmax(logits, axis=-1) / temperature + gumbel).argmax(axis=-1)


@wrong("2000 of 2000 tokens differ")
def least_likely(logits, temperature, gumbel):
    return (logits + temperature * gumbel).argmin(axis=-1)


@wrong("should take the likeliest token")
def divides_by_almost_zero(logits, temperature, gumbel):
    return (logits / max(temperature, 1e-6) + gumbel).argmax(axis=-1)


@wrong("a token with logit -inf is drawn")
def clips_logits(logits, temperature, gumbel):
    return (np.maximum(logits, -50) + temperature * gumbel).argmax(axis=-1)


@wrong("raise ValueError")
def accepts_all(logits, temperature, gumbel):
    return (logits + temperature * gumbel).argmax(axis=-1)


@wrong("the tokens has shape")
def over_all_axes(logits, temperature, gumbel):
    return (logits + temperature * gumbel).argmax()


@wrong("should be whole numbers")
def values_instead(logits, temperature, gumbel):
    return (logits + temperature * gumbel).max(axis=-1)


@wrong("is there a `return`?")
def nothing(logits, temperature, gumbel):
    (logits + temperature * gumbel).argmax(axis=-1)


@right
def in_float32(logits, temperature, gumbel):
    checked(temperature)
    return tf.argmax(
        tf.cast(logits, tf.float32) + temperature * tf.cast(gumbel, tf.float32), axis=-1
    )


@wrong("NumPy warns at temperature 0")
def chooses_too_late(logits, temperature, gumbel):
    checked(temperature)
    return np.where(
        temperature == 0,
        logits.argmax(axis=-1),
        (logits / np.float64(temperature) + gumbel).argmax(axis=-1),
    )


@wrong("negative temperatures should raise ValueError; yours raises AssertionError")
def asserts(logits, temperature, gumbel):
    assert temperature >= 0
    return (logits + temperature * gumbel).argmax(axis=-1)


EQUIVALENT = {}
