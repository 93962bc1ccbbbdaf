"""The tasks of lesson 70: the speed of generation."""

from genimg_lib.checks.core import array, close, expect
from genimg_lib.checks.judge import match, pair, several
from genimg_lib.checks.task import predicted, task, value_task


@value_task
def lead_at_256(guess):
    yield from predicted(
        guess,
        "c",
        {
            "a": "with 256 images the machine is busy in every pass; what does it do in them?",
            "b": "a pass over 16 positions costs as much as one over a single position only while "
            "most of the machine is idle.",
        },
    )


@value_task
def who_is_right(guess):
    yield from predicted(
        guess,
        "b",
        {
            "a": "the difference is several times as large as the spread over seeds.",
            "c": "precision judges images one by one, as you just did.",
            "d": "FID compares two distributions. Which part of one can no single image show?",
        },
    )


@task
def count_positions(answer):
    uncached, cached, masked = several(answer(49, 8), "uncached, cached, MaskGIT")
    match(
        array(uncached, "uncached", ()),
        1225,
        "uncached, 3 tokens must give 1 + 2 + 3 = 6 positions.",
        {
            "uncached, the prefix grows from 1 to n: n squared counts about twice too many.": 2401,
            "uncached, the last pass sees all n positions, not n - 1.": 1176,
        },
    )
    yield "without a cache"
    expect(close(cached, 49), "with a cache each position passes once.")
    yield "with a cache"
    match(
        array(masked, "MaskGIT", ()),
        392,
        "MaskGIT: positions in each pass times the number of passes.",
        {
            "MaskGIT keeps nothing: each of its steps sends all positions.": 49,
            "that is the number of MaskGIT's passes; how many positions are in each?": 8,
        },
    )
    yield "MaskGIT"
    expect(
        close(several(answer(16, 4), "uncached, cached, MaskGIT"), (136, 16, 64)),
        "right for 49 tokens and 8 steps; 16 tokens and 4 steps must give (136, 16, 64).",
    )
    yield "any number of tokens"


@task
def fixed_and_price(answer):
    fixed, price = pair(answer((3, 11.0), (13, 31.0)), "fixed, price", ())
    expect(
        not (close(fixed, 2.0) and close(price, 5.0)),
        "the two are exchanged: return the fixed part first.",
    )
    match(
        price,
        2.0,
        "10 more images take 20 s longer: the price is the slope of the line.",
        {"the price must not contain the fixed part: take differences, not a ratio.": 31 / 13},
    )
    yield "the price of an image"
    match(
        fixed,
        5.0,
        "3 images at 2 s each leave 5 s of the 11.",
        {"the small batch holds 3 images here, not one: pay for all of them.": 9.0},
    )
    yield "the fixed part"


@value_task
def guided_call(guess):
    yield from predicted(
        guess,
        "c",
        {
            "a": "that would be so if the time were all arithmetic. What is the share of the fixed "
            "part at one image?",
            "b": "put a batch of two into fixed + price * B, with the printed numbers of the "
            "compiled loop.",
        },
    )
