"""Scenes -> pictures, by matplotlib: each object is a few polygons in the asked colour, made of
plain numbers.
"""

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Polygon

from genimg_lib.scenes.program import ON_THE_GROUND, PLACES, Scene, parse, write

RGB = {
    **{
        "red": "#d62828",
        "orange": "#f28c1e",
        "yellow": "#f7cf2d",
        "green": "#3a9a42",
        "blue": "#2f6fd0",
        "purple": "#7d3fb2",
    },
    **{
        "pink": "#f28ab2",
        "brown": "#8a5a33",
        "black": "#2e2e33",
        "white": "#fbfbf7",
        "grey": "#9a9ea3",
    },
}
SKY_AND_GROUND = {
    **{
        "meadow": ("#bfe3f7", "#9ccf7a"),
        "sea": ("#cfe9f8", "#4f9cc9"),
        "beach": ("#bfe6f5", "#ecd9a3"),
    },
    **{"snow": ("#cbd6e3", "#eef3f8"), "night": ("#1d2547", "#2f4a3f")},
}
WIDTHS = {"small": 0.17, "medium": 0.26, "large": 0.37}  # of the picture
HORIZON = 0.36
LINE = 0.008  # the width of an outline, of the picture
SHARPER = 2  # drawn so much larger, then averaged


def arc(x, y, width, height, start=0, end=360):
    """Points of an ellipse around (x, y), from one angle to another in degrees."""
    angles = np.radians(np.linspace(start, end, 49))
    return np.stack([x + width / 2 * np.cos(angles), y + height / 2 * np.sin(angles)], axis=1)


def box(x, y, width, height):
    """A rectangle by its left, its bottom, its width and its height."""
    return np.array([(x, y), (x + width, y), (x + width, y + height), (x, y + height)])


def spikes(count, inner, outer=0.5, start=90):
    """A star around the origin."""
    angles = np.radians(start + np.arange(2 * count) * 180 / count)
    radii = np.where(np.arange(2 * count) % 2, inner, outer)
    return np.stack([radii * np.cos(angles), radii * np.sin(angles)], axis=1)


def petals(count, distance, size):
    return [
        arc(distance * np.cos(a), 0.14 + distance * np.sin(a), size, size)
        for a in np.arange(count) * 2 * np.pi / count
    ]


# Each object: (shade, shapes) from back to front, within -0.5..0.5. Shades: the asked colour as it
# is, darker or lighter, or
# a colour that the object always has.
PLAIN = 0.0
DARKER = -0.35
LIGHTER = 0.45
DARK = "#333338"
WHITE = "#ffffff"
WOOD = "#7a5230"
LEAF = "#4c8c3f"
GOLD = "#f4b942"
SKIN = "#f5e6c8"
PARTS = {
    "sun": [(LIGHTER, [spikes(12, 0.33)]), (PLAIN, [arc(0, 0, 0.62, 0.62)])],
    "moon": [
        (
            PLAIN,
            [np.concatenate([arc(0, 0, 0.96, 0.96, 50, 310), arc(0.27, 0, 0.78, 0.74, 273, 87)])],
        )
    ],
    "star": [(PLAIN, [spikes(5, 0.2)])],
    "cloud": [
        (
            PLAIN,
            [arc(-0.27, -0.05, 0.42, 0.34), arc(0, 0.08, 0.5, 0.46), arc(0.27, -0.04, 0.44, 0.36)],
        ),
        (
            PLAIN,
            [box(-0.3, -0.22, 0.6, 0.2), arc(-0.3, -0.1, 0.24, 0.24), arc(0.3, -0.1, 0.24, 0.24)],
        ),
    ],
    "bird": [
        (DARKER, [[(-0.5, 0.1), (-0.5, -0.12), (-0.2, -0.02)]]),
        (PLAIN, [arc(0, 0, 0.62, 0.36), arc(0.28, 0.14, 0.28, 0.28)]),
        (GOLD, [[(0.4, 0.18), (0.53, 0.12), (0.4, 0.08)]]),
        (DARKER, [[(0.1, 0.04), (-0.18, 0.42), (-0.22, 0.02)]]),
        (DARK, [arc(0.31, 0.18, 0.06, 0.06)]),
    ],
    "kite": [
        (
            DARK,
            [
                [
                    (0, -0.2),
                    (0.05, -0.32),
                    (-0.03, -0.42),
                    (0.02, -0.5),
                    (0, -0.42),
                    (0.08, -0.32),
                    (0.02, -0.2),
                ]
            ],
        ),
        (PLAIN, [[(0, 0.5), (0.33, 0.2), (0, -0.25), (-0.33, 0.2)]]),
        (DARKER, [[(0, 0.5), (0.33, 0.2), (0, 0.2)], [(0, -0.25), (-0.33, 0.2), (0, 0.2)]]),
    ],
    "balloon": [
        (
            DARK,
            [
                [
                    (-0.01, -0.2),
                    (0.03, -0.35),
                    (-0.01, -0.5),
                    (0.01, -0.5),
                    (0.05, -0.35),
                    (0.01, -0.2),
                ]
            ],
        ),
        (PLAIN, [arc(0, 0.15, 0.58, 0.68), [(0, -0.15), (-0.07, -0.25), (0.07, -0.25)]]),
        (LIGHTER, [arc(-0.12, 0.27, 0.12, 0.2)]),
    ],
    "rocket": [
        (GOLD, [[(-0.1, -0.3), (0, -0.5), (0.1, -0.3)]]),
        (
            DARKER,
            [
                [(-0.12, -0.05), (-0.3, -0.36), (-0.12, -0.3)],
                [(0.12, -0.05), (0.3, -0.36), (0.12, -0.3)],
            ],
        ),
        (PLAIN, [np.concatenate([arc(0, 0, 0.32, 1.0, 0, 180), [(-0.13, -0.3), (0.13, -0.3)]])]),
        (WHITE, [arc(0, 0.12, 0.16, 0.16)]),
    ],
    "house": [
        (PLAIN, [box(-0.38, -0.5, 0.76, 0.56)]),
        (DARKER, [[(-0.5, 0.04), (0, 0.46), (0.5, 0.04)], box(0.2, 0.15, 0.12, 0.3)]),
        (WOOD, [box(-0.09, -0.5, 0.18, 0.32)]),
        (WHITE, [box(-0.31, -0.25, 0.16, 0.16), box(0.15, -0.25, 0.16, 0.16)]),
    ],
    "castle": [
        (
            PLAIN,
            [
                box(-0.26, -0.5, 0.52, 0.5),
                box(-0.45, -0.5, 0.24, 0.72),
                box(0.21, -0.5, 0.24, 0.72),
            ],
        ),
        (PLAIN, [box(x, y, 0.09, 0.1) for x, y in ((-0.19, 0), (-0.04, 0), (0.11, 0))]),
        (
            DARKER,
            [
                [(-0.49, 0.22), (-0.33, 0.5), (-0.17, 0.22)],
                [(0.17, 0.22), (0.33, 0.5), (0.49, 0.22)],
            ],
        ),
        (DARK, [np.concatenate([arc(0, -0.28, 0.2, 0.2, 0, 180), [(-0.1, -0.5), (0.1, -0.5)]])]),
        (DARK, [box(-0.36, -0.02, 0.06, 0.12), box(0.3, -0.02, 0.06, 0.12)]),
    ],
    "tree": [
        (WOOD, [box(-0.07, -0.5, 0.14, 0.4)]),
        (PLAIN, [arc(-0.18, 0, 0.46, 0.42), arc(0.18, 0, 0.46, 0.42), arc(0, 0.22, 0.5, 0.5)]),
        (
            LIGHTER,
            [arc(-0.08, 0.3, 0.1, 0.08), arc(0.2, 0.06, 0.1, 0.08), arc(-0.22, 0.04, 0.1, 0.08)],
        ),
    ],
    "flower": [
        (
            LEAF,
            [
                box(-0.025, -0.5, 0.05, 0.6),
                arc(0.13, -0.3, 0.24, 0.1),
                arc(-0.13, -0.36, 0.24, 0.1),
            ],
        ),
        (PLAIN, petals(6, 0.21, 0.25)),
        (GOLD, [arc(0, 0.14, 0.22, 0.22)]),
        (WOOD, [arc(0, 0.14, 0.12, 0.12)]),
    ],
    "boat": [
        (WOOD, [box(-0.03, -0.25, 0.05, 0.75)]),
        (
            WHITE,
            [
                [(0.04, 0.46), (0.04, -0.12), (0.4, -0.12)],
                [(-0.05, 0.36), (-0.05, -0.12), (-0.32, -0.12)],
            ],
        ),
        (PLAIN, [[(-0.5, -0.2), (0.5, -0.2), (0.34, -0.5), (-0.34, -0.5)]]),
        (LIGHTER, [[(-0.46, -0.27), (0.46, -0.27), (0.435, -0.32), (-0.435, -0.32)]]),
    ],
    "car": [
        (PLAIN, [[(-0.3, -0.08), (-0.2, 0.16), (0.16, 0.16), (0.3, -0.08)]]),
        (
            WHITE,
            [
                [(-0.22, -0.06), (-0.15, 0.1), (-0.03, 0.1), (-0.03, -0.06)],
                [(0.02, -0.06), (0.02, 0.1), (0.13, 0.1), (0.22, -0.06)],
            ],
        ),
        (
            PLAIN,
            [
                [
                    (-0.5, -0.3),
                    (-0.5, -0.1),
                    (-0.42, -0.06),
                    (0.42, -0.06),
                    (0.5, -0.14),
                    (0.5, -0.3),
                ]
            ],
        ),
        (DARK, [arc(-0.26, -0.3, 0.24, 0.24), arc(0.26, -0.3, 0.24, 0.24)]),
        (WHITE, [arc(-0.26, -0.3, 0.1, 0.1), arc(0.26, -0.3, 0.1, 0.1)]),
    ],
    "fish": [
        (
            DARKER,
            [
                [(-0.22, 0), (-0.5, 0.24), (-0.44, 0), (-0.5, -0.24)],
                [(0.1, 0.14), (-0.1, 0.34), (-0.16, 0.1)],
            ],
        ),
        (PLAIN, [arc(0.06, 0, 0.76, 0.44)]),
        (
            LIGHTER,
            [arc(0.04, -0.08, 0.14, 0.1), arc(-0.1, 0.03, 0.14, 0.1), arc(0.05, 0.1, 0.14, 0.1)],
        ),
        (WHITE, [arc(0.28, 0.06, 0.1, 0.1)]),
        (DARK, [arc(0.29, 0.06, 0.05, 0.05)]),
    ],
    "cat": [
        (
            DARKER,
            [
                np.concatenate(
                    [arc(0.2, -0.28, 0.5, 0.6, -60, 60), arc(0.2, -0.28, 0.36, 0.46, 60, -60)]
                )
            ],
        ),
        (PLAIN, [arc(0, -0.27, 0.46, 0.46), arc(0, 0.14, 0.48, 0.42)]),
        (
            PLAIN,
            [
                [(-0.23, 0.18), (-0.23, 0.47), (-0.03, 0.3)],
                [(0.23, 0.18), (0.23, 0.47), (0.03, 0.3)],
            ],
        ),
        (LIGHTER, [arc(0, -0.3, 0.22, 0.28), arc(0, 0.06, 0.2, 0.14)]),
        (GOLD, [arc(-0.1, 0.18, 0.09, 0.1), arc(0.1, 0.18, 0.09, 0.1)]),
        (
            DARK,
            [
                arc(-0.1, 0.18, 0.03, 0.09),
                arc(0.1, 0.18, 0.03, 0.09),
                [(-0.04, 0.1), (0.04, 0.1), (0, 0.05)],
            ],
        ),
    ],
    "ball": [
        (PLAIN, [arc(0, -0.1, 0.8, 0.8)]),
        (
            WHITE,
            [np.concatenate([arc(0, -0.1, 0.8, 0.24, 180, 360), arc(0, -0.1, 0.8, 0.02, 0, 180)])],
        ),
        (LIGHTER, [arc(-0.14, 0.12, 0.2, 0.13)]),
    ],
    "box": [
        (LIGHTER, [[(-0.42, 0.14), (-0.26, 0.34), (0.5, 0.34), (0.34, 0.14)]]),
        (DARKER, [[(0.34, 0.14), (0.5, 0.34), (0.5, -0.3), (0.34, -0.5)]]),
        (PLAIN, [box(-0.42, -0.5, 0.76, 0.64)]),
        (DARKER, [box(-0.1, -0.5, 0.12, 0.64)]),
    ],
    "apple": [
        (WOOD, [[(-0.02, 0.2), (0.04, 0.46), (0.09, 0.44), (0.03, 0.2)]]),
        (LEAF, [arc(0.2, 0.38, 0.28, 0.13)]),
        (PLAIN, [arc(-0.15, -0.09, 0.56, 0.72), arc(0.15, -0.09, 0.56, 0.72)]),
        (LIGHTER, [arc(-0.24, 0.05, 0.1, 0.2)]),
    ],
    "mushroom": [
        (
            SKIN,
            [np.concatenate([arc(0, -0.38, 0.34, 0.24, 180, 360), [(0.12, 0.05), (-0.12, 0.05)]])],
        ),
        (PLAIN, [np.concatenate([arc(0, 0, 0.96, 0.84, 0, 180), arc(0, 0, 0.96, 0.16, 180, 360)])]),
        (
            LIGHTER,
            [
                arc(-0.22, 0.14, 0.16, 0.13),
                arc(0.06, 0.26, 0.18, 0.14),
                arc(0.27, 0.08, 0.13, 0.12),
            ],
        ),
    ],
}


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
    sky, ground = SKY_AND_GROUND[scene.background]
    for corner, height, colour in (((0, 0), 1, sky), ((0, 0), HORIZON, ground)):
        axes.add_patch(Polygon(box(*corner, 1, height), facecolor=colour))
    _decorate(axes, scene.background)
    outline = "#e8e8f2" if scene.background == "night" else "#3a3a40"
    for thing in sorted(scene.things, key=lambda thing: -PLACES[thing.place][1]):
        _draw(axes, thing, _centre(thing, scene.things), outline)
    canvas.draw()
    pixels = np.asarray(canvas.buffer_rgba())[..., :3].reshape(size, SHARPER, size, SHARPER, 3)
    return np.rint(pixels.mean(axis=(1, 3))).astype(np.uint8)


def _decorate(axes, background):
    if background == "night":
        for x, y in (
            (0.06, 0.93),
            (0.34, 0.7),
            (0.63, 0.95),
            (0.9, 0.66),
            (0.15, 0.6),
            (0.5, 0.52),
        ):
            axes.add_patch(Polygon((x, y) + 0.025 * spikes(4, 0.15), facecolor="#dfe3f5"))
    if background == "snow":
        for x, y in np.random.default_rng(0).random((40, 2)):
            axes.add_patch(
                Polygon(arc(x, HORIZON + y * (1 - HORIZON), 0.015, 0.015), facecolor="#ffffff")
            )
    if background == "sea":
        for x, y in (
            (0.1, 0.28),
            (0.55, 0.3),
            (0.8, 0.22),
            (0.3, 0.16),
            (0.65, 0.08),
            (0.08, 0.06),
        ):
            axes.add_patch(Polygon(arc(x, y, 0.12, 0.012), facecolor="#8cc3e0"))


def _centre(thing, things):
    column, row = PLACES[thing.place]
    width = WIDTHS[thing.size]
    x = (0.2, 0.5, 0.8)[column]
    y = (0.2, 0.5, 0.8)[row]
    if thing.object in ON_THE_GROUND and row == 0:
        y = 0.07 + width / 2  # all stand on one line
    neighbours = [other for other in things if other.place == thing.place]
    place = next(i for i, other in enumerate(neighbours) if other is thing)
    x += (place - (len(neighbours) - 1) / 2) * 0.2
    return np.clip((x, y), width / 2 + 0.01, 0.99 - width / 2)


def _draw(axes, thing, centre, outline):
    width = WIDTHS[thing.size]
    shapes = [
        (shade, np.asarray(points)) for shade, several in PARTS[thing.object] for points in several
    ]
    # first everything with a wide line, then what lies within: only the silhouette keeps its line
    for _, points in shapes:
        axes.add_patch(
            Polygon(
                centre + width * points,
                facecolor=outline,
                edgecolor=outline,
                linewidth=72 * 2 * LINE,
                joinstyle="round",
            )
        )
    for shade, points in shapes:
        axes.add_patch(
            Polygon(centre + width * points, facecolor=_shaded(RGB[thing.colour], shade))
        )


def _shaded(colour, shade):
    if isinstance(shade, str):
        return shade
    target = 1.0 if shade > 0 else 0.0
    return tuple(np.array(to_rgb(colour)) * (1 - abs(shade)) + abs(shade) * target)
