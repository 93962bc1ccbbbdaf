import numpy as np

from answers.lessons import right, wrong


def log_softmax(logits):
    return logits - np.log(np.exp(logits).sum(axis=-1, keepdims=True))


def chosen(values, tokens):
    return np.take_along_axis(values, tokens[..., None], axis=-1)[..., 0]


def normalised(values):
    return values / values.sum(axis=-1, keepdims=True)


def start_in_front(tokens, start):
    return np.pad(tokens, ((0, 0), (1, 0)), constant_values=start)


GIVEN = {
    "sequence_log_likelihood": [
        right(
            lambda logits, tokens: (
                chosen(logits, tokens) - np.logaddexp.reduce(logits, axis=-1)
            ).sum(axis=1)
        ),
        wrong("raw logits", lambda logits, tokens: chosen(logits, tokens).sum(axis=1)),
        wrong("the sign", lambda logits, tokens: -chosen(log_softmax(logits), tokens).sum(axis=1)),
        wrong(
            "the mean per token",
            lambda logits, tokens: chosen(log_softmax(logits), tokens).mean(axis=1),
        ),
        wrong(
            "that is the probability",
            lambda logits, tokens: np.exp(chosen(log_softmax(logits), tokens)).prod(axis=1),
        ),
        wrong("exp overflows", lambda logits, tokens: chosen(log_softmax(logits), tokens).sum(1)),
        wrong("at each position", lambda logits, tokens: log_softmax(logits).max(-1).sum(1)),
    ],
    "free_classifier": [wrong("what makes a four", "a"), wrong("adds evidence", "b")],
    "guided_probabilities": [
        right(
            lambda labelled, plain, s: normalised(
                np.exp((1 - s) * np.log(plain) + s * np.log(labelled))
            )
        ),
        right(lambda labelled, plain, s: normalised(labelled * (labelled / plain) ** (s - 1))),
        wrong("exchanged", lambda labelled, plain, s: normalised(plain**s * labelled ** (1 - s))),
        wrong(
            "the paper's convention",
            lambda labelled, plain, s: normalised(labelled ** (1 + s) * plain**-s),
        ),
        wrong("must return", lambda labelled, plain, s: normalised(labelled * plain)),
        wrong("a straight line", lambda labelled, plain, s: plain + s * (labelled - plain)),
        wrong("does not sum to 1", lambda labelled, plain, s: labelled**s * plain ** (1 - s)),
        wrong(
            "a distribution of its own",
            lambda labelled, plain, s: (
                labelled
                if s == 1
                else labelled**s * plain ** (1 - s) / (labelled**s * plain ** (1 - s)).sum()
            ),
        ),
        wrong("to the power 3", lambda labelled, plain, s: normalised(labelled**s)),
    ],
    "more_guidance": [
        wrong("unusual handwriting", "a"),
        wrong("between the classes", "c"),
        wrong("without labels", "d"),
    ],
    "temperature_zero": [
        wrong("the likeliest sequence", "a"),
        wrong("left to chance", "c"),
    ],
    "training_pair": [
        right(lambda tokens, start: (start_in_front(tokens, start)[:, :-1], tokens)),
        wrong("still sees the token", lambda tokens, start: (tokens, tokens)),
        wrong("a factor too", lambda tokens, start: (tokens[:, :-1], tokens[:, 1:])),
        wrong("drop the last token", lambda tokens, start: (start_in_front(tokens, start), tokens)),
        wrong(
            "the wrong way",
            lambda tokens, start: (
                np.pad(tokens[:, 1:], ((0, 0), (0, 1)), constant_values=start),
                tokens,
            ),
        ),
        wrong(
            "the start symbol",
            lambda tokens, start: (start_in_front(tokens, 0)[:, :-1], tokens),
        ),
    ],
}
