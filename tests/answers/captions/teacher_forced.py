import numpy as np
from answers import right, wrong


@right
def by_insertion(captions, lengths, start, end):
    inputs = np.insert(captions, 0, start, axis=1)
    targets = np.insert(captions, captions.shape[1], end, axis=1)
    return inputs, targets, ~(np.arange(inputs.shape[1]) > lengths[:, None])


@right
def row_by_row(captions, lengths, start, end):
    n, longest = captions.shape
    inputs, targets = np.zeros((2, n, longest + 1), int)  # padded with zeros: nobody looks
    counted = np.zeros((n, longest + 1))
    for i, length in enumerate(lengths):
        words = list(captions[i, :length])
        inputs[i, : length + 1] = [start, *words]
        targets[i, : length + 1] = [*words, end]
        counted[i, : length + 1] = 1
    return inputs, targets, counted


@right
def up_to_the_first_end(captions, lengths, start, end):
    edge = np.ones((len(captions), 1), int)
    targets = np.hstack([captions, end * edge])
    ended = np.cumsum(targets == end, axis=1)
    return [np.hstack([start * edge, captions]), targets, (ended - (targets == end)) == 0]


@wrong("stopping is never learned")
def as_given(captions, lengths, start, end):
    inputs, targets, _ = by_insertion(captions, lengths, start, end)
    return inputs, targets, targets != end


@wrong("the network learns to fill up")
def everything_counts(captions, lengths, start, end):
    inputs, targets, counted = by_insertion(captions, lengths, start, end)
    return inputs, targets, np.ones_like(counted)


@wrong("one end too many")
def two_ends(captions, lengths, start, end):
    return *by_insertion(captions, lengths, start, end)[:2], by_insertion(
        captions, lengths + 1, start, end
    )[2]


@wrong("no more and no less")
def only_the_end(captions, lengths, start, end):
    inputs, targets, _ = by_insertion(captions, lengths, start, end)
    return inputs, targets, np.arange(inputs.shape[1]) == lengths[:, None]


@wrong("the very word that it is to say")
def not_shifted(captions, lengths, start, end):
    _, targets, counted = by_insertion(captions, lengths, start, end)
    return targets, targets, counted


@wrong("the inputs are the start and then all words")
def start_at_both_ends(captions, lengths, start, end):
    _, targets, counted = by_insertion(captions, lengths, start, end)
    return np.insert(captions[:, ::-1], 0, start, axis=1), targets, counted


@wrong("the targets are all words and the end")
def other_targets(captions, lengths, start, end):
    inputs, _, counted = by_insertion(captions, lengths, start, end)
    return inputs, inputs, counted


@wrong("counted has shape")
def too_short(captions, lengths, start, end):
    inputs, targets, counted = by_insertion(captions, lengths, start, end)
    return inputs, targets, counted[:, 1:]


@wrong("return three things as a tuple")
def without_marks(captions, lengths, start, end):
    return by_insertion(captions, lengths, start, end)[:2]


EQUIVALENT = {}
