import numpy as np
from answers import right, wrong


@right
def with_a_running_total(lengths, fixed, limit):
    if fixed > limit:
        raise ValueError("the request alone is too long")
    kept, used = [], fixed
    for index, length in enumerate(lengths):
        if used + length <= limit:
            kept.insert(0, index)
            used += length
    return kept


@right
def by_recursion(lengths, fixed, limit):
    def take(index, left):
        if index == len(lengths):
            return []
        if lengths[index] > left:
            return take(index + 1, left)
        return [*take(index + 1, left - lengths[index]), index]

    if limit - fixed < 0:
        raise ValueError("no room")
    return take(0, limit - fixed)


@right
def as_an_array(lengths, fixed, limit):
    taken = np.zeros(len(lengths), bool)
    if fixed > limit:
        raise ValueError(f"{fixed} tokens do not fit into {limit}")
    for index in range(len(lengths)):
        taken[index] = True
        if fixed + np.sum(np.array(lengths)[taken]) > limit:
            taken[index] = False
    return np.flatnonzero(taken)[::-1]


@wrong("which is too many")
def all_of_them(lengths, fixed, limit):
    return list(range(len(lengths)))[::-1]


@wrong("example [1] would still fit")
def never_full(lengths, fixed, limit):
    return with_a_running_total(lengths, fixed + 1, limit)


@wrong("example [2] would still fit")
def stops_at_the_first(lengths, fixed, limit):
    kept = []
    for index, length in enumerate(lengths):
        if fixed + length > limit:
            break
        fixed += length
        kept.append(index)
    return kept[::-1]


@wrong("turn the list round")
def most_useful_first(lengths, fixed, limit):
    return with_a_running_total(lengths, fixed, limit)[::-1]


@wrong("; yours are [")
def shortest_first(lengths, fixed, limit):
    order = sorted(range(len(lengths)), key=lambda index: lengths[index])
    kept = with_a_running_total([lengths[index] for index in order], fixed, limit)
    return [order[index] for index in kept]


@wrong("do not fit by themselves are accepted")
def no_examples_then(lengths, fixed, limit):
    return with_a_running_total(lengths, min(fixed, limit), limit)


EQUIVALENT = {}
