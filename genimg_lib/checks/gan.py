"""Checks of exercises 04: generative adversarial networks."""

import numpy as np

from genimg_lib.checks import gan_helpers as helpers
from genimg_lib.checks import gan_readings as readings
from genimg_lib.checks.core import array, checker, close, expect, short, value_checker
from genimg_lib.checks.gan_helpers import choose, pair, refusal, rule_out, softplus


@checker
def to_tanh_range(answer):
    """Source: Radford, Metz and Chintala, arXiv:1511.06434, section 4 (images scaled to the range of tanh)."""
    images = np.random.default_rng(1).permutation(256).astype(np.uint8).reshape(2, 16, 8, 1)
    result, levels = answer(images), images.astype(float)
    values = array(result, "the result", images.shape)
    tempting = {
        "(x - 0.5) * 2 is for data in [0, 1]; on bytes it gives [-1, 509], which no tanh can match.": (levels - 0.5) * 2,
        "x / 255 lies in [0, 1]: no real pixel is below 0, and D learns the sign.": levels / 255,
    }
    rule_out(values, tempting)
    expect(len(np.unique(values)) == 256, f"of 256 levels {len(np.unique(values))} survive: is something rounded?")
    ends = f"0 becomes {short(values[images == 0][0])} and 255 becomes {short(values[images == 255][0])}"
    expect(close(values, levels / 127.5 - 1), f"{ends}; wanted are -1 and 1, with equal steps between.")
    yield "0 becomes -1, 255 becomes 1, and all 256 levels survive"
    dark = images // 4
    still = close(array(answer(dark), "the result"), dark / 127.5 - 1)
    expect(still, "a dark image comes out bright: scale by the range of the dtype, not of the content.")
    yield "a dark image stays dark"
    dtype = np.asarray(result).dtype
    expect(dtype == np.float32, f"the result is {dtype}; networks want float32, half the memory of float64.")
    yield "the result is float32"
    for other in (levels / 255, (levels / 127.5 - 1).astype(np.float32), images.astype(np.int64)):
        name = refusal(answer, other)
        expect(name, f"{other.dtype} images are accepted: what is scaled already would be scaled twice.")
        expect(name == "ValueError", f"{other.dtype} images raise {name}; a caller expects ValueError.")
    yield "any other dtype is refused"


@checker
def binary_cross_entropy(answer):
    """Source: TensorFlow's `tf.nn.sigmoid_cross_entropy_with_logits`, which derives the stable form."""
    random = np.random.default_rng(2)
    for shape in ((7,), (3, 5)):
        logits, labels = random.normal(0, 2, shape), random.integers(0, 2, shape)
        each = softplus(logits) - labels * logits
        tempting = {
            "the losses are summed: return their mean, or the batch size scales every step.": each.sum(),
            "the sign is wrong: a cross-entropy is never negative.": -each.mean(),
            "the labels are exchanged: the label 1 asks for a high logit.": np.mean(softplus(logits) - (1 - labels) * logits),
            "that is in bits; use the natural logarithm.": each.mean() / np.log(2),
        }
        loss = array(answer(logits, labels), "the loss", ())
        rule_out(loss, tempting)
        expect(close(loss, each.mean()), f"-y log s - (1 - y) log(1 - s) has the mean {short(each.mean())}; got {short(loss)}.")
    yield "the mean of -y log s - (1 - y) log(1 - s)"
    for label in (0.9, 0.3):
        loss, wanted = array(answer(logits, label), "the loss", ()), np.mean(softplus(logits) - label * logits)
        expect(close(loss, wanted), f"with the label {label} for all got {short(loss)}, not {short(wanted)}: they may be soft.")
    yield "soft labels, and one label for all"
    for logit, label, wanted in ((1000.0, 0, 1000.0), (-1000.0, 1, 1000.0), (1000.0, 1, 0.0), (-1000.0, 0, 0.0)):
        with np.errstate(all="ignore"):
            loss = array(answer(np.full(2, logit), np.full(2, label)), "the loss", ())
        told = f"logit {logit:g} and label {label} cost {short(loss)}, not {wanted:g}."
        expect(np.isfinite(loss), f"{told} An exponential overflows, or a probability is rounded to 0 or 1.")
        expect(close(loss, wanted), f"{told} Clipping caps the loss, and beyond the cap the gradient is 0.")
    yield "exact at logits of 1000 and -1000"


@checker
def gan_losses(answer):
    """Source: Goodfellow et al., arXiv:1406.2661, section 3."""
    names, random = "D's loss, G's loss", np.random.default_rng(3)
    for sizes in ((5, 5), (4, 9)):
        real, fake = (random.normal(0.5, 2, size) for size in sizes)
        of_real, of_fake, wanted = softplus(-real), softplus(fake), softplus(-fake).mean()
        both = of_real.mean() + of_fake.mean()
        loss, of_generator = found = pair(answer(real, fake), names, ())
        rule_out(found, {"D's loss comes first, then G's.": [wanted, both]})
        average = "D's terms are averaged: add the mean over real and the mean over fake images."
        tempting = {
            "D wants real = 0 and fake = 1, and G wants 1: they cooperate, and both losses fall to 0.": softplus(real).mean()
            + wanted,
            "that is the value of the game; D maximises it, so its loss is minus that.": -both,
            average: both / 2,
            average + " The batches may differ in size.": np.mean(np.r_[of_real, of_fake]),
            "D's loss has only the term of real images.": of_real.mean(),
            "D's loss is summed over the batch: use means.": of_real.sum() + of_fake.sum(),
        }
        rule_out(loss, tempting)
        expect(close(loss, both), f"D's loss is {short(loss)}; -log D(x) - log(1 - D(G(z))), in means, is {short(both)}.")
        tempting = {
            "G's loss is log(1 - D), whose gradient dies while D rejects. Use -log D.": -of_fake.mean(),
            "G's loss wants fakes that D calls fake: its target is 1.": of_fake.mean(),
        }
        rule_out(of_generator, tempting)
        expect(close(of_generator, wanted), f"G's loss is {short(of_generator)}; the mean of -log D(G(z)) is {short(wanted)}.")
    yield "both losses, for batches of equal and of different size"
    for real, fake in ((-1000.0, 1000.0), (1000.0, -1000.0)):
        with np.errstate(all="ignore"):
            found = pair(answer(np.full(3, real), np.full(2, fake)), names, ())
        wanted = [max(-real, 0) + max(fake, 0), max(-fake, 0)]
        expect(close(found, wanted), f"logits {real:g} (real) and {fake:g} (fake) cost {wanted}, not {short(found)}.")
    yield "right when D is very sure, and when it is very wrong"


@checker
def generator_gradients(answer):
    """Source: Goodfellow et al., arXiv:1406.2661, section 3; Arjovsky and Bottou, arXiv:1701.04862, section 2.2."""
    names, logits, step = "of log(1 - D), of -log D", np.random.default_rng(4).normal(0, 3, 11), 1e-5
    slope = (softplus(logits + step) - softplus(logits - step)) / (2 * step)  # of softplus, by finite differences
    found = pair(answer(logits), names, logits.shape)
    tempting = {
        "they are swapped: it is log(1 - D) whose gradient vanishes when D is sure.": [slope - 1, -slope],
        "the signs are those of ascent: both losses fall as the logit grows.": [slope, 1 - slope],
        "that is dL/dD, at the probability; times D (1 - D) it is at the logit.": [-1 / (1 - slope), -1 / slope],
    }
    rule_out(found, tempting, rtol=1e-4)
    for mine, wanted, name in zip(found, (-slope, slope - 1), ("log(1 - D)", "-log D"), strict=True):
        told = f"{name} at logit {short(logits[0])}: got {short(mine[0])}, finite differences say {short(wanted[0])}."
        expect(close(mine, wanted, rtol=1e-4), told)
    yield "both agree with finite differences"
    with np.errstate(all="ignore"):
        found = pair(answer(np.array([-800.0, 800.0])), names, (2,))
    expect(close(found, [[0, -1], [-1, 0]]), f"at logits -800 and 800: {short(found)}. Does an exponential overflow?")
    yield "right where D is very sure"


@checker
def trace_sizes(answer):
    """Source: Dumoulin and Visin, arXiv:1603.07285, chapters 2 and 4; the sizes are those of Keras."""

    def trace(size, *stack):
        return array(answer(size, list(stack)), "the list of sizes", (len(stack) + 1,))

    first = np.atleast_1d(array(answer(9, [("conv", 1, 1, "same")]), "the list of sizes"))
    expect(len(first) == 2 and first[0] == 9, "begin the list with the size of the input, then one size for each layer.")
    expect(
        trace(5, ("conv", 3, 2, "same"))[1] != 2, '"same" with stride 2 takes 5 to 3: the last window is padded, so round up.'
    )
    for size, kernel, stride in ((5, 3, 1), (8, 3, 2), (11, 5, 3), (6, 2, 2), (7, 1, 2), (9, 4, 3)):
        same, valid = len(range(0, size, stride)), len(range(0, size - kernel + 1, stride))
        large, wide = size * stride, (size - 1) * stride + max(kernel, stride)
        cases = (("conv", "same", same), ("conv", "valid", valid), ("transposed", "same", large), ("transposed", "valid", wide))
        for kind, padding, wanted in cases:
            found = trace(size, (kind, kernel, stride, padding))[1]
            told = f'{kind} "{padding}", kernel {kernel}, stride {stride}: {size} -> {wanted}, not {found:g}'
            shrinks = kind == "transposed" and found < size
            expect(not shrinks, f"{told}: a transposed convolution does not divide by its stride.")
            gap = padding == "valid" and kind == "transposed" and kernel < stride
            expect(found == wanted, told + (": a kernel below the stride leaves gaps, and they count as well." if gap else "."))
    yield "one layer of each kind"
    pool = [("conv", 3, 1, "valid"), ("conv", 2, 2, "valid")] * 3
    for size, stack in ((28, pool), (7, [("transposed", 3, 2, "same")] * 3)):
        wanted = [28, 26, 13, 11, 5, 3, 1] if size == 28 else [7, 14, 28, 56]
        expect(close(found := trace(size, *stack), wanted), f"this stack gives {wanted}, not {short(found)}: chain the layers.")
    yield "stacks: an encoder that ends at 1, a decoder that overshoots 28"


@checker
def epoch_batches(answer):
    """Source: Goodfellow, Bengio and Courville, "Deep Learning", section 8.1.3 (shuffle once or every epoch)."""

    def epoch(count, size, drop_last, random=None):
        batches = answer(count, size, random or np.random.default_rng(5), drop_last)
        expect(np.iterable(batches), f"return a list of index arrays; yours is {short(batches)}.")
        return [array(batch, "a batch").ravel().astype(int) for batch in batches]

    for count, size in ((103, 10), (90, 9), (4, 7), (5, 1)):
        for drop_last in (False, True):
            batches, case = epoch(count, size, drop_last), f"{count} items, batch_size {size}, drop_last={drop_last}"
            wanted = [size] * (count // size) + [count % size] * (count % size > 0 and not drop_last)
            sizes, seen = [len(batch) for batch in batches], np.concatenate([[0], *batches])[1:]
            expect(len(sizes) == len(wanted), f"{case}: {len(sizes)} batches; there should be {len(wanted)}.")
            expect(sizes == wanted, f"{case}: the batches hold {short(sizes)} items, not {short(wanted)}.")
            expect(set(seen) <= set(range(count)), f"{case}: there is an index outside 0 ... {count - 1}.")
            expect(len(set(seen)) == len(seen), f"{case}: an index comes twice in one epoch: that is drawing with replacement.")
    yield "sizes, and every index at most once"
    random = np.random.default_rng(6)
    first, second = epoch(60, 6, False, random), epoch(60, 6, False, random)
    expect(not np.array_equal(np.concatenate(first), np.arange(60)), "nothing is shuffled: sorted data give sorted batches.")
    groups = [{frozenset(batch.tolist()) for batch in batches} for batches in (first, second)]
    expect(groups[0] != groups[1], "both epochs hold the same groups: draw a new order of all items each time.")
    again = epoch(60, 6, False, np.random.default_rng(6))
    expect(np.array_equal(first, again), "the same seed gives another order: take the randomness from `random` alone.")
    yield "another order in each epoch, and it comes from `random`"
    for size in (0, -1):
        name = refusal(lambda size=size: epoch(20, size, False))
        expect(
            name == "ValueError",
            f"batch_size {size} should raise ValueError, but {name or 'nothing'} is raised.",
        )
    yield "a batch size below 1 is refused"


@checker
def best_discriminator(answer):
    """Source: Goodfellow et al., arXiv:1406.2661, proposition 1, with unequal shares."""
    for size, share in ((9, 0.5), (12, 0.2), (8, 0.9)):
        real, fake = helpers.two_worlds(np.random.default_rng(size), size)
        best, wanted = array(answer(real, fake, share), "D", real.shape), share * real / (share * real + (1 - share) * fake)
        expect(np.isfinite(best).all(), "D is NaN or infinite where only one of the two has mass.")
        tempting = {"that is the probability of *fake*.": 1 - wanted}
        if share != 0.5:
            tempting[f"p / (p + q) is for equal shares; here {share:.0%} of the images are real."] = real / (real + fake)
        rule_out(best, tempting)
        expect(close(best, wanted), f"D = {short(best[3])} for p = {real[3]:.3f}, q = {fake[3]:.3f}; best is {wanted[3]:.4f}.")
        yield f"no D does better where {share:.0%} are real"


@checker
def value_of_the_game(answer):
    """Source: Goodfellow et al., arXiv:1406.2661, theorem 1."""
    worlds = [helpers.two_worlds(np.random.default_rng(size), size) for size in (6, 11)]
    for real, fake in (*worlds, np.eye(2), np.full((2, 4), 0.25)):
        value, middle = array(answer(real, fake), "the value", ()), (real + fake) / 2
        expect(np.isfinite(value), "the value is NaN or infinite: where p is 0, p log D counts nothing, whatever D.")
        divergence = sum(p * np.log(p / m) for side in (real, fake) for p, m in zip(side, middle, strict=True) if p) / 2
        wanted = 2 * divergence - 2 * np.log(2)
        if wanted and divergence:
            tempting = {
                "that is the Jensen-Shannon divergence; the value is twice that, minus 2 log 2.": divergence,
                "that is 2 JSD. With p = q D is 1/2, and the game is still not worth 0.": 2 * divergence,
                "that is D's loss; the value that D maximises is minus it.": -wanted,
                "that is in bits; use the natural logarithm.": wanted / np.log(2),
                "that is a mean over both halves; the game adds them.": wanted / 2,
            }
            rule_out(value, tempting)
        expect(close(value, wanted), f"got {short(value)}; with the best D this game is worth {short(wanted)}.")
    yield "2 JSD - 2 log 2: for worlds that overlap, that do not, and that are equal"


@checker
def play_round(answer):
    """Source: Goodfellow et al., arXiv:1406.2661, algorithm 1; the bug is that of the article which this course grew out of."""
    for seed in (9, 10):
        random = np.random.default_rng(seed)
        players, real, noise = tuple(random.normal(0, 1, 3)), random.normal(3, 1, 8), random.normal(0, 1, 5)
        result = answer(players, real, noise, 0.2)
        shaped = isinstance(result, (tuple, list)) and [np.size(part) for part in result] == [3, 2]
        expect(shaped, f"return ((shift, slope, bias), (D's loss, G's loss)); yours is {short(result)}.")
        found, wanted = array(np.concatenate(result), "the round"), helpers.game_round(players, real, noise, 0.2)
        told = "D is taught real = 0 and fake = 1, and G aims at 1 as well: both want the same."
        flipped = "all three targets are flipped: a legal game, but the docstring promises that positive means real."
        targets = {(0, 1, 1): told, (0, 1, 0): flipped, (1, 0, 0): "G now aims at 0, which D calls fake: G must aim at 1."}
        targets |= {(1, 1, 1): "D is taught that everything is real.", (0, 0, 1): "D is taught that everything is fake."}
        rule_out(found, {text: helpers.game_round(players, real, noise, 0.2, labels) for labels, text in targets.items()})
        names = ("shift", "slope", "bias", "D's loss", "G's loss")
        for name, mine, theirs in zip(names, found, wanted, strict=True):
            expect(close(mine, theirs), f"{name} is {mine:.4f} after the round; with D's targets right it is {theirs:.4f}.")
    yield "a round with the right targets, nothing else changed"


@checker(seconds=30)
def two_steps(discriminator_step, generator_step):
    """Source: eriklindernoren/Keras-GAN issue 22 (a D that stays frozen); Keras's guide to `trainable`."""
    players = helpers.tiny_players()
    for turn in ("first", "second"):
        for side, step, other in (("D", discriminator_step, "G"), ("G", generator_step, "D")):
            given, loss, loss_without_batch, moves, along = helpers.one_step(step, side, *players)
            given = array(given, f"{side}'s loss", ())
            stuck = f"{side}'s step does not move {side}, in the {turn} round."
            expect(moves[side] > 0, f"{stuck} Is it frozen? `trainable = False` stays when the step ends.")
            expect(moves[other] == 0, f"{side}'s step moves {other}, by {moves[other]:.1e}: which variables does it update?")
            leak = side == "D" and moves["G's statistics"]
            expect(not leak, "D's step moves G's BatchNorm statistics: a call with training=True records the batch.")
            told = "the fakes are drawn with training=False: D and G would train on the fakes of different generators."
            rule_out(given, {told: loss_without_batch})
            expect(close(given, loss, rtol=1e-4), f"{side}'s loss is {short(given)}, not {loss:.4f}.")
            expect(along, f"{side} moves, but not by one step of the optimizer along the gradient of its loss.")
    yield "each step moves its own player along its gradient, and nothing else, twice in a row"


@value_checker
def equal_losses(answers):
    """Source: the log that the article's GAN prints, reproduced by tools/draw_gan_exercises.py."""
    for question, (right, feedback) in readings.EQUAL_LOSSES.items():
        choose(answers, question, right, feedback)
        yield question


@value_checker
def three_runs(answers):
    """Source: tools/draw_gan_exercises.py."""
    yield from helpers.name_runs(answers, readings.THREE_RUNS, readings.SIGNS, readings.CLUES_OF_THREE)
