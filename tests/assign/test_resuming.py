"""Solving again from where another solution ended: sooner, and the same to the byte."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from matchkit.assign import Objective, Problem, solve
from matchkit.errors import ProblemError
from tests.assign.reference import as_listed, coarse_problem, keepable, same
from tests.assign.test_sparse import LARGE, large, otherwise


def with_a_change(problem: Problem, rng: np.random.Generator) -> Problem:
    """Return the same problem after something has happened."""
    n, m = problem.shape
    if not n or not m:
        return problem
    at, to = int(rng.integers(n)), int(rng.integers(m))
    left = np.bincount(problem.locked[:, 1], minlength=m)
    points = problem.points.copy()
    points[at] = rng.integers(-500_000, 1_000_000, size=m)
    refused = [*map(tuple, problem.forbidden.tolist()), (at, to)]
    refused = [pair for pair in refused if list(pair) not in problem.locked.tolist()]
    changes: list[dict[str, Any]] = [
        {"capacity": np.where(np.arange(m) == to, left, problem.capacity)},  # a mentor leaves
        {"capacity": problem.capacity + (np.arange(m) == to)},
        {"forbidden": refused},
        {"locked": problem.locked[1:]},
        {"points": points, "eligible": problem.eligible},
    ]
    return problem.changed(**changes[rng.integers(5)])


@pytest.mark.parametrize("seed", range(200))
def test_a_changed_round_gives_the_same_as_from_scratch(seed: int) -> None:
    """A price or a place that is believed though it is no longer right."""
    rng = np.random.default_rng(seed)
    problem = coarse_problem(rng, largest=30) if seed % 3 == 0 else keepable(seed, largest=30)
    objectives: tuple[Objective, ...] = ("total", "total", "total", "fair", "stable")
    objective = objectives[seed % 5] if problem.coverage == "first" else "total"
    start = solve(problem, objective=objective)
    changed = problem
    for _ in range(rng.integers(1, 4)):
        changed = with_a_change(changed, rng)
    expected = solve(changed, method="dense")
    assert same(expected, solve(changed, method="sparse", start=start))
    assert same(expected, solve(changed, method="dense", start=start))
    listed = otherwise(changed, as_listed(changed))
    assert same(expected, solve(listed, method="sparse", start=start))


@pytest.mark.parametrize("name", LARGE)
def test_a_mentor_leaves_a_large_round(name: str) -> None:
    """A pair that only the certificate over all pairs could find."""
    problem = large(name)
    start = solve(problem, method="sparse")
    capacity = problem.capacity.copy()
    capacity[:2] = 0
    changed = problem.changed(capacity=capacity)
    assert same(solve(changed, method="dense"), solve(changed, method="sparse", start=start))


@pytest.mark.parametrize("seed", range(60))
def test_nonsense_is_no_harm(seed: int) -> None:
    """A start that is trusted."""
    rng = np.random.default_rng(seed)
    problem = keepable(seed, largest=25)
    n, m = problem.shape
    expected = solve(problem, method="sparse")
    scale = int(rng.choice([1, 10**6, 2**62]))
    start = replace(
        expected,
        mentor_of=rng.integers(-1, m, size=n) if m else np.full(n, -1),
        prices=rng.integers(-scale, scale, size=(m, 2)),
        max_prices=rng.integers(-scale, scale, size=(m, 2)),
        surpluses=rng.integers(-scale, scale, size=(n, 2)),
    )
    assert same(expected, solve(problem, method="sparse", start=start))


def test_a_good_start_saves_the_auction(monkeypatch: pytest.MonkeyPatch) -> None:
    """A start that is looked at and not used."""
    problem = large("a place for each")
    start = solve(problem, method="sparse")
    capacity = problem.capacity.copy()
    capacity[3] = 0

    def never(*_: object) -> Any:
        raise AssertionError

    monkeypatch.setattr("matchkit.assign.sparse._auctioned", never)
    assert solve(problem.changed(capacity=capacity), method="sparse", start=start).gap == 0
    with pytest.raises(AssertionError):
        solve(problem, method="sparse")


def test_people_who_came_or_went_are_said_to_be_missing() -> None:
    """A row of somebody else's that is taken for one's own."""
    start = solve(Problem([[9, 8], [7, 1], [6, 5]], capacity=1))
    for shape in ((3, 3), (2, 2)):
        with pytest.raises(ProblemError, match="start is a solution of another shape"):
            solve(Problem(np.zeros(shape, dtype=np.int64), capacity=1), start=start)
    wrong = replace(start, mentor_of=np.array([0, 1, 2]))
    with pytest.raises(ProblemError, match="whoever left stays in the problem"):
        solve(Problem(np.zeros((3, 2), dtype=np.int64), capacity=1), start=wrong)


@pytest.mark.parametrize("seed", range(60))
def test_looking_at_changes_only_is_enough(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pair whose price changed and that is not looked at again, or a tie that is lost."""
    monkeypatch.setattr("matchkit.assign.relook._WORTHWHILE", 0)
    monkeypatch.setattr("matchkit.assign.candidates.MENTORS", 1)
    monkeypatch.setattr("matchkit.assign.candidates.MENTEES", 1)
    monkeypatch.setattr("matchkit.assign.certificate._VIOLATORS", 1)
    monkeypatch.setattr("matchkit.assign.sparse._FEW", 1.0)
    monkeypatch.setattr("matchkit.assign.sparse._MANY", 1.0)
    rng = np.random.default_rng(seed)
    problem = coarse_problem(rng, largest=40) if seed % 2 else keepable(seed, largest=40)
    stages: list[str] = []
    found = solve(problem, method="sparse", on_progress=lambda stage, *_: stages.append(stage))
    assert same(solve(problem, method="dense"), found)


def test_ties_that_cannot_be_listed_yet_are_no_error() -> None:
    """An error for prices that are not the last."""
    rng = np.random.default_rng(3)
    problem = Problem(rng.integers(0, 3, size=(400, 120)) * 10**6, capacity=3)
    expected = solve(problem, method="dense")
    found = solve(problem, method="sparse", memory_limit=10**9)
    assert same(expected, found)
