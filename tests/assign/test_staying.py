"""Kept pairs count more: every kind of points, against points raised by hand and brute force."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchkit.assign import INELIGIBLE, Problem, find_faults, solve
from matchkit.errors import ProblemError
from tests.assign.reference import Blurred, as_listed, every_assignment, same
from tests.assign.strategies import problems


def kept_pairs(data: st.DataObject, problem: Problem) -> list[tuple[int, int]]:
    """Draw a round from before: a mentor for some mentees, whether eligible now or not."""
    n, m = problem.shape
    mentors = data.draw(st.lists(st.integers(-1, m - 1), min_size=n, max_size=n))
    return [(i, j) for i, j in enumerate(mentors) if j >= 0]


def again(problem: Problem, points: Any = None, **changes: object) -> Problem:
    """Return the same problem with other points or with kept pairs."""
    whole = points is None or isinstance(points, np.ndarray)
    parts: dict[str, Any] = {
        "capacity": problem.capacity,
        "eligible": problem.eligible if whole else None,
        "locked": problem.locked,
        "unmatched_points": problem.unmatched_points,
        "coverage": problem.coverage,
    }
    return Problem(problem.points if points is None else points, **(parts | changes))


@given(data=st.data(), problem=problems(), bonus=st.sampled_from([0, 1, 500_000, 3_000_000]))
def test_every_kind_of_points_is_raised_same(
    data: st.DataObject, problem: Problem, bonus: int
) -> None:
    """A kept pair that counts too much, too little, or counts although it is not allowed."""
    kept = kept_pairs(data, problem)
    points = problem.points.copy()
    for i, j in kept:
        points[i, j] += bonus
    expected = solve(again(problem, points))
    for kind in (None, as_listed(problem), Blurred(problem, error=3.0)):
        raised = again(problem, kind, kept=kept, stay_bonus=bonus)
        solution = solve(raised)
        assert same(solution, expected)
        assert not find_faults(raised, solution)
        assert (raised.dense().points == points)[problem.eligible].all()


@given(data=st.data(), problem=problems(), bonus=st.sampled_from([1, 7, 1 << 26, 1 << 33]))
def test_blocks_of_raised_points_keep_their_error(
    data: st.DataObject, problem: Problem, bonus: int
) -> None:
    """A block beyond its error from the exact points: a proof that proves nothing."""
    raised = again(
        problem, Blurred(problem, error=2.0), kept=kept_pairs(data, problem), stay_bonus=bonus
    )
    n, m = problem.shape
    rows = np.array(data.draw(st.lists(st.booleans(), min_size=n, max_size=n))).nonzero()[0]
    cols = np.array(data.draw(st.lists(st.booleans(), min_size=m, max_size=m))).nonzero()[0]
    source = raised.source
    exact = source.pairs(np.repeat(rows, cols.size), np.tile(cols, rows.size))
    exact = exact.reshape(rows.size, cols.size)
    block = source.block(rows, cols)
    assert ((block == -np.inf) == (exact == INELIGIBLE)).all()
    counts = block > -np.inf
    assert (np.abs(block[counts] - exact[counts]) <= source.error).all()
    stated = raised.stated.pairs(np.repeat(rows, cols.size), np.tile(cols, rows.size))
    assert set((exact.ravel() - stated).tolist()) <= {0, bonus}


@given(data=st.data(), problem=problems(largest=4))
def test_a_high_bonus_moves_as_few_as_possible(data: st.DataObject, problem: Problem) -> None:
    """A pair torn apart for points, where people, and then pairs that stay, come first."""
    kept = kept_pairs(data, problem)
    bonus = 2_000_000 * (problem.shape[0] + 1)
    mentor_of = solve(again(problem, kept=kept, stay_bonus=bonus)).mentor_of
    choices, loads = every_assignment(*problem.shape)
    allowed = (loads <= problem.capacity).all(axis=1)
    for i in range(problem.shape[0]):
        allowed &= np.append(problem.eligible[i], True)[choices[:, i]]
    for i, j in problem.locked.tolist():
        allowed &= choices[:, i] == j
    staying = sum((choices[:, i] == j for i, j in kept), np.zeros(len(choices), dtype=np.int64))
    if problem.coverage == "first":
        people = (choices >= 0).sum(axis=1)
        allowed &= people == people[allowed].max()
    assert sum(mentor_of[i] == j for i, j in kept) == staying[allowed].max()


@pytest.mark.parametrize("bonus", [-1, 0.5, "many"])
def test_a_bonus_that_is_none(bonus: object) -> None:
    """A price that draws people apart, or a float in a round of whole numbers."""
    with pytest.raises(ProblemError, match="stay_bonus == "):
        Problem([[1]], capacity=1, kept=[(0, 0)], stay_bonus=bonus)  # type: ignore[arg-type]


def test_kept_pairs_of_nobody() -> None:
    """A pair of another round that raises somebody else's points."""
    with pytest.raises(ProblemError, match=r"kept names \(0, 3\)"):
        Problem([[1]], capacity=1, kept=[(0, 3)], stay_bonus=1)
