"""The best worst pair under conditions across pairs, against every assignment there is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from matchkit.assign import PerMentor, Problem, Quota, Solution, find_faults, solve
from matchkit.assign import across as across_module
from matchkit.errors import ProblemError, TooLargeError
from tests.assign.conditions import fair_across_differences, fair_across_problem


@pytest.mark.parametrize("held", [1 << 15, 0])
@pytest.mark.parametrize("seed", range(250))
def test_finds_the_fairest_of_all(seed: int, held: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody worse off than need be, fewer people, or fewer points than so fair a round has."""
    monkeypatch.setattr(across_module, "_HELD", held)
    assert list(fair_across_differences(fair_across_problem(seed))) == []


def pressed(**other: Any) -> Problem:
    """Return a round in which a share of pairs across departments costs the worst off."""
    rng = np.random.default_rng(1)
    points = rng.integers(0, 1000, size=(20, 10))
    halves = np.arange(20) % 2
    points[halves[:, None] == halves[:10]] += 500
    share = Quota(halves, halves[:10], ~np.eye(2, dtype=bool), at_least=12)
    given: dict[str, Any] = {"capacity": 3, "quotas": [share]} | other
    return Problem(points, **given)


def test_fairness_costs_points_and_conditions_cost_fairness() -> None:
    """A fair round under conditions that is the total one, or the one without conditions."""
    total, fair = solve(pressed()), solve(pressed(), objective="fair")
    free = solve(pressed(quotas=()), objective="fair")
    assert fair.fairness is not None
    assert free.fairness is not None
    worst = pressed().points[np.arange(20), total.mentor_of].min()
    assert worst < (fair.fairness.worst or 0) < (free.fairness.worst or 0)
    assert fair.total < total.total


def test_conditions_that_do_not_press_change_nothing() -> None:
    """Another worst pair where the fair round keeps the conditions anyway."""
    free = solve(pressed(quotas=()), objective="fair")
    loose = PerMentor(np.arange(20) % 10, at_most=3)
    found = solve(pressed(quotas=[loose]), objective="fair")
    assert found.mentor_of.tolist() == free.mentor_of.tolist()
    assert found.fairness is not None
    assert free.fairness is not None
    assert (found.fairness.worst, found.fairness.bound) == (free.fairness.worst,) * 2


def test_time_that_runs_out_is_told() -> None:
    """A worst pair that is told to be the best possible though nobody looked further."""
    late = solve(pressed(), objective="fair", deadline=0)
    assert late.fairness is not None
    assert (late.fairness.worst or 0) < (late.fairness.bound or 0)
    assert late.status == "deadline"
    assert late.bound >= late.total
    assert find_faults(pressed(), late) == ()


def test_a_bar_that_cannot_be_decided_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bar taken for too high since the search gave up."""
    best = across_module.solve_across
    tries: list[int] = []

    def unsure(*given: Any) -> Solution:
        tries.append(1)
        if len(tries) > 1:
            raise TooLargeError("gave up")
        return best(*given)

    monkeypatch.setattr("matchkit.assign.engine.solve_across", unsure)
    found = solve(pressed(), objective="fair")
    assert found.fairness is not None
    assert (found.fairness.worst or 0) < (found.fairness.bound or 0)
    assert found.status == "feasible"
    assert find_faults(pressed(), found) == ()


def test_the_verifier_finds_what_is_not_so() -> None:
    """A worst pair, a bound or a total that is made up."""
    problem = pressed()
    found, total = solve(problem, objective="fair"), solve(problem)
    fairness = found.fairness
    assert fairness is not None
    assert fairness.worst is not None
    for wrong in (
        replace(found, fairness=replace(fairness, worst=fairness.worst + 1)),
        replace(found, fairness=replace(fairness, bound=fairness.worst + 1)),
        replace(found, fairness=replace(fairness, bound=fairness.worst - 1)),
        replace(found, fairness=None),
        replace(found, total=found.total + 1, bound=found.bound + 1),
        replace(total, objective="fair", fairness=fairness),
        replace(found, mentor_of=solve(pressed(quotas=())).mentor_of),
    ):
        assert find_faults(problem, wrong)


def test_stable_matchings_do_not_go_with_conditions() -> None:
    """A stable matching that does not keep what was asked for."""
    with pytest.raises(ProblemError, match="must be 'total' or 'fair'"):
        solve(pressed(), objective="stable")
