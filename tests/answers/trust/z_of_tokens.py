import numpy as np
from answers import right, wrong


def z(found, counted, fraction):
    return (found - fraction * counted) / np.sqrt(counted * fraction * (1 - fraction))


def with_start(tokens, green):
    return [green.shape[1], *tokens[:-1]]


@right
def with_a_set(tokens, green, fraction):
    pairs = set(zip(with_start(tokens, green), tokens, strict=True))
    return z(sum(green[pair] for pair in pairs), len(pairs), fraction)


@right
def with_codes(tokens, green, fraction):
    codes = np.unique(np.array(with_start(tokens, green)) * green.shape[1] + tokens)
    return z(green.ravel()[codes].sum(), codes.size, fraction)


@right
def with_a_table(tokens, green, fraction):
    seen = np.zeros_like(green)
    seen[with_start(tokens, green), tokens] = True
    return float(z((seen & green).sum(), seen.sum(), fraction))


@wrong("pairs that recur count once")
def counts_all(tokens, green, fraction):
    return z(green[with_start(tokens, green), tokens].sum(), len(tokens), fraction)


@wrong("the first token is left out")
def without_the_first(tokens, green, fraction):
    pairs = set(zip(tokens[:-1], tokens[1:], strict=True))
    return z(sum(green[pair] for pair in pairs), max(len(pairs), 1), fraction)


@wrong("the token BEFORE")
def own_list(tokens, green, fraction):
    return z(sum(green[token, token] for token in set(tokens)), len(set(tokens)), fraction)


@wrong("the root of n fraction")
def by_the_variance(tokens, green, fraction):
    pairs = set(zip(with_start(tokens, green), tokens, strict=True))
    variance = len(pairs) * fraction * (1 - fraction)
    return with_a_set(tokens, green, fraction) / np.sqrt(variance)


@wrong("not half")
def from_the_half(tokens, green, fraction):
    pairs = set(zip(with_start(tokens, green), tokens, strict=True))
    excess = sum(green[pair] for pair in pairs) - len(pairs) / 2
    return excess / np.sqrt(len(pairs) * fraction * (1 - fraction))


@wrong("the factor 1 - fraction")
def poisson(tokens, green, fraction):
    return with_a_set(tokens, green, fraction) * np.sqrt(1 - fraction)


@wrong("the sign is wrong")
def negative(tokens, green, fraction):
    return -with_a_set(tokens, green, fraction)


@wrong("tokens of 6 should give z")
def a_share(tokens, green, fraction):
    return green[with_start(tokens, green), tokens].mean()


@wrong("green on the list of the start")
def start_from_the_first_row(tokens, green, fraction):
    return with_a_set(tokens, green, fraction) if len(tokens) > 1 else -1.0


EQUIVALENT = {}
