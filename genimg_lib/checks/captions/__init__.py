"""Checks of exercises 61: captions, and what judges are worth."""

import numpy as np

from genimg_lib.checks.captions import faults, questions
from genimg_lib.checks.core import array, checker, close, expect, value_checker
from genimg_lib.checks.judge import choices, estimates, match, pair, refused, several, whole


@checker
def attribute_scores(answer):
    """Source: Rohrbach et al., arXiv:1809.02156, section 2 (CHAIR: the share invented)."""
    names = "precision, recall, invented"
    random = np.random.default_rng(1)
    for pictures, attributes in ((40, 3), (25, 2)):
        said, true = random.integers(-1, 3, (2, pictures, attributes))
        said = np.where(random.random(said.shape) < 0.5, said, true)
        wanted = faults.shares_of_attributes(said, true)
        parts = several(answer(said, true), names)
        mistakes = faults.mistaken_shares(said, true)
        for name, part, right, tempting in zip(
            names.split(", "), parts, wanted, mistakes, strict=True
        ):
            found = array(part, name, (attributes,))
            match(found, right, f"{name} is {found.round(3)}, not {right.round(3)}.", tempting)
        yield f"{pictures} pictures with {attributes} attributes"
    said = np.array([[0, -1, 2], [1, -1, -1], [-1, -1, 0]])
    true = np.array([[0, 1, -1], [2, 0, -1], [1, 1, -1]])
    parts = [array(part, "a share", (3,)) for part in several(answer(said, true), names)]
    empty = [np.isnan(part) for part in faults.shares_of_attributes(said, true)]
    expect(
        np.array_equal(np.isnan(parts), empty),
        "where there is nothing to count, the share is NaN: not 0, and not 1.",
    )
    yield "NaN where there is nothing to count"


@checker
def teacher_forced(answer):
    """Source: Vinyals et al., arXiv:1411.4555, section 3.1 (start and stop words)."""
    names = "inputs, targets, counted"
    random = np.random.default_rng(2)
    for start, end, longest in ((0, 1, 5), (7, 0, 3)):
        lengths = np.array([longest, 1, 2, longest - 1])
        captions = random.integers(2, 7, (len(lengths), longest))
        behind = np.arange(longest) >= lengths[:, None]
        captions[behind] = end
        parts = several(answer(captions, lengths, start, end), names)
        shape = (len(lengths), longest + 1)
        inputs, targets, counted = (
            whole(np.asarray(part) * 1, name, shape)
            for part, name in zip(parts, names.split(", "), strict=True)
        )
        steps = np.arange(longest + 1)
        match(
            counted,
            steps <= lengths[:, None],
            "count the words of each caption and its first end, no more and no less.",
            {
                "no end is counted, so stopping is never learned: the captions will not end.": (
                    steps < lengths[:, None]
                ),
                "what stands behind the end counts: mostly, the network learns to fill up.": (
                    np.ones(shape)
                ),
                "one end too many is counted: behind the first, nothing is left to learn.": (
                    steps <= lengths[:, None] + 1
                ),
            },
        )
        yield f"the words and the first end count: longest caption {longest}"
        told = np.concatenate([captions, np.full((len(lengths), 1), end)], axis=1)
        used = counted.astype(bool)
        wanted = np.insert(captions, 0, start, axis=1)
        expect(
            not np.array_equal(inputs[used], told[used]),
            "the network is shown the very word that it is to say: begin with the start.",
        )
        expect(
            np.array_equal(inputs[used], wanted[used]),
            "the inputs are the start and then all words.",
        )
        expect(np.array_equal(targets[used], told[used]), "the targets are all words and the end.")
        yield "each word is said from those before it"


@checker
def recall_at_k(answer):
    """Source: Karpathy and Fei-Fei, arXiv:1412.2306, section 4.1; Faghri et al.,
    arXiv:1707.05612, section 4.1 (five captions for each image).
    """
    random = np.random.default_rng(3)
    for images, k in ((6, 1), (9, 2), (5, 3)):
        owner = random.permutation(
            np.concatenate([np.arange(images), random.integers(0, images, 8)])
        )
        scores = random.integers(0, 9, (images, len(owner))) / 2  # there are ties
        scores[owner, np.arange(len(owner))] += 1.5
        found = pair(answer(scores, owner, k), "to text, to image", ())
        wanted = faults.recalls(scores, owner, k)
        tempting = faults.mistaken_recalls(scores, owner, k)
        told = f"{images} images, {len(owner)} captions, k = {k}"
        right = " and ".join(f"{value:.3f}" for value in wanted)
        match(found, wanted, f"{told}: the two recalls should be {right}.", tempting)
        yield told
    found = pair(answer(np.ones((4, 8)), np.repeat(np.arange(4), 2), 3), "to text, to image", ())
    expect(close(found, (0, 0)), "equal scores for all pairs find nothing, in no direction.")
    yield "who gives the same score to everything finds nothing"


@checker
def kappa(answer):
    """Source: J. Cohen, "A coefficient of agreement for nominal scales" (1960)."""
    random = np.random.default_rng(4)
    words = np.array(["bad", "good", "so-so"])
    for labels, favour in ((words[:2], [0.1, 0.9]), (words, [0.2, 0.5, 0.3]), (np.arange(4), None)):
        first = random.choice(labels, 60, p=favour)
        second = np.where(random.random(60) < 0.3, first, random.choice(labels, 60))
        found = array(answer(first, second), "kappa", ())
        wanted, tempting = faults.agreement(first, second)
        match(found, wanted, f"kappa is {wanted:.4f} here, not {found:.4f}.", tempting)
        yield f"{len(labels)} labels, kappa {wanted:.2f}"
    apart = array(answer(np.array([0, 0, 0]), np.array([1, 2, 1])), "kappa", ())
    expect(close(apart, 0), "without a common label, agreement is that of chance: none. 0 / 1 = 0.")
    yield "judges without a common label"
    same = np.full(5, "good")
    refused(answer, same, same, what="two judges who only ever say one word, the same one,")
    yield "nothing to judge is refused"


@value_checker
def judged_numbers(answers):
    """Source: the definitions of sensitivity and specificity; variance of a share."""
    yield from estimates(answers, questions.JUDGED)


@checker(seconds=5.0)
def beam_search(answer):
    """Source: Vinyals et al., arXiv:1411.4555, section 3.1; Sutskever et al., arXiv:1409.3215,
    section 3.2.
    """
    for seed, words, depth, end, width in (
        (1, 4, 4, 2, 1),
        (24, 4, 4, 0, 2),
        (23, 5, 4, 1, 2),
        (0, 4, 5, 3, 3),
        (3, 4, 4, 2, 999),
    ):
        tree = faults.Tree(seed, words, depth, end)

        def next_log_p(tokens, tree=tree):
            tokens = tuple(map(int, tokens))
            expect(
                tree.end not in tokens, "a caption that has ended is continued: keep it as it is."
            )
            expect(
                tree.possible(tokens),
                "a beginning of probability 0 is continued: it is no beginning.",
            )
            return tree.row(tokens)

        tokens, total = several(answer(next_log_p, end, width), "tokens, total")
        tokens = tuple(int(token) for token in whole(tokens, "the tokens"))
        wanted = faults.beam(tree, width)
        case = f"width {width}, {words} words"
        match(
            np.array(tokens),
            np.array(wanted),
            f"{case}: the search finds {tokens}, and should find {wanted}.",
            faults.mistaken_beams(tree, width),
        )
        total = float(array(total, "the total", ()))
        right = tree.total(wanted)
        expect(
            close(total, right), f"{case}: the log-probability is {right:.4f}, and not {total:.4f}."
        )
        yield case


@checker
def difference_interval(answer):
    """Source: B. Efron, "Bootstrap methods" (1979); E. Miller, arXiv:2411.00640 (clusters and
    pairs).
    """

    def interval(ours, theirs, level, seed=5):
        random = np.random.default_rng(seed)
        return pair(answer(ours, theirs, level, 6000, random), "low, high", ())

    hard = np.linspace(0.1, 0.8, 12)[:, None] + np.zeros((12, 4))
    low, high = interval(hard + 0.1, hard, 0.9)
    width = high - low
    expect(
        width < 1e-9,
        f"one model is 0.1 better on every prompt, and the interval is {width:.3f} wide: the "
        "prompts of the two models are not the same ones.",
    )
    expect(close([low, high], [0.1, 0.1]), "ours minus theirs, means of prompts: it is 0.1 here.")
    yield "a gain on every prompt is certain, however hard the prompts are"
    gains = np.array([0.3, 0.0, 0.9])[:, None]
    theirs = np.array([0.1, 0.6, 0.05])[:, None] + np.zeros((3, 5))
    for level, wanted in ((0.9, (0.1, 0.7)), (0.8, (0.1, 0.7)), (0.96, (0.0, 0.9))):
        found = interval((theirs + gains)[:, :4], theirs, level)
        match(
            found,
            wanted,
            f"three prompts with gains of 0, 0.3 and 0.9, level {level:g}: got "
            f"({found[0]:.3f}, {found[1]:.3f}), not ({wanted[0]:.1f}, {wanted[1]:.1f}). Sample "
            "prompts, as many as there are, with replacement.",
            _mistaken_intervals(gains[:, 0], level),
        )
        yield f"few prompts make it wide, however many pictures they have: level {level:g}"


def _mistaken_intervals(gains, level) -> dict[str, tuple]:
    """What tempting mistakes give for three prompts, by feedback; all other widths are wrong."""
    low, middle, high = np.sort(gains)
    whole_range = (
        {} if level > 0.95 else {"those are the extremes, whatever the level.": (low, high)}
    )
    return whole_range | {
        "the sign: ours minus theirs.": tuple(
            -value for value in ((2 * high + middle) / 3, (2 * low + middle) / 3)
        ),
    }


@checker
def corrected_share(answer):
    """Source: Rogan and Gladen, "Estimating prevalence from the results of a screening test"
    (1978); Lee et al., arXiv:2511.21140.
    """
    for counts in ((620, 1000, 90, 100, 20, 80), (45, 60, 57, 60, 8, 40), (30, 400, 18, 30, 1, 50)):
        found = pair(answer(*counts), "share, error", ())
        wanted = faults.corrected(*counts)
        case = f"{counts[0]} of {counts[1]} accepted"
        tempting = faults.mistaken_corrections(*counts)
        for name, value, right, told in zip(
            ("share", "standard error"), found, wanted, tempting, strict=True
        ):
            match(value, right, f"{case}: the {name} is {value:.4f}, not {right:.4f}.", told)
        yield case
    for useless in ((50, 100, 30, 60, 20, 40), (50, 100, 10, 60, 20, 40)):
        refused(
            answer,
            *useless,
            what="judges that accept wrong pictures at least as often as right ones",
        )
    yield "a judge that cannot tell is refused"


@value_checker(tries=2)
def broken_loops(answers):
    """Source: what each error does to three agreements; see the discussion of 61.9."""
    yield from choices(answers, questions.LOOPS)


@checker
def best_of_n(answer):
    """Source: Stroebl, Kapoor and Narayanan, arXiv:2411.17501."""
    for n, right, sensitivity, passed in (
        (1, 0.6, 0.9, 0.2),
        (2, 0.3, 0.8, 0.3),
        (4, 0.5, 0.7, 0.1),
        (5, 0.1, 0.95, 0.05),
    ):
        case = f"n = {n}, {right:.0%} right, sensitivity {sensitivity:g}, {passed:g} pass"
        found = pair(answer(n, right, sensitivity, passed), "accepted, right", ())
        wanted = faults.best_by_listing(n, right, sensitivity, passed)
        numbers = f"({found[0]:.4f}, {found[1]:.4f}), not ({wanted[0]:.4f}, {wanted[1]:.4f})"
        tempting = faults.mistaken_bests(n, right, sensitivity, passed)
        match(found, wanted, f"{case}: got {numbers}.", tempting)
        yield case
