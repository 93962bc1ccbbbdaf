"""Captions -> what an image model can read: words with learned vectors, or the states of a frozen
language model.

A text encoder has `shape`, of one encoded caption, `vocabulary_size`, or `None` for features, and
`encode(captions)`. Files of a model remember it by its class and `get_config`.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import keras
import numpy as np

from genimg_lib.data.captions import LONGEST, VOCABULARY, encode, parse
from genimg_lib.data.emoji_words import LONGEST_PROMPT, caption_vocabulary, words
from genimg_lib.data.images import DIGIT_NAMES

STATES = Path(__file__).parents[1] / "weights" / "caption_states.npz"
STATES_LAYER = 4


class TextEncoder:
    """What is saved of a text encoder in the file of a model: by default only its class."""

    def get_config(self) -> dict:
        """The constructor's arguments."""
        return {}

    @classmethod
    def from_config(cls, config: dict):
        """Undoes `get_config`."""
        return cls(**config)


@keras.saving.register_keras_serializable("genimg")
class DigitEncoder(TextEncoder):
    """Only the digit that a caption names, as one token: what a class label would say. The other
    words are lost.
    """

    shape = (1,)
    vocabulary_size = len(DIGIT_NAMES) + 1

    def encode(self, captions: Sequence[str]) -> np.ndarray:
        """`int32` of shape (n, 1): 0 for none, 1 for "zero" ...; raises as `captions.parse`."""
        return parse(captions)[:, :1].astype(np.int32) + 1


@keras.saving.register_keras_serializable("genimg")
class WordEncoder(TextEncoder):
    """The words of a caption as tokens, Chinese characters too; the image model learns their
    vectors.
    """

    shape = (LONGEST,)
    vocabulary_size = len(VOCABULARY)

    def encode(self, captions: Sequence[str]) -> np.ndarray:
        """`int32` of shape (n, LONGEST), 0 behind the end; raises as `captions.parse`."""
        return encode(captions)


@keras.saving.register_keras_serializable("genimg")
class FreeWordEncoder(TextEncoder):
    """Free text about emoji, in English and Chinese: known words and Chinese characters as tokens,
    and one token for every unknown word.

    The known ones are those of `emoji_words.caption_vocabulary`. Order is kept, punctuation and
    capital letters are lost.
    """

    shape = (LONGEST_PROMPT,)

    def __init__(self):
        known = caption_vocabulary()
        self._tokens = {word: token for token, word in enumerate(known, start=2)}
        self.vocabulary_size = len(known) + 2

    def encode(self, captions: Sequence[str]) -> np.ndarray:
        """`int32` of shape (n, 24): 0 behind the end, 1 for an unknown word.

        Raises `TypeError` for what is not text, and `ValueError` for a caption without any word or
        with more than 24 of them.
        """
        encoded = np.zeros((len(captions), *self.shape), np.int32)
        for row, caption in enumerate(captions):
            found = self._words(caption)
            encoded[row, : len(found)] = [self._tokens.get(word, 1) for word in found]
        return encoded

    def unknown(self, caption: str) -> list[str]:
        """The words of a caption that the encoder does not know, in order; raises as `encode`."""
        return [word for word in self._words(caption) if word not in self._tokens]

    def _words(self, caption: str) -> list[str]:
        if not isinstance(caption, str):
            raise TypeError(f"a caption must be text, got {caption!r}")
        found = words(caption)
        if not found:
            raise ValueError(f"{caption!r} has no word in English or Chinese")
        if len(found) > LONGEST_PROMPT:
            raise ValueError(
                f"a caption has at most {LONGEST_PROMPT} words and characters, {caption!r} has "
                f"{len(found)}"
            )
        return found


class StateEncoder(TextEncoder):
    """The states of a frozen language model, one vector for each of a caption's tokens, or their
    mean.

    Args:
        stored: caption -> states (tokens, dimension), those that are known without the language
            model.
        states: computes the states of one caption that is not stored; `None`: no language model is
            at hand.
        longest: tokens; zeros stand behind the end.
        pooled: one vector for the whole caption, the mean over its tokens.
    """

    vocabulary_size = None

    def __init__(
        self,
        stored: Mapping[str, np.ndarray],
        states: Callable | None = None,
        *,
        longest=40,
        pooled=False,
    ):
        self.stored = dict(stored)
        self.states = states
        self.longest = longest
        self.pooled = pooled
        dimension = next(iter(self.stored.values())).shape[1]
        self.shape = (1 if pooled else longest, dimension)

    def get_config(self):
        raise ValueError(
            "a StateEncoder cannot be saved in the file of a model, since the states of captions "
            "may come from anywhere: use save_weights"
        )

    def encode(self, captions: Sequence[str]) -> np.ndarray:
        """`float16` of shape (n, *shape).

        Raises `ValueError` for a caption that is neither stored nor can be computed, or has more
        than `longest` tokens.
        """
        distinct, rows = np.unique(list(captions), return_inverse=True)
        return np.stack([self._encode(caption) for caption in distinct.tolist()])[rows]

    def _encode(self, caption: str) -> np.ndarray:
        if caption not in self.stored:
            if self.states is None:
                raise ValueError(
                    f"the states of {caption!r} are not stored and the language model is not "
                    "installed; "
                    "install it with `uv run --extra llm jupyter lab`, or take one of the stored "
                    "captions"
                )
            self.stored[caption] = self.states(caption)
        states = np.asarray(self.stored[caption], np.float16)
        if len(states) > self.longest:
            raise ValueError(
                f"a caption has at most {self.longest} tokens, {caption!r} has {len(states)}"
            )
        if self.pooled:
            return states.mean(axis=0, keepdims=True, dtype=np.float32).astype(np.float16)
        return np.pad(states, ((0, self.longest - len(states)), (0, 0)))


@keras.saving.register_keras_serializable("genimg")
class SmolLM2States(StateEncoder):
    """The states of SmolLM2-135M-Instruct after its fourth block, for the captions that the course
    stores and, with a language model, for all others.

    Every state is divided by its root mean square, as the model's own next layer would do, and
    projected on the principal components of the stored ones. Both and the stored states were made
    by `tools/record_states.py`. The file of a model does not hold the language model.

    Args:
        model: what `language_model.load` returns, or `None`: only stored captions are known.
        pooled: see `StateEncoder`.
    """

    def __init__(self, model=None, *, pooled: bool = False):
        stored = _stored()
        states = np.split(stored["states"] * stored["scales"], stored["ends"][:-1])
        known = dict(zip(stored["captions"].tolist(), states, strict=True))

        def compute(caption: str) -> np.ndarray:
            found, _ = model.token_states([caption], STATES_LAYER)
            return project(found[0], stored["components"], stored["mean"])

        super().__init__(known, None if model is None else compute, pooled=pooled)
        self.pooled = pooled

    def get_config(self):
        return {"pooled": self.pooled}


def smollm2_states(model=None, *, pooled: bool = False) -> StateEncoder:
    """See `SmolLM2States`."""
    return SmolLM2States(model, pooled=pooled)


def stored_captions(name: str) -> list[str]:
    """The captions of a list whose states are stored: "training", "seen", "held out" or "other
    words", then ", english" or ", chinese". Raises `ValueError` for another name.
    """
    stored = _stored()
    names = [key for key in stored if ", " in key and not key.startswith("facts of")]
    if name not in names:
        raise ValueError(f"there is no list {name!r}; there are: {'; '.join(names)}")
    return stored["captions"][stored[name]].tolist()


def facts_of_other_words(language: str) -> np.ndarray:
    """What the captions "other words, `language`" say, which `captions.parse` cannot know:
    `int8` of shape (n, 8).
    """
    return _stored()[f"facts of other words, {language}"]


def _stored() -> dict[str, np.ndarray]:
    with np.load(STATES, allow_pickle=False) as file:
        return {name: file[name] for name in file.files}


def project(states, components, mean) -> np.ndarray:
    """States (tokens, hidden) of a language model, each at root mean square 1, in the
    coordinates of `components`.
    """
    scaled = states / (np.sqrt(np.mean(np.square(states), axis=1, keepdims=True)) + 1e-6)
    return (scaled - mean) @ components
