"""Measures choices of diffusion at equal CPU-seconds: target, times, network, solver, guidance.

    uv run tools/measure_diffusion.py                  # all, three seeds: about 80 minutes
    uv run tools/measure_diffusion.py --contenders DDPM --seeds 0        # one run, minutes
    uv run tools/measure_diffusion.py --seconds 120 --contenders DiT velocity

Every contender trains a network for the same CPU-seconds on the latents of the digits, and samples
from it in one or several ways. Most learn the 24 numbers of the shipped diffusion model's codec;
those "on a grid" learn the 7x7x3 codes of the shipped tokenizer, which have rows and columns. The
training of these codecs is not counted. Each way makes 10,000 images, equally many of each digit:
Frechet distance from the 10,000 test images, agreement with the digit that was asked for, recall of
1,000 images, passes through a network for each image, and CPU-seconds for 1,000 images.

Writes benchmarks/diffusion_choices.json after every run; a run that the file holds already is not
repeated, so that the work can be cut into jobs of one contender and one seed.
"""

import itertools
import time
from typing import NamedTuple

import numpy as np
from _shared import BENCHMARKS, LatentDigits, add_run, chosen, command_line, has_run, mnist

from genimg_lib import evaluation, lesson

TARGET = BENCHMARKS / "diffusion_choices.json"
CLASSES = 10
RECALLED = 1000
"""Images on either side of a recall."""
LABEL_DROP = 0.1
"""Share of the training labels that are replaced by none, as in `Diffusion`."""
NEAREST = 0.02
"""How near a prediction of the noise comes to time 0, where it says nothing about the data."""
EARLY = 1 / 8
"""Share of the training after which the weaker network of autoguidance is kept, not averaged."""
DDPM_STEPS = 1000


# --- from a prediction to a velocity --------------------------------------------------------------


def target_of(kind: str, data, noise):
    """What a network of that kind is trained to predict: on the path time * data + (1 - time) *
    noise.
    """
    return {"data": data, "noise": noise, "velocity": data - noise}[kind]


def velocity_of(kind: str, predicted, noisy, time: float):
    """The velocity that follows from a prediction; of the data for times below 1, of the noise for
    times above 0.
    """
    if kind == "data":
        return (predicted - noisy) / (1.0 - time)
    if kind == "noise":
        return (noisy - predicted) / time
    return predicted


class Field:
    """Velocities of a trained network, for latents and their labels; counts its passes."""

    def __init__(self, predict, kind: str, labels):
        self.predict = predict
        self.kind = kind
        self.labels = labels
        self.passes = 0

    def __call__(self, noisy, time: float):
        self.passes += 1
        return velocity_of(self.kind, self.predict(noisy, time, self.labels), noisy, time)


def guided(strong, weak, scale: float, interval=(0.0, 1.0)):
    """The velocity of `strong`, and at times within the interval, its ends included, that of
    guidance away from `weak`: a network without the label (classifier-free guidance) or a worse one
    (autoguidance).

    Sources: Kynkaanniemi et al., arXiv:2404.07724 (the interval); Karras et al., arXiv:2406.02507
    (autoguidance).
    """
    from genimg_lib.nn.sampling import guide

    def velocity(noisy, time):
        if not interval[0] <= time <= interval[1]:
            return strong(noisy, time)
        return guide(strong(noisy, time), weak(noisy, time), scale)

    return velocity


# --- solvers: velocity, latents at the first time, times -> latents at the last -------------------


def euler(velocity, noisy, times):
    for time_, next_time in itertools.pairwise(times):
        noisy = noisy + (next_time - time_) * velocity(noisy, time_)
    return noisy


def heun(velocity, noisy, times):
    """The mean of the velocities at both ends of a step: two passes for each. Source: Karras et
    al. (EDM), arXiv:2206.00364, algorithm 1.
    """
    for time_, next_time in itertools.pairwise(times):
        first = velocity(noisy, time_)
        second = velocity(noisy + (next_time - time_) * first, next_time)
        noisy = noisy + (next_time - time_) * (first + second) / 2
    return noisy


def fresh_noise(velocity, noisy, times, random=None):
    """As much fresh noise in every step as DDPM's sampler adds."""
    from genimg_lib.models.diffusion import ddim_step

    random = random or np.random.default_rng(2)
    for time_, next_time in itertools.pairwise(times):
        fresh = random.standard_normal(noisy.shape, dtype="float32")
        stepped = ddim_step(noisy, velocity(noisy, time_), time_, next_time, fresh, 1.0)
        noisy = np.asarray(stepped)
    return noisy


SOLVERS = {"Euler": euler, "Heun": heun, "fresh noise": fresh_noise}


# --- DDPM -----------------------------------------------------------------------------------------


def kept_shares():
    """The share of the data's variance that is left after each step. Source: Ho et al.,
    arXiv:2006.11239, section 4.
    """
    return np.cumprod(1.0 - np.linspace(1e-4, 0.02, DDPM_STEPS))


def ancestral_step(noisy, noise, kept: float, next_kept: float, fresh):
    """The mean of what was there before, given the predicted noise, and fresh noise around it.

    Both `kept` are those of `kept_shares`, the next one the larger, and 1 at the end. Source: Ho et
    al., arXiv:2006.11239, equations 7 and 11, with the step's share in place of 1 - beta.
    """
    share = kept / next_kept
    mean = (noisy - (1.0 - share) / np.sqrt(1.0 - kept) * noise) / np.sqrt(share)
    variance = (1.0 - next_kept) / (1.0 - kept) * (1.0 - share)
    return mean + np.sqrt(variance) * fresh


def deterministic_step(noisy, noise, kept: float, next_kept: float, fresh=None):
    """DDIM: the same noise at a smaller share. Source: Song et al., arXiv:2010.02502, section 4."""
    data = (noisy - np.sqrt(1.0 - kept) * noise) / np.sqrt(kept)
    return np.sqrt(next_kept) * data + np.sqrt(1.0 - next_kept) * noise


DDPM_SOLVERS = {"ancestral": ancestral_step, "DDIM": deterministic_step}


def ddpm_sample(noise_of, noisy, steps: int, step, random=None):
    """Noise -> latents in so many of DDPM's steps, evenly chosen. `noise_of` is given latents and
    the time from 0 (data) to 1 (noise).
    """
    random = random or np.random.default_rng(2)
    kept = kept_shares()
    taken = np.linspace(DDPM_STEPS - 1, 0, steps).round().astype(int)
    shares = itertools.pairwise([*kept[taken], 1.0])
    for index, (share, next_share) in zip(taken, shares, strict=True):
        predicted = noise_of(noisy, index / (DDPM_STEPS - 1))
        fresh = random.standard_normal(noisy.shape)
        noisy = step(noisy, predicted, share, next_share, fresh).astype("float32")
    return noisy


# --- networks: latents, times, labels -> a prediction, all of the latents' shape ------------------


def dense(shape):
    """The network of `Diffusion`, whatever rows and columns the latents have."""
    import keras

    from genimg_lib.models.diffusion import build_velocity_network

    inner = build_velocity_network(int(np.prod(shape)), CLASSES)
    if len(shape) == 1:
        return inner
    latents = keras.Input(shape)
    times, labels = keras.Input(()), keras.Input((), dtype="int32")
    predicted = inner([keras.layers.Flatten()(latents), times, labels])
    return keras.Model([latents, times, labels], keras.layers.Reshape(shape)(predicted))


def transformer(grid, dimension: int, **sizes):
    """A DiT of `FlowTransformer`, whose only word is the label: one position for each place of the
    grid.
    """
    from genimg_lib.nn.flow_transformer import FlowTransformer

    return FlowTransformer(grid, dimension, (1,), CLASSES + 1, patch=1, **sizes)


def dit(shape):
    """On latents (h, w, dimension), or on a vector, of which four numbers each are a patch."""
    import keras
    from keras import ops

    grid, dimension = (shape[:2], shape[2]) if len(shape) == 3 else ((shape[0] // 4, 1), 4)
    inner = transformer(grid, dimension, width=64, depth=2, heads=2)
    latents = keras.Input(shape)
    times, labels = keras.Input(()), keras.Input((), dtype="int32")
    read = inner.read(ops.expand_dims(labels, -1))
    predicted = inner(ops.reshape(latents, (-1, *grid, dimension)), times, read)
    return keras.Model([latents, times, labels], ops.reshape(predicted, (-1, *shape)))


NETWORKS = {"dense": dense, "DiT": dit}


# --- latents --------------------------------------------------------------------------------------


class Vectors(LatentDigits):
    """The 24 numbers of the shipped diffusion model's codec."""

    def __init__(self):
        super().__init__()
        self.shape = (self.latent_dim,)
        images = self.codec.vae.reconstruct(mnist().test_images)
        self.reconstructions = self.distance(images)


class Grid(LatentDigits):
    """The codes of the shipped tokenizer on 7x7 places, whose three numbers are brought to mean 0
    and variance 1. Decoding rounds to the nearest code.
    """

    def __init__(self):
        super().__init__()
        self.tokenizer = evaluation.pretrained.load("tokenizer")
        self.levels = np.array(self.tokenizer.quantizer.levels)
        self.half = self.levels // 2
        codes = self.whole_codes(self.tokenizer.encode(mnist().train_images))
        self.shape = codes.shape[1:]
        self.mean, self.scale = codes.mean(axis=(0, 1, 2)), codes.std(axis=(0, 1, 2))
        self.latents = (codes - self.mean) / self.scale
        images = self.tokenizer.reconstruct(mnist().test_images)
        self.reconstructions = self.distance(images)

    def whole_codes(self, tokens):
        """Tokens (n, length) -> whole numbers (n, h, w, dimension)."""
        from genimg_lib.nn.quantizers import fsq_tokens_to_codes

        codes = fsq_tokens_to_codes(tokens.reshape(-1, *self.tokenizer.grid), self.levels)
        return np.asarray(codes, "float32")

    def noise(self, random, count: int):
        return random.standard_normal((count, *self.shape), dtype="float32")

    def batch(self, random, size: int):
        rows = random.integers(len(self.labels), size=size)
        return self.latents[rows], self.noise(random, size), self.labels[rows]

    def decode(self, latents):
        from genimg_lib.nn.quantizers import fsq_codes_to_tokens

        codes = np.round(latents * self.scale + self.mean)
        codes = np.clip(codes, -self.half, self.levels - 1 - self.half)
        tokens = np.asarray(fsq_codes_to_tokens(codes, self.levels))
        return self.tokenizer.decode(tokens.reshape(len(tokens), -1))


LATENTS = {"vectors": Vectors, "grid": Grid}


# --- contenders -----------------------------------------------------------------------------------


class Way(NamedTuple):
    """A way of sampling from a trained network."""

    solver: str
    steps: int
    scale: float = 1.0
    interval: tuple[float, float] = (0.0, 1.0)
    weak: str = "no label"  # or "early": what guidance moves away from


MIDDLE = (0.3, 0.8)
"""Chosen before anything was measured: without the beginning, where all is noise, and the end."""
PLAIN = {f"Euler, {steps} steps": Way("Euler", steps) for steps in (20, 50)}
SOLVED = {
    "Euler, 8 steps": Way("Euler", 8),
    **PLAIN,
    **{f"Heun, {steps} steps": Way("Heun", steps) for steps in (4, 10, 25)},
    "fresh noise, 50 steps": Way("fresh noise", 50),
}
GUIDED = {
    "guidance 1.5": Way("Euler", 20, 1.5),
    "guidance 1.5 within an interval": Way("Euler", 20, 1.5, MIDDLE),
    "autoguidance 1.5": Way("Euler", 20, 1.5, weak="early"),
}
DDPM_WAYS = {
    f"{solver}, {steps} steps": Way(solver, steps)
    for solver, all_steps in {"ancestral": (20, 50, 250), "DDIM": (20, 50)}.items()
    for steps in all_steps
}


class Contender(NamedTuple):
    """What is trained, and how it is sampled from."""

    target: str = "velocity"
    times: str = "logit-normal"  # "uniform", or "DDPM": its steps and its path
    network: str = "dense"
    latents: str = "vectors"
    batch: int = 256
    ways: dict[str, Way] = PLAIN


CONTENDERS = {
    "velocity": Contender(ways=SOLVED | GUIDED),
    "velocity, uniform times": Contender(times="uniform"),
    "noise": Contender("noise"),
    "noise, uniform times": Contender("noise", "uniform"),
    "data": Contender("data"),
    "data, uniform times": Contender("data", "uniform"),
    "DDPM": Contender("noise", "DDPM", ways=DDPM_WAYS),
    "DiT": Contender(network="DiT", batch=64),
    "dense on a grid": Contender(latents="grid"),
    "DiT on a grid": Contender(network="DiT", latents="grid", batch=64),
}
"""Unless named, the target is the velocity, the times are logit-normal, the network is dense. A
transformer's step costs many times a dense one's, so it has smaller batches and more steps."""


# --- training -------------------------------------------------------------------------------------


def noised(contender: Contender, data, noise, random):
    """A training batch: noisy latents, their times as the network sees them, and the target."""
    shape = (len(data), *[1] * (data.ndim - 1))
    if contender.times == "DDPM":
        steps = random.integers(DDPM_STEPS, size=len(data))
        kept = kept_shares()[steps].reshape(shape).astype("float32")
        noisy = np.sqrt(kept) * data + np.sqrt(1.0 - kept) * noise
        times = steps / (DDPM_STEPS - 1)
    else:
        times = random.random(len(data))
        if contender.times == "logit-normal":
            times = 1.0 / (1.0 + np.exp(-random.standard_normal(len(data))))
        along = times.reshape(shape).astype("float32")
        noisy = along * data + (1.0 - along) * noise
    return noisy, times.astype("float32"), target_of(contender.target, data, noise)


def train(contender: Contender, network, latents, seconds: float, random):
    """Trains for so many CPU-seconds, as `Diffusion` is trained; the network has then the average
    of its last weights. Returns the early weights and the number of steps.
    """
    import keras
    import tensorflow as tf

    rate = keras.optimizers.schedules.InverseTimeDecay(2e-3, 4000, 1.0)
    optimizer = keras.optimizers.Adam(rate, use_ema=True, ema_momentum=0.995)
    variables = network.trainable_variables
    optimizer.build(variables)

    @tf.function(autograph=False)
    def step(noisy, times, labels, target):
        with tf.GradientTape() as tape:
            predicted = network([noisy, times, labels])
            error = tf.reduce_mean(tf.square(predicted - target))
        optimizer.apply(tape.gradient(error, variables), variables)
        return error

    def batch():
        data, noise, labels = latents.batch(random, contender.batch)
        dropped = random.random(len(labels)) < LABEL_DROP
        labels = np.where(dropped, CLASSES, labels).astype("int32")
        noisy, times, target = noised(contender, data, noise, random)
        return noisy, times, labels, target

    step(*batch())  # traces the graph, which is not counted
    early, steps, errors = None, 0, []
    start = time.process_time()
    while (used := time.process_time() - start) < seconds:
        errors.append(step(*batch()))
        steps += 1
        if early is None and used >= EARLY * seconds:
            early = network.get_weights()
    optimizer.finalize_variable_values(variables)
    parts = " ".join(f"{np.mean(part):.3f}" for part in np.array_split(np.array(errors), 6))
    print(f"   {steps} steps, error {parts}", flush=True)
    return early, steps


# --- measuring ------------------------------------------------------------------------------------


def predictor(network):
    """Latents, one time, labels -> what the network predicts."""

    def predict(noisy, time_, labels):
        times = np.full(len(noisy), time_, "float32")
        return network.predict([noisy, times, labels], batch_size=1000, verbose=0)

    return predict


def sample(contender: Contender, way: Way, predict, early, noise, labels):
    """Noise and labels -> latents, and how often a network ran for each."""
    if contender.times == "DDPM":
        field = Field(predict, "velocity", labels)  # its noise, as it comes
        made = ddpm_sample(field, noise, way.steps, DDPM_SOLVERS[way.solver])
        return made, field.passes
    strong = Field(predict, contender.target, labels)
    if way.weak == "early":
        weak = Field(early, contender.target, labels)
    else:
        weak = Field(predict, contender.target, np.full_like(labels, CLASSES))
    velocity = strong if way.scale == 1.0 else guided(strong, weak, way.scale, way.interval)
    first = NEAREST if contender.target == "noise" else 0.0
    times = np.linspace(first, 1.0, way.steps + 1).tolist()
    made = SOLVERS[way.solver](velocity, (1.0 - first) * noise, times)
    return np.asarray(made, "float32"), strong.passes + weak.passes


def measured(contender: Contender, way: Way, predict, early, latents) -> dict:
    """The numbers of one way."""
    noise = latents.noise(np.random.default_rng(1), latents.SAMPLES)
    labels = np.arange(latents.SAMPLES, dtype="int32") % CLASSES
    start = time.process_time()
    made, passes = sample(contender, way, predict, early, noise, labels)
    images = latents.decode(made)
    seconds = time.process_time() - start
    features = evaluation.metrics.features(images)
    some = np.random.default_rng(0).permutation(len(latents.reference))[:RECALLED]
    _, recall = evaluation.metrics.precision_recall(features[:RECALLED], latents.reference[some])
    return {
        "frechet": evaluation.metrics.frechet_distance(features, latents.reference),
        "agreement": evaluation.metrics.class_agreement(images, labels),
        "recall": recall,
        "passes": passes,
        "seconds": 1000 * seconds / latents.SAMPLES,
    }


def run(contender: Contender, latents, seconds: float, seed: int) -> dict:
    """Trains one contender and measures all its ways."""
    import keras

    keras.utils.set_random_seed(seed)
    network = NETWORKS[contender.network](latents.shape)
    early_weights, steps = train(contender, network, latents, seconds, np.random.default_rng(seed))
    early = NETWORKS[contender.network](latents.shape)
    early.set_weights(early_weights)
    predictors = predictor(network), predictor(early)
    return {
        "seed": seed,
        "steps": steps,
        "parameters": network.count_params(),
        "ways": {
            name: measured(contender, way, *predictors, latents)
            for name, way in contender.ways.items()
        },
    }


def main() -> None:
    parser = command_line(__doc__)
    parser.add_argument("--seconds", type=float, default=60, help="CPU-seconds of each training")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--contenders", nargs="+", default=[])
    options = parser.parse_args()
    names = chosen(parser, options.contenders, CONTENDERS)
    lesson.start()
    made = {}
    for seed in options.seeds:
        for name in names:
            if has_run(TARGET, options.seconds, name, seed):
                continue
            contender = CONTENDERS[name]
            if contender.latents not in made:
                made[contender.latents] = LATENTS[contender.latents]()
            latents = made[contender.latents]
            found = run(contender, latents, options.seconds, seed)
            facts = {f"{contender.latents}, reconstructions": latents.reconstructions}
            add_run(TARGET, options.seconds, name, found, floor=latents.floor, **facts)


if __name__ == "__main__":
    main()
