"""One transformer for words and pictures: both are tokens of one vocabulary in one sequence, and it
writes either from the other.
"""

from typing import NamedTuple

import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops

from genimg_lib.data import captions
from genimg_lib.data.arguments import check_number, check_one_of, check_whole
from genimg_lib.data.images import check_fixed, check_images
from genimg_lib.models.captioner import CHINESE
from genimg_lib.models.image_gpt import token_log_likelihood
from genimg_lib.models.text_encoders import WordEncoder
from genimg_lib.models.text_to_image import ReadsText
from genimg_lib.models.token_generator import TokenGenerator
from genimg_lib.nn import sampling
from genimg_lib.nn.batches import in_batches
from genimg_lib.nn.transformer import Transformer


class Segment(NamedTuple):
    """A part of the sequence: a marker, and `length` tokens behind it.

    Its tokens are `first` to `first + size - 1` of the common vocabulary, and numbered from 0 where
    the segment is alone.
    """

    start: int
    length: int
    first: int
    size: int


class TwoWayTransformer(keras.Model):
    """Tokens of two segments, a picture and a caption -> logits of either, given the other.

    The segment that is read is seen by everybody, from both sides. The one that is written sees
    what is read and, of itself, what stands before. The weights are the same; only the mask says
    which way. Source: Dong et al. (UniLM), arXiv:1905.03197, section 2.3, for the masks.

    Args:
        vocabularies: sizes, of picture tokens and of words.
        lengths: tokens of a picture, and of a caption.
        options: `width`, `depth` and `heads` of the `Transformer`.
    """

    def __init__(self, vocabularies: tuple[int, int], lengths: tuple[int, int], **options):
        super().__init__()
        self.picture = Segment(0, lengths[0], 0, vocabularies[0])
        self.caption = Segment(lengths[0] + 1, lengths[1], *vocabularies)
        self.vocabulary_size = sum(vocabularies)
        length = sum(lengths) + 2
        self.transformer = Transformer(self.vocabulary_size, range(length), **options)
        # behind all tokens the markers: one of pictures, and one of each language
        markers = 1 + len(captions.LANGUAGES)
        self.token_embedding = layers.Embedding(
            self.vocabulary_size + markers, self.transformer.width
        )
        self.token_embedding.build(None)
        self.masks = {written: self._mask(written, length) for written in self.segments}
        self.built = True
        self._decode = tf.function(self._decode_cached, autograph=False, reduce_retracing=True)

    @property
    def segments(self) -> tuple[Segment, Segment]:
        """Those of the picture and of the caption, in the order of the sequence."""
        return self.picture, self.caption

    def _mask(self, written: Segment, length: int) -> np.ndarray:
        """0 where a position may look, very negative elsewhere: (length, length)."""
        position = np.arange(length)
        inside = (position >= written.start) & (position <= written.start + written.length)
        earlier = position[:, None] >= position[None, :]
        visible = ~inside[None, :] | (inside[:, None] & earlier)
        return np.where(visible, 0.0, -1e9).astype(np.float32)

    def picture_ids(self, tokens):
        """Picture tokens (batch, length) behind their marker, as numbers of the vocabulary."""
        tokens = ops.cast(tokens, "int32")
        return tf.pad(tokens, [[0, 0], [1, 0]], constant_values=self.vocabulary_size)

    def caption_ids(self, words, chinese=None):
        """Words (batch, length) behind the marker of their language, as numbers of the vocabulary.

        `chinese` (batch,) is 1 or 0; `None` looks at the words.
        """
        words = ops.cast(words, "int32")
        if chinese is None:
            chinese = ops.max(ops.take(CHINESE, words), axis=1)
        marker = self.vocabulary_size + 1 + ops.cast(chinese, "int32")
        return ops.concatenate([marker[:, None], self.caption.first + words], axis=1)

    def logits(self, written: Segment, picture_ids, caption_ids):
        """Of each token of a segment, given those before it and all of the other segment: (batch,
        length of the segment, vocabulary_size).
        """
        embedded = self.token_embedding(ops.concatenate([picture_ids, caption_ids], axis=1))
        mask = ops.convert_to_tensor(self.masks[written])
        return self.transformer.logits_of(embedded, mask, written.start, written.length)

    def token_nll(self, written: Segment, picture_ids, caption_ids):
        """-log p of each token of a segment, in nats: (batch, length of the segment). The other
        segment is read, and costs nothing.
        """
        ids = (picture_ids, caption_ids)[self.segments.index(written)]
        logits = self.logits(written, picture_ids, caption_ids)
        return tf.nn.sparse_softmax_cross_entropy_with_logits(ids[:, 1:], logits)

    def write(
        self,
        written: Segment,
        fixed,
        marker,
        read,
        unread=None,
        *,
        seed=None,
        temperature=1.0,
        top_k=None,
        top_p=None,
        guidance=1.0,
    ) -> tf.Tensor:
        """Samples the tokens of a segment, one after the other, with a cache: only tokens of its
        own kind.

        Args:
            written: `picture` or `caption`.
            fixed: (batch, length of the segment): its own tokens where given, -1 elsewhere.
            marker: (batch, 1), the first number of what `picture_ids` or `caption_ids` returns.
            read: the other segment, as one of those returns it.
            unread: the same, saying nothing; needed for guidance other than 1.
            seed, temperature, top_k, top_p, guidance: see `CausalTransformer.draw`.

        Returns `int32` (batch, length). Raises `ValueError` for an option or a token out of range,
        and for guidance without `unread`.
        """
        sampling.check_options(temperature=temperature, top_k=top_k, top_p=top_p, guidance=guidance)
        fixed = ops.convert_to_tensor(check_fixed(fixed, written.size, written.length))
        if guidance != 1.0:
            if unread is None:
                raise ValueError(f"guidance {guidance} needs to know what says nothing")
            read = ops.concatenate([read, unread])
        return self._decode(
            fixed,
            marker,
            read,
            sampling.stateless_seed(seed),
            tf.constant(float(temperature)),
            None if guidance == 1.0 else tf.constant(float(guidance)),
            top_k,
            None if top_p is None else tf.constant(float(top_p)),
            self.segments.index(written),
        )

    def _decode_cached(
        self, fixed, marker, read, seed, temperature, scale, top_k, top_p, index: int
    ):
        """The loop of `write`: what is read enters the cache at once, then token by token."""
        written, source = self.segments[index], self.segments[1 - index]
        mask = ops.convert_to_tensor(self.masks[written])
        guided = scale is not None
        batch = ops.shape(fixed)[0]
        cache = self.transformer.empty_cache(ops.shape(read)[0])
        embedded = tf.ensure_shape(
            self.token_embedding(read), (None, source.length + 1, self.transformer.width)
        )
        _, cache = self.transformer.extend(embedded, cache, source.start, mask)

        def unfinished(position, last, tokens, cache):
            return position < written.length

        def step(position, last, tokens, cache):
            last = ops.reshape(last, (-1, 1))
            x = self.token_embedding(ops.tile(last, (2 if guided else 1, 1)))
            logits, cache = self.transformer.extend(x, cache, written.start + position, mask)
            logits = logits[:, 0, written.first : written.first + written.size]
            if guided:
                logits = sampling.guide(*ops.split(logits, 2), scale)
            noise = sampling.gumbel((batch, written.size), seed, position)
            drawn = sampling.choose(logits, noise, temperature, top_k, top_p)[:, None]
            given = ops.slice(fixed, (0, position), (batch, 1))
            token = ops.where(given < 0, drawn, given)
            tokens = ops.slice_update(tokens, (0, position), token)
            return position + 1, written.first + token, tokens, cache

        return tf.while_loop(unfinished, step, (0, marker, fixed, cache))[2]


@keras.saving.register_keras_serializable("genimg")
class OneVocabulary(ReadsText, TokenGenerator):
    """p(picture | caption) and p(caption | picture) in one transformer: `fit(images, captions)`,
    then `generate(count, caption)` and `describe(images)`.

    Every pair is learned in both directions at once. A pair whose caption is dropped is a picture
    alone: it has no caption to write. Source: Chameleon, arXiv:2405.09818, for the one vocabulary
    and its one softmax.

    Args:
        tokenizer: see `TokenModel`.
        width, depth, heads: of the transformer.
        caption_weight: what a nat of a caption counts, if a nat of a picture counts 1.
    """

    METRICS = ("nats_per_token", "nats_per_caption")

    def __init__(
        self,
        tokenizer,
        *,
        width: int = 64,
        depth: int = 3,
        heads: int = 2,
        caption_weight: float = 1.0,
        **kwargs,
    ):
        super().__init__(tokenizer, **kwargs)
        self.text = WordEncoder()
        self.width = check_whole("width", width)
        self.depth = check_whole("depth", depth)
        self.heads = check_whole("heads", heads)
        self.caption_weight = check_number("caption_weight", caption_weight)
        self.network = TwoWayTransformer(
            (tokenizer.vocabulary_size, len(captions.VOCABULARY)),
            (tokenizer.length, captions.LONGEST),
            width=self.width,
            depth=self.depth,
            heads=self.heads,
        )
        self.built = True

    def terms(self, tokens, words):
        told = ops.cast(ops.any(words > 0, axis=1), "float32")
        # of the pairs that have a caption: the mean of the rows is theirs
        share = tf.math.divide_no_nan(told, ops.mean(told))
        return {
            "nats_per_token": self.token_loss(tokens, words),
            "nats_per_caption": share * self.caption_nll(tokens, words),
        }

    def objective(self, terms):
        """Nats of a picture plus `caption_weight` times nats of a caption, for each token of the
        picture.
        """
        weight = self.caption_weight / self.tokenizer.length
        return ops.mean(terms["nats_per_token"]) + weight * ops.mean(terms["nats_per_caption"])

    def token_loss(self, tokens, words):
        """-log p of each picture token, given the caption: (batch, length)."""
        network = self.network
        ids = network.picture_ids(tokens), network.caption_ids(words)
        return network.token_nll(network.picture, *ids)

    def caption_nll(self, tokens, words):
        """-log p of each caption in nats, its end included, given the picture: (batch,)."""
        network = self.network
        ids = network.picture_ids(tokens), network.caption_ids(words)
        return ops.sum(network.token_nll(network.caption, *ids), axis=1)

    def draw(self, fixed, words, *, seed=None, guidance=2.5, temperature=0.85, **options):
        """Picture tokens for encoded captions; see `TwoWayTransformer.write` for the options."""
        words = ops.convert_to_tensor(words)
        network = self.network
        return network.write(
            network.picture,
            fixed,
            network.picture_ids(ops.zeros((len(fixed), 0), "int32")),
            network.caption_ids(words),
            network.caption_ids(ops.zeros_like(words)),
            seed=seed,
            guidance=guidance,
            temperature=temperature,
            **options,
        )

    def describe(
        self,
        images,
        language: str = "english",
        *,
        begin: str = "",
        seed=None,
        temperature: float = 0.0,
        **options,
    ) -> list[str]:
        """A caption for each `uint8` image; at temperature 0 the likeliest next word every time.

        Args:
            images: (n, height, width, channels).
            language: "english" or "chinese".
            begin: what every caption begins with, in that language, for instance "a thick".
            seed, temperature, options: see `TwoWayTransformer.write`.

        Raises `TypeError` or `ValueError` for images that break the contract, another language, and
        a beginning that `captions.parse` refuses.
        """
        chinese = captions.LANGUAGES.index(check_one_of("language", language, captions.LANGUAGES))
        tokens = self.tokenizer.encode(check_images(images, shape=self.image_shape))
        start = np.full(captions.LONGEST, -1, np.int32)
        if begin:
            words = captions.encode([begin])[0]
            start[words > 0] = words[words > 0]
        seeds = self.random_stream(seed)
        network = self.network

        def written(part):
            nothing, languages = ops.zeros((len(part), 0)), ops.full((len(part),), chinese)
            return network.write(
                network.caption,
                np.tile(start, (len(part), 1)),
                network.caption_ids(nothing, languages),
                network.picture_ids(part),
                seed=seeds,
                temperature=temperature,
                **options,
            )

        return captions.decode(in_batches(written, tokens))

    def log_likelihood(self, images, captions=None) -> np.ndarray:
        """log p(tokens of each `uint8` image | its caption), in nats, exact: shape (n,)."""
        return token_log_likelihood(self, images, captions)
