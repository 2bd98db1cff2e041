"""The stable matching as a solution."""

from __future__ import annotations

import numpy as np

from matchkit.assign.core import worth_of
from matchkit.assign.deferred import settled
from matchkit.assign.passes import Crew
from matchkit.assign.problem import Problem
from matchkit.assign.solution import Objective, Solution


def solve(problem: Problem, *, objective: Objective, crew: Crew) -> Solution:
    """Find the stable matching that is best for all mentees, or for all mentors.

    Nothing about it has to be proven but that nobody blocks it, which the verifier
    looks at. It is never cut off: half of it would not be stable.

    Parameters
    ----------
    problem : Problem
        What to solve.
    objective : {"stable", "stable_for_mentors"}
        Whom it is best for.
    crew : Crew
        Who works on blocks of pairs.
    """
    n, m = problem.shape
    mentors_propose = objective == "stable_for_mentors"
    mentor_of = settled(problem, mentors_propose=mentors_propose, crew=crew.waiting())
    worth = worth_of(problem, mentor_of)
    matched, total = int((mentor_of >= 0).sum()), sum(worth[:, 1].tolist())
    free = np.zeros((m, 2), dtype=np.int64)
    return Solution(
        status="optimal",
        mentor_of=mentor_of,
        matched=matched,
        matched_bound=matched,
        total=total,
        bound=total,
        prices=free,
        max_prices=free,
        surpluses=worth,
        tied=np.zeros(n, dtype=bool),
        objective=objective,
    )
