"""The conditions of a problem as rows of a linear program over listed pairs.

Every condition is a row ``A x <= b`` with a multiplier of 0 or more, in whole numbers. For
any multipliers, the sum of ``y b`` is an upper bound as soon as no pair gains more than its
column costs (weak duality), and the difference between that bound and what an assignment
is worth is exactly its *loss*: what its pairs cost more than they gain, and the slack of
every row that has a multiplier. Losses are small whole numbers where worths are large, so
that a solver in floating point decides between assignments without rounding.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from matchkit.assign.problem import Problem
from matchkit.assign.quotas import PerMentor, Quota

Ints = NDArray[np.int64]

HARD = -1
"""In place of a price: the row must be kept."""


@dataclass(frozen=True, eq=False)
class Listing:
    """Pairs that are listed, in an order that depends on keys only.

    Attributes
    ----------
    mentees, mentors : NDArray[int64], shape (k,)
        No mentee is locked.
    gains : NDArray[int64], shape (k,)
        Points above those of leaving the mentee unmatched.
    """

    mentees: Ints
    mentors: Ints
    gains: Ints

    @classmethod
    def of(cls, problem: Problem, mentees: Ints, mentors: Ints, points: Ints) -> Listing:
        """List pairs by keys, each once; those of locked mentees are left out."""
        locked = np.zeros(problem.shape[0], dtype=bool)
        locked[problem.locked[:, 0]] = True
        row, column = ranked(problem.row_keys), ranked(problem.column_keys)
        code = row[mentees] * np.int64(problem.shape[1]) + column[mentors]
        order = np.argsort(code, kind="stable")
        once = np.diff(code[order], prepend=-1) > 0
        order = order[once & ~locked[mentees[order]]]
        at = mentees[order]
        return cls(at, mentors[order], points[order] - problem.unmatched_points[at])


def ranked(keys: NDArray[np.uint64]) -> Ints:
    """Return the place of each key in ascending order."""
    rank = np.empty(keys.size, dtype=np.int64)
    rank[np.argsort(keys)] = np.arange(keys.size)
    return rank


@dataclass(frozen=True, eq=False)
class Entries:
    """What stands where in some rows, shape (entries,) each."""

    row: Ints
    pair: Ints
    value: Ints


@dataclass(frozen=True, eq=False)
class Block:
    """Rows of one kind.

    Attributes
    ----------
    entries : Entries
        Their part of the matrix.
    bound : NDArray[int64], shape (rows,)
    quota : int
        The quota that they belong to, or one of ``MENTEES``, ``PLACES``, ``LOADS``, ``COUNT``.
    cells : NDArray[int64], shape (rows,)
        What of the quota, or which person, each row is about.
    sign : int
        1 where the rows are upper bounds of the problem, -1 where they are lower ones.
    price, unit : int
        What a unit beyond the bound costs, ``HARD`` where it may not be; and the unit.
    """

    entries: Entries
    bound: Ints
    quota: int
    cells: Ints
    sign: int = 1
    price: int = HARD
    unit: int = 1


MENTEES, PLACES, LOADS, COUNT = -1, -2, -3, -4
"""In place of a quota: the rows of mentees, of places, of least loads, and of the number."""


class Rows:
    """The conditions of a problem over listed pairs.

    Parameters
    ----------
    problem : Problem
        The conditions. What locked pairs take of them is taken off.
    listing : Listing
        The pairs.
    count : int, optional
        How many mentees must be matched at least, locked ones among them.
    priced : tuple of NDArray[int64], optional
        Multipliers of the quotas: rows that have one stay, even if nothing can break them.
    """

    def __init__(
        self,
        problem: Problem,
        listing: Listing,
        count: int | None,
        priced: tuple[Ints, ...] | None = None,
    ) -> None:
        self.problem, self.listing, self._priced = problem, listing, priced
        self.fixed = np.full(problem.shape[0], -1, dtype=np.int64)
        self.fixed[problem.locked[:, 0]] = problem.locked[:, 1]
        blocks = [self._mentees(), self._places(), *self._loads()]
        for index, quota in enumerate(problem.quotas):
            if isinstance(quota, Quota):
                blocks.extend(self._global(index, quota))
            else:
                blocks.extend(self._per_mentor(index, quota))
        if count is not None:
            blocks.append(self._count(count))
        self.blocks = tuple(blocks)

    @cached_property
    def _held(self) -> Ints:
        """Return how many locked mentees each mentor has."""
        return np.bincount(self.fixed[self.fixed >= 0], minlength=self.problem.shape[1])

    def _all_pairs(self, row: Ints, sign: int = 1) -> Entries:
        """Return entries of every pair, each in one row."""
        pairs = np.arange(row.size)
        return Entries(row, pairs, np.full(row.size, sign))

    def _mentees(self) -> Block:
        """Return the rows that give each mentee one mentor at most, and locked ones no other."""
        keys = self.problem.row_keys
        cells = np.argsort(keys)
        entries = self._all_pairs(ranked(keys)[self.listing.mentees])
        return Block(entries, (self.fixed[cells] < 0).astype(np.int64), MENTEES, cells)

    def _places(self) -> Block:
        """Return the rows that keep capacities."""
        keys = self.problem.column_keys
        cells = np.argsort(keys)
        entries = self._all_pairs(ranked(keys)[self.listing.mentors])
        return Block(entries, (self.problem.capacity - self._held)[cells], PLACES, cells)

    def _loads(self) -> list[Block]:
        """Return the rows that keep least loads."""
        least, order = self.problem.min_load, np.argsort(self.problem.column_keys)
        cells = order[least[order] > 0]
        if not cells.size:
            return []
        place = np.full(least.size, -1)
        place[cells] = np.arange(cells.size)
        row = place[self.listing.mentors]
        at = np.flatnonzero(row >= 0)
        entries = Entries(row[at], at, np.full(at.size, -1))
        return [Block(entries, (self._held - least)[cells], LOADS, cells, sign=-1)]

    def _count(self, count: int) -> Block:
        """Return the row that asks for so many matched."""
        entries = self._all_pairs(np.zeros_like(self.listing.mentees), -1)
        bound = np.array([int(self._held.sum()) - count])
        return Block(entries, bound, COUNT, np.zeros(1, dtype=np.int64), sign=-1)

    def _global(self, index: int, quota: Quota) -> list[Block]:
        """Return the rows of a bound on a sum over all pairs."""
        amounts = quota.amounts(self.listing.mentees, self.listing.mentors)
        at = np.flatnonzero(amounts)
        held = quota.total(self.fixed)
        return [
            Block(
                Entries(np.zeros_like(at), at, sign * amounts[at]),
                np.array([sign * (bound - held)]),
                index,
                np.zeros(1, dtype=np.int64),
                sign,
                HARD if quota.price is None else quota.price,
                quota.unit,
            )
            for sign, bound in ((-1, quota.at_least), (1, quota.at_most))
            if bound is not None
        ]

    def _per_mentor(self, index: int, quota: PerMentor) -> list[Block]:
        """Return the rows of bounds for each mentor; those that nothing can break are left out."""
        m = self.problem.shape[1]
        group = quota.groups[self.listing.mentees]
        at = np.flatnonzero(group >= 0)
        cell = group[at] * m + self.listing.mentors[at]
        held = quota.loads(self.fixed, m).reshape(-1)
        least = np.tile(quota.least(m), quota.number)
        bounds = [(-1, least, least > 0)]
        if quota.at_most is not None:
            pressing = held + np.bincount(cell, minlength=held.size) > quota.at_most
            if self._priced is not None:
                pressing |= self._priced[index].reshape(-1) < 0
            bounds.append((1, np.full(held.size, quota.at_most), pressing))
        column = np.argsort(self.problem.column_keys)
        order = (np.arange(quota.number)[:, None] * m + column).reshape(-1)
        blocks = []
        for sign, bound, pressing in bounds:
            cells = order[pressing[order]]
            place = np.full(held.size, -1)
            place[cells] = np.arange(cells.size)
            kept = np.flatnonzero(place[cell] >= 0)
            entries = Entries(place[cell[kept]], at[kept], np.full(kept.size, sign))
            price = HARD if quota.price is None else quota.price
            blocks.append(Block(entries, sign * (bound - held)[cells], index, cells, sign, price))
        return [block for block in blocks if block.cells.size]

    @cached_property
    def matrix(self) -> csr_array:
        """What each pair adds to each row, int64, shape (rows, pairs)."""
        starts = np.cumsum([0, *(block.bound.size for block in self.blocks)])
        entries = [block.entries for block in self.blocks]
        row = np.concatenate(
            [each.row + start for each, start in zip(entries, starts, strict=False)]
        )
        pair = np.concatenate([each.pair for each in entries])
        value = np.concatenate([each.value for each in entries])
        shape = (int(starts[-1]), self.listing.mentees.size)
        return csr_array((value, (row, pair)), shape=shape)

    @cached_property
    def bound(self) -> Ints:
        """What each row may be at most, shape (rows,)."""
        return np.concatenate([block.bound for block in self.blocks])

    @cached_property
    def price(self) -> Ints:
        """What a unit beyond each bound costs, shape (rows,); ``HARD`` where it may not be."""
        return np.concatenate([np.full(each.bound.size, each.price) for each in self.blocks])

    @cached_property
    def unit(self) -> Ints:
        """How much of a row is one unit, shape (rows,)."""
        return np.concatenate([np.full(each.bound.size, each.unit) for each in self.blocks])

    @cached_property
    def hard_conditions(self) -> Ints:
        """Rows that must be kept and that too few pairs may break, as positions."""
        loose = [
            np.full(each.bound.size, each.price == HARD and each.quota not in {MENTEES, PLACES})
            for each in self.blocks
        ]
        return np.flatnonzero(np.concatenate(loose))

    def losses(self, values: Ints) -> Ints:
        """Return what each pair costs more than it gains, shape (pairs,)."""
        losses: Ints = self.matrix.T @ values - self.listing.gains
        return losses
