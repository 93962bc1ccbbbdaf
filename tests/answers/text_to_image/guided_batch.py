import numpy as np
from answers import right, wrong


def both_halves(network, tokens, captions, nothing):
    empty = np.tile(nothing, (len(captions), 1))
    return network(np.tile(tokens, (2, 1)), np.concatenate([captions, empty]))


@right
def weighted(network, tokens, captions, nothing, scale):
    both = both_halves(network, tokens, captions, nothing)
    n = len(tokens)
    return scale * both[:n] + (1 - scale) * both[n:]


@right
def empty_half_first(network, tokens, captions, nothing, scale):
    empty = np.tile(nothing, (len(captions), 1))
    both = network(np.vstack([tokens, tokens]), np.vstack([empty, captions]))
    without, with_caption = np.split(both, 2)
    return without + scale * (with_caption - without)


@right
def side_by_side(network, tokens, captions, nothing, scale):
    pairs = np.stack([captions, np.broadcast_to(nothing, captions.shape)], axis=1)
    both = network(np.repeat(tokens, 2, axis=0), pairs.reshape(-1, captions.shape[1]))
    return both[1::2] + scale * (both[::2] - both[1::2])


@wrong("pushes away from the caption")
def exchanged(network, tokens, captions, nothing, scale):
    return weighted(network, tokens, captions, nothing, 1 - scale)


@wrong("captions meet the tokens of others")
def repeated(network, tokens, captions, nothing, scale):
    empty = np.tile(nothing, (len(captions), 1))
    both = network(np.repeat(tokens, 2, axis=0), np.concatenate([captions, empty]))
    return both[3:] + scale * (both[:3] - both[3:])


@wrong("both bugs are still there")
def as_given(network, tokens, captions, nothing, scale):
    return repeated(network, tokens, captions, nothing, 1 - scale)


@wrong("is what `nothing` says")
def zeros(network, tokens, captions, nothing, scale):
    return weighted(network, tokens, captions, 0 * nothing, scale)


@wrong("in which 0 means no guidance")
def other_convention(network, tokens, captions, nothing, scale):
    return weighted(network, tokens, captions, nothing, 1 + scale)


@wrong("not what the formula gives")
def the_mean(network, tokens, captions, nothing, scale):
    return weighted(network, tokens, captions, nothing, 0.5)


@wrong("fit into one call")
def two_calls(network, tokens, captions, nothing, scale):
    without = network(tokens, np.tile(nothing, (len(captions), 1)))
    return without + scale * (network(tokens, captions) - without)


EQUIVALENT = {}
