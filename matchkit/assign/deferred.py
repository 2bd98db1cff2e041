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

import functools
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matchkit.assign.candidates import block_rows
from matchkit.assign.core import NOTHING
from matchkit.assign.passes import Crew
from matchkit.assign.problem import Problem
from matchkit.assign.selecting import above, at_most_the, ranks
from matchkit.assign.sources import INELIGIBLE, BlockSource

Indices = NDArray[np.int64]

_LISTED = 16  # of a list at a time
_MORE = 8  # times as many, after none of them was of any use
_STRIPE = 1 << 12  # proposers whose lists are made in one go
_DEEP = -1e30
_LAST = 1 << 62  # a place in the order of keys behind all others


@dataclass(frozen=True, eq=False)
class View:
    """Who proposes to whom, and what each side thinks of a pair.

    Attributes
    ----------
    mine, theirs : BlockSource
        What a pair is worth to those who propose, and to those who hold.
    flipped : bool
        Mentors propose: then rows of a table are columns of the sources.
    mine_order, theirs_order : NDArray[int64]
        Places in the order of keys, by which equals are told apart: those of the side that
        is proposed to, and those of the side that proposes.
    """

    mine: BlockSource
    theirs: BlockSource
    flipped: bool
    mine_order: Indices
    theirs_order: Indices

    @property
    def shape(self) -> tuple[int, int]:
        """Those who propose, those who hold."""
        n, m = self.mine.shape
        return (m, n) if self.flipped else (n, m)

    def blocks(self, rows: Indices) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return almost the points of some proposers with all others, by both sides."""
        everyone = np.arange(self.shape[1])
        sources = (self.mine,) if self.mine is self.theirs else (self.mine, self.theirs)
        if self.flipped:
            made = [np.ascontiguousarray(each.block(everyone, rows).T) for each in sources]
        else:
            made = [each.block(rows, everyone) for each in sources]
        return made[0], made[-1]

    def pairs(self, rows: Indices, others: Indices) -> tuple[Indices, Indices]:
        """Return the points of pairs, by both sides."""
        at = (others, rows) if self.flipped else (rows, others)
        mine = self.mine.pairs(*at)
        return mine, mine if self.mine is self.theirs else self.theirs.pairs(*at)


@dataclass(frozen=True, eq=False)
class Bar:
    """What those who hold ask of a new proposal: to be better than this.

    Attributes
    ----------
    value, order : NDArray[int64]
        Points, and with equal points the place in the order of keys.
    """

    value: Indices
    order: Indices

    def passed(self, others: Indices, value: Indices, order: Indices) -> NDArray[np.bool_]:
        """Tell which proposals are better."""
        bar = self.value[others]
        passed: NDArray[np.bool_] = (value > bar) | ((value == bar) & (order < self.order[others]))
        return passed


@dataclass(frozen=True, eq=False)
class Lists:
    """The best few of those who would not refuse, for some proposers.

    Attributes
    ----------
    others : NDArray[int64], shape (r, k)
        Best first; -1 where there are fewer.
    values : NDArray[int64], shape (r, k)
        What the others think of the pair.
    whole : NDArray[bool], shape (r,)
        There is nobody else.
    """

    others: Indices
    values: Indices
    whole: NDArray[np.bool_]

    @classmethod
    def empty(cls, size: int) -> Lists:
        """Return lists of nobody."""
        shape = size, _LISTED
        return cls(np.full(shape, -1), np.zeros(shape, dtype=np.int64), np.ones(size, dtype=bool))

    def put(self, at: Indices | slice, other: Lists) -> None:
        """Replace some of the lists."""
        self.others[at], self.values[at], self.whole[at] = other.others, other.values, other.whole


@dataclass(frozen=True, eq=False)
class Search:
    """Where lists come from.

    Attributes
    ----------
    view : View
        Both sides.
    quota, floor : NDArray[int64]
        How many others each of those who propose can have, and what a pair must at least be
        worth to them.
    room : NDArray[int64]
        How many each of the others can hold.
    bar : Bar
        What each of the others asks; it rises.
    """

    view: View
    quota: Indices
    floor: Indices
    room: Indices
    bar: Bar

    def lists(self, rows: Indices) -> Lists:
        """Return the lists of some proposers, ascending."""
        found, width = Lists.empty(rows.size), self.view.shape[1]
        step = block_rows(width)
        for start in range(0, rows.size if width else 0, step):
            at, most = np.arange(start, min(start + step, rows.size)), _LISTED
            while at.size:
                found.put(at, self._best(rows[at], most))
                # Where many are equal to the bar, the first few may all be below it.
                at, most = at[(found.others[at, 0] < 0) & ~found.whole[at]], most * _MORE
        return found

    def _best(self, rows: Indices, most: int) -> Lists:
        """Return lists made of the best cells, so many of each row."""
        view, error = self.view, self.view.mine.error
        block = self._possible(rows)
        bound = at_most_the(most, block)
        row, other, _ = above(block, _below(bound.astype(np.float64) - 2 * error)[:, None])
        whole = np.bincount(row, minlength=rows.size) == np.count_nonzero(block > -np.inf, axis=1)
        mine, theirs = view.pairs(rows[row], other)
        kept = (mine != INELIGIBLE) & (mine >= self.floor[rows[row]])
        kept &= self.bar.passed(other, theirs, view.theirs_order[rows[row]])
        # Whoever was left out is worth less than this.
        kept &= whole[row] | (mine >= bound[row].astype(np.float64) - error)
        row, other, mine, theirs = row[kept], other[kept], mine[kept], theirs[kept]
        order = np.lexsort((view.mine_order[other], -mine, row))
        rank = ranks(row[order])
        whole &= np.bincount(row, minlength=rows.size) <= _LISTED
        lists = Lists.empty(rows.size)
        first, place = order[rank < _LISTED], rank[rank < _LISTED]
        lists.others[row[first], place], lists.values[row[first], place] = (
            other[first],
            theirs[first],
        )
        lists.whole[:] = whole
        return lists

    def _possible(self, rows: Indices) -> NDArray[np.float32]:
        """Return almost what pairs are worth, ``-inf`` where one side refuses for sure."""
        mine, theirs = self.view.blocks(rows)
        asked = _below(self.bar.value - self.view.theirs.error)
        refused = theirs < asked
        refused |= mine < _below(self.floor[rows] - self.view.mine.error)[:, None]
        np.copyto(mine, -np.inf, where=refused)
        return mine


def _below(values: NDArray[np.floating[Any]]) -> NDArray[np.float32]:
    """Round to float32, downward; below all points it does not matter how far."""
    near: NDArray[np.float32] = np.maximum(values, _DEEP).astype(np.float32)
    return np.nextafter(near, np.float32(-np.inf))


def _made(part: slice, *, search: Search, rows: Indices) -> Lists:
    """Return the lists of a stripe of proposers."""
    return search.lists(rows[part])


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
            work = functools.partial(_made, search=self._search, rows=rows)
            made = 0
            for part in crew.over("candidates", work, rows.size, most=_STRIPE):
                self._lists.put(rows[made : made + part.whole.size], part)
                made += part.whole.size
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
    n, m = problem.shape
    mentor_of = np.full(n, -1)
    mentor_of[problem.locked[:, 0]] = problem.locked[:, 1]
    room = problem.capacity - np.bincount(problem.locked[:, 1], minlength=m)
    tables = _Floor(_search(problem, room, mentor_of < 0, mentors_propose=mentors_propose))
    tables.settle(crew)
    mentees, mentors = tables.proposers, tables.others
    if mentors_propose:
        mentees, mentors = mentors, mentees
    mentor_of[mentees] = mentors
    return mentor_of


def _search(
    problem: Problem, room: Indices, seeking: NDArray[np.bool_], *, mentors_propose: bool
) -> Search:
    """Return both sides of a problem as those who propose and those who hold."""
    n, m = problem.shape
    alone = problem.unmatched_points if problem.coverage == "score" else np.full(n, NOTHING)
    least = alone.copy(), np.full(m, NOTHING)
    quota = seeking.astype(np.int64), room
    orders = _places(problem.row_keys), _places(problem.column_keys)
    opinions = problem.source, problem.mentor_source
    first = int(mentors_propose)
    ask, places = least[1 - first], quota[1 - first]
    ask[places == 0] = _LAST
    return Search(
        view=View(
            mine=opinions[first],
            theirs=opinions[1 - first],
            flipped=mentors_propose,
            mine_order=orders[1 - first],
            theirs_order=orders[first],
        ),
        quota=quota[first],
        floor=least[first],
        room=places,
        bar=Bar(ask, np.where(places > 0, _LAST, -1)),
    )


def _places(keys: NDArray[np.uint64]) -> Indices:
    """Return the place of each key among all."""
    places = np.empty(keys.size, dtype=np.int64)
    places[np.argsort(keys)] = np.arange(keys.size)
    return places
