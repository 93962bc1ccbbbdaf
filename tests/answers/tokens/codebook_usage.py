import collections
import math

import numpy as np
from answers import right, wrong


def shares(tokens):
    return np.unique(tokens, return_counts=True)[1] / tokens.size


@right
def with_bincount(tokens, vocabulary_size):
    frequencies = np.bincount(tokens.ravel(), minlength=vocabulary_size) / tokens.size
    logarithms = np.log(frequencies, where=frequencies > 0, out=np.zeros(vocabulary_size))
    return np.mean(frequencies > 0), np.exp(-frequencies @ logarithms)


@right
def in_bits_with_counter(tokens, vocabulary_size):
    counts = collections.Counter(tokens.ravel().tolist())
    bits = -sum(count / tokens.size * math.log2(count / tokens.size) for count in counts.values())
    return [len(counts) / vocabulary_size, 2**bits]


@right
def as_a_product(tokens, vocabulary_size):
    return np.float32(len(set(tokens.ravel())) / vocabulary_size), np.prod(
        shares(tokens) ** -shares(tokens)
    )


@wrong("unused codes give NaN")
def zero_times_log_zero(tokens, vocabulary_size):
    frequencies = np.bincount(tokens.ravel(), minlength=vocabulary_size) / tokens.size
    with np.errstate(all="ignore"):
        return np.mean(frequencies > 0), np.exp(-np.sum(frequencies * np.log(frequencies)))


@wrong("that is the entropy")
def entropy(tokens, vocabulary_size):
    share, perplexity = with_bincount(tokens, vocabulary_size)
    return share, np.log(perplexity)


@wrong("the sign is missing")
def no_sign(tokens, vocabulary_size):
    share, perplexity = with_bincount(tokens, vocabulary_size)
    return share, 1 / perplexity


@wrong("the base of the power and of the logarithm must agree")
def two_to_the_nats(tokens, vocabulary_size):
    share, perplexity = with_bincount(tokens, vocabulary_size)
    return share, 2 ** np.log(perplexity)


@wrong("count the tokens of all images together")
def per_image(tokens, vocabulary_size):
    return len(np.unique(tokens)) / vocabulary_size, np.mean(
        [with_bincount(image, vocabulary_size)[1] for image in tokens]
    )


@wrong("frequent ones must weigh more")
def codes_in_use(tokens, vocabulary_size):
    return len(np.unique(tokens)) / vocabulary_size, len(np.unique(tokens))


@wrong("weigh its logarithm by its frequency")
def mean_logarithm(tokens, vocabulary_size):
    return len(np.unique(tokens)) / vocabulary_size, np.exp(-np.log(shares(tokens)).mean())


@wrong("squared frequencies")
def simpson(tokens, vocabulary_size):
    return len(np.unique(tokens)) / vocabulary_size, 1 / np.sum(shares(tokens) ** 2)


@wrong("divide by the vocabulary")
def number_of_codes(tokens, vocabulary_size):
    return len(np.unique(tokens)), with_bincount(tokens, vocabulary_size)[1]


@wrong("by the number of tokens")
def share_of_tokens(tokens, vocabulary_size):
    return len(np.unique(tokens)) / tokens.size, with_bincount(tokens, vocabulary_size)[1]


@wrong("never used")
def share_of_the_dead(tokens, vocabulary_size):
    share, perplexity = with_bincount(tokens, vocabulary_size)
    return 1 - share, perplexity


@wrong("largest token that occurs")
def up_to_the_largest(tokens, vocabulary_size):
    return len(np.unique(tokens)) / (tokens.max() + 1), with_bincount(tokens, vocabulary_size)[1]


@wrong("should give")
def padded(tokens, vocabulary_size):
    frequencies = np.bincount(tokens.ravel(), minlength=vocabulary_size) / tokens.size + 0.01
    return np.mean(frequencies > 0.01), np.exp(-np.sum(frequencies * np.log(frequencies)))


@wrong("things as a tuple")
def one_number(tokens, vocabulary_size):
    return with_bincount(tokens, vocabulary_size)[1]


@wrong("in use is a share of")
def rounded(tokens, vocabulary_size):
    share, perplexity = with_bincount(tokens, vocabulary_size)
    return round(share, 2), perplexity


@wrong("are exchanged: return the share first")
def exchanged(tokens, vocabulary_size):
    return with_bincount(tokens, vocabulary_size)[::-1]


@wrong("not in percent")
def percent(tokens, vocabulary_size):
    share, perplexity = with_bincount(tokens, vocabulary_size)
    return 100 * share, perplexity


@wrong("that is the entropy in bits")
def bits(tokens, vocabulary_size):
    share, perplexity = with_bincount(tokens, vocabulary_size)
    return share, np.log2(perplexity)


@wrong("e to the power of bits")
def e_to_the_bits(tokens, vocabulary_size):
    share, perplexity = with_bincount(tokens, vocabulary_size)
    return share, np.exp(np.log2(perplexity))


@wrong("object is not iterable")
def three_axes_only(tokens, vocabulary_size):
    return with_bincount(
        np.array([token for image in tokens for row in image for token in row]), vocabulary_size
    )


@right
def with_a_harmless_epsilon(tokens, vocabulary_size):
    frequencies = np.bincount(tokens.ravel(), minlength=vocabulary_size) / tokens.size
    return np.array(
        [np.mean(frequencies > 0), np.exp(-np.sum(frequencies * np.log(frequencies + 1e-10)))]
    )


EQUIVALENT = {}
