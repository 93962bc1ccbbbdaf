"""The words of the emoji: text -> words and characters, the vocabularies that training knows, and
captions to train on.
"""

import collections
import functools
import re
import unicodedata

import numpy as np

from genimg_lib.data.emoji_set import STYLES, load_emoji

LANGUAGES = ("english", "chinese")
LONGEST_PROMPT = 24  # words and Chinese characters; the longest name has 18
_WORD = re.compile(r"[a-z0-9]+(?:'[a-z]+)*|[\u3400-\u9fff]")


def words(text: str) -> list[str]:
    """English words in small letters, without accents, and Chinese characters, each one alone.

    Punctuation is lost, and so is the hyphen: "medium-light" is two words.
    """
    plain = unicodedata.normalize("NFKD", text.lower())
    plain = "".join(each for each in plain if not unicodedata.combining(each))
    return _WORD.findall(plain.replace("\u2019", "'"))


@functools.cache
def caption_vocabulary() -> tuple[str, ...]:
    """The styles, then every word and character of the names of training pictures, and those of
    their keywords that two concepts share: sorted.

    The other words of keywords are unknown, in training too, so that a model learns to read past
    them.
    """
    in_names, in_keywords = _counts()
    shared = {word for word, count in in_keywords.items() if count > 1}
    return (*STYLES, *sorted((in_names.keys() | shared) - set(STYLES)))


@functools.cache
def namer_vocabulary() -> tuple[str, ...]:
    """English words: of the names of training pictures, and of keywords that three concepts
    share: sorted.
    """
    in_names, in_keywords = _counts()
    shared = {word for word, count in in_keywords.items() if count > 2}
    return tuple(sorted(word for word in in_names.keys() | shared if word.isascii()))


def _counts() -> tuple[collections.Counter, collections.Counter]:
    """How many training concepts have each word in their names, and in their keywords."""
    emoji = load_emoji()
    rows = emoji.splits["training"]
    _, first = np.unique(emoji.concepts[rows], return_index=True)
    in_names, in_keywords = collections.Counter(), collections.Counter()
    for row in rows[first]:
        for language in LANGUAGES:
            in_names.update(set(words(emoji.names[language][row])))
            in_keywords.update(set(words(" ".join(emoji.keywords[language][row]))))
    return in_names, in_keywords


def captions(rows, seed: int, *, styled: float = 0.85) -> list[str]:
    """One caption for each row of the emoji, at random: in one of the two languages the name, or
    the name with a keyword, or one to three keywords; in front, mostly, the style.

    Args:
        rows: indices into the arrays of `load_emoji`.
        seed: of the choices.
        styled: share of captions that say the style.
    """
    emoji = load_emoji()
    random = np.random.default_rng(seed)
    made = []
    for row in rows:
        language = LANGUAGES[random.integers(2)]
        name, keywords = emoji.names[language][row], emoji.keywords[language][row]
        kind = random.random()
        parts = [] if kind > 0.8 else [name]
        if kind > 0.6:
            parts += random.permutation(keywords)[: random.integers(1, 4)].tolist()
        while len(parts) > 1 and len(words(" ".join(parts))) > LONGEST_PROMPT - 1:
            parts.pop()
        style = [emoji.styles[row]] if random.random() < styled else []
        made.append(" ".join([*style, *parts]))
    return made
