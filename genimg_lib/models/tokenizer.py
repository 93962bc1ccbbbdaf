"""Tokenizers: images <-> tokens, whole numbers from a small vocabulary on a coarse grid."""

import hashlib
import itertools

import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops

from genimg_lib.data.arguments import check_image_shape, check_number, check_one_of, check_whole
from genimg_lib.data.images import check_images, check_tokens, to_uint8
from genimg_lib.models.base import ImageModel
from genimg_lib.nn.batches import in_batches
from genimg_lib.nn.layers import DepthToSpace, SpaceToDepth
from genimg_lib.nn.losses import bernoulli_nll, laplace_nll
from genimg_lib.nn.quantizers import FSQ, VQ

LIKELIHOODS = ("bernoulli", "laplace")
DARK = keras.initializers.Constant(-2.0)  # log-odds: an intensity of 0.12, MNIST's average is 0.13


def build_encoder(image_shape, dimension: int, patch: int, width: int) -> keras.Model:
    """Images in [0, 1] -> features (batch, height / patch, width / patch, dimension)."""
    images = keras.Input(image_shape, name="images")
    features = SpaceToDepth(patch)(2.0 * images - 1.0)
    for _ in range(2):
        features = layers.Conv2D(width, 3, padding="same", activation="silu")(features)
    return keras.Model(images, layers.Conv2D(dimension, 1)(features), name="encoder")


def check_patch(image_shape, patch: int) -> None:
    """Raises `ValueError` unless height and width are multiples of `patch`."""
    height, breadth, _ = image_shape
    if height % patch or breadth % patch:
        raise ValueError(
            f"height and width must be multiples of patch, got image_shape={image_shape} and "
            f"patch={patch}"
        )


def build_decoder(image_shape, dimension: int, patch: int, width: int) -> keras.Model:
    """Codes on the grid -> one logit per pixel, (batch, *image_shape).

    Its first answer to grey pictures is dark, as digits are. One that starts at middle grey sends
    the encoder the same gradient for every image until the background is right, and by then FSQ's
    tanh may be saturated for good. Colour pictures may be of any brightness, so for them the start
    is middle grey: on emoji at 64x64 twice as many tokens are then in use after 80 steps.
    """
    height, breadth, channels = image_shape
    codes = keras.Input((height // patch, breadth // patch, dimension), name="codes")
    features = codes
    for _ in range(2):
        features = layers.Conv2D(width, 3, padding="same", activation="silu")(features)
    start = DARK if channels == 1 else "zeros"
    patches = layers.Conv2D(patch * patch * channels, 3, padding="same", bias_initializer=start)(
        features
    )
    return keras.Model(codes, DepthToSpace(patch)(patches), name="decoder")


@keras.saving.register_keras_serializable("genimg")
class Tokenizer(ImageModel):
    """An autoencoder whose codes come from a finite set: an image becomes `length` tokens below
    `vocabulary_size`.

    The loss is the negative log-likelihood of the pixels, in nats per image; with VQ the commitment
    term is added: `commitment` times the squared distance between features and codes, which pulls
    the encoder only.

    With several `scales` the quantizer works on a residual, from coarse to fine: each scale
    encodes, on a grid of its own size, what the sum of the scales before it has left over. The
    tokens of all scales follow each other in one sequence. Source: Tian et al. (VAR),
    arXiv:2404.02905, algorithms 1 and 2.

    Args:
        quantizer: an `FSQ` or a `VQ`; `None` is FSQ with levels (8, 6, 5), 240 tokens.
        patch: pixels along one side of the square that becomes one token.
        scales: sides of the square grids, the last one that of the image in patches; `None` is this
            one alone.
        groups: codes per patch. The features of a patch are cut into so many parts, each quantized
            on its own: product quantization. The tokens of a patch follow each other. Source: Jegou
            et al., "Product quantization for nearest neighbor search" (2011).
        likelihood: "bernoulli" suits pixels that are mostly black or white. "laplace" suits colour:
            the absolute error, whose scale is learned; it forgives a few wrong pixels at an edge
            and so keeps the edge sharp.
        width: filters of the convolutions.
        commitment: weight of the commitment term; FSQ does without.
    """

    METRICS = ("reconstruction", "commitment")

    def __init__(
        self,
        *,
        quantizer=None,
        patch: int = 4,
        scales=None,
        groups: int = 1,
        likelihood: str = "bernoulli",
        width: int = 32,
        commitment: float = 0.25,
        **kwargs,
    ):
        super().__init__(**kwargs)
        if quantizer is None:
            quantizer = FSQ()
        if not isinstance(quantizer, (FSQ, VQ)):
            raise TypeError(f"quantizer must be an FSQ or a VQ, got {quantizer!r}")
        self.quantizer = quantizer
        self.patch = check_whole("patch", patch)
        self.width = check_whole("width", width)
        self.groups = check_whole("groups", groups)
        self.likelihood = check_one_of("likelihood", likelihood, LIKELIHOODS)
        self.commitment = check_number("commitment", commitment)
        check_patch(self.image_shape, self.patch)
        self.grid = (self.image_shape[0] // self.patch, self.image_shape[1] // self.patch)
        self.scales = self._checked_scales(scales)
        dimension = self.groups * self.quantizer.dimension
        self.encoder = build_encoder(self.image_shape, dimension, self.patch, self.width)
        self.decoder = build_decoder(self.image_shape, dimension, self.patch, self.width)
        self.grids = [self.grid]
        if self.scales:
            self.grids = [(scale, scale) for scale in self.scales]
        self.length = self.groups * sum(height * breadth for height, breadth in self.grids)
        self.vocabulary_size = self.quantizer.vocabulary_size
        if self.likelihood == "laplace":
            start = keras.initializers.Constant(-2.0)  # an error of 0.14, that of a grey answer
            self.log_scale = self.add_weight(name="log_scale", shape=(), initializer=start)
        self._draw = tf.function(self.decoder, autograph=False, reduce_retracing=True)
        self.built = True

    def _checked_scales(self, scales) -> tuple[int, ...] | None:
        if scales is None:
            return None
        scales = tuple(check_whole("each of scales", scale) for scale in scales)
        grows = all(first < second for first, second in itertools.pairwise(scales))
        if not scales or not grows or self.grid != (scales[-1], scales[-1]):
            raise ValueError(
                f"scales must grow and end with {self.grid[0]}, the grid of a square image, got "
                f"{scales}"
            )
        if isinstance(self.quantizer, FSQ):
            raise ValueError(
                "FSQ bounds its features, so it cannot encode what is left over: use VQ for "
                "several scales"
            )
        return scales

    def default_optimizer(self):
        """Adam at a rate that falls as 1 / (1 + step / 1500), with averaged weights."""
        rate = keras.optimizers.schedules.InverseTimeDecay(4e-3, 1500, 1.0)
        return keras.optimizers.Adam(rate, use_ema=True, ema_momentum=0.99)

    def terms(self, images, labels):
        reconstruction, commitment, vectors = self.losses_of(images)
        return {"reconstruction": reconstruction, "commitment": commitment, "vectors": vectors}

    def objective(self, terms):
        return ops.mean(terms["reconstruction"] + self.commitment * terms["commitment"])

    def after_step(self, terms):
        self.quantizer.update(terms["vectors"], self.seed_generator)

    def losses_of(self, images):
        """`uint8` images -> reconstruction and commitment, each (batch,), and the vectors that
        were quantized.
        """
        pixels = ops.cast(images, "float32") / 255.0
        codes, vectors, _, commitment = self.quantize_features(self.encoder(pixels))
        logits = ops.cast(self.decoder(codes), "float32")
        if self.likelihood == "laplace":
            nll = laplace_nll(pixels, ops.sigmoid(logits), self.log_scale)
        else:
            nll = bernoulli_nll(pixels, logits)
        return nll, commitment, vectors

    def quantize_features(self, features):
        """Features on the grid -> codes on the grid, the vectors quantized, tokens (batch,
        length), commitment (batch,).
        """
        features = ops.cast(features, "float32")
        codes = ops.zeros_like(features)
        vectors = []
        tokens = []
        commitment = ops.zeros(ops.shape(codes)[0])
        for grid in self.grids:
            residual = self._split(resize(features - codes, grid))
            quantized = self.quantizer(residual)
            if not isinstance(self.quantizer, FSQ):
                distance = ops.square(residual - ops.stop_gradient(quantized))
                commitment = commitment + ops.sum(distance, axis=(1, 2, 3))
            codes = codes + resize(self._joined(quantized), self.grid)
            vectors.append(ops.reshape(residual, (-1, self.quantizer.dimension)))
            count = self.groups * grid[0] * grid[1]
            tokens.append(ops.reshape(self.quantizer.tokens(residual), (-1, count)))
        return codes, ops.concatenate(vectors), ops.concatenate(tokens, axis=1), commitment

    def codes(self, tokens, grid=None):
        """Tokens of the first one or more scales, (batch, n) -> the sum of their codes, on the
        full grid or on `grid`.
        """
        total = 0.0
        start = 0
        for height, breadth in self.grids:
            stop = start + self.groups * height * breadth
            part = ops.reshape(tokens[:, start:stop], (-1, height, self.groups * breadth))
            total = total + resize(self._joined(self.quantizer.codes(part)), self.grid)
            start = stop
            if start == tokens.shape[1]:
                break
        return resize(total, grid or self.grid)

    def _split(self, features):
        """Features (batch, h, w, groups * d) -> vectors to quantize, (batch, h, w * groups, d)."""
        if self.groups == 1:
            return features
        height, breadth = features.shape[1:3]
        shape = (-1, height, breadth * self.groups, self.quantizer.dimension)
        return ops.reshape(features, shape)

    def _joined(self, codes):
        """Undoes `_split`."""
        if self.groups == 1:
            return codes
        height, breadth = codes.shape[1:3]
        shape = (-1, height, breadth // self.groups, self.groups * self.quantizer.dimension)
        return ops.reshape(codes, shape)

    def intensities(self, tokens):
        """Tokens (batch, length) -> images as floats in [0, 1]."""
        return ops.sigmoid(ops.cast(self._draw(self.codes(tokens)), "float32"))

    def encode(self, images) -> np.ndarray:
        """`uint8` images -> tokens, `int32` of shape (n, length)."""
        images = check_images(images, shape=self.image_shape)

        def tokens_of(part):
            _, _, tokens, _ = self.quantize_features(self.encoder(part / np.float32(255)))
            return tokens

        return in_batches(tokens_of, images)

    def decode(self, tokens) -> np.ndarray:
        """Tokens (n, length) -> `uint8` images. Raises `ValueError` for another shape or a token
        out of range.
        """
        tokens = check_tokens(tokens, self.vocabulary_size, self.length)
        return to_uint8(in_batches(self.intensities, tokens))

    def reconstruct(self, images) -> np.ndarray:
        """What is left of `uint8` images after encoding and decoding."""
        return self.decode(self.encode(images))

    def fingerprint(self) -> np.ndarray:
        """Eight bytes that tell this tokenizer's weights from any other's."""
        weights = [*self.encoder.weights, *self.quantizer.weights, *self.decoder.weights]
        digest = hashlib.sha256(b"".join(np.asarray(weight).tobytes() for weight in weights))
        return np.frombuffer(digest.digest()[:8], np.uint8)


def coarse_tokenizer(*, image_shape=(28, 28, 1), **options) -> Tokenizer:
    """Few tokens from a VQ of 512 codes, 4x4 for images of 28x28 or 32x32; `options` are the others
    of `Tokenizer`. A patch has the largest side up to 8 that divides height and width.
    """
    height, width, _ = check_image_shape(image_shape)
    patch = next(side for side in range(8, 0, -1) if height % side == width % side == 0)
    return Tokenizer(
        image_shape=image_shape, quantizer=VQ(512, 16), patch=patch, width=64, **options
    )


def colour_tokenizer(*, image_shape=(32, 32, 3), groups: int = 4, **options) -> Tokenizer:
    """The tokenizer of small pictures in colour: `groups` FSQ codes for each 4x4 patch, trained by
    the absolute error. `options` are the others of `Tokenizer`.
    """
    return Tokenizer(
        image_shape=image_shape,
        quantizer=FSQ((8, 5, 5, 5)),
        groups=groups,
        likelihood="laplace",
        width=128,
        **options,
    )


def scale_tokenizer(*, image_shape=(28, 28, 1), **options) -> Tokenizer:
    """The tokenizer of next-scale prediction: a VQ of 16 codes on grids of 1x1, 2x2, 4x4 and so on,
    up to that of 4x4 patches: 7x7 for 28x28 images. `options` are the others of `Tokenizer`.
    """
    grid = check_image_shape(image_shape)[0] // 4
    scales = [2**power for power in range(grid.bit_length()) if 2**power < grid]
    return Tokenizer(
        image_shape=image_shape, quantizer=VQ(16, 8), scales=(*scales, grid), **options
    )


@keras.saving.register_keras_serializable("genimg")
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
        self.image_shape = check_image_shape(image_shape)
        self.vocabulary_size = check_whole("vocabulary_size", vocabulary_size, 0)
        if not 2 <= self.vocabulary_size <= 256:
            raise ValueError(
                f"vocabulary_size must be between 2 and 256 grey levels, got {vocabulary_size}"
            )
        if self.image_shape[2] != 1:
            raise ValueError(
                f"a pixel is one token, so images need one channel, got image_shape={image_shape}"
            )
        self.grid = self.image_shape[:2]
        self.grids = [self.grid]
        self.groups = 1
        self.length = self.grid[0] * self.grid[1]

    trained = True
    """There is nothing to train."""

    def get_config(self) -> dict:
        """The constructor's arguments, for files of models that use this tokenizer."""
        return {"image_shape": list(self.image_shape), "vocabulary_size": self.vocabulary_size}

    @classmethod
    def from_config(cls, config: dict):
        """Undoes `get_config`."""
        return cls(**config)

    def intensities(self, tokens):
        """Tokens (batch, length) -> images as floats in [0, 1]."""
        levels = ops.cast(tokens, "float32") / (self.vocabulary_size - 1)
        return ops.reshape(levels, (-1, *self.image_shape))

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
