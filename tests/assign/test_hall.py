"""Groups who can reach too few places, against every group there is."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from matchkit.assign import Problem, shortfalls, solve
from tests.assign.reference import Blurred, as_listed, keepable, shortfall_differences
from tests.assign.strategies import problems


@settings(max_examples=50)
@given(problem=problems())
def test_groups_in_odd_rounds(problem: Problem) -> None:
    """A group would be blamed that is too large, that can reach more, or that has room."""
    assert not list(shortfall_differences(problem, solve(problem)))


@pytest.mark.parametrize("seed", range(20))
def test_groups_of_larger_rounds(seed: int) -> None:
    """Long paths, or other kinds of points, would lead to other groups."""
    problem = keepable(seed, largest=30)
    found = shortfalls(problem)
    best = solve(problem.changed(coverage="first")).matched
    assert sum(each.short for each in found) == problem.shape[0] - best
    for points in (as_listed(problem), Blurred(problem, error=2.0)):
        again = shortfalls(problem.changed(points=points, eligible=None))
        assert [each.mentees.tolist() for each in again] == [
            each.mentees.tolist() for each in found
        ]


def test_parts_that_nothing_joins_are_told_apart() -> None:
    """Two problems would be told as one that nobody can see through."""
    eligible = np.zeros((7, 4), dtype=bool)
    eligible[:2, 0] = eligible[2:5, 1:3] = True
    problem = Problem(np.ones((7, 4), dtype=np.int64), capacity=[1, 1, 1, 9], eligible=eligible)
    found = [
        (each.mentees.tolist(), each.mentors.tolist(), each.places, each.short)
        for each in shortfalls(problem)
    ]
    assert found == [([5, 6], [], 0, 2), ([0, 1], [0], 1, 1), ([2, 3, 4], [1, 2], 2, 1)]


def test_places_of_locked_pairs_do_not_count() -> None:
    """A mentor whose only place is taken by hand would count as reachable."""
    problem = Problem([[1], [1]], capacity=1, locked=[(0, 0)])
    (group,) = shortfalls(problem)
    assert (group.mentees.tolist(), group.mentors.tolist(), group.short) == ([1], [], 1)
