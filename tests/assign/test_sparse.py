"""The sparse method against the dense one: the same to the byte, whatever the round."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from matchkit.assign import Coverage, Problem, find_faults, solve
from matchkit.errors import InternalError, ProblemError, TooLargeError
from tests.assign.reference import Blurred, as_listed, coarse_problem, keepable, same
from tests.assign.strategies import problems


def agree(problem: Problem, **options: Any) -> bool:
    """Tell whether both methods give the same solution."""
    return same(solve(problem, method="dense"), solve(problem, method="sparse", **options))


def otherwise(problem: Problem, points: Any) -> Problem:
    """Return the same problem with another kind of points."""
    return Problem(
        points,
        capacity=problem.capacity,
        locked=problem.locked,
        forbidden=problem.forbidden,
        unmatched_points=problem.unmatched_points,
        coverage=problem.coverage,
        keys=(problem.row_keys, problem.column_keys),
    )


@settings(max_examples=150)
@given(problem=problems())
def test_agrees_in_odd_rounds(problem: Problem) -> None:
    """Another result of the sparse method where hypothesis looks for odd cases."""
    assert agree(problem)


@pytest.mark.parametrize("seed", range(150))
def test_agrees_in_rounds_of_every_kind(seed: int) -> None:
    """Another result for an array, a list or a source that is wrong by its error."""
    problem = keepable(seed, largest=40 if seed % 2 else 8)
    expected = solve(problem, method="dense")
    error = (0.0, 3.0, 5000.0)[seed % 3]
    for points in (as_listed(problem), Blurred(problem, error=error)):
        assert same(expected, solve(otherwise(problem, points), method="sparse"))
    assert same(expected, solve(problem, method="sparse"))


@pytest.mark.parametrize("seed", range(60))
def test_agrees_where_very_many_optima_tie(seed: int) -> None:
    """A tight pair that was not seen, so that another optimum is chosen."""
    assert agree(coarse_problem(np.random.default_rng(seed)))


LARGE: dict[str, tuple[int, int, int, int, float, Coverage]] = {
    "coarse": (600, 150, 8, 20, 1.0, "first"),
    "coarse by score": (500, 200, 8, 20, 0.5, "score"),
    "yes or no": (500, 150, 6, 1, 1.0, "first"),
    "few mentors allowed": (400, 400, -1, 0, 0.02, "first"),
    "places short": (800, 80, 5, 0, 1.0, "first"),
    "places to spare": (800, 80, -20, 0, 1.0, "first"),
    "a place for each": (700, 140, -5, 0, 1.0, "first"),
    "no end of places": (700, 40, -(10**6), 0, 0.5, "first"),
    "many mentors": (40, 2500, -1, 0, 1.0, "first"),
    "few mentors": (1500, 5, -60, 0, 1.0, "first"),
    "fine by score": (600, 120, -5, 0, 1.0, "score"),
}


def large(name: str, seed: int = 0) -> Problem:
    """Draw a round that is larger than its candidates."""
    n, m, capacity, steps, share, coverage = LARGE[name]
    rng = np.random.default_rng([seed, n, m])
    points = rng.integers(0, (steps or 1_000_000) + 1, size=(n, m)) * (
        1_000_000 // (steps or 10**6)
    )
    return Problem(
        points,
        capacity=rng.integers(0, capacity + 1, size=m) if capacity > 0 else -capacity,
        eligible=rng.random((n, m)) < share,
        unmatched_points=500_000 if coverage == "score" else 0,
        coverage=coverage,
        keys=(rng.permutation(n), rng.permutation(m)),
    )


@pytest.mark.parametrize("name", LARGE)
def test_agrees_in_large_rounds(name: str) -> None:
    """A pair outside the candidates that is missed, or a price that it would change."""
    assert agree(large(name))


def test_agrees_where_points_are_large_and_close() -> None:
    """Pairs ruled out by float32, which cannot tell large numbers apart."""
    rng = np.random.default_rng(1)
    points = (1 << 40) + rng.integers(0, 5000, size=(120, 40))
    assert agree(Problem(points, capacity=3, unmatched_points=1 << 40))
    assert agree(Problem(-points, capacity=3, unmatched_points=-(1 << 40), coverage="score"))


@pytest.mark.parametrize("n_jobs", [2, -1])
def test_threads_change_nothing(n_jobs: int) -> None:
    """A result that depends on how many threads there were."""
    for name in ("coarse", "places short", "fine by score"):
        problem = large(name, seed=1)
        alone = solve(problem, method="sparse")
        assert same(alone, solve(problem, method="sparse", n_jobs=n_jobs))
        assert find_faults(problem, alone, n_jobs=n_jobs) == ()


def test_several_stripes_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Positions that are counted from the beginning of a stripe."""
    problem = large("coarse", seed=2)
    expected = solve(problem, method="dense")
    monkeypatch.setattr("matchkit.assign.sparse._SURVEYED", 90)
    monkeypatch.setattr("matchkit.assign.relook._STRIPE", 70)
    monkeypatch.setattr("matchkit.assign.sighting._STRIPE", 110)
    monkeypatch.setattr("matchkit.assign.candidates._CELLS", 1)
    assert same(expected, solve(problem, method="sparse"))
    assert find_faults(problem, expected) == ()


def test_few_candidates_are_enough_to_begin_with(monkeypatch: pytest.MonkeyPatch) -> None:
    """An optimum of the candidates that is taken for that of the round."""
    monkeypatch.setattr("matchkit.assign.candidates.MENTORS", 1)
    monkeypatch.setattr("matchkit.assign.candidates.MENTEES", 1)
    for seed in range(20):
        assert agree(keepable(seed, largest=25))


def test_unknown_methods_are_refused() -> None:
    """A misspelled method that becomes another one in silence."""
    with pytest.raises(ProblemError, match="method == 'sprase', must be"):
        solve(Problem([[1]], capacity=1), method="sprase")  # type: ignore[arg-type]


def test_auto_takes_what_is_faster() -> None:
    """Every place a column where there are far too many, or blocks for ten people."""
    stages: list[str] = []
    for problem in (Problem([[1]], capacity=1), large("no end of places")):
        solve(problem, on_progress=lambda stage, *_: stages.append(stage))
        stages.append("")
    assert "candidates" not in stages[: stages.index("")]
    assert "candidates" in stages[stages.index("") :]


def test_progress_counts_mentees() -> None:
    """A stage that is not announced, or that ends before it is done."""
    told: list[tuple[str, int, int, float | None]] = []
    solve(large("coarse"), method="sparse", on_progress=lambda *step: told.append(step))
    assert {stage for stage, *_ in told} == {
        "candidates",
        "assign",
        "certificate",
        "ties",
        "verify",
    }
    assert ("candidates", 600, 600, None) in told
    assert told[-1] == ("verify", 1, 1, 0.0)


def test_memory_is_estimated_before_it_is_taken() -> None:
    """A process killed for memory, where an error would do."""
    with pytest.raises(TooLargeError, match="candidates of 600 mentees and 150 mentors need"):
        solve(large("coarse"), method="sparse", memory_limit=10**5)


def test_an_optimum_that_is_none_never_gets_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """A solver's mistake that reaches the caller as a result, or goes on for ever."""
    for prices in ([0, 0], [2, 0]):
        wrong = np.array([-1, 0, 1]), np.array(prices)
        monkeypatch.setattr("matchkit.assign.augmenting.optimum", lambda *_, found=wrong: found)
        with pytest.raises(InternalError, match="taken for the optimum"):
            solve(Problem([[5, 1], [6, 1], [9, 2]], capacity=1), method="sparse")
