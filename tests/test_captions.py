"""Captions: what is written is understood, in both languages, and what is not understood is
refused with help.
"""

import numpy as np
import pytest

from genimg_lib.data import captions
from genimg_lib.data.attributes import (
    ATTRIBUTES,
    FACTS,
    HIGH,
    LOW,
    MIDDLE,
    UNSAID,
    held_out,
    measured_facts,
)
from genimg_lib.data.captions import (
    LANGUAGES,
    LONGEST,
    VOCABULARY,
    WORDS,
    captioned_digits,
    choose_facts,
    decode,
    encode,
    parse,
    split,
    understood,
    write,
)
from genimg_lib.data.images import load_mnist

each_language = pytest.mark.parametrize("language", LANGUAGES)


def random_facts(count, seed=0):
    rng = np.random.default_rng(seed)
    return np.concatenate(
        [rng.integers(0, 10, (count, 1)), rng.integers(0, 3, (count, len(ATTRIBUTES)))], axis=1
    )


def facts_of(**said):
    return [said.get(name, UNSAID) for name in FACTS]


@each_language
@pytest.mark.parametrize("most", [0, 2, 4, 6])
def test_what_is_written_is_understood(language, most):
    said = choose_facts(random_facts(2000, most), most, most=most)
    written = write(said, 1, language)
    np.testing.assert_array_equal(parse(written), said)
    assert max(len(split(caption)) for caption in written) <= LONGEST
    assert len(set(written)) > 20


@each_language
def test_everything_that_can_be_said_fits(language):
    said = choose_facts(random_facts(500), 0, fewest=6, most=6, digit_share=1.0)
    np.testing.assert_array_equal(parse(write(said, 0, language)), said)
    assert (said[:, 0] != UNSAID).all()


def test_only_what_is_true_is_said():
    facts = random_facts(2000)
    said = choose_facts(facts, 3)
    assert ((said == facts) | (said == UNSAID)).all()
    assert (said != UNSAID).any(axis=1).all()
    counts = (said[:, 1:] != UNSAID).sum(axis=1)
    assert counts.min() == 0 and counts.max() >= 4


def test_both_languages_say_the_same():
    meanings = [sorted(str(said) for said, _ in WORDS[language]) for language in LANGUAGES]
    assert meanings[0] == meanings[1]
    assert len(set(meanings[0])) == len(meanings[0])


@pytest.mark.parametrize(
    ("caption", "said"),
    [
        ("a thick seven", {"digit": 7, "thickness": HIGH}),
        ("SEVEN, bold!", {"digit": 7, "thickness": HIGH}),
        ("7 top left", {"digit": 7, "vertical": LOW, "horizontal": LOW}),
        ("leaning left seven on the right", {"digit": 7, "slant": LOW, "horizontal": HIGH}),
        (
            "in the middle, a very small 0",
            {"digit": 0, "size": LOW, "vertical": MIDDLE, "horizontal": MIDDLE},
        ),
        ("画一个一", {"digit": 1}),
        (
            "一个又粗又大的七\uff0c在左上角",
            {"digit": 7, "thickness": HIGH, "size": HIGH, "vertical": LOW, "horizontal": LOW},
        ),
        ("a thick 七", {"digit": 7, "thickness": HIGH}),
        ("pale", {"brightness": LOW}),
    ],
)
def test_free_wording(caption, said):
    np.testing.assert_array_equal(parse([caption]), [facts_of(**said)])


@pytest.mark.parametrize(
    ("caption", "message"),
    [
        ("", "is empty: say what to draw"),
        (" ,.! ", "is empty: say what to draw"),
        ("a thik seven", "'thik' is not a word that captions know; the nearest known: thick"),
        ("a sevn", "'sevn' is not a word .* seven"),
        ("一个蓝色的七", "'蓝' is not a word"),
        ("seven " * 30, "at most 24 words or Chinese characters, got 30"),
        ("a thick thin seven", "contradicts itself about the thickness"),
        ("a three and a four", "contradicts itself about the digit"),
        ("please draw", "says nothing about a digit"),
        ("a tilted seven", "'tilted' in .* says nothing by itself"),
        ("__import__('os')", "'__import__' is not a word"),
    ],
)
def test_what_is_not_understood(caption, message):
    for function in (parse, encode):
        with pytest.raises(ValueError, match=message):
            function([caption])


def test_a_caption_is_text():
    with pytest.raises(TypeError, match="a caption is text, got 7"):
        parse([7])


def test_what_a_model_writes_is_understood_or_says_nothing():
    written = ["a thick seven", "a thick thin seven", "写一个数", ""]
    said = understood(written)
    np.testing.assert_array_equal(said[0], facts_of(digit=7, thickness=HIGH))
    assert (said[1:] == UNSAID).all()
    assert understood([]).shape == (0, len(FACTS))


def test_unknown_language():
    with pytest.raises(ValueError, match="language must be one of english, chinese, got 'french'"):
        write([facts_of(digit=3)], 0, "french")


@each_language
def test_words_survive_encoding(language):
    written = write(choose_facts(random_facts(300), 2), 5, language)
    numbers = encode(written)
    assert numbers.shape == (300, LONGEST) and numbers.dtype == np.int32
    assert 0 < numbers.max() < len(VOCABULARY)
    np.testing.assert_array_equal(parse(decode(numbers)), parse(written))
    np.testing.assert_array_equal(encode(decode(numbers)), numbers)


def test_every_word_of_the_grammar_is_written_sometimes():
    """A word that is understood but never seen in training would have a random vector."""
    said = choose_facts(random_facts(4000), 0, digit_share=0.8)
    seen = {
        word
        for language in LANGUAGES
        for caption in write(said, 0, language)
        for word in split(caption)
    }
    phrases = {
        word
        for words in WORDS.values()
        for _, options in words
        for option in options
        for word in split(option)
    }
    assert phrases <= seen


def test_captioned_digits():
    (images, labels), _ = load_mnist()
    varied, written = captioned_digits(images[:600], labels[:600], 3)
    assert len(varied) == len(written) < 600
    said = parse(written)
    digits = said[:, 0].astype(int)
    facts = measured_facts(varied, np.where(digits == UNSAID, 0, digits))
    assert ((said[:, 1:] == facts[:, 1:]) | (said[:, 1:] == UNSAID)).all()
    assert not held_out(facts[digits != UNSAID]).any()
    chinese = np.mean([any(character > "\u4e00" for character in caption) for caption in written])
    assert 0.3 < chinese < 0.5  # 0.4, with a standard error of 0.024
    assert (
        captioned_digits(images[:50], labels[:50], 3)[1]
        == captioned_digits(images[:50], labels[:50], 3)[1]
    )


def test_a_phrase_means_one_thing():
    meanings = [
        captions.split(option)
        for words in WORDS.values()
        for _, options in words
        for option in options
    ]
    # digits as numerals are in both languages
    assert len({tuple(meaning) for meaning in meanings}) == len(meanings) - 10
