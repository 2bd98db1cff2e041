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

from matchkit.assign.diagnosis import conflicts, counted
from matchkit.assign.lagrangian import Relaxation
from matchkit.assign.linear import Ints, Listing, Rows
from matchkit.assign.multipliers import Multipliers
from matchkit.assign.passes import Crew
from matchkit.assign.problem import Problem
from matchkit.assign.programs import Choice, relaxed, searched
from matchkit.assign.quotas import PerMentor, Quota, penalty
from matchkit.assign.solution import Solution, Status
from matchkit.assign.sources import INELIGIBLE, BlockSource
from matchkit.assign.sweep import Near, extent, swept
from matchkit.errors import InfeasibleError, TooLargeError

_HELD = 1 << 15  # pairs up to which all of them are listed
_CANDIDATES = 12  # pairs of a mentee that multipliers are found with
_REACH = 1 / 8  # of the largest point: how far multipliers move at first, and ever less
_ROUNDS = 12  # of candidates
_CLOSE = 1e-9  # of the bound: what pairs that are no candidates may still add to it
_STRAIN = 8  # times the largest point or price: what breaking a condition costs at first
_ANYTHING = int(np.iinfo(np.int64).max)
_STRAINS = 3  # how often that is raised before something else is tried
_NOTHING_FOUND = "no assignment was found that keeps the conditions, nor a proof that none does."
_PERSON = 1 << 20  # what a person counts where only people do: fractions of one stay visible
_SHARES = (
    1.15,
    1.3,
    1.5,
    2.0,
    3.0,
    12.0,
)  # pairs of a mentee on average among which the search begins
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
    return _solution(problem, free, found, late=crew.watch.late)


def _kept(problem: Problem, mentor_of: Ints) -> bool:
    """Tell whether an assignment keeps every condition across pairs, those with a price too."""
    m = problem.shape[1]
    load = np.bincount(mentor_of[mentor_of >= 0], minlength=m)
    return bool((load >= problem.min_load).all()) and not any(
        each.violation(mentor_of, m) for each in problem.quotas
    )


def _folded(problem: Problem, free: Solution, size: float) -> Multipliers:
    """Return the prices without the conditions, with people folded into points."""
    unit = 0
    if problem.coverage == "first":  # more than all chains of moves together can gain in points
        size = max(size, float(np.abs(problem.unmatched_points).max(initial=0)))
        unit = 4 * (max(problem.shape) + 2) * (int(size) + 1)
    prices = free.prices @ np.array([unit, 1])
    return replace(Multipliers.none(problem), prices=prices, bonus=unit)


def _unpressed(problem: Problem, free: Solution) -> Found:
    """Return the optimum without the conditions as the answer: they count nothing."""
    dual = _folded(problem, free, extent(problem.source))
    return Found(
        mentor_of=free.mentor_of,
        proven=True,
        multipliers=dual,
        surpluses=free.surpluses @ np.array([dual.bonus, 1]),
        count=free.matched if dual.bonus else 0,
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
        self._size = extent(problem.source)
        self._look = functools.partial(swept, crew=crew, size=self._size)
        self._watch, self._lost = crew.watch, _ANYTHING
        self._thorough = problem.coverage == "score"

    def found(self) -> Found:
        """Find it, people first where they come first."""
        shown = counted(self._problem)
        if shown is not None:
            raise InfeasibleError(shown.lines, shown)
        most = self._free.matched_bound
        if self._problem.coverage == "score":
            found = self._best(None, most)
        else:
            found = self._best(most, most)
            if found is None:
                self._thorough = True
                found = self._best(*_people(self._problem, self._free, self._crew))
        if found is None:
            clash = conflicts(self._problem)
            if not clash.conflicts:
                raise TooLargeError(_NOTHING_FOUND)
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
                raise TooLargeError(_NOTHING_FOUND)
            return None
        proven = choice.proven and count in {None, most}
        # Whoever beats this must match as many, which is what the bonus is paid for.
        paid = 0 if count is None else int((choice.mentor_of >= 0).sum())
        return Found(choice.mentor_of, proven, dual, surpluses, paid, most)

    def _dual(self, count: int | None) -> Multipliers | None:
        """Return multipliers that make a good bound, None if the conditions leave nothing."""
        problem = self._problem
        n, m = problem.shape
        if n * m <= _HELD:
            nothing = Multipliers.none(problem)
            rows = self._rows(self._look(problem, nothing, within=np.inf), count)
            found = relaxed(rows)
            return None if found is None else Multipliers.of(rows, found.values)
        dual = _folded(problem, self._free, self._size)
        # No assignment of as many people loses as much as a person counts.
        self._lost = dual.bonus // 2 or self._lost
        most = self._free.matched if problem.coverage == "first" else None
        if count == most and any(isinstance(each, Quota) for each in problem.quotas):
            begun = self._relaxed(dual)
            if begun is None and not self._thorough:
                return None
            if begun is None:  # no multipliers within the reach of the relaxation, that is
                self._lost = _ANYTHING
                return self._grown(dual, count)
            dual = begun
        if count != most or problem.min_load.any() or self._limited:
            self._lost = _ANYTHING
            return self._grown(dual, count)
        return dual

    @property
    def _limited(self) -> bool:
        """Whether there are limits for each mentor."""
        return any(isinstance(each, PerMentor) for each in self._problem.quotas)

    def _grown(self, dual: Multipliers, count: int | None) -> Multipliers | None:
        """Return multipliers from linear programs over pairs that grow until they are enough.

        Begins with the pairs that are best under other multipliers.
        """
        problem = self._problem
        near = self._look(problem, dual, most=_CANDIDATES)
        fixed = problem.locked[:, 0], problem.locked[:, 1]
        alone = int(np.delete(problem.unmatched_points, fixed[0]).sum())
        constant = float(alone + problem.source.pairs(*fixed).sum())
        farthest = int(np.abs(problem.unmatched_points).max(initial=int(self._size)))
        dearest = max([farthest, *(each.price or 0 for each in problem.quotas)])
        strain = least = _STRAIN * (dearest + 1)
        for _ in range(_ROUNDS):
            rows = self._rows(near, count)
            found = relaxed(rows, strain=strain)
            if found is None:
                return None
            dual = Multipliers.of(rows, found.values)
            seen = self._look(problem, dual, most=_CANDIDATES // 2)
            bound = dual.offset(problem, count or 0) + int(seen.surpluses.sum())
            if bound - (found.gain + constant) <= sum(problem.shape):
                if not found.strained:
                    break
                if strain > least * _STRAIN**_STRAINS:
                    return None
                strain *= _STRAIN
            near = near.joined(seen)
        return dual

    def _relaxed(self, dual: Multipliers) -> Multipliers | None:
        """Return multipliers of quotas with the prices that go with them, None without any."""
        problem = self._problem
        relaxation = Relaxation(problem, self._free, self._size)
        for guess in relaxation.guesses():
            tried = replace(dual, quotas=relaxation.quotas(guess))
            relaxation.join(self._look(problem, tried, most=_CANDIDATES))
        at = guess
        for times in range(_ROUNDS):
            best = relaxation.descend(at, _REACH / 8**times)
            if relaxation.lost(best):
                return None
            at, dual = best.at, relaxation.dual(best.at)
            near = self._look(problem, dual, most=_CANDIDATES)
            bound = dual.offset(problem, self._free.matched) + int(near.surpluses.sum())
            if bound - best.value <= _CLOSE * abs(bound):
                break
            relaxation.join(near)
        return dual

    def _closed(self, dual: Multipliers, count: int | None) -> tuple[Choice, Ints]:
        """Return the assignment that loses least, and what is left to mentees.

        Pairs that lose nearly nothing are searched first. What the best of them loses bounds
        what a pair of anything better can lose, and then all pairs within that are searched.
        """
        problem = self._problem
        near = self._look(problem, dual, most=_CANDIDATES)
        bound = dual.offset(problem, count or 0) + int(near.surpluses.sum())
        best, gap = Choice(None, proven=False), -1
        size = -1
        for share in _SHARES:
            few = self._few(near, dual, share)
            if few.mentees.size == size:
                continue
            size = few.mentees.size
            found = self._searched(few, dual, count, self._lost, patient=best.mentor_of is None)
            if found.mentor_of is None:
                continue
            best, gap = found, bound - worth(problem, found.mentor_of)
            if self._watch.late and gap:
                return Choice(best.mentor_of, proven=False), near.surpluses
            if not gap or self._within(near, dual, gap) <= max(1.3 * size, problem.shape[0]):
                break
        if best.mentor_of is None:
            near, gap = self._look(problem, dual, within=np.inf), self._lost
        elif gap:
            near = self._look(problem, dual, within=float(gap))
        if not gap:
            return Choice(best.mentor_of, proven=True), near.surpluses
        if near.mentees.size > _WIDEST:
            return Choice(best.mentor_of, proven=False), near.surpluses
        again = self._searched(near, dual, count, gap, patient=best.mentor_of is None)
        better = best if again.mentor_of is None else again
        return Choice(better.mentor_of, again.proven), near.surpluses

    def _within(self, near: Near, dual: Multipliers, gap: int) -> int:
        """Return how many pairs lose no more than the gap."""
        return int(np.count_nonzero(self._losses(near, dual) <= gap))

    def _losses(self, near: Near, dual: Multipliers) -> Ints:
        """Return what each pair loses."""
        pairs = near.mentees, near.mentors, near.points
        return near.surpluses[near.mentees] - dual.net(self._problem, *pairs)

    def _few(self, near: Near, dual: Multipliers, share: float) -> Near:
        """Return so many pairs for each mentee on average, those that lose least."""
        loss = self._losses(near, dual)
        wanted = int(share * self._problem.shape[0])
        if wanted >= loss.size:
            return near
        kept = loss <= np.partition(loss, wanted)[wanted]
        return Near(near.surpluses, near.mentees[kept], near.mentors[kept], near.points[kept])

    def _searched(
        self, near: Near, dual: Multipliers, count: int | None, most: int, *, patient: bool
    ) -> Choice:
        """Search some pairs, to the end if patient, and else until time is out."""
        rows = self._rows(near, count, dual.quotas)
        left = np.inf if patient else self._watch.left
        return searched(rows, dual.values(rows, near.surpluses), most=most, seconds=left)

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
    people = np.array([[0, _PERSON], [0, 0]])  # the people of its prices prove that optimum too
    alike = replace(free, prices=free.prices @ people, surpluses=free.surpluses @ people)
    found = _Search(counted, alike, crew).found()
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


def doubted(problem: Problem, solution: Solution, *, late: bool) -> Solution:
    """Return an optimum that need not be one: with the bound that its multipliers prove."""
    fold = np.array([solution.bonus, 1])
    dual = Multipliers(solution.prices @ fold, solution.bonus, solution.multipliers)
    offset = dual.offset(problem, solution.matched)
    bound = offset + int((solution.surpluses @ fold).sum())
    return replace(solution, status="deadline" if late else "feasible", bound=bound)


def _solution(problem: Problem, free: Solution, found: Found, *, late: bool) -> Solution:
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
    unproven: Status = "deadline" if late else "feasible"
    return Solution(
        status="optimal" if found.proven else unproven,
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
        recall=free.recall,
    )
