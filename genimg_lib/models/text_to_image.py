"""Text to image: a caption is read, and the tokens of an image that fits it are written."""

import keras
import numpy as np
from keras import ops

from genimg_lib.data.arguments import check_whole
from genimg_lib.models.image_gpt import token_log_likelihood
from genimg_lib.models.token_generator import TokenGenerator
from genimg_lib.nn import replicas
from genimg_lib.nn.cross_attention import ReadingTransformer


class ReadsText:
    """What models share whose condition is text: they have a `text` encoder and a `label_drop`."""

    def encode_conditions(self, captions, count, *, required=False):
        if captions is None:
            if required:
                raise ValueError("this model learns from text: give one caption for each image")
            return self.no_conditions(count)
        captions = [captions] * count if isinstance(captions, str) else list(captions)
        if len(captions) != count:
            raise ValueError(f"expected {count} captions, one per image, got {len(captions)}")
        return self.text.encode(captions)

    def no_conditions(self, count):
        dtype = "float16" if self.text.vocabulary_size is None else "int32"
        return np.zeros((count, *self.text.shape), dtype)

    def drop_conditions(self, conditions):
        shape = (ops.shape(conditions)[0],) + (1,) * len(self.text.shape)
        kept = replicas.uniform(shape, seed=self.seed_generator) >= self.label_drop
        return ops.where(kept, conditions, ops.zeros_like(conditions))


@keras.saving.register_keras_serializable("genimg")
class TextToImage(ReadsText, TokenGenerator):
    """p(image tokens | caption): the condition of `fit` and `generate` is text.

    Source: Ramesh et al. (DALL-E), arXiv:2102.12092, section 2; a frozen language model as the
    encoder: Saharia et al. (Imagen), arXiv:2205.11487, section 2.1.

    Args:
        tokenizer: see `TokenGenerator`.
        text: one of `text_encoders`; like the tokenizer it is not trained with the model.
        width, depth, heads: of the transformer that writes; the reader has the same width and
            heads.
    """

    def __init__(
        self, tokenizer, text, *, width: int = 64, depth: int = 3, heads: int = 2, **kwargs
    ):
        super().__init__(tokenizer, **kwargs)
        self.text = text
        self.width = check_whole("width", width)
        self.depth = check_whole("depth", depth)
        self.heads = check_whole("heads", heads)
        self.network = ReadingTransformer(
            tokenizer.vocabulary_size,
            tokenizer.length,
            text.shape,
            text.vocabulary_size,
            width=self.width,
            depth=self.depth,
            heads=self.heads,
        )
        self.built = True

    def token_loss(self, tokens, conditions):
        return self.network.token_nll(tokens, conditions)

    def draw(self, fixed, conditions, *, seed=None, guidance=2.5, temperature=0.85, **options):
        """See `CausalTransformer.draw` for the options."""
        return self.network.draw(
            fixed, conditions, seed=seed, guidance=guidance, temperature=temperature, **options
        )

    def log_likelihood(self, images, captions=None) -> np.ndarray:
        """log p(tokens of each `uint8` image | its caption), in nats, exact: shape (n,)."""
        return token_log_likelihood(self, images, captions)
