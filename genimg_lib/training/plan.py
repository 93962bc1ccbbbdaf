"""How long to train: measured on this machine once, and kept, so that a second call continues."""

import dataclasses
import json
import os
import time
from pathlib import Path

import keras

from genimg_lib.data.folder import ImageFolder
from genimg_lib.models.base import ImageModel
from genimg_lib.models.families import FAMILIES

FILE = "plan.json"
LEAST_PICTURES = 20
MEASURED_SECONDS = 3.0
CODEC_SHARE = 1 / 3
"""Of the time, for a family that needs a tokenizer or a VAE first."""
FEW_STEPS = 1000
"""With fewer steps the models of the course still paint blurs at 32x32 in colour."""
MANY_PASSES = 200
"""Who has seen every picture as often as this may know it by heart."""
SMALL_SET = 500
"""Fewer are trained on with settings that copy less. A model whose loss on held-out pictures says
when it begins to know the others by heart ends there: that time grows with the number of pictures,
and the time until samples are good does not (Bonnaire et al., arXiv:2505.17638). The loss of a
GAN does not say it; its pictures are altered on their way to the discriminator.
"""


@dataclasses.dataclass(frozen=True)
class Stage:
    """One model that is trained."""

    epochs: int
    steps_per_epoch: int
    seconds_per_step: float

    @property
    def steps(self) -> int:
        return self.epochs * self.steps_per_epoch


@dataclasses.dataclass(frozen=True)
class Plan:
    """All that decides what a run computes; the same plan gives the same model."""

    family: str
    size: int
    minutes: float
    seed: int
    data: str  # SHA-256 of the training pictures
    batch_size: int
    stages: dict[str, Stage]  # "codec" where the family needs one, and "model"
    few: bool = False  # whether there are fewer than `SMALL_SET`

    def save(self, folder: Path) -> None:
        """Writes the plan at once or not at all."""
        draft = folder / f"{FILE}.draft"
        draft.write_text(json.dumps(dataclasses.asdict(self), indent=2) + "\n")
        os.replace(draft, folder / FILE)


def stored(folder: Path, wanted: dict) -> Plan | None:
    """The plan of the run that was begun in `folder`, or `None`.

    Raises `ValueError` if it is a plan for anything else than `wanted`.
    """
    path = folder / FILE
    if not path.exists():
        return None
    found = json.loads(path.read_text())
    for name, value in wanted.items():
        if found[name] == value:
            continue
        if name == "data":
            raise ValueError(
                f"the pictures have changed since the run in {folder} began: begin another with "
                "--to"
            )
        raise ValueError(
            f"the run in {folder} was begun with --{name} {found[name]}, not {value}: continue "
            "it with that, or begin another with --to"
        )
    stages = {name: Stage(**stage) for name, stage in found.pop("stages").items()}
    return Plan(**found, stages=stages)


def measured(wanted: dict, train: ImageFolder) -> Plan:
    """A new plan: trains each model of the family for some seconds, which are then forgotten."""
    family = FAMILIES[wanted["family"]]
    seconds = 60 * wanted["minutes"]
    batch_size = min(32 if len(train) < 1000 else 64, len(train))
    few = len(train) < SMALL_SET
    stages = {}
    codec = None
    if family.codec is not None:
        codec = family.codec(image_shape=train.images.shape[1:], seed=wanted["seed"])
        step = seconds_per_step(codec, train.images, None, batch_size)
        stages["codec"] = stage(len(train), batch_size, CODEC_SHARE * seconds, step)
        seconds *= 1 - CODEC_SHARE
    model = build(wanted["family"], wanted["seed"], train, codec, few)
    step = seconds_per_step(model, train.images, train.labels, batch_size)
    stages["model"] = stage(len(train), batch_size, seconds, step)
    return Plan(**wanted, batch_size=batch_size, stages=stages, few=few)


def build(
    family: str, seed: int, train: ImageFolder, codec: ImageModel | None, few: bool = False
) -> ImageModel:
    """The default model of the family for such pictures, or for few of them."""
    seed_everything(seed)
    return FAMILIES[family].build(
        image_shape=train.images.shape[1:],
        class_names=train.class_names,
        seed=seed,
        codec=codec,
        few_images=few,
    )


def seed_everything(seed: int) -> None:
    """Keras, NumPy and Python begin again; their common seed has 32 bits."""
    keras.utils.set_random_seed(seed % 2**32)


def stage(count: int, batch_size: int, seconds: float, seconds_per_step: float) -> Stage:
    """As many whole passes over `count` pictures as fit into the time, at least one."""
    steps = count // batch_size
    return Stage(max(1, int(seconds / (steps * seconds_per_step))), steps, seconds_per_step)


def seconds_per_step(model: ImageModel, images, labels, batch_size: int) -> float:
    """The mean time of a training step here, without the first one, which compiles."""
    times = []

    class Clock(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            times.append(time.perf_counter())
            enough = times[-1] - times[0] > MEASURED_SECONDS and len(times) > 2
            self.model.stop_training = enough

    model.compile()
    options = {"batch_size": batch_size, "epochs": 10**6, "verbose": 0, "callbacks": [Clock()]}
    model.fit(images, labels, **options)
    return (times[-1] - times[0]) / (len(times) - 1)


def describe(plan: Plan, count: int) -> str:
    """What the plan means, and whether it is realistic."""
    lines = []
    for name, part in plan.stages.items():
        milliseconds = 1000 * part.seconds_per_step
        lines.append(
            f"{name}: {part.steps:,} steps of {plan.batch_size} pictures, {milliseconds:.0f} ms "
            f"each here; every picture is shown {part.epochs:,} times"
        )
    model = plan.stages["model"]
    if model.steps < FEW_STEPS:
        minutes = max(plan.minutes + 1, round(plan.minutes * FEW_STEPS / model.steps))
        lines.append(
            f"Fewer than {FEW_STEPS:,} steps paint blurs: --minutes {minutes:g} would be better."
        )
    altered = FAMILIES[plan.family].few_images.get("augmentations", ())
    if plan.few and altered:
        lines.append(
            f"{count:,} pictures are few: the discriminator sees each of them altered in another "
            f"way every time ({', '.join(altered)})."
        )
    if plan.few and not altered:
        lines.append(
            f"{count:,} pictures are few: training ends when the loss of the held-out pictures no "
            "longer falls, and the weights of its lowest value are kept."
        )
    elif model.epochs > MANY_PASSES:
        lines.append(
            f"{count:,} pictures are few for so many passes: expect copies, which the report shows."
        )
    return "\n".join(lines)
