"""The door: what is let in, what is refused, and that nothing changes afterwards."""

from __future__ import annotations

import numpy as np
import pytest

from matchkit.assign import Problem, solve
from matchkit.errors import ProblemError


def test_every_fault_is_told_at_once() -> None:
    """A caller who has to mend one fault to see the next."""
    with pytest.raises(ProblemError) as caught:
        Problem(
            [[1, 2, 3], [4, 5, 6]],
            capacity=[1, -1, -2],
            eligible=[[True, True]],
            locked=[(0, 3), (5, 0)],
            forbidden=[(0, -1)],
            unmatched_points=[1, 2, 3],
            coverage="all",  # type: ignore[arg-type]
            keys=([1, 1], [1, 2]),
        )
    assert str(caught.value).splitlines() == [
        "forbidden names (0, -1), but there are 2 mentees and 3 mentors.",
        "capacity[1] == -1, [2] == -2, must be 0 or more.",
        "eligible has shape (1, 2), must be (2, 3) as points.",
        "locked names (0, 3), (5, 0), but there are 2 mentees and 3 mentors.",
        "unmatched_points has shape (3,), must be one number or (2,).",
        "coverage == 'all', must be 'first' or 'score'.",
        "row keys repeat, must all differ.",
        "column keys have shape (2,) and dtype int64, must be (3,) whole numbers.",
    ]


@pytest.mark.parametrize(
    ("points", "message"),
    [
        ([[0.5]], "points has dtype float64, must be whole numbers"),
        ([["1"]], "points has dtype <U1, must be whole numbers"),
        ([[True]], "points has dtype bool, must be whole numbers"),
        ([1, 2], r"points has shape \(2,\), must be \(mentees, mentors\)"),
        ([[1], [2, 3]], "points cannot be read as an array"),
        ([[1 << 63]], "points holds 9223372036854775808, more than int64 can"),
        ([[1 << 70]], "points has dtype object, must be whole numbers"),
    ],
)
def test_points_that_are_none(points: object, message: str) -> None:
    """A float that is cut off, or a numpy error in place of ours."""
    with pytest.raises(ProblemError, match=message):
        Problem(points, capacity=1)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("eligible", "message"),
    [
        ([[1]], "eligible has dtype int64, must be bool"),
        ([[True], [True, False]], "eligible cannot be read as an array"),
    ],
)
def test_eligible_that_is_none(eligible: object, message: str) -> None:
    """A number taken for yes."""
    with pytest.raises(ProblemError, match=message):
        Problem([[1]], capacity=1, eligible=eligible)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("locked", "message"),
    [
        ([(0,)], r"locked has shape \(1, 1\), must be pairs"),
        (7, "locked cannot be read as pairs"),
        ([(0, 0.5)], "locked has dtype float64"),
    ],
)
def test_pairs_that_are_none(locked: object, message: str) -> None:
    """A traceback from deep inside for a malformed pair."""
    with pytest.raises(ProblemError, match=message):
        Problem([[1]], capacity=1, locked=locked)  # type: ignore[arg-type]


def test_long_lists_of_faults_are_cut() -> None:
    """A message of ten thousand indices."""
    with pytest.raises(ProblemError, match=r"\[4\] == -1 and 5 more, must"):
        Problem(np.zeros((1, 10), dtype=np.int64), capacity=[-1] * 10)


def test_nothing_of_the_callers_changes() -> None:
    """A solver that writes into its input, or an input that changes after the check."""
    points = np.array([[3, 1], [2, 2]])
    capacity, unmatched = np.array([9, 1]), np.array([0, 1])
    eligible = np.ones((2, 2), dtype=bool)
    given = [array.copy() for array in (points, capacity, unmatched, eligible)]
    problem = Problem(
        points,
        capacity=capacity,
        eligible=eligible,
        unmatched_points=unmatched,
        forbidden=[(0, 1)],
        locked=[(1, 1)],
    )
    solve(problem)
    for before, after in zip(given, (points, capacity, unmatched, eligible), strict=True):
        assert after.flags.writeable
        assert (before == after).all()
    points[0, 0] = 99
    assert problem.points[0, 0] == 3


def test_read_only_points_are_not_copied() -> None:
    """Twice the memory for points that cannot change."""
    alone = np.array([[1, 2], [3, 4]])
    alone.setflags(write=False)
    assert Problem(alone, capacity=1).points is alone
    view = np.arange(4).reshape(2, 2)
    view.setflags(write=False)  # its base can still be written to
    assert Problem(view, capacity=1).points is not view


def test_everything_is_read_only_afterwards() -> None:
    """A result that somebody changes by mistake, with its proof still attached."""
    problem = Problem([[1]], capacity=1, locked=[(0, 0)], forbidden=[])
    solution = solve(problem)
    for holder in (problem, solution):
        for name in holder.__dataclass_fields__:
            value = getattr(holder, name)
            if isinstance(value, np.ndarray):
                assert not value.flags.writeable, name
    with pytest.raises(AttributeError):
        problem.coverage = "score"  # type: ignore[misc]


def test_what_counts_once() -> None:
    """Pairs that are said twice, or capacity beyond the number of mentees."""
    problem = Problem(
        [[1, 2], [3, 4]], capacity=7, locked=[(1, 0), (1, 0)], forbidden=np.array([[0, 0]])
    )
    assert problem.capacity.tolist() == [2, 2]
    assert problem.locked.tolist() == [[1, 0]]
    assert problem.eligible.tolist() == [[False, True], [True, True]]
