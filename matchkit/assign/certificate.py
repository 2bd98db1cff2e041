"""The look at every pair that proves an optimum, or finds what it lacks.

Prices and surpluses prove an assignment optimal if no pair is worth more than the two
together. Nearly all of two billion pairs are worth far less: float32 rules them out, with
the proven error of the source taken into account, and the rest is recomputed in integers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matchkit.assign.core import split
from matchkit.assign.pairset import Collector, PairSet
from matchkit.assign.selecting import ranks
from matchkit.assign.sources import INELIGIBLE, BlockSource, ListedSource

Positions = NDArray[np.int64]

_ROWS, _COLUMNS = 256, 1024  # of a block: a megabyte, which stays in cache
_VIOLATORS = 8  # of a mentee at a time: the next prices settle the rest
_CROWD = 1 << 13  # near pairs of a block that are enough
_CLOSE = 32  # close pairs of a mentee on average: more are not listed
_STRIDE = 40_503  # scatters mentees over mentors that are equally good
_ROUNDING = 2.0**-24 * 1.01
_ALWAYS = np.float32(-1e30)  # a price at which every eligible pair counts
_LOWEST = np.finfo(np.float32).min  # above -inf, below everything else
_NEVER = np.float32(np.inf)  # a price at which none does


@dataclass(frozen=True, eq=False)
class Duals:
    """Prices, and surpluses of some mentees.

    Attributes
    ----------
    prices : NDArray[int64], shape (m,)
    surpluses, outside : NDArray[int64], shape (r,)
        What is left to each mentee, and what staying unmatched is worth.
    unit : int
        What a pair counts beside its points.
    """

    prices: NDArray[np.int64]
    surpluses: NDArray[np.int64]
    outside: NDArray[np.int64]
    unit: int

    def of(self, rows: slice) -> Duals:
        """Return the same for some of the mentees."""
        return Duals(self.prices, self.surpluses[rows], self.outside[rows], self.unit)

    def excess(
        self, at: Positions, mentors: Positions, points: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """Return what pairs are worth above price and surplus."""
        return points + self.unit - self.prices[mentors] - self.surpluses[at]


@dataclass(frozen=True, slots=True)
class Sought:
    """What a look at pairs should return.

    Attributes
    ----------
    margin : int
        How far below price and surplus the worth of a pair may be.
    room : int
        The bytes that tight pairs may take.
    slack : int, default -1
        As far below, every pair is to be listed, for looks to come; -1 for none of them.
    """

    margin: int
    room: float
    slack: int = -1


@dataclass(frozen=True, eq=False)
class Close:
    """Every pair that is worth what price and surplus sum to, or a little less.

    Attributes
    ----------
    mentees, mentors, points : NDArray[int64], shape (k,)
        By position of the mentee.
    slack : int
        How much less, for one of the duals at least; -1 where they are not listed. Of mentees
        with a pair worth more than that, not all are.
    """

    mentees: Positions
    mentors: Positions
    points: NDArray[np.int64]
    slack: int

    @classmethod
    def unlisted(cls) -> Close:
        """Return that nothing is known."""
        none = np.zeros(0, dtype=np.int64)
        return cls(none, none, none, -1)


@dataclass(frozen=True, eq=False)
class Seen:
    """What a look at all pairs of some mentees found.

    Attributes
    ----------
    mentees, mentors, points : NDArray[int64], shape (k,)
        Pairs worth more than price and surplus, or less by no more than the margin, by
        position of the mentee; the best few of each mentee.
    violators : tuple of int
        How many mentees have such a pair, for each of the duals.
    tight : PairSet or None
        Pairs worth exactly price and surplus, for the first of the duals; None where they
        take too much.
    close : Close
        All pairs that are worth nearly as much, if they were sought and are not too many.
    """

    mentees: Positions
    mentors: Positions
    points: NDArray[np.int64]
    violators: tuple[int, ...]
    tight: PairSet | None
    close: Close


def look(
    part: slice, *, source: BlockSource, rows: Positions, duals: Sequence[Duals], sought: Sought
) -> Seen:
    """Compare all pairs of some mentees with prices and surpluses.

    Parameters
    ----------
    part : slice
        Which of the mentees to look at.
    source : BlockSource
        The points.
    rows : NDArray[int64], shape (n,)
        The mentees, ascending.
    duals : sequence of Duals
        Prices and the surpluses of the mentees, one or several.
    sought : Sought
        What to return.
    """
    here = [dual.of(part) for dual in duals]
    view = View(here, sought)
    for pairs in _suspects(source, rows[part], here, max(sought.margin, sought.slack)):
        view.add(*pairs)
    return view.seen(part.start)


def _thinned(excess: NDArray[np.int64], least: int) -> Positions:
    """Return the pairs that are worth more, and of those that nearly are the best.

    Of more equals than anybody needs some will do.
    """
    near = np.flatnonzero(excess >= least)
    if near.size <= _CROWD:
        return near
    worth = excess[near]
    bar = min(int(np.partition(worth, -_CROWD)[-_CROWD]), 0)
    equal = near[worth == bar]
    return np.concatenate([near[worth > bar], equal[:: equal.size // _CROWD + 1]])


class View:
    """What was seen of the pairs so far.

    Parameters
    ----------
    duals : sequence of Duals
        What pairs are compared with.
    sought : Sought
        What to keep.
    """

    def __init__(self, duals: Sequence[Duals], sought: Sought) -> None:
        none = np.zeros(0, dtype=np.int64)
        self._duals, self._room, self._margin = duals, sought.room, sought.margin
        self._better = [(none, none, none)]
        self._tight = Collector((duals[0].surpluses.size, duals[0].prices.size))
        self._violators = [0] * len(duals)
        self._slack = sought.slack
        self._close = [(none, none, none)]
        self._spare = _CLOSE * duals[0].surpluses.size

    def add(self, at: Positions, mentors: Positions, points: NDArray[np.int64]) -> None:
        """Take in pairs with their exact points."""
        excesses = [dual.excess(at, mentors, points) for dual in self._duals]
        kept = np.zeros(at.size, dtype=bool)
        for level, excess in enumerate(excesses):
            near = _thinned(excess, -self._margin)
            scattered = (mentors[near] + _STRIDE * at[near]) % self._duals[0].prices.size
            order = near[np.lexsort((scattered, -excess[near], at[near]))]
            rank = ranks(at[order])
            kept[order[rank < _VIOLATORS]] = True
            self._violators[level] += int(np.count_nonzero(excess[order[rank == 0]] > 0))
        self._better.append((at[kept], mentors[kept], points[kept]))
        if self._tight.nbytes <= self._room:
            ties = excesses[0] == 0
            self._tight.add(at[ties], mentors[ties])
        if self._slack >= 0:
            self._list((at, mentors, points), excesses)

    def _list(
        self, pairs: tuple[Positions, Positions, NDArray[np.int64]], excesses: list[Positions]
    ) -> None:
        """List pairs that come close to one of the duals, unless there are too many."""
        close = np.logical_or.reduce([(-self._slack <= each) & (each <= 0) for each in excesses])
        at, mentors, points = (part[close] for part in pairs)
        self._close.append((at, mentors, points))
        self._spare -= at.size
        if self._spare < 0:
            self._slack, self._close = -1, self._close[:1]

    def seen(self, first: int) -> Seen:
        """Return it all, with positions counted from the first mentee of all."""
        mentees, mentors, points = (
            np.concatenate(parts) for parts in zip(*self._better, strict=True)
        )
        tight = self._tight.collected(first) if self._tight.nbytes <= self._room else None
        near, others, worth = (np.concatenate(parts) for parts in zip(*self._close, strict=True))
        close = Close(near + first, others, worth, self._slack)
        better = mentees + first, mentors, points
        return Seen(*better, tuple(self._violators), tight, close)


def joined(parts: Sequence[Seen]) -> Seen:
    """Put together what was seen of one stripe of mentees after the other."""
    return Seen(
        np.concatenate([each.mentees for each in parts]),
        np.concatenate([each.mentors for each in parts]),
        np.concatenate([each.points for each in parts]),
        tuple(map(sum, zip(*(each.violators for each in parts), strict=True))),
        _united([each.tight for each in parts]),
        _closest([each.close for each in parts]),
    )


def _united(parts: Sequence[PairSet | None]) -> PairSet | None:
    """Put together the pairs of one stripe of mentees after the other, if all are there."""
    found = [each for each in parts if each is not None]
    return PairSet.joined(found) if len(found) == len(parts) else None


def _closest(parts: Sequence[Close]) -> Close:
    """Put together what was listed, if it was of everybody."""
    slack = min(each.slack for each in parts)
    if slack < 0:
        return Close.unlisted()
    return Close(
        np.concatenate([each.mentees for each in parts]),
        np.concatenate([each.mentors for each in parts]),
        np.concatenate([each.points for each in parts]),
        slack,
    )


def _suspects(
    source: BlockSource, rows: Positions, duals: Sequence[Duals], margin: int
) -> Iterator[tuple[Positions, Positions, NDArray[np.int64]]]:
    """Yield positions, mentors and exact points of all pairs that could count."""
    if isinstance(source, ListedSource):
        at, mentors, points = source.entries(rows)
        yield at, mentors, points
        return
    levels = [_Level(dual, source.error + margin) for dual in duals]
    kinds = np.stack([level.kinds for level in levels])
    for kind in np.unique(kinds, axis=1).T:
        alike = np.flatnonzero((kinds == kind[:, None]).all(axis=0))
        offsets = [level.offsets(one) for level, one in zip(levels, kind, strict=True)]
        for start in range(0, alike.size, _ROWS):
            at = alike[start : start + _ROWS]
            least = [level.least[at, None] for level in levels]
            row, mentors = _few(source, rows[at], offsets, least)
            points = source.pairs(rows[at[row]], mentors)
            eligible = points != INELIGIBLE
            yield at[row[eligible]], mentors[eligible], points[eligible]


def _few(
    source: BlockSource,
    rows: Positions,
    offsets: Sequence[NDArray[np.float32]],
    least: Sequence[NDArray[np.float32]],
) -> tuple[Positions, Positions]:
    """Return the few pairs of some rows that float32 does not rule out."""
    m = source.shape[1]
    reached = np.zeros((rows.size, m), dtype=bool)
    for start in range(0, m, _COLUMNS):
        cols = np.arange(start, min(start + _COLUMNS, m))
        block = source.block(rows, cols)
        net = np.empty_like(block) if len(offsets) > 1 else block
        for offset, bound in zip(offsets, least, strict=True):
            np.subtract(block, offset[start : start + _COLUMNS], out=net)
            reached[:, start : start + _COLUMNS] |= net >= np.maximum(bound, _LOWEST)
    row, column = np.divmod(np.flatnonzero(reached), max(1, m))
    return row, column


class _Level:
    """Duals in float32.

    Where a pair, its price and its surplus count as many people, points decide; they are
    what float32 is exact enough for. Where price and surplus count more people, the pair
    never counts, where they count fewer, it always does.
    """

    def __init__(self, dual: Duals, error: float) -> None:
        prices = split(dual.prices, dual.unit)
        gained = split(dual.surpluses - dual.outside, dual.unit)
        self.kinds, surpluses = gained[:, 0], gained[:, 1] + dual.outside
        self._people, self._points = int(dual.unit > 0) - prices[:, 0], prices[:, 1]
        # Subtraction rounds monotonically, so only what goes into it can be wrong.
        wrong = error + _ROUNDING * float(np.abs(self._points).max(initial=0))
        bound = (surpluses - wrong).astype(np.float32)
        self.least = np.nextafter(bound, np.float32(-np.inf))

    def offsets(self, kind: np.int64) -> NDArray[np.float32]:
        """Return what to subtract from the points of mentees of one kind, shape (m,)."""
        people = self._people - kind
        points = self._points.astype(np.float32)
        return np.where(people == 0, points, np.where(people > 0, _ALWAYS, _NEVER))
