"""Rounds that are cut off: the best so far, with a bound that holds, and never an error."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from matchkit.assign import Objective, Problem, Solution, across, find_faults, programs, solve
from matchkit.errors import ProblemError
from tests.assign.conditions import across_problem
from tests.assign.fair_reference import decidable_problem


class Clock:
    """A clock that runs on by one second each time it is asked."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        """Return the time."""
        self.seconds += 1.0
        return self.seconds


def cut(problem: Problem, ticks: float, monkeypatch: pytest.MonkeyPatch) -> Solution:
    """Solve a round by the sparse method until the clock was asked so often."""
    monkeypatch.setattr("matchkit.assign.passes.monotonic", Clock())
    return solve(problem, method="sparse", deadline=ticks)


def hard(seed: int) -> Problem:
    """Draw a round that takes several looks at all pairs."""
    rng = np.random.default_rng(seed)
    mentees, mentors = rng.random((400, 9)) ** 2, rng.random((80, 9)) ** 2
    points = np.rint(40_000 * mentees @ mentors.T).astype(np.int64)
    return Problem(
        points + rng.integers(0, 200, size=80),
        capacity=rng.integers(1, 9, size=80),
        eligible=rng.random(points.shape) < 0.9,
        locked=[(0, 0)] if seed % 2 else (),
        coverage="first" if seed < 2 else "score",
        unmatched_points=10_000 if seed == 3 else 0,
    )


@pytest.mark.parametrize("seed", range(4))
def test_the_longer_the_better(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bound that the optimum passes, or an answer that is thrown away."""
    problem = hard(seed)
    best = solve(problem)
    statuses = []
    for ticks in (0, 9, 13, 10**6):
        late = cut(problem, ticks, monkeypatch)
        statuses.append(late.status)
        assert find_faults(problem, late) == ()
        assert late.matched <= best.matched <= late.matched_bound
        assert late.bound >= late.total
        assert (late.matched, late.total) <= (best.matched, best.total) or seed > 1
        if late.matched == late.matched_bound or seed > 1:
            assert late.bound >= best.total
    assert statuses[0] == "deadline"
    assert statuses[-1] == "optimal"
    assert statuses.count("deadline") > 1


@pytest.mark.parametrize("seed", range(60))
def test_small_rounds_that_had_no_time_at_all(seed: int) -> None:
    """An odd round, with locks, nobody eligible or nobody there, that ends in an error."""
    problem = decidable_problem(np.random.default_rng(seed))
    best = solve(problem)
    objectives: tuple[Objective, ...] = ("total", "fair", "stable")
    for objective in objectives:
        late = solve(problem, objective=objective, deadline=0)
        assert find_faults(problem, late) == ()
        if objective == "total":
            assert late.status == "deadline"
            assert late.matched <= late.matched_bound
            assert late.total <= late.bound
            if problem.coverage == "score":
                assert best.total <= late.bound


@pytest.mark.parametrize("seed", range(4))
def test_a_fair_round_says_how_much_fairer_it_could_be(seed: int) -> None:
    """A search that goes on after time is out, or a bound on the worst pair that is none."""
    problem = hard(seed)
    late, whole = (solve(problem, objective="fair", deadline=each) for each in (0, None))
    assert late.fairness is not None
    assert whole.fairness is not None
    assert late.status == "deadline"
    assert find_faults(problem, late) == ()
    assert late.matched == whole.matched or seed > 1
    ends = [late.fairness.worst, whole.fairness.worst, late.fairness.bound]
    assert ends == sorted(each for each in ends if each is not None)


@pytest.mark.parametrize("seed", [0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11])
def test_conditions_are_kept_without_time(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A condition given up for speed, or a bound that is none."""
    monkeypatch.setattr(across, "_HELD", 0)
    rng = np.random.default_rng(seed)
    kinds = ["share", "teams", "loads"][seed % 3 :]
    problem = across_problem(rng, kinds, (60, 25), least=seed > 5)
    whole, late = (solve(problem, deadline=each) for each in (None, 0))
    assert find_faults(problem, late) == ()
    assert late.matched <= whole.matched
    assert late.worth <= whole.worth or late.matched < whole.matched
    assert late.bound >= (whole.worth if late.matched == whole.matched else late.worth)


def test_a_search_under_conditions_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """A deadline that is told but not kept."""
    searches = []
    true = programs.searched

    def counted(*given: Any, **named: Any) -> Any:
        searches.append(named["seconds"])
        return true(*given, **named)

    monkeypatch.setattr(across, "_HELD", 0)
    monkeypatch.setattr(across, "searched", counted)
    problem = across_problem(np.random.default_rng(7), ["share", "teams", "share"], (60, 25))
    whole, needed = solve(problem, deadline=3600), len(searches)
    assert searches[0] == np.inf
    assert max(searches[1:]) < 3600
    searches.clear()
    late = solve(problem, deadline=0)
    assert (whole.status, late.status) == ("optimal", "deadline")
    assert searches == [np.inf] * len(searches)
    assert len(searches) < needed


def test_a_false_bound_is_found() -> None:
    """A bound out of thin air that the verifier believes."""
    problem = hard(0)
    late = solve(problem, deadline=0)
    low = np.zeros_like(late.surpluses)
    for wrong in (
        replace(late, bound=late.bound - 1),
        replace(late, surpluses=low, bound=0, matched_bound=0),
        replace(late, total=late.total + 1),
        replace(late, matched_bound=late.matched_bound + 1),
    ):
        assert find_faults(problem, wrong)


def test_progress_hears_of_the_gap() -> None:
    """A progress bar that knows no gap before the end, or one that grows."""
    gaps: list[float] = []

    def heard(_stage: str, _done: int, _total: int, gap: float | None) -> None:
        if gap is not None:
            gaps.append(gap)

    solve(hard(0), method="sparse", on_progress=heard)
    assert gaps[0] > 0
    assert gaps[-1] == 0
    assert gaps == sorted(gaps, reverse=True)


def test_a_callback_that_raises_ends_the_solve() -> None:
    """A cancel button that does nothing, or threads that go on."""

    def stop(stage: str, _done: int, _total: int, _gap: float | None) -> None:
        if stage == "certificate":
            raise KeyboardInterrupt

    for n_jobs in (1, 2):
        with pytest.raises(KeyboardInterrupt):
            solve(hard(0), method="sparse", n_jobs=n_jobs, on_progress=stop)


@pytest.mark.parametrize("deadline", [-1.0, float("nan")])
def test_deadlines_that_are_none_are_refused(deadline: float) -> None:
    """A slip that is taken for no time at all, or for all the time there is."""
    with pytest.raises(ProblemError, match=r"deadline == .*, must be 0 seconds or more"):
        solve(Problem([[1]], capacity=1), deadline=deadline)
