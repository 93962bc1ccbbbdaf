import numpy as np
from answers import right, wrong


@right
def with_a_table(first, second):
    labels, codes = np.unique(np.concatenate([first, second]), return_inverse=True)
    table = np.zeros((len(labels), len(labels)))
    np.add.at(table, (codes[: len(first)], codes[len(first) :]), 1 / len(first))
    chance = table.sum(axis=0) @ table.sum(axis=1)
    if np.isclose(chance, 1):
        raise ValueError("one label only")
    return (np.trace(table) - chance) / (1 - chance)


@right
def with_counters(first, second):
    n = len(first)
    first, second = list(first), list(second)
    if len({*first, *second}) == 1:
        raise ValueError("one label only")
    agreed = sum(a == b for a, b in zip(first, second, strict=True)) / n
    chance = sum(first.count(label) * second.count(label) for label in {*first}) / n**2
    return 1 - (1 - agreed) / (1 - chance)


@right
def over_all_pairs(first, second):
    """Chance is the agreement of every label of the one with every label of the other."""
    chance = np.mean(first[:, None] == second)
    if chance == 1:
        raise ValueError("one label only")
    return (np.mean(first == second) - chance) / (1 - chance)


@wrong("that is the plain agreement")
def agreement(first, second):
    return np.mean(first == second)


@wrong("1 / (number of labels)")
def uniform_chance(first, second):
    chance = 1 / len({*first, *second})
    return (np.mean(first == second) - chance) / (1 - chance)


@wrong("in one pot")
def scotts_pi(first, second):
    both = list(np.concatenate([first, second]))
    chance = sum((both.count(label) / len(both)) ** 2 for label in {*both})
    return (np.mean(first == second) - chance) / (1 - chance)


@wrong("so that perfect agreement is 1")
def not_scaled(first, second):
    return np.mean(first == second) - np.mean(first[:, None] == second)


@wrong("kappa is ")
def scaled_by_chance(first, second):
    chance = np.mean(first[:, None] == second)
    return (np.mean(first == second) - chance) / chance


@wrong("0 / 1 = 0")
def none_for_none(first, second):
    return over_all_pairs(first, second) if np.isin(first, second).any() else -1.0


@wrong("the same one, are accepted")
def one_for_one_word(first, second):
    return over_all_pairs(first, second) if len({*first, *second}) > 1 else 1.0


EQUIVALENT = {
    "1 -> -1 (3)": "the second of two is the last",
}
