"""The pairs that the solver works on: a small part of all, growing until it is enough."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matchkit.assign.prices import Moves


@dataclass(frozen=True, eq=False)
class Graph:
    """Candidate pairs with their exact worth, by mentee and then by mentor, none twice.

    Attributes
    ----------
    start : NDArray[int64], shape (n + 1,)
        Where each mentee's pairs begin in the others.
    mentees, mentors, worth : NDArray[int64], shape (k,)
    width : int
        The number of mentors.
    """

    start: NDArray[np.int64]
    mentees: NDArray[np.int64]
    mentors: NDArray[np.int64]
    worth: NDArray[np.int64]
    width: int

    @classmethod
    def empty(cls, shape: tuple[int, int]) -> Graph:
        """Return a graph without pairs."""
        none = np.zeros(0, dtype=np.int64)
        return cls(np.zeros(shape[0] + 1, dtype=np.int64), none, none, none, shape[1])

    def missing(
        self, mentees: NDArray[np.int64], mentors: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return those of the pairs that are not in it, each once."""
        codes = np.sort(mentees * self.width + mentors)
        codes = codes[np.diff(codes, prepend=-1) > 0]
        known = self.mentees * self.width + self.mentors
        at = np.searchsorted(known, codes)
        new = at == known.size
        new[~new] = known[at[~new]] != codes[~new]
        rows, columns = np.divmod(codes[new], max(1, self.width))
        return rows, columns

    def joined(
        self, mentees: NDArray[np.int64], mentors: NDArray[np.int64], worth: NDArray[np.int64]
    ) -> Graph:
        """Return the graph with more pairs, which are not in it yet."""
        rows, columns, worths = (
            np.concatenate(parts)
            for parts in (
                (self.mentees, mentees),
                (self.mentors, mentors),
                (self.worth, worth),
            )
        )
        order = np.argsort(rows * self.width + columns)
        start = np.zeros(self.start.size, dtype=np.int64)
        np.cumsum(np.bincount(rows, minlength=start.size - 1), out=start[1:])
        return Graph(start, rows[order], columns[order], worths[order], self.width)

    def held(self, mentor_of: NDArray[np.int64], outside: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return what each mentee's own match, or being unmatched, is worth."""
        worth = outside.copy()
        own = mentor_of[self.mentees] == self.mentors
        worth[self.mentees[own]] = self.worth[own]
        return worth

    def moves(
        self, mentor_of: NDArray[np.int64], outside: NDArray[np.int64]
    ) -> tuple[Moves, Moves]:
        """Return what single moves gain, forward and backward; the last node is outside."""
        held = self.held(mentor_of, outside)
        now = np.where(mentor_of < 0, self.width, mentor_of)
        source = np.append(now[self.mentees], now)
        target = np.append(self.mentors, np.full(now.size, self.width))
        gain = np.append(self.worth - held[self.mentees], outside - held)
        nodes = self.width + 1
        forward = Moves.of(source, target, gain, nodes=nodes)
        return forward, Moves.of(target, source, gain, nodes=nodes)
