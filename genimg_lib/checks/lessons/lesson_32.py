"""The tasks of lesson 32: stable training of GANs."""

import numpy as np

from genimg_lib.checks.core import array, expect
from genimg_lib.checks.judge import choices, match
from genimg_lib.checks.task import predicted, task, value_task


@task
def averaged(answer):
    average, live = np.array([10.0, 0.0]), np.array([0.0, 20.0])
    found = array(answer(average, live, 0.9, 10_000), "the average", (2,))
    match(
        found,
        0.9 * average + 0.1 * live,
        "with decay 0.9 it keeps 0.9 of the old average and takes 0.1 of the live weights.",
        {
            "the two are exchanged: the decay multiplies the old average.": 0.1 * average
            + 0.9 * live,
            "decay 0.9 late in training is 0.9: take the *smaller* of decay and warm-up.": (
                10_001 * average + 9 * live
            )
            / 10_010,
        },
    )
    yield "late in training the decay is what was asked for"
    found = array(answer(average, live, 0.9, 2), "the average", (2,))
    match(
        found,
        0.25 * average + 0.75 * live,
        "at step 2 the decay should be (1 + 2) / (10 + 2), which is 0.25.",
        {
            "there is no warm-up: at step 2 the decay is 0.25, not yet 0.9.": 0.9 * average
            + 0.1 * live
        },
    )
    yield "at step 2 the decay is 0.25"


@value_task
def faulty_averages(guess):
    yield from predicted(
        guess,
        "c",
        {
            "a": "one of them generates with statistics that never saw a batch.",
            "b": "what is left of the start after t steps is 0.99 to the power of t. Compute it "
            "for t = 300.",
            "d": "compute what is left of the start after 300 steps.",
        },
    )


@value_task
def what_to_augment(guess):
    yield from predicted(
        guess,
        "c",
        {
            "a": "then shifted digits are the data, and G learns to make shifted digits.",
            "b": "then a shift tells D that an image is real, so G must learn to shift.",
            "d": "then G's step shows D images without the change, a kind that it never learned "
            "to judge.",
        },
    )


@value_task
def three_rows(guess):
    drifting = "a critic without a penalty has nothing that holds the level of its logits; which "
    drifting += "row shows large logits of the same sign?"
    sure = "a sure D with the saturating loss leaves both losses at 0."
    still = "a D that stands still is overtaken: samples get the higher logits."
    yield from choices(
        guess,
        {
            "row 1": ("frozen", {"strong": sure, "free": drifting}),
            "row 2": ("strong", {"frozen": still, "free": drifting}),
            "row 3": ("free", {"frozen": still, "strong": sure}),
        },
    )


@value_task
def must_be_saved(guess):
    missing = {
        "average": "generate uses the average, and the next update starts from it.",
        "moments": "Adam's next step depends on the moments of all the steps before.",
        "step": "the average's warm-up, the lazy penalty and the order of the images read it.",
        "random": "noise and augmentation would be sampled anew.",
    }
    known = {*missing, "history"}
    given = {str(name).strip().lower() for name in guess} if isinstance(guess, list) else set()
    expect(given and given <= known, "give a list of some of the five names.")
    expect("history" not in given, "history: no training step reads the logged losses.")
    for name, reason in missing.items():
        expect(name in given, f"{name} is missing: {reason}")
    yield "four things besides the networks"
