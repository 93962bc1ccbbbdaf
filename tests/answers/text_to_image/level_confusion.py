import numpy as np
from answers import right, wrong


@right
def with_a_loop(asked, measured):
    table = [[0, 0, 0] for _ in range(3)]
    for row, column in zip(asked, measured, strict=True):
        if row != -1:
            table[row][column] += 1
    return table


@right
def with_bincount(asked, measured):
    said = asked >= 0
    return np.bincount(3 * asked[said] + measured[said], minlength=9).reshape(3, 3)


@right
def with_one_hot(asked, measured):
    levels = np.arange(3)
    return (asked[:, None] == levels).astype(int).T @ (measured[:, None] == levels).astype(int)


@wrong("rows are what was asked")
def turned(asked, measured):
    return with_bincount(asked, measured).T


@wrong("in the row of the last")
def minus_one_indexes(asked, measured):
    table = np.zeros((3, 3), int)
    np.add.at(table, (asked, measured), 1)
    return table


@wrong("in the row of the first")
def unsaid_is_low(asked, measured):
    return with_bincount(np.maximum(asked, 0), measured)


@wrong("loses repetitions")
def added_at_once(asked, measured):
    table = np.zeros((3, 3), int)
    table[asked[asked >= 0], measured[asked >= 0]] += 1
    return table


@wrong("captions say the attribute")
def twice(asked, measured):
    return 2 * with_bincount(asked, measured)


@wrong("should be whole numbers")
def shares(asked, measured):
    return with_bincount(asked, measured) / 60


EQUIVALENT = {}
