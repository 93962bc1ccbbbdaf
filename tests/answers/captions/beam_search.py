import heapq
import math

import numpy as np
from answers import right, wrong


def rounds(
    next_log_p, end, width, keep, done=lambda kept, end: all(t[-1:] == (end,) for t, _ in kept)
):
    """Beam search whose cut is `keep(candidates)`."""
    kept = [((), 0.0)]
    while not done(kept, end):
        longer = []
        for tokens, total in kept:
            if tokens[-1:] == (end,):
                longer.append((tokens, total))
            else:
                row = next_log_p(tokens)
                longer += [
                    ((*tokens, int(i)), total + row[i]) for i in np.flatnonzero(np.isfinite(row))
                ]
        kept = keep(longer)
    return kept


def likeliest(width):
    return lambda candidates: sorted(candidates, key=lambda c: c[1], reverse=True)[:width]


@right
def by_rounds(next_log_p, end, width):
    return rounds(next_log_p, end, width, likeliest(width))[0]


@right
def with_a_heap(next_log_p, end, width):
    kept = rounds(
        next_log_p, end, width, lambda some: heapq.nlargest(width, some, key=lambda c: c[1])
    )
    tokens, total = max(kept, key=lambda c: c[1])
    return np.array(tokens), total


@right
def with_arrays(next_log_p, end, width):
    beams, totals = [()], np.zeros(1)
    while not all(end in beam for beam in beams):
        rows = [np.zeros(1) if end in beam else next_log_p(beam) for beam in beams]
        new = [
            (beam if end in beam else (*beam, token), total + value)
            for beam, total, row in zip(beams, totals, rows, strict=True)
            for token, value in enumerate(row)
        ]
        order = np.argsort([-total for _, total in new], kind="stable")[:width]
        order = [i for i in order if math.isfinite(new[i][1])]
        beams, totals = [new[i][0] for i in order], [new[i][1] for i in order]
    return list(beams[0]), totals[0]


@wrong("that is the greedy caption")
def greedy(next_log_p, end, width):
    return by_rounds(next_log_p, end, 1)


@wrong("the likeliest caption of all")
def exhaustive(next_log_p, end, width):
    return by_rounds(next_log_p, end, 10_000)


@wrong("the best mean per word")
def mean_of_all(next_log_p, end, width):
    if width == 1:
        return greedy(next_log_p, end, width)
    kept = rounds(next_log_p, end, width, lambda some: some)
    return max(kept, key=lambda c: c[1] / len(c[0]))


@wrong("and should find")
def first_to_end(next_log_p, end, width):
    def one_ended(kept, end):
        return any(tokens[-1:] == (end,) for tokens, _ in kept)

    kept = rounds(next_log_p, end, width, likeliest(width), one_ended)
    return next(caption for caption in kept if caption[0][-1:] == (end,))


@wrong("a caption that has ended is continued")
def goes_on(next_log_p, end, width):
    tokens, total = by_rounds(next_log_p, end, width)
    next_log_p(tokens)
    return tokens, total


@wrong("a beginning of probability 0")
def keeps_the_impossible(next_log_p, end, width):
    kept = [((), 0.0)]
    while not all(tokens[-1:] == (end,) for tokens, _ in kept):
        longer = []
        for tokens, total in kept:
            if tokens[-1:] == (end,):
                longer.append((tokens, total))
            else:
                longer += [((*tokens, i), total + p) for i, p in enumerate(next_log_p(tokens))]
        kept = likeliest(width)(longer)
    return kept[0]


@wrong("the log-probability is")
def a_mean(next_log_p, end, width):
    tokens, total = by_rounds(next_log_p, end, width)
    return tokens, total / len(tokens)


@wrong("return two things")
def only_tokens(next_log_p, end, width):
    return by_rounds(next_log_p, end, width)[0][:1]


EQUIVALENT = {
    "1 -> -1 (3)": "the second of two is the last",
}
