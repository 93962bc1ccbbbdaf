from answers import right, wrong

GOOD = {
    "A": "learns 100 lines by heart",
    "B": "healthy",
    "C": "learning rate far too high",
    "D": "validation spelt otherwise",
    "E": "no causal mask",
}

right("all five", GOOD)
wrong("A is not 'healthy'", "A healthy", GOOD | {"A": "healthy"})
wrong("A is not 'no causal mask'", "A leaks", GOOD | {"A": "no causal mask"})
wrong(
    "A is not 'validation spelt otherwise'",
    "A and D exchanged",
    GOOD | {"A": GOOD["D"], "D": GOOD["A"]},
)
wrong(
    "B is not 'train and validation overlap'",
    "B overlaps",
    GOOD | {"B": "train and validation overlap"},
)
wrong(
    "B is not 'learning rate far too high'", "B jumps", GOOD | {"B": "learning rate far too high"}
)
wrong("C is not 'healthy'", "C healthy", GOOD | {"C": "healthy"})
wrong(
    "D is not 'learns 100 lines by heart'", "D overfits", GOOD | {"D": "learns 100 lines by heart"}
)
wrong("E is not 'healthy'", "E the best of all", GOOD | {"E": "healthy"})
wrong(
    "E is not 'train and validation overlap'",
    "E overlaps",
    GOOD | {"E": "train and validation overlap"},
)
wrong("not among the choices", "another word", GOOD | {"A": "overfitting"})
right("with spaces and capitals", GOOD | {"B": " Healthy ", "E": "No causal mask"})
wrong("with the keys", "a list", list(GOOD.values()))
