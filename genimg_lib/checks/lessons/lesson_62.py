"""The tasks of lesson 62: a language model that draws."""

import numpy as np

from genimg_lib.checks.core import array, expect
from genimg_lib.checks.judge import match
from genimg_lib.checks.task import predicted, task, value_task


@task
def allowed_tokens(answer):
    texts = ["blue cat", "blue cart", "green cat", "green cart"]
    vocabulary = ["blue", "bl", "ue", "green", " ca", "t", "r", "rt", "cat", "<stop>"]

    def allowed(written):
        found = answer(written, list(texts), list(vocabulary))
        expect(
            isinstance(found, (list, tuple, set)) and set(found) <= set(vocabulary),
            "return a list of tokens, as they stand in the vocabulary.",
        )
        return set(found)

    found = allowed("blue ca")
    expect(
        "rt" in found,
        'after "blue ca" the token "rt" may come: all letters of a token count, not the first one '
        "or one letter alone.",
    )
    expect(
        "cat" not in found,
        'after "blue ca" you allow "cat": it is a part of a text, but does not continue this one.',
    )
    expect(found == {"t", "r", "rt"}, 'after "blue ca" exactly "t", "r" and "rt" may come.')
    yield "a token fits with all its letters"
    found = allowed("")
    expect(
        found == {"blue", "bl", "green"},
        'at the beginning "blue", "bl" and "green" may come, and the stop token may not.',
    )
    yield "nothing is complete at the beginning"
    expect(
        allowed("blue cat") == {"<stop>"},
        'after "blue cat" the text is complete: only the stop token may come.',
    )
    yield "a complete text may stop"
    expect(
        allowed("blue car") == {"t"},
        'after "blue car" only "t" may come: "blue car" is not one of the texts.',
    )
    yield "an incomplete text may not stop"


@value_task
def red_cats(guess):
    yield from predicted(
        guess,
        "c",
        {
            "a": "that is the share among valid texts. Which colours are allowed at the first "
            "step, and what does the mask know of the second?",
            "b": "at the first step both colours are allowed, so nothing is removed.",
        },
    )


@value_task
def number_of_captions(guess):
    yield from predicted(
        guess,
        "b",
        {
            "a": "to stop after the right caption, the model needs a token with which it has "
            "learned to stop. Is that one allowed?",
            "c": "what the model wants to write after the last caption is forbidden, and something "
            "has to come in its place.",
        },
    )


@task
def mixed_batch(answer):
    random = np.random.default_rng(0)
    x, w = random.normal(size=(4, 5)), random.normal(size=(5, 6))
    a, b = random.normal(size=(3, 5, 2)), random.normal(size=(3, 2, 6))
    customer = np.array([2, 0, 2, 1])
    base = x @ w
    change = np.stack([x[i] @ a[c] @ b[c] for i, c in enumerate(customer)])
    first = x @ a[0] @ b[0]
    everyone = sum(x @ a[c] @ b[c] for c in range(3))
    match(
        array(answer(x, w, a, b, customer), "the outputs", (4, 6)),
        base + change,
        "row i must be x[i] @ w + (x[i] @ A) @ B with the A and B of customer[i].",
        {
            "the adapters are missing: that is x @ w alone.": base,
            "the base model is missing: add x @ w.": change,
            "each row gets the change of every customer; take its own.": base + everyone,
            "every row gets the adapter of customer 0.": base + first,
        },
    )
    yield "each row has its own adapter"


@value_task
def other_words(guess):
    yield from predicted(
        guess,
        "b",
        {
            "a": "the grammar leaves eleven colours. Who tells the model which one is meant by a "
            "word it was never tuned on?",
            "c": "that holds for captions in the words of its training. What does it write for "
            '"silver"?',
        },
    )
