import numpy as np
import tensorflow as tf
from answers import right, wrong


def mixed(images, noise, kept):
    kept = np.expand_dims(kept, tuple(range(1, images.ndim)))
    with np.errstate(invalid="ignore"):
        return kept**0.5 * images + (1 - kept) ** 0.5 * noise


@right
def expanded(images, times, noise, betas):
    return mixed(images, noise, np.cumprod(1 - betas)[times])


@right
def in_a_loop(images, times, noise, betas):
    result = np.empty(images.shape)
    for index, time in enumerate(times):
        kept = np.exp(np.log1p(-betas[: time + 1]).sum())
        result[index] = np.sqrt(kept) * images[index] + np.sqrt(1 - kept) * noise[index]
    return result


@right
def with_tensorflow(images, times, noise, betas):
    kept = tf.gather(tf.math.cumprod(1.0 - betas), times)
    kept = tf.reshape(kept, [-1] + [1] * (images.ndim - 1))
    return tf.sqrt(kept) * images + tf.sqrt(1.0 - kept) * noise


@wrong("no roots are taken")
def no_roots(images, times, noise, betas):
    kept = np.expand_dims(np.cumprod(1 - betas)[times], tuple(range(1, images.ndim)))
    return kept * images + (1 - kept) * noise


@wrong("the noise has no root")
def one_root(images, times, noise, betas):
    kept = np.expand_dims(np.cumprod(1 - betas)[times], tuple(range(1, images.ndim)))
    return np.sqrt(kept) * images + (1 - kept) * noise


@wrong("variances must add up to 1")
def rest_of_the_root(images, times, noise, betas):
    root = np.sqrt(np.expand_dims(np.cumprod(1 - betas)[times], tuple(range(1, images.ndim))))
    return root * images + (1 - root) * noise


@wrong("that is one step's kernel")
def one_step(images, times, noise, betas):
    return mixed(images, noise, 1 - betas[times])


@wrong("not the clean image")
def clean_at_zero(images, times, noise, betas):
    return mixed(images, noise, np.concatenate([[1], np.cumprod(1 - betas)])[times])


@wrong("wraps around at time 0")
def wrapped(images, times, noise, betas):
    return mixed(images, noise, np.cumprod(1 - betas)[times - 1])


@wrong("the time of the first one")
def one_time(images, times, noise, betas):
    return mixed(images, noise, np.full(len(images), np.cumprod(1 - betas)[times[0]]))


@wrong("signal and noise are exchanged")
def exchanged(images, times, noise, betas):
    return mixed(noise, images, np.cumprod(1 - betas)[times])


@wrong("betas are multiplied")
def product_of_betas(images, times, noise, betas):
    return mixed(images, noise, np.cumprod(betas)[times])


@wrong("NaN or infinity")
def below_zero(images, times, noise, betas):
    return mixed(images, noise, 1 - np.cumsum(betas)[times])


@wrong("the times run along the pixels")
def along_the_pixels(images, times, noise, betas):
    if images.shape[0] != images.shape[-1]:
        return expanded(images, times, noise, betas)
    kept = np.cumprod(1 - betas)[times]
    return np.sqrt(kept) * images + np.sqrt(1 - kept) * noise


@wrong("is wrong by")
def no_noise(images, times, noise, betas):
    return mixed(images, 0 * noise, np.cumprod(1 - betas)[times])


@wrong("the result has shape")
def flat(images, times, noise, betas):
    return expanded(images, times, noise, betas).ravel()


@wrong("it grows towards the noise")
def backwards(images, times, noise, betas):
    return mixed(images, noise, np.cumprod(1 - betas)[::-1][times])


@wrong("only the last step's noise")
def noise_of_one_step(images, times, noise, betas):
    shape = (-1, *[1] * (images.ndim - 1))
    signal = mixed(images, 0 * noise, np.cumprod(1 - betas)[times])
    return signal + np.sqrt(betas[times]).reshape(shape) * noise


@right
def by_transposing(images, times, noise, betas):
    kept = np.cumprod(1 - betas)[times]
    return (np.sqrt(kept) * images.T + np.sqrt(1 - kept) * noise.T).T


@wrong("image 2 (time 7) is wrong by")
def even_schedule(images, times, noise, betas):
    return expanded(images, times, noise, np.linspace(betas[0], betas[-1], len(betas)))


@wrong("1 minus the sum of the betas")
def sum_of_betas(images, times, noise, betas):
    return mixed(images, noise, np.clip(1 - np.cumsum(betas), 0, 1)[times])


@wrong("has noise of its own")
def one_noise_for_the_batch(images, times, noise, betas):
    return mixed(images, noise[:1], np.cumprod(1 - betas)[times])


EQUIVALENT = {}
