from answers import right, wrong

ATTACKS = {
    "A": "calibrated by a reference model",
    "B": "loss alone, images of mixed difficulty",
    "C": "members and others from different sources",
    "D": "the sign of the loss is wrong",
}

right("as they are", ATTACKS)
right("other capitals", {key: f" {choice.upper()} " for key, choice in ATTACKS.items()})

wrong("Mixed difficulty keeps", "A as B", ATTACKS | {"A": ATTACKS["B"]})
wrong("Different sources are told apart", "A as C", ATTACKS | {"A": ATTACKS["C"]})
wrong("With a wrong sign", "B as D", ATTACKS | {"B": ATTACKS["D"]})
wrong("An untrained model has", "B untrained", ATTACKS | {"B": "a model that was never trained"})
wrong("Calibration lifts", "C as A", ATTACKS | {"C": ATTACKS["A"]})
wrong("Guessing finds as many", "D as guessing", ATTACKS | {"D": "guessing"})
wrong("is not among the choices", "in other words", ATTACKS | {"B": "overfitting"})
