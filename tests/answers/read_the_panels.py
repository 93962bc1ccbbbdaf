from answers import right, wrong

PANELS = {
    "A": "the labels are ignored",
    "B": "few images, again and again",
    "C": "blurred",
    "D": "copies of the reference",
}

right("as they are", PANELS)

wrong("A: three columns at the floor", "A taken for a copy", PANELS | {"A": "copies of the reference"})
wrong("B: convincing, recognised", "B taken for blurred", PANELS | {"B": "blurred"})
wrong("C: a third lies outside", "C taken for collapsed", PANELS | {"C": "few images, again and again"})
wrong("D: better than real images", "D taken for disobedient", PANELS | {"D": "the labels are ignored"})
wrong("A: compare each column with the floor", "A taken for healthy", PANELS | {"A": "healthy"})
wrong("D: training images are a fair sample", "D from the training set", PANELS | {"D": "copies of the training set"})
wrong("is not among the choices", "in other words", PANELS | {"B": "mode collapse"})
wrong("a dictionary with the keys A, B, C, D", "a tuple", tuple(PANELS.values()))
