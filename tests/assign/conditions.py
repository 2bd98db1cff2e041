"""Rounds with conditions across pairs, and their optima found in ways that need no multipliers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, hstack, vstack

from matchkit.assign import PerMentor, Problem, Quota, find_faults, solve
from matchkit.assign.quotas import Condition
from matchkit.errors import InfeasibleError
from tests.assign.reference import every_assignment

NOBODY = 1 << 40
"""How the worst off fares where nobody's match is open."""

Draw = Callable[[np.random.Generator, int, int], Condition]


def share(rng: np.random.Generator, n: int, m: int) -> Quota:
    """Draw a share or a number of pairs across, or within, some departments."""
    departments = int(rng.integers(2, 5))
    rows, cols = rng.integers(departments, size=n), rng.integers(departments, size=m)
    counted = np.eye(departments, dtype=bool) ^ (rng.random() < 0.5)
    price = int(rng.integers(0, 400_000)) if rng.random() < 0.3 else None
    side = "at_least" if rng.random() < 0.6 else "at_most"
    if rng.random() < 0.6:
        bound = Fraction(int(rng.integers(0, 11)), 10)
        return Quota.share(rows, cols, counted, **{side: bound}, price=price)
    return Quota(rows, cols, counted, **{side: int(rng.integers(0, n + 1))}, price=price)


def coverage(rng: np.random.Generator, n: int, m: int) -> Quota:
    """Draw how many of a group must be matched."""
    inside = rng.random(n) < 0.5
    least = int(rng.integers(0, inside.sum() + 1))
    price = int(rng.integers(0, 400_000)) if rng.random() < 0.3 else None
    return Quota(inside, np.zeros(m, dtype=int), [[0], [1]], at_least=least, price=price)


def teams(rng: np.random.Generator, n: int, _: int) -> PerMentor:
    """Draw the most of one team with one mentor."""
    groups = rng.integers(-1, max(1, min(n // 3, 6)), size=n)
    price = int(rng.integers(0, 400_000)) if rng.random() < 0.3 else None
    return PerMentor(groups, at_most=int(rng.integers(0, 3)) if n else 1, price=price)


def apart(rng: np.random.Generator, n: int, _: int) -> PerMentor:
    """Draw two mentees who must not have the same mentor."""
    groups = np.full(n, -1)
    groups[rng.permutation(n)[:2]] = 0
    return PerMentor(groups, at_most=1)


def loads(rng: np.random.Generator, n: int, m: int) -> PerMentor:
    """Draw least loads that cost points where they are not reached."""
    least = rng.integers(0, 3, size=m)
    return PerMentor(np.zeros(n, dtype=int), at_least=least, price=int(rng.integers(0, 400_000)))


KINDS: dict[str, Draw] = {
    "share": share,
    "coverage": coverage,
    "teams": teams,
    "apart": apart,
    "loads": loads,
}


def across_problem(
    rng: np.random.Generator,
    kinds: list[str],
    shape: tuple[int, int],
    *,
    least: bool = False,
    odd: bool = False,
) -> Problem:
    """Draw a round with conditions of these kinds."""
    n, m = shape
    top = int(rng.choice([3, 20, 1_000_001]))
    capacity = rng.integers(0, max(2, 2 * n // max(1, m)) + 1, size=m)
    problem = Problem(
        rng.integers(0, top, size=shape),
        capacity=capacity,
        eligible=rng.random(shape) < rng.choice([0.4, 0.8, 1.0]),
        unmatched_points=rng.integers(0, top // 3 + 1, size=n),
        coverage="first" if rng.random() < 0.6 else "score",
        min_load=np.minimum(rng.integers(0, 2, size=m), capacity) if least else None,
        quotas=[KINDS[kind](rng, n, m) for kind in kinds],
        keys=(rng.permutation(n), rng.permutation(m)),
    )
    return with_oddities(rng, problem) if odd else problem


def with_oddities(rng: np.random.Generator, problem: Problem) -> Problem:
    """Set a few pairs by hand, and have being unmatched count far from what pairs do."""
    n, m = problem.shape
    allowed = problem.eligible & (problem.capacity > 0)
    rows = [i for i in rng.permutation(n)[: rng.integers(0, 5)] if allowed[i].any()]
    locked = [(i, int(rng.choice(np.flatnonzero(allowed[i])))) for i in rows]
    load = np.bincount([j for _, j in locked], minlength=m)
    alone = rng.integers(-(10**6), 10**6, size=n) if rng.random() < 0.5 else 0
    capacity = np.maximum(problem.capacity, load)
    return problem.changed(locked=locked, capacity=capacity, unmatched_points=alone)


def brute_across(problem: Problem) -> tuple[int, int] | None:
    """Return the number matched and the worth of the best of all assignments, None without."""
    best = None
    n, m = problem.shape
    for choice in every_assignment(n, m)[0]:
        if not _allowed(problem, choice):
            continue
        at = np.flatnonzero(choice >= 0)
        points = int(problem.points[at, choice[at]].sum())
        points += int(problem.unmatched_points[choice < 0].sum())
        cost = sum(q.price * _missed(q, choice, m) for q in problem.quotas if q.price is not None)
        told = at.size, points - cost
        key = told if problem.coverage == "first" else told[1:]
        if best is None or key > best[0]:
            best = key, told
    return None if best is None else best[1]


def brute_fair(problem: Problem) -> tuple[int, int | None, int] | None:
    """Return people (0 where only points count), worst and worth of the fairest assignment."""
    n, m = problem.shape
    open_ = np.setdiff1d(np.arange(n), problem.locked[:, 0])
    best: tuple[int, int, int] | None = None
    for choice in every_assignment(n, m)[0]:
        if not _allowed(problem, choice):
            continue
        at = np.flatnonzero(choice >= 0)
        worth = int(problem.points[at, choice[at]].sum())
        worth += int(problem.unmatched_points[choice < 0].sum())
        worth -= sum(q.price * _missed(q, choice, m) for q in problem.quotas if q.price is not None)
        first = problem.coverage == "first"
        has = [int(problem.points[i, choice[i]]) for i in open_ if choice[i] >= 0]
        has += [] if first else [int(problem.unmatched_points[i]) for i in open_ if choice[i] < 0]
        told = at.size if first else 0, min(has, default=NOBODY), worth
        best = told if best is None else max(best, told)
    if best is None:
        return None
    return best[0], None if best[1] == NOBODY else best[1], best[2]


def fair_across_problem(seed: int) -> Problem:
    """Draw a small round under conditions in which being unmatched is worth the same to all."""
    rng = np.random.default_rng([seed, 5])
    shape = int(rng.integers(1, 6)), int(rng.integers(1, 4))
    kinds = [str(kind) for kind in rng.choice(list(KINDS), size=rng.integers(1, 4))]
    problem = across_problem(rng, kinds, shape, least=seed % 3 == 0, odd=seed % 2 == 0)
    alone = int(rng.choice([0, -(10**6), 2, int(problem.points.max(initial=0)) // 2]))
    return problem.changed(unmatched_points=alone) if problem.coverage == "score" else problem


def fair_across_differences(problem: Problem) -> Iterator[str]:
    """Compare the fair solution under conditions with every assignment there is."""
    true = brute_fair(problem)
    try:
        found = solve(problem, objective="fair")
    except InfeasibleError as error:
        if true is not None:
            yield f"refused, but {true} is possible: {error}"
        return
    fairness, people = found.fairness, found.matched if problem.coverage == "first" else 0
    worst = None if fairness is None else fairness.worst
    if (people, worst, found.worth) != true:
        yield f"the fairest is {true}, found {people, worst, found.worth}"
    if fairness is None or fairness.bound != worst or found.status != "optimal" or found.gap:
        yield f"not proven: {found.status}, {fairness}"
    yield from (fault.message for fault in find_faults(problem, found))


def _allowed(problem: Problem, choice: NDArray[np.int64]) -> bool:
    m = problem.shape[1]
    at = np.flatnonzero(choice >= 0)
    load = np.bincount(choice[at], minlength=m)
    return (
        bool(problem.eligible[at, choice[at]].all())
        and bool((load <= problem.capacity).all())
        and bool((load >= problem.min_load).all())
        and all(choice[i] == j for i, j in problem.locked.tolist())
        and not any(_missed(q, choice, m) for q in problem.quotas if q.price is None)
    )


def _missed(quota: Condition, choice: NDArray[np.int64], m: int) -> int:
    """Count by how much a condition is missed, the plain way."""
    pairs = [(i, int(j)) for i, j in enumerate(choice) if j >= 0]
    if isinstance(quota, Quota):
        reached = sum(int(quota.table[quota.row_codes[i], quota.column_codes[j]]) for i, j in pairs)
        short = 0 if quota.at_least is None else quota.at_least - reached
        over = 0 if quota.at_most is None else reached - quota.at_most
        return -(-max(0, short, over) // quota.unit)
    missed = 0
    for group in range(int(quota.groups.max(initial=-1)) + 1):
        for j in range(m):
            count = sum(1 for i, k in pairs if k == j and quota.groups[i] == group)
            missed += max(0, int(quota.least(m)[j]) - count)
            missed += max(0, count - quota.at_most) if quota.at_most is not None else 0
    return missed


def milp_across(problem: Problem) -> tuple[int, int] | None:
    """Return the number matched and the worth by HiGHS over the full matrix, None without."""
    mentee, mentor = np.nonzero(problem.eligible)
    n, m = problem.shape
    size = mentee.size
    gains = problem.points[mentee, mentor] - problem.unmatched_points[mentee]
    ones = np.ones(size)
    body = [
        csr_array((ones, (mentee, np.arange(size))), shape=(n, size)),
        csr_array((ones, (mentor, np.arange(size))), shape=(m, size)),
    ]
    low = [np.full(n, -np.inf), problem.min_load]
    high = [np.ones(n), problem.capacity]
    soft: list[tuple[int, int, int]] = []
    row = n + m
    for quota in problem.quotas:
        for line, least, most in _lines(quota, problem, mentee, mentor):
            body.append(csr_array(line[None, :]))
            low.append(np.array([-np.inf if least is None else least]))
            high.append(np.array([np.inf if most is None else most]))
            if quota.price is not None:
                unit = getattr(quota, "unit", 1)
                soft += [(row, unit, quota.price)] if least is not None else []
                soft += [(row, -unit, quota.price)] if most is not None else []
            row += 1
    rows, units, prices = (
        (np.array(part, dtype=float) for part in zip(*soft, strict=True))
        if (soft)
        else (np.zeros(0),) * 3
    )
    slack = csr_array((units, (rows.astype(int), np.arange(len(soft)))), shape=(row, len(soft)))
    limits = [LinearConstraint(hstack([vstack(body), slack]), np.hstack(low), np.hstack(high))]
    if problem.locked.size:
        fixed = np.isin(mentee * m + mentor, problem.locked @ np.array([m, 1]))
        line = np.append(fixed, np.zeros(len(soft)))
        limits.append(LinearConstraint(csr_array(line[None, :]), len(problem.locked), np.inf))
    count = np.append(ones, np.zeros(len(soft)))
    if problem.coverage == "first":
        most_matched = _chosen(count, limits, size)
        if most_matched is None:
            return None
        least_count = int(most_matched[:size].sum())
        limits.append(LinearConstraint(csr_array(count[None, :]), least_count, np.inf))
    found = _chosen(np.append(gains, -prices), limits, size)
    if found is None:
        return None
    taken = found[:size] == 1
    worth = int(gains[taken].sum()) + int(problem.unmatched_points.sum())
    return int(taken.sum()), worth - int((found[size:] * prices).sum())


def _lines(
    quota: Condition, problem: Problem, mentee: NDArray[np.int64], mentor: NDArray[np.int64]
) -> Iterator[tuple[NDArray[np.float64], int | None, int | None]]:
    if isinstance(quota, Quota):
        yield quota.amounts(mentee, mentor).astype(float), quota.at_least, quota.at_most
        return
    for group in range(int(quota.groups.max(initial=-1)) + 1):
        for j, least in enumerate(quota.least(problem.shape[1]).tolist()):
            line = ((quota.groups[mentee] == group) & (mentor == j)).astype(float)
            yield line, least or None, quota.at_most


def _chosen(
    gains: NDArray[np.float64], limits: list[LinearConstraint], size: int
) -> NDArray[np.float64] | None:
    if not gains.size:
        none = np.zeros(0)
        kept = all((limit.lb <= 0).all() and (limit.ub >= 0).all() for limit in limits)
        return none if kept else None
    result = milp(
        -gains.astype(float),
        integrality=np.ones(gains.size, dtype=int),
        bounds=Bounds(0, np.where(np.arange(gains.size) < size, 1, np.inf)),
        constraints=limits,
        options={"mip_rel_gap": 0},
    )
    return None if result.x is None else np.rint(result.x)


def across_differences(problem: Problem, true: tuple[int, int] | None) -> Iterator[str]:
    """Compare what is found with the true optimum."""
    try:
        solution = solve(problem)
    except InfeasibleError as error:
        if true is not None:
            yield f"refused, but {true} is possible: {error}"
        return
    if true is None:
        yield f"found {solution.matched}, {solution.worth} where nothing is possible"
        return
    yield from (fault.message for fault in find_faults(problem, solution))
    first = problem.coverage == "first"
    found = solution.matched if first else true[0], solution.worth
    if solution.status != "optimal" or solution.gap:
        yield f"{solution.status} with a gap of {solution.gap}"
    if found != true:
        yield f"the best is {true}, found {found}"
