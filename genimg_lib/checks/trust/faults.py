"""What right answers and tempting mistakes in exercises 72 give."""

import itertools

import numpy as np


def lists(key: int, vocabulary: int, count: int, fraction: float) -> np.ndarray:
    """Green lists by the recipe of the exercise: booleans (count, vocabulary)."""
    green = np.zeros((count, vocabulary), bool)
    for row in range(count):
        order = np.random.default_rng([key, row]).permutation(vocabulary)
        green[row, order[: round(fraction * vocabulary)]] = True
    return green


def _z(green, counted, fraction):
    return (green - fraction * counted) / np.sqrt(counted * fraction * (1 - fraction))


def z_scores(tokens, green, fraction) -> tuple[float, dict]:
    """The z of one image, each pair of list and token counted once; and what mistakes give."""
    previous = [green.shape[1], *tokens[:-1]]
    pairs = set(zip(previous, tokens, strict=True))
    found = sum(green[pair] for pair in pairs)
    repeated = sum(green[pair] for pair in zip(previous, tokens, strict=True))
    later = set(itertools.pairwise(tokens))
    own = sum(green[token, token] for token in set(tokens))
    right = _z(found, len(pairs), fraction)
    return right, {
        "pairs that recur count once: they are green together or red together.": _z(
            repeated, len(tokens), fraction
        ),
        "the first token is left out; its list is the last one, that of the start.": _z(
            sum(green[pair] for pair in later), len(later), fraction
        ),
        "the list belongs to the token BEFORE, not to the token itself.": _z(
            own, len(set(tokens)), fraction
        ),
        "divide by the standard deviation, the root of n fraction (1 - fraction).": (
            found - fraction * len(pairs)
        )
        / (len(pairs) * fraction * (1 - fraction)),
        "by chance a share `fraction` is green, not half.": (found - len(pairs) / 2)
        / np.sqrt(len(pairs) * fraction * (1 - fraction)),
        "the variance of a binomial has the factor 1 - fraction as well.": (
            found - fraction * len(pairs)
        )
        / np.sqrt(len(pairs) * fraction),
        "the sign is wrong: many green tokens should give a positive z.": -right,
    }


def members_at(members, others, rates) -> tuple[np.ndarray, dict]:
    """The shares of members found at each rate, and what mistakes give."""
    thresholds = np.concatenate([members, others])
    accused = np.array([np.mean(others <= threshold) for threshold in thresholds])
    found = np.array([np.mean(members <= threshold) for threshold in thresholds])
    strictly = np.array([np.mean(others < threshold) for threshold in thresholds])
    high = np.array([np.mean(others >= threshold) for threshold in thresholds])
    found_high = np.array([np.mean(members >= threshold) for threshold in thresholds])

    def best(shares, reached):
        return np.array([max([0.0, *shares[reached <= rate]]) for rate in rates])

    return best(found, accused), {
        "members have the LOW loss; yours accuses the high ones.": best(found_high, high),
        "an image at the threshold is accused too: others with that very loss count.": best(
            found, strictly
        ),
        "the rate limits the others, not all images together.": best(
            found, (accused * len(others) + found * len(members)) / len(thresholds)
        ),
        "those are numbers of members; a share is wanted.": best(found, accused) * len(members),
        "the roles are exchanged: the rate limits the others.": best(accused, found),
    }


def audits(own_members, own_others, members, others, rate) -> tuple[tuple, dict]:
    """Shares found and accused below the threshold of the exercise; and what mistakes give."""

    def below(threshold):
        return np.mean(members < threshold), np.mean(others < threshold)

    def threshold_of(losses):
        return np.sort(losses)[int(rate * len(losses))]

    return below(threshold_of(own_others)), {
        "the threshold still comes from members: it fixes the share FOUND, and says nothing of "
        "those accused.": below(np.quantile(own_members, 1 - rate)),
        "the threshold comes from the images under audit: whoever knows that they are others "
        "needs no attack.": below(threshold_of(others)),
        "the threshold comes from the low end of the members.": below(threshold_of(own_members)),
        "members and others are exchanged: first the share found, then the share accused.": below(
            threshold_of(own_others)
        )[::-1],
        "a loss AT the threshold is not below it.": (
            np.mean(members <= threshold_of(own_others)),
            np.mean(others <= threshold_of(own_others)),
        ),
    }


def nearest_shifted(image, training, reach) -> tuple[int, float]:
    """The training image nearest to any shift of `image`, and the distance."""
    height, width = image.shape
    padded = np.pad(image.astype(float), reach)
    best = np.inf
    row = -1
    for down in range(2 * reach + 1):
        for right in range(2 * reach + 1):
            moved = padded[down : down + height, right : right + width]
            distances = np.sqrt(np.square(training - moved).mean(axis=(1, 2)))
            if distances.min() < best:
                row, best = int(distances.argmin()), float(distances.min())
    return row, best
