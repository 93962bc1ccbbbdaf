import numpy as np
from answers import right, wrong


@right
def row_by_row(key, vocabulary, lists, fraction):
    rows = []
    for i in range(lists):
        order = np.random.default_rng([key, i]).permutation(vocabulary)
        rows.append(np.isin(np.arange(vocabulary), order[: round(fraction * vocabulary)]))
    return np.array(rows)


@right
def by_ranks(key, vocabulary, lists, fraction):
    orders = [np.random.default_rng([key, i]).permutation(vocabulary) for i in range(lists)]
    return np.argsort(orders, axis=1) < round(fraction * vocabulary)


@right
def as_whole_numbers(key, vocabulary, lists, fraction):
    green = [[0] * vocabulary for _ in range(lists)]
    for i, row in enumerate(green):
        order = np.random.default_rng((key, i)).permutation(vocabulary)
        for token in order[: round(fraction * vocabulary)]:
            row[token] = 1
    return green


@wrong("True where a token is green")
def the_tokens_themselves(key, vocabulary, lists, fraction):
    return [np.random.default_rng([key, i]).permutation(vocabulary) for i in range(lists)]


@wrong("red and green are exchanged")
def red_lists(key, vocabulary, lists, fraction):
    return ~row_by_row(key, vocabulary, lists, fraction)


@wrong("all lists are equal")
def one_generator_each(key, vocabulary, lists, fraction):
    return np.tile(row_by_row(key, vocabulary, 1, fraction), (lists, 1))


@wrong("the key is not used")
def without_the_key(key, vocabulary, lists, fraction):
    return row_by_row(0, vocabulary, lists, fraction)


@wrong("each should hold exactly")
def by_coins(key, vocabulary, lists, fraction):
    return np.random.default_rng(key).random((lists, vocabulary)) < fraction


@wrong("other tokens are green than by the recipe")
def one_generator_for_all(key, vocabulary, lists, fraction):
    random = np.random.default_rng(key)
    orders = [random.permutation(vocabulary) for _ in range(lists)]
    return np.argsort(orders, axis=1) < round(fraction * vocabulary)


EQUIVALENT = {}
