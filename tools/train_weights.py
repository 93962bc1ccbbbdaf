"""Trains the small weights that the course ships and writes each with its card: uv run
tools/train_weights.py NAME ...

Budgets are CPU-seconds of this process, so that a card's numbers mean the same on another machine.
"""

import argparse
import math
import time

from genimg_lib.notebook import lesson

lesson.start()

import keras  # noqa: E402
import numpy as np  # noqa: E402

from genimg_lib.data.attributes import fulfilled, held_out, measured_facts, normalise, vary  # noqa: E402
from genimg_lib.data.captions import LANGUAGES, captioned_digits, draw_true, parse, understood  # noqa: E402
from genimg_lib.data.images import DIGIT_NAMES, load_mnist  # noqa: E402
from genimg_lib.evaluation import metrics, pretrained  # noqa: E402
from genimg_lib.models.captioner import Captioner  # noqa: E402
from genimg_lib.models.classifier import build_classifier  # noqa: E402
from genimg_lib.models.diffusion import Diffusion  # noqa: E402
from genimg_lib.models.gan import GAN  # noqa: E402
from genimg_lib.models.image_gpt import ImageGPT  # noqa: E402
from genimg_lib.models.maskgit import MaskGIT  # noqa: E402
from genimg_lib.models.next_scale import NextScale  # noqa: E402
from genimg_lib.models.text_encoders import WordEncoder, smollm2_states, stored_captions  # noqa: E402
from genimg_lib.models.text_to_image import TextToImage  # noqa: E402
from genimg_lib.models.tokenizer import Tokenizer, coarse_tokenizer, scale_tokenizer  # noqa: E402
from genimg_lib.models.vae import VAE  # noqa: E402
from genimg_lib.nn.quantizers import codebook_usage  # noqa: E402
from genimg_lib.notebook.callbacks import StopAfterCPU  # noqa: E402

(train_images, train_labels), (test_images, test_labels) = load_mnist()


def train_classifier(name: str, budget: float) -> None:
    """Classifier with 1-pixel shifts, so that its features do not depend on the exact position
    of a stroke.
    """
    keras.utils.set_random_seed(1)
    model = build_classifier()
    epochs, batch_size = 8, 128
    schedule = keras.optimizers.schedules.CosineDecay(
        2e-3, epochs * math.ceil(len(train_images) / batch_size)
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(schedule), loss=[None, loss], metrics=[None, "accuracy"])
    start = time.process_time()
    rng = np.random.default_rng(1)
    for _ in range(epochs):
        shifts = rng.integers(-1, 2, size=(len(train_images), 2))
        rolled = np.empty_like(train_images)
        for shift in {tuple(s) for s in shifts}:
            rows = (shifts == shift).all(axis=1)
            rolled[rows] = np.roll(train_images[rows], shift, axis=(1, 2))
        model.fit(rolled, train_labels, batch_size=batch_size, verbose=2)
    seconds = time.process_time() - start
    shipped = as_shipped(model, build_classifier())
    accuracy = float(
        np.mean(shipped.predict(test_images, verbose=0)[1].argmax(axis=1) == test_labels)
    )
    write(name, shipped, build_classifier, {}, 1, seconds, {"test accuracy": round(accuracy, 4)})


def train_vae(name: str, budget: float) -> None:
    model, seconds = fit(VAE(seed=0), budget)
    elbo = model.evaluate(test_images, verbose=0)
    model.fit_prior(train_images[:20000], seed=0)
    shipped = as_shipped(model, VAE())
    measured = {key: round(float(value), 2) for key, value in elbo.items()}
    for prior in ("standard", "fitted"):
        measured[f"{prior} prior"] = measure(shipped, prior=prior)
    write(name, shipped, VAE, {}, 0, seconds, measured)


def train_gan(name: str, budget: float) -> None:
    config = {"class_names": DIGIT_NAMES} if name.startswith("conditional") else {}
    model, seconds = fit(GAN(seed=0, **config), budget)
    shipped = as_shipped(model, GAN(**config))
    write(name, shipped, GAN, config, 0, seconds, measure(shipped))


def train_tokenizer(name: str, budget: float) -> None:
    builder = {"coarse_tokenizer": coarse_tokenizer, "scale_tokenizer": scale_tokenizer}.get(
        name, Tokenizer
    )
    model, seconds = fit(builder(seed=0), budget)
    shipped = as_shipped(model, builder())
    tokens = shipped.encode(test_images)
    share, perplexity = codebook_usage(tokens, shipped.vocabulary_size)
    shipped.compile()
    measured = {
        "reconstruction, nats per test image": round(
            float(shipped.evaluate(test_images, verbose=0)["reconstruction"]), 2
        ),
        "tokens used": round(share, 3),
        "perplexity": round(perplexity, 1),
        "reconstructions": measure_images(shipped.decode(tokens)),
    }
    write(name, as_shipped(model, builder()), builder, {}, 0, seconds, measured)


def train_varied_tokenizer(name: str, budget: float) -> None:
    """The tokenizer of text to image: for digits that also differ in size, place and ink."""
    model, seconds = fit(Tokenizer(seed=0), budget, vary(train_images, 0))
    shipped = as_shipped(model, Tokenizer())
    varied = vary(test_images, 1)
    facts = measured_facts(varied, test_labels)
    reconstructions = shipped.reconstruct(varied)
    measured = {"digit agreement of varied test images": digit_agreement(varied, test_labels)}
    measured["reconstructions"] = fulfilment(reconstructions, facts)
    write(name, shipped, Tokenizer, {}, 0, seconds, measured)


def train_text_to_image(name: str, budget: float) -> None:
    encoder, sizes, training_set = TEXT_ENCODERS[name]
    config = {"tokenizer": "varied_tokenizer", "text": encoder.__name__, **sizes}
    tokenizer = pretrained.load(config["tokenizer"])
    model, seconds = fit(
        TextToImage(tokenizer, encoder(), seed=0, **sizes), budget, *training_set()
    )
    shipped = as_shipped(model, TextToImage(tokenizer, encoder(), **sizes))
    measured = {}
    for kind in ("seen", "held out"):
        for language in LANGUAGES:
            captions = stored_captions(f"{kind}, {language}")
            facts = parse(captions * 8)
            measured[f"{kind}, {language}"] = fulfilment(
                shipped.generate(len(facts), captions * 8, seed=1), facts
            )
    write(name, shipped, TextToImage, config, 0, seconds, measured)


def stored_captions_of_digits():
    """Varied digits without the held-out pairs, and for each a caption that is true of it and
    whose states are stored.
    """
    images = vary(train_images, 0)
    facts = measured_facts(images, train_labels)
    kept = ~held_out(facts)
    stored = [
        caption for language in LANGUAGES for caption in stored_captions(f"training, {language}")
    ]
    return images[kept], draw_true(stored, facts[kept], 0)


def train_captioner(name: str, budget: float) -> None:
    sizes = {"width": 96, "heads": 3}
    config = {"tokenizer": "varied_tokenizer", **sizes}
    tokenizer = pretrained.load(config["tokenizer"])
    model = Captioner(tokenizer, seed=0, **sizes)
    model, seconds = fit(
        model, budget, *captioned_digits(train_images, train_labels, 1, fewest=6, most=6)
    )
    shipped = as_shipped(model, Captioner(tokenizer, **sizes))
    varied = vary(test_images[:2000], 1)
    measured = {}
    for language in LANGUAGES:
        said = understood(shipped.describe(varied, language))
        rounded_shares = {
            name: round(float(np.nanmean(right)), 3)
            for name, right in fulfilled(varied, said).items()
        }
        measured[language] = {
            "digit": round(float(np.mean(said[:, 0] == test_labels[:2000])), 3),
            **rounded_shares,
        }
    write(name, shipped, Captioner, config, 0, seconds, measured)


def fulfilment(images, facts) -> dict:
    """Digit agreement and the share of images that have each attribute that was said."""
    shares = {
        name: round(float(np.nanmean(right)), 3) for name, right in fulfilled(images, facts).items()
    }
    return {"digit": digit_agreement(images, facts[:, 0]), **shares}


def digit_agreement(images, labels) -> float:
    return round(metrics.class_agreement(normalise(images), labels), 4)


def train_token_generator(name: str, budget: float) -> None:
    builder, tokenizer = TOKEN_GENERATORS[name]
    config = {"class_names": DIGIT_NAMES}
    model, seconds = fit(builder(pretrained.load(tokenizer), seed=0, **config), budget)
    shipped = as_shipped(model, builder(model.tokenizer, **config))
    measured = {
        f"guidance {guidance}": measure(shipped, guidance=guidance) for guidance in (1.0, 1.5)
    }
    write(name, shipped, builder, {"tokenizer": tokenizer, **config}, 0, seconds, measured)


def train_diffusion(name: str, budget: float) -> None:
    """A third of the time for the VAE whose latents it learns."""
    config = {"class_names": DIGIT_NAMES}
    codec, codec_seconds = fit(VAE(beta=0.1, seed=0), budget / 3, batch_size=128)
    model, seconds = fit(Diffusion(codec, seed=0, **config), budget - codec_seconds)
    shipped = as_shipped(model, Diffusion(**config))
    measured = {"reconstructions": measure_images(shipped.vae.reconstruct(test_images))}
    for steps, guidance in ((8, 1.0), (20, 1.0), (50, 1.0), (20, 1.5)):
        measured[f"{steps} steps, guidance {guidance}"] = measure(
            shipped, steps=steps, guidance=guidance
        )
    write(name, shipped, Diffusion, config, 0, codec_seconds + seconds, measured)


def fit(model, budget: float, images=train_images, labels=None, **options):
    keras.utils.set_random_seed(0)
    model.compile()
    if model.num_classes:
        labels = train_labels
    start = time.process_time()
    model.fit(images, labels, epochs=1000, verbose=2, callbacks=[StopAfterCPU(budget)], **options)
    return model, time.process_time() - start


def measure(model, **options) -> dict:
    labels = np.arange(10000) % 10 if model.num_classes else None
    return measure_images(model.generate(10000, labels, seed=1, **options), labels)


def measure_images(images, labels=None) -> dict:
    ours, floor = metrics.score(
        images, train_images[:20000], labels=labels, reference_labels=train_labels[:20000]
    )
    return {"score": rounded(ours), "floor": rounded(floor)}


def rounded(score: metrics.Score) -> dict:
    return {
        name: round(value, 4) for name, value in score._asdict().items() if not math.isnan(value)
    }


def as_shipped(model, fresh):
    """A new, uncompiled model with the weights of `model` as the file will hold them: rounded to
    16 bits.
    """
    for target, source in zip(fresh.variables, model.variables, strict=True):
        value = np.asarray(source)
        target.assign(value.astype(np.float16) if value.dtype == np.float32 else value)
    return fresh


def write(name, shipped, builder, config, seed, seconds, measured) -> None:
    description = {
        "builder": builder.__name__,
        "config": config,
        "data": "MNIST, the 60,000 training images",
        "seed": seed,
        "training CPU-seconds": round(seconds),
        "parameters": shipped.count_params(),
        "measured": measured,
        "command": f"uv run tools/train_weights.py {name}",
        "licence": "Apache-2.0",
    }
    pretrained.save(name, shipped, description)
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
    "diffusion": (train_diffusion, 300),
    "varied_tokenizer": (train_varied_tokenizer, 120),
    "text_to_image": (train_text_to_image, 1500),
    "text_to_image_states": (train_text_to_image, 600),
    "captioner": (train_captioner, 900),
}

TEXT_ENCODERS = {  # name -> text encoder, sizes of the model, what it is trained on
    "text_to_image": (
        WordEncoder,
        {"width": 96, "heads": 3},
        lambda: captioned_digits(train_images, train_labels, 0),
    ),
    "text_to_image_states": (smollm2_states, {"width": 96, "heads": 3}, stored_captions_of_digits),
}

TOKEN_GENERATORS = {  # name -> model, the shipped tokenizer that it draws with
    "image_gpt": (ImageGPT, "tokenizer"),
    "maskgit": (MaskGIT, "coarse_tokenizer"),
    "next_scale": (NextScale, "scale_tokenizer"),
}

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help=f"among {', '.join(TRAINERS)}; all unless told")
    names = parser.parse_args().names or list(TRAINERS)
    if unknown := set(names) - set(TRAINERS):
        parser.error(f"there is no training of {sorted(unknown)}; there are: {', '.join(TRAINERS)}")
    for chosen in names:
        train, cpu_seconds = TRAINERS[chosen]
        train(chosen, cpu_seconds)
