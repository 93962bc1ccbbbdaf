"""What exercises 42 ask: the right numbers and causes, and what is said of each tempting one."""

import numpy as np

from genimg_lib.checks.judge import causes

BUDGET = {  # entry -> (what is right, {mistaken number: what it forgot}, advice)
    "tokens": (
        256,
        {
            16: "that is one side of the grid.",
            65536: "that is pixels: each token stands for 16 x 16 of them.",
        },
        "One token stands for a square of 16 x 16 pixels. How many such squares are there?",
    ),
    "bits": (
        3584,
        {
            14: "that is one token; the image has 256.",
            448: "that is bytes; the question asks for bits.",
            256 * 16384: "a choice among 16,384 costs its logarithm, not 16,384 bits.",
            256 * np.log(16384): "that is nats: use the logarithm to base 2.",
        },
        "A choice among 16,384 costs log2 of that, for each token.",
    ),
    "compression": (
        256 * 256 * 24 / 3584,
        {
            256 * 256 * 8 / 3584: "the raw image has three channels.",
            256 * 256 * 3 / 3584: "bytes are divided by bits: a channel has 8 bits.",
            3584 / (256 * 256 * 24): "that is the inverse: how many times smaller are the tokens?",
            256
            * 256
            * 3
            / 256: "numbers are divided by tokens; but a token carries 14 bits and a channel 8.",
        },
        "Divide the bits of the raw image, 256 x 256 x 3 x 8, by your bits.",
    ),
    "pairs_at_512": (
        16,
        {
            4: "that is the number of tokens; pairs grow with its square.",
            2: "that is the side of the image.",
            1024**2: "that is the number of pairs itself: how many times as many as before is it?",
        },
        "Twice the side is four times the tokens, and attention compares each with each.",
    ),
    "bits_if_doubled": (
        256,
        {
            3840: "that is the new total; the question asks what is added.",
            3584: "doubling the codes does not double the bits: the logarithm grows by 1.",
            1: "that is one token's; there are 256.",
        },
        "Twice the codes is one bit more for each token.",
    ),
}

SIGNS = {
    "healthy": "A healthy one keeps most of its codes in use, and its copies are good.",
    "no restarts, codes too widely scattered": "Codes scattered too widely would leave the few in "
    "the middle to serve "
    "everybody, from step 0 on and well enough.",
    "no restarts, codes all far away": "If all codes were far away, one would be nearest for all "
    "at first, and few later.",
    "FSQ whose tanh is saturated": "A saturated tanh gives every image the same token, so all "
    "copies would be one picture.",
    "tokens of another tokenizer": "Those decode to garbage from a healthy vocabulary, and its "
    "curves would not be ill.",
    "vocabulary too small": "Each run has 240 codes. Too few would all be in use, with the copies "
    "soft.",
}
CLUES = {
    "A": "Some codes are in use from the first step on, and hardly any other ever joins them. Who "
    "can choose a code that lies "
    "apart, and what would bring it back?",
    "B": "It starts with many codes, and soon has one: every digit becomes the same picture. "
    "Codes that nobody chooses could "
    "not do that at once; features that are all stuck could.",
    "C": "Most codes are in use, and no copies are better. Must the perplexity be 240? Most cells "
    "are paper.",
    "D": "It has one code at step 0 and two in the end; and still the digits differ. Where must "
    "its codes have been?",
}
CODEBOOKS = causes(
    {
        "A": "no restarts, codes too widely scattered",
        "B": "FSQ whose tanh is saturated",
        "C": "healthy",
        "D": "no restarts, codes all far away",
    },
    SIGNS,
    CLUES,
)
