"""What exercises 63 ask about a table: the right readings, and what is said of others."""

from genimg_lib.checks.judge import causes

ROWS = causes(
    right={
        "A": "the judge cannot see it",
        "B": "understood",
        "C": "remembered",
        "D": "not understood",
        "E": "pictures without words do it as well",
    },
    signs={
        "the judge cannot see it": "Then real pictures score as badly as pictures without words.",
        "understood": "Then the combination is new, the score is far above the floor, and samples "
        "are no nearer to training than unseen pictures are.",
        "remembered": "Then the samples lie far nearer to training pictures than unseen ones do.",
        "not understood": "Then the judge sees it in real pictures, and the score is at the floor.",
        "pictures without words do it as well": "Then score, floor and ceiling are all high.",
        "too few prompts": "All rows have the same number of prompts.",
    },
    clues={
        "A": "Read the ceiling before the score.",
        "B": "Compare the score with both bounds, and the near share with that of unseen pictures.",
        "C": "What does the last column say?",
        "D": "Could the judge have seen it? Did it?",
        "E": "What is the difference between the score and the floor?",
    },
)
