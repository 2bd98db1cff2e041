"""The fair solution under conditions across pairs.

Each bar is a problem with conditions of its own: the pairs below it are not there. The most
points over a bar, with as many people as can be, say how far up the bar can go; a bar over
which there is nothing says how far down it must. Without the conditions the highest bar
bounds what can be reached with them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from matchkit.assign.across import doubted
from matchkit.assign.core import NOTHING
from matchkit.assign.fair import highest, unmatched_by_all
from matchkit.assign.floors import floored
from matchkit.assign.lists import open_search
from matchkit.assign.memory import Memory
from matchkit.assign.passes import Crew
from matchkit.assign.problem import Problem
from matchkit.assign.reach import Reach
from matchkit.assign.solution import Fairness, Solution
from matchkit.errors import InfeasibleError, TooLargeError

Best = Callable[[Problem], Solution]
"""Finds the most people, if they come first, and the most points under conditions."""


def solve(problem: Problem, best: Best, *, crew: Crew, memory: Memory) -> Solution:
    """Find the fair solution.

    Parameters
    ----------
    problem : Problem
        What to solve; its locks can be kept.
    best : callable
        Finds the best of a problem with conditions.
    crew : Crew
        Who works on blocks of pairs.
    memory : Memory
        What may be taken.

    Returns
    -------
    Solution
        Where a bar could neither be passed nor refused, or time ran out, the bound of its
        fairness is above the worst, and the status is not ``"optimal"``.

    Raises
    ------
    InfeasibleError
        If no assignment keeps the conditions.
    ProblemError
        If with ``coverage="score"`` being unmatched is not worth the same to all.
    TooLargeError
        If more memory would be needed.
    """
    alone = unmatched_by_all(problem) if problem.coverage == "score" else None
    found = best(problem)
    low, passed = _worst(problem, found), NOTHING
    if low is None:
        return replace(found, objective="fair", fairness=Fairness(None, None, None, None))
    people = found.matched if problem.coverage == "first" else 0
    bound = _bound(problem, people, crew, memory)
    bar = high = max(low, bound)
    while low < high and not crew.watch.late:
        over, refused = _over(problem, bar, people, best)
        if over is not None:
            (found, low), passed = over, bar
        else:
            high, bound = bar - 1, bar - 1 if refused else bound
        bar = (low + high + 1) // 2
    if alone is not None and passed <= alone < low:  # over this bar people come first
        found = best(floored(problem, low))
    fairness = Fairness(low, max(low, bound), None, None)
    if low < bound and found.status == "optimal":
        found = doubted(floored(problem, low), found, late=crew.watch.late)
    return replace(found, objective="fair", fairness=fairness)


def _over(
    problem: Problem, bar: int, people: int, best: Best
) -> tuple[tuple[Solution, int] | None, bool]:
    """Return the best over a bar with its worst, and whether it is proven if there is none."""
    try:
        found = best(floored(problem, bar))
    except InfeasibleError:
        return None, True
    except TooLargeError:
        return None, False
    worst = _worst(problem, found)
    if worst is not None and worst >= bar and found.matched >= people:
        return (found, worst), True
    return None, found.status == "optimal"


def _bound(problem: Problem, people: int, crew: Crew, memory: Memory) -> int:
    """Return how high the bar could be without the conditions, for as many people.

    With ``coverage="score"`` that is for everybody, or the worth of being unmatched.
    """
    crew = crew.waiting()
    search = open_search(problem, (problem.source, problem.source), mentors_propose=False)
    reach = Reach(search, crew, memory)
    if problem.coverage == "first":
        first = reach.level(NOTHING, crew)
        return highest(reach, first, people - len(problem.locked), crew)[1]
    alone, everybody = unmatched_by_all(problem) or 0, int(search.quota.sum())
    above = reach.level(alone + 1, crew)
    return alone if above.matched < everybody else highest(reach, above, everybody, crew)[1]


def _worst(problem: Problem, solution: Solution) -> int | None:
    """Return what the worst off has, None if nobody's match was open."""
    open_ = np.ones(problem.shape[0], dtype=bool)
    open_[problem.locked[:, 0]] = False
    at = np.flatnonzero(open_ & (solution.mentor_of >= 0))
    has = problem.source.pairs(at, solution.mentor_of[at]).tolist()
    if problem.coverage == "score":
        has += problem.unmatched_points[open_ & (solution.mentor_of < 0)].tolist()
    return min(has, default=None)
