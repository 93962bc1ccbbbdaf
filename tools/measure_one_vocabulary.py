"""Measures one transformer for words and pictures against two specialists of equal CPU time.

    uv run tools/measure_one_vocabulary.py   # all: about 45 minutes of one core
    uv run tools/measure_one_vocabulary.py "one model" --seeds 0 --seconds 30
    uv run tools/measure_one_vocabulary.py "flow, unrounded" --seeds 0   # one job of minutes

A painter and a captioner are trained, and one model in their CPU time together. All have one width
and batch, and learn from the same pairs of a varied digit and a caption that says all that can be
said. Then 1,000 captions of test images are painted, and 500 test images are described in each
language: nats, Frechet distance to real images, and what of the caption is true when it is
measured.

Beside the painter, whose tokens come from a softmax, stand three whose latents come from a flow, in
the painter's CPU time. Their codes are the painter's own; the same before they are rounded; and
those of an autoencoder that never rounded, trained as long as the painter's tokenizer was. Of each
codec the distance of its reconstructions is measured, too: no painter can be expected below it.

Writes benchmarks/one_vocabulary.json, which keeps the runs that are not repeated.
"""

import functools
import json
import time
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
from _shared import BENCHMARKS, chosen, command_line, fit_within, mnist, read_json, write_json

from genimg_lib import lesson, models, nn
from genimg_lib.data import captions, fulfilled, held_out, measured_facts, normalise, vary

PATH = BENCHMARKS / "one_vocabulary.json"
SIZES = {"width": 64, "heads": 2}
BATCH = 16
PAINTER_SECONDS, CAPTIONER_SECONDS = 60, 40
BOTH_SECONDS = PAINTER_SECONDS + CAPTIONER_SECONDS
TOLD = {"fewest": 6, "most": 6}
"""Captions say all that can be said: what is left out is the middle of its range."""

PLAIN = {"guidance": 1.0, "temperature": 1.0}
WAYS = {"plain": PLAIN, "guided": {}}
"""The model's own distribution, and what `generate` does."""

FLOW_WAYS = WAYS | {"plain, small steps": PLAIN | {"steps": 64}}
"""Twice as many steps as `generate` takes, to see whether its steps are small enough."""

CODEC_SECONDS = 120
"""As the shipped tokenizer of varied digits had: see tools/train_weights.py."""


class Run(NamedTuple):
    """What is trained: a class in `genimg_lib.models`, CPU-seconds, its codec and its options."""

    kind: str
    seconds: float
    codec: str = "rounded"
    options: Mapping = MappingProxyType({})


RUNS = {
    "painter": Run("TextToImage", PAINTER_SECONDS),
    "captioner": Run("Captioner", CAPTIONER_SECONDS),
    "one model": Run("OneVocabulary", BOTH_SECONDS),
    "one model, weight 4": Run("OneVocabulary", BOTH_SECONDS, options={"caption_weight": 4.0}),
    "flow, rounded": Run("ContinuousPainter", PAINTER_SECONDS),
    "flow, unrounded": Run("ContinuousPainter", PAINTER_SECONDS, codec="unrounded"),
    "flow, own codec": Run("ContinuousPainter", PAINTER_SECONDS, codec="own"),
}


@functools.cache
def training_set():
    """Varied digits and a caption for each, as lessons 60 and 61 have them."""
    return captions.captioned_digits(mnist().train_images, mnist().train_labels, 0, **TOLD)


@functools.cache
def asked():
    """Test images, what is true of them, their captions, and other test images for the distance."""
    images = vary(mnist().test_images, 1)
    facts = measured_facts(images, mnist().test_labels)
    kept = np.flatnonzero(~held_out(facts))
    ours, real = kept[:1000], kept[1000:5000]
    told = captions.choose_facts(facts[ours], 0, digit_share=1.0, **TOLD)
    return images[ours], told, captions.write(told, 3), images[real]


def codec(name: str, seed: int):
    """A tokenizer: "rounded" is the shipped one, "unrounded" has its weights and does not round,
    "own" is trained without rounding, on the same pictures for the same time.
    """
    from genimg_lib import nn, pretrained

    if name == "rounded":
        return pretrained.load("varied_tokenizer")
    made = models.Tokenizer(quantizer=nn.Unrounded(), seed=seed)
    if name == "unrounded":
        shipped = codec("rounded", seed)
        for variable, value in zip(made.weights, shipped.weights, strict=True):
            variable.assign(value)
        return made
    made.compile()
    fit_within(made, CODEC_SECONDS, vary(mnist().train_images, 0), verbose=0)
    return made


def build(name: str, seed: int):
    import keras

    what = RUNS[name]
    keras.utils.set_random_seed(seed)
    tokenizer = codec(what.codec, seed)
    reads = what.kind in ("TextToImage", "ContinuousPainter")
    text = [models.text_encoders.WordEncoder()] if reads else []
    model = getattr(models, what.kind)(tokenizer, *text, seed=seed, **SIZES, **what.options)
    model.compile()
    return model


def agreement(images, said, digits) -> dict:
    """Which digits are those of `digits`, where they are named, and which of the attributes that
    were said are there when the images are measured.
    """
    named = said[:, 0] >= 0
    shown = np.stack(list(fulfilled(images, said).values()))
    return {
        "digit": float(np.mean(digits[named] == said[named, 0])),
        "attributes": float(np.nanmean(shown)),
    }


def painted(model) -> dict:
    """How well captions become pictures."""
    from genimg_lib import metrics

    images, told, texts, real = asked()
    features = metrics.features(real)

    def judged(made, way: str) -> dict:
        right = agreement(made, told, metrics.predict_labels(normalise(made)))
        right["distance"] = metrics.frechet_distance(metrics.features(made), features)
        return {f"{name}, {way}": value for name, value in right.items()}

    found = {"floor": metrics.frechet_distance(metrics.features(images), features)}
    if isinstance(model, models.ContinuousPainter):  # its likelihood is not known
        ways, codec_of = FLOW_WAYS, model
    else:
        ways, codec_of = WAYS, model.tokenizer
        found["nats of a picture"] = -float(model.log_likelihood(images, texts).mean())
    found |= judged(codec_of.reconstruct(images), "reconstructed")
    for way, options in ways.items():
        found |= judged(model.generate(len(texts), texts, seed=5, **options), way)
    return found


def described(model) -> dict:
    """How well pictures become captions."""
    images, told, texts, _ = asked()
    tokens, words = model.prepare(images), captions.encode(texts)
    found = {
        "nats of a caption": float(nn.batches.in_batches(model.caption_nll, tokens, words).mean())
    }
    for language in captions.LANGUAGES:
        said = captions.understood(model.describe(images[:500], language))
        right = agreement(images[:500], said, told[:500, 0])
        right["things said"] = float((said >= 0).sum(axis=1).mean())
        found |= {f"{name}, {language}": value for name, value in right.items()}
    return found


def run(name: str, seed: int, seconds: float) -> dict:
    """Trains one model and measures what it can do."""
    model = build(name, seed)
    pictures, texts = training_set()
    options = {"batch_size": BATCH, "steps_per_epoch": 50, "verbose": 0}
    used = fit_within(model, seconds, pictures, texts, **options)
    found = {"parameters": model.count_params(), "seconds": used, "steps": model.step}
    if hasattr(model, "generate"):
        found |= painted(model)
    if hasattr(model, "describe"):
        found |= described(model)
    return {key: round(value, 4) for key, value in found.items()}


def main() -> None:
    parser = command_line(__doc__)
    parser.add_argument("runs", nargs="*", help=f"of {', '.join(RUNS)}; all unless told")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--seconds", type=float, help="of training, and nothing is written")
    options = parser.parse_args()
    names = chosen(parser, options.runs, RUNS)
    lesson.start()
    for name in names:
        for seed in options.seeds:
            start = time.process_time()
            found = run(name, seed, options.seconds or RUNS[name].seconds)
            print(name, seed, json.dumps(found), f"{time.process_time() - start:.0f} s", flush=True)
            if options.seconds is None:
                # read again: another process may have written its own runs
                table = read_json(PATH)
                table.setdefault(name, {})[str(seed)] = found
                write_json(PATH, table)


if __name__ == "__main__":
    main()
