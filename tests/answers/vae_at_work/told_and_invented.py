import numpy as np
from answers import right, wrong
from keras import ops


def blocks_of(errors):
    n, height, width, channels = errors.shape
    return errors.reshape(n, height // 2, 2, width // 2, 2, channels)


def parts(errors):
    blocks = blocks_of(errors)
    told = blocks.mean(axis=(2, 4), keepdims=True)
    return np.mean(told**2), np.mean((blocks - told) ** 2)


@right
def by_difference(restored, originals):
    errors = restored.astype(int) - originals
    told = np.mean(blocks_of(errors).mean(axis=(2, 4)) ** 2)
    return told, np.mean(errors**2) - told


@right
def by_slices(restored, originals):
    errors = restored / 1.0 - originals
    corners = [errors[:, i::2, j::2] for i in (0, 1) for j in (0, 1)]
    means = sum(corners) / 4
    return [np.mean(means**2), np.mean([np.mean((part - means) ** 2) for part in corners])]


@right
def with_keras(restored, originals):
    errors = ops.cast(restored, "float32") - ops.cast(originals, "float32")
    means = ops.average_pool(errors, 2)
    repeated = ops.repeat(ops.repeat(means, 2, axis=1), 2, axis=2)
    return float(ops.mean(means**2)), float(ops.mean((errors - repeated) ** 2))


@wrong("the two are exchanged")
def exchanged(restored, originals):
    return parts(restored.astype(float) - originals)[::-1]


@wrong("the second is the whole error")
def whole_error(restored, originals):
    errors = restored.astype(float) - originals
    return parts(errors)[0], np.mean(errors**2)


@wrong("errors of both signs cancel")
def not_squared(restored, originals):
    errors = restored.astype(float) - originals
    return abs(errors.mean()), parts(errors)[1]


@wrong("it should be 25 and 0")
def halved(restored, originals):
    told, invented = parts(restored.astype(float) - originals)
    return told / 2, invented / 2


@wrong("differences of bytes wrap around")
def in_bytes(restored, originals):
    return parts((restored - originals).astype(float))


@wrong("it should be 0 and 81")
def per_pixel_of_a_block(restored, originals):
    told, invented = parts(restored.astype(float) - originals)
    return told, invented * 4 / 3  # divided by n - 1


@wrong("those are no 2x2 blocks")
def strips(restored, originals):
    errors = restored.astype(float) - originals
    n, height, width, channels = errors.shape
    groups = errors.reshape(n, height // 2, width // 2, 2, 2, channels)
    means = groups.mean(axis=(3, 4), keepdims=True)
    return np.mean(means**2), np.mean((groups - means) ** 2)


@wrong("the mean of the whole image")
def whole_image(restored, originals):
    errors = restored.astype(float) - originals
    means = errors.mean(axis=(1, 2), keepdims=True)
    return np.mean(means**2), np.mean((errors - means) ** 2)


@wrong("channels are mixed")
def mixed(restored, originals):
    blocks = blocks_of(restored.astype(float) - originals)
    means = blocks.mean(axis=(2, 4, 5), keepdims=True)
    return np.mean(means**2), np.mean((blocks - means) ** 2)


@wrong("the two parts of a random error are wrong")
def absolute(restored, originals):
    blocks = blocks_of(restored.astype(float) - originals)
    told = blocks.mean(axis=(2, 4), keepdims=True)
    return np.mean(np.abs(told)) ** 2, np.mean(np.abs(blocks - told)) ** 2


@wrong("return two things as a tuple: (told, invented)")
def one_number(restored, originals):
    return parts(restored.astype(float) - originals)[0]


FLIP = "restored.astype(float) - originals -> originals - restored.astype(float)"
EQUIVALENT = {FLIP: "both parts are squares", "4 -> -4": "the means are squared"}
