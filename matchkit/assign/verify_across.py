"""The independent check of a solution under conditions across pairs.

It shares no code with any solver. Every condition is counted again, and the multipliers are
held against every pair: what they prove is a bound, whoever found them.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from matchkit.assign.problem import Problem
from matchkit.assign.quotas import PerMentor, Quota
from matchkit.assign.solution import Solution
from matchkit.assign.sources import INELIGIBLE

_CELLS = 1 << 20  # pairs looked at in one go
_ROUNDINGS = 2.0**-48  # more than all the roundings to float64 together

Ints = NDArray[np.int64]
Said = tuple[str, str]


def condition_faults(problem: Problem, solution: Solution) -> Iterator[Said]:
    """Find conditions that are not kept, and a penalty that is not what they cost."""
    load = np.bincount(solution.mentor_of[solution.mentor_of >= 0], minlength=problem.shape[1])
    for j in np.flatnonzero(load < problem.min_load).tolist():
        yield "load", f"fewer mentees than the {problem.min_load[j]} needed at mentor {j}."
    cost = 0
    for at, quota in enumerate(problem.quotas):
        missed = _missed(quota, solution.mentor_of, problem.shape[1])
        if quota.price is not None:
            cost += missed * quota.price
        elif missed:
            yield "quota", f"quotas[{at}] is missed by {missed}."
    if cost != solution.penalty:
        yield "total", f"penalty == {solution.penalty}, must be {cost}."


def _missed(quota: Quota | PerMentor, mentor_of: Ints, m: int) -> int:
    """Count by how many units a quota is missed."""
    pairs = [(i, j) for i, j in enumerate(mentor_of.tolist()) if j >= 0]
    if isinstance(quota, Quota):
        rows, cols, table = quota.row_codes.tolist(), quota.column_codes.tolist(), quota.table
        reached = sum(int(table[rows[i], cols[j]]) for i, j in pairs)
        short = 0 if quota.at_least is None else max(0, quota.at_least - reached)
        over = 0 if quota.at_most is None else max(0, reached - quota.at_most)
        return -(-(short + over) // quota.unit)
    groups, missed = quota.groups.tolist(), 0
    counts: dict[tuple[int, int], int] = {}
    for i, j in pairs:
        counts[groups[i], j] = counts.get((groups[i], j), 0) + 1
    if quota.at_most is not None:
        missed += sum(max(0, n - quota.at_most) for (g, _), n in counts.items() if g >= 0)
    if quota.at_least.any():
        least = np.broadcast_to(quota.at_least, (m,)).tolist()
        missed += sum(
            max(0, each - counts.get((g, j), 0))
            for g in range(max(groups, default=-1) + 1)
            for j, each in enumerate(least)
        )
    return missed


def figure_faults(problem: Problem, solution: Solution) -> Iterator[Said]:
    """Find figures that do not add up, and multipliers that do not prove what is claimed."""
    rows = np.flatnonzero(solution.mentor_of >= 0)
    points = problem.source.pairs(rows, solution.mentor_of[rows])
    alone = problem.unmatched_points[solution.mentor_of < 0]
    total = sum(points[points != INELIGIBLE].tolist()) + sum(alone.tolist())
    if solution.matched != rows.size:
        yield "count", f"matched == {solution.matched}, must be {rows.size}."
    if solution.total != total:
        yield "total", f"total == {solution.total}, must be {total}."
    shaped = list(_misshapen(problem, solution))
    yield from shaped or _Claim(problem, solution).faults(total - solution.penalty)


def _misshapen(problem: Problem, solution: Solution) -> Iterator[Said]:
    """Find multipliers that cannot be looked at any further."""
    if len(solution.multipliers) != len(problem.quotas):
        yield "shape", f"{len(solution.multipliers)} multipliers for {len(problem.quotas)} quotas."
        return
    for at, quota in enumerate(problem.quotas):
        value = solution.multipliers[at]
        groups = 0 if isinstance(quota, Quota) else int(quota.groups.max(initial=-1)) + 1
        expected = () if isinstance(quota, Quota) else (groups, problem.shape[1])
        if value.shape != expected or value.dtype != np.int64:
            yield "shape", f"multipliers[{at}] has shape {value.shape} and dtype {value.dtype}."


class _Claim:
    """What prices, surpluses and multipliers claim to prove."""

    def __init__(self, problem: Problem, solution: Solution) -> None:
        self._problem, self._solution = problem, solution
        fold = np.array([solution.bonus, 1])
        self._prices, self._surpluses = solution.prices @ fold, solution.surpluses @ fold
        self._locked = np.full(problem.shape[0], -1, dtype=np.int64)
        self._locked[problem.locked[:, 0]] = problem.locked[:, 1]

    def faults(self, worth: int) -> Iterator[Said]:
        """Find what keeps the claim from being true."""
        solution = self._solution
        yield from self._signs()
        yield from self._pairs()
        proven = self._sum()
        if worth > proven:
            yield "bound", f"the multipliers prove at most {proven}, but {worth} is reached."
        claimed = worth if solution.status == "optimal" else proven
        if solution.bound != claimed:
            yield "bound", f"bound == {solution.bound}, must be {claimed}."
        first = self._problem.coverage == "first"
        people = sum(solution.surpluses[:, 0].tolist())
        for places, price in zip(self._problem.capacity, solution.prices[:, 0], strict=True):
            people += int(places) * int(price)
        if first and solution.matched_bound > people:
            message = f"matched_bound == {solution.matched_bound}, but at most {people} can be."
            yield "bound", message
        short = solution.matched_bound - solution.matched
        if short < 0 or (first and short and solution.status == "optimal"):
            message = f"matched == {solution.matched} is not the bound {solution.matched_bound}."
            yield "bound", message

    def _signs(self) -> Iterator[Said]:
        """Find multipliers that press where there is no bound, or harder than a price allows."""
        problem, solution = self._problem, self._solution
        wrong = (self._prices < 0) & (problem.min_load == 0)
        wrong |= solution.prices[:, 0] < 0
        for j in np.flatnonzero(wrong).tolist():
            yield "sign", f"prices below 0 at mentor {j}."
        if solution.bonus < 0 or (solution.bonus and problem.coverage == "score"):
            yield "sign", f"bonus == {solution.bonus}."
        for at, quota in enumerate(problem.quotas):
            value, unit = solution.multipliers[at], getattr(quota, "unit", 1)
            up = int(value.max(initial=0)), int((-value).max(initial=0))
            if (up[0] and quota.at_least is None) or (up[1] and quota.at_most is None):
                yield "sign", f"multipliers[{at}] presses where quotas[{at}] has no bound."
            if quota.price is not None and max(up) * unit > quota.price:
                yield "sign", f"multipliers[{at}] is more than the price of quotas[{at}]."

    def _sum(self) -> int:
        """Return what everything together bounds the points by."""
        problem, solution = self._problem, self._solution
        proven = sum(self._surpluses.tolist()) - solution.bonus * solution.matched
        for j, price in enumerate(self._prices.tolist()):
            proven += price * int(problem.capacity[j] if price > 0 else problem.min_load[j])
        for at, quota in enumerate(problem.quotas):
            value = solution.multipliers[at]
            least = np.broadcast_to(0 if quota.at_least is None else quota.at_least, value.shape)
            for each, low in zip(value.reshape(-1), least.reshape(-1), strict=True):
                proven -= int(each) * int(low if each > 0 else quota.at_most or 0)
        return int(proven)

    def _pairs(self) -> Iterator[Said]:
        """Find mentees to whom some pair, or being unmatched, leaves more than their surplus."""
        n, m = self._problem.shape
        step = max(1, _CELLS // max(1, m))
        better = np.zeros(n, dtype=bool)
        short = np.zeros(n, dtype=bool)
        for start in range(0, n, step):
            rows = np.arange(start, min(start + step, n))
            self._compare(rows, better, short)
        alone = (self._locked < 0) & (self._surpluses < self._problem.unmatched_points)
        for said, where in (
            ("a pair worth more than surplus and prices", better),
            ("being unmatched worth more than the surplus", alone),
            ("a pair that the people of surplus and prices do not count", short),
        ):
            if where.any():
                named = ", ".join(map(str, np.flatnonzero(where)[:5].tolist()))
                yield "feasibility", f"{said} for mentee {named}."

    def _compare(self, rows: Ints, better: NDArray[np.bool_], short: NDArray[np.bool_]) -> None:
        """Compare every pair of some mentees with surplus and prices, exactly where it is close."""
        problem, solution = self._problem, self._solution
        m = problem.shape[1]
        block = problem.source.block(rows, np.arange(m)).astype(np.float64)
        eligible = block > -np.inf
        held = self._locked[rows] >= 0
        eligible[held] = False
        if m:
            eligible[held, self._locked[rows[held]]] = True
        more = self._extra(rows)
        size = float(np.abs(more).max(initial=0)) + float(np.abs(self._surpluses).max(initial=0))
        size += float(np.abs(block[eligible]).max(initial=0))
        least = self._surpluses[rows].astype(np.float64) - problem.source.error - _ROUNDINGS * size
        at, cols = np.nonzero(eligible & (block + more > least[:, None]))
        exact = problem.source.pairs(rows[at], cols) + more[at, cols]
        better[rows[at[exact > self._surpluses[rows[at]]]]] = True
        if problem.coverage == "first":
            people = solution.surpluses[rows, 0][:, None] + solution.prices[:, 0]
            short[rows] |= (eligible & (people < 1)).any(axis=1)

    def _extra(self, rows: Ints) -> Ints:
        """Return what multipliers add to the points of every pair of some mentees."""
        more = np.broadcast_to(self._solution.bonus - self._prices, (rows.size, self._prices.size))
        more = more.copy()
        pairs = zip(self._problem.quotas, self._solution.multipliers, strict=True)
        for quota, value in pairs:
            if isinstance(quota, Quota):
                more += value * quota.table[np.ix_(quota.row_codes[rows], quota.column_codes)]
            elif value.size:
                group = quota.groups[rows]
                more += np.where(group[:, None] >= 0, value[group], 0)
        return more
