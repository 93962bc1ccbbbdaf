"""The shapes of each object of a scene: polygons of plain numbers, within -0.5..0.5."""

import numpy as np


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
    """Discs in a circle around (0, 0.14)."""
    angles = np.arange(count) * 2 * np.pi / count
    return [
        arc(distance * np.cos(angle), 0.14 + distance * np.sin(angle), size, size)
        for angle in angles
    ]


def joined(first, second):
    """One shape whose outline is that of two lines, one after the other."""
    return np.concatenate([first, second])


# Shades: the asked colour as it is, darker or lighter, or a colour that the object always has.
PLAIN = 0.0
DARKER = -0.35
LIGHTER = 0.45
DARK = "#333338"
WHITE = "#ffffff"
WOOD = "#7a5230"
LEAF = "#4c8c3f"
GOLD = "#f4b942"
SKIN = "#f5e6c8"

KITE_STRING = [
    (0, -0.2),
    (0.05, -0.32),
    (-0.03, -0.42),
    (0.02, -0.5),
    (0, -0.42),
    (0.08, -0.32),
    (0.02, -0.2),
]
BALLOON_STRING = [
    (-0.01, -0.2),
    (0.03, -0.35),
    (-0.01, -0.5),
    (0.01, -0.5),
    (0.05, -0.35),
    (0.01, -0.2),
]
CAR_BODY = [
    (-0.5, -0.3),
    (-0.5, -0.1),
    (-0.42, -0.06),
    (0.42, -0.06),
    (0.5, -0.14),
    (0.5, -0.3),
]

PARTS = {
    "sun": [
        (LIGHTER, spikes(12, 0.33)),
        (PLAIN, arc(0, 0, 0.62, 0.62)),
    ],
    "moon": [
        (PLAIN, joined(arc(0, 0, 0.96, 0.96, 50, 310), arc(0.27, 0, 0.78, 0.74, 273, 87))),
    ],
    "star": [
        (PLAIN, spikes(5, 0.2)),
    ],
    "cloud": [
        (PLAIN, arc(-0.27, -0.05, 0.42, 0.34)),
        (PLAIN, arc(0, 0.08, 0.5, 0.46)),
        (PLAIN, arc(0.27, -0.04, 0.44, 0.36)),
        (PLAIN, box(-0.3, -0.22, 0.6, 0.2)),
        (PLAIN, arc(-0.3, -0.1, 0.24, 0.24)),
        (PLAIN, arc(0.3, -0.1, 0.24, 0.24)),
    ],
    "bird": [
        (DARKER, [(-0.5, 0.1), (-0.5, -0.12), (-0.2, -0.02)]),
        (PLAIN, arc(0, 0, 0.62, 0.36)),
        (PLAIN, arc(0.28, 0.14, 0.28, 0.28)),
        (GOLD, [(0.4, 0.18), (0.53, 0.12), (0.4, 0.08)]),
        (DARKER, [(0.1, 0.04), (-0.18, 0.42), (-0.22, 0.02)]),
        (DARK, arc(0.31, 0.18, 0.06, 0.06)),
    ],
    "kite": [
        (DARK, KITE_STRING),
        (PLAIN, [(0, 0.5), (0.33, 0.2), (0, -0.25), (-0.33, 0.2)]),
        (DARKER, [(0, 0.5), (0.33, 0.2), (0, 0.2)]),
        (DARKER, [(0, -0.25), (-0.33, 0.2), (0, 0.2)]),
    ],
    "balloon": [
        (DARK, BALLOON_STRING),
        (PLAIN, arc(0, 0.15, 0.58, 0.68)),
        (PLAIN, [(0, -0.15), (-0.07, -0.25), (0.07, -0.25)]),
        (LIGHTER, arc(-0.12, 0.27, 0.12, 0.2)),
    ],
    "rocket": [
        (GOLD, [(-0.1, -0.3), (0, -0.5), (0.1, -0.3)]),
        (DARKER, [(-0.12, -0.05), (-0.3, -0.36), (-0.12, -0.3)]),
        (DARKER, [(0.12, -0.05), (0.3, -0.36), (0.12, -0.3)]),
        (PLAIN, joined(arc(0, 0, 0.32, 1.0, 0, 180), [(-0.13, -0.3), (0.13, -0.3)])),
        (WHITE, arc(0, 0.12, 0.16, 0.16)),
    ],
    "house": [
        (PLAIN, box(-0.38, -0.5, 0.76, 0.56)),
        (DARKER, [(-0.5, 0.04), (0, 0.46), (0.5, 0.04)]),
        (DARKER, box(0.2, 0.15, 0.12, 0.3)),
        (WOOD, box(-0.09, -0.5, 0.18, 0.32)),
        (WHITE, box(-0.31, -0.25, 0.16, 0.16)),
        (WHITE, box(0.15, -0.25, 0.16, 0.16)),
    ],
    "castle": [
        (PLAIN, box(-0.26, -0.5, 0.52, 0.5)),
        (PLAIN, box(-0.45, -0.5, 0.24, 0.72)),
        (PLAIN, box(0.21, -0.5, 0.24, 0.72)),
        (PLAIN, box(-0.19, 0, 0.09, 0.1)),
        (PLAIN, box(-0.04, 0, 0.09, 0.1)),
        (PLAIN, box(0.11, 0, 0.09, 0.1)),
        (DARKER, [(-0.49, 0.22), (-0.33, 0.5), (-0.17, 0.22)]),
        (DARKER, [(0.17, 0.22), (0.33, 0.5), (0.49, 0.22)]),
        (DARK, joined(arc(0, -0.28, 0.2, 0.2, 0, 180), [(-0.1, -0.5), (0.1, -0.5)])),
        (DARK, box(-0.36, -0.02, 0.06, 0.12)),
        (DARK, box(0.3, -0.02, 0.06, 0.12)),
    ],
    "tree": [
        (WOOD, box(-0.07, -0.5, 0.14, 0.4)),
        (PLAIN, arc(-0.18, 0, 0.46, 0.42)),
        (PLAIN, arc(0.18, 0, 0.46, 0.42)),
        (PLAIN, arc(0, 0.22, 0.5, 0.5)),
        (LIGHTER, arc(-0.08, 0.3, 0.1, 0.08)),
        (LIGHTER, arc(0.2, 0.06, 0.1, 0.08)),
        (LIGHTER, arc(-0.22, 0.04, 0.1, 0.08)),
    ],
    "flower": [
        (LEAF, box(-0.025, -0.5, 0.05, 0.6)),
        (LEAF, arc(0.13, -0.3, 0.24, 0.1)),
        (LEAF, arc(-0.13, -0.36, 0.24, 0.1)),
        *((PLAIN, petal) for petal in petals(6, 0.21, 0.25)),
        (GOLD, arc(0, 0.14, 0.22, 0.22)),
        (WOOD, arc(0, 0.14, 0.12, 0.12)),
    ],
    "boat": [
        (WOOD, box(-0.03, -0.25, 0.05, 0.75)),
        (WHITE, [(0.04, 0.46), (0.04, -0.12), (0.4, -0.12)]),
        (WHITE, [(-0.05, 0.36), (-0.05, -0.12), (-0.32, -0.12)]),
        (PLAIN, [(-0.5, -0.2), (0.5, -0.2), (0.34, -0.5), (-0.34, -0.5)]),
        (LIGHTER, [(-0.46, -0.27), (0.46, -0.27), (0.435, -0.32), (-0.435, -0.32)]),
    ],
    "car": [
        (PLAIN, [(-0.3, -0.08), (-0.2, 0.16), (0.16, 0.16), (0.3, -0.08)]),
        (WHITE, [(-0.22, -0.06), (-0.15, 0.1), (-0.03, 0.1), (-0.03, -0.06)]),
        (WHITE, [(0.02, -0.06), (0.02, 0.1), (0.13, 0.1), (0.22, -0.06)]),
        (PLAIN, CAR_BODY),
        (DARK, arc(-0.26, -0.3, 0.24, 0.24)),
        (DARK, arc(0.26, -0.3, 0.24, 0.24)),
        (WHITE, arc(-0.26, -0.3, 0.1, 0.1)),
        (WHITE, arc(0.26, -0.3, 0.1, 0.1)),
    ],
    "fish": [
        (DARKER, [(-0.22, 0), (-0.5, 0.24), (-0.44, 0), (-0.5, -0.24)]),
        (DARKER, [(0.1, 0.14), (-0.1, 0.34), (-0.16, 0.1)]),
        (PLAIN, arc(0.06, 0, 0.76, 0.44)),
        (LIGHTER, arc(0.04, -0.08, 0.14, 0.1)),
        (LIGHTER, arc(-0.1, 0.03, 0.14, 0.1)),
        (LIGHTER, arc(0.05, 0.1, 0.14, 0.1)),
        (WHITE, arc(0.28, 0.06, 0.1, 0.1)),
        (DARK, arc(0.29, 0.06, 0.05, 0.05)),
    ],
    "cat": [
        (DARKER, joined(arc(0.2, -0.28, 0.5, 0.6, -60, 60), arc(0.2, -0.28, 0.36, 0.46, 60, -60))),
        (PLAIN, arc(0, -0.27, 0.46, 0.46)),
        (PLAIN, arc(0, 0.14, 0.48, 0.42)),
        (PLAIN, [(-0.23, 0.18), (-0.23, 0.47), (-0.03, 0.3)]),
        (PLAIN, [(0.23, 0.18), (0.23, 0.47), (0.03, 0.3)]),
        (LIGHTER, arc(0, -0.3, 0.22, 0.28)),
        (LIGHTER, arc(0, 0.06, 0.2, 0.14)),
        (GOLD, arc(-0.1, 0.18, 0.09, 0.1)),
        (GOLD, arc(0.1, 0.18, 0.09, 0.1)),
        (DARK, arc(-0.1, 0.18, 0.03, 0.09)),
        (DARK, arc(0.1, 0.18, 0.03, 0.09)),
        (DARK, [(-0.04, 0.1), (0.04, 0.1), (0, 0.05)]),
    ],
    "ball": [
        (PLAIN, arc(0, -0.1, 0.8, 0.8)),
        (WHITE, joined(arc(0, -0.1, 0.8, 0.24, 180, 360), arc(0, -0.1, 0.8, 0.02, 0, 180))),
        (LIGHTER, arc(-0.14, 0.12, 0.2, 0.13)),
    ],
    "box": [
        (LIGHTER, [(-0.42, 0.14), (-0.26, 0.34), (0.5, 0.34), (0.34, 0.14)]),
        (DARKER, [(0.34, 0.14), (0.5, 0.34), (0.5, -0.3), (0.34, -0.5)]),
        (PLAIN, box(-0.42, -0.5, 0.76, 0.64)),
        (DARKER, box(-0.1, -0.5, 0.12, 0.64)),
    ],
    "apple": [
        (WOOD, [(-0.02, 0.2), (0.04, 0.46), (0.09, 0.44), (0.03, 0.2)]),
        (LEAF, arc(0.2, 0.38, 0.28, 0.13)),
        (PLAIN, arc(-0.15, -0.09, 0.56, 0.72)),
        (PLAIN, arc(0.15, -0.09, 0.56, 0.72)),
        (LIGHTER, arc(-0.24, 0.05, 0.1, 0.2)),
    ],
    "mushroom": [
        (SKIN, joined(arc(0, -0.38, 0.34, 0.24, 180, 360), [(0.12, 0.05), (-0.12, 0.05)])),
        (PLAIN, joined(arc(0, 0, 0.96, 0.84, 0, 180), arc(0, 0, 0.96, 0.16, 180, 360))),
        (LIGHTER, arc(-0.22, 0.14, 0.16, 0.13)),
        (LIGHTER, arc(0.06, 0.26, 0.18, 0.14)),
        (LIGHTER, arc(0.27, 0.08, 0.13, 0.12)),
    ],
}
"""Object -> its shapes from back to front, each with its shade."""
