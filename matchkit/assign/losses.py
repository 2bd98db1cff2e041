"""What pairs are worth below the price and the surplus that prove an optimum.

The loss of a pair is price and surplus less the worth of the pair, people and points folded
into one integer. It is never below 0, and 0 for the pairs that optima are made of.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from matchkit.assign.core import Core, open_core
from matchkit.assign.problem import Problem
from matchkit.assign.solution import Solution
from matchkit.assign.sources import BlockSource, GridSource, ListedSource

Index = NDArray[np.int64]

FAR: Final = 1 << 60
"""Loss of what is not allowed: above everything, with room for sums in int64."""

_CELLS = 1 << 18  # pairs looked at in one go


class Losses:
    """Losses of the open mentees with every mentor and with being unmatched.

    Mentees go by their position in ``core.rows``. The node after the last mentor stands for
    being unmatched.

    Parameters
    ----------
    problem : Problem
        What was solved.
    solution : Solution
        Its optimum, with the minimal prices.

    Attributes
    ----------
    core : Core
        The open part of the problem.
    outside : int
        The node for being unmatched.
    prices : NDArray[int64], shape (m + 1,)
        What a place of each node costs.
    most : NDArray[int64], shape (m,)
        What losing a place of each mentor would cost.
    surpluses : NDArray[int64], shape (n,)
    now : NDArray[int64], shape (n,)
        The node where each mentee is.
    free : NDArray[bool], shape (m + 1,)
        Nodes with a place that nobody has taken.
    by_node : NDArray[int64], shape (n,)
        The mentees by node.

    Raises
    ------
    ProblemError
        If the points are too large or too far apart to be exact.
    """

    def __init__(self, problem: Problem, solution: Solution) -> None:
        self.core: Core = open_core(problem, extent(problem.source))
        self.outside: int = self.core.places.size
        self.prices: Index = np.append(self._folded(solution.prices), 0)
        self.most: Index = self._folded(solution.max_prices)
        self.surpluses: Index = self._folded(solution.surpluses)[self.core.rows]
        mentor_of = solution.mentor_of[self.core.rows]
        self.now: Index = np.where(mentor_of < 0, self.outside, mentor_of)
        load = np.bincount(self.now, minlength=self.outside + 1)
        self.free = np.append(load[:-1] < self.core.places, True)
        self.by_node: Index = np.argsort(self.now, kind="stable")
        self._start = np.append(0, np.cumsum(load))

    def _folded(self, pairs: NDArray[np.int64]) -> Index:
        folded: Index = pairs[:, 0] * self.core.unit + pairs[:, 1]
        return folded

    def at_node(self, node: int) -> Index:
        """Return the mentees at a node."""
        return self.by_node[self._start[node] : self._start[node + 1]]

    def within(self, at: Index, cutoff: Index) -> Iterator[tuple[Index, Index, Index]]:
        """Yield mentee, node and exact loss where it is at most the cutoff of the node.

        Parameters
        ----------
        at : NDArray[int64]
            Mentees.
        cutoff : NDArray[int64], shape (m + 1,)
            Below ``FAR``. Nobody's loss is below 0, so -1 leaves a node out.
        """
        alone = self.surpluses[at] - self.core.outside[at]
        leaving = np.flatnonzero(alone <= cutoff[-1])
        yield at[leaving], np.full(leaving.size, self.outside), alone[leaving]
        cols = np.flatnonzero(cutoff[:-1] >= 0)
        source = self.core.problem.source
        for here in self.stripes(at, cols.size) if cols.size else ():
            rows = self.core.rows[here]
            bound = self.prices[cols] + self.surpluses[here, None] - self.core.unit
            worth = source.block(rows, cols).astype(np.float64)
            # A block is -inf where not eligible; whole numbers are exact, so 1 covers rounding.
            row, col = np.nonzero(bound - worth <= cutoff[cols] + source.error + 1)
            loss = bound[row, col] - source.pairs(rows[row], cols[col])
            kept = loss <= cutoff[cols[col]]
            yield here[row[kept]], cols[col[kept]], loss[kept]

    def stripes(self, at: Index, width: int) -> Iterator[Index]:
        """Yield as many mentees at a time as are worked on at once, ascending in each stripe."""
        step = max(1, _CELLS // max(1, width))
        for first in range(0, at.size, step):
            yield np.sort(at[first : first + step])

    def block(self, at: Index) -> Index:
        """Return the losses of some mentees, ascending, at every node; FAR where not eligible."""
        losses = np.full((at.size, self.outside + 1), FAR)
        if self.core.problem.source.error:
            for who, to, loss in self.within(at, np.full(self.outside + 1, FAR - 1)):
                losses[np.searchsorted(at, who), to] = loss
            return losses
        losses[:, -1] = self.surpluses[at] - self.core.outside[at]
        points = self.core.problem.source.block(self.core.rows[at], np.arange(self.outside))
        bound = self.prices[:-1] + self.surpluses[at, None] - self.core.unit
        np.subtract(bound, points, out=losses[:, :-1], where=points > -np.inf, casting="unsafe")
        return losses

    def exchange(self) -> Index:
        """Return the least loss of a move from each node to each, 0 to the same.

        Returns
        -------
        NDArray[int64], shape (m + 1, m + 1)
        """
        nodes = self.outside + 1
        least = np.full((nodes, nodes), FAR)
        for at in self.stripes(self.by_node, nodes):
            at_nodes = np.argsort(self.now[at], kind="stable")
            origin = self.now[at[at_nodes]]
            first = np.flatnonzero(np.diff(origin, prepend=-1))
            best = np.minimum.reduceat(self.block(at)[at_nodes], first, axis=0)
            least[origin[first]] = np.minimum(least[origin[first]], best)
        np.fill_diagonal(least, 0)
        return least


def extent(source: BlockSource) -> tuple[int, ...]:
    """Return two numbers between which the points of all eligible pairs are, or nothing.

    Parameters
    ----------
    source : BlockSource
        The points; looked at once.
    """
    if isinstance(source, ListedSource):
        return (int(source.points.min()), int(source.points.max())) if source.points.size else ()
    if isinstance(source, GridSource):
        low = int(source.points.min(where=source.eligible, initial=FAR))
        high = int(source.points.max(where=source.eligible, initial=-FAR))
        return (low, high) if low <= high else ()
    n, m = source.shape
    step = max(1, _CELLS // max(1, m))
    ends: list[float] = []
    for first in range(0, n, step):
        block = source.block(np.arange(first, min(first + step, n)), np.arange(m))
        known = block[np.isfinite(block)]
        ends += [float(known.min()), float(known.max())] if known.size else []
    wide = source.error + 1
    return (int(min(ends) - wide), int(max(ends) + wide)) if ends else ()
