"""What the tempting mistakes in exercises 33 give, and what the right answers are."""

import numpy as np

# --- pairs of images and labels -------------------------------------------------------------------


def labelled_images(labels, fake=False):
    """Images (n, 2, 2, 1) that tell their label, their place in the batch, and if they are fake."""
    values = np.stack([labels, np.arange(len(labels)), np.full(len(labels), fake), labels], axis=1)
    return values.reshape(-1, 2, 2, 1).astype(float)


def labels_of(images):
    return images[:, 0, 0, 0]


def positions(images):
    return images[:, 0, 1, 0].astype(int)


def is_fake(images):
    return images[:, 1, 0, 0] == 1


# --- cycles ---------------------------------------------------------------------------------------


def forth(values):
    return np.tanh(values) + 0.3 * values**2


def back(values):
    return 0.5 * values - 1.0


def cycle_losses(x, y, weight) -> tuple[float, dict[str, float]]:
    """The cycle loss with `forth` and `back`, and what tempting mistakes give, by feedback."""
    of_x = np.abs(back(forth(x)) - x)
    of_y = np.abs(forth(back(y)) - y)
    right = weight * (of_x.mean() + of_y.mean())
    exchanged = np.abs(forth(back(x)) - x).mean() + np.abs(back(forth(y)) - y).mean()
    mistakes = {
        "the differences are squared: the paper takes absolute ones, which blur less.": weight
        * ((of_x**2).mean() + (of_y**2).mean()),
        "only the way from x and back is counted: y goes there and back, too.": weight
        * of_x.mean(),
        "only the way from y and back is counted: x goes there and back, too.": weight
        * of_y.mean(),
        "the order is reversed: x belongs to the side where `forth` begins.": weight * exchanged,
        "the absolute value is missing: errors of both signs cancel.": weight
        * ((back(forth(x)) - x).mean() + (forth(back(y)) - y).mean()),
        "the weight is left out.": right / weight,
        "the weight counts for the first half only.": weight * of_x.mean() + of_y.mean(),
        "the differences are summed: use means.": weight * (of_x.sum() + of_y.sum()),
        "that is one mean over both batches, or half the sum: add the two means.": weight
        * np.concatenate([of_x, of_y]).mean(),
        "that asks a translator to change nothing, x to forth(x): it is to come back after two "
        "steps.": weight * (np.abs(forth(x) - x).mean() + np.abs(back(y) - y).mean()),
    }
    return right, {told: value for told, value in mistakes.items() if not np.isclose(value, right)}


# --- receptive fields -----------------------------------------------------------------------------


def seen_patch(layers) -> tuple[int, int]:
    """Counts, by listing positions, the pixels that one logit sees and how far two logits' patches
    are apart.
    """

    def seen(position):
        positions = {position}
        for kernel, stride in reversed(layers):
            positions = {p * stride + k for p in positions for k in range(kernel)}
        return min(positions), max(positions)

    first, second = seen(0), seen(1)
    return first[1] - first[0] + 1, second[0] - first[0]


def mistaken_patches(layers) -> dict[str, tuple]:
    """What tempting mistakes give in place of `seen_patch`, by feedback."""
    field, step = right = seen_patch(layers)
    early, jump = 1, 1
    for kernel, stride in layers:
        jump *= stride
        early += (kernel - 1) * jump
    mistakes = {
        "the two are exchanged: the field comes first, then the step.": (step, field),
        "a layer's own stride does not widen what *it* sees, only what later layers see.": (
            early,
            step,
        ),
        "the layers are taken from the logit to the input: the first one is at the input.": (
            seen_patch(layers[::-1])
        ),
        "strides are left out of the field: after a stride, each position stands for more "
        "pixels.": (1 + sum(kernel - 1 for kernel, _ in layers), step),
        "kernels overlap: a second kernel of 3 adds 2, not 3.": (
            sum(kernel for kernel, _ in layers),
            step,
        ),
        "the step is the product of the strides.": (field, sum(stride for _, stride in layers)),
        "that is one pixel too few: a logit without any layer sees one pixel.": (field - 1, step),
    }
    return {told: value for told, value in mistakes.items() if value != right}


# --- repairs that fit their input -----------------------------------------------------------------


def block_means(images):
    """(n, 2 h, 2 w, c) -> (n, h, w, c), the mean of each 2x2 block."""
    return sum(images[:, i::2, j::2] for i in (0, 1) for j in (0, 1)) / 4


def enlarged(images):
    return images.repeat(2, axis=1).repeat(2, axis=2)


def nearest_fit(restored, given):
    return restored + enlarged(given - block_means(restored))


def mistaken_fits(restored, given) -> dict[str, np.ndarray]:
    """What tempting mistakes give in place of `nearest_fit`, by feedback."""
    error = given - block_means(restored)
    one = restored.copy()
    one[:, ::2, ::2] += 4 * error
    tiled = np.concatenate([np.concatenate([error, error], axis=1)] * 2, axis=2)
    with np.errstate(all="ignore"):
        scaled = restored * enlarged(given / block_means(restored))
    return {
        "that is the input enlarged: it fits, and everything that was restored is gone.": (
            enlarged(given)
        ),
        "the correction has the wrong sign.": restored - enlarged(error),
        "a quarter of the correction for each of four pixels moves the mean by a quarter.": (
            restored + enlarged(error) / 4
        ),
        "one pixel of each block takes all of the change; the nearest image shares it out.": one,
        "the block is scaled; adding the same to each pixel changes the image less.": scaled,
        "the corrections are laid out like tiles; each belongs to its own block: repeat them.": (
            restored + tiled
        ),
        "the result is clipped: the clipped image no longer has the given means.": np.clip(
            nearest_fit(restored, given), 0, 255
        ),
    }


# --- Gaussians ------------------------------------------------------------------------------------


def errors_of_gaussians(spread, correlation) -> tuple[float, float, float]:
    """The three mean squared errors of exercise 33.7."""
    variance = spread**2
    least = variance * (1 - correlation**2)
    return least, 2 * least, 2 * variance * (1 - abs(correlation))


def mistaken_errors(spread, correlation) -> list[dict[str, float]]:
    """What tempting mistakes give for each of the three, by feedback."""
    variance = spread**2
    rest = 1 - correlation**2
    least, sampled, _ = errors_of_gaussians(spread, correlation)
    of_mean = {
        "that is a standard deviation: square the spread, or do not take a root.": spread * rest,
        "the share of the variance that y explains is the squared correlation.": variance
        * (1 - correlation),
        "that is what y explains; the error is what it leaves.": variance - least,
        "the order is: mean, sample, best realistic one.": sampled,
    }
    of_sample = {
        "that samples without looking at y: sample from what is left after y.": 2 * variance,
        "the sample is as far from the mean as the truth is: its own scatter adds to the error.": (
            least
        ),
        "two independent scatters add their variances, not their standard deviations.": 4 * least,
    }
    of_best = {
        "a sample is realistic, but not the best: the mean, stretched to the spread of x, is "
        "nearer.": sampled,
        "for a negative correlation turn the sign: nobody forces the estimate to grow with y.": 2
        * variance
        * (1 - correlation),
        "the mean alone has too little spread to be realistic.": least,
        "E(a - b)^2 = var a + var b - 2 cov(a, b): a factor of 2 is missing.": variance
        * (1 - abs(correlation)),
    }
    return [of_mean, of_sample, of_best]
