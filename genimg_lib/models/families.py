"""Which families of generators the course has. A new one appears everywhere by its entry in
`FAMILIES`: in the tests of the contract and in the tools that train, measure and race.
"""

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from genimg_lib.models.base import ImageGenerator, ImageModel
from genimg_lib.models.diffusion import Diffusion
from genimg_lib.models.gan import GAN
from genimg_lib.models.image_gpt import ImageGPT
from genimg_lib.models.maskgit import MaskGIT
from genimg_lib.models.mean_flow import MeanFlow
from genimg_lib.models.next_scale import NextScale
from genimg_lib.models.tokenizer import Tokenizer, coarse_tokenizer, scale_tokenizer
from genimg_lib.models.vae import VAE
from genimg_lib.nn.quantizers import VQ


@dataclass(frozen=True)
class Way:
    """One way of generating that is compared with others."""

    options: Mapping = field(default_factory=dict)
    """Of `generate`."""

    passes: int = 1
    """Passes through the network that wait for each other, for one 28x28 digit."""

    quality_of: str | None = None
    """Another way that makes the same images: quality is measured once."""


@dataclass(frozen=True, eq=False)
class Family:
    """How to build one kind of generator.

    The functions that build take `image_shape`, `class_names` and `seed` by name, and return an
    untrained model. Those with a codec take it first: a trained model of what `codec` builds.
    """

    title: str
    """As in the titles of plots."""

    model: type[ImageGenerator]

    small: Callable[..., ImageGenerator]
    """Builds a model that trains in a second, for tests: images of any size that is a multiple
    of 4.
    """

    codec: Callable[..., ImageModel] | None = None
    """Builds what has to be trained first, on the images alone: from `image_shape` and `seed`."""

    small_codec: Callable[..., ImageModel] | None = None
    """The same, as small as `small`."""

    weights: str | None = None
    """The name of its shipped weights."""

    ways: Mapping[str, Way] = field(default_factory=lambda: {"": Way()})
    """What is added to the title -> a way of generating."""

    few_images: Mapping = field(default_factory=dict)
    """Further options of the model where it has few images to learn from."""

    def build(
        self, *, image_shape, class_names=None, seed=None, codec=None, few_images=False
    ) -> ImageGenerator:
        """The default model for such images, or for few of them. Raises `ValueError` if a codec is
        missing or not needed.
        """
        model = functools.partial(self.model, **self.few_images) if few_images else self.model
        return self._with_codec(model, image_shape, class_names, seed, codec, self.codec)

    def build_small(
        self, *, image_shape, class_names=None, seed=None, codec=None
    ) -> ImageGenerator:
        """The model for tests; raises as `build`."""
        return self._with_codec(self.small, image_shape, class_names, seed, codec, self.small_codec)

    def _with_codec(self, make, image_shape, class_names, seed, codec, needed):
        if (codec is None) != (needed is None):
            raise ValueError(f"{self.title} {'needs no' if needed is None else 'needs a'} codec")
        if codec is None:
            return make(image_shape=image_shape, class_names=class_names, seed=seed)
        return make(codec, class_names=class_names, seed=seed)


SMALL_TRANSFORMER = {"width": 16, "depth": 1, "heads": 2}


def _diffusion_codec(**options) -> VAE:
    return VAE(beta=0.1, **options)


def _small_vae(**options) -> VAE:
    return VAE(latent_dim=2, width=8, prior_components=2, **options)


def _small_gan(**options) -> GAN:
    return GAN(latent_dim=4, width=4, **options)


def _small_tokenizer(**options) -> Tokenizer:
    return Tokenizer(patch=2, width=8, **options)


def _small_scale_tokenizer(*, image_shape, **options) -> Tokenizer:
    """On two scales, of which the second is half the side of the (square) images."""
    return Tokenizer(
        image_shape=image_shape,
        quantizer=VQ(8, 4),
        patch=2,
        scales=(1, image_shape[0] // 2),
        width=8,
        **options,
    )


def _small_image_gpt(tokenizer, **options) -> ImageGPT:
    return ImageGPT(tokenizer, **SMALL_TRANSFORMER, **options)


def _small_maskgit(tokenizer, **options) -> MaskGIT:
    return MaskGIT(tokenizer, **SMALL_TRANSFORMER, **options)


def _small_next_scale(tokenizer, **options) -> NextScale:
    return NextScale(tokenizer, **SMALL_TRANSFORMER, **options)


def _small_diffusion(vae, **options) -> Diffusion:
    return Diffusion(vae, width=16, blocks=1, **options)


def _small_mean_flow(vae, **options) -> MeanFlow:
    return MeanFlow(vae, width=16, blocks=1, **options)


FAMILIES: dict[str, Family] = {
    "gan": Family(
        "GAN",
        GAN,
        _small_gan,
        weights="conditional_gan",
        # or the discriminator learns them by heart: Zhao et al., arXiv:2006.10738
        few_images={"augmentations": ("brightness", "translation", "cutout")},
    ),
    "vae": Family(
        "VAE",
        VAE,
        _small_vae,
        weights="vae",
        ways={
            ", N(0, I)": Way({"prior": "standard"}),
            ", fitted prior": Way({"prior": "fitted"}),
        },
    ),
    "image_gpt": Family(
        "image GPT",
        ImageGPT,
        _small_image_gpt,
        Tokenizer,
        _small_tokenizer,
        weights="image_gpt",
        ways={
            ", uncached": Way({"cached": False}, 49, quality_of=", cached"),
            ", cached": Way({}, 49),
            ", cached, XLA": Way({"jit_compile": True}, 49, quality_of=", cached"),
            ", XLA, no guidance": Way({"jit_compile": True, "guidance": 1.0}, 49),
        },
    ),
    "maskgit": Family(
        "MaskGIT",
        MaskGIT,
        _small_maskgit,
        coarse_tokenizer,
        _small_tokenizer,
        weights="maskgit",
        ways={
            ", 4 steps": Way({"steps": 4}, 4),
            ", 8 steps": Way({"steps": 8}, 8),
            ", 16 steps": Way({"steps": 16}, 16),
        },
    ),
    "next_scale": Family(
        "next-scale",
        NextScale,
        _small_next_scale,
        scale_tokenizer,
        _small_scale_tokenizer,
        weights="next_scale",
        ways={"": Way({}, 4)},
    ),
    "diffusion": Family(
        "diffusion",
        Diffusion,
        _small_diffusion,
        _diffusion_codec,
        _small_vae,
        weights="diffusion",
        ways={
            ", 8 steps": Way({"steps": 8}, 8),
            ", 20 steps": Way({"steps": 20}, 20),
            ", 50 steps": Way({"steps": 50}, 50),
        },
    ),
    "mean_flow": Family(
        "MeanFlow",
        MeanFlow,
        _small_mean_flow,
        _diffusion_codec,
        _small_vae,
        weights="mean_flow",
        ways={", 1 step": Way({"steps": 1}), ", 4 steps": Way({"steps": 4}, 4)},
    ),
}
"""Name -> family, in the order of the course."""
