"""Measures ways to a generator of one step, trained for equal CPU-seconds on the same latents.

    uv run tools/measure_few_steps.py                     # three seeds, about 10 minutes
    uv run tools/measure_few_steps.py --seconds 200 --ways "flow matching" MeanFlow  # 25 minutes

The latents are those of the shipped diffusion model, whose codec took 100 CPU-seconds. All ways
train the same network. The way with a teacher pays for it: half of the seconds train the teacher
by flow matching, a quarter makes its pairs of noise and latents. Frechet distances of 10,000 images
from the 10,000 test images. Writes benchmarks/few_steps.json after every run; a run that the file
holds already is not repeated.
"""

import time

import numpy as np
from _shared import BENCHMARKS, LatentDigits, add_run, chosen, command_line, has_run

from genimg_lib import lesson

TARGET = BENCHMARKS / "few_steps.json"
SAMPLES = LatentDigits.SAMPLES
BATCH = 256
PAIR_STEPS = 12
"""Heun's steps of the teacher for each pair of noise and latents, two passes each."""


# --- losses: network, data, noise, labels -> one number -------------------------------------------


def squared(predicted, target):
    import tensorflow as tf

    return tf.reduce_mean(tf.square(predicted - tf.stop_gradient(target)))


def flow_matching(network, data, noise, labels):
    """The velocity alone: both times are the same, most of them in the middle."""
    import keras

    from genimg_lib.models.diffusion import mix

    times = keras.ops.sigmoid(keras.random.normal((BATCH,)))
    return squared(network([mix(data, noise, times[:, None]), times, times, labels]), data - noise)


def mean_flow(network, data, noise, labels):
    """As the training of `MeanFlow`."""
    import tensorflow as tf

    from genimg_lib.models import mean_flow

    intervals = BATCH - int(mean_flow.EQUAL_SHARE * BATCH)
    errors = mean_flow.average_velocity_errors(network, data, noise, labels, intervals)
    return tf.reduce_mean(mean_flow.weighted(errors))


def pairs(network, data, noise, labels):
    """`data` are what the teacher made of `noise`: regression, from time 0 to 1."""
    import tensorflow as tf

    times = tf.zeros((BATCH,))
    return squared(network([noise, times, times + 1, labels]), data - noise)


WAYS = {
    "flow matching": (flow_matching, (1, 4, 8, 50)),
    "MeanFlow": (mean_flow, (1, 4)),
    "pairs of a teacher": (pairs, (1,)),
}
"""Name -> loss, numbers of steps that are measured."""


# --- training -------------------------------------------------------------------------------------


def train(loss, network, batches, seconds: float):
    """Trains a network for so many CPU-seconds; returns its average over the last steps."""
    import keras
    import tensorflow as tf

    average = keras.models.clone_model(network)
    average.set_weights(network.get_weights())
    optimizer = keras.optimizers.Adam(
        keras.optimizers.schedules.InverseTimeDecay(2e-3, 4000, 1.0),  # as that of `Diffusion`
        global_clipnorm=1.0,
    )
    optimizer.build(network.trainable_variables)

    @tf.function(autograph=False)
    def step(data, noise, labels, decay):
        with tf.GradientTape() as tape:
            value = loss(network, data, noise, labels)
        optimizer.apply(tape.gradient(value, network.trainable_variables))
        for slow, fast in zip(average.variables, network.variables, strict=True):
            slow.assign(decay * slow + (1 - decay) * fast)
        return value

    step(*next(batches), tf.constant(0.0))  # traces the graph, which is not counted
    start, steps, values = time.process_time(), 0, []
    while time.process_time() - start < seconds:
        steps += 1
        decay = tf.constant(min(0.995, (1 + steps) / (10 + steps)), tf.float32)
        values.append(step(*next(batches), decay))
    losses = " ".join(f"{np.mean(part):.3f}" for part in np.array_split(np.array(values), 6))
    print(f"   {loss.__name__}: {steps} steps, loss {losses}", flush=True)
    return average


def heun(network, noise, labels, steps: int):
    """Noise -> latents along the velocity, by Heun's method."""
    import tensorflow as tf

    def velocity(latents, time):
        times = tf.fill((tf.shape(latents)[0],), time)
        return network([latents, times, times, labels])

    def step(index, latents):
        time = tf.cast(index, "float32") / steps
        first = velocity(latents, time)
        second = velocity(latents + first / steps, time + 1 / steps)
        return index + 1, latents + (first + second) / (2 * steps)

    return tf.while_loop(lambda index, _: index < steps, step, (0, noise))[1]


def pair_batches(teacher, material: LatentDigits, random, seconds: float):
    """Batches of (latents, noise, labels), of as many pairs as a teacher makes in the seconds."""
    import tensorflow as tf

    walk = tf.function(lambda noise, labels: heun(teacher, noise, labels, PAIR_STEPS))
    made, size = [], 1000
    labels = np.arange(size, dtype="int32") % 10
    walk(material.noise(random, size), labels)  # traces the graph
    start = time.process_time()
    while time.process_time() - start < seconds:
        noise = material.noise(random, size)
        made.append((walk(noise, labels).numpy(), noise, labels))
    data, noise, labels = (np.concatenate(part) for part in zip(*made, strict=True))
    print(f"   {len(data)} pairs", flush=True)

    def batches():
        while True:
            rows = random.integers(len(data), size=BATCH)
            yield data[rows], noise[rows], labels[rows]

    return batches()


def run(way: str, material: LatentDigits, seconds: float, seed: int):
    """The trained network of one way."""
    import keras

    from genimg_lib.models.mean_flow import build_average_velocity_network

    loss, _ = WAYS[way]
    keras.utils.set_random_seed(seed)
    random = np.random.default_rng(seed)
    batches = iter(lambda: material.batch(random, BATCH), None)
    network = build_average_velocity_network(material.latent_dim, 10)
    if loss is pairs:
        teacher = train(flow_matching, network, batches, seconds / 2)
        network.set_weights(teacher.get_weights())
        batches = pair_batches(teacher, material, random, seconds / 4)
        seconds = seconds / 4
    return train(loss, network, batches, seconds)


def sample(network, way: str, material: LatentDigits, steps: int):
    """Latents after so many steps: Euler's for the velocity, else with the average velocity."""
    latents = material.noise(np.random.default_rng(1), SAMPLES)
    labels = np.arange(SAMPLES, dtype="int32") % 10
    for index in range(steps):
        times = np.full(SAMPLES, index / steps, "float32")
        later = times if way == "flow matching" else times + np.float32(1 / steps)
        velocity = network.predict([latents, times, later, labels], batch_size=1000, verbose=0)
        latents = latents + velocity / steps
    return latents


def found(network, way: str, material: LatentDigits) -> dict:
    """Distances by number of steps, and the CPU-seconds of 1,000 images, decoder included."""
    result = {}
    for steps in WAYS[way][1]:
        start = time.process_time()
        images = material.decode(sample(network, way, material, steps))
        seconds = time.process_time() - start
        distance = material.distance(images)
        result[str(steps)] = {"frechet": distance, "seconds": 1000 * seconds / SAMPLES}
    return result


def main() -> None:
    parser = command_line(__doc__)
    parser.add_argument("--seconds", type=float, default=40, help="CPU-seconds of each run")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--ways", nargs="+", default=[])
    options = parser.parse_args()
    ways = chosen(parser, options.ways, WAYS)
    lesson.start()
    material = LatentDigits()
    for seed in options.seeds:
        for way in ways:
            if not has_run(TARGET, options.seconds, way, seed):
                network = run(way, material, options.seconds, seed)
                measured = {"seed": seed, "steps": found(network, way, material)}
                add_run(TARGET, options.seconds, way, measured, floor=material.floor)


if __name__ == "__main__":
    main()
