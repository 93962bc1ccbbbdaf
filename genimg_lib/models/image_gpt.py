"""Image GPT: images as sequences of tokens, drawn one after the other."""

import keras
import numpy as np
from keras import ops

from genimg_lib.data.arguments import check_whole
from genimg_lib.models.token_generator import TokenGenerator
from genimg_lib.nn import sampling
from genimg_lib.nn.batches import in_batches
from genimg_lib.nn.transformer import CausalTransformer


@keras.saving.register_keras_serializable("genimg")
class ImageGPT(TokenGenerator):
    """A causal transformer over the tokens of an image, row by row.

    Its likelihood is exact: the probability of an image's tokens is the product of the
    probabilities of each, given those before it. Source: Chen et al., "Generative pretraining from
    pixels", 2020; over learned tokens: Esser, Rombach and Ommer, arXiv:2012.09841, section 3.2.

    Args:
        tokenizer: see `TokenGenerator`.
        width, depth, heads: of the transformer.
    """

    def __init__(self, tokenizer, *, width: int = 64, depth: int = 3, heads: int = 2, **kwargs):
        super().__init__(tokenizer, **kwargs)
        self.width = check_whole("width", width)
        self.depth = check_whole("depth", depth)
        self.heads = check_whole("heads", heads)
        self.network = CausalTransformer(
            tokenizer.vocabulary_size,
            tokenizer.length,
            num_conditions=self.num_classes,
            width=self.width,
            depth=self.depth,
            heads=self.heads,
        )
        self.built = True

    def token_loss(self, tokens, conditions):
        return self.network.token_nll(tokens, conditions)

    def draw(self, fixed, conditions, *, seed=None, guidance=1.5, cached=True, **options):
        """See `CausalTransformer.draw` for the options; without classes there is nothing to guide.

        `cached=False` draws the same tokens with `draw_uncached`, for comparison.
        """
        sampling.check_options(guidance=guidance)
        fixed, conditions = self.checked_fixed(fixed, conditions)
        guidance = guidance if self.num_classes else 1.0
        draw = self.network.draw if cached else self.network.draw_uncached
        return draw(fixed, conditions, seed=seed, guidance=guidance, **options)

    def log_likelihood(self, images, labels=None) -> np.ndarray:
        """log p(tokens of each `uint8` image), in nats, exact: shape (n,); without `labels`, of
        the unconditional model.
        """
        return token_log_likelihood(self, images, labels)


def token_log_likelihood(model: TokenGenerator, images, labels=None) -> np.ndarray:
    """Sums the token log-likelihoods of each image, for models whose `token_loss` is exact:
    shape (n,).
    """
    tokens = model.tokenizer.encode(images)
    if labels is None:
        conditions = model.no_conditions(len(tokens))
    else:
        conditions = model.encode_conditions(labels, len(tokens))
    return in_batches(lambda *part: -ops.sum(model.token_loss(*part), axis=1), tokens, conditions)
