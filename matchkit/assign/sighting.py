"""The verifier's own look at every pair; it shares no code with any solver."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matchkit.assign.problem import Problem
from matchkit.assign.sources import INELIGIBLE, ListedSource

Indices = NDArray[np.int64]
Pairs = tuple[Indices, Indices, NDArray[np.int64]]

_STRIPE = 1 << 12  # mentees that one thread looks at in one go
_TALL, _BROAD = 256, 1024  # a block of pairs
_TABLE = 1 << 13  # mentors up to which moves are marked in a table
_WAITING = 1 << 20  # moves that may wait to be sorted in, or marked
_ROUNDINGS = 2.0**-21  # more than all the roundings to float32 together


@dataclass(frozen=True, eq=False)
class Bound:
    """Surpluses and prices that claim to be a bound for every pair, as (people, points).

    Attributes
    ----------
    surpluses : NDArray[int64], shape (n, 2)
    prices : NDArray[int64], shape (m, 2)
    one : int
        The people that a pair counts.
    """

    surpluses: NDArray[np.int64]
    prices: NDArray[np.int64]
    one: int

    def compared(
        self, mentee: Indices, mentor: Indices, points: NDArray[np.int64]
    ) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Tell which pairs are worth more than the bound, and which exactly as much."""
        people = self.one - self.surpluses[mentee, 0] - self.prices[mentor, 0]
        rest = points - self.surpluses[mentee, 1] - self.prices[mentor, 1]
        level = people == 0
        return (people > 0) | (level & (rest > 0)), level & (rest == 0)


def neared(
    bounds: Sequence[Bound],
    block: NDArray[np.float32],
    *,
    rows: Indices,
    cols: Indices,
    error: float,
) -> NDArray[np.bool_]:
    """Tell which cells could be as much as one of some bounds in points, or more.

    Bounds differ by little but what moves all prices up and all surpluses down, so that one
    comparison with the least of both hardly lets more cells through.
    """
    first = bounds[0].prices[cols, 1]
    moved = [int(np.median(each.prices[cols, 1] - first)) for each in bounds]
    price, surplus = (
        np.min([array + sign * by for array, by in zip(arrays, moved, strict=True)], axis=0)
        for arrays, sign in (
            ([each.prices[cols, 1] for each in bounds], -1),
            ([each.surpluses[rows, 1] for each in bounds], 1),
        )
    )
    size = float(np.abs(surplus).max()) + float(np.abs(price).max())
    least = (surplus - (error + _ROUNDINGS * size)).astype(np.float32)
    # What is not eligible is -inf and stays below.
    near: NDArray[np.bool_] = block - price.astype(np.float32) >= least[:, None]
    return near


@dataclass(frozen=True, eq=False)
class Sight:
    """What all pairs of some mentees say.

    Attributes
    ----------
    better : tuple of NDArray[bool], shape (r,)
        For each bound, the mentees with a pair worth more.
    moves : tuple of NDArray[int64]
        For each bound, the moves that cost nothing, each once: ``(m + 1) * from + to``.
    taking : NDArray[bool], shape (r,)
        Mentees with an eligible mentor, with coverage "score".
    taken : NDArray[int64], shape (m,)
        Eligible mentees of each mentor, with coverage "score".
    """

    better: tuple[NDArray[np.bool_], ...]
    moves: tuple[NDArray[np.int64], ...]
    taking: NDArray[np.bool_]
    taken: NDArray[np.int64]


def sighted(problem: Problem, bounds: Sequence[Bound], place: Indices, *, n_jobs: int) -> Sight:
    """Look at every pair.

    Parameters
    ----------
    problem : Problem
        The points.
    bounds : sequence of Bound
        What to compare pairs with.
    place : NDArray[int64], shape (n,)
        Where each mentee is: a mentor, or m for unmatched.
    n_jobs : int
        Threads, as joblib counts them.
    """
    n = problem.shape[0]
    parts = [np.arange(start, min(start + _STRIPE, n)) for start in range(0, max(n, 1), _STRIPE)]
    if n_jobs == 1:
        sights = [_Look(problem, bounds, part).sight(place) for part in parts]
    else:
        from joblib import Parallel, delayed
        from threadpoolctl import threadpool_limits

        with threadpool_limits(limits=1, user_api="blas"):
            sights = Parallel(n_jobs=n_jobs, prefer="threads")(
                delayed(_sight)(problem, bounds, part, place) for part in parts
            )
    moves = [_Moves(problem.shape[1] + 1) for _ in bounds]
    for sight in sights:
        for known, codes in zip(moves, sight.moves, strict=True):
            known.add(codes)
    return Sight(
        tuple(np.concatenate(each) for each in zip(*(s.better for s in sights), strict=True)),
        tuple(each.codes() for each in moves),
        np.concatenate([sight.taking for sight in sights]),
        np.sum([sight.taken for sight in sights], axis=0),
    )


def _sight(problem: Problem, bounds: Sequence[Bound], part: Indices, place: Indices) -> Sight:
    """Look at every pair of some mentees, wherever joblib was configured to."""
    return _Look(problem, bounds, part).sight(place)


class _Look:
    """A look at every pair of some consecutive mentees."""

    def __init__(self, problem: Problem, bounds: Sequence[Bound], rows: Indices) -> None:
        self._problem, self._bounds, self._rows = problem, bounds, rows
        self._counting = problem.coverage == "score"
        self._taking = np.zeros(rows.size, dtype=bool)
        self._taken = np.zeros(problem.shape[1], dtype=np.int64)

    def sight(self, place: Indices) -> Sight:
        """Return what the pairs say; those of locked mentees say nothing of bounds."""
        width = self._problem.shape[1] + 1
        first = int(self._rows[0]) if self._rows.size else 0
        locked = np.zeros(self._problem.shape[0], dtype=bool)
        locked[self._problem.locked[:, 0]] = True
        better = tuple(np.zeros(self._rows.size, dtype=bool) for _ in self._bounds)
        moves = [_Moves(width) for _ in self._bounds]
        for pairs in self._near():
            counts = (pairs[2] != INELIGIBLE) & ~locked[pairs[0]]
            mentee, mentor, points = (part[counts] for part in pairs)
            for level, bound in enumerate(self._bounds):
                more, same = bound.compared(mentee, mentor, points)
                better[level][mentee[more] - first] = True
                moves[level].add(place[mentee[same]] * width + mentor[same])
        codes = tuple(each.codes() for each in moves)
        return Sight(better, codes, self._taking, self._taken)

    def _near(self) -> Iterator[Pairs]:
        """Yield the pairs that could be as good as a bound, and count eligible ones."""
        source = self._problem.source
        if isinstance(source, ListedSource):
            at, mentor, points = source.entries(self._rows)
            self._taking[at] = True
            self._taken += np.bincount(mentor, minlength=self._taken.size)
            yield self._rows[at], mentor, points
            return
        for rows, cols, levels in self._kinds():
            for at, to in itertools.product(_pieces(rows, _TALL), _pieces(cols, _BROAD)):
                cells = np.flatnonzero(self._cells(at, to, levels))
                row, column = np.divmod(cells, to.size)
                mentee, mentor = at[row], to[column]
                yield mentee, mentor, source.pairs(mentee, mentor)

    def _kinds(self) -> Iterator[tuple[Indices, Indices, list[int]]]:
        """Yield mentees and mentors with as many people in surpluses and prices each.

        With them goes, for each bound, how many more people these are than in a pair.
        Where they are more, no pair comes near.
        """
        surpluses = np.column_stack([bound.surpluses[self._rows, 0] for bound in self._bounds])
        prices = np.column_stack([bound.prices[:, 0] for bound in self._bounds])
        kinds = np.unique(surpluses, axis=0), np.unique(prices, axis=0)
        for row_kind, column_kind in itertools.product(*kinds):
            levels = (row_kind + column_kind - self._bounds[0].one).tolist()
            if self._counting or min(levels) <= 0:
                rows = self._rows[(surpluses == row_kind).all(axis=1)]
                yield rows, np.flatnonzero((prices == column_kind).all(axis=1)), levels

    def _cells(self, rows: Indices, cols: Indices, levels: list[int]) -> NDArray[np.bool_]:
        """Tell which cells of a block come near, row by row; count eligible ones."""
        source = self._problem.source
        block = source.block(rows, cols)
        if self._counting:
            eligible = block > -np.inf
            self._taking[rows - self._rows[0]] |= eligible.any(axis=1)
            self._taken[cols] += eligible.sum(axis=0)
        if min(levels) < 0:
            return (block > -np.inf).ravel()
        close = [bound for bound, level in zip(self._bounds, levels, strict=True) if not level]
        if not close:
            return np.zeros(block.size, dtype=bool)
        return neared(close, block, rows=rows, cols=cols, error=source.error).ravel()


class _Moves:
    """Moves between places, each once: sorted, or marked in a table where they are many."""

    def __init__(self, width: int) -> None:
        self._width = width
        self._marked = np.zeros(0, dtype=bool)
        self._codes = [np.zeros(0, dtype=np.int64)]
        self._waiting = 0

    def add(self, codes: NDArray[np.int64]) -> None:
        """Take in moves, of which some may be known."""
        if self._marked.size:
            self._marked[codes] = True
            return
        self._codes.append(codes)
        self._waiting += codes.size
        if self._waiting <= self._codes[0].size + _WAITING:
            return
        known = np.concatenate(self._codes)
        if self._width <= _TABLE:
            self._marked = np.zeros(self._width * self._width, dtype=bool)
            self._marked[known] = True
        else:
            self._codes, self._waiting = [distinct(known)], 0

    def codes(self) -> NDArray[np.int64]:
        """Return each move once, sorted."""
        if self._marked.size:
            return np.flatnonzero(self._marked)
        return distinct(np.concatenate(self._codes))


def distinct(codes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return each code once, sorted: many times faster than `numpy.unique` on long arrays."""
    ordered = np.sort(codes)
    return ordered[np.diff(ordered, prepend=-1) > 0]


def _pieces(indices: Indices, size: int) -> list[Indices]:
    """Cut indices into pieces of this size."""
    return [indices[start : start + size] for start in range(0, indices.size, size)]
