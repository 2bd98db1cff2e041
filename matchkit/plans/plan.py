"""The plan: every meeting of every pair, as objects, as a frame and as files."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from matchkit.errors import Finding, UnknownPersonError, nearest
from matchkit.plans.agendas import Story, fields_of, filled, story
from matchkit.plans.cadence import Cadence, Occasion
from matchkit.plans.cast import Cast
from matchkit.plans.clocks import Clock, Minutes, hour_text, time_text
from matchkit.plans.records import (
    BY_WEEK,
    SCHEDULED,
    STATUSES,
    UNSCHEDULED,
    Inputs,
    Meeting,
    Quality,
    Table,
)

if TYPE_CHECKING:
    import pandas as pd

    from matchkit.matching import Matching
    from matchkit.plans.absences import Period

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, eq=False, repr=False)
class Plan:
    """Follow-up meetings for every match of a round.

    Iterating gives the meetings sorted by mentee id and number; ``len(plan)`` is how many
    there are.

    Attributes
    ----------
    matching : Matching
        The round.
    start : date
        First day.
    cadence : Cadence
        The rhythm.
    quality : Quality
        How many meetings were placed and kept at their weekly hour, and how many could be.
    findings : tuple of Finding
        What a coordinator should know.
    milestones : tuple of (str, date)
        What is due when, for everybody.
    occasions : tuple of Occasion
        The meetings of a pair, before anybody's hours are looked at.
    cast, clocks : Cast, tuple of Clock
        Who takes part, and the clock on each one's wall.
    table : Table
        The same meetings as arrays, a row for each pair.
    inputs : Inputs
        Absences, holidays and time limit, for the next plan.

    Examples
    --------
    >>> import matchkit as mk
    >>> from datetime import date
    >>> mentors = [{"id": "di", "skills": "sql:4", "hours": "Mon 9-12", "timezone": "Europe/Oslo"}]
    >>> mentees = [{"id": "bo", "goals": "sql", "hours": "Mon 9-12", "timezone": "Europe/London"}]
    >>> plan = mk.schedule(mk.match(mentors, mentees, program=mk.Program(start=date(2027, 1, 11))))
    >>> first = next(iter(plan))
    >>> first.purpose, first.mentor_time, first.mentee_time
    ('kick-off', 'Mon 2027-01-11 10:00-11:00 Europe/Oslo', 'Mon 2027-01-11 09:00-10:00 Europe/London')
    """  # noqa: E501

    matching: Matching
    start: date
    cadence: Cadence
    quality: Quality
    findings: tuple[Finding, ...]
    milestones: tuple[tuple[str, date], ...]
    occasions: tuple[Occasion, ...]
    cast: Cast
    clocks: tuple[Clock, ...]
    table: Table
    inputs: Inputs

    # Meetings -------------------------------------------------------------------------------

    @cached_property
    def meetings(self) -> tuple[Meeting, ...]:
        """Every meeting, sorted by mentee id and number."""
        return tuple(each for meetings in self._by_pair for each in meetings)

    @cached_property
    def _by_pair(self) -> list[tuple[Meeting, ...]]:
        return [
            tuple(self._meeting(pair, at, told) for at in range(first, len(self.occasions)))
            for pair, first in enumerate(self.table.first.tolist())
            for told in (self.story(pair),)
        ]

    def __iter__(self) -> Iterator[Meeting]:
        """Iterate over the meetings, sorted by mentee id and number."""
        return iter(self.meetings)

    def __len__(self) -> int:
        """Return the number of meetings."""
        return self.quality.meetings

    def of(self, person: str) -> tuple[Meeting, ...]:
        """Return the meetings of one person, in either role, in the order of their dates.

        Parameters
        ----------
        person : str
            Id of a matched mentor or mentee.

        Raises
        ------
        UnknownPersonError
            Nobody in the plan has this id; the nearest ids are named.
        """
        pairs = [pair for seat in self.seats(person) for pair in self.cast.pairs_of.get(seat, [])]
        found = [meeting for pair in pairs for meeting in self.of_pair(pair)]
        return tuple(sorted(found, key=_when))

    def seats(self, person: str) -> list[int]:
        """Return the seats of one person.

        Raises
        ------
        UnknownPersonError
            Nobody in the plan has this id; the nearest ids are named.
        """
        try:
            return self.cast.seats_of[person]
        except KeyError:
            hint = nearest(str(person), list(self.cast.seats_of))
            raise UnknownPersonError(f"nobody in the plan has the id {person!r}{hint}") from None

    def story(self, pair: int) -> Story:
        """Return what a pair is about, by its position in the matching."""
        return story(self.matching, self.cast, pair, self.cadence.wording)

    def of_pair(self, pair: int) -> tuple[Meeting, ...]:
        """Return the meetings of one pair, by its position in the matching."""
        return self._by_pair[pair]

    def _meeting(self, pair: int, at: int, told: Story) -> Meeting:
        occasion, table = self.occasions[at], self.table
        first = int(table.first[pair])
        purpose = self.cadence.opening if at == first else occasion.purpose
        wording = self.cadence.wording
        template = wording.template(purpose)
        fields = fields_of(told, wording, number=at + 1 - first,
                           count=len(self.occasions) - first, minutes=occasion.minutes)  # fmt: skip
        status = int(table.status[pair, at])
        utc = int(table.starts[pair, at])
        match = self.matching.matches[pair]
        start = _EPOCH + timedelta(minutes=utc) if status == SCHEDULED else None
        return Meeting(
            mentee=match.mentee,
            mentor=match.mentor,
            number=at + 1 - first,
            purpose=purpose,
            status=STATUSES[status],
            start=start,
            end=start + timedelta(minutes=occasion.minutes) if start else None,
            week_of=date.fromordinal(int(table.weeks[pair, at])),
            minutes=occasion.minutes,
            mentor_time=self._local(pair, at, side=0),
            mentee_time=self._local(pair, at, side=1),
            at_weekly_hour=bool(table.kept[pair, at]),
            title=filled(template.title, fields),
            agenda=filled(template.agenda, fields),
            note=str(table.notes[pair, at]),
            sequence=int(table.sequence[pair, at]),
        )

    def _local(self, pair: int, at: int, *, side: int) -> str:
        """Return the time of a meeting on the mentor's (0) or mentee's (1) wall, as text."""
        wording, status = self.cadence.wording, int(self.table.status[pair, at])
        if status == UNSCHEDULED:
            return ""
        if status == BY_WEEK:
            monday = date.fromordinal(int(self.table.weeks[pair, at]))
            return wording.week_of.format(day=monday.isoformat())
        begin, end = self.walls[pair, at, side].tolist()
        zone = self.clocks[int(self.cast.pairs[pair, side])].zone
        return f"{time_text(begin, wording.days)}-{hour_text(end)} {zone}".rstrip()

    @cached_property
    def walls(self) -> Minutes:
        """Begin and end of every meeting on the walls of mentor and mentee.

        int64 array (pairs, meetings, 2, 2): wall minutes, of no use where there is no time.
        """
        minutes = np.array([each.minutes for each in self.occasions], dtype=np.int64)
        both = self.table.starts[:, :, None] + np.stack([0 * minutes, minutes], axis=1)
        found = np.empty((*self.table.starts.shape, 2, 2), dtype=np.int64)
        for pair, seats in enumerate(self.cast.pairs.tolist()):
            for side, seat in enumerate(seats):
                found[pair, :, side] = self.clocks[seat].wall(both[pair])
        return found

    # Changes --------------------------------------------------------------------------------

    def reschedule(self, person: str, *, absent: Period, since: date | None = None) -> Plan:
        """Return the plan around an absence: what can stay stays.

        Only the meetings that fall into the absence move, to the nearest time that suits.

        Parameters
        ----------
        person : str
            Id of a mentor or mentee in the plan.
        absent : date or (date, date) or (datetime, datetime)
            Days, both included, or moments; see ``busy`` of :func:`matchkit.schedule`.
        since : date, optional
            No new date lies before this day; the first day of the absence where none is given.

        Returns
        -------
        Plan
            Importing its calendars replaces the meetings that moved.

        Raises
        ------
        UnknownPersonError
            Nobody in the plan has this id; the nearest ids are named.
        ProgramError
            The period cannot be read.
        """
        from matchkit.plans.changes import around

        return around(self, person, absent, since)

    def follow(self, matching: Matching, *, since: date) -> Plan:
        """Return the plan of a changed matching: pairs that stay keep their meetings.

        New pairs join the rhythm at the first meeting that is due on `since` or later, which
        opens; their review and their closing fall with everybody's.

        Parameters
        ----------
        matching : Matching
            The new round with its people, for example after a mentor left.
        since : date
            First day of the new pairs.

        Returns
        -------
        Plan
            Of the new matching.

        Raises
        ------
        DetachedError
            The matching was loaded without its people.
        """
        from matchkit.plans.changes import carried

        return carried(self, matching, since)

    # Words ----------------------------------------------------------------------------------

    def summary(self) -> str:
        """Return the plan in a few lines of plain text."""
        done = self.quality
        lines = [
            f"{done.meetings} meetings of {len(self.cast.pairs)} pairs, from {self.start}",
            f"  with a time      {done.scheduled} (at most {done.scheduled_bound} could have one)",
            f"  at weekly hour   {done.kept} (at most {done.kept_bound} could be)",
            f"  by week          {done.by_week}",
            f"  without a time   {done.unscheduled}",
        ]
        return "\n".join([*lines, *(f"{each.severity}: {each}" for each in self.findings)])

    def __repr__(self) -> str:
        """Return the size on one line."""
        done = self.quality
        return (
            f"Plan({done.meetings} meetings: {done.scheduled} scheduled, {done.by_week} by week, "
            f"{done.unscheduled} unscheduled)"
        )

    def sheet(self, person: str) -> str:
        """Return the starter sheet of one person, as Markdown: who, why, what to ask first.

        Parameters
        ----------
        person : str
            Id of a matched mentor or mentee. A mentor's sheet tells about each mentee.

        Raises
        ------
        UnknownPersonError
            Nobody in the plan has this id; the nearest ids are named.
        """
        from matchkit.plans.sheets import sheet

        return sheet(self, person)

    # Files ----------------------------------------------------------------------------------

    def to_frame(self) -> pd.DataFrame:
        """Return one row for each meeting, sorted by mentee id and number.

        Returns
        -------
        pandas.DataFrame
            Columns ``mentee, mentor`` (ids), ``number, purpose, status, start, end`` (UTC
            timestamps, NaT unless scheduled), ``week_of`` (date, Monday on the mentor's
            wall), ``minutes, mentor_time, mentee_time`` (text), ``at_weekly_hour``, ``title,
            agenda, note``.
        """
        from matchkit.plans.frames import plan_frame

        return plan_frame(self)

    def to_csv(self, path: str | os.PathLike[str]) -> None:
        """Write the plan as a table for people: with names and e-mail addresses.

        UTF-8 with a BOM, so that spreadsheets read it; formulas are neutralized; the file is
        whole or absent.

        Raises
        ------
        ProgramError
            The file cannot be written.
        """
        from matchkit.plans.frames import write_plan

        write_plan(self, path)

    def to_ics(self, folder: str | os.PathLike[str], *, alarms: Sequence[int] = (24 * 60,)) -> None:
        """Write calendars (RFC 5545): one file for all, and one for each person.

        ``all.ics`` holds every meeting; each person has a file named after the id, made safe
        for every file system. Importing a newer plan replaces the meetings of the older one.

        Parameters
        ----------
        folder : path
            Where the files go; made where it is missing.
        alarms : sequence of int
            Minutes before a meeting at which calendars remind, () for none.

        Raises
        ------
        ProgramError
            A file cannot be written.
        """
        from matchkit.plans.calendars import write_calendars

        write_calendars(self, folder, alarms=tuple(alarms))

    def to_sheets(self, folder: str | os.PathLike[str]) -> None:
        """Write the starter sheet of each person as a Markdown file.

        Parameters
        ----------
        folder : path
            Where the files go; made where it is missing. Names are as in :meth:`to_ics`.

        Raises
        ------
        ProgramError
            A file cannot be written.
        """
        from matchkit.plans.sheets import write_sheets

        write_sheets(self, folder)


def _when(meeting: Meeting) -> tuple[Any, ...]:
    monday = datetime(meeting.week_of.year, meeting.week_of.month, meeting.week_of.day, tzinfo=UTC)
    return meeting.start or monday, meeting.mentee, meeting.mentor, meeting.number
