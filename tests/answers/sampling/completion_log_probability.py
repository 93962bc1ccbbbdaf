import numpy as np
from answers import right, wrong
from scipy.special import log_softmax, logsumexp, softmax


def of_tokens(logits, tokens):
    return np.take_along_axis(log_softmax(logits, axis=-1), tokens[..., None], axis=-1)[..., 0]


def checked(given):
    if not np.array_equal(np.logical_and.accumulate(given, axis=1), given):
        raise ValueError("a gap")


@right
def whole_minus_beginning(logits, tokens, given):
    checked(given)
    each = of_tokens(logits, tokens)
    whole = each.sum(axis=1)
    return whole, whole - (each * given).sum(axis=1)


@right
def in_loops(logits, tokens, given):
    results = []
    for rows, image, known in zip(logits, tokens, given, strict=True):
        start = int(known.sum())
        if not known[:start].all():
            raise ValueError("a gap")
        each = [row[token] - logsumexp(row) for row, token in zip(rows, image, strict=True)]
        results.append((sum(each), sum(each[start:])))
    return [list(part) for part in zip(*results, strict=True)]


@right
def with_one_hot(logits, tokens, given):
    if (given[:, 1:] & ~given[:, :-1]).any():
        raise ValueError("a gap")
    each = (np.eye(logits.shape[-1])[tokens] * log_softmax(logits, axis=-1)).sum(axis=-1)
    return np.sum(each, axis=1), np.sum(each, axis=1, where=~given)


@wrong("these are nats, a cost")
def nats(logits, tokens, given):
    each = -of_tokens(logits, tokens)
    return each.sum(axis=1), (each * ~given).sum(axis=1)


@wrong("logits are shifted against tokens")
def shifted(logits, tokens, given):
    each = of_tokens(logits[:, :-1], tokens[:, 1:])
    return each.sum(axis=1), (each * ~given[:, 1:]).sum(axis=1)


@wrong("the chain rule adds")
def averaged(logits, tokens, given):
    each = of_tokens(logits, tokens)
    return each.mean(axis=1), (each * ~given).mean(axis=1)


@wrong("their logarithms are asked")
def probabilities(logits, tokens, given):
    each = of_tokens(logits, tokens)
    return np.exp(each.sum(axis=1)), np.exp((each * ~given).sum(axis=1))


@wrong("subtract the log-sum-exp")
def plain_logits(logits, tokens, given):
    each = np.take_along_axis(logits, tokens[..., None], axis=-1)[..., 0]
    return each.sum(axis=1), (each * ~given).sum(axis=1)


@wrong("the likeliest token counts")
def likeliest(logits, tokens, given):
    each = log_softmax(logits, axis=-1).max(axis=-1)
    return each.sum(axis=1), (each * ~given).sum(axis=1)


@wrong("leave out the division")
def bits(logits, tokens, given):
    each = of_tokens(logits, tokens) / np.log(2)
    return each.sum(axis=1), (each * ~given).sum(axis=1)


@wrong("asked is that of the others")
def of_the_beginning(logits, tokens, given):
    each = of_tokens(logits, tokens)
    return each.sum(axis=1), (each * given).sum(axis=1)


@wrong("the given tokens count as well")
def whole_twice(logits, tokens, given):
    each = of_tokens(logits, tokens)
    return each.sum(axis=1), each.sum(axis=1)


@wrong("the whole minus the beginning")
def wrong_way_round(logits, tokens, given):
    each = of_tokens(logits, tokens)
    return each.sum(axis=1), (each * given).sum(axis=1) - each.sum(axis=1)


@wrong("log-probabilities of whole images should be")
def normalised_over_positions(logits, tokens, given):
    each = np.take_along_axis(log_softmax(logits, axis=1), tokens[..., None], axis=-1)[..., 0]
    return each.sum(axis=1), (each * ~given).sum(axis=1)


@wrong("completions should have")
def one_off(logits, tokens, given):
    each = of_tokens(logits, tokens)
    return each.sum(axis=1), (each[:, 1:] * ~given[:, :-1]).sum(axis=1)


@wrong("give infinity or NaN")
def log_of_softmax(logits, tokens, given):
    each = np.log(np.take_along_axis(softmax(logits, axis=-1), tokens[..., None], axis=-1)[..., 0])
    return each.sum(axis=1), np.where(given, 0, each).sum(axis=1)


@wrong("no clipping")
def clipped(logits, tokens, given):
    each = np.maximum(of_tokens(logits, tokens), -100)
    return each.sum(axis=1), (each * ~given).sum(axis=1)


@wrong("raise ValueError")
def accepts_gaps(logits, tokens, given):
    each = of_tokens(logits, tokens)
    return each.sum(axis=1), (each * ~given).sum(axis=1)


@wrong("return two things")
def only_the_whole(logits, tokens, given):
    return of_tokens(logits, tokens).sum()


@wrong("the two are exchanged")
def exchanged(logits, tokens, given):
    return whole_minus_beginning(logits, tokens, given)[::-1]


EQUIVALENT = {"1 -> -1": "the last axis is axis 1", "1 -> -1 (2)": "the last axis is axis 1"}
