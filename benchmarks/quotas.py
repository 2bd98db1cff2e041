"""Rounds under quotas, beside HiGHS on a graph of the best pairs.

Usage: python benchmarks/quotas.py ROW [--runs N] [--peer-limit SECONDS]

small     200, 500 and 1,000 mentees: 60 % across departments, that and a second quota, and
          that with at most one mentee of a team with one mentor
5000      60 % across departments, against HiGHS
20000     the same, matchkit alone
many      13 quotas at once, 1,000 and 5,000 mentees
clash     1,000 mentees: least loads, a share, and both, that cannot be kept; until they are named

There is a mentor with 5 places for every 5 mentees, and left alone few pairs are across
departments. The peer is scipy.optimize.milp on the 16 best pairs of each mentee and the 8
best within and outside their department; it is given the finished list and only its solve is
timed, until it proves its optimum to within 1e-7 or its time is up. Both figures are
processor time of one thread, medians over the runs, which alternate. matchkit computes every
pair itself, and proves and verifies its result over all of them.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from matchkit.assign import FactorSource, PerMentor, Problem, Quota, solve
from matchkit.assign.quotas import Condition
from matchkit.errors import InfeasibleError

SKILLS, DEPARTMENTS, PLACES = 96, 32, 5
Ints = NDArray[np.int64]


class Cohort:
    """People with skills that follow their department, and what pairs of them are worth."""

    def __init__(self, n: int, seed: int = 0) -> None:
        rng = np.random.default_rng(seed)
        self.n, self.m = n, n // PLACES
        own = rng.dirichlet(np.full(SKILLS, 0.2), size=DEPARTMENTS)
        sides = []
        for count, most in ((n, 4), (self.m, 8)):
            department = rng.integers(DEPARTMENTS, size=count)
            common = 0.3 / np.arange(1, SKILLS + 1)
            chance = own[department] + common
            skills = rng.random((count, SKILLS)) < chance / chance.max(axis=1, keepdims=True)
            level = skills * rng.uniform(0.3, 1.0, size=skills.shape) + 1e-3
            level *= most / np.maximum(most, skills.sum(axis=1, keepdims=True))
            colleague = 0.5 * np.eye(DEPARTMENTS)[department]
            vectors = np.hstack([level / np.linalg.norm(level, axis=1, keepdims=True), colleague])
            sides.append((department, np.rint(vectors * 25_000).astype(np.int16)))
        (self.mentee_in, mentees), (self.mentor_in, mentors) = sides
        self.source = FactorSource(mentees, mentors, scale=1000)
        self.senior = rng.integers(2, size=self.m)
        self.team = self.mentee_in * 4 + rng.integers(4, size=n)

    def across(self) -> Quota:
        """Return the quota of 60 % across departments."""
        other = ~np.eye(DEPARTMENTS, dtype=bool)
        share = Fraction(3, 5)
        return Quota.share(self.mentee_in, self.mentor_in, other, at_least=share)

    def with_seniors(self, group: NDArray[np.bool_]) -> Quota:
        """Return the quota of 60 % of a group with senior mentors."""
        least = int(group.sum() * 0.6)
        return Quota(group, self.senior, [[0, 0], [0, 1]], at_least=least)

    def problem(self, quotas: list[Condition]) -> Problem:
        """Return the round under quotas."""
        return Problem(self.source, capacity=PLACES, quotas=quotas)


def timed(run: Callable[[], str]) -> tuple[float, str]:
    """Return processor time and what came of it."""
    started = time.process_time()
    told = run()
    return time.process_time() - started, told


def by_matchkit(problem: Problem) -> Callable[[], str]:
    """Solve, prove and verify."""

    def run() -> str:
        solution = solve(problem)
        return f"{solution.status}, gap {solution.gap:.1e}, total {solution.total}"

    return run


def by_highs(cohort: Cohort, limit: float) -> Callable[[], str]:
    """Prepare the best pairs of each mentee, and the same number within and outside."""
    n, m = cohort.n, cohort.m
    rows, columns = [], []
    for i in range(n):
        points = cohort.source.pairs(np.full(m, i), np.arange(m))
        outside = cohort.mentor_in != cohort.mentee_in[i]
        best = np.argsort(-points, kind="stable")
        chosen = {*best[:16], *best[outside[best]][:8], *best[~outside[best]][:8]}
        rows += [i] * len(chosen)
        columns += sorted(chosen)
    row, column = np.array(rows), np.array(columns)
    points = cohort.source.pairs(row, column)
    pairs, ones = np.arange(row.size), np.ones(row.size)
    share = cohort.across().amounts(row, column).astype(float)
    limits = [
        LinearConstraint(csr_array((ones, (row, pairs)), shape=(n, row.size)), 1, 1),
        LinearConstraint(csr_array((ones, (column, pairs)), shape=(m, row.size)), 0, PLACES),
        LinearConstraint(csr_array(share[None, :]), 0, np.inf),
    ]

    def run() -> str:
        found = milp(
            -points.astype(float),
            integrality=np.ones(row.size, dtype=np.int64),
            bounds=Bounds(0, 1),
            constraints=limits,
            options={"mip_rel_gap": 1e-7, "time_limit": limit},
        )
        chosen: NDArray[np.float64] | None = found.x
        if chosen is None:
            return "nothing found in time"
        total = int(points[chosen > 0.5].sum())
        done = "optimal on its graph" if found.status == 0 else "out of time"
        return f"{done}, gap {found.mip_gap:.1e}, total {total}"

    return run


def show(name: str, runs: list[Callable[[], str]], times: int) -> None:
    """Run all in turn, and print the medians and the ratio to the first."""
    figures: list[list[float]] = [[] for _ in runs]
    told = [""] * len(runs)
    for _ in range(times):
        for at, run in enumerate(runs):
            seconds, told[at] = timed(run)
            figures[at].append(seconds)
    medians = [statistics.median(each) for each in figures]
    for who, median, text in zip(("matchkit", "HiGHS"), medians, told, strict=False):
        ratio = f", {median / medians[0]:.0f} times as long" if who == "HiGHS" else ""
        print(f"{name:<32} {who:<9} cpu {median:8.2f} s  {text}{ratio}", flush=True)


def small(runs: int, limit: float) -> None:
    """Measure rounds that are proven exactly, the first against HiGHS."""
    for n in (200, 500, 1000):
        cohort = Cohort(n)
        group = np.arange(n) % 10 == 0
        one, two = cohort.across(), cohort.with_seniors(group)
        teams = PerMentor(cohort.team, at_most=1)
        mine = by_matchkit(cohort.problem([one]))
        show(f"{n}, across", [mine, by_highs(cohort, limit)], runs)
        show(f"{n}, across and seniors", [by_matchkit(cohort.problem([one, two]))], runs)
        show(f"{n}, both and teams", [by_matchkit(cohort.problem([one, two, teams]))], runs)


def large(n: int, runs: int, limit: float) -> None:
    """Measure a large round, against HiGHS if a limit is given."""
    cohort = Cohort(n)
    peers = [by_highs(cohort, limit)] if limit else []
    show(f"{n}, across", [by_matchkit(cohort.problem([cohort.across()])), *peers], runs)


def many(runs: int) -> None:
    """Measure 13 quotas at once."""
    for n in (1000, 5000):
        cohort = Cohort(n)
        quotas: list[Condition] = [cohort.across()]
        quotas += [cohort.with_seniors(cohort.mentee_in == each) for each in range(12)]
        show(f"{n}, 13 quotas", [by_matchkit(cohort.problem(quotas))], runs)


def naming(problem: Problem) -> Callable[[], str]:
    """Solve what cannot be, and say how many conditions are named."""

    def run() -> str:
        try:
            solve(problem)
        except InfeasibleError as error:
            named = error.clash.conflicts if error.clash else ()
            kinds = sorted({each.kind for each in named})
            return f"{len(named)} conditions named ({', '.join(kinds)})"
        return "kept after all"

    return run


def clash(runs: int) -> None:
    """Measure how long it takes to name what cannot be kept."""
    cohort = Cohort(1000)
    eligible = np.ones((1000, 200), dtype=bool)
    eligible[90:, 7:27] = False
    forbidden = [(i, j) for i, j in np.argwhere(~eligible).tolist()]
    n, m = eligible.shape
    whole = np.zeros(n, dtype=np.int64), np.zeros(m, dtype=np.int64)
    share = Quota(*whole, [[1]], at_least=1200)
    early = (np.arange(m) < 10).astype(np.int64)
    few = Quota(whole[0], early, [[1, 0]], at_most=900)
    source = cohort.source
    crowded = Problem(source, capacity=PLACES, min_load=PLACES, forbidden=forbidden)
    show("1000, least loads", [naming(crowded)], runs)
    show("1000, a share", [naming(cohort.problem([share]))], runs)
    mix = Problem(source, capacity=PLACES, min_load=PLACES, quotas=[few])
    show("1000, loads and a share", [naming(mix)], runs)


def main() -> None:
    """Measure one row."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("row", choices=["small", "5000", "20000", "many", "clash"])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--peer-limit", type=float, default=600.0)
    given = parser.parse_args()
    if given.row == "small":
        small(given.runs, given.peer_limit)
    elif given.row == "many":
        many(given.runs)
    elif given.row == "clash":
        clash(given.runs)
    else:
        large(int(given.row), given.runs, given.peer_limit if given.row == "5000" else 0.0)


if __name__ == "__main__":
    main()
