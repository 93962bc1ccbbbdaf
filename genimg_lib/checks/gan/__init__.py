"""Checks of exercises 30: generative adversarial networks."""

from itertools import islice

import numpy as np

from genimg_lib.checks.core import array, checker, close, expect, short, value_checker
from genimg_lib.checks.gan import faults, questions
from genimg_lib.checks.gan.faults import sigmoid, softplus
from genimg_lib.checks.judge import choices, match, pair, refusal, refused


@checker
def to_tanh_range(answer):
    """Source: Radford, Metz and Chintala, arXiv:1511.06434, section 4 (images scaled to the
    range of tanh).
    """
    images = np.random.default_rng(1).permutation(256).astype(np.uint8).reshape(2, 16, 8, 1)
    result = answer(images)
    levels = images.astype(float)
    values = array(result, "the result", images.shape)
    wanted = levels / 127.5 - 1
    tempting = {
        "(x - 0.5) * 2 is for data in [0, 1]; on bytes it gives [-1, "
        "509], which no tanh can match.": (levels - 0.5) * 2,
        "x / 255 lies in [0, 1]: no real pixel is below 0, and D learns the sign.": levels / 255,
        "the scale is upside down: 0, black, should become -1.": -wanted,
        "the bytes wrap around, as uint8 holds nothing below 0: make them floats, then subtract.": (
            (images - np.uint8(127)) / 127.5
        ),
    }
    worst = np.unravel_index(np.argmax(np.abs(values - wanted)), values.shape)
    told = f"{images[worst]} becomes {values[worst]:.4g}, not {wanted[worst]:.4g}"
    told += (
        f"; of 256 levels {len(np.unique(values))} survive."
        if len(np.unique(values)) < 256
        else "."
    )
    match(
        values,
        wanted,
        f"{told} 0 should become -1 and 255 should become 1, with equal steps between.",
        tempting,
    )
    yield "0 becomes -1, 255 becomes 1, and all 256 levels survive"
    dark = images // 4
    still = close(array(answer(dark), "the result"), dark / 127.5 - 1)
    expect(
        still, "a dark image comes out bright: scale by the range of the dtype, not of the content."
    )
    for level, name in ((0, "black"), (1, "nearly black"), (255, "white")):
        plain = np.full((2, 3, 3, 1), level, np.uint8)
        expect(
            refusal(answer, plain) is None,
            f"{name} images are refused, and they are bytes: ask for the dtype, not the content.",
        )
        found = array(answer(plain), "the result", plain.shape)
        expect(
            close(found, plain / 127.5 - 1),
            f"{name} images become {short(found.ravel()[:1])}: the scale depends on the content.",
        )
    for shape in ((28, 28), (7,), (2, 3, 4, 4, 3)):
        bytes_of_shape = np.resize(images, shape)
        error = refusal(answer, bytes_of_shape)
        told = f"images of shape {shape} raise {type(error).__name__}: any shape will do."
        expect(error is None, told)
        array(answer(bytes_of_shape), "the result", shape)
    yield "a dark image stays dark"
    dtype = np.asarray(result).dtype
    expect(
        dtype == np.float32,
        f"the result is {dtype}; networks want float32, half the memory of float64.",
    )
    yield "the result is float32"
    for scaled in (levels / 255, wanted.astype(np.float32)):
        refused(answer, scaled, what=f"{scaled.dtype} images, which would then be scaled twice,")
    for kind in (np.int64, np.int8, np.uint16, np.bool_):
        refused(
            answer,
            (images // 2).astype(kind),
            what=f"{np.dtype(kind)} images, whose range is not 0 to 255,",
        )
    yield "any other dtype is refused"


@checker
def binary_cross_entropy(answer):
    """Source: TensorFlow's `tf.nn.sigmoid_cross_entropy_with_logits`, which derives the stable
    form.
    """
    random = np.random.default_rng(2)
    for shape in ((7,), (3, 5)):
        logits = random.normal(0, 2, shape)
        labels = random.integers(0, 2, shape)
        each = softplus(logits) - labels * logits
        tempting = {
            "the losses are summed: return their mean, or the "
            "batch size scales every step.": each.sum(),
            "the sign is wrong: a cross-entropy is never negative.": -each.mean(),
            "the labels are exchanged: the label 1 asks for a high logit.": np.mean(
                softplus(logits) - (1 - labels) * logits
            ),
            "that is in bits; use the natural logarithm.": each.mean() / np.log(2),
            "softplus(l) + y l: the term of the label is subtracted, y l with a minus.": np.mean(
                softplus(logits) + labels * logits
            ),
            "the sigmoid is taken twice: this function gets logits, and so do stable forms.": (
                np.mean(softplus(sigmoid(logits)) - labels * sigmoid(logits))
            ),
            "only the entries with label 1 cost something: -(1 "
            "- y) log(1 - s) is missing.": np.mean(labels * softplus(-logits)),
        }
        with np.errstate(all="ignore"):
            loss = array(answer(logits, labels), "the loss", ())
        expect(
            np.isfinite(loss),
            "NaN or infinity for ordinary logits: a logit is no probability, its sigmoid is.",
        )
        told = (
            f"-y log s - (1 - y) log(1 - s) has the mean {short(each.mean())}; got {short(loss)}."
        )
        match(loss, each.mean(), told, tempting)
    yield "the mean of -y log s - (1 - y) log(1 - s)"
    for label, name in (
        (0.9, "0.9 for all"),
        (0.3, "0.3 for all"),
        (random.uniform(0, 1, shape), "one for each entry"),
    ):
        loss = array(answer(logits, label), "the loss", ())
        wanted = np.mean(softplus(logits) - label * logits)
        match(
            loss,
            wanted,
            f"soft labels ({name}) cost {short(loss)}, not {short(wanted)}: a label is any number "
            "in [0, 1].",
        )
    yield "soft labels, and one label for all"
    for logit, label, wanted in (
        (1000.0, 0, 1000.0),
        (-1000.0, 1, 1000.0),
        (1000.0, 1, 0.0),
        (-1000.0, 0, 0.0),
    ):
        with np.errstate(all="ignore"):
            loss = array(answer(np.full(2, logit), np.full(2, label)), "the loss", ())
        told = f"logit {logit:g} and label {label} cost {short(loss)}, not {wanted:g}."
        expect(
            np.isfinite(loss),
            f"{told} An exponential overflows, or a probability is rounded to 0 or 1.",
        )
        expect(
            close(loss, wanted),
            f"{told} Clipping caps the loss, and beyond the cap the gradient is 0.",
        )
    yield "exact at logits of 1000 and -1000"


@checker
def gan_losses(answer):
    """Source: Goodfellow et al., arXiv:1406.2661, section 3."""
    names = "D's loss, G's loss"
    random = np.random.default_rng(3)
    for sizes in ((5, 5), (4, 9)):
        real, fake = (random.normal(0.5, 2, size) for size in sizes)
        loss, of_generator = pair(answer(real, fake), names, ())
        both = softplus(-real).mean() + softplus(fake).mean()
        wanted = softplus(-fake).mean()
        mistakes_of_d, mistakes_of_g = faults.mistaken_losses(real, fake)
        told = (
            f"D's loss is {short(loss)}; -log D(x) - log(1 - D(G(z))), in means, is {short(both)}."
        )
        match(loss, both, told, mistakes_of_d)
        told = f"G's loss is {short(of_generator)}; the mean of -log D(G(z)) is {short(wanted)}."
        match(of_generator, wanted, told, mistakes_of_g)
    yield "both losses, for batches of equal and of different size"
    for real, fake in ((-1000.0, 1000.0), (1000.0, -1000.0)):
        with np.errstate(all="ignore"):
            found = pair(answer(np.full(3, real), np.full(2, fake)), names, ())
        wanted = np.array([max(-real, 0) + max(fake, 0), max(-fake, 0)])
        told = (
            f"logits {real:g} (real) and {fake:g} (fake) cost {short(wanted)}, not "
            f"{short(np.array(found))}"
        )
        match(found, wanted, f"{told}: stay in logits, and clip nothing.")
    yield "right when D is very sure, and when it is very wrong"


@checker
def generator_gradients(answer):
    """Source: Goodfellow et al., arXiv:1406.2661, section 3; Arjovsky and Bottou,
    arXiv:1701.04862, section 2.2.
    """
    names = "of log(1 - D), of -log D"
    logits = np.random.default_rng(4).normal(0, 3, 11)
    step = 1e-5
    # of softplus, by finite differences
    slope = (softplus(logits + step) - softplus(logits - step)) / (2 * step)
    found = pair(answer(logits), names, logits.shape)
    wanted = (-slope, slope - 1)
    tempting = {
        "they are swapped: it is log(1 - D) whose gradient vanishes when D is sure.": wanted[::-1],
        "the signs are those of ascent: both losses fall as the logit grows.": [slope, 1 - slope],
        "that is dL/dD, at the probability; times D (1 - D) it is at the logit.": [
            -1 / (1 - slope),
            -1 / slope,
        ],
        "those are the losses; wanted are their derivatives at the logit.": [
            -softplus(logits),
            softplus(-logits),
        ],
    }
    which, image = np.unravel_index(np.argmax(np.abs(np.array(found) - wanted)), (2, len(logits)))
    told = (
        f"{('log(1 - D)', '-log D')[which]} at logit {logits[image]:.4f}: got "
        f"{found[which][image]:.4f}, "
    )
    match(
        found,
        wanted,
        f"{told}finite differences say {wanted[which][image]:.4f}.",
        tempting,
        rtol=1e-4,
    )
    yield "both agree with finite differences"
    with np.errstate(all="ignore"):
        found = pair(answer(np.array([-800.0, 800.0])), names, (2,))
    match(
        found,
        ([0, -1], [-1, 0]),
        f"at logits -800 and 800: {short(np.array(found))}. Does an exponential overflow?",
    )
    yield "right where D is very sure"


@checker
def trace_sizes(answer):
    """Source: Dumoulin and Visin, arXiv:1603.07285, chapters 2 and 4; the sizes are those of
    Keras.
    """

    def trace(size, *stack):
        return array(answer(size, list(stack)), "the list of sizes", (len(stack) + 1,))

    first = array(answer(9, [("conv", 1, 1, "same")]), "the list of sizes").ravel()
    expect(
        len(first) == 2 and first[0] == 9,
        "begin the list with the size of the input, then one size for each layer.",
    )
    down = trace(5, ("conv", 3, 2, "same"))[1] < 3
    expect(not down, '"same" with stride 2 takes 5 to 3: the last window is padded, so round up.')
    for size, kernel, stride in ((5, 3, 1), (8, 3, 2), (11, 5, 3), (6, 2, 2), (7, 1, 2), (9, 4, 3)):
        same = len(range(0, size, stride))
        valid = len(range(0, size - kernel + 1, stride))
        large = size * stride
        wide = (size - 1) * stride + max(kernel, stride)
        cases = (
            ("conv", "same", same),
            ("conv", "valid", valid),
            ("transposed", "same", large),
            ("transposed", "valid", wide),
        )
        for kind, padding, wanted in cases:
            found = trace(size, (kind, kernel, stride, padding))[1]
            told = (
                f'{kind} "{padding}", kernel {kernel}, stride {stride}: {size} -> {wanted}, '
                f"not {found:g}"
            )
            shrinks = kind == "transposed" and found < size
            expect(not shrinks, f"{told}: a transposed convolution does not divide by its stride.")
            gap = padding == "valid" and kind == "transposed" and kernel < stride
            expect(
                found == wanted,
                told
                + (
                    ": a kernel below the stride leaves gaps, and they count as well."
                    if gap
                    else "."
                ),
            )
    yield "one layer of each kind"
    pool = [("conv", 3, 1, "valid"), ("conv", 2, 2, "valid")] * 3
    doubled = [("transposed", 3, 2, "same")] * 3
    for stack, wanted in ((pool, [28, 26, 13, 11, 5, 3, 1]), (doubled, [7, 14, 28, 56]), ([], [5])):
        found = trace(wanted[0], *stack)
        expect(
            close(found, wanted),
            f"this stack gives {wanted}, not {short(found)}: chain the layers.",
        )
    yield "stacks: an encoder that ends at 1, a decoder that overshoots 28, and no layer at all"


@checker
def epoch_batches(answer):
    """Source: Goodfellow, Bengio and Courville, "Deep Learning", section 8.1.3 (shuffle once or
    every epoch).
    """

    def epoch(count, size, drop_last, random=None):
        batches = answer(count, size, random or np.random.default_rng(5), drop_last)
        expect(np.iterable(batches), f"return a list of index arrays; yours is {short(batches)}.")
        batches = [np.asarray(batch) for batch in islice(batches, 2 * count)]
        for batch in batches:
            if batch.ndim != 1 or (batch.size and batch.dtype.kind not in "iu"):
                found = f"{short(batch)} ({batch.dtype})"
                expect(
                    False, f"a batch should be a 1-D array of indices, integers; yours has {found}."
                )
        return batches

    for count, size in ((103, 10), (90, 9), (4, 7), (5, 1)):
        for drop_last in (False, True):
            batches = epoch(count, size, drop_last)
            case = f"{count} items, batch_size {size}, drop_last={drop_last}"
            wanted = [size] * (count // size) + [count % size] * (
                count % size > 0 and not drop_last
            )
            sizes = [len(batch) for batch in batches]
            seen = np.concatenate([[0], *batches])[1:]
            expect(
                len(sizes) == len(wanted),
                f"{case}: {len(sizes)} batches; there should be {len(wanted)}.",
            )
            expect(
                sizes == wanted,
                f"{case}: the batches hold {short(sizes)} items, not {short(wanted)}.",
            )
            expect(
                set(seen) <= set(range(count)),
                f"{case}: there is an index outside 0 ... {count - 1}.",
            )
            expect(
                len(set(seen)) == len(seen),
                f"{case}: an index comes twice in one epoch: that is drawing with replacement.",
            )
    yield "sizes, and every index at most once"
    random = np.random.default_rng(6)
    first = epoch(600, 6, False, random)
    second = epoch(600, 6, False, random)
    order = np.concatenate(first)
    expect(
        not np.array_equal(order, np.arange(600)),
        "nothing is shuffled: sorted data give sorted batches.",
    )
    groups = [{frozenset(batch.tolist()) for batch in batches} for batches in (first, second)]
    expect(
        groups[0] != groups[1],
        "both epochs hold the same groups: draw a new order of all items each time.",
    )
    alike = np.bincount(np.diff(order) % 600).max() / 600
    drift = np.corrcoef(order, np.arange(600))[0, 1]
    told = f"the order is hardly random: {alike:.0%} of the steps between neighbours are the same"
    told += f", and index and position correlate by {drift:.2f}: permute all items."
    # of a permutation: about 1%, and 0 with a standard error of 0.04
    expect(alike < 0.05 and abs(drift) < 0.25, told)
    again = epoch(600, 6, False, np.random.default_rng(6))
    expect(
        np.array_equal(first, again),
        "the same seed gives another order: take the randomness from `random` alone.",
    )
    for drop_last in (False, True):
        _every_item_everywhere(lambda random, drop=drop_last: epoch(7, 3, drop, random), drop_last)
    yield "another order in each epoch, and it comes from `random`"
    for size in (0, -1):
        refused(lambda size=size: epoch(20, size, False), what=f"batch sizes of {size}")
    yield "a batch size below 1 is refused"


def _every_item_everywhere(epoch, drop_last):
    """Rejects epochs over 7 items in which some item has not every place equally often."""
    random = np.random.default_rng(7)
    orders = np.array([np.concatenate(epoch(random)) for _ in range(700)])
    places = np.array([np.bincount(place, minlength=7) for place in orders.T])
    case = f"700 epochs over 7 items, batch_size 3, drop_last={drop_last}"
    never = np.flatnonzero(places.sum(axis=0) == 0)
    expect(
        not len(never),
        f"{case}: item {short(never)} is in none: drop what is left of the new order, not of the "
        "items.",
    )
    item, place = divmod(int(np.abs(places.T - 100).argmax()), len(places))
    count = places[place, item]
    # 700 tries with a chance of 1/7: a standard deviation of 9.3, so this is more than six
    expect(
        abs(count - 100) < 60,
        f"{case}: item {item} is at place {place} in {count} of them, and should be in about 100.",
    )


@checker
def best_discriminator(answer):
    """Source: Goodfellow et al., arXiv:1406.2661, proposition 1, with unequal shares."""
    for size, share in ((9, 0.5), (12, 0.2), (8, 0.9)):
        real, fake = faults.two_worlds(np.random.default_rng(size), size)
        best = array(answer(real, fake, share), "D", real.shape)
        wanted = share * real / (share * real + (1 - share) * fake)
        expect(np.isfinite(best).all(), "D is NaN or infinite where only one of the two has mass.")
        tempting = {
            "that is the probability of *fake*.": 1 - wanted,
            f"p / (p + q) is for equal shares; here {share:.0%} of the images are real.": real
            / (real + fake),
            "the shares are exchanged: real_share belongs to p.": (1 - share)
            * real
            / ((1 - share) * real + share * fake),
        }
        place = np.argmax(np.abs(best - wanted) / (wanted + 1e-12))
        common = np.maximum(real, fake) > 1e-9
        told = (
            f"D = {best[place]:.4g} where p = {real[place]:.3g}, q = {fake[place]:.3g}; best "
            f"is {wanted[place]:.4g}."
        )
        told += " No clipping and no epsilon." if close(best[common], wanted[common]) else ""
        match(best, wanted, told, tempting, atol=1e-12)
        yield f"no D does better where {share:.0%} are real"


@checker
def value_of_the_game(answer):
    """Source: Goodfellow et al., arXiv:1406.2661, theorem 1."""
    worlds = [faults.two_worlds(np.random.default_rng(size), size) for size in (8, 11)]
    for real, fake in (*worlds, np.eye(2), np.full((2, 4), 0.25)):
        value = array(answer(real, fake), "the value", ())
        middle = (real + fake) / 2
        told = (
            "the value is NaN or infinite: where p is 0, p log D counts nothing, and elsewhere "
            "the best D is above 0."
        )
        expect(np.isfinite(value), told)
        of_real, of_fake = (
            sum(p * np.log(p / m) for p, m in zip(side, middle, strict=True) if p)
            for side in (real, fake)
        )
        divergence = (of_real + of_fake) / 2
        wanted = of_real + of_fake - 2 * np.log(2)
        tempting = {
            "that is the Jensen-Shannon divergence; the value is "
            "twice that, minus 2 log 2.": divergence,
            "that is 2 JSD. With p = q D is 1/2, and the game is still not worth 0.": 2
            * divergence,
            "that is D's loss; the value that D maximises is minus it.": -wanted,
            "that is in bits; use the natural logarithm.": wanted / np.log(2),
            "that is a mean over both halves; the game adds them.": wanted / 2,
            "that is E_p log D alone; E_q log(1 - D) is missing.": of_real - np.log(2),
        }
        match(
            value,
            wanted,
            f"got {short(value)}; with the best D this game is worth {short(wanted)}.",
            tempting,
        )
    yield "2 JSD - 2 log 2: for worlds that overlap, that do not, and that are equal"


@checker
def play_round(answer):
    """Source: Goodfellow et al., arXiv:1406.2661, algorithm 1; the bug is that of the article
    which this course grew out of.
    """
    for seed in (9, 10):
        random = np.random.default_rng(seed)
        players = tuple(random.normal(0, 1, 3))
        real = random.normal(3, 1, 8)
        noise = random.normal(0, 1, 5)
        parts = pair(
            answer(players, real, noise, 0.2),
            "the tuple of players, the tuple of losses",
            (3,),
            (2,),
        )
        found = np.concatenate(parts)
        wanted = faults.game_round(players, real, noise, 0.2)
        names = ("shift", "slope", "bias", "D's loss", "G's loss")
        wrong = [i for i in range(5) if not close(found[i], wanted[i])]
        told = ", ".join(f"{names[i]} is {found[i]:.4f} and not {wanted[i]:.4f}" for i in wrong)
        match(
            found,
            wanted,
            f"after the round {told}: D's two targets are wrong, and nothing else.",
            faults.mistaken_rounds(players, real, noise, 0.2),
        )
    yield "a round with the right targets, nothing else changed"


@checker(seconds=30)
def two_steps(discriminator_step, generator_step):
    """Source: eriklindernoren/Keras-GAN issue 22 (a D that stays frozen); Keras's guide to
    `trainable`.
    """
    players = faults.tiny_players()
    for turn in ("first", "second"):
        for side, step, other in (("D", discriminator_step, "G"), ("G", generator_step, "D")):
            given, loss, loss_without_batch, moves, along = faults.one_step(step, side, *players)
            given = array(given, f"{side}'s loss", ())
            stuck = f"{side}'s step does not move {side}, in the {turn} round."
            expect(
                moves[side] > 0,
                f"{stuck} Is it frozen? `trainable = False` stays when the step ends.",
            )
            expect(
                moves[other] == 0,
                f"{side}'s step moves {other}, by {moves[other]:.1e}: which variables does it "
                "update?",
            )
            recorded = moves["G's statistics"] > 0
            expect(
                side == "G" or not recorded,
                "D's step moves G's BatchNorm statistics: training=True records the batch.",
            )
            expect(
                side == "D" or recorded,
                "G's step records no BatchNorm statistics: they are part of G, and stay at their "
                "start.",
            )
            told = (
                "the fakes are drawn with training=False (as a frozen BatchNorm does): D and G "
                "would see two generators."
            )
            match(
                given,
                loss,
                f"{side}'s loss is {short(given)}, not {loss:.4f}.",
                {told: loss_without_batch},
                rtol=1e-4,
            )
            expect(
                along,
                f"{side} moves, but not by one step of the optimizer along the gradient of its "
                "loss.",
            )
    yield "each step moves its own player along its gradient, and nothing else, twice in a row"


@value_checker(tries=2)
def equal_losses(answers):
    """Source: the log that the article's GAN prints, reproduced by tools/draw_exercises.py gan."""
    yield from choices(answers, questions.EQUAL_LOSSES)


@value_checker(tries=2)
def three_runs(answers):
    """Source: tools/draw_exercises.py gan."""
    yield from choices(answers, questions.THREE_RUNS)
