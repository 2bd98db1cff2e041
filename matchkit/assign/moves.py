"""Moves between places that cost nothing, as the verifier sees them."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order

from matchkit.assign.bound import Flags, Indices

_TABLE = 1 << 13  # places up to which moves are marked in a table
_WAITING = 1 << 20  # moves that may wait to be sorted in, or marked
_ROWS = 1 << 8  # of the table read at a time


class Moves:
    """Moves from place to place, each once: sorted, or marked in a table where they are many.

    Parameters
    ----------
    width : int
        The number of places.
    """

    def __init__(self, width: int) -> None:
        self._width = width
        self._marked = np.zeros((0, width), dtype=bool)
        self._codes = [np.zeros(0, dtype=np.int64)]
        self._waiting = 0

    def add(self, origin: Indices, target: Indices) -> None:
        """Take in moves, of which some may be known."""
        if self._marked.size:
            self._marked[origin, target] = True
            return
        self._codes.append(origin * self._width + target)
        self._waiting += origin.size
        if self._waiting <= self._codes[0].size + _WAITING:
            return
        if self._width <= _TABLE:
            marked = np.zeros((self._width, self._width), dtype=bool)
            marked[self._ends()] = True
            self._marked = marked
        else:
            self._codes, self._waiting = [_distinct(np.concatenate(self._codes))], 0

    def merge(self, other: Moves) -> None:
        """Take in the moves of another, which is no longer of use then."""
        if not other._marked.size:
            self.add(*other._ends())
        elif self._marked.size:
            self._marked |= other._marked
        else:
            other._marked[self._ends()] = True
            self._marked = other._marked

    def reached(self, base: Flags, *, backward: bool = False) -> Flags:
        """Tell which places moves lead to from those of the base, or from which to these."""
        if self._marked.size:
            return _marked_ahead(self._marked.T.copy() if backward else self._marked, base)
        origin, target = self._ends()
        return _listed_ahead(*((target, origin) if backward else (origin, target)), base)

    def led_to(self) -> Flags:
        """Tell which places some move leads to from elsewhere."""
        if self._marked.size:
            here = self._marked.diagonal()
            counted: Flags = np.count_nonzero(self._marked, axis=0) > here
            return counted
        found = np.zeros(self._width, dtype=bool)
        origin, target = self._ends()
        found[target[origin != target]] = True
        return found

    def _ends(self) -> tuple[Indices, Indices]:
        """Return from where to where listed moves lead."""
        origin, target = np.divmod(np.concatenate(self._codes), self._width)
        return origin, target


def _marked_ahead(marked: Flags, base: Flags) -> Flags:
    """Tell which places can be reached, each row of the table read once."""
    reached, ahead = base.copy(), np.flatnonzero(base)
    while ahead.size:
        new = np.zeros_like(reached)
        for first in range(0, ahead.size, _ROWS):
            new |= marked[ahead[first : first + _ROWS]].any(axis=0)
        new &= ~reached
        reached |= new
        ahead = np.flatnonzero(new)
    return reached


def _listed_ahead(origin: Indices, target: Indices, base: Flags) -> Flags:
    """Tell which places can be reached."""
    root = base.size
    start = np.flatnonzero(base)
    source = np.concatenate([origin, np.full(start.size, root)])
    steps = (np.ones(source.size, dtype=np.int8), (source, np.concatenate([target, start])))
    graph = csr_array(steps, shape=(root + 1, root + 1))
    reached = np.zeros(root + 1, dtype=bool)
    reached[breadth_first_order(graph, root, return_predecessors=False)] = True
    return reached[:root]


def _distinct(codes: Indices) -> Indices:
    """Return each code once, sorted: many times faster than `numpy.unique` on long arrays."""
    ordered = np.sort(codes)
    return ordered[np.diff(ordered, prepend=-1) > 0]
