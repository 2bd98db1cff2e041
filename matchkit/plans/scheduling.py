"""schedule(): from a matching and a rhythm to a plan. Every stage stands on this screen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np

from matchkit.errors import Finding, ProgramError
from matchkit.plans.absences import Busy, Holidays, absences
from matchkit.plans.availability import available
from matchkit.plans.cadence import Cadence, Occasion
from matchkit.plans.cast import Cast, cast
from matchkit.plans.clocks import Minutes, clock, midnight
from matchkit.plans.notes import Notes
from matchkit.plans.plan import Plan
from matchkit.plans.records import BY_WEEK, SCHEDULED, UNSCHEDULED, Inputs, Quality, Table
from matchkit.plans.solving import Dates, find_dates, still_open
from matchkit.plans.tabulating import dated_table, weekly_table
from matchkit.plans.task import Task

if TYPE_CHECKING:
    from matchkit.matching import Matching

_FIRST, _LAST = date(1971, 1, 1), date(9990, 1, 1)


def schedule(
    matching: Matching,
    start: date | None = None,
    *,
    cadence: Cadence | str | None = None,
    busy: Busy | None = None,
    holidays: Holidays | None = None,
    time_limit: float | None = None,
) -> Plan:
    """Plan the follow-up of every match: kick-off, meetings, review and closing.

    Where both gave weekly hours, meetings get times at which both are free, at the same hour
    of the week on the mentor's wall wherever that is possible, and nobody is ever in two
    meetings at once. Where hours are missing, meetings get a week. Where no time can be
    found, a meeting is listed as unscheduled with the nearest compromise.

    Parameters
    ----------
    matching : Matching
        A round with its people.
    start : date, optional
        First day of the plan; the program's start where none is given. Never today.
    cadence : Cadence or str, optional
        The rhythm, or the name of a preset; the program's where none is given.
    busy : mapping of str to periods, optional
        For each id when that person cannot meet: days, ``(first, last)`` days (both included),
        or ``(from, to)`` datetimes, which are on the person's own wall unless they carry a
        zone.
    holidays : str, dates, or mapping, optional
        Days without meetings: dates, country codes such as ``"NO"`` or ``"DE-BY"`` (these need
        the extra ``matchkit[holidays]``), or a mapping from a value of the column ``location``
        to either. The program's where none are given. A holiday counts on the wall of the
        person who has it.
    time_limit : float, optional
        Seconds after which no better plan is looked for. With a limit the plan can depend on
        the speed of the machine; without one it never does.

    Returns
    -------
    Plan
        Meetings with times, purposes and agendas, and how good the plan is against a bound.

    Raises
    ------
    ProgramError
        There is no start, or an argument cannot be read.
    DetachedError
        The matching was loaded without its people.

    Notes
    -----
    The hour of the week is kept on the mentor's wall when clocks change, so that one mentor's
    meetings never drift into each other; on the mentee's wall it may then shift, and where it
    would leave the mentee's hours the meeting is moved, and says so. An hour that happens
    twice is taken the first time.

    Examples
    --------
    >>> import matchkit as mk
    >>> from datetime import date
    >>> matching = mk.match([{"id": "di", "skills": "sql"}], [{"id": "bo", "goals": "sql"}])
    >>> mk.schedule(matching, date(2027, 1, 11), cadence="micro")
    Plan(2 meetings: 0 scheduled, 2 by week, 0 unscheduled)
    """
    begin = _first_day(matching, start)
    program = matching.program
    rhythm = _rhythm(program.cadence if cadence is None else cadence)
    days = (program.holidays or None) if holidays is None else holidays
    return make_plan(matching, begin, rhythm, Inputs(busy, days, time_limit))


def make_plan(
    matching: Matching,
    start: date,
    cadence: Cadence,
    inputs: Inputs,
    *,
    earlier: Table | None = None,
    since: date | None = None,
) -> Plan:
    """Make a plan; meetings that have a time in an earlier table stay, if they still can.

    Parameters
    ----------
    matching, start, cadence, inputs
        As checked by :func:`schedule`.
    earlier : Table, optional
        A table of the same pairs in the same order.
    since : date, optional
        No new date lies before this day.
    """
    occasions = cadence.occasions(start)
    people = cast(matching)
    span = start - timedelta(days=2), occasions[-1].before + timedelta(days=8)
    clocks = tuple(clock(str(zone), *span) for zone in people.zones)
    away = absences(people, clocks, busy=inputs.busy, holidays=inputs.holidays, span=span)
    timed = np.flatnonzero(people.timed[people.pairs].all(axis=1))
    earliest = start + timedelta(days=cadence.notice)
    first = np.zeros(len(people.pairs), dtype=np.int64) if earlier is None else earlier.first
    task = Task(
        members=people.pairs[timed],
        person=people.person,
        clocks=clocks,
        windows=available(people.windows, clocks, span),
        blocked=away.spans,
        **_rhythm_of(occasions),
        order=people.order[timed],
        earliest=midnight(max(earliest, since or earliest)),
        most_per_week=cadence.most_per_week,
        first=first[timed] if first.any() else None,
    )
    dates = _dates(task, timed, earlier, inputs.time_limit)
    by_week = weekly_table(people, away, occasions, earliest=earliest, first=first)
    table = dated_table(by_week, timed, dates, Notes(people, task, away, dates))
    quality = _quality(table, dates)
    return Plan(
        matching=matching,
        start=start,
        cadence=cadence,
        quality=quality,
        findings=tuple(_findings(people, quality, stopped=dates.stopped)),
        milestones=cadence.due(start),
        occasions=occasions,
        cast=people,
        clocks=clocks,
        table=table,
        inputs=inputs,
    )


def _rhythm_of(occasions: tuple[Occasion, ...]) -> dict[str, Minutes]:
    """Return the days and lengths of the meetings as a task holds them."""
    rows = [(midnight(each.anchor), midnight(each.before), each.minutes) for each in occasions]
    anchors, limits, lengths = np.array(rows, dtype=np.int64).T
    return {"anchors": anchors, "limits": limits, "lengths": lengths}


def _dates(task: Task, timed: Minutes, earlier: Table | None, time_limit: float | None) -> Dates:
    """Find the dates, keeping those of an earlier table that are still possible."""
    if earlier is None:
        return find_dates(task, time_limit=time_limit)
    starts = still_open(task, earlier.starts[timed])
    return find_dates(task, starts=starts, hours=earlier.hours[timed], time_limit=time_limit)


# The call -------------------------------------------------------------------------------------


def _first_day(matching: Matching, start: date | None) -> date:
    day = matching.program.start if start is None else start
    if day is None:
        raise ProgramError(
            "a plan needs its first day: schedule(matching, date(2027, 1, 11)), "
            "or Program(start=...)"
        )
    if not isinstance(day, date):
        raise ProgramError(f"start == {day!r}, must be a date such as date(2027, 1, 11)")
    day = day.date() if isinstance(day, datetime) else day
    if not _FIRST <= day <= _LAST:
        raise ProgramError(f"start == {day.isoformat()}, must be from {_FIRST} to {_LAST}")
    return day


def _rhythm(cadence: Cadence | str) -> Cadence:
    if isinstance(cadence, str):
        return Cadence.named(cadence)
    if not isinstance(cadence, Cadence):
        raise ProgramError(f"cadence == {cadence!r}, must be a Cadence or the name of a preset")
    return cadence


# What to know ---------------------------------------------------------------------------------


def _quality(table: Table, dates: Dates) -> Quality:
    count = np.bincount(table.status[table.held], minlength=3)
    return Quality(
        meetings=int(count.sum()),
        scheduled=int(count[SCHEDULED]),
        scheduled_bound=dates.placed_bound,
        kept=int(table.kept.sum()),
        kept_bound=dates.kept_bound,
        by_week=int(count[BY_WEEK]),
        unscheduled=int(count[UNSCHEDULED]),
    )


def _findings(people: Cast, quality: Quality, *, stopped: bool) -> Iterator[Finding]:
    """Say what a coordinator should know."""
    silent = ~people.timed[people.pairs].all(axis=1)
    if silent.any():
        yield Finding(
            "note",
            f"{int(silent.sum())} of {len(people.pairs)} pairs are planned by week, "
            "because one of the two gave no hours that can be compared",
            "fill in the column hours, and timezone where several zones occur",
        )
    if people.floating and not silent.all():
        yield Finding(
            "warning",
            "nobody named a time zone: times are local clock times, and stand in the UTC "
            "columns as they are",
            "fill in the column timezone",
        )
    if quality.unscheduled:
        yield Finding(
            "warning",
            f"{quality.unscheduled} of {quality.meetings} meetings have no time",
            "see their notes for the nearest compromise",
        )
    if stopped:
        yield Finding(
            "warning",
            "the time limit ended the search: a longer one may place more meetings",
            "raise time_limit",
        )
