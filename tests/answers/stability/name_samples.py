from answers import right, wrong

TRUTH = {
    "A": "augmented before training",
    "B": "bytes scaled as unit floats",
    "C": "D stopped learning",
    "D": "targets swapped",
    "E": "healthy",
    "F": "rate too high",
}

right("as it is", TRUTH)
wrong(
    "A is not 'healthy'",
    "grey paper overlooked",
    TRUTH | {"A": "healthy", "E": "augmented before training"},
)
wrong("B is not 'targets swapped'", "blank", TRUTH | {"B": "targets swapped"})
wrong("C is not 'rate too high'", "blots", TRUTH | {"C": "rate too high"})
wrong("D is not 'D stopped learning'", "texture for collapse", TRUTH | {"D": "D stopped learning"})
wrong(
    "E is not 'bytes scaled as unit floats'",
    "last but one",
    TRUTH | {"E": "bytes scaled as unit floats"},
)
wrong("F is not 'augmented before training'", "last", TRUTH | {"F": "augmented before training"})
wrong("noise is not among the choices", "another word", TRUTH | {"D": "noise"})

EQUIVALENT = {}
