"""What exercises 72 ask: numbers, and curves to read.

The functions return name -> (number, {mistaken number: what it forgot}, advice).
"""

import math

from scipy.stats import norm

from genimg_lib.checks.judge import causes


def false_alarms() -> dict:
    """Source: Carlini et al., arXiv:2112.03570; the normal distribution."""
    images = 2_000_000
    marked = images / 20
    at_four, at_two = norm.sf(4), norm.sf(2)
    right_alarms = 0.9 * marked
    false = at_two * (images - marked)
    return {
        "alarms_a_day": (
            images * at_four,
            {
                2 * images * at_four: "only large z raise an alarm: one tail of the distribution.",
                at_four: "that is the probability for one image.",
                images * norm.sf(3): "that is for z above 3.",
            },
            "Images a day times the probability of a z above 4: norm.sf(4).",
        ),
        "threshold_for_one": (
            norm.isf(1 / images),
            {
                norm.isf(0.5 / images): "that is two-sided: only large z raise an alarm.",
                4.0: "z above 4 gives tens of false alarms a day.",
                math.sqrt(images): "the tail of a normal distribution does not fall like a root.",
            },
            "Which z is exceeded with a probability of one in two million? See norm.isf.",
        ),
        "right_at_two": (
            right_alarms / (right_alarms + false),
            {
                0.9: "that is the share of marked images that are found; asked is the share of "
                "alarms that are right.",
                1 - at_two: "that is the share of unmarked images that are left alone.",
                false / (right_alarms + false): "that is the share of alarms that are false.",
            },
            "Right alarms: 0.9 of the marked. False ones: norm.sf(2) of the unmarked.",
        ),
    }


def tokens_needed() -> dict:
    """Source: Kirchenbauer et al., arXiv:2301.10226, section 4."""
    fraction = 0.25
    variance = fraction * (1 - fraction)
    boosted = fraction * math.exp(2)
    sampled = boosted / (boosted + 1 - fraction)
    returned = 0.6 * 0.8 + 0.4 * fraction
    return {
        "green_share": (
            sampled,
            {
                boosted: "probabilities sum to 1: divide by what green and red weigh together.",
                fraction * 2 / (fraction * 2 + 1 - fraction): "2 is added to logits, so weights "
                "are multiplied by e squared, not by 2.",
                1 / (1 + math.exp(-2)): "that is for half of the vocabulary; here it is a quarter.",
            },
            "Green weighs 0.25 e^2, red 0.75.",
        ),
        "share_returned": (
            returned,
            {
                0.48: "a token that comes back as another one is still green by chance.",
                0.8: "four tenths of the tokens come back as others.",
                0.6 * 0.8 + 0.4 * 0.5: "by chance a quarter is green, not a half.",
            },
            "Six tenths keep their 0.8, the others have the share of chance.",
        ),
        "z_of_256": (
            16 * (returned - fraction) / math.sqrt(variance),
            {
                256 * (returned - fraction) / math.sqrt(variance): "z grows with the root of the "
                "number of tokens.",
                16 * (returned - fraction) / variance: "divide by the standard deviation of a "
                "token, not by its variance.",
                16 * returned / math.sqrt(variance): "subtract the share that is green by chance.",
            },
            "sqrt(256) times the excess share over sqrt(0.25 x 0.75).",
        ),
        "tokens_for_four": (
            16 * variance / (returned - fraction) ** 2,
            {
                4 * variance / (returned - fraction) ** 2: "z = 4 enters squared: 16.",
                4 * math.sqrt(variance) / (returned - fraction): "that is the root of the number "
                "of tokens.",
                49: "49 is the course's image; solve for the number that gives z = 4.",
            },
            "Solve sqrt(n) x excess / sqrt(0.25 x 0.75) = 4 for n.",
        ),
    }


CURVES = causes(
    {
        "A": "calibrated by a reference model",
        "B": "loss alone, images of mixed difficulty",
        "C": "members and others from different sources",
        "D": "the sign of the loss is wrong",
    },
    {
        "calibrated by a reference model": "Calibration lifts the low rates, and cannot work for "
        "an untrained model.",
        "loss alone, images of mixed difficulty": "Mixed difficulty keeps the low rates near "
        "guessing while the area may be large.",
        "members and others from different sources": "Different sources are told apart even by "
        "an untrained model.",
        "the sign of the loss is wrong": "With a wrong sign the area is below one half.",
        "a model that was never trained": "An untrained model has the same row before and after "
        "training.",
        "guessing": "Guessing finds as many members as it accuses others.",
    },
    {
        "A": "Look at the row's 0.1 %, and at its untrained model.",
        "B": "Look at the row's area beside its 0.1 %.",
        "C": "Look at the last column of the row.",
        "D": "Look at the area first.",
    },
)
