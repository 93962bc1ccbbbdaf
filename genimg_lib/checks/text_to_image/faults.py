"""What the tempting mistakes in exercises 60 give, and what the right answers are."""

import re

import numpy as np
from scipy.special import softmax

# --- captions -------------------------------------------------------------------------------------

VOCABULARY = ["<end>", "<unk>", "a", "big", "five", "seven", "7", "写", "大", "七"]
CAPTIONS = (  # a caption and its words
    ("a big seven", ["a", "big", "seven"]),
    ("A Big, big 7!", ["a", "big", "big", "7"]),
    ("a beach at seven", ["a", "beach", "at", "seven"]),
    ("写大的七", ["写", "大", "的", "七"]),
    ("写 a big 七", ["写", "a", "big", "七"]),
    ("a big big big big big five", ["a", "big", "big", "big", "big", "big", "five"]),
    ("", []),
)


def numbers(words, longest):
    known = [VOCABULARY.index(word) if word in VOCABULARY else 1 for word in words]
    return np.array(known + [0] * (longest - len(known)))


def mistaken_tokens(caption, words) -> dict[str, np.ndarray]:
    """What tempting mistakes give for a caption, by feedback."""
    known = [word for word in words if word in VOCABULARY]
    right = numbers(words, 7)
    mistakes = {
        "unknown words are left out: the model should see that there was a word.": numbers(
            known, 7
        ),
        "unknown words get 0, which means that the caption has ended.": np.where(
            right == 1, 0, right
        ),
        "Chinese has no blanks: each character is a word.": numbers(caption.lower().split(), 7),
        "write small letters first: A and a are one word.": numbers(
            re.findall(r"[\u4e00-\u9fff]|\w+", caption)[:7], 7
        ),
        "the zeros stand behind the words, not before them.": np.roll(right, 7 - len(words)),
    }
    return {told: value for told, value in mistakes.items() if not np.array_equal(value, right)}


# --- attention ------------------------------------------------------------------------------------


def attended(
    queries, keys, values, tokens, heads, *, scale=None, masked=True, blocks=True, order="ihd"
):
    """Multi-head cross-attention, with options for tempting mistakes."""
    size = queries.shape[1] // heads

    def parts(x):
        if blocks:
            return x.reshape(*x.shape[:-1], heads, size)
        return np.moveaxis(x.reshape(*x.shape[:-1], size, heads), -1, -2)

    scores = np.einsum("ihd,bjhd->bhij", parts(queries), parts(keys))
    scores = scores / (np.sqrt(size) if scale is None else scale)
    if masked:
        scores = np.where((tokens > 0)[:, None, None], scores, -np.inf)
    mixed = np.einsum(f"bhij,bjhd->b{order}", softmax(scores, axis=-1), parts(values))
    return mixed.reshape(len(keys), len(queries), -1)


def mistaken_attention(queries, keys, values, tokens, heads) -> dict[str, np.ndarray]:
    """What tempting mistakes give, by feedback."""
    given = queries, keys, values, tokens
    right = attended(*given, heads)
    mistakes = {
        "the scores are divided by the root of the whole width: each head has only its own "
        "part.": attended(*given, heads, scale=np.sqrt(queries.shape[1])),
        "the scores are not divided by the root of a head's size.": attended(
            *given, heads, scale=1
        ),
        "the padding is attended to: mask its scores.": attended(*given, heads, masked=False),
        "that is one head over the whole width: cut the width into heads.": attended(*given, 1),
        "a head is a block of neighbouring columns, not every second or third one.": attended(
            *given, heads, blocks=False, order="idh"
        ),
        "the heads are joined in the wrong order: transpose back before you reshape.": attended(
            *given, heads, order="hid"
        ),
        "the values play no part: you mix the keys.": attended(queries, keys, keys, tokens, heads),
    }
    return {told: value for told, value in mistakes.items() if not np.allclose(value, right)}


# --- guidance -------------------------------------------------------------------------------------


def logits_of(tokens, captions):
    """Logits (n, 6) of a made-up network, each row from its own tokens and caption alone."""
    numbers = tokens @ np.arange(1, 5) + captions @ np.array([7, 3, 5, 2, 9])
    return np.sin(numbers[:, None] * np.arange(1, 7))


def guided(tokens, captions, nothing, scale) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Guided logits, and what tempting mistakes give, by feedback."""
    with_caption = logits_of(tokens, captions)
    without = logits_of(tokens, np.broadcast_to(nothing, captions.shape))
    zeros = logits_of(tokens, 0 * captions)
    mixed_up = logits_of(
        np.repeat(tokens, 2, axis=0),
        np.concatenate([captions, np.broadcast_to(nothing, captions.shape)]),
    )
    right = without + scale * (with_caption - without)
    mistakes = {
        "the halves are exchanged: guidance pushes away from the caption.": with_caption
        + scale * (without - with_caption),
        "`repeat` writes each row twice in a row: captions meet the tokens of others.": mixed_up[3:]
        + scale * (mixed_up[:3] - mixed_up[3:]),
        "both bugs are still there: the halves are exchanged, and the rows do not fit.": (
            mixed_up[:3] + scale * (mixed_up[3:] - mixed_up[:3])
        ),
        "no caption is what `nothing` says, not zeros.": zeros + scale * (with_caption - zeros),
        "that is the convention in which 0 means no guidance; here it is 1.": with_caption
        + scale * (with_caption - without),
    }
    return right, {told: value for told, value in mistakes.items() if not np.allclose(value, right)}


def steered(conditional, unconditional, scale, temperature, top_k):
    return keep_largest(
        (unconditional + scale * (conditional - unconditional)) / temperature, top_k
    )


def keep_largest(logits, top_k):
    return softmax(np.where(logits >= np.sort(logits)[-top_k], logits, -np.inf))


def mistaken_steering(conditional, unconditional, scale, temperature, top_k) -> dict:
    """What tempting mistakes give, by feedback."""
    logits = unconditional + scale * (conditional - unconditional)
    right = steered(conditional, unconditional, scale, temperature, top_k)
    both = [softmax(part / temperature) for part in (conditional, unconditional)]
    of_probabilities = np.clip(both[1] + scale * (both[0] - both[1]), 0, None)
    allowed = conditional >= np.sort(conditional)[-top_k]
    cut = np.where(allowed, logits / temperature, -np.inf)
    mistakes = {
        "the temperature divides the logits; yours multiplies.": keep_largest(
            logits * temperature, top_k
        ),
        "the temperature is left out.": keep_largest(logits, top_k),
        "only the conditional logits are divided by the temperature.": keep_largest(
            unconditional + scale * (conditional / temperature - unconditional), top_k
        ),
        "the list is not cut: keep the largest logits only.": softmax(logits / temperature),
        "the candidates come from the conditional logits: guidance is to choose them, too.": (
            softmax(cut)
        ),
        "guidance mixes logits, not probabilities.": keep_largest(
            np.log(of_probabilities + 1e-300), top_k
        ),
        "the cut leaves probabilities that do not add up to 1.": np.where(
            right > 0, softmax(logits / temperature), 0
        ),
        "the smallest logits are kept.": softmax(
            np.where(logits <= np.sort(logits)[top_k - 1], logits / temperature, -np.inf)
        ),
    }
    return {told: value for told, value in mistakes.items() if not np.allclose(value, right)}


# --- measuring and judging ------------------------------------------------------------------------


def judged(images, asked, below, above, *, axis=1, sign=1.0, unsaid=np.nan):
    """Verdicts on heights, with options for tempting mistakes."""
    images = images.astype(float)
    line = np.arange(images.shape[axis]) - (images.shape[axis] - 1) / 2
    ink = images.sum(axis=3 - axis)
    level = np.digitize(sign * (ink @ line) / ink.sum(axis=1), (below, above))
    return np.where(asked < 0, unsaid, level == asked)


def mistaken_verdicts(images, asked, below, above) -> dict[str, np.ndarray]:
    """What tempting mistakes give, by feedback."""
    given = images, asked, below, above
    return {
        "rows count downwards: level 0 is the top of the picture.": judged(*given, sign=-1.0),
        "that is the horizontal place: axis 1 has the rows.": judged(*given, axis=2),
        "unsaid is neither right nor wrong: it should be NaN, yours is 0.": judged(
            *given, unsaid=0.0
        ),
        "unsaid is neither right nor wrong: it should be NaN, yours is 1.": judged(
            *given, unsaid=1.0
        ),
        "the place is that of inked pixels, each counted once: weigh them by their ink.": judged(
            255 * (images > 0), asked, below, above
        ),
    }


def placed(right, floor, ceiling) -> tuple[tuple, list[dict[str, float]]]:
    """Share, standard error, position, and what tempting mistakes give for each."""
    said = right[~np.isnan(right)]
    share = said.mean()
    error = np.sqrt(share * (1 - share) / len(said))
    shares = {
        "captions that do not say the attribute count as wrong: leave them out.": np.nansum(right)
        / len(right),
        "that counts right pictures: divide by those that were asked.": said.sum(),
    }
    errors = {
        "that is the variance of the share: take its root.": error**2,
        "divide by the number of captions that say the attribute, not by all.": np.sqrt(
            share * (1 - share) / len(right)
        ),
        "that is the spread of single pictures: the share is a mean of many.": np.sqrt(
            share * (1 - share)
        ),
    }
    positions = {
        "subtract the floor first: a share at the floor has the position 0.": share / ceiling,
        "that is the distance from the floor: divide it by the way to the ceiling.": share - floor,
        "the position counts from the ceiling: 1 is the ceiling.": (ceiling - share)
        / (ceiling - floor),
    }
    wanted = share, error, (share - floor) / (ceiling - floor)
    return wanted, [shares, errors, positions]


def table(asked, measured):
    counts = np.zeros((3, 3), int)
    for row, column in zip(asked, measured, strict=True):
        if row >= 0:
            counts[row, column] += 1
    return counts


# --- held-out pairs -------------------------------------------------------------------------------


def pairs_asked(facts, pairs):
    """For each row with a pair, the first pair that it holds, -1 elsewhere."""
    rows = []
    for row in facts:
        for named in pairs:
            if all(row[column] == value for column, value in named.items()):
                rows.append([named.get(column, -1) for column in range(len(row))])
                break
    return np.array(rows)


def holds(facts, pairs):
    return np.array(
        [
            any(all(row[column] == value for column, value in pair.items()) for pair in pairs)
            for row in facts
        ]
    )


# --- ranks and likelihoods ------------------------------------------------------------------------


def ranks_in_order(values):
    ranks = np.empty(len(values))
    ranks[np.argsort(values, kind="stable")] = np.arange(len(values))
    return ranks


def with_broken_ties(x, y):
    return np.corrcoef(ranks_in_order(x), ranks_in_order(y))[0, 1]


def six_d_squared(x, y):
    def means(values):
        return [np.mean(ranks_in_order(values)[values == value]) for value in values]

    n, difference = len(x), np.subtract(means(x), means(y))
    return 1 - 6 * np.sum(difference**2) / (n * (n**2 - 1))


def retrieved(given, alone) -> tuple[tuple, list[dict[str, float]]]:
    """Both shares, and what tempting mistakes give for each, by feedback."""
    own, gain = np.arange(len(given)), given - alone[:, None]
    rights = np.mean(given.argmax(axis=1) == own), np.mean(gain.argmax(axis=0) == own)
    of_captions = {
        "the two are exchanged: rows are pictures, so look along a row for its caption.": rights[1],
        "likelihoods are logarithms: the best is the largest, not the smallest.": np.mean(
            given.argmin(axis=1) == own
        ),
    }
    of_pictures = {
        "log p(picture) still counts: an easy picture wins for every caption. Subtract it.": (
            np.mean(given.argmax(axis=0) == own)
        ),
    }
    return rights, [of_captions, of_pictures]
