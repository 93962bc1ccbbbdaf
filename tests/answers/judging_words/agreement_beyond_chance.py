import numpy as np
from answers import right, wrong


def by_chance(first, second):
    return first.mean() * second.mean() + (1 - first.mean()) * (1 - second.mean())


@right
def kappa(first, second):
    chance = by_chance(first, second)
    return (np.mean(first == second) - chance) / (1 - chance)


@right
def of_disagreement(first, second):
    return 1 - np.mean(first != second) / (1 - by_chance(first, second))


@right
def from_the_table(first, second):
    table = np.array([[np.mean(a & b) for b in (second, ~second)] for a in (first, ~first)])
    chance = table.sum(axis=1) @ table.sum(axis=0)
    return (np.trace(table) - chance) / (1 - chance)


@wrong("part of it is chance")
def raw(first, second):
    return np.mean(first == second)


@wrong("divide by what is left")
def difference(first, second):
    return np.mean(first == second) - by_chance(first, second)


@wrong("yes and no equally often")
def against_a_coin(first, second):
    return 2 * np.mean(first == second) - 1


@wrong("agree on no by chance")
def yes_alone(first, second):
    chance = first.mean() * second.mean()
    return (np.mean(first == second) - chance) / (1 - chance)


@wrong("by chance alone")
def only_chance(first, second):
    return by_chance(first, second)


@wrong("two no agree as well")
def both_yes(first, second):
    return np.mean(first & second)


@wrong("as a share of what it could be")
def zero(first, second):
    return 0.0


EQUIVALENT = {}
