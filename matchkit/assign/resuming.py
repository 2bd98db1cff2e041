"""The first look at every pair of a problem that is nearly one whose solution is known.

Prices from before say which pairs an optimum could use: those that are worth nearly what
price and surplus sum to. Nothing of the solution from before is trusted. It decides where
the search begins, and the certificate decides where it ends.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from matchkit.assign.augmenting import Start
from matchkit.assign.candidates import Survey, Tally, survey_list
from matchkit.assign.certificate import Close, Duals, Sought, look
from matchkit.assign.core import Core, open_core, split
from matchkit.assign.differing import differing
from matchkit.assign.problem import Problem
from matchkit.assign.relook import UNKNOWN, Looked
from matchkit.assign.solution import Solution
from matchkit.assign.sources import INELIGIBLE, BlockSource, ListedSource

Positions = NDArray[np.int64]

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


def resumed(core: Core, duals: Duals, start: Solution) -> tuple[Start, Duals]:
    """Return where to begin on a graph, and its prices and surpluses in terms of the graph."""
    prices = _refolded(duals.prices, duals.unit, core.unit)
    gained = _refolded(duals.surpluses - duals.outside, duals.unit, core.unit)[core.rows]
    begun = Start(prices, start.mentor_of[core.rows])
    return begun, Duals(prices, gained + core.outside, core.outside, core.unit)


def margin(duals: Duals) -> int:
    """Return how far below price and surplus pairs are still candidates."""
    gained = split(duals.surpluses - duals.outside, duals.unit)[:, 1]
    asked = split(duals.prices, duals.unit)[:, 1]
    return int(_NEAR * max(np.ptp(each) if each.size else 0 for each in (gained, asked)))


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
    rows = np.arange(part.start, part.stop)
    tallied = source if isinstance(source, ListedSource) else _Tallied(source, part)
    sought = Sought(margin(duals), room=-1)
    seen = look(part, source=tallied, rows=np.arange(part.stop), duals=[duals], sought=sought)
    none = np.zeros(0, dtype=np.int64)
    best = none, none, np.zeros(0, dtype=np.float32)
    if isinstance(tallied, ListedSource):
        found = survey_list(tallied, rows)
        return replace(found, mentees=seen.mentees, mentors=seen.mentors, best=best)
    tally = tallied.tally
    extent = tally.extent(source.error)
    return Survey(seen.mentees, seen.mentors, best, extent, tally.offers, tally.wanted)


@dataclass(frozen=True, eq=False)
class Searched:
    """What a solve leaves to be known of all pairs of its problem.

    Attributes
    ----------
    core : Core
        The open part of the problem.
    looked : Looked
        The last look at all pairs.
    extent : tuple of int, or empty
        Between which two numbers the points of eligible pairs are.
    offers : NDArray[int64], shape (n,)
        Eligible mentors of each mentee.
    wanted : NDArray[int64], shape (m,)
        Eligible mentees of each mentor.
    """

    core: Core
    looked: Looked
    extent: tuple[int, ...]
    offers: NDArray[np.int64]
    wanted: NDArray[np.int64]

    def now(self, problem: Problem) -> Searched | None:
        """Return the same of another problem, if it has nearly the same pairs."""
        pairs = differing(self.core.problem.source, problem.source)
        if pairs is None or problem.coverage != self.core.problem.coverage:
            return None
        at, to = pairs.T
        then, points = (each.source.pairs(at, to) for each in (self.core.problem, problem))
        here = points != INELIGIBLE
        change = here.astype(np.int64) - (then != INELIGIBLE)
        offers, wanted = self.offers.copy(), self.wanted.copy()
        np.add.at(offers, at, change)
        np.add.at(wanted, to, change)
        ends = [*self.extent, *(int(end(points[here])) for end in (np.min, np.max) if here.any())]
        extent = (min(ends), max(ends)) if ends else ()
        core = open_core(problem, extent)
        if not self._lasts(core.unit):
            return None
        looked = self._looked(core, at, to)
        return Searched(core, looked, extent, offers, wanted)

    def _lasts(self, unit: int) -> bool:
        """Tell whether a person is still more than points can be apart, now and then."""
        core, looked = self.core, self.looked
        apart = core.spread + looked.close.slack
        for prices, surpluses in zip(looked.prices, looked.surpluses, strict=True):
            known = surpluses[surpluses != UNKNOWN] - core.outside[surpluses != UNKNOWN]
            sizes = [np.abs(split(each, core.unit)[:, 1]) for each in (prices, known)]
            apart += sum(int(size.max(initial=0)) for size in sizes)
        return core.unit == unit == 0 or min(core.unit, unit) > apart

    def _looked(self, core: Core, at: Positions, to: Positions) -> Looked:
        """Return the last look in terms of another problem; pairs that differ count as close."""
        before, looked = self.core, self.looked
        n, m = core.problem.shape
        ours = np.full(n, -1)
        ours[core.rows] = np.arange(core.rows.size)
        known = np.flatnonzero(ours[before.rows] >= 0)
        surpluses = []
        for each in looked.surpluses:
            own = np.full(core.rows.size, UNKNOWN)
            gained = _refolded(each[known] - before.outside[known], before.unit, core.unit)
            there = each[known] != UNKNOWN
            own[ours[before.rows[known]][there]] = (gained + before.outside[known])[there]
            surpluses.append(own)
        close, source = looked.close, core.problem.source
        rows = before.rows[close.mentees]
        kept = (ours[rows] >= 0) & ~np.isin(rows * m + close.mentors, at * m + to)
        points = source.pairs(at, to)
        new = (ours[at] >= 0) & (points != INELIGIBLE)
        listed = (
            np.append(ours[rows][kept], ours[at][new]),
            np.append(close.mentors[kept], to[new]),
            np.append(close.points[kept], points[new]),
        )
        prices = tuple(_refolded(each, before.unit, core.unit) for each in looked.prices)
        return Looked(prices, tuple(surpluses), Close(*listed, close.slack))


def _refolded(worth: NDArray[np.int64], unit: int, other: int) -> NDArray[np.int64]:
    """Return worths with another number of points for a person."""
    people, points = split(worth, unit).T
    folded: NDArray[np.int64] = people * other + points
    return folded


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
