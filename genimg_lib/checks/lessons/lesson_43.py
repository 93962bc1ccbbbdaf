"""The tasks of lesson 43: codebooks that live."""

import numpy as np

from genimg_lib.checks.core import array, close, expect
from genimg_lib.checks.judge import integers, match
from genimg_lib.checks.task import predicted, task, value_task


@value_task
def bad_start(guess):
    yield from predicted(
        guess,
        "c",
        {
            "a": "a code moves only if a feature chooses it. Who chooses a code that lies far "
            "away, once another one has arrived?",
            "b": "the nearest few win every feature from the first batch on. What could make half "
            "of them win?",
        },
    )


@task
def restart(answer):
    random = np.random.default_rng(0)
    codebook, features = 9.0 + random.normal(size=(40, 3)), random.normal(size=(200, 3))
    counts = np.where(np.arange(40) % 3 == 0, 2.0, 0.1)
    counts[5] = 0.5  # exactly at the threshold: alive
    found = array(
        answer(codebook, counts, features, 0.5, np.random.default_rng(1)), "the codebook", (40, 3)
    )
    dead = counts < 0.5
    expect(
        not close(found, codebook),
        "nothing has changed: codes with a count below the threshold should move.",
    )
    expect(close(found[~dead], codebook[~dead]), "a code that is in use has been replaced.")
    yield "codes in use stay"
    among = np.array([np.isclose(features, code).all(axis=1).any() for code in found[dead]])
    expect(
        among.all(), "a dead code should become a row of `features`, not a mean or a point near it."
    )
    expect(
        len(np.unique(found[dead], axis=0)) > 1,
        "all dead codes were put onto one feature: choose one for each.",
    )
    yield "dead codes are features"


@value_task
def wrong_beta(guess):
    yield from predicted(
        guess,
        "b",
        {
            "a": "both squares have the same value, so the sum is (1 + beta) times it, with the "
            "fault and without.",
            "c": "that is what equation 3 asks for: with beta = 0 no commitment pulls the feature.",
        },
    )


@task
def residual_tokens(answer):
    random = np.random.default_rng(0)
    vectors = random.normal(size=(30, 4))
    codebooks = [scale * random.normal(size=(6, 4)) for scale in (1.0, 0.6, 0.4)]
    found = integers(answer(vectors, codebooks), "the tokens", (30, 3))

    def tokens_of(rest, sign):
        tokens = []
        for codebook in codebooks:
            distances = ((rest[:, None] - codebook) ** 2).sum(axis=-1)
            tokens.append(distances.argmin(axis=1))
            rest = rest - sign * codebook[tokens[-1]]
        return np.stack(tokens, axis=1)

    expect(
        close(found[:, 0], tokens_of(vectors, 1)[:, 0]),
        "the first token should be the nearest row of the first codebook.",
    )
    yield "the first stage takes the nearest code"
    match(
        found,
        tokens_of(vectors, 1),
        "each further stage should take the nearest code of its own codebook for what is left.",
        {
            "every stage encodes the whole vector: subtract what is encoded already.": tokens_of(
                vectors, 0
            ),
            "the codes are added to the rest, not subtracted.": tokens_of(vectors, -1),
        },
    )
    yield "the others encode what is left"


@value_task
def eight_bits(guess):
    yield from predicted(
        guess,
        "a",
        {
            "b": "each stage of two codes shifts everything by one of two vectors: its 256 sums "
            "cannot lie where they like.",
            "c": "equal bits are an equal number of points. Who may choose where they lie?",
        },
    )


@value_task
def unfinished(guess):
    yield from predicted(
        guess,
        "b",
        {
            "a": "the coarse tokens may carry the shape, but has this decoder ever been given "
            "an unfinished sum?",
            "c": "they do say something, as the next cells show. And a decoder paints something "
            "for any input.",
        },
    )
