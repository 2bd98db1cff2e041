"""Fair solutions against every assignment there is, and what proves them."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import numpy as np
import pytest
from numpy.typing import NDArray

from matchkit.assign import Coverage, Objective, Problem, Solution, find_faults, solve
from matchkit.assign.solution import Cover, Fairness
from matchkit.errors import ProblemError, TooLargeError
from tests.assign.fair_reference import decidable_problem, fair_differences
from tests.assign.reference import Blurred, as_listed, same


@pytest.mark.parametrize("seed", range(120))
def test_agrees_with_every_assignment_there_is(seed: int) -> None:
    """Somebody worse off than need be, fewer people, fewer points, or a lock given up."""
    assert not list(fair_differences(decidable_problem(np.random.default_rng(10**6 + seed))))


def larger(seed: int, *, steps: int) -> Problem:
    """Draw a round too large for one look at its candidates."""
    rng = np.random.default_rng(seed)
    points = rng.integers(0, steps + 1, size=(300, 80)) + rng.integers(0, steps + 1, size=80)
    return Problem(
        points,
        capacity=rng.integers(0, 9, size=80),
        eligible=rng.random(points.shape) < (0.9 if seed % 3 else 0.05),
        locked=[(0, int(points[0].argmin()))] if seed == 1 else (),
        unmatched_points=-1 if seed % 2 else steps // 2,
        coverage="score" if seed > 3 else "first",
        keys=(rng.permutation(300), rng.permutation(80)),
    )


def shuffled(problem: Problem, rng: np.random.Generator) -> tuple[Problem, NDArray[np.int64]]:
    """Return the same people in another order, and where the columns came from."""
    n, m = problem.shape
    rows, columns = rng.permutation(n), rng.permutation(m)
    at = np.ix_(rows, columns)
    other = Problem(
        problem.points[at],
        capacity=problem.capacity[columns],
        eligible=problem.eligible[at],
        unmatched_points=problem.unmatched_points[rows],
        coverage=problem.coverage,
        keys=(problem.row_keys[rows], problem.column_keys[columns]),
    )
    return other, np.append(columns, -1)


@pytest.mark.parametrize(("seed", "steps"), [(0, 3), (2, 10**6), (4, 3), (5, 10**6)])
def test_order_method_and_kind_of_points_decide_nothing(seed: int, steps: int) -> None:
    """Ties that go by row order, or a byte that depends on how pairs are looked at."""
    problem = larger(seed, steps=steps)
    found = solve(problem, objective="fair", method="dense")
    other, columns = shuffled(problem, np.random.default_rng(seed))
    again = solve(other, objective="fair")
    order = np.argsort(problem.row_keys)
    assert (columns[again.mentor_of][np.argsort(other.row_keys)] == found.mentor_of[order]).all()
    for points in (Blurred(problem, error=3.0), as_listed(problem)):
        changed = problem.changed(points=points, eligible=None)
        assert same(solve(changed, objective="fair", method="sparse", n_jobs=2), found)


def test_the_worst_off_fares_better_than_with_the_best_total() -> None:
    """Fairness in name only."""
    problem = larger(2, steps=10**6)
    total, fair = solve(problem), solve(problem, objective="fair")
    at = np.flatnonzero(total.mentor_of >= 0)
    worst = problem.points[at, total.mentor_of[at]].min()
    assert fair.fairness is not None
    assert fair.fairness.worst is not None
    assert fair.fairness.worst > worst
    assert (fair.matched, fair.gap) == (total.matched, 0.0)
    assert fair.total <= total.total


def test_a_pair_set_by_hand_is_no_matter_of_fairness() -> None:
    """One bad lock that makes any matching as fair as any other."""
    problem = larger(1, steps=10**6)
    solution = solve(problem, objective="fair")
    assert solution.mentor_of[0] == problem.locked[0, 1]
    assert solution.fairness is not None
    assert solution.fairness.worst is not None
    assert solution.fairness.worst > problem.points[tuple(problem.locked[0])]


def changed(solution: Solution, **parts: object) -> Solution:
    """Say something else of the worst off."""
    assert solution.fairness is not None
    return replace(solution, fairness=replace(solution.fairness, **parts))  # type: ignore[arg-type]


def test_the_verifier_finds_what_is_not_fair() -> None:
    """A matching that could be fairer, or a cover that proves nothing, taken for proven."""
    problem = larger(2, steps=10**6)
    solution = solve(problem, objective="fair")
    fairness = solution.fairness
    assert isinstance(fairness, Fairness)
    assert fairness.worst is not None
    assert fairness.better is not None
    n, m = problem.shape
    nothing = Cover(np.zeros(n, dtype=bool), np.zeros(m, dtype=bool))
    everyone = Cover(np.ones(n, dtype=bool), np.zeros(m, dtype=bool))
    total = solve(problem)
    for wrong in (
        changed(solution, worst=fairness.worst - 1),
        changed(solution, bound=fairness.worst - 1),
        changed(solution, better=nothing),
        changed(solution, better=everyone),
        changed(solution, better=None),
        changed(solution, people=nothing),
        changed(solution, people=Cover(np.zeros(1, dtype=bool), np.zeros(m, dtype=bool))),
        replace(solution, fairness=None),
        replace(total, objective="fair", fairness=fairness),
    ):
        assert {fault.kind for fault in find_faults(problem, wrong)} & {"fairness", "shape"}
    assert not find_faults(problem, solution)


def test_being_unmatched_must_be_worth_the_same_to_all() -> None:
    """An order of the worst off that nobody could tell."""
    problem = Problem([[1], [2]], capacity=1, unmatched_points=[0, 1], coverage="score")
    with pytest.raises(ProblemError, match="unmatched_points differ between mentees"):
        solve(problem, objective="fair")


def test_memory_is_estimated_before_it_is_taken() -> None:
    """A process killed for memory, where an error would do."""
    problem = Problem(np.ones((600, 200), dtype=np.int64), capacity=5)
    with pytest.raises(TooLargeError, match="pairs of at least so many points need"):
        solve(problem, objective="fair", memory_limit=10**5)


@pytest.mark.parametrize("coverage", get_args(Coverage))
@pytest.mark.parametrize("shape", [(0, 0), (0, 3), (3, 0), (1, 1)])
def test_empty_sides(shape: tuple[int, int], coverage: Coverage) -> None:
    """A round of nobody, of one side only, or of one each, that ends in an error."""
    problem = Problem(np.ones(shape, dtype=np.int64), capacity=1, coverage=coverage)
    for objective in get_args(Objective):
        solution = solve(problem, objective=objective)
        assert solution.matched == min(shape)
