"""Measures what models give away about their training set, and a watermark in tokens.

    uv run tools/measure_trust.py                          # all parts: about 12 CPU-minutes
    uv run tools/measure_trust.py membership --seeds 0     # one part, one seed

Image GPT and diffusion are trained on the same 1,000 images for the same CPU time, and attacked by
their losses. Tokenizer and VAE are the shipped ones: they saw members and others alike. Writes
benchmarks/trust.json, which lesson 72 reads and which keeps what was measured before.
"""

import json
import math

import numpy as np
from _shared import BENCHMARKS, chosen, command_line, fit_within, mnist, read_json, write_json
from PIL import Image

from genimg_lib import evaluation, lesson, models, nn
from genimg_lib.data import DIGIT_NAMES

STAGES = (10, 20, 40)
"""CPU-seconds of training after which a model is attacked."""

SIZES = (250, 1000, 4000)
ONSET_SECONDS = 20
GENERATED = 500
ROC_RATES = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)

KEYS = (11, 12, 13)
STRENGTHS = (2.0, 4.0)
MARKED = 1000
FRACTION = 0.25
SETS = (1, 3, 10, 30)
"""Re-encoded images that are tested together."""

CARD = {
    "command": "uv run tools/measure_trust.py",
    "data": "MNIST: members and others are training images, chosen at random by the seed",
    "models": "image GPT and diffusion with their default settings and the ten classes, on the "
    "shipped tokenizer and VAE; each image is shown as often as the CPU time allows",
    "attacks": "loss: -log p(tokens | class), or the velocity error of 20 shared noises at times "
    "0.5 to 0.9; calibrated: minus the same loss of the shipped model, trained on all 60,000",
    "licence": "Apache-2.0",
}


# --- membership -----------------------------------------------------------------------------------


def fresh(name: str, seed: int):
    """An untrained image GPT or diffusion model on the shipped tokenizer or VAE, compiled."""
    import keras

    keras.utils.set_random_seed(seed)
    if name == "image GPT":
        tokenizer = evaluation.pretrained.load("tokenizer")
        model = models.ImageGPT(tokenizer, class_names=DIGIT_NAMES, seed=seed)
    else:
        codec = evaluation.pretrained.load("diffusion").vae
        model = models.Diffusion(codec, class_names=DIGIT_NAMES, seed=seed)
    model.compile()
    return model


SHIPPED = {"image GPT": "image_gpt", "diffusion": "diffusion"}


def losses(model, rows) -> np.ndarray:
    """The loss of each of the training images `rows`: nats, or an error of the velocity."""
    images, labels = mnist().train_images[rows], mnist().train_labels[rows]
    if isinstance(model, models.ImageGPT):
        return -model.log_likelihood(images, labels)
    return evaluation.membership.denoising_errors(model, images, labels)


def train(model, rows, cpu_seconds: float) -> float:
    """Trains on the images `rows`, repeated to make longer epochs; returns CPU-seconds."""
    repeated = np.tile(rows, math.ceil(16_000 / len(rows)))
    images, labels = mnist().train_images[repeated], mnist().train_labels[repeated]
    return fit_within(model, cpu_seconds, images, labels, verbose=0)


def attacked(name: str, model, members, others) -> dict:
    """What both attacks find, and how far the two groups' mean losses are apart."""
    reference = evaluation.pretrained.load(SHIPPED[name])
    found = {}
    groups = [losses(model, rows) for rows in (members, others)]
    for attack in ("loss", "calibrated"):
        if attack == "calibrated":
            groups = [
                own - losses(reference, rows)
                for own, rows in zip(groups, (members, others), strict=True)
            ]
        false, true = evaluation.membership.roc(*groups)
        found[attack] = {
            "members": round(float(groups[0].mean()), 4),
            "others": round(float(groups[1].mean()), 4),
            "rate at 1 %": round(evaluation.membership.true_positive_rate(*groups), 4),
            "area": round(float(np.trapezoid(true, false)), 4),
            "roc": [round(float(true[false <= rate].max()), 4) for rate in ROC_RATES],
        }
    return found


def copied(images, members, others) -> dict:
    """Copies of members among generated images, and the floor: among held-out ones."""
    images_of = mnist().train_images
    return {
        "generated": round(evaluation.copies.nearest(images, images_of[members]).copies, 4),
        "held out": round(
            evaluation.copies.nearest(images_of[others[:GENERATED]], images_of[members]).copies, 4
        ),
    }


def split(seed: int, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Rows of so many members and of 1,000 others."""
    rows = np.random.default_rng(seed).permutation(len(mnist().train_images))
    return rows[:count], rows[-1000:]


def measure_membership(seeds):
    """Yields the name and the result of each model and seed."""
    for seed in seeds:
        members, others = split(seed, 1000)
        for name in SHIPPED:
            model = fresh(name, seed)
            stages = []
            used = 0.0
            for seconds in STAGES:
                used += train(model, members, seconds - used)
                stage = attacked(name, model, members, others)
                stages.append({"CPU-seconds": round(used, 1), "steps": model.step} | stage)
                print(name, seed, json.dumps(stages[-1]), flush=True)
            generated = model.generate(GENERATED, np.arange(GENERATED) % 10, seed=1)
            found = {"copies": copied(generated, members, others), "stages": stages}
            found["parameters"] = model.count_params()
            print(name, seed, found["copies"], flush=True)
            yield f"{name}, seed {seed}", found


def measure_onset(seeds):
    """As `measure_membership`, over the number of training images, for the first seed."""
    for count in SIZES:
        members, others = split(seeds[0], count)
        for name in SHIPPED:
            model = fresh(name, seeds[0])
            train(model, members, ONSET_SECONDS)
            generated = model.generate(GENERATED, np.arange(GENERATED) % 10, seed=1)
            found = attacked(name, model, members[:1000], others)
            found["copies"] = copied(generated, members, others)
            print(name, count, json.dumps(found), flush=True)
            yield f"{name}, {count} images", found


# --- the watermark --------------------------------------------------------------------------------


def changes() -> dict:
    """What may happen to an image before somebody looks for its mark."""
    random = np.random.default_rng(0)

    def noise(images):
        noisy = images + random.normal(0, 25, images.shape)
        return np.clip(np.round(noisy), 0, 255).astype(np.uint8)

    def crop(images):
        """Two pixels off each side, and back to the old size."""
        cut = [Image.fromarray(image[2:-2, 2:-2, 0]).resize((28, 28)) for image in images]
        return np.stack([np.asarray(image)[..., None] for image in cut])

    return {
        "re-encoded": lambda images: images,
        "noise of 25 levels": noise,
        "shifted by 1 pixel": lambda images: np.roll(images, 1, axis=2),
        "shifted by 4 pixels": lambda images: np.roll(images, 4, axis=2),
        "cropped by 2 pixels": crop,
    }


def seen(detection) -> dict:
    """Of a set of images: mean z, the share above 4, and the mean number of counted pairs."""
    return {
        "z": round(float(detection.z.mean()), 3),
        "found": round(float(np.mean(detection.z > 4)), 4),
        "counted": round(float(detection.counted.mean()), 2),
    }


def z_of_sets(mark, tokens) -> dict:
    """The mean z of sets of images that are tested together, by the size of a set."""
    found = {}
    for size in SETS:
        starts = range(0, len(tokens) - size + 1, size)
        z = [mark.detect_together(tokens[start : start + size]).z[0] for start in starts]
        found[str(size)] = round(float(np.mean(z)), 3)
    return found


def measure_watermark(seeds):
    """Yields names and results: without a mark, and for each context and strength."""
    gpt = evaluation.pretrained.load("image_gpt")
    tokenizer = gpt.tokenizer
    labels = np.arange(MARKED) % 10
    free = np.full((MARKED, tokenizer.length), -1)
    order = np.random.default_rng(0).permutation(len(mnist().test_images))
    reference = evaluation.metrics.features(mnist().test_images[order[:5000]])
    real = tokenizer.encode(mnist().test_images[order[5000 : 5000 + MARKED]])

    def quality(images):
        distance = evaluation.metrics.frechet_distance(
            evaluation.metrics.features(images), reference
        )
        return {
            "distance": round(distance, 3),
            "agreement": round(evaluation.metrics.class_agreement(images, labels), 4),
        }

    yield "settings", {"fraction": FRACTION, "images": MARKED, "keys": list(KEYS)}
    plain = [np.asarray(gpt.draw(free, labels, seed=key)) for key in KEYS]
    yield "without", [quality(tokenizer.decode(tokens)) for tokens in plain]
    again = tokenizer.encode(tokenizer.decode(plain[0]))
    kept = again == plain[0]
    yield "tokens kept by re-encoding", round(float(kept.mean()), 4)
    pairs = kept[:, 1:] & kept[:, :-1]
    yield "pairs kept by re-encoding", round(float(pairs.mean()), 4)
    for context in ("previous", "place", "none"):
        for strength in STRENGTHS:
            rows = []
            for key, unmarked in zip(KEYS, plain, strict=True):
                mark = nn.Watermark(
                    key,
                    tokenizer.vocabulary_size,
                    tokenizer.length,
                    fraction=FRACTION,
                    strength=strength,
                    context=context,
                )
                tokens = np.asarray(gpt.draw(free, labels, seed=key, watermark=mark))
                images = tokenizer.decode(tokens)
                row = {"key": key, "tokens": seen(mark.detect(tokens))} | quality(images)
                for name, change in changes().items():
                    row[name] = seen(mark.detect(tokenizer.encode(change(images))))
                row["sets, re-encoded"] = z_of_sets(mark, tokenizer.encode(images)[:300])
                row["without"] = seen(mark.detect(unmarked))
                row["real"] = seen(mark.detect(real))
                rows.append(row)
                print(context, strength, json.dumps(row), flush=True)
            yield f"{context}, {strength:g}", rows


PARTS = {
    "membership": measure_membership,
    "onset": measure_onset,
    "watermark": measure_watermark,
}


def main() -> None:
    parser = command_line(__doc__)
    parser.add_argument("parts", nargs="*", help=f"of {', '.join(PARTS)}; all unless told")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    options = parser.parse_args()
    lesson.start()
    path = BENCHMARKS / "trust.json"
    for part in chosen(parser, options.parts, PARTS):
        for name, found in PARTS[part](options.seeds):
            table = read_json(path)
            table[part] = table.get(part, {}) | {name: found}
            write_json(path, {"card": CARD} | table)


if __name__ == "__main__":
    main()
