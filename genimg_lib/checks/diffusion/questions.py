"""What exercises 50 ask: the right numbers and causes, and what is said of each tempting one."""

from genimg_lib.checks.judge import causes

SIGNS_OF_ROWS = {
    "1 step": "One step goes to the mean of the class, so it draws each digit that was asked for, "
    "and always the same.",
    "20 steps": "Then these would be the digits that were asked for, and no two alike.",
    "20 steps, the label left out": "Then these would be good digits, of any kind.",
    "velocity taken for noise": "Then the latents would leave the data, to where the decoder "
    "never was.",
    "latents scaled for another autoencoder": "Latents scaled too small would lie near the "
    "decoder's centre: one pale shape.",
    "too little training": "An untrained network draws the same fog for every label; here one "
    "network draws all rows.",
}
CLUES_OF_ROWS = {
    "A": "These are good digits, and each differs. What is wrong with the first four?",
    "B": "Scribble: the latents are far outside of the data. Which fault sends them there?",
    "C": "Four different noises and four times the same digit. When does the noise say nothing "
    "about the picture?",
    "D": "Much the same pale shape whatever was asked: the latents lie too near the decoder's "
    "centre. Who put them there?",
    "E": "The right digits, and each its own. Nothing needs to be wrong.",
}
SIGNS_OF_CURVES = {
    "the network is told the label": "With the label there is less to guess, most of all where "
    "there is only noise to see.",
    "the network is not told the label": "Without the label there is more to guess, most of all "
    "where there is only noise.",
    "the network is told the time only": "Both know the time and see the noisy latents. What else "
    "may one know?",
}
CLUES_OF_CURVES = dict.fromkeys(
    "PQ",
    "At time 0 the noise is known, and the error is the variance of the data, given what the "
    "network knows. All latents "
    "together have variance 1.",
)
ROWS = causes(
    {
        "A": "20 steps, the label left out",
        "B": "velocity taken for noise",
        "C": "1 step",
        "D": "latents scaled for another autoencoder",
        "E": "20 steps",
    },
    SIGNS_OF_ROWS,
    CLUES_OF_ROWS,
) | causes(
    {"P": "the network is told the label", "Q": "the network is not told the label"},
    SIGNS_OF_CURVES,
    CLUES_OF_CURVES,
)


STEP = 2 * 0.6e9 * 1024  # FLOPs of one pass: 2 for each of 0.6 billion weights, at 1,024 positions
DECODER = 1.2e12
IMAGE = 60 * STEP + DECODER
COST = {  # entry -> (what is right, {mistaken number: what it forgot}, advice)
    "passes": (
        60,
        {
            30: "guidance needs a second prediction, without the prompt, in every step.",
            31: "guidance needs a second prediction in every step, not once.",
            61: "the decoder is not the network that is meant here.",
            120: "a step of Euler's costs one evaluation, with guidance two.",
        },
        "Every step needs the network with the prompt and without it.",
    ),
    "flops": (
        IMAGE,
        {
            IMAGE - DECODER: "the decoder is missing.",
            30 * STEP
            + DECODER: "half of it: either guidance is missing, or the second FLOP of each weight.",
            60 * (STEP + DECODER): "the decoder runs once, in the end, not in every pass.",
            60 * STEP / 1024 + DECODER: "all 1,024 positions pass through the weights.",
            180 * STEP + DECODER: "6 per weight is training; drawing has no backward pass.",
        },
        "2 FLOPs for each weight and position, 60 times, then the decoder once.",
    ),
    "seconds": (
        IMAGE / 40e12,
        {
            IMAGE / 100e12: "that is the peak; the card achieves 40 % of it.",
            IMAGE / 250e12: "you multiply the peak by 2.5: 40 % of it is less.",
        },
        "Divide by what the card achieves: 40 % of 100 TFLOP a second.",
    ),
    "speedup": (
        IMAGE / (4 * STEP + DECODER),
        {
            15: "the decoder has to run as before: divide the totals.",
            7.5: "the student needs no guidance, and the decoder runs as before.",
            IMAGE / (8 * STEP + DECODER): "guidance is distilled as well: four passes, not eight.",
            (4 * STEP + DECODER) / IMAGE: "that is the inverse: how many times faster?",
            IMAGE / (4 * STEP): "the student's latents must be decoded too.",
        },
        "Four passes and the decoder, against the FLOPs from above.",
    ),
    "decoder_share": (
        DECODER / (4 * STEP + DECODER),
        {
            DECODER / IMAGE: "that is its share in the 30 steps.",
            DECODER / (4 * STEP): "that is its ratio to the network; divide by both together.",
            100 * DECODER / (4 * STEP + DECODER): "give the share as a number between 0 and 1.",
        },
        "Divide the decoder's FLOPs by all that the student needs.",
    ),
}
