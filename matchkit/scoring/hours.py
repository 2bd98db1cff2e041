"""Shared hours: the time in a week when both people said they are free."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from matchkit.errors import ProgramError
from matchkit.profiles import Windows, utc_windows
from matchkit.profiles.hours import windows_text
from matchkit.profiles.spoken_hours import WEEK
from matchkit.profiles.zones import zone_info
from matchkit.scoring.features import ShortFeature
from matchkit.scoring.layers import fit
from matchkit.scoring.products import Product, any_of, sparse
from matchkit.scoring.sides import Index, Mask, Values

if TYPE_CHECKING:
    from matchkit.profiles import Pool

Span = tuple[int, int]

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


class HoursFeature(ShortFeature):
    """Shared hours bound to the people of a round.

    The week is cut at every minute at which anybody's window begins or ends; shared time is
    then a product of two 0/1 matrices weighted by the length of each piece: whole minutes.
    """

    capped = True

    def __init__(self, enough: float, mentees: Pool, mentors: Pool, start: date | None) -> None:
        zones = zones_in_use(mentees, mentors)
        mine, self.known_mentees = comparable(mentees, zones, start)
        theirs, self.known_mentors = comparable(mentors, zones, start)
        self._windows = mine, theirs
        self._zones = mentees.zone, mentors.zone
        self._monday = None
        if start is not None and len(zones) > 1:
            self._monday = datetime(start.year, start.month, start.day, tzinfo=UTC)
            self._monday -= timedelta(days=start.weekday())
        self._enough = max(1.0, enough * HOUR)
        minutes = _shared_minutes(mine, theirs)
        units = np.full(len(mentees), self._enough), np.ones(len(mentors))
        super().__init__(Product(*minutes, units))

    def _value(self, sums: Values, rows: Index, cols: Index) -> Values:  # noqa: ARG002
        return np.minimum(sums / self._enough, 1.0)

    def evidence(self, row: int, col: int) -> tuple[str, ...]:
        """Return the shared time of the week and its first windows."""
        mine, theirs = self._windows
        spans = shared_spans(_spans(mine, row), _spans(theirs, col))
        if not spans:
            return ("no shared free time",)
        total = duration(sum(end - begin for begin, end in spans))
        return (f"{total} of shared free time a week: {self._by_clocks(spans, row, col)}",)

    def _by_clocks(self, spans: list[Span], row: int, col: int) -> str:
        """Return the first shared windows by the clocks of both people."""
        if self._monday is None:
            return _first(spans)
        mine, theirs = str(self._zones[0][row]), str(self._zones[1][col])
        told = f"{_first(local_spans(spans, mine, self._monday))} in {mine}"
        if mine == theirs:
            return told
        return f"{told}, {_first(local_spans(spans, theirs, self._monday))} in {theirs}"


def _first(spans: list[Span]) -> str:
    """Write the first of some windows."""
    texts = windows_text(spans)
    return ", ".join(texts[:SHOWN]) + (", ..." if len(texts) > SHOWN else "")


def local_spans(spans: list[Span], zone: str, monday: datetime) -> list[Span]:
    """Return windows of the UTC week by the clock of a zone, split at the end of its week.

    Parameters
    ----------
    spans : list of (int, int)
        Minutes from Monday 00:00 UTC.
    zone : str
        A canonical zone name.
    monday : datetime
        The beginning of that week, in UTC.

    Examples
    --------
    >>> local_spans([(9990, 10080)], "Europe/Oslo", datetime(2027, 1, 11, tzinfo=UTC))
    [(10050, 10080), (0, 60)]
    """
    minute, info, found = timedelta(minutes=1), zone_info(zone), []
    for begin, end in spans:
        ahead = (monday + begin * minute).astimezone(info).utcoffset() or timedelta(0)
        start = (begin + ahead // minute) % WEEK
        over = start + end - begin - WEEK
        found.append((start, min(start + end - begin, WEEK)))
        found += [(0, over)] if over > 0 else []
    return found


def _shared_minutes(mine: Windows, theirs: Windows) -> tuple[Any, Any]:
    """Return two CSR arrays whose product is the time that people share, in minutes.

    Columns are the windows that occur on the one side, with their share in the windows of the
    other; where there are none or too many, they are the pieces of the week instead.
    """
    edges = np.unique(np.concatenate([mine.start, mine.end, theirs.start, theirs.end]))
    offered = _occupied(theirs, edges, weigh=False)
    codes, entries = np.unique(mine.start * (WEEK + 1) + mine.end, return_inverse=True)
    if not codes.size or not fit(codes.size, offered.shape[0]):
        return _occupied(mine, edges, weigh=True), offered
    start, end = np.divmod(codes, WEEK + 1)
    each = _occupied(Windows(np.arange(codes.size + 1), start, end), edges, weigh=True)
    has = sparse(mine.indptr, entries.reshape(-1), np.ones(entries.size), codes.size)
    return has, (offered @ each.T).tocsr()


def _occupied(windows: Windows, edges: Index, *, weigh: bool) -> Any:
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
