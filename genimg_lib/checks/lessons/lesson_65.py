"""The tasks of lesson 65: words and pictures in one model."""

import numpy as np

from genimg_lib.checks.core import array
from genimg_lib.checks.judge import match, pair
from genimg_lib.checks.task import predicted, task, value_task


@task
def conditionals(answer):
    joint = np.array([[0.1, 0.3], [0.2, 0.05], [0.05, 0.3]])
    painting = joint / joint.sum(axis=0)
    telling = joint / joint.sum(axis=1, keepdims=True)
    found = pair(answer(joint), "painting, telling", joint.shape)
    match(
        found[0],
        painting,
        "painting is the table divided by its sums over the pictures, axis 0.",
        {
            "the two are exchanged: a painter's probabilities add up to 1 over the pictures.": (
                telling
            ),
            "that is still the joint: it adds up to 1 over everything.": joint,
            "those are the frequencies of the pictures; a painter listens to the caption.": (
                joint.sum(axis=1, keepdims=True) + np.zeros((3, 2))
            ),
        },
    )
    yield "a painter adds up to 1 for each caption"
    match(
        found[1],
        telling,
        "telling is the table divided by its sums over the captions, axis 1.",
        {
            "that is the painter again: for each picture the captions add up to 1.": painting,
            "a captioner is not the painter normalised again: that forgets how frequent captions "
            "are.": painting / painting.sum(axis=1, keepdims=True),
        },
    )
    yield "a captioner adds up to 1 for each picture"


@value_task
def weight_of_captions(guess):
    yield from predicted(
        guess,
        "b",
        {
            "a": "two numbers are too few for both: what one gains has to come from somewhere.",
            "c": "that is true where the table fits; here the two losses have their minima at "
            "different places.",
        },
    )


@task
def visible(answer):
    for pictures, said in ((3, 2), (2, 4)):
        place = np.arange(pictures + said)
        backwards = place[:, None] >= place[None, :]
        for paint in (True, False):
            written = (place < pictures) == paint
            others = ~written
            right = others[None, :] | (written[:, None] & backwards)
            found = array(answer(pictures, said, paint), "the mask", right.shape)
            match(
                found,
                right,
                "all see what is read; what is written sees itself and what stands before it.",
                {
                    "read and written are exchanged.": written[None, :]
                    | (others[:, None] & backwards),
                    "that is causal throughout: to paint, the caption stands behind the picture "
                    "and would not be seen.": backwards,
                    "what is written sees all of itself: it could copy.": others[None, :]
                    | written[:, None],
                    "what is read sees what is written: the answer leaks.": others[None, :]
                    | backwards,
                    "rows and columns are exchanged: a row is the one that looks.": right.T,
                },
            )
            yield f"{pictures} and {said} positions, {'painting' if paint else 'telling'}"


@value_task
def untrained_nats(guess):
    yield from predicted(
        guess,
        "b",
        {
            "a": "the network would have to know which tokens are a picture's; it learns that.",
            "c": "what is read is no target: only the 49 tokens of the picture count.",
        },
    )
