from collections import Counter
from itertools import pairwise

from answers import right, wrong


def most_frequent(words):
    counts = Counter(pair for word in words for pair in pairwise(word))
    if not counts:
        raise ValueError("no pair")
    return min(counts, key=lambda pair: (-counts[pair], pair))


def replaced(word, best, new_token):
    result, i = [], 0
    while i < len(word):
        if tuple(word[i : i + 2]) == best:
            result.append(new_token)
            i += 2
        else:
            result.append(word[i])
            i += 1
    return result


@right
def with_a_counter(words, new_token):
    best = most_frequent(words)
    return best, [replaced(word, best, new_token) for word in words]


@right
def with_a_stack(words, new_token):
    best, changed = most_frequent(words), []
    for word in words:
        stack = []
        for token in word:
            if stack and (stack[-1], token) == best:
                stack[-1] = new_token
            else:
                stack.append(token)
        changed.append(tuple(stack))
    return list(best), tuple(changed)


@right
def with_arrays(words, new_token):
    import numpy as np

    best = most_frequent(words)
    return np.array(best), [np.array(replaced(word, best, new_token)) for word in words]


@wrong("as frequent as")
def largest_of_equals(words, new_token):
    counts = Counter(pair for word in words for pair in pairwise(word))
    best = max(counts, key=lambda pair: (counts[pair], pair))
    return best, [replaced(word, best, new_token) for word in words]


@wrong("count all neighbours within each word")
def across_words(words, new_token):
    best = most_frequent([[token for word in words for token in word]])
    return best, [replaced(word, best, new_token) for word in words]


@wrong("(1, 2) occurs 3 times, (5, 5) 5 times")
def counts_without_overlap(words, new_token):
    counts = Counter()
    for word in words:
        for pair in set(pairwise(word)):
            counts[pair] += len(word) - len(replaced(word, pair, new_token))
    if not counts:
        raise ValueError("no pair")
    best = min(counts, key=lambda pair: (-counts[pair], pair))
    return best, [replaced(word, best, new_token) for word in words]


@wrong("occurs 1 times, (1, 2) 3 times")
def least_frequent(words, new_token):
    counts = Counter(pair for word in words for pair in pairwise(word))
    best = min(counts, key=lambda pair: (counts[pair], pair[::-1]))
    return best, [replaced(word, best, new_token) for word in words]


@wrong("should still be 4 words")
def all_in_one(words, new_token):
    best = most_frequent(words)
    return best, [token for word in words for token in replaced(word, best, new_token)]


@wrong("each word should be a list of tokens")
def lengths(words, new_token):
    best = most_frequent(words)
    return best, [len(replaced(word, best, new_token)) for word in words]


@wrong("should be numbers, but is 9001")
def joined_as_text(words, new_token):
    best = most_frequent(words)
    return best, ["".join(map(str, replaced(word, best, new_token))) for word in words]


@wrong("a token gets lost")
def drops_the_end(words, new_token):
    best = most_frequent(words)
    changed = []
    for word in words:
        result, i = [], 0
        while i < len(word) - 1:
            found = tuple(word[i : i + 2]) == best
            result.append(new_token if found else word[i])
            i += 1 + found
        changed.append(result)
    return best, changed


@wrong("merged from the left it should be [42, 5]")
def from_the_right(words, new_token):
    best = most_frequent(words)
    return best, [replaced(word[::-1], best[::-1], new_token)[::-1] for word in words]


@wrong("[9001, 2, 3]")
def keeps_the_second(words, new_token):
    best, changed = most_frequent(words), []
    for word in words:
        changed.append(
            [new_token if pair == best else pair[0] for pair in pairwise(word)] + word[-1:]
        )
    return best, changed


@wrong("the words that were given are changed")
def in_place(words, new_token):
    best = most_frequent(words)
    for word in words:
        word[:] = replaced(word, best, new_token)
    return best, words


@wrong("raise ValueError")
def accepts_nothing(words, new_token):
    if max(map(len, words)) < 2:
        return (0, 0), words
    return with_a_counter(words, new_token)


@wrong("return two things")
def only_words(words, new_token):
    return [replaced(word, most_frequent(words), new_token) for word in words] + [[]]


@wrong("the pair has shape")
def with_count(words, new_token):
    best = most_frequent(words)
    return (*best, 3), [replaced(word, best, new_token) for word in words]


@right
def as_text(words, new_token):
    best = most_frequent(words)
    spelt = ("".join(f" {token} " for token in word) for word in words)
    return best, [
        [int(token) for token in word.replace(" {}  {} ".format(*best), f" {new_token} ").split()]
        for word in spelt
    ]


@wrong("(3, 2) is as frequent as (2, 5)")
def first_of_equals(words, new_token):
    (best, _), *_ = Counter(pair for word in words for pair in pairwise(word)).most_common()
    return best, [replaced(word, best, new_token) for word in words]


@wrong("(10, 1) is as frequent as (2, 5)")
def smallest_as_text(words, new_token):
    counts = Counter(pair for word in words for pair in pairwise(word))
    best = min(counts, key=lambda pair: (-counts[pair], str(pair)))
    return best, [replaced(word, best, new_token) for word in words]


@wrong("(5, 7) occurs 1 times, (0, 0) 2 times")
def takes_zero_for_nothing(words, new_token):
    counts = Counter(pair for word in words for pair in pairwise(word) if all(pair))
    if not counts:
        raise ValueError("no pair")
    best = min(counts, key=lambda pair: (-counts[pair], pair))
    return best, [replaced(word, best, new_token) for word in words]


@wrong("should be numbers, but is [(1, 2), 3]")
def nests_the_pair(words, new_token):
    best = most_frequent(words)
    return best, [
        [best if token == new_token else token for token in replaced(word, best, new_token)]
        for word in words
    ]


@wrong("the words should be a list")
def a_generator(words, new_token):
    best = most_frequent(words)
    return best, (replaced(word, best, new_token) for word in words)


@wrong("yours raises IndexError")
def fails_without_pairs(words, new_token):
    counts = Counter(pair for word in words for pair in pairwise(word))
    best = sorted(counts, key=lambda pair: (-counts[pair], pair))[0]
    return best, [replaced(word, best, new_token) for word in words]


@wrong("yours raises nothing, and returns None")
def nothing_without_pairs(words, new_token):
    return with_a_counter(words, new_token) if max(map(len, words), default=0) > 1 else None


EQUIVALENT = {}
