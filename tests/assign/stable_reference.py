"""Every stable matching of a small round, by the words of the definition."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from matchkit.assign import INELIGIBLE, Objective, Problem, blocking_pairs, solve
from tests.assign.reference import every_assignment, random_problem

Worth = tuple[int, int]
"""Points and, with equal points, minus the key: what people order each other by."""


def wishful_problem(rng: np.random.Generator) -> Problem:
    """Draw a small round in which mentors may have points of their own, locks that can be kept."""
    while True:
        drawn = random_problem(rng, largest=5)
        clash = set(map(tuple, drawn.locked.tolist())) & set(map(tuple, drawn.forbidden.tolist()))
        if not clash:
            break
    own = rng.permuted(drawn.points.ravel()).reshape(drawn.shape)
    some = csr_array(np.where(rng.random(drawn.shape) < 0.5, own, 0))
    return Problem(
        drawn.points,
        capacity=drawn.capacity,
        eligible=drawn.eligible,
        locked=drawn.locked,
        unmatched_points=drawn.unmatched_points,
        coverage=drawn.coverage,
        mentor_points=[None, own, some][rng.integers(3)],
        keys=(drawn.row_keys, drawn.column_keys),
    )


class Definition:
    """A round as the definition of stability speaks of it: who likes whom how much."""

    def __init__(self, problem: Problem, *, strictly: bool) -> None:
        self.problem = problem
        n, m = problem.shape
        rows, cols = np.repeat(np.arange(n), m), np.tile(np.arange(m), n)
        shape = problem.shape
        self.points = problem.source.pairs(rows, cols).reshape(shape)
        self.wishes = problem.mentor_source.pairs(rows, cols).reshape(shape)
        self.locked = {(i, j) for i, j in problem.locked.tolist()}
        self.scale = 1 if strictly else 0
        self.row_key = [-self.scale * int(key) for key in problem.row_keys]
        self.column_key = [-self.scale * int(key) for key in problem.column_keys]

    def mentee_likes(self, i: int, j: int) -> Worth:
        """Return what mentee i thinks of mentor j, or of nobody (-1)."""
        if j >= 0:
            return int(self.points[i, j]), self.column_key[j]
        first = self.problem.coverage == "first"
        return (
            -(10**18) if first else int(self.problem.unmatched_points[i]),
            -(10**30) * self.scale,
        )

    def mentor_likes(self, j: int, i: int) -> Worth:
        """Return what mentor j thinks of mentee i."""
        return int(self.wishes[i, j]), self.row_key[i]

    def acceptable(self, i: int, j: int) -> bool:
        """Tell whether mentee i could ever be matched with mentor j."""
        if (i, j) in self.locked:
            return True
        eligible = self.points[i, j] != INELIGIBLE
        return bool(eligible) and self.mentee_likes(i, j)[0] >= self.mentee_likes(i, -1)[0]

    def blocking(self, mentor_of: NDArray[np.int64]) -> Iterator[tuple[int, int]]:
        """Yield the pairs that would rather have each other."""
        fixed = {i for i, _ in self.locked}
        for i, own in enumerate(mentor_of.tolist()):
            if i in fixed:
                continue
            for j in range(self.problem.shape[1]):
                if self.points[i, j] == INELIGIBLE:
                    continue
                if self.mentee_likes(i, j) <= self.mentee_likes(i, own):
                    continue
                held = np.flatnonzero(mentor_of == j).tolist()
                if len(held) < self.problem.capacity[j] or any(
                    self.mentor_likes(j, i) > self.mentor_likes(j, k)
                    for k in held
                    if k not in fixed
                ):
                    yield i, j

    def stable(self) -> list[NDArray[np.int64]]:
        """Return every stable matching."""
        choices, loads = every_assignment(*self.problem.shape)
        fits = choices[(loads <= self.problem.capacity).all(axis=1)]
        return [each for each in fits if self._allowed(each) and not any(self.blocking(each))]

    def _allowed(self, mentor_of: NDArray[np.int64]) -> bool:
        pairs = list(enumerate(mentor_of.tolist()))
        return self.locked <= set(pairs) and all(j < 0 or self.acceptable(i, j) for i, j in pairs)


def stable_differences(problem: Problem) -> Iterator[str]:
    """Compare both stable solutions of a round with all stable matchings there are."""
    strict = Definition(problem, strictly=True)
    every = strict.stable()
    sides: tuple[tuple[Objective, int], ...] = (("stable", 1), ("stable_for_mentors", -1))
    for objective, sign in sides:
        found = solve(problem, objective=objective).mentor_of
        if not any((found == each).all() for each in every):
            yield f"{objective}: {found.tolist()} is not among the stable {every}"
        for each in every:
            for i, (mine, other) in enumerate(zip(found.tolist(), each.tolist(), strict=True)):
                liked = strict.mentee_likes(i, mine), strict.mentee_likes(i, other)
                if sign * (liked[0] > liked[1]) < sign * (liked[1] > liked[0]):
                    yield f"{objective}: mentee {i} has {mine}, and {each} gives {other}"
        if len({tuple(np.flatnonzero(each < 0)) for each in every}) > 1:
            yield "not the same people are matched in all stable matchings"
    total = solve(problem)
    told = [(i, j) for i, j in blocking_pairs(problem, total).tolist()]
    if told != sorted(Definition(problem, strictly=False).blocking(total.mentor_of)):
        yield f"blocking pairs are not {told}"
