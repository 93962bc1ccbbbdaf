"""MeanFlow: the network learns the average velocity between two times, so one step is enough."""

import keras
import tensorflow as tf
from keras import ops

from genimg_lib.data.arguments import check_number, check_whole
from genimg_lib.models.diffusion import LatentGenerator, mix, residual_velocity, time_features
from genimg_lib.models.vae import VAE


def build_average_velocity_network(
    latent_dim: int, num_classes: int = 0, width: int = 256, blocks: int = 4
) -> keras.Model:
    """Noisy latents (batch, latent_dim), times and later times (batch,) in [0, 1] and conditions
    (batch,) -> average velocities between the two times (batch, latent_dim).

    As the velocity network of `Diffusion`, with the features of two times in place of one.
    """
    latents = keras.Input((latent_dim,), name="latents")
    times = keras.Input((), name="times")
    later_times = keras.Input((), name="later_times")
    conditions = keras.Input((), dtype="int32", name="conditions")
    both_times = ops.concatenate([time_features(times), time_features(later_times)], axis=-1)
    velocities = residual_velocity(latents, both_times, conditions, num_classes, width, blocks)
    return keras.Model([latents, times, later_times, conditions], velocities, name="average")


def average_velocity_target(network, latents, times, later_times, conditions, velocity):
    """What the network predicts, and what it should predict: both (batch, latent_dim).

    Along the path the position changes with `velocity` and the time with 1. The target is the
    velocity plus (later_time - time) times the derivative of the prediction in that direction. No
    gradient passes through it. Source: Geng et al., arXiv:2505.13447, the MeanFlow identity, here
    with noise at time 0: the average starts at `times`, so the derivative has the other sign.
    """
    tangents = [velocity, ops.ones_like(times)]
    with tf.autodiff.ForwardAccumulator([latents, times], tangents) as accumulator:
        predicted = network([latents, times, later_times, conditions])
    change = accumulator.jvp(predicted)
    target = velocity + ops.expand_dims(later_times - times, -1) * change
    return predicted, ops.stop_gradient(target)


@keras.saving.register_keras_serializable("genimg")
class MeanFlow(LatentGenerator):
    """A generator that turns noise into the latents of a trained VAE in one step, or in a few.

    Where the two times are equal, the average velocity is the velocity, and training is that of
    `Diffusion`. Elsewhere the network's own derivative makes the target.
    Source: Geng et al., arXiv:2505.13447.

    Args:
        vae: see `LatentGenerator`.
        width, blocks: size of the network.
        equal_share: share of a training batch whose two times are equal.
    """

    METRICS = ("average_velocity_error",)

    def __init__(
        self,
        vae: VAE | None = None,
        *,
        width: int = 256,
        blocks: int = 4,
        equal_share: float = 0.5,
        **kwargs,
    ):
        super().__init__(vae, **kwargs)
        self.width = check_whole("width", width)
        self.blocks = check_whole("blocks", blocks)
        self.equal_share = check_number("equal_share", equal_share, 0.0, 1.0)
        self.network = build_average_velocity_network(
            self.vae.latent_dim, self.num_classes, self.width, self.blocks
        )
        self.built = True

    def terms(self, posteriors, conditions):
        data = self.random_latents(posteriors, self.seed_generator)
        noise = keras.random.normal(ops.shape(data), seed=self.seed_generator)
        times, later_times = self.random_times(ops.shape(data)[0])
        predicted, target = average_velocity_target(
            self.network,
            mix(data, noise, times[:, None]),
            times,
            later_times,
            conditions,
            data - noise,
        )
        error = ops.mean(ops.square(predicted - target), axis=-1)
        return {"average_velocity_error": error}

    def random_times(self, count):
        """Times and later times, (count,) each: most in the middle, as those of `Diffusion`."""
        pair = ops.sigmoid(keras.random.normal((2, count), seed=self.seed_generator))
        equal = keras.random.uniform((count,), seed=self.seed_generator) < self.equal_share
        later_times = ops.max(pair, axis=0)
        return ops.where(equal, later_times, ops.min(pair, axis=0)), later_times

    def generate(self, count, condition=None, *, seed=None, steps: int = 1):
        """As in the contract.

        Args:
            steps: how often the network runs, one after the other.
        """
        return super().generate(count, condition, seed=seed, steps=check_whole("steps", steps))

    def sample(self, labels, seed, steps: int = 1):
        noise = keras.random.normal((len(labels), self.vae.latent_dim), seed=seed)
        return self.draw_latents(self._flow(noise, labels, tf.constant(steps)), labels)

    @tf.function(autograph=False, reduce_retracing=True)
    def _flow(self, noise, labels, steps):
        def step(index, latents):
            time = tf.cast(index, "float32") / tf.cast(steps, "float32")
            later_time = tf.cast(index + 1, "float32") / tf.cast(steps, "float32")
            velocity = self.average_velocity(latents, time, later_time, labels)
            return index + 1, latents + (later_time - time) * velocity

        return tf.while_loop(lambda index, _: index < steps, step, (0, noise))[1]

    def average_velocity(self, latents, time, later_time, labels):
        """The average velocity between two times, the same for all latents."""
        latents = ops.convert_to_tensor(latents)
        count = ops.shape(latents)[0]
        times = ops.broadcast_to(ops.cast(time, "float32"), (count,))
        later_times = ops.broadcast_to(ops.cast(later_time, "float32"), (count,))
        return self.network([latents, times, later_times, ops.convert_to_tensor(labels)])
