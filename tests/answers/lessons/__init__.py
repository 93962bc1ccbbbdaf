"""Answers to the tasks inside lessons, one module a lesson, beside the model answer that the lesson
itself folds away:

    GIVEN = {
        "best_discriminator": [
            right(lambda real, fake: 1 / (1 + fake / real)),
            wrong("the probability of *fake*", lambda real, fake: fake / (real + fake)),
        ],
    }
"""


def right(answer):
    """An answer that must pass."""
    return answer, ""


def wrong(fragment: str, answer):
    """An answer that must be rejected with a feedback that contains `fragment`."""
    return answer, fragment
