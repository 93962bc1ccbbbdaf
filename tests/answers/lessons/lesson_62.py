import numpy as np

from answers.lessons import right, wrong


def mask(fits):
    """An answer that keeps the tokens for which `fits(written, texts, token)`."""
    return lambda written, texts, vocabulary: [
        token for token in vocabulary if fits(written, texts, token)
    ]


def continues(written, texts, token):
    return any(text.startswith(written + token) for text in texts)


def changes(x, a, b):
    return np.einsum("nd,cdr,cro->cno", x, a, b)


GIVEN = {
    "allowed_tokens": [
        right(
            lambda written, texts, vocabulary: {
                token
                for token in vocabulary
                if written + token.replace("<stop>", "$")
                in {(text + "$")[:end] for text in texts for end in range(len(text) + 2)}
            }
        ),
        wrong("as they stand in the vocabulary", lambda written, texts, vocabulary: [0, 1]),
        wrong(
            "all letters of a token count",
            mask(
                lambda written, texts, token: len(token) == 1 and continues(written, texts, token)
            ),
        ),
        wrong("is a part of a text", mask(lambda w, texts, token: any(token in t for t in texts))),
        wrong('exactly "t", "r" and "rt"', lambda written, texts, vocabulary: ["t", "rt"]),
        wrong("the stop token may not", mask(lambda w, t, token: token in ("t", "r", "rt"))),
        wrong("only the stop token may come", mask(continues)),
        wrong(
            "is not one of the texts",
            mask(
                lambda written, texts, token: (
                    continues(written, texts, token)
                    if token != "<stop>"
                    else written.startswith("blue car") or written in texts
                )
            ),
        ),
    ],
    "red_cats": [wrong("among valid texts", "a"), wrong("nothing is removed", "b")],
    "number_of_captions": [wrong("learned to stop", "a"), wrong("in its place", "c")],
    "mixed_batch": [
        right(
            lambda x, w, a, b, customer: np.stack(
                [row @ (w + a[c] @ b[c]) for row, c in zip(x, customer, strict=True)]
            )
        ),
        wrong("x @ w alone", lambda x, w, a, b, customer: x @ w),
        wrong(
            "the base model is missing",
            lambda x, w, a, b, customer: changes(x, a, b)[customer, np.arange(len(x))],
        ),
        wrong("of every customer", lambda x, w, a, b, customer: x @ w + changes(x, a, b).sum(0)),
        wrong("of customer 0", lambda x, w, a, b, customer: x @ w + changes(x, a, b)[0]),
        wrong("row i must be", lambda x, w, a, b, customer: x @ w * 2),
    ],
    "other_words": [wrong("which one is meant", "a"), wrong("the words of its training", "c")],
}
