"""What several tools share: folders, the command line, the data, training for a given time, and
small PNG files.

Neither this module nor any tool imports TensorFlow before its work begins, so that `--help` is
quick and quiet. `main` parses the arguments and calls `lesson.start()`; the lazy packages of
`genimg_lib` and the imports inside functions load TensorFlow after that.
"""

import argparse
import functools
import io
import json
import os
import platform
import re
import time
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image

from genimg_lib import evaluation, models, notebook
from genimg_lib.data import EmojiSet, held_out, load_emoji, load_mnist, measured_facts, vary
from genimg_lib.data.captions import LANGUAGES, draw_true
from genimg_lib.data.emoji_words import captions as emoji_captions

ROOT = Path(__file__).parents[1]
BENCHMARKS = ROOT / "benchmarks"
NOTEBOOKS = ROOT / "notebooks"
SOLUTIONS = ROOT / "solutions"
PICTURES = SOLUTIONS / "pictures"


def command_line(documentation: str) -> argparse.ArgumentParser:
    """A parser whose help is the documentation of the tool, with its line breaks."""
    return argparse.ArgumentParser(
        description=documentation, formatter_class=argparse.RawDescriptionHelpFormatter
    )


def chosen(parser: argparse.ArgumentParser, names: list[str], known) -> list[str]:
    """The names that were given, or all known ones; ends with a usage error for an unknown one."""
    if unknown := set(names) - set(known):
        parser.error(f"unknown: {', '.join(sorted(unknown))}; known are: {', '.join(known)}")
    return names or list(known)


def write_json(path: Path, content) -> None:
    """Writes `content` with an indentation of two and a newline at the end."""
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(content, indent=2) + "\n")


def read_json(path: Path) -> dict:
    """What a file of results holds; nothing before the first result."""
    return json.loads(path.read_text()) if path.exists() else {}


def runs_of(path: Path) -> dict:
    """What a file of runs holds: CPU-seconds -> name -> one entry for each seed."""
    return read_json(path) or {"runs": {}}


def has_run(path: Path, seconds: float, name: str, seed: int) -> bool:
    """Whether the file holds that run: it need not be repeated."""
    runs = runs_of(path)["runs"].get(f"{seconds:g}", {}).get(name, [])
    return any(each["seed"] == seed for each in runs)


def add_run(path: Path, seconds: float, name: str, run: dict, **facts) -> None:
    """Adds a run, which names its `seed`, to the file, and facts that all its runs share."""
    result = runs_of(path) | facts
    result["machine"] = f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}"
    runs = result["runs"].setdefault(f"{seconds:g}", {}).setdefault(name, [])
    runs.append(run)
    runs.sort(key=lambda each: each["seed"])
    print(name, run, flush=True)
    write_json(path, result)


def between(start: str, end: str) -> re.Pattern:
    """Finds what a tool wrote between two marks of a page, for it to write anew."""
    return re.compile(f"(?<={re.escape(start)}).*?(?={re.escape(end)})", re.DOTALL)


# --- data and training ----------------------------------------------------------------------------


class Digits(NamedTuple):
    """MNIST: `uint8` images (n, 28, 28, 1) and labels (n,)."""

    train_images: np.ndarray
    train_labels: np.ndarray
    test_images: np.ndarray
    test_labels: np.ndarray


@functools.cache
def mnist() -> Digits:
    """The digits, read once."""
    (train_images, train_labels), (test_images, test_labels) = load_mnist()
    return Digits(train_images, train_labels, test_images, test_labels)


@functools.cache
def emoji() -> EmojiSet:
    """The emoji, read once."""
    return load_emoji()


def emoji_part(part: str) -> np.ndarray:
    """The rows of a part of the emoji."""
    return emoji().splits[part]


def captioned_emoji() -> tuple:
    """Four captions for each training picture, so that a word meets its picture in several
    sentences.
    """
    training = np.tile(emoji_part("training"), 4)
    return emoji().images[training], emoji_captions(training, seed=0)


def emoji_prompts(rows, language: str) -> list[str]:
    """The style, then the name, of those pictures."""
    names = emoji().names[language][rows]
    return [f"{style} {name}" for style, name in zip(emoji().styles[rows], names, strict=True)]


def drawn_from_names(writer, rows, **options) -> dict[str, np.ndarray]:
    """What the writer draws from the prompts of those pictures, always the same, by language."""
    return {
        language: writer.generate(len(rows), emoji_prompts(rows, language), seed=1, **options)
        for language in LANGUAGES
    }


def named(namer, images, rows) -> dict[str, np.ndarray]:
    """Of each picture of those rows: whether the namer has its concept first, or among five, and
    whether it sees the style.
    """
    best = namer.concepts[namer.best(images)]
    right = best == emoji().concepts[rows][:, None]
    return {
        "first": right[:, 0],
        "in five": right.any(axis=1),
        "style": namer.styles(images) == emoji().styles[rows],
    }


def naming(namer, images, rows) -> dict:
    """The shares of what `named` says."""
    return shares(named(namer, images, rows))


def stored_captions_of_digits() -> tuple[np.ndarray, list[str]]:
    """Varied digits without the held-out pairs, and for each a caption that is true of it and whose
    language-model states are stored.
    """
    images = vary(mnist().train_images, 0)
    facts = measured_facts(images, mnist().train_labels)
    kept = ~held_out(facts)
    stored = [
        caption
        for language in LANGUAGES
        for caption in models.text_encoders.stored_captions(f"training, {language}")
    ]
    return images[kept], draw_true(stored, facts[kept], 0)


def fit_within(
    model, cpu_seconds: float, images, targets=None, *, backup: Path | None = None, **options
) -> float:
    """Trains a compiled model until this process has used `cpu_seconds` more; returns how many it
    really used.

    `targets` are labels or captions; further options are those of `fit`. With a folder `backup` the
    state is written there after every epoch, a call goes on from what it finds there, and the
    seconds are those of all calls together.
    """
    import keras

    before, callbacks = 0.0, []
    start = time.process_time()
    if backup is not None:
        backup.mkdir(parents=True, exist_ok=True)
        seconds_file = backup / "seconds.txt"
        before = float(seconds_file.read_text()) if seconds_file.exists() else 0.0

        def remember(epoch, logs):
            seconds_file.write_text(f"{before + time.process_time() - start:.1f}")

        callbacks = [
            keras.callbacks.BackupAndRestore(backup / "state", delete_checkpoint=False),
            keras.callbacks.LambdaCallback(on_epoch_end=remember),
        ]
    # Where nothing is left, one step ends it: the callback asks for a positive number.
    stop = notebook.StopAfterCPU(max(cpu_seconds - before, 1e-9))
    model.fit(images, targets, epochs=10_000, callbacks=[*callbacks, stop], **options)
    return before + time.process_time() - start


def train_codec(cpu_seconds: float, seed: int, verbose: int = 0) -> tuple[object, float]:
    """The VAE whose latents a diffusion model learns, and the CPU-seconds of its training."""
    import keras

    codec = models.VAE(beta=0.1, seed=seed)
    keras.utils.set_random_seed(seed)
    codec.compile()
    images = mnist().train_images
    return codec, fit_within(codec, cpu_seconds, images, batch_size=128, verbose=verbose)


class LatentDigits:
    """The latents of the training images under the codec of the shipped diffusion model, and how
    far images are from the test images.
    """

    SAMPLES = 10_000
    """Images that a distance is measured on."""

    def __init__(self):
        self.codec = evaluation.pretrained.load("diffusion")
        self.posteriors = self.codec.prepare(mnist().train_images)
        self.labels = mnist().train_labels.astype("int32")
        self.reference = evaluation.metrics.features(mnist().test_images)
        self.latent_dim = self.codec.vae.latent_dim
        self.floor = self.distance(mnist().train_images[: self.SAMPLES])

    def noise(self, random, count: int):
        return random.standard_normal((count, self.latent_dim), dtype="float32")

    def batch(self, random, size: int):
        """Latents, noise and labels of a random batch."""
        rows = random.integers(len(self.labels), size=size)
        means, log_variances = np.split(self.posteriors[rows], 2, axis=1)
        latents = means + np.exp(log_variances / 2) * self.noise(random, size)
        latents = (latents - self.codec.latent_mean) / self.codec.latent_scale
        return np.asarray(latents, "float32"), self.noise(random, size), self.labels[rows]

    def decode(self, latents):
        """Latents of the network's -> `uint8` images."""
        return self.codec.vae.decode(latents * self.codec.latent_scale + self.codec.latent_mean)

    def distance(self, images) -> float:
        """The Frechet distance from the test images."""
        return evaluation.metrics.frechet_distance(
            evaluation.metrics.features(images), self.reference
        )


def shares(right: dict) -> dict:
    """The shares of images that are right in each respect, of those where it was asked for; without
    the respects that were never asked for.
    """
    return {
        name: round(float(np.nanmean(values)), 3)
        for name, values in right.items()
        if not np.isnan(values).all()
    }


# --- pictures -------------------------------------------------------------------------------------


def ink_rows(rows, gap: int = 0) -> np.ndarray:
    """Rows of images under each other, ink dark on white, `gap` pixels below each row: grey levels
    (height, width).
    """
    framed = [np.concatenate([np.pad(image[..., 0], 1) for image in row], axis=1) for row in rows]
    return 255 - np.concatenate([np.pad(row, ((0, gap), (0, 0))) for row in framed])


def doubled(pixels: np.ndarray) -> Image.Image:
    """The picture of grey levels (height, width), twice as large."""
    height, width = pixels.shape
    return Image.fromarray(pixels).resize((2 * width, 2 * height))


def rendered(figure, dpi: int) -> Image.Image:
    """The picture of a matplotlib figure, which is closed."""
    from matplotlib import pyplot as plt

    buffer = io.BytesIO()
    figure.savefig(buffer, dpi=dpi)
    plt.close(figure)
    return Image.open(buffer)


def save_with_palette(picture: Image.Image, target, colours: int) -> None:
    """Writes a PNG of at most `colours` colours, which is small, to a path or an open file."""
    reduced = picture.quantize(colours, dither=Image.Dither.NONE)
    reduced.save(target, format="PNG", optimize=True)


def save_exercise_picture(picture: Image.Image, name: str, colours: int) -> None:
    """Writes a picture that an exercise shows, and prints its size."""
    PICTURES.mkdir(exist_ok=True)
    path = PICTURES / name
    save_with_palette(picture, path, colours)
    print(f"{path.name}: {path.stat().st_size / 1000:.1f} kB")
