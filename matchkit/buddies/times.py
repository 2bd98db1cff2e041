"""When somebody is free within a window of real time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Final

from matchkit.errors import ProgramError

MEETING: Final = timedelta(minutes=30)
"""Time that a buddy is asked for."""

LONGEST: Final = timedelta(days=31)
"""Longest window that can be asked about."""

ANY_DAY: Final = date(2027, 1, 11)
"""Day on which time zones are compared where neither program nor window names one."""

Window = tuple[datetime, datetime]


def checked_window(when: object) -> Window:
    """Return a window of time in UTC.

    Raises
    ------
    ProgramError
        It is no pair of moments with a time zone, ends before a meeting fits in, or is longer
        than 31 days.
    """
    mend = "give two datetimes with a time zone, (start, end)"
    if not (isinstance(when, tuple | list) and len(when) == 2):
        raise ProgramError(f"when is {when!r}; {mend}")
    for moment in when:
        if not isinstance(moment, datetime) or moment.utcoffset() is None:
            raise ProgramError(f"when holds {moment!r}; {mend}")
    start, end = (moment.astimezone(UTC) for moment in when)
    if not MEETING <= end - start <= LONGEST:
        raise ProgramError(
            f"when runs from {start:%Y-%m-%d %H:%M} to {end:%Y-%m-%d %H:%M} UTC; "
            "give a window of half an hour to 31 days"
        )
    return start, end


def free_at(windows: Sequence[tuple[int, int]], zone: tzinfo, wanted: Window) -> datetime | None:
    """Return the first moment at which somebody is free for half an hour.

    Parameters
    ----------
    windows : sequence of (int, int)
        Weekly windows in minutes from Monday 00:00, by the clock on their wall.
    zone : tzinfo
        Their time zone.
    wanted : (datetime, datetime)
        The window asked for, in UTC.

    Returns
    -------
    datetime or None
        In UTC; None where they are not free.

    Examples
    --------
    >>> from zoneinfo import ZoneInfo
    >>> day = datetime(2027, 1, 12, tzinfo=UTC)
    >>> free_at([(1980, 2040)], ZoneInfo("Europe/Oslo"), (day, day + timedelta(days=1)))
    datetime.datetime(2027, 1, 12, 8, 0, tzinfo=datetime.timezone.utc)
    """
    start, end = wanted
    local = start.astimezone(zone).date()
    monday = local - timedelta(days=local.weekday())
    found = []
    while monday <= end.astimezone(zone).date():
        midnight = datetime(monday.year, monday.month, monday.day)  # noqa: DTZ001  (wall time)
        for first, last in windows:
            begin, until = (
                (midnight + timedelta(minutes=at)).replace(tzinfo=zone).astimezone(UTC)
                for at in (first, last)
            )
            begin = max(begin, start)
            if min(until, end) - begin >= MEETING:
                found.append(begin)
        monday += timedelta(days=7)
    return min(found, default=None)
