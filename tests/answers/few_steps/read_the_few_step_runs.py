from answers import right, wrong

RIGHT = {
    "A": "no stop-gradient",
    "B": "sampled with both times equal",
    "C": "derivative of the position only",
    "D": "nothing",
    "E": "wrong sign of the derivative",
}


def but(**changes):
    return RIGHT | changes


right("as it is", RIGHT)
wrong("over half of the data's", "A nothing", but(A="nothing"))
wrong("Where does the velocity at time 0 lead", "B stop", but(B="no stop-gradient"))
wrong("the mean is far off", "C nothing", but(C="nothing"))
wrong("Compare with the data", "D stop", but(D="no stop-gradient"))
wrong("is of the data's size", "E nothing", but(E="nothing"))
wrong("the samples are displaced", "A position", but(A="derivative of the position only"))
wrong("run away from the network", "A sign", but(A="wrong sign of the derivative"))
wrong("follow the first velocity", "A equal", but(A="sampled with both times equal"))
wrong("is not among the choices", "own words", but(C="mode collapse"))
wrong("dictionary with the keys", "a list", list(RIGHT.values()))
EQUIVALENT = {}
