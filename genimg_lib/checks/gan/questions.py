"""What exercises 30 ask about logs and pictures: the right choices, and what is said of the others.

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
