import numpy as np
from answers import right, wrong


def walk(moves, state, token):
    for letter in token:
        if letter not in moves[state]:
            return None
        state = moves[state][letter]
    return state


@right
def backwards(moves, final, vocabulary):
    """From the ends back, along tokens."""
    edges = [
        (state, k, end)
        for state in range(len(moves))
        for k, token in enumerate(vocabulary)
        if (end := walk(moves, state, token)) is not None
    ]
    alive, grown = set(final), True
    while grown:
        grown = {state for state, _, end in edges if end in alive} - alive
        alive |= grown
    table = np.zeros((len(moves), len(vocabulary)), bool)
    for state, k, end in edges:
        table[state, k] = end in alive
    return table


@right
def by_deleting(moves, final, vocabulary):
    """Takes tokens into states from which nothing goes on, again and again; loops need care."""
    n = len(moves)
    step = np.zeros((n, n), bool)
    for state in range(n):
        for token in vocabulary:
            end = walk(moves, state, token)
            if end is not None:
                step[state, end] = True
    reach = step | np.eye(n, dtype=bool)
    for _ in range(n):
        reach = reach @ reach
    alive = reach[:, sorted(final)].any(axis=1)
    return [
        [
            (end := walk(moves, state, token)) is not None and bool(alive[end])
            for token in vocabulary
        ]
        for state in range(n)
    ]


@right
def by_depth(moves, final, vocabulary):
    shortest = [0 if state in final else np.inf for state in range(len(moves))]

    def after(state, token):
        end = walk(moves, state, token)
        return np.inf if end is None else shortest[end]

    for _ in moves:
        for state in range(len(moves)):
            shortest[state] = min([shortest[state], *(1 + after(state, t) for t in vocabulary)])
    return np.array([[after(s, t) < np.inf for t in vocabulary] for s in range(len(moves))]) * 1


def table(moves, vocabulary, allowed):
    return [[allowed(state, token) for token in vocabulary] for state in range(len(moves))]


@wrong("only the first letter")
def one_letter(moves, final, vocabulary):
    return table(moves, vocabulary, lambda state, token: token[0] in moves[state])


@wrong("dead ends")
def not_pruned(moves, final, vocabulary):
    return table(moves, vocabulary, lambda state, token: walk(moves, state, token) is not None)


@wrong("no tokens for them")
def pruned_by_letters(moves, final, vocabulary):
    letters = sorted({letter for row in moves for letter in row})
    full = backwards(moves, final, [*vocabulary, *letters])
    return full[:, : len(vocabulary)]


@wrong("others may follow")
def must_end(moves, final, vocabulary):
    return table(moves, vocabulary, lambda state, token: walk(moves, state, token) in final)


@wrong("should be")
def everything(moves, final, vocabulary):
    return np.ones((len(moves), len(vocabulary)), bool)


@wrong("the table has shape")
def turned(moves, final, vocabulary):
    return backwards(moves, final, vocabulary).T


EQUIVALENT = {"1 -> -1": "the last of two axes"}
