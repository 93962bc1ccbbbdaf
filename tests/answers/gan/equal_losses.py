from answers import right, wrong

TRUTH = {"targets": "b", "pixels": "c", "next": "a"}

right("as it is", TRUTH)
right("with spaces", {name: f" {letter} " for name, letter in TRUTH.items()})
wrong("both are 0.69 there", "targets right", TRUTH | {"targets": "a"})
wrong("look at its sign", "all real", TRUTH | {"targets": "c"})
wrong("they agree at l = 0 only", "all fake", TRUTH | {"targets": "d"})
wrong("what else multiplies a weight", "rate", TRUTH | {"pixels": "a"})
wrong("a batch of 64 or of 1", "batch", TRUTH | {"pixels": "b"})
wrong("logits of single digits", "by heart", TRUTH | {"pixels": "d"})
wrong("nothing pulls them towards the data", "digits", TRUTH | {"next": "b"})
wrong("nobody plays against anybody", "oscillation", TRUTH | {"next": "c"})
wrong("nothing overflows", "NaN", TRUTH | {"next": "d"})
wrong("is not among the choices", "a fifth letter", TRUTH | {"next": "e"})
wrong("a dictionary with the keys targets, pixels, next", "letters alone", ["b", "c", "a"])

EQUIVALENT = {}
