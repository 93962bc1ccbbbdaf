"""What exercises 61 ask about a table and about numbers: the right choices, and what is said of
the others.
"""

from genimg_lib.checks.judge import causes

LOOPS = causes(
    right={
        "A": "the captioner",
        "B": "the painter",
        "C": "both, with one error",
        "D": "the measurement",
        "E": "the painter ignores the word",
    },
    signs={
        "the captioner": "A captioner that errs alone breaks the loop with pictures that are "
        "right.",
        "the painter": "A painter that errs alone breaks the loop, and the captions say what is in "
        "the picture.",
        "both, with one error": "An error that both share closes the loop: what is asked comes "
        "back, and the picture lacks it.",
        "the measurement": "A measurement that errs does so on real pictures, too.",
        "the painter ignores the word": "Who ignores a word of three levels is right in a third "
        "of the pictures.",
        "nobody": "If nobody errs, all four columns are near 100 %.",
    },
    clues={
        "A": "Here the pictures are as asked for. Which column is low besides the loop?",
        "B": "Here two pictures in three are right, and the captions are. Who is left?",
        "C": "Here the measurement is fine on real pictures, and the loop is perfect.",
        "D": "Here the first column is as low as the second and the third.",
        "E": "Here the captions are right. How many of the pictures are?",
    },
)


JUDGED = {
    "reported": (
        0.9 * 0.9 + 0.1 * 0.2,
        {
            0.9: "that is the truth; the judge misses some and lets others pass.",
            0.81: "the wrong pictures that pass are reported as right, too.",
            0.9 * 0.9 + 0.1 * 0.8: "the judge passes 20 % of the wrong ones, and stops 80 %.",
        },
        "Right pictures that are recognised, and wrong ones that pass.",
    ),
    "gap": (
        0.2 * 0.7,
        {
            0.2: "that is the true gap; the judge shrinks it.",
            0.2 * 0.9: "the weaker model has more wrong pictures, of which some pass.",
            0.2 * 0.9 + 0.2 * 0.2: "wrong pictures that pass help the weaker model: subtract.",
        },
        "Both reports, subtracted: the true gap times (sensitivity - share that passes).",
    ),
    "pictures": (
        4 * 2 * 0.09 / 0.02**2,
        {
            4 * 0.09 / 0.02**2: "that is for one model; the variances of two add.",
            2 * 0.09 / 0.02**2: "that makes one standard error 2 points; two of them are asked "
            "for.",
            4 * 4 * 0.09 / 0.02**2: "standard errors of independent models do not add, variances "
            "do.",
        },
        "Two standard errors of a difference, 2 sqrt(2 * 0.9 * 0.1 / n), are to be 0.02.",
    ),
    "prompts": (
        4 * (0.06 - 0.02**2) / 0.02**2,
        {
            4 * 2 * 0.09 / 0.02**2: "that ignores the pairs: on most prompts both models agree.",
            (0.06 - 0.02**2) / 0.02**2: "that makes one standard error 2 points; two of them are "
            "asked for.",
            4 * 0.02 / 0.02**2: "4 % and 2 % do not cancel in the variance: both kinds count.",
        },
        "The difference on a prompt is 1, 0 or -1. Its variance is 0.06 - 0.02^2.",
    ),
}
