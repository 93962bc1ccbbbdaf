"""The Llama network with a cache, on the weights of KerasHub's `Llama3Backbone`.

`LanguageModel` decodes with it. KerasHub's own cached call makes ten times as many TensorFlow
operations, which costs seconds of tracing and half of every step.

Sources: Touvron et al., arXiv:2302.13971, section 2.2; rotary positions: Su et al.,
arXiv:2104.09864, section 3.4.2; keys and values shared by several heads: Ainslie et al.,
arXiv:2305.13245.
"""

import math

import tensorflow as tf
from keras import ops

from genimg_lib.nn.private_names import llama_block


def fits(backbone) -> bool:
    """Whether the backbone is a Llama without the options that this module leaves out."""
    if type(backbone).__name__ not in ("LlamaBackbone", "Llama3Backbone"):
        return False
    scales_positions = getattr(backbone, "rope_frequency_adjustment_factor", 0) is not None
    return not scales_positions and not backbone.dropout


def empty_cache(backbone, batch, length):
    """Zeros for the keys and values of every block.

    A list of (keys, values), each (batch, key-value heads, length, numbers of a head).
    """
    size = backbone.hidden_dim // backbone.num_query_heads
    nothing = tf.zeros((batch, backbone.num_key_value_heads, length, size))
    return [(nothing, nothing)] * backbone.num_layers


def extend(backbone, tokens, cache, start):
    """The tokens (batch, n) from position `start` on, given those before in `cache`.

    Returns the logits after the last of them, (batch, vocabulary), and the cache with the n
    positions written into it.
    """
    batch = tf.shape(tokens)[0]
    count = tf.shape(tokens)[1]
    positions = start + tf.range(count)
    turn = _angles(backbone, positions)
    # (n, length)
    mask = tf.where(positions[:, None] >= tf.range(tf.shape(cache[0][0])[2]), 0.0, -1e9)
    x = tf.reshape(
        tf.gather(backbone.token_embedding.embeddings, tokens), (-1, backbone.hidden_dim)
    )
    extended = []
    for block, earlier in zip(backbone.transformer_layers, cache, strict=True):
        layers = llama_block(block)
        normed = _norm(x, layers.attention_norm)
        mixed, later = _attend(backbone, layers, normed, batch, count, turn, mask, earlier, start)
        x = x + mixed
        normed = _norm(x, layers.feedforward_norm)
        gate = tf.nn.silu(normed @ layers.gate.kernel)
        wide = gate * (normed @ layers.intermediate.kernel)
        x = x + wide @ layers.feedforward_output.kernel
        extended.append(later)
    last = _norm(tf.reshape(x, (batch, count, -1))[:, -1], backbone.layer_norm)
    embedding = backbone.token_embedding
    if backbone.tie_word_embeddings:
        return tf.matmul(last, embedding.embeddings, transpose_b=True), extended
    return last @ embedding.reverse_embeddings, extended


def _attend(backbone, layers, x, batch, count, turn, mask, cache, start):
    """Rows (batch * n, width) -> rows, and the cache; several queries share a key and a value."""
    heads = backbone.num_query_heads
    shared = backbone.num_key_value_heads
    size = x.shape[-1] // heads

    def project(layer, number):  # (batch, number, n, size)
        flat = x @ tf.reshape(layer.kernel, (-1, number * size))
        return tf.transpose(tf.reshape(flat, (batch, count, number, size)), (0, 2, 1, 3))

    earlier_keys, earlier_values = cache
    queries = _rotate(project(layers.query, heads), turn)
    new_keys = _rotate(project(layers.key, shared), turn)
    keys = ops.slice_update(earlier_keys, (0, 0, start, 0), new_keys)
    values = ops.slice_update(earlier_values, (0, 0, start, 0), project(layers.value, shared))
    queries = tf.reshape(queries / math.sqrt(size), (batch, shared, -1, size))
    # (batch, shared, heads / shared * n, length)
    scores = tf.matmul(queries, keys, transpose_b=True)
    weights = tf.nn.softmax(scores + tf.tile(mask, (heads // shared, 1)))
    mixed = tf.reshape(weights @ values, (batch, heads, count, size))
    rows = tf.reshape(tf.transpose(mixed, (0, 2, 1, 3)), (-1, heads * size))
    output_kernel = tf.reshape(layers.attention_output.kernel, (heads * size, -1))
    return rows @ output_kernel, (keys, values)


def _norm(x, layer):
    mean_square = tf.reduce_mean(x * x, axis=-1, keepdims=True)
    return x * tf.math.rsqrt(mean_square + layer.epsilon) * layer.scale


def _angles(backbone, positions):
    """Cosine and sine, (n, size / 2), of the angle of each pair of numbers at each position."""
    size = backbone.hidden_dim // backbone.num_query_heads
    wavelengths = backbone.rope_max_wavelength ** (tf.range(0, size, 2, dtype="float32") / size)
    angles = tf.cast(positions, "float32")[:, None] / wavelengths
    return tf.cos(angles), tf.sin(angles)


def _rotate(x, turn):
    """Turns the pairs (first half, second half) of the last axis."""
    first, second = tf.split(x, 2, axis=-1)
    cosine, sine = turn
    return tf.concat([first * cosine - second * sine, second * cosine + first * sine], axis=-1)
