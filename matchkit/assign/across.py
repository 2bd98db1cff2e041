"""Problems with conditions across pairs: every stage on one screen.

The best assignment without the conditions comes first: where it keeps them, it is the
answer. Else multipliers are found that make a bound, and HiGHS looks for the assignment
that loses least against it, first among the pairs that lose nearly nothing and then among
all pairs of the round whose own loss could still pay: what is best among these is best.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from matchkit.assign.diagnosis import conflicts
from matchkit.assign.linear import Ints, Listing, Rows
from matchkit.assign.multipliers import Multipliers
from matchkit.assign.passes import Crew
from matchkit.assign.problem import Problem
from matchkit.assign.programs import Choice, relaxed, searched
from matchkit.assign.quotas import penalty
from matchkit.assign.solution import Solution
from matchkit.assign.sources import INELIGIBLE, BlockSource
from matchkit.assign.sweep import Near, extent, swept
from matchkit.errors import InfeasibleError, TooLargeError

_PERSON = 1 << 20  # what a person counts where only people do: fractions of one stay visible
_FIRST = 3  # pairs of a mentee among which the search begins
_WIDEST = 1 << 21  # pairs among which HiGHS is let search


@dataclass(frozen=True, eq=False)
class Found:
    """The best assignment found, and the bound beside it.

    Attributes
    ----------
    mentor_of : NDArray[int64], shape (n,)
    proven : bool
        Nothing better exists.
    multipliers : Multipliers
    surpluses : NDArray[int64], shape (n,)
        What they leave to each mentee.
    count : int
        How many must be matched for the bound to hold.
    matched_bound : int
        How many could be matched at most.
    """

    mentor_of: Ints
    proven: bool
    multipliers: Multipliers
    surpluses: Ints
    count: int
    matched_bound: int


def solve_across(problem: Problem, free: Solution, crew: Crew) -> Solution:
    """Find the best assignment that keeps the conditions across pairs.

    Parameters
    ----------
    problem : Problem
        What to solve.
    free : Solution
        The optimum without these conditions.
    crew : Crew
        Who works on blocks of pairs.

    Raises
    ------
    InfeasibleError
        If no assignment keeps them all.
    """
    if _kept(problem, free.mentor_of):
        found = _unpressed(problem, free)
    else:
        found = _Search(problem, free, crew).found()
    return _solution(problem, free, found)


def _kept(problem: Problem, mentor_of: Ints) -> bool:
    """Tell whether an assignment keeps every condition across pairs, those with a price too."""
    m = problem.shape[1]
    load = np.bincount(mentor_of[mentor_of >= 0], minlength=m)
    return bool((load >= problem.min_load).all()) and not any(
        each.violation(mentor_of, m) for each in problem.quotas
    )


def _unpressed(problem: Problem, free: Solution) -> Found:
    """Return the optimum without the conditions as the answer: they count nothing."""
    unit = 0
    if problem.coverage == "first":  # more than all chains of moves together can gain in points
        size = max(extent(problem.source), float(np.abs(problem.unmatched_points).max(initial=0)))
        unit = 4 * (max(problem.shape) + 2) * (int(size) + 1)
    fold = np.array([unit, 1])
    return Found(
        mentor_of=free.mentor_of,
        proven=True,
        multipliers=replace(Multipliers.none(problem), prices=free.prices @ fold, bonus=unit),
        surpluses=free.surpluses @ fold,
        count=free.matched if unit else 0,
        matched_bound=free.matched_bound,
    )


class _Search:
    """The search for the best assignment under conditions that press.

    Parameters
    ----------
    problem : Problem
    free : Solution
        The optimum without the conditions.
    crew : Crew
    """

    def __init__(self, problem: Problem, free: Solution, crew: Crew) -> None:
        self._problem, self._free, self._crew = problem, free, crew
        self._look = functools.partial(swept, crew=crew, size=extent(problem.source))

    def found(self) -> Found:
        """Find it, people first where they come first."""
        most = self._free.matched_bound
        if self._problem.coverage == "score":
            found = self._best(None, most)
        else:
            found = self._best(most, most)
            if found is None:
                found = self._best(*_people(self._problem, self._free, self._crew))
        if found is None:
            clash = conflicts(self._problem)
            raise InfeasibleError(clash.lines, clash)
        return found

    def _best(self, count: int | None, most: int) -> Found | None:
        """Return the most points of at least so many matched, None if there is nothing."""
        dual = self._dual(count)
        if dual is None:
            return None
        choice, surpluses = self._closed(dual, count)
        if choice.mentor_of is None:
            if not choice.proven:
                message = "no assignment was found that keeps the conditions, nor that none does."
                raise TooLargeError(message)
            return None
        proven = choice.proven and count in {None, most}
        # Whoever beats this must match as many, which is what the bonus is paid for.
        paid = 0 if count is None else int((choice.mentor_of >= 0).sum())
        return Found(choice.mentor_of, proven, dual, surpluses, paid, most)

    def _dual(self, count: int | None) -> Multipliers | None:
        """Return multipliers that make a good bound, None if the conditions leave nothing."""
        everything = self._look(self._problem, Multipliers.none(self._problem), within=np.inf)
        rows = self._rows(everything, count)
        values = relaxed(rows)
        return None if values is None else Multipliers.of(rows, values)

    def _closed(self, dual: Multipliers, count: int | None) -> tuple[Choice, Ints]:
        """Return the assignment that loses least, and what is left to mentees."""
        problem, most = self._problem, _FIRST
        while True:
            near = self._look(problem, dual, most=most)
            best = self._searched(near, dual, count)
            if best.mentor_of is not None or most >= problem.shape[1]:
                break
            most *= 8
        if best.mentor_of is None:
            return best, near.surpluses
        bound = dual.offset(problem, count or 0) + int(near.surpluses.sum())
        gap = bound - worth(problem, best.mentor_of)
        near = self._look(problem, dual, within=float(gap))
        if gap and near.mentees.size <= _WIDEST:
            again = self._searched(near, dual, count)
            better = again if again.mentor_of is not None else best
            return Choice(better.mentor_of, again.proven), near.surpluses
        return Choice(best.mentor_of, proven=not gap), near.surpluses

    def _searched(self, near: Near, dual: Multipliers, count: int | None) -> Choice:
        rows = self._rows(near, count, dual.quotas)
        return searched(rows, dual.values(rows, near.surpluses))

    def _rows(self, near: Near, count: int | None, priced: tuple[Ints, ...] | None = None) -> Rows:
        listing = Listing.of(self._problem, near.mentees, near.mentors, near.points)
        return Rows(self._problem, listing, count, priced)


def _people(problem: Problem, free: Solution, crew: Crew) -> tuple[int, int]:
    """Return how many can be matched for sure, and how many at most.

    Raises
    ------
    InfeasibleError
        If the conditions leave nothing.
    """
    counted = problem.changed(
        points=_People(problem.source),
        unmatched_points=0,
        coverage="score",
        quotas=[each for each in problem.quotas if each.price is None],
    )
    found = _Search(counted, free, crew).found()
    matched = int((found.mentor_of >= 0).sum())
    if found.proven:
        return matched, matched
    bound = found.multipliers.offset(counted, 0) + int(found.surpluses.sum())
    return matched, min(bound // _PERSON, free.matched_bound)


class _People:
    """A source in which all that counts is to be matched."""

    error = 0.0

    def __init__(self, source: BlockSource) -> None:
        self._source = source
        self.shape = source.shape

    def block(self, rows: Ints, cols: Ints) -> NDArray[np.float32]:
        """Return the same for every eligible pair, shape (r, c)."""
        block = self._source.block(rows, cols)
        block[block > -np.inf] = _PERSON
        return block

    def pairs(self, rows: Ints, cols: Ints) -> Ints:
        """Return the same for every eligible pair, shape (k,)."""
        points = self._source.pairs(rows, cols)
        return np.where(points == INELIGIBLE, INELIGIBLE, _PERSON)


def worth(problem: Problem, mentor_of: Ints) -> int:
    """Return the points of an assignment, less what conditions with a price cost."""
    return total(problem, mentor_of) - penalty(problem.quotas, mentor_of, problem.shape[1])


def total(problem: Problem, mentor_of: Ints) -> int:
    """Return the points of an assignment."""
    at = np.flatnonzero(mentor_of >= 0)
    alone = int(problem.unmatched_points[mentor_of < 0].sum())
    return alone + int(problem.source.pairs(at, mentor_of[at]).sum())


def _solution(problem: Problem, free: Solution, found: Found) -> Solution:
    """Return what was found, with people and points of prices and surpluses told apart.

    The people are those of the optimum without the conditions, which prove how many could be
    matched at most.
    """
    dual = found.multipliers
    prices = dual.prices - dual.bonus * free.prices[:, 0]
    surpluses = found.surpluses - dual.bonus * free.surpluses[:, 0]
    points = total(problem, found.mentor_of)
    cost = penalty(problem.quotas, found.mentor_of, problem.shape[1])
    bound = dual.offset(problem, found.count) + int(found.surpluses.sum())
    paired = np.column_stack([free.prices[:, 0], prices])
    return Solution(
        status="optimal" if found.proven else "feasible",
        mentor_of=found.mentor_of,
        matched=int((found.mentor_of >= 0).sum()),
        matched_bound=found.matched_bound,
        total=points,
        bound=points - cost if found.proven else bound,
        prices=paired,
        max_prices=paired.copy(),
        surpluses=np.column_stack([free.surpluses[:, 0], surpluses]),
        tied=np.zeros(problem.shape[0], dtype=np.bool_),
        multipliers=dual.quotas,
        bonus=dual.bonus,
        penalty=cost,
    )
