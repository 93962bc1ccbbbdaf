from answers import right, wrong

RIGHT = {
    "A": "20 steps, the label left out",
    "B": "velocity taken for noise",
    "C": "1 step",
    "D": "latents scaled for another autoencoder",
    "E": "20 steps",
    "P": "the network is told the label",
    "Q": "the network is not told the label",
}


def but(**changes):
    return RIGHT | changes


right("as it is", RIGHT)
wrong("What is wrong with the first four?", "A healthy", but(A="20 steps"))
wrong("Scribble", "B scaled", but(B="latents scaled for another autoencoder"))
wrong("When does the noise say nothing", "C healthy", but(C="20 steps"))
wrong("too near the decoder's centre", "D one step", but(D="1 step"))
wrong("Nothing needs to be wrong", "E one step", but(E="1 step"))
wrong(
    "Without the label there is more to guess",
    "P without",
    but(P="the network is not told the label"),
)
wrong("With the label there is less to guess", "Q with", but(Q="the network is told the label"))
wrong("here one network draws all rows", "untrained", but(B="too little training"))
wrong("What else may one know", "time", but(P="the network is told the time only"))
wrong("good digits, of any kind", "E without label", but(E="20 steps, the label left out"))
wrong("to where the decoder never was", "D taken for noise", but(D="velocity taken for noise"))
wrong("is not among the choices", "own words", but(C="mode collapse"))
wrong("dictionary with the keys", "a list", list(RIGHT.values()))
EQUIVALENT = {}
