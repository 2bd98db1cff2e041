"""A look at every pair under multipliers: what is left to each mentee, and which pairs are near.

Where multipliers fold people into points, float32 is too coarse, so that blocks are compared
in float64; what comes near is recomputed in whole numbers.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matchkit.assign.linear import Ints, ranked
from matchkit.assign.multipliers import AdjustedSource, Multipliers
from matchkit.assign.passes import Crew
from matchkit.assign.problem import Problem
from matchkit.assign.selecting import ranks
from matchkit.assign.sources import BlockSource, ListedSource

_CELLS = 1 << 20  # of a block: whole rows are needed
_STRIPE = 1 << 12
# Among equals not everybody's best may be the same few: odd numbers that scatter products.
_MIXED = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F], dtype=np.uint64)
_EXACT = 2.0**-50  # relative error of float64 sums here


@dataclass(frozen=True, eq=False)
class Near:
    """What a look at every pair found.

    Attributes
    ----------
    surpluses : NDArray[int64], shape (n,)
        The most that a pair leaves to each mentee, or being unmatched; for locked mentees
        what their pair leaves.
    mentees, mentors, points : NDArray[int64], shape (k,)
        The pairs that come near, of mentees who are not locked.
    """

    surpluses: Ints
    mentees: Ints
    mentors: Ints
    points: Ints

    def joined(self, other: Near) -> Near:
        """Return the pairs of both, with the surpluses of the other; some may stand twice."""
        return Near(
            other.surpluses,
            *(
                np.concatenate([getattr(self, name), getattr(other, name)])
                for name in ("mentees", "mentors", "points")
            ),
        )


def extent(source: BlockSource) -> float:
    """Return the largest absolute value of a point; one look at every pair."""
    if isinstance(source, ListedSource):
        return float(np.abs(source.points).max(initial=0))
    n, m = source.shape
    largest, cols = 0.0, np.arange(m)
    for part in _parts(n, m):
        block = source.block(np.arange(part.start, part.stop), cols)
        finite = block[np.isfinite(block)]
        largest = max(largest, float(np.abs(finite).max(initial=0)))
    return largest + source.error


def swept(
    problem: Problem,
    multipliers: Multipliers,
    crew: Crew,
    *,
    size: float,
    within: float = 0.0,
    most: int | None = None,
) -> Near:
    """Look at every pair under multipliers.

    Parameters
    ----------
    problem : Problem
    multipliers : Multipliers
    crew : Crew
        Who works on blocks of pairs.
    size : float
        The largest absolute value of a point, as `extent` says.
    within : float
        By how much a pair may leave less than the best, to be near; may be infinite.
    most : int, optional
        In its place: the best so many pairs of each mentee are near, whatever they leave.
    """
    source = AdjustedSource(problem, multipliers.quotas, extent=size)
    keys = (ranked(each).astype(np.uint64) for each in (problem.row_keys, problem.column_keys))
    look = _Look(problem, source, multipliers, within, most, *keys)
    work = functools.partial(_over, look=look)
    parts = list(crew.over("bound", work, problem.shape[0], most=_STRIPE))
    near = Near(
        *(
            np.concatenate([getattr(part, name) for part in parts])
            for name in ("surpluses", "mentees", "mentors", "points")
        )
    )
    at, to = problem.locked[:, 0], problem.locked[:, 1]
    near.surpluses[at] = multipliers.net(problem, at, to, problem.source.pairs(at, to))
    free = ~np.isin(near.mentees, at)
    return Near(near.surpluses, near.mentees[free], near.mentors[free], near.points[free])


def _parts(stop: int, m: int, start: int = 0) -> list[slice]:
    """Cut mentees into blocks of whole rows."""
    step = max(1, _CELLS // max(1, m))
    return [slice(at, min(at + step, stop)) for at in range(start, stop, step)]


def _over(part: slice, *, look: _Look) -> Near:
    """Look at every pair of some mentees."""
    return look.over(part)


@dataclass(frozen=True, eq=False)
class _Look:
    """What pairs are compared with."""

    problem: Problem
    source: AdjustedSource
    multipliers: Multipliers
    within: float
    most: int | None
    rows: NDArray[np.uint64]
    columns: NDArray[np.uint64]

    def over(self, part: slice) -> Near:
        """Look at every pair of some mentees."""
        m = self.problem.shape[1]
        none = np.zeros(0, dtype=np.int64)
        found = [(none, none, none, none)]
        found += [
            self._block(np.arange(each.start, each.stop)) if m else self._nobody(each)
            for each in _parts(part.stop, max(1, m), part.start)
        ]
        return Near(*(np.concatenate(each) for each in zip(*found, strict=True)))

    def _nobody(self, part: slice) -> tuple[Ints, Ints, Ints, Ints]:
        none = np.zeros(0, dtype=np.int64)
        return self.problem.unmatched_points[part], none, none, none

    def _block(self, rows: Ints) -> tuple[Ints, Ints, Ints, Ints]:
        """Look at whole rows: whatever float64 does not rule out is asked exactly."""
        problem, dual = self.problem, self.multipliers
        block = self.source.block(rows, np.arange(problem.shape[1])).astype(np.float64)
        block += dual.bonus - dual.prices.astype(np.float64)
        outside = problem.unmatched_points[rows]
        top = np.maximum(block.max(axis=1), outside)
        size = np.abs(dual.prices).max(initial=0) + abs(dual.bonus) + np.abs(top).max()
        least = top - self.within
        if self.most is not None and self.most < block.shape[1]:
            kept = np.partition(block, -self.most, axis=1)[:, -self.most]
            least = np.minimum(least, kept)
        elif self.most is not None:
            least[:] = -np.inf
        least -= 2 * (self.source.error + _EXACT * float(size))
        cells = np.flatnonzero((block >= least[:, None]) & (block > -np.inf))
        at, mentors = np.divmod(cells, block.shape[1])
        points = problem.source.pairs(rows[at], mentors)
        net = dual.net(problem, rows[at], mentors, points)
        surpluses = outside.copy()
        np.maximum.at(surpluses, at, net)
        near = surpluses[at] - net <= self.within
        if self.most is not None:
            mixed = self.rows[rows[at]] * _MIXED[0] ^ self.columns[mentors] * _MIXED[1]
            order = np.lexsort((mixed * _MIXED[0], -net, at))
            near = np.zeros(at.size, dtype=bool)
            near[order[ranks(at[order]) < self.most]] = True
        return surpluses, rows[at[near]], mentors[near], points[near]
