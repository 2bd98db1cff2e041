"""What a plan consists of: meetings, their table as arrays, and how good it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
from numpy.typing import NDArray

from matchkit.plans.clocks import Minutes
from matchkit.plans.spans import Mask

if TYPE_CHECKING:
    from matchkit.plans.absences import Busy, Holidays

Status = Literal["scheduled", "by week", "unscheduled"]
STATUSES: Final[tuple[Status, ...]] = ("scheduled", "by week", "unscheduled")
SCHEDULED, BY_WEEK, UNSCHEDULED = range(3)


@dataclass(frozen=True, slots=True)
class Meeting:
    """One meeting of a pair.

    Attributes
    ----------
    mentee, mentor : str
        Ids.
    number : int
        1 for the first meeting of the pair.
    purpose : str
        Which template it follows.
    status : {"scheduled", "by week", "unscheduled"}
        It has a time; it has a week, because hours are not known; or no time could be found.
    start, end : datetime or None
        UTC; None unless scheduled.
    week_of : date
        Monday of its week on the mentor's wall.
    minutes : int
        Its length.
    mentor_time, mentee_time : str
        The time on each one's wall.
    at_weekly_hour : bool
        It is at the hour of the week at which this pair usually meets.
    title, agenda : str
        What it is called and what to talk about.
    note : str
        Why it was moved or has no time, and the nearest compromise.
    sequence : int
        How often it was changed since the plan was made.
    """

    mentee: str
    mentor: str
    number: int
    purpose: str
    status: Status
    start: datetime | None
    end: datetime | None
    week_of: date
    minutes: int
    mentor_time: str
    mentee_time: str
    at_weekly_hour: bool
    title: str
    agenda: str
    note: str
    sequence: int


@dataclass(frozen=True, slots=True)
class Quality:
    """How good a plan is, and how good any plan could be.

    Attributes
    ----------
    meetings : int
        All meetings of the cadence.
    scheduled, scheduled_bound : int
        Meetings with a time, and how many could have one at most.
    kept, kept_bound : int
        Meetings at their pair's weekly hour, and how many could be at most.
    by_week, unscheduled : int
        Meetings planned by week because hours are not known, and meetings without a time.
    """

    meetings: int
    scheduled: int
    scheduled_bound: int
    kept: int
    kept_bound: int
    by_week: int
    unscheduled: int


@dataclass(frozen=True, eq=False)
class Table:
    """The plan as arrays, a row for each pair in the order of the matching.

    Attributes
    ----------
    starts : int64 array (pairs, meetings)
        UTC minutes, -1 where there is no time.
    weeks : int64 array (pairs, meetings)
        Ordinal of the week's Monday.
    status : int8 array (pairs, meetings)
        Position in `STATUSES`.
    kept : bool array (pairs, meetings)
        At the weekly hour.
    notes : object array (pairs, meetings)
        Text.
    sequence : int64 array (pairs, meetings)
        Changes since the plan was made.
    hours : int64 array (pairs,)
        Weekly hour, minutes from Monday 00:00 on the mentor's wall, -1 for none.
    first : int64 array (pairs,)
        The first meeting that each pair holds: 0 but for pairs that joined later.
    """

    starts: Minutes
    weeks: Minutes
    status: NDArray[np.int8]
    kept: Mask
    notes: NDArray[np.object_]
    sequence: Minutes
    hours: Minutes
    first: Minutes

    def __post_init__(self) -> None:
        """Close the arrays to writing."""
        for array in vars(self).values():
            array.setflags(write=False)

    @property
    def held(self) -> Mask:
        """Which meetings a pair holds: all from its first on, (pairs, meetings)."""
        return first_on(self.first, self.starts.shape[1])


def first_on(first: Minutes, meetings: int) -> Mask:
    """Return which meetings come at or after each pair's first one, (pairs, meetings)."""
    held: Mask = np.arange(meetings) >= first[:, None]
    return held


@dataclass(frozen=True, eq=False)
class Inputs:
    """What a plan was made from, kept for the next one.

    Attributes
    ----------
    busy, holidays, time_limit
        As given to :func:`matchkit.schedule`.
    """

    busy: Busy | None
    holidays: Holidays | None
    time_limit: float | None
