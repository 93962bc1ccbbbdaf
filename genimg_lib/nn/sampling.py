"""From logits to tokens, as pure functions: what is random comes in as `noise`.

Logits have shape (..., vocabulary). Standard Gumbel noise of the same shape turns an argmax into a
draw: argmax(logits + noise) is distributed as softmax(logits). Source: Maddison, Tarlow and Minka,
"A* sampling", arXiv:1411.0030, section 2.
"""

import math

import keras
import numpy as np
import tensorflow as tf
from keras import ops

from genimg_lib.data.arguments import check_seed, check_whole
from genimg_lib.nn import replicas


def gumbel(shape, seed, step) -> tf.Tensor:
    """Standard Gumbel noise: a function of `seed`, two whole numbers, and of the step that it is
    for.
    """
    uniform = tf.random.stateless_uniform(
        shape, seed + tf.stack([0, step]), minval=np.finfo(np.float32).tiny
    )
    return -ops.log(-ops.log(uniform))


def stateless_seed(seed) -> tf.Tensor:
    """The seed of a `gumbel` noise, from an integer, a `SeedGenerator` (which moves on) or
    `None`.
    """
    if not isinstance(seed, keras.random.SeedGenerator):
        seed = check_seed(seed)
    return keras.random.randint((2,), 0, 2**31 - 1, seed=seed)


def drop_conditions(conditions, nothing: int, share: float, seed):
    """Conditions of a training batch, (batch,), with a random `share` of them replaced by
    `nothing`: `guide` needs a model that knows both.
    """
    dropped = replicas.uniform(ops.shape(conditions), seed=seed) < share
    return ops.where(dropped, nothing, conditions)


def guide(conditional, unconditional, scale):
    """Classifier-free guidance: unconditional + scale * (conditional - unconditional).

    In this convention 0 ignores the condition, 1 is the plain conditional model, and more
    exaggerates what the condition changes. (Ho and Salimans write 1 + w for our scale:
    arXiv:2207.12598, equation 6.)
    """
    return unconditional + scale * (conditional - unconditional)


def keep_top_k(logits, k: int):
    """Minus infinity for all but the `k` largest logits; equals of the k-th largest stay."""
    if k >= logits.shape[-1]:
        return logits
    threshold = ops.top_k(logits, k)[0][..., -1:]
    return ops.where(logits < threshold, -math.inf, logits)


def keep_top_p(logits, p):
    """Minus infinity for all but the likeliest tokens that together reach probability `p`; the
    likeliest always stays.

    Source: Holtzman et al., "The curious case of neural text degeneration", arXiv:1904.09751,
        section 3.1.
    """
    ordered = ops.flip(ops.sort(logits, axis=-1), axis=-1)
    probabilities = ops.softmax(ordered)
    # what the likelier tokens left open
    needed = ops.cumsum(probabilities, axis=-1) - probabilities < p
    needed = ops.logical_or(needed, p >= 1.0)  # the sum may round to 1 before the last token
    threshold = ops.min(ops.where(needed, ordered, math.inf), axis=-1, keepdims=True)
    return ops.where(logits < threshold, -math.inf, logits)


def choose(logits, noise, temperature=1.0, top_k: int | None = None, top_p=None):
    """Draws a token from softmax(logits / temperature) among the `top_k` and then the `top_p`:
    `int32` of shape (...).

    Temperature 0 takes the likeliest token.
    """
    if top_k is not None:
        logits = keep_top_k(logits, top_k)
    if top_p is not None:
        kept = keep_top_p(logits / ops.maximum(ops.cast(temperature, "float32"), 1e-4), top_p)
        logits = ops.where(ops.isfinite(kept), logits, -math.inf)
    return ops.cast(ops.argmax(logits + temperature * noise, axis=-1), "int32")


def check_options(
    *, temperature=1.0, top_k=None, top_p=None, guidance=1.0, steps=1, choice_temperature=0.0
) -> None:
    """Raises `ValueError` or `TypeError` for a sampling option that makes no sense."""
    for name, value in (
        ("temperature", temperature),
        ("guidance", guidance),
        ("choice_temperature", choice_temperature),
    ):
        if not (0 <= value < math.inf):
            raise ValueError(f"{name} must be finite and not negative, got {value}")
    if top_k is not None:
        check_whole("top_k", top_k)
    if top_p is not None and not 0 < top_p <= 1:
        raise ValueError(f"top_p must be in (0, 1], got {top_p}")
    check_whole("steps", steps)


def still_masked(step, steps, count):
    """How many of `count` tokens stay masked after step `step` of `steps` (from 1): the cosine
    schedule of MaskGIT.

    Few tokens are fixed at first, while little is known, and many at the end. Source: Chang et al.,
    arXiv:2202.04200, section 3.3. Rounded down, so that the last step leaves none.
    """
    share = ops.cos(math.pi / 2 * ops.cast(step, "float32") / ops.cast(steps, "float32"))
    # the last cosine is just below 0
    return ops.cast(ops.maximum(share * ops.cast(count, "float32") + 1e-5, 0.0), "int32")


def least_confident(confidences, count):
    """Marks the `count` (batch,) smallest of `confidences` (batch, n) in each row."""
    ranks = ops.argsort(ops.argsort(confidences, axis=-1), axis=-1)
    return ranks < count[:, None]
