import numpy as np
import tensorflow as tf
from answers import right, wrong


def nats(targets, logits):
    return np.sum(np.logaddexp(0, logits) - targets * logits, axis=(1, 2, 3))


def refuse(targets):
    if not np.all((targets >= 0) & (targets <= 1)):
        raise ValueError("targets must be in [0, 1]")


@right
def from_probabilities(images, logits):
    targets = images.astype(np.float64) / 255 if images.dtype.kind == "u" else images
    refuse(targets)
    probabilities = 1 / (1 + np.exp(-logits.astype(np.float64)))
    both = targets * np.log(probabilities) + (1 - targets) * np.log(1 - probabilities)
    return -both.reshape(len(both), -1).sum(axis=1)


@right
def with_tensorflow(images, logits):
    targets = images / np.float32(255) if images.dtype == np.uint8 else images
    refuse(targets)
    losses = tf.nn.sigmoid_cross_entropy_with_logits(
        tf.cast(targets, tf.float32), tf.cast(logits, tf.float32)
    )
    return tf.reduce_sum(losses, axis=(1, 2, 3))


@right
def image_by_image(images, logits):
    losses = []
    for image, row in zip(images, logits, strict=True):
        target = image / 255 if image.dtype == np.uint8 else image
        refuse(target)
        losses.append(float(nats(target[None], row[None])[0]))
    return losses


@wrong("bytes are used as they are")
def the_original(images, logits):
    return nats(images, logits)


@wrong("are accepted: raise ValueError")
def never_refuses(images, logits):
    return nats(images / 255 if images.dtype == np.uint8 else images, logits)


@wrong("floats in [0, 1] are divided by 255")
def always_divided(images, logits):
    return nats(images / 255, logits)


@wrong("it is a mean over pixels")
def mean_over_pixels(images, logits):
    targets = images / 255 if images.dtype == np.uint8 else images
    refuse(targets)
    return np.mean(np.logaddexp(0, logits) - targets * logits, axis=(1, 2, 3))


@wrong("the loss has shape ()")
def mean_over_the_batch(images, logits):
    targets = images / 255 if images.dtype == np.uint8 else images
    refuse(targets)
    return nats(targets, logits).mean()


@wrong("the dtype decides")
def decided_by_content(images, logits):
    targets = images / 255 if images.max() > 1 and images.dtype == np.uint8 else images
    refuse(targets)
    return nats(targets, logits)


@wrong("targets in [-1, 1] are for a tanh")
def for_a_tanh(images, logits):
    targets = images / 127.5 - 1 if images.dtype == np.uint8 else images
    return nats(targets, logits)


@wrong("bytes are divided by 256")
def divided_by_256(images, logits):
    targets = images / 256 if images.dtype == np.uint8 else images
    refuse(targets)
    return nats(targets, logits)


@wrong("0.0 and 1.0 are probabilities")
def edges_refused(images, logits):
    targets = images / 255 if images.dtype == np.uint8 else images
    if images.dtype != np.uint8 and not np.all((targets > 0) & (targets < 1)):
        raise ValueError("targets must be in (0, 1)")
    return nats(targets, logits)


@wrong("that is the log-likelihood")
def sign_flipped(images, logits):
    targets = images / 255 if images.dtype == np.uint8 else images
    refuse(targets)
    return -nats(targets, logits)


@wrong("is there a `return`?")
def nothing_returned(images, logits):
    refuse(images / 255)


@right
def only_bytes_and_floats(images, logits):
    if images.dtype == np.uint8:
        return nats(images.astype(np.float32) / 255, logits)
    if images.dtype.kind != "f":
        raise TypedError("neither bytes nor floats")
    refuse(images)
    return nats(images, logits)


class TypedError(ValueError):
    pass


@wrong("0.01 to 1.49 are accepted")
def all_must_be_out_of_range(images, logits):
    targets = images / 255 if images.dtype == np.uint8 else images
    if np.all(targets > 1) or np.all(targets < 0):
        raise ValueError("targets must be in [0, 1]")
    return nats(targets, logits)


@wrong("of which a single one is 1.2")
def the_first_image_is_looked_at(images, logits):
    targets = images / 255 if images.dtype == np.uint8 else images
    refuse(targets[0])
    return nats(targets, logits)


@wrong("of which a single one is nan")
def not_a_number_accepted(images, logits):
    targets = images / 255 if images.dtype == np.uint8 else images
    if targets.min() < 0 or targets.max() > 1:
        raise ValueError("targets must be in [0, 1]")
    return nats(targets, logits)


@wrong("neither bytes nor floats, are accepted")
def every_integer_is_a_byte(images, logits):
    targets = images / 255 if images.dtype.kind in "iu" else images
    refuse(targets)
    return nats(targets, logits)


@wrong("should raise ValueError; yours raises AssertionError")
def asserted(images, logits):
    targets = images / 255 if images.dtype == np.uint8 else images
    assert np.all((targets >= 0) & (targets <= 1))
    return nats(targets, logits)


@wrong("those are bits")
def bits(images, logits):
    targets = images / 255 if images.dtype == np.uint8 else images
    return nats(targets, logits) / np.log(2)


@wrong("a grey pixel is a probability in between")
def rounded(images, logits):
    targets = np.round(images / 255) if images.dtype == np.uint8 else images
    return nats(targets, logits)


@wrong("for floats in [0, 1] the old loss was right")
def squared_error(images, logits):
    targets = images / 255 if images.dtype == np.uint8 else images
    return np.sum((targets - 1 / (1 + np.exp(-logits))) ** 2, axis=(1, 2, 3))


@wrong("bytes should count as byte / 255")
def divided_by_the_brightest(images, logits):
    targets = images // 255 if images.dtype == np.uint8 else images
    return nats(targets, logits)


EQUIVALENT = {
    "np.logaddexp(0, logits) -> np.logaddexp(logits, 0)": "logaddexp is symmetric",
    "2 -> -2": "with four axes, axis 2 is axis -2",
}
