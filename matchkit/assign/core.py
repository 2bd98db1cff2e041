"""A problem without its locks, its two goals folded into one exact integer.

With coverage first the worth of a pair is (1, points) and that of staying unmatched
(0, unmatched_points), compared people first. ``Core.unit`` is what one more person
counts, in points: large enough that no chain of moves can make up for it, so that one
int64 holds both and solvers need no case distinction. With coverage "score" it is 0.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from matchkit.assign.problem import Problem
from matchkit.errors import InfeasibleError, ProblemError

NOTHING: Final = -(1 << 62)
"""Worth of what is not allowed: below everything, with room for sums in int64."""

EXACT: Final = 1 << 53
"""Whole numbers below this are exact in float64."""

_BLOCK: Final = 1 << 18  # cells worked on at a time: a few such blocks fit a core's cache


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
    """

    problem: Problem
    rows: NDArray[np.int64]
    places: NDArray[np.int64]
    outside: NDArray[np.int64]
    unit: int

    @property
    def shape(self) -> tuple[int, int]:
        """Open mentees, mentors."""
        return self.rows.size, self.places.size

    def values(self, at: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the worth of every pair of the mentees at these positions of ``rows``."""
        rows = self.rows[at]
        return np.where(self.problem.eligible[rows], self.problem.points[rows] + self.unit, NOTHING)

    def chosen(self, mentor_of: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return what each mentee's own match, or being unmatched, is worth."""
        pairs = self.problem.points[self.rows, mentor_of] if self.places.size else self.outside
        return np.where(mentor_of < 0, self.outside, pairs + self.unit)

    def blocks(self, order: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
        """Yield the positions in ``order``, as many at a time as are worked on at once."""
        step = max(1, _BLOCK // max(1, self.places.size))
        for start in range(0, order.size, step):
            yield order[start : start + step]

    def split(self, values: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return worths as pairs (people, points), shape (k, 2)."""
        if self.unit == 0:
            return np.column_stack([np.zeros_like(values), values])
        people = (values + self.unit // 2) // self.unit
        return np.column_stack([people, values - people * self.unit])


def open_core(problem: Problem) -> Core:
    """Set the locked pairs aside and fold people and points into one integer.

    Parameters
    ----------
    problem : Problem
        The checked problem.

    Returns
    -------
    Core
        What is left to decide.

    Raises
    ------
    InfeasibleError
        If locked pairs conflict with eligibility, capacity or each other.
    ProblemError
        If the points are too large or too far apart to be exact.
    """
    conflicts = lock_conflicts(problem)
    if conflicts:
        raise InfeasibleError(conflicts)
    n, m = problem.shape
    rows = np.delete(np.arange(n), problem.locked[:, 0])
    places = problem.capacity - np.bincount(problem.locked[:, 1], minlength=m)
    spread = _spread(problem)
    unit = 2 * (max(n, m) + 2) * spread + 1 if problem.coverage == "first" else 0
    if 4 * (unit + spread) >= EXACT:
        message = (
            f"points and unmatched_points are spread over {spread}, too far apart to be exact "
            f"for {n} mentees and {m} mentors with coverage {problem.coverage!r}; scale them down."
        )
        raise ProblemError(message)
    return Core(problem, rows, places, problem.unmatched_points[rows], unit)


def lock_conflicts(problem: Problem) -> list[str]:
    """List the locked pairs that cannot all be matched, one line each."""
    lines: list[str] = []
    refused = {(i, j) for i, j in problem.forbidden.tolist()}
    for i, j in problem.locked.tolist():
        if (i, j) in refused:
            lines.append(f"mentee {i} and mentor {j} are both locked and forbidden.")
        elif not problem.eligible[i, j]:
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
    return lines


def _spread(problem: Problem) -> int:
    """Return how far apart two worths can be; refuse those whose sums pass int64."""
    top, bottom = -NOTHING, NOTHING
    ends = [(0, 0)]
    if problem.points.size:
        highest = problem.points.max(where=problem.eligible, initial=bottom)
        lowest = problem.points.min(where=problem.eligible, initial=top)
        ends += [(int(lowest), int(highest))] if lowest <= highest else []
    if problem.unmatched_points.size:
        ends += [(int(problem.unmatched_points.min()), int(problem.unmatched_points.max()))]
    largest = max(abs(end) for pair in ends for end in pair)
    if 4 * (problem.shape[0] + 1) * largest >= top:
        message = f"points as large as {largest} for {problem.shape[0]} mentees pass int64."
        raise ProblemError(message)
    known = ends[1:] or ends
    return max(high for _, high in known) - min(low for low, _ in known)
