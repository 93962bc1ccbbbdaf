"""Tokens -> tokens: a causal transformer that first reads something else, words or an image, and
then writes.
"""

import keras
import tensorflow as tf
from keras import layers, ops

from genimg_lib.nn.transformer import Block, CausalTransformer


class Reader(layers.Layer):
    """A source of tokens or features -> one vector for every position that is to be written.

    The source goes through blocks in which everything sees everything. Then each position of the
    output looks at it with a query of its own: cross-attention, at the input only, so that decoding
    does it once and not once per token. Source: Jaegle et al. (Perceiver IO), arXiv:2107.14795,
    section 3.

    Args:
        length: positions that are to be written.
        source_length: positions of the source.
        source_vocabulary: the source is tokens below this, (batch, source_length), 0 where it has
            ended; or `None`: it is features (batch, source_length, dimension), zeros where it has
            ended.
        source_depth: blocks.
        width, heads: of blocks and attention.
    """

    def __init__(
        self,
        length,
        source_length,
        source_vocabulary=None,
        *,
        source_depth=1,
        width=64,
        heads=2,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.length = length
        self.source_length = source_length
        self.width = width
        if source_vocabulary is None:
            self.embed = layers.Dense(width)
        else:
            self.embed = layers.Embedding(source_vocabulary, width)
        self.blocks = [Block(width, heads) for _ in range(source_depth)]
        self.norm = layers.RMSNormalization()
        self.attention = layers.MultiHeadAttention(2 * heads, width // (2 * heads))

    def build(self, shape):
        random = keras.initializers.RandomNormal(stddev=0.02)
        self.positions = self.add_weight(
            name="positions", shape=(self.source_length, self.width), initializer=random
        )
        self.queries = self.add_weight(
            name="queries", shape=(self.length, self.width), initializer=random
        )
        self.embed.build(shape)
        for layer in (*self.blocks, self.norm):
            layer.build((None, self.width))
        self.attention.build(
            (None, self.length, self.width), (None, self.source_length, self.width)
        )

    def call(self, source):
        x = ops.reshape(self.embed(source) + self.positions, (-1, self.width))
        for block in self.blocks:
            x, _ = block(x, ops.zeros((self.source_length, self.source_length)))
        x = ops.reshape(self.norm(x), (-1, self.source_length, self.width))
        queries = ops.broadcast_to(self.queries, (ops.shape(x)[0], *self.queries.shape))
        return self.attention(queries, x)


class ReadingTransformer(CausalTransformer):
    """p(tokens | source): the conditions of a `CausalTransformer` are a source that a `Reader`
    reads.

    Args:
        vocabulary_size, length: of the tokens that are written.
        source_shape: (positions,) of a source of tokens, (positions, dimension) of one of features.
        source_vocabulary, source_depth: see `Reader`.
        options: `width`, `depth` and `heads` of the `Transformer`; width and heads are the reader's
            too.
    """

    def __init__(
        self,
        vocabulary_size,
        length,
        source_shape,
        source_vocabulary=None,
        *,
        source_depth=1,
        heads=2,
        **options,
    ):
        self.source_shape = tuple(source_shape)
        # `super` calls `build_conditions`, which needs them
        self.source_vocabulary = source_vocabulary
        self.source_depth = source_depth
        self.source_heads = heads
        super().__init__(vocabulary_size, length, heads=heads, **options)

    def build_conditions(self, width):
        self.reader = Reader(
            self.length,
            self.source_shape[0],
            self.source_vocabulary,
            source_depth=self.source_depth,
            width=width,
            heads=self.source_heads,
        )
        self.reader.build((None, *self.source_shape))

    def condition_vectors(self, conditions):
        return self.reader(conditions)

    def no_conditions(self, conditions):
        return ops.zeros_like(conditions)

    def check_conditions(self, conditions, count):
        conditions = tf.convert_to_tensor(conditions)
        if tuple(conditions.shape) != (count, *self.source_shape):
            raise ValueError(
                f"expected {count} sources of shape {self.source_shape}, got "
                f"{tuple(conditions.shape)}"
            )
        return conditions
