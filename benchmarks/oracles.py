"""Checks of the assignment engine against answers found in other ways, the long runs.

Usage: python benchmarks/oracles.py CHECK [ROUNDS], where CHECK is one of:

brute   random rounds up to 6 x 6 with capacities, rules, locks and both coverage modes,
        against every assignment there is: total, number matched, prices, surpluses, ties
        (10,000 rounds)
milp    rounds of 200 x 200 against scipy.optimize.milp: total and number matched (200 rounds)
ties    coarse points full of ties in four row orders: the same pairs in all (400 rounds)
across  rounds of 60 x 40 with one kind of condition across pairs, each kind in turn, against
        scipy.optimize.milp on the full matrix: total, number matched, status and gap (1,000)
mixes   the same with three kinds at once (200 rounds)
many    the same with three to six quotas on the whole round and two people apart (200 rounds)
forced  random rounds up to 6 x 6: what setting each pair by hand would cost, and who would
        move, against every assignment there is (3,000 rounds)
groups  random rounds up to 6 x 6: the groups who can reach too few places, against every
        group there is (3,000 rounds)
fair    random rounds up to 6 x 6 by both methods, against every assignment there is: the
        worst pair, total, ties (1,000 rounds)
fair_across  rounds up to 5 x 3 under conditions across pairs, listing all pairs and not,
        against every assignment there is: people, the worst pair, total (1,000 rounds)
stable  random rounds up to 5 x 5 with mentors' own points and locks, against every stable
        matching there is: best for mentees, best for mentors, blocking pairs (1,000 rounds)

The suite runs a few of each; the status is 1 if any round disagrees.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from matchkit.assign import Problem, solve
from matchkit.assign import across as across_module
from matchkit.errors import InfeasibleError, TooLargeError
from tests.assign.conditions import (
    KINDS,
    across_differences,
    across_problem,
    fair_across_differences,
    fair_across_problem,
    milp_across,
)
from tests.assign.fair_reference import decidable_problem, fair_differences
from tests.assign.reference import (
    brute_force_differences,
    coarse_problem,
    forcing_differences,
    milp_optimum,
    random_problem,
    shortfall_differences,
    shuffled_agree,
)
from tests.assign.stable_reference import stable_differences, wishful_problem


def brute(seed: int) -> Iterator[str]:
    """Compare one small round with every assignment there is."""
    problem = random_problem(np.random.default_rng(seed))
    clash = set(map(tuple, problem.locked.tolist())) & set(map(tuple, problem.forbidden.tolist()))
    try:
        solution = solve(problem)
    except InfeasibleError as error:
        if not clash:
            yield f"refused: {error}"
        return
    if clash:
        yield "a locked pair is forbidden, and nobody said so"
    yield from brute_force_differences(problem, solution)


def by_milp(seed: int) -> Iterator[str]:
    """Compare one round of 200 x 200 with HiGHS."""
    rng = np.random.default_rng(seed)
    problem = Problem(
        rng.integers(0, 1_000_001, size=(200, 200)),
        capacity=rng.integers(0, 4, size=200) if rng.random() < 0.5 else 1,
        eligible=rng.random((200, 200)) < rng.choice([0.02, 0.2, 0.8]),
        unmatched_points=rng.integers(0, 600_001, size=200),
        coverage="first" if seed % 2 else "score",
    )
    solution = solve(problem)
    found, true = (solution.matched, solution.total), milp_optimum(problem)
    if found != true:
        yield f"milp says {true}, found {found}"


def ties(seed: int) -> Iterator[str]:
    """Solve one coarse round in four row orders."""
    rng = np.random.default_rng(seed)
    problem = coarse_problem(rng)
    solution = solve(problem)
    if not all(shuffled_agree(problem, solution, rng) for _ in range(3)):
        yield "another order of the rows, another result"


def forced(seed: int) -> Iterator[str]:
    """Compare what every pair of one small round would cost with every assignment there is."""
    problem = random_problem(np.random.default_rng(seed))
    try:
        yield from forcing_differences(problem, solve(problem))
    except InfeasibleError:
        return


def fair(seed: int) -> Iterator[str]:
    """Compare the fair solution of one small round with every assignment there is."""
    yield from fair_differences(decidable_problem(np.random.default_rng(seed)))


def fair_across(seed: int) -> Iterator[str]:
    """Compare the fair solution of one small round under conditions with all assignments."""
    yield from _both_ways(lambda: fair_across_differences(fair_across_problem(seed)))


def stable(seed: int) -> Iterator[str]:
    """Compare both stable matchings of one small round with all there are."""
    yield from stable_differences(wishful_problem(np.random.default_rng(10**6 + seed)))


def groups(seed: int) -> Iterator[str]:
    """Compare the groups of one small round that fall short with every group there is."""
    problem = random_problem(np.random.default_rng(seed))
    try:
        yield from shortfall_differences(problem, solve(problem))
    except InfeasibleError:
        return


def _conditions(seed: int, kinds: list[str]) -> Iterator[str]:
    """Compare one round of 60 x 40 under conditions with HiGHS, listing all pairs and not."""
    rng = np.random.default_rng(seed)
    problem = across_problem(rng, kinds, (60, 40), least=seed % 3 == 0, odd=seed % 2 == 0)
    true = milp_across(problem)
    yield from _both_ways(lambda: across_differences(problem, true))


def _both_ways(check: Callable[[], Iterator[str]]) -> Iterator[str]:
    """Check a round with all of its pairs listed, and with few."""
    listed = across_module._HELD  # noqa: SLF001 - both ways are to be tried
    try:
        for held in (listed, 0):
            across_module._HELD = held  # noqa: SLF001
            yield from check()
    except TooLargeError as error:
        yield f"gave up: {error}"
    finally:
        across_module._HELD = listed  # noqa: SLF001


def across(seed: int) -> Iterator[str]:
    """Compare one round with one kind of condition."""
    yield from _conditions(seed, [list(KINDS)[seed % len(KINDS)]])


def mixes(seed: int) -> Iterator[str]:
    """Compare one round with a mix of three kinds."""
    rng = np.random.default_rng(seed + 10**6)
    yield from _conditions(seed, [str(kind) for kind in rng.choice(list(KINDS), size=3)])


def many(seed: int) -> Iterator[str]:
    """Compare one round with many quotas on the whole round."""
    rng = np.random.default_rng(seed + 2 * 10**6)
    kinds = [str(kind) for kind in rng.choice(["share", "coverage"], size=rng.integers(3, 7))]
    yield from _conditions(seed, [*kinds, "apart"])


CHECKS: dict[str, tuple[Callable[[int], Iterator[str]], int]] = {
    "brute": (brute, 10_000),
    "milp": (by_milp, 200),
    "ties": (ties, 400),
    "across": (across, 1000),
    "mixes": (mixes, 200),
    "many": (many, 200),
    "forced": (forced, 3_000),
    "groups": (groups, 3_000),
    "fair": (fair, 1_000),
    "fair_across": (fair_across, 1_000),
    "stable": (stable, 1_000),
}


def main(name: str, rounds: int | None = None) -> int:
    """Run one check and return the exit status."""
    check, usual = CHECKS[name]
    wrong, started = 0, time.perf_counter()
    for seed in range(rounds or usual):
        for difference in check(seed):
            wrong += 1
            print(f"seed {seed}: {difference}")
    seconds = time.perf_counter() - started
    print(f"{name}: {rounds or usual} rounds, {wrong} differences, {seconds:.0f} s")
    return int(wrong > 0)


if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1] not in CHECKS:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else None))
