from answers import right, wrong

RIGHT = {
    "A": "the judge cannot see it",
    "B": "understood",
    "C": "remembered",
    "D": "not understood",
    "E": "pictures without words do it as well",
}


def but(key, value):
    return RIGHT | {key: value}


right("read", RIGHT)
wrong("the same number of prompts", "few", but("A", "too few prompts"))
wrong("Then the judge sees it in real pictures", "blamed on the writer", but("A", "not understood"))
wrong(
    "Then real pictures score as badly", "blamed on the judge", but("D", "the judge cannot see it")
)
wrong("Then the combination is new", "credited", but("C", "understood"))
wrong("Then the samples lie far nearer", "suspected", but("B", "remembered"))
wrong(
    "Then score, floor and ceiling", "dismissed", but("B", "pictures without words do it as well")
)
wrong("difference between the score and the floor", "impressed", but("E", "understood"))

EQUIVALENT = {}
