from answers import right, wrong

TRUTH = {"A": "one latent number", "B": "healthy", "C": "D stopped learning"}

right("as it is", TRUTH)
wrong("A is not 'healthy'", "A for healthy", TRUTH | {"A": "healthy"})
wrong("B is not 'one latent number'", "twins in B", TRUTH | {"B": "one latent number"})
wrong("C is not 'healthy'", "the lowest loss of G", TRUTH | {"C": "healthy"})
wrong("C is not 'targets swapped'", "swapped", TRUTH | {"C": "targets swapped"})
wrong("A is not 'D far too strong'", "strong", TRUTH | {"A": "D far too strong"})
wrong("B is not 'D stopped learning'", "stopped", TRUTH | {"B": "D stopped learning"})
wrong("mode collapse is not among", "another word", TRUTH | {"C": "mode collapse"})
wrong(
    "a dictionary with the keys A, B, C",
    "one missing",
    {"A": "one latent number", "C": "D stopped learning"},
)

EQUIVALENT = {}
