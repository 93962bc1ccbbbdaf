from answers import right, wrong

TRUTH = {
    "A": "pixel and adversarial loss",
    "B": "denoiser",
    "C": "nearest training image, pasted",
    "D": "pixel loss",
    "E": "smooth filling",
}

right("as it is", TRUTH)
wrong("A is not 'pixel loss'", "plain and sharp exchanged", TRUTH | {"A": "pixel loss"})
wrong("A is not 'nearest training image, pasted'", "pasted", TRUTH | {"A": TRUTH["C"]})
wrong("A is not 'adversarial loss alone'", "alone", TRUTH | {"A": "adversarial loss alone"})
wrong("B is not 'smooth filling'", "grey is grey", TRUTH | {"B": "smooth filling"})
wrong("B is not 'median of 3x3'", "median", TRUTH | {"B": "median of 3x3"})
wrong("C is not 'pixel and adversarial loss'", "sharp is sharp", TRUTH | {"C": TRUTH["A"]})
wrong("D is not 'denoiser'", "smoke", TRUTH | {"D": "denoiser"})
wrong("E is not 'pixel loss'", "both are soft", TRUTH | {"E": "pixel loss"})
wrong("inpainting is not among the choices", "another word", TRUTH | {"D": "inpainting"})
wrong("a dictionary with the keys A, B, C, D, E", "one missing", {"A": "pixel loss"})

EQUIVALENT = {}
