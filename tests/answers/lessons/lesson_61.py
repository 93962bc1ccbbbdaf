import math

import numpy as np

from answers.lessons import right, wrong


def log_softmax(logits):
    return logits - np.log(np.exp(logits).sum(axis=-1, keepdims=True))


def costs(logits, words, count):
    return -log_softmax(logits)[np.arange(len(words)), words][:count]


def written(words):
    """How many words stand before the first 0."""
    return int(np.argmin(words != 0)) if (words == 0).any() else len(words)


def blame(painter, captioner, *, lenient=False):
    """An answer that returns these names for an error of one alone."""

    def who_erred(asked, in_picture, heard):
        drawn, read = in_picture == asked, heard == in_picture
        if drawn and read:
            return "nobody"
        if not drawn and not read:
            return "nobody" if lenient and heard == asked else "both"
        return captioner if drawn else painter

    return who_erred


GIVEN = {
    "captioner_from_painter": [
        right(lambda painter, prior: (painter.T * prior / (painter.T @ prior)[:, None]).T),
        wrong("the joint probability", lambda painter, prior: painter * prior[:, None]),
        wrong("the prior is missing", lambda painter, prior: painter / painter.sum(axis=0)),
        wrong("down a column", lambda painter, prior: painter / painter.sum(1, keepdims=True)),
        wrong("Bayes", lambda painter, prior: painter * prior[:, None] / painter.sum(axis=0)),
    ],
    "caption_nats": [
        right(
            lambda logits, words: sum(
                np.logaddexp.reduce(row) - row[word]
                for row, word, before in zip(logits, words, [1, *words[:-1]], strict=True)
                if before
            )
        ),
        wrong("the end is missing", lambda lo, w: costs(lo, w, written(w)).sum()),
        wrong("the padding counts", lambda lo, w: costs(lo, w, len(w)).sum()),
        wrong("the mean per word", lambda lo, w: costs(lo, w, written(w) + 1).mean()),
        wrong("raw logits", lambda lo, w: -lo[np.arange(len(w)), w][: written(w) + 1].sum()),
        wrong("up to the first 0", lambda lo, w: -costs(lo, w, written(w) + 1).sum()),
        wrong("has no 0", lambda lo, w: costs(lo, w, int(np.argmin(w != 0)) + 1).sum()),
    ],
    "two_languages": [wrong("What do the two captions share", "a"), wrong("not copies", "c")],
    "unseen_pair": [wrong("learns from counts", "a"), wrong("harder to see", "b")],
    "who_erred": [
        right(blame("painter", "captioner")),
        wrong("nobody erred", lambda asked, in_picture, heard: "both"),
        wrong("reads something else", blame("captioner", "painter")),
        wrong(
            "reads it correctly",
            lambda asked, in_picture, heard: "nobody" if heard == asked else "captioner",
        ),
        wrong(
            "misreads it",
            lambda asked, in_picture, heard: (
                "painter"
                if in_picture != asked
                else "nobody"
                if heard == in_picture
                else "captioner"
            ),
        ),
        wrong("the loop hides it", blame("painter", "captioner", lenient=True)),
    ],
    "best_of_n_kl": [
        right(lambda n: math.log(n) - 1 + 1 / n),
        wrong("the first term alone", math.log),
        wrong("the sign of the second term", lambda n: math.log(n) + 1 - 1 / n),
        wrong("the integral is", lambda n: float(n - 1)),
    ],
}
