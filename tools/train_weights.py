"""Trains the small weights that the course ships, and writes each with its card.

    uv run tools/train_weights.py                       # all, about two CPU-hours
    uv run tools/train_weights.py vae conditional_gan   # some
    uv run tools/train_weights.py text_flow --seconds 7200 --backup build/flow   # longer

With `--backup` a run writes its state into that folder after every epoch, and one with the same
folder goes on from there; `--seconds` are those of all these runs together.

Budgets are CPU-seconds of this process, so that a card's numbers mean the same on another machine.
"""

import math
import time
from pathlib import Path

import numpy as np
from _shared import (
    captioned_emoji,
    chosen,
    command_line,
    drawn_from_names,
    emoji,
    emoji_part,
    fit_within,
    mnist,
    naming,
    shares,
    stored_captions_of_digits,
    train_codec,
)

from genimg_lib import evaluation, lesson, models, nn
from genimg_lib.data import DIGIT_NAMES, fulfilled, measured_facts, normalise, vary
from genimg_lib.data.captions import LANGUAGES, captioned_digits, parse, understood

TOKENIZERS = {  # name -> its builder in genimg_lib.models
    "tokenizer": "Tokenizer",
    "coarse_tokenizer": "coarse_tokenizer",
    "scale_tokenizer": "scale_tokenizer",
}

TOKEN_GENERATORS = {  # name -> class in genimg_lib.models, shipped tokenizer
    "image_gpt": ("ImageGPT", "tokenizer"),
    "maskgit": ("MaskGIT", "coarse_tokenizer"),
    "next_scale": ("NextScale", "scale_tokenizer"),
}

LATENT_GENERATORS = {  # name -> class in genimg_lib.models, options of `generate` that are measured
    "diffusion": (
        "Diffusion",
        {
            f"{steps} steps, guidance {guidance}": {"steps": steps, "guidance": guidance}
            for steps, guidance in ((8, 1.0), (20, 1.0), (50, 1.0), (20, 1.5))
        },
    ),
    "mean_flow": ("MeanFlow", {"1 step": {"steps": 1}, "4 steps": {"steps": 4}}),
}

MNIST = "MNIST, the 60,000 training images"
EMOJI = "the 9,075 training pictures of genimg_lib.data.load_emoji"

COLOUR_TOKENIZERS = {  # name -> codes for each patch; at the end: copies of the data, steps, rate
    "colour_tokenizer": (4, ((2, 4500, 1e-3), (4, 3000, 7e-4))),
    "coarse_colour_tokenizer": (1, ((2, 2000, 1e-3), (4, 1000, 5e-4))),
}

NAMER_SEEDS = {"emoji_namer": 2, "emoji_judge": 1}

TEXT_SIZES = {"width": 96, "heads": 3}
EMOJI_TEXT_SIZES = {"width": 128, "heads": 4}
TEXT_ENCODERS = {  # name -> text encoder in genimg_lib.models.text_encoders, what it is trained on
    "text_to_image": (
        "WordEncoder",
        lambda: captioned_digits(mnist().train_images, mnist().train_labels, 0),
    ),
    "text_to_image_states": ("smollm2_states", stored_captions_of_digits),
}


def shifted(images: np.ndarray, random) -> np.ndarray:
    """The images, each moved by up to one pixel in both directions."""
    shifts = random.integers(-1, 2, size=(len(images), 2))
    moved = np.empty_like(images)
    for shift in {tuple(s) for s in shifts}:
        rows = (shifts == shift).all(axis=1)
        moved[rows] = np.roll(images[rows], shift, axis=(1, 2))
    return moved


def turned(images: np.ndarray, random) -> np.ndarray:
    """Square images, each mirrored or not, turned by a multiple of 90 degrees, and with its
    channels in another order.
    """
    made = np.empty_like(images)
    for row, image in enumerate(images):
        image = image[:, :: random.choice([-1, 1])]
        made[row] = np.rot90(image, random.integers(4))[..., random.permutation(3)]
    return made


def train_classifier(name: str, budget: float) -> None:
    """Classifier with 1-pixel shifts, so that its features do not depend on the exact position
    of a stroke. Eight epochs, whatever the budget.
    """
    import keras

    digits = mnist()
    keras.utils.set_random_seed(1)
    model = models.build_classifier()
    epochs = 8
    batch_size = 128
    steps = epochs * math.ceil(len(digits.train_images) / batch_size)
    schedule = keras.optimizers.schedules.CosineDecay(2e-3, steps)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(schedule), loss=[None, loss], metrics=[None, "accuracy"])
    start = time.process_time()
    random = np.random.default_rng(1)
    for _ in range(epochs):
        images = shifted(digits.train_images, random)
        model.fit(images, digits.train_labels, batch_size=batch_size, verbose=2)
    seconds = time.process_time() - start
    shipped = as_shipped(model, models.build_classifier())
    logits = shipped.predict(digits.test_images, verbose=0)[1]
    accuracy = float(np.mean(logits.argmax(axis=1) == digits.test_labels))
    measured = {"test accuracy": round(accuracy, 4)}
    write(name, shipped, models.build_classifier, {}, 1, seconds, measured)


def train_vae(name: str, budget: float) -> None:
    model, seconds = fit(models.VAE(seed=0), budget)
    elbo = model.evaluate(mnist().test_images, verbose=0)
    model.fit_prior(mnist().train_images[:20000], seed=0)
    shipped = as_shipped(model, models.VAE())
    measured = {key: round(float(value), 2) for key, value in elbo.items()}
    for prior in ("standard", "fitted"):
        measured[f"{prior} prior"] = measure(shipped, prior=prior)
    write(name, shipped, models.VAE, {}, 0, seconds, measured)


def train_gan(name: str, budget: float) -> None:
    config = {"class_names": DIGIT_NAMES} if name.startswith("conditional") else {}
    model, seconds = fit(models.GAN(seed=0, **config), budget)
    shipped = as_shipped(model, models.GAN(**config))
    write(name, shipped, models.GAN, config, 0, seconds, measure(shipped))


def train_family(name: str, budget: float) -> None:
    """A registered family without a codec, conditional, measured in each of its ways.

    One with a codec is trained by a function of its own: the card has to say where the codec
    comes from.
    """
    family = next(each for each in models.FAMILIES.values() if each.weights == name)
    config = {"class_names": DIGIT_NAMES}
    model, seconds = fit(family.model(seed=0, **config), budget)
    shipped = as_shipped(model, family.model(**config))
    measured = {
        family.title + addition: measure(shipped, **way.options)
        for addition, way in family.ways.items()
    }
    write(name, shipped, family.model, config, 0, seconds, measured)


def train_tokenizer(name: str, budget: float) -> None:
    builder = getattr(models, TOKENIZERS[name])
    model, seconds = fit(builder(seed=0), budget)
    shipped = as_shipped(model, builder())
    tokens = shipped.encode(mnist().test_images)
    share, perplexity = nn.codebook_usage(tokens, shipped.vocabulary_size)
    shipped.compile()
    measured = {
        "reconstruction, nats per test image": round(
            float(shipped.evaluate(mnist().test_images, verbose=0)["reconstruction"]), 2
        ),
        "tokens used": round(share, 3),
        "perplexity": round(perplexity, 1),
        "reconstructions": measure_images(shipped.decode(tokens)),
    }
    write(name, as_shipped(model, builder()), builder, {}, 0, seconds, measured)


def train_varied_tokenizer(name: str, budget: float) -> None:
    """The tokenizer of text to image: for digits that also differ in size, place and ink."""
    model, seconds = fit(models.Tokenizer(seed=0), budget, vary(mnist().train_images, 0))
    shipped = as_shipped(model, models.Tokenizer())
    varied = vary(mnist().test_images, 1)
    facts = measured_facts(varied, mnist().test_labels)
    reconstructions = shipped.reconstruct(varied)
    measured = {
        "digit agreement of varied test images": digit_agreement(varied, mnist().test_labels)
    }
    measured["reconstructions"] = fulfilment(reconstructions, facts)
    write(name, shipped, models.Tokenizer, {}, 0, seconds, measured)


def train_colour_tokenizer(name: str, budget: float) -> None:
    """The tokenizer of emoji, in batches of 32: more steps learn more than larger ones.

    It also sees five turned and recoloured copies of each picture. Without them it kept training
    pictures at 26.5 dB, but those of unseen concepts only at 24.1.
    """
    groups, annealing = COLOUR_TOKENIZERS[name]
    training = emoji_part("training")
    images = emoji().images[training]
    random = np.random.default_rng(0)
    images = np.concatenate([images, *(turned(images, random) for _ in range(5))])
    model = models.colour_tokenizer(groups=groups, seed=0)
    model, seconds = fit(model, budget, images, batch_size=32)
    start = time.process_time()
    for copies, steps, rate in annealing:
        anneal(model, images[: copies * len(training)], steps=steps, rate=rate)
    ship_colour_tokenizer(name, model, seconds + time.process_time() - start)


def anneal(model, images: np.ndarray, *, steps: int, rate: float) -> None:
    """Trains on, in batches of 32, at a rate that falls to zero."""
    import keras

    model.compile(keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(rate, steps)))
    epochs = math.ceil(steps / (len(images) // 32))
    model.fit(images, batch_size=32, epochs=epochs, steps_per_epoch=steps // epochs, verbose=2)


def ship_colour_tokenizer(name: str, model, seconds: float) -> None:
    """Measures the tokenizer and writes it with its card."""
    training, unseen = emoji_part("training"), emoji_part("unseen concept")
    config = {"groups": model.groups}
    shipped = as_shipped(model, models.colour_tokenizer(**config))
    tokens = shipped.encode(emoji().images[training])
    share, perplexity = nn.codebook_usage(tokens, shipped.vocabulary_size)
    measured = {"tokens used": round(share, 3), "perplexity": round(perplexity, 1)}
    for part, rows in (("training", training[::10]), ("unseen concepts", unseen)):
        images = emoji().images[rows]
        measured[f"PSNR, {part}"] = round(
            evaluation.metrics.psnr(shipped.reconstruct(images), images), 2
        )
    write(name, shipped, models.colour_tokenizer, config, 0, seconds, measured, data=EMOJI)


def train_namer(name: str, budget: float) -> None:
    """The namer, or with another seed its independent twin, on pictures moved by up to two pixels.

    The twin is for benchmarks of models that the namer helped to choose, and learns for longer.
    """
    import keras

    training = emoji_part("training")
    labels = list(zip(emoji().concepts[training], emoji().styles[training], strict=True))
    random = np.random.default_rng(NAMER_SEEDS[name])
    images = emoji().images[training]
    moved = [shifted(shifted(images, random), random) for _ in range(4)]
    model, seconds = fit(
        models.Namer(seed=NAMER_SEEDS[name]), budget, np.concatenate(moved), labels * 4
    )
    # the last steps at a lower rate, on the pictures where they are
    model.compile(keras.optimizers.Adam(5e-4, use_ema=True, ema_momentum=0.99))
    seconds += fit_within(model, budget / 5, images, labels, verbose=2)
    shipped = as_shipped(model, models.Namer())
    measured = {}
    for part in ("training", "unseen concept", "unseen style", "unseen tone", "unseen gender"):
        rows = emoji_part(part)[:: 5 if part == "training" else 1]
        measured[part] = naming(shipped, emoji().images[rows], rows)
    write(name, shipped, models.Namer, {}, NAMER_SEEDS[name], seconds, measured, data=EMOJI)


def known_words(writer) -> dict:
    """What the namer sees in pictures of names from the training part, by language."""
    namer = evaluation.pretrained.load("emoji_namer")
    rows = emoji_part("training")[::45]
    drawn = drawn_from_names(writer, rows)
    return {f"known words, {language}": naming(namer, drawn[language], rows) for language in drawn}


def cooled(model, fresh, pictures, *, steps: int, rate: float) -> tuple:
    """Trains for more steps at a rate that falls to zero, in the model `fresh`, since one that went
    on from a backup would also count its epochs on; returns it and the CPU-seconds.
    """
    import keras

    start = time.process_time()
    fresh.set_weights(model.get_weights())
    optimizer = fresh.default_optimizer()
    optimizer.learning_rate = keras.optimizers.schedules.CosineDecay(rate, steps)
    fresh.compile(optimizer)
    fresh.fit(*pictures, epochs=steps // 200, steps_per_epoch=200, verbose=2)
    return fresh, time.process_time() - start


def train_text_flow(name: str, budget: float, backup: Path | None = None) -> None:
    """After the budget come 3,000 steps at a rate that falls to zero."""
    pictures = captioned_emoji()
    encoder = models.text_encoders.FreeWordEncoder()
    model, seconds = fit(
        models.TextFlow(encoder, seed=0), budget, *pictures, steps_per_epoch=200, backup=backup
    )
    model, more = cooled(model, models.TextFlow(encoder, seed=1), pictures, steps=3000, rate=2e-3)
    shipped = as_shipped(model, models.TextFlow(encoder))
    config = {"text": "FreeWordEncoder"}
    measured = known_words(shipped)
    write(name, shipped, models.TextFlow, config, 0, seconds + more, measured, data=EMOJI)


def train_text_to_emoji(name: str, budget: float) -> None:
    """The writer of tokens in colour, from the words that `text_flow` reads. After the budget come
    400 steps at a rate that falls to zero.
    """
    config = {"tokenizer": "coarse_colour_tokenizer", "text": "FreeWordEncoder"} | EMOJI_TEXT_SIZES
    tokenizer = evaluation.pretrained.load(config["tokenizer"])
    encoder = models.text_encoders.FreeWordEncoder()

    def new(**options):
        return models.TextToImage(tokenizer, encoder, **EMOJI_TEXT_SIZES, **options)

    pictures = captioned_emoji()
    model, seconds = fit(new(seed=0), budget, *pictures, steps_per_epoch=200)
    model, more = cooled(model, new(seed=1), pictures, steps=400, rate=4e-3)
    shipped = as_shipped(model, new())
    measured = known_words(shipped)
    write(name, shipped, models.TextToImage, config, 0, seconds + more, measured, data=EMOJI)


def train_text_to_image(name: str, budget: float) -> None:
    text, training_set = TEXT_ENCODERS[name]
    encoder = getattr(models.text_encoders, text)
    config = {"tokenizer": "varied_tokenizer", "text": text, **TEXT_SIZES}
    tokenizer = evaluation.pretrained.load(config["tokenizer"])
    model, seconds = fit(
        models.TextToImage(tokenizer, encoder(), seed=0, **TEXT_SIZES), budget, *training_set()
    )
    shipped = as_shipped(model, models.TextToImage(tokenizer, encoder(), **TEXT_SIZES))
    measured = {}
    for kind in ("seen", "held out"):
        for language in LANGUAGES:
            captions = models.text_encoders.stored_captions(f"{kind}, {language}")
            facts = parse(captions * 8)
            measured[f"{kind}, {language}"] = fulfilment(
                shipped.generate(len(facts), captions * 8, seed=1), facts
            )
    write(name, shipped, models.TextToImage, config, 0, seconds, measured)


def train_captioner(name: str, budget: float) -> None:
    config = {"tokenizer": "varied_tokenizer", **TEXT_SIZES}
    tokenizer = evaluation.pretrained.load(config["tokenizer"])
    model = models.Captioner(tokenizer, seed=0, **TEXT_SIZES)
    model, seconds = fit(
        model,
        budget,
        *captioned_digits(mnist().train_images, mnist().train_labels, 1, fewest=6, most=6),
    )
    shipped = as_shipped(model, models.Captioner(tokenizer, **TEXT_SIZES))
    varied = vary(mnist().test_images[:2000], 1)
    measured = {}
    for language in LANGUAGES:
        said = understood(shipped.describe(varied, language))
        measured[language] = {
            "digit": round(float(np.mean(said[:, 0] == mnist().test_labels[:2000])), 3),
            **shares(fulfilled(varied, said)),
        }
    write(name, shipped, models.Captioner, config, 0, seconds, measured)


def fulfilment(images, facts) -> dict:
    """Digit agreement and the share of images that have each attribute that was said."""
    return {
        "digit": digit_agreement(images, facts[:, 0]),
        **shares(fulfilled(images, facts)),
    }


def digit_agreement(images, labels) -> float:
    return round(evaluation.metrics.class_agreement(normalise(images), labels), 4)


def train_token_generator(name: str, budget: float) -> None:
    family, tokenizer = TOKEN_GENERATORS[name]
    builder = getattr(models, family)
    config = {"class_names": DIGIT_NAMES}
    model, seconds = fit(builder(evaluation.pretrained.load(tokenizer), seed=0, **config), budget)
    shipped = as_shipped(model, builder(model.tokenizer, **config))
    measured = {
        f"guidance {guidance}": measure(shipped, guidance=guidance) for guidance in (1.0, 1.5)
    }
    write(name, shipped, builder, {"tokenizer": tokenizer, **config}, 0, seconds, measured)


def train_latent_generator(name: str, budget: float) -> None:
    """A third of the time for the VAE whose latents it learns."""
    family, ways = LATENT_GENERATORS[name]
    builder = getattr(models, family)
    config = {"class_names": DIGIT_NAMES}
    codec, codec_seconds = train_codec(budget / 3, seed=0, verbose=2)
    model, seconds = fit(builder(codec, seed=0, **config), budget - codec_seconds)
    shipped = as_shipped(model, builder(**config))
    measured = {"reconstructions": measure_images(shipped.vae.reconstruct(mnist().test_images))}
    for way, options in ways.items():
        measured[way] = measure(shipped, **options)
    write(name, shipped, builder, config, 0, codec_seconds + seconds, measured)


def fit(model, budget: float, images=None, targets=None, **options):
    """Trains on MNIST, or on the images and captions given; returns the model and CPU-seconds."""
    import keras

    keras.utils.set_random_seed(0)
    model.compile()
    if images is None:
        images = mnist().train_images
    if model.num_classes:
        targets = mnist().train_labels
    return model, fit_within(model, budget, images, targets, verbose=2, **options)


def measure(model, **options) -> dict:
    labels = np.arange(10000) % 10 if model.num_classes else None
    return measure_images(model.generate(10000, labels, seed=1, **options), labels)


def measure_images(images, labels=None) -> dict:
    ours, floor = evaluation.metrics.score(
        images,
        mnist().train_images[:20000],
        labels=labels,
        reference_labels=mnist().train_labels[:20000],
    )
    return {"score": rounded(ours), "floor": rounded(floor)}


def rounded(score) -> dict:
    values = score._asdict()
    extractor = values.pop("extractor")
    numbers = {name: round(value, 4) for name, value in values.items() if not math.isnan(value)}
    return {**numbers, "extractor": extractor}


def as_shipped(model, fresh):
    """A new, uncompiled model with the weights of `model` as the file will hold them: rounded to
    16 bits.
    """
    for target, source in zip(fresh.variables, model.variables, strict=True):
        value = np.asarray(source)
        target.assign(value.astype(np.float16) if value.dtype == np.float32 else value)
    return fresh


def write(name, shipped, builder, config, seed, seconds, measured, *, data=MNIST) -> None:
    description = {
        "builder": builder.__name__,
        "config": config,
        "data": data,
        "seed": seed,
        "training CPU-seconds": round(seconds),
        "parameters": shipped.count_params(),
        "measured": measured,
        "command": f"uv run tools/train_weights.py {name}",
        "licence": "Apache-2.0",
    }
    evaluation.pretrained.save(name, shipped, description)
    print(name, description["measured"])


TRAINERS = {
    "classifier": (train_classifier, 0),
    "vae": (train_vae, 300),
    "gan": (train_gan, 420),
    "conditional_gan": (train_gan, 300),
    "tokenizer": (train_tokenizer, 50),
    "image_gpt": (train_token_generator, 250),
    "coarse_tokenizer": (train_tokenizer, 50),
    "maskgit": (train_token_generator, 250),
    "scale_tokenizer": (train_tokenizer, 50),
    "next_scale": (train_token_generator, 250),
    "diffusion": (train_latent_generator, 300),
    "mean_flow": (train_latent_generator, 300),
    "varied_tokenizer": (train_varied_tokenizer, 120),
    "colour_tokenizer": (train_colour_tokenizer, 330),
    "coarse_colour_tokenizer": (train_colour_tokenizer, 120),
    "emoji_namer": (train_namer, 240),
    "emoji_judge": (train_namer, 600),
    "text_flow": (train_text_flow, 2700),
    "text_to_emoji": (train_text_to_emoji, 1500),
    "text_to_image": (train_text_to_image, 1500),
    "text_to_image_states": (train_text_to_image, 600),
    "captioner": (train_captioner, 900),
}
"""Name -> function, CPU-seconds: what is measured in a way of its own, or needs a codec."""

FAMILY_SECONDS = 300


def trainers() -> dict:
    """Those above, and `train_family` for every other family that ships weights."""
    registered = {family.weights for family in models.FAMILIES.values()} - {None}
    others = sorted(registered - TRAINERS.keys())
    return TRAINERS | {name: (train_family, FAMILY_SECONDS) for name in others}


def main() -> None:
    parser = command_line(__doc__)
    parser.add_argument("names", nargs="*", help="of the weights; all unless named")
    parser.add_argument("--seconds", type=float, help="CPU-seconds, in place of the usual ones")
    parser.add_argument("--backup", type=Path, help="folder, for text_flow alone")
    arguments = parser.parse_args()
    if arguments.backup and arguments.names != ["text_flow"]:
        parser.error("--backup is for text_flow alone")
    lesson.start()
    known = trainers()
    for name in chosen(parser, arguments.names, known):
        train, usual_seconds = known[name]
        options = {"backup": arguments.backup} if arguments.backup else {}
        train(name, arguments.seconds or usual_seconds, **options)


if __name__ == "__main__":
    main()
