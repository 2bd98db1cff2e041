"""The engine against answers found in other ways."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings

from matchkit.assign import Problem, find_faults, solve
from matchkit.errors import InfeasibleError, InternalError, ProblemError, TooLargeError
from tests.assign.reference import (
    brute_force_differences,
    coarse_problem,
    milp_optimum,
    random_problem,
    shuffled_agree,
)
from tests.assign.strategies import problems

ORLIB_OPTIMA = {100: 305, 200: 475, 400: 804, 800: 1552}


def keepable(seed: int) -> Problem:
    """Draw the first small round from this seed on whose locks can be kept."""
    rng = np.random.default_rng(seed)
    while True:
        problem = random_problem(rng)
        refused = set(map(tuple, problem.forbidden.tolist()))
        if not refused & set(map(tuple, problem.locked.tolist())):
            return problem


@pytest.mark.parametrize("seed", range(300))
def test_agrees_with_every_assignment_there_is(seed: int) -> None:
    """A wrong total, match, price, surplus or tie in rounds small enough to list."""
    problem = keepable(10**6 + seed)
    assert not list(brute_force_differences(problem, solve(problem)))


@settings(max_examples=150)
@given(problem=problems())
def test_agrees_with_every_assignment_in_odd_rounds(problem: Problem) -> None:
    """The same where hypothesis looks for the odd cases."""
    assert not list(brute_force_differences(problem, solve(problem)))


@pytest.mark.parametrize("seed", range(6))
def test_agrees_with_milp(seed: int) -> None:
    """A wrong optimum in rounds too large to list."""
    rng = np.random.default_rng(seed)
    problem = Problem(
        rng.integers(0, 1_000_001, size=(60, 40)),
        capacity=rng.integers(0, 4, size=40),
        eligible=rng.random((60, 40)) < (0.05, 0.4, 1)[seed % 3],
        unmatched_points=rng.integers(0, 700_001, size=60),
        coverage="first" if seed % 2 else "score",
    )
    solution = solve(problem)
    assert (solution.matched, solution.total) == milp_optimum(problem)


@pytest.mark.parametrize("seed", range(40))
def test_order_of_rows_and_columns_decides_nothing(seed: int) -> None:
    """Coarse points full of ties that go by row order, or keys that do not."""
    rng = np.random.default_rng(seed)
    problem = coarse_problem(rng)
    solution = solve(problem)
    assert all(shuffled_agree(problem, solution, rng) for _ in range(3))


def test_keys_decide_ties() -> None:
    """Ties that go by position although keys were given."""
    points = np.zeros((6, 3), dtype=np.int64)
    found = {
        tuple(solve(Problem(points, capacity=2, keys=(range(k, k + 6), range(3)))).mentor_of)
        for k in range(20)
    }
    assert len(found) > 5


@pytest.mark.parametrize("size", ORLIB_OPTIMA)
def test_published_optima(root: Path, size: int) -> None:
    """A total other than the published one on OR-Library's assignment instances."""
    path = root / ".." / "shared" / "data" / "orlib" / f"assign{size}.txt"
    if not path.exists():
        pytest.skip(f"needs the OR-Library instance ../shared/data/orlib/{path.name}")
    numbers = np.array(path.read_text(encoding="ascii").split(), dtype=np.int64)
    solution = solve(Problem(-numbers[1:].reshape(size, size), capacity=1))
    assert (solution.matched, solution.total) == (size, -ORLIB_OPTIMA[size])


@pytest.mark.parametrize("coverage", ["first", "score"])
@pytest.mark.parametrize(("n", "m"), [(0, 0), (0, 3), (3, 0), (1, 1)])
def test_empty_sides(n: int, m: int, coverage: str) -> None:
    """A round of nobody, of one side only, or of one each, that ends in an error."""
    problem = Problem(
        np.ones((n, m), dtype=np.int64),
        capacity=1,
        coverage=coverage,  # type: ignore[arg-type]
    )
    solution = solve(problem)
    assert (solution.matched, solution.total, solution.gap) == (min(n, m), min(n, m), 0.0)
    assert solution.mentor_of.shape == (n,)
    assert solution.prices.shape == (m, 2)


def test_no_capacity_and_nobody_eligible() -> None:
    """Somebody matched without a place, or with a mentor who is not eligible."""
    nobody = solve(Problem([[3, 4]], capacity=0, unmatched_points=-5))
    assert (nobody.mentor_of.tolist(), nobody.total) == ([-1], -5)
    assert nobody.prices.tolist() == [[1, 8], [1, 9]]
    refused = solve(Problem([[3, 4]], capacity=1, eligible=[[False, False]]))
    assert (refused.mentor_of.tolist(), refused.prices.tolist()) == ([-1], [[0, 0], [0, 0]])


def test_more_places_than_people_and_the_reverse() -> None:
    """Places without price that get one, or scarce ones that get none."""
    roomy = solve(Problem([[5, 4], [5, 4]], capacity=[10**18, 10**18]))
    assert (roomy.mentor_of.tolist(), roomy.prices.tolist()) == ([0, 0], [[0, 0], [0, 0]])
    scarce = solve(Problem([[5], [7], [6]], capacity=1))
    assert (scarce.mentor_of.tolist(), scarce.prices.tolist()) == ([-1, 0, -1], [[1, 6]])


def test_coverage_comes_first_or_not_at_all() -> None:
    """A person given up for points with coverage first, or kept at a loss with score."""
    points = [[1_000_000, 0], [999_999, 0]]
    eligible = [[True, True], [True, False]]
    first = solve(Problem(points, capacity=1, eligible=eligible))
    assert (first.mentor_of.tolist(), first.total) == ([1, 0], 999_999)
    score = solve(Problem(points, capacity=1, eligible=eligible, coverage="score"))
    assert (score.mentor_of.tolist(), score.total) == ([0, -1], 1_000_000)
    alone = solve(Problem(points, capacity=1, coverage="score", unmatched_points=2_000_000))
    assert (alone.mentor_of.tolist(), alone.total) == ([-1, -1], 4_000_000)


def test_a_tie_with_being_unmatched_goes_to_being_matched() -> None:
    """People left out for nothing."""
    solution = solve(Problem([[5], [9]], capacity=2, coverage="score", unmatched_points=[5, 9]))
    assert solution.mentor_of.tolist() == [0, 0]
    assert solution.tied.tolist() == [True, True]


def test_one_problem_is_solved_the_same_way_twice() -> None:
    """State kept between calls."""
    problem = coarse_problem(np.random.default_rng(5))
    first, second = solve(problem), solve(problem)
    assert first.mentor_of.tolist() == second.mentor_of.tolist()
    assert first.tied.tolist() == second.tied.tolist()


def test_conflicting_locks_are_named_together() -> None:
    """A lock that gives way in silence, or only the first conflict told."""
    problem = Problem(
        np.zeros((4, 3), dtype=np.int64),
        capacity=[1, 1, 1],
        eligible=[[True, True, False]] * 4,
        locked=[(0, 0), (0, 1), (1, 0), (2, 2), (3, 1)],
        forbidden=[(3, 1)],
    )
    with pytest.raises(InfeasibleError) as caught:
        solve(problem)
    assert caught.value.conflicts == (
        "mentee 2 is locked to mentor 2, a pair that is not eligible.",
        "mentee 3 and mentor 1 are both locked and forbidden.",
        "mentee 0 is locked to several mentors: 0, 1.",
        "mentor 0 has capacity 1, but 2 locked mentees.",
        "mentor 1 has capacity 1, but 2 locked mentees.",
    )


@pytest.mark.parametrize("coverage", ["first", "score"])
def test_points_too_large_to_be_exact(coverage: str) -> None:
    """Rounding in place of an error."""
    far_apart = Problem([[0, 1 << 52]], capacity=1, coverage=coverage)  # type: ignore[arg-type]
    with pytest.raises(ProblemError, match=r"too far apart.*scale them down"):
        solve(far_apart)
    with pytest.raises(ProblemError, match="pass int64"):
        solve(Problem([[1 << 60]], capacity=1, unmatched_points=1 << 60))


def test_large_points_close_together_are_exact() -> None:
    """A limit on the points themselves, where only their spread matters."""
    base = 1 << 55
    points = [[base + 1, base], [base + 3, base + 1]]
    solution = solve(Problem(points, capacity=1, unmatched_points=base))
    assert (solution.mentor_of.tolist(), solution.total) == ([1, 0], 2 * base + 3)


def test_size_is_estimated_before_it_is_taken() -> None:
    """A process killed for memory, where an error would do."""
    problem = Problem(np.zeros((100, 10), dtype=np.int64), capacity=10)
    assert solve(problem, memory_limit=10**6).matched == 100
    with pytest.raises(TooLargeError, match="100 mentees by 100 places as a dense matrix need"):
        solve(problem, memory_limit=10**4)


def test_a_machine_that_does_not_say_how_much_memory_it_has(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A round refused, or a traceback, where the system call is missing."""
    monkeypatch.delattr("os.sysconf", raising=False)
    assert solve(Problem([[1]], capacity=1)).matched == 1


def test_hashes_that_decide_nothing_are_no_endless_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    """A search for the canonical optimum that never ends, or that ends by position."""
    monkeypatch.setattr("matchkit.assign.canonical._mixed", np.zeros_like)
    with pytest.raises(InternalError, match="ties remained"):
        solve(Problem([[1, 1], [1, 1]], capacity=1))


def test_progress_names_every_stage() -> None:
    """A stage that is not announced, or a count that goes back."""
    told: list[tuple[str, int, int, float | None]] = []
    solution = solve(Problem([[1]], capacity=1), on_progress=lambda *step: told.append(step))
    assert told == [
        ("assign", 0, 1, None),
        ("prices", 0, 1, None),
        ("ties", 0, 1, 0.0),
        ("verify", 0, 1, 0.0),
        ("verify", 1, 1, 0.0),
    ]
    assert [stage.name for stage in solution.stages] == ["assign", "prices", "ties", "verify"]
    assert all(stage.seconds >= 0 for stage in solution.stages)
    assert solution.rounds == 1


@pytest.mark.parametrize("wrong", [[0, 1], [-1, 0], [-1, -1]])
def test_a_wrong_assignment_never_gets_out(
    monkeypatch: pytest.MonkeyPatch, wrong: list[int]
) -> None:
    """An assignment that can be improved, or is not full, taken for the optimum."""
    monkeypatch.setattr("matchkit.assign.dense.assign", lambda _core: np.array(wrong))
    with pytest.raises(InternalError, match="taken for the optimum"):
        solve(Problem([[1, 5], [5, 1]], capacity=1))


def test_a_solution_that_fails_verification_never_gets_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A bug in a later stage that reaches the caller as a result."""
    nothing = np.array([-1]), np.array([False])
    monkeypatch.setattr("matchkit.assign.total.settle_ties", lambda *_, **__: nothing)
    with pytest.raises(InternalError, match="worth more than surplus and prices for mentee 0"):
        solve(Problem([[1]], capacity=1))


def test_every_solution_is_accepted_by_the_verifier() -> None:
    """A verifier that refuses sound results."""
    for seed in range(300):
        problem = keepable(seed)
        assert find_faults(problem, solve(problem)) == ()
