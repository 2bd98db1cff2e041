"""Short lists of whom people like best, made anew when they are used up.

Nobody needs a list of everybody. A list holds the best few of those who would not refuse;
when it is used up, the next few are looked for among all pairs, in blocks.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass, replace
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

LISTED = 16
"""Others on a list."""

_MORE = 8  # times as many cells are looked at, after none of them was of any use
_STRIPE = 1 << 12  # people whose lists are made in one go
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
        shape = size, LISTED
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

    def without(self, others: NDArray[np.bool_]) -> Search:
        """Return the same with some of the others asking more than anybody has to give."""
        bar = Bar(np.where(others, _LAST, self.bar.value), self.bar.order)
        return replace(self, bar=bar)

    def lists(self, rows: Indices) -> Lists:
        """Return the lists of some proposers, ascending."""
        found, width = Lists.empty(rows.size), self.view.shape[1]
        step = block_rows(width)
        for start in range(0, rows.size if width else 0, step):
            at, most = np.arange(start, min(start + step, rows.size)), LISTED
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
        whole &= np.bincount(row, minlength=rows.size) <= LISTED
        lists = Lists.empty(rows.size)
        first, place = order[rank < LISTED], rank[rank < LISTED]
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


def searched(search: Search, rows: Indices, crew: Crew) -> Lists:
    """Return the lists of some of those who propose.

    Parameters
    ----------
    search : Search
        Where lists come from.
    rows : NDArray[int64], shape (k,)
        Ascending.
    crew : Crew
        Who works on blocks of pairs.
    """
    work = functools.partial(_made, search=search, rows=rows)
    found, made = Lists.empty(rows.size), 0
    for part in crew.over("candidates", work, rows.size, most=_STRIPE):
        found.put(slice(made, made + part.whole.size), part)
        made += part.whole.size
    return found


def _made(part: slice, *, search: Search, rows: Indices) -> Lists:
    """Return the lists of a stripe of people."""
    return search.lists(rows[part])


def open_search(
    problem: Problem, opinions: Sequence[BlockSource], *, mentors_propose: bool
) -> Search:
    """Return the two sides of a problem as those who propose and those who hold.

    Parameters
    ----------
    problem : Problem
        Its locked pairs are left out.
    opinions : sequence of BlockSource
        What mentees and mentors think of pairs.
    mentors_propose : bool
        Which side proposes.
    """
    n, m = problem.shape
    seeking = np.ones(n, dtype=np.int64)
    seeking[problem.locked[:, 0]] = 0
    room = problem.capacity - np.bincount(problem.locked[:, 1], minlength=m)
    alone = problem.unmatched_points if problem.coverage == "score" else np.full(n, NOTHING)
    least, quota = (alone.copy(), np.full(m, NOTHING)), (seeking, room)
    orders = _places(problem.row_keys), _places(problem.column_keys)
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
