"""The verbs of `genimg` for your own pictures: train, generate."""

import os
import sys
from pathlib import Path


def add_verbs(commands) -> None:
    """Adds the verbs to the subparsers of `genimg`."""
    command = commands.add_parser(
        "train", help="train a model on a folder of pictures: a report, and the model to use"
    )
    command.set_defaults(run=run_train)
    command.add_argument("folder", type=Path, help="sub-folders name the classes")
    command.add_argument(
        "--family", default="vae", help="vae (the default), gan, image_gpt, diffusion and others"
    )
    command.add_argument("--size", type=int, default=32, help="height and width, in pixels: 32")
    command.add_argument("--minutes", type=float, default=10.0, help="about how long to train: 10")
    command.add_argument("--seed", type=int, default=0, help="the same one gives the same model: 0")
    command.add_argument("--to", type=Path, help="the folder to write: FOLDER_FAMILY unless told")
    command.add_argument(
        "--extractor",
        metavar="FILE",
        help="what measures distances: the extractor.keras of another run, or NAME=WEIGHTS for a "
        "network of keras.applications; unless told, one is trained on the pictures",
    )
    command = commands.add_parser("generate", help="make pictures with a model that train wrote")
    command.set_defaults(run=run_generate)
    command.add_argument("model", type=Path, help="the folder that train wrote, or a .keras file")
    command.add_argument("--count", type=int, default=16)
    command.add_argument("--condition", help="a class, for a model with classes")
    command.add_argument("--seed", type=int, help="the same one gives the same pictures")
    command.add_argument("--to", type=Path, default=Path("generated"), help="the folder to write")


def run_train(chosen) -> int:
    training = quietly_imported()
    extractor = chosen.extractor and named_extractor(chosen.extractor, chosen.size)
    try:
        report = training.train(
            chosen.folder,
            family=chosen.family,
            size=chosen.size,
            minutes=chosen.minutes,
            seed=chosen.seed,
            to=chosen.to,
            extractor=extractor,
            say=lambda line: print(line, flush=True),
        )
    except KeyboardInterrupt:
        print("\nThe same command continues from the latest backup.", file=sys.stderr)
        raise
    except FloatingPointError as error:
        raise ValueError(str(error)) from None
    print(f"Open:  {report}")
    return 0


def named_extractor(text: str, size: int):
    """The extractor that `--extractor` names: FILE, or NAME=WEIGHTS."""
    from genimg_lib.evaluation import extractors

    name, equals, weights = text.partition("=")
    if equals and name.isidentifier():
        return extractors.application(name, weights, (size, size, 3))
    return extractors.load(text)


def run_generate(chosen) -> int:
    training = quietly_imported()
    *_, sheet = training.generate(
        chosen.model, chosen.count, condition=chosen.condition, seed=chosen.seed, to=chosen.to
    )
    print(f"{chosen.count} pictures in {chosen.to}, all of them on {sheet}")
    return 0


def quietly_imported():
    """`genimg_lib.training`, with TensorFlow, which no other command has to import."""
    os.environ.setdefault("MPLBACKEND", "agg")
    from genimg_lib.notebook import lesson

    lesson.import_tensorflow()
    from genimg_lib import training

    return training
