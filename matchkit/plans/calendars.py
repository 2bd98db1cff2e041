"""Calendars of a plan (RFC 5545): one for all, one for each person."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from matchkit.errors import ProgramError
from matchkit.files import write_atomically
from matchkit.plans.clocks import Clock
from matchkit.plans.filenames import safe_names
from matchkit.plans.plan import Meeting, Plan
from matchkit.plans.zonerules import zone_rules

if TYPE_CHECKING:
    from icalendar import Event

EVERYBODY: Final = "all.ics"
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\x85\u2028\u2029]")
_ADDRESS_PART: Final = r"[^\s\"(),:;<>@\[\\\]\x00-\x1f\x7f]+"
_ADDRESS: Final = re.compile(f"{_ADDRESS_PART}@{_ADDRESS_PART}")
_END: Final = b"END:VCALENDAR\r\n"
_WORKING_WEEK: Final = timedelta(days=5)


def write_calendars(plan: Plan, folder: str | os.PathLike[str], *, alarms: tuple[int, ...]) -> None:
    """Write what :meth:`Plan.to_ics` describes."""
    goal = Path(folder)
    try:
        goal.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ProgramError(
            f"cannot make the folder {str(goal)!r}: {(error.strerror or str(error)).lower()}; "
            "give a folder that you may write to"
        ) from error
    for name, data in calendars(plan, alarms=alarms):
        write_atomically(goal / name, data)


def calendar_names(plan: Plan) -> dict[str, str]:
    """Return the name of each person's calendar file, by id."""
    names = safe_names(sorted(plan.cast.seats_of))
    return {person: f"{name}.ics" for person, name in names.items()}


def calendars(plan: Plan, *, alarms: tuple[int, ...]) -> Iterator[tuple[str, bytes]]:
    """Return the calendars one after the other: file name and content.

    Parameters
    ----------
    plan : Plan
        The plan.
    alarms : tuple of int
        Minutes before a meeting at which calendars remind.
    """
    if any(each < 0 for each in alarms):
        raise ProgramError(f"alarms == {alarms!r}, must be minutes before the meeting, 0 or more")
    binder = Binder(plan, alarms)
    everything = list(range(len(plan.cast.pairs)))
    yield EVERYBODY, binder.calendar("", "Mentoring", everything)
    for person, name in calendar_names(plan).items():
        seats = plan.cast.seats_of[person]
        pairs = [pair for seat in seats for pair in plan.cast.pairs_of.get(seat, [])]
        yield name, binder.calendar(person, f"Mentoring: {plan.cast.names[seats[0]]}", pairs)


class Binder:
    """Builds each event once and binds it into every calendar that it belongs to."""

    def __init__(self, plan: Plan, alarms: tuple[int, ...]) -> None:
        self.plan = plan
        self.alarms = alarms
        self._events: dict[int, bytes] = {}
        self._zones: dict[str, bytes] = {}

    def calendar(self, person: str, title: str, pairs: list[int]) -> bytes:
        """Return a calendar with the meetings of some pairs and the milestones."""
        head = self._head(title)
        zones = {
            zone: self._zone(seat)
            for pair in pairs
            for seat in (int(self.plan.cast.pairs[pair, 0]),)
            if (zone := str(self.plan.cast.zones[seat])) not in ("", "UTC")
        }
        parts = [head.removesuffix(_END)]
        parts += [zones[name] for name in sorted(zones)]
        parts += [self._pair(pair) for pair in pairs]
        parts += [
            _milestone(self.plan, person, number).to_ical()
            for number in range(len(self.plan.milestones))
        ]
        return b"".join([*parts, _END])

    def _head(self, title: str) -> bytes:
        from icalendar import Calendar

        calendar = Calendar()
        calendar.add("prodid", "-//matchkit//plans//EN")
        calendar.add("version", "2.0")
        calendar.add("calscale", "GREGORIAN")
        calendar.add("x-wr-calname", clean(title))
        return bytes(calendar.to_ical())

    def _zone(self, seat: int) -> bytes:
        clock = self.plan.clocks[seat]
        if clock.zone not in self._zones:
            self._zones[clock.zone] = bytes(zone_rules(clock).to_ical())
        return self._zones[clock.zone]

    def _pair(self, pair: int) -> bytes:
        if pair not in self._events:
            meetings = self.plan.of_pair(pair)
            events = [_event(self.plan, pair, meeting, self.alarms) for meeting in meetings]
            self._events[pair] = b"".join(bytes(each.to_ical()) for each in events if each)
        return self._events[pair]


def uid(*parts: str) -> str:
    """Return an identifier that the same parts always give.

    Examples
    --------
    >>> uid("di", "bo", "1") == uid("di", "bo", "1") != uid("di", "bo", "2")
    True
    """
    joined = "\x1f".join(f"{len(part)}:{part}" for part in parts)
    digest = hashlib.blake2b(joined.encode("utf-8", "surrogatepass"), digest_size=16)
    return f"{digest.hexdigest()}@matchkit"


def clean(text: str) -> str:
    """Return a text without the control characters that calendars must not hold."""
    return _CONTROL.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n"))


def _event(plan: Plan, pair: int, meeting: Meeting, alarms: tuple[int, ...]) -> Event | None:
    """Return the event of a meeting; None where it has neither a time nor had one before."""
    from icalendar import Event

    if meeting.status == "unscheduled" and not meeting.sequence:
        return None
    event = Event()
    number = str(meeting.number)
    event.add("uid", uid("meeting", meeting.mentor, meeting.mentee, number))
    _stamp(event, plan, meeting.sequence)
    event.add("summary", clean(meeting.title))
    description = "\n\n".join(filter(None, [meeting.agenda, meeting.note]))
    event.add("description", clean(description))
    event.add("categories", [clean(meeting.purpose)])
    _times(event, plan, pair, meeting)
    if meeting.status != "unscheduled":
        _people(event, plan, pair)
        for minutes in alarms:
            event.add_component(_alarm(minutes, meeting.title))
    return event


def _stamp(event: Event, plan: Plan, sequence: int) -> None:
    """Date the event by the plan and its changes, never by the clock: same plan, same bytes."""
    start = plan.start
    made = datetime(start.year, start.month, start.day, tzinfo=UTC) + timedelta(minutes=sequence)
    event.add("dtstamp", made)
    event.add("sequence", sequence)


def _times(event: Event, plan: Plan, pair: int, meeting: Meeting) -> None:
    if meeting.start is None or meeting.end is None:
        event.add("dtstart", meeting.week_of)
        event.add("dtend", meeting.week_of + _WORKING_WEEK)
        event.add("transp", "TRANSPARENT")
        event.add("status", "TENTATIVE" if meeting.status == "by week" else "CANCELLED")
        return
    clock = plan.clocks[int(plan.cast.pairs[pair, 0])]
    _add_moment(event, "dtstart", meeting.start, clock)
    _add_moment(event, "dtend", meeting.end, clock)
    event.add("status", "CONFIRMED")


def _add_moment(event: Event, name: str, moment: datetime, clock: Clock) -> None:
    """Add a moment on the mentor's wall, with the zone named; in UTC where that is the zone."""
    if clock.zone == "UTC":
        event.add(name, moment)
        return
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    wall = int(clock.wall((moment - epoch) // timedelta(minutes=1)))
    local = epoch.replace(tzinfo=None) + timedelta(minutes=wall)
    event.add(name, local, parameters={"TZID": clock.zone} if clock.zone else {})


def _people(event: Event, plan: Plan, pair: int) -> None:
    """Name those whose e-mail address is known; the mentor's, or else the mentee's, organizes."""
    from icalendar import vCalAddress, vText

    found = []
    for seat in plan.cast.pairs[pair].tolist():
        address = str(plan.cast.emails[seat])
        if _ADDRESS.fullmatch(address):
            found.append((quote(address, safe="@!$'*+-./=^_`{|}~"), str(plan.cast.names[seat])))
    for address, name in found:
        attendee = vCalAddress(f"mailto:{address}")
        attendee.params["CN"] = vText(clean(name).replace('"', "'").replace("\n", " "))
        attendee.params["ROLE"] = vText("REQ-PARTICIPANT")
        attendee.params["PARTSTAT"] = vText("NEEDS-ACTION")
        event.add("attendee", attendee, encode=False)
    if found:
        organizer = vCalAddress(f"mailto:{found[0][0]}")
        organizer.params["CN"] = vText(clean(found[0][1]).replace('"', "'").replace("\n", " "))
        event.add("organizer", organizer, encode=False)


def _alarm(minutes: int, title: str) -> Any:
    from icalendar import Alarm

    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", clean(title))
    alarm.add("trigger", -timedelta(minutes=minutes))
    return alarm


def _milestone(plan: Plan, person: str, number: int) -> Event:
    from icalendar import Event

    name, day = plan.milestones[number]
    event = Event()
    event.add("uid", uid("milestone", person, str(number)))
    _stamp(event, plan, 0)
    event.add("summary", clean(name))
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    return event
