"""Image to text: the tokens of an image are read, and a caption is written."""

import keras
import numpy as np
from keras import ops

from genimg_lib.data.arguments import check_one_of, check_whole
from genimg_lib.data.captions import LANGUAGES, LONGEST, VOCABULARY, decode, encode
from genimg_lib.data.images import check_images
from genimg_lib.models.token_generator import TokenModel
from genimg_lib.nn.batches import in_batches
from genimg_lib.nn.cross_attention import ReadingTransformer

CHINESE = np.array([word >= "\u4e00" for word in VOCABULARY], np.int32)


@keras.saving.register_keras_serializable("genimg")
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

    METRICS = ("nats_per_caption",)

    def __init__(self, tokenizer, *, width: int = 64, depth: int = 2, heads: int = 2, **kwargs):
        super().__init__(tokenizer, **kwargs)
        self.width = check_whole("width", width)
        self.depth = check_whole("depth", depth)
        self.heads = check_whole("heads", heads)
        self.network = ReadingTransformer(
            len(VOCABULARY),
            LONGEST,
            (tokenizer.length + 1,),
            tokenizer.vocabulary_size + 2,
            width=self.width,
            depth=self.depth,
            heads=self.heads,
            source_depth=2,
        )
        self.built = True

    def encode_conditions(self, captions, count, *, required=False):
        """Captions -> their words as numbers, `int32` of shape (count, LONGEST).

        Raises `ValueError` for another number of captions, and as `captions.parse`.
        """
        if captions is None:
            raise ValueError(f"expected {count} captions, one per image, got none")
        captions = [captions] if isinstance(captions, str) else list(captions)
        if len(captions) != count:
            raise ValueError(f"expected {count} captions, one per image, got {len(captions)}")
        return encode(captions)

    def terms(self, tokens, words):
        return {"nats_per_caption": self.caption_nll(tokens, words)}

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
        check_one_of("language", language, LANGUAGES)
        tokens = self.tokenizer.encode(check_images(images, shape=self.image_shape))
        seeds = self.random_stream(seed)

        def written(part):
            languages = np.full(len(part), LANGUAGES.index(language), np.int32)
            free = np.full((len(part), LONGEST), -1)
            return self.network.draw(
                free, self._source(part, languages), seed=seeds, temperature=temperature
            )

        return decode(in_batches(written, tokens))
