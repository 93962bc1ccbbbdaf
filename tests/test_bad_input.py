"""Everything that a user can get wrong in one table: what is done, which exception it must raise
and what that must say.
"""

import functools
import shutil
import warnings

import keras
import numpy as np
import pytest
import tensorflow as tf
import tiny_models

from genimg_lib.data import exact
from genimg_lib.data import images as data
from genimg_lib.data.folder import load_folder
from genimg_lib.evaluation import copies, extractors, membership, metrics, pretrained
from genimg_lib.models.diffusion import Diffusion
from genimg_lib.models.gan import GAN, build_generator
from genimg_lib.models.image_gpt import ImageGPT
from genimg_lib.models.tokenizer import PixelTokenizer, Tokenizer
from genimg_lib.models.vae import VAE, build_encoder
from genimg_lib.notebook import callbacks, plots

DIGITS = np.zeros((20, 28, 28, 1), np.uint8)
STROKES = tiny_models.images(20)


@functools.cache
def vae():
    model = tiny_models.vae()
    model.compile()
    return model


@functools.cache
def gan():
    model = tiny_models.gan()
    model.compile()
    return model


@functools.cache
def conditional_gan():
    model = tiny_models.gan(class_names=tiny_models.CLASSES)
    model.compile()
    return model


def dataset(elements):
    return tf.data.Dataset.from_tensor_slices(elements).batch(8)


def labels(*values):
    return lambda folder: data.check_labels(list(values), len(values), data.DIGIT_NAMES)


def file_in(folder, content=b""):
    path = folder / "some.weights.h5"
    path.write_bytes(content)
    return path


def altered_mnist(folder):
    """One byte of one array differs; the archive itself is sound."""
    with np.load(data.MNIST_PATH) as archive:
        arrays = dict(archive)
    arrays["y_test"][123] ^= 1
    np.savez(folder / "mnist.npz", **arrays)
    data.load_mnist(folder / "mnist.npz")


def truncated_mnist(folder):
    (folder / "mnist.npz").write_bytes(data.MNIST_PATH.read_bytes()[:1_000_000])
    data.load_mnist(folder / "mnist.npz")


def other_archive(folder):
    np.savez(folder / "mnist.npz", x_train=DIGITS)
    data.load_mnist(folder / "mnist.npz")


def nan_weights(folder):
    other = tiny_models.vae(seed=1)
    weights = other.encoder.get_weights()
    weights[0][0, 0] = np.nan
    other.encoder.set_weights(weights)
    other.save_weights(folder / "nan.weights.h5")
    vae().load_weights(folder / "nan.weights.h5")


def truncated_weights(folder):
    vae().save_weights(folder / "vae.weights.h5")
    path = file_in(folder, (folder / "vae.weights.h5").read_bytes()[:5000])
    vae().load_weights(path)


def wider_weights(folder):
    other = tiny_models.vae(latent_dim=3)
    other.save_weights(folder / "wide.weights.h5")
    vae().load_weights(folder / "wide.weights.h5")


def weights_of_the_other_family(folder):
    tiny_models.gan(seed=1).save_weights(folder / "gan.weights.h5")
    vae().load_weights(folder / "gan.weights.h5")


def altered_pretrained(folder):
    copy, original = shutil.copytree(pretrained.FOLDER, folder / "weights"), pretrained.FOLDER
    content = bytearray((copy / "classifier.weights.h5").read_bytes())
    content[-1] ^= 1
    (copy / "classifier.weights.h5").write_bytes(content)
    pretrained.FOLDER = copy
    try:
        pretrained.load("classifier")
    finally:
        pretrained.FOLDER = original


def fitted(model):
    model.compile()
    model.fit(tiny_models.patched_images(16), verbose=0)


def with_policy(policy, build):
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(policy)
    try:
        build()
    finally:
        keras.config.set_dtype_policy(before)


def with_floatx(name, build):
    """`build()` while floatx is `name` and the policy is still float32."""
    before, policy = keras.config.floatx(), keras.config.dtype_policy()
    keras.config.set_dtype_policy("float32")
    keras.config.set_floatx(name)
    try:
        build()
    finally:
        keras.config.set_floatx(before)
        keras.config.set_dtype_policy(policy)


def with_data_format(data_format, build):
    before = keras.config.image_data_format()
    keras.config.set_image_data_format(data_format)
    try:
        build()
    finally:
        keras.config.set_image_data_format(before)


ROWS = {
    # images
    "float images": (
        lambda f: gan().fit(STROKES.astype(np.float32)),
        TypeError,
        "must be uint8 in 0..255, got float32 in [0, 255]",
    ),
    "images in [0, 1]": (
        lambda f: vae().fit(STROKES / 255.0),
        TypeError,
        "got float64 in [0, 1]; convert them yourself",
    ),
    "images in [-1, 1]": (
        lambda f: vae().evaluate(STROKES / 127.5 - 1),
        TypeError,
        "got float64 in [-1, 1]",
    ),
    "int64 images": (
        lambda f: gan().fit(STROKES.astype(int)),
        TypeError,
        "must be uint8 in 0..255, got int64",
    ),
    "boolean images": (
        lambda f: vae().encode(STROKES > 0),
        TypeError,
        "must be uint8 in 0..255, got bool",
    ),
    "images of words": (lambda f: vae().fit([["a"]]), TypeError, "must be uint8"),
    "no channel axis": (
        lambda f: gan().fit(STROKES[..., 0]),
        ValueError,
        "(n, height, width, channels), got (20, 3, 3)",
    ),
    "a single image": (
        lambda f: vae().reconstruct(STROKES[0]),
        ValueError,
        "(n, height, width, channels), got (3, 3, 1)",
    ),
    "no images": (
        lambda f: gan().fit(STROKES[:0]),
        ValueError,
        "images is empty: shape (0, 3, 3, 1)",
    ),
    "images of another size": (
        lambda f: vae().fit(DIGITS),
        ValueError,
        "must have shape (n, 3, 3, 1), got (20, 28, 28, 1)",
    ),
    "colour images": (
        lambda f: gan().fit(STROKES.repeat(3, -1)),
        ValueError,
        "must have shape (n, 3, 3, 1), got (20, 3, 3, 3)",
    ),
    "float validation images": (
        lambda f: vae().fit(STROKES, validation_data=(STROKES / 255.0,)),
        TypeError,
        "must be uint8 in 0..255, got float64",
    ),
    "batch size 0": (
        lambda f: gan().fit(STROKES, batch_size=0),
        ValueError,
        "batch_size must be a whole number of at least 1, got 0",
    ),
    # labels
    "unknown word": (
        labels("seven", "twelve"),
        ValueError,
        "unknown label 'twelve'; known are: zero, one",
    ),
    "label out of range": (labels(3, 10), ValueError, "label 10 is outside 0..9"),
    "negative label": (labels(-1), ValueError, "label -1 is outside 0..9"),
    "label that is a fraction": (
        labels(1.5),
        TypeError,
        "a label is a whole number or a word, got 1.5 (float)",
    ),
    "label that is a truth value": (labels(True, False), TypeError, "got True (bool)"),
    "one-hot labels": (
        lambda f: conditional_gan().fit(STROKES, np.eye(2)[tiny_models.labels(STROKES)]),
        TypeError,
        "a label is a whole number or a word",
    ),
    "too few labels": (
        lambda f: conditional_gan().fit(STROKES, [0, 1]),
        ValueError,
        "expected 20 labels, one per image, got 2",
    ),
    "no labels where they are needed": (
        lambda f: conditional_gan().fit(STROKES),
        ValueError,
        "has 2 classes: give one label",
    ),
    "labels for a model without classes": (
        lambda f: gan().fit(STROKES, [0] * 20),
        ValueError,
        "this model has no classes",
    ),
    "a condition for a model without classes": (
        lambda f: vae().generate(2, "seven"),
        ValueError,
        "this model has no classes",
    ),
    "an unknown condition": (
        lambda f: conditional_gan().generate(2, "grey"),
        ValueError,
        "known are: dark, light",
    ),
    "a condition too few": (
        lambda f: conditional_gan().generate(3, [0, 1]),
        ValueError,
        "expected 3 labels",
    ),
    # generate
    "count 0": (lambda f: gan().generate(0), ValueError, "of at least 1, got 0"),
    "count -3": (lambda f: vae().generate(-3), ValueError, "of at least 1, got -3"),
    "count 1.5": (
        lambda f: vae().generate(1.5),
        TypeError,
        "count must be a whole number of at least 1, got 1.5",
    ),
    "count True": (
        lambda f: gan().generate(True),
        TypeError,
        "count must be a whole number of at least 1, got True",
    ),
    "count as a word": (
        lambda f: gan().generate("five"),
        TypeError,
        "count must be a whole number of at least 1, got 'five'",
    ),
    "unknown prior": (
        lambda f: vae().generate(1, prior="flat"),
        ValueError,
        "prior must be one of standard, fitted, got 'flat'",
    ),
    "prior not fitted": (
        lambda f: tiny_models.vae().generate(1, prior="fitted"),
        ValueError,
        "call fit_prior(images) first",
    ),
    "too few images for a prior": (
        lambda f: vae().fit_prior(STROKES[:1]),
        ValueError,
        "2 components needs at least as many images",
    ),
    # models
    "unknown GAN loss": (
        lambda f: GAN(loss="wgan"),
        ValueError,
        "loss must be one of non_saturating, saturating, hinge",
    ),
    "unknown augmentation": (
        lambda f: GAN(augmentations=("flip",)),
        ValueError,
        "unknown augmentation 'flip'; known are: brightness",
    ),
    "EMA decay above 1": (
        lambda f: GAN(ema_decay=1.5),
        ValueError,
        "ema_decay must be in [0, 1], got 1.5",
    ),
    "penalty every 0 steps": (
        lambda f: GAN(penalty_every=0),
        ValueError,
        "penalty_every must be a whole number of at least 1, got 0",
    ),
    "GAN without latents": (
        lambda f: GAN(latent_dim=0),
        ValueError,
        "latent_dim must be a whole number of at least 1, got 0",
    ),
    "GAN for an odd size": (
        lambda f: build_generator((30, 30, 1), 8),
        ValueError,
        "multiples of 4",
    ),
    "VAE for an odd size": (lambda f: build_encoder((30, 30, 1), 8), ValueError, "multiples of 4"),
    "negative beta": (lambda f: VAE(beta=-1.0), ValueError, "beta must be at least 0, got -1.0"),
    "unknown likelihood": (
        lambda f: VAE(likelihood="normal"),
        ValueError,
        "must be one of bernoulli, gaussian, got 'normal'",
    ),
    "VAE without latents": (
        lambda f: VAE(latent_dim=0),
        ValueError,
        "latent_dim must be a whole number of at least 1, got 0",
    ),
    "latents of another width": (
        lambda f: vae().decode(np.zeros((4, 5))),
        ValueError,
        "must have shape (n, 2), got (4, 5)",
    ),
    "latents of another rank": (
        lambda f: vae().decode(np.zeros(2)),
        ValueError,
        "must have shape (n, 2), got (2,)",
    ),
    "no latents": (
        lambda f: vae().decode(np.zeros((0, 2))),
        ValueError,
        "must have shape (n, 2), got (0, 2)",
    ),
    "no importance samples": (
        lambda f: vae().log_likelihood(STROKES, samples=0),
        ValueError,
        "samples must be a whole number of at least 1, got 0",
    ),
    "a diverged model": (
        lambda f: data.to_uint8([0.5, np.nan]),
        ValueError,
        "the images contain NaN",
    ),
    # files
    "missing data": (
        lambda f: data.load_mnist(f / "none.npz"),
        FileNotFoundError,
        "none.npz does not exist",
    ),
    "truncated npz": (
        truncated_mnist,
        ValueError,
        "is not the MNIST archive of the course (truncated or another file)",
    ),
    "another npz": (other_archive, ValueError, "is not the MNIST archive of the course"),
    "an altered byte in the data": (altered_mnist, ValueError, "array y_test in"),
    "missing weights": (
        lambda f: vae().load_weights(f / "none.weights.h5"),
        FileNotFoundError,
        "there is no weights file",
    ),
    "empty weights file": (
        lambda f: vae().load_weights(file_in(f)),
        OSError,
        "some.weights.h5 is not a complete weights file",
    ),
    "weights that are text": (
        lambda f: vae().load_weights(file_in(f, b"hello" * 99)),
        OSError,
        "some.weights.h5 is not a complete weights file",
    ),
    "truncated weights": (
        truncated_weights,
        OSError,
        "some.weights.h5 is not a complete weights file",
    ),
    "NaN weights": (
        nan_weights,
        ValueError,
        "does not hold weights of this VAE: they contain NaN or infinity",
    ),
    "weights of another architecture": (
        wider_weights,
        ValueError,
        "does not hold weights of this VAE",
    ),
    "weights of a GAN in a VAE": (
        weights_of_the_other_family,
        ValueError,
        "does not hold weights of this VAE",
    ),
    "unknown shipped weights": (
        lambda f: pretrained.load("stylegan"),
        ValueError,
        "no shipped weights 'stylegan'; there are: captioner, classifier",
    ),
    "a path instead of a name": (
        lambda f: pretrained.card("../vae"),
        ValueError,
        "no shipped weights '../vae'",
    ),
    "altered shipped weights": (altered_pretrained, ValueError, "was altered: its SHA-256 is"),
    "Fashion-MNIST folder that is none": (
        lambda f: data.load_fashion_mnist(),
        FileNotFoundError,
        "which is not a folder",
    ),
    # metrics
    "score of floats": (
        lambda f: metrics.score(DIGITS / 255.0, DIGITS),
        TypeError,
        "generated must be uint8 in 0..255, got float64",
    ),
    "score of another size": (
        lambda f: metrics.score(DIGITS, STROKES),
        ValueError,
        "reference must have shape (n, 28, 28, 1)",
    ),
    "score of a few": (
        lambda f: metrics.score(DIGITS[:7], DIGITS),
        ValueError,
        "at least 8 generated and 16 reference images",
    ),
    "score with labels missing": (
        lambda f: metrics.score(DIGITS[:9], DIGITS, labels=[1]),
        ValueError,
        "expected 9 labels",
    ),
    "features of floats": (lambda f: metrics.features(DIGITS / 255.0), TypeError, "must be uint8"),
    "one row": (
        lambda f: metrics.frechet_distance(np.zeros((1, 3)), np.ones((9, 3))),
        ValueError,
        "at least two images in each set",
    ),
    "features that do not match": (
        lambda f: metrics.kernel_distance(np.zeros((9, 3)), np.ones((9, 4))),
        ValueError,
        "must have shapes (n, d) and (m, d), got (9, 3) and (9, 4)",
    ),
    "features with NaN": (
        lambda f: metrics.frechet_distance(np.full((9, 3), np.nan), np.ones((9, 3))),
        ValueError,
        "the features contain NaN or infinity",
    ),
    "fewer rows than neighbours": (
        lambda f: metrics.precision_recall(np.zeros((3, 2)), np.ones((9, 2))),
        ValueError,
        "3 neighbours need more images than that, got 3 and 9",
    ),
    # the enumerable world, pictures, callbacks
    "probabilities that do not sum to 1": (
        lambda f: exact.entropy(np.ones(512)),
        ValueError,
        "must sum to 1, got 512",
    ),
    "negative probabilities": (
        lambda f: exact.entropy(np.eye(512)[0] * 3 - np.eye(512)[1] * 2),
        ValueError,
        "not negative",
    ),
    "probabilities of another world": (
        lambda f: exact.total_variation([1.0], [1.0]),
        ValueError,
        "has shape (512,), got (1,)",
    ),
    "a flip of a half": (
        lambda f: exact.strokes(0.5),
        ValueError,
        "flip must be in [0, 0.5), got 0.5",
    ),
    "no draws": (
        lambda f: exact.sample_images(exact.strokes(), 0),
        ValueError,
        "count must be a whole number of at least 1, got 0",
    ),
    "digits in the little world": (
        lambda f: exact.image_index(DIGITS),
        ValueError,
        "must have shape (n, 3, 3, 1)",
    ),
    "a grid of floats": (lambda f: plots.image_grid(DIGITS / 255.0), TypeError, "must be uint8"),
    "too few captions": (
        lambda f: plots.image_grid(DIGITS, captions=["one"]),
        ValueError,
        "expected 20 captions, one per image, got 1",
    ),
    "a row of floats": (
        lambda f: plots.image_rows({"fakes": DIGITS / 255.0}),
        TypeError,
        "fakes must be uint8",
    ),
    "no rows": (lambda f: plots.image_rows({}), ValueError, "at least one row"),
    "a grid every 0 steps": (
        lambda f: callbacks.SampleGrid(every=0),
        ValueError,
        "every must be a whole number of at least 1, got 0",
    ),
    "no CPU time": (
        lambda f: callbacks.StopAfterCPU(0),
        ValueError,
        "seconds must be positive, got 0",
    ),
    # constructors
    "one word as class names": (
        lambda f: GAN(class_names="cat"),
        TypeError,
        "class_names must be a sequence of words, such as ('cat', 'dog'), got 'cat'",
    ),
    "a number as class names": (
        lambda f: GAN(class_names=10),
        TypeError,
        "class_names must be a sequence of words",
    ),
    "class names that repeat": (
        lambda f: VAE(class_names=("a", "b", "a")),
        ValueError,
        "class_names must differ from each other",
    ),
    "class names that differ in case only": (
        lambda f: VAE(class_names=("Cat", "cat")),
        ValueError,
        "class_names must differ from each other",
    ),
    "no class names": (lambda f: VAE(class_names=()), ValueError, "class_names is empty"),
    "class names that are numbers": (
        lambda f: VAE(class_names=(0, 1)),
        TypeError,
        "class_names must be words, got (0, 1)",
    ),
    "an image shape without channels": (
        lambda f: GAN(image_shape=(28, 28)),
        ValueError,
        "image_shape must be (height, width, channels), whole numbers of at least 1",
    ),
    "a negative image shape": (
        lambda f: GAN(image_shape=(-4, -4, 1)),
        ValueError,
        "got (-4, -4, 1)",
    ),
    "an image shape that is a number": (
        lambda f: VAE(image_shape=28),
        TypeError,
        "image_shape must be (height, width, channels)",
    ),
    "an image shape of fractions": (
        lambda f: VAE(image_shape=(28.0, 28.0, 1)),
        ValueError,
        "image_shape must be (height, width, channels), whole numbers",
    ),
    "a negative penalty": (
        lambda f: GAN(penalty_weight=-1.0),
        ValueError,
        "penalty_weight must be at least 0, got -1.0",
    ),
    "one augmentation as a word": (
        lambda f: GAN(augmentations="cutout"),
        TypeError,
        "augmentations must be a sequence of names, got 'cutout'",
    ),
    "beta that is not a number": (
        lambda f: VAE(beta=float("nan")),
        ValueError,
        "beta must be at least 0, got nan",
    ),
    "infinite beta": (lambda f: VAE(beta=np.inf), ValueError, "beta must be at least 0, got inf"),
    "beta as a word": (
        lambda f: VAE(beta="high"),
        TypeError,
        "beta must be a number, at least 0, got 'high'",
    ),
    "width as a word": (
        lambda f: VAE(width="wide"),
        TypeError,
        "width must be a whole number of at least 8, got 'wide'",
    ),
    "no components": (
        lambda f: VAE(prior_components=0),
        ValueError,
        "prior_components must be a whole number of at least 1, got 0",
    ),
    "a seed that is a fraction": (
        lambda f: VAE(seed=1.5),
        TypeError,
        "seed must be a whole number or None, got 1.5",
    ),
    "a negative commitment": (
        lambda f: Tokenizer(commitment=-1.0),
        ValueError,
        "commitment must be at least 0, got -1.0",
    ),
    "patches of no pixels": (
        lambda f: Tokenizer(patch=0),
        ValueError,
        "patch must be a whole number of at least 1, got 0",
    ),
    "patches that do not fit": (
        lambda f: Tokenizer(image_shape=(27, 27, 1)),
        ValueError,
        "height and width must be multiples of patch, got image_shape=(27, 27, 1) and patch=4",
    ),
    "a quantizer of a word": (
        lambda f: Tokenizer(quantizer="vq"),
        TypeError,
        "quantizer must be an FSQ or a VQ, got 'vq'",
    ),
    "pixels without channels": (
        lambda f: PixelTokenizer((8, 8)),
        ValueError,
        "image_shape must be (height, width, channels)",
    ),
    "tokens of a VAE": (
        lambda f: ImageGPT(vae()),
        TypeError,
        "tokenizer must be a Tokenizer or a PixelTokenizer",
    ),
    "diffusion in a tokenizer": (
        lambda f: Diffusion(tiny_models.tokenizer()),
        TypeError,
        "vae must be a trained VAE",
    ),
    "heads of no width": (
        lambda f: tiny_models.image_gpt(heads=0),
        ValueError,
        "heads must be a whole number of at least 1, got 0",
    ),
    # compile and fit
    "a loss for a model that has one": (
        lambda f: tiny_models.vae().compile("adam", loss="mse"),
        TypeError,
        "VAE.compile takes no loss, got loss='mse': the model has its own loss and metrics",
    ),
    "metrics for a model that has some": (
        lambda f: tiny_models.vae().compile(metrics=["mae"]),
        TypeError,
        "VAE.compile takes no metrics",
    ),
    "one optimizer for two players": (
        lambda f: tiny_models.gan().compile(optimizer="adam"),
        TypeError,
        "It takes generator_optimizer, discriminator_optimizer",
    ),
    "an optimizer that there is not": (
        lambda f: tiny_models.gan().compile("adamant"),
        ValueError,
        "adamant",
    ),
    "a fit in order": (
        lambda f: vae().fit(STROKES, shuffle=False),
        TypeError,
        "fit takes no shuffle",
    ),
    "validation data of three": (
        lambda f: vae().fit(STROKES, validation_data=(STROKES, None, None)),
        ValueError,
        "validation_data must be images or (images, labels), got 3 things",
    ),
    "a dataset of single images": (
        lambda f: vae().fit(tf.data.Dataset.from_tensor_slices(STROKES)),
        ValueError,
        "images must have shape (n, height, width, channels), got (3, 3, 1)",
    ),
    "a dataset of floats": (
        lambda f: vae().fit(dataset(STROKES / 255.0)),
        TypeError,
        "images must be uint8 in 0..255, got float64 in [0, 1]",
    ),
    "a dataset of another size": (
        lambda f: vae().fit(dataset(DIGITS)),
        ValueError,
        "images must have shape (n, 3, 3, 1), got (8, 28, 28, 1)",
    ),
    "a dataset without a batch": (
        lambda f: vae().fit(dataset(STROKES).take(0)),
        ValueError,
        "the dataset is empty",
    ),
    "a dataset without end": (
        lambda f: vae().fit(dataset(STROKES).repeat()),
        ValueError,
        "the dataset never ends: say how many steps_per_epoch",
    ),
    "a dataset of dictionaries": (
        lambda f: vae().fit(dataset({"image": STROKES})),
        TypeError,
        "images must be an array of uint8 images, got dict",
    ),
    "a dataset of three": (
        lambda f: vae().fit(dataset((STROKES, np.zeros(20), np.ones(20)))),
        ValueError,
        "a dataset must yield images or (images, labels), got 3 things",
    ),
    "a dataset and labels": (
        lambda f: conditional_gan().fit(dataset(STROKES), np.zeros(20, int)),
        TypeError,
        "give neither labels nor batch_size with it",
    ),
    "a dataset and a batch size": (
        lambda f: vae().fit(dataset(STROKES), batch_size=4),
        TypeError,
        "give neither labels nor batch_size with it",
    ),
    "a dataset without labels": (
        lambda f: conditional_gan().fit(dataset(STROKES)),
        ValueError,
        "has 2 classes: give one label for each image",
    ),
    "a dataset with a wrong label": (
        lambda f: conditional_gan().fit(dataset((STROKES, np.arange(20)))),
        ValueError,
        "label 2 is outside 0..1",
    ),
    "images as a folder": (
        lambda f: vae().fit(f),
        TypeError,
        "must be an array of uint8 images, got PosixPath",
    ),
    "images of several sizes": (
        lambda f: vae().fit([STROKES[0], STROKES[1, :2]]),
        ValueError,
        "images must all have one shape, got (2, 3, 1) and (3, 3, 1)",
    ),
    "a tokenizer that was never trained": (
        lambda f: fitted(tiny_models.image_gpt(tokenizer=tiny_models.tokenizer())),
        ValueError,
        "the tokenizer has not been trained",
    ),
    "half precision": (
        lambda f: with_policy("float16", VAE),
        ValueError,
        "under float32, mixed_bfloat16, mixed_float16, but Keras is set to float16",
    ),
    "numbers of Keras in another precision": (
        lambda f: with_floatx("float64", VAE),
        ValueError,
        "floatx of Keras is set to float64",
    ),
    "channels first": (
        lambda f: with_data_format("channels_first", VAE),
        ValueError,
        "but Keras is set to channels_first",
    ),
    # metrics
    "sharpness of single pixels": (
        lambda f: metrics.sharpness(STROKES[:, :1, :1], STROKES),
        ValueError,
        "a height and width of at least 2 pixels, got shape (20, 1, 1, 1)",
    ),
    "complex features": (
        lambda f: metrics.frechet_distance(np.ones((4, 2)) * 1j, np.ones((4, 2))),
        TypeError,
        "features must be real numbers, got complex128",
    ),
    "features without columns": (
        lambda f: metrics.frechet_distance(np.ones((4, 0)), np.ones((4, 0))),
        ValueError,
        "features need at least one column, got shapes (4, 0) and (4, 0)",
    ),
    "neighbours that are a fraction": (
        lambda f: metrics.precision_recall(np.eye(9), np.eye(9), neighbours=2.5),
        TypeError,
        "neighbours must be a whole number of at least 1, got 2.5",
    ),
    "a negative seed for a split": (
        lambda f: metrics.score(DIGITS, DIGITS, seed=-1),
        ValueError,
        "seed must be a whole number of at least 0, got -1",
    ),
    "an extractor that is a word": (
        lambda f: metrics.features(DIGITS, "inception"),
        TypeError,
        "extractor must be an Extractor, such as extractors.trained_on(images)",
    ),
    "labels for an extractor, without names": (
        lambda f: extractors.trained_on(DIGITS, [0, 1] * 10),
        ValueError,
        "give labels and class_names, or neither",
    ),
    "too few images for an extractor": (
        lambda f: extractors.trained_on(DIGITS[:7]),
        ValueError,
        "images must be at least 8 to learn from, got 7",
    ),
    "an extractor that Keras does not have": (
        lambda f: extractors.application("ResNot", f / "some.h5", (28, 28, 1)),
        ValueError,
        "name must be a network of keras.applications, such as MobileNetV2, got 'ResNot'",
    ),
    "an agreement with a class that is none": (
        lambda f: metrics.class_agreement(DIGITS, [12] * 20),
        ValueError,
        "label 12 is outside 0..9",
    ),
    "SSIM of small images": (
        lambda f: metrics.ssim(STROKES, STROKES),
        ValueError,
        "windows of 11x11 pixels, got images of shape (20, 3, 3, 1)",
    ),
    "PSNR of sets that do not match": (
        lambda f: metrics.psnr(DIGITS, DIGITS[:10]),
        ValueError,
        "expected one reference for each of 20 images, got 10",
    ),
    "sharpness beside a blank page": (
        lambda f: metrics.sharpness(DIGITS, DIGITS),
        ValueError,
        "the reference has no edges to compare with",
    ),
    "copies of one training image": (
        lambda f: copies.nearest(STROKES, STROKES[:1]),
        ValueError,
        "one training image has no neighbours: give at least two",
    ),
    "copies of another size": (
        lambda f: copies.nearest(DIGITS, STROKES),
        ValueError,
        "images must have shape (n, 3, 3, 1), got (20, 28, 28, 1)",
    ),
    "losses with NaN": (
        lambda f: membership.roc([1.0, 2.0], [np.nan]),
        ValueError,
        "losses must be finite numbers (n,), got shape (1,)",
    ),
    "a rate above 1": (
        lambda f: membership.true_positive_rate([1.0], [2.0], 1.5),
        ValueError,
        "false_positive_rate must be in [0, 1], got 1.5",
    ),
    "labels of different lengths": (
        lambda f: conditional_gan().generate(2, [[0], [0, 1]]),
        ValueError,
        "labels must be an array, or lists of equal lengths, got [[0], [0, 1]]",
    ),
    "latents that are words": (
        lambda f: vae().decode([["a", "b"]]),
        TypeError,
        "latents must be real numbers, got <U1",
    ),
    "latents with NaN": (
        lambda f: vae().decode([[np.nan, 0.0]]),
        ValueError,
        "latents must be finite numbers, got NaN or infinity",
    ),
    "a negative seed": (
        lambda f: vae().generate(1, seed=-1),
        ValueError,
        "seed must be a whole number of at least 0, below 2**63, got -1",
    ),
    "a folder that is a number": (
        lambda f: load_folder(7),
        TypeError,
        "path must be the name of a folder, got 7",
    ),
    "tokens that are fractions": (
        lambda f: data.check_tokens([[0.5, 1.0]], 4),
        TypeError,
        "tokens must be whole numbers, got float64",
    ),
    "a token out of range": (
        lambda f: data.check_tokens([[0, 9]], 5),
        ValueError,
        "token 9 is outside 0..4",
    ),
}


@pytest.mark.parametrize(("action", "exception", "message"), ROWS.values(), ids=ROWS.keys())
def test_bad_input(action, exception, message, tmp_path, monkeypatch):
    monkeypatch.setenv(data.FASHION_MNIST_VARIABLE, str(tmp_path / "no such folder"))
    with pytest.raises(exception) as raised:
        action(tmp_path)
    assert message in str(raised.value)


@pytest.mark.parametrize(
    "spoil", [nan_weights, wider_weights, weights_of_the_other_family, truncated_weights]
)
def test_a_failed_load_leaves_the_model_as_it_was(spoil, tmp_path):
    model = vae()
    model.fit(STROKES, batch_size=4, verbose=0)
    before = [variable.numpy() for variable in (*model.variables, *model.optimizer.variables)]
    with pytest.raises((ValueError, OSError)):
        spoil(tmp_path)
    for value, variable in zip(before, (*model.variables, *model.optimizer.variables), strict=True):
        np.testing.assert_array_equal(variable, value, err_msg=variable.path)


def test_a_failed_load_leaves_the_optimizers_as_they_were(tmp_path):
    """A checkpoint of a compiled model whose optimizer state holds NaN, or belongs to other
    weights, is not half loaded.
    """
    model, other = tiny_models.gan(seed=0), tiny_models.gan(seed=1)
    for each in (model, other):
        each.compile(keras.optimizers.Adam(1e-3), keras.optimizers.Adam(1e-3))
        each.fit(STROKES, batch_size=4, verbose=0)
    weights = other.discriminator.get_weights()
    weights[0][:] = np.nan
    other.discriminator.set_weights(weights)
    other.save_weights(tmp_path / "nan.weights.h5")
    optimizers = (model.generator_optimizer, model.discriminator_optimizer)
    before = [variable.numpy() for optimizer in optimizers for variable in optimizer.variables]
    with pytest.raises(ValueError, match="NaN"):
        model.load_weights(tmp_path / "nan.weights.h5")
    for value, variable in zip(
        before, [v for optimizer in optimizers for v in optimizer.variables], strict=True
    ):
        np.testing.assert_array_equal(variable, value, err_msg=variable.path)


def test_a_good_load_passes_keras_warnings_on(tmp_path):
    """Weights without optimizer state load into a compiled model, and Keras's warning about it
    is not swallowed.
    """
    tiny_models.vae(seed=1).save_weights(tmp_path / "vae.weights.h5")
    model = tiny_models.vae()
    model.compile()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        model.load_weights(tmp_path / "vae.weights.h5")
    assert any("optimizer" in str(warning.message) for warning in caught)
