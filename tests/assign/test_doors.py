"""Arguments that mean nothing, and solutions that are none of the problem, are told."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from matchkit.assign import Problem, Residual, blocking_pairs, solve
from matchkit.errors import ProblemError

PROBLEM = Problem([[90, 40], [45, 10]], capacity=1)


@pytest.mark.parametrize(
    ("limits", "told"),
    [
        ({"n_jobs": 0}, "n_jobs == 0, must be"),
        ({"n_jobs": 1.5}, "n_jobs == 1.5, must be"),
        ({"n_jobs": "2"}, "n_jobs == '2', must be"),
        ({"memory_limit": "1GB"}, "memory_limit == '1GB', must be a whole number of bytes"),
        ({"memory_limit": float("inf")}, "memory_limit == inf, must be"),
        ({"memory_limit": -1}, "memory_limit == -1, must be"),
        ({"deadline": "5"}, "deadline == '5', must be 0 seconds or more"),
        ({"deadline": float("nan")}, "deadline == nan, must be"),
        ({"start": 5}, "start is of type int, must be a Solution"),
    ],
)
def test_limits_that_mean_nothing(limits: dict[str, Any], told: str) -> None:
    """An error of some library below, or none."""
    with pytest.raises(ProblemError, match=told):
        solve(PROBLEM, **limits)


def test_limits_are_told_together() -> None:
    """One fault at a time."""
    with pytest.raises(ProblemError, match=r"n_jobs.*\n.*memory_limit.*\n.*deadline"):
        solve(PROBLEM, n_jobs=0, memory_limit=0, deadline=-1)


@pytest.mark.parametrize("bonus", [2**53, 2**63, -1, 1.5])
def test_a_bonus_that_sums_cannot_hold(bonus: Any) -> None:
    """A kept pair that is dropped since its points wrapped around."""
    with pytest.raises(ProblemError, match=r"stay_bonus == .*, must be a whole number from 0 to"):
        Problem([[9, 8]], capacity=1, kept=[(0, 1)], stay_bonus=bonus)


def test_points_that_are_masked() -> None:
    """A pair that is hidden, and made."""
    masked = np.ma.array([[9, 1]], mask=[[True, False]])
    with pytest.raises(ProblemError, match="points is masked in part"):
        Problem(masked, capacity=1)


@pytest.mark.parametrize("largest", [2**55, 2**60])
def test_bars_between_numbers_that_floats_cannot_tell(largest: int) -> None:
    """A search for the best worst pair that comes to no end."""
    points = np.array([[largest, largest + 1, 0], [largest + 2, 3, largest + 3], [1, 2, 3]])
    try:
        found = solve(Problem(points, capacity=1), objective="fair")
    except ProblemError as error:
        assert "points" in str(error)  # noqa: PT017 - either is right
    else:
        assert found.gap == 0


def test_losses_of_what_is_no_optimum() -> None:
    """Losses below nothing, of a solution that is the best in something else."""
    fair = solve(PROBLEM, objective="fair")
    assert Residual(PROBLEM, fair).alternatives().losses.tolist() == [[1, -5]]
    stable = solve(PROBLEM, objective="stable")
    late = solve(PROBLEM, deadline=0)
    other = solve(Problem([[1]], capacity=1))
    for wrong in (stable, late, other):
        with pytest.raises(ProblemError, match="solution"):
            Residual(PROBLEM, wrong)


def test_blocking_pairs_of_other_people() -> None:
    """Pairs that mean nothing."""
    with pytest.raises(ProblemError, match="not one of 2 mentees and 2 mentors"):
        blocking_pairs(PROBLEM, solve(Problem([[1]], capacity=1)))
