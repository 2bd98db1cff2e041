"""The heaviest of all assignments that use tight pairs only, however many these are.

It is an assignment problem of its own, in which weights are hashes and so as good as random:
nobody needs more than a few of their heaviest pairs. These are taken by a threshold, without
sorting, and the prices of their optimum are held against all other tight pairs, until none of
them is worth more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matchkit.assign.auction import Bids, scaled_auction
from matchkit.assign.augmenting import OPEN, Start, optimum
from matchkit.assign.graph import Graph
from matchkit.assign.pairset import Collector, PairSet
from matchkit.assign.selecting import ranks

_MENTORS, _PLACES = 16, 4  # heaviest pairs of a mentee, and of each place
_FEW = 4  # pairs that are worth more than the prices say: so many of a mentee at a time
_RAISES = (0.03, 0.01, 0.003, 0.001, 0.0003, 0.0001, 0.00003)  # of the extent of hashes
_AWAY = 4  # times the extent of hashes: what having no place costs in the auction

Ints = NDArray[np.int64]
Weighed = tuple[Ints, Ints, Ints]
"""Positions, mentors and hashes of pairs."""


@dataclass(frozen=True, eq=False)
class Tight:
    """All tight pairs of some mentees, and who may be where.

    Attributes
    ----------
    pairs : PairSet
    position : NDArray[int64], shape (all mentees,)
        Where in all that follows a mentee of these pairs stands.
    hashed : callable
        Takes mentees and mentors of some pairs, and returns what decides between them: at
        least 0, and of so many bits.
    held : NDArray[int64], shape (n,)
        An assignment of these pairs, -1 where unmatched.
    may_leave : NDArray[bool], shape (n,)
        Who may stay without a place, which counts 0.
    room : NDArray[int64], shape (m,)
        Places.
    worth : NDArray[int64], shape (m,)
        What one of them counts beside the hash.
    bits : int
    """

    pairs: PairSet
    position: Ints
    hashed: Callable[[Ints, Ints], Ints]
    held: Ints
    may_leave: NDArray[np.bool_]
    room: Ints
    worth: Ints
    bits: int

    def chunks(self) -> Iterator[tuple[Ints, Ints, Ints, Ints]]:
        """Yield position, mentor, hash and mentee of some pairs at a time."""
        for mentees, mentors in self.pairs.chunks():
            hashes = self.hashed(mentees, mentors)
            yield self.position[mentees], mentors, hashes, mentees


@dataclass(frozen=True, eq=False)
class Heaviest:
    """The heaviest assignment, with what proves it.

    Attributes
    ----------
    mentor_of : NDArray[int64], shape (n,)
    prices : NDArray[int64], shape (m,)
    surpluses : NDArray[int64], shape (n,)
    tight : PairSet
        The pairs that are worth exactly price and surplus.
    """

    mentor_of: Ints
    prices: Ints
    surpluses: Ints
    tight: PairSet


def heaviest(tight: Tight) -> Heaviest:
    """Find the heaviest assignment.

    Parameters
    ----------
    tight : Tight
        At least one assignment is possible.
    """
    n, m = tight.held.size, tight.room.size
    # Leaving somebody out who may not leave costs more than any chain of moves.
    most = int(tight.worth.max(initial=0)) + (1 << tight.bits)
    outside = np.where(tight.may_leave, 0, -4 * most)
    terms = _Terms(tight.room, outside, unit=8 * most, spread=1 << tight.bits)
    graph = _joined(Graph.empty((n, m)), tight, _candidates(tight))
    start = Start(_auctioned(tight, graph), np.full(n, OPEN))
    while True:
        mentor_of, prices = optimum(terms, graph, start)
        surpluses = graph.held(mentor_of, outside) - np.append(prices, 0)[mentor_of]
        better, equal = _compared(tight, prices, surpluses)
        if not better[0].size:
            return Heaviest(mentor_of, prices, surpluses, equal)
        graph = _joined(graph, tight, better)
        start = Start(prices, mentor_of)


@dataclass(frozen=True, eq=False)
class _Terms:
    """What an optimum on a graph depends on beside the graph."""

    places: Ints
    outside: Ints
    unit: int
    spread: int


def _candidates(tight: Tight) -> Weighed:
    """Return the pairs whose hash is among the greatest of a mentee or a mentor, about.

    Hashes are spread evenly, so that a threshold takes about as many as it is meant to.
    """
    n, m = tight.held.size, tight.room.size
    offers, wanted = np.zeros(n, dtype=np.int64), np.zeros(m, dtype=np.int64)
    for mentees, mentors in tight.pairs.chunks():
        offers += np.bincount(tight.position[mentees], minlength=n)
        wanted += np.bincount(mentors, minlength=m)
    rarest, rare = (
        (1 << tight.bits) * (1 - count / np.maximum(degree, 1))
        for count, degree in ((float(_MENTORS), offers), (_PLACES * tight.room, wanted))
    )
    found = [_nothing()]
    for rows, mentors, hashes, _ in tight.chunks():
        taken = mentors == tight.held[rows]
        taken |= (hashes >= rarest[rows]) | (hashes >= rare[mentors])
        found.append((rows[taken], mentors[taken], hashes[taken]))
    return _together(found)


def _nothing() -> Weighed:
    """Return no pairs."""
    none = np.zeros(0, dtype=np.int64)
    return none, none, none


def _together(parts: list[Weighed]) -> Weighed:
    """Put pairs together."""
    rows, mentors, hashes = (np.concatenate(each) for each in zip(*parts, strict=True))
    return rows, mentors, hashes


def _joined(graph: Graph, tight: Tight, pairs: Weighed) -> Graph:
    """Return the graph with more of the pairs."""
    rows, mentors, hashes = pairs
    code = rows * np.int64(graph.width) + mentors
    known = graph.mentees * graph.width + graph.mentors
    new = np.ones(code.size, dtype=bool)
    if known.size:
        new = known[np.minimum(np.searchsorted(known, code), known.size - 1)] != code
    worth = hashes[new] + tight.worth[mentors[new]]
    return graph.joined(rows[new], mentors[new], worth)


def _auctioned(tight: Tight, graph: Graph) -> Ints:
    """Return prices from an auction of hashes alone, lifted by what a place counts beside them.

    Where places are short they are worth what being matched counts, and more at mentors who
    must be full.
    """
    extent = float(1 << tight.bits)
    gains = graph.worth - tight.worth[graph.mentors] + _AWAY * extent
    room = np.minimum(tight.room, np.bincount(graph.mentors, minlength=graph.width))
    bids = Bids(graph.start, graph.mentors, gains.astype(np.float64))
    found = scaled_auction(bids, room, tuple(extent * each for each in _RAISES))
    short = int(tight.room.sum()) <= tight.held.size
    lifted = tight.worth - (0 if short else int(tight.worth.min(initial=0)))
    return np.rint(found).astype(np.int64) + lifted


def _compared(tight: Tight, prices: Ints, surpluses: Ints) -> tuple[Weighed, PairSet]:
    """Return the best pairs that are worth more than price and surplus, and those worth as much."""
    better, net = [_nothing()], tight.worth - prices
    equal = Collector((tight.position.size, prices.size))
    for rows, mentors, hashes, mentees in tight.chunks():
        excess = hashes + net[mentors] - surpluses[rows]
        above = np.flatnonzero(excess > 0)
        order = above[np.lexsort((-excess[above], rows[above]))]
        best = order[ranks(rows[order]) < _FEW]
        better.append((rows[best], mentors[best], hashes[best]))
        same = np.flatnonzero(excess == 0)
        equal.add(mentees[same], mentors[same])
    return _together(better), equal.collected()
