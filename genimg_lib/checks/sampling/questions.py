"""What exercises 44 ask about rows of samples: the right causes, and what is said of the others."""

from genimg_lib.checks.judge import causes

SIGNS = {
    "as it should be": "Digits of the class that was asked, each drawn differently.",
    "temperature 0": "The three of a class would be one and the same image.",
    "temperature 2": "Strokes fall apart and have gaps and blots, and still one recognises most "
    "of the classes.",
    "class ignored": "The digits would be whole, and of any class.",
    "tokens in the wrong order": "Pieces are sharp, but stand in the wrong place: the digits are "
    "mirrored at the diagonal.",
    "too much guidance": "The three of a class would look alike without being equal, heavy and "
    "without faults.",
}


CAUSES = {
    "A": "temperature 2",
    "B": "class ignored",
    "C": "temperature 0",
    "D": "tokens in the wrong order",
    "E": "as it should be",
}


CLUES = {
    "A": "In row A find what should be a 2, 4, 5 and 7: are the strokes whole?",
    "B": "In row B read the digits aloud, and compare with 2 2 2 4 4 4 5 5 5 7 7 7.",
    "C": "In row C compare the three of each class, point by point.",
    "D": "In row D turn your head: what would the first three be, mirrored at the diagonal from "
    "top left to bottom right?",
    "E": "In row E most are the digits asked for, and no two are equal.",
}


ROWS = causes(CAUSES, SIGNS, CLUES)
