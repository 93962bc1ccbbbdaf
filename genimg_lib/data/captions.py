"""Captions that can be checked: measured attributes -> words, English or Chinese, and words ->
attributes.

A caption says only what was measured, so a generated picture is checked against its caption by
measuring it again.
"""

import contextlib
import difflib
import re
from collections.abc import Sequence

import numpy as np

from genimg_lib.data.arguments import check_one_of
from genimg_lib.data.attributes import (
    FACTS,
    HIGH,
    LOW,
    MIDDLE,
    UNSAID,
    held_out,
    measured_facts,
    vary,
)
from genimg_lib.data.images import DIGIT_NAMES

LANGUAGES = ("english", "chinese")
LONGEST = 24  # words, or Chinese characters


# What each phrase says. One of several phrases is drawn when a caption is written; all are
# understood.
WORDS = {
    "english": [
        ({"thickness": LOW}, ("thin", "fine")),
        ({"thickness": HIGH}, ("thick", "bold", "fat")),
        ({"width": LOW}, ("narrow", "slim")),
        ({"width": HIGH}, ("wide", "broad")),
        ({"size": LOW}, ("small", "little", "tiny")),
        ({"size": HIGH}, ("large", "big")),
        ({"brightness": LOW}, ("pale", "faint", "light")),
        ({"brightness": HIGH}, ("dark", "strong")),
        ({"slant": LOW}, ("leaning left", "slanted to the left", "tilted left")),
        ({"slant": MIDDLE}, ("upright", "standing straight")),
        ({"slant": HIGH}, ("leaning right", "slanted to the right", "tilted right")),
        ({"vertical": LOW}, ("at the top", "top")),
        ({"vertical": HIGH}, ("at the bottom", "bottom")),
        ({"horizontal": LOW}, ("on the left", "left")),
        ({"horizontal": HIGH}, ("on the right", "right")),
        ({"vertical": LOW, "horizontal": LOW}, ("in the top left corner", "at the top left")),
        ({"vertical": LOW, "horizontal": HIGH}, ("in the top right corner", "at the top right")),
        (
            {"vertical": HIGH, "horizontal": LOW},
            ("in the bottom left corner", "at the bottom left"),
        ),
        (
            {"vertical": HIGH, "horizontal": HIGH},
            ("in the bottom right corner", "at the bottom right"),
        ),
        ({"vertical": MIDDLE, "horizontal": MIDDLE}, ("in the middle", "in the centre")),
    ],
    "chinese": [
        ({"thickness": LOW}, ("细", "纤细")),
        ({"thickness": HIGH}, ("粗", "粗壮")),
        ({"width": LOW}, ("窄", "瘦")),
        ({"width": HIGH}, ("宽", "胖")),
        ({"size": LOW}, ("小",)),
        ({"size": HIGH}, ("大",)),
        ({"brightness": LOW}, ("淡", "浅色")),
        ({"brightness": HIGH}, ("浓", "深色")),
        ({"slant": LOW}, ("左倾", "向左倾斜", "往左斜")),
        ({"slant": MIDDLE}, ("直立", "端正")),
        ({"slant": HIGH}, ("右倾", "向右倾斜", "往右斜")),
        ({"vertical": LOW}, ("上方", "上边")),
        ({"vertical": HIGH}, ("下方", "下边")),
        ({"horizontal": LOW}, ("左边", "左侧")),
        ({"horizontal": HIGH}, ("右边", "右侧")),
        ({"vertical": LOW, "horizontal": LOW}, ("左上角",)),
        ({"vertical": LOW, "horizontal": HIGH}, ("右上角",)),
        ({"vertical": HIGH, "horizontal": LOW}, ("左下角",)),
        ({"vertical": HIGH, "horizontal": HIGH}, ("右下角",)),
        ({"vertical": MIDDLE, "horizontal": MIDDLE}, ("中间", "正中")),
    ],
}
for value, (english, chinese) in enumerate(zip(DIGIT_NAMES, "零一二三四五六七八九", strict=True)):
    WORDS["english"].append(({"digit": value}, (english, str(value))))
    WORDS["chinese"].append(({"digit": value}, (chinese, str(value), f"数字{chinese}")))

ENGLISH_FILLERS = (
    "a an the and with of in on at to it is very please draw write paint show me picture image "
    "digit number corner ink"
)
CHINESE_FILLERS = "请 画 写 的 又 在 图 一个 一张 一幅 数字"
FILLERS = [*ENGLISH_FILLERS.split(), *CHINESE_FILLERS.split()]


def choose_facts(
    facts, seed: int, *, fewest: int = 0, most: int = 4, digit_share: float = 0.95
) -> np.ndarray:
    """Leaves in each row of `facts` the digit (with probability `digit_share`) and `fewest` to
    `most` things to say about it, as far as there are, drawn at random; horizontal and vertical
    place are one thing. The others become UNSAID.
    """
    rng = np.random.default_rng(seed)
    facts = np.array(facts, np.int8)
    chosen = np.full_like(facts, UNSAID)
    digits = rng.uniform(size=len(facts)) < digit_share
    chosen[digits, 0] = facts[digits, 0]
    for row, told, count in zip(
        facts, chosen, rng.integers(fewest, most + 1, len(facts)), strict=True
    ):
        known = dict(zip(FACTS, row.tolist(), strict=True))
        places = {name: known[name] for name in ("vertical", "horizontal")}
        if set(places.values()) != {MIDDLE}:  # "at the top" says nothing of left and right
            places = {name: level for name, level in places.items() if level != MIDDLE}
        things = [
            {name: known[name]} for name in ("thickness", "slant", "width", "size", "brightness")
        ]
        things = [
            thing
            for thing in [*things, places]
            if any(thing == said for said, _ in WORDS["english"])
        ]
        for i in rng.permutation(len(things))[:count]:
            for name, level in things[i].items():
                told[FACTS.index(name)] = level
    # a caption says something
    chosen[(chosen == UNSAID).all(axis=1), 0] = facts[(chosen == UNSAID).all(axis=1), 0]
    return chosen


def write(facts, seed: int, language: str = "english") -> list[str]:
    """A caption for each row of `facts`, in which UNSAID is left out; wording and sentence are
    drawn at random.

    Raises `ValueError` for another language.
    """
    check_one_of("language", language, LANGUAGES)
    rng = np.random.default_rng(seed)
    sentence = {"english": _english, "chinese": _chinese}[language]
    captions = []
    for row in np.asarray(facts):
        while len(split(caption := sentence(rng, _phrases(rng, row, language)))) > LONGEST:
            pass  # all seven attributes in their longest wordings; there are shorter ones
        captions.append(caption)
    return captions


def captioned_digits(images, labels, seed: int, **choice) -> tuple[np.ndarray, list[str]]:
    """Varied `uint8` digits and a caption for each, two of five in Chinese: what a text-to-image
    model is trained on.

    Images in which one of the `HELD_OUT` pairs occurs are left out. `choice` are the options of
    `choose_facts`.
    """
    images = vary(images, seed)
    facts = measured_facts(images, labels)
    kept = ~held_out(facts)
    images = images[kept]
    facts = choose_facts(facts[kept], seed, **choice)
    chinese = np.random.default_rng(seed).uniform(size=len(images)) < 0.4
    captions = np.where(chinese, write(facts, seed, "chinese"), write(facts, seed, "english"))
    return images, captions.tolist()


def draw_true(captions: Sequence[str], facts, seed: int) -> list[str]:
    """For each row of `facts` one of `captions`, drawn at random from those that are true of it.

    Raises `ValueError` if there is none for some row.
    """
    said = parse(captions)
    facts = np.asarray(facts)
    rng = np.random.default_rng(seed)
    chosen = []
    for start in range(0, len(facts), 1000):
        rows = facts[start : start + 1000, None]
        true = ((said == rows) | (said == UNSAID)).all(axis=2)
        if not true.any(axis=1).all():
            raise ValueError(
                "no caption is true of "
                f"{dict(zip(FACTS, rows[~true.any(axis=1)][0, 0].tolist(), strict=True))}"
            )
        chosen.append(np.argmax(true * rng.uniform(0.5, 1.0, true.shape), axis=1))
    return [captions[i] for i in np.concatenate(chosen)]


def parse(captions: Sequence[str]) -> np.ndarray:
    """What captions say, in any order and wording that `WORDS` knows: `int8` of shape (n, 8),
    UNSAID where nothing.

    Raises `ValueError` for a word that is not known (naming the nearest that are), for an empty
    caption, one of more than `LONGEST` words, one that contradicts itself, or one that says
    nothing, and `TypeError` for anything but text.
    """
    return np.stack([_parse(caption) for caption in captions])


def understood(captions: Sequence[str]) -> np.ndarray:
    """As `parse`, for captions that a model wrote: one that `parse` would refuse says nothing, a
    row of UNSAID.
    """
    rows = np.full((len(captions), len(FACTS)), UNSAID, np.int8)
    for row, caption in zip(rows, captions, strict=True):
        with contextlib.suppress(ValueError):
            row[:] = _parse(caption)
    return rows


def encode(captions: Sequence[str]) -> np.ndarray:
    """Captions -> word numbers below `len(VOCABULARY)`, `int32` of shape (n, LONGEST), 0 behind
    the end; raises as `parse`.
    """
    parse(captions)
    rows = [[VOCABULARY.index(word) for word in split(caption)] for caption in captions]
    return np.array([row + [0] * (LONGEST - len(row)) for row in rows], np.int32)


def decode(numbers) -> list[str]:
    """Undoes `encode`, up to punctuation: words with blanks between them, Chinese characters
    without.
    """
    texts = [
        " ".join(VOCABULARY[number] for number in row if number) for row in np.asarray(numbers)
    ]
    return [re.sub(r"(?<=[\u4e00-\u9fff]) | (?=[\u4e00-\u9fff])", "", text) for text in texts]


def split(caption: str) -> list[str]:
    """The words of a caption in small letters, each Chinese character a word of its own, without
    punctuation.
    """
    return re.findall(r"[\u4e00-\u9fff]|[^\W\u4e00-\u9fff]+", caption.casefold())


def _parse(caption) -> np.ndarray:
    if not isinstance(caption, str):
        raise TypeError(f"a caption is text, got {caption!r}")
    words = split(caption)
    if not words:
        raise ValueError(
            f"the caption {caption!r} is empty: say what to draw, for example 'a thick seven'"
        )
    if len(words) > LONGEST:
        raise ValueError(
            f"a caption has at most {LONGEST} words or Chinese characters, got {len(words)}"
        )
    unknown = [word for word in words if word not in VOCABULARY]
    if unknown:
        near = difflib.get_close_matches(unknown[0], VOCABULARY[1:], 3, 0.5)
        chinese = unknown[0] >= "\u4e00"
        told = (
            f"the nearest known: {', '.join(near)}"
            if near
            else f"they say: {', '.join(EXAMPLES[chinese])}"
        )
        raise ValueError(f"{unknown[0]!r} is not a word that captions know; {told}")
    facts = np.full(len(FACTS), UNSAID, np.int8)
    position = 0
    while position < len(words):
        for length in range(min(LONGEST_PHRASE, len(words) - position), 0, -1):
            said = MEANINGS.get(tuple(words[position : position + length]))
            if said is not None:
                break
        else:
            raise ValueError(f"{words[position]!r} in {caption!r} says nothing by itself")
        for name, level in said.items():
            column = FACTS.index(name)
            if facts[column] not in (UNSAID, level):
                raise ValueError(f"the caption {caption!r} contradicts itself about the {name}")
            facts[column] = level
        position += length
    if (facts == UNSAID).all():
        raise ValueError(f"the caption {caption!r} says nothing about a digit")
    return facts


def _phrases(rng, row, language) -> dict[str, str]:
    """What is said, by name ("place" for both coordinates), in one of its wordings."""
    said = {name: level for name, level in zip(FACTS, row.tolist(), strict=True) if level != UNSAID}
    place = {name: said.pop(name) for name in ("vertical", "horizontal") if name in said}
    things = {name: {name: level} for name, level in said.items()} | (
        {"place": place} if place else {}
    )
    return {
        name: _pick(rng, next(words for meant, words in WORDS[language] if meant == thing))
        for name, thing in things.items()
    }


def _pick(rng, words):
    return words[rng.integers(len(words))]


def _english(rng, phrases) -> str:
    noun = phrases.pop("digit", "digit")
    tail = [phrases.pop(name) for name in ("slant", "place") if name in phrases]
    adjectives = [phrases[name] for name in rng.permutation(sorted(phrases))]
    opening = _pick(rng, ("", "", "draw ", "please write ", "a picture of "))
    if adjectives and rng.uniform() < 0.3:
        first = f"{opening}{_with_article(noun)}"
        tail = [" and ".join(adjectives), *tail]
    else:
        first = opening + _with_article(" ".join([*adjectives, noun]))
    return ", ".join([first, *tail]) if rng.uniform() < 0.5 else " ".join([first, *tail])


def _with_article(words: str) -> str:
    return f"an {words}" if words.startswith(("eight", "8")) else f"a {words}"


def _chinese(rng, phrases) -> str:
    noun = phrases.pop("digit", "数字")
    place = phrases.pop("place", "")
    slant = phrases.pop("slant", "")
    adjectives = [phrases[name] for name in rng.permutation(sorted(phrases))]
    joined = (
        f"又{'又'.join(adjectives)}的"
        if len(adjectives) > 1
        else "".join(f"{adjective}的" for adjective in adjectives)
    )
    described = (
        f"{_pick(rng, ('', '写', '画', '请画', '请写'))}一个{joined}{slant and slant + '的'}{noun}"
    )
    if not place:
        return described
    return f"在{place}{described}" if rng.uniform() < 0.5 else f"{described}\uff0c在{place}"


EXAMPLES = [
    [phrases[0] for said, phrases in WORDS[language] if len(said) == 1] for language in LANGUAGES
]
MEANINGS = {
    tuple(split(phrase)): said
    for words in WORDS.values()
    for said, phrases in words
    for phrase in phrases
}
MEANINGS |= {tuple(split(filler)): {} for filler in FILLERS}
LONGEST_PHRASE = max(map(len, MEANINGS))
# 0 stands behind the end of a caption
VOCABULARY = ["", *sorted({word for phrase in MEANINGS for word in phrase})]
