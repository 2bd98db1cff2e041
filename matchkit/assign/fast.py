"""The optimum on a graph of candidates, one shortest way at a time: for Numba.

`augmenting` takes many ways at once, because whole vectors are what NumPy is quick at.
Here each mentee who waits takes a way of their own, and a search looks at no more mentors
than are nearer than a free place (E. W. Dijkstra, "A note on two problems in connexion
with graphs", Numerische Mathematik 1, 1959, with the prices of the assignment as
potentials). As Python it would be slow; Numba makes machine code of it. Both ways lead to
an optimum of the same graph, and what the engine goes on to make of it is the same to the
byte.
"""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop, heappush
from typing import Any, Final, NamedTuple, TypeVar, cast

import numba
import numpy as np
from numpy.typing import NDArray

from matchkit.assign.augmenting import OPEN, Start
from matchkit.assign.core import Core
from matchkit.assign.graph import Graph

_Ints = NDArray[np.int64]
_Queue = list[tuple[int, int]]
_Function = TypeVar("_Function", bound=Callable[..., Any])

_FAR: Final = 1 << 62  # farther than any way


def optimum(core: Core, graph: Graph, start: Start) -> tuple[_Ints, _Ints]:
    """Find an optimal assignment on a graph, with prices that prove it.

    Parameters and results are those of `augmenting.optimum`.
    """
    most = core.unit + core.spread + 1
    prices = np.append(np.clip(start.prices, 0, most), 0)
    at = np.where(start.mentor_of == -1, graph.width, start.mentor_of)
    degrees = np.bincount(graph.mentors, minlength=graph.width)
    table = _Table(
        start=graph.start,
        mentees=graph.mentees,
        mentors=graph.mentors,
        worth=graph.worth,
        outside=core.outside,
        column=_starts(degrees),
        by_mentor=np.argsort(graph.mentors, kind="stable"),
        places=core.places,
        first=_starts(np.minimum(degrees, core.places)),
        prices=prices,
        at=at,
        held=core.outside.copy(),
        load=np.zeros_like(core.places),
        slot=np.zeros_like(at),
        holder=np.zeros(int(np.minimum(degrees, core.places).sum()), dtype=np.int64),
        far=np.full(prices.size, _FAR),
        via=np.zeros(prices.size, dtype=np.int64),
    )
    _keep(table)
    _seat(table)
    _release(table)
    return np.where(at < graph.width, at, -1), prices[:-1]


class _Table(NamedTuple):
    """A graph, and who is where at what prices; mentor m stands for being unmatched.

    Attributes
    ----------
    start, mentees, mentors, worth : NDArray[int64]
        The pairs by mentee, as in `Graph`.
    outside : NDArray[int64], shape (n,)
        What being unmatched is worth.
    column : NDArray[int64], shape (m + 1,)
        Where each mentor's pairs begin in ``by_mentor``.
    by_mentor : NDArray[int64], shape (k,)
        The pairs by mentor.
    places : NDArray[int64], shape (m,)
    first : NDArray[int64], shape (m + 1,)
        Where each mentor's places begin in ``holder``.
    prices : NDArray[int64], shape (m + 1,)
    at : NDArray[int64], shape (n,)
        Where each mentee is, ``OPEN`` for nowhere yet.
    held : NDArray[int64], shape (n,)
        What it is worth to be there.
    load : NDArray[int64], shape (m,)
        Places that are taken.
    slot : NDArray[int64], shape (n,)
        The place that each mentee has in ``holder``.
    holder : NDArray[int64]
        The mentee in each place.
    far, via : NDArray[int64], shape (m + 1,)
        How far a search has come to each mentor, and by which pair.
    """

    start: _Ints
    mentees: _Ints
    mentors: _Ints
    worth: _Ints
    outside: _Ints
    column: _Ints
    by_mentor: _Ints
    places: _Ints
    first: _Ints
    prices: _Ints
    at: _Ints
    held: _Ints
    load: _Ints
    slot: _Ints
    holder: _Ints
    far: _Ints
    via: _Ints


def _starts(counts: _Ints) -> _Ints:
    """Return where each of some runs begins, and where the last ends."""
    return np.append(0, np.cumsum(counts))


def _compiled(function: _Function) -> _Function:
    """Make machine code of a function when it is first called, for later processes too."""
    return cast("_Function", numba.njit(cache=True, nogil=True)(function))


@_compiled
def _keep(table: _Table) -> None:
    """Let those stay who are where they would best be, as far as there is room."""
    for mentee in range(table.at.size):
        at = table.at[mentee]
        best, own = table.outside[mentee], table.outside[mentee]
        if at != table.places.size:
            own = -_FAR
        for pair in range(table.start[mentee], table.start[mentee + 1]):
            net = table.worth[pair] - table.prices[table.mentors[pair]]
            best = max(best, net)
            if table.mentors[pair] == at and table.load[at] < table.places[at]:
                own, table.held[mentee] = net, table.worth[pair]
        if own < best:
            table.at[mentee] = OPEN
        elif at < table.places.size:
            _sit(table, mentee, table.first[at] + table.load[at])
            table.load[at] += 1


@_compiled
def _sit(table: _Table, mentee: int, slot: int) -> None:
    """Give a mentee a place."""
    table.slot[mentee], table.holder[slot] = slot, mentee


@_compiled
def _seat(table: _Table) -> None:
    """Let everyone who waits take the shortest way to a free place; prices rise."""
    queue = [(0, 0)]
    for mentee in range(table.at.size):
        if table.at[mentee] == OPEN:
            queue.clear()
            _go(table, _shortest(table, queue, mentee))


@_compiled
def _shortest(table: _Table, queue: _Queue, mentee: int) -> int:
    """Find the shortest way of a mentee to a free place, and let prices rise by it.

    Returns its last pair; the pairs before are in ``via``. The pair of a mentee who would
    go unmatched at the end is numbered after all others.
    """
    best = table.outside[mentee]
    for pair in range(table.start[mentee], table.start[mentee + 1]):
        best = max(best, table.worth[pair] - table.prices[table.mentors[pair]])
    last, length = _reach(table, queue, (mentee, best), (-1, _FAR))
    left = [0]
    left.clear()
    while queue:
        far, mentor = heappop(queue)
        if far == table.far[mentor] and far < length:
            left.append(mentor)
            slot = table.first[mentor]
            for mover in table.holder[slot : slot + table.load[mentor]]:
                base = far + table.held[mover] - table.prices[mentor]
                last, length = _reach(table, queue, (mover, base), (last, length))
        elif far == table.far[mentor]:
            table.far[mentor] = _FAR
    for mentor in left:
        table.prices[mentor] += length - table.far[mentor]
        table.far[mentor] = _FAR
    return last


@_compiled
def _reach(
    table: _Table, queue: _Queue, mover: tuple[int, int], way: tuple[int, int]
) -> tuple[int, int]:
    """Note the mentors that a mentee could move on to.

    Parameters
    ----------
    mover : (int, int)
        The mentee, and how far it is to there with what the mentee has now.
    way : (int, int)
        The last pair of the shortest way so far, and its length.

    Returns
    -------
    (int, int)
        The same, if there is none shorter.
    """
    (mentee, base), (last, length) = mover, way
    if base - table.outside[mentee] < length:
        last, length = table.worth.size + mentee, base - table.outside[mentee]
    for pair in range(table.start[mentee], table.start[mentee + 1]):
        mentor = table.mentors[pair]
        far = base - table.worth[pair] + table.prices[mentor]
        if far < length and table.load[mentor] < table.places[mentor]:
            last, length = pair, far
        elif far < length and far < table.far[mentor]:
            table.far[mentor], table.via[mentor] = far, pair
            heappush(queue, (far, mentor))
    return last, length


@_compiled
def _go(table: _Table, pair: int) -> None:
    """Move everyone on a way, of which this is the last pair."""
    slot = -1
    if pair < table.worth.size:
        mentor = table.mentors[pair]
        slot = table.first[mentor] + table.load[mentor]
        table.load[mentor] += 1
    while True:
        if pair < table.worth.size:
            mentee, to, worth = table.mentees[pair], table.mentors[pair], table.worth[pair]
        else:
            mentee, to = pair - table.worth.size, table.places.size
            worth = table.outside[mentee]
        origin, freed = table.at[mentee], table.slot[mentee]
        table.at[mentee], table.held[mentee] = to, worth
        if slot >= 0:
            _sit(table, mentee, slot)
        if origin == OPEN:
            break
        pair, slot = table.via[origin], freed


@_compiled
def _release(table: _Table) -> None:
    """Fill empty places that have a price, or let the price fall."""
    queue = [(0, 0)]
    for mentor in range(table.places.size):
        while table.load[mentor] < table.places[mentor] and table.prices[mentor] > 0:
            queue.clear()
            _fill(table, mentor, _vacated(table, queue, mentor))


@_compiled
def _vacated(table: _Table, queue: _Queue, goal: int) -> int:
    """Find the mentor whose place had best be empty in place of the goal's; prices fall.

    It is the one from which the way and the price that is lost there are least together,
    perhaps the goal itself.
    """
    end, length = goal, table.prices[goal]
    table.far[goal] = 0
    heappush(queue, (0, goal))
    left = [0]
    left.clear()
    while queue:
        far, mentor = heappop(queue)
        if far == table.far[mentor] and far < length:
            left.append(mentor)
            for at in range(table.column[mentor], table.column[mentor + 1]):
                pair = table.by_mentor[at]
                mentee = table.mentees[pair]
                origin = table.at[mentee]
                own = table.held[mentee] - table.prices[origin]
                there = far + own - table.worth[pair] + table.prices[mentor]
                if origin != mentor and there < length and there < table.far[origin]:
                    table.far[origin], table.via[origin] = there, pair
                    heappush(queue, (there, origin))
                    if there + table.prices[origin] < length:
                        end, length = origin, there + table.prices[origin]
        elif far == table.far[mentor]:
            table.far[mentor] = _FAR
    for mentor in left:
        table.prices[mentor] -= length - table.far[mentor]
        table.far[mentor] = _FAR
    return end


@_compiled
def _fill(table: _Table, goal: int, end: int) -> None:
    """Move everyone on the way from one mentor to another, who has an empty place."""
    at = end
    while at != goal:
        pair = table.via[at]
        at = table.mentors[pair]
        table.at[table.mentees[pair]], table.held[table.mentees[pair]] = at, table.worth[pair]
    table.load[goal] += 1
    if end < table.places.size:
        table.load[end] -= 1
