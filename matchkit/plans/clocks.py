"""Clocks on the wall and in UTC: exact over every change of the clocks.

All times are whole minutes in int64. A *wall* time counts from 1970-01-01 00:00 on a local
clock, a *UTC* time from the same moment in UTC. A zone is a short list of stretches of UTC
time, each with one offset, so that both directions are array arithmetic.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from matchkit.profiles.zones import zone_info

Minutes = NDArray[np.int64]
DAY: Final = 24 * 60
WEEK: Final = 7 * DAY
_EPOCH_DAY: Final = date(1970, 1, 1).toordinal()
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_BEGINNING: Final = np.iinfo(np.int64).min // 4
_PROBE: Final = 6 * 60


def midnight(day: date) -> int:
    """Return the wall time at which a day begins.

    Examples
    --------
    >>> midnight(date(1970, 1, 2))
    1440
    """
    return (day.toordinal() - _EPOCH_DAY) * DAY


def day_of(wall: int) -> date:
    """Return the day that a wall time lies in."""
    return date.fromordinal(int(wall) // DAY + _EPOCH_DAY)


def week_minute(wall: Minutes | int) -> Minutes:
    """Return the minutes from Monday 00:00 to wall times, 0 to 10079.

    Examples
    --------
    >>> int(week_minute(midnight(date(2027, 1, 12)) + 30))
    1470
    """
    found: Minutes = (np.asarray(wall, dtype=np.int64) + 3 * DAY) % WEEK  # 1970 began on Thursday
    return found


def week_number(wall: int) -> int:
    """Return a number that all wall times of a calendar week share, and no others."""
    return (int(wall) + 3 * DAY) // WEEK


@dataclass(frozen=True, eq=False)
class Clock:
    """One zone's offsets over a stretch of time.

    Attributes
    ----------
    zone : str
        Canonical name.
    starts, offsets : int64 arrays (k,)
        From which UTC minute each offset holds, and how many minutes it is ahead of UTC. The
        first holds from the beginning of time.
    begin : int
        UTC minute before which the clock need not be right.
    """

    zone: str
    starts: Minutes
    offsets: Minutes
    begin: int

    def __post_init__(self) -> None:
        """Close the arrays to writing."""
        self.starts.setflags(write=False)
        self.offsets.setflags(write=False)

    def wall(self, utc: Minutes | int) -> Minutes:
        """Return what the clock on the wall shows at UTC times."""
        moments = np.asarray(utc, dtype=np.int64)
        place = np.searchsorted(self.starts, moments, side="right") - 1
        found: Minutes = moments + self.offsets[place]
        return found

    def utc(self, wall: Minutes | int) -> tuple[Minutes, NDArray[np.bool_]]:
        """Return when the clock on the wall shows a time, and whether it ever does.

        An hour that happens twice is taken the first time. An hour that the clocks skip does
        not exist; the UTC time given for it is then of no use.

        Parameters
        ----------
        wall : int64 array
            Wall times.

        Returns
        -------
        utc : int64 array
            UTC times.
        exists : bool array
            False where the clocks skip the wall time.

        Examples
        --------
        >>> oslo = clock("Europe/Oslo", date(2027, 1, 1), date(2027, 12, 31))
        >>> spring = midnight(date(2027, 3, 28))
        >>> utc, exists = oslo.utc(np.array([spring + 60, spring + 150, spring + 180]))
        >>> exists.tolist(), ((utc - spring) // 60)[exists].tolist()
        ([True, False, True], [0, 1])
        """
        times = np.asarray(wall, dtype=np.int64)
        ends = self.starts[1:] + self.offsets[:-1]
        place = np.searchsorted(ends, times, side="right")
        utc = times - self.offsets[place]
        return utc, utc >= self.starts[place]

    def spans(self, begin: Minutes, end: Minutes) -> tuple[Minutes, Minutes, Minutes]:
        """Return the UTC time during which the wall shows times in given windows.

        A window that holds an hour which happens twice lasts that much longer, one that
        holds an hour which is skipped that much shorter, so that no meeting ever lies
        outside a window on anybody's wall.

        Parameters
        ----------
        begin, end : int64 arrays (k,)
            Windows in wall time.

        Returns
        -------
        which, begin, end : int64 arrays
            Position of the window, and a stretch of UTC time in it.
        """
        stops = np.append(self.starts[1:], np.iinfo(np.int64).max // 4)
        first = np.maximum(begin[:, None] - self.offsets, self.starts)
        last = np.minimum(end[:, None] - self.offsets, stops)
        which, stretch = np.nonzero(last > first)
        return which, first[which, stretch], last[which, stretch]


def _offset(info: tzinfo, utc: int) -> int:
    moment = (_EPOCH + timedelta(minutes=utc)).astimezone(info)
    return (moment.utcoffset() or timedelta(0)) // timedelta(minutes=1)


def _change(info: tzinfo, low: int, high: int) -> int:
    """Return the first minute after `low` that has the offset of `high`."""
    after = _offset(info, high)
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(info, middle) == after:
            high = middle
        else:
            low = middle
    return high


@lru_cache(maxsize=1024)
def clock(zone: str, first: date, last: date) -> Clock:
    """Return the clock of a zone, right from a day before `first` to a day after `last`.

    Parameters
    ----------
    zone : str
        Canonical zone name; ``""`` is a clock that nobody named, taken as it stands.
    first, last : date
        The days that matter.

    Raises
    ------
    ProgramError
        There is no such zone.
    """
    begin, end = midnight(first) - 2 * DAY, midnight(last) + 3 * DAY
    if not zone:
        return Clock("", np.array([_BEGINNING]), np.zeros(1, dtype=np.int64), begin)
    info = zone_info(zone)
    starts, offsets = [_BEGINNING], [_offset(info, begin)]
    for at in range(begin, end, _PROBE):
        if _offset(info, at + _PROBE) != offsets[-1]:
            starts.append(_change(info, at, at + _PROBE))
            offsets.append(_offset(info, at + _PROBE))
    return Clock(zone, np.array(starts, dtype=np.int64), np.array(offsets, dtype=np.int64), begin)


def time_text(wall: int, days: tuple[str, ...]) -> str:
    """Write a wall time such as ``Mon 2027-01-11 09:00``."""
    day = day_of(wall)
    return f"{days[day.weekday()]} {day.isoformat()} {hour_text(wall)}"


def hour_text(wall: int) -> str:
    """Write the time of day such as ``09:00``.

    Examples
    --------
    >>> hour_text(24 * 60 + 545)
    '09:05'
    """
    return f"{int(wall) % DAY // 60:02d}:{int(wall) % 60:02d}"
