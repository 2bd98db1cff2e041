"""How many mentees can be matched by good pairs only, and what proves that no more can.

A matching is one of the most people exactly if there is a cover of as many: mentees and
places such that every pair has its mentee or its mentor among them (D. Koenig, "Graphs and
matrices", Matematikai es Fizikai Lapok 38, 1931). As in the sparse method, few pairs are
held: where a cover leaves a pair uncovered, it joins them, and when none is left the cover
proves the number for all pairs of the round.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order, maximum_flow

from matchkit.assign.graph import Graph
from matchkit.assign.lists import Search, searched
from matchkit.assign.memory import Memory
from matchkit.assign.passes import Crew
from matchkit.assign.solution import Cover

Indices = NDArray[np.int64]

_PAIR = 120  # bytes of a pair: in the graph, in the flow through it, and on the way


@dataclass(frozen=True, eq=False)
class Level:
    """The most mentees that can be matched by pairs of at least so many points.

    Attributes
    ----------
    mentor_of : NDArray[int64], shape (n,)
        Such a matching, -1 where unmatched.
    matched : int
        How many it matches.
    cover : Cover
        What proves that no more can be.
    next_best : int or None
        The most points of a pair that the cover leaves out, which are too few; None if
        there is none.
    """

    mentor_of: Indices
    matched: int
    cover: Cover
    next_best: int | None


class Reach:
    """The pairs that were looked at so far, with their points.

    Parameters
    ----------
    search : Search
        Where pairs come from: mentees as those who propose.
    crew : Crew
        Who works on blocks of pairs.
    memory : Memory
        What may be taken.
    """

    def __init__(self, search: Search, crew: Crew, memory: Memory) -> None:
        self._search, self._memory = search, memory
        self._graph = Graph.empty(search.view.shape)
        rows = np.flatnonzero(search.quota > 0)
        self._add(rows, np.zeros(search.room.size, dtype=bool), crew)

    @property
    def best(self) -> Indices:
        """The points of each mentee's best pair, of those who have one, shape (k,)."""
        first = self._graph.start[:-1][np.diff(self._graph.start) > 0]
        best: Indices = np.maximum.reduceat(self._graph.worth, first) if first.size else first
        return best

    def worst(self, level: Level) -> int:
        """Return the fewest points of a pair that a level matches."""
        own = level.mentor_of[self._graph.mentees] == self._graph.mentors
        return int(self._graph.worth[own].min())

    def middle(self, low: int, high: int) -> int:
        """Return a bar above the low and up to the high one that halves what is in question.

        Points of pairs that were looked at say best where the others are.
        """
        between = self._graph.worth[(self._graph.worth > low) & (self._graph.worth <= high)]
        return min(max(int(np.median(between)), low + 1), high) if between.size else high

    def level(self, least: int, crew: Crew) -> Level:
        """Return the most mentees that pairs of at least so many points match.

        Parameters
        ----------
        least : int
            Points.
        crew : Crew
            Who works on blocks of pairs.
        """
        while True:
            good = np.flatnonzero(self._graph.worth >= least)
            mentor_of = self._flow(self._graph.mentees[good], self._graph.mentors[good])
            cover, open_ = self._cover(good, mentor_of)
            next_best = self._add(open_, cover.mentors, crew)
            if next_best is None or next_best < least:
                return Level(mentor_of, int((mentor_of >= 0).sum()), cover, next_best)

    def _flow(self, mentees: Indices, mentors: Indices) -> Indices:
        """Match as many as these pairs can."""
        n, m = self._search.view.shape
        mentor_of, room = np.full(n, -1), self._search.room
        if not mentees.size:
            return mentor_of
        self._memory.allow(_PAIR * mentees.size, f"{mentees.size} pairs of at least so many points")
        source, sink = n + m, n + m + 1
        tails = np.concatenate([np.full(n, source), mentees, n + np.arange(m)])
        heads = np.concatenate([np.arange(n), n + mentors, np.full(m, sink)])
        most = np.concatenate([np.ones(n + mentees.size, dtype=np.int64), np.minimum(room, n)])
        network = csr_array((most.astype(np.int32), (tails, heads)), shape=(n + m + 2, n + m + 2))
        flow = maximum_flow(network, source, sink).flow.tocoo()
        taken = (flow.data > 0) & (flow.row < n)
        mentor_of[flow.row[taken]] = flow.col[taken] - n
        return mentor_of

    def _cover(self, good: Indices, mentor_of: Indices) -> tuple[Cover, Indices]:
        """Return the cover that goes with a matching, and the mentees that are not in it.

        Those are the mentees whom chains of moves lead to from somebody unmatched, which
        are the same for every matching of the most (A. L. Dulmage and N. S. Mendelsohn,
        "Coverings of bipartite graphs", Canadian Journal of Mathematics 10, 1958).
        """
        n, m = self._search.view.shape
        seeking = self._search.quota > 0
        free, held = np.flatnonzero(seeking & (mentor_of < 0)), np.flatnonzero(mentor_of >= 0)
        root = n + m
        tails = [self._graph.mentees[good], n + mentor_of[held], np.full(free.size, root)]
        heads = [n + self._graph.mentors[good], held, free]
        source = np.concatenate(tails)
        steps = np.ones(source.size, dtype=np.int8), (source, np.concatenate(heads))
        moves = csr_array(steps, shape=(root + 1, root + 1))
        reached = np.zeros(root + 1, dtype=bool)
        reached[breadth_first_order(moves, root, return_predecessors=False)] = True
        cover = Cover(seeking & ~reached[:n], reached[n:root])
        return cover, np.flatnonzero(seeking & reached[:n])

    def _add(self, rows: Indices, covered: NDArray[np.bool_], crew: Crew) -> int | None:
        """Add the best pairs of some mentees with mentors who are not covered.

        Returns the most points of such a pair, None if there is none.
        """
        lists = searched(self._search.without(covered), rows, crew)
        row, place = np.nonzero(lists.others >= 0)
        if not row.size:
            return None
        mentees, mentors = rows[row], lists.others[row, place]
        values = lists.values[row, place]
        at, to = self._graph.missing(mentees, mentors)
        order = np.argsort(mentees * self._graph.width + mentors)
        known = (mentees * self._graph.width + mentors)[order]
        worth = values[order[np.searchsorted(known, at * self._graph.width + to)]]
        self._graph = self._graph.joined(at, to, worth)
        return int(values.max())
