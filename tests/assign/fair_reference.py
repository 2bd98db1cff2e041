"""The fairest assignments of a small round, out of all there are."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from matchkit.assign import Problem, Solution, solve
from tests.assign.reference import PERSON, BruteForce, every_assignment, random_problem, same


def decidable_problem(rng: np.random.Generator, *, largest: int = 6) -> Problem:
    """Draw a small round with locks that can be kept, and one worth of being unmatched."""
    while True:
        drawn = random_problem(rng, largest=largest)
        clash = set(map(tuple, drawn.locked.tolist())) & set(map(tuple, drawn.forbidden.tolist()))
        if not clash:
            break
    if drawn.coverage == "first":
        return drawn
    alone = drawn.unmatched_points[:1].sum() if rng.random() < 0.5 else -(10**6)
    return drawn.changed(unmatched_points=alone)


def fairest(problem: Problem) -> tuple[NDArray[np.int64], int | None]:
    """Return all the fairest assignments, one each row, and how the worst off fares in them."""
    brute = BruteForce(problem)
    allowed = brute.allowed(problem.capacity)
    choices, worths = every_assignment(*problem.shape)[0][allowed], brute._worths[allowed]
    worst = np.full(len(choices), PERSON)
    for i in np.setdiff1d(np.arange(problem.shape[0]), problem.locked[:, 0]).tolist():
        alone = PERSON if problem.coverage == "first" else problem.unmatched_points[i]
        has = np.append(problem.points[i], alone)[choices[:, i]]
        worst = np.minimum(worst, has)
    people = (choices >= 0).sum(axis=1) if problem.coverage == "first" else np.zeros(len(choices))
    totals = worths - people.astype(np.int64) * PERSON
    best = max(zip(people.tolist(), worst.tolist(), totals.tolist(), strict=True))
    kept = (people == best[0]) & (worst == best[1]) & (totals == best[2])
    return choices[kept], None if best[1] == PERSON else int(best[1])


def fair_differences(problem: Problem) -> Iterator[str]:
    """Compare the fair solution of a small round, by both methods, with all assignments."""
    optima, worst = fairest(problem)
    solution = solve(problem, objective="fair", method="dense")
    yield from _wrong(solution, optima, worst)
    if not same(solution, solve(problem, objective="fair", method="sparse")):
        yield "another method, another result"


def _wrong(solution: Solution, optima: NDArray[np.int64], worst: int | None) -> Iterator[str]:
    fairness = solution.fairness
    assert fairness is not None
    if (fairness.worst, fairness.bound) != (worst, worst):
        yield f"worst is {fairness.worst} of {fairness.bound}, must be {worst}"
    if not (optima == solution.mentor_of).all(axis=1).any():
        yield f"{solution.mentor_of.tolist()} is not among {optima.tolist()}"
    if solution.matched != (optima >= 0).sum(axis=1).max():
        yield "a tie with being unmatched left somebody unmatched"
    if (solution.tied != (optima != optima[0]).any(axis=0)).any():
        yield f"tied is {solution.tied}, but the optima are {optima.tolist()}"
    if solution.bound != solution.total:
        yield "the bound is not reached"
