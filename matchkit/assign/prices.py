"""Exact prices from an optimal assignment, which prove it.

Moving a mentee from one mentor to another gains something and leaves a place behind.
What one more place of a mentor adds is therefore the longest walk of such moves that
ends there, and what losing a place costs is minus the longest walk that starts there.
An assignment is optimal exactly if no closed walk gains anything, so that finding the
walks proves the optimum: they are the least and the greatest of all optimal dual
solutions (L. S. Shapley and M. Shubik, "The assignment game I: the core",
International Journal of Game Theory 1, 1971, section 3).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matchkit.assign.core import NOTHING
from matchkit.errors import InternalError

Extend = Callable[[NDArray[np.int64], NDArray[np.int64]], NDArray[np.int64]]

_REACHED = NOTHING // 2
_BLOCK = 1 << 20  # cells extended at a time
_WATCHED, _MANY, _DYING = 16, 8, 1.1  # moves; share of the first nodes; least decline by then


@dataclass(frozen=True, eq=False)
class Moves:
    """Gains of single moves as a list: from mentor, to mentor, gain.

    Attributes
    ----------
    start : NDArray[int64], shape (nodes + 1,)
        Where each node's moves begin in the other two.
    target, gain : NDArray[int64], shape (moves,)
    """

    start: NDArray[np.int64]
    target: NDArray[np.int64]
    gain: NDArray[np.int64]

    @classmethod
    def of(
        cls,
        source: NDArray[np.int64],
        target: NDArray[np.int64],
        gain: NDArray[np.int64],
        *,
        nodes: int,
    ) -> Moves:
        """Return the moves in the order of their sources."""
        order = np.argsort(source, kind="stable")
        start = np.zeros(nodes + 1, dtype=np.int64)
        np.cumsum(np.bincount(source, minlength=nodes), out=start[1:])
        return cls(start, target[order], gain[order])

    def extend(self, changed: NDArray[np.int64], values: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the best that walks through the changed nodes reach, at each node."""
        counts = self.start[changed + 1] - self.start[changed]
        ends = np.cumsum(counts)
        moves = np.arange(counts.sum()) + np.repeat(self.start[changed] - ends + counts, counts)
        best = np.full(values.size, NOTHING)
        np.maximum.at(
            best, self.target[moves], self.gain[moves] + np.repeat(values[changed], counts)
        )
        return best


def extend_by(gains: NDArray[np.int64]) -> Extend:
    """Return the step of `longest_walks` for a full matrix of gains, from row to column."""
    rows = max(1, _BLOCK // max(1, gains.shape[1]))

    def extend(changed: NDArray[np.int64], values: NDArray[np.int64]) -> NDArray[np.int64]:
        best = np.full(values.size, NOTHING)
        for first in range(0, changed.size, rows):
            at = changed[first : first + rows]
            np.maximum(best, (gains[at] + values[at, None]).max(axis=0), out=best)
        return best

    return extend


def longest_walks(
    start: NDArray[np.int64], extend: Extend, *, impatient: bool = False
) -> NDArray[np.int64] | None:
    """Return the gain of the longest walk to each node.

    The method of Bellman and Ford on whole vectors, from changed nodes only.

    Parameters
    ----------
    start : NDArray[int64], shape (nodes,)
        The gain of the empty walk to each node, ``NOTHING`` where none may begin.
    extend : callable
        Takes the nodes that changed and the gains so far; returns the best gain that
        one more move from those nodes reaches, at each node.
    impatient : bool, default False
        Give up when walks do not die out: then a closed one probably gains something.

    Returns
    -------
    NDArray[int64], shape (nodes,), or None
        None if a closed walk gains something, or walks were given up.
    """
    values = start.copy()
    changed = np.flatnonzero(values > _REACHED)
    sizes = []
    for _ in range(values.size + 1):
        best = extend(changed, values)
        changed = np.flatnonzero((best > values) & (best > _REACHED))
        if changed.size == 0:
            return values
        values[changed] = best[changed]
        sizes.append(changed.size)
        if impatient and _endless(sizes):
            break
    return None


def _endless(sizes: list[int]) -> bool:
    """Tell from the numbers of nodes that changed whether walks look endless."""
    if len(sizes) <= _WATCHED:
        return False
    now, before = sizes[-1], sizes[-1 - _WATCHED]
    return _MANY * now > sizes[0] and _DYING * now > before


def minimal_prices(
    extend: Extend, spare: NDArray[np.bool_], *, impatient: bool = False
) -> NDArray[np.int64] | None:
    """Return what one more place of each mentor would add.

    Parameters
    ----------
    extend : callable
        The moves, as in `longest_walks`; the last node stands for being unmatched.
    spare : NDArray[bool], shape (m,)
        Mentors with an empty place.
    impatient : bool, default False
        As in `longest_walks`.

    Returns
    -------
    NDArray[int64], shape (m,), or None
        None if the assignment is not optimal, or its walks were given up.
    """
    walks = longest_walks(np.zeros(spare.size + 1, dtype=np.int64), extend, impatient=impatient)
    return None if walks is None or _gains(walks, spare) else walks[:-1]


def maximal_prices(
    moves: Extend, backward: Extend, *, spare: NDArray[np.bool_], places: NDArray[np.int64]
) -> NDArray[np.int64] | None:
    """Return what losing a place of each mentor would cost.

    Parameters
    ----------
    moves, backward : callable
        The moves as in `longest_walks`, and the same from their ends to their beginnings.
    spare : NDArray[bool], shape (m,)
        Mentors with an empty place.
    places : NDArray[int64], shape (m,)
        A mentor without places has none to lose, and gets the least price that goes
        with the others.

    Returns
    -------
    NDArray[int64], shape (m,), or None
        None if the assignment is not optimal.
    """
    free = np.append(spare, True)
    walks = longest_walks(np.where(free, 0, NOTHING), backward)
    if walks is None or _gains(walks, spare):
        return None
    closed = np.flatnonzero(places == 0)
    prices = -walks
    prices[closed] = 0
    sources = np.append(np.flatnonzero(places > 0), spare.size)
    prices[closed] = np.maximum(moves(sources, prices)[closed], 0)
    return prices[:-1]


def proven(prices: NDArray[np.int64] | None) -> NDArray[np.int64]:
    """Return prices that an assignment must have if it is the optimum.

    Raises
    ------
    InternalError
        If there are none.
    """
    if prices is None:
        message = "an assignment that can still be improved was taken for the optimum."
        raise InternalError(message)
    return prices


def _gains(walks: NDArray[np.int64], spare: NDArray[np.bool_]) -> bool:
    """Tell whether a walk gains something where nothing is short."""
    return bool(walks[-1] > 0 or (walks[:-1][spare] > 0).any())
