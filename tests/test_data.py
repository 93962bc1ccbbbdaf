"""The shipped digits, Fashion-MNIST from a folder, and labels by word."""

import gzip
import hashlib
import os

import numpy as np
import pytest

from genimg_lib.data import images as data
from genimg_lib.data import prose


@pytest.fixture(scope="module")
def mnist():
    return data.load_mnist()


def test_mnist_is_complete(mnist):
    (train_images, train_labels), (test_images, test_labels) = mnist
    assert train_images.shape == (60000, 28, 28, 1)
    assert test_images.shape == (10000, 28, 28, 1)
    assert train_labels.shape == (60000,)
    assert test_labels.shape == (10000,)
    assert {array.dtype for split in mnist for array in split} == {np.dtype(np.uint8)}
    assert np.bincount(train_labels).tolist() == [
        5923,
        6742,
        5958,
        6131,
        5842,
        5421,
        5918,
        6265,
        5851,
        5949,
    ]
    assert np.bincount(test_labels).tolist() == [
        980,
        1135,
        1032,
        1010,
        982,
        892,
        958,
        1028,
        974,
        1009,
    ]


def test_ink_is_bright_and_background_is_zero(mnist):
    images = mnist[0][0]
    assert images.max() == 255
    assert np.median(images) == 0
    assert images[:, 0, 0].max() == 0


def test_mnist_digests(mnist):
    arrays = dict(
        zip(
            ("x_train", "y_train", "x_test", "y_test"),
            [array for split in mnist for array in split],
            strict=True,
        )
    )
    assert {
        name: hashlib.sha256(array.tobytes()).hexdigest() for name, array in arrays.items()
    } == data.MNIST_SHA256
    starts = {
        "x_train": "741c988805d0",
        "y_train": "1feba77c5480",
        "x_test": "6d87418db22c",
        "y_test": "ddeff807876a",
    }
    # as published with the archive
    assert {name: digest[:12] for name, digest in data.MNIST_SHA256.items()} == starts


def test_labels_by_word_and_by_number():
    words = data.check_labels(["seven", "ZERO", "nine"], 3, data.DIGIT_NAMES)
    np.testing.assert_array_equal(words, data.check_labels([7, 0, 9], 3, data.DIGIT_NAMES))
    assert words.dtype == np.int32
    np.testing.assert_array_equal(data.check_labels("three", 4, data.DIGIT_NAMES), [3, 3, 3, 3])
    np.testing.assert_array_equal(data.check_labels(np.uint8(3), 2, data.DIGIT_NAMES), [3, 3])
    np.testing.assert_array_equal(data.check_labels("ankle boot", 1, data.FASHION_NAMES), [9])
    np.testing.assert_array_equal(
        data.check_labels(np.arange(10, dtype=np.uint8), 10, data.DIGIT_NAMES), np.arange(10)
    )


def test_check_images_returns_what_it_was_given():
    images = np.zeros((2, 4, 5, 3), np.uint8)
    assert data.check_images(images) is images
    assert data.check_images(images.tolist() and images, shape=(4, 5, 3)) is images


def test_to_uint8_rounds_and_clips():
    floats = np.array([-0.5, 0.0, 0.4 / 255, 0.6 / 255, 0.5, 1.0, 7.0])
    assert data.to_uint8(floats).tolist() == [0, 0, 0, 1, 128, 255, 255]
    levels = np.arange(256, dtype=np.uint8)
    np.testing.assert_array_equal(data.to_uint8(levels / 255), levels)


# --- Fashion-MNIST --------------------------------------------------------------------------------


def write_idx(folder, images, labels):
    """The four files, as the originals are laid out: a header of 16 or 8 bytes, then bytes."""
    for name in data.FASHION_MNIST_SHA256:
        body = images.tobytes() if "images" in name else labels.tobytes()
        header = bytes(16 if "images" in name else 8)
        (folder / name).write_bytes(gzip.compress(header + body))


@pytest.fixture
def tiny_fashion(tmp_path, monkeypatch):
    """A folder in the right format with four images, and digests that agree with it."""
    images, labels = (
        np.arange(4 * 784, dtype=np.uint32).astype(np.uint8),
        np.array([0, 1, 2, 9], np.uint8),
    )
    write_idx(tmp_path, images, labels)
    digests = {
        name: hashlib.sha256((images if "images" in name else labels).tobytes()).hexdigest()
        for name in data.FASHION_MNIST_SHA256
    }
    monkeypatch.setattr(data, "FASHION_MNIST_SHA256", digests)
    monkeypatch.setenv(data.FASHION_MNIST_VARIABLE, str(tmp_path))
    return tmp_path


def test_fashion_mnist_is_read_from_the_named_folder(tiny_fashion):
    (train_images, train_labels), (test_images, test_labels) = data.load_fashion_mnist()
    np.testing.assert_array_equal(
        train_images.ravel(), np.arange(4 * 784, dtype=np.uint32).astype(np.uint8)
    )
    assert train_images.shape == test_images.shape == (4, 28, 28, 1)
    assert train_labels.tolist() == test_labels.tolist() == [0, 1, 2, 9]


def test_an_altered_fashion_file_is_refused(tiny_fashion):
    images = np.zeros(4 * 784, np.uint8)
    write_idx(tiny_fashion, images, np.array([0, 1, 2, 9], np.uint8))
    with pytest.raises(ValueError, match=r"train-images-idx3-ubyte\.gz was altered"):
        data.load_fashion_mnist()


def test_a_truncated_fashion_file_is_refused(tiny_fashion):
    path = tiny_fashion / "train-labels-idx1-ubyte.gz"
    os.truncate(path, path.stat().st_size - 6)
    with pytest.raises(ValueError, match="not a complete gzip file"):
        data.load_fashion_mnist()


def test_a_missing_fashion_file_is_named(tiny_fashion):
    (tiny_fashion / "t10k-labels-idx1-ubyte.gz").unlink()
    with pytest.raises(FileNotFoundError, match=r"t10k-labels-idx1-ubyte\.gz"):
        data.load_fashion_mnist()


def test_nothing_is_fetched_unless_asked_for(monkeypatch, tmp_path):
    monkeypatch.delenv(data.FASHION_MNIST_VARIABLE, raising=False)
    monkeypatch.setattr(data, "FASHION_MNIST_DEBIAN", tmp_path)
    with pytest.raises(FileNotFoundError, match=r"GENIMG_FASHION_MNIST.*download=True"):
        data.load_fashion_mnist()


def test_the_real_fashion_mnist_where_there_is_one():
    try:
        (train_images, train_labels), (test_images, test_labels) = data.load_fashion_mnist()
    except FileNotFoundError:
        pytest.skip(
            f"Fashion-MNIST is not on this computer: set {data.FASHION_MNIST_VARIABLE} to its "
            "folder"
        )
    assert train_images.shape == (60000, 28, 28, 1)
    assert test_images.shape == (10000, 28, 28, 1)
    assert np.bincount(train_labels).tolist() == [6000] * 10
    assert np.bincount(test_labels).tolist() == [1000] * 10


def test_the_course_prose_is_what_lesson_40_trained_on():
    paragraphs = prose.load_course_prose()
    train = "\n".join(line for i, line in enumerate(paragraphs) if i % 10 != 9) + "\n"
    held_out = "\n".join(paragraphs[9::10]) + "\n"
    assert (len(train), len(held_out)) == (77_857, 8_157)
    assert len(set(train + held_out)) == 73
    assert min(map(len, paragraphs)) >= 40


def test_altered_or_missing_prose_is_refused(tmp_path):
    with pytest.raises(FileNotFoundError, match="git checkout"):
        prose.load_course_prose(tmp_path / "missing.txt")
    altered = tmp_path / "altered.txt"
    altered.write_bytes(prose.PROSE_PATH.read_bytes()[:-1])
    with pytest.raises(ValueError, match="was altered"):
        prose.load_course_prose(altered)
