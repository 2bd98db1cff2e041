"""Shared hours: the time in a week when both people said they are free."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from matchkit.errors import ProgramError
from matchkit.profiles import Windows, utc_windows
from matchkit.profiles.hours import windows_text
from matchkit.scoring.features import SumFeature
from matchkit.scoring.products import PatternProduct, any_of, sparse
from matchkit.scoring.sides import Index, Mask, Values

if TYPE_CHECKING:
    from matchkit.profiles import Pool

HOUR = 60
DAY = 24 * HOUR
SHOWN = 3
"""Shared windows named as evidence, and zones named in an error."""


def zones_in_use(*pools: Pool) -> list[str]:
    """Return the zones of everybody who gave hours, sorted, without blanks."""
    zones = {str(zone) for pool in pools for zone in pool.zone[any_of(pool.hours)]}
    return sorted(zones - {""})


def comparable(pool: Pool, zones: list[str], start: date | None) -> tuple[Windows, Mask]:
    """Return windows that can be compared between people, and whose can.

    Where everybody's zone is the same or nobody named one, the local week serves. With
    several zones the week of ``start`` is laid out in UTC, and hours without a zone say
    nothing.

    Raises
    ------
    ProgramError
        Several zones occur and the round has no first day.
    """
    given = any_of(pool.hours)
    if len(zones) <= 1:
        return pool.hours, given
    if start is None:
        more = ", ..." if len(zones) > SHOWN else ""
        raise ProgramError(
            f"people gave hours in {len(zones)} time zones ({', '.join(zones[:SHOWN])}{more}), and "
            "summer time differs between them: name the round's first day, "
            "Program(start=date(2027, 1, 11)) or --start 2027-01-11"
        )
    known = given & (pool.zone != "")
    return utc_windows(pool.hours, pool.zone, start), known


class HoursFeature(SumFeature):
    """Shared hours bound to the people of a round.

    The week is cut at every minute at which anybody's window begins or ends; shared time is
    then a product of two 0/1 matrices weighted by the length of each piece: whole minutes.
    """

    def __init__(self, enough: float, mentees: Pool, mentors: Pool, start: date | None) -> None:
        zones = zones_in_use(mentees, mentors)
        mine, self.known_mentees = comparable(mentees, zones, start)
        theirs, self.known_mentors = comparable(mentors, zones, start)
        self._windows = mine, theirs
        self._unit = "" if len(zones) <= 1 else " UTC"
        self._enough = max(1.0, enough * HOUR)
        edges = np.unique(np.concatenate([mine.start, mine.end, theirs.start, theirs.end]))
        pieces = _occupied(mine, edges, weigh=True), _occupied(theirs, edges, weigh=False)
        super().__init__(PatternProduct(*pieces), whole=self._enough)

    def _value(self, sums: Values, rows: Index, cols: Index) -> Values:  # noqa: ARG002
        return np.minimum(sums / self._enough, 1.0)

    def evidence(self, row: int, col: int) -> tuple[str, ...]:
        """Return the shared time of the week and its first windows."""
        mine, theirs = self._windows
        spans = shared_spans(_spans(mine, row), _spans(theirs, col))
        if not spans:
            return ("no shared free time",)
        total = duration(sum(end - begin for begin, end in spans))
        texts = windows_text(spans)
        shown = ", ".join(texts[:SHOWN])
        more = ", ..." if len(texts) > SHOWN else ""
        return (f"{total} of shared free time a week: {shown}{self._unit}{more}",)


def _occupied(windows: Windows, edges: Index, *, weigh: bool) -> object:
    """Return the pieces between edges that each person's windows cover, CSR."""
    first = np.searchsorted(edges, windows.start)
    counts = np.searchsorted(edges, windows.end) - first
    offset = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    pieces = np.repeat(first, counts) + offset
    ends = np.concatenate([[0], np.cumsum(counts)])[windows.indptr]
    lengths = np.diff(edges)[pieces] if weigh else np.ones(len(pieces))
    return sparse(ends.astype(np.int64), pieces, lengths, max(1, len(edges) - 1))


def _spans(windows: Windows, person: int) -> list[tuple[int, int]]:
    span = slice(windows.indptr[person], windows.indptr[person + 1])
    return list(zip(windows.start[span].tolist(), windows.end[span].tolist(), strict=True))


def shared_spans(
    mine: list[tuple[int, int]], theirs: list[tuple[int, int]]
) -> list[tuple[int, int]]:
    """Return the overlaps of two sorted lists of windows.

    Examples
    --------
    >>> shared_spans([(540, 660)], [(600, 720)])
    [(600, 660)]
    """
    return [(max(a, c), min(b, d)) for a, b in mine for c, d in theirs if max(a, c) < min(b, d)]


def duration(minutes: int) -> str:
    """Write a number of minutes as hours and minutes.

    Examples
    --------
    >>> duration(150), duration(120), duration(45)
    ('2 h 30 min', '2 h', '45 min')
    """
    hours, rest = divmod(int(minutes), HOUR)
    parts = ([f"{hours} h"] if hours else []) + ([f"{rest} min"] if rest or not hours else [])
    return " ".join(parts)
