"""Measures every family on pictures in colour: distance and copies after 300 CPU-seconds.

    uv run tools/measure_colour.py gaussian      # first: it trains the extractor
    uv run tools/measure_colour.py vae           # each of the others is a job of its own,
    uv run tools/measure_colour.py vae --seed 1  # of less than nine minutes on one core
    uv run tools/measure_colour.py               # all

The default models of all registered families learn the training emoji, 32x32 in colour, without
labels. A third of the time goes to the tokenizer or VAE that a family needs first, as in
`genimg train`. Each is measured after half of the time and at the end, as `generate` makes samples
by default; of the VAE also with a prior fitted to its latents, which takes seconds that are not
counted. Beside them stand real pictures in the place of samples, the floor, and samples of a
Gaussian with the mean and the covariance of the training pixels.

The distance is Frechet's, of as many samples as real pictures. The network that looks is trained
once, here, to tell the groups of emoji and their artists apart, and kept beside the numbers as
benchmarks/colour_extractor.keras: whoever replaces it measures everything again. Adds to
benchmarks/colour.json and writes the same as a page, benchmarks/colour.md, with the first samples
of each row, which lie in benchmarks/colour.

Training time is CPU time of this process on all threads; scoring is not counted.
"""

import dataclasses
import functools
import json
import os
import platform
import re
import time

import numpy as np
from _shared import BENCHMARKS, chosen, command_line, emoji, emoji_part, fit_within, write_json

from genimg_lib import evaluation, lesson, models, training
from genimg_lib.data.digests import sha256

SECONDS = 300.0
CODEC_SHARE = 1 / 3
COUNT = 2048
"""Samples, and real pictures that they are compared with."""
SPLITS = 5
"""How often the real pictures to compare with are chosen anew."""
EXTRACTOR = "a network trained to tell groups and artists of emoji"
EXTRACTOR_FILE = "colour_extractor.keras"
EXTRACTOR_STEPS = 2000
GAUSSIAN = "Gaussian"
REAL = "real pictures"
SEED = ", seed "
"""Between the title of a row and the seed of its training, unless that is 0."""
SHOWN = 16
"""The first samples of a row, which the page shows; they are not selected."""


# --- pictures and their ruler ---------------------------------------------------------------------


@functools.cache
def training_images() -> np.ndarray:
    """What every family learns."""
    return emoji().images[emoji_part("training")]


def unseen_images() -> np.ndarray:
    """Pictures of concepts that are not in training: how many of them pass for copies?"""
    return emoji().images[emoji_part("unseen concept")]


@functools.cache
def extractor():
    """The `Extractor` of all distances here: loaded, or trained once."""
    path = BENCHMARKS / EXTRACTOR_FILE
    if not path.with_suffix(".json").exists():  # which is written last
        rows = emoji_part("training")
        groups, styles = emoji().groups[rows], emoji().styles[rows]
        kinds = [f"{group} by {style}" for group, style in zip(groups, styles, strict=True)]
        names, labels = np.unique(kinds, return_inverse=True)
        trained = evaluation.extractors.trained_on(
            emoji().images[rows], labels, tuple(names.tolist()), steps=EXTRACTOR_STEPS
        )
        path.parent.mkdir(exist_ok=True)
        dataclasses.replace(trained, name=EXTRACTOR).save(path)
    return evaluation.extractors.load(path)


@functools.cache
def splits() -> list[tuple[np.ndarray, np.ndarray]]:
    """Features of real pictures to compare with, and of others: `SPLITS` pairs of (n, dimensions),
    n being `COUNT` where there are as many.
    """
    features = extractor().features(training_images())
    count = min(COUNT, len(features) // 2)
    orders = (np.random.default_rng(seed).permutation(len(features)) for seed in range(SPLITS))
    return [(features[order[:count]], features[order[count : 2 * count]]) for order in orders]


def mean_and_spread(values) -> dict:
    """Mean and standard deviation of distances."""
    return {
        "distance": round(float(np.mean(values)), 2),
        "spread": round(float(np.std(values, ddof=1)), 2),
    }


def memory(images: np.ndarray) -> dict:
    """How near pictures are to single training pictures; see `copies`."""
    found = evaluation.copies.nearest(images, training_images())
    return {
        "copies": round(found.copies, 4),
        "median ratio": round(float(np.median(found.ratios)), 3),
    }


def scored(samples: np.ndarray) -> dict:
    """Distance to real pictures, over all splits, and copies."""
    features = extractor().features(samples)
    distance = evaluation.metrics.frechet_distance
    return mean_and_spread([distance(features, real) for real, _ in splits()]) | memory(samples)


def floor() -> dict:
    """Real pictures in the place of the samples; copies among pictures of unseen concepts."""
    distance = evaluation.metrics.frechet_distance
    return mean_and_spread([distance(other, real) for real, other in splits()]) | memory(
        unseen_images()
    )


def picture_of(title: str) -> str:
    """The address of a row's picture, seen from the page."""
    return f"colour/{re.sub('[^a-z0-9]+', '_', title.lower()).strip('_')}.png"


def keep_picture(title: str, images: np.ndarray) -> None:
    """Writes the first images of a row."""
    watch = training.watch
    watch.write_picture(watch.grid(images[:SHOWN], SHOWN), BENCHMARKS / picture_of(title))


# --- contenders -----------------------------------------------------------------------------------


def gaussian_samples(images: np.ndarray, count: int, seed: int) -> np.ndarray:
    """Samples of the Gaussian with the mean and covariance of the pixels of `uint8` images.

    Each is the mean plus a sum of all centred images, weighted at random: with n independent
    weights from N(0, 1 / (n - 1)) its covariance is that of the images.
    """
    pixels = images.reshape(len(images), -1).astype(np.float32)
    mean = pixels.mean(axis=0)
    weights = np.random.default_rng(seed).standard_normal((count, len(images)), np.float32)
    samples = mean + weights @ (pixels - mean) / np.sqrt(len(images) - 1)
    return np.clip(np.rint(samples), 0, 255).astype(np.uint8).reshape(count, *images.shape[1:])


def ways(name: str) -> dict[str, dict]:
    """What is added to the title of a family -> options of `generate`."""
    if name != "vae":
        return {"": {}}
    return {title: dict(way.options) for title, way in models.FAMILIES[name].ways.items()}


def title_of(name: str, way: str, seed: int) -> str:
    """The row of a family, a way of generating and a seed of the training."""
    return models.FAMILIES[name].title + way + ("" if seed == 0 else f"{SEED}{seed}")


def scores_of(name: str, model, used: float, seed: int) -> dict[str, dict]:
    """A score for each way of generating, of a model after so many CPU-seconds."""
    if name == "vae":
        model.fit_prior(training_images(), seed=0)
    found = {}
    for way, options in ways(name).items():
        start = time.process_time()
        samples = model.generate(COUNT, seed=1, **options)
        sampling = time.process_time() - start
        title = title_of(name, way, seed)
        if seed == 0:
            keep_picture(title, samples)  # those at the end take the place of those at half time
        known = {"cpu_seconds": round(used, 1), "steps": model.step}
        found[title] = known | scored(samples) | {"sampling_cpu_seconds": round(sampling, 1)}
    return found


def trained(name: str, seconds: float, seed: int) -> dict[str, dict]:
    """Trains a family's default model; returns, by the title of a row, its scores at half time and
    at the end.
    """
    import keras

    family = models.FAMILIES[name]
    images = training_images()
    options = {"image_shape": images.shape[1:], "seed": seed}
    keras.utils.set_random_seed(seed)
    start = time.process_time()
    codec = None
    if family.codec is not None:
        codec = family.codec(**options)
        codec.compile()
        left = CODEC_SHARE * seconds - (time.process_time() - start)
        fit_within(codec, left, images, batch_size=64, verbose=0)
    model = family.build(codec=codec, **options)
    model.compile()
    used = time.process_time() - start
    found: dict[str, dict] = {title_of(name, way, seed): {} for way in ways(name)}
    for stage, end in (("half time", seconds / 2), ("end", seconds)):
        used += fit_within(model, end - used, images, batch_size=64, verbose=0)
        for title, score in scores_of(name, model, used, seed).items():
            found[title][stage] = score
            print(title, stage, score, flush=True)
    return found


# --- the table ------------------------------------------------------------------------------------


def stored() -> dict:
    """What was measured before by the same extractor, and the floor."""
    path = BENCHMARKS / "colour.json"
    known = {"name": extractor().name, "card": extractor().card}
    known["sha256"] = sha256(BENCHMARKS / EXTRACTOR_FILE)
    if path.exists():
        found = json.loads(path.read_text())
        if found["extractor"] == known:
            return found
        print(f"{path.name} was measured by another extractor: it is begun anew")
    return {
        "extractor": known,
        "pictures": len(training_images()),
        "samples": len(splits()[0][0]),
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}",
        "floor": floor(),
        "rows": {},
    }


def with_spread(score: dict) -> str:
    return f"{score['distance']:.1f} ± {score['spread']:.1f}"


def table(result: dict) -> str:
    """The result as a page."""
    rows = result["rows"]
    base = rows.get(GAUSSIAN, {}).get("end")
    card = result["extractor"]["card"]
    lines = [
        "# Every family in colour",
        "",
        "Written by `uv run tools/measure_colour.py`; do not edit. The default models, trained on"
        f" {result['pictures']:,} emoji of 32x32 pixels without labels, each in one run of the"
        " CPU-seconds in its row.",
        "",
        "| pictures | CPU-seconds | steps | distance | other seeds | at half time | copies |"
        " better than at half time | than the Gaussian |",
        "|---|---|---|---|---|---|---|---|---|",
        f"| real ones: the floor | | | {with_spread(result['floor'])} | | |"
        f" {result['floor']['copies']:.1%} | | |",
    ]
    for name in by_distance(rows):
        row = rows[name]
        end, half = row["end"], row.get("half time")
        others = [row for title, row in rows.items() if title.startswith(name + SEED)]
        again = ", ".join(f"{other['end']['distance']:.1f}" for other in others)
        if half is None:
            cells = ["", "", with_spread(end), "", "", f"{end['copies']:.1%}", "", ""]
        else:
            runs = [row, *others]
            cells = [f"{end['cpu_seconds']:.0f}", f"{end['steps']:,}", with_spread(end), again]
            cells += [with_spread(half), f"{end['copies']:.1%}"]
            cells.append(verdict((run["end"], run["half time"]) for run in runs))
            cells.append(verdict((run["end"], base) for run in runs) if base else "")
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(
        [
            *lines,
            "",
            f"Distances are Fréchet's, of {result['samples']:,} samples to as many real pictures,"
            f" as seen by {result['extractor']['name']}, which is right about"
            f" {card['accuracy on them']:.0%} of the pictures that it was not trained on"
            f" (guessing: {card['accuracy of guessing']:.0%}). After ± stands the standard"
            f" deviation over {SPLITS} choices of the real pictures, not over seeds of the"
            " training; better is what is so for every seed.",
            "",
            "A picture is a copy if one training picture is twice as near as its other neighbours."
            " In the row of the floor: of pictures whose concepts are not in training.",
            "",
            f"The first {SHOWN} samples of each row at the end, not selected, below pictures of"
            " concepts that are not in training:",
            "",
            *map(shown, filter(has_picture, (REAL, *by_distance(rows)))),
            f"Measured on {result['machine']}.",
            "",
        ]
    )


def by_distance(rows: dict) -> list[str]:
    """The titles of the rows of seed 0, the best first."""
    first = [title for title in rows if SEED not in title]
    return sorted(first, key=lambda title: rows[title]["end"]["distance"])


def has_picture(title: str) -> bool:
    """Not of rows that were measured before there were pictures."""
    return (BENCHMARKS / picture_of(title)).exists()


def shown(title: str) -> str:
    """The picture of a row on the page."""
    return f"{title}\n\n![{SHOWN} pictures: {title}]({picture_of(title)})\n"


def verdict(pairs) -> str:
    """Whether the first score of every pair is the better one."""
    return "yes" if all(one["distance"] < other["distance"] for one, other in pairs) else "no"


def main() -> None:
    parser = command_line(__doc__)
    parser.add_argument(
        "contenders", nargs="*", help="gaussian or registered families; all unless told"
    )
    parser.add_argument("--seconds", type=float, default=SECONDS, help="CPU time of training")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    lesson.start()
    for name in chosen(parser, options.contenders, ["gaussian", *models.FAMILIES]):
        if name == "gaussian":
            samples = gaussian_samples(training_images(), COUNT, seed=1)
            measured = {GAUSSIAN: {"end": scored(samples)}}
            keep_picture(GAUSSIAN, samples)
            rows = np.linspace(0, len(unseen_images()) - 1, SHOWN).astype(int)
            keep_picture(REAL, unseen_images()[rows])
        else:
            measured = trained(name, options.seconds, options.seed)
        result = stored()  # read late: another job may have added to it
        result["rows"] |= measured
        write_json(BENCHMARKS / "colour.json", result)
        (BENCHMARKS / "colour.md").write_text(table(result), encoding="utf-8")
        print(name, measured, flush=True)


if __name__ == "__main__":
    main()
