import numpy as np
from answers import right, wrong
from keras import ops


def kl_of(means, log_variances):
    return 0.5 * np.sum(means**2 + np.exp(log_variances) - 1 - log_variances, axis=1)


def nll_of(images, copies):
    return 0.5 * np.square(images - copies).sum(axis=(1, 2, 3))


@right
def image_by_image(images, copies, means, log_variances):
    return np.mean(nll_of(images, copies) + kl_of(means, log_variances))


@right
def means_multiplied(images, copies, means, log_variances):
    reconstruction = np.mean(0.5 * np.square(images - copies)) * images[0].size
    return reconstruction + np.mean(kl_of(means, log_variances))


@right
def with_keras(images, copies, means, log_variances):
    reconstruction = 0.5 * ops.sum(ops.square(images - copies), axis=(1, 2, 3))
    kl = -0.5 * ops.sum(1.0 + log_variances - ops.square(means) - ops.exp(log_variances), axis=-1)
    return ops.mean(reconstruction) + ops.mean(kl)


@wrong("still a mean over 40 pixels")
def as_given(images, copies, means, log_variances):
    return np.mean(0.5 * np.square(images - copies)) + np.mean(kl_of(means, log_variances))


@wrong("the batch is summed")
def all_summed(images, copies, means, log_variances):
    return nll_of(images, copies).sum() + kl_of(means, log_variances).sum()


@wrong("reconstruction is summed over the batch as well")
def batch_summed_once(images, copies, means, log_variances):
    return nll_of(images, copies).sum() + kl_of(means, log_variances).mean()


@wrong("both are means now")
def both_means(images, copies, means, log_variances):
    return (
        np.mean(0.5 * np.square(images - copies))
        + kl_of(means, log_variances).mean() / means.shape[1]
    )


@wrong("latents are averaged now")
def latents_averaged(images, copies, means, log_variances):
    return nll_of(images, copies).mean() + kl_of(means, log_variances).mean() / means.shape[1]


@wrong("the factor 1/2 of the Gaussian is lost")
def without_half(images, copies, means, log_variances):
    return 2 * nll_of(images, copies).mean() + kl_of(means, log_variances).mean()


@wrong("multiplying the whole loss changes no balance")
def whole_multiplied(images, copies, means, log_variances):
    return images[0].size * as_given(images, copies, means, log_variances)


@wrong("the KL is gone")
def without_kl(images, copies, means, log_variances):
    return nll_of(images, copies).mean()


@wrong("the KL is subtracted")
def subtracted(images, copies, means, log_variances):
    return nll_of(images, copies).mean() - kl_of(means, log_variances).mean()


@wrong("nats, means over images; yours is")
def width_only(images, copies, means, log_variances):
    return np.square(images - copies).mean(axis=(0, 1)).sum() + kl_of(means, log_variances).mean()


@wrong("the loss has shape (3,)")
def one_per_image(images, copies, means, log_variances):
    return nll_of(images, copies) + kl_of(means, log_variances)


@wrong("the KL is summed over the batch")
def kl_summed(images, copies, means, log_variances):
    return nll_of(images, copies).mean() + kl_of(means, log_variances).sum()


@wrong("these are nats per pixel")
def per_pixel(images, copies, means, log_variances):
    return np.mean(nll_of(images, copies) + kl_of(means, log_variances)) / images[0].size


@wrong("784 is the size of MNIST; these images have 40 pixels")
def size_of_mnist(images, copies, means, log_variances):
    return 784 * np.mean(0.5 * np.square(images - copies)) + np.mean(kl_of(means, log_variances))


@wrong("leave it out")
def with_constant(images, copies, means, log_variances):
    constant = images[0].size * np.log(2 * np.pi) / 2
    return np.mean(nll_of(images, copies) + kl_of(means, log_variances)) + constant


EQUIVALENT = {"images - copies -> copies - images": "the difference is squared"}
