"""The fair solution: the most people, then the best worst pair, then the most points.

The best worst pair is the largest bar over which as many can still be matched: the
bottleneck assignment problem by thresholds (R. Burkard, M. Dell'Amico and S. Martello,
"Assignment Problems", revised reprint, SIAM 2012, section 6.2). Each bar is answered by a
matching over it or by a cover that proves that there is none; the first says how far up
the bar can go at once, the second how far down it must.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from matchkit.assign import total
from matchkit.assign.core import NOTHING
from matchkit.assign.floors import floored
from matchkit.assign.lists import open_search
from matchkit.assign.memory import Memory
from matchkit.assign.methods import Method
from matchkit.assign.passes import Crew, Watch, unheard
from matchkit.assign.problem import Problem
from matchkit.assign.reach import Level, Reach
from matchkit.assign.solution import Fairness, Solution
from matchkit.errors import ProblemError


def solve(problem: Problem, *, method: Method, crew: Crew, memory: Memory) -> Solution:
    """Find the fair solution, and prove both that it is fair and that it is the best of these.

    Parameters
    ----------
    problem : Problem
        What to solve; its locks can be kept.
    method : {"auto", "dense", "sparse"}
        How to find the best total over the bar.
    crew : Crew
        Who works on blocks of pairs.
    memory : Memory
        What may be taken.

    Raises
    ------
    ProblemError
        If points are too far apart to be exact, or with ``coverage="score"`` being unmatched
        is not worth the same to all.
    TooLargeError
        If more memory would be needed.
    """
    fairness, one = _bottleneck(problem, crew.waiting(), memory)
    if fairness.worst is not None:
        problem = floored(problem, fairness.worst)
    if one is not None:
        one[problem.locked[:, 0]] = problem.locked[:, 1]
    solution = total.solve(problem, method=method, crew=crew, memory=memory, fallback=one)
    return replace(solution, objective="fair", fairness=fairness)


def fairness_of(problem: Problem, worst: int | None, bound: int | None) -> Fairness:
    """Return what proves how well the worst off can fare, if it is true.

    Whoever is told a figure can have it proven, or see `find_faults` refuse it.

    Parameters
    ----------
    problem : Problem
        The round.
    worst, bound : int or None
        What the worst off has, and the most that it could be.

    Examples
    --------
    >>> from matchkit.assign import Problem
    >>> problem = Problem([[90, 40], [45, 10]], capacity=1)
    >>> fairness_of(problem, 40, 40).better.mentors.tolist()
    [True, False]
    """
    crew, memory = Crew(1, unheard, Watch()), Memory.of(None)
    search = open_search(problem, (problem.source,) * 2, mentors_propose=False)
    reach = Reach(search, crew, memory)
    people = reach.level(NOTHING, crew).cover if problem.coverage == "first" else None
    better = None if bound is None else reach.level(bound + 1, crew).cover
    return Fairness(worst, bound, people, better)


def _bottleneck(
    problem: Problem, crew: Crew, memory: Memory
) -> tuple[Fairness, NDArray[np.int64] | None]:
    """Return the best worst pair with its proof, and a matching that has it."""
    points = problem.source
    search = open_search(problem, (points, points), mentors_propose=False)
    reach = Reach(search, crew, memory)
    if problem.coverage == "first":
        first = reach.level(NOTHING, crew)
        if not first.matched:
            return Fairness(None, None, first.cover, None), None
        worst, bound, one = highest(reach, first, first.matched, crew)
        better = reach.level(bound + 1, crew).cover
        return Fairness(worst, bound, first.cover, better), one
    everybody, alone = int(search.quota.sum()), unmatched_by_all(problem)
    if alone is None:
        return Fairness(None, None, None, None), None
    above = reach.level(alone + 1, crew)
    if above.matched < everybody:
        return Fairness(alone, alone, None, above.cover), None
    worst, bound, one = highest(reach, above, everybody, crew)
    return Fairness(worst, bound, None, reach.level(bound + 1, crew).cover), one


def unmatched_by_all(problem: Problem) -> int | None:
    """Return what being left unmatched is worth to everybody whose match is open, if any is."""
    alone = np.delete(problem.unmatched_points, problem.locked[:, 0])
    if (alone != alone[:1]).any():
        message = (
            "unmatched_points differ between mentees, must be one number where the worst off "
            "comes first and coverage is 'score'."
        )
        raise ProblemError(message)
    return int(alone[0]) if alone.size else None


def highest(
    reach: Reach, first: Level, people: int, crew: Crew
) -> tuple[int, int, NDArray[np.int64]]:
    """Return the highest bar over which so many can be matched, and a matching over it.

    Begins from a level where so many are. The second number is how high the bar could be at
    most, more than the first only where time ran out.
    """
    low, found = reach.worst(first), first.mentor_of
    high = int(np.sort(reach.best)[-people])  # nobody has a better pair than the best
    bar = high
    while low < high and not crew.watch.late:
        level = reach.level(bar, crew)
        if level.matched >= people:
            low, found = reach.worst(level), level.mentor_of
        else:
            high = low if level.next_best is None else max(low, level.next_best)
        bar = reach.middle(low, high)
    return low, high, found
