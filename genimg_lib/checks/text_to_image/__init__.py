"""Checks of exercises 60: captions in, pictures out, and whether the two fit."""

import numpy as np
from scipy.special import softmax
from scipy.stats import spearmanr

from genimg_lib.checks.core import array, checker, close, expect, value_checker
from genimg_lib.checks.judge import estimates, integers, match, pair, refused, several, whole
from genimg_lib.checks.text_to_image import faults, questions


@checker
def caption_tokens(answer):
    """Source: genimg_lib.data.captions.split; Kudo and Richardson, arXiv:1808.06226 (on <unk>)."""
    for caption, words in faults.CAPTIONS:
        found = integers(answer(caption, faults.VOCABULARY, 7), f"the tokens of {caption!r}", (7,))
        right = faults.numbers(words, 7)
        names = [faults.VOCABULARY[number] for number in right if number]
        match(
            found,
            right,
            f"{caption!r} should be read as {names}.",
            faults.mistaken_tokens(caption, words),
        )
        yield f"{caption!r} has its tokens"
    refused(answer, "a big seven", faults.VOCABULARY, 2, what="captions that do not fit")
    yield "nothing is cut off silently"


@checker
def masked_weights(answer):
    """Source: Vaswani et al., arXiv:1706.03762, section 3.2.3 (scores of minus infinity)."""
    random = np.random.default_rng(1)
    scores = random.normal(size=(3, 4, 5))
    tokens = np.array([[4, 1, 0, 0, 0], [2, 3, 3, 7, 5], [9, 0, 0, 0, 0]])
    found = array(answer(scores, tokens), "the weights", scores.shape)
    kept = (tokens > 0)[:, None]
    right = softmax(np.where(kept, scores, -np.inf), axis=-1)
    free = softmax(scores, axis=-1)
    match(
        found,
        right,
        "each place should have the softmax over the words of its own caption.",
        {
            "padding gets attention: mask its scores before the softmax.": free,
            "masked after the softmax, the weights of a caption no longer add up to 1.": free
            * kept,
            "a score of 0 is no mask: exp(0) is 1.": softmax(np.where(kept, scores, 0), axis=-1),
            "<unk> is a word, too: only the number 0 is padding.": softmax(
                np.where((tokens > 1)[:, None], scores, -np.inf), axis=-1
            ),
            "the softmax runs over the places: for one place, the words compete.": (
                np.where(kept, softmax(scores, axis=1), 0)
            ),
        },
    )
    yield "the words of a caption share the attention, padding gets none"
    high = scores + np.where(kept, 0, 1e4)
    expect(
        close(array(answer(high, tokens), "the weights", scores.shape), right),
        "a large score on the padding changes the weights of the words: it must not even enter "
        "the maximum.",
    )
    yield "padding does not count, whatever its score"
    with np.errstate(all="ignore"):
        empty = array(answer(scores, 0 * tokens), "the weights", scores.shape)
    expect(not np.isnan(empty).any(), "an empty caption gives NaN; give it no weight at all.")
    expect((empty == 0).all(), "in an empty caption every position is padding: all weights are 0.")
    yield "an empty caption gets no weight and no NaN"


@checker
def cross_attention(answer):
    """Source: Vaswani et al., arXiv:1706.03762, section 3.2; Jaegle et al., arXiv:2107.14795."""
    random = np.random.default_rng(2)
    queries, keys, values = (random.normal(size=shape) for shape in ((2, 6), (3, 4, 6), (3, 4, 6)))
    tokens = np.array([[3, 2, 0, 0], [1, 2, 3, 4], [5, 0, 0, 0]])
    for heads in (2, 1, 3):
        given = queries, keys, values, tokens, heads
        found = array(answer(*given), "the result", (3, 2, 6))
        match(
            found,
            faults.attended(*given),
            f"{heads} heads: compare with the formula head by head.",
            faults.mistaken_attention(*given),
        )
        yield f"each place fetches what its queries match, heads: {heads}"


@checker
def dropped_conditions(answer):
    """Source: Ho and Salimans, arXiv:2207.12598, section 3.2 (training with dropped conditions)."""
    random = np.random.default_rng(3)
    states, nothing = random.normal(size=(3000, 4, 2)), np.array([5.0, -6.0])
    mask = np.arange(4) < random.integers(1, 5, 3000)[:, None]
    states *= mask[..., None]
    for share in (0.2, 0.0, 1.0):
        given = states, mask, nothing, np.random.default_rng(4), share
        found, kept = several(answer(*given), "states, mask")
        found, kept = array(found, "the states", states.shape), whole(1 * kept, "mask", mask.shape)
        same = (found == states).all(axis=2)
        whole_rows = same.all(axis=1)
        rows = ~whole_rows
        expect(
            share < 1 or rows.any(),
            "with a share of 1 no caption is left: yours drops none.",
        )
        expect(
            not (rows & same[:, 0]).any(),
            "a caption loses only some of its words: decide once for each caption.",
        )
        expect(
            not (found[rows] == 0).all(axis=(1, 2)).any(),
            "dropped captions are all zeros: the learned vector `nothing` stands at position 0.",
        )
        blank = np.zeros((4, 2))
        blank[0] = nothing
        expect(
            (found[rows] == blank).all(),
            "a dropped caption holds `nothing` at position 0 and zeros behind it.",
        )
        expect(
            (kept[~rows] == mask[~rows]).all(), "the mask of a caption that stays must stay, too."
        )
        expect(
            (kept[rows] == [1, 0, 0, 0]).all(),
            "a dropped caption still has its old mask: only position 0 is to be seen.",
        )
        expect(
            abs(rows.mean() - share) < 0.05,
            "the share of dropped captions is wrong, or not each is decided by itself.",
        )
        yield f"captions are dropped as a whole, share {share:g}"


@checker
def guided_batch(answer):
    """Source: Ho and Salimans, arXiv:2207.12598, equation 6."""
    random = np.random.default_rng(5)
    tokens, captions = random.integers(0, 9, (3, 4)), random.integers(1, 9, (3, 5))
    nothing = np.array([9, 0, 0, 0, 0])
    for scale in (2.5, 1.0, -1.0):
        calls = []

        def network(given, conditions, calls=calls):
            calls.append(len(np.asarray(given)))
            return faults.logits_of(np.asarray(given), np.asarray(conditions))

        found = array(answer(network, tokens, captions, nothing, scale), "the logits", (3, 6))
        right, tempting = faults.guided(tokens, captions, nothing, scale)
        match(found, right, f"scale {scale:g}: that is not what the formula gives.", tempting)
        expect(
            calls == [6],
            f"the network ran on batches of {calls}; both halves fit into one call with 6 rows.",
        )
        yield f"one call with both halves, scale {scale:g}"


@checker
def steered_probabilities(answer):
    """Source: genimg_lib.nn.sampling; Ho and Salimans, arXiv:2207.12598."""
    random = np.random.default_rng(6)
    for scale, temperature, top_k in ((3.0, 0.5, 3), (1.0, 2.0, 4), (2.0, 0.7, 8), (0.5, 1.0, 1)):
        given = *random.normal(size=(2, 8)), scale, temperature, top_k
        with np.errstate(all="ignore"):
            found = array(answer(*given), "the probabilities", (8,))
        case = f"scale {scale:g}, temperature {temperature:g}, top {top_k}"
        expect(
            not np.isnan(found).any(),
            "NaN: minus infinity minus minus infinity. Cut the list after guidance.",
        )
        match(
            found,
            faults.steered(*given),
            f"{case}: guide, divide by the temperature, keep the largest, normalise.",
            faults.mistaken_steering(*given),
        )
        yield case


@checker
def judged_height(answer):
    """Source: genimg_lib.data.attributes (rows count downwards)."""
    random = np.random.default_rng(7)
    images = np.zeros((40, 9, 12), np.uint8)
    for image, row, column in zip(
        images, random.integers(0, 7, 40), random.integers(0, 9, 40), strict=True
    ):
        image[row : row + 3, column : column + 4] = random.integers(1, 256, (3, 4))
    asked = random.integers(-1, 3, 40)
    for below, above in ((-1.0, 1.5), (-2.2, 0.3)):
        found = array(answer(images, asked, below, above), "the verdicts", (40,))
        match(
            np.nan_to_num(found, nan=-9),
            np.nan_to_num(faults.judged(images, asked, below, above), nan=-9),
            f"borders {below:g} and {above:g}: some verdicts are wrong. Is the middle subtracted?",
            {
                told: np.nan_to_num(value, nan=-9)
                for told, value in faults.mistaken_verdicts(images, asked, below, above).items()
            },
        )
        yield f"measured and judged, borders {below:g} and {above:g}"
    bright = np.full((1, 8, 8), 200, np.uint8)
    found = array(answer(bright, np.array([1]), -0.1, 0.1), "the verdicts", (1,))
    expect(found[0] == 1, "a full bright page has its middle in the middle: do bytes overflow?")
    yield "bytes do not overflow"


@checker
def placed_agreement(answer):
    """Source: lesson 60, sections 2 and 5 (floor and ceiling)."""
    random = np.random.default_rng(8)
    names = "share, standard error, position"
    for count, chance, floor, ceiling in ((50, 0.7, 0.3, 0.9), (80, 0.2, 0.25, 0.97)):
        right = (random.random(count) < chance).astype(float)
        right[random.random(count) < 0.4] = np.nan
        parts = several(answer(right, floor, ceiling), names)
        found = [array(part, "a number", ()) for part in parts]
        wanted, tempting = faults.placed(right, floor, ceiling)
        for index, name in enumerate(names.split(", ")):
            told = f"the {name} is {found[index]:.4f}; it should be {wanted[index]:.4f}."
            match(found[index], wanted[index], told, tempting[index])
        yield f"share, error and position for {count} pictures"
    for ends in ((0.6, 0.6), (0.7, 0.6)):
        refused(answer, np.array([1.0, 0.0]), *ends, what="ceilings that are not above the floor")
    yield "a ceiling at the floor is refused"


@checker
def level_confusion(answer):
    """Source: the definition of a confusion matrix."""
    random = np.random.default_rng(9)
    asked, measured = random.integers(-1, 3, 60), random.integers(0, 3, 60)
    found = whole(answer(asked, measured), "the table", (3, 3))
    right = faults.table(asked, measured)
    match(
        found,
        right,
        f"the table adds up to {found.sum()}; {np.sum(asked >= 0)} captions say the attribute.",
        {
            "rows and columns are exchanged: rows are what was asked.": right.T,
            "captions that do not mention the attribute are counted, in the row of the last "
            "level.": faults.table(np.where(asked < 0, 2, asked), measured),
            "captions that do not mention the attribute are counted, in the row of the first "
            "level.": faults.table(np.maximum(asked, 0), measured),
            "every pair counts once: `table[rows, columns] += 1` loses repetitions.": (
                np.minimum(right, 1)
            ),
        },
    )
    yield "asked in rows, measured in columns, unsaid left out"


@checker
def held_out_split(answer):
    """Source: lesson 60, section 5; genimg_lib.data.attributes.held_out."""
    random = np.random.default_rng(10)
    for pairs in ([{0: 7, 1: 2}, {1: 0, 2: 0}], [{0: 3, 2: 1}], [{1: 2, 2: 2}, {0: 1, 1: 2}]):
        facts = np.stack([random.integers(0, 10, 300), *random.integers(0, 3, (2, 300))], axis=1)
        facts[:5] = [[7, 2, 0], [3, 0, 0], [3, 2, 1], [1, 2, 2], [7, 2, 2]]
        train, asked = several(answer(facts, pairs), "train, asked")
        train = integers(train, "train (are they positions, not a mask?)")
        expect(train.ndim == 1, "train should be a list of positions of images.")
        holds = faults.holds(facts, pairs)
        leaked = holds[train].sum()
        expect(
            leaked == 0,
            f"{leaked} training images show a held-out pair: split by combination, not by picture.",
        )
        expect(
            np.array_equal(train, np.flatnonzero(~holds)),
            "every image without a held-out pair belongs to the training, in order, and once.",
        )
        wanted = faults.pairs_asked(facts, pairs)
        asked = whole(asked, "asked", wanted.shape)
        expect(
            not np.array_equal(asked, facts[holds]),
            "asked says everything about the image: only the pair is to be asked for.",
        )
        expect(
            (asked[(wanted < 0).any(axis=1)] < 0).any(),
            "what is not asked for is -1.",
        )
        expect(
            np.array_equal(asked, wanted),
            "asked has the wrong pairs: for each image the first pair that it holds.",
        )
        yield f"no training image shows any of {len(pairs)} held-out pairs"


@checker
def rank_correlation(answer):
    """Source: Spearman (1904); scipy.stats.spearmanr."""
    random = np.random.default_rng(11)
    for count in (40, 75):
        levels = random.choice([-1, 0, 1, 2], count, p=(0.3, 0.3, 0.1, 0.3))
        measured = np.round(np.exp(levels + 1.5 * random.normal(size=count)), 1)
        found = array(answer(levels, measured), "the correlation", ())
        said = levels >= 0
        x, y = levels[said], measured[said]
        match(
            found,
            spearmanr(x, y).statistic,
            f"{count} pictures: it should be {spearmanr(x, y).statistic:.4f}, not {found:.4f}.",
            {
                "pictures whose caption does not say the attribute are counted.": (
                    spearmanr(levels, measured).statistic
                ),
                "that is the correlation of the values: take the ranks.": np.corrcoef(x, y)[0, 1],
                "equal values have different ranks: each gets the mean of theirs.": (
                    faults.with_broken_ties(x, y)
                ),
                "the formula with 6 times the squared differences holds without ties only.": (
                    faults.six_d_squared(x, y)
                ),
                "the sign is wrong: larger words with larger measurements are positive.": (
                    -spearmanr(x, y).statistic
                ),
            },
        )
        yield f"ranks with ties, {count} pictures"


@checker
def likelihood_retrieval(answer):
    """Source: Li et al., arXiv:2306.01879 (VisualGPTScore), section 3."""
    random = np.random.default_rng(12)
    names = "share of captions found, share of pictures found"
    for count in (12, 30):
        alone = 20 * random.normal(size=count)
        given = alone[:, None] + random.normal(size=(count, count)) + 1.5 * np.eye(count)
        given += 1.5 * random.normal(size=count)  # some captions make all pictures likelier
        caption, picture = pair(answer(given, alone), names, ())
        rights, tempting = faults.retrieved(given, alone)
        for found, name, right, wrongs in zip(
            (caption, picture), names.split(", "), rights, tempting, strict=True
        ):
            told = f"{count} pictures: the {name} is {found:.4f}, not {right:.4f}."
            match(found, right, told, wrongs)
        yield f"both ways, {count} pictures"


@value_checker
def caption_numbers(answers):
    """Source: our own arithmetic."""
    yield from estimates(answers, questions.NUMBERS)
