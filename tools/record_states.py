"""Records a language model's states of several thousand captions, for readers who lack the model.

    uv run --extra llm tools/record_states.py

The lessons train on these where the model is not installed, and compare text encoders on the very
same captions. 8 bits per number; 64 principal components of 576 dimensions.
"""

import itertools
from typing import NamedTuple

import numpy as np
from _shared import command_line, mnist

from genimg_lib import lesson, models
from genimg_lib.data.attributes import (
    FACTS,
    HIGH,
    LOW,
    UNSAID,
    held_out,
    held_out_pairs,
    measured_facts,
    vary,
)
from genimg_lib.data.captions import LANGUAGES, WORDS, choose_facts, write

DIMENSION = 64
TRAINING = {"english": 3000, "chinese": 1500}
EVALUATION = 250
OTHER_WORDS = {  # no caption that anything is trained on has these
    "english": [
        ({"thickness": LOW}, ("slender", "skinny")),
        ({"thickness": HIGH}, ("chunky", "heavy")),
        ({"size": LOW}, ("mini", "miniature")),
        ({"size": HIGH}, ("huge", "giant")),
        ({"brightness": LOW}, ("dim", "washed-out")),
        ({"brightness": HIGH}, ("jet-black", "vivid")),
        ({"vertical": LOW}, ("near the upper edge", "high up")),
        ({"vertical": HIGH}, ("near the lower edge", "low down")),
    ],
    "chinese": [
        ({"thickness": LOW}, ("苗条", "细长")),
        ({"thickness": HIGH}, ("粗实", "厚重")),
        ({"size": LOW}, ("微小", "迷你")),
        ({"size": HIGH}, ("巨大", "庞大")),
        ({"brightness": LOW}, ("暗淡", "苍白")),
        ({"brightness": HIGH}, ("漆黑", "鲜明")),
    ],
}


def distinct(captions, count: int) -> list[str]:
    return list(dict.fromkeys(captions))[:count]


def all_captions() -> dict[str, list[str]]:
    """Named lists: what is trained on, and what is evaluated, pairs seen in training and
    held-out ones.
    """
    digits = mnist()
    facts = measured_facts(vary(digits.train_images[:20000], 7), digits.train_labels[:20000])
    facts = facts[~held_out(facts)]
    digit_alone = np.full((10, facts.shape[1]), UNSAID)
    digit_alone[:, 0] = np.arange(10)
    asked = measured_facts(vary(digits.test_images, 1), digits.test_labels)
    named = {}
    for language, count in TRAINING.items():
        plain = write(digit_alone, 7, language)
        told = write(choose_facts(facts, 7), 7, language)
        named[f"training, {language}"] = distinct(plain + told, count)
        named[f"seen, {language}"] = write(
            choose_facts(asked[~held_out(asked)], 8, digit_share=1.0)[:EVALUATION], 9, language
        )
        named[f"held out, {language}"] = write(held_out_pairs(asked)[:EVALUATION], 9, language)
    return named


def phrase(language: str, word: str, name: str) -> str:
    """A caption with one word for an attribute and the name of a digit."""
    if language == "chinese":
        return f"一个{word}的{name}"
    if "edge" in word or word.endswith(("up", "down")):
        return f"a {name} {word}"
    return f"a {word} {name}"


def in_other_words(language: str) -> tuple[list[str], np.ndarray]:
    """Captions with the words above, all digits with each, and what they say."""
    captions = []
    facts = []
    for said, words in OTHER_WORDS[language]:
        for word, digit in itertools.product(words, range(10)):
            row = dict.fromkeys(FACTS, UNSAID) | said | {"digit": digit}
            if held_out(np.array([list(row.values())]))[0]:
                continue
            name = WORDS[language][len(WORDS[language]) - 10 + digit][1][0]
            captions.append(phrase(language, word, name))
            facts.append(list(row.values()))
    return captions, np.array(facts, np.int8)


def states_of(model, captions: list[str]) -> list[np.ndarray]:
    """For each caption the states of its tokens, (tokens, hidden size)."""
    states = []
    for start in range(0, len(captions), 100):
        found, mask = model.token_states(
            captions[start : start + 100], models.text_encoders.STATES_LAYER
        )
        states += [row[told] for row, told in zip(found, mask, strict=True)]
    return states


class Projection(NamedTuple):
    """States in principal components, and how they were made."""

    projected: np.ndarray  # (tokens, DIMENSION)
    components: np.ndarray  # (hidden size, DIMENSION)
    mean: np.ndarray  # (hidden size,)
    variance_kept: float


def project(states: list[np.ndarray], hidden_size: int) -> Projection:
    """Fits the principal components; the largest has a standard deviation of 1."""
    from sklearn.decomposition import PCA

    zero = np.zeros(hidden_size, np.float32)
    one = np.eye(hidden_size, dtype=np.float32)
    scaled = np.concatenate([models.text_encoders.project(row, one, zero) for row in states])
    pca = PCA(DIMENSION, random_state=0).fit(scaled)
    components = pca.components_.T.astype(np.float32)
    components /= np.sqrt(pca.explained_variance_[0])
    mean = pca.mean_.astype(np.float32)
    kept = pca.explained_variance_ratio_.sum()
    return Projection((scaled - mean) @ components, components, mean, kept)


def main() -> None:
    command_line(__doc__).parse_args()
    lesson.start()
    from genimg_lib.language import language_model

    model = language_model.load()
    named = all_captions()
    others = {language: in_other_words(language) for language in LANGUAGES}
    named |= {f"other words, {language}": captions for language, (captions, _) in others.items()}
    captions = list(dict.fromkeys(caption for captions in named.values() for caption in captions))
    states = states_of(model, captions)
    projected, components, mean, kept = project(states, model.hidden_size)
    scales = (np.abs(projected).max(axis=0) / 127).astype(np.float32)
    path = models.text_encoders.STATES
    np.savez_compressed(
        path,
        captions=np.array(captions),
        ends=np.cumsum([len(row) for row in states]),
        states=np.round(projected / scales).astype(np.int8),
        scales=scales,
        components=components.astype(np.float16),
        mean=mean.astype(np.float16),
        **{f"facts of other words, {language}": facts for language, (_, facts) in others.items()},
        **{
            name: np.array([captions.index(caption) for caption in rows])
            for name, rows in named.items()
        },
    )
    error = np.abs(projected - np.round(projected / scales) * scales).max()
    print(
        f"{len(captions)} captions in {LANGUAGES}, {len(projected)} tokens: "
        f"{path.stat().st_size / 1e6:.1f} MB"
    )
    print(f"variance kept {kept:.3f}, largest rounding error {error:.3f}")


if __name__ == "__main__":
    main()
