"""Multipliers of conditions across pairs, and the bound that they prove over all pairs.

A multiplier says what one more unit of a condition counts in points. Added to the points of
every pair, multipliers turn conditions into prices: whoever gains most at these prices, one
mentee at a time, gains at least as much as any assignment that keeps the conditions (A. M.
Geoffrion, "Lagrangean relaxation for integer programming", Mathematical Programming Study 2,
1974). The bound holds for any multipliers of the right sign, however they were found.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matchkit.assign.linear import COUNT, LOADS, MENTEES, PLACES, Ints, Rows
from matchkit.assign.problem import Problem
from matchkit.assign.quotas import Quota
from matchkit.assign.sources import BlockSource

_ROUNDING = 2.0**-23  # of each float32 sum, twice over


@dataclass(frozen=True, eq=False)
class Multipliers:
    """What conditions count in points.

    Attributes
    ----------
    prices : NDArray[int64], shape (m,)
        Of a place with each mentor; below 0 where a least load presses.
    bonus : int
        Of one more person matched.
    quotas : tuple of NDArray[int64]
        Of each quota: shape () or (groups, m); above 0 where a lower bound presses.
    """

    prices: Ints
    bonus: int
    quotas: tuple[Ints, ...]

    @classmethod
    def none(cls, problem: Problem) -> Multipliers:
        """Return multipliers of 0."""
        m = problem.shape[1]
        return cls(
            np.zeros(m, dtype=np.int64),
            0,
            tuple(
                np.zeros(() if isinstance(each, Quota) else (each.number, m), dtype=np.int64)
                for each in problem.quotas
            ),
        )

    @classmethod
    def of(cls, rows: Rows, values: Ints) -> Multipliers:
        """Return multipliers by person and quota from those of rows."""
        none = cls.none(rows.problem)
        prices, bonus, quotas = none.prices, 0, none.quotas
        start = 0
        for block in rows.blocks:
            value = values[start : start + block.bound.size]
            start += block.bound.size
            if block.quota == COUNT:
                bonus = int(value[0])
            elif block.quota in {PLACES, LOADS}:
                prices[block.cells] += block.sign * value
            elif block.quota >= 0:
                quotas[block.quota].reshape(-1)[block.cells] -= block.sign * value
        return cls(prices, bonus, quotas)

    def values(self, rows: Rows, surpluses: Ints) -> Ints:
        """Return the multiplier of each row; the inverse of `of` with surpluses (n,) besides."""
        values = []
        for block in rows.blocks:
            if block.quota == COUNT:
                values.append(np.array([self.bonus]))
            elif block.quota == MENTEES:
                values.append((surpluses - rows.problem.unmatched_points)[block.cells])
            elif block.quota in {PLACES, LOADS}:
                values.append(np.maximum(block.sign * self.prices[block.cells], 0))
            else:
                value = self.quotas[block.quota].reshape(-1)[block.cells]
                values.append(np.maximum(-block.sign * value, 0))
        return np.concatenate(values)

    def net(self, problem: Problem, rows: Ints, cols: Ints, points: Ints) -> Ints:
        """Return what pairs leave to their mentees, shape (k,)."""
        return points + self.bonus - self.prices[cols] + added(problem, self.quotas, rows, cols)

    def offset(self, problem: Problem, count: int) -> int:
        """Return the bound without what is left to mentees.

        Takes the number of mentees that must be matched for the bonus to be paid.
        """
        m = problem.shape[1]
        given = np.where(self.prices >= 0, problem.capacity, problem.min_load)
        sums = [dot(given, self.prices), -self.bonus * count]
        for quota, value in zip(problem.quotas, self.quotas, strict=True):
            up, down = np.maximum(value, 0), np.maximum(-value, 0)
            if isinstance(quota, Quota):
                sums += [-int(up) * (quota.at_least or 0), int(down) * (quota.at_most or 0)]
            else:
                sums.append(-dot(np.broadcast_to(quota.least(m), up.shape), up))
                sums.append(int(down.sum()) * (quota.at_most or 0))
        return sum(sums)


def added(problem: Problem, quotas: tuple[Ints, ...], rows: Ints, cols: Ints) -> Ints:
    """Return what multipliers of quotas add to the points of pairs, shape (k,)."""
    more = np.zeros(rows.size, dtype=np.int64)
    for quota, value in zip(problem.quotas, quotas, strict=True):
        if isinstance(quota, Quota):
            more += value * quota.amounts(rows, cols)
        else:
            inside = quota.groups[rows] >= 0
            more[inside] += value[quota.groups[rows[inside]], cols[inside]]
    return more


def dot(left: Ints, right: Ints) -> int:
    """Return the exact sum of products: int64 could overflow on the way."""
    pairs = zip(left.reshape(-1).tolist(), right.reshape(-1).tolist(), strict=True)
    return sum(a * b for a, b in pairs)


class AdjustedSource:
    """Blocks of points with the multipliers of quotas added.

    Parameters
    ----------
    problem : Problem
        Points and quotas.
    quotas : tuple of NDArray[int64]
        A multiplier for each quota.
    extent : float
        The largest absolute value of a point.
    """

    def __init__(self, problem: Problem, quotas: tuple[Ints, ...], *, extent: float) -> None:
        self._source: BlockSource = problem.source
        self._used = [
            (quota, value)
            for quota, value in zip(problem.quotas, quotas, strict=True)
            if value.any()
        ]
        self._tables = [
            (value * quota.table if isinstance(quota, Quota) else value).astype(np.float32)
            for quota, value in self._used
        ]
        size = extent + sum(float(np.abs(table).max(initial=0)) for table in self._tables)
        self.error = float(self._source.error + 2 * len(self._tables) * _ROUNDING * size)

    def block(self, rows: Ints, cols: Ints) -> NDArray[np.float32]:
        """Return almost the points of every row with every column, shape (r, c)."""
        block = self._source.block(rows, cols)
        for (quota, _), table in zip(self._used, self._tables, strict=True):
            if isinstance(quota, Quota):
                block += table[quota.row_codes[rows]][:, quota.column_codes[cols]]
            else:
                inside = np.flatnonzero(quota.groups[rows] >= 0)
                block[inside] += table[quota.groups[rows[inside]]][:, cols]
        return block
