import numpy as np
from answers import right, wrong


def slice_of(weights, rank, size):
    part = weights[rank * size : (rank + 1) * size]
    return np.append(part, np.zeros(size - len(part)))


def warm(step, decay):
    return min(decay, (1 + step) / (10 + step))


@right
def by_slices(shadow, weights, rank, ranks, step, decay):
    share = warm(step, decay)
    return share * shadow + (1 - share) * slice_of(weights, rank, len(shadow))


@right
def by_reshape(shadow, weights, rank, ranks, step, decay):
    size = int(np.ceil(len(weights) / ranks))
    table = np.zeros(size * ranks)
    table[: len(weights)] = weights
    part = table.reshape(ranks, size)[rank]
    return shadow + (1 - warm(step, decay)) * (part - shadow)


@right
def in_a_loop(shadow, weights, rank, ranks, step, decay):
    new, share = np.array(shadow), warm(step, decay)
    for place in range(len(shadow)):
        index = rank * len(shadow) + place
        value = weights[index] if index < len(weights) else 0.0
        new[place] = share * new[place] + (1 - share) * value
    return new


def faulty(share=warm, part=slice_of):
    def answer(shadow, weights, rank, ranks, step, decay):
        kept = share(step, decay)
        return kept * shadow + (1 - kept) * part(weights, rank, len(shadow))

    return answer


wrong("shadow and weights are exchanged", "exchanged", faulty(lambda s, d: 1 - warm(s, d)))
wrong("there is no warm-up", "constant", faulty(lambda s, d: d))
wrong("the warm-up never ends", "no limit", faulty(lambda s, d: (1 + s) / (10 + s)))


@wrong("the ranks take every n-th weight")
def woven(shadow, weights, rank, ranks, step, decay):
    part = weights[rank::ranks]
    return by_slices(shadow, np.append(part, np.zeros(len(shadow) - len(part))), 0, 1, step, decay)


@wrong("has shape (2,)")
def loses_the_tail(shadow, weights, rank, ranks, step, decay):
    size = len(weights) // ranks
    return by_slices(shadow[:size], weights[: size * ranks], rank, ranks, step, decay)


@wrong("rank 0 of 4 at step 0")
def copies(shadow, weights, rank, ranks, step, decay):
    return slice_of(weights, rank, len(shadow))


EQUIVALENT = {
    "min(decay, (1 + step) / (10 + step)) -> min((1 + step) / (10 + step), decay)": "symmetric",
    "size * ranks - len(weights) -> size * ranks + len(weights)": "more zeros than needed",
    "size * ranks - len(weights) -> size * ranks": "more zeros than needed",
    "size * ranks - len(weights) -> len(weights)": "more zeros than needed",
}
