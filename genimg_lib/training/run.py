"""One run: pictures in a folder -> a folder with a model, samples and a report.

plan.json           what is computed; written once
backup/             the latest state of training, while it lasts
codec.keras         the tokenizer or VAE, for a family that needs one
model.keras         the model
extractor.keras     the network that distances are measured with, and extractor.json, its card
*_losses.csv        the losses of every epoch
samples/            the same samples as training went on
card.json           the model card
report.html
"""

import hashlib
import math
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import filelock
import keras
from PIL import Image

from genimg_lib.data.arguments import check_number, check_one_of, check_seed, check_whole
from genimg_lib.data.folder import ImageFolder, load_folder
from genimg_lib.evaluation import extractors
from genimg_lib.evaluation.extractors import Extractor, check_extractor
from genimg_lib.models.families import FAMILIES
from genimg_lib.training import plan as plans
from genimg_lib.training import report
from genimg_lib.training.watch import (
    VALIDATIONS,
    VALIDATIONS_OF_FEW,
    Backup,
    KeepBest,
    Progress,
    Samples,
    grid,
    write_picture,
)


def train(
    folder: Path | str,
    *,
    family: str = "vae",
    size: int = 32,
    minutes: float = 10.0,
    seed: int = 0,
    to: Path | str | None = None,
    extractor: Extractor | None = None,
    say: Callable[[str], None] = print,
) -> Path:
    """Trains a model on the pictures of a folder and writes a report; returns the report's path.

    Called again with the same arguments after it was interrupted or killed, it continues, and ends
    with the model of a run in one go.

    Args:
        folder: see `data.load_folder`.
        family: a name in `models.FAMILIES`.
        size: height and width of the pictures, in pixels; a multiple of 4.
        minutes: about how long to train on this machine.
        seed: of everything random.
        to: the folder to write; `None`: one in the current folder, named after pictures and family.
        extractor: the network that the report's distances are measured with; `None`: one that is
            trained on the pictures, or that an earlier call has left in `to`.
        say: is given each line of the progress.

    Raises `ValueError` or `TypeError` for an argument out of range, too few pictures, or a folder
    `to` that holds a run of another kind, `OSError` if it cannot be written, and
    `FloatingPointError` if training diverges.
    """
    wanted = {
        "family": check_one_of("family", family, FAMILIES),
        "size": check_whole("size", size, 8),
        "minutes": check_number("minutes", minutes, 0.01),
        "seed": check_whole("seed", check_seed(seed), 0),
    }
    if size % 4:
        raise ValueError(f"size must be a multiple of 4, got {size}")
    if extractor is not None and check_extractor(extractor).image_shape != (size, size, 3):
        raise ValueError(
            f"extractor must look at images of ({size}, {size}, 3), got one for "
            f"{extractor.image_shape}"
        )
    pictures = load_folder(folder, size)
    say(pictures.report())
    train_part, held_out = split(pictures)
    wanted["data"] = hashlib.sha256(train_part.images.tobytes()).hexdigest()
    to = Path(f"{Path(folder).resolve().name}_{family}" if to is None else to)
    to.mkdir(parents=True, exist_ok=True)
    try:
        with filelock.FileLock(to / ".lock", timeout=0):
            plan = plans.stored(to, wanted)
            if plan is None:
                say("measuring how fast this machine trains ...")
                plan = plans.measured(wanted, train_part)
                plan.save(to)
            say(plans.describe(plan, len(train_part)))
            models = train_all(plan, train_part, held_out, to, say)
            shutil.rmtree(to / "backup", ignore_errors=True)  # of what is now in the models' files
            if extractor is None:
                extractor = trained_extractor(plan, train_part, to, say)
            parts = pictures, train_part, held_out
            return report.write(plan, models, extractor, Path(folder), *parts, to)
    except filelock.Timeout:
        raise ValueError(f"another run is at work in {to}") from None


def split(pictures: ImageFolder) -> tuple[ImageFolder, ImageFolder]:
    """Pictures to train on and others to compare with: a tenth, of few pictures more."""
    count = len(pictures)
    if count < plans.LEAST_PICTURES:
        raise ValueError(
            f"there are {count} pictures, and {plans.LEAST_PICTURES} are the least; several "
            "hundred are better"
        )
    return pictures.split(min(0.3, max(0.1, 16 / count)))


def train_all(plan: plans.Plan, train_part, held_out, to: Path, say) -> dict[str, keras.Model]:
    """Trains, continues or loads what the plan names: "codec", for a family with one, and
    "model".
    """
    family = FAMILIES[plan.family]
    models = {}
    if family.codec is not None:

        def new_codec():
            plans.seed_everything(plan.seed)
            return family.codec(image_shape=train_part.images.shape[1:], seed=plan.seed)

        models["codec"] = finished("codec", new_codec, plan, train_part, held_out, to, say)

    def new_model():
        return plans.build(plan.family, plan.seed, train_part, models.get("codec"), plan.few)

    models["model"] = finished("model", new_model, plan, train_part, held_out, to, say)
    return models


def trained_extractor(plan: plans.Plan, train_part, to: Path, say) -> Extractor:
    """The network that distances are measured with, trained on the pictures or loaded."""
    file = to / "extractor.keras"
    if not file.with_suffix(".json").exists():  # which is written last
        say("training the network that measures distances ...")
        images, labels, names = train_part.images, train_part.labels, train_part.class_names
        if names is not None and len(set(labels.tolist())) < 2:
            labels = names = None  # the split has left one class
        extractors.trained_on(images, labels, names, seed=plan.seed).save(file)
    return extractors.load(file)


def finished(name: str, new, plan: plans.Plan, train_part, held_out, to: Path, say):
    """The trained model of one stage, loaded from its file, which is written first if need be."""
    file = to / f"{name}.keras"
    if not file.exists():
        model = new()
        model.compile()
        parts = train_part, held_out
        images, others = (part.images for part in parts)
        labels, other_labels = (part.labels if model.num_classes else None for part in parts)
        stage = plan.stages[name]
        losses = to / f"{name}_losses.csv"
        cut_to_whole_lines(losses)
        stops = plan.few and len(model.OPTIMIZERS) == 1  # two players' losses tell nothing
        every = math.ceil(stage.epochs / (VALIDATIONS_OF_FEW if stops else VALIDATIONS))
        # a codec's other losses say how well its latents can be sampled, which nobody will do
        loss = "reconstruction" if name == "codec" else model.METRICS[0]
        best = KeepBest(to / "backup" / f"{name}_best.weights.h5", loss, every)
        callbacks = [
            *([best] if stops else []),
            Backup(to / "backup" / name),
            keras.callbacks.CSVLogger(losses, append=True),
            Progress(name, stage.steps, say),
        ]
        if name == "model":
            callbacks.append(Samples(to / "samples", plan.seed))
        if not best.ended:
            model.fit(
                images,
                labels,
                batch_size=plan.batch_size,
                epochs=stage.epochs,
                validation_data=(others, other_labels),
                validation_freq=every,
                callbacks=callbacks,
                verbose=0,
            )
        if stops:
            model.load_weights(best.file)
            say(f"{name}: kept as it was after {best.passes:,} passes, where {loss} was lowest")
        draft = to / f"{name}.draft.keras"
        model.save(draft)
        os.replace(draft, file)
    return keras.models.load_model(file)


def cut_to_whole_lines(path: Path) -> None:
    """Drops a last line that was being written when its process was killed."""
    if path.exists():
        content = path.read_bytes()
        path.write_bytes(content[: content.rfind(b"\n") + 1])


def generate(
    model: Path | str,
    count: int = 16,
    *,
    condition: str | None = None,
    seed: int | None = None,
    to: Path | str = "generated",
) -> list[Path]:
    """Writes new pictures of a trained model as 0000.png, 0001.png and so on, and all of them on
    one sheet, all.png; returns the paths.

    Args:
        model: the folder of a run, or a file that `model.save` wrote.
        count, condition, seed: as for the model's `generate`.
        to: the folder to write.

    Raises `ValueError` or `TypeError` for a file of another kind, or a count or condition out of
    range.
    """
    path = Path(model)
    path = path / "model.keras" if path.is_dir() else path
    if not path.exists():
        raise FileNotFoundError(f"there is no model {path}; genimg train makes one")
    try:
        loaded = keras.models.load_model(path)
    except (ValueError, OSError, TypeError) as error:
        reason = str(error).strip().splitlines()[0]
        raise ValueError(f"{path} is not a model of this course: {reason}") from None
    if not hasattr(loaded, "generate"):
        raise ValueError(f"{path} holds a {type(loaded).__name__}, which makes no images")
    images = loaded.generate(count, condition, seed=seed)
    to = Path(to)
    paths = [to / f"{row:04}.png" for row in range(count)]
    write_picture(grid(images), to / "all.png")
    for image, file in zip(images, paths, strict=True):
        # Pillow wants grey pictures without their channel axis
        Image.fromarray(image.squeeze(-1) if image.shape[-1] == 1 else image).save(file)
    return [*paths, to / "all.png"]
