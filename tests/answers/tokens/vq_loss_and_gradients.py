import numpy as np
import tensorflow as tf
from answers import right, wrong


def parts(features, codebook, tokens, beta, decoder_gradient):
    """The three right results, to be spoiled one at a time."""
    gaps = features - codebook[tokens]
    pull = 2 * gaps / gaps.size
    codebook_gradient = np.zeros(codebook.shape)
    np.add.at(codebook_gradient, tokens, -pull)
    return (1 + beta) * np.mean(gaps**2), decoder_gradient + beta * pull, codebook_gradient


@right
def with_one_hot(features, codebook, tokens, beta, decoder_gradient):
    chosen = np.eye(len(codebook))[tokens]
    gaps = features - chosen @ codebook
    loss = np.mean(gaps**2) + beta * np.mean(gaps**2)
    return (
        loss,
        decoder_gradient + 2 * beta * gaps / features.size,
        -2 / features.size * chosen.T @ gaps,
    )


@right
def with_loops(features, codebook, tokens, beta, decoder_gradient):
    loss, of_features, of_codebook = 0.0, decoder_gradient.astype(float), np.zeros(codebook.shape)
    for row, token in enumerate(tokens):
        gap = features[row] - codebook[token]
        loss += (1 + beta) * sum(gap**2) / features.size
        of_features[row] += 2 * beta * gap / features.size
        of_codebook[token] += 2 * (codebook[token] - features[row]) / features.size
    return [loss, of_features, of_codebook]


@right
def with_a_tape(features, codebook, tokens, beta, decoder_gradient):
    z, e = tf.Variable(features), tf.Variable(codebook)
    with tf.GradientTape() as tape:
        codes = tf.gather(e, tokens)
        loss = tf.reduce_mean((tf.stop_gradient(z) - codes) ** 2) + beta * tf.reduce_mean(
            (z - tf.stop_gradient(codes)) ** 2
        )
        whole = loss + tf.reduce_sum((z + tf.stop_gradient(codes - z)) * decoder_gradient)
    return loss, *(tf.convert_to_tensor(gradient) for gradient in tape.gradient(whole, [z, e]))


def spoiled(fragment, name, change):
    def answer(features, codebook, tokens, beta, decoder_gradient):
        found = parts(features, codebook, tokens, beta, decoder_gradient)
        gaps = features - codebook[tokens]
        return change(*found, gaps, 2 * gaps / gaps.size, beta, decoder_gradient, tokens)

    answer.__name__ = name
    return wrong(fragment)(answer)


def last_only(shape, tokens, pull):
    gradient = np.zeros(shape)
    gradient[tokens] -= pull
    return gradient


def received(shape, tokens, decoder):
    gradient = np.zeros(shape)
    np.add.at(gradient, tokens, decoder)
    return gradient


def counts(shape, tokens):
    return np.maximum(np.bincount(tokens, minlength=shape[0]), 1)[:, None]


spoiled("the sum is taken", "sum", lambda s, f, c, g, p, b, d, t: (s * g.size, f, c))
spoiled(
    "squares are summed over the dimensions",
    "per vector",
    lambda s, f, c, g, p, b, d, t: (s * g.shape[1], f, c),
)
spoiled(
    "beta weighs both terms", "both", lambda s, f, c, g, p, b, d, t: (2 * b * s / (1 + b), f, c)
)
spoiled(
    "the codebook term is missing",
    "commitment only",
    lambda s, f, c, g, p, b, d, t: (b * s / (1 + b), f, c),
)
spoiled(
    "the commitment is missing: it",
    "codebook only",
    lambda s, f, c, g, p, b, d, t: (s / (1 + b), f, c),
)
spoiled("times the mean squared gap", "root", lambda s, f, c, g, p, b, d, t: (np.sqrt(s), f, c))
spoiled(
    "straight through means that it is copied",
    "stopped",
    lambda s, f, c, g, p, b, d, t: (s, b * p, c),
)
spoiled(
    "with weight 1 whatever beta is", "legacy", lambda s, f, c, g, p, b, d, t: (s, d + p, b * c)
)
spoiled(
    "both terms pull at the features",
    "unstopped",
    lambda s, f, c, g, p, b, d, t: (s, d + (1 + b) * p, c),
)
spoiled(
    "only the decoder's gradient arrives",
    "uncommitted",
    lambda s, f, c, g, p, b, d, t: (s, 1.0 * d, c),
)
spoiled("pushes features away", "sign", lambda s, f, c, g, p, b, d, t: (s, d - b * p, c))
spoiled(
    "the factor 2 of the square", "no two", lambda s, f, c, g, p, b, d, t: (s, d + b * p / 2, c)
)
spoiled(
    "the gradient of a sum", "summed gradient", lambda s, f, c, g, p, b, d, t: (s, d + 2 * b * g, c)
)
spoiled(
    "not by the vectors alone",
    "by vectors",
    lambda s, f, c, g, p, b, d, t: (s, d + b * p * g.shape[1], c),
)
spoiled(
    "the gradient of the features is wrong",
    "decoder averaged",
    lambda s, f, c, g, p, b, d, t: (s, d / len(d) + b * p, c),
)
spoiled("np.add.at does", "fancy", lambda s, f, c, g, p, b, d, t: (s, f, last_only(c.shape, t, p)))
spoiled("codes run away", "codes flee", lambda s, f, c, g, p, b, d, t: (s, f, -c))
spoiled(
    "beta is on the codebook term", "beta on codes", lambda s, f, c, g, p, b, d, t: (s, f, b * c)
)
spoiled(
    "both terms pull at the codes",
    "codes twice",
    lambda s, f, c, g, p, b, d, t: (s, f, (1 + b) * c),
)
spoiled(
    "hands it to the features",
    "decoder to codes",
    lambda s, f, c, g, p, b, d, t: (s, f, c + received(c.shape, t, d)),
)
spoiled("are averaged", "averaged", lambda s, f, c, g, p, b, d, t: (s, f, c / counts(c.shape, t)))
spoiled(
    "the codebook's gradient is wrong", "leaky", lambda s, f, c, g, p, b, d, t: (s, f, c + 0.01)
)
spoiled("things as a tuple", "loss alone", lambda s, f, c, g, p, b, d, t: s)
spoiled("codebook gradient has shape", "of the rows", lambda s, f, c, g, p, b, d, t: (s, f, -p))

spoiled("the step of a descent", "step", lambda s, f, c, g, p, b, d, t: (s, -f, c))
spoiled(
    "codes that nobody chose get NaN",
    "NaN",
    lambda s, f, c, g, p, b, d, t: (s, f, np.where(c == 0, np.nan, c)),
)
spoiled(
    "codes get the gradient of a sum",
    "summed codes",
    lambda s, f, c, g, p, b, d, t: (s, f, c * g.size),
)
spoiled(
    "codes get the gradient divided",
    "codes by vectors",
    lambda s, f, c, g, p, b, d, t: (s, f, c * g.shape[1]),
)
spoiled(
    "a step of k-means",
    "k-means",
    lambda s, f, c, g, p, b, d, t: (s, f, -c * g.size / 2 / counts(c.shape, t)),
)
spoiled(
    "things as a tuple: (loss, feature gradient, codebook gradient); yours is (array",
    "two",
    lambda s, f, c, *rest: (f, c),
)

EQUIVALENT = {}
