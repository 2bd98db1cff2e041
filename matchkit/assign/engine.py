"""Solving a problem: every stage on one screen."""

from __future__ import annotations

import functools
from dataclasses import replace
from typing import get_args

import numpy as np

from matchkit.assign import fair, fair_across, stable, total
from matchkit.assign.across import solve_across
from matchkit.assign.core import check_locks
from matchkit.assign.memory import Memory
from matchkit.assign.methods import Method
from matchkit.assign.passes import Crew, Progress, Watch, unheard
from matchkit.assign.problem import Problem
from matchkit.assign.recall import Recall
from matchkit.assign.solution import Objective, Solution
from matchkit.assign.verify import checked
from matchkit.errors import InternalError, ProblemError


def solve(  # noqa: PLR0913 - what to do, how, and within what limits
    problem: Problem,
    *,
    objective: Objective = "total",
    method: Method = "auto",
    n_jobs: int = 1,
    on_progress: Progress | None = None,
    memory_limit: int | None = None,
    deadline: float | None = None,
    start: Solution | None = None,
) -> Solution:
    """Find the best assignment and prove it.

    Parameters
    ----------
    problem : Problem
        What to solve; it stays as it is.
    objective : {"total", "fair", "stable", "stable_for_mentors"}, default "total"
        ``"total"`` makes the most points; ``"fair"`` makes the worst pair as good as can be
        and then the most points; ``"stable"`` leaves no two who would rather have
        each other (see `blocking_pairs`), and is of all such matchings the best for every
        mentee; ``"stable_for_mentors"`` the best for every mentor.
    method : {"auto", "dense", "sparse"}, default "auto"
        ``"dense"`` holds all pairs, with every place a column; ``"sparse"`` holds
        candidates and looks at all other pairs in blocks; ``"auto"`` takes what is
        faster. The result is the same to the byte.
    n_jobs : int, default 1
        Threads that look at blocks of pairs, as joblib counts them: -1 for as many as
        there are processors. With more than one, BLAS is held to one thread meanwhile.
    on_progress : callable, optional
        Called as ``on_progress(stage, done, total, gap)``: each stage counts for itself,
        most of them mentees. ``"certificate"`` begins anew with every look at all pairs,
        ``"recheck"`` with every look at those of which something changed. The gap is None
        until it is known. What it raises ends the solve, which leaves nothing behind.
    memory_limit : int, optional
        Bytes that may be taken. By default the memory that the machine has.
    deadline : float, optional
        Seconds after which to go on no longer: the best answer so far is returned with its
        bound, status ``"deadline"``. The clock is looked at between steps; one look at all
        pairs is always taken, and the answer is proven and checked after the deadline.
        Under conditions across pairs the first assignment that keeps them is waited for;
        stable matchings are not cut off at all.
    start : Solution, optional
        The solution of a problem of the same shape that was nearly the same: to begin where it
        ended. Somebody who has left is there with a capacity of 0, or with all pairs
        forbidden (see `Problem.changed`). The result is the same to the byte; the sparse
        method gets there sooner, the dense one does not look at it. By far the most is
        saved with the same block source and in the same process: what is known of its
        pairs is then not looked at again, by solver nor verifier.

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

    Mentor 1 leaves, and the solution from before is where to begin.

    >>> problem = Problem([[9, 8], [7, 1], [6, 5]], capacity=1)
    >>> solve(problem.changed(capacity=[1, 0]), start=solution).mentor_of.tolist()
    [0, -1, -1]
    """
    _check_limits(n_jobs, memory_limit, deadline)
    if start is not None:
        _check_start(problem, start)
    crew = Crew(n_jobs, on_progress or unheard, Watch(deadline), patient=problem.across)
    memory = Memory.of(memory_limit)
    check_locks(problem)
    if objective not in get_args(Objective):
        known = ", ".join(map(repr, get_args(Objective)))
        raise ProblemError(f"objective == {objective!r}, must be one of {known}.")
    if problem.across and objective not in {"total", "fair"}:
        raise ProblemError(
            f"objective == {objective!r} does not go with conditions across pairs; "
            "must be 'total' or 'fair', or leave out quotas and min_load."
        )
    best = functools.partial(_best, method=method, crew=crew, memory=memory)
    if objective == "total":
        solution = best(problem, start=start)
    elif objective == "fair" and problem.across:
        solution = fair_across.solve(problem, best, crew=crew, memory=memory)
    elif objective == "fair":
        solution = fair.solve(problem, method=method, crew=crew, memory=memory)
    else:
        solution = stable.solve(problem, objective=objective, crew=crew)
    crew = crew.waiting()
    crew.progress("verify", 0, 1)
    seen = start.recall if start is not None else None
    before = seen.verified if seen is not None else None
    faults, looked = checked(problem, solution, n_jobs=n_jobs, before=before)
    if faults:
        raise InternalError("\n".join(fault.message for fault in faults))
    crew.progress("verify", 1, 1)
    recall = replace(solution.recall or Recall(), verified=looked)
    return replace(solution, stages=crew.watch.stages, recall=recall)


def _best(
    problem: Problem, *, method: Method, crew: Crew, memory: Memory, start: Solution | None = None
) -> Solution:
    """Find the best total, under conditions across pairs if there are any."""
    free = problem.changed(quotas=(), min_load=None) if problem.across else problem
    solution = total.solve(free, method=method, crew=crew, memory=memory, start=start)
    return solve_across(problem, solution, crew) if problem.across else solution


def _check_limits(n_jobs: object, memory_limit: object, deadline: object) -> None:
    """Refuse limits that mean nothing, all of them together."""
    faults = []
    if isinstance(n_jobs, bool) or not isinstance(n_jobs, int | np.integer) or not n_jobs:
        faults.append(
            f"n_jobs == {n_jobs!r}, must be a number of threads, or -1 for all there are."
        )
    sizes = int | np.integer
    if memory_limit is not None and not (isinstance(memory_limit, sizes) and memory_limit > 0):
        faults.append(f"memory_limit == {memory_limit!r}, must be a whole number of bytes.")
    seconds = int | float | np.number
    if deadline is not None and not (isinstance(deadline, seconds) and deadline >= 0):
        faults.append(f"deadline == {deadline!r}, must be 0 seconds or more.")
    if faults:
        raise ProblemError("\n".join(faults))


def _check_start(problem: Problem, start: Solution) -> None:
    """Refuse a solution of other people."""
    if not isinstance(start, Solution):
        raise ProblemError(f"start is of type {type(start).__name__}, must be a Solution.")
    n, m = problem.shape
    shapes = (start.mentor_of.shape, start.prices.shape, start.max_prices.shape)
    if (
        shapes != ((n,), (m, 2), (m, 2))
        or not ((start.mentor_of >= -1) & (start.mentor_of < m)).all()
    ):
        raise ProblemError(
            f"start is a solution of another shape, must be one of {n} mentees and {m} mentors; "
            "whoever left stays in the problem, with a capacity of 0 or all pairs forbidden."
        )
