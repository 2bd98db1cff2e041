"""Answers that need no solver: every assignment of a small round, one by one."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from matchkit.assign import (
    INELIGIBLE,
    Forced,
    Problem,
    Residual,
    Solution,
    find_faults,
    shortfalls,
    solve,
)

PERSON = 1 << 40
"""What one more person counts where people and points are folded into one number."""


@functools.lru_cache(maxsize=64)
def every_assignment(n: int, m: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return all ways to give each mentee one mentor or none, and the loads of each way."""
    choices = np.indices((m + 1,) * n).reshape(n, -1).T - 1 if n else np.zeros((1, 0), dtype=int)
    loads = (
        np.stack([(choices == j).sum(axis=1) for j in range(m)], axis=1) if m else choices[:, :0]
    )
    return choices.astype(np.int64), loads.astype(np.int64)


@dataclass(frozen=True)
class BruteForce:
    """Every assignment of a round, with what each is worth."""

    problem: Problem

    @functools.cached_property
    def _worths(self) -> NDArray[np.int64]:
        """What every assignment is worth, very low where a pair is not eligible."""
        choices, _ = every_assignment(*self.problem.shape)
        person = PERSON if self.problem.coverage == "first" else 0
        worth = np.zeros(len(choices), dtype=np.int64)
        for i in range(self.problem.shape[0]):
            pairs = np.where(
                self.problem.eligible[i], self.problem.points[i] + person, -PERSON * 1000
            )
            worth += np.append(pairs, self.problem.unmatched_points[i])[choices[:, i]]
        return worth

    def allowed(self, capacity: NDArray[np.int64], without: int = -1) -> NDArray[np.bool_]:
        """Tell which assignments keep locks and capacity, leaving one mentee out."""
        choices, loads = every_assignment(*self.problem.shape)
        allowed = (loads <= capacity).all(axis=1) & (self._worths > -PERSON * 500)
        for i, j in self.problem.locked.tolist():
            if i != without:
                allowed &= choices[:, i] == j
        return allowed if without < 0 else allowed & (choices[:, without] == -1)

    def best(self, capacity: NDArray[np.int64] | None = None, without: int = -1) -> int:
        """Return the worth of the best assignment, people and points folded."""
        room = self.problem.capacity if capacity is None else capacity
        alone = 0 if without < 0 else int(self.problem.unmatched_points[without])
        return int(self._worths[self.allowed(room, without)].max()) - alone

    def optima(self) -> NDArray[np.int64]:
        """Return all the best assignments, one each row."""
        choices, _ = every_assignment(*self.problem.shape)
        allowed = self.allowed(self.problem.capacity)
        best: NDArray[np.int64] = choices[allowed & (self._worths == self.best())]
        return best


def folded(pairs: NDArray[np.int64]) -> list[int]:
    """Fold (people, points) into one number each."""
    return [int(people) * PERSON + int(points) for people, points in pairs]


def brute_force_differences(problem: Problem, solution: Solution) -> Iterator[str]:
    """Compare everything that a solution says with all assignments there are."""
    yield from (fault.message for fault in find_faults(problem, solution))
    brute = BruteForce(problem)
    yield from _wrong_matching(brute, solution)
    yield from _wrong_worths(brute, solution)


def _wrong_matching(brute: BruteForce, solution: Solution) -> Iterator[str]:
    """Compare the matching with all optima."""
    best, optima = brute.best(), brute.optima()
    person = PERSON if brute.problem.coverage == "first" else 0
    if solution.matched * person + solution.total != best:
        yield f"best is {best}, found {solution.matched}, {solution.total}"
    if not (optima == solution.mentor_of).all(axis=1).any():
        yield "not among the optima"
    if solution.matched != (optima >= 0).sum(axis=1).max():
        yield "a tie with being unmatched left somebody unmatched"
    if (solution.tied != (optima != optima[0]).any(axis=0)).any():
        yield f"tied is {solution.tied}, but the optima are {optima.tolist()}"


def _wrong_worths(brute: BruteForce, solution: Solution) -> Iterator[str]:
    """Compare prices and surpluses with rounds that have one place or mentee more or less."""
    problem, best = brute.problem, brute.best()
    one = np.eye(problem.shape[1], dtype=np.int64)
    for j, price in enumerate(folded(solution.prices)):
        if price != (true := brute.best(problem.capacity + one[j]) - best):
            yield f"price of {j} is {price}, must be {true}"
    own = problem.capacity - np.bincount(problem.locked[:, 1], minlength=problem.shape[1])
    for j, price in enumerate(folded(solution.max_prices)):
        if own[j] > 0 and price != (true := best - brute.best(problem.capacity - one[j])):
            yield f"maximal price of {j} is {price}, must be {true}"
    for i, surplus in enumerate(folded(solution.surpluses)):
        if surplus != (true := best - brute.best(without=i)):
            yield f"surplus of {i} is {surplus}, must be {true}"


def random_problem(rng: np.random.Generator, *, largest: int = 6) -> Problem:
    """Draw a small round: coarse or fine points, some pairs ruled out, perhaps locks."""
    n, m = rng.integers(0, largest + 1, 2)
    points = rng.integers(*RANGES[rng.integers(len(RANGES))], size=(n, m))
    eligible = rng.random((n, m)) < rng.choice([0.3, 0.7, 1.0])
    capacity = rng.integers(0, rng.integers(2, 5), size=m)
    unmatched: NDArray[np.int64] | int = 0
    if rng.random() < 0.5:
        unmatched = rng.integers(*RANGES[rng.integers(len(RANGES))], size=n)
    return Problem(
        points,
        capacity=capacity,
        eligible=eligible,
        locked=_random_locks(rng, eligible, capacity),
        forbidden=list(zip(*np.nonzero(rng.random((n, m)) < 0.05), strict=True)),
        unmatched_points=unmatched,
        coverage="first" if rng.random() < 0.5 else "score",
        keys=(rng.permutation(n) + 7, rng.permutation(m) + 7),
    )


def keepable(seed: int, *, largest: int) -> Problem:
    """Draw a round whose locks can be kept."""
    rng = np.random.default_rng(seed)
    while True:
        problem = random_problem(rng, largest=largest)
        refused = set(map(tuple, problem.forbidden.tolist()))
        if not refused & set(map(tuple, problem.locked.tolist())):
            return problem


def forcing_differences(problem: Problem, solution: Solution) -> Iterator[str]:
    """Compare what every pair would cost with the best assignment that has it."""
    brute, residual = BruteForce(problem), Residual(problem, solution)
    found = residual.alternatives()
    pairs = zip(found.mentees.tolist(), found.mentors.tolist(), strict=True)
    costs = dict(zip(pairs, folded(found.losses), strict=True))
    choices, _ = every_assignment(*problem.shape)
    allowed = brute.allowed(problem.capacity)
    best = brute.best()
    for i, j in np.ndindex(*problem.shape):
        held = allowed & (choices[:, i] == j)
        open_pair = held.any() and solution.mentor_of[i] != j
        if open_pair != ((i, j) in costs):
            yield f"({i}, {j}) is open: {open_pair}, but the list says otherwise"
        elif open_pair:
            true = best - int(brute._worths[held].max())
            if costs[i, j] != true:
                yield f"({i}, {j}) costs {costs[i, j]}, must be {true}"
            yield from _wrong_moves(brute, solution, residual.forced(i, j), true)
    free = residual.free()
    nothing = (found.losses == 0).all(axis=1)
    if not (
        np.array_equal(np.sort(found.mentees[nothing]), free.mentees)
        and {(i, j) for i, j in costs if not costs[i, j]}
        == set(zip(free.mentees.tolist(), free.mentors.tolist(), strict=True))
    ):
        yield "pairs of other optima are missing, or there are too many"
    for most in (1, 2):
        fewer = residual.alternatives(most)
        first = found.mentees[:, None] == found.mentees
        kept = np.tril(first).sum(axis=1) <= most
        if not np.array_equal(fewer.mentors, found.mentors[kept]):
            yield f"the first {most} of each mentee are others"


def _wrong_moves(brute: BruteForce, solution: Solution, forced: Forced, true: int) -> Iterator[str]:
    """Make the moves, and look at what comes of them."""
    problem, after = brute.problem, solution.mentor_of.copy()
    for mentee, before, to in forced.moves:
        if after[mentee] != before or before == to:
            yield f"{mentee} is not with {before}, or stays there"
        after[mentee] = to
    choices, _ = every_assignment(*problem.shape)
    at = (choices == after).all(axis=1) & brute.allowed(problem.capacity)
    worth = int(brute._worths[at].max()) if at.any() else -PERSON
    if brute.best() - worth != true or folded(np.array([[forced.people, forced.points]])) != [true]:
        yield f"the moves {forced.moves} cost {brute.best() - worth}, must be {true}"


def shortfall_differences(problem: Problem, solution: Solution) -> Iterator[str]:
    """Hold groups that fall short against every group, and their number against the best."""
    found = shortfalls(problem, solution.mentor_of)
    again = shortfalls(problem)
    if [each.mentees.tolist() for each in found] != [each.mentees.tolist() for each in again]:
        yield "another matching, other groups"
    most = solve(problem.changed(coverage="first")).matched
    if sum(each.short for each in found) != problem.shape[0] - most:
        yield f"{problem.shape[0] - most} stay unmatched, the groups say otherwise"
    taken = np.bincount(problem.locked[:, 1], minlength=problem.shape[1])
    places = problem.capacity - taken
    for group in found:
        reached = problem.eligible[group.mentees].any(axis=0) & (places > 0)
        if np.flatnonzero(reached).tolist() != group.mentors.tolist():
            yield f"{group.mentees} can reach others than {group.mentors}"
        if not group.mentors.size:
            continue
        for size in range(group.mentees.size):
            for fewer in itertools.combinations(group.mentees.tolist(), size):
                near = problem.eligible[list(fewer)].any(axis=0) & (places > 0)
                if size - int(places[near].sum()) >= group.short:
                    yield f"{fewer} fall short by as many as {group.mentees}"


RANGES = ((0, 2), (0, 4), (-3, 4), (0, 1_000_001), (-1_000_000, 1_000_001))
"""Ranges that points are drawn from: from full of ties to none, below 0 too."""


def _random_locks(
    rng: np.random.Generator, eligible: NDArray[np.bool_], capacity: NDArray[np.int64]
) -> list[tuple[int, int]]:
    """Draw locks that can be kept, unless a forbidden pair hits one of them."""
    locks: list[tuple[int, int]] = []
    left = capacity.copy()
    for i in range(len(eligible)):
        open_to = np.flatnonzero(eligible[i] & (left > 0)) if left.size else left
        if open_to.size and rng.random() < 0.15:
            j = int(rng.choice(open_to))
            left[j] -= 1
            locks.append((i, j))
    return locks


def milp_optimum(problem: Problem) -> tuple[int, int]:
    """Return the number matched and the total by HiGHS, people first with coverage first."""
    mentee, mentor = np.nonzero(problem.eligible)
    gains = problem.points[mentee, mentor] - problem.unmatched_points[mentee]
    n, m = problem.shape
    ones, pairs = np.ones(mentee.size), np.arange(mentee.size)
    seats = csr_array((ones, (mentee, pairs)), shape=(n, pairs.size))
    room = csr_array((ones, (mentor, pairs)), shape=(m, pairs.size))
    limits = [LinearConstraint(seats, ub=1), LinearConstraint(room, ub=problem.capacity)]
    if problem.coverage == "first":
        most = int(_milp_choice(ones, limits).sum())
        limits.append(LinearConstraint(csr_array(ones[None, :]), lb=most, ub=most))
    chosen = _milp_choice(gains.astype(float), limits)
    return int(chosen.sum()), int(gains[chosen].sum() + problem.unmatched_points.sum())


def _milp_choice(gains: NDArray[np.float64], limits: list[LinearConstraint]) -> NDArray[np.bool_]:
    """Return which pairs HiGHS takes, to the last point and not to its default tolerance."""
    result = milp(
        -gains,
        integrality=np.ones(gains.size, dtype=int),
        bounds=Bounds(0, 1),
        constraints=limits,
        options={"mip_rel_gap": 0},
    )
    assert result.success, result.message
    return np.asarray(result.x > 0.5)


def shuffled_agree(problem: Problem, solution: Solution, rng: np.random.Generator) -> bool:
    """Tell whether the same people in another order are matched the same way."""
    n, m = problem.shape
    rows, columns = rng.permutation(n), rng.permutation(m)
    row_of, column_of = np.argsort(rows), np.argsort(columns)
    again = solve(
        Problem(
            problem.points[np.ix_(rows, columns)],
            capacity=problem.capacity[columns],
            eligible=problem.eligible[np.ix_(rows, columns)],
            locked=[(row_of[i], column_of[j]) for i, j in problem.locked],
            unmatched_points=problem.unmatched_points[rows],
            coverage=problem.coverage,
            keys=(problem.row_keys[rows], problem.column_keys[columns]),
        )
    )
    back = np.append(columns, -1)[again.mentor_of]
    return (
        bool((back == solution.mentor_of[rows]).all())
        and bool((again.tied == solution.tied[rows]).all())
        and bool((again.prices == solution.prices[columns]).all())
        and bool((again.max_prices == solution.max_prices[columns]).all())
        and bool((again.surpluses == solution.surpluses[rows]).all())
    )


def coarse_problem(rng: np.random.Generator, *, largest: int = 60) -> Problem:
    """Draw a round whose points come in few steps, so that very many optima tie."""
    n, m = rng.integers(2, largest + 1), rng.integers(1, largest // 2 + 1)
    steps = int(rng.integers(1, 21))
    step = 1_000_000 // steps
    return Problem(
        rng.integers(0, steps + 1, size=(n, m)) * step,
        capacity=rng.integers(0, 5, size=m),
        eligible=rng.random((n, m)) < rng.choice([0.5, 0.9, 1.0]),
        unmatched_points=int(rng.integers(0, steps + 1)) * step if rng.random() < 0.5 else 0,
        coverage="first" if rng.random() < 0.5 else "score",
        keys=(rng.permutation(n), rng.permutation(m)),
    )


class Blurred:
    """A source that is as far from its exact points as it may be, and differently at each pair."""

    def __init__(self, problem: Problem, *, error: float) -> None:
        self.problem, self.error = problem, error

    @property
    def shape(self) -> tuple[int, int]:
        """Mentees, mentors."""
        return self.problem.shape

    def block(self, rows: NDArray[np.int64], cols: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return points of a block, wrong by up to the error."""
        at = np.ix_(rows, cols)
        blur = (rows[:, None] * 7 + cols * 13) % 5 / 2 - 1
        exact = self.problem.points[at] + blur * self.error
        return np.where(self.problem.eligible[at], exact, -np.inf).astype(np.float32)

    def pairs(self, rows: NDArray[np.int64], cols: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return exact points of pairs."""
        at = rows, cols
        return np.where(self.problem.eligible[at], self.problem.points[at], INELIGIBLE)


def as_listed(problem: Problem) -> csr_array:
    """Return the eligible pairs of a problem as a CSR array, zeros stored."""
    mentee, mentor = np.nonzero(problem.eligible)
    start = np.append(0, np.cumsum(problem.eligible.sum(axis=1))).astype(np.int64)
    return csr_array((problem.points[mentee, mentor], mentor, start), shape=problem.shape)


def same(one: object, other: object) -> bool:
    """Tell whether two solutions agree in every byte, whatever they took."""
    if not (is_dataclass(one) and is_dataclass(other)):
        return bool(np.array_equal(one, other))  # type: ignore[arg-type]
    return type(one) is type(other) and all(
        same(getattr(one, each.name), getattr(other, each.name))
        for each in fields(one)
        if each.name not in {"stages", "recall"}
    )
