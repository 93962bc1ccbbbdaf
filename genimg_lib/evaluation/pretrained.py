"""The small trained weights that the course ships, each with a card that says how it was made."""

import json
from pathlib import Path

import h5py
import keras

from genimg_lib import models
from genimg_lib.data.digests import check_digest, sha256

FOLDER = Path(__file__).parents[1] / "weights"


def names() -> list[str]:
    """The names that `load` and `card` know."""
    return sorted(path.stem for path in FOLDER.glob("*.json"))


def card(name: str) -> dict:
    """What is known of shipped weights: builder, config, seed, data, metrics, training CPU-seconds,
    command, SHA-256.

    Raises `ValueError` for a name that is not shipped.
    """
    if name not in names():
        raise ValueError(f"there are no shipped weights {name!r}; there are: {', '.join(names())}")
    return json.loads((FOLDER / f"{name}.json").read_text())


def load(name: str) -> keras.Model:
    """Builds the model that the card describes and loads its weights.

    Raises `ValueError` for an unknown name or if the weights are not the ones that the card was
    written for.
    """
    description = card(name)
    path = FOLDER / f"{name}.weights.h5"
    check_digest(path, description["sha256"], expected_by="its card says")
    config = description["config"]
    if "tokenizer" in config:
        config["tokenizer"] = load(config["tokenizer"])
    if "text" in config:
        config["text"] = getattr(models.text_encoders, config["text"])()
    model = getattr(models, description["builder"])(**config)
    model.load_weights(path)
    return model


def save(name: str, model: keras.Model, description: dict) -> None:
    """Writes weights, as 16-bit floats, and card, for the authors' training tools.

    Pass an uncompiled model, so that no optimizer state is written.
    """
    path = FOLDER / f"{name}.weights.h5"
    model.save_weights(path)
    _halve(path)
    description["sha256"] = sha256(path)
    (FOLDER / f"{name}.json").write_text(json.dumps(description, indent=2) + "\n")


def _halve(path: Path) -> None:
    """Rewrites a weights file with 16-bit floats, at half its size; Keras casts them back when
    it loads them.
    """
    halved = path.with_suffix(".half")
    with h5py.File(path) as source, h5py.File(halved, "w") as target:

        def copy(inner_path, item):
            if isinstance(item, h5py.Group):
                copied = target.require_group(inner_path)
            else:
                dtype = "f2" if item.dtype == "f4" else item.dtype
                copied = target.create_dataset(inner_path, data=item[()], dtype=dtype)
            copied.attrs.update(item.attrs)

        source.visititems(copy)
    halved.replace(path)
