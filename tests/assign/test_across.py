"""Conditions across pairs: against every assignment there is, and against HiGHS on all pairs."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import combinations_with_replacement
from typing import Any

import numpy as np
import pytest

from matchkit.assign import PerMentor, Problem, Quota, Solution, find_faults, solve
from matchkit.assign import across as across_module
from matchkit.errors import InfeasibleError, ProblemError
from tests.assign.conditions import (
    KINDS,
    across_differences,
    across_problem,
    brute_across,
    milp_across,
)
from tests.assign.reference import Blurred, as_listed

MIXES = [list(mix) for mix in combinations_with_replacement(KINDS, 3)]


def draw(seed: int, shape: tuple[int, int], kinds: list[str]) -> Problem:
    """Draw a round, with least loads and pairs set by hand now and then."""
    rng = np.random.default_rng(seed)
    least, odd = rng.random(2) < 0.3
    return across_problem(rng, kinds, shape, least=bool(least), odd=bool(odd))


@pytest.mark.parametrize("seed", range(250))
def test_finds_the_best_of_all_assignments(seed: int) -> None:
    """A condition broken, a better assignment missed, or a false claim, in a small round."""
    rng = np.random.default_rng(seed)
    kinds = [str(kind) for kind in rng.choice(list(KINDS), size=rng.integers(0, 4))]
    problem = draw(seed, (int(rng.integers(0, 6)), int(rng.integers(0, 4))), kinds)
    assert list(across_differences(problem, brute_across(problem))) == []


@pytest.mark.parametrize("mix", MIXES, ids="-".join)
def test_finds_the_best_of_every_mix_of_three(mix: list[str]) -> None:
    """A mix of kinds for which the optimum is not that of HiGHS on the full matrix."""
    problem = draw(len("".join(mix)), (30, 12), mix)
    assert list(across_differences(problem, milp_across(problem))) == []


@pytest.mark.parametrize("seed", range(150))
def test_finds_it_without_listing_all_pairs(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A better assignment missed where multipliers are found on a part of the pairs."""
    monkeypatch.setattr(across_module, "_HELD", 0)
    rng = np.random.default_rng(seed)
    kinds = [str(kind) for kind in rng.choice(list(KINDS), size=rng.integers(1, 4))]
    small = seed % 3 > 0
    shape = (int(rng.integers(0, 6)), int(rng.integers(0, 4))) if small else (30, 12)
    problem = draw(seed, shape, kinds)
    true = brute_across(problem) if small else milp_across(problem)
    assert list(across_differences(problem, true)) == []


@pytest.mark.parametrize("seed", [61, 118, 171, 242, 256, 292])
def test_goes_on_where_relaxation_finds_no_multipliers(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A round given up although its quotas can be kept, with multipliers beyond the usual."""
    monkeypatch.setattr(across_module, "_HELD", 0)
    rng = np.random.default_rng(seed)
    kinds = [str(kind) for kind in rng.choice(["share", "coverage"], size=rng.integers(3, 6))]
    problem = across_problem(np.random.default_rng([seed, 1]), kinds, (20, 10))
    assert list(across_differences(problem, milp_across(problem))) == []


@pytest.mark.parametrize("pairs", [[], [(0, 0)], [(0, 0), (1, 5), (2, 7)]])
def test_pairs_set_by_hand_go_with_quotas(
    pairs: list[tuple[int, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A round given up since a mentee whose pair is set was to have another mentor as well."""
    monkeypatch.setattr(across_module, "_HELD", 0)
    rng = np.random.default_rng(0)
    points, half = rng.integers(0, 10**6, size=(80, 20)), np.arange(80) % 2
    points[half[:, None] == half[:20]] += 500_000
    quota = Quota(half, half[:20], 1 - np.eye(2, dtype=np.int64), at_least=48)
    problem = Problem(points, capacity=4, quotas=[quota], locked=pairs)
    assert list(across_differences(problem, milp_across(problem))) == []


def across(*, at_least: Fraction = Fraction(3, 5), price: int | None = None) -> Quota:
    """Return the quota of a share of pairs across two departments."""
    halves = np.arange(20) % 2
    return Quota.share(halves, halves[:10], ~np.eye(2, dtype=bool), at_least=at_least, price=price)


def leaning(**other: Any) -> Problem:
    """Return a round that would rather stay within its two departments."""
    rng = np.random.default_rng(1)
    points = rng.integers(0, 1000, size=(20, 10))
    points[(np.arange(20)[:, None] + np.arange(10)) % 2 == 0] += 500
    return Problem(points, **({"capacity": 3} | other))


def test_without_pressure_the_answer_is_the_free_one() -> None:
    """A condition that is kept anyway changes the matching."""
    free, bound = solve(leaning()), solve(leaning(quotas=[across(at_least=Fraction(0))]))
    assert bound.mentor_of.tolist() == free.mentor_of.tolist()
    assert (bound.total, bound.status) == (free.total, "optimal")


def test_a_weaker_condition_never_costs_more() -> None:
    """A share that is asked less for, and yet loses more points."""
    totals = [solve(leaning(quotas=[across(at_least=Fraction(k, 10))])).total for k in range(11)]
    assert totals == sorted(totals, reverse=True)
    assert totals[0] > totals[6] > totals[10]


def test_a_high_price_is_as_hard_as_no_price() -> None:
    """A soft condition at any price that is not kept, or a cheap one that is no bargain."""
    hard = solve(leaning(quotas=[across()]))
    dear = solve(leaning(quotas=[across(price=100_000)]))
    cheap = solve(leaning(quotas=[across(price=1)]))
    assert (dear.worth, dear.penalty) == (hard.total, 0)
    assert cheap.penalty > 0
    assert cheap.worth > hard.total


@pytest.mark.parametrize("form", ["listed", "blurred"])
def test_every_form_of_points_gives_the_same(form: str) -> None:
    """Another result for points that come as a list or from a source that is almost right."""
    problem = leaning(quotas=[across(), PerMentor(np.arange(20) % 4, at_most=1)])
    points = as_listed(problem) if form == "listed" else Blurred(problem, error=3.0)
    again = solve(problem.changed(points=points))
    expected = solve(problem)
    assert again.total == expected.total
    assert again.mentor_of.tolist() == expected.mentor_of.tolist()


def test_row_order_does_not_matter() -> None:
    """Another matching for the same people in another order."""
    problem = leaning(quotas=[across()], keys=(np.arange(20) + 5, np.arange(10)))
    order = np.random.default_rng(0).permutation(20)
    quota = across()
    moved = Problem(
        problem.points[order],
        capacity=3,
        quotas=[Quota(quota.row_codes[order], quota.column_codes, quota.table, at_least=0, unit=5)],
        keys=(problem.row_keys[order], problem.column_keys),
    )
    assert solve(moved).mentor_of.tolist() == solve(problem).mentor_of[order].tolist()


def test_locks_count_towards_conditions() -> None:
    """A locked pair that a condition does not see."""
    teams = PerMentor([0] * 20, at_most=1)
    solution = solve(leaning(locked=[(0, 0)], quotas=[teams]))
    assert (solution.mentor_of == 0).sum() == 1
    with pytest.raises(InfeasibleError):
        solve(leaning(locked=[(0, 0), (1, 0)], quotas=[teams]))


def test_fewer_are_matched_where_conditions_leave_fewer() -> None:
    """A condition that is broken to match more people."""
    solution = solve(leaning(quotas=[Quota([0] * 20, [0] * 10, [[1]], at_most=7)]))
    assert (solution.matched, solution.matched_bound, solution.status) == (7, 7, "optimal")


PLANTED: dict[str, dict[str, Any]] = {
    "quota": {"mentor_of": np.arange(20) % 10},
    "total": {"total": 1},
    "bound": {"bound": 10**9},
    "count": {"matched": 3},
    "sign": {"multipliers": (np.array(-9),)},
    "feasibility": {"surpluses": np.zeros((20, 2), dtype=np.int64)},
    "shape": {"multipliers": ()},
}


@pytest.mark.parametrize("kind", PLANTED)
def test_the_verifier_finds_planted_faults(kind: str) -> None:
    """A wrong claim about a round with a quota that the verifier accepts."""
    problem = leaning(quotas=[across()])
    wrong: Solution = replace(solve(problem), **PLANTED[kind])
    assert kind in {fault.kind for fault in find_faults(problem, wrong)}


def test_the_verifier_counts_loads_and_costs() -> None:
    """A mentor below the least load, or a violation that costs nothing."""
    problem = leaning(min_load=2)
    idle = replace(solve(problem), mentor_of=np.repeat(np.arange(7), 3)[:20])
    assert "load" in {fault.kind for fault in find_faults(problem, idle)}
    problem = leaning(quotas=[across(price=1)])
    free = replace(solve(problem), penalty=0)
    assert "total" in {fault.kind for fault in find_faults(problem, free)}


def test_wrong_conditions_are_refused_all_together() -> None:
    """A condition that does not fit the round and is found out later, or alone."""
    with pytest.raises(ProblemError) as caught:
        Problem(
            [[1, 2]],
            capacity=1,
            min_load=-1,
            quotas=[
                Quota([0], [0], [[1]]),
                Quota([1], [0, 0], [[1]], at_least=2, at_most=1, unit=0, price=-1),
                Quota([0], [0, 0], [[0.5]], at_least=1),
                PerMentor([-2], at_least=-1, at_most=-1),
                PerMentor([0, 0], at_least=[1, 2, 3]),
                "none",  # type: ignore[list-item]
            ],
        )
    said = str(caught.value)
    for at in range(6):
        assert f"quotas[{at}]" in said
    assert "min_load" in said
    with pytest.raises(ProblemError, match="must be a list"):
        Problem([[1]], capacity=1, quotas=3)  # type: ignore[arg-type]
