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


INVENTED = {
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
    "wrong_accounts": (
        1 - (1 - 1 / 250) ** 12,
        {
            (1 - 1 / 250) ** 12: "that is the share that comes out right.",
            12 / 250: "that counts wrong digits per number; a number with two of them is counted "
            "twice.",
            1 / 250: "that is one digit; a number is wrong if any of its twelve is.",
            1 / 250**12: "that is the chance that *all* twelve digits are wrong.",
        },
        "A number is right if all twelve digits are: 0.996 twelve times over.",
    ),
    "assignments": (
        math.factorial(10),
        {
            1: "that one keeps the digits; which loss would object to another?",
            10: "each class may go to ten others, and then the next one to nine.",
            10**10: "one to one: two classes that end in one could not both come back.",
            math.factorial(10) ** 2: "the way back is fixed by the way there.",
            100: "that counts pairs of classes, not assignments of all ten.",
        },
        "The first class has ten places to go, the second nine, and so on.",
    ),
}
