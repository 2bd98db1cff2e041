"""Multipliers of quotas on the whole round, by relaxation around the assignment engine.

With multipliers added to the points of pairs, a quota is no condition any more, and what is
left is an assignment problem that the engine solves exactly and, from the solution before,
nearly at once. Its optimum is a convex function of the multipliers, of which every solution
gives a tangent; the least point of the tangents found so far is tried next (J. E. Kelley,
"The cutting-plane method for solving convex programs", Journal of the Society for
Industrial and Applied Mathematics 8, 1960), within a box around the best point so far that
grows where steps succeed. For one quota these are intersections of two lines.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matchkit.assign.augmenting import Start, optimum
from matchkit.assign.core import Core, open_core
from matchkit.assign.graph import Graph
from matchkit.assign.linear import Ints
from matchkit.assign.multipliers import Multipliers, dot
from matchkit.assign.problem import Problem
from matchkit.assign.quotas import Quota
from matchkit.assign.solution import Solution
from matchkit.assign.sweep import Near

Values = NDArray[np.float64]

_STEPS = 80  # tangents that are tried
_GUESS = 1 / 8  # of the largest point: where multipliers may be
_NEAR = 1e-9  # of the bound: what a further step must promise


@dataclass(frozen=True, slots=True)
class Side:
    """One bound of a quota: its multiplier is ``sign`` times a number of 0 or more."""

    quota: int
    sign: int
    bound: int
    most: int


@dataclass(frozen=True, eq=False)
class Tangent:
    """What one solution says of all multipliers: at least ``value + slope (x - at)``."""

    at: Ints
    value: int
    slope: Ints


class Relaxation:
    """The assignment problem under multipliers, on a growing part of the pairs.

    Parameters
    ----------
    problem : Problem
        Its limits for each mentor and least loads are left out.
    free : Solution
        The optimum without conditions across pairs.
    size : float
        The largest absolute value of a point.
    """

    def __init__(self, problem: Problem, free: Solution, size: float) -> None:
        self._problem = problem
        self._size = max(1, int(size))
        self.sides = tuple(_sides(problem, 4 * self._size))
        widest = self._size + sum(
            side.most * int(np.abs(self._quota(side).table).max(initial=0)) for side in self.sides
        )
        bare = problem.changed(quotas=(), min_load=None)
        self._core: Core = open_core(bare, (-widest, widest))
        self._graph = Graph.empty(self._core.shape)
        self._position = np.full(problem.shape[0], -1, dtype=np.int64)
        self._position[self._core.rows] = np.arange(self._core.rows.size)
        self._amounts: list[Ints] = []
        fold = np.array([self._core.unit, 1])
        self._start = Start(free.prices @ fold, free.mentor_of[self._core.rows])
        fixed = np.full(problem.shape[0], -1, dtype=np.int64)
        fixed[problem.locked[:, 0]] = problem.locked[:, 1]
        self._held = [self._quota(side).total(fixed) for side in self.sides]
        self._constant = dot(*_locked_points(problem))
        self._tangents: list[Tangent] = []

    def _quota(self, side: Side) -> Quota:
        quota = self._problem.quotas[side.quota]
        assert isinstance(quota, Quota)  # noqa: S101 - sides are made of these only
        return quota

    def join(self, near: Near) -> None:
        """Take in more pairs: the bound rises, and tangents stay below it."""
        at, to = self._graph.missing(self._position[near.mentees], near.mentors)
        rows = self._core.rows[at]
        points = self._problem.source.pairs(rows, to)
        self._graph = self._graph.joined(at, to, points + self._core.unit)
        rows = self._core.rows[self._graph.mentees]
        self._amounts = [
            side.sign * self._quota(side).amounts(rows, self._graph.mentors) for side in self.sides
        ]

    def descend(self, at: Ints, reach: float) -> Tangent:
        """Return the least bound that is found from these multipliers on.

        Parameters
        ----------
        at : NDArray[int64], shape (sides,)
            Where to begin.
        reach : float
            How far multipliers may move at first, as a share of the largest point.
        """
        best = self._tangent(at)
        most = np.array([side.most for side in self.sides], dtype=np.float64)
        box = np.array([reach * self._size / self._quota(each).unit for each in self.sides])
        for _ in range(_STEPS):
            if self.lost(best):
                break
            target, promised = self._least(best.at, np.maximum(box, 1), most)
            if best.value - promised <= max(1.0, _NEAR * abs(best.value)):
                if (np.abs(target - best.at) < 0.99 * box).all() or (box >= most).all():
                    break
                box *= 4
                continue
            if any((target == each.at).all() for each in self._tangents):
                break
            tried = self._tangent(target)
            if tried.value < best.value:
                best, box = tried, box * 2
            else:
                box /= 2
        return best

    def lost(self, best: Tangent) -> bool:
        """Tell whether a hard bound is missed though its multiplier is as high as can be.

        Then as many people as without the quotas can hardly be matched.
        """
        high = np.array([side.most for side in self.sides])
        hard = [self._quota(side).price is None for side in self.sides]
        return bool(((best.at >= high) & (best.slope < 0) & hard).any())

    def guesses(self) -> tuple[Ints, ...]:
        """Return multipliers at which to look for pairs: none, and some for each side."""
        some = np.array([_GUESS * self._size // self._quota(side).unit for side in self.sides])
        each = [np.minimum(some * share, [side.most for side in self.sides]) for share in (0, 1, 2)]
        return tuple(guess.astype(np.int64) for guess in each)

    def quotas(self, at: Ints) -> tuple[Ints, ...]:
        """Return multipliers of sides as multipliers of quotas."""
        quotas = Multipliers.none(self._problem).quotas
        for side, value in zip(self.sides, at.tolist(), strict=True):
            quotas[side.quota][()] += side.sign * value
        return quotas

    def dual(self, at: Ints) -> Multipliers:
        """Return these multipliers of the quotas with the prices that go with them."""
        mentor_of, prices = self._solved(at)
        self._start = Start(prices, mentor_of)
        return Multipliers(prices, self._core.unit, self.quotas(at))

    def _solved(self, at: Ints) -> tuple[Ints, Ints]:
        worth = self._graph.worth.copy()
        for amounts, value in zip(self._amounts, at.tolist(), strict=True):
            worth += value * amounts
        return optimum(self._core, replace(self._graph, worth=worth), self._start)

    def _tangent(self, at: Ints) -> Tangent:
        """Solve under multipliers."""
        mentor_of, prices = self._solved(at)
        self._start = Start(prices, mentor_of)
        own = mentor_of[self._graph.mentees] == self._graph.mentors
        points = int(self._graph.worth[own].sum()) - self._core.unit * int(own.sum())
        points += int(self._core.outside[mentor_of < 0].sum()) + self._constant
        slope = np.array(
            [
                int(amounts[own].sum()) + side.sign * (held - side.bound)
                for amounts, side, held in zip(self._amounts, self.sides, self._held, strict=True)
            ],
            dtype=np.int64,
        )
        tangent = Tangent(at, points + dot(at, slope), slope)
        self._tangents.append(tangent)
        return tangent

    def _least(self, center: Ints, box: Values, most: Values) -> tuple[Ints, float]:
        """Return the least point of all tangents within a box, in whole numbers, and its value."""
        from scipy.optimize import linprog

        k = center.size
        scale = float(self._size)
        low, high = np.maximum(center - box, 0), np.minimum(center + box, most)
        base = float(self._tangents[-1].value)
        slopes = np.array([each.slope for each in self._tangents], dtype=np.float64)
        values = np.array(
            [each.value - base - float(each.slope @ each.at) for each in self._tangents]
        )
        found: Any = linprog(
            np.append(np.zeros(k), 1.0),
            A_ub=np.column_stack([slopes, -np.ones(len(values))]),
            b_ub=-values / scale,
            bounds=[*zip(low / scale, high / scale, strict=True), (None, None)],
            method="highs",
        )
        target = np.rint(found.x[:k] * scale).astype(np.int64)
        return np.clip(target, 0, most.astype(np.int64)), base + float(found.x[k]) * scale


def _sides(problem: Problem, most: int) -> list[Side]:
    """Return the bounds of quotas on the whole round."""
    sides = []
    for index, quota in enumerate(problem.quotas):
        if isinstance(quota, Quota):
            limit = most if quota.price is None else min(most, quota.price // quota.unit)
            for sign, bound in ((1, quota.at_least), (-1, quota.at_most)):
                if bound is not None:
                    sides.append(Side(index, sign, bound, limit))
    return sides


def _locked_points(problem: Problem) -> tuple[Ints, Ints]:
    """Return the points of locked pairs, once each."""
    points = problem.source.pairs(problem.locked[:, 0], problem.locked[:, 1])
    return points, np.ones_like(points)
