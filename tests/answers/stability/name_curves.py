from answers import right, wrong

TRUTH = {
    "A": "D far too strong",
    "B": "no penalty",
    "C": "healthy",
    "D": "targets swapped",
    "E": "D stopped learning",
}

right("as it is", TRUTH)
wrong(
    "A is not 'targets swapped'",
    "A and D exchanged",
    TRUTH | {"A": "targets swapped", "D": "D far too strong"},
)
wrong("A is not 'healthy'", "a loss of 0 as a goal", TRUTH | {"A": "healthy"})
wrong("B is not 'D stopped learning'", "wandering", TRUTH | {"B": "D stopped learning"})
wrong("C is not 'no penalty'", "C", TRUTH | {"C": "no penalty"})
wrong("D is not 'D far too strong'", "D", TRUTH | {"D": "D far too strong"})
wrong(
    "a dictionary with the keys A, B, C, D, E",
    "one missing",
    {name: TRUTH[name] for name in "ABCD"},
)
wrong("E is not 'healthy'", "E", TRUTH | {"E": "healthy"})

EQUIVALENT = {}
