"""Text to image by flow matching: noise becomes the codes of a tokenizer, all places at once."""

import keras
import numpy as np
import tensorflow as tf
from keras import ops

from genimg_lib.data.arguments import check_number, check_whole
from genimg_lib.models.base import ImageGenerator
from genimg_lib.models.diffusion import ddim_step, mix
from genimg_lib.models.text_to_image import ReadsText
from genimg_lib.models.token_generator import TokenModel
from genimg_lib.models.tokenizer import Tokenizer
from genimg_lib.nn import replicas
from genimg_lib.nn.flow_transformer import FlowTransformer
from genimg_lib.nn.quantizers import FSQ
from genimg_lib.nn.sampling import guide

SPREAD = 2.0  # codes of FSQ lie in [-1, 1] with a variance of about 1/4


@keras.saving.register_keras_serializable("genimg")
class TextFlow(ReadsText, TokenModel, ImageGenerator):
    """The condition of `fit` and `generate` is text; the picture grows out of noise in a few steps.

    The data of the flow are the codes of a tokenizer, numbers on a grid, and what it ends with is
    rounded to codes: errors below half a level vanish. A network predicts data minus noise, by
    least squares. Sources: Lipman et al., arXiv:2210.02747; Rombach et al., arXiv:2112.10752
    (latents); Peebles and Xie, arXiv:2212.09748 (transformer); Ho and Salimans, arXiv:2207.12598
    (guidance).

    Args:
        tokenizer: a trained `Tokenizer` with an `FSQ`.
        text: one of `text_encoders`; like the tokenizer it is not trained with the model.
        patch: side of the square of codes that is one position of the transformer.
        width, depth, heads: of the transformer; the reader has the same width and heads.
        label_drop: share of the training captions that are dropped, which guidance needs.
    """

    METRICS = ("velocity_error",)

    def __init__(
        self,
        tokenizer,
        text,
        *,
        patch: int = 2,
        width: int = 192,
        depth: int = 6,
        heads: int = 4,
        label_drop: float = 0.1,
        **kwargs,
    ):
        if not isinstance(tokenizer, Tokenizer) or not isinstance(tokenizer.quantizer, FSQ):
            raise TypeError(f"tokenizer must be a Tokenizer with an FSQ, got {tokenizer!r}")
        super().__init__(tokenizer, **kwargs)
        self.text = text
        self.patch = check_whole("patch", patch)
        self.width = check_whole("width", width)
        self.depth = check_whole("depth", depth)
        self.heads = check_whole("heads", heads)
        self.label_drop = check_number("label_drop", label_drop, 0.0, 1.0, below=True)
        self.dimension = tokenizer.groups * tokenizer.quantizer.dimension
        self.network = FlowTransformer(
            tokenizer.grid,
            self.dimension,
            text.shape,
            text.vocabulary_size,
            patch=self.patch,
            width=self.width,
            depth=self.depth,
            heads=self.heads,
        )
        self.built = True

    def default_optimizer(self):
        """As for other transformers of the course, with weights averaged over the last 500 steps:
        the loss of a flow is noisier than that of tokens.
        """
        rate = keras.optimizers.schedules.InverseTimeDecay(5e-3, 3000, 1.0)
        return keras.optimizers.Muon(
            rate,
            exclude_layers=["head", "positions", "modulation"],
            use_ema=True,
            ema_momentum=0.998,
        )

    def terms(self, tokens, conditions):
        return {"velocity_error": self.velocity_error(tokens, conditions, self.seed_generator)}

    def velocity_error(self, tokens, conditions, seed):
        """Mean squared error of the velocity at one random time for each picture: (batch,)."""
        data = SPREAD * self.tokenizer.codes(tokens)
        noise = replicas.normal(ops.shape(data), seed=seed)
        # most times in the middle, where the velocity is hardest to tell: arXiv:2403.03206
        times = ops.sigmoid(replicas.normal((ops.shape(data)[0],), seed=seed))
        mixed = mix(data, noise, times[:, None, None, None])
        predicted = self.network(mixed, times, self.network.read(conditions))
        predicted = ops.cast(predicted, "float32")
        return ops.mean(ops.square(predicted - (data - noise)), axis=(1, 2, 3))

    def generate(
        self, count, condition=None, *, seed=None, steps: int = 20, guidance: float = 3.0
    ) -> np.ndarray:
        """As in the contract.

        Args:
            count, condition, seed: the condition is one caption for all, or one for each.
            steps: how often the network runs, one after the other.
            guidance: 1 samples from the model; above 1 the picture moves away from those that fit
                no caption.
        """
        steps = check_whole("steps", steps)
        guidance = check_number("guidance", guidance)
        return super().generate(count, condition, seed=seed, steps=steps, guidance=guidance)

    def sample(self, conditions, seed, steps: int = 20, guidance: float = 3.0):
        shape = (len(conditions), *self.tokenizer.grid, self.dimension)
        noise = keras.random.normal(shape, seed=seed)
        codes = self._denoise(
            noise, conditions, tf.constant(steps), tf.constant(guidance), guidance != 1.0
        )
        return self.tokenizer.intensities(self.tokenizer.nearest_tokens(codes / SPREAD))

    @tf.function(autograph=False, reduce_retracing=True)
    def _denoise(self, noise, conditions, steps, guidance, guided):
        if guided:
            conditions = ops.concatenate([conditions, ops.zeros_like(conditions)])
        read = self.network.read(conditions)

        def step(index, latents):
            time = tf.cast(index, "float32") / tf.cast(steps, "float32")
            next_time = tf.cast(index + 1, "float32") / tf.cast(steps, "float32")
            both = ops.concatenate([latents, latents]) if guided else latents
            velocity = self.network(both, ops.broadcast_to(time, (ops.shape(both)[0],)), read)
            velocity = ops.cast(velocity, "float32")
            if guided:
                conditional, unconditional = ops.split(velocity, 2)
                velocity = guide(conditional, unconditional, guidance)
            # a loop must return the shape that it was given, and the network forgets the batch
            latents = ddim_step(latents, velocity, time, next_time)
            return index + 1, tf.ensure_shape(latents, noise.shape)

        return tf.while_loop(lambda index, _: index < steps, step, (0, noise))[1]
