from answers import right, wrong

TRUTH = {
    "A": "as it should be",
    "B": "words it was never taught",
    "C": "nothing is trained",
    "D": "the grammar ends otherwise than the examples",
    "E": "cut off at a limit",
}

right("as it is", TRUTH)
wrong("A is not 'cut off at a limit'", "A for E", TRUTH | {"A": TRUTH["E"]})
wrong("B is not 'nothing is trained'", "B for C", TRUTH | {"B": TRUTH["C"]})
wrong("B is not 'as it should be'", "valid is right", TRUTH | {"B": TRUTH["A"]})
wrong("C is not 'words it was never taught'", "C for B", TRUTH | {"C": TRUTH["B"]})
wrong("C is not 'the prompt counts", "a high loss", TRUTH | {"C": "the prompt counts in the loss"})
wrong("D is not 'cut off at a limit'", "D for E", TRUTH | {"D": TRUTH["E"]})
wrong("E is not 'the grammar ends", "E for D", TRUTH | {"E": TRUTH["D"]})
wrong("overfitted is not among the choices", "another word", TRUTH | {"C": "overfitted"})

EQUIVALENT = {}
