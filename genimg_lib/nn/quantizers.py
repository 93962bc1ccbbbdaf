"""Quantizers: features -> codes from a finite set, and codes <-> tokens. FSQ rounds, VQ looks up
a learned codebook.
"""

import keras
import numpy as np
from keras import layers, ops

from genimg_lib.data.arguments import check_number, check_whole
from genimg_lib.nn import replicas
from genimg_lib.nn.losses import straight_through


def fsq_bound(features, levels):
    """Squeezes features (..., len(levels)) so that rounding leaves exactly `levels[i]` whole
    numbers in dimension i.

    An even number of levels cannot be symmetric around 0: 8 levels are -4 to 3. Source: Mentzer et
    al., "Finite scalar quantization", arXiv:2309.15505, appendix A.1.
    """
    levels = np.asarray(levels, np.float32)
    half = (levels - 1.0) * (1.0 + 1e-3) / 2.0
    offset = np.where(levels % 2 == 0, 0.5, 0.0).astype(np.float32)
    return ops.tanh(features + np.arctanh(offset / half)) * half - offset


def fsq_codes_to_tokens(codes, levels):
    """Whole-number codes (..., len(levels)) -> tokens (...), `int32`: the digits of a number
    with mixed base `levels`.
    """
    half = np.asarray(levels, np.int32) // 2
    basis = np.cumprod([1, *levels[:-1]], dtype=np.int32)
    return ops.sum((ops.cast(codes, "int32") + half) * basis, axis=-1)


def fsq_tokens_to_codes(tokens, levels):
    """Undoes `fsq_codes_to_tokens`: `int32` of shape (..., len(levels))."""
    half = np.asarray(levels, np.int32) // 2
    basis = np.cumprod([1, *levels[:-1]], dtype=np.int32)
    return ops.cast(tokens, "int32")[..., None] // basis % np.asarray(levels, np.int32) - half


def nearest_token(vectors, codebook):
    """The row of `codebook` (vocabulary, dimension) nearest to each of `vectors` (...,
    dimension): `int32` of shape (...).
    """
    # |v - c|^2 without |v|^2, which is the same for every code
    distances = ops.sum(ops.square(codebook), axis=-1) - 2.0 * ops.matmul(
        vectors, ops.transpose(codebook)
    )
    return ops.cast(ops.argmin(distances, axis=-1), "int32")


@keras.saving.register_keras_serializable("genimg")
class FSQ(layers.Layer):
    """Finite scalar quantization: every feature is rounded to one of a few levels. There is no
    codebook to learn.

    What can go wrong instead is a saturated tanh: far out on its flat part a feature has no
        gradient and keeps one value.

    Args:
        levels: how many values each feature may take, 2 to 1000 each; the paper advises 5 or more.
            The vocabulary is their product.
    """

    def __init__(self, levels=(8, 6, 5), *, dtype="float32", **kwargs):
        super().__init__(dtype=dtype, **kwargs)  # not Keras's policy: half a level is all there is
        self.levels = tuple(check_whole("each of levels", level, 2) for level in levels)
        if not self.levels or max(self.levels) > 1000:
            raise ValueError(f"levels must be whole numbers from 2 to 1000, got {tuple(levels)}")
        self.dimension = len(self.levels)
        self.vocabulary_size = int(np.prod(self.levels))
        self.built = True

    def call(self, features):
        """Features -> codes in [-1, 1], rounded on the way forward, with the gradient of the
        bound on the way back.
        """
        bounded = fsq_bound(features, self.levels)
        return straight_through(bounded, ops.round(bounded)) / self._half

    def tokens(self, features):
        """Features (..., dimension) -> tokens (...)."""
        return fsq_codes_to_tokens(ops.round(fsq_bound(features, self.levels)), self.levels)

    def codes(self, tokens):
        """Tokens (...) -> codes in [-1, 1], (..., dimension)."""
        return ops.cast(fsq_tokens_to_codes(tokens, self.levels), "float32") / self._half

    def update(self, features, seed):
        """FSQ has no codebook to update."""

    def get_config(self):
        return super().get_config() | {"levels": self.levels}

    @property
    def _half(self):
        return np.asarray(self.levels, np.float32) // 2


@keras.saving.register_keras_serializable("genimg")
class Unrounded(FSQ):
    """FSQ without its rounding: continuous codes in the same range, to tell what the rounding
    costs.

    A `Tokenizer` with it is an autoencoder of continuous codes. Its tokens are still those of FSQ,
    so `encode` loses what the codes keep.
    """

    def call(self, features):
        """Features -> codes in [-1, 1]."""
        return fsq_bound(features, self.levels) / self._half


@keras.saving.register_keras_serializable("genimg")
class VQ(layers.Layer):
    """Vector quantization with a codebook that follows the encoder by exponential moving averages.

    A code that hardly any feature chooses is replaced by a random feature of the batch; this also
    draws the first codebook. Source: van den Oord et al., arXiv:1711.00937, section 3.1 and
    appendix A.1; restarts: Dhariwal et al. (Jukebox), arXiv:2005.00341, section 3.

    Args:
        vocabulary_size: rows of the codebook.
        dimension: numbers per code.
        decay: of the averages.
        restart_below: a code whose average count per step falls below this is replaced; 0 never
            replaces one.
    """

    def __init__(
        self,
        vocabulary_size=240,
        dimension=8,
        decay=0.99,
        restart_below=0.05,
        *,
        dtype="float32",
        **kwargs,
    ):
        super().__init__(dtype=dtype, **kwargs)  # not Keras's policy: averages of many steps
        self.vocabulary_size = check_whole("vocabulary_size", vocabulary_size, 2)
        self.dimension = check_whole("dimension", dimension)
        self.decay = check_number("decay", decay, 0.0, 1.0)
        self.restart_below = check_number("restart_below", restart_below)
        shape = (vocabulary_size, dimension)
        self.codebook = self.add_weight(
            name="codebook", shape=shape, initializer="random_normal", trainable=False
        )
        self.sums = self.add_weight(name="sums", shape=shape, initializer="zeros", trainable=False)
        self.counts = self.add_weight(
            name="counts", shape=(vocabulary_size,), initializer="zeros", trainable=False
        )
        self.built = True

    def call(self, features):
        """Features -> the nearest codes, with the gradient passed straight through to the
        features.
        """
        return straight_through(features, self.codes(self.tokens(features)))

    def tokens(self, features):
        """Features (..., dimension) -> tokens (...)."""
        return nearest_token(features, self.codebook)

    def codes(self, tokens):
        """Tokens (...) -> codes (..., dimension)."""
        return ops.take(self.codebook, tokens, axis=0)

    def update(self, features, seed):
        """Moves the codebook towards the features of one batch, and replaces codes that are
        hardly used.
        """
        features = replicas.all_rows(ops.reshape(features, (-1, self.dimension)))
        chosen = ops.one_hot(self.tokens(features), self.vocabulary_size)
        self.counts.assign(self.decay * self.counts + (1.0 - self.decay) * ops.sum(chosen, axis=0))
        sums = ops.matmul(ops.transpose(chosen), features)
        self.sums.assign(self.decay * self.sums + (1.0 - self.decay) * sums)
        rows = keras.random.randint((self.vocabulary_size,), 0, ops.shape(features)[0], seed=seed)
        dead = self.counts < self.restart_below
        self.sums.assign(ops.where(dead[:, None], ops.take(features, rows, axis=0), self.sums))
        self.counts.assign(ops.where(dead, 1.0, self.counts))
        averages = self.sums / ops.maximum(self.counts, 1e-6)[:, None]
        self.codebook.assign(ops.where(self.counts[:, None] > 1e-6, averages, self.codebook))

    def get_config(self):
        return super().get_config() | {
            "vocabulary_size": self.vocabulary_size,
            "dimension": self.dimension,
            "decay": self.decay,
            "restart_below": self.restart_below,
        }


def codebook_usage(tokens, vocabulary_size: int) -> tuple[float, float]:
    """How much of the vocabulary a set of tokens uses: (share of tokens that occur, perplexity).

    The perplexity is exp(entropy) of the token frequencies, between 1 and `vocabulary_size`: the
    size of a vocabulary, all used equally, that would carry as much information per token.
    """
    frequencies = np.bincount(np.ravel(tokens), minlength=vocabulary_size) / np.size(tokens)
    seen = frequencies[frequencies > 0]
    return len(seen) / vocabulary_size, float(np.exp(-(seen * np.log(seen)).sum()))
