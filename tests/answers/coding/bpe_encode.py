from itertools import pairwise

from answers import right, wrong


def merged(pieces, pair, once=False):
    result, place = [], 0
    while place < len(pieces):
        if tuple(pieces[place : place + 2]) == pair:
            result.append("".join(pair))
            place += 2
            if once:
                return result + pieces[place:]
        else:
            result.append(pieces[place])
            place += 1
    return result


@right
def merge_by_merge(word, merges):
    pieces = list(word)
    for pair in merges:
        pieces = merged(pieces, pair)
    return pieces


@right
def lowest_rank_first(word, merges):
    ranks = {pair: rank for rank, pair in enumerate(merges)}
    pieces = list(word)
    while found := [pair for pair in pairwise(pieces) if pair in ranks]:
        pieces = merged(pieces, min(found, key=ranks.get))
    return tuple(pieces)


@right
def one_at_a_time(word, merges):
    pieces = list(word)
    while True:
        found = [
            (merges.index(pair), i) for i, pair in enumerate(pairwise(pieces)) if pair in merges
        ]
        if not found:
            return pieces
        _, place = min(found)
        pieces[place : place + 2] = ["".join(pieces[place : place + 2])]


@wrong("applies to EVERY place")
def once_each(word, merges):
    pieces = list(word)
    for pair in merges:
        pieces = merged(pieces, pair, once=True)
    return pieces


@wrong("learned FIRST goes first")
def furthest_left(word, merges):
    pieces = list(word)
    while found := [pair for pair in pairwise(pieces) if pair in merges]:
        pieces = merged(pieces, found[0])
    return pieces


@wrong("what was merged can be merged again")
def two_rounds(word, merges):
    pieces = list(word)
    for pair in merges[:4]:
        pieces = merged(pieces, pair)
    return pieces


@wrong("'low' should become ['low']")
def characters(word, merges):
    return list(word)


@wrong("should spell the word")
def loses_the_end(word, merges):
    return merge_by_merge(word, merges)[:-1]


@wrong("longest first: that is another")
def longest_match(word, merges):
    known, pieces = {"".join(pair) for pair in merges}, []
    if set(word) - set("abcd"):
        return merge_by_merge(word, merges)
    if word == "aaaa" or word == "aaa":
        return merge_by_merge(word, merges)
    while word:
        size = next(n for n in range(len(word), 0, -1) if n == 1 or word[:n] in known)
        pieces.append(word[:size])
        word = word[size:]
    return pieces


@wrong("return a list of pieces, not low")
def joined(word, merges):
    return " ".join(merge_by_merge(word, merges))


@wrong("still running after")
def endless(word, merges):
    pieces = list(word)
    while any("".join(pair) in "".join(pieces) for pair in merges):
        for pair in merges:
            pieces = merged(pieces, pair)
    return pieces
