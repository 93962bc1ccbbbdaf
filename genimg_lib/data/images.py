"""Images and labels as arrays: `uint8` images of shape (n, height, width, channels), integer
labels of shape (n,).
"""

import gzip
import os
import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from genimg_lib.data.arguments import check_array
from genimg_lib.data.digests import check_digest

Split = tuple[np.ndarray, np.ndarray]

DIGIT_NAMES = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
# fmt: off
FASHION_NAMES = (
    "t-shirt", "trouser", "pullover", "dress", "coat",
    "sandal", "shirt", "sneaker", "bag", "ankle boot",
)
# fmt: on

MNIST_PATH = Path(__file__).parent / "mnist" / "mnist.npz"
MNIST_SHA256 = {
    "x_train": "741c988805d008ac6e4c904b69001ba184c24b2c540a4ef403f4c71b676cf757",
    "y_train": "1feba77c54802fa5339a11837ea4b2866434b83314ec45192930f1df69120c13",
    "x_test": "6d87418db22cc8025d05968bec9bd5c3932904b23485740db143a061a2c9d161",
    "y_test": "ddeff807876a9661a1110d45c266c86239a3a1b7d37da0c3716a7a683c852ff5",
}

FASHION_MNIST_VARIABLE = "GENIMG_FASHION_MNIST"
FASHION_MNIST_DEBIAN = Path("/usr/share/datasets/fashion-mnist")
FASHION_MNIST_SHA256 = {
    "train-images-idx3-ubyte.gz": "2e487a6c89124f78f2d7521542223caf"
    "e96f7123c3ca13d447772ac6ecbb3012",
    "train-labels-idx1-ubyte.gz": "657fbd221bfc9f4198cc14b5619cc33e"
    "c57c58dd0e47af4d99d6650759e869a7",
    "t10k-images-idx3-ubyte.gz": "c867c93ff95360594e8ec3287995350b824dd110b11595c0e13d5423f621867a",
    "t10k-labels-idx1-ubyte.gz": "3d0e6c6ea990b53b6f8f500a41cac93881d981b315f84578b7d915342ade01e9",
}


def load_mnist(path: Path | str = MNIST_PATH) -> tuple[Split, Split]:
    """Loads the MNIST digits that the course ships.

    Returns `(train_images, train_labels), (test_images, test_labels)` like
    `keras.datasets.mnist.load_data()`, with a channel axis: images are `uint8` of shape (60000, 28,
    28, 1) and (10000, 28, 28, 1), ink is 255, labels are `uint8`.

    Raises `FileNotFoundError` if the file is missing and `ValueError` if it is truncated or differs
    by one byte.

    Source: LeCun, Cortes and Burges, "The MNIST database of handwritten digits",
        http://yann.lecun.com/exdb/mnist/.
    """
    path = Path(path)
    if not path.exists():
        raise FileNotFoundError(
            f"{path} does not exist; it is part of the course: restore it with `git checkout`"
        )
    try:
        with np.load(path, allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in MNIST_SHA256}
    except (zipfile.BadZipFile, EOFError, KeyError, OSError, ValueError) as error:
        raise ValueError(
            f"{path} is not the MNIST archive of the course (truncated or another file): {error}"
        ) from None
    for name, expected in MNIST_SHA256.items():
        check_digest(arrays[name].tobytes(), expected, f"array {name} in {path}")
    return (
        (arrays["x_train"][..., None], arrays["y_train"]),
        (arrays["x_test"][..., None], arrays["y_test"]),
    )


def load_fashion_mnist(*, download: bool = False) -> tuple[Split, Split]:
    """Loads Fashion-MNIST from this computer, in the same form as `load_mnist`; the course never
    requires it.

    Looks in the folder named by the environment variable GENIMG_FASHION_MNIST (four `*-ubyte.gz`
    files), then where Debian's package `dataset-fashion-mnist` puts them. Only `download=True` may
    fetch it, with `keras.datasets`.

    Raises `FileNotFoundError` if it is nowhere and `ValueError` if a file is truncated or altered.

    Source: Xiao, Rasul and Vollgraf, arXiv:1708.07747 (MIT licence).
    """
    named = os.environ.get(FASHION_MNIST_VARIABLE)
    if named and not Path(named).is_dir():
        raise FileNotFoundError(f"{FASHION_MNIST_VARIABLE} names {named!r}, which is not a folder")
    for folder in filter(None, (named, FASHION_MNIST_DEBIAN)):
        if (Path(folder) / "train-images-idx3-ubyte.gz").exists():
            arrays = [_read_idx(Path(folder) / name) for name in FASHION_MNIST_SHA256]
            return (arrays[0], arrays[1]), (arrays[2], arrays[3])
    if download:
        import keras

        (train_images, train_labels), (test_images, test_labels) = (
            keras.datasets.fashion_mnist.load_data()
        )
        return (train_images[..., None], train_labels), (test_images[..., None], test_labels)
    raise FileNotFoundError(
        "Fashion-MNIST is not on this computer. Set the environment variable "
        f"{FASHION_MNIST_VARIABLE} to a folder with its four .gz files, or call "
        "load_fashion_mnist(download=True)."
    )


def _read_idx(path: Path) -> np.ndarray:
    """Reads one gzipped IDX file: images get a channel axis, labels do not."""
    header = 16 if "images" in path.name else 8
    if not path.exists():
        raise FileNotFoundError(
            f"{path} does not exist; Fashion-MNIST has four files: "
            f"{', '.join(FASHION_MNIST_SHA256)}"
        )
    try:
        content = gzip.decompress(path.read_bytes())
    except (OSError, EOFError) as error:
        raise ValueError(f"{path} is not a complete gzip file: {error}") from None
    body = content[header:]
    check_digest(body, FASHION_MNIST_SHA256[path.name], str(path))
    array = np.frombuffer(body, np.uint8).copy()
    return array.reshape(-1, 28, 28, 1) if "images" in path.name else array


def check_images(
    images, *, shape: tuple[int, int, int] | None = None, name: str = "images"
) -> np.ndarray:
    """Returns `images` as an array if it is `uint8` of shape (n, height, width, channels) with n >
    0.

    `shape`, if given, is the (height, width, channels) that is required. Raises `TypeError` for
    another dtype (floats are never rescaled silently) and `ValueError` for another rank or shape,
    or no images.
    """
    images = _as_array(images, name)
    if images.dtype != np.uint8:
        span = ""
        if images.size and images.dtype.kind in "fiu":
            span = f" in [{images.min():.4g}, {images.max():.4g}]"
        raise TypeError(
            f"{name} must be uint8 in 0..255, got {images.dtype}{span}; convert them yourself: "
            "nothing is rescaled silently"
        )
    if images.ndim != 4:
        raise ValueError(f"{name} must have shape (n, height, width, channels), got {images.shape}")
    if not images.size:
        raise ValueError(f"{name} is empty: shape {images.shape}")
    if shape is not None and images.shape[1:] != tuple(shape):
        raise ValueError(
            f"{name} must have shape (n, {', '.join(map(str, shape))}), got {images.shape}"
        )
    return images


def _as_array(images, name: str) -> np.ndarray:
    """An array, or a list of images, as an array; raises `TypeError` for anything else, such as a
    folder's name or a `tf.data.Dataset`, and `ValueError` for images of different sizes.
    """
    if isinstance(images, (list, tuple)):
        shapes = sorted({check_array(f"each of {name}", image).shape for image in images})
        if len(shapes) > 1:
            shown = " and ".join(map(str, shapes[:3]))
            raise ValueError(f"{name} must all have one shape, got {shown}")
    elif not hasattr(images, "__array__"):
        given = repr(images) if isinstance(images, str) else type(images).__name__
        raise TypeError(
            f"{name} must be an array of uint8 images, got {given}; load them into one "
            "array first, such as np.stack(list_of_arrays)"
        )
    return np.asarray(images)


def check_labels(labels, count: int, class_names: Sequence[str]) -> np.ndarray:
    """Returns `labels` as `int32` of shape (count,): each an index into `class_names` or one of its
    words.

    A single index or word stands for all `count` images. Words may be written in any case; labels
    of shape (count, 1), as `keras.datasets.cifar10` has them, are those of shape (count,). Raises
    `ValueError` for an unknown word, an index outside 0..len(class_names) - 1 or another number of
    labels, and `TypeError` for anything that is neither.
    """
    listed = check_array("labels", labels)
    if listed.ndim == 0:
        # as it was given: NumPy would make one kind of number of another
        listed = [labels] * count
    else:
        if listed.ndim == 2 and listed.shape[1] == 1:
            listed = listed[:, 0]
        listed = listed.tolist()
    if len(listed) != count:
        raise ValueError(f"expected {count} labels, one per image, got {len(listed)}")
    return np.array([_label_index(label, class_names) for label in listed], np.int32)


def _label_index(label, class_names: Sequence[str]) -> int:
    if isinstance(label, str):
        words = [name.casefold() for name in class_names]
        if label.casefold() not in words:
            raise ValueError(f"unknown label {label!r}; known are: {', '.join(class_names)}")
        return words.index(label.casefold())
    if isinstance(label, (bool, np.bool_)) or not isinstance(label, (int, np.integer)):
        raise TypeError(
            f"a label is a whole number or a word, got {label!r} ({type(label).__name__})"
        )
    if not 0 <= label < len(class_names):
        raise ValueError(f"label {label} is outside 0..{len(class_names) - 1}")
    return int(label)


def check_tokens(tokens, vocabulary_size: int, length: int | None = None) -> np.ndarray:
    """Returns `tokens` as `int32` of shape (n, length) if all are whole numbers in
    0..vocabulary_size - 1.

    Raises `TypeError` for another dtype and `ValueError` for another shape, no tokens, or a token
    out of range.
    """
    tokens = check_array("tokens", tokens)
    if tokens.dtype.kind not in "iu":
        raise TypeError(f"tokens must be whole numbers, got {tokens.dtype}")
    if tokens.ndim != 2 or not tokens.size or length not in (None, tokens.shape[1]):
        raise ValueError(
            f"tokens must have shape (n, {'length' if length is None else length}), got "
            f"{tokens.shape}"
        )
    outside = tokens[(tokens < 0) | (tokens >= vocabulary_size)]
    if outside.size:
        raise ValueError(f"token {outside[0]} is outside 0..{vocabulary_size - 1}")
    return tokens.astype(np.int32)


def check_fixed(fixed, vocabulary_size: int, length: int) -> np.ndarray:
    """Returns sequences to complete, (batch, n) tokens or -1 where one is to be drawn, or raises
    `ValueError`.

    n is at most `length`.
    """
    fixed = np.asarray(fixed)
    check_tokens(np.where(fixed == -1, np.zeros_like(fixed), fixed), vocabulary_size)
    if fixed.shape[1] > length:
        raise ValueError(f"a sequence has at most {length} tokens, got {fixed.shape[1]}")
    return fixed.astype(np.int32)


def check_conditions(conditions, count: int, num_conditions: int) -> np.ndarray:
    """Returns `count` conditions in 0..num_conditions, or raises `ValueError`; the last one
    stands for none, as does `None`.
    """
    conditions = np.full(count, num_conditions) if conditions is None else np.asarray(conditions)
    whole = conditions.dtype.kind in "iu" and conditions.shape == (count,)
    if not whole or conditions.min() < 0 or conditions.max() > num_conditions:
        raise ValueError(f"expected {count} conditions in 0..{num_conditions}, got {conditions}")
    return conditions.astype(np.int32)


def to_uint8(intensities) -> np.ndarray:
    """Rounds floats in [0, 1] to `uint8` in 0..255; values outside are clipped, NaN raises
    `ValueError`.
    """
    intensities = np.asarray(intensities, np.float32)
    if np.isnan(intensities).any():
        raise ValueError("the images contain NaN: the model that made them has diverged")
    return np.round(np.clip(intensities, 0.0, 1.0) * 255.0).astype(np.uint8)
