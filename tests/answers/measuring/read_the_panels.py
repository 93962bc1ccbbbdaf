from answers import right, wrong

PANELS = {
    "A": "the labels are ignored",
    "B": "few images, again and again",
    "C": "blurred",
    "D": "copies of the reference",
}

right("as they are", PANELS)
right("other spaces and capitals", {key: f" {choice.upper()} " for key, choice in PANELS.items()})

wrong(
    "A is not 'copies of the reference'. Copies of",
    "A taken for a copy",
    PANELS | {"A": "copies of the reference"},
)
wrong("B is not 'blurred'. Blur moves", "B taken for blurred", PANELS | {"B": "blurred"})
wrong(
    "A handful of good images",
    "C taken for collapsed",
    PANELS | {"C": "few images, again and again"},
)
wrong("Who ignores labels", "D taken for disobedient", PANELS | {"D": "the labels are ignored"})
wrong("A healthy generator stands", "A taken for healthy", PANELS | {"A": "healthy"})
wrong(
    "Training images are a fair sample",
    "D from the training set",
    PANELS | {"D": "copies of the training set"},
)
wrong("is not among the choices", "in other words", PANELS | {"B": "mode collapse"})
wrong("a dictionary with the keys A, B, C, D", "a tuple", tuple(PANELS.values()))
