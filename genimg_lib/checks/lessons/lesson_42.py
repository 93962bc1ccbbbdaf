"""The tasks of lesson 42: image tokens."""

import numpy as np

from genimg_lib.checks.core import array, close, expect
from genimg_lib.checks.judge import match
from genimg_lib.checks.task import predicted, task, value_task


@task
def round_to_levels(answer):
    features = np.linspace(-3.0, 3.0, 12).reshape(3, 4)
    for levels in (5, 9):
        found = array(answer(features, levels), "the codes", features.shape)
        half = (levels - 1) / 2
        squeezed = np.tanh(features) * half
        match(
            found,
            np.round(squeezed),
            f"with {levels} levels the codes are round(tanh(feature) * {half:g}).",
            {
                "those are not whole numbers yet: round them.": squeezed,
                "rounding before scaling leaves three codes only.": np.round(np.tanh(features))
                * half,
                "the largest of the codes is (levels - 1) / 2; you scale by levels / 2.": np.round(
                    np.tanh(features) * levels / 2
                ),
                "clipping is bounded as well, but flat outside its interval, where no gradient "
                "passes: use tanh.": np.round(np.clip(features, -half, half)),
            },
        )
        yield f"{levels} levels"


@task
def through(answer):
    values = np.array([1.8, -0.4, 3.1])
    held = []

    def keep(value):
        held.append(np.array(value, float))
        return value

    found = array(answer(values, np.round(values), keep), "the result", (3,))
    expect(
        close(found, np.round(values)),
        "the value should be that of `quantized`: what must you add to `values`?",
    )
    yield "the value is that of `quantized`"
    kept = iter(held)
    step = 1e-3  # what was stopped stays as it was while `values` move
    moved = array(answer(values + step, np.round(values), lambda value: next(kept)), "the result")
    slope = (moved - found) / step
    expect(
        not close(slope, np.zeros(3)),
        "no gradient reaches `values`: let them stand once outside of stop_gradient.",
    )
    expect(close(slope, np.ones(3), atol=1e-6), "the derivative in `values` should be 1.")
    yield "the derivative is that of `values`"


@value_task
def two_losses(guess):
    yield from predicted(
        guess,
        "b",
        {
            "a": "the loss only ever sees whole numbers, but the gradient is the slope *at* them, "
            "and that depends on the curve between.",
            "c": "a bias that changes its sign within each cell cancels on the way. Which of the "
            "two losses has such a bias?",
        },
    )


@task
def move_codes(answer):
    random = np.random.default_rng(0)
    vectors, codebook = random.normal(size=(12, 3)), random.normal(size=(5, 3))
    chosen = np.array([0, 2, 2, 3, 0, 2, 3, 3, 0, 2, 2, 0])
    found = array(answer(vectors, chosen, codebook), "the codebook", (5, 3))
    expect(
        np.isfinite(found).all(),
        "a code that nobody chose became NaN, the mean of nothing: leave it where it is.",
    )
    expect(
        close(found[[1, 4]], codebook[[1, 4]]),
        "a code that nobody chose has moved: leave it where it is.",
    )
    yield "codes that nobody chose stay"
    sums, last = codebook.copy(), codebook.copy()
    for row in (0, 2, 3):
        sums[row] = vectors[chosen == row].sum(axis=0)
        last[row] = vectors[chosen == row][-1]
    means = sums / np.maximum(np.bincount(chosen, minlength=5), 1)[:, None]
    match(
        found,
        means,
        "each of the other codes should be the mean of the vectors that chose it.",
        {
            "those are sums: divide by the number of vectors.": sums,
            "each code holds the last of its vectors: assignment by index does not add up.": last,
        },
    )
    yield "the others are the means of their vectors"


@value_task
def perfect_model(guess):
    yield from predicted(
        guess,
        "c",
        {
            "a": "even real images score the floor and not 0; and these are decoded ones.",
            "b": "the floor belongs to real images. What has been lost on the way to tokens no "
            "model of the tokens can give back.",
        },
    )


@value_task
def best_tokens(guess):
    yield from predicted(
        guess,
        "c",
        {
            "a": "the best reconstructions are the best *ceiling*. How close to it does a "
            "generator come that has trained for seconds?",
            "b": "fewer synonyms help, but the sequence is as long as FSQ's, and each step costs "
            "as much.",
        },
    )
