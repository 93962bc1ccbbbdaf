"""How every figure looks: readable type, and lines that differ by more than colour."""

import matplotlib as mpl
from cycler import cycler

DPI = 110
PALETTE = ("#0b3c6f", "#c44e00", "#00805e", "#9a3f8f", "#5c5c5c", "#8a6d00")
"""Blue, orange, green, purple, grey and ochre, each with a contrast of at least 3 to 1 on white."""
LINES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (1, 3)))
MARKERS = ("o", "s", "D", "^", "X", "v")
"""The n-th series of a figure has the n-th colour, line style and marker."""

SETTINGS = {
    "figure.dpi": DPI,
    "savefig.dpi": DPI,
    "font.size": 10,
    "axes.titlesize": 11,
    "axes.titlelocation": "left",
    "axes.labelsize": 10,
    "xtick.labelsize": 9,
    "ytick.labelsize": 9,
    "legend.fontsize": 9,
    "legend.loc": "best",
    "legend.frameon": False,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": False,
    "lines.linewidth": 1.8,
    "image.cmap": "cividis",
    "axes.prop_cycle": cycler(color=PALETTE) + cycler(linestyle=LINES),
}


def use() -> None:
    """Makes this the style of all figures from here on."""
    mpl.rcParams.update(SETTINGS)


def contrast(first, second="white") -> float:
    """The contrast of two colours, from 1 to 21. Source: WCAG 2.2, "contrast ratio"."""
    darker, lighter = sorted((_luminance(first), _luminance(second)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour) -> float:
    parts = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in mpl.colors.to_rgb(colour)
    ]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
