import numpy as np
import tensorflow as tf
from answers import right, wrong


def looked_up(features, codebook, score):
    """An answer that takes, at every place, the code of the highest score: `score` takes vectors
    and codebook.
    """
    tokens = score(np.moveaxis(features, 1, -1), codebook).argmax(-1)
    return tokens, np.moveaxis(codebook[tokens], -1, 1)


def nearness(vectors, codebook):
    return -np.linalg.norm(vectors[..., None, :] - codebook, axis=-1)


@right
def with_norms(features, codebook):
    return looked_up(features, codebook, nearness)


@right
def with_loops(features, codebook):
    batch, dimension, height, width = features.shape
    tokens, codes = np.zeros((batch, height, width), int), np.zeros(features.shape)
    for b, y, x in np.ndindex(tokens.shape):
        tokens[b, y, x] = min(
            range(len(codebook)), key=lambda k: sum((features[b, :, y, x] - codebook[k]) ** 2)
        )
        codes[b, :, y, x] = codebook[tokens[b, y, x]]
    return tokens, codes


@right
def with_tensorflow(features, codebook):
    vectors = tf.transpose(features, (0, 2, 3, 1))
    tokens = tf.argmin(tf.reduce_sum((vectors[..., None, :] - codebook) ** 2, -1), axis=-1)
    return tokens, tf.transpose(tf.gather(codebook, tokens), (0, 3, 1, 2))


@right
def flattened(features, codebook):
    batch, dimension, height, width = features.shape
    rows = features.transpose(0, 2, 3, 1).reshape(-1, dimension)
    tokens = (
        (rows**2).sum(1, keepdims=True) - 2 * rows @ codebook.T + (codebook**2).sum(1)
    ).argmin(1)
    return tokens.reshape(batch, height, width), codebook[tokens].reshape(
        batch, height, width, -1
    ).transpose(0, 3, 1, 2)


@wrong("the largest dot product wins")
def dot_product(features, codebook):
    return looked_up(features, codebook, lambda vectors, codebook: vectors @ codebook.T)


@wrong("reshape does not move the channels")
def reshaped(features, codebook):
    batch, dimension, height, width = features.shape
    rows = features.reshape(-1, dimension)
    tokens = nearness(rows, codebook).argmax(-1)
    return tokens.reshape(batch, height, width), codebook[tokens].reshape(features.shape)


@wrong("argmin, not argmax")
def farthest(features, codebook):
    return looked_up(features, codebook, lambda *given: -nearness(*given))


@wrong("directions are compared")
def cosine(features, codebook):
    def score(vectors, codebook):
        return vectors @ (codebook / np.linalg.norm(codebook, axis=1, keepdims=True)).T

    return looked_up(features, codebook, score)


@wrong("absolute differences")
def manhattan(features, codebook):
    return looked_up(features, codebook, lambda v, c: -np.abs(v[..., None, :] - c).sum(-1))


@wrong("so that they cancel")
def summed_first(features, codebook):
    return looked_up(features, codebook, lambda v, c: -(((v[..., None, :] - c).sum(-1)) ** 2))


@wrong("the product counts twice")
def one_product(features, codebook):
    return looked_up(features, codebook, lambda v, c: v @ c.T - (c**2).sum(1))


@wrong("are not those of the nearest code")
def without_the_square_of_the_length(features, codebook):
    return looked_up(features, codebook, lambda v, c: 2 * v @ c.T - np.linalg.norm(c, axis=1))


@wrong("codes are channels-last")
def channels_last(features, codebook):
    tokens = with_norms(features, codebook)[0]
    return tokens, codebook[tokens]


@wrong("the codes are reshaped")
def reshaped_back(features, codebook):
    tokens = with_norms(features, codebook)[0]
    return tokens, codebook[tokens].reshape(features.shape)


@wrong("these are the features themselves")
def unquantized(features, codebook):
    return with_norms(features, codebook)[0], features.copy()


@wrong("should be codebook[tokens")
def average_code(features, codebook):
    tokens, codes = with_norms(features, codebook)
    return tokens, (codes + features) / 2


@wrong("tokens should be integers")
def real_tokens(features, codebook):
    tokens, codes = with_norms(features, codebook)
    return tokens.astype(float), codes


@wrong("tokens has shape")
def flat_tokens(features, codebook):
    tokens, codes = with_norms(features, codebook)
    return tokens.ravel(), codes


@wrong("return two things as a tuple: (tokens, codes); yours is [[[[")
def codes_alone(features, codebook):
    return with_norms(features, codebook)[1]


@wrong("changes its input in place")
def normalises_in_place(features, codebook):
    codebook /= np.linalg.norm(codebook, axis=1, keepdims=True)
    return with_norms(features, codebook)


@wrong("tokens count from 0")
def from_one(features, codebook):
    tokens, codes = with_norms(features, codebook)
    return tokens + 1, codes


@wrong("return two things as a tuple: (tokens, codes); yours is (array")
def with_a_loss(features, codebook):
    return *with_norms(features, codebook), 0.0


EQUIVALENT = dict.fromkeys(
    ["-1 -> 1 (4)", "1 -> -1 (6)"], "of the two axes of a codebook, 1 is the last"
)
