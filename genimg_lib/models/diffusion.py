"""Diffusion by flow matching in the latents of a VAE, and the DDIM sampler: one small network,
many steps.
"""

import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops

from genimg_lib.data.arguments import check_number, check_whole
from genimg_lib.models.base import ImageGenerator
from genimg_lib.models.vae import VAE, reparameterise
from genimg_lib.nn import replicas
from genimg_lib.nn.layers import time_features
from genimg_lib.nn.sampling import drop_conditions, guide, stateless_seed


def build_velocity_network(
    latent_dim: int, num_classes: int = 0, width: int = 256, blocks: int = 4
) -> keras.Model:
    """Noisy latents (batch, latent_dim), times (batch,) in [0, 1] and conditions (batch,) ->
    velocities (batch, latent_dim).

    Residual blocks of two dense layers; time and condition enter each of them. The condition
    `num_classes` stands for none.
    """
    latents = keras.Input((latent_dim,), name="latents")
    times = keras.Input((), name="times")
    conditions = keras.Input((), dtype="int32", name="conditions")
    velocities = residual_velocity(
        latents, time_features(times), conditions, num_classes, width, blocks
    )
    return keras.Model([latents, times, conditions], velocities, name="velocity")


def residual_velocity(latents, times, conditions, num_classes: int, width: int, blocks: int):
    """The layers of a velocity network: latents (batch, latent_dim), features of the times (batch,
    count) and conditions (batch,) -> velocities (batch, latent_dim).
    """
    context = layers.Dense(width)(times)
    context = ops.silu(context + layers.Embedding(num_classes + 1, width)(conditions))
    features = residual_features(latents, context, width, blocks)
    return layers.Dense(latents.shape[-1], kernel_initializer="zeros")(features)


def residual_features(latents, context, width: int, blocks: int):
    """Residual blocks of two dense layers: latents (batch, latent_dim) and a context (batch,
    width), which enters each of them, -> features (batch, width).
    """
    features = layers.Dense(width)(latents)
    for _ in range(blocks):
        hidden = layers.Dense(width)(layers.LayerNormalization()(features))
        hidden = hidden + layers.Dense(width)(context)
        # Zeros: at first every block is the identity, and the gradient reaches all of them.
        features = features + layers.Dense(width, kernel_initializer="zeros")(ops.silu(hidden))
    return features


def mix(data, noise, times):
    """The path from noise (time 0) to data (time 1): times * data + (1 - times) * noise. Times
    have shape (batch, 1).
    """
    return times * data + (1.0 - times) * noise


def ddim_step(noisy, velocity, time, next_time, fresh_noise=0.0, eta: float = 0.0):
    """One step of DDIM along the straight path, from `time` to the later `next_time`.

    With eta = 0 it is an Euler step. With eta = 1 as much of the noise is replaced by `fresh_noise`
    as ancestral (DDPM) sampling does; the distribution at every time stays the same. Source: Song,
    Meng and Ermon, arXiv:2010.02502, equation 12, with signal `time` and noise `1 - time` in place
    of their square roots.
    """
    data = noisy + (1.0 - time) * velocity
    noise = noisy - time * velocity
    left = 1.0 - time
    next_left = 1.0 - next_time
    variance = eta**2 * next_left**2 * (1.0 - (time * next_left / (next_time * left)) ** 2)
    kept = ops.sqrt(ops.maximum(next_left**2 - variance, 0.0))
    return next_time * data + kept * noise + ops.sqrt(ops.maximum(variance, 0.0)) * fresh_noise


class LatentGenerator(ImageGenerator):
    """A generator of the latents of a trained VAE, whose decoder makes the images.

    The VAE stays as it is; it is part of the model and saved with it. A subclass has a `network`,
    and learns latents of mean 0 and variance 1. Source: Rombach et al., arXiv:2112.10752.

    Args:
        vae: a trained VAE without classes. A small `beta`, such as 0.1, makes a good codec. `None`
            makes an untrained one, for `load_weights`.
    """

    def __init__(self, vae: VAE | None = None, **kwargs):
        if vae is None:
            vae = VAE(beta=0.1)
        if not isinstance(vae, VAE):
            raise TypeError(f"vae must be a trained VAE, got {vae!r}")
        super().__init__(image_shape=vae.image_shape, **kwargs)
        if vae.num_classes:
            raise ValueError(
                "the VAE must be one without classes: its latents have to serve every condition"
            )
        self.vae = vae
        shape = (self.vae.latent_dim,)
        self.latent_mean = self.add_weight(
            name="latent_mean", shape=shape, initializer="zeros", trainable=False
        )
        self.latent_scale = self.add_weight(
            name="latent_scale", shape=shape, initializer="ones", trainable=False
        )

    @property
    def trainable_variables(self):
        """Those of the network alone: the VAE is a part, but nothing here trains it."""
        return self.network.trainable_variables

    trainable_weights = trainable_variables

    def arguments(self):
        arguments = super().arguments()
        del arguments["image_shape"]  # the VAE's
        return arguments

    def default_optimizer(self):
        """Adam at a rate that falls as 1 / (1 + step / 4000), with weights averaged over the last
        200 steps: Keras puts the average in place when `fit` ends.
        """
        rate = keras.optimizers.schedules.InverseTimeDecay(2e-3, 4000, 1.0)
        return keras.optimizers.Adam(rate, use_ema=True, ema_momentum=0.995)

    def fit(self, images, labels=None, *, batch_size: int = 256, **kwargs):
        """As in the contract; the images are encoded once, when training begins."""
        return super().fit(images, labels, batch_size=batch_size, **kwargs)

    def prepare(self, images):
        """`uint8` images -> means and log-variances of the VAE's posterior: (n, 2 latent_dim)."""
        if not self.vae.trained:
            raise ValueError(
                "the VAE has not been trained: fit it first, diffusion only learns its latents"
            )
        means, log_variances = self.vae.encode(images)
        if not self.trained:  # the scale of the latents is set once, by the first training set
            self.latent_mean.assign(means.mean(axis=0))
            self.latent_scale.assign(
                np.sqrt(means.var(axis=0) + np.exp(log_variances).mean(axis=0))
            )
        return np.concatenate([means, log_variances], axis=1)

    def random_latents(self, posteriors, seed):
        """One latent from each posterior that `prepare` returned: (batch, latent_dim)."""
        means, log_variances = ops.split(posteriors, 2, axis=-1)
        return (reparameterise(means, log_variances, seed) - self.latent_mean) / self.latent_scale

    def draw_latents(self, latents, labels):
        """Latents of the network's -> images in [0, 1]."""
        # The VAE has no classes: it ignores the labels, which are its input all the same.
        return self.vae.draw(latents * self.latent_scale + self.latent_mean, labels)


@keras.saving.register_keras_serializable("genimg")
class Diffusion(LatentGenerator):
    """A generator that turns noise into the latents of a trained VAE in many small steps; the VAE's
    decoder does the rest.

    Trained by flow matching: the network sees a mixture of data and noise and predicts data minus
    noise, by least squares. The VAE stays as it is; it is part of the model and saved with it.
    Sources: Lipman et al., arXiv:2210.02747; Rombach et al., arXiv:2112.10752 (latents); Ho and
    Salimans, arXiv:2207.12598 (guidance).

    Args:
        vae: a trained VAE without classes. A small `beta`, such as 0.1, makes a good codec. `None`
            makes an untrained one, for `load_weights`.
        width, blocks: size of the network.
        label_drop: share of the training labels replaced by none, which guidance needs.
    """

    METRICS = ("velocity_error",)

    def __init__(
        self,
        vae: VAE | None = None,
        *,
        width: int = 256,
        blocks: int = 4,
        label_drop: float = 0.1,
        **kwargs,
    ):
        super().__init__(vae, **kwargs)
        self.width = check_whole("width", width)
        self.blocks = check_whole("blocks", blocks)
        self.label_drop = check_number("label_drop", label_drop, 0.0, 1.0, below=True)
        self.network = build_velocity_network(
            self.vae.latent_dim, self.num_classes, self.width, self.blocks
        )
        self.built = True

    def drop_conditions(self, conditions):
        if not self.num_classes:
            return conditions
        return drop_conditions(conditions, self.num_classes, self.label_drop, self.seed_generator)

    def terms(self, posteriors, conditions):
        return {"velocity_error": self.velocity_error(posteriors, conditions, self.seed_generator)}

    def velocity_error(self, posteriors, conditions, seed):
        """Mean squared error of the velocity at one random time for each latent: shape (batch,)."""
        data = self.random_latents(posteriors, seed)
        noise = replicas.normal(ops.shape(data), seed=seed)
        # Most times in the middle, where the velocity is hardest to tell: Esser et al.,
        # arXiv:2403.03206.
        times = ops.sigmoid(replicas.normal((ops.shape(data)[0],), seed=seed))
        predicted = self.network([mix(data, noise, times[:, None]), times, conditions])
        predicted = ops.cast(predicted, "float32")
        return ops.mean(ops.square(predicted - (data - noise)), axis=-1)

    def generate(
        self,
        count,
        condition=None,
        *,
        seed=None,
        steps: int = 20,
        guidance: float = 1.0,
        eta: float = 0.0,
    ):
        """As in the contract.

        Args:
            steps: how often the network runs, one after the other.
            guidance: 1 draws from the model; above 1 it moves further away from what it would draw
                without a label.
            eta: 0 makes the image a function of its noise; 1 adds fresh noise in every step.
        """
        steps = check_whole("steps", steps)
        eta = check_number("eta", eta, 0.0, 1.0)
        guidance = check_number("guidance", guidance)
        if guidance != 1.0 and not self.num_classes:
            raise ValueError(f"guidance needs a model with classes, got guidance={guidance}")
        return super().generate(
            count, condition, seed=seed, steps=steps, guidance=guidance, eta=eta
        )

    def sample(self, labels, seed, steps: int = 20, guidance: float = 1.0, eta: float = 0.0):
        noise = keras.random.normal((len(labels), self.vae.latent_dim), seed=seed)
        latents = self._denoise(
            noise,
            labels,
            stateless_seed(seed),
            tf.constant(steps),
            tf.constant(guidance),
            tf.constant(eta),
            guided=guidance != 1.0,
        )
        return self.draw_latents(latents, labels)

    @tf.function(autograph=False, reduce_retracing=True)
    def _denoise(self, noise, labels, seeds, steps, guidance, eta, guided):
        def step(index, latents):
            count = tf.cast(steps, "float32")
            time = tf.cast(index, "float32") / count
            next_time = tf.cast(index + 1, "float32") / count
            velocity = self.velocity(latents, time, labels, guidance if guided else None)
            fresh = tf.random.stateless_normal(tf.shape(latents), seeds + index)
            return index + 1, ddim_step(latents, velocity, time, next_time, fresh, eta)

        return tf.while_loop(lambda index, _: index < steps, step, (0, noise))[1]

    def velocity(self, latents, time, labels, guidance=None):
        """The velocity at one time for all latents: the model's, or with a number `guidance` the
        guided one.
        """
        latents = ops.convert_to_tensor(latents)
        labels = ops.convert_to_tensor(labels)
        times = ops.broadcast_to(time, (ops.shape(latents)[0],))
        if guidance is None:
            return ops.cast(self.network([latents, times, labels]), "float32")
        nothing = ops.full_like(labels, self.num_classes)
        both = self.network(
            [
                ops.concatenate([latents, latents]),
                ops.concatenate([times, times]),
                ops.concatenate([labels, nothing]),
            ]
        )
        conditional, unconditional = ops.split(ops.cast(both, "float32"), 2)
        return guide(conditional, unconditional, guidance)
