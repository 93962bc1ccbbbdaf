"""The report of a run: one HTML file that needs no other."""

import base64
import csv
import dataclasses
import io
import json
import math
import os
import platform
from pathlib import Path

import jinja2
import keras
import numpy as np
import tensorflow as tf
from matplotlib import pyplot as plt
from PIL import Image

import genimg_lib
from genimg_lib.data.folder import ImageFolder
from genimg_lib.evaluation import metrics
from genimg_lib.evaluation.copies import COPY, Nearest, nearest
from genimg_lib.evaluation.extractors import Extractor
from genimg_lib.models.families import FAMILIES
from genimg_lib.notebook import style
from genimg_lib.training.plan import Plan
from genimg_lib.training.watch import GRID, VALIDATIONS, grid

JUDGED = 256
"""Samples that are compared with the training pictures."""
SHOWN = 16
"""Of these, as many are shown beside their nearest one."""
SEED = 1
SPLITS = 5
"""How often the real pictures are split into two halves, one to compare with and one in the place
of the samples.
"""
MARGIN = 0.05
"""More copies than among the held-out pictures by this share call for a warning."""
FEW_PICTURES = 1000


@dataclasses.dataclass(frozen=True)
class Picture:
    """What the page shows, and the words for it."""

    source: str  # a data URI
    alt: str


@dataclasses.dataclass(frozen=True)
class Comparison:
    """What an extractor says of the samples, beside what it says of real pictures."""

    extractor: Extractor
    count: int  # of pictures in each set
    distance: tuple[float, float]  # the mean over the splits, and its spread
    floor: tuple[float, float]  # the same for real pictures in the place of the samples
    agreement: float | None  # share of samples that show their class; `None` without classes
    held_out_agreement: float | None  # the same for held-out pictures


def write(
    plan: Plan,
    models: dict[str, keras.Model],
    extractor: Extractor,
    folder: Path,
    pictures: ImageFolder,
    train: ImageFolder,
    held_out: ImageFolder,
    to: Path,
) -> Path:
    """Writes card.json and report.html into `to`; returns the path of the report."""
    model = models["model"]
    asked = classes_asked(train) if model.num_classes else None
    samples = model.generate(JUDGED, asked, seed=SEED)
    of_samples = nearest(samples, train.images)
    of_held_out = nearest(held_out.images, train.images)
    found = compare(extractor, samples, asked, train, held_out)
    card = model_card(plan, models, folder, train, held_out, of_samples, of_held_out)
    card |= measured(found)
    (to / "card.json").write_text(json.dumps(card, indent=2) + "\n")
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent), autoescape=True
    )
    page = environment.get_template("report.html.jinja").render(
        title=f"{FAMILIES[plan.family].title} of {folder.resolve().name}",
        samples=shown(grid(samples[:GRID]), f"{GRID} samples, not selected"),
        growth=growth(to / "samples"),
        curves=[loss_curves(name, trained, to) for name, trained in models.items()],
        pairs=shown(beside(samples, train.images, of_samples), "samples above training pictures"),
        held_out=shown(grid(held_out.images[:GRID]), "pictures that were held out"),
        reconstructions=reconstructions(models.get("codec"), held_out),
        samples_copied=of_samples.copies,
        held_out_copied=of_held_out.copies,
        found=found,
        splits=SPLITS,
        warn=of_samples.copies > of_held_out.copies + MARGIN,
        few=len(train) < FEW_PICTURES,
        judged=JUDGED,
        ratio=COPY,
        seed=SEED,
        card=card,
        model_class=type(model).__name__,
        data_report=pictures.report(),
    )
    # at once or not at all
    (to / "report.draft").write_text(page, encoding="utf-8")
    os.replace(to / "report.draft", to / "report.html")
    return to / "report.html"


def classes_asked(train: ImageFolder) -> np.ndarray:
    """Labels for the samples, as frequent as among the training pictures: (JUDGED,)."""
    return np.random.default_rng(SEED).choice(train.labels, JUDGED)


def compare(
    extractor: Extractor, samples, asked, train: ImageFolder, held_out: ImageFolder
) -> Comparison:
    """The distance of the samples to real pictures and of real ones to each other, with the spread
    over `SPLITS` splits; and how many show the class that was asked for.
    """
    real = np.concatenate([train.images, held_out.images])
    scores = [
        metrics.score(samples, real, extractor=extractor, seed=seed) for seed in range(SPLITS)
    ]
    ours, floors = ([each.fid for each in part] for part in zip(*scores, strict=True))
    agreement = of_held_out = None
    if asked is not None and extractor.class_names == train.class_names:
        agreement = metrics.class_agreement(samples, asked, extractor)
        of_held_out = metrics.class_agreement(held_out.images, held_out.labels, extractor)
    return Comparison(
        extractor=extractor,
        count=scores[0][0].count,
        distance=(float(np.mean(ours)), float(np.std(ours, ddof=1))),
        floor=(float(np.mean(floors)), float(np.std(floors, ddof=1))),
        agreement=agreement,
        held_out_agreement=of_held_out,
    )


def measured(found: Comparison) -> dict:
    """The comparison as lines of the model card."""
    lines = {
        "distances are seen by": found.extractor.name,
        "distance to real pictures": with_spread(found.distance),
        "distance of real pictures to others": with_spread(found.floor),
        "pictures compared": found.count,
    }
    if found.agreement is not None:
        lines["samples that show their class"] = f"{found.agreement:.1%}"
        lines["held-out pictures that show their class"] = f"{found.held_out_agreement:.1%}"
    return lines


def with_spread(pair: tuple[float, float]) -> str:
    """Mean and spread to three digits."""
    mean, spread = pair
    return f"{mean:.3g} ± {spread:.2g}"


def model_card(
    plan: Plan,
    models: dict[str, keras.Model],
    folder: Path,
    train: ImageFolder,
    held_out: ImageFolder,
    of_samples: Nearest,
    of_held_out: Nearest,
) -> dict:
    """What whoever gets the model has to know: names and plain values."""
    model = models["model"]
    stages = {}
    for name, stage in plan.stages.items():
        steps = models[name].step
        passes = f"{steps // stage.steps_per_epoch:,} passes"
        stages[name] = f"{steps:,} steps of {plan.batch_size} pictures, {passes}"
        if steps < stage.steps:
            stages[name] += f" of {stage.epochs:,}: the loss of the held-out pictures was lowest"
    labels = (held_out.labels,) if model.num_classes else ()
    on_held_out = {}
    if len(model.OPTIMIZERS) == 1:  # two players' losses tell nothing of quality
        on_held_out = {
            f"{name}, held-out pictures": round(float(value), 3)
            for name, value in model.evaluate(held_out.images, *labels, verbose=0).items()
        }
    return {
        "family": FAMILIES[plan.family].title,
        "pictures": f"{len(train)} of {folder.resolve().name}, {len(held_out)} held out",
        "size": f"{plan.size}x{plan.size}x3",
        "classes": ", ".join(model.class_names or ()) or "none",
        "parameters": count_parameters(model),
        **stages,
        "seed": plan.seed,
        **on_held_out,
        "copies among samples": f"{of_samples.copies:.1%}",
        "copies among held-out pictures": f"{of_held_out.copies:.1%}",
        "training pictures, SHA-256": plan.data,
        "made with": (
            f"genimg {genimg_lib.__version__}, Keras {keras.__version__}, "
            f"TensorFlow {tf.__version__}, {os.cpu_count()} cores, {platform.system()} "
            f"{platform.machine()}"
        ),
        "meant for": (
            "learning; the model knows nothing but these pictures, and what their owners allow "
            "holds for it too"
        ),
    }


def count_parameters(model: keras.Model) -> int:
    """Of what was trained; the average of a generator's weights is none of it."""
    average = getattr(model, "average_generator", None)
    copied = {id(weight) for weight in average.weights} if average is not None else set()
    trained = [weight for weight in model.trainable_variables if id(weight) not in copied]
    return sum(math.prod(weight.shape) for weight in trained)


def shown(picture: Image.Image, alt: str, scale: int = 2) -> Picture:
    """A picture with its pixels enlarged, for the page."""
    large = picture.resize(
        (scale * picture.width, scale * picture.height), Image.Resampling.NEAREST
    )
    file = io.BytesIO()
    large.save(file, "PNG", optimize=True)
    return Picture(data_uri(file.getvalue()), alt)


def data_uri(png: bytes) -> str:
    return "data:image/png;base64," + base64.b64encode(png).decode()


def growth(folder: Path) -> list[tuple[int, Picture]]:
    """The first row of every picture of samples that training wrote, with its step."""
    found = []
    for path in sorted(folder.glob("step_*.png")):
        with Image.open(path) as picture:
            side = picture.width // 16
            row = picture.crop((0, 0, picture.width, side))
            step = int(path.stem.removeprefix("step_"))
            found.append((step, shown(row, f"the same samples after {step:,} steps")))
    return found


def beside(samples: np.ndarray, training: np.ndarray, found: Nearest) -> Image.Image:
    """The first samples, each above the nearest training picture."""
    pairs = np.concatenate([samples[:SHOWN], training[found.rows[:SHOWN]]])
    return grid(pairs, SHOWN)


def reconstructions(codec: keras.Model | None, held_out: ImageFolder) -> Picture | None:
    """Held-out pictures above what the codec leaves of them; `None` without a codec."""
    if codec is None:
        return None
    images = held_out.images[:SHOWN]
    both = np.concatenate([images, codec.reconstruct(images)])
    return shown(grid(both, len(images)), "held-out pictures, and below them what is left of each")


def loss_curves(name: str, model: keras.Model, folder: Path) -> Picture:
    """The losses of one stage over its passes: both players', or that of training and of held-out
    pictures.
    """
    losses = read_losses(folder / f"{name}_losses.csv")
    first, second = model.METRICS[0], f"val_{model.METRICS[0]}"
    shown_losses = model.METRICS[:2] if len(model.OPTIMIZERS) > 1 else (first, second)
    figure, axis = plt.subplots(figsize=(6.0, 3.2), layout="constrained")
    for loss in shown_losses:
        passes, values = zip(*losses[loss], strict=True)
        label = loss.replace("val_", "held out: ").replace("_", " ")
        axis.plot(passes, values, "-" if len(passes) > VALIDATIONS else ".-", label=label)
    axis.set(title=f"Losses of the {name}", xlabel="passes over the pictures", ylabel="loss")
    axis.legend()
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=style.DPI)
    plt.close(figure)
    return Picture(data_uri(file.getvalue()), f"losses of the {name} over its passes")


def read_losses(path: Path) -> dict[str, list[tuple[int, float]]]:
    """Loss -> (pass, value) pairs.

    A run that was killed has made the passes since its backup again: the later line counts.
    """
    with path.open(newline="") as lines:
        rows = {int(row["epoch"]): row for row in csv.DictReader(lines)}
    losses: dict[str, list[tuple[int, float]]] = {}
    for epoch, row in sorted(rows.items()):
        for name, value in row.items():
            if name != "epoch" and value != "NA":  # not every pass has held-out losses
                losses.setdefault(name, []).append((epoch + 1, float(value)))
    return losses
