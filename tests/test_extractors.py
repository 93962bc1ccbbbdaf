"""Networks that distances are measured with: named, trained in place, kept in a file."""

import random

import keras
import numpy as np
import pytest

from genimg_lib.data import images as data
from genimg_lib.evaluation import extractors, metrics, pretrained

STEPS = 80


def shades(count: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Coloured 8x8 pictures that are light at the top, and whether they are red or blue: easy for
    either task.
    """
    generator = np.random.default_rng(seed)
    labels = generator.integers(0, 2, count)
    slope = np.linspace(220, 20, 8)[:, None] * np.ones((1, 8))
    noise = generator.normal(0, 8, (count, 8, 8, 3))
    pictures = (
        slope[None, ..., None]
        * np.where(labels[:, None], (0.2, 0.2, 1), (1, 0.2, 0.2))[:, None, None]
    )
    return np.clip(pictures + noise, 0, 255).astype(np.uint8), labels


@pytest.fixture(scope="module")
def with_classes():
    return extractors.trained_on(*shades(200), ("red", "blue"), steps=STEPS)


@pytest.fixture(scope="module")
def without():
    return extractors.trained_on(shades(200)[0], steps=STEPS)


def test_digits_are_measured_as_ever():
    """Without an extractor, what the shipped classifier says, to the last bit."""
    images = data.load_mnist()[1][0][:40]
    features, logits = pretrained.load("classifier").predict(images, batch_size=500, verbose=0)
    np.testing.assert_array_equal(metrics.features(images), features)
    np.testing.assert_array_equal(metrics.predict_labels(images), logits.argmax(axis=1))
    default, floor = metrics.score(images[:10], images[10:], labels=[0] * 10)
    named, _ = metrics.score(
        images[:10], images[10:], labels=[0] * 10, extractor=extractors.digits()
    )
    assert default == named
    assert default.extractor == floor.extractor == extractors.digits().name


@pytest.mark.parametrize("kind", ["with_classes", "without"])
def test_it_learns_its_task_and_tells_real_from_noise(kind, request):
    extractor = request.getfixturevalue(kind)
    card = extractor.card
    # 20 held-out pictures, of two colours or in four ways up, that differ far more than the noise
    assert card["accuracy on them"] > 0.9 > 1.2 * card["accuracy of guessing"]
    assert card["held-out images"] + card["images"] == 200
    real = shades(100, seed=1)[0]
    noise = np.random.default_rng(0).integers(0, 256, (40, 8, 8, 3), np.uint8)
    of_noise, floor = metrics.score(noise, real, extractor=extractor)
    assert of_noise.fid > 5 * floor.fid
    assert of_noise.extractor == floor.extractor == extractor.name


def test_classes_are_those_of_the_pictures(with_classes):
    pictures, labels = shades(60, seed=2)
    assert metrics.class_agreement(pictures, labels, with_classes) > 0.9
    assert metrics.class_agreement(pictures, 1 - labels, with_classes) < 0.1
    words = np.array(["red", "blue"])[labels].tolist()
    ours, _ = metrics.score(pictures, pictures, labels=words, extractor=with_classes)
    assert ours.agreement > 0.9


def test_each_turn_is_its_own():
    picture = np.arange(2 * 2 * 3, dtype=np.uint8).reshape(1, 2, 2, 3)
    turned = extractors._turned(picture.repeat(4, axis=0), np.arange(4))
    for quarters in range(4):
        np.testing.assert_array_equal(turned[quarters], np.rot90(picture[0], quarters))


def test_a_seed_repeats_it_and_nothing_else_is_touched():
    pictures, _ = shades(40)
    keras.utils.set_random_seed(5)
    expected = np.asarray(keras.random.uniform((3,))), random.random()
    keras.utils.set_random_seed(5)
    first = extractors.trained_on(pictures, steps=2, seed=2**40)
    np.testing.assert_array_equal(keras.random.uniform((3,)), expected[0])
    assert random.random() == expected[1]  # the source of the seeds of Keras's initializers
    again = extractors.trained_on(pictures, steps=2, seed=2**40)
    np.testing.assert_array_equal(first.features(pictures), again.features(pictures))
    kernels = [extractors._new_network(2, (8, 8, 3), seed).layers[-1].kernel for seed in (2**40, 1)]
    assert not np.array_equal(*kernels)


def test_from_a_file_it_is_the_same(with_classes, tmp_path):
    path = tmp_path / "extractor.keras"
    with_classes.save(path)
    loaded = extractors.load(path)
    pictures, _ = shades(20)
    np.testing.assert_array_equal(loaded.features(pictures), with_classes.features(pictures))
    assert (loaded.name, loaded.image_shape, loaded.class_names, loaded.card) == (
        with_classes.name,
        with_classes.image_shape,
        with_classes.class_names,
        with_classes.card,
    )
    path.write_bytes(path.read_bytes() + b"x")
    with pytest.raises(ValueError, match="was altered"):
        extractors.load(path)
    with pytest.raises(FileNotFoundError, match="does not exist"):
        extractors.load(tmp_path / "none.keras")


def test_a_network_of_keras_with_weights_from_a_file(tmp_path):
    options = {"include_top": False, "weights": None, "pooling": "avg"}
    network = keras.applications.MobileNet(input_shape=(96, 96, 3), **options)
    network.save_weights(tmp_path / "mobile.weights.h5")
    grey = np.random.default_rng(0).integers(0, 256, (3, 16, 16, 1), np.uint8)
    extractor = extractors.application("MobileNet", tmp_path / "mobile.weights.h5", (16, 16, 1))
    enlarged = keras.layers.Resizing(96, 96)(grey.repeat(3, axis=-1).astype(np.float32))
    expected = network(enlarged / 127.5 - 1.0, training=False)
    # float32 through 28 layers, in graphs that TensorFlow orders in different ways
    np.testing.assert_allclose(extractor.features(grey), expected, rtol=1e-3, atol=1e-4)
    assert extractor.name == "MobileNet of keras.applications"
    with pytest.raises(ValueError, match="knows no classes: give no labels"):
        metrics.class_agreement(grey, [0] * 3, extractor)


COLOURS = np.zeros((10, 8, 8, 3), np.uint8)


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: metrics.features(COLOURS, "inception"), TypeError, "extractor must be an Ext"),
        (lambda: extractors.trained_on(COLOURS / 255.0), TypeError, "images must be uint8"),
        (lambda: extractors.trained_on(COLOURS[:7]), ValueError, "at least 8 .*, got 7"),
        (lambda: extractors.trained_on(COLOURS[:, :7]), ValueError, "even sides, got shape"),
        (lambda: extractors.trained_on(COLOURS[:, :6]), ValueError, "square, got shape"),
        (lambda: extractors.trained_on(COLOURS, [0] * 10), ValueError, "class_names, or neither"),
        (
            lambda: extractors.trained_on(COLOURS, [0] * 10, ("a", "b")),
            ValueError,
            "labels must be of at least two classes",
        ),
        (lambda: extractors.trained_on(COLOURS, steps=0), ValueError, "steps must be .* got 0"),
        (lambda: extractors.trained_on(COLOURS, seed=None), TypeError, "seed must be .* got None"),
        (lambda: extractors.application("resnet", "x", (8, 8, 3)), ValueError, "got 'resnet'"),
        (
            lambda: extractors.application("ResNet50", "none.h5", (8, 8, 3)),
            FileNotFoundError,
            "there is no file none.h5 with weights of ResNet50",
        ),
    ],
)
def test_what_is_refused(call, error, words):
    with pytest.raises(error, match=words):
        call()


def test_weights_of_another_network_are_refused(tmp_path):
    (tmp_path / "words.h5").write_text("words")
    with pytest.raises(ValueError, match="does not hold weights of MobileNet"):
        extractors.application("MobileNet", tmp_path / "words.h5", (32, 32, 3))
