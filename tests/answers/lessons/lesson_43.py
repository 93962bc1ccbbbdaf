import numpy as np

from answers.lessons import right, wrong


def in_place(codebook, counts, features, threshold, random):
    moved = codebook.copy()
    for row in np.flatnonzero(counts < threshold):
        moved[row] = features[random.integers(len(features))]
    return moved


def one_feature(codebook, counts, features, threshold, random):
    return np.where((counts < threshold)[:, None], features[0], codebook)


def mean_feature(codebook, counts, features, threshold, random):
    return np.where((counts < threshold)[:, None], features.mean(axis=0), codebook)


def all_of_them(codebook, counts, features, threshold, random):
    return features[: len(codebook)]


def by_norms(vectors, codebooks):
    rest, tokens = vectors.copy(), []
    for codebook in codebooks:
        chosen = (np.sum(codebook**2, axis=1) - 2 * rest @ codebook.T).argmin(axis=1)
        tokens.append(chosen)
        rest -= codebook[chosen]
    return np.transpose(tokens)


def staged(vectors, codebooks, sign, order=1):
    rest, tokens = vectors, []
    for codebook in codebooks[::order]:
        tokens.append(np.linalg.norm(rest[:, None] - codebook, axis=-1).argmin(axis=1))
        rest = rest - sign * codebook[tokens[-1]]
    return np.stack(tokens, axis=1)


def same_codebook(vectors, codebooks):
    return staged(vectors, [codebooks[0]] * len(codebooks), 1)


GIVEN = {
    "bad_start": [wrong("Who chooses a code", "a"), wrong("nearest few win", "b")],
    "restart": [
        right(in_place),
        wrong("nothing has changed", lambda codebook, *others: codebook),
        wrong("in use has been replaced", all_of_them),
        wrong("not a mean", mean_feature),
        wrong("onto one feature", one_feature),
    ],
    "wrong_beta": [wrong("the same value", "a"), wrong("equation 3 asks for", "c")],
    "residual_tokens": [
        right(by_norms),
        wrong("nearest row of the first", lambda v, books: staged(v, books, 1, order=-1)),
        wrong("encodes the whole vector", lambda vectors, books: staged(vectors, books, 0)),
        wrong("added to the rest", lambda vectors, books: staged(vectors, books, -1)),
        wrong("its own codebook", same_codebook),
    ],
    "eight_bits": [wrong("cannot lie where", "b"), wrong("may choose where", "c")],
    "unfinished": [wrong("an unfinished sum", "a"), wrong("paints something", "c")],
}
