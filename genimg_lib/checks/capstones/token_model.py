"""The image GPT of the course as plain arrays, and the slow sampler that capstone 91.2 is
measured against.
"""

import math
from typing import NamedTuple

import numpy as np


class Block(NamedTuple):
    """One block of the transformer; `attention_in` makes queries, keys and values, in this
    order, side by side.
    """

    norm_1: np.ndarray  # (width,)
    attention_in: np.ndarray  # (width, 3 * width)
    attention_out: np.ndarray  # (width, width)
    norm_2: np.ndarray  # (width,)
    widen: np.ndarray  # (width, 4 * width)
    widen_bias: np.ndarray  # (4 * width,)
    narrow: np.ndarray  # (4 * width, width)
    narrow_bias: np.ndarray  # (width,)


class TokenModel(NamedTuple):
    """A causal transformer over image tokens; the last row of `tokens` is the start, that of
    `classes` no class.
    """

    tokens: np.ndarray  # (vocabulary + 1, width)
    classes: np.ndarray  # (classes + 1, width)
    positions: np.ndarray  # (length, width)
    blocks: list[Block]
    norm: np.ndarray  # (width,)
    head: np.ndarray  # (width, vocabulary)
    head_bias: np.ndarray  # (vocabulary,)
    heads: int


def shipped() -> TokenModel:
    """The image GPT that the course ships, in `float32`."""
    from genimg_lib.evaluation import pretrained

    network = pretrained.load("image_gpt").network
    transformer = network.transformer
    blocks = []
    for block in transformer.blocks:
        attention = block.attention.project_in.kernel, block.attention.project_out.kernel
        first, second = (norm.scale for norm in block.norms)
        parts = (
            first,
            *attention,
            second,
            block.widen.kernel,
            block.widen.bias,
            block.narrow.kernel,
            block.narrow.bias,
        )
        blocks.append(Block(*map(_numbers, parts)))
    tables = (
        network.token_embedding.embeddings,
        network.condition_embedding.embeddings,
        transformer.positions,
    )
    last = transformer.norm.scale, transformer.head.kernel, transformer.head.bias
    return TokenModel(*map(_numbers, tables), blocks, *map(_numbers, last), transformer.heads)


def _numbers(variable) -> np.ndarray:
    return variable.numpy()


def random_model(
    seed: int, *, width: int, heads: int, depth: int, vocabulary: int, length: int, classes: int
) -> TokenModel:
    """A model of any size with random weights, in which position, class and every earlier token
    matter.
    """
    random = np.random.default_rng(seed)

    def matrix(*shape, scale=1.0):
        return (scale * random.normal(size=shape) / math.sqrt(shape[0])).astype(np.float32)

    def vector(size):
        return (1 + 0.2 * random.normal(size=size)).astype(np.float32)

    def block():
        attention = matrix(width, 3 * width, scale=1.5), matrix(width, width, scale=1.5)
        dense = matrix(width, 4 * width), vector(4 * width), matrix(4 * width, width), vector(width)
        return Block(vector(width), *attention, vector(width), *dense)

    tables = [
        random.normal(size=(rows, width)).astype(np.float32)
        for rows in (vocabulary + 1, classes + 1, length)
    ]
    blocks = [block() for _ in range(depth)]
    return TokenModel(
        *tables,
        blocks,
        vector(width),
        matrix(width, vocabulary, scale=2.0),
        vector(vocabulary),
        heads,
    )


def norm(x, scale):
    return x / np.sqrt(np.mean(x * x, axis=-1, keepdims=True) + 1e-6) * scale


def attention(x, block, heads):
    batch, count, width = x.shape
    parts = (x @ block.attention_in).reshape(batch, count, 3, heads, width // heads)
    # each (batch, heads, count, width / heads)
    queries, keys, values = np.transpose(parts, (2, 0, 3, 1, 4))
    scores = queries @ keys.swapaxes(-1, -2) / math.sqrt(width // heads)
    scores = np.where(np.tri(count, dtype=bool), scores, -np.inf)
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights /= weights.sum(axis=-1, keepdims=True)
    return (weights @ values).swapaxes(1, 2).reshape(batch, count, width) @ block.attention_out


def next_logits(model, tokens, classes):
    """Tokens (batch, n) and classes (batch,) -> logits of token n + 1: (batch, vocabulary)."""
    start = np.full((len(tokens), 1), len(model.tokens) - 1)
    sequence = np.concatenate([start, tokens], axis=1)
    x = (
        model.tokens[sequence]
        + model.classes[classes][:, None]
        + model.positions[: sequence.shape[1]]
    )
    for block in model.blocks:
        x = x + attention(norm(x, block.norm_1), block, model.heads)
        hidden = np.maximum(norm(x, block.norm_2) @ block.widen + block.widen_bias, 0)
        x = x + hidden @ block.narrow + block.narrow_bias
    return norm(x[:, -1], model.norm) @ model.head + model.head_bias


def sample_slowly(model, prompts, classes, seed, guidance):
    """What `sample_tokens` must draw, and how far each draw was from another one: two arrays
    (batch, length).
    """
    length = len(model.positions)
    vocabulary = model.head.shape[1]
    noise = np.random.default_rng(seed).gumbel(size=(length, len(prompts), vocabulary))
    nothing = np.full(len(prompts), len(model.classes) - 1)
    tokens = prompts
    margins = np.full(prompts.shape, np.inf)
    for position in range(prompts.shape[1], length):
        unconditional = next_logits(model, tokens, nothing)
        guided = unconditional + guidance * (next_logits(model, tokens, classes) - unconditional)
        noisy = guided + noise[position]
        second, first = np.partition(noisy, -2, axis=1)[:, -2:].T
        tokens = np.concatenate([tokens, np.argmax(noisy, axis=1)[:, None]], axis=1)
        margins = np.concatenate([margins, (first - second)[:, None]], axis=1)
    return tokens, margins
