"""Captions -> what an image model can read: words with learned vectors, or the states of a frozen language model.

A text encoder has `shape`, of one encoded caption, `vocabulary_size`, or `None` for features, and `encode(captions)`.
"""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from genimg_lib import captions as grammar
from genimg_lib.data import DIGIT_NAMES


class DigitEncoder:
    """Only the digit that a caption names, as one token: what a class label would say. The other words are lost."""

    shape, vocabulary_size = (1,), len(DIGIT_NAMES) + 1

    def encode(self, captions: Sequence[str]) -> np.ndarray:
        """`int32` of shape (n, 1): 0 for none, 1 for "zero" ...; raises as `captions.parse`."""
        return grammar.parse(captions)[:, :1].astype(np.int32) + 1


class WordEncoder:
    """The words of a caption as tokens, Chinese characters too; the image model learns their vectors."""

    shape, vocabulary_size = (grammar.LONGEST,), len(grammar.VOCABULARY)

    def encode(self, captions: Sequence[str]) -> np.ndarray:
        """`int32` of shape (n, LONGEST), 0 behind the end; raises as `captions.parse`."""
        return grammar.encode(captions)


class StateEncoder:
    """The states of a frozen language model, one vector for each of a caption's tokens, or their mean.

    Args:
        stored: caption -> states (tokens, dimension), those that are known without the language model.
        states: computes the states of one caption that is not stored; `None`: no language model is at hand.
        longest: tokens; zeros stand behind the end.
        pooled: one vector for the whole caption, the mean over its tokens.
    """

    vocabulary_size = None

    def __init__(self, stored: Mapping[str, np.ndarray], states: Callable | None = None, *, longest=40, pooled=False):
        self.stored, self.states, self.longest, self.pooled = dict(stored), states, longest, pooled
        dimension = next(iter(self.stored.values())).shape[1]
        self.shape = (1 if pooled else longest, dimension)

    def encode(self, captions: Sequence[str]) -> np.ndarray:
        """`float16` of shape (n, *shape).

        Raises `ValueError` for a caption that is neither stored nor can be computed, or has more than `longest` tokens.
        """
        distinct, rows = np.unique(np.asarray(captions, object).astype(str), return_inverse=True)
        return np.stack([self._encode(caption) for caption in distinct])[rows]

    def _encode(self, caption: str) -> np.ndarray:
        if caption not in self.stored:
            if self.states is None:
                raise ValueError(
                    f"the states of {caption!r} are not stored and the language model is not installed; "
                    "install it with `uv run --extra llm jupyter lab`, or take one of the stored captions"
                )
            self.stored[caption] = self.states(caption)
        states = np.asarray(self.stored[caption], np.float16)
        if len(states) > self.longest:
            raise ValueError(f"a caption has at most {self.longest} tokens, {caption!r} has {len(states)}")
        if self.pooled:
            return states.mean(axis=0, keepdims=True, dtype=np.float32).astype(np.float16)
        return np.pad(states, ((0, self.longest - len(states)), (0, 0)))
