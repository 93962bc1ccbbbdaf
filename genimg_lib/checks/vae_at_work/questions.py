"""What exercises 22 ask: numbers, and logs to name.

The logs are those of tools/draw_exercises.py vae_at_work.
"""

import math

from genimg_lib.checks.judge import causes


def decibels() -> dict:
    """Name -> (number, {mistaken number: what it forgot}, advice)."""
    error = 255 * 10 ** (-24 / 20)
    sample, four = 10 * math.log10(2), 10 * math.log10(1 + 1 / 4)
    return {
        "error_at_24_db": (
            error,
            {
                error**2: "that is the mean SQUARED error; take its root.",
                255 * 10**-2.4: "24 dB belong to the ratio of squares; the ratio of the errors "
                "themselves has half as many.",
                10 ** (-24 / 20): "that is a share of the range; in grey levels it is 255 times "
                "as much.",
            },
            "Solve 24 = 10 log10(255^2 / squared error), and take the root.",
        ),
        "lost_by_a_sample": (
            sample,
            {
                2: "that is the factor of the squared error; give decibels.",
                2 * sample: "the SQUARED error doubles, not the error itself.",
                -sample: "it asks how much is lost: a positive number.",
                math.log10(2): "a bel has ten decibels.",
            },
            "Sample and truth are independent and alike: their squared distance is twice the "
            "variance, and the mean is one variance away.",
        ),
        "lost_by_the_mean_of_four": (
            four,
            {
                sample / 4: "decibels are logarithms: a quarter of the variance is not a quarter "
                "of the decibels.",
                10 * math.log10(4): "averaging makes it better than one sample, and never worse "
                "than 3 dB below the best.",
                1.25: "that is the factor of the squared error, 1 + 1 / 4; give decibels.",
                10 * math.log10(1 / 4 + 1 / 4): "the truth keeps its own variance: only that of "
                "the answer is divided by four.",
            },
            "The mean of four samples has a quarter of the variance; the truth keeps its own.",
        ),
        "hidden_beta": (
            64 * 64 * 3,
            {
                64 * 64: "channels are averaged as well: three numbers a pixel.",
                784: "784 is the size of MNIST; these images have 64 x 64 pixels in colour.",
                64 * 64 * 3 / 128: "the KL is a SUM over latents: their number does not matter.",
                1 / (64 * 64 * 3): "a smaller reconstruction term makes the KL count more, not "
                "less.",
            },
            "Multiply the whole loss until the reconstruction is a sum again.",
        ),
        "bits_of_22_nats": (
            22 / math.log(2),
            {
                22 * math.log(2): "a bit is less than a nat, ln 2 = 0.69 of one, so there are "
                "more of them.",
                22 / 8: "8 bits are a byte; nats are another unit.",
                22 * math.log2(10): "that would be for digits of ten; a nat is log2(e) bits.",
            },
            "A nat is 1 / ln 2 bits.",
        ),
    }


SCHEDULES = causes(
    right={
        "A": "beta rises from 0 to 1 over 200 steps",
        "B": "2 free nats for each latent",
        "C": "beta 1 throughout",
        "D": "beta falls from 10 to 1 over 200 steps",
    },
    signs={
        "beta 1 throughout": "At beta 1 a nat of KL must save a nat of reconstruction from the "
        "start: it begins small and grows slowly to where it stays.",
        "beta rises from 0 to 1 over 200 steps": "While the KL costs nothing, the encoder spends "
        "as much as it likes; as the price rises it gives back.",
        "beta falls from 10 to 1 over 200 steps": "While the KL costs ten times too much, next to "
        "nothing is spent.",
        "2 free nats for each latent": "Free nats are spent by all 24 latents, whether there is "
        "something to say or not: the KL comes to rest near 48.",
        "beta 10 throughout": "A price of 10 that stays keeps the KL at a few nats to the end.",
        "no KL in the loss": "Without a KL hundreds of nats are spent, and nothing is ever given "
        "back.",
    },
    clues={
        "A": "Here the KL is larger at the first look than at any later one.",
        "B": "Here the KL is twice that of the other runs at the end, near a multiple of 24.",
        "C": "Here the KL has grown without a detour to where A and D arrive as well.",
        "D": "Here it says next to nothing at first, and has nearly caught up at the end.",
    },
)
