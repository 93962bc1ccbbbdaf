import numpy as np
from answers import right, wrong
from keras import ops


@right
def with_split(images, weights, random):
    means, log_variances = np.split(images @ weights, 2, axis=-1)
    return (
        means,
        log_variances,
        means + np.sqrt(np.exp(log_variances)) * random.standard_normal(means.shape),
    )


@right
def image_by_image(images, weights, random):
    size = weights.shape[1] // 2
    rows = [image @ weights for image in images]
    means, log_variances = (
        np.array([row[:size] for row in rows]),
        np.array([row[size:] for row in rows]),
    )
    return [
        means,
        log_variances,
        np.array(
            [random.normal(m, np.exp(v / 2)) for m, v in zip(means, log_variances, strict=True)]
        ),
    ]


@right
def with_keras(images, weights, random):
    means, log_variances = ops.split(ops.matmul(images, weights), 2, axis=1)
    return (
        means,
        log_variances,
        means + ops.exp(log_variances / 2) * random.normal(size=means.shape),
    )


@wrong("means has shape (6,); it should have shape (2, 3)")
def as_given(images, weights, random):
    means, log_variances = images @ weights
    epsilon = random.normal(size=means.shape[-1])
    return means, log_variances, means + np.exp(log_variances / 2) * epsilon


@wrong("return three arrays")
def latents_only(images, weights, random):
    means, log_variances = np.hsplit(images @ weights, 2)
    return means + np.exp(log_variances / 2) * random.normal(size=means.shape)


@wrong("the halves are exchanged")
def exchanged(images, weights, random):
    log_variances, means = np.hsplit(images @ weights, 2)
    return means, log_variances, means + np.exp(log_variances / 2) * random.normal(size=means.shape)


@wrong("every other column")
def interleaved(images, weights, random):
    outputs = images @ weights
    means, log_variances = outputs[:, ::2], outputs[:, 1::2]
    return means, log_variances, means + np.exp(log_variances / 2) * random.normal(size=means.shape)


@wrong("means should be the first latent_dim columns")
def squashed(images, weights, random):
    means, log_variances = np.hsplit(images @ weights, 2)
    return (
        np.tanh(means),
        log_variances,
        means + np.exp(log_variances / 2) * random.normal(size=means.shape),
    )


@wrong("log-variances should be the last latent_dim columns")
def variances(images, weights, random):
    means, log_variances = np.hsplit(images @ weights, 2)
    return (
        means,
        np.exp(log_variances),
        means + np.exp(log_variances / 2) * random.normal(size=means.shape),
    )


@wrong("all images of a batch get the same noise")
def one_noise(images, weights, random):
    means, log_variances = np.hsplit(images @ weights, 2)
    return (
        means,
        log_variances,
        means + np.exp(log_variances / 2) * random.normal(size=means.shape[-1]),
    )


@wrong("all latents of an image get the same noise")
def one_noise_an_image(images, weights, random):
    means, log_variances = np.hsplit(images @ weights, 2)
    return (
        means,
        log_variances,
        means + np.exp(log_variances / 2) * random.normal(size=(len(means), 1)),
    )


@wrong("should be standard normal; yours has means")
def variance_for_spread(images, weights, random):
    means, log_variances = np.hsplit(images @ weights, 2)
    return means, log_variances, means + np.exp(log_variances) * random.normal(size=means.shape)


@wrong("no noise is added")
def no_noise(images, weights, random):
    means, log_variances = np.hsplit(images @ weights, 2)
    return means, log_variances, means.copy()


@wrong("of a normal one 68.3% do")
def uniform_noise(images, weights, random):
    means, log_variances = np.hsplit(images @ weights, 2)
    noise = random.uniform(-np.sqrt(3), np.sqrt(3), size=means.shape)
    return means, log_variances, means + np.exp(log_variances / 2) * noise


@wrong("draw from `random`, not from a global one")
def global_noise(images, weights, random):
    means, log_variances = np.hsplit(images @ weights, 2)
    return (
        means,
        log_variances,
        means + np.exp(log_variances / 2) * np.random.normal(size=means.shape),
    )


@wrong("with no seed of your own")
def own_seed(images, weights, random):
    means, log_variances = np.hsplit(images @ weights, 2)
    return (
        means,
        log_variances,
        means + np.exp(log_variances / 2) * np.random.default_rng(0).normal(size=means.shape),
    )


@wrong("have noise of their own, apart from its sign")
def mirrored_noise(images, weights, random):
    means, log_variances = np.hsplit(images @ weights, 2)
    noise, half = random.normal(size=means.shape), len(means) // 2
    noise[half : 2 * half] = -noise[:half]
    return means, log_variances, means + np.exp(log_variances / 2) * noise


@wrong("the noise of two latents has correlation")
def last_latent_copies_the_first(images, weights, random):
    means, log_variances = np.hsplit(images @ weights, 2)
    noise = random.normal(size=means.shape)
    noise[:, -1] = noise[:, 0]
    return means, log_variances, means + np.exp(log_variances / 2) * noise


@right
def in_one_array(images, weights, random):
    means, log_variances = np.hsplit(images @ weights, 2)
    return np.stack([means, log_variances, random.normal(means, np.exp(log_variances / 2))])


EQUIVALENT = {
    "means + np.exp(log_variances / 2) * epsilon -> means - "
    "np.exp(log_variances / 2) * epsilon": "the noise is symmetric",
}
