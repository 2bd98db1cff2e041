"""A second look at those pairs only whose price or surplus is another than at the last look.

Towards the end few prices still move. What was said of a pair stands as long as its price
and its surplus do, and a look at all pairs comes down to one at a few rows and columns.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from matchkit.assign.certificate import Duals, Seen, Sought, joined, look
from matchkit.assign.passes import Crew
from matchkit.assign.sources import BlockSource, ListedSource
from matchkit.errors import TooLargeError

_STRIPE = 1 << 12
_WORTHWHILE = 4  # a look again at one pair of so many at most, or at all of them

Positions = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Looked:
    """What all pairs were held against, and what was seen.

    Attributes
    ----------
    duals : list of Duals
    seen : Seen
    """

    duals: list[Duals]
    seen: Seen


def look_again(
    source: BlockSource,
    rows: Positions,
    duals: list[Duals],
    *,
    sought: Sought,
    crew: Crew,
    before: Looked | None,
) -> Seen:
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
        The look before this one, which asked for the same.

    Raises
    ------
    TooLargeError
        If there are more tight pairs.
    """
    if before is not None and before.seen.whole and len(before.duals) == len(duals):
        high, wide = _changed(duals, before)
        pairs = np.count_nonzero(high) * wide.size + np.count_nonzero(wide) * high.size
        listed = isinstance(source, ListedSource)
        if pairs * _WORTHWHILE <= high.size * wide.size and not listed:
            view = _Again(source, rows, duals, sought, crew)
            return view.over(before.seen, np.flatnonzero(high), np.flatnonzero(wide))
    work = functools.partial(look, source=source, rows=rows, duals=duals, sought=sought)
    parts: list[Seen] = []
    tied = 0
    for part in crew.over("certificate", work, rows.size, most=_STRIPE):
        tied += part.tight_mentees.size
        parts.append(part)
        if tied > sought.room:
            parts = [_unlisted(each) for each in parts]
    found = joined(parts)
    if not found.whole and not found.violators[0]:
        message = "so many pairs tie that they cannot be listed; allow more memory."
        raise TooLargeError(message)
    return found


def _unlisted(seen: Seen) -> Seen:
    """Return the same without the pairs that tie, where there are too many in all."""
    none = seen.tight_mentees[:0]
    return replace(seen, tight_mentees=none, tight_mentors=none, whole=False)


def _changed(duals: list[Duals], before: Looked) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Tell of which mentees and of which mentors something has to be looked at again.

    Of those who had a better pair only the best few were noted.
    """
    seen = before.seen
    high = np.zeros(duals[0].surpluses.size, dtype=bool)
    wide = np.zeros(duals[0].prices.size, dtype=bool)
    for now, then in zip(duals, before.duals, strict=True):
        high |= now.surpluses != then.surpluses
        wide |= now.prices != then.prices
        better = then.excess(seen.mentees, seen.mentors, seen.points) > 0
        high[seen.mentees[better]] = True
    return high, wide


@dataclass(frozen=True, eq=False)
class _Again:
    """A look at some rows and some columns."""

    source: BlockSource
    rows: Positions
    duals: list[Duals]
    sought: Sought
    crew: Crew

    def over(self, seen: Seen, high: Positions, wide: Positions) -> Seen:
        """Look at some rows, and at some columns of all others, and keep what was seen else."""
        everybody = np.arange(self.duals[0].prices.size)
        kept = np.ones(self.rows.size, dtype=bool)
        kept[high] = False
        others = np.flatnonzero(kept)
        parts = [self._look(high, everybody), self._look(others, wide)]
        told = np.ones(everybody.size, dtype=bool)
        told[wide] = False
        stays = kept[seen.tight_mentees] & told[seen.tight_mentors]
        old = replace(
            seen,
            mentees=seen.mentees[:0],
            mentors=seen.mentors[:0],
            points=seen.points[:0],
            violators=(0,) * len(self.duals),
            tight_mentees=seen.tight_mentees[stays],
            tight_mentors=seen.tight_mentors[stays],
        )
        found = joined([old, *parts])
        order = np.lexsort((found.tight_mentors, found.tight_mentees))
        tight = found.tight_mentees[order], found.tight_mentors[order]
        return replace(found, tight_mentees=tight[0], tight_mentors=tight[1])

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
        return replace(
            found,
            mentees=at[found.mentees],
            mentors=cols[found.mentors],
            tight_mentees=at[found.tight_mentees],
            tight_mentors=cols[found.tight_mentors],
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
