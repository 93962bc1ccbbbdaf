"""Checks of exercises 44: drawing images token by token."""

import numpy as np

from genimg_lib.checks.core import array, checker, close, expect, short, value_checker
from genimg_lib.checks.judge import choices, match, pair, refused, whole
from genimg_lib.checks.language.faults import farthest, log_softmax, softmax, token_nats
from genimg_lib.checks.sampling import faults, questions

ROUNDED = {"rtol": 1e-4, "atol": 1e-5}  # float32 is good enough
LARGE = {"rtol": 0.01, "atol": 0.01}  # float32 at logits of thousands: mistakes are far larger


@checker
def guided_logits(answer):
    """Source: Ho and Salimans, arXiv:2207.12598, equation 6 (their w is our scale - 1)."""
    random = np.random.default_rng(0)
    for shape in ((5,), (3, 7), (2, 3, 4)):
        conditional, unconditional = 2 * random.normal(size=(2, *shape))
        for scale, name in (
            (2.5, ""),
            (-0.5, ""),
            (1.0, "the conditional"),
            (0.0, "the unconditional"),
        ):
            found = log_softmax(
                array(answer(conditional, unconditional, scale), "the guided logits", shape)
            )
            # logits mean the same if a constant is added
            right = log_softmax(faults.guide(conditional, unconditional, scale))
            mistakes = faults.guidance_faults(conditional, unconditional, scale)
            what = f"scale {scale:g} should give {name or 'u + scale x (c - u) of both'} logits."
            tempting = {
                words: log_softmax(value)
                for words, value in mistakes.items()
                if not close(log_softmax(value), right)
            }
            match(found, right, what, tempting, **ROUNDED)
    yield "0 is unconditional, 1 conditional, and all scales lie on a line through both"


@checker
def gumbel_draw(answer):
    """Source: Maddison, Tarlow and Minka, arXiv:1411.0030, section 2."""
    random = np.random.default_rng(1)
    temperatures = (0.4, 1.0, 3.0)
    for shape in ((2000, 6), (5,), (40, 30, 3)):
        logits, gumbel = faults.clear_draws(random, shape, (0.0, *temperatures))
        for temperature in temperatures:
            found = whole(answer(logits, temperature, gumbel), "the tokens", shape[:-1])
            mistakes = faults.sampling_faults(logits, temperature, gumbel)
            right = (logits / temperature + gumbel).argmax(axis=-1)
            tempting = {
                words: value
                for words, value in mistakes.items()
                if not np.array_equal(value, right)
            }
            wrong = f"{(found != right).sum()} of {right.size}"
            match(
                found,
                right,
                f"at temperature {temperature:g} {wrong} tokens differ from what the noise draws.",
                tempting,
            )
        yield (
            f"logits of shape {shape}: one token each, softmax(logits / temperature) with "
            "Gumbel noise"
        )

    try:
        with np.errstate(divide="raise", invalid="raise"):
            found = whole(answer(logits, 0.0, 1e9 * gumbel), "the tokens", shape[:-1])
    except FloatingPointError:
        expect(
            False,
            "NumPy warns at temperature 0: something is divided by it. Multiply the noise, or "
            "return early.",
        )
    match(
        found,
        logits.argmax(axis=-1),
        "temperature 0 should take the likeliest token, whatever the noise.",
    )
    yield "temperature 0 is greedy"

    logits[..., 1] = -np.inf
    with np.errstate(all="ignore"):
        for temperature in (0.0, 0.5, 100.0):
            found = whole(answer(logits, temperature, 5 * gumbel), "the tokens", shape[:-1])
            expect(
                not (found == 1).any(),
                f"a token with logit -inf is drawn at temperature {temperature:g}.",
            )
    yield "a logit of minus infinity is never drawn"
    refused(answer, logits, -1.0, gumbel, what="negative temperatures")
    yield "a negative temperature is refused"


def _filter_once(answer, logits, k, p):
    """Rejects filtered logits in which what is removed, or what is kept, is wrong."""
    with np.errstate(all="ignore"):
        found = array(answer(logits, k, p), "the logits", logits.shape)
    keep = np.isfinite(found)
    name = f"k = {k}, p = {p:g}"
    expect(
        np.isneginf(found[~keep]).all(),
        f"{name}: what is removed should be MINUS infinity, not NaN.",
    )
    expect(
        keep.any(axis=-1).all() or p,
        "p = 0 leaves nothing; the likeliest token always stays.",
    )
    right = faults.kept(logits, k, p)
    other = keep & ~np.isclose(found, logits, **ROUNDED)
    for place in np.argwhere(other & ~right)[:1]:
        number = f"{found[tuple(place)]:g}"
        expect(
            False,
            f"{name}: a token that is removed should get minus infinity, not {number}.",
        )
    expect(not other.any(), f"{name}: logits that are kept should keep their values.")
    tempting = {
        words: value
        for words, value in faults.filter_faults(logits, k, p).items()
        if not np.array_equal(value, right)
    }
    counts = [short(part.sum(axis=-1).ravel()[:6]) for part in (keep, right)]
    message = (
        f"{name}: {counts[0]} tokens are kept; {counts[1]} should be, the likeliest of each row."
    )
    match(keep, right, message, tempting)


@checker
def filter_logits(answer):
    """Source: Holtzman et al., arXiv:1904.09751, section 3.1 (top-p);
    rasbt/reasoning-from-scratch, issue 164.
    """
    random = np.random.default_rng(2)
    for shape in ((4, 9), (6,), (2, 3, 5)):
        logits = 1.5 * random.normal(size=shape)
        for k, p in (
            (2, 1.0),
            (1, 1.0),
            (0, 0.6),
            (0, 0.9),
            (0, 0.01),
            (0, 0.0),
            (3, 0.7),
            (0, 1.0),
            (99, 1.0),
            (99, 0.8),
        ):
            _filter_once(answer, logits, k, p)
    yield "top-k, top-p, and both: the likeliest tokens of each row, with their values"

    with np.errstate(all="ignore"):
        found = [
            array(answer(logits, **options), "the logits", shape)
            for options in ({}, {"k": 2}, {"p": 0.5})
        ]
    right = [faults.kept(logits), faults.kept(logits, 2), faults.kept(logits, 0, 0.5)]
    match(
        np.isfinite(found),
        np.array(right),
        "k = 0 and p = 1 should be the defaults, and each may be given alone.",
    )
    yield "defaults that remove nothing"

    tail = np.linspace(0.0, -80.0, 9)  # rounding: the first few probabilities add up to 1 already
    with np.errstate(all="ignore"):
        expect(
            np.isfinite(array(answer(tail, 0, 1.0), "the logits", (9,))).all(),
            "p = 1 removes tokens of a long tail.",
        )
        for large in (1000 * logits, logits + 1000, logits - 1000):
            keep = np.isfinite(array(answer(large, 0, 0.8), "the logits", shape))
            message = (
                f"logits of 1000: {short(keep.sum(axis=-1).ravel())} tokens are kept; "
                "subtract the largest before exp."
            )
            match(keep, faults.kept(large, 0, 0.8), message)
    yield "p = 1 removes nothing, and logits may be large"


@checker
def guided_probabilities(answer):
    """Guidance of probabilities. Source: Sanchez et al., arXiv:2306.17806;
    facebookresearch/audiocraft, issue 494.
    """
    random = np.random.default_rng(3)
    for shape in ((6,), (3, 5), (2, 3, 4)):
        conditional, unconditional = 2 * random.normal(size=(2, *shape))
        for scale, temperature in ((3.0, 1.0), (1.5, 0.5), (0.5, 2.0)):
            with np.errstate(all="ignore"):
                found = array(
                    answer(conditional, unconditional, scale, temperature),
                    "the probabilities",
                    shape,
                )
            expect(
                np.isfinite(found).all() and found.min() >= 0,
                f"some probabilities are negative or NaN: {short(found)}.",
            )
            sums = found.sum(axis=-1)
            expect(
                close(sums, np.ones(shape[:-1]), **ROUNDED),
                f"each row should add up to 1, yours to {short(sums)}.",
            )
            right = softmax(faults.guide(conditional, unconditional, scale) / temperature)
            mistakes = faults.probability_faults(conditional, unconditional, scale, temperature)
            tempting = {
                words: value for words, value in mistakes.items() if not close(value, right)
            }
            message = (
                f"scale {scale:g}, temperature {temperature:g}: a row {farthest(found, right)[1]}"
            )
            match(found, right, message, tempting, **ROUNDED)
    yield "logits are guided, then divided by the temperature, then normalised"

    with np.errstate(all="ignore"):
        found = array(
            answer(500 * conditional, 500 * unconditional, 3.0, 1.0), "the probabilities", shape
        )
    expect(
        np.isfinite(found).all(), "logits of 1000 overflow: subtract the largest one before exp."
    )
    right = softmax(500 * faults.guide(conditional, unconditional, 3.0))
    match(found, right, "logits of 1000 should be exact: no clipping.", **LARGE)
    yield "logits of a thousand"


@checker
def completion_log_probability(answer):
    """Source: lesson 44, section 2; van den Oord et al., arXiv:1601.06759, equation 1."""
    random = np.random.default_rng(4)
    names = "the whole, the completion"
    for batch, n, vocabulary in ((4, 6, 5), (3, 4, 7)):
        logits = 2 * random.normal(size=(batch, n, vocabulary))
        tokens = random.integers(vocabulary, size=(batch, n))
        given = np.arange(n) < np.array([0, 1, n, *[n - 1] * (batch - 3)])[:, None]
        found = pair(answer(logits, tokens, given), names, (batch,))
        nats = -token_nats(logits, tokens)
        right = nats.sum(axis=1), (nats * ~given).sum(axis=1)
        exchanged = close(found, right[::-1], **ROUNDED)
        expect(
            not exchanged, "the two are exchanged: first the whole images, then the completions."
        )
        message = (
            f"log-probabilities of whole images should be {short(right[0])}, not {short(found[0])}."
        )
        match(found[0], right[0], message, faults.likelihood_faults(logits, tokens), **ROUNDED)
        tempting = {
            "that is the log-probability of the given tokens; asked is that of the others, given "
            "those.": right[0] - right[1],
            "the given tokens count as well: given them, only the others are uncertain.": right[0],
            "the sign: the completion's log-probability is the whole minus the beginning.": -right[
                1
            ],
        }
        message = (
            f"completions should have {short(right[1])}, not {short(found[1])}: 0 where all "
            "tokens are given."
        )
        match(found[1], right[1], message, tempting, **ROUNDED)
    yield "the whole image, and what is left of it"

    with np.errstate(all="ignore"):
        found = pair(answer(1000 * logits, tokens, given), names, (batch,))
    expect(
        np.isfinite(found).all(),
        "logits of 1000 give infinity or NaN: never form the logarithm of a softmax.",
    )
    nats = -token_nats(1000 * logits, tokens)
    for part, right in zip(found, (nats.sum(axis=1), (nats * ~given).sum(axis=1)), strict=True):
        match(part, right, "logits of 1000 should be exact: no clipping.", **ROUNDED)
    yield "logits of a thousand"

    for hole in (
        given[:, ::-1],
        np.array([[1, 0, 1, 1]] * batch, bool),
        np.array([*given[:2], [1, 1, 0, 1]], bool),
    ):
        refused(
            answer,
            logits,
            tokens,
            hole,
            what="given tokens that are no beginning (their conditional is no such sum)",
        )
    yield "given tokens with a gap before them are refused"


@checker
def masked_after_each_step(answer):
    """Source: Chang et al., arXiv:2202.04200, section 3.3."""
    for count, steps in ((256, 8), (49, 8), (100, 7), (49, 1), (11, 11), (16, 10)):
        found = whole(
            answer(count, steps), f"the schedule of {count} tokens in {steps} steps", (steps,)
        )
        right = np.array(faults.schedule(count, steps))
        mistakes = {
            words: value
            for words, value in faults.schedule_faults(count, steps).items()
            if not close(value, right)
        }
        end = (
            "-1 is left at the end: in floating point the cosine of a quarter turn is not quite "
            "0. Stop at 0."
        )
        expect(found[-1] != -1, end)
        match(
            found,
            right,
            f"{count} tokens in {steps} steps should leave {right.tolist()}, not {found.tolist()}.",
            mistakes,
        )
        yield f"{count} tokens in {steps} step{'s' * (steps > 1)}"
    refused(answer, 5, 6, what="6 steps for 5 tokens (one step would fix nothing)")
    refused(answer, 5, 0, what="0 steps")
    yield "too many steps, and none, are refused"


@checker
def maskgit_step(answer):
    """Source: Chang et al., arXiv:2202.04200, section 3.2."""
    random = np.random.default_rng(5)
    for n, unknown in ((9, 6), (12, 12), (7, 2), (20, 13)):
        tokens = random.integers(50, size=n)
        proposals = 100 + random.permutation(n)
        places = np.sort(random.permutation(n)[:unknown])
        tokens[places] = -1
        # probabilities, log-probabilities
        for confidences in (random.uniform(size=n), -10 * random.uniform(size=n)):
            # of no interest
            confidences[tokens >= 0] = np.where(np.arange(n - unknown) % 2, -1000.0, 1000.0)
            for count in (unknown // 2, 1, unknown - 1, 0, unknown):
                found = whole(answer(tokens, proposals, confidences, count), "the tokens", (n,))
                masked = found == -1
                expect(
                    not masked[tokens >= 0].any(),
                    "a token that was fixed is masked again: only unknown ones compete.",
                )
                expect(
                    (found == tokens)[tokens >= 0].all(),
                    "a fixed token has changed: proposals are for masked places.",
                )
                least = places[np.argsort(confidences[places])]
                most = (
                    set(np.flatnonzero(masked))
                    == set(least[unknown - count :])
                    != set(least[:count])
                )
                expect(
                    not most,
                    "the MOST confident are masked again: keep those, "
                    "and mask the least confident.",
                )
                expect(
                    masked.sum() == count,
                    f"{masked.sum()} tokens are masked afterwards; it should be {count}.",
                )
                expect(
                    masked[least[:count]].all(), "others than the least confident are masked again."
                )
                expect(
                    (found == proposals)[places][~masked[places]].all(),
                    "unmasked places should hold their proposals.",
                )
    yield "the least confident of the unknown stay masked, the others get their proposals"

    tokens = np.array([-1, 7, -1, -1, -1, 3])
    proposals = np.arange(10, 16)
    for count in range(5):
        found = whole(answer(tokens, proposals, np.full(6, 0.25), count), "the tokens", (6,))
        masks = (found == -1).sum()
        expect(
            masks == count,
            f"equal confidences: {masks} masks instead of {count}. Rank them; a threshold cannot "
            "tell.",
        )
    yield "equal confidences leave the right number of masks"
    refused(answer, tokens, proposals, np.arange(6.0), 5, what="5 masks among 4 unknown tokens")
    yield "more masks than unknown tokens are refused"


@value_checker(tries=2)
def name_the_samples(answers):
    """The picture is made by tools/draw_exercises.py image_gpt."""
    yield from choices(answers, questions.ROWS)


@checker
def reweightings(answer):
    """Source: Ho and Salimans, arXiv:2207.12598, section 3.2; Bradley and Nakkiran,
    arXiv:2408.09000.
    """
    random = np.random.default_rng(6)
    names = ("tempered", "guided", "guided by token")
    functions = faults.tempered, faults.guided, faults.guided_by_token
    for shape in ((2, 3, 4), (3, 2, 5)):
        joint = random.dirichlet(np.ones(np.prod(shape))).reshape(shape)
        for power in (1.0, 2.0, 0.5, 3.0):
            found = answer(joint, power)
            three = (isinstance(found, (tuple, list)) or getattr(found, "ndim", 0)) and len(
                found
            ) == 3
            expect(three, f"return three arrays: {', '.join(names)}.")
            right = {
                name: function(joint, power)
                for name, function in zip(names, functions, strict=True)
            }
            equal = faults.equal_classes(joint)
            tempting = dict(right)
            tempting["guided, as if all classes were equally frequent"] = faults.guided(
                equal, power
            )
            tempting["guided by token, as if all classes were equally frequent"] = (
                faults.guided_by_token(equal, power)
            )
            tempting["the plain p(images | class)"] = faults.tempered(joint, 1.0)
            tempting["p(class, images), which adds up to 1 over all classes only"] = joint
            for part, name in zip(found, names, strict=True):
                part = array(part, name, shape)
                sums = part.sum(axis=(1, 2))
                expect(np.isfinite(part).all(), f"{name} has NaN or infinity at power {power:g}.")
                expect(
                    close(sums, np.ones(shape[0]), **ROUNDED) or close(part, joint, **ROUNDED),
                    f"{name}: the images of each class should add up to 1, yours to {short(sums)}.",
                )
                place, numbers = farthest(part, right[name])
                message = (
                    f"{name}, power {power:g}: images ({place[1]}, ...) of class {place[0]} "
                    f"{numbers}"
                )
                others = {
                    f"what you call {name} is {what}.": value
                    for what, value in tempting.items()
                    if not close(value, right[name])
                }
                match(part, right[name], message, others, **ROUNDED)
    yield "temperature, guidance of whole images, guidance token by token"

    with np.errstate(all="ignore"):
        found = array(answer(joint, 3000.0), "the three arrays", (3, *shape))
    expect(
        np.isfinite(found).all(),
        "power 3000 gives NaN: powers of small numbers underflow. Work with logarithms.",
    )
    match(
        found,
        np.array([function(joint, 3000.0) for function in functions]),
        "power 3000 should be exact.",
        **LARGE,
    )
    yield "a power of three thousand"
