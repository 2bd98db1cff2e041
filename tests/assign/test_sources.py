"""Sources of points: every kind gives the same round."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_array, csr_array

from matchkit.assign import INELIGIBLE, BlockSource, FactorSource, Problem, solve
from matchkit.errors import ProblemError
from tests.assign.reference import Blurred, as_listed, random_problem, same


@pytest.mark.parametrize("seed", range(60))
def test_every_kind_of_points_gives_the_same_solution(seed: int) -> None:
    """A pair lost, found or miscounted on the way through a list or a source."""
    rng = np.random.default_rng(seed)
    problem = random_problem(rng)
    if set(map(tuple, problem.locked.tolist())) & set(map(tuple, problem.forbidden.tolist())):
        return
    expected = solve(problem)
    for points in (as_listed(problem), Blurred(problem, error=float(rng.choice([0, 3, 1000])))):
        again = Problem(
            points,
            capacity=problem.capacity,
            locked=problem.locked,
            forbidden=problem.forbidden,
            unmatched_points=problem.unmatched_points,
            coverage=problem.coverage,
            keys=(problem.row_keys, problem.column_keys),
        )
        assert same(expected, solve(again))
        dense = again.dense()
        assert (dense.eligible == problem.eligible).all()
        assert (dense.points == np.where(problem.eligible, problem.points, 0)).all()


@settings(max_examples=60)
@given(data=st.data())
def test_blocks_and_pairs_tell_the_same(data: st.DataObject) -> None:
    """A block beyond its error from the exact points, or another pair in it."""
    seed = data.draw(st.integers(0, 10**6))
    rng = np.random.default_rng(seed)
    problem = random_problem(rng)
    n, m = problem.shape
    kinds: tuple[BlockSource, ...] = (
        problem.source,
        Problem(as_listed(problem), capacity=1, forbidden=problem.forbidden).source,
        Problem(Blurred(problem, error=3.0), capacity=1, forbidden=problem.forbidden).source,
    )
    rows, cols = np.flatnonzero(rng.random(n) < 0.7), np.flatnonzero(rng.random(m) < 0.7)
    for source in kinds:
        assert isinstance(source, BlockSource)
        assert source.shape == (n, m)
        exact = source.pairs(np.repeat(rows, cols.size), np.tile(cols, rows.size))
        exact = exact.reshape(rows.size, cols.size)
        block = source.block(rows, cols)
        assert block.dtype == np.float32
        assert ((exact != INELIGIBLE) == problem.eligible[np.ix_(rows, cols)]).all()
        assert ((block == -np.inf) == (exact == INELIGIBLE)).all()
        counts = block > -np.inf
        assert (np.abs(block[counts] - exact[counts]) <= source.error).all()


@pytest.mark.parametrize(("dimensions", "scale"), [(0, 1), (3, 1), (128, 900), (500, 7)])
def test_factors_keep_their_proven_error(dimensions: int, scale: int) -> None:
    """A bound that float32 breaks, or points that depend on the order of a sum."""
    rng = np.random.default_rng(dimensions)
    a, b = (rng.integers(-(2**15), 2**15, size=(k, dimensions)) for k in (40, 30))
    source = FactorSource(a, b, scale=scale)
    rows, cols = np.arange(5, 40), np.arange(0, 30, 2)
    exact = source.pairs(np.repeat(rows, cols.size), np.tile(cols, rows.size))
    assert (exact == (a[rows] @ b[cols].T // scale).ravel()).all()
    assert np.abs(source.block(rows, cols).ravel() - exact).max() <= source.error


def test_small_factors_are_exact_in_blocks() -> None:
    """Work for the exact check where float32 holds every sum."""
    source = FactorSource([[3, 4], [1, 2]], [[5, 6]])
    assert source.error == 0.0
    assert source.block(np.arange(2), np.arange(1)).tolist() == [[39.0], [17.0]]


@pytest.mark.parametrize(
    ("a", "b", "scale", "message"),
    [
        ([[1.5]], [[1]], 1, "dtype float64, must be"),
        ([1, 2], [[1]], 1, r"shape \(2,\)"),
        ([[1 << 15]], [[1]], 1, "vectors hold 32768 to 32768"),
        ([[1, 2]], [[1]], 1, "2 entries, those of mentors 1"),
        ([[1]], [[1]], 0, "scale == 0"),
    ],
)
def test_vectors_that_are_none(a: list[object], b: list[object], scale: int, message: str) -> None:
    """Numbers that are cut off, or an error from deep inside."""
    with pytest.raises(ProblemError, match=message):
        FactorSource(a, b, scale=scale)  # type: ignore[arg-type]


def test_a_stored_zero_is_a_pair() -> None:
    """A pair worth nothing that is taken for none."""
    points = csr_array((np.array([0, 0]), np.array([0, 1]), np.array([0, 2, 2])), shape=(2, 2))
    assert solve(Problem(points, capacity=1)).matched == 1


def test_lists_that_are_none() -> None:
    """A list that loses pairs, or that adds them up, in silence."""
    twice = csr_array((np.array([3, 4]), np.array([0, 0]), np.array([0, 2])), shape=(1, 1))
    with pytest.raises(ProblemError, match="list a pair twice"):
        Problem(twice, capacity=1)
    with pytest.raises(ProblemError, match="dtype float64"):
        Problem(csr_array(np.array([[0.5]])), capacity=1)
    with pytest.raises(ProblemError, match="format 'coo'"):
        Problem(coo_array(np.array([[1]])), capacity=1)  # type: ignore[arg-type]
    with pytest.raises(ProblemError, match="these tell it themselves"):
        Problem(csr_array(np.array([[1]])), capacity=1, eligible=[[True]])


def test_the_callers_list_stays_as_it_is() -> None:
    """A sorted or shared array where the caller still writes."""
    points = csr_array((np.array([7, 5]), np.array([1, 0]), np.array([0, 2])), shape=(1, 2))
    problem = Problem(points, capacity=1)
    points.data[:] = 0
    assert points.indices.tolist() == [1, 0]
    assert problem.dense().points.tolist() == [[5, 7]]


class Wrong(FactorSource):
    """A source that says what cannot be."""

    shape = (-1, 2)
    error = float("nan")


def test_sources_that_cannot_be_worked_with() -> None:
    """An endless or a wrong solve after a bound that bounds nothing."""
    with pytest.raises(ProblemError) as caught:
        Problem(Wrong([[1]], [[1]]), capacity=1)
    assert str(caught.value).splitlines() == [
        "points have error nan, must be 0 or more, and finite.",
        "points have shape (-1, 2), must be (mentees, mentors).",
    ]


def test_points_of_a_source_are_no_array() -> None:
    """All pairs in memory because somebody looked."""
    problem = Problem(FactorSource([[1]], [[1]]), capacity=1)
    with pytest.raises(ProblemError, match="ask source"):
        _ = problem.points
    assert problem.dense().dense().points.tolist() == [[1]]


def test_sources_travel() -> None:
    """A source that cannot be sent to another process."""
    for points in (FactorSource([[3]], [[2]]), csr_array(np.array([[6]]))):
        source = pickle.loads(pickle.dumps(Problem(points, capacity=1).source))  # noqa: S301
        assert source.pairs(np.array([0]), np.array([0])).tolist() == [6]
