"""A watermark in tokens: a key makes some tokens likelier, and whoever has the key can count them.

The detector needs neither the model nor the original. Source: Kirchenbauer et al., "A watermark for
large language models", arXiv:2301.10226, sections 3 and 4; for image tokens: Jovanovic et al.,
"Watermarking autoregressive image generation", arXiv:2506.16349.
"""

import functools
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.special import bdtrc

from genimg_lib.data.arguments import check_number, check_one_of, check_whole
from genimg_lib.data.images import check_tokens

CONTEXTS = ("previous", "place", "none")
"""What chooses the green list of a token: the token before it, its place, or nothing: one list."""


class Detection(NamedTuple):
    """What a detector found in n images, or in one set of images (n = 1)."""

    green: np.ndarray
    """(n,) tokens on their green lists, each pair of list and token counted once."""

    counted: np.ndarray
    """(n,) different pairs of list and token."""

    z: np.ndarray
    """(n,) standard deviations by which `green` exceeds what chance gives."""

    p_value: np.ndarray
    """(n,) the probability that chance gives as many: exact, for a key chosen at random after the
    image was made.
    """


@dataclass(frozen=True)
class Watermark:
    """Green lists made from a key, and the test for them.

    A token belongs to a list with probability `fraction`, independently of all others. So the green
    ones among different pairs of list and token are binomial for an image that knows nothing of the
    key. Pairs that recur count once: they are all green or all red together.

    The lists come from NumPy's generator, which is not cryptographic: a service would derive them
    with a keyed hash, since whoever learns the lists can remove or forge the mark.

    Args:
        key: a whole number; it must not be the seed of the sampling.
        vocabulary_size, length: of the tokens of an image.
        fraction: of the vocabulary on a green list, above 0 and below 1.
        strength: added to the logits of green tokens, in nats.
        context: one of `CONTEXTS`.
    """

    key: int
    vocabulary_size: int
    length: int
    fraction: float = 0.5
    strength: float = 2.0
    context: str = "previous"

    def __post_init__(self):
        check_whole("key", self.key, 0)
        check_whole("vocabulary_size", self.vocabulary_size, 2)
        check_whole("length", self.length)
        if check_number("fraction", self.fraction, 0.0, 1.0, below=True) == 0.0:
            raise ValueError("fraction must be above 0: an empty green list marks nothing")
        check_number("strength", self.strength)
        check_one_of("context", self.context, CONTEXTS)

    @functools.cached_property
    def green(self) -> np.ndarray:
        """The lists: booleans (lists, vocabulary_size). In the context "previous" the last list
        is that of the first token.
        """
        lists = {"previous": self.vocabulary_size + 1, "place": self.length, "none": 1}
        shape = lists[self.context], self.vocabulary_size
        return np.random.default_rng(self.key).random(shape) < self.fraction

    @property
    def bias(self) -> np.ndarray:
        """What is added to the logits, by list: (lists, vocabulary_size)."""
        return np.float32(self.strength) * self.green.astype(np.float32)

    def pairs(self, tokens) -> np.ndarray:
        """Tokens (n, length) -> for each token the number of its pair of list and token: (n,
        length), indices into the flattened `green`.
        """
        tokens = check_tokens(tokens, self.vocabulary_size, self.length)
        # the start of a sequence is the token after the last of the vocabulary
        previous = np.pad(tokens[:, :-1], ((0, 0), (1, 0)), constant_values=self.vocabulary_size)
        lists = list_of(self.context, previous, np.arange(self.length))
        return lists * self.vocabulary_size + tokens

    def detect(self, tokens) -> Detection:
        """Tests the tokens of each image, (n, length)."""
        return self._test(map(np.unique, self.pairs(tokens)))

    def detect_together(self, tokens) -> Detection:
        """Tests all images as one set, which is marked as a whole or not at all."""
        return self._test([np.unique(self.pairs(tokens))])

    def _test(self, sets_of_pairs) -> Detection:
        green, counted = np.transpose(
            [(self.green.ravel()[pairs].sum(), len(pairs)) for pairs in sets_of_pairs]
        )
        p_value = bdtrc(green - 1, counted, self.fraction)  # the binomial tail from `green` on
        return Detection(green, counted, z_score(green, counted, self.fraction), p_value)


def z_score(green, counted, fraction: float):
    """(green - fraction * counted) / sqrt(counted * fraction * (1 - fraction)): how far `green`
    tokens of `counted` lie above their mean by chance, in standard deviations.
    """
    spread = np.sqrt(np.asarray(counted) * fraction * (1.0 - fraction))
    return (np.asarray(green) - fraction * np.asarray(counted)) / spread


def list_of(context: str, previous, position):
    """Which green list a token has: from the token before it, (...), and its place; NumPy's
    arrays or tensors.
    """
    choices = {"previous": previous, "place": 0 * previous + position, "none": 0 * previous}
    return choices[context]
