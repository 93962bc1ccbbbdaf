"""Any value in the place of an argument: a result under the contract, or an error of the library's
own that names the argument and says what is expected.

GENIMG_EXAMPLES=2000 tries that many values instead of a few hundred. Both lists are the same every
time: Hypothesis takes its random numbers from the test, and stores nothing.
"""

import functools
import math
import os
import re
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import hypothesis
import numpy as np
import pytest
import tiny_models
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from PIL import Image

import genimg_lib
from genimg_lib.data import exact
from genimg_lib.data import images as data
from genimg_lib.data.folder import load_folder
from genimg_lib.evaluation import copies, membership, metrics

EXAMPLES = int(os.environ.get("GENIMG_EXAMPLES", "300"))
LIBRARY = Path(genimg_lib.__file__).parent
EXPECTS = (
    r"must|expected|known are|outside|takes no|is empty|no classes|contain|need|has shape"
    r"|a label is|is not a folder|too few for"
)
"""Words of which every message has one: what is expected, or what is wrong with what was given."""
STROKES = tiny_models.images(20)
SHAPE = tiny_models.SHAPE
TRUTH = exact.strokes()


@functools.cache
def vae():
    return tiny_models.vae()


@functools.cache
def gan():
    return tiny_models.gan(class_names=tiny_models.CLASSES)


class Case(NamedTuple):
    """One argument of the public surface."""

    call: Callable  # (value, folder) -> result
    named: str  # what a message calls the argument: a regular expression
    holds: Callable[[object], bool]  # of the result
    plausible: st.SearchStrategy  # values that may be right


def images(count: int | None = None):
    """Is it `uint8` images of the little world?"""

    def holds(result) -> bool:
        right = result.dtype == np.uint8 and result.shape[1:] == SHAPE
        return right and (count is None or len(result) == count)

    return holds


def finite(result) -> bool:
    return bool(np.isfinite(result).all())


def not_nan(result) -> bool:
    return not math.isnan(result)


pictures = arrays.arrays(np.uint8, st.tuples(st.integers(0, 4), *map(st.just, SHAPE)))
table = arrays.arrays(
    np.float64, st.tuples(st.integers(0, 6), st.just(3)), elements=st.floats(-9, 9)
)
losses = st.lists(st.floats(allow_nan=True, width=32), max_size=5)
whole = st.integers(-2, 12)
seeds = st.one_of(st.none(), st.integers(-5, 2**64))
some_labels = st.lists(st.one_of(whole, st.sampled_from(("dark", "LIGHT", "grey"))), max_size=3)

SURFACE = {
    "VAE.generate count": Case(
        lambda value, folder: vae().generate(value, seed=0), "count", images(), whole
    ),
    "VAE.generate seed": Case(
        lambda value, folder: vae().generate(2, seed=value), "seed", images(2), seeds
    ),
    "VAE.generate prior": Case(
        lambda value, folder: vae().generate(2, prior=value, seed=0),
        "prior",
        images(2),
        st.just("standard"),
    ),
    "VAE.generate condition": Case(
        lambda value, folder: vae().generate(2, value), "class|label", images(2), some_labels
    ),
    "GAN.generate condition": Case(
        lambda value, folder: gan().generate(3, value), "label|known are", images(3), some_labels
    ),
    "VAE.encode images": Case(
        lambda value, folder: np.concatenate(vae().encode(value)), "images", finite, pictures
    ),
    "VAE.decode latents": Case(
        lambda value, folder: vae().decode(value),
        "latents",
        images(),
        arrays.arrays(np.float32, st.tuples(st.integers(0, 3), st.just(2))),
    ),
    "VAE beta": Case(
        lambda value, folder: tiny_models.vae(beta=value).beta >= 0,
        "beta",
        bool,
        st.floats(-1, 9),
    ),
    "VAE likelihood": Case(
        lambda value, folder: (
            tiny_models.vae(likelihood=value).likelihood in ("bernoulli", "gaussian")
        ),
        "likelihood",
        bool,
        st.just("bernoulli"),
    ),
    "check_labels": Case(
        lambda value, folder: data.check_labels(value, 3, tiny_models.CLASSES),
        "label",
        lambda result: result.shape == (3,) and 0 <= result.min() <= result.max() <= 1,
        some_labels,
    ),
    "check_images": Case(lambda value, folder: data.check_images(value), "images", len, pictures),
    "check_tokens": Case(
        lambda value, folder: data.check_tokens(value, 5),
        "token",
        lambda result: 0 <= result.min() <= result.max() < 5,
        arrays.arrays(np.int64, st.tuples(whole.map(abs), whole.map(abs)), elements=whole),
    ),
    "load_folder path": Case(
        # no name of a folder that there is: one of many files takes long
        lambda value, folder: load_folder(
            folder / f"no {value}" if isinstance(value, str) else value, 8
        ),
        "path|is not a folder",
        len,
        st.nothing(),
    ),
    "load_folder size": Case(
        lambda value, folder: load_folder(folder, value),
        "size|too few for",
        len,
        st.integers(-2, 40),
    ),
    "load_folder channels": Case(
        lambda value, folder: load_folder(folder, 8, channels=value), "channels", len, whole
    ),
    "load_folder shape": Case(
        lambda value, folder: load_folder(folder, 8, shape=value),
        "shape",
        len,
        st.sampled_from(("crop", "pad")),
    ),
    "load_folder ground": Case(
        lambda value, folder: load_folder(folder, 8, ground=value),
        "ground",
        len,
        st.integers(-5, 300),
    ),
    "frechet_distance": Case(
        lambda value, folder: metrics.frechet_distance(value, np.eye(4, 3)),
        "features|covariance",
        lambda result: result >= 0,
        table,
    ),
    "kernel_distance": Case(
        lambda value, folder: metrics.kernel_distance(np.eye(4, 3), value),
        "features|covariance",
        not_nan,
        table,
    ),
    "precision_recall neighbours": Case(
        lambda value, folder: metrics.precision_recall(np.eye(5), np.eye(5), neighbours=value),
        "neighbours",
        lambda result: 0 <= min(result) <= max(result) <= 1,
        whole,
    ),
    "psnr": Case(lambda value, folder: metrics.psnr(value, STROKES), "image", not_nan, pictures),
    "sharpness": Case(
        lambda value, folder: metrics.sharpness(value, STROKES), "image", not_nan, pictures
    ),
    "features extractor": Case(
        lambda value, folder: metrics.features(STROKES, value),
        "extractor|images",
        finite,
        st.none(),
    ),
    "nearest": Case(
        lambda value, folder: copies.nearest(value, STROKES),
        "images",
        lambda result: finite(result.ratios),
        pictures,
    ),
    "roc": Case(
        lambda value, folder: np.concatenate(membership.roc(value, [1.0, 2.0])),
        "losses",
        lambda result: 0 <= result.min() <= result.max() <= 1,
        losses,
    ),
    "true_positive_rate": Case(
        lambda value, folder: membership.true_positive_rate([1.0], [2.0], value),
        "false_positive_rate",
        lambda result: 0 <= result <= 1,
        st.floats(-1, 2),
    ),
    "strokes flip": Case(
        lambda value, folder: exact.strokes(value),
        "flip",
        lambda result: abs(result.sum() - 1) < 1e-9,
        st.floats(-1, 1),
    ),
    "sample_images count": Case(
        lambda value, folder: exact.sample_images(TRUTH, value, seed=0), "count", images(), whole
    ),
    "sample_images seed": Case(
        lambda value, folder: exact.sample_images(TRUTH, 2, seed=value), "seed", images(2), seeds
    ),
    "entropy": Case(
        lambda value, folder: exact.entropy(value),
        "probabilities|distribution",
        lambda result: result >= 0,
        st.just(TRUTH),
    ),
}

anything = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 12),
    st.sampled_from((-(2**70), 2**70 + 0.5, 1e308, -0.0)),
    st.floats(),
    st.complex_numbers(),
    st.text(max_size=5),
    st.binary(max_size=5),
    st.lists(st.one_of(st.integers(-3, 9), st.floats(), st.text(max_size=2)), max_size=4),
    st.lists(st.lists(st.integers(0, 3), max_size=3), max_size=3),
    st.dictionaries(st.text(max_size=2), st.integers(), max_size=2),
    st.sets(st.integers(), max_size=2),
    st.builds(object),
    arrays.arrays(
        st.sampled_from((np.uint8, np.int64, np.float32, np.bool_, np.complex64, "U2")),
        arrays.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4),
    ),
)


@st.composite
def name_and_value(draw):
    name = draw(st.sampled_from(sorted(SURFACE)))
    return name, draw(st.one_of(anything, SURFACE[name].plausible))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """One picture, large enough for all sizes that are asked for."""
    path = tmp_path_factory.mktemp("pictures")
    Image.fromarray(np.full((40, 40, 3), 200, np.uint8)).save(path / "grey.png")
    return path


def unclear(error: Exception, case: Case) -> str:
    """What is wrong with an error, or nothing."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    if LIBRARY not in Path(last.filename).parents:
        return f"it comes from {last.filename}, line {last.lineno}"
    if not re.search(case.named, str(error)):
        return f"it does not name the argument, {case.named!r}"
    if not re.search(EXPECTS, str(error)):
        return "it does not say what is expected"
    return ""


@hypothesis.settings(
    max_examples=EXAMPLES,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(hypothesis.HealthCheck),
)
@hypothesis.given(name_and_value())
def test_any_value_gives_a_result_or_a_clear_error(folder, given):
    name, value = given
    case = SURFACE[name]
    try:
        result = case.call(value, folder)
    except (TypeError, ValueError, NotADirectoryError) as error:
        found = unclear(error, case)
        assert not found, f"{name} of {value!r}: {type(error).__name__}: {error}\n{found}"
    else:
        assert case.holds(result), f"{name} of {value!r} returned {result!r}"


def test_an_unclear_error_is_found():
    """The test above can fail: of a frame elsewhere, of no name, of nothing expected."""

    def caught(action):
        with pytest.raises(ValueError) as raised:
            action()
        return raised.value

    case = SURFACE["check_images"]
    assert "comes from" in unclear(caught(lambda: np.zeros(3).reshape(2)), case)
    assert "does not name" in unclear(caught(lambda: exact.entropy([1.0])), case)
    clear = caught(lambda: data.check_images(np.zeros((0, 2, 2, 1), np.uint8)))
    assert unclear(clear, case) == ""
