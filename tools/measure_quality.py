"""Measures quality per CPU-second: families beside well-known tutorials, and text encoders.

    uv run tools/measure_quality.py gan
    uv run tools/measure_quality.py vae
    uv run tools/measure_quality.py tokens --budgets 75 150 300
    uv run tools/measure_quality.py diffusion --budgets 150 200 300
    uv run tools/measure_quality.py mean_flow --budgets 150 200 300
    uv run tools/measure_quality.py text                        # all text encoders
    uv run tools/measure_quality.py text words --seconds 60     # some

GANs and VAEs: the course's default beside the tutorial's, trained in one run. Token models include
the training of their tokenizer, diffusion and MeanFlow that of the VAE whose latents they learn.
Frechet distances of 10,000 samples use a classifier that is trained here, of another architecture
and seed than the one that the course ships, and the 10,000 test images. VAEs are compared by their
negative ELBO in nats on the binarised test set. Writes benchmarks/FAMILY_quality.json and .png.

Text: the same images, captions, image model and CPU-seconds, each time with another text encoder.
Images are generated for captions with pairs seen in training and with held-out pairs, in both
languages, and measured again. Adds to benchmarks/text.json.

Training time is CPU time of this process on all threads; scoring is not counted.
"""

import functools
import os
import platform
import time
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from _shared import (
    BENCHMARKS,
    chosen,
    command_line,
    fit_within,
    mnist,
    read_json,
    shares,
    stored_captions_of_digits,
    write_json,
)

from genimg_lib import evaluation, lesson, models
from genimg_lib.data import DIGIT_NAMES, fulfilled, normalise
from genimg_lib.data.captions import LANGUAGES, parse

SAMPLES = 10_000
TOKENIZER_SECONDS = 50
VAE_SECONDS = 100


class Frechet:
    """images -> their Frechet distance from `reference`, by the features of `classify`."""

    def __init__(self, classify, reference):
        self.classify = classify
        self.reference = classify(reference)[0]

    def __call__(self, images) -> float:
        return evaluation.metrics.frechet_distance(self.classify(images)[0], self.reference)


# --- contenders: seed -> compiled model -----------------------------------------------------------


def tutorial_gan(seed: int):
    import _references

    return _references.tutorial_gan(seed)


def tutorial_vae(seed: int):
    import _references

    return _references.tutorial_vae(seed)


def unconditional(name: str, seed: int):
    """The default model of a registered family without a codec, for digits without labels."""
    return compiled(models.FAMILIES[name].build(image_shape=(28, 28, 1), seed=seed))


def conditional(name: str, seed: int):
    """The default model of a registered family, for labelled digits; trains its codec first."""
    family = models.FAMILIES[name]
    return compiled(
        family.build(
            image_shape=(28, 28, 1),
            class_names=DIGIT_NAMES,
            seed=seed,
            codec=None if family.codec is None else trained_codec(family.codec, seed),
        )
    )


def trained_codec(build, seed: int):
    """A tokenizer, or a VAE whose latents are learned."""
    codec = compiled(build(image_shape=(28, 28, 1), seed=seed))
    is_vae = isinstance(codec, models.VAE)
    seconds, batch_size = (VAE_SECONDS, 128) if is_vae else (TOKENIZER_SECONDS, 64)
    fit_within(codec, seconds, mnist().train_images, batch_size=batch_size, verbose=0)
    return codec


def compiled(model):
    """The model, compiled with its defaults."""
    model.compile()
    return model


# --- measurements ---------------------------------------------------------------------------------


def measure_conditional(model, frechet: Frechet) -> dict:
    labels = np.arange(SAMPLES) % 10
    images = model.generate(SAMPLES, labels, seed=1)
    agreement = float(np.mean(frechet.classify(images)[1].argmax(axis=1) == labels))
    return {"frechet": frechet(images), "agreement": agreement}


def measure_gan(model, frechet: Frechet) -> dict:
    return {"frechet": frechet(model.generate(SAMPLES, seed=1))}


def measure_vae(model, frechet: Frechet) -> dict:
    elbo = model.evaluate(mnist().test_images, verbose=0)
    return {"negative_elbo": elbo["negative_elbo"]}


def finish_vae(model, frechet: Frechet) -> dict:
    model.fit_prior(mnist().train_images[:20000], seed=0)
    log_likelihood = model.log_likelihood(mnist().test_images[:2000], samples=100)
    return {
        "iwae_100": -float(log_likelihood.mean()),
        "frechet_standard_prior": frechet(model.generate(SAMPLES, seed=1)),
        "frechet_fitted_prior": frechet(model.generate(SAMPLES, seed=1, prior="fitted")),
    }


def finish_latents(model, frechet: Frechet) -> dict:
    return {"reconstructions": frechet(model.vae.reconstruct(mnist().test_images))}


def nothing_more(model, frechet: Frechet) -> dict:
    return {}


# --- comparisons ----------------------------------------------------------------------------------


class Comparison(NamedTuple):
    """What is trained, and how it is measured."""

    title: str
    contenders: dict[str, tuple[Callable, int]]  # name -> seed to model, batch size
    families: tuple[str, ...]  # the registered ones among them
    measure: Callable  # model, Frechet -> numbers at each budget
    metric: str = "frechet"  # the number that is plotted
    finish: Callable = nothing_more  # model, Frechet -> numbers at the end


def default(name: str) -> Callable:
    """Seed -> the compiled default model of a registered family, for labelled digits."""
    return functools.partial(conditional, name)


COMPARISONS = {
    "gan": Comparison(
        "GAN",
        {
            "course": (functools.partial(unconditional, "gan"), 64),
            "tutorial": (tutorial_gan, 256),
        },
        ("gan",),
        measure_gan,
    ),
    "vae": Comparison(
        "VAE",
        {
            "course": (functools.partial(unconditional, "vae"), 64),
            "tutorial networks": (tutorial_vae, 128),
        },
        ("vae",),
        measure_vae,
        metric="negative_elbo",
        finish=finish_vae,
    ),
    "tokens": Comparison(
        "Token models",
        {
            "image GPT": (default("image_gpt"), 64),
            "MaskGIT, 8 steps": (default("maskgit"), 64),
            "next-scale": (default("next_scale"), 64),
        },
        ("image_gpt", "maskgit", "next_scale"),
        measure_conditional,
    ),
    "diffusion": Comparison(
        "Diffusion",
        {"latent diffusion, 20 steps": (default("diffusion"), 256)},
        ("diffusion",),
        measure_conditional,
        finish=finish_latents,
    ),
    "mean_flow": Comparison(
        "MeanFlow",
        {"MeanFlow, 1 step": (default("mean_flow"), 256)},
        ("mean_flow",),
        measure_conditional,
        finish=finish_latents,
    ),
}
"""Those of the course: a reference, a metric or a batch size of their own."""


def comparisons() -> dict[str, Comparison]:
    """Those of the course, and each registered family that is in none of them by itself."""
    compared = {name for comparison in COMPARISONS.values() for name in comparison.families}
    return COMPARISONS | {
        name: Comparison(
            family.title, {family.title: (default(name), 64)}, (name,), measure_conditional
        )
        for name, family in models.FAMILIES.items()
        if name not in compared
    }


LABELS = {
    "frechet": "Frechet distance, 10,000 samples",
    "negative_elbo": "negative ELBO, nats per binarised test image",
}


def compare(name: str, comparison: Comparison, budgets: list[float], seed: int) -> None:
    """Trains and measures every contender, and writes the numbers and their plot."""
    import _references

    frechet = Frechet(_references.independent_classifier(), mnist().test_images)
    floor = frechet(mnist().train_images[:SAMPLES])
    print(f"real-vs-real floor of the Frechet distance: {floor:.2f}")
    result = {
        "floor": floor,
        "runs": {
            contender: train(*built, comparison, frechet, budgets, seed)
            for contender, built in comparison.contenders.items()
        },
        "seed": seed,
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}",
    }
    write_json(BENCHMARKS / f"{name}_quality.json", result)
    plot(name, comparison, result)


def train(
    build, batch_size: int, comparison: Comparison, frechet, budgets: list[float], seed: int
) -> dict:
    """Trains one contender up to each budget in turn, and measures it there."""
    import keras

    keras.utils.set_random_seed(seed)
    start = time.process_time()
    model = build(seed)
    # a tokenizer is trained with the first of the seconds
    used = time.process_time() - start
    points = []
    labels = mnist().train_labels if model.num_classes else None
    for budget in sorted(budgets):
        images = mnist().train_images
        used += fit_within(model, budget - used, images, labels, batch_size=batch_size, verbose=0)
        numbers = comparison.measure(model, frechet)
        points.append({"cpu_seconds": used, "steps": model.step, **numbers})
        print(points[-1], flush=True)
    final = {"parameters": trained_parameters(model), **comparison.finish(model, frechet)}
    print(final, flush=True)
    return {"points": points, **final}


def trained_parameters(model) -> list[int]:
    """The sizes of the networks that were trained; an average of a GAN's generator is not."""
    networks = model.layers[:2] if isinstance(model, models.GAN) else model.layers
    trained = [network.count_params() for network in networks]
    if hasattr(model, "tokenizer"):
        trained.append(model.tokenizer.count_params())
    return trained


def plot(name: str, comparison: Comparison, result: dict) -> None:
    """Draws quality over training time into benchmarks/NAME_quality.png."""
    from matplotlib import pyplot as plt

    figure, axis = plt.subplots(figsize=(6, 4), layout="constrained")
    for (contender, run), style in zip(result["runs"].items(), ("o-", "s--", "^:"), strict=False):
        axis.plot(
            [p["cpu_seconds"] for p in run["points"]],
            [p[comparison.metric] for p in run["points"]],
            style,
            label=contender,
        )
    if comparison.metric == "frechet":
        axis.axhline(result["floor"], color="grey", linestyle=":", label="real against real")
        axis.set_yscale("log")
    axis.set(
        xlabel="training, CPU-seconds",
        ylabel=LABELS[comparison.metric],
        title=f"{comparison.title}: quality per CPU-second on two cores",
    )
    axis.legend()
    figure.savefig(BENCHMARKS / f"{name}_quality.png", dpi=120)


# --- text encoders --------------------------------------------------------------------------------


def text_encoder(name: str):
    """Builds a text encoder by its name in `TEXT_ENCODERS`."""
    encoder, options = TEXT_ENCODERS[name]
    return getattr(models.text_encoders, encoder)(**options)


TEXT_ENCODERS = {  # name -> its name in genimg_lib.models.text_encoders, options
    "digit label": ("DigitEncoder", {}),
    "words": ("WordEncoder", {}),
    "states": ("smollm2_states", {}),
    "mean of states": ("smollm2_states", {"pooled": True}),
}


def measure_text(model) -> dict:
    """Per list of captions: the share of right digits, and for each attribute the share of
    pictures that have it.
    """
    measured = {}
    for kind in ("seen", "held out", "other words"):
        for language in LANGUAGES:
            captions = models.text_encoders.stored_captions(f"{kind}, {language}") * 2
            if kind == "other words":
                if model.text.vocabulary_size is not None:
                    continue  # a table of words has no entry for them, and says so
                facts = np.tile(models.text_encoders.facts_of_other_words(language), (2, 1))
            else:
                facts = parse(captions)
            images = model.generate(len(captions), captions, seed=1)
            right = {
                "digit": evaluation.metrics.predict_labels(normalise(images)) == facts[:, 0],
                **fulfilled(images, facts),
            }
            measured[f"{kind}, {language}"] = shares(right)
    return measured


def measure_text_encoders(names: list[str], cpu_seconds: float) -> None:
    """Trains text to image once with each text encoder, and adds the numbers to text.json."""
    import keras

    path = BENCHMARKS / "text.json"
    images, captions = stored_captions_of_digits()
    tokenizer = evaluation.pretrained.load("varied_tokenizer")
    for name in names:
        keras.utils.set_random_seed(0)
        model = compiled(models.TextToImage(tokenizer, text_encoder(name), seed=0))
        seconds = fit_within(model, cpu_seconds, images, captions, verbose=2)
        found = {
            "CPU-seconds": round(seconds),
            "steps": model.step,
            "parameters": model.count_params(),
            **measure_text(model),
        }
        print(name, found, flush=True)
        write_json(path, read_json(path) | {name: found})


def main() -> None:
    parser = command_line(__doc__)
    parser.add_argument("comparison", help="text, or what is compared: a registered family joins")
    parser.add_argument(
        "encoders", nargs="*", help=f"of text: among {', '.join(TEXT_ENCODERS)}; all unless named"
    )
    parser.add_argument(
        "--budgets", type=float, nargs="+", default=[30, 60, 120, 240], help="CPU-seconds"
    )
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=120, help="of text: for each encoder")
    options = parser.parse_args()
    lesson.start()
    if options.comparison == "text":
        names = chosen(parser, options.encoders, TEXT_ENCODERS)
        measure_text_encoders(names, options.seconds)
    else:
        known = comparisons()
        chosen(parser, [options.comparison, *options.encoders], [*known, "text"])
        compare(options.comparison, known[options.comparison], options.budgets, options.seed)


if __name__ == "__main__":
    main()
