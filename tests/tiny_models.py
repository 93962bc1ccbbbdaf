"""Models small enough to train in a second, for images of any size; most tests use the 3x3 world
of `exact`.
"""

import keras
import numpy as np
from keras import layers, ops

from genimg_lib.data import exact
from genimg_lib.models.gan import GAN
from genimg_lib.models.image_gpt import ImageGPT
from genimg_lib.models.maskgit import MaskGIT
from genimg_lib.models.next_scale import NextScale
from genimg_lib.models.tokenizer import PixelTokenizer, Tokenizer
from genimg_lib.models.vae import VAE
from genimg_lib.nn.quantizers import VQ
from genimg_lib.nn.transformer import CausalTransformer

SHAPE = (exact.SIDE, exact.SIDE, 1)
CLASSES = ("dark", "light")


def images(count: int = 256, seed: int = 0) -> np.ndarray:
    """Draws from the enumerable world: pixels 0 or 255."""
    return exact.sample_images(exact.strokes(), count, seed=seed)


def labels(pictures: np.ndarray) -> np.ndarray:
    """A class that can be seen: whether the pixel in the middle is on."""
    return (pictures[:, 1, 1, 0] > 0).astype(np.int32)


def _with_classes(features, classes, num_classes):
    if not num_classes:
        return features
    return layers.Concatenate()(
        [features, layers.CategoryEncoding(num_classes, output_mode="one_hot")(classes)]
    )


def build_encoder(latent_dim=2, num_classes=0, shape=SHAPE, width=16):
    pictures, classes = keras.Input(shape), keras.Input((), dtype="int32")
    features = _with_classes(layers.Flatten()(pictures), classes, num_classes)
    features = layers.Dense(width, activation="tanh")(features)
    return keras.Model(
        [pictures, classes], ops.split(layers.Dense(2 * latent_dim)(features), 2, axis=-1)
    )


def build_decoder(latent_dim=2, num_classes=0, shape=SHAPE, width=16):
    latents, classes = keras.Input((latent_dim,)), keras.Input((), dtype="int32")
    features = layers.Dense(width, activation="tanh")(_with_classes(latents, classes, num_classes))
    return keras.Model(
        [latents, classes], layers.Reshape(shape)(layers.Dense(int(np.prod(shape)))(features))
    )


def build_generator(latent_dim=4, num_classes=0, shape=SHAPE, width=32):
    """With batch normalisation, so that there are statistics to carry."""
    latents, classes = keras.Input((latent_dim,)), keras.Input((), dtype="int32")
    features = layers.Dense(width)(_with_classes(latents, classes, num_classes))
    features = layers.ReLU()(layers.BatchNormalization(momentum=0.9)(features))
    features = layers.Dense(int(np.prod(shape)), activation="tanh")(features)
    return keras.Model([latents, classes], layers.Reshape(shape)(features))


def build_discriminator(num_classes=0, shape=SHAPE, width=32):
    pictures, classes = keras.Input(shape), keras.Input((), dtype="int32")
    features = _with_classes(layers.Flatten()(pictures), classes, num_classes)
    for _ in range(2):
        features = layers.LeakyReLU(0.2)(layers.Dense(width)(features))
    return keras.Model([pictures, classes], ops.squeeze(layers.Dense(1)(features), -1))


def vae(seed=0, class_names=None, latent_dim=2, prior_components=2, **options) -> VAE:
    keras.utils.set_random_seed(seed)
    count = len(class_names or ())
    return VAE(
        image_shape=SHAPE,
        latent_dim=latent_dim,
        prior_components=prior_components,
        class_names=class_names,
        seed=seed,
        encoder=options.pop("encoder", None) or build_encoder(latent_dim, count),
        decoder=options.pop("decoder", None) or build_decoder(latent_dim, count),
        **options,
    )


def gan(seed=0, class_names=None, latent_dim=4, **options) -> GAN:
    keras.utils.set_random_seed(seed)
    count = len(class_names or ())
    return GAN(
        image_shape=SHAPE,
        latent_dim=latent_dim,
        class_names=class_names,
        seed=seed,
        generator=build_generator(latent_dim, count),
        discriminator=build_discriminator(count),
        **options,
    )


PATCHED_SHAPE = (8, 8, 1)


def patched_images(count: int = 256, seed: int = 0) -> np.ndarray:
    """8x8 pixels, 2x2 squares of which are all on or all off: one of eight bars or its negative,
    for tokenizers.
    """
    rng = np.random.default_rng(seed)
    bars = np.zeros((8, 4, 4), bool)
    for i in range(4):
        bars[i, i, :] = bars[4 + i, :, i] = True
    squares = bars[rng.integers(0, 8, count)] ^ rng.integers(0, 2, (count, 1, 1), dtype=bool)
    return (255 * squares).astype(np.uint8).repeat(2, axis=1).repeat(2, axis=2)[..., None]


def tokenizer(seed=0, shape=PATCHED_SHAPE, patch=2, width=8, **options) -> Tokenizer:
    keras.utils.set_random_seed(seed)
    return Tokenizer(image_shape=shape, patch=patch, width=width, seed=seed, **options)


def trained_tokenizer(seed=0, **options) -> Tokenizer:
    """One that counts as trained: models of tokens learn from no other."""
    made = tokenizer(seed, **options)
    made.steps.assign(1)
    return made


def scale_tokenizer(seed=0, vocabulary_size=3, scales=(1, 2)) -> Tokenizer:
    """4x4 pixels in 2x2 patches, on two scales: five tokens, 243 sequences. Its codes are set
    apart, as if trained.
    """
    keras.utils.set_random_seed(seed)
    quantizer = VQ(vocabulary_size, 2)
    quantizer.codebook.assign(np.random.default_rng(seed).normal(size=(vocabulary_size, 2)))
    return trained_tokenizer(seed, shape=(4, 4, 1), quantizer=quantizer, scales=scales)


def pixel_tokenizer() -> PixelTokenizer:
    """The enumerable world as nine tokens, black or white."""
    return PixelTokenizer(SHAPE)


TRANSFORMER = {"width": 16, "depth": 2, "heads": 2}


def causal_transformer(vocabulary_size, length, num_conditions=0, seed=0) -> CausalTransformer:
    """With larger embeddings than training starts with, so that every token and every condition
    makes a difference.
    """
    keras.utils.set_random_seed(seed)
    network = CausalTransformer(
        vocabulary_size, length, num_conditions=num_conditions, **TRANSFORMER
    )
    for weights in (network.token_embedding.embeddings, network.condition_embedding.embeddings):
        weights.assign(20.0 * weights)
    return network


def image_gpt(seed=0, class_names=None, tokenizer=None, **options) -> ImageGPT:
    keras.utils.set_random_seed(seed)
    return ImageGPT(
        tokenizer or pixel_tokenizer(),
        class_names=class_names,
        seed=seed,
        **{**TRANSFORMER, **options},
    )


def maskgit(seed=0, class_names=None, tokenizer=None, **options) -> MaskGIT:
    keras.utils.set_random_seed(seed)
    return MaskGIT(
        tokenizer or pixel_tokenizer(),
        class_names=class_names,
        seed=seed,
        **{**TRANSFORMER, **options},
    )


def next_scale(seed=0, class_names=None, tokenizer=None, **options) -> NextScale:
    tokenizer = tokenizer or scale_tokenizer()
    keras.utils.set_random_seed(seed)
    return NextScale(tokenizer, class_names=class_names, seed=seed, **{**TRANSFORMER, **options})
