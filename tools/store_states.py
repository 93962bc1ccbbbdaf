"""Stores a language model's states of some thousand captions: uv run --extra llm
tools/store_states.py

The lessons train on these where the model is not installed, and compare text encoders on the very
same captions. 8 bits per number; 64 principal components of 576 dimensions.
"""

import itertools

from genimg_lib.notebook import lesson

lesson.start()

import numpy as np  # noqa: E402
from sklearn.decomposition import PCA  # noqa: E402

from genimg_lib.data.attributes import (  # noqa: E402
    FACTS,
    HIGH,
    LOW,
    UNSAID,
    held_out,
    held_out_pairs,
    measured_facts,
    vary,
)
from genimg_lib.data.captions import LANGUAGES, WORDS, choose_facts, write  # noqa: E402
from genimg_lib.data.images import load_mnist  # noqa: E402
from genimg_lib.language import language_model  # noqa: E402
from genimg_lib.models.text_encoders import STATES, STATES_LAYER, project  # noqa: E402

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

train, test = load_mnist()


def distinct(captions, count: int) -> list[str]:
    return list(dict.fromkeys(captions))[:count]


def all_captions() -> dict[str, list[str]]:
    """Named lists: what is trained on, and what is evaluated, pairs seen in training and
    held-out ones.
    """
    facts = measured_facts(vary(train[0][:20000], 7), train[1][:20000])
    facts, digits = facts[~held_out(facts)], np.full((10, facts.shape[1]), -1)
    digits[:, 0] = np.arange(10)
    asked = measured_facts(vary(test[0], 1), test[1])
    named = {}
    for language, count in TRAINING.items():
        plain = write(digits, 7, language)
        told = write(choose_facts(facts, 7), 7, language)
        named[f"training, {language}"] = distinct(plain + told, count)
        named[f"seen, {language}"] = write(
            choose_facts(asked[~held_out(asked)], 8, digit_share=1.0)[:EVALUATION], 9, language
        )
        named[f"held out, {language}"] = write(held_out_pairs(asked)[:EVALUATION], 9, language)
    return named


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
            after = "edge" in word or word.endswith(("up", "down"))
            frame = (
                "一个{0}的{1}" if language == "chinese" else "a {1} {0}" if after else "a {0} {1}"
            )
            captions.append(frame.format(word, name))
            facts.append(list(row.values()))
    return captions, np.array(facts, np.int8)


def main() -> None:
    model = language_model.load()
    named = all_captions()
    others = {language: in_other_words(language) for language in LANGUAGES}
    named |= {f"other words, {language}": captions for language, (captions, _) in others.items()}
    captions = list(dict.fromkeys(caption for captions in named.values() for caption in captions))
    states = []
    for start in range(0, len(captions), 100):
        found, mask = model.token_states(captions[start : start + 100], STATES_LAYER)
        states += [row[told] for row, told in zip(found, mask, strict=True)]
    zero = np.zeros(model.hidden_size, np.float32)
    one = np.eye(model.hidden_size, dtype=np.float32)
    scaled = np.concatenate([project(row, one, zero) for row in states])
    pca = PCA(DIMENSION, random_state=0).fit(scaled)
    components = pca.components_.T.astype(np.float32)
    mean = pca.mean_.astype(np.float32)
    spread = np.sqrt(pca.explained_variance_[0])
    components /= spread  # the largest component has a standard deviation of 1
    projected = (scaled - mean) @ components
    scales = (np.abs(projected).max(axis=0) / 127).astype(np.float32)
    np.savez_compressed(
        STATES,
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
    kept = pca.explained_variance_ratio_.sum()
    error = np.abs(projected - np.round(projected / scales) * scales).max()
    print(
        f"{len(captions)} captions in {LANGUAGES}, {len(projected)} tokens: "
        f"{STATES.stat().st_size / 1e6:.1f} MB"
    )
    print(f"variance kept {kept:.3f}, largest rounding error {error:.3f}")


main()
