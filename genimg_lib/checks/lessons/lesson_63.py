"""The tasks of lesson 63: real words in colour."""

import numpy as np

from genimg_lib.checks.core import array, expect
from genimg_lib.checks.judge import match
from genimg_lib.checks.task import predicted, task, value_task


@task
def is_new_pair(answer):
    training = [("apple", "red"), ("apple", "green"), ("rocket", "grey"), ("book", "blue")]
    cases = {
        ("apple", "red"): (False, "('apple', 'red') is in training: that would test memory."),
        ("banana", "red"): (
            False,
            "('banana', 'red') has a thing that no training picture shows: no pair is fair then.",
        ),
        ("rocket", "pink"): (
            False,
            "('rocket', 'pink') has a colour that no training picture shows: no pair is fair then.",
        ),
        ("rocket", "blue"): (
            True,
            "('rocket', 'blue') is fair: both are in training, and never in one picture.",
        ),
    }
    for pair, (right, feedback) in cases.items():
        found = answer(pair, list(training))
        expect(isinstance(found, (bool, np.bool_)), "answer True or False.")
        expect(bool(found) == right, feedback)
    yield "both halves are known, and the pair is new"


@value_task
def unknown_words(guess):
    yield from predicted(
        guess,
        "b",
        {
            "a": "nobody checks the prompt against a grammar. Which of the words is in no name and "
            "in no keyword that two concepts share?",
            "c": "Chinese is read character by character, and each of these characters is in some "
            "name or keyword.",
            "d": "an unknown word is no error here: it has a number of its own.",
        },
    )


@task
def move(answer):
    random = np.random.default_rng(0)
    pixels, expected = random.normal(size=(2, 3, 4, 4))
    for time, next_time in ((0.5, 0.6), (0.0, 0.1), (0.8, 1.0)):
        found = array(answer(pixels, expected, time, next_time), "the pixels", (3, 4, 4))
        way = expected - pixels
        right = pixels + (next_time - time) / (1 - time) * way
        match(
            found,
            right,
            f"from time {time} to {next_time}: move by the step, times the velocity.",
            {
                "that arrives at the expected picture at once: move only by the step.": expected,
                "the velocity is what is missing over the time that is left: divide by 1 - time.": (
                    pixels + (next_time - time) * way
                ),
                "you divide by the time that is left after the step.": (
                    pixels + (next_time - time) / max(1 - next_time, 1e-9) * way
                ),
                "that goes away from the expected picture.": (
                    pixels - (next_time - time) / (1 - time) * way
                ),
            },
        )
    yield "each step goes its share of the way, and the last one arrives"


@value_task
def understood(guess):
    yield from predicted(
        guess,
        "a",
        {
            "b": "the words for a new concept may be known, but nothing says what it looks like.",
            "c": "a picture that no training picture resembles has to be put together from parts. "
            "For which of the rows has training shown all the parts?",
        },
    )


@task
def between(answer):
    cases = (((0.5, 0.1, 0.9), 0.5), ((0.1, 0.1, 0.9), 0.0), ((0.62, 0.02, 0.82), 0.75))
    for (score, floor, ceiling), right in cases:
        found = array(answer(score, floor, ceiling), "the share", ())
        match(
            found,
            right,
            f"score {score}, floor {floor}, ceiling {ceiling}: the floor must become 0 and the "
            "ceiling 1.",
            {
                "the floor is not taken off.": score / ceiling,
                "the floor is taken off the score, and not off the ceiling.": (
                    (score - floor) / ceiling
                ),
                "the result is a difference: divide it by the one of ceiling and floor.": (
                    score - floor
                ),
            },
        )
    yield "the floor is 0, the ceiling is 1"
