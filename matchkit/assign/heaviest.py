"""The heaviest of all assignments that use tight pairs only, however many these are.

It is an assignment problem of its own, in which weights are hashes and so as good as random:
nobody needs more than a few of their heaviest pairs. These are taken by a threshold, without
sorting, and the prices of their optimum are held against all other tight pairs, until none of
them is worth more.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matchkit.assign.auction import Bids, scaled_auction
from matchkit.assign.augmenting import OPEN, Start, optimum
from matchkit.assign.graph import Graph
from matchkit.assign.selecting import ranks

_MENTORS, _PLACES = 16, 4  # heaviest pairs of a mentee, and of each place
_FEW = 4  # pairs that are worth more than the prices say: so many of a mentee at a time
_RAISES = (0.03, 0.01, 0.003, 0.001, 0.0003, 0.0001, 0.00003)  # of the extent of hashes
_AWAY = 4  # times the extent of hashes: what having no place costs in the auction
_PART = 1 << 22  # pairs compared at a time

Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Tight:
    """All tight pairs of some mentees, and who may be where.

    Attributes
    ----------
    rows, mentors : NDArray[int64], shape (k,)
        The pairs, by mentee.
    hashes : NDArray[int64], shape (k,)
        What decides between them, at least 0 and of so many bits.
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

    rows: Ints
    mentors: Ints
    hashes: Ints
    held: Ints
    may_leave: NDArray[np.bool_]
    room: Ints
    worth: Ints
    bits: int


@dataclass(frozen=True, eq=False)
class Heaviest:
    """The heaviest assignment, with what proves it.

    Attributes
    ----------
    mentor_of : NDArray[int64], shape (n,)
    prices : NDArray[int64], shape (m,)
    surpluses : NDArray[int64], shape (n,)
    tight : NDArray[int64]
        The positions of the pairs that are worth exactly price and surplus.
    """

    mentor_of: Ints
    prices: Ints
    surpluses: Ints
    tight: Ints


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
    taken = _candidates(tight)
    graph = _joined(Graph.empty((n, m)), tight, taken)
    start = Start(_auctioned(tight, graph), np.full(n, OPEN))
    while True:
        mentor_of, prices = optimum(terms, graph, start)
        surpluses = graph.held(mentor_of, outside) - np.append(prices, 0)[mentor_of]
        better, equal = _compared(tight, prices, surpluses)
        if not better.size:
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


def _candidates(tight: Tight) -> Ints:
    """Return the pairs whose hash is among the greatest of a mentee or a mentor, about.

    Hashes are spread evenly, so that a threshold takes about as many as it is meant to.
    """
    wanted = np.full(tight.held.size, float(_MENTORS)), (_PLACES * tight.room).astype(np.float64)
    taken = tight.mentors == tight.held[tight.rows]
    for side, count in zip((tight.rows, tight.mentors), wanted, strict=True):
        degree = np.bincount(side, minlength=count.size)
        least = (1 << tight.bits) * (1 - count / np.maximum(degree, 1))
        taken |= tight.hashes >= least[side]
    return np.flatnonzero(taken)


def _joined(graph: Graph, tight: Tight, at: Ints) -> Graph:
    """Return the graph with more of the pairs."""
    code = tight.rows[at] * np.int64(graph.width) + tight.mentors[at]
    order = np.argsort(code)
    at, code = at[order], code[order]
    known = graph.mentees * graph.width + graph.mentors
    place = np.minimum(np.searchsorted(known, code), max(0, known.size - 1))
    new = at if not known.size else at[known[place] != code]
    rows, mentors = tight.rows[new].astype(np.int64), tight.mentors[new].astype(np.int64)
    return graph.joined(rows, mentors, tight.hashes[new] + tight.worth[mentors])


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


def _compared(tight: Tight, prices: Ints, surpluses: Ints) -> tuple[Ints, Ints]:
    """Return the pairs that are worth more than price and surplus, and those worth as much."""
    better, equal = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    net = tight.worth - prices
    for first in range(0, tight.rows.size, _PART):
        part = slice(first, first + _PART)
        rows = tight.rows[part]
        excess = tight.hashes[part] + net[tight.mentors[part]] - surpluses[rows]
        above = np.flatnonzero(excess > 0)
        order = above[np.lexsort((-excess[above], rows[above]))]
        better.append(first + order[ranks(rows[order]) < _FEW])
        equal.append(first + np.flatnonzero(excess == 0))
    return np.concatenate(better), np.concatenate(equal)
