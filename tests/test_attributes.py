"""What is measured in a picture: known shapes have known measures, and varied digits vary as
asked.
"""

import numpy as np
import pytest
from scipy import ndimage

from genimg_lib.data.attributes import (
    ATTRIBUTES,
    FACTS,
    HELD_OUT,
    HIGH,
    LOW,
    MIDDLE,
    UNSAID,
    fulfilled,
    held_out,
    held_out_pairs,
    measure,
    measured_facts,
    normalise,
    vary,
)
from genimg_lib.data.images import load_mnist
from genimg_lib.evaluation import metrics


@pytest.fixture(scope="module")
def digits():
    _, (images, labels) = load_mnist()
    rows = np.random.default_rng(0).permutation(len(images))[:1000]
    return images[rows], labels[rows]


def stroke(thickness=3.0, degrees=0.0, centre=(13.5, 13.5), length=16.0, ink=1.0):
    """One straight stroke with edges blurred over one pixel, drawn from its equation."""
    y, x = np.mgrid[:28, :28].astype(float)
    y, x = y - centre[0], x - centre[1]
    angle = np.radians(degrees)
    along, across = x * np.sin(angle) - y * np.cos(angle), x * np.cos(angle) + y * np.sin(angle)
    inside = np.clip(thickness / 2 + 0.5 - np.abs(across), 0, 1) * np.clip(
        length / 2 + 0.5 - np.abs(along), 0, 1
    )
    return np.round(255 * ink * inside).astype(np.uint8)[None, ..., None]


@pytest.mark.parametrize("thickness", [2.0, 3.0, 4.0])
@pytest.mark.parametrize("degrees", [0, 20])
def test_the_thickness_of_a_stroke(thickness, degrees):
    # Ends add to the outline: area t l over outline 2 (t + l) is t / (1 + t / l) of a stroke
    # without ends; the discrete
    # gradient is good to a tenth.
    image = stroke(thickness, degrees, length=20.0)
    measured = measure(image)
    per_pixel = measured["thickness"][0] * measured["size"][0] / 20
    assert per_pixel == pytest.approx(thickness / (1 + thickness / 20.0), rel=0.1)


def test_a_thicker_stroke_measures_thicker():
    """Below two pixels the blur counts as stroke, so that the number is too large; the order
    stays.
    """
    measured = [
        measure(stroke(thickness, 20, length=20.0))["thickness"][0]
        for thickness in (1.0, 1.5, 2.0, 3.0, 5.0)
    ]
    assert np.all(np.diff(measured) > 0)


@pytest.mark.parametrize("degrees", [-30, -10, 0, 15, 35])
def test_the_slant_of_a_stroke(degrees):
    assert measure(stroke(2.0, degrees))["slant"][0] == pytest.approx(degrees, abs=1.0)


def test_the_width_does_not_depend_on_the_slant(digits):
    """Shearing by tan(slant) moves ink sideways only: the upright digit is the same."""
    image = digits[0][0, ..., 0].astype(float)
    wide = np.pad(image, 6)[:, :]
    sheared = ndimage.affine_transform(wide, [[1, 0], [0.3, 1]], offset=[0, -0.3 * 19.5], order=1)[
        6:-6, 6:-6
    ]
    images = np.stack([image, sheared]).round().astype(np.uint8)[..., None]
    measured = measure(images)
    assert measured["width"][0] == pytest.approx(measured["width"][1], rel=0.03)
    tangents = np.tan(np.radians(measured["slant"]))
    assert abs(tangents[0] - tangents[1]) == pytest.approx(0.3, abs=0.03)


def test_place_size_and_ink_of_a_stroke():
    measured = measure(stroke(3.0, 0.0, centre=(10.5, 17.5), length=12.0, ink=0.5))
    assert measured["horizontal"][0] == 4 and measured["vertical"][0] == -3
    assert measured["size"][0] == 12
    assert measured["brightness"][0] == pytest.approx(0.5, abs=0.01)


@pytest.mark.parametrize("name", ["thickness", "slant", "width"])
def test_varying_leaves_the_shape_alone(digits, name):
    images, _ = digits
    before, after = measure(images)[name], measure(vary(images, 1))[name]
    assert np.corrcoef(before, after)[0, 1] > 0.95


def test_varied_digits_vary_within_bounds(digits):
    images, _ = digits
    measured = measure(vary(images, 1))
    assert measured["size"].min() >= 11 and measured["size"].max() <= 21
    assert measured["brightness"].min() > 0.3
    # Uniform in [0.4, 1] has mean 0.7 and the mean of 1000 of them a standard error of 0.006; thin
    # strokes lose some.
    assert 0.62 < measured["brightness"].mean() < 0.72
    np.testing.assert_array_equal(vary(images[:5], 1), vary(images[:5], 1))
    assert (vary(images[:5], 1) != vary(images[:5], 2)).any()


def test_normalising_undoes_varying(digits):
    images, labels = digits
    agreement = metrics.class_agreement(normalise(vary(images, 1)), labels)
    assert agreement > 0.96
    # or there would be nothing to undo
    assert metrics.class_agreement(vary(images, 1), labels) < agreement - 0.1


def test_a_blank_image_has_no_nan():
    assert all(
        np.isfinite(values).all() for values in measure(np.zeros((2, 28, 28, 1), np.uint8)).values()
    )
    assert normalise(np.zeros((2, 28, 28, 1), np.uint8)).max() == 0


def test_measuring_in_parts_changes_nothing(digits):
    images = np.concatenate([digits[0]] * 3)
    together = measure(images)
    for name, values in measure(images[1990:2010]).items():
        np.testing.assert_array_equal(values, together[name][1990:2010])


def test_every_level_is_about_a_third(digits):
    facts = measured_facts(vary(digits[0], 3), digits[1])
    assert facts.shape == (1000, len(FACTS)) and facts.dtype == np.int8
    np.testing.assert_array_equal(facts[:, 0], digits[1])
    for i, name in enumerate(ATTRIBUTES, 1):
        shares = np.bincount(facts[:, i], minlength=3) / len(facts)
        assert shares.min() > 0.22 and shares.max() < 0.45, name


def test_held_out_pairs():
    facts = np.full((3, len(FACTS)), MIDDLE, np.int8)
    facts[:, 0] = 7, 7, 6
    facts[[0, 2], FACTS.index("thickness")] = HIGH
    assert held_out(facts).tolist() == [True, False, False]
    (said,) = held_out_pairs(facts)
    assert dict(zip(FACTS, said.tolist(), strict=True)) == {
        **dict.fromkeys(FACTS, UNSAID),
        "digit": 7,
        "thickness": HIGH,
    }


def test_held_out_pairs_name_what_exists():
    for pair in HELD_OUT:
        assert len(pair) == 2 and set(pair) <= set(FACTS)
        assert all(
            level in range(10) if name == "digit" else level in (LOW, HIGH)
            for name, level in pair.items()
        )


def test_fulfilment_is_measured():
    images = np.concatenate([stroke(1.5, 30), stroke(5.0, -30)])
    said = np.full((2, len(FACTS)), UNSAID, np.int8)
    said[:, FACTS.index("slant")] = HIGH
    right = fulfilled(images, said)
    assert right["slant"].tolist() == [1.0, 0.0]
    assert all(np.isnan(right[name]).all() for name in ATTRIBUTES if name != "slant")
