"""Solving again with what was seen before: nothing is missed, and hardly anything looked at."""

from __future__ import annotations

import copy
import pickle
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from matchkit.assign import Problem, Solution, find_faults, solve
from matchkit.assign.differing import differing
from matchkit.assign.sources import RaisedSource, RestrictedSource
from matchkit.assign.verify import checked
from tests.assign.reference import Blurred, coarse_problem, keepable, same
from tests.assign.test_sparse import LARGE, large
from tests.assign.test_verify import PLANTERS, Planter, drawn

ERRORS = (0.0, 3.0, 5000.0)


def blocks(problem: Problem, error: float = 0.0) -> Problem:
    """Return the same problem with one source that stays when it is changed."""
    return problem.changed(points=Blurred(problem, error=error), eligible=None)


def something_else(problem: Problem, rng: np.random.Generator) -> dict[str, Any]:
    """Draw a change of a round whose points stay."""
    n, m = problem.shape
    at, to = int(rng.integers(n)), int(rng.integers(m))
    mentors = np.arange(m)
    left = np.bincount(problem.locked[:, 1], minlength=m)
    free = [i for i in range(n) if i not in problem.locked[:, 0]]
    pair = np.array([at]), np.array([to])
    refused = [(at, to), *((at, j) for j in mentors if rng.random() < 0.5)]
    refused = [each for each in refused if list(each) not in problem.locked.tolist()]
    changes: list[dict[str, Any]] = [
        {"capacity": np.where(mentors == to, left, problem.capacity)},
        {"capacity": problem.capacity + (mentors == to)},
        {"capacity": np.maximum(left, problem.capacity - rng.integers(0, 2, size=m))},
        {"forbidden": [*map(tuple, problem.forbidden.tolist()), *refused]},
        {"locked": problem.locked[1:]},
        {"kept": [(i, int(rng.integers(m))) for i in range(n)], "stay_bonus": 7},
        {"kept": problem.kept, "stay_bonus": int(rng.choice([0, 400_000]))},
        {"unmatched_points": rng.integers(-(10**9), 10**6, size=n)},
        {"unmatched_points": 0},
    ]
    eligible = problem.source.pairs(*pair)[0] >= 0
    if free and at in free and eligible and left[to] < problem.capacity[to]:
        changes += [{"locked": [*map(tuple, problem.locked.tolist()), (at, to)]}] * 3
    return changes[int(rng.integers(len(changes)))]


def as_expected(problem: Problem, start: Solution) -> Solution:
    """Solve from a start, and say that it is the same as from scratch."""
    found = solve(problem, method="sparse", start=start)
    assert same(solve(problem, method="dense"), found)
    return found


def rely(monkeypatch: pytest.MonkeyPatch) -> None:
    """Never look at all pairs where something is known."""
    monkeypatch.setattr("matchkit.assign.relook._WORTHWHILE", 0)
    monkeypatch.setattr("matchkit.assign.known._WORTHWHILE", 0)


@pytest.mark.parametrize("seed", range(600))
def test_a_chain_of_changes_gives_the_same_as_from_scratch(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pair that is not looked at although its price, its surplus or its points changed."""
    if seed % 2:
        rely(monkeypatch)
    slack = (0.0, 0.05, 0.3)[seed // 3 % 3]
    monkeypatch.setattr("matchkit.assign.sparse._CLOSE", slack)
    monkeypatch.setattr("matchkit.assign.sighting._SLACK", slack)
    rng = np.random.default_rng(seed)
    whole = coarse_problem(rng, largest=30) if seed % 3 == 0 else keepable(seed, largest=30)
    problem = blocks(whole, ERRORS[seed % 3])
    found = solve(problem, method="sparse")
    for _ in range(4 if min(problem.shape) else 0):
        problem = problem.changed(**something_else(problem, rng))
        found = as_expected(problem, found)


@pytest.mark.parametrize("seed", range(40))
def test_what_was_forbidden_comes_back(seed: int) -> None:
    """A pair that was not there when all others were looked at."""
    rng = np.random.default_rng(seed)
    whole = keepable(seed, largest=30)
    problem = blocks(whole.changed(locked=()))
    n, m = problem.shape
    refused = [(i, j) for i in range(n) for j in range(m) if rng.random() < 0.2]
    start = solve(problem.changed(forbidden=refused), method="sparse")
    as_expected(problem, start)
    if problem.coverage == "first":
        as_expected(problem.changed(coverage="score"), start)


@pytest.mark.parametrize("name", LARGE)
def test_a_large_round_changes(name: str) -> None:
    """A position in a stripe, or a mentee who is no longer in the same place of a list."""
    problem = blocks(large(name), 3.0)
    found = solve(problem, method="sparse")
    capacity = problem.capacity.copy()
    capacity[:2] = 0
    changed = problem.changed(capacity=capacity)
    found = as_expected(changed, found)
    at = np.flatnonzero(found.mentor_of >= 0)[:3]
    locked = np.column_stack([at, found.mentor_of[at]])
    found = as_expected(changed.changed(locked=locked), found)
    as_expected(problem.changed(forbidden=[(5, j) for j in range(problem.shape[1])]), found)


@pytest.mark.parametrize("name", ["places short", "places to spare", "a place for each"])
@pytest.mark.parametrize("n_jobs", [1, 2])
def test_hardly_a_pair_is_looked_at_when_a_mentor_leaves(name: str, n_jobs: int) -> None:
    """All pairs looked at, by solver or verifier, though nearly all was known."""
    problem = large(name)
    source = Counting(problem)
    problem = problem.changed(points=source, eligible=None)
    found = solve(problem, method="sparse")
    first, source.cells = source.cells, 0
    leaves = int(np.argmin(problem.capacity + (problem.capacity == 0) * 1000))
    capacity = np.where(np.arange(problem.capacity.size) == leaves, 0, problem.capacity)
    stages: list[str] = []
    changed = problem.changed(capacity=capacity)
    solve(
        changed,
        method="sparse",
        start=found,
        n_jobs=n_jobs,
        on_progress=lambda stage, *_: stages.append(stage),
    )
    assert "certificate" not in stages
    assert "candidates" not in stages
    assert source.cells < first / 3


class Counting(Blurred):
    """A source that counts what it is asked for."""

    cells = 0

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem, error=0.0)

    def block(self, rows: Any, cols: Any) -> Any:
        """Return the points of every row with every column."""
        self.cells += rows.size * cols.size
        return super().block(rows, cols)


@pytest.mark.parametrize("plant", PLANTERS)
def test_catches_every_planted_fault_by_what_it_knows(
    plant: Planter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A wrong result that is taken for right since nothing was looked at again."""
    rely(monkeypatch)
    planted = 0
    for seed in range(200):
        whole, _ = drawn(seed)
        problem = blocks(whole)
        solution = solve(problem, method="sparse")
        mutation = plant(whole, solution, np.random.default_rng([seed, 1]))
        if mutation is None:
            continue
        planted += 1
        wrong, kinds = mutation
        assert solution.recall is not None
        faults, _ = checked(problem, wrong, before=solution.recall.verified)
        assert set(faults) == set(find_faults(problem, wrong))
        assert {fault.kind for fault in faults} & kinds
        if planted == 40:
            return
    pytest.fail(f"only {planted} rounds to plant this in")


def test_crowds_of_close_pairs_are_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """A list as long as all pairs, in memory as long as the solution is."""
    problem = blocks(large("yes or no"))
    kept = solve(problem, method="sparse").recall
    assert kept is not None
    assert kept.searched is None
    assert kept.verified is None
    monkeypatch.setattr("matchkit.assign.certificate._CLOSE", 10**6)
    monkeypatch.setattr("matchkit.assign.sighting._CLOSE", 10**6)
    kept = solve(problem, method="sparse").recall
    assert kept is not None
    assert kept.searched is not None
    assert kept.verified is not None


def test_copies_go_without() -> None:
    """A pickled solution with the points of a whole round in it."""
    problem = blocks(large("places short"))
    solution = solve(problem, method="sparse")
    assert solution.recall is not None
    pickled = pickle.dumps(solution)
    assert len(pickled) < 60 * sum(problem.shape)
    for again in (pickle.loads(pickled), copy.deepcopy(solution)):  # noqa: S301 - just pickled
        assert same(again, solution)
        assert again.recall is None
        assert same(solve(problem, method="sparse", start=again), solution)
    assert replace(solution, total=0).recall is solution.recall
    assert "recall" not in repr(solution)


def test_which_pairs_differ() -> None:
    """A pair taken for the same, or all of them for different."""
    grid = Problem(np.arange(12).reshape(4, 3), capacity=1)
    source = grid.source
    less = RestrictedSource(source, np.array([[0, 1], [2, 2]]))
    other = RestrictedSource(source, np.array([[2, 2], [3, 0]]))
    raised = RaisedSource(less, np.array([[1, 1]]), 5)
    higher = RaisedSource(other, np.array([[1, 1]]), 6)
    assert differs(source, source) == []
    assert differs(source, less) == [[0, 1], [2, 2]]
    assert differs(less, other) == [[0, 1], [3, 0]]
    assert differs(less, raised) == [[1, 1]]
    assert differs(raised, higher) == [[0, 1], [1, 1], [3, 0]]
    assert differs(grid.changed(capacity=2).source, source) == []
    assert differing(source, grid.changed(forbidden=[(0, 0)]).source) is None
    assert differing(source, Blurred(grid, error=0.0)) is None


def differs(one: Any, other: Any) -> list[list[int]]:
    """Return the pairs that differ, which must not depend on the order."""
    found, back = differing(one, other), differing(other, one)
    assert found is not None
    assert back is not None
    assert found.tolist() == back.tolist()
    pairs: list[list[int]] = found.tolist()
    return pairs


def test_forbidding_again_and_again_makes_one_list() -> None:
    """A source within a source within a source, each of which looks through its list."""
    problem = blocks(Problem(np.arange(12).reshape(4, 3), capacity=1))
    for i in range(4):
        problem = problem.changed(forbidden=[(i, 0)])
    assert isinstance(problem.source, RestrictedSource)
    assert not isinstance(problem.source.source, RestrictedSource)
    assert problem.source.forbidden.tolist() == [[i, 0] for i in range(4)]


def test_a_person_who_counts_less_than_points_did_makes_it_useless() -> None:
    """Prices from when a person counted far more, which mean something else now."""
    rng = np.random.default_rng(0)
    points = rng.integers(0, 1000, size=(30, 5))
    alone = rng.integers(-(10**9), 0, size=30)
    problem = blocks(Problem(points, capacity=3, unmatched_points=alone))
    found = solve(problem, method="sparse")
    assert found.recall is not None
    assert found.recall.searched is not None
    assert found.recall.searched.now(problem.changed(capacity=2)) is not None
    changed = problem.changed(unmatched_points=0)
    assert found.recall.searched.now(changed) is None
    as_expected(changed, found)
