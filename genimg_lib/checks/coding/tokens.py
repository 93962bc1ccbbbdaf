"""Tokens: quantising, sampling, accepting, merging."""

import numpy as np

from genimg_lib.checks.core import checker, close, expect, short
from genimg_lib.checks.judge import match, several, whole

ROUNDED = {"rtol": 1e-4, "atol": 1e-5}  # float32 is accurate enough


@checker
def fsq_quantise(answer):
    """Source: Mentzer et al., arXiv:2309.15505, section 3.1, here without the shift that it gives
    even levels.
    """
    random = np.random.default_rng(0)
    for levels, shape in (((5, 3, 4), (4, 6)), ((8, 2), (30,))):
        z = 2 * random.normal(size=(*shape, len(levels)))
        z.reshape(-1, len(levels))[0] = 40  # the last code of each dimension
        codes, tokens = several(answer(z, levels), "codes, tokens")
        codes = whole(codes, "the codes", z.shape)
        tokens = whole(tokens, "the tokens", shape)
        bounded = (np.tanh(z) + 1) / 2
        right = np.rint(bounded * (np.array(levels) - 1)).astype(int)
        match(
            codes,
            right,
            f"the codes of levels {levels} should be round((tanh(z) + 1) / 2 * (levels - 1)).",
            {
                "a dimension of L levels has codes up to L: that is one too many; scale by L - "
                "1.": np.rint(bounded * levels).astype(int),
                "the codes are cut off, not rounded: the last one is hardly ever "
                "reached.": np.floor(bounded * (np.array(levels) - 1)).astype(int),
                "z is not bounded by tanh.": np.rint(
                    np.clip((z + 1) / 2, 0, 1) * (np.array(levels) - 1)
                ).astype(int),
            },
        )
        bases = np.cumprod([1, *levels[:-1]])
        backwards = np.cumprod([1, *levels[:0:-1]])[::-1]
        match(
            tokens,
            right @ bases,
            f"the tokens of levels {levels} should be whole numbers from 0 to "
            f"{np.prod(levels) - 1}, one for each combination.",
            {
                "the last dimension counts fastest: here it is the FIRST one.": right @ backwards,
                "every dimension is given the same base: two combinations can share a token.": right
                @ np.max(levels) ** np.arange(len(levels)),
                "the codes are added up: many combinations share a token.": right.sum(axis=-1),
            },
        )
    yield "codes within their levels, tokens with the first dimension fastest"


@checker
def top_p_token(answer):
    """Source: Holtzman et al., arXiv:1904.09751, section 3.1."""
    probabilities = np.array([0.15, 0.4, 0.05, 0.3, 0.1])
    logits = np.log(probabilities) + 3

    def asked(p, uniform, logits=logits):
        with np.errstate(all="ignore"):
            return int(whole(answer(logits, p, uniform), "the token", ()))

    falling = [1, 3, 0, 4, 2]
    for p, kept in ((0.75, 3), (0.3, 1), (0.5, 2), (0.97, 5), (1.0, 5)):
        limits = np.cumsum(probabilities[falling][:kept]) / probabilities[falling][:kept].sum()
        uniforms = [
            uniform
            for uniform in np.linspace(0.005, 0.995, 45)
            if np.abs(limits - uniform).min() > 1e-3
        ]
        tokens = [asked(p, uniform) for uniform in uniforms]
        for uniform, found in zip(uniforms, tokens, strict=True):
            where = f"with p = {p:g} and uniform = {uniform:.3f} "
            expect(found in range(5), where + f"token {found} is none of the five.")
            expect(
                found in falling[:kept],
                where + f"token {found} is not among the {kept} likeliest, which reach p.",
            )
        for uniform, found in zip(uniforms, tokens, strict=True):
            right = falling[int(np.sum(limits <= uniform))]
            if found == right:
                continue
            where = f"with p = {p:g} and uniform = {uniform:.3f} the token should be {right}: "
            without_sum = falling[int(np.sum(np.cumsum(probabilities[falling]) <= uniform))]
            expect(
                found != without_sum,
                where + "the kept probabilities must be divided by their sum.",
            )
            expect(
                found != falling[0],
                where + f"the likeliest token, {found}, is taken too often: one that crosses p is "
                "kept as well.",
            )
            expect(
                False,
                where + f"yours is {found}. The kept tokens stand in order of falling probability.",
            )
    yield "the smallest set that reaches p, divided by its sum, in falling order"

    large = asked(0.75, 0.9, np.append(logits + 5000, -5000))
    expect(large == 0, "logits in the thousands overflow: subtract the largest first.")
    yield "logits in the thousands"


@checker
def speculative_tokens(answer):
    """Source: Leviathan, Kalman and Matias, arXiv:2211.17192, algorithm 1."""
    random = np.random.default_rng(1)
    draft = random.dirichlet(np.ones(4), size=3)
    target = random.dirichlet(np.ones(4), size=4)
    tokens = [int(row.argmax()) for row in draft]  # where the draft is surer than the target
    tokens[1] = int((target[:3] / draft)[1].argmax())  # where it is less sure
    ratios = [target[place, token] / draft[place, token] for place, token in enumerate(tokens)]
    asked = []

    def sample(probabilities):
        probabilities = np.asarray(probabilities, float)
        expect(
            close(probabilities.sum(), 1.0, atol=1e-3) and probabilities.min() > -1e-6,
            f"sample was given {short(probabilities)}, no distribution: divide by its sum.",
        )
        asked.append(probabilities)
        return int(probabilities.argmax())

    def run(uniforms):
        asked.clear()
        found = answer(draft, target, tokens, np.array(uniforms), sample)
        found = [int(token) for token in whole(list(found), "the tokens")]
        return found, list(asked)

    assert ratios[0] < 1 < ratios[1]
    just_under, just_over = 0.98 * min(1, ratios[2]), min(1, 1.02 * ratios[2])
    for uniforms, kept in (
        ((0.9 * ratios[0], 0.99, just_under), 3),
        ((0.9 * ratios[0], 0.99, just_over), 2),
        ((1.02 * ratios[0], 0.01, 0.01), 0),
    ):
        found, given = run(uniforms)
        case = f"with uniforms {short(np.array(uniforms))} {kept} of 3 tokens should be kept: "
        expect(
            found[:kept] == tokens[:kept] and len(found) > kept,
            case + f"yours are {found}. A token is kept if u < target / draft.",
        )
        expect(
            len(given) == 1,
            case + f"exactly one token is sampled after them; you sampled {len(given)}.",
        )
        expect(
            len(found) == kept + 1,
            case + f"and one sampled token follows; yours are {found}.",
        )
        expect(found[-1] == int(given[0].argmax()), case + "then the sampled token comes last.")
        if kept == 3:
            match(
                given[0],
                target[3],
                case + "the last token should be sampled from the target's last row.",
                **ROUNDED,
            )
            continue
        rest = np.maximum(target[kept] - draft[kept], 0)
        match(
            given[0],
            rest / rest.sum(),
            case + "the next should be sampled from max(target - draft, 0), divided by its sum.",
            {
                "after a refusal the next token is sampled from the target: what the draft has "
                "offered already would then come twice.": target[kept],
                "after a refusal the next token is sampled from the draft.": draft[kept],
            },
            **ROUNDED,
        )
    yield "kept up to the first refusal, then one token from the right distribution"


@checker(seconds=2)
def bpe_encode(answer):
    """Source: Sennrich, Haddow and Birch, arXiv:1508.07909, section 3.2."""
    merges = [("l", "o"), ("lo", "w"), ("e", "r"), ("a", "a"), ("low", "er"), ("w", "e")]
    for word, right in (
        ("low", ["low"]),
        ("lower", ["lower"]),
        ("slow", ["s", "low"]),
        ("lolo", ["lo", "lo"]),
        ("wer", ["w", "er"]),
        ("we", ["we"]),
        ("aaa", ["aa", "a"]),
        ("aaaa", ["aa", "aa"]),
        ("xyz", ["x", "y", "z"]),
        ("", []),
    ):
        found = answer(word, merges)
        expect(isinstance(found, (list, tuple)), f"return a list of pieces, not {short(found)}.")
        found = list(found)
        expect(
            "".join(map(str, found)) == word,
            f"{word!r} becomes {found}: the pieces should spell the word.",
        )
        hints = {
            "lolo": "a merge applies to EVERY place where the pair stands. ",
            "wer": "the merge that was learned FIRST goes first, not the one furthest left. ",
            "lower": "what was merged can be merged again. ",
        }
        expect(
            found == right,
            f"{hints.get(word, '')}{word!r} should become {right}, not {found}.",
        )
    yield "merges in the order in which they were learned, everywhere, left to right"
    merges = [("b", "c"), ("a", "b"), ("bc", "d")]
    expect(
        list(answer("abcd", merges)) == ["a", "bcd"],
        "the pieces are looked up from left to right, longest first: that is another "
        "tokenizer; apply the merges.",
    )
    yield "no longest match"
