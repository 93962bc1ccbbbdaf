"""MaskGIT: all tokens of an image at once, in a few steps from all masked to none."""

import math

import keras
import tensorflow as tf
from keras import layers, ops

from genimg_lib.models.token_generator import TokenGenerator
from genimg_lib.nn import replicas, sampling


@keras.saving.register_keras_serializable("genimg")
class MaskGIT(TokenGenerator):
    """A bidirectional transformer that fills in masked tokens.

    In training a random share of the tokens is masked, by the cosine schedule. To draw, it starts
    with all masked; every step proposes a token for each masked position, keeps the most confident
    proposals and masks the others again. It has no likelihood: what it has learned are the
    conditionals, and drawing several at once takes them as independent. Source: Chang et al.,
    arXiv:2202.04200, sections 3.2 and 3.3.

    Args:
        tokenizer: see `TokenGenerator`.
        width, depth, heads: of the transformer.
    """

    def __init__(self, tokenizer, *, width: int = 64, depth: int = 3, heads: int = 2, **kwargs):
        super().__init__(tokenizer, **kwargs)
        self.mask_token = tokenizer.vocabulary_size
        self.use_transformer([0] * tokenizer.length, width=width, depth=depth, heads=heads)
        self.token_embedding = layers.Embedding(tokenizer.vocabulary_size + 1, self.width)
        self.token_embedding.build(None)
        self.built = True
        self._decode = tf.function(self._unmask, autograph=False, reduce_retracing=True)

    def logits(self, tokens, conditions):
        """Tokens (batch, length), some of them `mask_token` -> logits of every position."""
        return self.transformer(
            self.token_embedding(tokens) + self.condition_embedding(conditions)[:, None]
        )

    def token_loss(self, tokens, conditions):
        """Nats of the masked tokens, scaled so that the mean over all positions is the mean over
        the masked ones.
        """
        shape = ops.shape(tokens)
        share = ops.cos(math.pi / 2 * replicas.uniform((shape[0], 1), seed=self.seed_generator))
        masked = replicas.uniform(shape, seed=self.seed_generator) < share
        logits = self.logits(ops.where(masked, self.mask_token, tokens), conditions)
        nats = tf.nn.sparse_softmax_cross_entropy_with_logits(ops.cast(tokens, "int32"), logits)
        masked = ops.cast(masked, "float32")
        return nats * masked / ops.maximum(replicas.mean(masked), 1e-6)

    def draw(
        self,
        fixed,
        conditions,
        *,
        seed=None,
        steps=8,
        temperature=1.0,
        choice_temperature=6.0,
        guidance=1.5,
    ):
        """Draws all tokens of `fixed` that are -1 in `steps` passes through the network.

        `choice_temperature` times Gumbel noise, which fades to nothing at the last step, is added
        to the log-probability of each proposal before the least confident are masked again.
        `temperature` and `guidance` as for image GPT.
        """
        sampling.check_options(
            temperature=temperature,
            choice_temperature=choice_temperature,
            guidance=guidance,
            steps=steps,
        )
        fixed, conditions = self.checked_fixed(fixed, conditions)
        scale = None if guidance == 1.0 or not self.num_classes else tf.constant(float(guidance))
        temperatures = tf.constant([float(temperature), float(choice_temperature)])
        return self._decode(
            fixed,
            conditions,
            sampling.stateless_seed(seed),
            tf.constant(steps),
            temperatures,
            scale,
        )

    def _unmask(self, fixed, conditions, seed, steps, temperatures, scale):
        count = ops.sum(ops.cast(fixed < 0, "int32"), axis=1)
        unconditional = ops.full_like(conditions, self.num_classes)

        def step(index, tokens):
            logits = self.logits(tokens, conditions)
            if scale is not None:
                logits = sampling.guide(logits, self.logits(tokens, unconditional), scale)
            noise = sampling.gumbel(ops.shape(logits), seed, 2 * index)
            drawn = sampling.choose(logits, noise, temperatures[0])
            confidences = tf.gather(tf.nn.log_softmax(logits), drawn, batch_dims=2)
            noise = sampling.gumbel(ops.shape(confidences), seed, 2 * index + 1)
            fading = temperatures[1] * (
                1.0 - ops.cast(index + 1, "float32") / ops.cast(steps, "float32")
            )
            masked = tokens == self.mask_token
            confidences = ops.where(masked, confidences + fading * noise, math.inf)
            again = sampling.least_confident(
                confidences, sampling.still_masked(index + 1, steps, count)
            )
            return index + 1, ops.where(again, self.mask_token, ops.where(masked, drawn, tokens))

        start = ops.where(fixed < 0, self.mask_token, fixed)
        return tf.while_loop(lambda index, _: index < steps, step, (0, start))[1]
