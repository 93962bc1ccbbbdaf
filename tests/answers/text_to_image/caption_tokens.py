import re

import numpy as np
from answers import right, wrong


def tokens(words, vocabulary, longest, unknown=1):
    if len(words) > longest:
        raise ValueError("too long")
    known = [vocabulary.index(word) if word in vocabulary else unknown for word in words]
    return np.array(known + [0] * (longest - len(known)))


def words_of(caption):
    return re.findall(r"[\u4e00-\u9fff]|[a-z0-9]+", caption.lower())


@right
def with_findall(caption, vocabulary, longest):
    return tokens(words_of(caption), vocabulary, longest)


@right
def with_blanks(caption, vocabulary, longest):
    spaced = re.sub(r"([\u4e00-\u9fff])", r" \1 ", caption.lower())
    return tokens(re.sub(r"[^\w]", " ", spaced).split(), vocabulary, longest)


@right
def letter_by_letter(caption, vocabulary, longest):
    words, word = [], ""
    for letter in caption.lower() + " ":
        if letter.isascii() and letter.isalnum():
            word += letter
            continue
        words += [word] * bool(word) + [letter] * ("\u4e00" <= letter <= "\u9fff")
        word = ""
    return tokens(words, vocabulary, longest)


@wrong("are left out")
def skips_unknown(caption, vocabulary, longest):
    return tokens([w for w in words_of(caption) if w in vocabulary], vocabulary, longest)


@wrong("that the caption has ended")
def unknown_is_the_end(caption, vocabulary, longest):
    return tokens(words_of(caption), vocabulary, longest, unknown=0)


@wrong("each character is a word")
def by_blanks(caption, vocabulary, longest):
    return tokens(re.sub(r"[,!]", " ", caption.lower()).split(), vocabulary, longest)


@wrong("small letters first")
def keeps_capitals(caption, vocabulary, longest):
    return tokens(re.findall(r"[\u4e00-\u9fff]|\w+", caption), vocabulary, longest)


@wrong("not before them")
def padded_in_front(caption, vocabulary, longest):
    words = words_of(caption)
    return np.roll(with_findall(caption, vocabulary, longest), longest - len(words))


@wrong("captions that do not fit are accepted")
def cuts(caption, vocabulary, longest):
    return tokens(words_of(caption)[:longest], vocabulary, longest)


@wrong("should be read as ['a', 'big', 'seven']")
def other_numbers(caption, vocabulary, longest):
    return with_findall(caption, vocabulary[::-1], longest)


@wrong("should be integers")
def floats(caption, vocabulary, longest):
    return with_findall(caption, vocabulary, longest) * 1.0


EQUIVALENT = {
    "raise ValueError(f'a caption has at most {longest} words, this one has {len(words)}') -> "
    "(removed)": "NumPy then raises a ValueError: so many numbers do not fit into the row",
}
