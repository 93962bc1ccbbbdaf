"""Measures whether the families' defaults hold on colour pictures: no loss may run away.

    uv run tools/measure_stability.py                            # all, ten seeds: about an hour
    uv run tools/measure_stability.py vae gan --seeds 2
    uv run tools/measure_stability.py vae --sizes 60 64 --steps 40

Each default model, and each tokenizer or VAE that one needs, is trained on small sets of emoji,
of noise and of plain bright pictures. A table says how high a loss rose above that of the first
step, and where it ended. Writes benchmarks/stability.json, which keeps what was measured before.
"""

import json

import numpy as np
from _shared import BENCHMARKS, chosen, command_line, write_json
from PIL import Image

from genimg_lib import lesson, models
from genimg_lib.data import load_emoji

COUNT = 256
"""Pictures in a set."""

LOSSES = (
    "negative_elbo",
    "discriminator_loss",
    "generator_loss",
    "reconstruction",
    "nats_per_token",
    "velocity_error",
    "average_velocity_error",
)
"""Those that a model minimises. Others, such as a penalty or the KL term, begin near 0."""

RISE = 3.0
"""A loss that rises above so many times its first value has run away."""


def emoji(size: int) -> np.ndarray:
    """Every fourteenth training emoji, on white."""
    found = load_emoji()
    rows = found.splits["training"][::14][:COUNT]
    pictures = [Image.fromarray(image) for image in found.images[rows]]
    return np.stack([np.asarray(picture.resize((size, size))) for picture in pictures])


def noise(size: int) -> np.ndarray:
    """Pixels that have nothing to do with each other."""
    return np.random.default_rng(0).integers(0, 256, (COUNT, size, size, 3), np.uint8)


def bright(size: int) -> np.ndarray:
    """Pictures of one light colour each."""
    colours = np.random.default_rng(0).integers(230, 256, (COUNT, 1, 1, 3), np.uint8)
    return np.tile(colours, (1, size, size, 1))


SETS = {"emoji": emoji, "noise": noise, "bright": bright}


def losses_of(model, images: np.ndarray, steps: int) -> list[dict[str, float]]:
    """Trains a model for so many steps; returns the losses of each batch, as far as they go."""
    import keras

    class Record(keras.callbacks.Callback):
        def on_train_batch_begin(self, batch, logs=None):
            self.model.reset_metrics()  # or a log is the mean of the epoch so far

        def on_train_batch_end(self, batch, logs=None):
            found.append({name: float(value) for name, value in logs.items()})
            self.model.stop_training = int(self.model.steps) >= steps

    found = []
    model.compile()
    try:
        model.fit(images, batch_size=32, epochs=steps, verbose=0, callbacks=[Record()])
    except FloatingPointError as error:
        print(error)
    return found


def rise(losses: list[dict[str, float]], name: str) -> float:
    """The highest value of a loss, in multiples of its first one."""
    values = np.array([batch[name] for batch in losses])
    return float("inf") if not np.isfinite(values).all() else float(values.max() / values[0])


def measure(name: str, images: np.ndarray, seeds: int, steps: int) -> dict[str, dict]:
    """Trains a family's default model with every seed, and its codec before it; returns what
    became of the losses of each.
    """
    import keras

    family = models.FAMILIES[name]
    shape = images.shape[1:]
    runs: dict[str, list] = {"codec": [], "model": []}
    for seed in range(seeds):
        keras.backend.clear_session()
        keras.utils.set_random_seed(seed)
        codec = family.codec and family.codec(image_shape=shape, seed=seed)
        if codec is not None:
            runs["codec"].append(losses_of(codec, images, steps))
        model = family.build(image_shape=shape, seed=seed, codec=codec)
        runs["model"].append(losses_of(model, images, steps))
    return {stage: summary(found) for stage, found in runs.items() if found}


def summary(runs: list[list[dict[str, float]]]) -> dict[str, dict]:
    """Of every loss over the seeds: its first and last mean, and how far it rose at most."""
    return {
        loss: {
            "first": round(float(np.mean([run[0][loss] for run in runs])), 3),
            "last": round(float(np.mean([run[-1][loss] for run in runs])), 3),
            "highest rise": round(max(rise(run, loss) for run in runs), 3),
            "held": f"{sum(rise(run, loss) <= RISE for run in runs)} of {len(runs)}",
        }
        for loss in LOSSES
        if loss in runs[0][0]
    }


def main() -> None:
    parser = command_line(__doc__)
    parser.add_argument("families", nargs="*", help="registered ones; all unless told")
    parser.add_argument("--sizes", type=int, nargs="+", default=[32, 64])
    parser.add_argument("--sets", nargs="+", choices=SETS, default=list(SETS))
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--steps", type=int, default=100)
    options = parser.parse_args()
    lesson.start()
    path = BENCHMARKS / "stability.json"
    table = json.loads(path.read_text()) if path.exists() else {}
    for name in chosen(parser, options.families, models.FAMILIES):
        for size in options.sizes:
            for pictures in options.sets:
                measured = measure(name, SETS[pictures](size), options.seeds, options.steps)
                row = f"{name}, {size}x{size}x3, {pictures}"
                table[row] = measured
                print(row, json.dumps(measured), flush=True)
                write_json(path, table)


if __name__ == "__main__":
    main()
