"""Images -> features: the networks that distances are measured with.

A distance between sets of images means something only together with the network that looked at
them, so each `Extractor` has a name, and every score and report states it.
"""

import dataclasses
import functools
import inspect
import json
import random
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from genimg_lib.data.arguments import check_class_names, check_seed, check_whole
from genimg_lib.data.digests import check_digest, sha256
from genimg_lib.data.images import DIGIT_NAMES, check_images, check_labels
from genimg_lib.evaluation import pretrained
from genimg_lib.models.classifier import build_classifier
from genimg_lib.nn.batches import in_batches

STEPS = 600
"""Of training an extractor: at 32x32 in colour about ten seconds on one core."""
BATCH = 64
LEAST_IMAGES = 8
TURNS = ("upright", "turned left", "upside down", "turned right")
"""What an extractor without classes is trained to tell: the k-th is k quarter turns."""
LEAST_SIDE = 96
"""Smaller images are enlarged to it for `keras.applications`: some of its networks refuse less, and
all of them were trained on photographs of 224 pixels or more.
"""


@dataclasses.dataclass(frozen=True, eq=False)
class Extractor:
    """A network that turns images into features, and what is known of it."""

    name: str  # stated in every score and report
    image_shape: tuple[int, int, int]
    network: keras.Model  # uint8 images -> features (n, d) and logits (n, classes), or features
    class_names: tuple[str, ...] | None  # of the logits; `None`: it knows no classes
    card: dict  # names and plain values: how it was made

    def features(self, images) -> np.ndarray:
        """Features of `uint8` images: (n, dimensions). Raises as `check_images`."""
        return self._look(images)[0]

    def predict_labels(self, images) -> np.ndarray:
        """The class that it sees in each `uint8` image: (n,). Raises as `check_images`, and
        `ValueError` if it knows no classes.
        """
        return self.look(images)[1].argmax(axis=1)

    def look(self, images) -> tuple[np.ndarray, np.ndarray]:
        """Features and logits of the classes; raises as `predict_labels`."""
        self.check_classes()
        return self._look(images)

    def check_classes(self) -> tuple[str, ...]:
        """The names of the classes. Raises `ValueError` if it knows none."""
        if self.class_names is None:
            raise ValueError(f"the extractor {self.name!r} knows no classes: give no labels")
        return self.class_names

    def _look(self, images) -> tuple[np.ndarray, ...]:
        images = check_images(images, shape=self.image_shape)
        found = in_batches(self._answer, images)
        return tuple(found) if isinstance(found, (list, tuple)) else (found,)

    @functools.cached_property
    def _answer(self):
        network = functools.partial(self.network, training=False)
        return tf.function(network, autograph=False, reduce_retracing=True)

    def save(self, path: Path | str) -> None:
        """Writes the network to `path`, a `.keras` file, and name and card beside it as JSON."""
        path = Path(path)
        self.network.save(path)
        known = {
            "name": self.name,
            "class_names": self.class_names,
            "card": self.card,
            "sha256": sha256(path),
        }
        path.with_suffix(".json").write_text(json.dumps(known, indent=2) + "\n", encoding="utf-8")


@functools.cache
def digits() -> Extractor:
    """The classifier of digits that the course ships, for grey 28x28: the extractor of every
    distance that names no other.
    """
    return Extractor(
        name="the course's classifier of digits",
        image_shape=(28, 28, 1),
        network=pretrained.load("classifier"),
        class_names=DIGIT_NAMES,
        card=pretrained.card("classifier"),
    )


def check_extractor(extractor: Extractor | None) -> Extractor:
    """Returns an extractor, for `None` that of digits; raises `TypeError` for anything else."""
    if extractor is None:
        return digits()
    if not isinstance(extractor, Extractor):
        raise TypeError(
            "extractor must be an Extractor, such as extractors.trained_on(images), or None for "
            f"the classifier of digits; got {extractor!r}"
        )
    return extractor


def load(path: Path | str) -> Extractor:
    """The extractor that `Extractor.save` wrote.

    Raises `FileNotFoundError` if one of the two files is missing, and `ValueError` if the network
    is not the one of the JSON file.
    """
    path = Path(path)
    for file in (path, path.with_suffix(".json")):
        if not file.exists():
            raise FileNotFoundError(f"{file} does not exist; Extractor.save writes it")
    known = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    check_digest(path, known["sha256"], expected_by="the JSON file beside it says")
    network = keras.models.load_model(path)
    names = known["class_names"]
    return Extractor(
        name=known["name"],
        image_shape=tuple(network.input_shape[1:]),
        network=network,
        class_names=None if names is None else tuple(names),
        card=known["card"],
    )


def trained_on(
    images, labels=None, class_names=None, *, steps: int | None = None, seed: int = 0
) -> Extractor:
    """Trains an extractor on the images themselves, in the architecture of the shipped classifier.

    With labels it learns the classes. Without, it learns which of four ways up an image was turned:
    to tell them it has to know what things look like. A tenth of the images is held out, to measure
    how well it does. The same arguments give the same extractor on the same machine.

    Args:
        images: `uint8` (n, height, width, channels), sides even; without labels, square.
        labels, class_names: as for a model with classes; both or neither.
        steps: of training; `None`: `STEPS`.
        seed: of weights, order and what is held out.

    Raises `TypeError` or `ValueError` for images or labels that break the contract, or of one class
    only. Source of the task without labels: Gidaris et al., "Unsupervised representation learning
    by predicting image rotations", arXiv:1803.07728.
    """
    images = check_images(images)
    steps = check_whole("steps", STEPS if steps is None else steps)
    seed = check_whole("seed", check_seed(seed), 0)
    names = check_class_names(class_names)
    if (names is None) != (labels is None):
        raise ValueError("give labels and class_names, or neither")
    if len(images) < LEAST_IMAGES:
        raise ValueError(f"images must be at least {LEAST_IMAGES} to learn from, got {len(images)}")
    height, width, _ = images.shape[1:]
    if height % 2 or width % 2:
        raise ValueError(f"images must have even sides, got shape {images.shape}")
    if names is None and height != width:
        raise ValueError(f"without labels, images must be square, got shape {images.shape}")
    if names is not None:
        labels = check_labels(labels, len(images), names)
        if len(np.unique(labels)) < 2:
            raise ValueError("labels must be of at least two classes; without any, give none")
    order = np.random.default_rng(seed).permutation(len(images))
    held_out, train = np.split(order, [max(2, len(order) // 10)])
    network = _new_network(len(names or TURNS), images.shape[1:], seed)
    _train(network, images, labels, train, steps, seed)
    accuracy = _accuracy(network, images, labels, held_out)
    task = "their classes" if names else "which way up they are"
    return Extractor(
        name=f"a network trained on these images to tell {task}",
        image_shape=images.shape[1:],
        network=network,
        class_names=names,
        card={
            "learned to tell": ", ".join(names or TURNS),
            "images": len(train),
            "images, SHA-256": sha256(images.tobytes()),
            "steps": steps,
            "seed": seed,
            "held-out images": len(held_out),
            "accuracy on them": round(accuracy, 4),
            "accuracy of guessing": round(_of_guessing(labels, held_out), 4),
        },
    )


def _new_network(num_classes: int, image_shape: tuple[int, int, int], seed: int) -> keras.Model:
    """One whose first weights depend on `seed` alone; no generator that others use is moved."""
    state = random.getstate()  # from which Keras takes the seeds of initializers
    network = build_classifier(num_classes, image_shape)
    random.setstate(state)
    seeds = np.random.default_rng(seed).integers(2**31, size=len(network.layers)).tolist()
    for layer, layer_seed in zip(network.layers, seeds, strict=True):
        if hasattr(layer, "kernel"):
            initializer = keras.initializers.GlorotUniform(seed=layer_seed)
            layer.kernel.assign(initializer(layer.kernel.shape))
    return network


def _train(network, images, labels, rows, steps: int, seed: int) -> None:
    numbers = np.random.default_rng(seed)
    learner = keras.Model(network.input, network.output[1])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    learner.compile(keras.optimizers.Adam(1e-3), loss, jit_compile=False)
    for _ in range(steps):
        batch = numbers.choice(rows, min(BATCH, len(rows)), replace=False)
        if labels is None:
            turns = numbers.integers(0, len(TURNS), len(batch))
            learner.train_on_batch(_turned(images[batch], turns), turns)
        else:
            learner.train_on_batch(images[batch], labels[batch])


def _turned(images: np.ndarray, turns: np.ndarray) -> np.ndarray:
    """Each square image turned to the left by that many quarters."""
    turned = images.copy()
    for quarters in range(1, len(TURNS)):
        rows = turns == quarters
        turned[rows] = np.rot90(images[rows], quarters, axes=(1, 2))
    return turned


def _accuracy(network, images, labels, rows) -> float:
    """Of what was learned, on images that were held out; without labels, each in all four ways."""
    shown = images[rows]
    if labels is None:
        turns = np.repeat(np.arange(len(TURNS)), len(shown))
        shown, right = _turned(np.tile(shown, (len(TURNS), 1, 1, 1)), turns), turns
    else:
        right = labels[rows]
    logits = in_batches(functools.partial(network, training=False), shown)[1]
    return float(np.mean(logits.argmax(axis=1) == right))


def _of_guessing(labels, rows) -> float:
    """The accuracy of always naming the class that is most frequent."""
    if labels is None:
        return 1 / len(TURNS)
    return float(np.bincount(labels[rows]).max() / len(rows))


def application(name: str, weights: Path | str, image_shape: tuple[int, int, int]) -> Extractor:
    """A network of `keras.applications` with weights from a local file; nothing is downloaded.

    Its features are the mean over the last feature map. Images that are smaller than 96x96 are
    enlarged, grey ones become colour.

    Args:
        name: such as "MobileNetV2".
        weights: the file, without the top layers (`..._notop.h5`) or as `save_weights` wrote it.
        image_shape: of the images that it will look at.

    Raises `ValueError` for a name that Keras does not have or weights of another network, and
    `FileNotFoundError` if there is no such file.
    """
    modules = [module for _, module in inspect.getmembers(keras.applications, inspect.ismodule)]
    found = [module for module in modules if inspect.isfunction(getattr(module, name, None))]
    if not name[:1].isupper() or not found:
        raise ValueError(
            f"name must be a network of keras.applications, such as MobileNetV2, got {name!r}"
        )
    weights = Path(weights)
    if not weights.is_file():
        raise FileNotFoundError(f"there is no file {weights} with weights of {name}")
    height, width, channels = image_shape
    size = max(LEAST_SIDE, height), max(LEAST_SIDE, width)
    options = {"include_top": False, "weights": None, "pooling": "avg", "input_shape": (*size, 3)}
    body = getattr(found[0], name)(**options)
    try:
        body.load_weights(weights)
    except (ValueError, OSError, KeyError) as error:
        reason = str(error).strip().splitlines()[0]
        raise ValueError(f"{weights} does not hold weights of {name}: {reason}") from None
    pixels = keras.Input(image_shape, dtype="uint8", name="images")
    x = keras.ops.cast(pixels, "float32")
    if channels == 1:
        x = keras.ops.repeat(x, 3, axis=-1)
    if size != (height, width):
        x = keras.layers.Resizing(*size)(x)
    features = body(found[0].preprocess_input(x))
    return Extractor(
        name=f"{name} of keras.applications",
        image_shape=tuple(image_shape),
        network=keras.Model(pixels, features),
        class_names=None,
        card={"weights": weights.name, "weights, SHA-256": sha256(weights)},
    )
