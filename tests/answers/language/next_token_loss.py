import numpy as np
from answers import right, wrong
from scipy.special import log_softmax, logsumexp


def nats(logits, tokens):
    return -np.take_along_axis(log_softmax(logits, axis=-1), tokens[..., None], axis=-1)[..., 0]


@right
def targets_first(logits, tokens):
    return nats(logits[:, :-1], tokens[:, 1:]).mean()


@right
def in_loops(logits, tokens):
    losses = []
    for rows, text in zip(logits, tokens, strict=True):
        losses += [
            logsumexp(row) - row[token] for row, token in zip(rows[:-1], text[1:], strict=True)
        ]
    return sum(losses) / len(losses)


@right
def with_one_hot_targets(logits, tokens):
    targets = np.eye(logits.shape[-1])[tokens[:, 1:]]
    return np.average(-(targets * log_softmax(logits[:, :-1], axis=-1)).sum(axis=-1)).astype(
        np.float32
    )


@right
def drops_afterwards(logits, tokens):
    return nats(logits, np.roll(tokens, -1, axis=1))[:, :-1].mean()


@wrong("still each row is compared")
def unchanged(logits, tokens):
    return nats(logits, tokens).mean()


@wrong("one step earlier")
def backwards(logits, tokens):
    return nats(logits[:, 1:], tokens[:, :-1]).mean()


@wrong("shifted twice")
def twice(logits, tokens):
    return nats(logits[:, :-2], tokens[:, 2:]).mean()


@wrong("wraps around")
def rolled(logits, tokens):
    return nats(logits, np.roll(tokens, -1, axis=1)).mean()


@wrong("added up; average them")
def summed(logits, tokens):
    return nats(logits[:, :-1], tokens[:, 1:]).sum()


@wrong("are predicted.")
def divided_by_all(logits, tokens):
    return nats(logits[:, :-1], tokens[:, 1:]).sum() / tokens.size


@wrong("a loss should fall")
def log_likelihood(logits, tokens):
    return -nats(logits[:, :-1], tokens[:, 1:]).mean()


@wrong("row i for token i + 1, is")
def shifts_the_wrong_axis(logits, tokens):
    return nats(logits[:-1], tokens[1:]).mean()


@wrong("the code that you were given did not")
def overflows(logits, tokens):
    probabilities = np.exp(logits[:, :-1]) / np.exp(logits[:, :-1]).sum(axis=-1, keepdims=True)
    return -np.log(np.take_along_axis(probabilities, tokens[:, 1:, None], axis=-1)).mean()


@wrong("no clipping")
def clipped(logits, tokens):
    return np.minimum(nats(logits[:, :-1], tokens[:, 1:]), 100.0).mean()


@wrong("the loss has shape")
def per_token(logits, tokens):
    return nats(logits[:, :-1], tokens[:, 1:])


@wrong("the losses of each text are added up")
def mean_over_the_batch_only(logits, tokens):
    return nats(logits[:, :-1], tokens[:, 1:]).sum(axis=1).mean()


@wrong("these are bits")
def bits(logits, tokens):
    return nats(logits[:, :-1], tokens[:, 1:]).mean() / np.log(2)


@wrong("this is the perplexity")
def perplexity(logits, tokens):
    return np.exp(nats(logits[:, :-1], tokens[:, 1:]).mean())


EQUIVALENT = {
    "np.take_along_axis(log_probabilities, tokens[..., None], axis=-1) -> "
    "np.take_along_axis(log_probabilities, tokens[..., None])": "-1 is the default of newer "
    "versions of NumPy"
}
