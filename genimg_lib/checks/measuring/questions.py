"""What exercises 10 ask: the right choices and numbers, and what is said of each tempting one.

The panels are those of tools/draw_exercises.py measuring.
"""

from genimg_lib.checks.judge import causes

PANELS = causes(
    right={
        "A": "the labels are ignored",
        "B": "few images, again and again",
        "C": "blurred",
        "D": "copies of the reference",
    },
    signs={
        "healthy": "A healthy generator stands close to the floor in all four columns, and a "
        "little on its wrong side.",
        "blurred": "Blur moves every image off the data: FID is large and both shares fall, while "
        "most classes survive.",
        "few images, again and again": "A handful of good images, repeated, lies inside of the "
        "data and covers almost nothing.",
        "the labels are ignored": "Who ignores labels is right by chance: agreement is near 0.1 "
        "with ten classes.",
        "copies of the reference": "Copies of the reference are at distance 0 from it, inside and "
        "covering: no honest set is.",
        "copies of the training set": "Training images are a fair sample of the data: they score "
        "like the floor, not better.",
    },
    clues={
        "A": "Here three columns are at the floor, so nothing is wrong with the images. What was "
        "asked for, and what came?",
        "B": "Here the images convince, the classes are right, and nothing is covered. How many "
        "different ones are there?",
        "C": "Here a third lies outside of the data, and most read as the right digit. What keeps "
        "the class, not the edge?",
        "D": "Here the images do better than real ones against real ones. Who alone can be at "
        "distance 0?",
    },
)


CANDIDATES = ("each pixel for itself", "centre always on", "all images equally")


WINNERS = {
    "largest likelihood": (
        CANDIDATES[0],
        {
            CANDIDATES[
                1
            ]: "half of the strokes have no ink in the centre. What is the likelihood of the "
            "first such image?",
            CANDIDATES[
                2
            ]: "1/512 for each is a model of separate pixels, too: each is on with 1/2. Is that "
            "the best rate?",
        },
    ),
    "smallest KL(model || truth)": (
        CANDIDATES[1],
        {
            CANDIDATES[
                0
            ]: "most of what separate pixels draw is no stroke, and the truth is asked how likely "
            "it is.",
            CANDIDATES[
                2
            ]: "of 512 equally likely images 8 are strokes; here the mean runs over what the "
            "MODEL draws.",
        },
    ),
}


SLOPE = (12.35 - 8.20) / (1 / 400 - 1 / 1600)


ROOT_SLOPE = (12.35 - 8.20) / (1 / 20 - 1 / 40)
"""FID(N) = limit + SLOPE / N through two measurements of lesson 10, and what 1 / sqrt(N) would
give.
"""


ESTIMATES = {
    "limit": (
        8.20 - SLOPE / 1600,
        "Two equations, two unknowns.",
        {
            "the last measurement is not the limit: it holds slope / 1600.": 8.20,
            "that is a line in 1 / sqrt(N): the excess of FID falls like 1 / N.": 8.20
            - ROOT_SLOPE / 40,
            "that is a line in N: it would become negative at last.": 12.35 + 400 * 4.15 / 1200,
            "the sign of the slope is wrong: more images, less FID, "
            "so the limit lies below both.": 8.20 + SLOPE / 1600,
        },
    ),
    "excess at 1,000": (
        SLOPE / 1000,
        "It is slope / 1000, with the slope against 1 / N.",
        {
            "that is FID at 1,000 images; the excess is what lies above the limit.": 8.20
            - SLOPE / 1600
            + SLOPE / 1000,
            "that is the slope; divide by the number of images.": SLOPE,
            "that is what lies above the measurement with 1,600; the limit is lower still.": SLOPE
            / 1000
            - SLOPE / 1600,
            "this excess falls like 1 / sqrt(N); that is how the spread of a mean falls, not the "
            "bias.": ROOT_SLOPE / 1000**0.5,
        },
    ),
    "thousands of images": (
        SLOPE / 500,
        "Where is slope / N = 0.5?",
        {
            "that is the number of images: the answer counts thousands.": SLOPE / 0.5,
            "that is where the excess is 1; you want half of that.": SLOPE / 1000,
            "there the excess is 0.25.": SLOPE / 250,
            "with 1 / sqrt(N) it would take that many; the bias falls like 1 / N.": (
                ROOT_SLOPE / 0.5
            )
            ** 2
            / 1000,
        },
    ),
}
"""For each number: its value, general advice, and feedback for tempting values."""
