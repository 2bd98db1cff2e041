"""Solving a problem: every stage on one screen."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from matchkit.assign import dense, sparse
from matchkit.assign.canonical import Face, settle_ties
from matchkit.assign.core import Core, Optimum, check_locks, split
from matchkit.assign.memory import Memory
from matchkit.assign.methods import Method, chosen_method
from matchkit.assign.passes import Crew, Progress, Watch, unheard
from matchkit.assign.problem import Problem
from matchkit.assign.solution import Solution
from matchkit.assign.verify import find_faults
from matchkit.errors import InternalError


def solve(
    problem: Problem,
    *,
    method: Method = "auto",
    n_jobs: int = 1,
    on_progress: Progress | None = None,
    memory_limit: int | None = None,
) -> Solution:
    """Find the best assignment and prove it.

    Parameters
    ----------
    problem : Problem
        What to solve; it stays as it is.
    method : {"auto", "dense", "sparse"}, default "auto"
        ``"dense"`` holds all pairs, with every place a column; ``"sparse"`` holds
        candidates and looks at all other pairs in blocks; ``"auto"`` takes what is
        faster. The result is the same to the byte.
    n_jobs : int, default 1
        Threads that look at blocks of pairs, as joblib counts them: -1 for as many as
        there are processors. With more than one, BLAS is held to one thread meanwhile.
    on_progress : callable, optional
        Called as ``on_progress(stage, done, total, gap)``: each stage counts for itself,
        most of them mentees, and ``"certificate"`` begins anew with every look at all
        pairs. The gap is None until it is known. What it raises ends the solve, which
        leaves nothing behind.
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
    crew, memory = Crew(n_jobs, on_progress or unheard, Watch()), Memory.of(memory_limit)
    check_locks(problem)
    if chosen_method(problem, method) == "dense":
        dense.check_memory(problem, memory)
        optimum = dense.solve(problem.dense(), crew=crew, memory=memory)
    else:
        optimum = sparse.solve(problem, crew=crew, memory=memory)
    crew.watch.gap, crew = 0.0, crew.waiting()
    crew.progress("ties", 0, 1)
    chosen, tied = settle_ties(_face(optimum), *_keys(optimum.core), memory=memory)
    crew.progress("verify", 0, 1)
    solution = _solution(optimum, chosen, tied)
    faults = find_faults(problem, solution, n_jobs=n_jobs)
    if faults:
        raise InternalError("\n".join(fault.message for fault in faults))
    crew.progress("verify", 1, 1)
    return replace(solution, stages=crew.watch.stages)


def _face(optimum: Optimum) -> Face:
    """Describe every optimum by the prices of one."""
    core, mentor_of = optimum.core, optimum.mentor_of
    surpluses = core.chosen(mentor_of) - np.append(optimum.prices, 0)[mentor_of]
    return Face(
        mentees=optimum.mentees,
        mentors=optimum.mentors,
        mentor_of=mentor_of,
        may_leave=surpluses == core.outside,
        places=core.places,
        must_fill=optimum.prices > 0,
    )


def _keys(core: Core) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Return the keys of open mentees and of mentors."""
    return core.problem.row_keys[core.rows], core.problem.column_keys


def _solution(optimum: Optimum, chosen: NDArray[np.int64], tied: NDArray[np.bool_]) -> Solution:
    """Put locked pairs back and count the bound that the prices prove."""
    core, problem = optimum.core, optimum.core.problem
    n, _ = problem.shape
    mentor_of = np.full(n, -1, dtype=np.int64)
    mentor_of[core.rows] = chosen
    mentor_of[problem.locked[:, 0]] = problem.locked[:, 1]
    worth = _worth(problem, mentor_of)
    price = split(optimum.prices, core.unit)
    surpluses = worth - np.vstack([price, [(0, 0)]])[mentor_of]
    people, points = (
        _dot(problem.capacity, price[:, level]) + sum(surpluses[:, level].tolist())
        for level in (0, 1)
    )
    most = min(optimum.served, int(np.minimum(problem.capacity, optimum.wanted).sum()))
    everyone_tied = np.zeros(n, dtype=bool)
    everyone_tied[core.rows] = tied
    return Solution(
        status="optimal",
        mentor_of=mentor_of,
        matched=int((mentor_of >= 0).sum()),
        matched_bound=people if problem.coverage == "first" else most,
        total=int(worth[:, 1].sum()),
        bound=points,
        prices=price,
        max_prices=split(optimum.max_prices, core.unit),
        surpluses=surpluses,
        tied=everyone_tied,
    )


def _worth(problem: Problem, mentor_of: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return what each mentee's match is worth as (people, points), shape (n, 2)."""
    at = np.flatnonzero(mentor_of >= 0)
    worth = np.column_stack([np.zeros_like(problem.unmatched_points), problem.unmatched_points])
    worth[at, 0] = problem.coverage == "first"
    worth[at, 1] = problem.source.pairs(at, mentor_of[at])
    return worth


def _dot(left: NDArray[np.int64], right: NDArray[np.int64]) -> int:
    """Return the exact sum of products: int64 could overflow on the way."""
    return sum(a * b for a, b in zip(left.tolist(), right.tolist(), strict=True))
