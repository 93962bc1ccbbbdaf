import numpy as np
from answers import right, wrong


@right
def in_blocks(read, written):
    mask = np.zeros((read + written, read + written), bool)
    mask[:, :read] = True
    mask[read:, read:] = np.tri(written, dtype=bool)
    return mask


@right
def from_groups(read, written):
    groups = np.concatenate([np.zeros(read, int), 1 + np.arange(written)])
    return groups[:, None] >= groups[None, :]


@right
def with_maximum(read, written):
    return np.maximum(np.tri(read + written), np.arange(read + written) < read)


@wrong("causal throughout")
def causal(read, written):
    return np.tri(read + written, dtype=bool)


@wrong("leaks into the question")
def everything_read(read, written):
    mask = np.tri(read + written, dtype=bool)
    mask[:read] = True
    mask[:, :read] = True
    return mask


@wrong("could copy itself")
def written_both_ways(read, written):
    mask = np.ones((read + written, read + written), bool)
    mask[:read, read:] = False
    return mask


@wrong("does not see itself")
def strictly_before(read, written):
    return np.tri(read + written, k=-1, dtype=bool) | (np.arange(read + written) < read)


@wrong("rows and columns are exchanged")
def transposed(read, written):
    return in_blocks(read, written).T


@wrong("does not see what is read")
def apart(read, written):
    mask = in_blocks(read, written)
    mask[read:, :read] = False
    return mask


@wrong("everybody sees what is read")
def all_of_it(read, written):
    return np.ones((read + written, read + written), bool)
