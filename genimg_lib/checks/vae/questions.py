"""What exercises 20 ask about pictures and logs: the right choices, and what is said of the others.

The rows are those of tools/draw_exercises.py vae.
"""

from genimg_lib.checks.judge import causes

ROWS = causes(
    right={
        "A": "samples, reconstruction averaged over pixels",
        "B": "samples, no KL in the loss",
        "C": "copies by a healthy VAE",
        "D": "samples of a healthy VAE",
    },
    signs={
        "samples, reconstruction averaged over pixels": "Such a mean lets the KL win: every "
        "latent gives the same image.",
        "samples, no KL in the loss": "Without a KL codes lie anywhere: the decoder was never "
        "asked about N(0, I).",
        "copies by a healthy VAE": "A copy starts from the code of a real image: nearly every one "
        "is a clean digit.",
        "samples of a healthy VAE": "A draw of N(0, I) may fall between codes: some samples stand "
        "half-way between digits.",
        "samples of a GAN": "A GAN has no reason to draw fog; here grey is doubt, as each pixel "
        "is a probability.",
        "training images": "Training images have no fog beside their strokes.",
    },
    clues={
        "A": "Here twelve different latents give one and the same grey image.",
        "B": "Here is ink in plenty, different each time, and hardly a digit.",
        "C": "Here nearly all are clean; compare with row D.",
        "D": "Here some digits are ambiguous; who only copies does not invent those.",
    },
)


LOGS = causes(
    right={
        "A": "KL weighed 784-fold",
        "B": "no KL in the loss",
        "C": "decoder sees the pixels before",
        "D": "healthy",
    },
    signs={
        "healthy": "In a healthy run some tens of nats of KL save several times as much in "
        "reconstruction.",
        "KL weighed 784-fold": "Who weighs the KL 784-fold silences the latents: KL 0, and the "
        "price of the mean image.",
        "no KL in the loss": "Who leaves the KL out copies best and spends hundreds of nats on "
        "it, more than they save.",
        "decoder sees the pixels before": "A decoder with context knows most pixels already: "
        "little KL, and yet a small total.",
        "no training": "An untrained decoder pays 784 ln 2 = 543 nats.",
        "noise switched off": "Without noise a few nats of KL pass any message, and the copies "
        "are the best of all.",
    },
    clues={
        "A": "Here the latents say nothing AND it pays what the mean image pays.",
        "B": "Here reconstruction is the smallest of all and the sum by far the largest.",
        "C": "Here few nats are spent on latents, yet no sum of both terms is smaller.",
        "D": "Here 24 nats of KL brought reconstruction from 205 to 83.",
    },
)
