"""Stable matchings by deferred acceptance, without preference lists of everybody.

D. Gale and L. S. Shapley ("College admissions and the stability of marriage", American
Mathematical Monthly 69, 1962, section 3): one side proposes, best first, and the other
holds the best that it was offered so far. All who are free propose at once. A refusal is
final, since whoever is held only gets better; so a list needs to hold only those who
would not refuse today, and few of them at a time: when a list is used up, the next few
are looked for among all pairs. Equals are told apart by keys, which makes the result the
only one: of all stable matchings the best for each of those who propose, at once.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matchkit.assign.lists import Lists, Search, open_search, searched
from matchkit.assign.passes import Crew
from matchkit.assign.problem import Problem
from matchkit.assign.selecting import ranks

Indices = NDArray[np.int64]


class _Floor:
    """Who holds whom, and who is free to propose."""

    def __init__(self, search: Search) -> None:
        none, size = np.zeros(0, dtype=np.int64), search.quota.size
        self._search, self._quota, self._room = search, search.quota, search.room
        self.proposers, self.others, self._values = none, none, none
        self._lists = Lists.empty(size)
        self._used = np.zeros(self._lists.others.shape, dtype=bool)
        self._stocked = np.zeros(size, dtype=bool)
        self._open = search.quota > 0

    def settle(self, crew: Crew) -> None:
        """Let everyone who is free propose, until nobody is or nobody is left to ask."""
        while self._room.size:
            free = self._quota - np.bincount(self.proposers, minlength=self._quota.size)
            rows = np.flatnonzero(self._open & (free > 0))
            if not rows.size:
                return
            self._stock(rows[~self._stocked[rows]], crew)
            others, values = self._lists.others[rows], self._lists.values[rows]
            order = self._search.view.theirs_order[rows, None]
            willing = (others >= 0) & ~self._used[rows]
            willing &= self._search.bar.passed(others, values, order)
            asked = willing & (willing.cumsum(axis=1) <= free[rows, None])
            short, whole = asked.sum(axis=1) < free[rows], self._lists.whole[rows]
            self._stocked[rows[short & ~whole]] = False
            self._open[rows[whole & ~asked.any(axis=1)]] = False
            at, place = np.nonzero(asked)
            self._used[rows[at], place] = True
            self._hold(rows[at], others[at, place], values[at, place])

    def _stock(self, rows: Indices, crew: Crew) -> None:
        """Make new lists for those who have used theirs up."""
        if rows.size:
            self._lists.put(rows, searched(self._search, rows, crew))
            self._used[rows], self._stocked[rows] = False, True

    def _hold(self, proposers: Indices, others: Indices, values: Indices) -> None:
        """Let those who are asked keep the best that they have."""
        called = np.zeros(self._room.size, dtype=bool)
        called[others] = True
        again = called[self.others]
        proposers, others, values = (
            np.concatenate([held[again], new])
            for held, new in (
                (self.proposers, proposers),
                (self.others, others),
                (self._values, values),
            )
        )
        key = self._search.view.theirs_order[proposers]
        order = np.lexsort((key, -values, others))
        rank = ranks(others[order])
        kept = order[rank < self._room[others[order]]]
        last = order[rank == self._room[others[order]] - 1]
        self._search.bar.value[others[last]] = values[last]
        self._search.bar.order[others[last]] = key[last]
        self.proposers = np.concatenate([self.proposers[~again], proposers[kept]])
        self.others = np.concatenate([self.others[~again], others[kept]])
        self._values = np.concatenate([self._values[~again], values[kept]])


def settled(problem: Problem, *, mentors_propose: bool, crew: Crew) -> Indices:
    """Find the stable matching that is best for each of those who propose.

    Parameters
    ----------
    problem : Problem
        What to solve; its locked pairs stand.
    mentors_propose : bool
        Which side proposes.
    crew : Crew
        Who works on blocks of pairs.

    Returns
    -------
    NDArray[int64], shape (n,)
        The mentor of each mentee, -1 where unmatched.
    """
    opinions = problem.source, problem.mentor_source
    tables = _Floor(open_search(problem, opinions, mentors_propose=mentors_propose))
    tables.settle(crew)
    mentees, mentors = tables.proposers, tables.others
    if mentors_propose:
        mentees, mentors = mentors, mentees
    mentor_of = np.full(problem.shape[0], -1)
    mentor_of[problem.locked[:, 0]] = problem.locked[:, 1]
    mentor_of[mentees] = mentors
    return mentor_of
