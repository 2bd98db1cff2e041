"""Plans by week, for pairs whose hours are not known: a Monday for each meeting, no time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from matchkit.plans.cadence import WEEK, Occasion

WORKING_DAYS = 5


def monday_of(day: date) -> date:
    """Return the Monday of the working week that a day belongs to: a weekend, of the next.

    Examples
    --------
    >>> monday_of(date(2027, 1, 15)), monday_of(date(2027, 1, 16))
    (datetime.date(2027, 1, 11), datetime.date(2027, 1, 18))
    """
    monday = day - timedelta(days=day.weekday())
    return monday if day.weekday() < WORKING_DAYS else monday + WEEK


def weeks(
    occasions: Sequence[Occasion], blocked: frozenset[date], earliest: date
) -> list[tuple[date, bool]]:
    """Return the week of each meeting of a pair, and whether both are there in it.

    A meeting goes to the week in which it is due. Where no working day of that week is left
    for both it moves to the next week that has one, as far as its days allow.

    Parameters
    ----------
    occasions : sequence of Occasion
        The meetings.
    blocked : frozenset of date
        Days on which one of the two cannot meet.
    earliest : date
        Nobody meets before.

    Returns
    -------
    list of (date, bool)
        The Monday, and False where there is no such week.
    """
    found = []
    taken: set[date] = set()
    for occasion in occasions:
        monday = due = monday_of(max(occasion.anchor, earliest))
        final = occasion.before - timedelta(days=1)
        last = max(final - timedelta(days=final.weekday()), due)
        while monday <= last and (monday in taken or not _open(monday, blocked, earliest)):
            monday += WEEK
        held = monday <= last
        found.append((monday if held else due, held))
        if held:
            taken.add(monday)
    return found


def _open(monday: date, blocked: frozenset[date], earliest: date) -> bool:
    days = (monday + timedelta(days=i) for i in range(WORKING_DAYS))
    return any(day >= earliest and day not in blocked for day in days)
