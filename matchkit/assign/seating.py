"""The optimum on a graph of candidates, from prices that are almost right.

`scipy.sparse.csgraph.min_weight_full_bipartite_matching` (the sparse method of R. Jonker
and A. Volgenant, "A shortest augmenting path algorithm for dense and sparse linear
assignment problems", Computing 38, 1987, section 4) finds it, with every place a column
and a column of their own for each mentee who stays away. Three things make it fast, and
none of them is trusted: prices are subtracted first, which changes no optimum as long as
mentors with a price end full; mentees whose best choice leads by far keep it; mentors
with room for all who could come need no columns. The walks that give exact prices prove
the result, and where they do not, it is done again with more left open.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from matchkit.assign.auction import Bids
from matchkit.assign.core import Core
from matchkit.assign.graph import Graph
from matchkit.assign.memory import Memory
from matchkit.assign.prices import minimal_prices, proven

_WIDER = 4  # times the lead that a choice needs to be kept, after it was too little
_TRIES = 3  # with choices kept, before all are left open
_LOWER = 4  # times the amount that prices are lowered by, after it was too little
_OPEN = -2  # in place of a mentor: not decided beforehand
_CELL = 28  # bytes of a cell of the sparse matrix, here and inside SciPy


@dataclass(frozen=True, eq=False)
class Hint:
    """Prices that are almost right, and how far to trust them.

    Attributes
    ----------
    prices : NDArray[int64], shape (m,)
    margin : int
        By how much a mentee's best choice at these prices must lead to be kept.
    slack : int
        By how much prices are lowered before they are subtracted.
    """

    prices: NDArray[np.int64]
    margin: int
    slack: int


def optimum(
    core: Core, graph: Graph, hint: Hint, memory: Memory
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Find an optimal assignment on a graph, and its minimal prices, which prove it.

    Parameters
    ----------
    core : Core
        The open part of the problem.
    graph : Graph
        Candidates with their worth.
    hint : Hint
        Where to start.
    memory : Memory
        What may be taken.

    Returns
    -------
    mentor_of : NDArray[int64], shape (n,)
        -1 where unmatched.
    prices : NDArray[int64], shape (m,)
        What one more place of each mentor would add on this graph.

    Raises
    ------
    TooLargeError
        If more memory would be needed.
    """
    gains = graph.worth - core.outside[graph.mentees]
    bids = Bids(graph.start, graph.mentors, gains.astype(np.float64))
    margin, everyone = hint.margin, np.full(core.rows.size, _OPEN)
    for attempt in range(_TRIES + 1):
        last = attempt == _TRIES
        kept = everyone if last else _kept(bids, core.places, hint.prices, margin)
        mentor_of = _Floor(core, graph, gains, kept).seated(hint, memory)
        moves, _ = graph.moves(mentor_of, core.outside)
        spare = np.bincount(mentor_of[mentor_of >= 0], minlength=graph.width) < core.places
        prices = minimal_prices(moves.extend, spare, impatient=not last)
        if prices is not None or last:
            break
        margin *= _WIDER
    return mentor_of, proven(prices)


def _kept(
    bids: Bids, places: NDArray[np.int64], prices: NDArray[np.int64], margin: int
) -> NDArray[np.int64]:
    """Return the choices that are kept: a mentor, -1 for staying away, else ``_OPEN``."""
    kept = np.full(bids.start.size - 1, -1)
    bidders = bids.bidders
    if bidders.size:
        pair, best, second = bids.of(bidders, prices.astype(np.float64))
        choice = np.where(best < -margin, -1, _OPEN)
        leads = best - np.maximum(second, 0) > margin
        choice[leads] = bids.mentors[pair[leads]]
        kept[bidders] = choice
        load = np.bincount(kept[kept >= 0], minlength=places.size)
        at = np.flatnonzero(kept >= 0)
        kept[at[(load > places)[kept[at]]]] = _OPEN
    return kept


class _Floor:
    """The mentees and pairs that are still open once choices are kept."""

    def __init__(
        self, core: Core, graph: Graph, gains: NDArray[np.int64], kept: NDArray[np.int64]
    ) -> None:
        m = graph.width
        self._places = core.places
        self._mentor_of = np.maximum(kept, -1)
        left = core.places - np.bincount(kept[kept >= 0], minlength=m)
        kept_open = (kept == _OPEN)[graph.mentees] & (left > 0)[graph.mentors] & (gains > 0)
        at = np.flatnonzero(kept_open)
        roomy = np.bincount(graph.mentors[at], minlength=m) <= left
        easy, hard = at[roomy[graph.mentors[at]]], at[~roomy[graph.mentors[at]]]
        # Where there is room for all, the best is always to be had, as is staying away.
        self._sure = np.zeros(kept.size, dtype=np.int64)
        np.maximum.at(self._sure, graph.mentees[easy], gains[easy])
        best = easy[gains[easy] == self._sure[graph.mentees[easy]]]
        self._mentor_of[graph.mentees[best]] = graph.mentors[best]
        hard = hard[gains[hard] > self._sure[graph.mentees[hard]]]
        self._mentees, self._mentors = graph.mentees[hard], graph.mentors[hard]
        self._gains = gains[hard]
        self._room = np.minimum(left, np.bincount(self._mentors, minlength=m))
        self._scarce = ~roomy

    def seated(self, hint: Hint, memory: Memory) -> NDArray[np.int64]:
        """Return the best assignment in which all choices are kept."""
        people = np.flatnonzero(np.bincount(self._mentees, minlength=self._sure.size))
        if not people.size:
            return self._mentor_of
        prices = np.where(self._scarce, np.maximum(hint.prices - hint.slack, 0), 0)
        slack = hint.slack
        while True:
            mentor_of = self._mentor_of.copy()
            place, mentor = self._matched(people, prices, memory)
            mentor_of[people[place]] = mentor
            load = np.bincount(mentor_of[mentor_of >= 0], minlength=prices.size)
            idle = (prices > 0) & (load < self._places)
            if not idle.any():
                return mentor_of
            slack = slack * _LOWER + 1
            prices = np.where(idle, 0, np.maximum(prices - slack, 0))

    def _matched(
        self, people: NDArray[np.int64], prices: NDArray[np.int64], memory: Memory
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return which of the people get a place, and of whom."""
        copies = self._room[self._mentors]
        cells = int(copies.sum()) + people.size
        memory.allow(_CELL * cells, f"{cells} pairs of open mentees with places")
        seats = int(self._room.sum())
        nets = self._gains - prices[self._mentors]
        best = self._sure.copy()
        np.maximum.at(best, self._mentees, nets)
        # Losses begin at 1, since SciPy takes 0 for no pair; they are whole and below 2**53.
        start = np.append(0, np.cumsum(np.bincount(self._mentees, copies)[people] + 1))
        apart = start[1:].astype(np.int64) - 1
        seated = np.ones(cells, dtype=bool)
        seated[apart] = False
        losses, columns = np.empty(cells), np.empty(cells, dtype=np.int32)
        losses[seated] = (best[self._mentees] - nets + 1).repeat(copies)
        losses[apart] = best[people] - self._sure[people] + 1
        first = self._room.cumsum() - self._room
        columns[seated] = np.arange(cells - people.size) + (
            first[self._mentors] - copies.cumsum() + copies
        ).repeat(copies)
        columns[apart] = seats + np.arange(people.size)
        shape = people.size, seats + people.size
        table = csr_array((losses, columns, start.astype(np.int32)), shape=shape)
        row, column = min_weight_full_bipartite_matching(table)
        placed = column < seats
        owner = np.repeat(np.arange(self._room.size), self._room)
        return row[placed].astype(np.int64), owner[column[placed]]
