"""Solving a problem: every stage on one screen."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from matchkit.assign import dense
from matchkit.assign.canonical import Face, settle_ties
from matchkit.assign.core import Core, open_core
from matchkit.assign.prices import extend_by, maximal_prices, minimal_prices
from matchkit.assign.problem import Problem
from matchkit.assign.solution import Solution
from matchkit.assign.verify import find_faults
from matchkit.errors import InternalError

Progress = Callable[[str, int, int], None]


def solve(
    problem: Problem, *, on_progress: Progress | None = None, memory_limit: int | None = None
) -> Solution:
    """Find the best assignment and prove it.

    Parameters
    ----------
    problem : Problem
        What to solve; it stays as it is.
    on_progress : callable, optional
        Called as ``on_progress(stage, done, total)`` before each stage and once at the
        end, with the number of stages done and of all stages.
    memory_limit : int, optional
        Bytes that may be taken. By default the memory that the machine has.

    Returns
    -------
    Solution
        Optimal, and accepted by `find_faults`. Where several assignments are best, the
        keys of the problem decide; neither the order of rows and columns nor the
        method does.

    Raises
    ------
    InfeasibleError
        If locked pairs conflict with eligibility, capacity or each other; all conflicts
        are named.
    ProblemError
        If the points are too large or too far apart to be exact.
    TooLargeError
        If more memory would be needed.

    Examples
    --------
    >>> from matchkit.assign import Problem, solve
    >>> solution = solve(Problem([[9, 8], [7, 1], [6, 5]], capacity=1))
    >>> solution.mentor_of.tolist(), solution.matched, solution.total, solution.gap
    ([1, 0, -1], 2, 15, 0.0)
    >>> solution.prices.tolist()  # one more place: one more person, and that person's points
    [[1, 6], [1, 5]]
    """
    progress = on_progress or _unheard
    problem = problem.dense()
    core = open_core(problem)
    dense.check_memory(core, memory_limit)
    progress("assign", 0, 4)
    found = dense.assign(core)
    progress("prices", 1, 4)
    prices, max_prices = _price(core, found)
    progress("ties", 2, 4)
    chosen, tied = settle_ties(_face(core, found, prices), *_keys(core))
    progress("verify", 3, 4)
    solution = _solution(core, chosen, tied, prices=prices, max_prices=max_prices)
    faults = find_faults(problem, solution)
    if faults:
        raise InternalError("\n".join(fault.message for fault in faults))
    progress("verify", 4, 4)
    return solution


def _unheard(_stage: str, _done: int, _total: int) -> None:
    """Take progress that nobody asked for."""


def _price(core: Core, mentor_of: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return minimal and maximal prices, which exist only if the assignment is optimal."""
    load = np.bincount(mentor_of[mentor_of >= 0], minlength=core.shape[1])
    spare = load < core.places
    gains = dense.exchange(core, mentor_of)
    return minimal_prices(extend_by(gains), spare), maximal_prices(gains, spare, core.places)


def _face(core: Core, mentor_of: NDArray[np.int64], prices: NDArray[np.int64]) -> Face:
    """Describe every optimum by the prices of one."""
    surpluses = core.chosen(mentor_of) - np.append(prices, 0)[mentor_of]
    mentees, mentors = dense.tight_pairs(core, prices, surpluses)
    return Face(
        mentees=mentees,
        mentors=mentors,
        mentor_of=mentor_of,
        may_leave=surpluses == core.outside,
        places=core.places,
        must_fill=prices > 0,
    )


def _keys(core: Core) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Return the keys of open mentees and of mentors."""
    return core.problem.row_keys[core.rows], core.problem.column_keys


def _solution(
    core: Core,
    chosen: NDArray[np.int64],
    tied: NDArray[np.bool_],
    *,
    prices: NDArray[np.int64],
    max_prices: NDArray[np.int64],
) -> Solution:
    """Put locked pairs back and count the bound that the prices prove."""
    problem = core.problem
    n, _ = problem.shape
    mentor_of = np.full(n, -1, dtype=np.int64)
    mentor_of[core.rows] = chosen
    mentor_of[problem.locked[:, 0]] = problem.locked[:, 1]
    worth = _worth(problem, mentor_of)
    price = core.split(prices)
    surpluses = worth - np.vstack([price, [(0, 0)]])[mentor_of]
    people, points = (
        _dot(problem.capacity, price[:, level]) + sum(surpluses[:, level].tolist())
        for level in (0, 1)
    )
    everyone_tied = np.zeros(n, dtype=bool)
    everyone_tied[core.rows] = tied
    return Solution(
        status="optimal",
        mentor_of=mentor_of,
        matched=int((mentor_of >= 0).sum()),
        matched_bound=people if problem.coverage == "first" else _most_matched(problem),
        total=int(worth[:, 1].sum()),
        bound=points,
        prices=price,
        max_prices=core.split(max_prices),
        surpluses=surpluses,
        tied=everyone_tied,
    )


def _worth(problem: Problem, mentor_of: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return what each mentee's match is worth as (people, points), shape (n, 2)."""
    n, m = problem.shape
    matched = mentor_of >= 0
    points = problem.unmatched_points.copy()
    if m:
        points[matched] = problem.points[np.arange(n), mentor_of][matched]
    people = matched & (problem.coverage == "first")
    return np.column_stack([people.astype(np.int64), points])


def _most_matched(problem: Problem) -> int:
    """Return a bound on the number matched that needs no proof."""
    mentees = int(problem.eligible.any(axis=1).sum())
    return min(mentees, int(np.minimum(problem.capacity, problem.eligible.sum(axis=0)).sum()))


def _dot(left: NDArray[np.int64], right: NDArray[np.int64]) -> int:
    """Return the exact sum of products: int64 could overflow on the way."""
    return sum(a * b for a, b in zip(left.tolist(), right.tolist(), strict=True))
