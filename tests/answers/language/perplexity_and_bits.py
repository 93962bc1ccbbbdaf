import numpy as np
from answers import right, wrong
from scipy.special import log_softmax, logsumexp


def nats_of(logits, tokens):
    return -np.take_along_axis(log_softmax(logits, axis=-1), tokens[..., None], axis=-1)[..., 0]


@right
def masked_sums(logits, tokens, real, characters):
    total = (nats_of(logits, tokens) * real).sum()
    return np.exp(total / real.sum()), total / (characters * np.log(2))


@right
def in_loops(logits, tokens, real, characters):
    nats = [
        logsumexp(logits[place]) - logits[place][tokens[place]]
        for place in zip(*np.nonzero(real), strict=True)
    ]
    return [2 ** (sum(nats) / np.log(2) / len(nats)), sum(nats) / np.log(2) / characters]


@right
def in_float32(logits, tokens, real, characters):
    nats = nats_of(logits.astype(np.float32), tokens)[real]
    return np.exp(nats.mean()), np.log2(np.exp(1)) * nats.sum() / characters


@wrong("padding is counted: average only")
def with_padding(logits, tokens, real, characters):
    nats = nats_of(logits, tokens)
    return np.exp(nats.mean()), nats.sum() / np.log(2) / characters


@wrong("its positions are counted")
def padding_in_the_denominator(logits, tokens, real, characters):
    nats = nats_of(logits, tokens) * real
    return np.exp(nats.mean()), nats.sum() / np.log(2) / characters


@wrong("texts are averaged first")
def by_text(logits, tokens, real, characters):
    nats = nats_of(logits, tokens) * real
    return np.exp((nats.sum(axis=1) / real.sum(axis=1)).mean()), nats.sum() / np.log(2) / characters


@wrong("2 to the power of nats")
def two_to_the_nats(logits, tokens, real, characters):
    nats = nats_of(logits, tokens)[real]
    return 2 ** nats.mean(), nats.sum() / np.log(2) / characters


@wrong("a mean of exponentials")
def mean_of_exponentials(logits, tokens, real, characters):
    nats = nats_of(logits, tokens)[real]
    return np.exp(nats).mean(), nats.sum() / np.log(2) / characters


@wrong("perplexity is its exponential")
def no_exponential(logits, tokens, real, characters):
    nats = nats_of(logits, tokens)[real]
    return nats.mean(), nats.sum() / np.log(2) / characters


@wrong("the perplexity should be")
def best_token(logits, tokens, real, characters):
    nats = -log_softmax(logits, axis=-1).max(axis=-1)[real]
    return np.exp(nats.mean()), nats.sum() / np.log(2) / characters


@wrong("these are nats per character")
def nats_per_character(logits, tokens, real, characters):
    nats = nats_of(logits, tokens)[real]
    return np.exp(nats.mean()), nats.sum() / characters


@wrong("these are bits per token")
def bits_per_token(logits, tokens, real, characters):
    nats = nats_of(logits, tokens)[real]
    return np.exp(nats.mean()), nats.mean() / np.log(2)


@wrong("multiplied by ln 2")
def multiplied(logits, tokens, real, characters):
    nats = nats_of(logits, tokens)[real]
    return np.exp(nats.mean()), nats.sum() * np.log(2) / characters


@wrong("it should be the sum")
def mean_shared_out(logits, tokens, real, characters):
    nats = nats_of(logits, tokens)[real]
    return np.exp(nats.mean()), nats.mean() / np.log(2) / characters


@wrong("padding is counted in the bits")
def bits_of_padding(logits, tokens, real, characters):
    nats = nats_of(logits, tokens)
    return np.exp(nats[real].mean()), nats.sum() / np.log(2) / characters


@wrong("the bits per character should be")
def decimal_digits(logits, tokens, real, characters):
    nats = nats_of(logits, tokens)[real]
    return np.exp(nats.mean()), nats.sum() / np.log(10) / characters


@wrong("subtract the largest logit before exp")
def overflows(logits, tokens, real, characters):
    probabilities = np.exp(logits) / np.exp(logits).sum(axis=-1, keepdims=True)
    nats = -np.log(np.take_along_axis(probabilities, tokens[..., None], axis=-1)[..., 0])[real]
    return np.exp(nats.mean()), nats.sum() / np.log(2) / characters


@wrong("exact bits: no clipping")
def clipped(logits, tokens, real, characters):
    nats = np.minimum(nats_of(logits, tokens)[real], 200)
    return np.exp(nats.mean()), nats.sum() / np.log(2) / characters


@wrong("return two things")
def only_one(logits, tokens, real, characters):
    return np.exp(nats_of(logits, tokens)[real].mean())


@wrong("the two are exchanged")
def exchanged(logits, tokens, real, characters):
    nats = nats_of(logits, tokens)[real]
    return nats.sum() / np.log(2) / characters, np.exp(nats.mean())


@wrong("logits are shifted against tokens")
def shifted(logits, tokens, real, characters):
    nats = nats_of(logits[:, :-1], tokens[:, 1:])[real[:, 1:]]
    return np.exp(nats.mean()), nats.sum() / np.log(2) / characters


@wrong("e to the SUM")
def of_the_whole_batch(logits, tokens, real, characters):
    nats = nats_of(logits, tokens)[real]
    return np.exp(nats.sum()), nats.sum() / np.log(2) / characters


@wrong("this is 1 over the perplexity")
def mean_probability(logits, tokens, real, characters):
    nats = nats_of(logits, tokens)[real]
    return np.exp(-nats.mean()), nats.sum() / np.log(2) / characters


EQUIVALENT = {
    "np.take_along_axis(logits, tokens[..., None], axis=-1) -> np.take_along_axis(logits, "
    "tokens[..., None])": ("-1 is the default of newer versions of NumPy"),
    "0 -> -1": "the last of one",
}
