from answers import right, wrong

TRUTH = {
    "A": "the captioner",
    "B": "the painter",
    "C": "both, with one error",
    "D": "the measurement",
    "E": "the painter ignores the word",
}

right("as it is", TRUTH)
wrong("A is not 'the painter'", "A for B", TRUTH | {"A": "the painter"})
wrong("B is not 'the captioner'", "B for A", TRUTH | {"B": "the captioner"})
wrong("B is not 'the painter ignores the word'", "too strong", TRUTH | {"B": TRUTH["E"]})
wrong("C is not 'the measurement'", "nobody can tell", TRUTH | {"C": "the measurement"})
wrong("C is not 'nobody'", "the loop is believed", TRUTH | {"C": "nobody"})
wrong("D is not 'both, with one error'", "first column not read", TRUTH | {"D": TRUTH["C"]})
wrong("E is not 'the painter'", "not at all", TRUTH | {"E": "the painter"})
wrong("the judge is not among the choices", "another word", TRUTH | {"D": "the judge"})

EQUIVALENT = {}
