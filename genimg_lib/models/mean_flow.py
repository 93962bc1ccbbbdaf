"""MeanFlow: the network learns the average velocity between two times, so one step is enough."""

import keras
import tensorflow as tf
from keras import ops

from genimg_lib.data.arguments import check_number, check_whole
from genimg_lib.models.diffusion import LatentGenerator, mix, residual_velocity
from genimg_lib.models.vae import VAE
from genimg_lib.nn import replicas
from genimg_lib.nn.layers import time_features
from genimg_lib.nn.precision import full_precision

FASTEST = 8.0
"""Angular frequency of the fastest time feature."""
EQUAL_SHARE = 0.75
"""Share of a training batch whose two times are equal, as in the paper's runs on ImageNet."""


@full_precision()  # its target contains a derivative
def build_average_velocity_network(
    latent_dim: int, num_classes: int = 0, width: int = 256, blocks: int = 4
) -> keras.Model:
    """Noisy latents (batch, latent_dim), times and later times (batch,) in [0, 1] and conditions
    (batch,) -> average velocities between the two times (batch, latent_dim).

    As the velocity network of `Diffusion`, with two differences. It sees the time and the length
    of the interval. And its time features are slow: the target contains the derivative with
    respect to the time, which features of frequency 200 make so large that training diverges.
    """
    latents = keras.Input((latent_dim,), name="latents")
    times = keras.Input((), name="times")
    later_times = keras.Input((), name="later_times")
    conditions = keras.Input((), dtype="int32", name="conditions")
    both = [time_features(each, 8, FASTEST) for each in (times, later_times - times)]
    features = ops.concatenate(both, axis=-1)
    velocities = residual_velocity(latents, features, conditions, num_classes, width, blocks)
    return keras.Model([latents, times, later_times, conditions], velocities, name="average")


def average_velocity_target(
    network, latents, times, later_times, conditions, velocity, direction=None
):
    """What the network predicts, and what it should predict: both (batch, latent_dim).

    Along the path the position changes with `direction` and the time with 1. The target is the
    velocity plus (later_time - time) times the derivative of the prediction in that direction. No
    gradient passes through it. Source: Geng et al., arXiv:2505.13447, the MeanFlow identity, here
    with noise at time 0: the average starts at `times`, so the derivative has the other sign.

    Args:
        velocity: of the path through `latents`, or of a random pair whose path leads there.
        direction: the path's velocity, as good as it is known; `velocity` unless told.
    """
    tangents = [velocity if direction is None else direction, ops.ones_like(times)]
    with tf.autodiff.ForwardAccumulator([latents, times], tangents) as accumulator:
        predicted = network([latents, times, later_times, conditions])
    change = accumulator.jvp(predicted)
    target = velocity + ops.expand_dims(later_times - times, -1) * change
    return predicted, ops.stop_gradient(target)


def average_velocity_errors(network, data, noise, conditions, intervals: int, seed=None):
    """Mean squared errors (batch,) on the path from noise to data, both (batch, latent_dim), at
    random times: the first `intervals` rows have two, the others one, most of these in the middle,
    as those of `Diffusion`.

    Where there is one time, the target is the velocity. Only an interval costs a derivative, whose
    direction is the network's own velocity: it has not the noise of data minus noise, of which it
    is the mean. Source of the direction: Geng et al., arXiv:2512.02012.
    """
    velocity = data - noise
    pair = keras.random.uniform((2, intervals), seed=seed)
    start, end = ops.min(pair, axis=0), ops.max(pair, axis=0)
    middle = ops.sigmoid(keras.random.normal((ops.shape(data)[0] - intervals,), seed=seed))
    latents = mix(data, noise, ops.concatenate([start, middle])[:, None])
    first, first_conditions = latents[:intervals], conditions[:intervals]
    own = ops.stop_gradient(network([first, start, start, first_conditions]))
    predicted, target = average_velocity_target(
        network, first, start, end, first_conditions, velocity[:intervals], own
    )
    others = network([latents[intervals:], middle, middle, conditions[intervals:]])
    differences = [predicted - target, others - velocity[intervals:]]
    return ops.mean(ops.square(ops.concatenate(differences)), axis=-1)


def weighted(errors):
    """Squared errors (batch,), each over its own size, through which no gradient passes: no target
    counts much more than another, however large its derivative. Source: Geng et al.,
    arXiv:2505.13447, the adaptive weight with p = 1.
    """
    return errors / ops.stop_gradient(errors + 1e-3)


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
        equal_share: float = EQUAL_SHARE,
        **kwargs,
    ):
        if replicas.count() > 1:
            raise ValueError(
                "MeanFlow trains on one device: the parts of its batch have different losses"
            )
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
        count = ops.shape(data)[0]
        equal = ops.cast(self.equal_share * ops.cast(count, "float32"), "int32")
        errors = average_velocity_errors(
            self.network, data, noise, conditions, count - equal, self.seed_generator
        )
        return {"average_velocity_error": errors}

    def objective(self, terms):
        return ops.mean(weighted(terms["average_velocity_error"]))

    def default_optimizer(self):
        """That of `Diffusion`, with the norm of the gradient limited to 1."""
        rate = keras.optimizers.schedules.InverseTimeDecay(2e-3, 4000, 1.0)
        return keras.optimizers.Adam(rate, use_ema=True, ema_momentum=0.995, global_clipnorm=1.0)

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
