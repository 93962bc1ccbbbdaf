"""The tasks of lesson 72: members, copies and marks."""

import numpy as np

from genimg_lib.checks.core import array, close, expect
from genimg_lib.checks.judge import match
from genimg_lib.checks.task import predicted, task, value_task


@task
def members_found(answer):
    members, others = np.array([1.0, 2.0, 3.0, 9.0]), np.array([2.5, 5.0, 6.0, 7.0])
    found = array(answer(members, others, 0.25), "the share", ())
    match(
        found,
        0.75,
        "with members 1, 2, 3, 9 and others 2.5, 5, 6, 7, accusing up to 3 finds three of four "
        "members and accuses one of four others: 0.75.",
        {
            "a LOW loss speaks for a member; yours accuses the high ones.": 0.25,
            "that is the number of members found; divide by how many there are.": 3.0,
            "the others set the limit; yours takes the threshold from the members.": 0.5,
        },
    )
    yield "three of four members for one of four others"
    found = array(answer(members, others, 0.0), "the share", ())
    expect(close(found, 0.5), "if no other may be accused, two of the four members are found: 0.5.")
    found = array(answer(others, members, 0.0), "the share", ())
    expect(close(found, 0.0), "if one of the others has the lowest loss, rate 0 finds nobody: 0.")
    yield "no false accusation at all"


@value_task
def reveals_more(guess):
    yield from predicted(
        guess,
        "a",
        {
            "b": "it did see them more often. But what does its loss consist of, besides what it "
            "learned?",
            "c": "one loss is an exact likelihood of that very image, the other a mean over noise.",
        },
    )


@task
def z_score(answer):
    found = array(answer(25, 49, 0.25), "z", ())
    match(
        found,
        (25 - 12.25) / np.sqrt(49 * 0.25 * 0.75),
        "25 green tokens of 49 at a share of 0.25 must give (25 - 12.25) / 3.03 = 4.21.",
        {
            "divide by the standard deviation, the root of the variance.": 12.75 / 9.1875,
            "by chance 49 x 0.25 tokens are green, not half of them.": 0.5 / np.sqrt(9.1875),
            "the variance of a binomial has the factor 1 - fraction as well.": 12.75 / 3.5,
            "the sign: more green tokens than expected must give a positive z.": -4.2064,
        },
        rtol=1e-3,
    )
    yield "25 of 49"
    found = array(answer(np.array([10, 30]), np.array([40, 40]), 0.5), "z", (2,))
    expect(close(found, [-np.sqrt(10), np.sqrt(10)]), "10 and 30 of 40 at 0.5 must give -+3.16.")
    yield "several images at once"


@value_task
def after_the_image(guess):
    yield from predicted(
        guess,
        "b",
        {
            "a": "was the tokenizer ever trained to return its own tokens?",
            "c": "some tokens do come back, and those are still on their lists.",
        },
    )
