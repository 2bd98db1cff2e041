"""What a solver hands back: the matching, its prices, and the bound that proves it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from matchkit.assign.passes import Stage

if TYPE_CHECKING:
    from matchkit.assign.recall import Recall

Status = Literal["optimal", "feasible", "infeasible", "deadline"]
Objective = Literal["total", "fair", "stable", "stable_for_mentors"]


@dataclass(frozen=True, eq=False)
class Cover:
    """Mentees and mentors such that every pair in question has one of them.

    No more mentees can then be matched by such pairs than the mentees of the cover and the
    places of its mentors are together.

    Attributes
    ----------
    mentees : NDArray[bool], shape (n,)
    mentors : NDArray[bool], shape (m,)
    """

    mentees: NDArray[np.bool_]
    mentors: NDArray[np.bool_]

    def __post_init__(self) -> None:
        """Close the arrays."""
        for array in (self.mentees, self.mentors):
            array.setflags(write=False)


@dataclass(frozen=True, eq=False)
class Fairness:
    """How well the worst off fares, and what proves that it cannot be better.

    Locked pairs are no matter of choice: nothing here speaks of them.

    Attributes
    ----------
    worst : int or None
        Points of the worst pair, or with ``coverage="score"`` of the mentee who has the
        least, unmatched points among them. None where there is nobody to speak of.
    bound : int or None
        The most that it could be; equal to ``worst`` unless time ran out.
    people : Cover or None
        Of all eligible pairs: proves with ``coverage="first"`` that no more can be matched.
    better : Cover or None
        Of the pairs with more points than ``bound``: fewer can be matched by them than
        have to be.
    """

    worst: int | None
    bound: int | None
    people: Cover | None
    better: Cover | None


@dataclass(frozen=True, eq=False)
class Solution:
    """An assignment with its proof.

    Prices and surpluses are pairs (people, points), compared people first. With
    ``coverage="score"`` people are 0 in all of them. With ``coverage="first"``::

        sum(capacity * prices) + sum(surpluses) == (matched_bound, bound)

    and no assignment can do better than the left side, whatever the prices: that the
    right side is reached proves the optimum.

    With conditions across pairs, multipliers join the prices, and all of them together are
    a bound that may lie above the best; how `matchkit.assign` goes on from there is told in
    its page on constraints. The people of prices and surpluses then prove what could be
    matched without those conditions.

    Attributes
    ----------
    status : {"optimal", "feasible", "infeasible", "deadline"}
        ``"optimal"``: nothing better exists, and bound and worth are equal as integers.
        ``"feasible"``: every condition is kept, and the bound is not reached.
        ``"deadline"``: the same, since time ran out; ``max_prices`` are then ``prices``,
        which prove the bound and say nothing of what a place is worth, and nobody is told
        to be tied.
        ``"infeasible"``: the conditions cannot be met together, and nobody is matched.
    mentor_of : NDArray[int64], shape (n,)
        The mentor of each mentee, -1 where unmatched.
    matched : int
        How many mentees have a mentor.
    matched_bound : int
        The most that could have one. With ``coverage="score"``, where the number
        matched is not maximized: the lesser of mentees with an eligible mentor and
        places that an eligible mentee could take.
    total : int
        Points of the pairs plus ``unmatched_points`` of each unmatched mentee.
    bound : int
        The most that ``total - penalty`` could be (among matchings of that many people
        with ``coverage="first"``).
    prices : NDArray[int64], shape (m, 2)
        What one more place of each mentor would add. These are the minimal prices of
        the problem, and unique.
    max_prices : NDArray[int64], shape (m, 2)
        What losing a place of each mentor would cost: the maximal prices. A mentor with
        no place beside those of locked pairs has none to lose; there it is the least
        price that goes with the maximal prices of the others.
    surpluses : NDArray[int64], shape (n, 2)
        What losing each mentee would cost, at ``prices``. Absolute: the worth of being
        left unmatched is in it.
    tied : NDArray[bool], shape (n,)
        True where some other optimum matches this mentee differently. With conditions
        across pairs this is not looked for.
    multipliers : tuple of NDArray[int64]
        For each quota of the problem, the points that one more unit of its sum counts:
        positive where a lower bound presses, negative where an upper one does. Of shape ()
        for a `Quota`, (groups, m) for a `PerMentor`.
    bonus : int
        What one of the people in prices and surpluses counts, in points, beside these
        multipliers; 0 without conditions across pairs.
    penalty : int
        What conditions with a price cost, as far as they are not kept.
    objective : {"total", "fair", "stable", "stable_for_mentors"}
        What it is the best in. A fair one has prices and bound of the round without the
        pairs that are worse than its worst (see `floored`). Stable matchings have no
        prices: they are 0, surpluses are what each mentee's own match is worth, and as
        there is only one such matching, it is its own bound.
    fairness : Fairness or None
        How well the worst off fares, of a fair solution.
    stages : tuple of Stage
        What each stage took. It depends on the machine, and is the only part of a
        solution that may differ from run to run.
    recall : Recall or None
        Which pairs came close, for ``solve(start=)``: no part of the answer.
    """

    status: Status
    mentor_of: NDArray[np.int64]
    matched: int
    matched_bound: int
    total: int
    bound: int
    prices: NDArray[np.int64]
    max_prices: NDArray[np.int64]
    surpluses: NDArray[np.int64]
    tied: NDArray[np.bool_]
    multipliers: tuple[NDArray[np.int64], ...] = ()
    bonus: int = 0
    penalty: int = 0
    objective: Objective = "total"
    fairness: Fairness | None = None
    stages: tuple[Stage, ...] = ()
    recall: Recall | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        """Close the arrays."""
        for array in (*vars(self).values(), *self.multipliers):
            if isinstance(array, np.ndarray):
                array.setflags(write=False)

    @property
    def rounds(self) -> int:
        """How often all pairs were held against prices; 1 where that was one stage of a whole."""
        return max(1, sum(stage.times for stage in self.stages if stage.name == "certificate"))

    @property
    def worth(self) -> int:
        """Total less penalty: what is made as large as can be."""
        return self.total - self.penalty

    @property
    def gap(self) -> float:
        """How far the total may be from the best: 0.0 exactly where proven optimal."""
        if self.bound == self.worth:
            return 0.0
        return (self.bound - self.worth) / max(1, abs(self.bound))
