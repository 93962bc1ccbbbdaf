"""The tasks of lesson 45: parallel decoding."""

import numpy as np

from genimg_lib.checks.core import array, close, expect
from genimg_lib.checks.judge import match
from genimg_lib.checks.task import predicted, task, value_task


@task
def price_of_one_step(answer):
    joint = np.array([[0.3, 0.1, 0.1], [0.05, 0.25, 0.2]])
    product = joint.sum(axis=1, keepdims=True) * joint.sum(axis=0, keepdims=True)
    right = np.sum(joint * np.log(joint / product))
    match(
        array(answer(joint), "the price", ()),
        right,
        "compare the joint with the product of its two marginals: sum of p log(p / q).",
        {
            "that is in bits; use the natural logarithm.": right / np.log(2),
            "the sign is wrong: a KL is not negative.": -right,
            "that is KL(sampled || joint); the joint is the truth and stands first.": np.sum(
                product * np.log(product / joint)
            ),
            "that is the entropy of the joint; the price is what the marginals lose.": -np.sum(
                joint * np.log(joint)
            ),
        },
    )
    yield "the KL to the product of the marginals"
    equal = np.eye(2) / 2
    expect(
        close(array(answer(equal), "the price", ()), np.log(2)),
        "two tokens that must be equal must cost log 2. A cell with probability 0 adds nothing: "
        "leave it out.",
    )
    yield "impossible pairs add nothing"


@value_task
def perfect_network(guess):
    yield from predicted(
        guess,
        "c",
        {
            "a": "the conditionals are exact, but the three pixels of a row are sampled without "
            "seeing each other.",
            "b": "the first row is the trouble: its pixels depend on each other, and nothing is "
            "known yet.",
        },
    )


@value_task
def confident_first(guess):
    yield from predicted(
        guess,
        "c",
        {
            "a": "the chain rule allows an order that depends on what is known, not on the value "
            "that was just proposed.",
            "b": "no pixels are sampled together here, so it is another error: which values "
            "survive the selection?",
        },
    )


@task
def masked_again(answer):
    confidence = np.array([[0.9, 0.1, 0.5, 0.3], [0.2, 0.8, 0.4, 0.6]])
    masked = np.array([[True, False, True, True], [True, True, False, True]])
    found = array(answer(confidence, masked, 2), "the mask", (2, 4))
    expect(not found[~masked].any(), "a token that was settled is masked again.")
    yield "settled tokens stay"
    expect(
        (found.sum(axis=1) == 2).all(),
        "two tokens of each row must stay masked, counted among those that were.",
    )
    yield "as many stay masked as asked for"
    expect(
        close(found, [[0, 0, 1, 1], [1, 0, 0, 1]]),
        "the least confident stay masked, and the confident ones are kept.",
    )
    yield "the least confident stay masked"


@task
def scale_mask(answer):
    scale = np.repeat([0, 1, 2], [1, 4, 3])
    sees = scale[:, None] >= scale[None, :]
    match(
        array(answer([1, 4, 3]), "the mask", (8, 8)),
        sees,
        "position i sees j if the scale of j is not finer than its own.",
        {
            "the mask is turned round: fine tokens look at coarse ones, not the reverse.": sees.T,
            "that is the causal mask: within a scale all positions see each other.": np.tri(8),
            "a position must also see its own scale.": scale[:, None] > scale[None, :],
            "each scale sees only itself; it must see the coarser ones as well.": (
                scale[:, None] == scale[None, :]
            ),
        },
    )
    yield "its own scale and all coarser ones"


@value_task
def lowest_fid(guess):
    yield from predicted(
        guess,
        "a",
        {
            "b": "clean samples of the right class are a matter of precision. FID also counts the "
            "variety that is missing.",
            "c": "its tokens of one scale are sampled independently, and the finest scale has "
            "most of them.",
        },
    )
