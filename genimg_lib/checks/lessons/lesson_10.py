"""The tasks of lesson 10: measuring images."""

import numpy as np

from genimg_lib.checks.core import array, expect
from genimg_lib.checks.judge import match, pair
from genimg_lib.checks.task import predicted, task, value_task
from genimg_lib.evaluation import metrics


@value_task
def step_right(guess):
    yield from predicted(
        guess,
        "c",
        {
            "a": "a stroke is two or three pixels wide. How many of its pixels still match after a "
            "step of two?",
            "b": "you pay for the ink that left and for the ink that arrived. A nine and a four "
            "in the same place share most of theirs.",
        },
    )


@task
def frechet(answer):
    random = np.random.default_rng(0)
    first = random.normal(size=(40, 3)) @ random.normal(size=(3, 3))
    second = random.normal(size=(50, 3)) @ random.normal(size=(3, 3)) + 1.0
    found = array(answer(first, second), "the distance", ())
    means = np.square(first.mean(axis=0) - second.mean(axis=0)).sum()
    a, b = np.cov(first, rowvar=False), np.cov(second, rowvar=False)
    traces = np.trace(a) + np.trace(b)
    elementwise = np.trace(np.sqrt(np.abs(a @ b)))
    right = metrics.frechet_distance(first, second)
    match(
        found,
        right,
        "compare with the formula: squared distance of the means, both traces, minus twice the sum "
        "of the roots of the eigenvalues of AB.",
        {
            "the distance of the means is not squared.": right - means + np.sqrt(means),
            "the means are missing.": right - means,
            "the roots count twice: tr(A + B - 2 (AB)^(1/2)).": (right + means + traces) / 2,
            "that takes the root of each entry of AB; take the roots of its eigenvalues.": (
                means + traces - 2 * elementwise
            ),
            "the eigenvalues of AB need a root.": means + traces - 2 * np.trace(a @ b),
        },
        rtol=1e-4,
    )
    yield "the distance of two clouds"


@value_task
def diagonal(guess):
    yield from predicted(
        guess,
        "b",
        {
            "a": "with N images the diagonal is 1/N of the matrix: how much is that for N = 100?",
            "c": "the diagonal enters the two terms within the sets, and they count positively.",
        },
    )


@task
def split(answer):
    images = np.arange(40).reshape(40, 1)
    one, two = pair(answer(images, 15, 0), "first set, second set", (15, 1))
    known = set(range(40))
    expect(set(one.flat) | set(two.flat) <= known, "the sets should hold images that were given.")
    expect(
        len(set(one.flat)) == len(set(two.flat)) == 15,
        "an image occurs twice in one set; each may be there once.",
    )
    expect(
        not set(one.flat) & set(two.flat),
        "the sets share images, which makes the floor too low. Cut *one* permutation in two.",
    )
    yield "two sets without a common image"
    other, _ = pair(answer(images, 15, 1), "first set, second set", (15, 1))
    expect(
        set(other.flat) != set(one.flat),
        "another seed gives the same set: choose the images at random.",
    )
    repeated, _ = pair(answer(images, 15, 0), "first set, second set", (15, 1))
    expect(np.array_equal(repeated, one), "the same seed should give the same sets.")
    yield "random, and the same for the same seed"
    ends = [set(array(answer(images, 15, seed)[0], "first set").flat) for seed in range(30)]
    expect(
        {0, 39} <= set.union(*ends),
        "some images never reach the first set: shuffle all of them before you cut.",
    )
    yield "every image can be in either set"


@value_task
def unseen(guess):
    yield from predicted(
        guess,
        "d",
        {
            "a": "a tenth of the real images has nothing near it. Which number counts those?",
            "b": "the rim of every stroke is gone, and some of the features look at rims.",
            "c": "most of what is unusual is gone. Which number counts what could not have been "
            "generated?",
        },
    )
