"""A regular expression -> an automaton over the tokens of a language model, for
`LanguageModel.generate(allowed=...)`.

An automaton over characters becomes one over tokens by asking of each state and each token: is
there a path for all the characters of the token? Source: Willard and Louf, "Efficient guided
generation for large language models", arXiv:2307.09702, section 3. The package outlines-core does
it in a second for a whole vocabulary; it needs the extra `llm`.
"""

import re

from genimg_lib.language.automaton import Automaton
from genimg_lib.language.language_model import LanguageModel

END = "\ue000"  # a character for private use: stands for the stop token


def compile_grammar(pattern: str, model: LanguageModel) -> Automaton:
    """The automaton that lets `model` write exactly the texts that match all of `pattern`, and then
    its stop token.

    Raises `ValueError` for what is no regular expression, for one that matches nothing that the
    model can write, and for a model without a stop token.
    """
    from outlines_core import Index, Vocabulary

    if model.stop is None:
        raise ValueError("this model has no stop token, so it cannot end a text")
    # The package (0.2) forgets moves out of a state where a text may end: of "the(the)?" the second
    # "the" if it is spelled
    # "t", "h", "e", of "the|thethe" all of it. With a last character of its own, a text ends in one
    # state alone.
    vocabulary = Vocabulary(model.vocabulary_size, _tokens_by_text(model) | {END: [model.stop]})
    try:
        re.compile(pattern)
        index = Index(f"(?:{pattern}){END}", vocabulary)
    except (re.error, ValueError) as error:
        raise ValueError(f"no grammar can be made of {pattern[:80]!r}: {error}") from error
    ends = index.get_final_states()
    transitions = {
        state: {
            token: target
            for token, target in moves.items()
            if (token == model.stop) == (target in ends)
        }
        for state, moves in index.get_transitions().items()
        if state not in ends
    }
    return Automaton.from_transitions(transitions, index.get_initial_state(), model.vocabulary_size)


def _tokens_by_text(model: LanguageModel) -> dict[str, list[int]]:
    """Text -> its tokens, for tokens that are whole characters; control tokens have no text."""
    tokens = {}
    for token, text in enumerate(
        model.detokenize([[token] for token in range(model.vocabulary_size)])
    ):
        if text and "\ufffd" not in text:
            tokens.setdefault(text, []).append(token)
    return tokens
