"""The tasks of lesson 33: restoration, synthesis on demand and translation with GANs."""

import numpy as np

from genimg_lib.checks.core import expect
from genimg_lib.checks.judge import match, pair
from genimg_lib.checks.task import predicted, task, value_task


@task
def expected_errors(answer):
    random = np.random.default_rng(33)
    a, b = random.uniform(0, 255, (2, 3, 4, 1))
    gap = np.mean((a - b) ** 2)
    for share in (0.5, 0.8):
        least = share * (1 - share) * gap
        found = pair(answer(a, b, share), "of the mean, of sampling", ())
        expect(
            not np.allclose(found, (2 * least, least)),
            "the two are exchanged: the mean has the smaller error.",
        )
        match(
            found[0],
            least,
            f"the mean's error is {found[0]:.4g} at share = {share}; average (m - a)^2 and "
            "(m - b)^2 with the probabilities of the truth, m being the weighted mean.",
            {
                "the mean is off by a part of b - a only; that is the error of always answering "
                "one of the two.": (1 - share) * gap,
                "that is the squared error summed over pixels; take the mean.": least * a.size,
                "that is for the plain mean (a + b) / 2; weigh a and b by their probabilities.": (
                    gap / 4
                ),
            },
        )
        match(
            found[1],
            2 * least,
            f"sampling's error is {found[1]:.4g} at share = {share}; it is (a - b)^2 whenever "
            "truth and answer differ. How often do they?",
            {
                "that would be right if the answer were always a: the answer varies as well.": (
                    (1 - share) * gap
                ),
                "truth and answer can differ in two ways: A for B, and B for A.": least,
                "that holds for equal probabilities; in general they differ less often.": gap / 2,
            },
        )
        yield f"both errors at share = {share}"


@value_task
def even_kernels(guess):
    yield from predicted(
        guess,
        "b",
        {
            "a": "write the kernel of size 3 at every second pixel: how often is each pixel hit?",
            "c": "equal weights do not help if one pixel is painted once and the next one twice.",
            "d": "count for a kernel of size 4 at every second pixel.",
        },
    )


@value_task
def discriminator_pays(guess):
    yield from predicted(
        guess,
        "c",
        {
            "a": "the four pixels of a block must have the given mean, and digits are smooth: "
            "little is left to choose.",
            "b": "the noise is gone with the plain loss as well. What is left open after it?",
            "d": "the more the input fixes, the closer the plain answer is to a real picture.",
        },
    )


@value_task
def pasted_back(guess):
    yield from predicted(
        guess,
        "b",
        {
            "a": "the restorer may have repainted the surroundings a little brighter; then the "
            "seam becomes visible.",
            "c": "FID compares features of sets: no inequality promises it, and a seam can "
            "raise it.",
            "d": "the classifier may stumble over a seam; it has to be measured.",
        },
    )


@value_task
def cycle_guarantee(guess):
    yield from predicted(
        guess,
        "b",
        {
            "a": "D sees single thick digits, not what they were made from: a thick 1 passes as "
            "well.",
            "c": "if F sends every thin 7 to a thick 1, and B sends that back to the 7, every "
            "seven comes back.",
            "d": "the discriminator of the thick side is at chance, so F's answers are thick "
            "digits.",
        },
    )
