"""What may come next, as a table: the constraint that a language model's decoding loop obeys."""

from typing import NamedTuple

import numpy as np


class Automaton(NamedTuple):
    """Which tokens may come next, and where they lead.

    Args:
        next_state: (states, kinds) whole numbers: the state after a token of that kind, -1 where it
            is not allowed. Decoding starts in state 0. A text may end where the stop token is
            allowed, so every state from which a text can still go on, or end, allows at least one
            token.
        kind: (vocabulary_size,) whole numbers: the column of each token.
    """

    next_state: np.ndarray
    kind: np.ndarray

    @classmethod
    def from_transitions(
        cls, transitions: dict[int, dict[int, int]], start: int, vocabulary_size: int
    ) -> "Automaton":
        """From state -> token -> next state; tokens that lead to the same states everywhere
        share a kind.
        """
        states = {
            state: number for number, state in enumerate(dict.fromkeys([start, *transitions]))
        }
        moves = [[] for _ in range(vocabulary_size)]
        for state, targets in transitions.items():
            for token, target in targets.items():
                moves[token].append((states[state], states.setdefault(target, len(states))))
        kinds: dict[tuple, int] = {}
        kind = [kinds.setdefault(tuple(token_moves), len(kinds)) for token_moves in moves]
        next_state = np.full((len(states), len(kinds)), -1, np.int32)
        for token_moves, column in kinds.items():
            for state, target in token_moves:
                next_state[state, column] = target
        return cls(next_state, np.array(kind, np.int32))

    def check(self, vocabulary_size: int, stop: int | None) -> None:
        """Raises `ValueError` for another vocabulary, or if decoding could come to a state where
        nothing is allowed.
        """
        if self.kind.shape != (vocabulary_size,) or self.kind.max() >= self.next_state.shape[1]:
            raise ValueError(
                f"expected one of {self.next_state.shape[1]} kinds for each of {vocabulary_size} "
                "tokens"
            )
        dead = np.flatnonzero((self.next_state < 0).all(axis=1))
        going_on = np.unique(np.delete(self.kind, [] if stop is None else stop))
        if 0 in dead or np.isin(self.next_state[:, going_on], dead).any():
            raise ValueError(
                "after some tokens the automaton allows no token, not even the stop token"
            )

    def tokens_to_end(self, stop: int | None) -> np.ndarray:
        """(states,): how many tokens, with the stop token, it takes at least to end a text; 0
        where no text can end.
        """
        far = len(self.next_state) + 1
        shortest = None
        closer = np.full(len(self.next_state), far)
        if stop is not None:
            closer[self.next_state[:, self.kind[stop]] >= 0] = 1
        while not np.array_equal(shortest, closer):
            shortest = closer
            closer = np.minimum(
                shortest,
                1 + np.where(self.next_state < 0, far, shortest[self.next_state]).min(axis=1),
            )
        return np.where(shortest == far, 0, shortest)
