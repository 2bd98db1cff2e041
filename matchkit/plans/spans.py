"""Stretches of time of many people, and the same on a grid of equal cells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from matchkit.plans.clocks import Minutes

Mask = NDArray[np.bool_]
_FAR: Final = 1 << 40


@dataclass(frozen=True, eq=False)
class Spans:
    """Sorted, disjoint stretches of UTC time, any number for each person.

    Attributes
    ----------
    indptr : int64 array (n + 1,)
        Those of person ``i`` lie at ``indptr[i]:indptr[i + 1]``.
    begin, end : int64 arrays (k,)
        UTC minutes.
    """

    indptr: Minutes
    begin: Minutes
    end: Minutes

    def __post_init__(self) -> None:
        """Close the arrays to writing."""
        for array in (self.indptr, self.begin, self.end):
            array.setflags(write=False)

    def __len__(self) -> int:
        """Return the number of people."""
        return len(self.indptr) - 1

    @classmethod
    def merged(cls, owner: Minutes, begin: Minutes, end: Minutes, *, people: int) -> Spans:
        """Sort and merge stretches in any order; those that touch become one.

        Parameters
        ----------
        owner, begin, end : int64 arrays (k,)
            Whose it is, and from when to when. Empty ones are left out.
        people : int
            The number of people.

        Examples
        --------
        >>> spans = Spans.merged(np.array([1, 1, 0]), np.array([5, 0, 3]), np.array([9, 5, 4]),
        ...                      people=2)
        >>> spans.indptr.tolist(), spans.begin.tolist(), spans.end.tolist()
        ([0, 1, 2], [3, 0], [4, 9])
        """
        real = end > begin
        owner, begin, end = owner[real], begin[real], end[real]
        order = np.lexsort((begin, owner))
        # Each person gets a far-off piece of one long line: one running maximum merges all.
        owner = owner[order]
        first = begin[order] + owner * _FAR
        reach = np.maximum.accumulate(end[order] + owner * _FAR)
        fresh = np.ones(len(order), dtype=bool)
        fresh[1:] = first[1:] > reach[:-1]
        last = np.append(np.flatnonzero(fresh)[1:], len(order))[: int(fresh.sum())] - 1
        indptr = np.zeros(people + 1, dtype=np.int64)
        np.cumsum(np.bincount(owner[fresh], minlength=people), out=indptr[1:])
        base = owner[fresh] * _FAR
        return cls(indptr, first[fresh] - base, reach[last] - base)

    def of(self, person: int) -> tuple[Minutes, Minutes]:
        """Return the stretches of one person."""
        mine = slice(self.indptr[person], self.indptr[person + 1])
        return self.begin[mine], self.end[mine]


@dataclass(frozen=True, slots=True)
class Grid:
    """Equal cells of UTC time.

    Attributes
    ----------
    origin : int
        UTC minute at which cell 0 begins.
    step : int
        Minutes in a cell.
    cells : int
        How many there are.
    """

    origin: int
    step: int
    cells: int

    def inner(self, spans: Spans, people: Minutes) -> Mask:
        """Return the cells that lie wholly in people's stretches, (people, cells)."""
        return self._painted(spans, people, up=self.step - 1, down=0)

    def touched(self, spans: Spans, people: Minutes) -> Mask:
        """Return the cells that people's stretches touch, (people, cells)."""
        return self._painted(spans, people, up=0, down=self.step - 1)

    def _painted(self, spans: Spans, people: Minutes, *, up: int, down: int) -> Mask:
        counts = np.diff(spans.indptr)[people]
        row = np.repeat(np.arange(len(people)), counts)
        within = np.arange(len(row)) - np.repeat(np.cumsum(counts) - counts, counts)
        at = np.repeat(spans.indptr[people], counts) + within
        first = np.clip((spans.begin[at] - self.origin + up) // self.step, 0, self.cells)
        stop = np.clip((spans.end[at] - self.origin + down) // self.step, 0, self.cells)
        real = stop > first
        change = np.zeros((len(people), self.cells + 1), dtype=np.int16)
        np.add.at(change, (row[real], first[real]), 1)
        np.add.at(change, (row[real], stop[real]), -1)
        painted: Mask = np.cumsum(change, axis=1, dtype=np.int16)[:, :-1] > 0
        return painted


def room_for(free: Mask, length: int) -> Mask:
    """Return where `length` free cells in a row begin, same shape as `free` (..., cells).

    Examples
    --------
    >>> room_for(np.array([True, True, False, True, True]), 2).tolist()
    [True, False, False, True, False]
    """
    total = np.zeros((*free.shape[:-1], free.shape[-1] + 1), dtype=np.int32)
    np.cumsum(free, axis=-1, out=total[..., 1:])
    found = np.zeros(free.shape, dtype=bool)
    if length <= free.shape[-1]:
        fits = free.shape[-1] - length + 1
        found[..., :fits] = total[..., length:] - total[..., :-length] == length
    return found
