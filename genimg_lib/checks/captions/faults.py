"""What the tempting mistakes in exercises 61 give, and what the right answers are."""

import functools
import itertools
import math

import numpy as np

SILENT = -1

# --- attributes -----------------------------------------------------------------------------------


def shares_of_attributes(said, true) -> list[np.ndarray]:
    """Precision, recall and share invented of each attribute, counted pair by pair."""
    shares = np.full((3, said.shape[1]), np.nan)
    for i in range(said.shape[1]):
        pairs = list(zip(said[:, i], true[:, i], strict=True))
        right = sum(word == fact != SILENT for word, fact in pairs)
        spoken = [fact for word, fact in pairs if word != SILENT]
        there = sum(fact != SILENT for _, fact in pairs)
        if spoken:
            shares[0, i] = right / len(spoken)
            shares[2, i] = spoken.count(SILENT) / len(spoken)
        if there:
            shares[1, i] = right / there
    return list(shares)


def mistaken_shares(said, true) -> list[dict[str, np.ndarray]]:
    """What tempting mistakes give for each of the three, by feedback."""
    spoken, there = said != SILENT, true != SILENT
    same = said == true
    of_said = (same & spoken).sum(axis=0) / spoken.sum(axis=0)
    precision = {
        "silence counts as an error here: precision asks only about what was said.": (
            (same & spoken).mean(axis=0)
        ),
        "-1 on both sides counts as right: nothing was said there.": (
            same.sum(axis=0) / spoken.sum(axis=0)
        ),
    }
    recall = {
        "recall divides by what is in the pictures, not by what was said.": of_said,
        "recall divides by what is in the pictures; there is nothing to find in the others.": (
            (same & spoken).mean(axis=0)
        ),
    }
    invented = {
        "a wrong word about something that is there is an error, not an invention.": 1 - of_said,
        "the share is one of what was said, not of all pictures.": (spoken & ~there).mean(axis=0),
    }
    return [precision, recall, invented]


# --- beam search ----------------------------------------------------------------------------------


class Tree:
    """A random language model of a few words, whose `end` is certain after `depth` of them."""

    def __init__(self, seed: int, words: int, depth: int, end: int):
        self.seed, self.words, self.depth, self.end = seed, words, depth, end

    def row(self, tokens) -> np.ndarray:
        """Log-probabilities (words,) of the next word."""
        return _row(self.seed, self.words, self.depth, self.end, tokens)

    def possible(self, tokens) -> bool:
        """Whether a beginning without `end` has a probability above 0."""
        return len(tokens) <= self.depth and np.isfinite(self.total(tokens))

    def total(self, tokens) -> float:
        return sum(self.row(tokens[:i])[token] for i, token in enumerate(tokens))

    @functools.cached_property
    def captions(self) -> list[tuple[int, ...]]:
        """Every caption that can come, the end included."""
        usual = [w for w in range(self.words) if w != self.end and w % 5 != 4]
        lengths = range(self.depth + 1)
        every = [(*c, self.end) for n in lengths for c in itertools.product(usual, repeat=n)]
        return [caption for caption in every if np.isfinite(self.total(caption))]


@functools.cache
def _row(seed: int, words: int, depth: int, end: int, tokens: tuple) -> np.ndarray:
    if len(tokens) >= depth:
        probabilities = np.eye(words)[end]
    else:
        random = np.random.default_rng([seed, *tokens])
        probabilities = random.dirichlet(np.full(words, 0.7))
        probabilities[4::5] = 0  # these words never come
        probabilities /= probabilities.sum()
    with np.errstate(divide="ignore"):
        return np.log(probabilities)


def beam(tree: Tree, width: int) -> tuple[int, ...]:
    """The caption that beam search finds: a new list of candidates for each length."""
    kept = [()]
    while not all(tokens[-1:] == (tree.end,) for tokens in kept):
        candidates = [tokens for tokens in kept if tokens[-1:] == (tree.end,)]
        for tokens in kept:
            if tokens[-1:] != (tree.end,):
                row = tree.row(tokens)
                candidates += [(*tokens, int(word)) for word in np.flatnonzero(np.isfinite(row))]
        kept = sorted(candidates, key=tree.total)[: -width - 1 : -1]
    return kept[0]


def mistaken_beams(tree: Tree, width: int) -> dict[str, tuple[int, ...]]:
    """Captions that tempting mistakes find, by feedback."""
    return {
        "that is the greedy caption: only one beginning survives.": beam(tree, 1),
        "that is the likeliest caption of all; this width does not find it.": (
            max(tree.captions, key=tree.total)
        ),
        "that caption has the best mean per word; the sum is asked for.": (
            max(tree.captions, key=lambda caption: tree.total(caption) / len(caption))
        ),
    }


# --- retrieval ------------------------------------------------------------------------------------


def recalls(scores, owner, k) -> tuple[float, float]:
    """Both recalls at k by counting, image by image and caption by caption."""
    found, hits = 0, 0
    for image, row in enumerate(scores):
        own = max(row[owner == image])
        found += sum(score >= own for score in row[owner != image]) < k
    for caption, image in enumerate(owner):
        rivals = np.delete(scores[:, caption], image)
        hits += sum(rivals >= scores[image, caption]) < k
    return found / len(scores), hits / len(owner)


def mistaken_recalls(scores, owner, k) -> dict[str, tuple[float, float]]:
    """What tempting mistakes give in place of both recalls, by feedback."""
    to_text, to_image = recalls(scores, owner, k)
    own = scores[owner, np.arange(len(owner))]
    foreign = np.where(owner == np.arange(len(scores))[:, None], -np.inf, scores)
    ahead = np.array([(foreign[i] >= own[j]).sum() for j, i in enumerate(owner)])
    behind_all = np.array([(scores[i] >= own[j]).sum() - 1 for j, i in enumerate(owner)])
    best = np.array([own[owner == i].max() for i in range(len(scores))])
    kindly = np.mean((foreign > best[:, None]).sum(axis=1) < k)
    kindly_back = np.mean((scores > own).sum(axis=0) < k)
    return {
        "the two directions are exchanged: first from images to captions.": (to_image, to_text),
        "ties count for the model: who gives the same score to everything must find nothing.": (
            kindly,
            kindly_back,
        ),
        "for an image one of its captions is enough; here each of them has to be found.": (
            np.mean(behind_all < k),
            to_image,
        ),
        "an image's captions are counted one by one; the share is one of images.": (
            np.mean(ahead < k),
            to_image,
        ),
        "one place too many: the k best are those with fewer than k ahead of them.": recalls(
            scores, owner, k + 1
        ),
    }


# --- agreement ------------------------------------------------------------------------------------


def agreement(first, second) -> tuple[float, dict[str, float]]:
    """Cohen's kappa from a table of counts, and what tempting mistakes give, by feedback."""
    labels = sorted({*first, *second})
    table = np.array(
        [
            [
                sum(a == one and b == other for a, b in zip(first, second, strict=True))
                for other in labels
            ]
            for one in labels
        ]
    )
    n = table.sum()
    same = np.trace(table) / n
    rows, columns = table.sum(axis=1) / n, table.sum(axis=0) / n
    chance = sum(rows * columns)
    pooled = sum(((rows + columns) / 2) ** 2)
    guess = 1 / len(labels)
    return (same - chance) / (1 - chance), {
        "that is the plain agreement: how much of it would chance give?": same,
        "chance is not 1 / (number of labels): judges with a common favourite agree more often.": (
            (same - guess) / (1 - guess)
        ),
        "chance is taken from both judges' labels in one pot; each has shares of their own.": (
            (same - pooled) / (1 - pooled)
        ),
        "divide by what chance leaves, so that perfect agreement is 1.": same - chance,
    }


# --- shares under a judge that errs ---------------------------------------------------------------


def corrected(yes, judged, found, right, passed, wrong) -> tuple[float, float]:
    """The corrected share and its standard error, by numerical derivatives."""

    def share(rates):
        accepted, sensitivity, false_alarm = rates
        return (accepted - false_alarm) / (sensitivity - false_alarm)

    counts = np.array([[yes, judged], [found, right], [passed, wrong]], float)
    rates = counts[:, 0] / counts[:, 1]
    variances = rates * (1 - rates) / counts[:, 1]
    step = 1e-5 * np.eye(3)
    slopes = np.array([(share(rates + one) - share(rates - one)) / 2e-5 for one in step])
    return share(rates), math.sqrt(slopes**2 @ variances)


def mistaken_corrections(yes, judged, found, right, passed, wrong) -> list[dict[str, float]]:
    """What tempting mistakes give for the share and for its error, by feedback."""
    share, error = corrected(yes, judged, found, right, passed, wrong)
    accepted, sensitivity, alarm = yes / judged, found / right, passed / wrong
    known = math.sqrt(accepted * (1 - accepted) / judged)
    spread = sensitivity - alarm
    calibration = math.sqrt(max(error**2 - (known / spread) ** 2, 0))
    of_share = {
        "that is what the judge reports; some of its yeses are wrong.": accepted,
        "`passed` of `wrong` is the share of false alarms; specificity is 1 minus that.": (
            (accepted + alarm - 1) / (sensitivity + alarm - 1)
        ),
        "false alarms are subtracted, but right pictures that the judge missed are not added.": (
            accepted - alarm
        ),
        "that is right if nothing wrong ever passed: subtract the false alarms first.": (
            accepted / sensitivity
        ),
    }
    of_error = {
        "that is the error of what the judge reports; dividing makes it larger.": known,
        "sensitivity and false alarms are estimates, too: their errors add.": known / spread,
        "that is a variance: take the root.": error**2,
        "the judged pictures themselves are a sample, too.": calibration,
        "the error of a share of all counted pictures is another one.": math.sqrt(
            share * (1 - share) / (judged + right + wrong)
        ),
    }
    return [of_share, of_error]


# --- the best of n --------------------------------------------------------------------------------


def best_by_listing(n, right, sensitivity, passed) -> tuple[float, float]:
    """(chance that the chosen picture was accepted, that it is right), over all 4^n cases."""
    kinds = {  # (right, accepted): probability
        (1, 1): right * sensitivity,
        (1, 0): right * (1 - sensitivity),
        (0, 1): (1 - right) * passed,
        (0, 0): (1 - right) * (1 - passed),
    }
    accepted = chosen_right = 0.0
    for pictures in itertools.product(kinds, repeat=n):
        probability = math.prod(kinds[picture] for picture in pictures)
        pool = [is_right for is_right, yes in pictures if yes]
        accepted += probability * bool(pool)
        pool = pool or [is_right for is_right, _ in pictures]
        chosen_right += probability * sum(pool) / len(pool)
    return accepted, chosen_right


def mistaken_bests(n, right, sensitivity, passed) -> dict[str, tuple[float, float]]:
    """What tempting mistakes give in place of `best_by_listing`, by feedback."""
    accepted, chosen_right = best_by_listing(n, right, sensitivity, passed)
    yes = right * sensitivity + (1 - right) * passed
    precision = right * sensitivity / yes
    return {
        "the two are exchanged: first what the judge thinks of the chosen one.": (
            chosen_right,
            accepted,
        ),
        "one right picture among n is not enough: the judge has to pick it.": (
            accepted,
            1 - (1 - right) ** n,
        ),
        "if the judge accepts none, one is taken all the same, and may be right.": (
            accepted,
            accepted * precision,
        ),
        "that holds if the judge has accepted one; sometimes it accepts none.": (
            accepted,
            precision,
        ),
        "where the judge accepts none, the pictures are worse than usual.": (
            accepted,
            accepted * precision + (1 - accepted) * right,
        ),
        "the judge also accepts wrong pictures: its rate of yes has two parts.": (
            1 - (1 - right * sensitivity) ** n,
            chosen_right,
        ),
    }
