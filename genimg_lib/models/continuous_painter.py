"""Text to image with continuous tokens: a transformer goes from place to place, and at each one a
small flow samples the latent.
"""

import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops

from genimg_lib.data.arguments import check_number, check_whole
from genimg_lib.data.images import check_images, to_uint8
from genimg_lib.models.base import ImageGenerator
from genimg_lib.models.diffusion import mix, residual_features
from genimg_lib.models.text_to_image import ReadsText
from genimg_lib.models.token_generator import TokenModel
from genimg_lib.models.tokenizer import PixelTokenizer
from genimg_lib.nn import replicas
from genimg_lib.nn.batches import in_batches
from genimg_lib.nn.cross_attention import Reader
from genimg_lib.nn.layers import time_features
from genimg_lib.nn.sampling import guide
from genimg_lib.nn.transformer import Transformer


def build_flow_head(dimension: int, context_width: int, width: int, blocks: int) -> keras.Model:
    """Noisy latents (batch, dimension), times (batch,) in [0, 1] and contexts (batch,
    context_width) -> velocities (batch, dimension).
    """
    latents = keras.Input((dimension,), name="latents")
    times = keras.Input((), name="times")
    contexts = keras.Input((context_width,), name="contexts")
    known = ops.silu(layers.Dense(width)(time_features(times)) + layers.Dense(width)(contexts))
    features = residual_features(latents, known, width, blocks)
    velocities = layers.Dense(dimension, kernel_initializer="zeros", name="head")(features)
    return keras.Model([latents, times, contexts], velocities, name="flow")


class LatentTransformer(keras.Model):
    """p(latents | source), one latent after the other: what the transformer says of a place, its
    *context*, is the condition of a flow from noise to the latent.

    Where a `ReadingTransformer` looks a token up in a table and ends with logits, this one projects
    a latent with a matrix and ends with a context. Source: Li et al. (MAR), arXiv:2406.11838,
    section 3.2; the flow in place of a diffusion: Lipman et al., arXiv:2210.02747.

    Args:
        length, dimension: latents of a picture, and numbers of a latent.
        source_shape, source_vocabulary: see `Reader`.
        width, depth, heads: of the transformer; the reader has the same width and heads.
        flow_width, flow_blocks: of the flow head.
    """

    def __init__(
        self,
        length: int,
        dimension: int,
        source_shape,
        source_vocabulary=None,
        *,
        width: int = 64,
        depth: int = 3,
        heads: int = 2,
        flow_width: int = 96,
        flow_blocks: int = 2,
    ):
        super().__init__()
        self.length = length
        self.dimension = dimension
        self.width = width
        self.reader = Reader(
            length, source_shape[0], source_vocabulary, width=width, heads=heads, name="reader"
        )
        self.reader.build((None, *source_shape))
        # what its head makes are contexts, as wide as the transformer, in place of logits
        self.transformer = Transformer(width, range(length), width=width, depth=depth, heads=heads)
        # "embedding": the optimizer treats it as it treats a table of tokens
        self.embedding = layers.Dense(width, name="embedding")
        self.embedding.build((None, dimension))
        self.start = self.add_weight(
            name="start",
            shape=(1, 1, width),
            initializer=keras.initializers.RandomNormal(0.0, 0.02),
        )
        self.flow = build_flow_head(dimension, width, flow_width, flow_blocks)
        self.built = True
        self._sample = tf.function(self._sample_cached, autograph=False, reduce_retracing=True)

    def contexts(self, latents, source):
        """What is known of each latent (batch, length, dimension) from the source and from the
        latents before it: (batch, length, width).
        """
        start = ops.broadcast_to(self.start, (ops.shape(latents)[0], 1, self.width))
        before = ops.concatenate([start, self.embedding(latents[:, :-1])], axis=1)
        return self.transformer(before + self.reader(source))

    def velocity_error(self, latents, source, seed, noises: int = 1):
        """Mean squared error of the velocity, latent minus noise, of each latent: (batch, length).

        Each context is computed once and serves `noises` pairs of a noise and a time: the head
        costs less than the transformer before it.
        """
        shape = (ops.shape(latents)[0], noises, self.length)
        data = ops.broadcast_to(latents[:, None], (*shape, self.dimension))
        noise = replicas.normal((*shape, self.dimension), seed=seed)
        # most times in the middle, as in `Diffusion`
        times = ops.sigmoid(replicas.normal(shape, seed=seed))
        contexts = self.contexts(latents, source)[:, None]
        contexts = ops.broadcast_to(contexts, (*shape, self.width))
        predicted = self.flow(
            [
                ops.reshape(mix(data, noise, times[..., None]), (-1, self.dimension)),
                ops.reshape(times, (-1,)),
                ops.reshape(contexts, (-1, self.width)),
            ]
        )
        predicted = ops.reshape(ops.cast(predicted, "float32"), (*shape, self.dimension))
        return ops.mean(ops.square(predicted - (data - noise)), axis=(1, 3))

    def follow(self, noise, contexts, steps, scale=None):
        """Where the flow leads: noise (batch, dimension) -> latents (batch, dimension), in `steps`
        equal Euler steps from time 0 to 1.

        With a `scale` the velocity is guided, and there are twice as many contexts as latents:
        first those with the source, then those without. See `sampling.guide`.
        """
        count = ops.cast(steps, "float32")

        def step(index, latents):
            repeated = latents if scale is None else ops.tile(latents, (2, 1))
            times = ops.broadcast_to(ops.cast(index, "float32") / count, ops.shape(repeated)[:1])
            velocity = ops.cast(self.flow([repeated, times, contexts]), "float32")
            if scale is not None:
                velocity = guide(*ops.split(velocity, 2), scale)
            return index + 1, tf.ensure_shape(latents + velocity / count, noise.shape)

        return tf.while_loop(lambda index, _: index < steps, step, (0, noise))[1]

    def write(self, noise, source, *, steps: int = 32, guidance: float = 1.0):
        """Latents that follow from noise, both (batch, length, dimension), one after the other,
        with a cache.

        Args:
            noise: where the flow of each place begins; standard normal for samples of the model.
            source: as for `contexts`; zeros say nothing.
            steps: of the flow of each place.
            guidance: see `sampling.guide`; anything but 1 also runs everything without the source.
        """
        scale = None if guidance == 1.0 else tf.constant(float(guidance))
        return self._sample(ops.convert_to_tensor(noise), source, tf.constant(steps), scale)

    def _sample_cached(self, noise, source, steps, scale):
        """The loop of `write`."""
        copies = 1 if scale is None else 2
        if scale is not None:
            source = ops.concatenate([source, ops.zeros_like(source)])
        batch = ops.shape(noise)[0]
        read = self.reader(source)
        start = ops.broadcast_to(self.start, (copies * batch, 1, self.width))
        cache = self.transformer.empty_cache(copies * batch)

        def step(position, before, latents, cache):
            x = ops.reshape(before, (-1, 1, self.width))
            x = x + ops.take(read, position, axis=1)[:, None]
            contexts, cache = self.transformer.extend(x, cache, position)
            here = ops.take(noise, position, axis=1)
            latent = self.follow(here, contexts[:, 0], steps, scale)[:, None]
            latents = ops.slice_update(latents, (0, position, 0), latent)
            before = ops.tile(self.embedding(latent), (copies, 1, 1))
            return position + 1, before, latents, cache

        def unfinished(position, before, latents, cache):
            return position < self.length

        found = tf.while_loop(unfinished, step, (0, start, ops.zeros_like(noise), cache))
        return found[2]


@keras.saving.register_keras_serializable("genimg")
class ContinuousPainter(ReadsText, TokenModel, ImageGenerator):
    """p(latents of an image | caption) without a vocabulary of pictures: `TextToImage` with a flow
    in place of its softmax, over the codes of the tokenizer in place of its tokens.

    With a tokenizer whose quantizer is `Unrounded` the latents are continuous; with `FSQ` they are
    its rounded codes. In training all have mean 0 and variance 1 in each channel.

    Args:
        tokenizer: a trained `Tokenizer` of one scale and one code for each patch.
        text: one of `text_encoders`; like the tokenizer it is not trained with the model.
        width, depth, heads, flow_width, flow_blocks: see `LatentTransformer`.
        noises: see `LatentTransformer.velocity_error`.
        label_drop: share of the training captions that are dropped, which guidance needs.

    Raises `TypeError` for a tokenizer without codes, `ValueError` for one with several scales or
        groups.
    """

    METRICS = ("velocity_error",)

    def __init__(
        self,
        tokenizer,
        text,
        *,
        width: int = 64,
        depth: int = 3,
        heads: int = 2,
        flow_width: int = 96,
        flow_blocks: int = 2,
        noises: int = 4,
        label_drop: float = 0.1,
        **kwargs,
    ):
        super().__init__(tokenizer, **kwargs)
        if isinstance(tokenizer, PixelTokenizer):
            raise TypeError("tokenizer must be a Tokenizer: a PixelTokenizer has no codes")
        if tokenizer.length != tokenizer.grid[0] * tokenizer.grid[1]:
            raise ValueError(
                f"expected a tokenizer with one code for each patch, got {tokenizer.length} tokens "
                f"on a grid of {tokenizer.grid}"
            )
        self.text = text
        self.width = check_whole("width", width)
        self.depth = check_whole("depth", depth)
        self.heads = check_whole("heads", heads)
        self.flow_width = check_whole("flow_width", flow_width)
        self.flow_blocks = check_whole("flow_blocks", flow_blocks)
        self.noises = check_whole("noises", noises)
        self.label_drop = check_number("label_drop", label_drop, 0.0, 1.0, below=True)
        dimension = tokenizer.quantizer.dimension
        self.latent_mean, self.latent_scale = (
            self.add_weight(name=name, shape=(dimension,), initializer=start, trainable=False)
            for name, start in (("latent_mean", "zeros"), ("latent_scale", "ones"))
        )
        self.network = LatentTransformer(
            tokenizer.length,
            dimension,
            text.shape,
            text.vocabulary_size,
            width=self.width,
            depth=self.depth,
            heads=self.heads,
            flow_width=self.flow_width,
            flow_blocks=self.flow_blocks,
        )
        self.built = True

    def prepare(self, images):
        """`uint8` images -> latents, (n, length, dimension), of mean 0 and variance 1 in the first
        training set.
        """
        self.check_tokenizer_trained()
        images = check_images(images, shape=self.image_shape)
        codes = in_batches(self._codes, images)
        if not self.trained:  # the scale of the latents is set once, by the first training set
            self.latent_mean.assign(codes.mean(axis=(0, 1)))
            self.latent_scale.assign(codes.std(axis=(0, 1)) + 1e-6)
        return (codes - np.asarray(self.latent_mean)) / np.asarray(self.latent_scale)

    def _codes(self, images) -> np.ndarray:
        """`uint8` images -> codes of the tokenizer, row by row: (n, length, dimension)."""
        features = self.tokenizer.encoder(images / np.float32(255))
        codes = self.tokenizer.quantizer(ops.cast(features, "float32"))
        return np.asarray(codes).reshape(len(images), *self.latent_shape)

    @property
    def latent_shape(self) -> tuple[int, int]:
        """(length, dimension) of a picture's latents."""
        return self.network.length, self.network.dimension

    def terms(self, latents, words):
        error = self.network.velocity_error(latents, words, self.seed_generator, self.noises)
        return {"velocity_error": error}

    def generate(
        self,
        count,
        condition=None,
        *,
        seed=None,
        steps: int = 32,
        guidance: float = 2.5,
        temperature: float = 0.85,
    ) -> np.ndarray:
        """As in the contract.

        Args:
            count, condition, seed: the condition is one caption for all, or one for each.
            steps: of the flow of each place.
            guidance: 1 samples from the model; see `sampling.guide`.
            temperature: what the noise is multiplied by. It is not that of a softmax: 0 takes for
                each place what the flow makes of no noise.
        """
        return super().generate(
            count,
            condition,
            seed=seed,
            steps=check_whole("steps", steps),
            guidance=check_number("guidance", guidance),
            temperature=check_number("temperature", temperature),
        )

    def sample(self, words, seed, steps: int, guidance: float, temperature: float):
        noise = keras.random.normal((len(words), *self.latent_shape), seed=seed)
        latents = self.network.write(temperature * noise, words, steps=steps, guidance=guidance)
        return self.intensities(latents)

    def intensities(self, latents):
        """Latents (batch, length, dimension) -> images as floats in [0, 1]."""
        codes = latents * self.latent_scale + self.latent_mean
        codes = ops.reshape(codes, (-1, *self.tokenizer.grid, self.network.dimension))
        return ops.sigmoid(ops.cast(self.tokenizer.decoder(codes), "float32"))

    def reconstruct(self, images) -> np.ndarray:
        """What is left of `uint8` images after they became latents."""
        return to_uint8(in_batches(self.intensities, self.prepare(images)))
