"""What can be said of a picture of a digit, measured: stroke, slant, width, size, ink, place;
and digits varied in these.
"""

from typing import NamedTuple

import numpy as np
from scipy import ndimage

from genimg_lib.data.images import DIGIT_NAMES, check_images, check_labels

LOW = 0
MIDDLE = 1
HIGH = 2
UNSAID = -1


class Attribute(NamedTuple):
    """What is measured, in `unit`; the middle level lies between `below` and `above`, about a
    third of the varied images.
    """

    unit: str
    below: float
    above: float


ATTRIBUTES = {
    "thickness": Attribute("pixels of stroke per 20 of size", 2.55, 2.95),
    "slant": Attribute("degrees to the right", 0.0, 12.0),
    "width": Attribute("of the height, set upright", 0.54, 0.73),
    "size": Attribute("pixels", 14.9, 17.1),
    "brightness": Attribute("of full ink", 0.59, 0.78),
    "horizontal": Attribute("pixels right of the middle", -2.3, 2.3),
    "vertical": Attribute("pixels below the middle", -1.8, 1.8),
}
FACTS = ("digit", *ATTRIBUTES)

# Images with one of these pairs are never seen in training: a digit with an attribute, or two
# attributes.
HELD_OUT = (
    {"digit": 7, "thickness": HIGH},
    {"digit": 2, "slant": LOW},
    {"digit": 8, "width": LOW},
    {"digit": 4, "size": LOW},
    {"digit": 5, "brightness": LOW},
    {"digit": 3, "horizontal": LOW},
    {"digit": 9, "vertical": HIGH},
    {"size": HIGH, "brightness": LOW},
)


def vary(images, seed: int) -> np.ndarray:
    """Redraws `uint8` digits (n, 28, 28, 1) at 0.6 to 1 of their size, anywhere on the paper, with
    0.4 to 1 of their ink.

    MNIST's digits all have one size, one place and full ink: there would be nothing to say about
    them.
    """
    images = check_images(images, shape=(28, 28, 1))
    rng = np.random.default_rng(seed)
    scales = rng.uniform(0.6, 1.0, len(images))
    inks = rng.uniform(0.4, 1.0, len(images))
    corners, sides = _box(images)
    room = 26 - scales[:, None] * sides  # one pixel stays free on each side
    centres = 0.5 + scales[:, None] * sides / 2 + rng.uniform(size=room.shape) * room
    return _redraw(images, corners + (sides - 1) / 2, centres, scales, inks)


def normalise(images) -> np.ndarray:
    """Undoes `vary`, as MNIST itself was made: ink at full strength, 20 pixels of size, centred
    by mass.
    """
    images = check_images(images, shape=(28, 28, 1))
    weights = images[..., 0] + 1e-6
    centres = np.stack([ndimage.center_of_mass(weight) for weight in weights])
    return _redraw(
        images,
        centres,
        np.full(centres.shape, 13.5),
        20 / _box(images)[1].max(axis=1),
        1 / _ink(images),
    )


def measure(images) -> dict[str, np.ndarray]:
    """The attributes of `uint8` images (n, 28, 28, 1), each (n,) in the unit that `ATTRIBUTES`
    names.

    Slant and width come from the second moments of the ink; the width is that of the digit set
    upright. The thickness is 2 area / outline: a stroke of length l and thickness t has area l t
    and outline 2 l. The outline is the total variation, which is exact for blurred edges too
    (coarea formula); the area is the sum of the ink. Strokes of less than two pixels come out a
    little thicker than they are.
    """
    images = check_images(images, shape=(28, 28, 1))
    # for the sake of memory
    parts = [_measure(images[start : start + 2000]) for start in range(0, len(images), 2000)]
    return {name: np.concatenate([part[name] for part in parts]) for name in ATTRIBUTES}


def _measure(images) -> dict[str, np.ndarray]:
    corners, sides = _box(images)
    strength = _ink(images)
    size = sides.max(axis=1)
    ink = np.minimum(images[..., 0] / 255.0 / strength[:, None, None], 1.0)
    area = ink.sum(axis=(1, 2)) + 1e-9
    y, x = np.mgrid[:28, :28]
    y = y - (ink * y).sum(axis=(1, 2), keepdims=True) / area[:, None, None]
    x = x - (ink * x).sum(axis=(1, 2), keepdims=True) / area[:, None, None]
    xx, yy, xy = (
        (ink * product).sum(axis=(1, 2)) / area + 1e-9 for product in (x * x, y * y, x * y)
    )
    padded = np.pad(ink, ((0, 0), (1, 1), (1, 1)))
    down = np.diff(padded, axis=1)
    right = np.diff(padded, axis=2)
    gradient = np.hypot(down[:, :, 1:] + down[:, :, :-1], right[:, 1:] + right[:, :-1]) / 2
    middle = corners + (sides - 1) / 2 - 13.5
    return {
        "thickness": 2 * area / (gradient.sum(axis=(1, 2)) + 1e-9) * 20 / size,
        "slant": np.degrees(np.arctan2(-xy, yy)),
        "width": np.sqrt(np.maximum(xx - xy**2 / yy, 0) / yy),
        "size": size,
        "brightness": strength,
        "horizontal": middle[:, 1],
        "vertical": middle[:, 0],
    }


def measured_facts(images, labels) -> np.ndarray:
    """What is true of each image: `int8` of shape (n, 8), the digit and for each attribute LOW,
    MIDDLE or HIGH.
    """
    measured = measure(images)
    levels = [
        np.digitize(measured[name], (attribute.below, attribute.above))
        for name, attribute in ATTRIBUTES.items()
    ]
    return np.stack([check_labels(labels, len(images), DIGIT_NAMES), *levels], axis=1).astype(
        np.int8
    )


def held_out(facts) -> np.ndarray:
    """Marks the rows of `facts` in which one of the `HELD_OUT` pairs occurs: booleans (n,)."""
    columns = {name: np.asarray(facts)[:, i] for i, name in enumerate(FACTS)}
    pairs = [
        np.all([columns[name] == value for name, value in pair.items()], axis=0)
        for pair in HELD_OUT
    ]
    return np.any(pairs, axis=0)


def held_out_pairs(facts) -> np.ndarray:
    """The `HELD_OUT` pairs that occur in `facts`, one for each such row, with the digit and
    nothing else said: (m, 8).
    """
    facts = np.asarray(facts)[held_out(facts)]
    said = np.full_like(facts, UNSAID)
    said[:, 0] = facts[:, 0]
    for pair in HELD_OUT:
        columns = [FACTS.index(name) for name in pair]
        levels = list(pair.values())
        rows = (facts[:, columns] == levels).all(axis=1) & (said[:, 1:] == UNSAID).all(axis=1)
        said[np.ix_(rows, columns)] = levels
    return said


def fulfilled(images, facts) -> dict[str, np.ndarray]:
    """For each attribute: was it said (1 or 0), and does the image, measured again, have it? NaN
    where unsaid, (n,) each.
    """
    images = check_images(images, shape=(28, 28, 1))
    facts = np.asarray(facts)
    found = measured_facts(images, np.zeros(len(images), int))
    columns = {name: i for i, name in enumerate(FACTS) if name != "digit"}
    return {
        name: np.where(facts[:, i] == UNSAID, np.nan, found[:, i] == facts[:, i])
        for name, i in columns.items()
    }


def _ink(images) -> np.ndarray:
    """The mean of the eight darkest pixels, as a share of full ink, (n,)."""
    return np.sort(images.reshape(len(images), -1), axis=1)[:, -8:].mean(axis=1) / 255.0 + 1e-9


def _box(images) -> tuple[np.ndarray, np.ndarray]:
    """Top left corner and sides (vertical, horizontal) of the box around all pixels above 0.3 of
    the darkest, (n, 2) each.
    """
    inked = images[..., 0] >= np.maximum(0.3 * images.max(axis=(1, 2, 3))[:, None, None], 1)
    rows = inked.any(axis=2)
    columns = inked.any(axis=1)
    corners = np.stack([rows.argmax(axis=1), columns.argmax(axis=1)], axis=1)
    ends = np.stack(
        [28 - rows[:, ::-1].argmax(axis=1), 28 - columns[:, ::-1].argmax(axis=1)], axis=1
    )
    return corners, np.where(inked.any(axis=(1, 2))[:, None], ends - corners, 1)


def _redraw(images, sources, targets, scales, inks) -> np.ndarray:
    """Moves the point `sources` of each image to `targets`, both (n, 2), scaled by `scales` and
    with ink times `inks`.
    """
    redrawn = np.empty_like(images)
    for i, image in enumerate(images[..., 0].astype(np.float32)):
        shift = sources[i] - targets[i] / scales[i]
        moved = ndimage.affine_transform(image, np.full(2, 1 / scales[i]), shift, order=1)
        redrawn[i, ..., 0] = np.round(np.minimum(moved * inks[i], 255.0))
    return redrawn
