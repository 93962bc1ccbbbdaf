from answers import right, wrong

RUNS = {
    "A": "KL weighed 784-fold",
    "B": "no KL in the loss",
    "C": "decoder sees the pixels before",
    "D": "healthy",
}

right("as they are", RUNS)

wrong(
    "A decoder with context",
    "both collapsed for one reason",
    RUNS | {"A": "decoder sees the pixels before"},
)
wrong("In a healthy run", "B taken for the best", RUNS | {"B": "healthy"})
wrong(
    "784-fold silences the latents",
    "both collapsed for the other reason",
    RUNS | {"C": "KL weighed 784-fold"},
)
wrong("Who leaves the KL out", "D suspected", RUNS | {"D": "no KL in the loss"})
wrong("An untrained decoder pays", "A taken for untrained", RUNS | {"A": "no training"})
wrong("Without noise a few nats", "C taken for a leak", RUNS | {"C": "noise switched off"})
wrong("is not among the choices", "a name for all", RUNS | {"A": "posterior collapse"})
wrong("a dictionary with the keys A, B, C, D", "one is missing", {"A": "healthy"})
