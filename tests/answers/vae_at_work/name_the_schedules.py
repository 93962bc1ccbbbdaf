from answers import right, wrong

RUNS = {
    "A": "beta rises from 0 to 1 over 200 steps",
    "B": "2 free nats for each latent",
    "C": "beta 1 throughout",
    "D": "beta falls from 10 to 1 over 200 steps",
}

right("as they are", RUNS)

wrong("hundreds of nats are spent", "A never pays", RUNS | {"A": "no KL in the loss"})
wrong("A is not '2 free nats for each latent'", "A free", RUNS | {"A": RUNS["B"]})
wrong("must save a nat of reconstruction", "B without a trick", RUNS | {"B": RUNS["C"]})
wrong("it gives back", "B rises", RUNS | {"B": RUNS["A"]})
wrong("C is not 'beta falls from 10 to 1", "C falls", RUNS | {"C": RUNS["D"]})
wrong("A price of 10 that stays", "D stays", RUNS | {"D": "beta 10 throughout"})
wrong("D is not 'beta 1 throughout'", "D slow", RUNS | {"D": RUNS["C"]})
wrong("C is not 'beta rises", "C rises", RUNS | {"C": RUNS["A"]})
wrong("is not among the choices", "in other words", RUNS | {"A": "warm-up"})
wrong("a dictionary with the keys A, B, C, D", "a list", list(RUNS.values()))
