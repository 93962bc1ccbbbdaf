"""Checks of exercises 62: a language model, tuned, constrained and put to work."""

import numpy as np

from genimg_lib.checks.core import array, checker, close, expect, value_checker
from genimg_lib.checks.judge import choices, estimates, match, pair, refused, several, whole
from genimg_lib.checks.models_together import faults, questions


@checker
def accumulated_loss(answer):
    """Source: the definition of a mean; huggingface/transformers, pull request 34191."""
    random = np.random.default_rng(1)
    for sizes in (((2, 5), (3, 7)), ((1, 9), (1, 4), (1, 6)), ((1, 3), (2, 4), (1, 8))):
        batches = []
        for n, length in sizes:
            answers = np.arange(length) >= random.integers(1, length, (n, 1))
            batches.append((random.exponential(1.0, (n, length)) + 2 * ~answers, answers))
        if sizes[0] == (1, 3):
            batches[0][1][:] = False  # a prompt so long that its answer was cut off
        found = array(answer(batches), "the loss", ())
        wanted, tempting = faults.mean_of_answers(batches)
        expect(not np.isnan(found), "a batch without a taught token makes the loss NaN.")
        told = f"{len(sizes)} batches: the loss is {wanted:.4f}, and not {found:.4f}."
        match(found, wanted, told, tempting)
        yield f"{len(sizes)} batches of {', '.join(f'{n} x {length}' for n, length in sizes)}"


@checker
def kept_examples(answer):
    """Source: Brown et al., arXiv:2005.14165, section 2 (as many examples as fit)."""
    for lengths, fixed, limit, wanted in (
        ([40, 60], 100, 200, [1, 0]),
        ([30, 50, 20, 40], 100, 200, [2, 1, 0]),
        ([30, 90, 20, 40], 100, 200, [3, 2, 0]),
        ([10, 10, 10], 50, 500, [2, 1, 0]),
        ([1, 2], 70, 70, []),
        ([], 10, 20, []),
    ):
        found = answer(list(lengths), fixed, limit)
        found = [int(index) for index in whole(found, "the examples", (len(found),))]
        case = f"lengths {lengths}, {limit - fixed} tokens left"
        used = sum(lengths[index] for index in found)
        expect(used <= limit - fixed, f"{case}: {found} needs {used} tokens, which is too many.")
        room = [
            index
            for index, length in enumerate(lengths)
            if index not in found and used + length <= limit - fixed
        ]
        expect(not room, f"{case}: {found} is taken, and example {room[:1]} would still fit.")
        expect(
            len(found) < 2 or found != wanted[::-1],
            "the most useful one belongs last, next to the request: turn the list round.",
        )
        expect(found == wanted, f"{case}: the examples are {wanted}; yours are {found}.")
        yield case
    refused(answer, [5, 5], 71, 70, what="requests that do not fit by themselves")
    yield "a request that does not fit is refused"


@checker
def lora_gradients(answer):
    """Source: Hu et al., arXiv:2106.09685, section 4.1."""
    random = np.random.default_rng(2)
    for n, inputs, outputs, rank, alpha in (
        (7, 5, 4, 2, 16.0),
        (3, 4, 6, 3, 1.5),
        (6, 3, 3, 1, 2.0),
    ):
        x, gradient = random.normal(size=(n, inputs)), random.normal(size=(n, outputs))
        a, b = random.normal(size=(inputs, rank)), random.normal(size=(rank, outputs))
        found = pair(
            answer(x, a, b, alpha, gradient), "gradient of A, gradient of B", a.shape, b.shape
        )
        wanted = faults.gradients_by_differences(x, a, b, alpha, gradient)
        for name, one, right in zip("AB", found, wanted, strict=True):
            tempting = {
                told: right * factor for told, factor in faults.mistaken_scales(a, b, alpha).items()
            } | {"`gradient` is that of the loss as it is: sum over the batch.": right / n}
            off = np.abs(one - right).max()
            told = f"the gradient of {name} is off by up to {off:.3g}: numerical differences tell"
            match(one, right, f"{told} another one.", tempting)
        yield f"rank {rank}, alpha {alpha:g}: as numerical differences"
    start = pair(answer(x, a, 0 * b, alpha, gradient), "gradient of A, gradient of B")
    moves = [bool(np.abs(one).max() > 0) for one in start]
    expect(
        moves == [False, True],
        "where B is 0, the first step moves B alone: A has no influence yet.",
    )
    yield "at the start, with B = 0, only B moves"


@value_checker
def lora_numbers(answers):
    """Source: Hu et al., arXiv:2106.09685, section 4.2; AdamW in mixed precision: 16 bytes."""
    yield from estimates(answers, questions.LORA)


@checker
def repaired(answer):
    """Source: P. Norvig, "How to write a spelling corrector" (2007): all words at distance one."""
    known = ["cat", "cart", "car", "red", "green", "boat", "moon", "tiny"]
    for words, wanted, changed, told in (
        (["red", "cat"], ["red", "cat"], 0, "known words stay, also if another one is near"),
        (["rad", "moon"], ["red", "moon"], 1, "one letter may be wrong"),
        (["gren", "boa", "iny"], ["green", "boat", "tiny"], 3, "one letter may be missing"),
        (["mooon", "boats", "ared"], ["moon", "boat", "red"], 3, "one letter may be too many"),
        ([], [], 0, "an empty program has nothing to repair"),
    ):
        program, count = several(answer(list(words), list(known)), "words, changed")
        expect(
            list(program) == wanted,
            f"{told}: {words} should become {wanted}, and not {list(program)}.",
        )
        expect(
            int(whole(count, "the number of changes", ())) == changed,
            f"{words}: the number of repaired words is {changed}, and not {count}.",
        )
        yield told
    for words, what in (
        (["cat", "cam"], "words that could be two known ones, such as 'cam',"),
        (["goat", "bat"], "words that are near to several, such as 'bat',"),
        (["rd", "silver"], "words that are near to nothing, such as 'silver',"),
        (["mon", "grn"], "words at distance two, such as 'grn',"),
        (["ca"], "beginnings of two known words, such as 'ca',"),
    ):
        refused(answer, words, known, what=what)
    yield "what is not clear is refused"


@checker
def blame(answer):
    """Source: Sculley et al., "Hidden technical debt in machine learning systems" (2015)."""
    random = np.random.default_rng(3)
    for n, links in ((60, 3), (40, 4)):
        hard = random.random((n, 1)) < 0.4  # requests on which all links are worse
        right = random.random((n, links)) > 0.1 + 0.45 * hard
        names = "success, first, gain"
        parts = several(answer(right), names)
        shapes = ((), (links,), (links,))
        wanted, mistakes = faults.blamed(right), faults.mistaken_blame(right)
        for name, part, shape, value, told in zip(
            names.split(", "), parts, shapes, wanted, mistakes, strict=True
        ):
            found = array(part, name, shape)
            words = f"{name} is {np.round(found, 3)}, and should be {np.round(value, 3)}."
            match(found, value, f"{n} requests, {links} links: {words}", told)
        yield f"{n} requests through {links} links"


@checker
def vote(answer):
    """Source: Condorcet (1785) for independent judges; Kim et al., arXiv:2506.07962."""
    for right, judges, shared in ((0.8, 3, 0.0), (0.7, 5, 0.4), (0.6, 3, 0.9), (0.9, 1, 0.5)):
        found = pair(answer(right, judges, shared), "majority right, unanimous wrong", ())
        wanted = faults.votes(right, judges, shared)
        case = f"{judges} judges, each right with {right:g}, shared {shared:g}"
        mistakes = faults.mistaken_votes(right, judges, shared)
        for name, one, value, told in zip(
            ("majority is right", "unanimous vote is wrong"), found, wanted, mistakes, strict=True
        ):
            match(one, value, f"{case}: the {name} with {value:.4f}, not {one:.4f}.", told)
        yield case


@checker
def allowed_table(answer):
    """Source: Willard and Louf, arXiv:2307.09702, section 3; all sequences of tokens, searched."""
    words = _states_of(["red cat", "red cart", "green cat"])
    pieces = ["red", "re", "d", "green", " ", " ca", "ca", "t", "r", "rt", "cat", "tt"]
    chain = [{"a": 1}, {"a": 2, "b": 2}, {"a": 3, "b": 0}, {"a": 4}, {"a": 5}, {}, {"b": 6}]
    for moves, final, vocabulary, case in (
        (chain, {5}, ["a", "aa", "b", "ab", "bb"], "a language with a loop"),
        (*words, pieces, "three short texts"),
        (*words, [piece for piece in pieces if piece != "t"], "a vocabulary without 't'"),
        (chain, {5}, ["aa", "b", "ab"], "a loop, and no token 'a'"),
    ):
        rows = [dict(row) for row in moves]
        table = answer(rows, set(final), list(vocabulary))
        shape = (len(moves), len(vocabulary))
        found = whole(np.asarray(table) * 1, "the table", shape)
        wanted = faults.allowed_by_search(moves, final, vocabulary)
        at = tuple(np.argwhere(found != wanted)[0]) if (found != wanted).any() else (0, 0)
        told = f"{case}: in state {at[0]}, {vocabulary[at[1]]!r} should be {bool(wanted[at])}."
        match(found, wanted, told, faults.mistaken_tables(moves, final, vocabulary))
        yield case


def _states_of(texts) -> tuple[list[dict[str, int]], set[int]]:
    """An automaton of some texts: the moves of its states by letter, and its final states."""
    moves: list[dict[str, int]] = [{}]
    final = set()
    for text in texts:
        state = 0
        for letter in text:
            if letter not in moves[state]:
                moves.append({})
                moves[state][letter] = len(moves) - 1
            state = moves[state][letter]
        final.add(state)
    return moves, final


@value_checker(tries=2)
def name_the_systems(answers):
    """Source: recordings of lesson 62 for A, B, D and E; see the discussion of 62.9."""
    yield from choices(answers, questions.SYSTEMS)


@checker
def cascade(answer):
    """Source: Chen, Zaharia and Zou, arXiv:2305.05176, section 3 (FrugalGPT)."""
    random = np.random.default_rng(6)
    for n, target in ((12, 0.75), (40, 0.75), (30, 0.1), (24, 0.875)):
        confidence = np.round(random.random(n), 1 if n > 12 else 3)
        small = random.random(n) < 0.2 + 0.7 * confidence
        large = random.random(n) < 0.9
        if n == 12:
            small, large = np.arange(n) % 4 > 1, np.arange(n) % 6 != 0
            confidence = np.linspace(0.2, 0.9, n)
        found = pair(answer(confidence, small, large, target), "sent on, accuracy", ())
        wanted = faults.cheapest(confidence, small, large, target)
        numbers = f"({found[0]:.3f}, {found[1]:.3f}), not ({wanted[0]:.3f}, {wanted[1]:.3f})"
        tempting = faults.mistaken_cascades(confidence, small, large, target)
        match(found, wanted, f"{n} requests, target {target:g}: got {numbers}.", tempting)
        yield f"{n} requests, target {target:g}"
    refused(
        answer,
        np.array([0.1, 0.5, 0.9]),
        np.array([False, True, True]),
        np.array([False, True, False]),
        0.9,
        what="targets that no threshold reaches",
    )
    yield "a target out of reach is refused"


@checker
def masked_and_conditional(answer):
    """Source: Park et al., arXiv:2405.21047, section 2 (what constrained decoding samples from)."""
    random = np.random.default_rng(5)
    for firsts, seconds in ((3, 4), (5, 2), (4, 4)):
        first = random.dirichlet(np.ones(firsts))
        second = random.dirichlet(np.full(seconds, 0.5), firsts)
        valid = random.random((firsts, seconds)) < 0.5
        valid[0], valid[1, 0], valid[2] = False, True, np.arange(seconds) == 1
        shape = (firsts, seconds)
        found = pair(answer(first, second, valid), "masked, conditional", shape)
        expect(
            np.isfinite(found[0]).all(),
            "where a first token has no valid continuation, 0 / 0 gives NaN: it never comes.",
        )
        wanted = faults.masked_and_given_valid(first, second, valid)
        mistakes = faults.mistaken_masks(first, second, valid)
        for name, one, right, told in zip(
            ("under the mask", "given validity"), found, wanted, mistakes, strict=True
        ):
            off = np.abs(one - right).max()
            match(one, right, f"{name}: a probability is off by {off:.3f}.", told)
        yield f"{firsts} first tokens, {seconds} second ones"
    everything = np.ones(shape, bool)
    both = pair(answer(first, second, everything), "masked, conditional", shape)
    expect(close(both[0], both[1]), "where everything is valid, both are the model itself.")
    yield "without a grammar the two are the same"
