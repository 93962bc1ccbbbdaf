"""Pre-norm transformers: embeddings -> logits; and the causal one that turns tokens into the next
token, with a cache.

Source: Vaswani et al., arXiv:1706.03762; the norm before each part: Xiong et al., arXiv:2002.04745.
"""

import math

import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops

from genimg_lib.data.images import check_conditions, check_fixed
from genimg_lib.nn import sampling
from genimg_lib.nn.watermark import list_of


class Attention(layers.Layer):
    """Multi-head self-attention that can go on from the keys and values of earlier positions.

    Args:
        width: numbers per position, a multiple of `heads`.
        heads: how many attention maps are made side by side.
    """

    def __init__(self, width: int, heads: int, **kwargs):
        super().__init__(**kwargs)
        if width % heads:
            raise ValueError(f"width must be a multiple of heads, got {width} and {heads}")
        self.width = width
        self.heads = heads
        self.project_in = layers.Dense(3 * width, use_bias=False)
        self.project_out = layers.Dense(width, use_bias=False)

    def build(self, shape):
        self.project_in.build(shape)
        self.project_out.build(shape)

    def call(self, x, mask, cache=None, start=0):
        """The positions of every sequence look at those in the cache and at each other.

        `x` (batch * n, width) holds n positions of every sequence as rows. `mask` (n, positions) is
        0 where they may look and very negative where not. `cache` is `None` or a pair of keys and
        values, each (batch, heads, length, width / heads), of which those before `start` are known.
        Returns the mixed values, as rows, and the keys and values, with the new ones written into
        the cache if there is one.
        """
        queries, keys, values = self._project(x, mask)
        if cache is not None:
            keys = ops.slice_update(cache[0], (0, 0, start, 0), keys)
            values = ops.slice_update(cache[1], (0, 0, start, 0), values)
        weights = self._attend(queries, keys, mask)
        mixed = tf.einsum("bhqk,bhkd->bqhd", weights, values)
        rows = ops.reshape(mixed, (-1, self.width))
        return self.project_out(rows), (keys, values)

    def maps(self, x, mask):
        """Who looks where: (batch, heads, n, n), every row a distribution."""
        queries, keys, _ = self._project(x, mask)
        return self._attend(queries, keys, mask)

    def _project(self, x, mask):
        """Rows (batch * n, width) -> queries, keys and values: (batch, heads, n, width / heads)."""
        count = ops.shape(mask)[0]
        size = self.width // self.heads
        parts = ops.reshape(self.project_in(x), (-1, count, 3, self.heads, size))
        parts = ops.transpose(parts, (2, 0, 3, 1, 4))
        return ops.unstack(parts, 3)

    def _attend(self, queries, keys, mask):
        """Attention weights (batch, heads, n, positions); every row sums to 1."""
        scaled = queries / math.sqrt(self.width // self.heads)
        scores = ops.cast(tf.einsum("bhqd,bhkd->bhqk", scaled, keys), "float32")
        scores = scores + ops.cast(mask, "float32")
        # on a CPU faster than softmax for few rows
        weights = ops.exp(scores - ops.max(scores, axis=-1, keepdims=True))
        return ops.cast(weights / ops.sum(weights, axis=-1, keepdims=True), queries.dtype)


class Block(layers.Layer):
    """x + attention(norm(x)), then x + MLP(norm(x)), whose hidden layer is four times as wide."""

    def __init__(self, width: int, heads: int, **kwargs):
        super().__init__(**kwargs)
        self.norms = [layers.RMSNormalization(), layers.RMSNormalization()]
        self.attention = Attention(width, heads)
        self.widen = layers.Dense(4 * width, activation="relu")
        self.narrow = layers.Dense(width)

    def build(self, shape):
        for layer in (*self.norms, self.attention, self.widen):
            layer.build(shape)
        self.narrow.build((None, self.widen.units))

    def call(self, x, mask, cache=None, start=0):
        """Rows -> rows, and the keys and values; arguments as for `Attention`."""
        mixed, cache = self.attention(self.norms[0](x), mask, cache, start=start)
        x = x + mixed
        hidden = self.widen(self.norms[1](x))
        return x + self.narrow(hidden), cache


class Transformer(layers.Layer):
    """Embeddings (batch, n, width) -> logits (batch, n, vocabulary_size), with a learned vector for
    every position.

    Args:
        vocabulary_size: logits per position.
        groups: for every position the number of its group; a position sees its own group and those
            before it. All different and rising is causal, all equal is bidirectional, one number
            per scale is next-scale prediction.
        width, depth, heads: of the blocks.
    """

    def __init__(
        self,
        vocabulary_size: int,
        groups,
        *,
        width: int = 64,
        depth: int = 3,
        heads: int = 2,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.width = width
        self.depth = depth
        self.heads = heads
        groups = np.asarray(groups)
        self.length = len(groups)
        visible = groups[:, None] >= groups[None, :]
        self.mask = np.where(visible, 0.0, -1e9).astype(np.float32)
        self.blocks = [Block(width, heads) for _ in range(depth)]
        self.norm = layers.RMSNormalization()
        self.head = layers.Dense(vocabulary_size, name="head")
        self.positions = self.add_weight(
            name="positions",
            shape=(self.length, width),
            initializer=keras.initializers.RandomNormal(stddev=0.02),
        )
        for layer in (*self.blocks, self.norm, self.head):
            layer.build((None, width))
        self.built = True

    def call(self, x):
        """The first n positions at once. Raises `ValueError` for more positions than there are."""
        if (x.shape[1] or 0) > self.length:
            raise ValueError(f"there are {self.length} positions, got {x.shape[1]}")
        count = ops.shape(x)[1]
        mask = ops.convert_to_tensor(self.mask)[:count, :count]
        return self._logits(self._through_blocks(x, mask), count)

    def logits_of(self, x, mask, start, count):
        """The logits of the `count` positions from `start` on, (batch, count, vocabulary_size).

        `x` (batch, length, width) holds all positions; `mask` (length, length) takes the place of
        the groups: see `Attention`.
        """
        rows = ops.reshape(self._through_blocks(x, mask), (-1, self.length, self.width))
        return self._logits(ops.reshape(rows[:, start : start + count], (-1, self.width)), count)

    def extend(self, x, cache, start, mask=None):
        """The n positions from `start` on, given those before in `cache`: returns their logits and
        the cache with them.

        `x` (batch, n, width) must not stop within a group. Equal to `call` on all positions up to
        rounding. `mask` is for all positions, as for `logits_of`; what it lets the n positions see
        must be in the cache or among them.
        """
        count = x.shape[1]
        mask = ops.slice(self.mask if mask is None else mask, (start, 0), (count, self.length))
        rows = self._rows(x, start)
        extended = []
        for block, earlier in zip(self.blocks, cache, strict=True):
            rows, later = block(rows, mask, earlier, start=start)
            extended.append(later)
        return self._logits(rows, count), extended

    def empty_cache(self, batch):
        """Keys and values of every block, (batch, heads, length, width / heads), all still to be
        written.
        """
        shape = (batch, self.heads, self.length, self.width // self.heads)
        nothing = ops.zeros(shape, self.compute_dtype)
        return [(nothing, nothing)] * self.depth

    def _through_blocks(self, x, mask):
        """Embeddings of the first n positions -> what the blocks make of them, as rows."""
        rows = self._rows(x, 0)
        for block in self.blocks:
            rows, _ = block(rows, mask)
        return rows

    def _rows(self, x, start):
        """Adds the vectors of the positions from `start` on, and makes every position a row:
        (batch * n, width).

        Rows, because a dense layer on three axes runs ten more TensorFlow operations.
        """
        positions = ops.slice(self.positions, (start, 0), (ops.shape(x)[1], self.width))
        return ops.reshape(x + ops.cast(positions, x.dtype), (-1, self.width))

    def _logits(self, rows, count):
        """Rows (batch * count, width) -> logits (batch, count, vocabulary_size) in float32."""
        logits = ops.cast(self.head(self.norm(rows)), "float32")
        return ops.reshape(logits, (-1, count, self.head.units))

    def attention_maps(self, x):
        """Who looks where in every block: a list of `depth` tensors (batch, heads, n, n)."""
        count = ops.shape(x)[1]
        mask = ops.convert_to_tensor(self.mask)[:count, :count]
        rows = self._rows(x, 0)
        maps = []
        for block in self.blocks:
            maps.append(block.attention.maps(block.norms[0](rows), mask))
            rows, _ = block(rows, mask)
        return maps


class CausalTransformer(keras.Model):
    """Tokens -> logits of the next token, after a start that can carry a condition (a class).

    Args:
        vocabulary_size: tokens are 0 to vocabulary_size - 1.
        length: the longest sequence.
        num_conditions: conditions are 0 to num_conditions - 1; one more, the number itself, stands
            for none.
        options: `width`, `depth` and `heads` of the `Transformer`.
    """

    def __init__(self, vocabulary_size: int, length: int, *, num_conditions: int = 0, **options):
        super().__init__()
        self.vocabulary_size = vocabulary_size
        self.length = length
        self.num_conditions = num_conditions
        self.transformer = Transformer(vocabulary_size, range(length), **options)
        self.build_conditions(self.transformer.width)
        # the last row is the start
        self.token_embedding = layers.Embedding(vocabulary_size + 1, self.transformer.width)
        self.token_embedding.build(None)
        self.built = True
        self._decode = tf.function(self._decode_cached, autograph=False, reduce_retracing=True)
        self._decode_with_xla = tf.function(
            self._decode_cached, autograph=False, reduce_retracing=True, jit_compile=True
        )
        self._compiled_last_logits = tf.function(
            self._last_logits, autograph=False, reduce_retracing=True
        )

    def call(self, tokens, conditions=None):
        """Tokens (batch, n) -> logits (batch, n + 1, vocabulary_size): of the first token, and
        of the one after each.
        """
        return self.transformer(self._embed(tokens, conditions))

    def attention_maps(self, tokens, conditions=None):
        """Where each of the n + 1 positions looks: a list of `depth` tensors (batch, heads, n +
        1, n + 1).
        """
        return self.transformer.attention_maps(self._embed(tokens, conditions))

    def token_nll(self, tokens, conditions=None):
        """-log p of each token given those before it, in nats: (batch, n); its sum over n is
        exact, not a bound.
        """
        logits = self(tokens[:, :-1], conditions)
        return tf.nn.sparse_softmax_cross_entropy_with_logits(ops.cast(tokens, "int32"), logits)

    def draw(
        self,
        fixed,
        conditions=None,
        *,
        seed=None,
        temperature=1.0,
        top_k=None,
        top_p=None,
        guidance=1.0,
        watermark=None,
        jit_compile=False,
    ) -> tf.Tensor:
        """Draws a sequence for each row of `fixed`, one token at a time, with a cache and in one
        compiled loop.

        Args:
            fixed: (batch, n) whole numbers: a token where it is given, -1 where it is to be drawn.
                A prompt is a row that starts with tokens, prompts of different lengths are padded
                with -1, and an image to complete has tokens anywhere.
            conditions: (batch,) whole numbers, or `None` for no condition.
            seed: an integer or a `keras.random.SeedGenerator`.
            temperature, top_k, top_p: see `sampling.choose`.
            guidance: see `sampling.guide`; anything but 1 runs every position with and without the
                condition.
            watermark: a `Watermark` for this vocabulary, whose green tokens become likelier, after
                guidance and before `top_k` and `top_p`; or `None`.
            jit_compile: compile the loop with XLA, which takes seconds for each new shape of
                `fixed` and then saves most of the time of small batches. XLA has other random
                numbers: a seed then draws other tokens.

        Returns `int32` tokens (batch, n). Raises `ValueError` for an option or a token out of range
        or n > `length`.
        """
        fixed, conditions = self._checked(fixed, conditions)
        sampling.check_options(temperature=temperature, top_k=top_k, top_p=top_p, guidance=guidance)
        # tensors where a Python number would make TensorFlow trace the loop again
        scale = None if guidance == 1.0 else tf.constant(float(guidance))
        top_p = None if top_p is None else tf.constant(float(top_p))
        marks, context = self._marks(watermark, fixed.shape[1])
        decode = self._decode_with_xla if jit_compile else self._decode
        return decode(
            fixed,
            conditions,
            sampling.stateless_seed(seed),
            tf.constant(float(temperature)),
            scale,
            top_k,
            top_p,
            marks,
            context,
        )

    def draw_uncached(
        self,
        fixed,
        conditions=None,
        *,
        seed=None,
        temperature=1.0,
        top_k=None,
        top_p=None,
        guidance=1.0,
        watermark=None,
    ):
        """What `draw` does, in the plainest way: the whole prefix goes through the network for
        every token.
        """
        fixed, conditions = self._checked(fixed, conditions)
        sampling.check_options(temperature=temperature, top_k=top_k, top_p=top_p, guidance=guidance)
        marks, context = self._marks(watermark, fixed.shape[1])
        seed = sampling.stateless_seed(seed)
        tokens = fixed[:, :0]
        for position in range(fixed.shape[1]):
            logits = self._compiled_last_logits(tokens, conditions)
            if guidance != 1.0:
                nothing = self.no_conditions(conditions)
                unconditional = self._compiled_last_logits(tokens, nothing)
                logits = sampling.guide(logits, unconditional, guidance)
            if marks is not None:
                previous = self._with_start(tokens)[:, -1]
                logits = logits + ops.take(marks, list_of(context, previous, position), axis=0)
            noise = sampling.gumbel(logits.shape, seed, position)
            drawn = sampling.choose(logits, noise, temperature, top_k, top_p)
            given = fixed[:, position]
            chosen = ops.where(given < 0, drawn, given)
            tokens = ops.concatenate([tokens, chosen[:, None]], axis=1)
        return tokens

    def _last_logits(self, tokens, conditions):
        return self(tokens, conditions)[:, -1]

    def _marks(self, watermark, length: int):
        """What a watermark adds to the logits, by list, and how a list is chosen; or two `None`."""
        if watermark is None:
            return None, None
        if (watermark.vocabulary_size, watermark.length) != (self.vocabulary_size, length):
            raise ValueError(
                f"the watermark is for {watermark.length} of {watermark.vocabulary_size} tokens, "
                f"the sequence has {length} of {self.vocabulary_size}"
            )
        return tf.constant(watermark.bias), watermark.context

    def _decode_cached(
        self, fixed, conditions, seed, temperature, scale, top_k, top_p, marks, context
    ):
        """The loop of `draw`. With guidance the batch is twice as long: first with the conditions,
        then without.
        """
        guided = scale is not None
        batch = ops.shape(fixed)[0]
        length = ops.shape(fixed)[1]
        if guided:
            conditions = ops.concatenate([conditions, self.no_conditions(conditions)])
        vectors = self.condition_vectors(conditions)
        last_vector = vectors.shape[1] - 1

        def unfinished(position, last, tokens, cache):
            return position < length

        def step(position, last, tokens, cache):
            # retraced for any length, TensorFlow has forgotten that it is one token
            last = ops.reshape(last, (-1, 1))
            x = self.token_embedding(ops.tile(last, (2 if guided else 1, 1)))
            x = x + ops.take(vectors, ops.minimum(position, last_vector), axis=1)[:, None]
            logits, cache = self.transformer.extend(x, cache, position)
            logits = logits[:, 0]
            if guided:
                conditional, unconditional = ops.split(logits, 2)
                logits = sampling.guide(conditional, unconditional, scale)
            if marks is not None:
                lists = list_of(context, last[:, 0], position)
                logits = logits + ops.take(marks, lists, axis=0)
            noise = sampling.gumbel((batch, self.vocabulary_size), seed, position)
            drawn = sampling.choose(logits, noise, temperature, top_k, top_p)[:, None]
            given = ops.slice(fixed, (0, position), (batch, 1))
            last = ops.where(given < 0, drawn, given)
            tokens = ops.slice_update(tokens, (0, position), last)
            return position + 1, last, tokens, cache

        start = self._with_start(fixed[:, :0])
        cache = self.transformer.empty_cache(ops.shape(conditions)[0])
        _, _, tokens, _ = tf.while_loop(unfinished, step, (0, start, fixed, cache))
        return tokens

    def _with_start(self, tokens):
        """Tokens (batch, n) behind the start token: (batch, n + 1)."""
        return tf.pad(tokens, [[0, 0], [1, 0]], constant_values=self.vocabulary_size)

    def _embed(self, tokens, conditions):
        if conditions is None:
            conditions = ops.full((ops.shape(tokens)[0],), self.num_conditions, "int32")
        embedded = self.token_embedding(self._with_start(tokens))
        return embedded + self.condition_vectors(conditions)[:, : ops.shape(embedded)[1]]

    def _checked(self, fixed, conditions):
        fixed = check_fixed(fixed, self.vocabulary_size, self.length)
        conditions = self.check_conditions(conditions, len(fixed))
        return ops.convert_to_tensor(fixed), ops.convert_to_tensor(conditions)

    def build_conditions(self, width: int):
        """Builds what `condition_vectors` needs; another model may condition on something else
        than a label.
        """
        self.condition_embedding = layers.Embedding(self.num_conditions + 1, width)
        self.condition_embedding.build(None)

    def condition_vectors(self, conditions):
        """What is added at every position, (batch, 1 or length, width): at the start alone it is
        soon forgotten.
        """
        return self.condition_embedding(conditions)[:, None]

    def no_conditions(self, conditions):
        """As many conditions that say nothing."""
        return ops.full_like(conditions, self.num_conditions)

    def check_conditions(self, conditions, count: int):
        """Returns `count` conditions as an array, or raises `ValueError`."""
        return check_conditions(conditions, count, self.num_conditions)
