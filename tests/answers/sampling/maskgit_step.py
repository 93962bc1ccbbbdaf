import numpy as np
from answers import right, wrong


def checked(tokens, masked_count):
    if masked_count > (tokens == -1).sum():
        raise ValueError("too many")


@right
def fixed_tokens_are_certain(tokens, proposals, confidences, masked_count):
    checked(tokens, masked_count)
    confidences = np.where(tokens == -1, confidences, np.inf)
    ranks = confidences.argsort(kind="stable").argsort(kind="stable")
    return np.where(ranks < masked_count, -1, np.where(tokens == -1, proposals, tokens))


@right
def fills_from_the_surest(tokens, proposals, confidences, masked_count):
    checked(tokens, masked_count)
    result = tokens.copy()
    places = sorted(np.flatnonzero(tokens < 0), key=lambda place: -confidences[place])
    for place in places[: len(places) - masked_count]:
        result[place] = proposals[place]
    return result


@right
def in_a_list(tokens, proposals, confidences, masked_count):
    checked(tokens, masked_count)
    unknown = sorted((confidences[i], i) for i, token in enumerate(tokens) if token == -1)
    again = {i for _, i in unknown[:masked_count]}
    return [
        -1 if i in again else int(proposals[i] if token == -1 else token)
        for i, token in enumerate(tokens)
    ]


@wrong("the MOST confident are masked again")
def most_confident(tokens, proposals, confidences, masked_count):
    return fixed_tokens_are_certain(tokens, proposals, -confidences, masked_count)


@wrong("only unknown ones compete")
def fixed_tokens_compete(tokens, proposals, confidences, masked_count):
    result = np.where(tokens == -1, proposals, tokens)
    result[confidences.argsort()[:masked_count]] = -1
    return result


@wrong("a fixed token has changed")
def overwrites(tokens, proposals, confidences, masked_count):
    filled = fixed_tokens_are_certain(tokens, proposals, confidences, masked_count)
    return np.where(filled == -1, -1, proposals)


@wrong("tokens are masked afterwards; it should be")
def one_more(tokens, proposals, confidences, masked_count):
    return fixed_tokens_are_certain(
        tokens, proposals, confidences, min(masked_count + 1, (tokens == -1).sum())
    )


@wrong("others than the least confident")
def the_first_ones(tokens, proposals, confidences, masked_count):
    return fixed_tokens_are_certain(tokens, proposals, np.arange(len(tokens)), masked_count)


@wrong("should hold their proposals")
def sorted_proposals(tokens, proposals, confidences, masked_count):
    filled = fixed_tokens_are_certain(tokens, proposals, confidences, masked_count)
    return np.where((filled != -1) & (tokens == -1), np.roll(proposals, 1), filled)


@wrong("a threshold cannot tell")
def threshold(tokens, proposals, confidences, masked_count):
    checked(tokens, masked_count)
    ordered = np.sort(confidences[tokens == -1])
    limit = ordered[masked_count] if masked_count < len(ordered) else np.inf
    again = (tokens == -1) & (confidences < limit)
    return np.where(again, -1, np.where(tokens == -1, proposals, tokens))


@wrong("raise ValueError")
def accepts_too_many(tokens, proposals, confidences, masked_count):
    return fixed_tokens_are_certain(
        tokens, proposals, confidences, min(masked_count, (tokens == -1).sum())
    )


@wrong("changes its input in place")
def in_place(tokens, proposals, confidences, masked_count):
    tokens[:] = fixed_tokens_are_certain(tokens, proposals, confidences, masked_count)
    return tokens


@wrong("the tokens has shape")
def only_unknown(tokens, proposals, confidences, masked_count):
    return proposals[tokens == -1]


EQUIVALENT = {}
