"""The shipped weights as scripts for the site's live models: 16-bit floats in base64, as they are
in the files of the course.
"""

import base64
import json
from collections.abc import Iterable
from pathlib import Path

import numpy as np


def write_weights(folder: Path, names: Iterable[str] | None = None) -> None:
    """Writes a script for each model of `site/static/live/models.js`, or for those of `names`, into
    `folder`, and one with the words that `text_flow` knows.
    """
    from genimg_lib import pretrained
    from genimg_lib.data.emoji_words import caption_vocabulary

    folder.mkdir(parents=True, exist_ok=True)
    for name in names or LIVE:
        shipped, weights_of = LIVE[name]
        text = _json(weights_of(pretrained.load(shipped)))
        (folder / f"{name}.js").write_text(f"(window.genimgWeights??={{}}).{name}={text};\n")
    known = _json(caption_vocabulary())
    (folder / "vocabulary.js").write_text(f"window.genimgVocabulary={known};\n")


def _json(value) -> str:
    return json.dumps(value, separators=(",", ":"))


def _text(array) -> str:
    values = np.asarray(array, np.float32)
    halves = values.astype("<f2")
    # the shipped files hold 16-bit floats: nothing is lost
    np.testing.assert_array_equal(halves.astype(np.float32), values)
    return base64.b64encode(halves.tobytes()).decode()


def _named(layer, *names: str) -> dict:
    return dict(zip(names, map(_text, layer.get_weights()), strict=True))


def _dense(layer) -> dict:
    return _named(layer, "kernel", "bias") if layer.use_bias else _named(layer, "kernel")


def _of(network, kind: str) -> list:
    return [layer for layer in network.layers if type(layer).__name__ == kind]


def _gan(model) -> dict:
    network = model.average_generator
    (first,), convolutions = _of(network, "Dense"), _of(network, "Conv2D")
    made = {"embedding": _named(_of(network, "Embedding")[0], "table")["table"]}
    made |= {"dense": _dense(first)}
    made |= {f"conv_{index}": _dense(layer) for index, layer in enumerate(convolutions)}
    norms = _of(network, "BatchNormalization")
    names = ("gamma", "beta", "mean", "variance")
    return made | {f"norm_{index}": _named(layer, *names) for index, layer in enumerate(norms)}


def _decoder(network) -> dict:
    (first, second), (conv, patches) = _of(network, "Dense"), _of(network, "Conv2D")
    layers = {"dense_0": first, "dense_1": second, "conv": conv, "patches": patches}
    return {name: _dense(layer) for name, layer in layers.items()}


def _vae(model) -> dict:
    prior = ("prior_weights", "prior_means", "prior_factors")
    return _decoder(model.decoder) | {name: _text(getattr(model, name)) for name in prior}


def _diffusion(model) -> dict:
    network = model.network
    time, first, *others, last = _of(network, "Dense")
    norms = _of(network, "LayerNormalization")
    blocks = []
    for index, norm in enumerate(norms):
        hidden, context, out = others[3 * index : 3 * index + 3]
        named = {"hidden": _dense(hidden), "context": _dense(context), "out": _dense(out)}
        blocks.append({"norm": _named(norm, "gamma", "beta"), **named})
    return {
        "time": _dense(time),
        "embedding": _text(_of(network, "Embedding")[0].get_weights()[0]),
        "input": _dense(first),
        "blocks": blocks,
        "output": _dense(last),
        "mean": _text(model.latent_mean),
        "scale": _text(model.latent_scale),
        "codec": _decoder(model.vae.decoder),
    }


def _image_gpt(model) -> dict:
    network, tokenizer = model.network, model.tokenizer
    transformer = network.transformer
    made = {
        "tokens": _text(network.token_embedding.get_weights()[0]),
        "conditions": _text(network.condition_embedding.get_weights()[0]),
        "positions": _text(transformer.positions),
        "norm": _named(transformer.norm, "scale"),
        "head": _dense(transformer.head),
        "blocks": [_block(block) for block in transformer.blocks],
    }
    for name in ("encoder", "decoder"):
        for index, layer in enumerate(_of(getattr(tokenizer, name), "Conv2D")):
            made[f"{name}_{index}"] = _dense(layer)
    return made


def _block(block) -> dict:
    norms = {f"norm_{index}": _named(norm, "scale") for index, norm in enumerate(block.norms)}
    return norms | _layers(block)


def _layers(block) -> dict:
    """What a `Block` and a `ModulatedBlock` have in common."""
    attention = block.attention
    layers = {"project_in": attention.project_in, "project_out": attention.project_out}
    layers |= {"widen": block.widen, "narrow": block.narrow}
    return {name: _dense(layer) for name, layer in layers.items()}


def _text_flow(model) -> dict:
    network = model.network
    made = {
        name: _dense(getattr(network, name))
        for name in ("embed", "time", "words", "modulation", "head")
    }
    return made | {
        "positions": _text(network.positions),
        "blocks": [{"table": _text(block.table)} | _layers(block) for block in network.blocks],
        "reader": _reader(network.reader),
    }


def _reader(reader) -> dict:
    made = {
        name: _named(getattr(reader.attention, f"{name}_dense"), "kernel", "bias")
        for name in ("query", "key", "value", "output")
    }
    return made | {
        "embedding": _text(reader.embed.get_weights()[0]),
        "positions": _text(reader.positions),
        "queries": _text(reader.queries),
        "blocks": [_block(block) for block in reader.blocks],
        "norm": _named(reader.norm, "scale"),
    }


LIVE = {
    "gan": ("conditional_gan", _gan),
    "vae": ("vae", _vae),
    "diffusion": ("diffusion", _diffusion),
    "image_gpt": ("image_gpt", _image_gpt),
    "text_flow": ("text_flow", _text_flow),
}
"""Name in the browser -> shipped weights, and what is written of the model."""
