"""What the tempting mistakes in exercises 62 give, and what the right answers are."""

import itertools

import numpy as np

# --- losses ---------------------------------------------------------------------------------------


def mean_of_answers(batches) -> tuple[float, dict[str, float]]:
    """Nats per taught token of all batches together, and what tempting mistakes give."""
    taught = [value for nats, mask in batches for value in nats[mask]]
    texts = [
        nats[i, mask[i]].mean() for nats, mask in batches for i in range(len(nats)) if mask[i].any()
    ]
    every = np.concatenate([nats.ravel() for nats, _ in batches])
    return float(np.mean(taught)), {
        "that is the mean of the batches' means: a token of a short batch counts more.": (
            np.mean([nats[mask].mean() for nats, mask in batches if mask.any()])
        ),
        "that is the mean over all tokens: the prompts are not to be learned.": every.mean(),
        "that is the mean of the batches' means, prompts included: two faults.": np.mean(
            [nats.mean() for nats, _ in batches]
        ),
        "each text counts the same; each token of an answer is to.": np.mean(texts),
        "the sum is right, and it is divided by all tokens: only answers count.": (
            np.sum(taught) / every.size
        ),
    }


# --- low rank -------------------------------------------------------------------------------------


def gradients_by_differences(x, a, b, alpha, gradient) -> list[np.ndarray]:
    """Of sum(gradient * y) for y = (alpha / rank) x A B, which is linear in A and in B."""

    def loss(a, b):
        return (gradient * (x @ a @ b)).sum() * alpha / len(b)

    found = []
    for which in (0, 1):
        parts = [a, b]
        slope = np.empty_like(parts[which])
        for place in np.ndindex(*slope.shape):
            step = np.zeros_like(slope)
            step[place] = 0.5
            parts[which] = (a, b)[which] + step
            slope[place] = loss(*parts)
            parts[which] = (a, b)[which] - step
            slope[place] -= loss(*parts)
        found.append(slope)
    return found


def mistaken_scales(a, b, alpha) -> dict[str, float]:
    """By what factor both gradients are off after tempting mistakes, by feedback."""
    rank = len(b)
    return {
        "alpha is divided by the rank, also in the gradients: yours lack the rank.": rank,
        "both gradients have the factor alpha / rank of the output; yours lack it.": rank / alpha,
        "the factor alpha / rank comes once, not twice.": alpha / rank,
        "the factor is alpha / rank, not rank / alpha.": (rank / alpha) ** 2,
    }


# --- blame ----------------------------------------------------------------------------------------


def blamed(right) -> tuple[float, np.ndarray, np.ndarray]:
    """Success, share of first failures and gain of each link, request by request."""
    first, gain = np.zeros((2, right.shape[1]))
    success = 0
    for row in right:
        failing = np.flatnonzero(~row)
        success += not len(failing)
        if len(failing):
            first[failing[0]] += 1
        if len(failing) == 1:
            gain[failing[0]] += 1
    return success / len(right), first / len(right), gain / len(right)


def mistaken_blame(right) -> list[dict[str, np.ndarray]]:
    """What tempting mistakes give for each of the three, by feedback."""
    _, first, _ = blamed(right)
    shares = right.mean(axis=0)
    others = np.array([np.delete(right, k, axis=1).all(axis=1).mean() for k in range(len(shares))])
    of_success = {
        "multiplying the links' shares assumes that they fail independently of each other.": (
            np.prod(shares)
        ),
        "that is the share of single steps that are right; a request needs all of them.": (
            right.mean()
        ),
    }
    of_first = {
        "that is how often each link fails; blame only the first that does.": 1 - shares,
    }
    of_gain = {
        "repairing the first fault of a request does not help if a later link fails, too.": first,
        "that is the success with this link repaired; the gain is what it adds.": others,
        "the gain of independent links would be that; these fail together.": (
            np.prod(shares) / shares - np.prod(shares)
        ),
    }
    return [of_success, of_first, of_gain]


# --- votes ----------------------------------------------------------------------------------------


def votes(right, judges, shared) -> tuple[float, float]:
    """(majority right, unanimous vote wrong), over all 2^n votes."""
    majority = unanimous = unanimous_wrong = 0.0
    for vote in itertools.product((0, 1), repeat=judges):
        probability = (1 - shared) * float(np.prod([right if v else 1 - right for v in vote]))
        if len({*vote}) == 1:
            probability += shared * (right if vote[0] else 1 - right)
            unanimous += probability
            unanimous_wrong += probability * (not vote[0])
        majority += probability * (2 * sum(vote) > judges)
    return majority, unanimous_wrong / unanimous


def mistaken_votes(right, judges, shared) -> list[dict[str, float]]:
    """What tempting mistakes give for each of the two, by feedback."""
    alone, alone_wrong = votes(right, judges, 0.0)
    of_majority = {
        "that is for independent judges; with probability `shared` all of them vote as one.": alone,
        "that is a single judge; where they vote apart, the majority is better.": right,
        "that is the chance of a unanimous right vote; a majority is enough.": (
            shared * right + (1 - shared) * right**judges
        ),
        "voting as one is no error: it is right as often as one judge is.": (1 - shared) * alone,
    }
    of_unanimous = {
        "that is for independent judges; those that vote as one are unanimous, too.": alone_wrong,
        "divide by the chance that they are unanimous: given that, how often is it wrong?": (
            shared * (1 - right) + (1 - shared) * (1 - right) ** judges
        ),
        "that is a single judge; a unanimous vote says more than that.": 1 - right,
        "that is how often a unanimous vote is right.": 1 - votes(right, judges, shared)[1],
    }
    return [of_majority, of_unanimous]


# --- automata -------------------------------------------------------------------------------------


def reachable(moves, state, token):
    """Where the letters of a token lead, or None."""
    for letter in token:
        state = moves[state].get(letter)
        if state is None:
            return None
    return state


def allowed_by_search(moves, final, vocabulary) -> np.ndarray:
    """Whether each token may come in each state: a search for an end from each state."""

    def can_end(state) -> bool:
        seen, waiting = {state}, [state]
        while waiting:
            here = waiting.pop()
            if here in final:
                return True
            for token in vocabulary:
                there = reachable(moves, here, token)
                if there is not None and there not in seen:
                    seen.add(there)
                    waiting.append(there)
        return False

    table = np.zeros((len(moves), len(vocabulary)), bool)
    for state in range(len(moves)):
        for k, token in enumerate(vocabulary):
            there = reachable(moves, state, token)
            table[state, k] = there is not None and can_end(there)
    return table


def mistaken_tables(moves, final, vocabulary) -> dict[str, np.ndarray]:
    """What tempting mistakes give in place of `allowed_by_search`, by feedback."""
    states = range(len(moves))
    letters = sorted({letter for row in moves for letter in row})

    def table(allowed):
        return np.array([[allowed(state, token) for token in vocabulary] for state in states])

    by_letters = allowed_by_search(moves, final, [*vocabulary, *letters])
    return {
        "only the first letter of a token is looked at; all of them have to fit.": table(
            lambda state, token: token[0] in moves[state]
        ),
        "letters could reach an end from there, but there are no tokens for them.": (
            by_letters[:, : len(vocabulary)]
        ),
        "dead ends: after some of these tokens, no sequence of tokens reaches an end.": table(
            lambda state, token: reachable(moves, state, token) is not None
        ),
        "only tokens that lead straight to an end are allowed; others may follow.": table(
            lambda state, token: reachable(moves, state, token) in final
        ),
    }


# --- masks ----------------------------------------------------------------------------------------


def masked_and_given_valid(first, second, valid) -> tuple[np.ndarray, np.ndarray]:
    """Both distributions over pairs, path by path."""
    masked, given = np.zeros((2, *valid.shape))
    alive = valid.any(axis=1)
    for i, j in np.argwhere(valid):
        step = first[i] / first[alive].sum()
        masked[i, j] = step * second[i, j] / second[i, valid[i]].sum()
        given[i, j] = first[i] * second[i, j]
    return masked, given / given.sum()


def mistaken_masks(first, second, valid) -> list[dict[str, np.ndarray]]:
    """What tempting mistakes give for each of the two, by feedback."""
    masked, given = masked_and_given_valid(first, second, valid)
    joint = first[:, None] * second * valid
    rows = joint.sum(axis=1, keepdims=True)
    ratio = np.divide(joint, rows, out=np.zeros_like(joint), where=rows > 0)
    of_masked = {
        "that is the distribution given validity; a mask does not know how texts end.": given,
        "first tokens with no valid continuation are dead ends: mask them, and renormalise.": (
            first[:, None] * ratio
        ),
        "each step is renormalised; yours does not add up to 1.": joint,
        "all first tokens are taken as equally likely; the model has its own view.": ratio
        / ratio.sum(),
    }
    of_given = {
        "that is what a mask gives; sampling until something is valid weighs whole texts.": masked,
        "divide by the probability of being valid.": joint,
    }
    return [of_masked, of_given]


# --- cascades -------------------------------------------------------------------------------------


def cheapest(confidence, small, large, target) -> tuple[float, float] | None:
    """(share sent on, accuracy) of the cheapest threshold that reaches the target, by trying."""
    levels = sorted(set(confidence.tolist()))
    for count in range(len(levels) + 1):
        sent = np.isin(confidence, levels[:count])
        accuracy = (large[sent].sum() + small[~sent].sum()) / len(sent)
        if accuracy >= target:
            return sent.mean(), accuracy
    return None


def mistaken_cascades(confidence, small, large, target) -> dict[str, tuple[float, float]]:
    """What tempting mistakes give in place of `cheapest`, by feedback."""
    tried = [
        (sent.mean(), np.where(sent, large, small).mean())
        for sent in (confidence < level for level in [*np.unique(confidence), np.inf])
    ]
    reached = [pair for pair in tried if pair[1] >= target]
    turned = cheapest(-confidence, small, large, target)
    order = np.argsort(confidence, kind="stable")
    one_by_one = [
        (n / len(order), (large[order[:n]].sum() + small[order[n:]].sum()) / len(order))
        for n in range(len(order) + 1)
    ]
    return {
        "that threshold is the most accurate one; a cheaper one reaches the target.": max(
            tried, key=lambda pair: pair[1]
        ),
        "that is the dearest threshold that reaches the target, not the cheapest.": reached[-1],
        "the most confident requests are sent on; send on those the small model doubts.": (
            turned or (np.nan, np.nan)
        ),
        "requests with equal confidence are parted: no threshold can do that.": next(
            pair for pair in one_by_one if pair[1] >= target
        ),
        "the two are exchanged: first the share sent on, then the accuracy.": reached[0][::-1],
    }
