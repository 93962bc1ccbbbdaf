"""Checks of exercises 42: image tokens, vector quantization and finite scalar quantization."""

import numpy as np

from genimg_lib.checks.core import array, checker, close, expect, short, value_checker
from genimg_lib.checks.judge import choices, estimates, integers, match, pair, several
from genimg_lib.checks.tokens import faults, questions


@value_checker
def image_budget(answers):
    """Source: Esser, Rombach and Ommer, arXiv:2012.09841 (a grid of 16 x 16, a codebook of
    16,384).
    """
    yield from estimates(answers, questions.BUDGET, tolerance=0.002)


@checker
def codebook_usage(answer):
    """Source: the entropy of a distribution; van den Oord et al., arXiv:1711.00937, for the
    codebook.
    """
    for vocabulary, used, shape in (
        (11, 0, (4, 5, 3)),
        (12, 5, (2, 3, 5)),
        (30, 1, (6,)),
        (7, 7, (3, 14)),
        (40, 0, (60,)),
    ):
        random = np.random.default_rng(vocabulary)
        if used:
            tokens = np.repeat(
                random.permutation(vocabulary)[:used], np.prod(shape) // used
            ).reshape(shape)
        else:
            tokens = random.choice(
                vocabulary, size=shape, p=random.dirichlet(0.5 * np.ones(vocabulary))
            )
        share, perplexity = pair(answer(tokens, vocabulary), "share in use, perplexity", ())
        expect(
            np.isfinite(perplexity),
            "unused codes give NaN: 0 log 0 counts as 0, so leave them out.",
        )
        expect(
            not close(perplexity, len(np.unique(tokens)) / vocabulary),
            "share and perplexity are exchanged: return the share first.",
        )
        match(share, *faults.share(share, tokens, vocabulary))
        match(perplexity, *faults.perplexity(perplexity, tokens))
        yield f"tokens of shape {shape}, of a vocabulary of {vocabulary}"


@checker
def vq_lookup(answer):
    """Source: van den Oord et al., arXiv:1711.00937, equations 1 and 2."""
    for batch, dimension, height, width, vocabulary in (
        (6, 5, 3, 4, 7),
        (3, 1, 2, 5, 4),
        (1, 4, 4, 2, 9),
    ):
        random = np.random.default_rng(vocabulary)
        features = random.normal(size=(batch, dimension, height, width))
        codebook = random.normal(size=(vocabulary, dimension)) * random.uniform(
            0.2, 3, size=(vocabulary, 1)
        )
        tokens, codes = several(answer(features, codebook), "tokens, codes")
        tokens = integers(tokens, "tokens", (batch, height, width))
        match(tokens, *faults.lookup_tokens(tokens, features, codebook))
        codes = array(codes, "codes")
        last = codes.shape == (batch, height, width, dimension) != features.shape
        expect(
            not last,
            "codes are channels-last; the decoder wants them as the features came: channels first.",
        )
        array(codes, "codes", features.shape)
        match(codes, *faults.lookup_codes(codes, tokens, features, codebook))
    yield "every place gets its nearest code, whatever the codes' lengths"


@checker
def fsq_tokens(codes_to_tokens, tokens_to_codes):
    """Source: Mentzer et al., arXiv:2309.15505, section 3."""
    for levels, shape in (
        ((8, 6, 5), (30, 8)),
        ((3, 4), (12,)),
        ((7,), (1, 7)),
        ((2, 5, 3, 4), (2, 3, 20)),
    ):
        codes = faults.fsq_vocabulary(levels)
        order = np.random.default_rng(len(codes)).permutation(len(codes)).reshape(shape)
        tokens = integers(codes_to_tokens(codes[order], levels), "tokens", order.shape)
        match(tokens, *faults.fsq_number(tokens, order, levels))
        found = integers(tokens_to_codes(order, levels), "codes", (*order.shape, len(levels)))
        match(found, *faults.fsq_code(found, order, levels))
        yield f"all {len(codes)} tokens of levels {levels}, there and back"


@value_checker(tries=2)
def read_the_codebooks(answers):
    """The picture is made by tools/draw_exercises.py tokens."""
    yield from choices(answers, questions.CODEBOOKS)


@checker
def fsq_bound(answer):
    """Source: Mentzer et al., arXiv:2309.15505, appendix A.1;
    lucidrains/vector-quantize-pytorch, issue 94.
    """
    for levels in ((8, 6, 5), (4, 3), (7, 16, 9, 10)):
        ramp = np.concatenate([[-1e4, -30], np.linspace(-4, 4, 1001), [30, 1e4]])
        features = np.stack([np.roll(ramp, 5 * index) for index in range(len(levels))], axis=1)
        features = features.reshape(-1, 5, 2) if len(levels) == 2 else features
        with np.errstate(all="ignore"):
            bounded = array(answer(features, levels), "the result", features.shape).reshape(
                -1, len(levels)
            )
        expect(
            np.isfinite(bounded).all(),
            "it gives NaN or infinity: the argument of arctanh must stay below 1.",
        )
        for index, count in enumerate(levels):
            values, (low, high) = (
                np.roll(bounded[:, index], -5 * index),
                (-(count // 2), (count - 1) // 2),
            )
            usual = np.unique(np.round(values[2:-2]))
            codes = np.unique(np.round(values))
            found = (
                f"{count} levels give {len(usual)} codes for features from -4 to 4, and "
                f"{len(codes)} up to 10,000"
            )
            found += f" ({codes[0]:g} to {codes[-1]:g})"
            expect(
                len(usual) == len(codes) == count,
                f"{found}. It should be {count}, always: {low} to {high}.",
            )
            expect(
                codes[0] == low,
                f"right in number, but the codes are {codes[0]:g} to {codes[-1]:g}, not {low} to "
                f"{high}.",
            )
            rises = np.diff(values[2:-2])
            expect(
                not close(values, np.round(values)), "it rounds: squeeze only; the caller rounds."
            )
            expect(
                (rises > 0).all(),
                "somewhere it does not rise: the encoder's gradient passes through this slope.",
            )
            expect(
                np.abs(np.diff(rises)).max() < 2e-4 * count,
                "it has a kink or a jump: squeeze smoothly; rounding comes later.",
            )
        yield f"{levels} levels give exactly as many codes, however large the features"
        middle = array(answer(np.zeros((3, len(levels))), levels), "the result", (3, len(levels)))
        words = f"a feature of 0 becomes {short(middle[0])}; it should stay 0"
        expect(
            close(middle, np.zeros_like(middle)),
            f"{words}: undo the offset inside the tanh, by the exact inverse of tanh.",
        )
        yield f"a feature of 0 stays 0, for levels {levels}"


@checker
def vq_loss_and_gradients(answer):
    """Source: van den Oord et al., arXiv:1711.00937, equation 3."""
    names = "loss, feature gradient, codebook gradient"
    for count, dimension, vocabulary, beta, kind in (
        (7, 3, 5, 0.25, "f8"),
        (4, 5, 9, 0.0, "f8"),
        (9, 2, 4, 2.0, "f4"),
    ):
        random = np.random.default_rng(count)
        features, decoder = random.normal(size=(2, count, dimension)).astype(kind)
        codebook = random.normal(size=(vocabulary, dimension)).astype(kind)
        tokens = random.integers(vocabulary - 1, size=count)
        tokens[:2] = 0
        given = several(answer(features, codebook, tokens, beta, decoder), names)
        shapes = (), features.shape, codebook.shape
        loss, of_features, of_codebook = map(array, given, names.split(", "), shapes)
        gaps = (features - codebook[tokens]).astype(float)
        match(loss, *faults.vq_loss(loss, gaps, beta))
        match(of_features, *faults.feature_gradient(of_features, gaps, beta, decoder), atol=1e-5)
        expect(
            np.isfinite(of_codebook).all(),
            "codes that nobody chose get NaN or infinity: their gradient is 0.",
        )
        match(
            of_codebook,
            *faults.codebook_gradient(of_codebook, gaps, beta, decoder, tokens),
            atol=1e-5,
        )
        yield f"loss and both gradients, {count} features on {vocabulary} codes with beta {beta}"


def _loss_and_pulls(answer, features, codes, beta):
    """The loss, and its gradients by finite differences during which all that was stopped is
    held.
    """
    stopped = []

    def stop(value):
        stopped.append(np.array(value, float))
        return stopped[-1].copy()

    def at(features, codes):
        held = iter(stopped)
        return float(
            array(answer(features, codes, beta, lambda value: next(held, value)), "the loss", ())
        )

    loss = float(array(answer(features, codes, beta, stop), "the loss", ()))
    pulls = np.zeros((2, *features.shape))
    expect(
        stopped,
        "stop_gradient is never called: only what is handed to it is held, so everything pulls at "
        "everything.",
    )
    for position in np.ndindex(features.shape):
        step = np.zeros(features.shape)
        step[position] = 0.5  # a central difference of a square is exact
        pulls[0][position] = at(features + step, codes) - at(features - step, codes)
        pulls[1][position] = at(features, codes + step) - at(features, codes - step)
    return loss, pulls


@checker
def commitment(answer):
    """Source: van den Oord et al., arXiv:1711.00937, equation 3; CompVis/taming-transformers,
    quantize.py, `legacy`.
    """
    for beta in (0.25, 0.0, 3.0):
        features, codes = np.random.default_rng(4).normal(size=(2, 3, 4))
        loss, (of_features, of_codes) = _loss_and_pulls(answer, features, codes, beta)
        square = np.mean((features - codes) ** 2)
        pull = 2 * (features - codes) / features.size
        match(loss, *faults.repaired_value(loss, square, features.size, beta))
        match(of_features, *faults.pull_on_features(of_features, pull, beta))
        match(of_codes, *faults.pull_on_codes(of_codes, pull, beta))
        yield f"beta = {beta} weighs the pull on the features, and nothing else"


@checker
def straight_through_gradients(answer):
    """Source: Bengio, Leonard and Courville, arXiv:1308.3432 (the estimator); the rest is a
    short calculation.
    """
    scattered = np.random.default_rng(3).uniform(-9, 9, size=(3, 4))
    near_zero = np.array([0.2, 1.7, 1.4, -0.3, -2.8, 5.5])
    for x, target, curvature in (
        (near_zero, 1.2, 3.0),
        (scattered, -3.7, 0.6),
        (np.array([1000.4]), 2.0, 1.0),
    ):
        true, estimate = pair(
            answer(x, target, curvature), "true gradient, expected estimate", x.shape
        )
        match(true, *faults.true_gradient(true, x, target, curvature))
        match(estimate, *faults.expected_estimate(estimate, x, target, curvature))
        yield f"both gradients for target {target} and curvature {curvature}"
