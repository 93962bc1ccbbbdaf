import numpy as np
from answers import right, wrong


@right
def filled(words, tokens, pictures, vocabulary):
    said, length = words.shape[1], tokens.shape[1]
    ids = np.zeros((len(words), said + length + 2), int)
    ids[:, 0], ids[:, 1 : 1 + said] = pictures + vocabulary + 1, pictures + words
    ids[:, 1 + said], ids[:, 2 + said :] = pictures + vocabulary, tokens
    return ids


@right
def padded(words, tokens, pictures, vocabulary):
    behind = [(0, 0), (1, 0)]
    first = pictures + vocabulary
    return np.hstack(
        [
            np.pad(words + pictures, behind, constant_values=first + 1),
            np.pad(tokens, behind, constant_values=first),
        ]
    )


@right
def row_by_row(words, tokens, pictures, vocabulary):
    first = pictures + vocabulary
    return np.array(
        [
            [first + 1, *(pictures + said), first, *drawn]
            for said, drawn in zip(words, tokens, strict=True)
        ]
    )


def parts(words, tokens, caption, picture):
    column = np.ones((len(words), 1), int)
    return np.concatenate([caption * column, words, picture * column, tokens], axis=1)


@wrong("have one number")
def not_moved(words, tokens, pictures, vocabulary):
    first = pictures + vocabulary
    return parts(words, tokens, first + 1, first)


@wrong("the words move")
def tokens_moved(words, tokens, pictures, vocabulary):
    first = pictures + vocabulary
    return parts(words, tokens + vocabulary, first + 1, first)


@wrong("markers are exchanged")
def exchanged(words, tokens, pictures, vocabulary):
    first = pictures + vocabulary
    return parts(words + pictures, tokens, first, first + 1)


@wrong("so it stands first")
def picture_first(words, tokens, pictures, vocabulary):
    first = pictures + vocabulary
    return parts(tokens, words + pictures, first, first + 1)


@wrong("numbers of words")
def one_too_low(words, tokens, pictures, vocabulary):
    first = pictures + vocabulary - 1
    return parts(words + pictures, tokens, first + 1, first)


@wrong("by their own vocabulary")
def own_vocabulary(words, tokens, pictures, vocabulary):
    first = pictures + vocabulary
    return parts(words + vocabulary, tokens, first + 1, first)


@wrong("the words behind the picture's numbers")
def nothing(words, tokens, pictures, vocabulary):
    return parts(0 * words, 0 * tokens, 0, 0)


EQUIVALENT = {
    "1 -> -1 (2)": "the second of two axes is the last",
}
