"""Scenes -> pictures, by matplotlib.

Each object is a few polygons in the asked colour, see `shapes.py`.
"""

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Polygon

from genimg_lib.scenes import tables
from genimg_lib.scenes.program import ON_THE_GROUND, PLACES, Scene, parse, write
from genimg_lib.scenes.shapes import PARTS, arc, box, spikes

RGB = tables.words()["colours"]
SKY_AND_GROUND = tables.words()["backgrounds"]
WIDTHS = tables.words()["sizes"]
HORIZON = 0.36
LINE = 0.008  # the width of an outline, of the picture
SHARPER = 2  # drawn so much larger, then averaged
OUTLINE = "#3a3a40"
OUTLINE_AT_NIGHT = "#e8e8f2"
# (x, y), as shares of the picture
STARS = np.array([(0.06, 0.93), (0.34, 0.7), (0.63, 0.95), (0.9, 0.66), (0.15, 0.6), (0.5, 0.52)])
WAVES = np.array([(0.1, 0.28), (0.55, 0.3), (0.8, 0.22), (0.3, 0.16), (0.65, 0.08), (0.08, 0.06)])


def render(scene: Scene, size: int = 128) -> np.ndarray:
    """Draws a scene: `uint8` of shape (size, size, 3).

    Things of the lower rows stand in front; things of one place stand side by side. Raises
    `ValueError` for a scene with gaps or unknown words, and for a size outside 32..1024.
    """
    if not 32 <= size <= 1024:
        raise ValueError(f"size must be in 32..1024 pixels, got {size}")
    scene = parse(write(scene))
    figure = Figure(figsize=(1, 1), dpi=SHARPER * size)
    canvas = FigureCanvasAgg(figure)
    axes = figure.add_axes((0, 0, 1, 1), xlim=(0, 1), ylim=(0, 1))
    axes.set_axis_off()
    _draw_background(axes, scene.background)
    for thing in sorted(scene.things, key=lambda thing: -PLACES[thing.place][1]):
        outline = OUTLINE_AT_NIGHT if scene.background == "night" else OUTLINE
        _draw_thing(axes, thing, _centre(thing, scene.things), outline)
    canvas.draw()
    pixels = np.asarray(canvas.buffer_rgba())[..., :3].reshape(size, SHARPER, size, SHARPER, 3)
    return np.rint(pixels.mean(axis=(1, 3))).astype(np.uint8)


def _draw_background(axes, background):
    _fill(axes, box(0, 0, 1, 1), SKY_AND_GROUND[background]["sky"])
    _fill(axes, box(0, 0, 1, HORIZON), SKY_AND_GROUND[background]["ground"])
    if background == "night":
        for star in STARS:
            _fill(axes, star + 0.025 * spikes(4, 0.15), "#dfe3f5")
    if background == "snow":
        for x, y in np.random.default_rng(0).random((40, 2)):
            _fill(axes, arc(x, HORIZON + y * (1 - HORIZON), 0.015, 0.015), "#ffffff")
    if background == "sea":
        for x, y in WAVES:
            _fill(axes, arc(x, y, 0.12, 0.012), "#8cc3e0")


def _fill(axes, points, colour):
    axes.add_patch(Polygon(points, facecolor=colour))


def _centre(thing, things):
    """(x, y) of a thing's centre, as shares of the picture; the whole thing stays inside."""
    column, row = PLACES[thing.place]
    width = WIDTHS[thing.size]
    x = (0.2, 0.5, 0.8)[column]
    y = (0.2, 0.5, 0.8)[row]
    if thing.object in ON_THE_GROUND and row == 0:
        y = 0.07 + width / 2  # all stand on one line
    neighbours = [other for other in things if other.place == thing.place]
    index = next(i for i, other in enumerate(neighbours) if other is thing)
    x += (index - (len(neighbours) - 1) / 2) * 0.2
    return np.clip((x, y), width / 2 + 0.01, 0.99 - width / 2)


def _draw_thing(axes, thing, centre, outline):
    width = WIDTHS[thing.size]
    shapes = [(shade, centre + width * np.asarray(points)) for shade, points in PARTS[thing.object]]
    # first everything with a wide line, then what lies within: only the silhouette keeps its line
    for _, points in shapes:
        axes.add_patch(
            Polygon(
                points,
                facecolor=outline,
                edgecolor=outline,
                linewidth=72 * 2 * LINE,
                joinstyle="round",
            )
        )
    for shade, points in shapes:
        _fill(axes, points, _shaded(RGB[thing.colour], shade))


def _shaded(colour, shade):
    if isinstance(shade, str):
        return shade
    target = 1.0 if shade > 0 else 0.0
    return tuple(np.array(to_rgb(colour)) * (1 - abs(shade)) + abs(shade) * target)
