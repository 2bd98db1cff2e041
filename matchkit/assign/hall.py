"""Why not everybody can be matched: groups who can reach fewer places than they are.

Where places are the reason, there is a group of mentees who together can reach fewer places
than there are of them (P. Hall, "On representatives of subsets", Journal of the London
Mathematical Society 10, 1935). From a matching of the most people it is found by following
alternating paths from the unmatched: the mentors that a mentee can reach are all full, and
those whom they have can reach no others either. What is reached is the smallest group that
leaves so many without a place.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from matchkit.assign.engine import solve
from matchkit.assign.problem import Problem

Index = NDArray[np.int64]

_CELLS = 1 << 20  # pairs looked at in one go


@dataclass(frozen=True, eq=False)
class Shortfall:
    """A group of mentees, all the mentors whom any of them can reach, and too few places.

    Attributes
    ----------
    mentees, mentors : NDArray[int64]
        Ascending. Pairs that are locked are set aside: nobody locked is in the group.
    places : int
        Places of these mentors that locked pairs do not take.
    """

    mentees: Index
    mentors: Index
    places: int

    def __post_init__(self) -> None:
        """Close the arrays."""
        self.mentees.setflags(write=False)
        self.mentors.setflags(write=False)

    @property
    def short(self) -> int:
        """How many of the group stay unmatched at least, whoever is chosen."""
        return self.mentees.size - self.places


def shortfalls(problem: Problem, mentor_of: Index | None = None) -> tuple[Shortfall, ...]:
    """Find every group whose places are too few, each as small as it can be.

    Parameters
    ----------
    problem : Problem
        Who can be matched with whom. Points and conditions across pairs play no part.
    mentor_of : NDArray[int64], shape (n,), optional
        A matching that keeps the locks. Where it does not match the most people, or none is
        given, one that does is found first.

    Returns
    -------
    tuple of Shortfall
        The shortest of places first, then by mentees. No two share anybody. Whatever the
        matching, it leaves as many mentees unmatched as these fall short by together, and
        no group of the same mentees and more falls short by more.

    Raises
    ------
    InfeasibleError
        If locked pairs can't be kept.

    Examples
    --------
    >>> from matchkit.assign import Problem, shortfalls
    >>> problem = Problem([[1, 0], [1, 0], [1, 1]], capacity=1,
    ...                   eligible=[[True, False], [True, False], [True, True]])
    >>> [(each.mentees.tolist(), each.mentors.tolist(), each.short)
    ...  for each in shortfalls(problem)]
    [([0, 1], [0], 1)]
    """
    reach = None if mentor_of is None else _Reach(problem, mentor_of)
    if reach is None or not reach.full:
        free = problem.changed(coverage="first", quotas=(), min_load=None, unmatched_points=0)
        reach = _Reach(problem, solve(free).mentor_of)
    found = [Shortfall(*group) for group in reach.groups()]
    return tuple(sorted(found, key=lambda each: (-each.short, each.mentees.tolist())))


class _Reach:
    """What alternating paths from the unmatched mentees reach."""

    def __init__(self, problem: Problem, mentor_of: Index) -> None:
        self._source, m = problem.source, problem.shape[1]
        self._places = problem.capacity - np.bincount(problem.locked[:, 1], minlength=m)
        open_ = np.ones(mentor_of.size, dtype=bool)
        open_[problem.locked[:, 0]] = False
        now = np.where(open_, mentor_of, -1)
        load = np.bincount(now[now >= 0], minlength=m)
        seen = self._places <= 0  # nobody reaches a mentor without an open place
        self.full = True
        layer = np.flatnonzero(open_ & (mentor_of < 0))
        reached = [layer]
        while layer.size and self.full:
            cols, new = np.flatnonzero(~seen), np.zeros(m, dtype=bool)
            for _, eligible in self._blocks(layer, cols):
                new[cols] |= eligible.any(axis=0)
            self.full = not (load[new] < self._places[new]).any()
            seen |= new
            layer = np.flatnonzero(np.append(new, False)[now])
            reached.append(layer)
        self._mentees = np.sort(np.concatenate(reached))
        self._mentors = np.flatnonzero(seen & (self._places > 0))

    def _blocks(self, rows: Index, cols: Index) -> Iterator[tuple[Index, NDArray[np.bool_]]]:
        """Yield some of the rows at a time with who is eligible."""
        step = max(1, _CELLS // max(1, cols.size))
        for first in range(0, rows.size if cols.size else 0, step):
            at = rows[first : first + step]
            yield at, self._source.block(at, cols) > -np.inf

    def groups(self) -> Iterator[tuple[Index, Index, int]]:
        """Yield mentees, mentors and places of each part that nothing joins to another."""
        label = self._labels()
        count = self._mentees.size
        own, theirs = label[:count], label[count:]
        own[np.isin(own, theirs, invert=True)] = -1  # those who reach nobody are one group
        for each in np.unique(own):
            cols = self._mentors[theirs == each]
            yield self._mentees[own == each], cols, int(self._places[cols].sum())

    def _labels(self) -> Index:
        """Label the parts: of each mentee, then of each mentor."""
        count, pairs = self._mentees.size, [np.zeros((0, 2), dtype=np.int64)]
        for rows, eligible in self._blocks(self._mentees, self._mentors):
            row, col = np.nonzero(eligible)
            starts = np.flatnonzero(np.diff(row, prepend=-1))
            # A mentee joins all the mentors that it reaches: each to the first of them will do.
            first = col[starts][np.cumsum(np.diff(row, prepend=-1) > 0) - 1]
            own = np.searchsorted(self._mentees, rows[row[starts]])
            pairs.append(np.column_stack([own, col[starts] + count]))
            pairs.append(np.unique(np.column_stack([first, col]), axis=0) + count)
        source, target = np.concatenate(pairs).T
        size = count + self._mentors.size
        graph = csr_array((np.ones(source.size, dtype=np.int8), (source, target)), (size, size))
        return connected_components(graph, directed=False)[1].astype(np.int64)
