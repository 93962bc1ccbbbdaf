"""What exercises 33 ask about a picture and about numbers: the right choices, and what is said of
the others.

The rows are those of tools/draw_exercises.py restoration.
"""

import math

from genimg_lib.checks.judge import causes

REPAIRS = causes(
    right={
        "A": "pixel and adversarial loss",
        "B": "denoiser",
        "C": "nearest training image, pasted",
        "D": "pixel loss",
        "E": "smooth filling",
    },
    signs={
        "pixel and adversarial loss": "With a discriminator, the restorer commits itself: strokes "
        "where a pixel loss leaves smoke.",
        "pixel loss": "A pixel loss answers the mean: smoke where several strokes would fit.",
        "smooth filling": "Smooth filling continues the grey levels of the border and knows no "
        "strokes.",
        "denoiser": "A network that never saw a hole in training has no reason to fill it.",
        "nearest training image, pasted": "Pasted pixels are as sharp as any, and do not always "
        "meet the strokes at the border.",
        "adversarial loss alone": "Without a pixel loss nothing ties the known pixels to what was "
        "given.",
        "median of 3x3": "A median of so few pixels cannot reach the middle of a hole.",
    },
    clues={
        "A": "Here most holes hold a stroke that continues its ends, with an error as small as in "
        "row D.",
        "B": "Look into the holes of row B, and at its error.",
        "C": "Here all strokes are sharp, as the FID says, and the error is large; follow some of "
        "them across the border of the square.",
        "D": "Here no other row has a smaller error, and strokes fade into grey.",
        "E": "Here no hole holds a stroke with two edges.",
    },
)


def _at(decibels: float) -> float:
    """Root mean squared error in grey levels at so many dB."""
    return 255 * 10 ** (-decibels / 20)


DECIBELS = {
    "grey_levels": (
        _at(28),
        {
            255 * 10 ** (-2.8): "28 dB are a factor of 10^2.8 in the *squared* error; take the "
            "root.",
            _at(28) ** 2: "that is the mean squared error; its root is in grey levels.",
            255 / 28: "decibels are a logarithm, not a divisor.",
            10 ** (-1.4): "that is on a scale from 0 to 1; grey levels go to 255.",
        },
        "28 = 20 log10(255 / e): solve for e.",
    ),
    "sampled": (
        28 - 10 * math.log10(2),
        {
            28 - 20 * math.log10(2): "twice the *squared* error, so 10 log10 2 and not 20 log10 2.",
            14: "half the decibels would be the square root of the ratio; twice the error costs "
            "a constant.",
            28: "a sample is off by its own scatter as well as by that of the truth.",
            28 + 10 * math.log10(2): "a larger error gives fewer decibels.",
        },
        "Sampling doubles the squared error of the mean.",
    ),
    "inside_the_hole": (
        20 + 10 * math.log10(100 / 784),
        {
            20: "the whole picture's mean counts many pixels without an error.",
            20 - 10 * math.log10(100 / 784): "the hole is worse than the whole, not better.",
            20 * 100 / 784: "decibels are not shared out by area; squared errors are.",
            20 + 10 * math.log10(10 / 28): "the share of the pixels is the square of the share of "
            "the side.",
        },
        "All squared error lies in 100 of 784 pixels: its mean there is 7.84 times as large.",
    ),
    "invented_share": (
        1 - 1 / 16,
        {
            1 / 16: "that is the share that is given.",
            0.75: "that would be for a factor of 2 a side; both sides grow by 4.",
            1 - 1 / 64: "256 / 64 is 4 a side, 16 in the area.",
            15: "that is how many new numbers come to one given; as a share of all they are fewer.",
        },
        "Given are 64 * 64 numbers for each colour, asked for 256 * 256.",
    ),
}
