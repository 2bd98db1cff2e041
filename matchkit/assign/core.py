"""A problem without its locks, its two goals folded into one exact integer.

With coverage first the worth of a pair is (1, points) and that of staying unmatched
(0, unmatched_points), compared people first. ``Core.unit`` is what one more person
counts, in points: large enough that no chain of moves can make up for it, so that one
int64 holds both and solvers need no case distinction. With coverage "score" it is 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from matchkit.assign.pairset import PairSet
from matchkit.assign.problem import Problem
from matchkit.assign.sources import INELIGIBLE
from matchkit.errors import InfeasibleError, ProblemError

if TYPE_CHECKING:
    from matchkit.assign.resuming import Searched

NOTHING: Final = -(1 << 62)
"""Worth of what is not allowed: below everything, with room for sums in int64."""

EXACT: Final = 1 << 53
"""Whole numbers below this are exact in float64."""


@dataclass(frozen=True, eq=False)
class Core:
    """The part of a problem that is still open once the locked pairs are set aside.

    Attributes
    ----------
    problem : Problem
        Where it comes from.
    rows : NDArray[int64], shape (n,)
        The mentees who are not locked.
    places : NDArray[int64], shape (m,)
        Places that locked pairs do not take.
    outside : NDArray[int64], shape (n,)
        What leaving each of ``rows`` unmatched is worth.
    unit : int
        What one more person counts, in points.
    spread : int
        How far apart points can be, those of staying unmatched among them.
    """

    problem: Problem
    rows: NDArray[np.int64]
    places: NDArray[np.int64]
    outside: NDArray[np.int64]
    unit: int
    spread: int

    @property
    def shape(self) -> tuple[int, int]:
        """Open mentees, mentors."""
        return self.rows.size, self.places.size

    def chosen(self, mentor_of: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return what each mentee's own match, or being unmatched, is worth."""
        worth = self.outside.copy()
        at = np.flatnonzero(mentor_of >= 0)
        worth[at] = self.problem.source.pairs(self.rows[at], mentor_of[at]) + self.unit
        return worth


@dataclass(frozen=True, eq=False)
class Optimum:
    """What a method hands on: one optimal assignment, and what describes all of them.

    Attributes
    ----------
    core : Core
        The open part of the problem.
    mentor_of : NDArray[int64], shape (n,)
        The mentor of each open mentee, -1 where unmatched.
    prices, max_prices : NDArray[int64], shape (m,)
        The minimal and the maximal prices.
    tight : PairSet
        Every pair that is worth exactly what minimal price and surplus sum to.
    offers : NDArray[int64], shape (all mentees,)
        Eligible mentors of each mentee, locked ones among them.
    wanted : NDArray[int64], shape (m,)
        Eligible mentees of each mentor, locked ones among them.
    searched : Searched or None
        What is known of all pairs beside, for the next solve.
    """

    core: Core
    mentor_of: NDArray[np.int64]
    prices: NDArray[np.int64]
    max_prices: NDArray[np.int64]
    tight: PairSet
    offers: NDArray[np.int64]
    wanted: NDArray[np.int64]
    searched: Searched | None = None


def split(values: NDArray[np.int64], unit: int) -> NDArray[np.int64]:
    """Return worths as pairs (people, points), shape (k, 2)."""
    if unit == 0:
        return np.column_stack([np.zeros_like(values), values])
    people = (values + unit // 2) // unit
    return np.column_stack([people, values - people * unit])


def widest_spread(shape: tuple[int, int]) -> int:
    """Return how far apart worths can be and stay exact, whatever the coverage."""
    return (EXACT // 4 - 2) // (2 * (max(shape) + 2) + 1) - 1


def worth_of(problem: Problem, mentor_of: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return what each mentee's match is worth as (people, points), shape (n, 2).

    Parameters
    ----------
    problem : Problem
        Whose points count.
    mentor_of : NDArray[int64], shape (n,)
        -1 where unmatched.
    """
    at = np.flatnonzero(mentor_of >= 0)
    worth = np.column_stack([np.zeros_like(problem.unmatched_points), problem.unmatched_points])
    worth[at, 0] = problem.coverage == "first"
    worth[at, 1] = problem.source.pairs(at, mentor_of[at])
    return worth


def open_core(problem: Problem, extent: tuple[int, ...]) -> Core:
    """Set the locked pairs aside and fold people and points into one integer.

    Parameters
    ----------
    problem : Problem
        The checked problem.
    extent : tuple of int, or empty
        Two numbers between which the points of all eligible pairs are.

    Returns
    -------
    Core
        What is left to decide.

    Raises
    ------
    ProblemError
        If the points are too large or too far apart to be exact.
    """
    n, m = problem.shape
    rows = np.delete(np.arange(n), problem.locked[:, 0])
    places = problem.capacity - np.bincount(problem.locked[:, 1], minlength=m)
    spread = _spread(problem, extent)
    unit = 2 * (max(n, m) + 2) * spread + 1 if problem.coverage == "first" else 0
    if 4 * (unit + spread) >= EXACT:
        message = (
            f"points and unmatched_points are spread over {spread}, too far apart to be exact "
            f"for {n} mentees and {m} mentors with coverage {problem.coverage!r}; scale them down."
        )
        raise ProblemError(message)
    return Core(problem, rows, places, problem.unmatched_points[rows], unit, spread)


def check_locks(problem: Problem) -> None:
    """Refuse locked pairs that conflict with eligibility, capacity or each other.

    Raises
    ------
    InfeasibleError
        With one line for each conflict.
    """
    lines: list[str] = []
    refused = {(i, j) for i, j in problem.forbidden.tolist()}
    points = problem.source.pairs(problem.locked[:, 0], problem.locked[:, 1])
    for (i, j), eligible in zip(problem.locked.tolist(), points != INELIGIBLE, strict=True):
        if (i, j) in refused:
            lines.append(f"mentee {i} and mentor {j} are both locked and forbidden.")
        elif not eligible:
            lines.append(f"mentee {i} is locked to mentor {j}, a pair that is not eligible.")
    mentees, times = np.unique(problem.locked[:, 0], return_counts=True)
    for i in mentees[times > 1].tolist():
        mentors = problem.locked[problem.locked[:, 0] == i, 1].tolist()
        lines.append(f"mentee {i} is locked to several mentors: {', '.join(map(str, mentors))}.")
    taken = np.bincount(problem.locked[:, 1], minlength=problem.shape[1])
    lines.extend(
        f"mentor {j} has capacity {problem.capacity[j]}, but {taken[j]} locked mentees."
        for j in np.flatnonzero(taken > problem.capacity).tolist()
    )
    if lines:
        raise InfeasibleError(lines)


def _spread(problem: Problem, extent: tuple[int, ...]) -> int:
    """Return how far apart two worths can be; refuse those whose sums pass int64."""
    alone = problem.unmatched_points
    known: tuple[int, ...] = (int(alone.min()), int(alone.max())) if alone.size else ()
    ends = (*extent, *known) or (0,)
    largest = max(map(abs, ends))
    if 4 * (problem.shape[0] + 1) * largest >= -NOTHING:
        message = f"points as large as {largest} for {problem.shape[0]} mentees pass int64."
        raise ProblemError(message)
    return max(ends) - min(ends)
