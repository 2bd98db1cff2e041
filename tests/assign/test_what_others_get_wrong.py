"""Mistakes that matchers are known for, each of which would be silent."""

from __future__ import annotations

import numpy as np
import pytest

from matchkit.assign import Problem, solve
from matchkit.errors import InfeasibleError, ProblemError
from tests.assign.reference import every_assignment, same


def test_an_unknown_method_never_becomes_another() -> None:
    """A slip in the name of a solver that silently runs a different one."""
    with pytest.raises(ProblemError, match="method == 'minmax', must be"):
        solve(Problem([[1]], capacity=1), method="minmax")  # type: ignore[arg-type]


@pytest.mark.parametrize("method", ["dense", "sparse"])
def test_points_of_nothing_but_zeros_are_no_excuse_for_dice(method: str) -> None:
    """Random numbers in place of points that are all 0: another result in each run."""
    problem = Problem(np.zeros((9, 4), dtype=np.int64), capacity=2)
    first, again = (solve(problem, method=method) for _ in range(2))  # type: ignore[arg-type]
    assert same(first, again)
    assert (first.matched, first.total, first.bound) == (8, 0, 0)


@pytest.mark.parametrize("objective", ["total", "fair", "stable"])
def test_the_callers_arrays_stay_as_they_are(objective: str) -> None:
    """Points that are negated, padded or masked in place, under the caller's hands."""
    rng = np.random.default_rng(3)
    given = {
        "points": rng.integers(0, 9, size=(8, 5)),
        "capacity": rng.integers(0, 4, size=5),
        "eligible": rng.random((8, 5)) < 0.7,
        "unmatched_points": rng.integers(0, 3, size=8) * 0,
        "locked": np.zeros((0, 2), dtype=np.int64),
        "forbidden": np.array([[1, 1], [2, 3]]),
        "mentor_points": rng.integers(0, 9, size=(8, 5)),
    }
    before = {name: array.copy() for name, array in given.items()}
    solve(Problem(**given), objective=objective)  # type: ignore[arg-type]
    for name, array in given.items():
        assert np.array_equal(array, before[name]), name
        assert array.flags.writeable, name


@pytest.mark.parametrize("seed", range(12))
def test_least_loads_do_not_miss_the_optimum(seed: int) -> None:
    """Least loads filled first and greedily, for fewer points than could be had."""
    rng = np.random.default_rng(seed)
    points, least = rng.integers(0, 100, size=(5, 3)), np.array([2, 1, 1])
    problem = Problem(points, capacity=3, min_load=least)
    solution = solve(problem)
    choices, loads = every_assignment(5, 3)
    kept = choices[((loads >= least) & (loads <= 3)).all(axis=1) & (choices >= 0).all(axis=1)]
    best = max(int(points[np.arange(5), each].sum()) for each in kept)
    assert (solution.matched, solution.total, solution.bound) == (5, best, best)


def test_a_round_that_cannot_be_says_what_conflicts() -> None:
    """'Infeasible', and nothing about who or what to change."""
    locks = Problem([[1], [1]], capacity=1, locked=[(0, 0), (1, 0)])
    with pytest.raises(InfeasibleError, match="mentor 0 has capacity 1, but 2 locked mentees"):
        solve(locks)
    with pytest.raises(InfeasibleError) as caught:
        solve(Problem([[1, 1, 1]] * 3, capacity=3, min_load=[0, 2, 2]))
    said = str(caught.value)
    assert "the least load of mentor 1" in said
    assert "the least load of mentor 2" in said
    assert "4 mentees are wanted, 3 may go there" in said
