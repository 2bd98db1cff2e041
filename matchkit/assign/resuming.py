"""The first look at every pair of a problem that is nearly one whose solution is known.

Prices from before say which pairs an optimum could use: those that are worth nearly what
price and surplus sum to. Nothing of the solution from before is trusted. It decides where
the search begins, and the certificate decides where it ends.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from matchkit.assign.augmenting import Start
from matchkit.assign.candidates import Survey, Tally, survey_list
from matchkit.assign.certificate import Duals, Sought, look
from matchkit.assign.core import Core, split
from matchkit.assign.problem import Problem
from matchkit.assign.solution import Solution
from matchkit.assign.sources import INELIGIBLE, BlockSource, ListedSource

_NEAR = 0.2  # of the extent of prices or surpluses: pairs so near to both are candidates
_LARGEST = 1 << 48  # of a price: more than any has, and far from what int64 can hold


def earlier(problem: Problem, start: Solution) -> Duals:
    """Return prices from before, with the surpluses that they leave today.

    Where places are short now, what one of them less would have cost tells more than what
    one more would have added. Whoever cannot keep a place begins with none.
    """
    n, _ = problem.shape
    known = start.max_prices if problem.capacity.sum() < n else start.prices
    people, points = np.clip(known, 0, [1, _LARGEST]).T
    at = np.flatnonzero(start.mentor_of >= 0)
    at = at[problem.capacity[start.mentor_of[at]] > 0]
    own = problem.source.pairs(at, start.mentor_of[at])
    at, own = at[own != INELIGIBLE], own[own != INELIGIBLE]
    outside = problem.unmatched_points
    largest = max(int(np.abs(each).max(initial=0)) for each in (own, points, outside))
    unit = 8 * largest + 9 if problem.coverage == "first" else 0
    prices, surpluses = people * unit + points, outside.copy()
    surpluses[at] = np.maximum(own + unit - prices[start.mentor_of[at]], outside[at])
    return Duals(prices, surpluses, outside, unit)


def resumed(core: Core, duals: Duals, start: Solution) -> Start:
    """Return where to begin on a graph."""
    people, points = split(duals.prices, duals.unit).T
    return Start(people * core.unit + points, start.mentor_of[core.rows])


def resurvey(part: slice, *, source: BlockSource, duals: Duals) -> Survey:
    """Look at all pairs of some mentees with prices that may be nearly right.

    In place of the best pairs of everybody it takes those that are worth nearly what price
    and surplus sum to, or more.

    Parameters
    ----------
    part : slice
        The mentees.
    source : BlockSource
        The points.
    duals : Duals
        Prices, and the surpluses of all mentees.
    """
    rows, width = np.arange(part.start, part.stop), source.shape[1]
    gained = split(duals.surpluses - duals.outside, duals.unit)[:, 1]
    asked = split(duals.prices, duals.unit)[:, 1]
    margin = int(_NEAR * max(np.ptp(each) if each.size else 0 for each in (gained, asked)))
    tallied = source if isinstance(source, ListedSource) else _Tallied(source, part)
    sought = Sought(margin, rows.size * width)
    seen = look(part, source=tallied, rows=np.arange(part.stop), duals=[duals], sought=sought)
    none = np.zeros(0, dtype=np.int64)
    best = none, none, np.zeros(0, dtype=np.float32)
    if isinstance(tallied, ListedSource):
        found = survey_list(tallied, rows)
        return replace(found, mentees=seen.mentees, mentors=seen.mentors, best=best)
    tally = tallied.tally
    served = int(tally.served.sum())
    extent = tally.extent(source.error)
    return Survey(seen.mentees, seen.mentors, best, extent, served, tally.wanted)


class _Tallied:
    """A source that counts what it is asked for: every pair of some mentees, once."""

    def __init__(self, source: BlockSource, part: slice) -> None:
        self._source, self._first = source, part.start
        self.shape, self.error = source.shape, source.error
        self.tally = Tally(part.stop - part.start, source.shape[1])

    def block(self, rows: NDArray[np.int64], cols: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return almost the points of every row with every column, shape (r, c)."""
        block = self._source.block(rows, cols)
        if block.size:
            self.tally.add(block, rows - self._first, cols)
        return block

    def pairs(self, rows: NDArray[np.int64], cols: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the points of the pairs, shape (k,)."""
        return self._source.pairs(rows, cols)
