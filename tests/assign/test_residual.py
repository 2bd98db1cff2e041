"""What a pair would cost, against every assignment there is and against solving again."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from matchkit.assign import Alternatives, Problem, Residual, solve
from matchkit.errors import ProblemError
from tests.assign.reference import Blurred, as_listed, forcing_differences, keepable
from tests.assign.strategies import problems


def same(one: Alternatives, other: Alternatives) -> bool:
    """Tell whether two lists agree in every number."""
    return all(
        np.array_equal(getattr(one, name), getattr(other, name))
        for name in one.__dataclass_fields__
    )


@settings(max_examples=100)
@given(problem=problems(largest=4))
def test_costs_and_moves_in_odd_rounds(problem: Problem) -> None:
    """Who insists on a pair would be told a wrong price, or moves that cost something else."""
    assert not list(forcing_differences(problem, solve(problem)))


@pytest.mark.parametrize("seed", range(25))
def test_costs_are_those_of_solving_again(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Longer chains than small rounds have would be missed, by either way to follow them."""
    monkeypatch.setattr("matchkit.assign.residual._SPARSE", [0, 1 << 40][seed % 2])
    rng = np.random.default_rng(seed)
    n, m = rng.integers(8, 40), rng.integers(3, 15)
    problem = Problem(
        rng.integers(0, rng.choice([4, 1_000_000]), size=(n, m)),
        capacity=rng.integers(0, 5, size=m),
        eligible=rng.random((n, m)) < rng.choice([0.3, 0.9]),
        coverage="first" if seed % 2 else "score",
        unmatched_points=rng.integers(0, 3, size=n),
    )
    solution = solve(problem)
    residual = Residual(problem, solution)
    found = residual.alternatives(4)
    for at in rng.permutation(found.mentees.size)[:6]:
        i, j = int(found.mentees[at]), int(found.mentors[at])
        again = solve(
            Problem(
                problem.points,
                capacity=problem.capacity,
                eligible=problem.eligible,
                locked=[(i, j)],
                coverage=problem.coverage,
                unmatched_points=problem.unmatched_points,
            )
        )
        people = solution.matched - again.matched if problem.coverage == "first" else 0
        lost = [people, solution.total - again.total]
        forced = residual.forced(i, j)
        assert found.losses[at].tolist() == lost == [forced.people, forced.points]


@pytest.mark.parametrize("seed", range(12))
def test_every_kind_of_points_gives_the_same(seed: int) -> None:
    """A list or a source that is wrong by its error would price pairs otherwise."""
    problem = keepable(seed, largest=9)
    solution = solve(problem)
    listed, blurred = (
        Residual(
            Problem(
                points,
                capacity=problem.capacity,
                locked=problem.locked,
                coverage=problem.coverage,
                unmatched_points=problem.unmatched_points,
            ),
            solution,
        )
        for points in (as_listed(problem), Blurred(problem, error=3.0))
    )
    expected = Residual(problem, solution)
    found = expected.alternatives()
    assert same(listed.alternatives(), found)
    assert same(blurred.alternatives(), found)
    for i, j in zip(found.mentees.tolist(), found.mentors.tolist(), strict=True):
        moves = {each.forced(i, j).moves for each in (expected, listed, blurred)}
        assert moves == {expected.forced(i, j).moves}


def test_the_fewest_people_move() -> None:
    """People would be moved around for nothing."""
    problem = Problem([[5, 5, 5], [5, 5, 5], [5, 5, 5]], capacity=1)
    solution = solve(problem)
    residual = Residual(problem, solution)
    for i in range(3):
        for j in set(range(3)) - {int(solution.mentor_of[i])}:
            assert residual.forced(i, j).points == 0
            assert len(residual.forced(i, j).moves) == 2


def test_pairs_that_cannot_be_set_are_refused() -> None:
    """A price would be told for a pair that can't be."""
    problem = Problem(
        [[5, 4, 3], [1, 2, 3]],
        capacity=[1, 1, 0],
        eligible=[[True, True, True], [True, False, True]],
        locked=[(1, 0)],
    )
    residual = Residual(problem, solve(problem))
    for pair, why in (
        ((1, 1), "mentee 1 is locked"),
        ((0, 0), "matched already or can't"),
        ((0, 1), "matched already or can't"),
        ((0, 2), "matched already or can't"),
    ):
        with pytest.raises(ProblemError, match=why):
            residual.forced(*pair)
    assert residual.alternatives().mentees.tolist() == []


def test_nobody_and_nothing() -> None:
    """An empty side would break the search."""
    for shape in ((0, 0), (0, 2), (2, 0)):
        problem = Problem(np.zeros(shape, dtype=np.int64), capacity=1)
        assert Residual(problem, solve(problem)).alternatives(3).losses.shape == (0, 2)
    empty = Blurred(Problem(np.zeros((2, 0), dtype=np.int64), capacity=1), error=1.0)
    problem = Problem(empty, capacity=np.zeros(0, dtype=np.int64))
    assert Residual(problem, solve(problem)).alternatives().mentors.size == 0


def test_who_waits_fills_the_place_that_was_left() -> None:
    """A place would stay empty though somebody waits for it."""
    problem = Problem([[9, 8], [7, 1], [6, 5]], capacity=1)
    moves = ((0, 1, 0), (1, 0, -1), (2, -1, 1))
    forced = Residual(problem, solve(problem)).forced(0, 0)
    assert (forced.people, forced.points, forced.moves) == (0, 1, moves)
