"""The tasks of lesson 00: start here."""

import numpy as np

from genimg_lib.checks.core import array, expect
from genimg_lib.checks.judge import match, pair
from genimg_lib.checks.task import predicted, task, value_task


@value_task
def weakest(guess):
    firm = "its strokes are firm. Look for the row in which several images are no digit at all."
    yield from predicted(guess, "VAE", {name: firm for name in ("GAN", "image GPT", "diffusion")})


@task
def sizes(answer):
    for shape in ((5, 28, 28, 1), (3, 32, 48, 3)):
        numbers = int(np.prod(shape))
        small, large = pair(answer(*shape), "bytes as uint8, bytes as float32", ())
        match(
            small,
            numbers,
            f"{shape} holds {numbers} numbers, and each is one byte as uint8.",
            {"that counts bits; a byte is eight of them.": 8 * numbers},
        )
        match(
            large,
            4 * numbers,
            "a float32 has 32 bits: four bytes.",
            {"that counts bits of float32; divide by eight.": 32 * numbers},
        )
    yield "bytes as uint8 and as float32"


@task
def to_network(answer):
    images = np.array([[0, 51], [204, 255]], np.uint8)
    result = answer(images)
    found = array(result, "the result", (2, 2))
    match(
        found,
        np.array([[-1.0, -0.6], [0.6, 1.0]]),
        "0 must become -1, and 255 must become 1, with a straight line between them.",
        {
            "that is still scaled twice: everything is close to -1.": images / 255 / 127.5 - 1,
            "that is the range [0, 1], for a network that ends in a sigmoid.": images / 255,
        },
        atol=1e-5,
    )
    yield "0 becomes -1 and 255 becomes 1"
    kind = np.asarray(result).dtype
    expect(kind == np.float32, f"the result should be float32; yours is {kind}.")
    yield "float32"
