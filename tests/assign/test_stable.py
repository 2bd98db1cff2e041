"""Stable matchings against the definition, word by word."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from matchkit.assign import Problem, blocking_pairs, find_faults, solve
from matchkit.errors import ProblemError
from tests.assign.reference import Blurred, as_listed, same
from tests.assign.stable_reference import stable_differences, wishful_problem

OBJECTIVES = ("stable", "stable_for_mentors")


@pytest.mark.parametrize("seed", range(150))
def test_agrees_with_every_stable_matching_there_is(seed: int) -> None:
    """A pair that blocks, a lock given up, or not the best for the side that was asked for."""
    assert not list(stable_differences(wishful_problem(np.random.default_rng(seed))))


def larger(seed: int, *, steps: int, wishes: bool = True) -> Problem:
    """Draw a round whose lists are used up again and again."""
    rng = np.random.default_rng(seed)
    popular = rng.integers(0, steps + 1, size=90)
    points = rng.integers(0, steps + 1, size=(400, 90)) + 2 * popular
    own = rng.integers(0, steps + 1, size=points.shape) + rng.integers(0, 9, size=(400, 1))
    return Problem(
        points,
        capacity=rng.integers(0, 9, size=90),
        eligible=rng.random(points.shape) < 0.8,
        locked=[(0, 0)] if seed == 0 else (),
        unmatched_points=steps,
        coverage="first" if seed % 2 else "score",
        mentor_points=own if wishes else None,
        keys=(rng.permutation(400), rng.permutation(90)),
    )


@pytest.mark.parametrize("objective", OBJECTIVES)
@pytest.mark.parametrize(("seed", "steps"), [(1, 1), (2, 5), (3, 10**6)])
def test_order_decides_nothing(objective: str, seed: int, steps: int) -> None:
    """Equals that go by row order, or lists that end before everybody was asked."""
    problem = larger(seed, steps=steps)
    rng = np.random.default_rng(seed)
    rows, columns = rng.permutation(400), rng.permutation(90)
    at = np.ix_(rows, columns)
    other = Problem(
        problem.points[at],
        capacity=problem.capacity[columns],
        eligible=problem.eligible[at],
        unmatched_points=problem.unmatched_points[rows],
        coverage=problem.coverage,
        mentor_points=problem.mentor_source.pairs(*map(np.ravel, np.meshgrid(rows, columns)))
        .reshape(90, 400)
        .T,
        keys=(problem.row_keys[rows], problem.column_keys[columns]),
    )
    found, again = (solve(each, objective=objective) for each in (problem, other))  # type: ignore[arg-type]
    assert (np.append(columns, -1)[again.mentor_of] == found.mentor_of[rows]).all()
    assert not blocking_pairs(problem, found).size


@pytest.mark.parametrize("objective", OBJECTIVES)
@pytest.mark.parametrize("wishes", [False, True])
def test_blocks_and_lists_of_pairs_give_the_same(objective: str, *, wishes: bool) -> None:
    """Float32 that decides who is preferred, or threads that change the result."""
    problem = larger(5, steps=40, wishes=wishes)
    common = {
        "capacity": problem.capacity,
        "unmatched_points": problem.unmatched_points,
        "keys": (problem.row_keys, problem.column_keys),
    }
    own = problem.mentor_source if wishes else None
    whole = solve(problem, objective=objective)  # type: ignore[arg-type]
    for points in (Blurred(problem, error=3.0), as_listed(problem)):
        blurred = None if own is None else Blurred(_grid(own, problem), error=2.0)
        other = Problem(points, mentor_points=blurred, **common)  # type: ignore[arg-type]
        assert same(solve(other, objective=objective, n_jobs=2), whole)  # type: ignore[arg-type]


def _grid(own: object, problem: Problem) -> Problem:
    """Return the mentors' points as a problem, which can be blurred."""
    return Problem(own.points, capacity=problem.capacity)  # type: ignore[attr-defined]


def test_the_same_people_are_matched_in_every_stable_matching() -> None:
    """The theorem of rural hospitals broken: other people, or other mentors left with room."""
    for seed in range(4):
        problem = larger(seed, steps=7)
        one, other = (solve(problem, objective=each) for each in OBJECTIVES)  # type: ignore[arg-type]
        assert ((one.mentor_of < 0) == (other.mentor_of < 0)).all()
        loads = [
            np.bincount(each.mentor_of[each.mentor_of >= 0], minlength=90) for each in (one, other)
        ]
        assert (loads[0] == loads[1]).all()
        assert one.total >= other.total
        roomy = loads[0] < problem.capacity
        held = np.append(roomy, False)
        assert (one.mentor_of[held[one.mentor_of]] == other.mentor_of[held[one.mentor_of]]).all()


def test_mentors_wishes_count_only_where_they_were_asked() -> None:
    """Mentors' own points that are not heard, or heard where nobody stated any."""
    points = np.array([[5, 4], [6, 5]])
    alike = solve(Problem(points, capacity=1), objective="stable")
    assert alike.mentor_of.tolist() == [1, 0]
    only = [[True, False], [False, False]]
    wishes = as_listed(Problem([[9, 0], [0, 0]], capacity=1, eligible=only))
    heard = solve(Problem(points, capacity=1, mentor_points=wishes), objective="stable")
    assert heard.mentor_of.tolist() == [0, 1]
    assert solve(Problem(points, capacity=1, mentor_points=wishes)).total == 10


def test_a_pair_that_blocks_is_found() -> None:
    """An unstable matching taken for a stable one."""
    problem = larger(3, steps=9)
    solution = solve(problem, objective="stable")
    total = solve(problem)
    wrong = replace(
        solution,
        mentor_of=total.mentor_of,
        matched=total.matched,
        matched_bound=total.matched,
        total=total.total,
        bound=total.total,
    )
    kinds = {fault.kind for fault in find_faults(problem, wrong)}
    assert "stability" in kinds
    assert len(blocking_pairs(problem, total)) > 5


def test_wishes_that_do_not_fit_are_refused() -> None:
    """Wishes of another round, or of fractions, taken as they are."""
    with pytest.raises(ProblemError, match=r"mentor_points have shape \(1, 1\), must be \(1, 2\)"):
        Problem([[1, 2]], capacity=1, mentor_points=[[1]])
    with pytest.raises(ProblemError, match="mentor_points has dtype float64, must be whole"):
        Problem([[1, 2]], capacity=1, mentor_points=[[0.5, 1.0]])


def test_unknown_objectives_are_refused() -> None:
    """A misspelled objective that becomes another one in silence."""
    with pytest.raises(ProblemError, match="objective == 'fiar', must be one of 'total'"):
        solve(Problem([[1]], capacity=1), objective="fiar")  # type: ignore[arg-type]
