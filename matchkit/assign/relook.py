"""A look at those pairs only for which a look before does not speak.

All pairs that came close to prices and surpluses once are known. Every other pair stays
worth less than the two together as long as these have not moved further than it fell
short, up to what moves all prices up and all surpluses down. A look at all pairs comes
down to one at the pairs that came close, and at the few rows and columns that moved far.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from matchkit.assign.certificate import Close, Duals, Seen, Sought, View, joined, look
from matchkit.assign.pairset import Collector
from matchkit.assign.passes import Crew
from matchkit.assign.sources import BlockSource, ListedSource

_STRIPE = 1 << 12
_WORTHWHILE = 4  # a look again at one pair of so many at most, or at all of them

UNKNOWN: Final = 1 << 60
"""A surplus from which everybody has come down too far for anything to be known."""

Positions = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Looked:
    """What all pairs were held against, and which of them came close.

    Attributes
    ----------
    prices : tuple of NDArray[int64], shape (m,)
    surpluses : tuple of NDArray[int64], shape (n,)
        Of whom nothing is known, more than anybody has.
    close : Close
    """

    prices: tuple[NDArray[np.int64], ...]
    surpluses: tuple[NDArray[np.int64], ...]
    close: Close

    @classmethod
    def after(cls, duals: Sequence[Duals], seen: Seen) -> Looked | None:
        """Return what a look leaves to be known, if it listed what came close."""
        if seen.close.slack < 0:
            return None
        surpluses = [each.surpluses.copy() for each in duals]
        for dual, known in zip(duals, surpluses, strict=True):
            better = dual.excess(seen.mentees, seen.mentors, seen.points) > 0
            known[seen.mentees[better]] = UNKNOWN
        return cls(tuple(each.prices for each in duals), tuple(surpluses), seen.close)

    def moved(self, duals: Sequence[Duals]) -> tuple[Flags, Flags]:
        """Tell which mentees and which mentors have to be looked at again."""
        found = [self._moved(each) for each in duals]
        high, wide = (np.logical_or.reduce(each) for each in zip(*found, strict=True))
        return high, wide

    def _moved(self, dual: Duals) -> tuple[Flags, Flags]:
        """Tell the same for one of the duals, from whichever was most like it."""
        choices = []
        for prices, surpluses in zip(self.prices, self.surpluses, strict=True):
            rise = dual.prices - prices
            everywhere = int(np.median(rise)) if rise.size else 0
            half = self.close.slack // 2
            wide = rise - everywhere < -half
            high = dual.surpluses - surpluses + everywhere < half - self.close.slack
            choices.append((high, wide))
        return min(choices, key=_pairs)


def _pairs(moved: tuple[Flags, Flags]) -> int:
    """Count the pairs of some mentees or some mentors."""
    high, wide = moved
    rows, cols = int(np.count_nonzero(high)), int(np.count_nonzero(wide))
    return rows * wide.size + cols * (high.size - rows)


def look_again(
    source: BlockSource,
    rows: Positions,
    duals: list[Duals],
    *,
    sought: Sought,
    crew: Crew,
    before: Looked | None,
) -> tuple[Seen, Looked | None]:
    """Compare all pairs with prices and surpluses, those that need it.

    Parameters
    ----------
    source : BlockSource
        The points.
    rows : NDArray[int64], shape (n,)
        The mentees, ascending.
    duals : list of Duals
        Prices and the surpluses of the mentees, one or several.
    sought : Sought
        What to return.
    crew : Crew
        Who works on blocks of pairs.
    before : Looked or None
        The look at all pairs before this one.

    Returns
    -------
    seen : Seen
    looked : Looked or None
        The last look at all pairs: this one, or still the one before.
    """
    if before is not None and not isinstance(source, ListedSource):
        high, wide = before.moved(duals)
        if _pairs((high, wide)) * _WORTHWHILE <= high.size * wide.size:
            view = _Again(source, rows, duals, replace(sought, slack=-1), crew)
            return view.over(before.close, high, wide), before
    work = functools.partial(look, source=source, rows=rows, duals=duals, sought=sought)
    parts: list[Seen] = []
    taken = 0
    for part in crew.over("certificate", work, rows.size, most=_STRIPE):
        taken += part.tight.nbytes if part.tight is not None else 0
        parts.append(part)
        if taken > sought.room:
            parts = [replace(each, tight=None) for each in parts]
    found = joined(parts)
    return found, Looked.after(duals, found)


@dataclass(frozen=True, eq=False)
class _Again:
    """A look at some rows and some columns."""

    source: BlockSource
    rows: Positions
    duals: list[Duals]
    sought: Sought
    crew: Crew

    def over(self, close: Close, high: Flags, wide: Flags) -> Seen:
        """Look at pairs that came close, at some rows, and at some columns of all others."""
        near = ~(high[close.mentees] | wide[close.mentors])
        view = View(self.duals, self.sought)
        view.add(close.mentees[near], close.mentors[near], close.points[near])
        everybody, others = np.arange(wide.size), np.flatnonzero(~high)
        parts = [view.seen(0), self._look(np.flatnonzero(high), everybody)]
        parts.append(self._look(others, np.flatnonzero(wide)))
        return joined(parts)

    def _look(self, at: Positions, cols: Positions) -> Seen:
        """Look at some rows and columns by position."""
        some = [
            Duals(each.prices[cols], each.surpluses[at], each.outside[at], each.unit)
            for each in self.duals
        ]
        source = _Columns(self.source, cols)
        work = functools.partial(
            look, source=source, rows=self.rows[at], duals=some, sought=self.sought
        )
        found = joined(list(self.crew.over("recheck", work, at.size, most=_STRIPE)))
        tight = Collector((self.rows.size, self.duals[0].prices.size))
        for mentees, mentors in found.tight.chunks() if found.tight is not None else ():
            tight.add(at[mentees], cols[mentors])
        return replace(
            found,
            mentees=at[found.mentees],
            mentors=cols[found.mentors],
            tight=None if found.tight is None else tight.collected(),
        )


class _Columns:
    """Some columns of a source."""

    def __init__(self, source: BlockSource, cols: Positions) -> None:
        self._source, self._cols = source, cols
        self.shape, self.error = (source.shape[0], cols.size), source.error

    def block(self, rows: Positions, cols: Positions) -> NDArray[np.float32]:
        """Return almost the points of every row with every column, shape (r, c)."""
        return self._source.block(rows, self._cols[cols])

    def pairs(self, rows: Positions, cols: Positions) -> Positions:
        """Return the points of the pairs, shape (k,)."""
        return self._source.pairs(rows, self._cols[cols])
