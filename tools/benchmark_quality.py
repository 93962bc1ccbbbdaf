"""Quality per CPU-second: the course's default GAN or VAE beside the well-known tutorial's, trained
in one run.

    uv run tools/benchmark_quality.py gan      # Frechet distance of 10,000 samples
    uv run tools/benchmark_quality.py vae      # negative ELBO in nats on the binarised test set,
    Frechet distances
    uv run tools/benchmark_quality.py tokens --budgets 75 150 300      # image GPT, MaskGIT and
    next-scale, with tokenizer
    uv run tools/benchmark_quality.py diffusion --budgets 150 200 300      # with the VAE whose
    latents it learns

Distances use a classifier that is trained here, of another architecture and seed than the one that
the course ships, and the 10,000 test images. Training time is CPU time of this process on all
threads; scoring is not counted. Writes benchmarks/NAME.json and .png.
"""

import argparse
import json
import os
import platform
import time
from pathlib import Path

from genimg_lib.notebook import lesson

lesson.start()

import keras  # noqa: E402
import matplotlib.pyplot as plt  # noqa: E402
import numpy as np  # noqa: E402
from keras import layers, ops  # noqa: E402

from genimg_lib.data.images import DIGIT_NAMES, load_mnist  # noqa: E402
from genimg_lib.evaluation.metrics import frechet_distance  # noqa: E402
from genimg_lib.models.diffusion import Diffusion  # noqa: E402
from genimg_lib.models.gan import GAN  # noqa: E402
from genimg_lib.models.image_gpt import ImageGPT  # noqa: E402
from genimg_lib.models.maskgit import MaskGIT  # noqa: E402
from genimg_lib.models.next_scale import NextScale  # noqa: E402
from genimg_lib.models.token_generator import TokenGenerator  # noqa: E402
from genimg_lib.models.tokenizer import Tokenizer, coarse_tokenizer, scale_tokenizer  # noqa: E402
from genimg_lib.models.vae import VAE  # noqa: E402
from genimg_lib.notebook.callbacks import StopAfterCPU  # noqa: E402

FOLDER = Path(__file__).parents[1] / "benchmarks"
SAMPLES = 10_000
TOKENIZER_SECONDS = 50
CODEC_SECONDS = 100

(train_images, train_labels), (test_images, test_labels) = load_mnist()


def independent_classifier(seed: int = 7):
    """Trains a plain convolutional classifier and returns `images -> features, logits`; prints
    its test accuracy.
    """
    keras.utils.set_random_seed(seed)
    images = keras.Input((28, 28, 1), dtype="uint8")
    x = ops.cast(images, "float32") / 255.0
    for width in (16, 32):
        x = layers.MaxPooling2D()(layers.Conv2D(width, 3, padding="same", activation="relu")(x))
    features = layers.Dense(128, activation="relu")(layers.Flatten()(x))
    classifier = keras.Model(images, layers.Dense(10)(features))
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    classifier.compile(keras.optimizers.Adam(1e-3), loss, metrics=["accuracy"])
    classifier.fit(train_images, train_labels, batch_size=128, epochs=4, verbose=0)
    print(
        "independent classifier: test accuracy "
        f"{classifier.evaluate(test_images, test_labels, verbose=0)[1]:.4f}"
    )
    network = keras.Model(images, [features, classifier.output])
    return lambda images: network.predict(images, batch_size=500, verbose=0)


def tutorial_gan(seed: int) -> GAN:
    """The configuration of TensorFlow's DCGAN tutorial:
    https://www.tensorflow.org/tutorials/generative/dcgan.
    """
    latents = keras.Input((100,))
    labels = keras.Input((), dtype="int32")
    x = layers.Reshape((7, 7, 256))(_normed(layers.Dense(7 * 7 * 256, use_bias=False)(latents)))
    x = _normed(layers.Conv2DTranspose(128, 5, padding="same", use_bias=False)(x))
    x = _normed(layers.Conv2DTranspose(64, 5, strides=2, padding="same", use_bias=False)(x))
    x = layers.Conv2DTranspose(1, 5, strides=2, padding="same", use_bias=False, activation="tanh")(
        x
    )
    generator = keras.Model([latents, labels], x)

    images = keras.Input((28, 28, 1))
    labels = keras.Input((), dtype="int32")
    x = images
    for width in (64, 128):
        x = layers.LeakyReLU(0.3)(layers.Conv2D(width, 5, strides=2, padding="same")(x))
        x = layers.Dropout(0.3)(x)
    logits = ops.squeeze(layers.Dense(1)(layers.Flatten()(x)), -1)
    discriminator = keras.Model([images, labels], logits)
    networks = {"generator": generator, "discriminator": discriminator}
    model = GAN(loss="non_saturating", latent_dim=100, ema_decay=0.0, seed=seed, **networks)
    model.compile(keras.optimizers.Adam(1e-4), keras.optimizers.Adam(1e-4))
    return model


def _normed(features):
    return layers.LeakyReLU(0.3)(layers.BatchNormalization()(features))


def default_gan(seed: int) -> GAN:
    model = GAN(seed=seed)
    model.compile()
    return model


def tutorial_vae(seed: int) -> VAE:
    """The networks of TensorFlow's CVAE tutorial with 24 latents in place of 2, and Adam 1e-3 in
    place of 1e-4.

    As printed, with 2 latents, it cannot come near:
        https://www.tensorflow.org/tutorials/generative/cvae.
    """
    latent_dim = 24
    images = keras.Input((28, 28, 1))
    labels = keras.Input((), dtype="int32")
    x = images
    for width in (32, 64):
        x = layers.Conv2D(width, 3, strides=2, activation="relu")(x)
    means, log_variances = ops.split(layers.Dense(2 * latent_dim)(layers.Flatten()(x)), 2, axis=-1)
    encoder = keras.Model([images, labels], [means, log_variances])

    latents = keras.Input((latent_dim,))
    labels = keras.Input((), dtype="int32")
    x = layers.Reshape((7, 7, 32))(layers.Dense(7 * 7 * 32, activation="relu")(latents))
    for width in (64, 32):
        x = layers.Conv2DTranspose(width, 3, strides=2, padding="same", activation="relu")(x)
    decoder = keras.Model([latents, labels], layers.Conv2DTranspose(1, 3, padding="same")(x))
    model = VAE(latent_dim=latent_dim, encoder=encoder, decoder=decoder, seed=seed)
    model.compile(keras.optimizers.Adam(1e-3))
    return model


def default_vae(seed: int) -> VAE:
    model = VAE(seed=seed)
    model.compile()
    return model


def token_generator(generator, build_tokenizer):
    def build(seed: int):
        tokenizer = build_tokenizer(seed=seed)
        tokenizer.compile()
        tokenizer.fit(
            train_images, epochs=10_000, verbose=0, callbacks=[StopAfterCPU(TOKENIZER_SECONDS)]
        )
        model = generator(tokenizer, class_names=DIGIT_NAMES, seed=seed)
        model.compile()
        return model

    return build


def diffusion(seed: int) -> Diffusion:
    codec = VAE(beta=0.1, seed=seed)
    codec.compile()
    codec.fit(
        train_images,
        batch_size=128,
        epochs=10_000,
        verbose=0,
        callbacks=[StopAfterCPU(CODEC_SECONDS)],
    )
    model = Diffusion(codec, class_names=DIGIT_NAMES, seed=seed)
    model.compile()
    return model


def measure_tokens(model, frechet) -> dict:
    labels = np.arange(SAMPLES) % 10
    images = model.generate(SAMPLES, labels, seed=1)
    agreement = float(np.mean(frechet.classify(images)[1].argmax(axis=1) == labels))
    return {"frechet": frechet(images), "agreement": agreement}


def measure_gan(model, frechet) -> dict:
    return {"frechet": frechet(model.generate(SAMPLES, seed=1))}


def measure_vae(model, frechet) -> dict:
    return {"negative_elbo": model.evaluate(test_images, verbose=0)["negative_elbo"]}


def finish_vae(model, frechet) -> dict:
    model.fit_prior(train_images[:20000], seed=0)
    return {
        "iwae_100": -float(model.log_likelihood(test_images[:2000], samples=100).mean()),
        "frechet_standard_prior": frechet(model.generate(SAMPLES, seed=1)),
        "frechet_fitted_prior": frechet(model.generate(SAMPLES, seed=1, prior="fitted")),
    }


# name -> contenders (model, batch size), measurement at each budget, measurement at the end, axis
# label
FAMILIES = {
    "gan": (
        {"course": (default_gan, 64), "tutorial": (tutorial_gan, 256)},
        measure_gan,
        lambda model, frechet: {},
        "Frechet distance, 10,000 samples",
    ),
    "vae": (
        {"course": (default_vae, 64), "tutorial networks": (tutorial_vae, 128)},
        measure_vae,
        finish_vae,
        "negative ELBO, nats per binarised test image",
    ),
    "tokens": (
        {
            "image GPT": (token_generator(ImageGPT, Tokenizer), 64),
            "MaskGIT, 8 steps": (token_generator(MaskGIT, coarse_tokenizer), 64),
            "next-scale": (token_generator(NextScale, scale_tokenizer), 64),
        },
        measure_tokens,
        lambda model, frechet: {},
        "Frechet distance, 10,000 samples",
    ),
    "diffusion": (
        {"latent diffusion, 20 steps": (diffusion, 256)},
        measure_tokens,
        lambda model, frechet: {"reconstructions": frechet(model.vae.reconstruct(test_images))},
        "Frechet distance, 10,000 samples",
    ),
}


class Frechet:
    """images -> their Frechet distance from `reference`."""

    def __init__(self, classify, reference):
        self.classify = classify
        self.reference = classify(reference)[0]

    def __call__(self, images) -> float:
        return frechet_distance(self.classify(images)[0], self.reference)


TITLES = {"gan": "GAN", "vae": "VAE", "tokens": "Token models", "diffusion": "Diffusion"}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("family", choices=FAMILIES)
    parser.add_argument(
        "--budgets", type=float, nargs="+", default=[30, 60, 120, 240], help="CPU-seconds"
    )
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    contenders, measure, finish, label = FAMILIES[options.family]

    frechet = Frechet(independent_classifier(), test_images)
    floor = frechet(train_images[:SAMPLES])
    print(f"real-vs-real floor of the Frechet distance: {floor:.2f}")
    runs = {
        name: train(*contender, measure, finish, frechet, options)
        for name, contender in contenders.items()
    }
    result = {
        "floor": floor,
        "runs": runs,
        "seed": options.seed,
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}",
    }
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / f"{options.family}_quality.json").write_text(json.dumps(result, indent=2) + "\n")
    plot(options.family, result, label)


def train(build, batch_size, measure, finish, frechet, options) -> dict:
    keras.utils.set_random_seed(options.seed)
    start = time.process_time()
    model = build(options.seed)
    # a tokenizer is trained with the first of the seconds
    used = time.process_time() - start
    points = []
    labels = train_labels if model.num_classes else None
    for budget in sorted(options.budgets):
        start = time.process_time()
        stop = StopAfterCPU(budget - used)
        model.fit(
            train_images, labels, batch_size=batch_size, epochs=10_000, verbose=0, callbacks=[stop]
        )
        used += time.process_time() - start
        points.append({"cpu_seconds": used, "steps": int(model.steps), **measure(model, frechet)})
        print(points[-1], flush=True)
    trained = [
        network.count_params()
        for network in (model.layers[:2] if isinstance(model, GAN) else model.layers)
    ]
    if isinstance(model, TokenGenerator):
        trained.append(model.tokenizer.count_params())
    final = {"parameters": trained, **finish(model, frechet)}
    print(final, flush=True)
    return {"points": points, **final}


def plot(family: str, result: dict, label: str) -> None:
    figure, axis = plt.subplots(figsize=(6, 4), layout="constrained")
    metric = "negative_elbo" if family == "vae" else "frechet"
    for (name, run), style in zip(result["runs"].items(), ("o-", "s--", "^:"), strict=False):
        axis.plot(
            [p["cpu_seconds"] for p in run["points"]],
            [p[metric] for p in run["points"]],
            style,
            label=name,
        )
    if metric == "frechet":
        axis.axhline(result["floor"], color="grey", linestyle=":", label="real against real")
        axis.set_yscale("log")
    axis.set(
        xlabel="training, CPU-seconds",
        ylabel=label,
        title=f"{TITLES[family]}: quality per CPU-second on two cores",
    )
    axis.legend()
    figure.savefig(FOLDER / f"{family}_quality.png", dpi=120)


if __name__ == "__main__":
    main()
