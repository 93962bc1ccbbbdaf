"""Measures whether the settings of `genimg train` for few pictures keep a model from copying them.

    uv run tools/measure_few_pictures.py                    # the GAN and diffusion, both ways
    uv run tools/measure_few_pictures.py gan --settings few # one job of four

A folder of 200 emoji by one artist is trained on, 32x32 in colour, once with the settings for few
pictures and once with those for many, for the same passes at most. Samples are compared with other
emoji by the same artist, which the model has not seen: their distance as seen by the network of
tools/measure_colour.py, and how many are copies of a training picture. Beside them stand unseen
pictures in the place of samples. Adds to benchmarks/few_pictures.json and writes the same as a
page, benchmarks/few_pictures.md.
"""

import functools
import hashlib
import tempfile
import time
from pathlib import Path

import numpy as np
from _shared import BENCHMARKS, chosen, command_line, emoji, emoji_part, read_json, write_json
from PIL import Image

from genimg_lib import data, evaluation, lesson, models, training

EXTRACTOR = BENCHMARKS / "colour_extractor.keras"
COUNT = 200
"""Pictures in the folder; some of them are held out."""
SAMPLES = 512
ARTIST = "noto"
WITHOUT = ("people-body", "flags")
"""Groups in which one picture is nearly another."""
PASSES = {"codec": 300, "model": 800}
BATCH = 32
SEED = 0
FAMILIES = ("gan", "diffusion")
SETTINGS = {"few": True, "many": False}
"""The settings that are compared -> whether they are those for few."""


def pictures() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A folder's pictures, pictures to compare with and others, all of different concepts."""
    rows = emoji_part("training")
    kept = (emoji().styles[rows] == ARTIST) & ~np.isin(emoji().groups[rows], WITHOUT)
    rows = np.random.default_rng(SEED).permutation(rows[kept])
    folder, rest = rows[:COUNT], rows[COUNT:]
    count = min(SAMPLES, len(rest) // 2)
    return tuple(emoji().images[part] for part in (folder, rest[:count], rest[count : 2 * count]))


def plan_for(family: str, few: bool, images: np.ndarray):
    """A plan in passes, where `genimg train` makes one in minutes."""
    stages = {}
    for name, passes in PASSES.items():
        if name == "model" or models.FAMILIES[family].codec is not None:
            stages[name] = training.plan.Stage(passes, len(images) // BATCH, 0.0)
    digest = hashlib.sha256(images.tobytes()).hexdigest()
    return training.plan.Plan(family, images.shape[1], 0.0, SEED, digest, BATCH, stages, few)


def measure(family: str, few: bool) -> dict:
    """Trains on the folder; returns distance and copies of the samples, and what it took."""
    of_folder, compared, others = pictures()
    with tempfile.TemporaryDirectory() as place:
        folder, run = Path(place) / "pictures", Path(place) / "run"
        folder.mkdir()
        run.mkdir()
        for row, image in enumerate(of_folder):
            Image.fromarray(image).save(folder / f"{row:03}.png")
        train, held_out = training.run.split(data.load_folder(folder, of_folder.shape[1]))
        plan = plan_for(family, few, train.images)
        start = time.process_time()
        trained = training.run.train_all(plan, train, held_out, run, print)
        seconds = time.process_time() - start
    samples = trained["model"].generate(len(compared), seed=1)
    found = {
        "distance": distance(samples, compared),
        "copies": copies(samples, train.images),
        "passes": trained["model"].step // plan.stages["model"].steps_per_epoch,
        "cpu_seconds": round(seconds, 1),
    }
    floor = {"distance": distance(others, compared), "copies": copies(others, train.images)}
    return {"found": found, "floor": floor, "trained on": len(train)}


@functools.cache
def extractor():
    """The `Extractor` of the table in colour."""
    return evaluation.extractors.load(EXTRACTOR)


def distance(images: np.ndarray, compared: np.ndarray) -> float:
    features = extractor().features(images), extractor().features(compared)
    return round(evaluation.metrics.frechet_distance(*features), 2)


def copies(images: np.ndarray, trained_on: np.ndarray) -> float:
    return round(evaluation.copies.nearest(images, trained_on).copies, 4)


def page(table: dict) -> str:
    """The table as a page."""
    lines = [
        f"# {COUNT} pictures",
        "",
        "Written by `uv run tools/measure_few_pictures.py`; do not edit. What `genimg train` makes"
        f" of a folder of {COUNT} emoji of 32x32 pixels by one artist, of which it trains on"
        f" {table['trained on']}, with its settings for few pictures and with those for many: one"
        f" run each, of at most {PASSES['model']} passes.",
        "",
        "| samples of | settings for | passes | CPU-seconds | distance | copies |",
        "|---|---|---|---|---|---|",
        "| unseen pictures in their place | | | |"
        f" {table['floor']['distance']:.1f} | {table['floor']['copies']:.1%} |",
    ]
    for family, row in table["rows"].items():
        for setting, found in row.items():
            lines.append(
                f"| {models.FAMILIES[family].title} | {setting} | {found['passes']} |"
                f" {found['cpu_seconds']:.0f} | {found['distance']:.1f} | {found['copies']:.1%} |"
            )
    lines += [
        "",
        "Distances are Fréchet's, to pictures by the same artist that are not in the folder, as"
        " seen by the network of [the table in colour](colour.md). A sample is a copy if one"
        " training picture is twice as near as its other neighbours. The settings for few pictures:"
        " the discriminator of the GAN sees every picture altered in another way each time; a VAE"
        " and a diffusion model keep the weights for which the loss of the held-out pictures was"
        " lowest.",
        "",
    ]
    return "\n".join(lines)


def main() -> None:
    parser = command_line(__doc__)
    parser.add_argument("families", nargs="*", help=f"registered ones; {FAMILIES} unless told")
    parser.add_argument("--settings", nargs="+", choices=SETTINGS, default=list(SETTINGS))
    options = parser.parse_args()
    lesson.start()
    path = BENCHMARKS / "few_pictures.json"
    for family in chosen(parser, options.families or list(FAMILIES), models.FAMILIES):
        for setting in options.settings:
            measured = measure(family, SETTINGS[setting])
            print(family, setting, measured, flush=True)
            table = read_json(path) or {"rows": {}}
            table["floor"], table["trained on"] = measured["floor"], measured["trained on"]
            table["rows"].setdefault(family, {})[setting] = measured["found"]
            write_json(path, table)
            path.with_suffix(".md").write_text(page(table), encoding="utf-8")


if __name__ == "__main__":
    main()
