"""What the tempting mistakes in exercises 42 give.

Each function takes what was found and what the answer was given. It returns the right value, what
to say of any other, and the values that tempting mistakes give, by what is said of them: the
arguments of `judge.match`.
"""

import numpy as np

from genimg_lib.checks.core import short


def _frequencies(tokens):
    return np.unique(tokens, return_counts=True)[1] / np.size(tokens)


def share(found, tokens, vocabulary):
    used = len(np.unique(tokens))
    right = used / vocabulary
    largest = np.max(tokens)
    tempting = {
        "the share is a number of codes: divide by the vocabulary.": used,
        "the share divides the codes in use by the number of tokens.": used / tokens.size,
        "that is the share of codes that are never used.": 1 - right,
        "the share is a number between 0 and 1, not in percent.": 100 * right,
        "that divides by the largest token that occurs: codes above it count as well.": used
        / (largest + 1),
    }
    words = f"{used} of {vocabulary} codes in use is a share of {right:.6g}; yours is {found:.6g}."
    return right, words, tempting


def perplexity(found, tokens):
    shares = _frequencies(tokens)
    right = np.prod(shares**-shares)
    per_image = np.mean([np.prod(p**-p) for p in map(_frequencies, tokens)])
    tempting = {
        "that is the entropy: perplexity is exp of it.": np.log(right),
        "that is the entropy in bits: perplexity is 2 to the power of it.": np.log2(right),
        "e to the power of bits: the base of the power and of the logarithm must agree.": np.exp(
            np.log2(right)
        ),
        "the sign is missing: an entropy is minus the mean logarithm.": 1 / right,
        "2 to the power of nats: the base of the power and of the logarithm must agree.": 2
        ** np.log(right),
        "you average a perplexity for each image: count the "
        "tokens of all images together.": per_image,
        "that counts the codes in use: frequent ones must weigh more.": len(shares),
        "each code counts alike: weigh its logarithm by its frequency.": np.exp(
            -np.mean(np.log(shares))
        ),
        "you sum squared frequencies: that is another measure, without a logarithm.": 1
        / np.sum(shares**2),
    }
    words = f"frequencies {short(shares)} should give {right:.6g}, not {found:.6g}."
    return right, words, tempting


def lookup_tokens(found, features, codebook):
    vectors = features.transpose(0, 2, 3, 1)
    mixed = features.reshape(features.transpose(0, 2, 3, 1).shape)
    gaps = vectors[..., None, :] - codebook
    products = vectors @ codebook.T
    lengths = np.linalg.norm(codebook, axis=1)
    squares = np.square(gaps).sum(-1)
    reshaped = np.square(mixed[..., None, :] - codebook).sum(-1)
    tempting = {
        "the largest dot product wins: a long code then beats a "
        "near one. Compare distances.": products.argmax(-1),
        "reshape does not move the channels: it mixes pixels "
        "into one vector. Transpose first.": reshaped.argmin(-1),
        "the farthest code wins: argmin, not argmax.": squares.argmax(-1),
        "directions are compared (cosine), not distances: the length counts.": (
            products / lengths
        ).argmax(-1),
        "absolute differences are summed: nearest means the Euclidean distance.": np.abs(gaps)
        .sum(-1)
        .argmin(-1),
        "differences are summed before they are squared, so that they cancel.": np.abs(
            gaps.sum(-1)
        ).argmin(-1),
        "in |c|^2 - 2 v c the product counts twice.": (lengths**2 - products).argmin(-1),
    }
    right = squares.argmin(-1)
    tempting["the numbers begin with 1; tokens count from 0, as rows of the codebook do."] = (
        right + 1
    )
    words = f"{np.mean(found != right):.0%} of the tokens are not those of the nearest code."
    return right, words, tempting


def lookup_codes(found, tokens, features, codebook):
    tempting = {
        "the codes are reshaped, which mixes channels and pixels: transpose them.": codebook[
            tokens
        ].reshape(found.shape),
        "these are the features themselves: return the rows of the codebook.": features,
    }
    words = "codes[b, :, y, x] should be codebook[tokens[b, y, x]]."
    return codebook[tokens].transpose(0, 3, 1, 2), words, tempting


def fsq_vocabulary(levels):
    """All codes of a vocabulary in the order of their tokens, (vocabulary, len(levels))."""
    digits = np.stack(np.unravel_index(np.arange(np.prod(levels)), levels[::-1])[::-1], axis=-1)
    return digits - np.array(levels) // 2


def fsq_number(found, tokens, levels):
    codes = fsq_vocabulary(levels)[tokens]
    levels = np.array(levels)
    digits = codes + levels // 2
    basis = np.cumprod([1, *levels[:-1]])
    tempting = {
        "the last digit counts by ones; here the first should.": digits
        @ np.cumprod([1, *levels[:0:-1]])[::-1],
        "codes start at minus half the levels: shift them, so that digits start at 0.": codes
        @ basis,
        "an even number of levels has one code more below 0: shift by levels // 2.": (
            codes + (levels - 1) // 2
        )
        @ basis,
        "each digit is weighed by its own levels: weigh it by the product of all before it.": digits
        @ levels,
        "digits are weighed by the levels before them, not by the product of those.": digits
        @ np.array([1, *levels[:-1]]),
        "the first digit counts by ones; yours counts by its levels.": digits @ np.cumprod(levels),
        "all digits get the same base; each has a base of its own.": digits
        @ levels[0] ** np.arange(len(levels)),
    }
    first = np.argmax(found.ravel() != tokens.ravel())
    code = codes.reshape(-1, len(levels))[first]
    words = (
        f"with levels {tuple(map(int, levels))} the code {code} is token "
        f"{tokens.ravel()[first]}, not {found.ravel()[first]:g}."
    )
    return tokens, words, tempting


def fsq_code(found, tokens, levels):
    codes = fsq_vocabulary(levels)[tokens]
    levels = np.array(levels)
    digits = codes + levels // 2
    basis = np.cumprod([1, *levels[:-1]])
    reverse = np.stack(np.unravel_index(tokens, levels), axis=-1)
    tempting = {
        "digits are right, but codes start below 0: subtract levels // 2.": digits,
        "an even number of levels has one code more below 0: subtract levels // 2.": digits
        - (levels - 1) // 2,
        "the digits come in the reverse order: the first counts by ones.": reverse - levels // 2,
        "the remainder is missing: a digit must stay below its levels.": tokens[..., None] // basis
        - levels // 2,
        "divide by the basis before you take the remainder.": tokens[..., None] % levels
        - levels // 2,
    }
    first = np.argmax((found != codes).any(-1))
    is_code, wrong = (rows.reshape(-1, len(levels))[first] for rows in (codes, found))
    words = (
        f"with levels {tuple(map(int, levels))} token {tokens.ravel()[first]} is the code "
        f"{is_code}, not {wrong}."
    )
    return codes, words, tempting


def vq_loss(found, gaps, beta):
    square = np.mean(gaps**2)
    tempting = {
        "the sum is taken: average over all numbers.": (1 + beta) * gaps.size * square,
        "squares are summed over the dimensions; the mean is over all numbers.": (1 + beta)
        * gaps.shape[1]
        * square,
        "beta weighs both terms; only the commitment carries it.": 2 * beta * square,
        "the codebook term is missing: it counts 1, the commitment beta.": beta * square,
        "the commitment is missing: it counts beta.": square,
    }
    words = (
        f"the loss is (1 + beta) times the mean squared gap, {(1 + beta) * square:.4f} here; "
        f"yours is {short(found)}."
    )
    return (1 + beta) * square, words, tempting


def feature_gradient(found, gaps, beta, decoder):
    pull = 2 * gaps / gaps.size
    tempting = {
        "the decoder's gradient does not arrive: straight through means that it is copied to the "
        "features.": beta * pull,
        "the commitment arrives with weight 1 whatever beta is: "
        "beta sits on the other term.": decoder + pull,
        "both terms pull at the features: the codebook term stops there.": decoder
        + (1 + beta) * pull,
        "only the decoder's gradient arrives: the commitment adds beta times its own.": decoder,
        "the commitment pushes features away from their codes: its sign is wrong.": decoder
        - beta * pull,
        "the factor 2 of the square is missing.": decoder + beta * pull / 2,
        "the gradient of a sum: the loss is a mean over all numbers.": decoder + 2 * beta * gaps,
        "divide by all numbers, not by the vectors alone.": decoder + beta * pull * gaps.shape[1],
        "that is the step of a descent, against the gradient: return the gradient itself.": -decoder
        - beta * pull,
    }
    wrong = np.abs(found - decoder - beta * pull).max()
    words = f"with beta = {beta} the gradient of the features is wrong by up to {wrong:.3g}."
    return decoder + beta * pull, words, tempting


def codebook_gradient(found, gaps, beta, decoder, tokens):
    pull = 2 * gaps / gaps.size
    right = np.zeros(found.shape)
    last = np.zeros(found.shape)
    received = np.zeros(found.shape)
    for row, token in enumerate(tokens):
        right[token] -= pull[row]
        received[token] += decoder[row]
        last[token] = -pull[row]
    used = np.bincount(tokens, minlength=len(found))[:, None]
    tempting = {
        "of several features on one code only the last counts: a fancy index does not add up, "
        "np.add.at does.": last,
        "codes run away from their features: the sign is wrong.": -right,
        "beta is on the codebook term; it belongs to the commitment.": beta * right,
        "both terms pull at the codes: the commitment stops there.": (1 + beta) * right,
        "the decoder's gradient arrives at the codebook; straight "
        "through hands it to the features.": right + received,
        "pulls on one code are averaged: the gradient adds them up.": right / np.maximum(used, 1),
        "the factor 2 of the square is missing.": right / 2,
        "codes get the gradient of a sum: divide by all numbers.": right * gaps.size,
        "codes get the gradient divided by the vectors: divide by all numbers.": right
        * gaps.shape[1],
        "that is a step of k-means, to the middle of the features; a gradient is asked for.": -right
        * gaps.size
        / (2 * np.maximum(used, 1)),
    }
    words = (
        f"the codebook's gradient is wrong by up to {np.abs(found - right).max():.3g}. It is "
        "0 for codes without features."
    )
    return right, words, tempting


def repaired_value(found, square, size, beta):
    tempting = {
        "beta weighs both terms now.": 2 * beta * square,
        "the sum is taken: it was a mean.": (1 + beta) * square * size,
        "only beta times the mean square is left; both terms should stay, with the weights 1 and "
        "beta.": beta * square,
        "only the mean square is left; both terms should stay, "
        "with the weights 1 and beta.": square,
    }
    words = f"the value should still be {(1 + beta) * square:.4f}, not {found:.4f}."
    return (1 + beta) * square, words, tempting


def pull_on_features(found, pull, beta):
    times = (
        f"with beta = {beta} the features are pulled {found.ravel()[0] / pull.ravel()[0]:.3g} "
        "times the gap"
    )
    tempting = {
        "nothing pulls at the features: in the term with beta only the codes are stopped.": 0
        * pull,
        "both terms pull at the features: the one without beta should stop them.": (1 + beta)
        * pull,
        f"{times}, whatever beta is: beta still weighs the codebook.": pull,
    }
    words = f"{times}; it should be beta times."
    return beta * pull, words, tempting


def pull_on_codes(found, pull, beta):
    times = f"{-found.ravel()[0] / pull.ravel()[0]:.3g}"
    words = (
        f"with beta = {beta} the codes are pulled {times} times the gap; it should be 1, whatever "
        "beta is."
    )
    return -pull, words


def noisy_rounding(x, target, curvature):
    """(slope of the expected loss, expected straight-through gradient), by adding up what x +
    noise may be rounded to.
    """
    whole = np.floor(x)[..., None] + np.arange(-2, 4)
    chance = np.maximum(0, 1 - np.abs(x[..., None] - whole))
    slope_of_chance = -np.sign(x[..., None] - whole)
    slope = (curvature * (whole - target) ** 2 / 2 * slope_of_chance * (chance > 0)).sum(-1)
    return slope, (chance * curvature * (whole - target)).sum(-1)


def _first_wrong(found, right, x, target, curvature):
    place = np.argmax(~np.isclose(found, right))
    right = right.ravel()
    x = x.ravel()
    numbers = f"{right[place]:.4f}, not {found.ravel()[place]:.4f}"
    return f"at x = {x[place]:.5g}, target {target}, curvature {curvature} it should be {numbers}."


def true_gradient(found, x, target, curvature):
    right = noisy_rounding(x, target, curvature)[0]
    tempting = {
        "rounding alone has slope 0; with noise the chance of "
        "each whole number moves with x.": np.zeros(x.shape),
        "that is what the estimate expects; the truth compares two whole numbers.": curvature
        * (x - target),
        "that is the estimate without noise; the truth compares two whole numbers.": curvature
        * (np.round(x) - target),
        "that is the slope at the whole number below; a step to the next costs more.": curvature
        * (np.floor(x) - target),
        "int() cuts towards 0: for negative x take the floor.": curvature
        * (np.trunc(x) + 0.5 - target),
        "the sign is wrong: that is the step from above to below.": -right,
        "your true gradient lacks the curvature.": right / curvature,
        "x is rounded to the nearest whole number; the step leads from the one below to the one "
        "above.": curvature * (np.round(x) + 0.5 - target),
    }
    words = "true gradient: " + _first_wrong(found, right, x, target, curvature)
    return right, words, tempting


def expected_estimate(found, x, target, curvature):
    slope, right = noisy_rounding(x, target, curvature)
    tempting = {
        "your estimate is one without noise: average over the noise.": curvature
        * (np.round(x) - target),
        "your estimate is the true gradient: then there would be no bias.": slope,
        "your estimate lacks the curvature.": x - target,
        "that is the bias; return the expected estimate itself.": right - slope,
    }
    words = "estimate: " + _first_wrong(found, right, x, target, curvature)
    return right, words, tempting
