"""The verifier, which has to catch whatever a solver could get wrong."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from matchkit.assign import Problem, Solution, find_faults, solve

Planted = tuple[Solution, set[str]] | None
Planter = Callable[[Problem, Solution, np.random.Generator], Planted]


@functools.lru_cache(maxsize=256)
def drawn(seed: int) -> tuple[Problem, Solution]:
    """Draw a round with locks, scarce places and pairs ruled out, and solve it."""
    rng = np.random.default_rng(seed)
    n, m = rng.integers(8, 25), rng.integers(3, 8)
    eligible = rng.random((n, m)) < 0.8
    eligible[:2, 0] = True
    capacity = rng.integers(0, 5, size=m)
    capacity[0] += 2
    problem = Problem(
        rng.integers(0, rng.choice([4, 1_000_001]), size=(n, m)),
        capacity=capacity,
        eligible=eligible,
        locked=[(0, 0), (1, 0)][: rng.integers(0, 3)],
        unmatched_points=rng.integers(0, 3, size=n),
        coverage="first" if seed % 2 else "score",
    )
    return problem, solve(problem)


def moved(solution: Solution, mentee: int, mentor: int) -> Solution:
    """Give one mentee another mentor."""
    mentor_of = solution.mentor_of.copy()
    mentor_of[mentee] = mentor
    return replace(solution, mentor_of=mentor_of)


def plant_over_capacity(problem: Problem, solution: Solution, rng: np.random.Generator) -> Planted:
    """Send one more mentee to a mentor who is full."""
    load = np.bincount(solution.mentor_of[solution.mentor_of >= 0], minlength=problem.shape[1])
    full = np.flatnonzero(load == problem.capacity)
    if not full.size:
        return None
    mentor = int(rng.choice(full))
    mentee = int(rng.choice(np.flatnonzero(solution.mentor_of != mentor)))
    return moved(solution, mentee, mentor), {"capacity"}


def plant_not_eligible(problem: Problem, solution: Solution, rng: np.random.Generator) -> Planted:
    """Match a pair that a rule excludes."""
    mentees, mentors = np.nonzero(~problem.eligible)
    if not mentees.size:
        return None
    at = rng.integers(mentees.size)
    return moved(solution, int(mentees[at]), int(mentors[at])), {"eligible"}


def plant_lock_ignored(problem: Problem, solution: Solution, rng: np.random.Generator) -> Planted:
    """Match a locked mentee with somebody else, or with nobody."""
    if not len(problem.locked):
        return None
    mentee, mentor = rng.choice(problem.locked)
    others = [j for j in range(-1, problem.shape[1]) if j != mentor]
    return moved(solution, int(mentee), int(rng.choice(others))), {"lock"}


def plant_wrong_total(_: Problem, solution: Solution, rng: np.random.Generator) -> Planted:
    """Claim another total, with or without a bound to go with it."""
    total = solution.total + int(rng.choice([-1, 1, 1000]))
    bound = rng.choice([solution.bound, total])
    return replace(solution, total=total, bound=int(bound)), {"total"}


def plant_wrong_bound(_: Problem, solution: Solution, rng: np.random.Generator) -> Planted:
    """Claim another bound."""
    return replace(solution, bound=solution.bound + int(rng.choice([-1, 1]))), {"bound"}


def plant_wrong_count(_: Problem, solution: Solution, rng: np.random.Generator) -> Planted:
    """Claim another number matched, or another bound on it."""
    if rng.random() < 0.5:
        return replace(solution, matched=solution.matched + 1), {"count"}
    return replace(solution, matched_bound=solution.matched_bound + 1), {"bound"}


def plant_index(problem: Problem, solution: Solution, rng: np.random.Generator) -> Planted:
    """Name a mentor who is not there."""
    mentee = int(rng.integers(problem.shape[0]))
    return moved(solution, mentee, int(rng.choice([-2, problem.shape[1]]))), {"index"}


def plant_duplicate(_: Problem, solution: Solution, rng: np.random.Generator) -> Planted:
    """List a mentee twice."""
    twice = np.append(solution.mentor_of, rng.choice(solution.mentor_of))
    return replace(solution, mentor_of=twice), {"shape"}


def plant_left_out(problem: Problem, solution: Solution, rng: np.random.Generator) -> Planted:
    """Leave somebody unmatched who gained by the match, with figures that add up."""
    gained = problem.points.max(axis=1, initial=0) >= 0
    gained &= (solution.mentor_of >= 0) & (problem.coverage == "first")
    if not gained.any():
        return None
    mentee = int(rng.choice(np.flatnonzero(gained)))
    lost = int(problem.points[mentee, solution.mentor_of[mentee]])
    total = solution.total - lost + int(problem.unmatched_points[mentee])
    fewer = replace(moved(solution, mentee, -1), matched=solution.matched - 1, total=total)
    return fewer, {"slackness", "bound", "lock"}


def changed(
    pairs: NDArray[np.int64], rng: np.random.Generator
) -> tuple[int, NDArray[np.int64]] | None:
    """Change one price or surplus a little."""
    if not len(pairs):
        return None
    copy, at = pairs.copy(), int(rng.integers(len(pairs)))
    copy[at, int(rng.integers(2))] += int(rng.choice([-1, 1, -1000]))
    return at, copy


def plant_price(_: Problem, solution: Solution, rng: np.random.Generator) -> Planted:
    """Change the price of one mentor."""
    found = changed(solution.prices, rng)
    kinds = {"sign", "bound", "feasibility", "slackness", "support"}
    return found and (replace(solution, prices=found[1]), kinds)


def plant_max_price(_: Problem, solution: Solution, rng: np.random.Generator) -> Planted:
    """Change the maximal price of one mentor."""
    found = changed(solution.max_prices, rng)
    kinds = {"sign", "feasibility", "slackness", "support"}
    return found and (replace(solution, max_prices=found[1]), kinds)


def plant_surplus(_: Problem, solution: Solution, rng: np.random.Generator) -> Planted:
    """Change the surplus of one mentee."""
    found = changed(solution.surpluses, rng)
    return found and (replace(solution, surpluses=found[1]), {"slackness"})


def plant_shifted_duals(problem: Problem, solution: Solution, rng: np.random.Generator) -> Planted:
    """Move a price and the surpluses behind it, so that the bound still adds up."""
    full = np.flatnonzero(problem.capacity > 0)
    mentor = int(rng.choice(full))
    prices, surpluses = solution.prices.copy(), solution.surpluses.copy()
    step = int(rng.choice([-1, 1]))
    prices[mentor, 1] += step
    surpluses[solution.mentor_of == mentor, 1] -= step
    wrong = replace(solution, prices=prices, surpluses=surpluses)
    return wrong, {"sign", "bound", "feasibility", "slackness", "support"}


PLANTERS: tuple[Planter, ...] = (
    plant_over_capacity,
    plant_not_eligible,
    plant_lock_ignored,
    plant_wrong_total,
    plant_wrong_bound,
    plant_wrong_count,
    plant_index,
    plant_duplicate,
    plant_left_out,
    plant_price,
    plant_max_price,
    plant_surplus,
    plant_shifted_duals,
)


@pytest.mark.parametrize("plant", PLANTERS)
def test_catches_every_planted_fault(plant: Planter) -> None:
    """A wrong result that is taken for a right one: over a thousand mutations in all."""
    planted = 0
    for seed in range(200):
        problem, solution = drawn(seed)
        mutation = plant(problem, solution, np.random.default_rng([seed, 1]))
        if mutation is None:
            continue
        planted += 1
        wrong, kinds = mutation
        found = {fault.kind for fault in find_faults(problem, wrong)}
        assert found & kinds, (seed, found)
        if planted == 80:
            return
    pytest.fail(f"only {planted} rounds to plant this in")


def test_maximal_prices_in_place_of_minimal_ones() -> None:
    """Prices that prove the optimum, but are more than one more place would add."""
    problem = Problem([[9, 8], [7, 1]], capacity=1)
    solution = solve(problem)
    worth = np.array([[1, 8], [1, 7]])
    left = worth - solution.max_prices[solution.mentor_of]
    wrong = replace(solution, prices=solution.max_prices.copy(), surpluses=left)
    assert [fault.kind for fault in find_faults(problem, wrong)] == ["support"]


def test_numbers_that_would_overflow_and_wrong_shapes() -> None:
    """A verifier that stumbles over what it should refuse."""
    problem = Problem([[3]], capacity=1)
    solution = solve(problem)
    vast = replace(solution, prices=np.full((1, 2), 1 << 62))
    assert [fault.kind for fault in find_faults(problem, vast)] == ["shape"]
    floats = replace(solution, surpluses=solution.surpluses.astype(float))
    assert "surpluses has shape (1, 2) and dtype float64." in {
        fault.message for fault in find_faults(problem, floats)
    }


def test_messages_name_a_few_and_count_the_rest() -> None:
    """A message of ten thousand indices."""
    problem = Problem(np.ones((9, 1), dtype=np.int64), capacity=9)
    wrong = replace(solve(problem), mentor_of=np.full(9, 5))
    assert [fault.message for fault in find_faults(problem, wrong)] == [
        "no such mentor for mentee 0, 1, 2, 3, 4 and 4 more."
    ]


def test_gap() -> None:
    """A gap that is not 0 for the optimum, or that is not told for less."""
    solution = solve(Problem([[8]], capacity=1))
    assert solution.gap == 0.0
    assert replace(solution, total=6).gap == 0.25
