"""The best total: an optimal assignment, its prices, and the canonical one among equals."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matchkit.assign import dense, sparse
from matchkit.assign.canonical import Face, settle_ties
from matchkit.assign.core import Core, Optimum, split, worth_of
from matchkit.assign.late import Draft, cut_off
from matchkit.assign.memory import Memory
from matchkit.assign.methods import Method, chosen_method
from matchkit.assign.passes import Crew, OutOfTimeError
from matchkit.assign.problem import Problem
from matchkit.assign.recall import Recall
from matchkit.assign.solution import Solution


def solve(
    problem: Problem,
    *,
    method: Method,
    crew: Crew,
    memory: Memory,
    fallback: NDArray[np.int64] | None = None,
    start: Solution | None = None,
) -> Solution:
    """Find the assignment of the best total, with its proof.

    Parameters
    ----------
    problem : Problem
        What to solve; its locks can be kept.
    method : {"auto", "dense", "sparse"}
        How to find an optimum.
    crew : Crew
        Who works on blocks of pairs.
    memory : Memory
        What may be taken.
    fallback : NDArray[int64], shape (n,), optional
        An assignment to fall back on if time runs out.
    start : Solution, optional
        Of a problem that is nearly the same.

    Raises
    ------
    ProblemError
        If the points are too large or too far apart to be exact.
    TooLargeError
        If more memory would be needed.
    """
    optimum: Optimum | Draft
    if chosen_method(problem, method) == "dense":
        dense.check_memory(problem, memory)
        try:
            optimum = dense.solve(problem.dense(), crew=crew)
        except OutOfTimeError:
            optimum = sparse.begun(problem, crew=crew, memory=memory)
    else:
        optimum = sparse.solve(problem, crew=crew, memory=memory, start=start)
    if isinstance(optimum, Draft):
        return cut_off(optimum, crew.waiting(), fallback=fallback)
    crew.watch.gap = 0.0
    crew.waiting().progress("ties", 0, 1)
    chosen, tied = settle_ties(_face(optimum), *_keys(optimum.core), memory=memory)
    return _solution(optimum, chosen, tied)


def _face(optimum: Optimum) -> Face:
    """Describe every optimum by the prices of one."""
    core, mentor_of = optimum.core, optimum.mentor_of
    surpluses = core.chosen(mentor_of) - np.append(optimum.prices, 0)[mentor_of]
    return Face(
        tight=optimum.tight,
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
    worth = worth_of(problem, mentor_of)
    price = split(optimum.prices, core.unit)
    surpluses = worth - np.vstack([price, [(0, 0)]])[mentor_of]
    people, points = (
        _dot(problem.capacity, price[:, level]) + sum(surpluses[:, level].tolist())
        for level in (0, 1)
    )
    served = int(np.count_nonzero(optimum.offers))
    most = min(served, int(np.minimum(problem.capacity, optimum.wanted).sum()))
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
        recall=Recall(searched=optimum.searched),
    )


def _dot(left: NDArray[np.int64], right: NDArray[np.int64]) -> int:
    """Return the exact sum of products: int64 could overflow on the way."""
    return sum(a * b for a, b in zip(left.tolist(), right.tolist(), strict=True))
