import math

import numpy as np
import tensorflow as tf
from answers import right, wrong


def softmax(scores, axis=-1):
    weights = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return weights / weights.sum(axis=axis, keepdims=True)


def scores_of(queries, keys):
    return np.einsum("...qd,...kd->...qk", queries, keys) / math.sqrt(keys.shape[-1])


def ahead(queries, k=1):
    return np.triu(np.ones(2 * queries.shape[-2:-1]), k).astype(bool)


@right
def one_position_at_a_time(queries, keys, values):
    rows = []
    for i in range(queries.shape[-2]):
        scores = (queries[..., i : i + 1, :] * keys[..., : i + 1, :]).sum(axis=-1) / math.sqrt(
            keys.shape[-1]
        )
        rows.append((softmax(scores)[..., None] * values[..., : i + 1, :]).sum(axis=-2))
    return np.stack(rows, axis=-2)


@right
def with_a_large_negative_number(queries, keys, values):
    return softmax(scores_of(queries, keys) - 1e12 * ahead(queries)) @ values


@right
def in_float32(queries, keys, values):
    queries, keys, values = (part.astype(np.float32) for part in (queries, keys, values))
    return softmax(np.where(ahead(queries), -np.inf, scores_of(queries, keys))) @ values


@wrong("the mask is missing")
def without_a_mask(queries, keys, values):
    return softmax(scores_of(queries, keys)) @ values


@wrong("the mask is upside down")
def looks_ahead(queries, keys, values):
    return (
        softmax(
            np.where(
                np.tril(np.ones(2 * queries.shape[-2:-1]), -1), -np.inf, scores_of(queries, keys)
            )
        )
        @ values
    )


@wrong("must be allowed to look at itself")
def hides_itself(queries, keys, values):
    return softmax(np.where(ahead(queries, 0), -np.inf, scores_of(queries, keys))) @ values


@wrong("the mask comes after the softmax")
def mask_after_softmax(queries, keys, values):
    return np.where(ahead(queries), 0, softmax(scores_of(queries, keys))) @ values


@wrong("a score like any other")
def masked_scores_zero(queries, keys, values):
    return softmax(np.where(ahead(queries), 0, scores_of(queries, keys))) @ values


@wrong("the scores are not divided")
def unscaled(queries, keys, values):
    return softmax(np.where(ahead(queries), -np.inf, queries @ keys.swapaxes(-1, -2))) @ values


@wrong("divided by the width")
def divided_by_width(queries, keys, values):
    return (
        softmax(np.where(ahead(queries), -np.inf, queries @ keys.swapaxes(-1, -2) / keys.shape[-1]))
        @ values
    )


@wrong("root of the length")
def divided_by_root_of_length(queries, keys, values):
    return (
        softmax(
            np.where(
                ahead(queries), -np.inf, queries @ keys.swapaxes(-1, -2) / queries.shape[-2] ** 0.5
            )
        )
        @ values
    )


@wrong("runs over the queries")
def softmax_over_queries(queries, keys, values):
    return softmax(np.where(ahead(queries), -np.inf, scores_of(queries, keys)), axis=-2) @ values


@wrong("with 6 positions of width 4, position")
def two_roots(queries, keys, values):
    scores = queries @ keys.swapaxes(-1, -2) / queries.shape[-1] ** 0.25
    return softmax(np.where(ahead(queries), -np.inf, scores)) @ values


@wrong("by the root of the width of a value")
def scaled_by_values(queries, keys, values):
    return (
        softmax(
            np.where(
                ahead(queries), -np.inf, queries @ keys.swapaxes(-1, -2) / values.shape[-1] ** 0.5
            )
        )
        @ values
    )


@wrong("subtract the largest of each row")
def overflows(queries, keys, values):
    weights = np.where(ahead(queries), 0, np.exp(scores_of(queries, keys)))
    return weights / weights.sum(axis=-1, keepdims=True) @ values


@wrong("should be exact as well")
def clipped(queries, keys, values):
    return (
        softmax(np.where(ahead(queries), -np.inf, np.clip(scores_of(queries, keys), -50, 50)))
        @ values
    )


@wrong("should have shape")
def values_forgotten(queries, keys, values):
    return softmax(np.where(ahead(queries), -np.inf, scores_of(queries, keys)))


@wrong("axes don't match array")
def transposes_two_axes_only(queries, keys, values):
    scores = queries @ keys.transpose(0, 2, 1) / math.sqrt(queries.shape[-1])
    return softmax(np.where(ahead(queries), -np.inf, scores)) @ values


@right
def in_tensorflow(queries, keys, values):
    queries, keys, values = (tf.cast(part, tf.float32) for part in (queries, keys, values))
    scores = tf.matmul(queries, keys, transpose_b=True) / queries.shape[-1] ** 0.5
    return (
        tf.nn.softmax(scores - 1e9 * (1 - tf.linalg.band_part(tf.ones_like(scores), -1, 0)))
        @ values
    )


@wrong("a score that others fall below")
def minus_ten_thousand(queries, keys, values):
    return softmax(np.where(ahead(queries), -1e4, scores_of(queries, keys))) @ values


EQUIVALENT = {"1 -> 2 (3)": "np.tri(scores.shape[-2]): the scores are square"}
