"""What the tempting mistakes in exercises 44 give, and what right answers give."""

import math

import numpy as np

from genimg_lib.checks.language.faults import log_softmax, softmax, token_nats


def guide(conditional, unconditional, scale):
    return unconditional + scale * (conditional - unconditional)


def guidance_faults(conditional, unconditional, scale) -> dict:
    return {
        "this is the paper's (1 + w) c - w u, where w = 0 is no "
        "guidance; here scale 1 is none.": guide(conditional, unconditional, scale + 1),
        "you guide AWAY from the condition: conditional and unconditional are exchanged.": guide(
            unconditional, conditional, scale
        ),
        "the unconditional logits are ignored: that is a temperature, not guidance.": scale
        * conditional,
        "that is a weighted average, which stays between the two: guidance goes beyond.": (
            (unconditional + scale * conditional) / (1 + scale)
        ),
        "the difference alone forgets how likely a token is at "
        "all: add the unconditional logits.": (scale * (conditional - unconditional)),
        "these are the conditional logits, as if the scale were 1.": conditional,
        "probabilities are guided: add and subtract logits.": guide(
            softmax(conditional), softmax(unconditional), scale
        ),
        "scale 1 should be the conditional logits; yours are one step behind.": guide(
            conditional, unconditional, scale - 1
        ),
        "these are probabilities; return the guided logits.": softmax(
            guide(conditional, unconditional, scale)
        ),
    }


def clear_draws(random, shape, temperatures) -> tuple:
    """Logits and Gumbel noise of a shape in which no sample is a near-tie.

    Rounding to float32 must not decide one.
    """
    count = math.prod(shape[:-1])
    vocabulary = shape[-1]
    logits = 2 * random.normal(size=(count + 300, vocabulary))
    gumbel = -np.log(random.exponential(size=logits.shape))
    best = np.sort([logits + temperature * gumbel for temperature in temperatures], axis=-1)
    clear = (best[..., -1] - best[..., -2] > 0.01).all(axis=0)
    return logits[clear][:count].reshape(shape), gumbel[clear][:count].reshape(shape)


def sampling_faults(logits, temperature, gumbel) -> dict:
    scaled = logits / temperature
    probabilities = softmax(logits) / temperature
    return {
        "logits are multiplied by the temperature: a high one should flatten.": (
            logits * temperature + gumbel
        ).argmax(axis=-1),
        "temperature is ignored, or it divides logits AND noise and cancels out.": (
            logits + gumbel
        ).argmax(axis=-1),
        "the noise is ignored: this is the likeliest token.": logits.argmax(axis=-1),
        "the noise is subtracted: minus a Gumbel number is no Gumbel number.": (
            scaled - gumbel
        ).argmax(axis=-1),
        "logits are divided and the noise multiplied by the temperature: one of the two.": (
            scaled + temperature * gumbel
        ).argmax(axis=-1),
        "probabilities are divided by the temperature; divide logits.": (
            probabilities + gumbel
        ).argmax(axis=-1),
        "noise is added to probabilities; it belongs to logits, or to log-probabilities.": (
            softmax(scaled) + gumbel
        ).argmax(axis=-1),
    }


def kept(logits, k=0, p=1.0) -> np.ndarray:
    """Booleans: the `k` largest of each row, and of them the likeliest that reach `p`."""
    ranks = (-logits).argsort(axis=-1).argsort(axis=-1)
    keep = ranks < (k or logits.shape[-1])
    probabilities = softmax(np.where(keep, logits, -np.inf))
    ordered = -np.sort(-probabilities, axis=-1)
    before = np.cumsum(ordered, axis=-1) - ordered
    needed = np.maximum((before < p).sum(axis=-1, keepdims=True), 1) if p < 1 else logits.shape[-1]
    return keep & (ranks < needed)


def nucleus_faults(logits, p) -> dict:
    probabilities = softmax(logits)
    order = np.argsort(-probabilities, axis=-1)
    reached = np.cumsum(np.take_along_axis(probabilities, order, axis=-1), axis=-1)
    ranks = order.argsort(axis=-1)
    inside = (reached <= p).sum(axis=-1, keepdims=True)
    return {
        "the token that CROSSES p is dropped: what is kept should reach p.": ranks
        < np.maximum(inside, 1),
        "the token that CROSSES p is dropped, and for a small p nothing is left.": ranks < inside,
        "one token too many is kept: stop at the one that reaches p.": ranks < inside + 2,
        "probabilities are added up in the order of the vocabulary: sort first.": (
            np.cumsum(probabilities, axis=-1) - probabilities < p
        ),
        "the right number is kept, but not the right tokens: take "
        "the mask back from sorted order.": (np.arange(logits.shape[-1]) < inside + 1),
        "tokens of at least probability p are kept; p is what they should reach together.": (
            probabilities >= p
        )
        | (ranks == 0),
    }


def filter_faults(logits, k, p) -> dict:
    """Which tokens wrong programs keep: masks of the shape of the logits."""
    faults = nucleus_faults(logits, p) if not k and p < 1 else {}
    if k and p < 1:
        faults[
            "p counts probabilities of ALL tokens: share them out anew among the k that are left."
        ] = kept(logits, k) & kept(logits, 0, p)
        faults["k alone: where both are given, p of what is left counts as well."] = kept(logits, k)
    one_threshold = kept(logits.ravel(), k, p).reshape(logits.shape)
    faults["all rows get one threshold: each has its own."] = one_threshold
    if k and p == 1:
        faults["the k LEAST likely tokens are kept."] = kept(-logits, k)
    return faults


def probability_faults(conditional, unconditional, scale, temperature) -> dict:
    def sharpened(weights):
        weights = np.maximum(weights, 0) ** (1 / temperature)
        return weights / weights.sum(axis=-1, keepdims=True)

    guided = guide(conditional, unconditional, scale)
    return {
        "still probabilities are guided: guide logits, and take the softmax last.": sharpened(
            guide(softmax(conditional), softmax(unconditional), scale)
        ),
        "the temperature is gone.": softmax(guided),
        "multiplied by the temperature; a high one should flatten.": softmax(guided * temperature),
        "only the conditional logits are divided by the "
        "temperature: divide the guided ones.": softmax(
            guide(conditional / temperature, unconditional, scale)
        ),
        "conditional and unconditional are exchanged now.": softmax(
            guide(unconditional, conditional, scale) / temperature
        ),
        "the guidance is gone.": softmax(conditional / temperature),
        "this is the paper's scale, where 0 is no guidance; here 1 is none.": softmax(
            guide(conditional, unconditional, scale + 1) / temperature
        ),
    }


def likelihood_faults(logits, tokens) -> dict:
    nats = token_nats(logits, tokens)
    return {
        "these are nats, a cost; a log-probability is not positive.": nats.sum(axis=1),
        "logits are shifted against tokens: here a start symbol went in front, and row i already "
        "belongs to token i.": (-token_nats(logits[:, :-1], tokens[:, 1:]).sum(axis=1)),
        "averaged over tokens: the chain rule adds.": -nats.mean(axis=1),
        "these are probabilities; their logarithms are asked.": np.exp(-nats.sum(axis=1)),
        "logits of the tokens are added up: subtract the "
        "log-sum-exp of each row.": np.take_along_axis(logits, tokens[..., None], axis=-1)[
            ..., 0
        ].sum(axis=1),
        "the likeliest token counts, not the one that stands there.": log_softmax(logits)
        .max(axis=-1)
        .sum(axis=1),
        "bits: leave out the division by ln 2.": -nats.sum(axis=1) / np.log(2),
    }


def schedule(count, steps) -> list:
    masked = [count]
    for step in range(1, steps + 1):
        masked.append(min(math.floor(count * math.cos(math.pi / 2 * step / steps)), masked[-1] - 1))
    return masked[1:]


def schedule_faults(count, steps) -> dict:
    times = np.arange(1, steps + 1) / steps
    cosine = np.floor(count * np.cos(np.pi / 2 * times) + 1e-9)
    return {
        "linear: most tokens should be fixed late, when there is context.": np.floor(
            count * (1 - times) + 1e-9
        ),
        "1 - sine is fast FIRST: take the cosine.": np.floor(
            count * (1 - np.sin(np.pi / 2 * times)) + 1e-9
        ),
        "the cosine goes over half a turn, or is squared: it should be plain, and reach 0 after a "
        "quarter turn.": np.floor(count * (1 + np.cos(np.pi * times)) / 2 + 1e-9),
        "these are tokens that are fixed; asked is how many are still masked.": count - cosine,
        "these are tokens fixed in each step; asked is how many are still masked.": -np.diff(
            cosine, prepend=count
        ),
        "rounded up, or to the nearest: round down.": np.ceil(
            count * np.cos(np.pi / 2 * times) - 1e-9
        ),
        "rounded to the nearest: round down.": np.round(count * np.cos(np.pi / 2 * times)),
        "one step late: the first entry is what is masked AFTER step 1.": np.append(
            count, cosine[:-1]
        ),
        "some step reveals nothing: every step fixes at least one token.": cosine,
    }


def tempered(joint, power):
    flat = np.log(joint / joint.sum(axis=(1, 2), keepdims=True)).reshape(len(joint), -1)
    return softmax(power * flat).reshape(joint.shape)


def guided(joint, power):
    by_class = np.log(joint / joint.sum(axis=(1, 2), keepdims=True)).reshape(len(joint), -1)
    return softmax(guide(by_class, np.log(joint.sum(axis=0).ravel()), power)).reshape(joint.shape)


def guided_by_token(joint, power):
    first = joint.sum(axis=2)
    first_of_all = joint.sum(axis=(0, 2))
    second = joint / first[..., None]
    second_of_all = joint.sum(axis=0) / first_of_all[:, None]
    first = softmax(guide(np.log(first), np.log(first_of_all), power))
    return first[..., None] * softmax(guide(np.log(second), np.log(second_of_all), power))


def equal_classes(joint):
    """The same images of each class, with all classes equally frequent."""
    return joint / joint.sum(axis=(1, 2), keepdims=True) / len(joint)
