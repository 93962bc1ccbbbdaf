"""Measures whether the families' defaults hold on colour pictures: no loss may run away.

    uv run tools/measure_stability.py                            # all, ten seeds: hours
    uv run tools/measure_stability.py --sets emoji               # what benchmarks/ has of each
    uv run tools/measure_stability.py image_gpt --sizes 64 --sets emoji --seeds 0 1 2
    uv run tools/measure_stability.py --list --sets emoji        # what is still missing

Each default model, and each tokenizer or VAE that one needs, is trained on small sets of emoji,
of noise and of plain bright pictures. A table says how high a loss rose above that of the first
step, and where it ended. Adds to benchmarks/stability.json after every seed, so a long measurement
can be cut into jobs by family, size, set and seed, and stopped at any time. A seed that is there
is measured again only where it is named with --seeds.
"""

import json

import numpy as np
from _shared import BENCHMARKS, chosen, command_line, read_json, write_json
from PIL import Image

from genimg_lib import lesson, models
from genimg_lib.data import load_emoji

COUNT = 256
"""Pictures in a set."""

SEEDS = 10
STEPS = 100

LOSSES = (
    "negative_elbo",
    "discriminator_loss",
    "generator_loss",
    "reconstruction",
    "nats_per_token",
    "velocity_error",
    "average_velocity_error",
)
"""Those that a model minimises. Others, such as a penalty or the KL term, begin near 0. In the
negative ELBO the KL term counts as in the loss: the VAE of latent diffusion gives it a tenth.
"""

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
            losses = {name: float(value) for name, value in logs.items()}
            if isinstance(model, models.VAE):
                losses["negative_elbo"] = float(model.objective(losses))
            found.append(losses)
            self.model.stop_training = self.model.step >= steps

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


def measure(name: str, images: np.ndarray, seed: int, steps: int) -> dict[str, dict]:
    """Trains a family's default model with one seed, and its codec before it; returns what became
    of the losses of each.
    """
    import keras

    family = models.FAMILIES[name]
    shape = images.shape[1:]
    keras.backend.clear_session()
    keras.utils.set_random_seed(seed)
    codec = family.codec and family.codec(image_shape=shape, seed=seed)
    runs = {}
    if codec is not None:
        runs["codec"] = course_of(losses_of(codec, images, steps))
    model = family.build(image_shape=shape, seed=seed, codec=codec)
    return runs | {"model": course_of(losses_of(model, images, steps))}


def course_of(losses: list[dict[str, float]]) -> dict[str, dict]:
    """Of every loss of one run: its first and last value, and how far it rose."""
    return {
        loss: {"first": losses[0][loss], "last": losses[-1][loss], "rise": rise(losses, loss)}
        for loss in LOSSES
        if loss in losses[0]
    }


def summary(runs: dict[str, dict]) -> dict[str, dict]:
    """Of every stage and loss over the seeds: means of its first and last value, how far it rose
    at most, and in how many runs it held.
    """
    first, *_ = runs.values()
    found = {}
    for stage, losses in first.items():
        found[stage] = {}
        for loss in losses:
            courses = [run[stage][loss] for run in runs.values()]
            rises = [course["rise"] for course in courses]
            found[stage][loss] = {
                "first": round(float(np.mean([course["first"] for course in courses])), 3),
                "last": round(float(np.mean([course["last"] for course in courses])), 3),
                "highest rise": round(max(rises), 3),
                "held": f"{sum(each <= RISE for each in rises)} of {len(rises)}",
            }
    return found


def missing(table: dict, row: str, seeds: list[int]) -> list[int]:
    """The seeds that a row of the table does not have."""
    return [seed for seed in seeds if str(seed) not in table.get(row, {}).get("runs", {})]


def main() -> None:
    parser = command_line(__doc__)
    parser.add_argument("families", nargs="*", help="registered ones; all unless told")
    parser.add_argument("--sizes", type=int, nargs="+", default=[32, 64])
    parser.add_argument("--sets", nargs="+", choices=SETS, default=list(SETS))
    parser.add_argument("--seeds", type=int, nargs="+", help="those missing of 0 to 9 unless told")
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--list", action="store_true", help="say what is missing, measure nothing")
    options = parser.parse_args()
    lesson.start()
    path = BENCHMARKS / "stability.json"
    for name in chosen(parser, options.families, models.FAMILIES):
        for size in options.sizes:
            for pictures in options.sets:
                row = f"{name}, {size}x{size}x3, {pictures}"
                if options.steps != STEPS:
                    row += f", {options.steps} steps"
                left = options.seeds or missing(read_json(path), row, list(range(SEEDS)))
                if options.list:
                    print(f"{row}: seeds {left} are missing" if left else f"{row}: complete")
                    continue
                images = SETS[pictures](size)
                for seed in left:
                    measured = measure(name, images, seed, options.steps)
                    table = read_json(path)  # late: another job may have added to it
                    runs = table.get(row, {}).get("runs", {}) | {str(seed): measured}
                    table[row] = summary(runs) | {"runs": runs}
                    write_json(path, table)
                print(row, json.dumps(summary(table[row]["runs"])) if left else "complete")


if __name__ == "__main__":
    main()
