"""Variational autoencoders: images <-> latents."""

import math

import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops
from sklearn.mixture import GaussianMixture

from genimg_lib.data.arguments import (
    check_number,
    check_one_of,
    check_reals,
    check_seed,
    check_whole,
)
from genimg_lib.data.images import to_uint8
from genimg_lib.models.base import ImageGenerator
from genimg_lib.nn import replicas
from genimg_lib.nn.batches import in_batches
from genimg_lib.nn.layers import DepthToSpace, SpaceToDepth, check_sides
from genimg_lib.nn.losses import (
    bernoulli_nll,
    gaussian_log_density,
    gaussian_nll,
    kl_to_standard_normal,
)

LIKELIHOODS = ("bernoulli", "gaussian")


def build_encoder(
    image_shape, latent_dim: int, num_classes: int = 0, width: int = 256
) -> keras.Model:
    """Images in [0, 1] and labels -> means and log-variances of the posterior, each (batch,
    latent_dim).

    Works on 4x4 patches, a quarter of the height and width, so these must be multiples of 4. Of
    images larger than 32x32, strided convolutions halve the grid of patches further: see
    `count_halvings`.
    """
    check_sides(image_shape)
    images = keras.Input(image_shape, name="images")
    labels = keras.Input((), dtype="int32", name="labels")
    features = SpaceToDepth()(SpaceToDepth()(2.0 * images - 1.0))
    features = layers.Conv2D(width // 4, 3, padding="same", activation="silu")(features)
    for _ in range(count_halvings(image_shape)):
        features = layers.Conv2D(width // 4, 3, 2, padding="same", activation="silu")(features)
    features = layers.Flatten()(layers.Conv2D(width // 8, 1)(features))
    features = layers.Dense(width, activation="silu")(_with_classes(features, labels, num_classes))
    posterior = layers.Dense(2 * latent_dim, name="posterior")(features)
    means, log_variances = ops.split(posterior, 2, axis=-1)
    return keras.Model([images, labels], [means, log_variances], name="encoder")


def build_decoder(
    image_shape, latent_dim: int, num_classes: int = 0, width: int = 256
) -> keras.Model:
    """Latents and labels -> one number per pixel: Bernoulli logits or Gaussian means, (batch,
    *image_shape). It mirrors the encoder.
    """
    halvings = count_halvings(image_shape)
    height, breadth = (side // 4 // 2**halvings for side in image_shape[:2])
    latents = keras.Input((latent_dim,), name="latents")
    labels = keras.Input((), dtype="int32", name="labels")
    features = layers.Dense(width, activation="silu")(_with_classes(latents, labels, num_classes))
    features = layers.Dense(height * breadth * (width // 8), activation="silu")(features)
    features = layers.Reshape((height, breadth, width // 8))(features)
    features = layers.Conv2D(width // 4, 3, padding="same", activation="silu")(features)
    for _ in range(halvings):
        features = layers.Conv2D(width // 4 * 4, 3, padding="same", activation="silu")(features)
        features = DepthToSpace()(features)
    channels = image_shape[2]
    patches = layers.Conv2D(16 * channels, 3, padding="same", name="patches")(features)
    return keras.Model([latents, labels], DepthToSpace()(DepthToSpace()(patches)), name="decoder")


def count_halvings(image_shape) -> int:
    """How often the networks halve the grid of 4x4 patches: while a side is larger than 8 and both
    are even.

    So the dense layer behind the grid has about as many inputs as for a 28x28 image, and training
    is as stable: see `ImageModel.scaled_rate`.
    """
    height, width = image_shape[0] // 4, image_shape[1] // 4
    halvings = 0
    while max(height, width) > 8 and height % 2 == width % 2 == 0:
        height, width = height // 2, width // 2
        halvings += 1
    return halvings


def _with_classes(features, labels, num_classes: int):
    if not num_classes:
        return features
    one_hot = layers.CategoryEncoding(num_classes, output_mode="one_hot")(labels)
    return layers.Concatenate()([features, one_hot])


@keras.saving.register_keras_serializable("genimg")
class VAE(ImageGenerator):
    """A variational autoencoder with a diagonal Gaussian posterior, trained on the negative ELBO in
    nats per image.

    `bernoulli` models binary pixels: each training image is binarised afresh at every step, a pixel
    being on with probability intensity / 255. `gaussian` models grey levels with one learned
    standard deviation, on pixels that are dequantised by uniform noise. Source: Kingma and Welling,
    arXiv:1312.6114.

    Args:
        latent_dim: numbers per latent vector.
        likelihood: `bernoulli` or `gaussian`.
        beta: weight of the KL term in the training loss, or a Keras schedule of it over the steps:
            rising against posterior collapse, falling so that a label is used first. `evaluate`
            always reports the true ELBO.
        width: units of the dense layers; the convolutions have a quarter as many filters.
        prior_components: Gaussians in the mixture that `fit_prior` fits.
        encoder, decoder: networks in place of the default ones, with the same inputs and outputs.
    """

    METRICS = ("negative_elbo", "reconstruction", "kl")

    def __init__(
        self,
        *,
        latent_dim: int = 24,
        likelihood: str = "bernoulli",
        beta: float | keras.optimizers.schedules.LearningRateSchedule = 1.0,
        width: int = 256,
        prior_components: int = 20,
        encoder: keras.Model | None = None,
        decoder: keras.Model | None = None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.latent_dim = check_whole("latent_dim", latent_dim)
        self.likelihood = check_one_of("likelihood", likelihood, LIKELIHOODS)
        is_schedule = isinstance(beta, keras.optimizers.schedules.LearningRateSchedule)
        self.beta = beta if is_schedule else check_number("beta", beta)
        self.width = check_whole("width", width, 8)
        self.prior_components = check_whole("prior_components", prior_components)
        if encoder is None:
            encoder = build_encoder(self.image_shape, self.latent_dim, self.num_classes, self.width)
        if decoder is None:
            decoder = build_decoder(self.image_shape, self.latent_dim, self.num_classes, self.width)
        self.encoder = encoder
        self.decoder = decoder
        # Compiled: called eagerly, a small network spends most of its time between its operations.
        self._read = tf.function(self.encoder, autograph=False, reduce_retracing=True)
        self._draw = tf.function(self.decoder, autograph=False, reduce_retracing=True)
        self.log_scale = self.add_weight(
            name="log_scale", shape=(), trainable=likelihood == "gaussian", initializer="zeros"
        )
        self.prior_weights = self._prior_weight("prior_weights", (prior_components,))
        self.prior_means = self._prior_weight("prior_means", (prior_components, latent_dim))
        self.prior_factors = self._prior_weight(
            "prior_factors", (prior_components, latent_dim, latent_dim)
        )
        self.built = True

    def _prior_weight(self, name, shape):
        return self.add_weight(name=name, shape=shape, initializer="zeros", trainable=False)

    def identity(self):
        return super().identity() | {"likelihood": self.likelihood}

    def default_optimizer(self):
        """Adam at a rate that falls as 1 / (1 + step / 4000), with weights averaged over the last
        100 steps: Keras puts the average in place when `fit` ends.
        """
        rate = keras.optimizers.schedules.InverseTimeDecay(self.scaled_rate(3e-3), 4000, 1.0)
        return keras.optimizers.Adam(rate, use_ema=True, ema_momentum=0.99)

    def terms(self, images, labels):
        pixels = self.pixels(images, self.seed_generator)
        reconstruction, kl = self.elbo_terms(pixels, labels, self.seed_generator)
        return {"negative_elbo": reconstruction + kl, "reconstruction": reconstruction, "kl": kl}

    def objective(self, terms):
        beta = self.beta(self.steps) if callable(self.beta) else self.beta
        return ops.mean(terms["reconstruction"] + beta * terms["kl"])

    def pixels(self, images, seed):
        """`uint8` images -> what the likelihood describes: random binary pixels, or dequantised
        grey levels in [0, 1].
        """
        noise = replicas.uniform(ops.shape(images), seed=seed)
        intensities = ops.cast(images, "float32")
        if self.likelihood == "bernoulli":
            return ops.cast(noise < intensities / 255.0, "float32")
        return (intensities + noise) / 256.0

    def elbo_terms(self, pixels, labels, seed):
        """One-sample estimates of the reconstruction term and the exact KL, in nats: two tensors
        of shape (batch,).
        """
        means, log_variances = self.posterior(pixels, labels)
        latents = reparameterise(means, log_variances, seed)
        return self.pixel_nll(pixels, latents, labels), kl_to_standard_normal(means, log_variances)

    def posterior(self, pixels, labels):
        """Means and log-variances of q(latents | pixels), each (batch, latent_dim) in float32."""
        return [ops.cast(part, "float32") for part in self.encoder([pixels, labels])]

    def pixel_nll(self, pixels, latents, labels):
        """-log p(pixels | latents) in nats: shape (batch,)."""
        outputs = ops.cast(self.decoder([latents, labels]), "float32")
        if self.likelihood == "bernoulli":
            return bernoulli_nll(pixels, outputs)
        return gaussian_nll(pixels, outputs, self.log_scale)

    def encode(self, images, labels=None) -> tuple[np.ndarray, np.ndarray]:
        """`uint8` images -> posterior means and log-variances, each (n, latent_dim)."""
        images, labels = self.check_inputs(images, labels)
        pixels = images / np.float32(255)
        posterior = in_batches(lambda *inputs: self._read(list(inputs)), pixels, labels)
        return tuple(part.astype(np.float32, copy=False) for part in posterior)

    def decode(self, latents, labels=None) -> np.ndarray:
        """Latents of shape (n, latent_dim) -> the expected `uint8` images."""
        latents = check_reals("latents", latents).astype(np.float32)
        if not np.isfinite(latents).all():
            raise ValueError("latents must be finite numbers, got NaN or infinity")
        if latents.ndim != 2 or latents.shape[1] != self.latent_dim or not len(latents):
            raise ValueError(f"latents must have shape (n, {self.latent_dim}), got {latents.shape}")
        labels = self.encode_conditions(labels, len(latents), required=True)
        outputs = in_batches(lambda *inputs: self._draw(list(inputs)), latents, labels)
        return to_uint8(self.intensities(outputs))

    def reconstruct(self, images, labels=None) -> np.ndarray:
        """Decodes the posterior mean of each image."""
        return self.decode(self.encode(images, labels)[0], labels)

    def sample(self, labels, seed, prior: str = "standard"):
        """In [0, 1], from latents of N(0, I) (`standard`) or of the mixture of `fit_prior`
        (`fitted`).
        """
        latents = keras.random.normal((len(labels), self.latent_dim), seed=seed)
        if prior == "fitted":
            latents = self.to_fitted_prior(latents, seed)
        return self.draw(latents, labels)

    def to_fitted_prior(self, noise, seed):
        """Standard normal noise (n, latent_dim) -> latents of the mixture that `fit_prior` fitted:
        each row is moved into a component of its own.
        """
        count = ops.shape(noise)[0]
        component = keras.random.categorical(ops.log(self.prior_weights)[None], count, seed=seed)[0]
        factors = ops.take(self.prior_factors, component, 0)
        means = ops.take(self.prior_means, component, 0)
        return means + ops.einsum("nij,nj->ni", factors, noise)

    def draw(self, latents, labels):
        """The expected images as floats in [0, 1]; unlike `decode` for tensors, inside of a
        sampler.
        """
        return self.intensities(self._draw([latents, labels]))

    def intensities(self, outputs):
        """What the decoder returned -> the expected images as floats in [0, 1]."""
        outputs = ops.cast(outputs, "float32")
        return ops.sigmoid(outputs) if self.likelihood == "bernoulli" else outputs

    def fit_prior(self, images, labels=None, *, seed: int | None = None) -> GaussianMixture:
        """Fits a mixture of Gaussians to the posterior means of `images`, for `generate(...,
        prior="fitted")`.

        The mixture becomes part of the model's weights; it is also returned. Source: Ghosh et al.,
        "From variational to deterministic autoencoders", arXiv:1903.12436, section 4.
        """
        means, _ = self.encode(images, labels)
        components = self.prior_components
        if len(means) < components:
            raise ValueError(
                f"a mixture of {components} components needs at least as many images, got "
                f"{len(means)}"
            )
        mixture = GaussianMixture(components, random_state=check_seed(seed)).fit(means)
        self.prior_weights.assign(mixture.weights_)
        self.prior_means.assign(mixture.means_)
        self.prior_factors.assign(np.linalg.cholesky(mixture.covariances_))
        return mixture

    def generate(self, count, condition=None, *, seed=None, prior: str = "standard") -> np.ndarray:
        """As in the contract; latents come from N(0, I) (`standard`) or from the mixture of
        `fit_prior` (`fitted`).
        """
        check_one_of("prior", prior, ("standard", "fitted"))
        if prior == "fitted" and not np.any(np.asarray(self.prior_weights)):
            raise ValueError("the prior has not been fitted: call fit_prior(images) first")
        return super().generate(count, condition, seed=seed, prior=prior)

    def log_likelihood(
        self, images, labels=None, *, samples: int = 100, seed: int = 0
    ) -> np.ndarray:
        """Importance-weighted lower bound on log p(image), in nats: shape (n,); `samples` latents
        for each image.

        One sample gives the ELBO; more tighten the bound. Bernoulli: of one binarisation of each
        image, drawn with `seed`. Gaussian: of the dequantised pixels in [0, 1], a density. Source:
        Burda, Grosse and Salakhutdinov, arXiv:1509.00519, equation 8.
        """
        images, labels = self.check_inputs(images, labels)
        samples = check_whole("samples", samples)
        seeds = self.random_stream(seed)
        # before the loop: the same ones for any number of samples
        pixels = self.pixels(images, seeds)
        chunk = max(1, 5000 // samples)
        bounds = []
        for start in range(0, len(images), chunk):
            part = slice(start, start + chunk)
            log_weights = self._log_weights(pixels[part], labels[part], samples, seeds)
            bounds.append(ops.logsumexp(log_weights, axis=1) - math.log(samples))
        return np.concatenate([np.asarray(bound) for bound in bounds])

    def _log_weights(self, pixels, labels, samples, seed):
        """log p(pixels, z) - log q(z | pixels) for `samples` latents of each image: shape
        (batch, samples).
        """
        posterior = self.posterior(pixels, ops.convert_to_tensor(labels))
        means, log_variances, pixels, labels = (
            ops.repeat(part, samples, axis=0) for part in (*posterior, pixels, labels)
        )
        latents = reparameterise(means, log_variances, seed)
        log_prior = gaussian_log_density(latents, 0.0, ops.zeros_like(latents))
        log_joint = log_prior - self.pixel_nll(pixels, latents, labels)
        log_posterior = gaussian_log_density(latents, means, log_variances)
        return ops.reshape(log_joint - log_posterior, (-1, samples))

    def bits_per_dimension(self, log_likelihoods) -> float:
        """Mean of `log_likelihoods` (nats per image) as bits per pixel value: of 1-bit or of
        8-bit pixels.
        """
        dimensions = math.prod(self.image_shape)
        bits = -float(np.mean(log_likelihoods)) / (dimensions * math.log(2.0))
        # a pixel in [0, 1] has 256 levels
        return bits if self.likelihood == "bernoulli" else bits + 8.0


def reparameterise(means, log_variances, seed):
    """means + standard deviation * noise: a posterior sample through which gradients flow. Shape
    (batch, latent_dim).
    """
    noise = replicas.normal(ops.shape(means), seed=seed)
    return means + ops.exp(0.5 * log_variances) * noise
