"""Measures how well every family ends in half precision: 200 steps, beside float32.

    uv run tools/measure_precision.py                                  # all, three seeds each
    uv run tools/measure_precision.py gan --policies float32 --seeds 0 # one job of many
    uv run tools/measure_precision.py --list                           # what is still missing

The default model of each registered family learns digits for so many steps, and before it the
tokenizer or VAE that it needs, all under one dtype policy. Then its file is loaded under float32,
as on a machine without half precision, and makes samples: distances differ by the training alone.
Adds to benchmarks/precision.json after every run: the Frechet distance of 2,000 samples to test
images by the course's classifier of digits, and the CPU-seconds of training. Of every family and
policy it states the mean distance over the seeds in multiples of that in float32, and how far the
seeds lie apart in float32.

A CPU without instructions for 16 bits converts back and forth: its seconds say nothing about an
accelerator.
"""

import tempfile
import time
from pathlib import Path

import numpy as np
from _shared import BENCHMARKS, chosen, command_line, mnist, read_json, write_json

from genimg_lib import evaluation, lesson, models

STEPS = 200
BATCH = 16
"""Small: a CPU takes two seconds for a step of the GAN on 64 images in float16."""
COUNT = 2000
POLICIES = ("float32", "mixed_bfloat16", "mixed_float16")
SEEDS = (0, 1, 2)
CLOSE = 0.15
"""How far from 1 the ratio of two distances may be."""


def fitted(model, images: np.ndarray):
    """The model after one pass over the images, with its default optimizers."""
    model.compile()
    model.fit(images, batch_size=BATCH, verbose=0)
    return model


def measure(name: str, policy: str, seed: int, steps: int) -> dict:
    """Trains a family's default model, and its codec, under a policy: distance and CPU-seconds."""
    import keras

    family = models.FAMILIES[name]
    images = mnist().train_images[: steps * BATCH]
    options = {"image_shape": images.shape[1:], "seed": seed}
    before = keras.config.dtype_policy()
    keras.backend.clear_session()
    keras.config.set_dtype_policy(policy)
    try:
        keras.utils.set_random_seed(seed)
        start = time.process_time()
        codec = family.codec and fitted(family.codec(**options), images)
        model = fitted(family.build(codec=codec, **options), images)
        seconds = time.process_time() - start
    finally:
        keras.config.set_dtype_policy(before)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "model.keras"
        model.save(file)
        samples = keras.models.load_model(file).generate(COUNT, seed=1)
    features = evaluation.metrics.features
    distance = evaluation.metrics.frechet_distance(
        features(samples), features(mnist().test_images[:COUNT])
    )
    return {"distance": round(distance, 2), "cpu_seconds": round(seconds, 1)}


def summary(runs: dict[str, dict]) -> dict:
    """Policy -> mean distance, and its ratio to that in float32 over the seeds that both have."""
    found = {}
    full = runs.get("float32", {})
    for policy, seeds in runs.items():
        common = sorted(seeds.keys() & full.keys())
        if not common:
            continue
        ours, theirs = (
            np.array([part[seed]["distance"] for seed in common]) for part in (seeds, full)
        )
        found[policy] = {
            "seeds": len(common),
            "distance": round(float(ours.mean()), 2),
            "ratio to float32": round(float(ours.mean() / theirs.mean()), 3),
        }
        if policy == "float32" and len(common) > 1:
            spread = theirs.std(ddof=1) / theirs.mean()
            found[policy]["spread over seeds"] = round(float(spread), 3)
    return found


def main() -> None:
    parser = command_line(__doc__)
    parser.add_argument("families", nargs="*", help="registered ones; all unless told")
    parser.add_argument("--policies", nargs="+", choices=POLICIES, default=list(POLICIES))
    parser.add_argument("--seeds", type=int, nargs="+", default=list(SEEDS))
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--list", action="store_true", help="say what is missing, measure nothing")
    options = parser.parse_args()
    lesson.start()
    path = BENCHMARKS / "precision.json"
    for name in chosen(parser, options.families, models.FAMILIES):
        row = name if options.steps == STEPS else f"{name}, {options.steps} steps"
        for policy in options.policies:
            for seed in options.seeds:
                runs = read_json(path).get(row, {}).get("runs", {})
                if str(seed) in runs.get(policy, {}):
                    continue
                if options.list:
                    print(f"{row}, {policy}, seed {seed} is missing")
                    continue
                found = measure(name, policy, seed, options.steps)
                print(row, policy, f"seed {seed}", found, flush=True)
                table = read_json(path)  # late: another job may have added to it
                runs = table.get(row, {}).get("runs", {})
                runs.setdefault(policy, {})[str(seed)] = found
                table[row] = {"summary": summary(runs), "runs": runs}
                write_json(path, table)
        table = read_json(path)
        for policy, found in table.get(row, {}).get("summary", {}).items():
            close = abs(found["ratio to float32"] - 1) <= CLOSE
            print(row, policy, found, "close" if close else f"further off than {CLOSE:.0%}")


if __name__ == "__main__":
    main()
