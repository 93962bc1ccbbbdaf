"""Checks of exercises 09: drawing images token by token."""

import numpy as np

from genimg_lib.checks import sampling_helpers as known
from genimg_lib.checks.core import array, checker, close, expect, short, value_checker
from genimg_lib.checks.token_helpers import log_softmax, match, name_causes, pair, refused, token_nats, whole


@checker
def guided_logits(answer):
    """Source: Ho and Salimans, arXiv:2207.12598, equation 6 (their w is our scale - 1)."""
    random = np.random.default_rng(0)
    for shape in ((5,), (3, 7), (2, 3, 4)):
        conditional, unconditional = 2 * random.normal(size=(2, *shape))
        for scale, name in ((2.5, ""), (-0.5, ""), (1.0, "the conditional"), (0.0, "the unconditional")):
            found = log_softmax(array(answer(conditional, unconditional, scale), "the guided logits", shape))
            right = log_softmax(known.guide(conditional, unconditional, scale))  # logits mean the same if a constant is added
            faults = known.guidance_faults(conditional, unconditional, scale)
            what = f"scale {scale:g} should give {name or 'u + scale x (c - u) of both'} logits."
            tempting = {words: log_softmax(value) for words, value in faults.items() if not close(log_softmax(value), right)}
            match(found, right, what, tempting)
    yield "0 is unconditional, 1 conditional, and all scales lie on a line through both"


@checker
def gumbel_draw(answer):
    """Source: Maddison, Tarlow and Minka, arXiv:1411.0030, section 2."""
    random = np.random.default_rng(1)
    for shape in ((2000, 6), (40, 30, 3)):
        logits = 2 * random.normal(size=shape)
        gumbel = -np.log(random.exponential(size=shape))
        for temperature in (0.4, 1.0, 3.0):
            found = whole(answer(logits, temperature, gumbel), "the tokens", shape[:-1])
            faults = known.sampling_faults(logits, temperature, gumbel)
            right = (logits / temperature + gumbel).argmax(axis=-1)
            tempting = {words: value for words, value in faults.items() if not np.array_equal(value, right)}
            wrong = np.mean(found != right)
            match(found, right, f"at temperature {temperature:g} {wrong:.0%} of your tokens differ from the draws.", tempting)
        yield f"logits of shape {shape}: one token each, softmax(logits / temperature) with Gumbel noise"

    with np.errstate(all="ignore"):
        found = whole(answer(logits, 0.0, gumbel), "the tokens at temperature 0", shape[:-1])
    match(found, logits.argmax(axis=-1), "temperature 0 should take the likeliest token, whatever the noise.")
    yield "temperature 0 is greedy"

    logits[..., 1] = -np.inf
    with np.errstate(all="ignore"):
        for temperature in (0.0, 0.5, 100.0):
            found = whole(answer(logits, temperature, 5 * gumbel), "the tokens", shape[:-1])
            expect(not (found == 1).any(), f"a token with logit -inf is drawn at temperature {temperature:g}.")
    yield "a logit of minus infinity is never drawn"
    expect(refused(answer, logits, -1.0, gumbel), "a negative temperature is accepted: raise ValueError.")
    yield "a negative temperature is refused"


@checker
def filter_logits(answer):
    """Source: Holtzman et al., arXiv:1904.09751, section 3.1 (top-p); rasbt/reasoning-from-scratch, issue 164."""
    random = np.random.default_rng(2)
    for shape in ((4, 9), (6,), (2, 3, 5)):
        logits = 1.5 * random.normal(size=shape)
        for k, p in ((2, 1.0), (1, 1.0), (0, 0.6), (0, 0.9), (0, 0.01), (3, 0.7), (0, 1.0), (shape[-1] + 5, 1.0)):
            with np.errstate(all="ignore"):
                found = array(answer(logits, k, p), "the logits", shape)
            keep, name = np.isfinite(found), f"k = {k}, p = {p:g}"
            expect(np.isneginf(found[~keep]).all(), f"{name}: what is removed should be minus infinity, not NaN.")
            expect((found[keep] > -1e6).all(), f"{name}: a token that is removed should get minus infinity.")
            right = known.kept(logits, k, p)
            tempting = known.nucleus_faults(logits, p) if not k and p < 1 else {}
            if k and p < 1:
                tempting["p counts probabilities from before top-k: share them out among the tokens that are left."] = (
                    known.kept(logits, k) & known.kept(logits, 0, p)
                )
            tempting["all rows get one threshold: each has its own."] = known.kept(logits.ravel(), k, p).reshape(shape)
            tempting = {words: value for words, value in tempting.items() if not np.array_equal(value, right)}
            counts = [short(part.sum(axis=-1).ravel()[:6]) for part in (keep, right)]
            message = f"{name}: {counts[0]} tokens are kept; {counts[1]} should be, the likeliest of each row."
            match(keep, right, message, tempting)
            expect(close(found[keep], logits[keep]), f"{name}: logits that are kept should keep their values.")
    yield "top-k, top-p, and both: the likeliest tokens of each row, with their values"

    with np.errstate(all="ignore"):
        found = [array(answer(logits, **options), "the logits", shape) for options in ({}, {"k": 2}, {"p": 0.5})]
    right = [known.kept(logits), known.kept(logits, 2), known.kept(logits, 0, 0.5)]
    match(np.isfinite(found), np.array(right), "k = 0 and p = 1 should be the defaults, and each may be given alone.")
    yield "defaults that remove nothing"

    tail = np.linspace(0.0, -80.0, 9)  # rounding: the first few probabilities add up to 1 already
    with np.errstate(all="ignore"):
        expect(np.isfinite(array(answer(tail, 0, 1.0), "the logits", (9,))).all(), "p = 1 removes tokens of a long tail.")
        huge = array(answer(1000 * logits, 0, 0.5), "the logits", shape)
    match(np.isfinite(huge), known.kept(1000 * logits, 0, 0.5), "logits of 1000: the likeliest token alone should be left.")
    yield "p = 1 removes nothing, and logits may be large"


@checker
def guided_probabilities(answer):
    """Guidance of probabilities. Source: Sanchez et al., arXiv:2306.17806; facebookresearch/audiocraft, issue 494."""
    random = np.random.default_rng(3)
    for shape in ((6,), (3, 5), (2, 3, 4)):
        conditional, unconditional = 2 * random.normal(size=(2, *shape))
        for scale, temperature in ((3.0, 1.0), (1.5, 0.5), (0.5, 2.0)):
            with np.errstate(all="ignore"):
                found = array(answer(conditional, unconditional, scale, temperature), "the probabilities", shape)
            expect(np.isfinite(found).all() and found.min() >= 0, f"some probabilities are negative or NaN: {short(found)}.")
            sums = found.sum(axis=-1)
            expect(close(sums, np.ones(shape[:-1])), f"probabilities should add up to 1 in each row, yours to {short(sums)}.")
            right = known.softmax(known.guide(conditional, unconditional, scale) / temperature)
            faults = known.probability_faults(conditional, unconditional, scale, temperature)
            tempting = {words: value for words, value in faults.items() if not close(value, right)}
            row = short(found.reshape(-1, shape[-1])[0]), short(right.reshape(-1, shape[-1])[0])
            match(found, right, f"scale {scale:g}, temperature {temperature:g}: {row[0]} should be {row[1]}.", tempting)
    yield "logits are guided, then divided by the temperature, then normalised"

    with np.errstate(all="ignore"):
        found = array(answer(500 * conditional, 500 * unconditional, 3.0, 1.0), "the probabilities", shape)
    expect(np.isfinite(found).all(), "logits of 1000 overflow: subtract the largest one before exp.")
    right = known.softmax(500 * known.guide(conditional, unconditional, 3.0))
    match(found, right, "logits of 1000 should be exact: no clipping.")
    yield "logits of a thousand"


@checker
def completion_log_probability(answer):
    """Source: lesson 09, section 2; van den Oord et al., arXiv:1601.06759, equation 1."""
    random, names = np.random.default_rng(4), "whole, completion"
    for batch, n, vocabulary in ((4, 6, 5), (3, 4, 7)):
        logits, tokens = 2 * random.normal(size=(batch, n, vocabulary)), random.integers(vocabulary, size=(batch, n))
        given = np.arange(n) < np.array([0, 1, n, *[n - 1] * (batch - 3)])[:, None]
        found = pair(answer(logits, tokens, given), names)
        found = [array(part, name, (batch,)) for part, name in zip(found, ("the whole", "the completion"), strict=True)]
        nats = -token_nats(logits, tokens)
        right = nats.sum(axis=1), (nats * ~given).sum(axis=1)
        message = f"the first image has log-probability {right[0][0]:.4f}, not {short(found[0][0])}."
        match(found[0], right[0], message, known.likelihood_faults(logits, tokens))
        tempting = {
            "that is the log-probability of the given tokens; asked is that of the others, given those.": right[0] - right[1],
            "the given tokens count as well: given them, only the others are uncertain.": right[0],
            "the sign: the completion's log-probability is the whole minus the beginning.": -right[1],
        }
        message = f"completions should have {short(right[1])}, not {short(found[1])}: 0 where all tokens are given."
        match(found[1], right[1], message, tempting)
    yield "the whole image, and what is left of it"

    with np.errstate(all="ignore"):
        found = pair(answer(1000 * logits, tokens, given), names)
    found = array(found[0], "the whole", (batch,))
    expect(np.isfinite(found).all(), "logits of 1000 give infinity or NaN: never form the logarithm of a softmax.")
    match(found, -token_nats(1000 * logits, tokens).sum(axis=1), "logits of 1000 should be exact: no clipping.")
    yield "logits of a thousand"

    for hole in (given[:, ::-1], np.array([[1, 0, 1, 1]] * batch, bool), np.array([*given[:2], [1, 1, 0, 1]], bool)):
        message = "given tokens that are no beginning are accepted; their conditional is not such a sum: raise ValueError."
        expect(refused(answer, logits, tokens, hole), message)
    yield "given tokens with a gap before them are refused"


@checker
def masked_after_each_step(answer):
    """Source: Chang et al., arXiv:2202.04200, section 3.3."""
    for count, steps in ((256, 8), (49, 8), (100, 7), (49, 1), (11, 11), (16, 10)):
        found = whole(answer(count, steps), f"the schedule of {count} tokens in {steps} steps", (steps,))
        right = np.array(known.schedule(count, steps))
        faults = {words: value for words, value in known.schedule_faults(count, steps).items() if not close(value, right)}
        match(found, right, f"{count} tokens in {steps} steps should leave {right.tolist()}, not {found.tolist()}.", faults)
        yield f"{count} tokens in {steps} step{'s' * (steps > 1)}"
    expect(refused(answer, 5, 6), "6 steps for 5 tokens are accepted: one step would fix nothing. Raise ValueError.")
    expect(refused(answer, 5, 0), "0 steps are accepted: raise ValueError.")
    yield "too many steps, and none, are refused"


@checker
def maskgit_step(answer):
    """Source: Chang et al., arXiv:2202.04200, section 3.2."""
    random = np.random.default_rng(5)
    for n, unknown in ((9, 6), (12, 12), (7, 2), (20, 13)):
        tokens, proposals = random.integers(50, size=n), 100 + random.permutation(n)
        places = np.sort(random.permutation(n)[:unknown])
        tokens[places] = -1
        for confidences in (random.uniform(size=n), -10 * random.uniform(size=n)):  # probabilities, log-probabilities
            confidences[tokens >= 0] = np.where(np.arange(n - unknown) % 2, -1000.0, 1000.0)  # of no interest
            for count in (unknown // 2, 1, unknown - 1, 0, unknown):
                found = whole(answer(tokens, proposals, confidences, count), "the tokens", (n,))
                masked = found == -1
                expect(not masked[tokens >= 0].any(), "a token that was fixed is masked again: only unknown ones compete.")
                expect((found == tokens)[tokens >= 0].all(), "a fixed token has changed: proposals are for masked places.")
                least = places[np.argsort(confidences[places])]
                most = set(np.flatnonzero(masked)) == set(least[unknown - count :]) != set(least[:count])
                expect(not most, "the MOST confident are masked again: keep those, and mask the least confident.")
                expect(masked.sum() == count, f"{masked.sum()} tokens are masked afterwards; it should be {count}.")
                expect(masked[least[:count]].all(), "others than the least confident are masked again.")
                expect((found == proposals)[places][~masked[places]].all(), "unmasked places should hold their proposals.")
    yield "the least confident of the unknown stay masked, the others get their proposals"

    tokens, proposals = np.array([-1, 7, -1, -1, -1, 3]), np.arange(10, 16)
    for count in range(5):
        found = whole(answer(tokens, proposals, np.full(6, 0.25), count), "the tokens", (6,))
        masks = (found == -1).sum()
        expect(masks == count, f"equal confidences: {masks} masks instead of {count}. Rank them; a threshold cannot tell.")
    yield "equal confidences leave the right number of masks"
    expect(
        refused(answer, tokens, proposals, np.arange(6.0), 5), "5 masks among 4 unknown tokens are accepted: raise ValueError."
    )
    yield "more masks than unknown tokens are refused"


@value_checker
def name_the_samples(answers):
    """The picture is made by tools/draw_image_gpt_exercises.py."""
    yield from (f"row {letter}" for letter in name_causes(answers, known.ROWS, known.CAUSES, known.CLUES))


@checker
def reweightings(answer):
    """Source: Ho and Salimans, arXiv:2207.12598, section 3.2; Bradley and Nakkiran, arXiv:2408.09000."""
    random, names = np.random.default_rng(6), ("tempered", "guided", "guided by token")
    functions = known.tempered, known.guided, known.guided_by_token
    for shape in ((2, 3, 4), (3, 2, 5)):
        joint = random.dirichlet(np.ones(np.prod(shape))).reshape(shape)
        for power in (1.0, 2.0, 0.5, 3.0):
            found = answer(joint, power)
            three = (isinstance(found, (tuple, list)) or getattr(found, "ndim", 0)) and len(found) == 3
            expect(three, f"return three arrays: {', '.join(names)}.")
            right = {name: function(joint, power) for name, function in zip(names, functions, strict=True)}
            equal = known.equal_classes(joint)
            tempting = dict(right)
            tempting["guided, as if all classes were equally frequent"] = known.guided(equal, power)
            tempting["guided by token, as if all classes were equally frequent"] = known.guided_by_token(equal, power)
            tempting["the plain p(images | class)"] = known.tempered(joint, 1.0)
            tempting["p(class, images), which adds up to 1 over all classes only"] = joint
            for part, name in zip(found, names, strict=True):
                part = array(part, name, shape)
                sums = part.sum(axis=(1, 2))
                expect(np.isfinite(part).all(), f"{name} has NaN or infinity at power {power:g}.")
                expect(
                    close(sums, np.ones(shape[0])) or close(part, joint),
                    f"{name}: the images of each class should add up to 1, yours to {short(sums)}.",
                )
                numbers = right[name][0, 0, 0], part[0, 0, 0]
                message = f"{name}, power {power:g}: image (0, 0) of class 0 has {numbers[0]:.4f}, not {numbers[1]:.4f}."
                others = {
                    f"what you call {name} is {what}.": value
                    for what, value in tempting.items()
                    if not close(value, right[name])
                }
                match(part, right[name], message, others)
    yield "temperature, guidance of whole images, guidance token by token"

    with np.errstate(all="ignore"):
        found = array(answer(joint, 3000.0), "the three arrays", (3, *shape))
    expect(np.isfinite(found).all(), "power 3000 gives NaN: powers of small numbers underflow. Work with logarithms.")
    match(found, np.array([function(joint, 3000.0) for function in functions]), "power 3000 should be exact.")
    yield "a power of three thousand"
