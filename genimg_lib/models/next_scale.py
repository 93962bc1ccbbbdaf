"""Next-scale prediction: all tokens of one scale at once, from the coarsest to the finest."""

import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops

from genimg_lib.models.image_gpt import token_log_likelihood
from genimg_lib.models.token_generator import TokenGenerator
from genimg_lib.nn import sampling


@keras.saving.register_keras_serializable("genimg")
class NextScale(TokenGenerator):
    """A transformer that predicts all tokens of a scale from the scales before it.

    The input at each position of a scale is the image so far, resized to that scale. Within a scale
    the tokens are drawn independently, and that is the model: unlike MaskGIT's, its likelihood is
    exact. Source: Tian et al. (VAR), arXiv:2404.02905, section 3.2.

    Args:
        tokenizer: a `Tokenizer` with several scales.
        width, depth, heads: of the transformer.
    """

    def __init__(self, tokenizer, *, width: int = 64, depth: int = 3, heads: int = 2, **kwargs):
        super().__init__(tokenizer, **kwargs)
        if len(tokenizer.grids) < 2:
            raise ValueError(
                "next-scale prediction needs a Tokenizer with several scales, such as "
                "scale_tokenizer()"
            )
        if tokenizer.groups > 1:
            raise ValueError(
                f"next-scale prediction needs one code per place, the tokenizer has "
                f"{tokenizer.groups} groups"
            )
        self.counts = [height * breadth for height, breadth in tokenizer.grids]
        groups = np.repeat(range(len(self.counts)), self.counts)
        self.use_transformer(groups, width=width, depth=depth, heads=heads)
        self.project_codes = layers.Dense(self.width)
        self.project_codes.build((None, tokenizer.quantizer.dimension))
        self.built = True
        self._decode = tf.function(self._scale_by_scale, autograph=False, reduce_retracing=True)

    def token_loss(self, tokens, conditions):
        scales = range(len(self.counts))
        inputs = [self._embed(tokens, scale, conditions) for scale in scales]
        logits = self.transformer(ops.concatenate(inputs, axis=1))
        return tf.nn.sparse_softmax_cross_entropy_with_logits(ops.cast(tokens, "int32"), logits)

    def _embed(self, tokens, scale: int, conditions):
        """The input of one scale: the sum of the codes of the scales before it, resized."""
        condition = self.condition_embedding(conditions)[:, None]
        if scale == 0:
            return ops.repeat(condition, self.counts[0], axis=1)
        earlier = tokens[:, : sum(self.counts[:scale])]
        codes = self.tokenizer.codes(earlier, self.tokenizer.grids[scale])
        codes = ops.reshape(codes, (-1, self.counts[scale], codes.shape[-1]))
        return self.project_codes(codes) + condition

    def draw(
        self, fixed, conditions, *, seed=None, temperature=1.0, top_k=None, top_p=None, guidance=1.5
    ):
        """Draws all tokens of `fixed` that are -1, scale by scale; options as for image GPT."""
        limits = {"top_k": top_k, "top_p": top_p}
        sampling.check_options(temperature=temperature, guidance=guidance, **limits)
        fixed, conditions = self.checked_fixed(fixed, conditions)
        scale = None if guidance == 1.0 or not self.num_classes else tf.constant(float(guidance))
        return self._decode(
            fixed,
            conditions,
            sampling.stateless_seed(seed),
            tf.constant(float(temperature)),
            scale,
            **limits,
        )

    def _scale_by_scale(self, fixed, conditions, seed, temperature, guidance, top_k, top_p):
        if guidance is not None:
            conditions = ops.concatenate([conditions, ops.full_like(conditions, self.num_classes)])
        tokens = fixed[:, :0]
        cache = self.transformer.empty_cache(ops.shape(conditions)[0])
        for scale, count in enumerate(self.counts):
            known = tokens if guidance is None else ops.tile(tokens, (2, 1))
            logits, cache = self.transformer.extend(
                self._embed(known, scale, conditions), cache, tokens.shape[1]
            )
            if guidance is not None:
                logits = sampling.guide(*ops.split(logits, 2), guidance)
            noise = sampling.gumbel(ops.shape(logits), seed, scale)
            drawn = sampling.choose(logits, noise, temperature, top_k, top_p)
            given = fixed[:, tokens.shape[1] : tokens.shape[1] + count]
            tokens = ops.concatenate([tokens, ops.where(given < 0, drawn, given)], axis=1)
        return tokens

    def log_likelihood(self, images, labels=None) -> np.ndarray:
        """log p(tokens of each `uint8` image), in nats, exact: shape (n,); without `labels`, of
        the unconditional model.
        """
        return token_log_likelihood(self, images, labels)
