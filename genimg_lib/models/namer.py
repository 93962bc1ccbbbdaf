"""The namer: a picture of an emoji -> words, names and style. It judges what others draw."""

import functools

import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops

from genimg_lib.data.arguments import check_one_of, check_whole
from genimg_lib.data.emoji_set import STYLES, load_emoji
from genimg_lib.data.emoji_words import LANGUAGES, namer_vocabulary, words
from genimg_lib.data.images import check_images
from genimg_lib.models.base import ImageModel
from genimg_lib.nn import replicas
from genimg_lib.nn.batches import in_batches
from genimg_lib.nn.layers import SpaceToDepth

SHAPE = (32, 32, 3)
FEATURES = 128


def convolved(x, stages):
    """`x` after convolutions of 3 x 3, one for each pair of width and strides in `stages`."""
    for width, strides in stages:
        x = layers.Conv2D(width, 3, strides=strides, padding="same", use_bias=False)(x)
        x = layers.ReLU()(replicas.batch_normalization()(x))
    return x


def build_network(vocabulary_size: int) -> keras.Model:
    """Images in [0, 1] -> features (batch, 128), not negative, one logit for each word, and one for
    each style.

    A style is a way to fill and to outline, wherever in the picture: its tower averages over all
    places, and the features of words, which depend on the place, know little of it.
    """
    images = keras.Input(SHAPE, name="images")
    pixels = SpaceToDepth(2)(2.0 * images - 1.0)
    x = convolved(pixels, ((48, 1), (96, 2), (96, 1), (128, 2)))
    features = layers.Dense(FEATURES, activation="relu", name="features")(layers.Flatten()(x))
    dropped = layers.Dropout(0.2, seed=0)(features)
    # a word is rare: at first the answer to each is "no"
    rare = keras.initializers.Constant(-5.0)
    of_words = layers.Dense(vocabulary_size, bias_initializer=rare, name="words")(dropped)
    look = layers.GlobalAveragePooling2D()(convolved(pixels, ((32, 1), (64, 2), (96, 2))))
    of_styles = layers.Dense(len(STYLES), name="styles")(look)
    return keras.Model(images, [features, of_words, of_styles], name="namer")


@keras.saving.register_keras_serializable("genimg")
class Namer(ImageModel):
    """p(word | picture) for each English word of names and keywords, and p(style | picture).

    A concept is scored by its words: each adds by how much its log odds are above those of the word
    in an arbitrary picture. By Bayes' rule, and as if words were independent, that is
    log p(picture | words) up to a number that is the same for all concepts. So the namer can also
    name concepts whose pictures it has never seen.

    `fit` takes pairs of concept and style as labels, both as in `EmojiSet`.
    """

    METRICS = ("words", "style")

    def __init__(self, *, image_shape=SHAPE, **kwargs):
        super().__init__(image_shape=image_shape, **kwargs)
        if self.image_shape != SHAPE:
            raise ValueError(f"the namer looks at images of {SHAPE}, got {image_shape}")
        self.concepts, self.said = word_table()
        shares = (self.said.sum(axis=0) + 0.5) / (len(self.said) + 1.0)
        self.usual = np.log(shares / (1.0 - shares)).astype(np.float32)
        self.network = build_network(self.said.shape[1])
        self._answer = tf.function(
            functools.partial(self.network, training=False), autograph=False, reduce_retracing=True
        )
        self.built = True

    def default_optimizer(self):
        """Adam at a rate that falls as 1 / (1 + step / 1000), with averaged weights."""
        rate = keras.optimizers.schedules.InverseTimeDecay(2e-3, 1000, 1.0)
        return keras.optimizers.Adam(rate, use_ema=True, ema_momentum=0.99)

    def encode_conditions(self, conditions, count, *, required=False):
        """Pairs (concept, style) -> rows of the table and numbers of styles, `int32` (count, 2)."""
        if conditions is None:
            raise ValueError("the namer learns from labels: give a (concept, style) for each image")
        conditions = list(conditions)
        if len(conditions) != count:
            raise ValueError(f"expected {count} labels, one per image, got {len(conditions)}")
        rows = {concept: row for row, concept in enumerate(self.concepts.tolist())}
        try:
            encoded = [(rows[concept], STYLES.index(style)) for concept, style in conditions]
        except (KeyError, ValueError) as error:
            raise ValueError(f"a label names no concept or style of the emoji: {error}") from None
        return np.array(encoded, np.int32)

    def terms(self, images, labels):
        pixels = ops.cast(images, "float32") / 255.0
        outputs = self.network(pixels, training=True)
        of_words, of_styles = (ops.cast(logits, "float32") for logits in outputs[1:])
        said = ops.cast(ops.take(self.said, labels[:, 0], axis=0), "float32")
        nll = ops.softplus(of_words) - said * of_words
        style = tf.nn.sparse_softmax_cross_entropy_with_logits(labels[:, 1], of_styles)
        return {"words": ops.sum(nll, axis=-1), "style": style}

    def objective(self, terms):
        return ops.mean(terms["words"] + terms["style"])

    def features(self, images) -> np.ndarray:
        """Features of `uint8` images, for the metrics: (n, 128)."""
        return self._look(images)[0]

    def scores(self, images) -> np.ndarray:
        """One number for each image and concept, higher for one that fits better: (n, concepts)."""
        return (self._look(images)[1] - self.usual) @ self.said.T.astype(np.float32)

    def names(self, images, top: int = 5, language: str = "english") -> list[list[str]]:
        """The names of the likeliest concepts of each `uint8` image, the best first."""
        check_one_of("language", language, LANGUAGES)
        emoji = load_emoji()
        named = dict(zip(emoji.concepts, emoji.names[language], strict=True))
        named = [str(named[concept]) for concept in self.concepts]
        return [[named[row] for row in best] for best in self.best(images, top)]

    def best(self, images, top: int = 5) -> np.ndarray:
        """The rows of `concepts` that fit best, the best first: (n, top)."""
        top = check_whole("top", top)
        return np.argsort(-self.scores(images), axis=1, kind="stable")[:, :top]

    def styles(self, images) -> np.ndarray:
        """The style that each `uint8` image seems to have: (n,) of strings."""
        return np.array(STYLES)[self._look(images)[2].argmax(axis=1)]

    def _look(self, images) -> list[np.ndarray]:
        images = check_images(images, shape=self.image_shape)
        found = in_batches(lambda part: self._answer(part / np.float32(255)), images)
        return [part.astype(np.float32, copy=False) for part in found]


@functools.cache
def word_table() -> tuple[np.ndarray, np.ndarray]:
    """All concepts of the emoji, sorted, and which words of `namer_vocabulary` name and keywords
    of each have: booleans (concepts, words).
    """
    emoji = load_emoji()
    concepts, first = np.unique(emoji.concepts, return_index=True)
    column = {word: number for number, word in enumerate(namer_vocabulary())}
    table = np.zeros((len(concepts), len(column)), bool)
    for row, picture in enumerate(first):
        text = " ".join([emoji.names["english"][picture], *emoji.keywords["english"][picture]])
        table[row, [column[word] for word in words(text) if word in column]] = True
    return concepts, table
