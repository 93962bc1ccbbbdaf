"""The judgements of exercises 08: each says whether a result is right, and recognises what the tempting mistakes give.

Nothing here rejects: the functions return (whether right, feedback), for `expect(*...)` in the checkers.
"""

import numpy as np

from genimg_lib.checks.core import short
from genimg_lib.checks.matching import Reading, match

BUDGET = {  # name -> (right, advice, {mistaken number: what it forgot})
    "tokens": (
        256,
        "one token stands for a square of 16 x 16 pixels. How many such squares are there?",
        {16: "that is one side of the grid.", 65536: "that is pixels: each token stands for 16 x 16 of them."},
    ),
    "bits": (
        3584,
        "a choice among 16,384 costs log2 of that, for each token.",
        {
            14: "that is one token; the image has 256.",
            448: "that is bytes; the question asks for bits.",
            256 * 16384: "a choice among 16,384 costs its logarithm, not 16,384 bits.",
            256 * np.log(16384): "that is nats: use the logarithm to base 2.",
        },
    ),
    "compression": (
        256 * 256 * 24 / 3584,
        "divide the bits of the raw image, 256 x 256 x 3 x 8, by your bits.",
        {
            256 * 256 * 8 / 3584: "the raw image has three channels.",
            256 * 256 * 3 / 3584: "bytes are divided by bits: a channel has 8 bits.",
            3584 / (256 * 256 * 24): "that is the inverse: how many times smaller are the tokens?",
            256 * 256 * 3 / 256: "numbers are divided by tokens; but a token carries 14 bits and a channel 8.",
        },
    ),
    "pairs_at_512": (
        16,
        "twice the side is four times the tokens, and attention compares each with each.",
        {4: "that is the number of tokens; pairs grow with its square.", 2: "that is the side of the image."},
    ),
    "bits_if_doubled": (
        256,
        "twice the codes is one bit more for each token.",
        {
            3840: "that is the new total; the question asks what is added.",
            3584: "doubling the codes does not double the bits: the logarithm grows by 1.",
            1: "that is one token's; there are 256.",
        },
    ),
}

CODEBOOKS = Reading(
    right={
        "A": "no restarts, codes too widely scattered",
        "B": "FSQ whose tanh is saturated",
        "C": "healthy",
        "D": "no restarts, codes all far away",
    },
    hints={
        "A": "some codes are in use from the first step on, and hardly any other ever joins them. Who can choose a code "
        "that lies apart, and what would bring it back?",
        "B": "it starts with many codes, and soon has one: every digit becomes the same picture. Codes that nobody chooses "
        "could not do that at once; features that are all stuck could.",
        "C": "most codes are in use, and the copies are the best. Must the perplexity be 240? Most cells are paper.",
        "D": "it has one code at step 0 and two in the end; and still the digits differ. Where must its codes have been?",
    },
    impossible={
        "tokens of another tokenizer": "those decode to garbage from a healthy vocabulary; here the curves are ill.",
        "vocabulary too small": "each run has 240 codes. Too few would all be in use, with the copies soft.",
    },
)


def budget(name, value):
    right, advice, mistakes = BUDGET[name]
    tempting = {f"{name}: {words}": wrong for wrong, words in mistakes.items()}
    return match(value, right, f"{name} = {value:g}: {advice}", tempting, rtol=1e-3)


def frequencies(tokens):
    return np.unique(tokens, return_counts=True)[1] / np.size(tokens)


def perplexity_of(tokens):
    return np.prod(frequencies(tokens) ** -frequencies(tokens))


def share(found, tokens, vocabulary):
    used = len(np.unique(tokens))
    tempting = {
        "the share is a number of codes: divide by the vocabulary.": used,
        "the share divides the codes in use by the number of tokens.": used / tokens.size,
        "that is the share of codes that are never used.": 1 - used / vocabulary,
    }
    words = f"{used} of {vocabulary} codes in use is a share of {used / vocabulary:.3f}; yours is {short(found)}."
    return match(found, used / vocabulary, words, tempting)


def perplexity(found, tokens):
    right, shares = perplexity_of(tokens), frequencies(tokens)
    per_image = np.mean([perplexity_of(image) for image in tokens])
    tempting = {
        "that is the entropy: perplexity is exp of it.": np.log(right),
        "the sign is missing: an entropy is minus the mean logarithm.": 1 / right,
        "2 to the power of nats: the base of the power and of the logarithm must agree.": 2 ** np.log(right),
        "you average a perplexity for each image: count the tokens of all images together.": per_image,
        "that counts the codes in use: frequent ones must weigh more.": len(shares),
        "each code counts alike: weigh its logarithm by its frequency.": np.exp(-np.mean(np.log(shares))),
        "you sum squared frequencies: that is another measure, without a logarithm.": 1 / np.sum(shares**2),
    }
    return match(found, right, f"frequencies {short(shares)} should give {right:.4f}, not {short(found)}.", tempting)


def lookup_tokens(found, features, codebook):
    vectors, mixed = features.transpose(0, 2, 3, 1), features.reshape(features.transpose(0, 2, 3, 1).shape)
    gaps, products, lengths = vectors[..., None, :] - codebook, vectors @ codebook.T, np.linalg.norm(codebook, axis=1)
    squares = np.square(gaps).sum(-1)
    reshaped = np.square(mixed[..., None, :] - codebook).sum(-1)
    tempting = {
        "the largest dot product wins: a long code then beats a near one. Compare distances.": products.argmax(-1),
        "reshape does not move the channels: it mixes pixels into one vector. Transpose first.": reshaped.argmin(-1),
        "the farthest code wins: argmin, not argmax.": squares.argmax(-1),
        "directions are compared (cosine), not distances: the length counts.": (products / lengths).argmax(-1),
        "absolute differences are summed: nearest means the Euclidean distance.": np.abs(gaps).sum(-1).argmin(-1),
        "differences are summed before they are squared, so that they cancel.": np.abs(gaps.sum(-1)).argmin(-1),
        "in |c|^2 - 2 v c the product counts twice.": (lengths**2 - products).argmin(-1),
    }
    right = squares.argmin(-1)
    return match(found, right, f"{np.mean(found != right):.0%} of the tokens are not those of the nearest code.", tempting)


def lookup_codes(found, tokens, features, codebook):
    tempting = {
        "the codes are reshaped, which mixes channels and pixels: transpose them.": codebook[tokens].reshape(found.shape),
        "these are the features themselves: return the rows of the codebook.": features,
    }
    right = codebook[tokens].transpose(0, 3, 1, 2)
    return match(found, right, "codes[b, :, y, x] should be codebook[tokens[b, y, x]].", tempting)


def fsq_vocabulary(levels):
    """All codes of a vocabulary in the order of their tokens, (vocabulary, len(levels))."""
    digits = np.stack(np.unravel_index(np.arange(np.prod(levels)), levels[::-1])[::-1], axis=-1)
    return digits - np.array(levels) // 2


def fsq_number(found, tokens, levels):
    codes, levels = fsq_vocabulary(levels)[tokens], np.array(levels)
    digits, basis = codes + levels // 2, np.cumprod([1, *levels[:-1]])
    tempting = {
        "the last digit counts by ones; here the first should.": digits @ np.cumprod([1, *levels[:0:-1]])[::-1],
        "codes start at minus half the levels: shift them, so that digits start at 0.": codes @ basis,
        "an even number of levels has one code more below 0: shift by levels // 2.": (codes + (levels - 1) // 2) @ basis,
        "each digit is weighed by its own levels: weigh it by the product of all before it.": digits @ levels,
        "digits are weighed by the levels before them, not by the product of those.": digits @ np.array([1, *levels[:-1]]),
        "all digits get the same base; each has a base of its own.": digits @ levels[0] ** np.arange(len(levels)),
    }
    first = np.argmax(found.ravel() != tokens.ravel())
    code = codes.reshape(-1, len(levels))[first]
    words = (
        f"with levels {tuple(map(int, levels))} the code {code} is token {tokens.ravel()[first]}, not {found.ravel()[first]:g}."
    )
    return match(found, tokens, words, tempting)


def fsq_code(found, tokens, levels):
    codes, levels = fsq_vocabulary(levels)[tokens], np.array(levels)
    digits, basis = codes + levels // 2, np.cumprod([1, *levels[:-1]])
    reverse = np.stack(np.unravel_index(tokens, levels), axis=-1)
    tempting = {
        "digits are right, but codes start below 0: subtract levels // 2.": digits,
        "an even number of levels has one code more below 0: subtract levels // 2.": digits - (levels - 1) // 2,
        "the digits come in the reverse order: the first counts by ones.": reverse - levels // 2,
        "the remainder is missing: a digit must stay below its levels.": tokens[..., None] // basis - levels // 2,
        "divide by the basis before you take the remainder.": tokens[..., None] % levels - levels // 2,
    }
    first = np.argmax((found != codes).any(-1))
    wrong = found.reshape(-1, len(levels))[first]
    words = f"with levels {tuple(map(int, levels))} token {tokens.ravel()[first]} is the code "
    return match(found, codes, f"{words}{codes.reshape(-1, len(levels))[first]}, not {wrong}.", tempting)


def vq_loss(found, gaps, beta):
    square = np.mean(gaps**2)
    tempting = {
        "the sum is taken: average over all numbers.": (1 + beta) * gaps.size * square,
        "squares are summed over the dimensions; the mean is over all numbers.": (1 + beta) * gaps.shape[1] * square,
        "beta weighs both terms; only the commitment carries it.": 2 * beta * square,
        "the codebook term is missing: it counts 1, the commitment beta.": beta * square,
        "the commitment is missing: it counts beta.": square,
    }
    words = f"the loss is (1 + beta) times the mean squared gap, {(1 + beta) * square:.4f} here; yours is {short(found)}."
    return match(found, (1 + beta) * square, words, tempting)


def feature_gradient(found, gaps, beta, decoder):
    pull = 2 * gaps / gaps.size
    tempting = {
        "the decoder's gradient does not arrive: straight through means that it is copied to the features.": beta * pull,
        "the commitment arrives with weight 1 whatever beta is: beta sits on the other term.": decoder + pull,
        "both terms pull at the features: the codebook term stops there.": decoder + (1 + beta) * pull,
        "only the decoder's gradient arrives: the commitment adds beta times its own.": decoder,
        "the commitment pushes features away from their codes: its sign is wrong.": decoder - beta * pull,
        "the factor 2 of the square is missing.": decoder + beta * pull / 2,
        "the gradient of a sum: the loss is a mean over all numbers.": decoder + 2 * beta * gaps,
        "divide by all numbers, not by the vectors alone.": decoder + beta * pull * gaps.shape[1],
    }
    wrong = np.abs(found - decoder - beta * pull).max()
    words = f"with beta = {beta} the gradient of the features is wrong by up to {wrong:.3g}."
    return match(found, decoder + beta * pull, words, tempting, atol=1e-5)


def codebook_gradient(found, gaps, beta, decoder, tokens):
    pull, right, last = 2 * gaps / gaps.size, np.zeros(found.shape), np.zeros(found.shape)
    received = np.zeros(found.shape)
    for row, token in enumerate(tokens):
        right[token] -= pull[row]
        received[token] += decoder[row]
        last[token] = -pull[row]
    used = np.bincount(tokens, minlength=len(found))[:, None]
    tempting = {
        "of several features on one code only the last counts: a fancy index does not add up, np.add.at does.": last,
        "codes run away from their features: the sign is wrong.": -right,
        "beta is on the codebook term; it belongs to the commitment.": beta * right,
        "both terms pull at the codes: the commitment stops there.": (1 + beta) * right,
        "the decoder's gradient arrives at the codebook; straight through hands it to the features.": right + received,
        "pulls on one code are averaged: the gradient adds them up.": right / np.maximum(used, 1),
        "the factor 2 of the square is missing.": right / 2,
    }
    words = f"the codebook's gradient is wrong by up to {np.abs(found - right).max():.3g}. It is 0 for codes without features."
    return match(found, right, words, tempting, atol=1e-5)


def repaired_value(found, square, size, beta):
    tempting = {
        "beta weighs both terms now.": 2 * beta * square,
        "the sum is taken: it was a mean.": (1 + beta) * square * size,
        "one of the terms is gone; only its weight was in the wrong place.": beta * square,
        "the term with beta is gone; only its weight was in the wrong place.": square,
    }
    return match(found, (1 + beta) * square, f"the value should still be {(1 + beta) * square:.4f}, not {found:.4f}.", tempting)


def pull_on_features(found, pull, beta):
    times = f"with beta = {beta} the features are pulled {short(found.ravel()[0] / pull.ravel()[0])} times the gap"
    tempting = {
        "nothing is stopped: both terms pull at both sides.": (1 + beta) * pull,
        f"{times}, whatever beta is: beta still weighs the codebook.": pull,
    }
    return match(found, beta * pull, f"{times}; it should be beta times.", tempting)


def pull_on_codes(found, pull, beta):
    times = f"with beta = {beta} the codes are pulled {short(-found.ravel()[0] / pull.ravel()[0])} times the gap"
    return match(found, -pull, f"{times}; it should be 1, whatever beta is.")


def noisy_rounding(x, target, curvature):
    """(slope of the expected loss, expected straight-through gradient), by adding up what x + noise may be rounded to."""
    whole = np.floor(x)[..., None] + np.arange(-2, 4)
    chance, slope_of_chance = np.maximum(0, 1 - np.abs(x[..., None] - whole)), -np.sign(x[..., None] - whole)
    slope = (curvature * (whole - target) ** 2 / 2 * slope_of_chance * (chance > 0)).sum(-1)
    return slope, (chance * curvature * (whole - target)).sum(-1)


def _first_wrong(found, right, x, target, curvature):
    place = np.argmax(~np.isclose(found, right))
    numbers = f"{right.ravel()[place]:.4f}, not {found.ravel()[place]:.4f}"
    return f"at x = {x.ravel()[place]:.3g}, target {target}, curvature {curvature} it should be {numbers}."


def true_gradient(found, x, target, curvature):
    right = noisy_rounding(x, target, curvature)[0]
    tempting = {
        "rounding alone has slope 0; with noise the chance of each whole number moves with x.": np.zeros(x.shape),
        "that is what the estimate expects; the truth compares two whole numbers.": curvature * (x - target),
        "that is the estimate without noise; the truth compares two whole numbers.": curvature * (np.round(x) - target),
        "that is the slope at the whole number below; a step to the next costs more.": curvature * (np.floor(x) - target),
        "int() cuts towards 0: for negative x take the floor.": curvature * (np.trunc(x) + 0.5 - target),
        "the sign is wrong: that is the step from above to below.": -right,
    }
    return match(found, right, "true gradient: " + _first_wrong(found, right, x, target, curvature), tempting)


def expected_estimate(found, x, target, curvature):
    slope, right = noisy_rounding(x, target, curvature)
    tempting = {
        "your estimate is one without noise: average over the noise.": curvature * (np.round(x) - target),
        "your estimate is the true gradient: then there would be no bias.": slope,
        "your estimate lacks the curvature.": x - target,
        "that is the bias; return the expected estimate itself.": right - slope,
    }
    return match(found, right, "estimate: " + _first_wrong(found, right, x, target, curvature), tempting)
