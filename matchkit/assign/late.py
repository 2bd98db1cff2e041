"""The best answer there is when time runs out, with a bound that holds.

Any prices bound every assignment from above, as long as the surpluses beside them are
raised to what the best pair of each mentee leaves; so whatever was found can say how far it
may be from the best.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from matchkit.assign.certificate import Duals, Seen
from matchkit.assign.core import Core, split, worth_of
from matchkit.assign.deferred import settled
from matchkit.assign.lists import open_search, searched
from matchkit.assign.passes import Crew
from matchkit.assign.solution import Solution

Ints = NDArray[np.int64]

_NOBODY = -(1 << 62)  # below all points


@dataclass(frozen=True, eq=False)
class Draft:
    """What is known before the optimum is.

    Attributes
    ----------
    core : Core
        The open part of the problem.
    most : int
        Mentees with an eligible mentor, or places that could be taken, whichever are fewer.
    mentor_of : NDArray[int64], shape (n,), or None
        The best assignment so far.
    duals : Duals or None
        The prices of the least bound so far, with surpluses that make it one.
    """

    core: Core
    most: int
    mentor_of: Ints | None = None
    duals: Duals | None = None

    def after(self, duals: Duals, seen: Seen) -> Draft:
        """Return what is known after a look at all pairs."""
        raised = lifted(duals, seen)
        if self.duals is not None and self._bound(self.duals) <= self._bound(raised):
            raised = self.duals
        return replace(self, duals=raised)

    def _bound(self, duals: Duals) -> int:
        places = zip(self.core.places.tolist(), duals.prices.tolist(), strict=True)
        return int(sum(count * price for count, price in places) + sum(duals.surpluses.tolist()))

    @property
    def gap(self) -> float | None:
        """How far points may be from the best, as a share; None while that is not known."""
        if self.mentor_of is None or self.duals is None:
            return None
        bound, unit = self._bound(self.duals), self.core.unit
        worth = int(sum(self.core.chosen(self.mentor_of).tolist()))
        points = bound - unit * int((self.mentor_of >= 0).sum()) if unit else bound
        return max(0, bound - worth) / max(1, abs(points))


def lifted(duals: Duals, seen: Seen) -> Duals:
    """Return prices with surpluses that no pair exceeds."""
    surpluses = duals.surpluses.copy()
    excess = duals.excess(seen.mentees, seen.mentors, seen.points)
    np.maximum.at(surpluses, seen.mentees, duals.surpluses[seen.mentees] + np.maximum(excess, 0))
    return replace(duals, surpluses=surpluses)


def cut_off(draft: Draft, crew: Crew, *, fallback: Ints | None = None) -> Solution:
    """Return the best answer so far, with everybody in a free place who could have one.

    Parameters
    ----------
    draft : Draft
        What is known.
    crew : Crew
        Who works on blocks of pairs, though the deadline has passed.
    fallback : NDArray[int64], shape (all mentees,), optional
        An assignment that is known from elsewhere.
    """
    problem = draft.core.problem
    nobody = np.full(draft.core.rows.size, -1)
    known = nobody if draft.mentor_of is None else draft.mentor_of
    choices = [_everybody(draft.core, known), *([] if fallback is None else [fallback])]
    found = max(choices, key=lambda each: tuple(worth_of(problem, each).sum(axis=0).tolist()))
    made = np.flatnonzero(found >= 0)
    rest = problem.changed(mentor_points=None, locked=np.column_stack([made, found[made]]))
    mentor_of = settled(rest, mentors_propose=False, crew=crew)
    worth = worth_of(problem, mentor_of)
    prices, surpluses = _bounding(draft, worth, crew)
    places = problem.capacity.tolist()
    people, points = (
        sum(c * p for c, p in zip(places, prices[:, level].tolist(), strict=True))
        + sum(surpluses[:, level].tolist())
        for level in (0, 1)
    )
    return Solution(
        status="deadline",
        mentor_of=mentor_of,
        matched=int((mentor_of >= 0).sum()),
        matched_bound=people if problem.coverage == "first" else draft.most,
        total=sum(worth[:, 1].tolist()),
        bound=points,
        prices=prices,
        max_prices=prices,
        surpluses=surpluses,
        tied=np.zeros(mentor_of.size, dtype=bool),
    )


def _everybody(core: Core, chosen: Ints) -> Ints:
    """Put locked pairs back."""
    mentor_of = np.full(core.problem.shape[0], -1)
    mentor_of[core.problem.locked[:, 0]] = core.problem.locked[:, 1]
    mentor_of[core.rows] = chosen
    return mentor_of


def _bounding(draft: Draft, worth: Ints, crew: Crew) -> tuple[Ints, Ints]:
    """Return prices and surpluses of everybody that bound people and points.

    Where as many are matched as can be, they bound the points of matchings of that many.
    Else points have a bound of their own, which holds for any number: everybody's best.
    """
    core, problem, duals = draft.core, draft.core.problem, draft.duals
    surpluses = np.zeros_like(worth)
    if duals is None:
        prices = np.zeros((problem.shape[1], 2), dtype=np.int64)
    else:
        prices = split(duals.prices, core.unit)
        surpluses[core.rows] = split(duals.surpluses - core.outside, core.unit)
        surpluses[core.rows, 1] += core.outside
    people = int((core.places * prices[:, 0]).sum() + surpluses[core.rows, 0].sum())
    if duals is None or people > worth[core.rows, 0].sum():
        best = _best(draft, crew)
        prices[:, 1] = 0
        prices[core.places == 0] = int(core.unit > 0), core.spread  # nobody pays it
        surpluses[core.rows, 1] = np.maximum(best, core.outside)
        if duals is None and core.unit:
            surpluses[core.rows, 0] = best > _NOBODY
    at, by = problem.locked.T
    surpluses[at] = worth[at] - prices[by]
    return prices, surpluses


def _best(draft: Draft, crew: Crew) -> Ints:
    """Return the points of each mentee's best pair."""
    core, source = draft.core, draft.core.problem.source
    search = open_search(core.problem, (source, source), mentors_propose=False)
    lists = searched(search, core.rows, crew)
    return np.where(lists.others[:, 0] >= 0, lists.values[:, 0], _NOBODY)
