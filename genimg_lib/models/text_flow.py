"""Text to image by flow matching: noise becomes a picture, all pixels at once."""

import keras
import numpy as np
import tensorflow as tf
from keras import ops

from genimg_lib.data.arguments import check_number, check_whole
from genimg_lib.models.base import ImageGenerator
from genimg_lib.models.diffusion import ddim_step, mix
from genimg_lib.models.text_to_image import ReadsText
from genimg_lib.models.tokenizer import check_patch
from genimg_lib.nn import replicas
from genimg_lib.nn.flow_transformer import FlowTransformer
from genimg_lib.nn.sampling import guide

# Pixels lie in [-CONTRAST, CONTRAST], the noise has a deviation of 1. A large patch averages the
# noise away, so at full contrast the noisy picture would show its colours before the words count.
CONTRAST = 0.5
NEAREST = 0.1  # in the loss the way that is left to the picture counts as at least this


@keras.saving.register_keras_serializable("genimg")
class TextFlow(ReadsText, ImageGenerator):
    """The condition of `fit` and `generate` is text; the picture grows out of noise in a few steps.

    The transformer sees a noisy picture as a few large patches and answers with the picture that
    it expects, which says how the noise has to move. A picture of the data has far fewer degrees
    of freedom than noise, so that a narrow network can answer, and no tokenizer is needed.
    Sources: Lipman et al., arXiv:2210.02747 (flow matching); Li and He, arXiv:2511.13720 (large
    patches, the picture as answer); Ho and Salimans, arXiv:2207.12598 (guidance).

    Args:
        text: one of `text_encoders`; it is not trained with the model.
        patch: side of the square of pixels that is one position of the transformer.
        width, depth, heads: of the transformer; the reader has the same width and heads.
        label_drop: share of the training captions that are dropped, which guidance needs.
    """

    METRICS = ("velocity_error",)

    def __init__(
        self,
        text,
        *,
        image_shape=(32, 32, 3),
        patch: int = 8,
        width: int = 128,
        depth: int = 4,
        heads: int = 4,
        label_drop: float = 0.1,
        **kwargs,
    ):
        super().__init__(image_shape=image_shape, **kwargs)
        self.text = text
        self.patch = check_whole("patch", patch)
        self.width = check_whole("width", width)
        self.depth = check_whole("depth", depth)
        self.heads = check_whole("heads", heads)
        self.label_drop = check_number("label_drop", label_drop, 0.0, 1.0, below=True)
        check_patch(self.image_shape, self.patch)
        height, breadth, channels = self.image_shape
        self.network = FlowTransformer(
            (height, breadth),
            channels,
            text.shape,
            text.vocabulary_size,
            patch=self.patch,
            width=self.width,
            depth=self.depth,
            heads=self.heads,
        )
        self.built = True

    def default_optimizer(self):
        """As for other transformers of the course, with weights averaged over the last 200 steps:
        the loss of a flow is noisier than that of tokens.
        """
        rate = keras.optimizers.schedules.InverseTimeDecay(5e-3, 3000, 1.0)
        return keras.optimizers.Muon(
            rate,
            exclude_layers=["head", "positions", "modulation"],
            use_ema=True,
            ema_momentum=0.995,
        )

    def terms(self, images, conditions):
        return {"velocity_error": self.velocity_error(images, conditions, self.seed_generator)}

    def velocity_error(self, images, conditions, seed):
        """Mean squared error of the velocity, data minus noise, at one random time for each
        picture: (batch,).

        The velocity follows from the picture that the network expects: what is missing, over the
        time that is left.
        """
        data = CONTRAST * (ops.cast(images, "float32") / 127.5 - 1.0)
        noise = replicas.normal(ops.shape(data), seed=seed)
        # a logit-normal distribution (arXiv:2403.03206, section 3.1), mostly of early times, when
        # little but the words says what the picture will be
        times = ops.sigmoid(replicas.normal((ops.shape(data)[0],), seed=seed) - 1.0)
        mixed = mix(data, noise, times[:, None, None, None])
        expected = self.network(mixed, times, self.network.read(conditions))
        expected = ops.cast(expected, "float32")
        error = ops.mean(ops.square(expected - data), axis=(1, 2, 3))
        return error / ops.square(ops.maximum(1.0 - times, NEAREST))

    def generate(
        self, count, condition=None, *, seed=None, steps: int = 20, guidance: float = 2.0
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

    def sample(self, conditions, seed, steps: int = 20, guidance: float = 2.0):
        noise = keras.random.normal((len(conditions), *self.image_shape), seed=seed)
        pixels = self._denoise(
            noise, conditions, tf.constant(steps), tf.constant(guidance), guidance != 1.0
        )
        return ops.clip((pixels / CONTRAST + 1.0) / 2.0, 0.0, 1.0)

    @tf.function(autograph=False, reduce_retracing=True)
    def _denoise(self, noise, conditions, steps, guidance, guided):
        if guided:
            conditions = ops.concatenate([conditions, ops.zeros_like(conditions)])
        read = self.network.read(conditions)

        def step(index, pixels):
            time = tf.cast(index, "float32") / tf.cast(steps, "float32")
            next_time = tf.cast(index + 1, "float32") / tf.cast(steps, "float32")
            both = ops.concatenate([pixels, pixels]) if guided else pixels
            expected = self.network(both, ops.broadcast_to(time, (ops.shape(both)[0],)), read)
            expected = ops.cast(expected, "float32")
            if guided:
                conditional, unconditional = ops.split(expected, 2)
                # guidance overshoots: no pixel is brighter than white (arXiv:2205.11487, 2.3)
                expected = guide(conditional, unconditional, guidance)
                expected = ops.clip(expected, -CONTRAST, CONTRAST)
            velocity = (expected - pixels) / (1.0 - time)
            # a loop must return the shape that it was given, and the network forgets the batch
            pixels = ddim_step(pixels, velocity, time, next_time)
            return index + 1, tf.ensure_shape(pixels, noise.shape)

        return tf.while_loop(lambda index, _: index < steps, step, (0, noise))[1]
