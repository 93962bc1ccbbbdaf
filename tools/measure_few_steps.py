"""Measures ways to a generator of one step, trained for equal CPU-seconds on the same latents.

    uv run tools/measure_few_steps.py                     # three seeds, about ten minutes
    uv run tools/measure_few_steps.py --seconds 60 --seeds 0

The latents are those of the shipped diffusion model, the networks have the same size. "teacher" is
that model: its own training is not counted, making pairs with it is. Frechet distances of 2,000
images from 10,000 test images. Writes benchmarks/few_steps.json after every run.
"""

import os
import platform
import time

import numpy as np
from _shared import BENCHMARKS, command_line, mnist, write_json

from genimg_lib import evaluation, lesson

SAMPLES = 2000
BATCH = 256
PAIR_STEPS = 20
"""Steps of the teacher for each pair of noise and latents."""


class Material:
    """The latents of the training images, and the model that was trained on them for longer."""

    def __init__(self):
        self.teacher = evaluation.pretrained.load("diffusion")
        self.posteriors = self.teacher.prepare(mnist().train_images)
        self.labels = mnist().train_labels.astype("int32")
        self.reference = evaluation.metrics.features(mnist().test_images)

    def batch(self, random):
        """Latents, noise and labels of a random batch."""
        rows = random.integers(len(self.labels), size=BATCH)
        means, log_variances = np.split(self.posteriors[rows], 2, axis=1)
        latents = means + np.exp(log_variances / 2) * random.normal(size=means.shape)
        latents = (latents - self.teacher.latent_mean) / self.teacher.latent_scale
        noise = random.normal(size=means.shape)
        return np.asarray(latents, "float32"), noise.astype("float32"), self.labels[rows]


def random_times(count: int):
    """Two times for each, the later one second; for half of them both are the same."""
    import tensorflow as tf

    pair = tf.sigmoid(tf.random.normal((2, count)))
    later = tf.reduce_max(pair, axis=0)
    times = tf.where(tf.range(count) < count // 2, later, tf.reduce_min(pair, axis=0))
    return times, later


# --- losses: network, its average, teacher, latents, noise, labels -> one number ------------------


def squared(predicted, target):
    import tensorflow as tf

    return tf.reduce_mean(tf.square(predicted - tf.stop_gradient(target)))


def flow_matching(network, average, teacher, data, noise, labels):
    """The velocity alone: both times are the same."""
    from genimg_lib.models.diffusion import mix

    _, times = random_times(BATCH)
    inputs = [mix(data, noise, times[:, None]), times, times, labels]
    return squared(network(inputs), data - noise)


def mean_flow(network, average, teacher, data, noise, labels):
    from genimg_lib.models.diffusion import mix
    from genimg_lib.models.mean_flow import average_velocity_target

    times, later = random_times(BATCH)
    latents = mix(data, noise, times[:, None])
    return squared(*average_velocity_target(network, latents, times, later, labels, data - noise))


def mean_flow_of_teacher(network, average, teacher, data, noise, labels):
    """The teacher's velocity, the mean over all pairs, in place of that of one pair."""
    from genimg_lib.models.diffusion import mix
    from genimg_lib.models.mean_flow import average_velocity_target

    times, later = random_times(BATCH)
    latents = mix(data, noise, times[:, None])
    velocity = teacher.network([latents, times, labels])
    return squared(*average_velocity_target(network, latents, times, later, labels, velocity))


def shortcut(network, average, teacher, data, noise, labels):
    """Three quarters learn the velocity; for the others one step is two of half its length, which
    the averaged network takes. Source: Frans et al., arXiv:2410.12557.
    """
    import tensorflow as tf

    from genimg_lib.models.diffusion import mix

    several = BATCH // 4
    halvings = tf.random.uniform((several,), 1, 8, tf.int32)
    half = 2.0 ** -tf.cast(halvings, tf.float32)
    start = tf.floor(tf.random.uniform((several,)) / (2 * half)) * 2 * half
    _, times = random_times(BATCH)
    times = tf.concat([start, times[several:]], axis=0)
    later = tf.concat([start + 2 * half, times[several:]], axis=0)
    latents = mix(data, noise, times[:, None])
    middle = start + half
    first = average([latents[:several], start, middle, labels[:several]])
    moved = latents[:several] + half[:, None] * first
    second = average([moved, middle, middle + half, labels[:several]])
    target = tf.concat([(first + second) / 2, (data - noise)[several:]], axis=0)
    return squared(network([latents, times, later, labels]), target)


def pairs_of_teacher(network, average, teacher, data, noise, labels):
    """`data` are what the teacher made of `noise`: regression, from time 0 to 1."""
    import tensorflow as tf

    times = tf.zeros((BATCH,))
    return squared(network([noise, times, times + 1, labels]), data - noise)


WAYS = {
    "flow matching": (flow_matching, (1, 2, 4, 50)),
    "MeanFlow": (mean_flow, (1, 2, 4)),
    "shortcut": (shortcut, (1, 2, 4)),
    "MeanFlow, velocity of the teacher": (mean_flow_of_teacher, (1, 2, 4)),
    "pairs of the teacher": (pairs_of_teacher, (1,)),
}
"""Name -> loss, numbers of steps that are measured."""


def teacher_pairs(material: Material, seconds: float, random):
    """Noise and the teacher's latents, as many as it makes in so many CPU-seconds."""
    import tensorflow as tf

    start = time.process_time()
    made = []
    while time.process_time() - start < seconds:
        _, noise, labels = material.batch(random)
        latents = material.teacher._denoise(
            tf.constant(noise),
            tf.constant(labels),
            tf.constant([0, 0]),
            tf.constant(PAIR_STEPS),
            tf.constant(1.0),
            tf.constant(0.0),
            guided=False,
        )
        made.append((np.asarray(latents), noise, labels))
    return [np.concatenate(part) for part in zip(*made, strict=True)]


def train(name: str, material: Material, seconds: float, seed: int):
    """The averaged network after so many CPU-seconds, and the number of steps."""
    import keras
    import tensorflow as tf

    from genimg_lib.models.mean_flow import build_average_velocity_network

    loss, _ = WAYS[name]
    keras.utils.set_random_seed(seed)
    random = np.random.default_rng(seed)
    size = material.teacher.vae.latent_dim, 10
    network, average = (build_average_velocity_network(*size) for _ in range(2))
    average.set_weights(network.get_weights())
    optimizer = keras.optimizers.Adam(
        keras.optimizers.schedules.InverseTimeDecay(2e-3, 4000, 1.0)  # as that of `Diffusion`
    )
    optimizer.build(network.trainable_variables)

    @tf.function(autograph=False)
    def step(data, noise, labels, decay):
        with tf.GradientTape() as tape:
            value = loss(network, average, material.teacher, data, noise, labels)
        optimizer.apply(tape.gradient(value, network.trainable_variables))
        for slow, fast in zip(average.variables, network.variables, strict=True):
            slow.assign(decay * slow + (1 - decay) * fast)

    step(*material.batch(random), tf.constant(0.0))  # traces the graph, which is not counted
    start = time.process_time()
    pairs = None
    if name == "pairs of the teacher":
        pairs = teacher_pairs(material, seconds / 2, random)
    steps = 0
    while time.process_time() - start < seconds:
        batch = material.batch(random)
        if pairs is not None:
            rows = random.integers(len(pairs[0]), size=BATCH)
            batch = [part[rows] for part in pairs]
        steps += 1
        step(*batch, tf.constant(min(0.995, (1 + steps) / (10 + steps)), tf.float32))
    return average, steps


def measure(network, way: str, material: Material, steps: int) -> float:
    """The distance with so many steps: Euler's for the velocity, else with the average velocity."""
    teacher = material.teacher
    random = np.random.default_rng(1)
    latents = random.normal(size=(SAMPLES, teacher.vae.latent_dim)).astype("float32")
    labels = np.arange(SAMPLES, dtype="int32") % 10
    for index in range(steps):
        times = np.full(SAMPLES, index / steps, "float32")
        later = times if way == "flow matching" else times + np.float32(1 / steps)
        velocity = network.predict([latents, times, later, labels], batch_size=1000, verbose=0)
        latents = latents + velocity / steps
    images = teacher.vae.decode(latents * teacher.latent_scale + teacher.latent_mean)
    features = evaluation.metrics.features(images)
    return evaluation.metrics.frechet_distance(features, material.reference)


def main() -> None:
    parser = command_line(__doc__)
    parser.add_argument("--seconds", type=float, default=20, help="CPU-seconds of each run")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    options = parser.parse_args()
    lesson.start()
    material = Material()
    floor = evaluation.metrics.frechet_distance(
        evaluation.metrics.features(mnist().train_images[:SAMPLES]), material.reference
    )
    result = {
        "floor": floor,
        "cpu_seconds": options.seconds,
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}",
        "runs": {name: [] for name in WAYS},
    }
    for seed in options.seeds:
        for name, (_, numbers_of_steps) in WAYS.items():
            network, trained = train(name, material, options.seconds, seed)
            found = {str(n): measure(network, name, material, n) for n in numbers_of_steps}
            run = {"seed": seed, "training_steps": trained, "frechet": found}
            result["runs"][name].append(run)
            print(name, run, flush=True)
            write_json(BENCHMARKS / "few_steps.json", result)


if __name__ == "__main__":
    main()
