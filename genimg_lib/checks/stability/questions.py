"""What exercises 32 ask about curves and samples: the right causes, and what is said of the others.

The runs are those of tools/draw_exercises.py gan.
"""

from genimg_lib.checks.gan.questions import SIGNS
from genimg_lib.checks.judge import causes

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
