"""The table of a constraint, without any language model."""

import numpy as np
import pytest

from genimg_lib.language.automaton import Automaton

STOP = 4
# token 0 or 1, then any number of 2, then the stop token; token 3 never
MOVES = {10: {0: 20, 1: 20}, 20: {2: 20, STOP: 30}}


def walk(automaton, tokens):
    state = 0
    for token in tokens:
        state = automaton.next_state[state, automaton.kind[token]]
        if state < 0:
            return False
    return True


def test_it_allows_what_the_transitions_allow():
    automaton = Automaton.from_transitions(MOVES, 10, 6)
    automaton.check(6, STOP)
    for tokens, allowed in (
        ([0], 1),
        ([1, 2, 2, STOP], 1),
        ([2], 0),
        ([0, 3], 0),
        ([0, 0], 0),
        ([0, STOP, 2], 0),
        ([5], 0),
    ):
        assert walk(automaton, tokens) == bool(allowed), tokens


def test_it_starts_where_it_is_told():
    assert walk(Automaton.from_transitions(dict(reversed(MOVES.items())), 10, 6), [0, 2, STOP])
    assert walk(Automaton.from_transitions(MOVES, 20, 6), [2, STOP])


def test_tokens_that_lead_alike_share_a_column():
    automaton = Automaton.from_transitions(MOVES, 10, 50_000)
    assert automaton.next_state.shape == (3, 4)  # 0 and 1; 2; stop; all others
    assert automaton.kind[0] == automaton.kind[1]
    assert automaton.kind.shape == (50_000,)


def test_a_table_of_another_vocabulary_is_refused():
    with pytest.raises(ValueError, match="for each of 7 tokens"):
        Automaton.from_transitions(MOVES, 10, 6).check(7, STOP)
    with pytest.raises(ValueError, match="expected one of 1 kinds"):
        Automaton(np.zeros((1, 1), int), np.array([0, 1])).check(2, 0)


@pytest.mark.parametrize("moves", [{0: {1: 1}}, {0: {}}, {0: {STOP: 1, 1: 0, 2: 1}}])
def test_a_dead_end_is_refused(moves):
    with pytest.raises(ValueError, match="allows no token"):
        Automaton.from_transitions(moves, 0, 6).check(6, STOP)


def test_it_knows_how_far_the_end_is():
    assert Automaton.from_transitions(MOVES, 10, 6).tokens_to_end(STOP).tolist() == [2, 1, 0]
    long = {0: {0: 1, 1: 4}, 1: {0: 2}, 2: {0: 3}, 3: {STOP: 9}, 4: {1: 4, 0: 3}}
    automaton = Automaton.from_transitions(long, 0, 6)
    assert dict(zip((0, 1, 2, 3, 4), automaton.tokens_to_end(STOP), strict=False)) == {
        0: 3,
        1: 3,
        2: 2,
        3: 1,
        4: 2,
    }


def test_an_automaton_without_an_end_has_no_distance_to_it():
    endless = Automaton.from_transitions({0: {0: 1}, 1: {1: 0}}, 0, 6)
    assert endless.tokens_to_end(STOP).tolist() == [0, 0]
    assert endless.tokens_to_end(None).tolist() == [0, 0]
