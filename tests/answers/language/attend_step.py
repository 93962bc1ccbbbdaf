import math

import numpy as np
import tensorflow as tf
from answers import right, wrong


def attend(query, keys, values, scale=None):
    scores = query @ np.swapaxes(keys, -1, -2) * (scale or 1 / math.sqrt(query.shape[-1]))
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return weights / weights.sum(axis=-1, keepdims=True) @ values


def longer(cache, key, value):
    if cache is None:
        return key, value
    return np.concatenate([cache[0], key], axis=-2), np.concatenate([cache[1], value], axis=-2)


@right
def appends_first(query, key, value, cache):
    cache = longer(cache, key, value)
    return attend(query, *cache), cache


@right
def with_empty_start(query, key, value, cache):
    keys, values = cache or (key[..., :0, :], value[..., :0, :])
    keys, values = np.append(keys, key, axis=-2), np.append(values, value, axis=-2)
    return [attend(query, keys, values), [keys, values]]


@right
def weights_by_hand(query, key, value, cache):
    keys, values = longer(cache, key, value)
    scores = (query * keys).sum(axis=-1) / query.shape[-1] ** 0.5
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    mixed = (weights[..., None] * values).sum(axis=-2, keepdims=True) / weights.sum(axis=-1)[
        ..., None, None
    ]
    return mixed, (keys.copy(), values.copy())


@wrong("its own key and value belong into the cache first")
def attends_before(query, key, value, cache):
    output = value if cache is None else attend(query, *cache)
    return output, longer(cache, key, value)


@wrong("earlier positions are not looked at")
def only_itself(query, key, value, cache):
    return value, longer(cache, key, value)


@wrong("not divided by the square root")
def unscaled(query, key, value, cache):
    cache = longer(cache, key, value)
    return attend(query, *cache, scale=1.0), cache


@wrong("step 2: the output should be")
def divided_by_the_length(query, key, value, cache):
    cache = longer(cache, key, value)
    return attend(query, *cache, scale=1 / cache[0].shape[-2]), cache


@wrong("are not those given, in order")
def newest_first(query, key, value, cache):
    if cache is not None:
        key, value = (
            np.concatenate([key, cache[0]], axis=-2),
            np.concatenate([value, cache[1]], axis=-2),
        )
    return attend(query, key, value), (key, value)


@wrong("the cache of keys has shape (6, 1, 4)")
def along_the_batch(query, key, value, cache):
    output, _ = only_the_newest(query, key, value, cache)
    if cache is not None:
        key, value = np.concatenate([cache[0], key]), np.concatenate([cache[1], value])
    return output, (key, value)


@wrong("after step 1 the cache of keys has shape (3, 1, 4)")
def only_the_newest(query, key, value, cache):
    if cache is not None:
        _Memory.keys, _Memory.values = longer((_Memory.keys, _Memory.values), key, value)
    else:
        _Memory.keys, _Memory.values = key, value
    return attend(query, _Memory.keys, _Memory.values), (key, value)


@wrong("disturb each other")
def one_buffer_for_all(query, key, value, cache):
    """What it returned before are views of the buffer that it writes into."""
    count = 0 if cache is None else cache[0].shape[-2]
    if cache is None:
        shape = *key.shape[:-2], 9
        _Memory.keys, _Memory.values = (
            np.zeros((*shape, key.shape[-1])),
            np.zeros((*shape, value.shape[-1])),
        )
    _Memory.keys[..., count, :], _Memory.values[..., count, :] = key[..., 0, :], value[..., 0, :]
    cache = _Memory.keys[..., : count + 1, :], _Memory.values[..., : count + 1, :]
    return attend(query, *cache), cache


@wrong("subtract the largest of each row")
def overflows(query, key, value, cache):
    keys, values = longer(cache, key, value)
    weights = np.exp(query @ np.swapaxes(keys, -1, -2) / query.shape[-1] ** 0.5)
    return weights / weights.sum(axis=-1, keepdims=True) @ values, (keys, values)


@wrong("not [nan, nan")
def empty_at_first(query, key, value, cache):
    if cache is None:
        cache = key[..., :0, :], value[..., :0, :]
        return np.full_like(value, np.nan), longer(cache, key, value)
    return attend(query, *longer(cache, key, value)), longer(cache, key, value)


@wrong("return two things")
def no_cache(query, key, value, cache):
    return value


@wrong("changes its input in place")
def appends_to_the_callers_list(query, key, value, cache):
    cache = [key, value] if cache is None else cache
    if cache[0] is not key:
        cache[0], cache[1] = longer(cache, key, value)
    return attend(query, *cache), cache


class _Memory:
    keys = values = None


@right
def in_tensorflow(query, key, value, cache):
    query, key, value = (tf.cast(part, tf.float32) for part in (query, key, value))
    if cache is not None:
        key, value = (
            tf.concat([tf.cast(old, tf.float32), new], axis=-2)
            for old, new in zip(cache, (key, value), strict=True)
        )
    scores = tf.matmul(query, key, transpose_b=True) / query.shape[-1] ** 0.5
    return tf.nn.softmax(scores) @ value, (key, value)


@wrong("should be exact: no clipping")
def clipped(query, key, value, cache):
    keys, values = longer(cache, key, value)
    weights = np.exp(np.clip(query @ np.swapaxes(keys, -1, -2) / query.shape[-1] ** 0.5, -80, 80))
    return weights / weights.sum(axis=-1, keepdims=True) @ values, (keys, values)


EQUIVALENT = {"1 -> -1 (3)": "cache[-1] is cache[1]"}
