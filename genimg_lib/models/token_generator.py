"""What the generators that draw tokens share: training on tokens, guidance, completion, and the
tie to their tokenizer.
"""

import keras
import numpy as np
from keras import layers, ops

from genimg_lib.data.arguments import check_number, check_seed, check_whole
from genimg_lib.data.images import check_conditions, check_fixed, check_images, to_uint8
from genimg_lib.models.base import ImageGenerator, ImageModel
from genimg_lib.models.tokenizer import PixelTokenizer, Tokenizer
from genimg_lib.nn.sampling import drop_conditions
from genimg_lib.nn.transformer import Transformer


class TokenModel(ImageModel):
    """A model of an image's tokens: it is trained on what its tokenizer makes of images.

    The tokenizer is not trained with the model, and its weights are not among the model's. They are
    saved with it, and weights remember which tokenizer they were trained on: they load with no
    other. A tokenizer that was never trained takes its weights from the file.

    Args:
        tokenizer: a trained `Tokenizer`, or a `PixelTokenizer`.

    Raises `TypeError` for another tokenizer; `fit` raises `ValueError` for one that was never
    trained.
    """

    def __init__(self, tokenizer, **kwargs):
        if not isinstance(tokenizer, (Tokenizer, PixelTokenizer)):
            raise TypeError(f"tokenizer must be a Tokenizer or a PixelTokenizer, got {tokenizer!r}")
        super().__init__(image_shape=tokenizer.image_shape, **kwargs)
        # past Keras, which would count its weights among the model's and train them
        object.__setattr__(self, "tokenizer", tokenizer)

    def arguments(self):
        arguments = super().arguments()
        del arguments["image_shape"]  # the tokenizer's
        return arguments

    def default_optimizer(self):
        """Muon for the matrices and Adam for the rest, at a rate that falls as 1 / (1 + step /
        1500), with weights averaged over the last 100 steps.

        Every `fit` puts the average in place as it ends: one long `fit` learns more than many short
        ones. Source: https://kellerjordan.github.io/posts/muon/.
        """
        rate = keras.optimizers.schedules.InverseTimeDecay(1e-2, 1500, 1.0)
        return keras.optimizers.Muon(
            rate, exclude_layers=["head", "positions"], use_ema=True, ema_momentum=0.99
        )

    def prepare(self, images):
        """`uint8` images -> their tokens, (n, length)."""
        self.check_tokenizer_trained()
        return self.tokenizer.encode(images)

    def check_tokenizer_trained(self) -> None:
        """Raises `ValueError` for a tokenizer that was never trained."""
        if not self.tokenizer.trained:
            raise ValueError(
                "the tokenizer has not been trained: fit it first, since the model only learns its "
                "tokens"
            )

    def state(self):
        return [*super().state(), *getattr(self.tokenizer, "variables", ())]

    def save_own_variables(self, store):
        super().save_own_variables(store)
        store["tokenizer"] = self.tokenizer.fingerprint()

    def load_own_variables(self, store):
        # one that was never trained takes its weights from the file too
        same = np.array_equal(store["tokenizer"][()], self.tokenizer.fingerprint())
        if self.tokenizer.trained and not same:
            raise ValueError("they were trained on the tokens of another tokenizer")
        super().load_own_variables(
            {name: store[name] for name in store.keys() if name != "tokenizer"}
        )


class TokenGenerator(TokenModel, ImageGenerator):
    """A generator that draws tokens, which a trained tokenizer turns into pixels.

    A subclass implements `token_loss(tokens, conditions)`, nats for each token, (batch, length),
    and `draw(fixed, conditions, seed=..., **options)`, tokens (batch, length) that keep those of
    `fixed` that are not -1. A condition is a label, or `num_classes` for none.

    Args:
        tokenizer: see `TokenModel`.
        label_drop: share of the training images whose label is dropped, so that the model also
            learns to draw without one, which guidance needs.
    """

    METRICS = ("nats_per_token",)

    def __init__(self, tokenizer, *, label_drop: float = 0.1, **kwargs):
        super().__init__(tokenizer, **kwargs)
        self.label_drop = check_number("label_drop", label_drop, 0.0, 1.0, below=True)

    def use_transformer(self, groups, *, width: int, depth: int, heads: int) -> None:
        """Makes `transformer`, whose positions see their own group and those before it, and the
        embedding of conditions.
        """
        self.width = check_whole("width", width)
        self.depth = check_whole("depth", depth)
        self.heads = check_whole("heads", heads)
        self.transformer = Transformer(
            self.tokenizer.vocabulary_size,
            groups,
            width=self.width,
            depth=self.depth,
            heads=self.heads,
        )
        self.condition_embedding = layers.Embedding(self.num_classes + 1, self.width)
        self.condition_embedding.build(None)

    def terms(self, tokens, conditions):
        return {"nats_per_token": self.token_loss(tokens, conditions)}

    def drop_conditions(self, conditions):
        """The conditions of a training batch, some of them replaced by none."""
        if not self.num_classes:
            return conditions
        return drop_conditions(conditions, self.num_classes, self.label_drop, self.seed_generator)

    def no_conditions(self, count: int) -> np.ndarray:
        """Conditions that say nothing, for `count` images."""
        return np.full(count, self.num_classes, np.int32)

    def token_loss(self, tokens, conditions):
        """The training loss of each token in nats: (batch, length)."""
        raise NotImplementedError

    def draw(self, fixed, conditions, *, seed, **options):
        """Tokens (batch, length): those of `fixed` that are not -1, and the others drawn."""
        raise NotImplementedError

    def checked_fixed(self, fixed, conditions):
        """The arguments of `draw` as tensors, or `ValueError`: n must be the tokenizer's length."""
        if np.shape(fixed)[1:] != (self.tokenizer.length,):
            raise ValueError(
                f"fixed must have shape (n, {self.tokenizer.length}), got {np.shape(fixed)}"
            )
        fixed = check_fixed(fixed, self.tokenizer.vocabulary_size, self.tokenizer.length)
        conditions = check_conditions(conditions, len(fixed), self.num_classes)
        return ops.convert_to_tensor(fixed), ops.convert_to_tensor(conditions)

    def generate(self, count, condition=None, *, seed=None, **options) -> np.ndarray:
        """As in the contract; `options` are those of `draw`, among them `guidance` and
        `temperature`.
        """
        return super().generate(count, condition, seed=seed, **options)

    def sample(self, labels, seed, **options):
        free = np.full((len(labels), self.tokenizer.length), -1)
        return self.tokenizer.intensities(self.draw(free, labels, seed=seed, **options))

    def complete(self, images, known, labels=None, *, seed=None, **options) -> np.ndarray:
        """Redraws the part of `uint8` images that is not known, to fit the part that is.

        Args:
            images: (n, height, width, channels). The unknown part is erased before anything looks
                at it: a tokenizer's convolutions see across the patches, and would write what they
                see into the tokens that are kept.
            known: booleans (height, width). A token is kept if every pixel of its patch is known.
            labels: for a model with classes, one for all or one for each; `None` completes without
                a class.
            seed, options: as for `generate`.

        Raises `ValueError` for a tokenizer with several scales: a coarse token covers the known and
            the unknown alike.
        """
        if len(self.tokenizer.grids) > 1:
            raise ValueError(
                "tokens of several scales do not belong to one place each, so a part of an image "
                "cannot be fixed"
            )
        images = check_images(images, shape=self.image_shape)
        seed = check_seed(seed)
        known = np.asarray(known)
        if known.dtype != bool or known.shape != self.image_shape[:2]:
            raise ValueError(
                f"known must be booleans of shape {self.image_shape[:2]}, got {known.dtype} "
                f"{known.shape}"
            )
        height, width = self.tokenizer.grid
        patches = known.reshape(height, self.image_shape[0] // height, width, -1)
        erased = np.where(known[..., None], images, np.uint8(0))
        kept = np.repeat(patches.all(axis=(1, 3)).ravel(), self.tokenizer.groups)
        tokens = np.where(kept, self.tokenizer.encode(erased), -1)
        if labels is not None or not self.num_classes:
            labels = self.encode_conditions(labels, len(images))
        return to_uint8(self.tokenizer.intensities(self.draw(tokens, labels, seed=seed, **options)))
