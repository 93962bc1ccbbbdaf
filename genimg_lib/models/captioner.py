"""Image to text: the tokens of an image are read, and a caption is written."""

import keras
import numpy as np
import tensorflow as tf
from keras import ops

from genimg_lib.data.captions import LANGUAGES, LONGEST, VOCABULARY, decode, encode
from genimg_lib.data.images import check_images
from genimg_lib.models.token_generator import TokenModel
from genimg_lib.nn.cross_attention import ReadingTransformer

CHINESE = np.array([word >= "\u4e00" for word in VOCABULARY], np.int32)


class Captioner(TokenModel):
    """p(caption | image tokens): `fit(images, captions)`, then `describe(images)`.

    The source is the image's tokens and one more for the language, so that one model writes both.
    Source: Vinyals et al., arXiv:1411.4555, section 3, with a transformer in place of the LSTM and
    tokens in place of its features.

    Args:
        tokenizer: see `TokenModel`.
        width, depth, heads: of the transformer that writes; the reader has the same width and
            heads.
    """

    def __init__(self, tokenizer, *, width: int = 64, depth: int = 2, heads: int = 2, **kwargs):
        super().__init__(tokenizer, **kwargs)
        sizes = {"width": width, "depth": depth, "heads": heads, "source_depth": 2}
        source = ((tokenizer.length + 1,), tokenizer.vocabulary_size + 2)
        self.network = ReadingTransformer(len(VOCABULARY), LONGEST, *source, **sizes)
        self.tracker = keras.metrics.Mean(name="nats_per_caption")
        self.built = True

    @property
    def metrics(self):
        return [self.tracker]

    def _checked_labels(self, captions, count, required=False):
        if captions is None or isinstance(captions, str) or len(captions) != count:
            given = (
                "none" if captions is None else 1 if isinstance(captions, str) else len(captions)
            )
            raise ValueError(f"expected {count} captions, one per image, got {given}")
        return encode(captions)

    def train_step(self, data):
        tokens, words = data
        with tf.GradientTape() as tape:
            losses = self.caption_nll(tokens, words)
            loss = ops.mean(losses)
        self.optimizer.apply(
            tape.gradient(loss, self.trainable_variables), self.trainable_variables
        )
        self.count_step(tokens)
        return self._report(losses)

    def test_step(self, data):
        return self._report(self.caption_nll(*data))

    def _report(self, losses):
        self.tracker.update_state(losses)
        return {self.tracker.name: self.tracker.result()}

    def caption_nll(self, tokens, words):
        """-log p of each caption in nats, its end included: (batch,)."""
        chinese = ops.max(ops.take(CHINESE, words), axis=1)
        return ops.sum(self.network.token_nll(words, self._source(tokens, chinese)), axis=1)

    def _source(self, tokens, chinese):
        return ops.concatenate([tokens, self.tokenizer.vocabulary_size + chinese[:, None]], axis=1)

    def describe(
        self, images, language: str = "english", *, seed=None, temperature: float = 0.0
    ) -> list[str]:
        """A caption for each `uint8` image; at temperature 0 the likeliest next word every time.

        Raises `TypeError` or `ValueError` for images that break the contract or another language.
        """
        if language not in LANGUAGES:
            raise ValueError(f"language must be one of {', '.join(LANGUAGES)}, got {language!r}")
        tokens = self.tokenizer.encode(check_images(images, shape=self.image_shape))
        seeds = self.seed_generator if seed is None else keras.random.SeedGenerator(seed)
        written = []
        for part in (tokens[start : start + 500] for start in range(0, len(tokens), 500)):
            source = self._source(part, np.full(len(part), LANGUAGES.index(language), np.int32))
            free = np.full((len(part), LONGEST), -1)
            written += decode(self.network.draw(free, source, seed=seeds, temperature=temperature))
        return written
