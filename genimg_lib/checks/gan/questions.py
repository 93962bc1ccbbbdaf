"""What exercises 30 and 32 ask about logs and pictures: the right answers, and what each other
choice overlooks.

The runs are those of tools/draw_exercises.py gan.
"""

from genimg_lib.checks.judge import causes

EQUAL_LOSSES = {
    "targets": (
        "b",
        {
            "a": "with D's targets right, its term for fakes and G's loss are equal at logit 0 "
            "only, and both are 0.69 there.",
            "c": "with real = 1, D would push the logit of real images up; look at its sign.",
            "d": "with fake = 0, D's term for fakes is softplus(l) and G's loss softplus(-l); "
            "they agree at l = 0 only.",
        },
    ),
    "pixels": (
        "c",
        {
            "a": "in 40 steps of Adam at 2e-3 no weight moves by more than about 0.1; what else "
            "multiplies a weight?",
            "b": "a batch of 64 or of 1: the mean logit of real images would be the same.",
            "d": "on data in [-1, 1] a D that has just begun gives logits of single digits; what "
            "makes a hundred?",
        },
    ),
    "next": (
        "a",
        {
            "b": "both losses go on falling towards 0, and the samples stay noise: nothing pulls "
            "them towards the data.",
            "c": "nobody plays against anybody here, so nothing oscillates.",
            "d": "nothing overflows: the losses are finite, and their gradients shrink.",
        },
    ),
}

SIGNS = {
    "healthy": "Healthy: D's loss hovers a little below log 4 = 1.39, G's near log 2, and samples "
    "differ.",
    "one latent number": "One latent number: D learns and mildly wins, yet each sample has near "
    "twins.",
    "D stopped learning": "D stopped: G's loss falls and keeps falling while D's rises, and all "
    "samples become one.",
    "targets swapped": "Swapped targets: both losses fall to 0 together; D calls real images fake "
    "and fakes real.",
    "D far too strong": "A D too strong: its loss is 0 as real logits lie far above fake ones, "
    "and G hears nothing.",
}

CLUES_OF_THREE = {
    "A": "In A read the column nearest beside that of real digits.",
    "B": "In B both losses stand still; compare nearest with that of real digits.",
    "C": "In C follow D's loss from step 60 to step 300.",
}
THREE_RUNS = causes(
    {"A": "one latent number", "B": "healthy", "C": "D stopped learning"}, SIGNS, CLUES_OF_THREE
)

SIGNS_OF_CURVES = {name: sign for name, sign in SIGNS.items() if name != "one latent number"} | {
    "no penalty": "A critic without a penalty: both logits wander together, and G's loss is their "
    "mirror image."
}
CLUES_OF_CURVES = {
    "A": "In A read which logit lies above, and the sign of G's first loss.",
    "B": "In B read the scale of the axes.",
    "C": "In C compare the losses with 1.39 and 0.69.",
    "D": "In D both losses are 0; read which logit lies above.",
    "E": "In E look for the step at which the curves change their habit.",
}
CURVES = causes(
    {
        "A": "D far too strong",
        "B": "no penalty",
        "C": "healthy",
        "D": "targets swapped",
        "E": "D stopped learning",
    },
    SIGNS_OF_CURVES,
    CLUES_OF_CURVES,
)

SIGNS_OF_SAMPLES = {
    "augmented before training": "Augmented real images: losses like the healthy run's, and "
    "samples that MNIST does not have.",
    "bytes scaled as unit floats": "Data up to 509, tanh up to 1: mapped back, every sample is "
    "the same blank, and D is sure.",
    "D stopped learning": "D stopped: G found D's favourite image, draws it for each noise "
    "vector, and its loss nears 0.",
    "targets swapped": "Swapped targets: both losses are 0, and the samples never had anything to "
    "do with the data.",
    "healthy": "Healthy: losses near 1.39 and 0.69 or a little off, samples that differ and look "
    "like pen strokes.",
    "rate too high": "A rate too high: losses in the hundreds or more, one texture everywhere.",
}
CLUES_OF_SAMPLES = {
    "A": "In A look at the paper of each digit.",
    "B": "In B ask what a tanh can reach of the data's range.",
    "C": "In C ask what is the same in all 18 samples, and who is content.",
    "D": "In D read both losses.",
    "E": "In E compare with real digits.",
    "F": "In F read the size of the losses.",
}
SAMPLES = causes(
    {
        "A": "augmented before training",
        "B": "bytes scaled as unit floats",
        "C": "D stopped learning",
        "D": "targets swapped",
        "E": "healthy",
        "F": "rate too high",
    },
    SIGNS_OF_SAMPLES,
    CLUES_OF_SAMPLES,
)
