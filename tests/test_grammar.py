"""Grammars over the tokens of a language model: what they let it write. Needs the extra `llm`."""

import random
import re

import numpy as np
import pytest

pytest.importorskip("keras_hub", reason="the extra `llm` is not installed")

import tiny_language_models as tiny

from genimg_lib.language import language_model
from genimg_lib.language.grammar import compile_grammar
from genimg_lib.scenes import program as scenes

PROMPTS = ["the", "in", "1"]
PATTERNS = {
    "a choice": "red|green|blue",
    "a loop": "(the )+end",
    "numbers": r"[0-9]{1,3}(, [0-9]{1,3})*\.?",
    "lines": r"in: (1|2|12)\n{1,2}",
    "the end before more": "the(the)?",
    "a choice that begins another": "the|thethe|the12",
    "scenes": scenes.GRAMMAR,
}


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return language_model.load(tiny.write_gguf(tmp_path_factory.mktemp("tiny") / "tiny.gguf"))


@pytest.fixture(scope="module")
def automata(model):
    return {name: compile_grammar(pattern, model) for name, pattern in PATTERNS.items()}


def shortest(automaton, model):
    return int(automaton.tokens_to_end(model.stop)[0])


@pytest.mark.parametrize("name", PATTERNS)
@pytest.mark.parametrize("room", [0, 1, 2, 12])
def test_whatever_a_random_model_writes_matches_even_when_tokens_run_out(
    model, automata, name, room
):
    automaton = automata[name]
    for seed in range(10):
        options = {"temperature": (0.0, 1.0, 5.0)[seed % 3], "seed": seed}
        texts = model.generate(
            PROMPTS * 4, shortest(automaton, model) + room, allowed=automaton, **options
        )
        assert all(re.fullmatch(PATTERNS[name], text) for text in texts), texts
        if name == "scenes":
            assert all(scenes.write(scenes.parse(text)) == text for text in texts)


def test_the_model_still_has_a_say(model, automata):
    texts = [
        model.generate(PROMPTS * 4, 25, allowed=automata["numbers"], temperature=1.0, seed=seed)
        for seed in range(5)
    ]
    assert len({text for some in texts for text in some}) > 20
    assert {len(text) for some in texts for text in some} >= {1, 2, 3}


@pytest.mark.parametrize("name", PATTERNS)
def test_too_few_tokens_for_any_text_are_refused(model, automata, name):
    with pytest.raises(ValueError, match="the shortest allowed answer has"):
        model.generate(["the"], shortest(automata[name], model) - 1, allowed=automata[name])


@pytest.mark.parametrize("name", PATTERNS)
def test_the_automaton_accepts_exactly_what_the_pattern_matches(model, automata, name):
    """Random tokenizations of texts that match, and of texts with one token changed."""
    choice, automaton = random.Random(0), automata[name]
    tokens_of = {
        text: token
        for token, text in enumerate(model.detokenize([[t] for t in range(len(tiny.TOKENS))]))
        if text
    }

    def accepts(tokens):
        state = 0
        for token in [*tokens, model.stop]:
            state = automaton.next_state[state, automaton.kind[token]]
            if state < 0:
                return False
        return True

    accepted = 0
    for text in model.generate(PROMPTS * 20, 45, allowed=automaton, temperature=2.0, seed=3):
        tokens = []
        while rest := text[sum(len(model.detokenize([[token]])[0]) for token in tokens) :]:
            tokens.append(
                tokens_of[choice.choice([rest[:n] for n in range(1, 5) if rest[:n] in tokens_of])]
            )
        assert accepts(tokens), text
        tokens[choice.randrange(len(tokens))] = choice.choice(list(tokens_of.values()))
        changed = "".join(text for (text,) in (model.detokenize([[token]]) for token in tokens))
        if "\ufffd" not in changed:
            assert accepts(tokens) == bool(re.fullmatch(PATTERNS[name], changed)), changed
            accepted += accepts(tokens)
    assert accepted < 60


@pytest.mark.parametrize("pattern", ["(red", "a{2,1}", "\u4e2d\u6587", "[z-a]"])
def test_what_is_no_grammar_for_this_model_is_refused(model, pattern):
    with pytest.raises(ValueError, match="no grammar can be made of"):
        compile_grammar(pattern, model)


def test_a_model_that_cannot_stop_is_refused(model, monkeypatch):
    monkeypatch.setattr(model, "stop", None)
    with pytest.raises(ValueError, match="no stop token"):
        compile_grammar("red", model)


def test_the_shipped_grammar_fits_the_drawers_limit():
    """In whole words; the real vocabulary is in `test_drawer.py`."""
    from genimg_lib.scenes.drawer import MAX_TOKENS

    longest = scenes.write(
        scenes.Scene("meadow", (scenes.Thing("mushroom", "orange", "medium", "bottom right"),) * 6)
    )
    assert len(re.findall(r"\w+|[:,\n]", longest)) + 1 <= MAX_TOKENS
    assert np.isfinite(MAX_TOKENS)
