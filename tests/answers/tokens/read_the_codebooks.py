from answers import right, wrong

RIGHT = {
    "A": "no restarts, codes too widely scattered",
    "B": "FSQ whose tanh is saturated",
    "C": "healthy",
    "D": "no restarts, codes all far away",
}


def but(**changes):
    return RIGHT | changes


right("as it is", RIGHT)
wrong(
    "hardly any other ever joins them",
    "A healthy",
    but(A="healthy", C="no restarts, codes too widely scattered"),
)
wrong(
    "every digit becomes the same picture",
    "B for D",
    but(B="no restarts, codes all far away", D="FSQ whose tanh is saturated"),
)
wrong("Must the perplexity be 240", "C ill", but(C="no restarts, codes too widely scattered"))
wrong("still the digits differ", "D saturated", but(D="FSQ whose tanh is saturated"))
wrong("decode to garbage", "other tokenizer", but(B="tokens of another tokenizer"))
wrong("Too few would all be in use", "small", but(D="vocabulary too small"))
wrong("is not among the choices", "own words", but(A="collapse"))
wrong("dictionary with the keys", "a list", list(RIGHT.values()))
EQUIVALENT = {}
