"""Tokenizers: images <-> tokens, whole numbers from a small vocabulary on a coarse grid."""

import hashlib

import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops

from genimg_lib.data.images import check_images, check_tokens, to_uint8
from genimg_lib.models.base import ImageModel
from genimg_lib.nn.layers import DepthToSpace, SpaceToDepth, check_sides
from genimg_lib.nn.losses import bernoulli_nll
from genimg_lib.nn.quantizers import FSQ, VQ

BATCH = 500
DARK = keras.initializers.Constant(-2.0)  # log-odds: an intensity of 0.12, MNIST's average is 0.13


def build_encoder(image_shape, dimension: int, patch: int, width: int) -> keras.Model:
    """Images in [0, 1] -> features (batch, height / patch, width / patch, dimension)."""
    check_sides(image_shape, patch)
    images = keras.Input(image_shape, name="images")
    features = SpaceToDepth(patch)(2.0 * images - 1.0)
    for _ in range(2):
        features = layers.Conv2D(width, 3, padding="same", activation="silu")(features)
    return keras.Model(images, layers.Conv2D(dimension, 1)(features), name="encoder")


def build_decoder(image_shape, dimension: int, patch: int, width: int) -> keras.Model:
    """Codes on the grid -> one logit per pixel, (batch, *image_shape).

    Its first answer is dark. One that starts at grey sends the encoder the same gradient for every
    image until the background is right, and by then FSQ's tanh may be saturated for good.
    """
    height, breadth, channels = image_shape
    codes = keras.Input((height // patch, breadth // patch, dimension), name="codes")
    features = codes
    for _ in range(2):
        features = layers.Conv2D(width, 3, padding="same", activation="silu")(features)
    patches = layers.Conv2D(patch * patch * channels, 3, padding="same", bias_initializer=DARK)(
        features
    )
    return keras.Model(codes, DepthToSpace(patch)(patches), name="decoder")


class Tokenizer(ImageModel):
    """An autoencoder whose codes come from a finite set: an image becomes `length` tokens below
    `vocabulary_size`.

    The loss is the Bernoulli negative log-likelihood of the grey levels, in nats per image; with VQ
    the commitment term is added: `commitment` times the squared distance between features and
    codes, which pulls the encoder only.

    With several `scales` the quantizer works on a residual, from coarse to fine: each scale
    encodes, on a grid of its own size, what the sum of the scales before it has left over. The
    tokens of all scales follow each other in one sequence. Source: Tian et al. (VAR),
    arXiv:2404.02905, algorithms 1 and 2.

    Args:
        quantizer: an `FSQ` or a `VQ`; `None` is FSQ with levels (8, 6, 5), 240 tokens.
        patch: pixels along one side of the square that becomes one token.
        scales: sides of the square grids, the last one that of the image in patches; `None` is this
            one alone.
        width: filters of the convolutions.
        commitment: weight of the commitment term; FSQ does without.
    """

    def __init__(
        self,
        *,
        quantizer=None,
        patch: int = 4,
        scales=None,
        width: int = 32,
        commitment: float = 0.25,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.quantizer = quantizer or FSQ()
        dimension = self.quantizer.dimension
        self.encoder = build_encoder(self.image_shape, dimension, patch, width)
        self.decoder = build_decoder(self.image_shape, dimension, patch, width)
        self.grid = (self.image_shape[0] // patch, self.image_shape[1] // patch)
        self.scales = None if scales is None else tuple(scales)
        if scales is not None and (
            self.grid != (*scales[-1:], *scales[-1:]) or [0, *scales] != sorted({0, *scales})
        ):
            raise ValueError(
                f"scales must grow and end with {self.grid[0]}, the grid of a square image, got "
                f"{tuple(scales)}"
            )
        if scales is not None and isinstance(self.quantizer, FSQ):
            raise ValueError(
                "FSQ bounds its features, so it cannot encode what is left over: use VQ for "
                "several scales"
            )
        self.grids = [(scale, scale) for scale in scales] if scales else [self.grid]
        self.length = sum(height * breadth for height, breadth in self.grids)
        self.vocabulary_size = self.quantizer.vocabulary_size
        self.commitment = commitment
        self.trackers = [keras.metrics.Mean(name=name) for name in ("reconstruction", "commitment")]
        self._draw = tf.function(self.decoder, autograph=False, reduce_retracing=True)
        self.built = True

    @property
    def metrics(self):
        return self.trackers

    def compile(self, optimizer=None, **kwargs):
        """`optimizer` defaults to Adam at a rate that falls as 1 / (1 + step / 1500), with
        averaged weights.
        """
        if optimizer is None:
            rate = keras.optimizers.schedules.InverseTimeDecay(4e-3, 1500, 1.0)
            optimizer = keras.optimizers.Adam(rate, use_ema=True, ema_momentum=0.99)
        super().compile(optimizer, jit_compile=False, **kwargs)
        self.optimizer.build(self.trainable_variables)

    def train_step(self, data):
        images, _ = data
        with tf.GradientTape() as tape:
            reconstruction, commitment, vectors = self.losses_of(images)
            loss = ops.mean(reconstruction + self.commitment * commitment)
        self.optimizer.apply(
            tape.gradient(loss, self.trainable_variables), self.trainable_variables
        )
        self.quantizer.update(vectors, self.seed_generator)
        self.count_step(images)
        return self._report(reconstruction, commitment)

    def test_step(self, data):
        return self._report(*self.losses_of(data[0])[:2])

    def _report(self, *values):
        for tracker, value in zip(self.trackers, values, strict=True):
            tracker.update_state(value)
        return {tracker.name: tracker.result() for tracker in self.trackers}

    def losses_of(self, images):
        """`uint8` images -> reconstruction and commitment, each (batch,), and the vectors that
        were quantized.
        """
        pixels = ops.cast(images, "float32") / 255.0
        codes, vectors, _, commitment = self.quantize_features(self.encoder(pixels))
        return bernoulli_nll(pixels, self.decoder(codes)), commitment, vectors

    def quantize_features(self, features):
        """Features on the grid -> codes on the grid, the vectors quantized, tokens (batch,
        length), commitment (batch,).
        """
        codes = ops.zeros_like(features)
        vectors = []
        tokens = []
        commitment = 0.0
        for grid in self.grids:
            residual = resize(features - codes, grid)
            quantized = self.quantizer(residual)
            if not isinstance(self.quantizer, FSQ):
                commitment += ops.sum(
                    ops.square(residual - ops.stop_gradient(quantized)), axis=(1, 2, 3)
                )
            codes = codes + resize(quantized, self.grid)
            vectors.append(ops.reshape(residual, (-1, self.quantizer.dimension)))
            tokens.append(ops.reshape(self.quantizer.tokens(residual), (-1, grid[0] * grid[1])))
        return (
            codes,
            ops.concatenate(vectors),
            ops.concatenate(tokens, axis=1),
            commitment + ops.zeros(ops.shape(codes)[0]),
        )

    def codes(self, tokens, grid=None):
        """Tokens of the first one or more scales, (batch, n) -> the sum of their codes, on the
        full grid or on `grid`.
        """
        total, start = 0.0, 0
        for height, breadth in self.grids:
            stop = start + height * breadth
            part = ops.reshape(tokens[:, start:stop], (-1, height, breadth))
            total = total + resize(self.quantizer.codes(part), self.grid)
            start = stop
            if start == tokens.shape[1]:
                break
        return resize(total, grid or self.grid)

    def intensities(self, tokens):
        """Tokens (batch, length) -> images as floats in [0, 1]."""
        return ops.sigmoid(self._draw(self.codes(tokens)))

    def encode(self, images) -> np.ndarray:
        """`uint8` images -> tokens, `int32` of shape (n, length)."""
        images = check_images(images, shape=self.image_shape)
        return _in_batches(
            lambda part: self.quantize_features(self.encoder(part / np.float32(255)))[2], images
        )

    def decode(self, tokens) -> np.ndarray:
        """Tokens (n, length) -> `uint8` images. Raises `ValueError` for another shape or a token
        out of range.
        """
        return to_uint8(
            _in_batches(self.intensities, check_tokens(tokens, self.vocabulary_size, self.length))
        )

    def reconstruct(self, images) -> np.ndarray:
        """What is left of `uint8` images after encoding and decoding."""
        return self.decode(self.encode(images))

    def fingerprint(self) -> np.ndarray:
        """Eight bytes that tell this tokenizer's weights from any other's."""
        weights = [*self.encoder.weights, *self.quantizer.weights, *self.decoder.weights]
        digest = hashlib.sha256(b"".join(np.asarray(weight).tobytes() for weight in weights))
        return np.frombuffer(digest.digest()[:8], np.uint8)


def coarse_tokenizer(**options) -> Tokenizer:
    """A 4x4 grid for 28x28 images: 16 tokens from a VQ of 512 codes; `options` are the others of
    `Tokenizer`.
    """
    return Tokenizer(quantizer=VQ(512, 16), patch=7, width=64, **options)


def scale_tokenizer(**options) -> Tokenizer:
    """The tokenizer of next-scale prediction: a VQ of 16 codes on grids of 1x1, 2x2, 4x4 and
    7x7.
    """
    return Tokenizer(quantizer=VQ(16, 8), scales=(1, 2, 4, 7), **options)


class PixelTokenizer:
    """Every pixel is a token, its grey level: nothing to train and, with as many levels as the
    images have, nothing lost.

    The first image GPT did so with a palette of 512 colours: Chen et al., "Generative pretraining
        from pixels", 2020.

    Args:
        image_shape: (height, width, 1) of the images.
        vocabulary_size: grey levels, 2 for black and white.
    """

    def __init__(self, image_shape, vocabulary_size: int = 2):
        if not 2 <= vocabulary_size <= 256:
            raise ValueError(
                f"vocabulary_size must be between 2 and 256 grey levels, got {vocabulary_size}"
            )
        if image_shape[2] != 1:
            raise ValueError(
                "a pixel is one token, so images need one channel, got "
                f"image_shape={tuple(image_shape)}"
            )
        self.image_shape = tuple(image_shape)
        self.grid = tuple(image_shape[:2])
        self.grids = [self.grid]
        self.length = image_shape[0] * image_shape[1]
        self.vocabulary_size = vocabulary_size

    def intensities(self, tokens):
        """Tokens (batch, length) -> images as floats in [0, 1]."""
        return ops.reshape(
            ops.cast(tokens, "float32") / (self.vocabulary_size - 1), (-1, *self.image_shape)
        )

    def encode(self, images) -> np.ndarray:
        """`uint8` images -> tokens, `int32` of shape (n, length): each grey level goes to the
        nearest that there is.
        """
        images = check_images(images, shape=self.image_shape).reshape(-1, self.length)
        return np.round(images / 255.0 * (self.vocabulary_size - 1)).astype(np.int32)

    def decode(self, tokens) -> np.ndarray:
        """Tokens (n, length) -> `uint8` images."""
        return to_uint8(self.intensities(check_tokens(tokens, self.vocabulary_size, self.length)))

    def fingerprint(self) -> np.ndarray:
        """Tells this tokenizer from others."""
        return np.array([*self.image_shape, self.vocabulary_size], np.int32)


def resize(features, grid):
    """Features (batch, h, w, c) on another grid, linearly interpolated; averages where the grid
    is coarser.
    """
    if tuple(features.shape[1:3]) == tuple(grid):
        return features
    return ops.image.resize(features, grid, interpolation="bilinear", antialias=True)


def _in_batches(function, values):
    return np.concatenate(
        [np.asarray(function(values[i : i + BATCH])) for i in range(0, len(values), BATCH)]
    )
