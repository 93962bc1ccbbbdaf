"""Images -> pictures. Every function returns a closed matplotlib figure that a notebook shows as
a cell's last value, with a text that says in words what it shows: `alt`, or else the title.
"""

import base64
import io
from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

from genimg_lib.data.attributes import ATTRIBUTES, FACTS, UNSAID, measure, measured_facts, normalise
from genimg_lib.data.images import check_images
from genimg_lib.evaluation.metrics import predict_labels
from genimg_lib.notebook import style

INCH_PER_IMAGE = 0.62  # 68 pixels at the style's resolution
GAP = 0.03  # between two images, as a part of that
CAPTIONED = 1.45  # the height of an image and the line above it, likewise
TITLE_INCHES = 0.3
INCH_PER_LETTER = 0.07  # of a row's name, at 9 points


def show(figure: Figure, alt: str) -> Figure:
    """Closes a figure and gives it its alternative text, which a notebook stores beside the PNG:
    `metadata["image/png"]["alt"]`. Use it as the last line of a cell.

    Raises ValueError for an empty text.
    """
    alt = " ".join(alt.split())
    if not alt:
        raise ValueError("a picture needs a text that says in words what it shows")

    def mime_bundle(include=None, exclude=None):
        buffer = io.BytesIO()
        figure.savefig(buffer, format="png", dpi=style.DPI, bbox_inches="tight")
        picture = base64.b64encode(buffer.getvalue()).decode()
        return {"image/png": picture, "text/plain": alt}, {"image/png": {"alt": alt}}

    figure._repr_mimebundle_ = mime_bundle
    plt.close(figure)  # or the inline backend would show it a second time
    return figure


def image_grid(
    images,
    title: str = "",
    *,
    columns: int | None = None,
    captions: Sequence[str] | None = None,
    alt: str = "",
) -> Figure:
    """Shows `uint8` images (n, height, width, channels) in rows of `columns` (10 unless told), ink
    dark on white.

    `captions`, one for each image, are written above them. Raises as `check_images`, and
    `ValueError` for another number of captions.
    """
    images = check_images(images)
    if captions is not None and len(captions) != len(images):
        raise ValueError(f"expected {len(images)} captions, one per image, got {len(captions)}")
    columns = columns or min(len(images), 10)
    lines = [images[start : start + columns] for start in range(0, len(images), columns)]
    figure, axis = _table(lines, columns, height=CAPTIONED if captions else 1.0)
    for i, caption in enumerate(captions or []):
        row, column = divmod(i, columns)
        above = row + 1 - 1 / CAPTIONED
        axis.text(column + 0.5, above, caption, fontsize=9, ha="center", va="bottom")
    return _finish(figure, title, alt or title or f"{len(images)} images")


def image_rows(rows: Mapping[str, np.ndarray], title: str = "", *, alt: str = "") -> Figure:
    """Shows sets of images under each other, each row with its name on the left: for before and
    after.
    """
    rows = {name: check_images(images, name=name) for name, images in rows.items()}
    if not rows:
        raise ValueError("image_rows needs at least one row of images")
    columns = max(map(len, rows.values()))
    names = max(1.4, INCH_PER_LETTER * max(map(len, rows)) + 0.2)
    figure, axis = _table(list(rows.values()), columns, left=names)
    for row, name in enumerate(rows):
        axis.text(-0.15, row + 0.5, name, ha="right", va="center", fontsize=9)
    return _finish(figure, title, alt or title or f"Rows of images: {', '.join(rows)}")


def measured_images(images, asked=None, title: str = "", *, alt: str = "") -> Figure:
    """Digits with what is measured in each of them below it: what the course's classifier reads,
    and every attribute.

    `asked` are the facts of one caption, as `captions.parse` returns them: what was asked for is
    printed in bold, with a tick where it is there and a cross where it is not.
    """
    asked = np.full(len(FACTS), UNSAID) if asked is None else np.asarray(asked)
    digits = predict_labels(normalise(images))
    measured = measure(images)
    right = measured_facts(images, digits) == asked
    figure, axes = plt.subplots(
        1, len(images), figsize=(0.85 * len(images) + 1.3, 2.6), squeeze=False
    )
    for column, (axis, image) in enumerate(zip(axes[0], check_images(images), strict=True)):
        axis.imshow(image, **_ink(image))
        values = [str(digits[column]), *(f"{measured[name][column]:.2g}" for name in ATTRIBUTES)]
        for line, (name, value) in enumerate(zip(FACTS, values, strict=True)):
            told = asked[line] != UNSAID
            style = {
                "transform": axis.transAxes,
                "fontsize": 9,
                "va": "top",
                "weight": "bold" if told else "normal",
            }
            mark = ("\u2713 " if right[column, line] else "\u2717 ") if told else ""
            axis.text(0.5, -0.08 - 0.19 * line, mark + value, ha="center", **style)
            if column == 0:
                axis.text(-0.2, -0.08 - 0.19 * line, name, ha="right", **style)
        axis.set(xticks=[], yticks=[])
        # the paper's edge: where a digit stands is said as well
        plt.setp(axis.spines.values(), color="lightgrey")
    figure.suptitle(title, fontsize=11)
    figure.subplots_adjust(
        left=1.1 / figure.get_figwidth(), right=0.99, top=0.92, bottom=0.56, wspace=0.1
    )
    return show(figure, alt or title or f"{len(images)} digits with what is measured in each")


def curves(
    series: Mapping[str, Sequence[float]],
    title: str,
    *,
    x=None,
    xlabel: str = "step",
    ylabel: str,
    alt: str = "",
) -> Figure:
    """Draws named curves over `x` (0, 1, 2, ... unless given) in colours and line styles that
    survive a grey printout.
    """
    figure, axis = plt.subplots(figsize=(6.0, 3.2), layout="constrained")
    for i, (name, values) in enumerate(series.items()):
        positions = range(len(values)) if x is None else x
        line = {
            "color": style.PALETTE[i % len(style.PALETTE)],
            "linestyle": style.LINES[i % len(style.LINES)],
        }
        axis.plot(positions, values, label=name, **line)
    axis.set(title=title, xlabel=xlabel, ylabel=ylabel)
    axis.grid(alpha=0.3)
    if len(series) > 1:
        axis.legend()
    return show(figure, alt or title)


def _ink(image) -> dict:
    return {"cmap": "gray_r", "vmin": 0, "vmax": 255} if image.shape[-1] == 1 else {}


def _table(lines, columns: int, *, height: float = 1.0, left: float = 0.0):
    """A figure with a cell for each image: one wide and `height` high, in INCH_PER_IMAGE, the image
    at its bottom; `left` inches are free beside them. Returns the figure and its axis, where the
    cell of a row and a column is at (column, row).

    One axis for all: an axis for each image took ten times as long to make and to draw.
    """
    width = INCH_PER_IMAGE * columns + left
    total = INCH_PER_IMAGE * height * len(lines) + TITLE_INCHES
    figure = plt.figure(figsize=(width, total))
    axis = figure.add_axes((left / width, 0.0, 1.0 - left / width, 1.0 - TITLE_INCHES / total))
    for row, images in enumerate(lines):
        for column, image in enumerate(images):
            rows, pixels = image.shape[:2]
            size = (1.0 - GAP) / max(rows, pixels)  # of a pixel, in cells
            middle, half = column + 0.5, size * pixels / 2
            centre, rise = row + 1.0 - 0.5 / height, size * rows / 2 / height
            extent = (middle - half, middle + half, centre + rise, centre - rise)
            axis.imshow(image, extent=extent, aspect="auto", **_ink(image))
    axis.set(xlim=(0, columns), ylim=(len(lines), 0))
    axis.set_axis_off()
    return figure, axis


def _finish(figure, title, alt) -> Figure:
    if title:
        # at the very top: lower down, it would touch the first row of a high figure
        figure.suptitle(title, fontsize=11, y=1.0)
    return show(figure, alt)
