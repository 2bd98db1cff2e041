"""The table of a plan: weeks for everybody, dates for those whose hours are known."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np

from matchkit.plans.absences import Absences
from matchkit.plans.byweek import monday_of, weeks
from matchkit.plans.cadence import Occasion
from matchkit.plans.cast import Cast
from matchkit.plans.clocks import DAY, Minutes, day_of, week_minute
from matchkit.plans.notes import Notes
from matchkit.plans.records import BY_WEEK, SCHEDULED, UNSCHEDULED, Table, first_on
from matchkit.plans.solving import Dates, kept
from matchkit.plans.task import UNPLACED, Task
from matchkit.plans.weekly import NO_HOUR

_EPOCH_DAY = date(1970, 1, 1).toordinal()


def weekly_table(
    people: Cast,
    away: Absences,
    occasions: tuple[Occasion, ...],
    *,
    earliest: date,
    first: Minutes,
) -> Table:
    """Return a table in which every pair is planned by week.

    Parameters
    ----------
    people : Cast
        The seats and pairs.
    away : Absences
        Days on which they cannot meet.
    occasions : tuple of Occasion
        The meetings of a pair.
    earliest : date
        Nobody meets before.
    first : int64 array (pairs,)
        The first meeting that each pair holds.
    """
    shape = len(people.pairs), len(occasions)
    mondays = np.zeros(shape, dtype=np.int64)
    held = np.zeros(shape, dtype=bool)
    known: dict[frozenset[date], tuple[list[int], list[bool]]] = {}
    for pair, seats in enumerate(people.pairs.tolist()):
        days = [away.holidays[seat] | away.away[seat] for seat in seats]
        blocked = frozenset[date]().union(*days)
        if blocked not in known:
            found = weeks(occasions, blocked, earliest)
            known[blocked] = [day.toordinal() for day, _ in found], [open_ for _, open_ in found]
        mondays[pair], held[pair] = known[blocked]
    notes = np.full(shape, "", dtype=object)
    notes[~held] = "no week is left in which both are there on a working day"
    return Table(
        starts=np.full(shape, UNPLACED),
        weeks=mondays,
        status=np.where(held, BY_WEEK, UNSCHEDULED).astype(np.int8),
        kept=np.zeros(shape, dtype=bool),
        notes=notes,
        sequence=np.zeros(shape, dtype=np.int64),
        hours=np.full(shape[0], NO_HOUR),
        first=first,
    )


def dated_table(by_week: Table, timed: Minutes, dates: Dates, notes: Notes) -> Table:
    """Return the table with dates entered for the pairs whose hours are known.

    Parameters
    ----------
    by_week : Table
        Weeks for all pairs.
    timed : int64 array (k,)
        Pairs of the table that were solved, in the order of the task.
    dates : Dates
        What was found for them.
    notes : Notes
        Explains what was moved or has no time.
    """
    task = notes.task
    placed = dates.starts != UNPLACED
    held = kept(task, dates)
    starts, week, hours = (each.copy() for each in (by_week.starts, by_week.weeks, by_week.hours))
    status, usual, text = by_week.status.copy(), by_week.kept.copy(), by_week.notes.copy()
    starts[timed], usual[timed], hours[timed] = dates.starts, held, dates.hours
    status[timed] = np.where(placed, SCHEDULED, UNSCHEDULED)
    week[timed] = _weeks(task, dates)
    text[timed] = ""
    for row, meeting in np.argwhere(placed & ~held).tolist():
        text[timed[row], meeting] = notes.moved(row, meeting)
    due = first_on(by_week.first[timed], placed.shape[1])
    for row, meeting in np.argwhere(~placed & due).tolist():
        text[timed[row], meeting] = notes.unscheduled(row, meeting)
    return replace(
        by_week, starts=starts, weeks=week, status=status, kept=usual, notes=text, hours=hours
    )


def _weeks(task: Task, dates: Dates) -> Minutes:
    """Return the Monday of each meeting on the leader's wall; where it has no time, when due."""
    due = [monday_of(day_of(each)) for each in task.anchors.tolist()]
    found = np.tile([day.toordinal() for day in due], (len(dates.starts), 1))
    for group, leader in enumerate(task.members[:, 0].tolist()):
        wall = task.clocks[leader].wall(dates.starts[group])
        monday = (wall - week_minute(wall)) // DAY + _EPOCH_DAY
        found[group] = np.where(dates.starts[group] == UNPLACED, found[group], monday)
    return found
