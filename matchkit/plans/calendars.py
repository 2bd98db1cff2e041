"""Calendars of a plan (RFC 5545): one for all, one for each person."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from matchkit.errors import ProgramError
from matchkit.files import made_folder, write_together
from matchkit.plans.clocks import Clock
from matchkit.plans.filenames import safe_names
from matchkit.plans.plan import Plan
from matchkit.plans.records import Meeting
from matchkit.plans.zonerules import zone_name, zone_rules

if TYPE_CHECKING:
    from icalendar import Component, Event, vCalAddress

EVERYBODY: Final = "all.ics"
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\x85\u2028\u2029]")
_ADDRESS_PART: Final = r"[^\s\"(),:;<>@\[\\\]\x00-\x1f\x7f]+"
_ADDRESS: Final = re.compile(f"{_ADDRESS_PART}@{_ADDRESS_PART}")
_STATUS: Final = {"scheduled": "CONFIRMED", "by week": "TENTATIVE", "unscheduled": "CANCELLED"}
_EPOCH: Final = datetime(1970, 1, 1)  # noqa: DTZ001  (on a wall)
_END: Final = b"END:VCALENDAR\r\n"
_OCTETS: Final = 75
_WORKING_WEEK: Final = timedelta(days=5)


def write_calendars(plan: Plan, folder: str | os.PathLike[str], *, alarms: tuple[int, ...]) -> None:
    """Write what :meth:`Plan.to_ics` describes."""
    write_together(made_folder(folder), calendars(plan, alarms=alarms))


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
    """Writes each event once and binds it into every calendar that it belongs to."""

    def __init__(self, plan: Plan, alarms: tuple[int, ...]) -> None:
        self.plan = plan
        self.alarms = alarms
        self._pairs: dict[int, bytes] = {}
        self._zones: dict[str, bytes] = {}
        self._kinds: dict[tuple[int, str, str], list[str]] = {}
        self._due = [_milestone(plan, number) for number in range(len(plan.milestones))]

    def calendar(self, person: str, title: str, pairs: list[int]) -> bytes:
        """Return a calendar with the meetings of some pairs and the milestones."""
        plan = self.plan
        leaders = {str(plan.cast.zones[seat]): seat for seat in plan.cast.pairs[pairs, 0].tolist()}
        parts = [self._head(title)]
        parts += [self._zone(leaders[zone]) for zone in sorted(leaders) if zone not in ("", "UTC")]
        parts += [self._pair(pair) for pair in pairs]
        for number, lines in enumerate(self._due):
            name = f"UID:{uid('milestone', person, str(number))}"
            parts.append(folded(["BEGIN:VEVENT", name, *lines, "END:VEVENT"]))
        return b"".join([*parts, _END])

    def _head(self, title: str) -> bytes:
        from icalendar import Calendar, vText

        calendar = Calendar()
        calendar.add("prodid", "-//matchkit//plans//EN")
        calendar.add("version", "2.0")
        calendar.add("calscale", "GREGORIAN")
        calendar.add("x-wr-calname", vText(one_line(title)))
        return folded(["BEGIN:VCALENDAR", *_inner(calendar)])

    def _zone(self, seat: int) -> bytes:
        clock = self.plan.clocks[seat]
        if clock.zone not in self._zones:
            lines = _inner(zone_rules(clock))
            self._zones[clock.zone] = folded(["BEGIN:VTIMEZONE", *lines, "END:VTIMEZONE"])
        return self._zones[clock.zone]

    def _pair(self, pair: int) -> bytes:
        if pair not in self._pairs:
            plan, lines = self.plan, []
            people = [*_inner(_people(plan, pair)), *self._alarms(pair)]
            clock = plan.clocks[int(plan.cast.pairs[pair, 0])]
            first = int(plan.table.first[pair])
            for at, meeting in enumerate(plan.of_pair(pair), first):
                if meeting.status == "unscheduled" and not meeting.sequence:
                    continue
                name = uid("meeting", meeting.mentor, meeting.mentee, str(meeting.number))
                lines += ["BEGIN:VEVENT", f"UID:{name}", *self._kind(meeting)]
                lines += _inner(_event(meeting, clock, plan.walls[pair, at, 0].tolist()))
                lines += people if meeting.status != "unscheduled" else []
                lines.append("END:VEVENT")
            self._pairs[pair] = folded(lines)
        return self._pairs[pair]

    def _kind(self, meeting: Meeting) -> list[str]:
        """Return the lines that all meetings of one kind share."""
        key = meeting.sequence, meeting.status, meeting.purpose
        if key not in self._kinds:
            from icalendar import Event

            event = Event()
            _stamp(event, self.plan, meeting.sequence)
            event.add("categories", [one_line(meeting.purpose)])
            event.add("status", _STATUS[meeting.status])
            if meeting.status != "scheduled":
                event.add("transp", "TRANSPARENT")
            self._kinds[key] = _inner(event)
        return self._kinds[key]

    def _alarms(self, pair: int) -> list[str]:
        from icalendar import Alarm

        mentor, mentee = self.plan.cast.pairs[pair].tolist()
        names = self.plan.cast.names
        lines = []
        for minutes in self.alarms:
            alarm = Alarm()
            alarm.add("action", "DISPLAY")
            alarm.add("description", one_line(f"{names[mentee]}, {names[mentor]}"))
            alarm.add("trigger", -timedelta(minutes=minutes))
            lines += ["BEGIN:VALARM", *_inner(alarm), "END:VALARM"]
        return lines


def _inner(component: Component) -> list[str]:
    """Return the content lines of a component without its BEGIN and END."""
    return [str(line) for line in component.content_lines() if line][1:-1]


def folded(lines: list[str]) -> bytes:
    r"""Return content lines as bytes, none longer than 75 octets (RFC 5545, section 3.1).

    Lines are cut between characters, and never between a backslash and what it escapes.

    Examples
    --------
    >>> folded(["SUMMARY:" + "x" * 70])
    b'SUMMARY:xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\r\n xxx\r\n'
    """
    parts: list[bytes] = []
    for line in lines:
        data = line.encode("utf-8", errors="replace")
        begin, room = 0, _OCTETS
        while len(data) - begin > room:
            end = begin + room
            while data[end] & 0xC0 == 0x80 or data[end - 1 : end] == b"\\":
                end -= 1
            parts += [data[begin:end], b"\r\n "]
            begin, room = end, _OCTETS - 1
        parts += [data[begin:], b"\r\n"]
    return b"".join(parts)


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


def one_line(text: str) -> str:
    """Return a text without line breaks and control characters."""
    return " ".join(clean(text).split())


def _event(meeting: Meeting, clock: Clock, walls: list[int]) -> Event:
    """Return what an event says about its meeting alone; walls are the mentor's."""
    from icalendar import Event

    event = Event()
    event.add("summary", one_line(meeting.title))
    description = "\n\n".join(filter(None, [meeting.agenda, meeting.note]))
    event.add("description", clean(description))
    if meeting.start is None or meeting.end is None:
        event.add("dtstart", meeting.week_of)
        event.add("dtend", meeting.week_of + _WORKING_WEEK)
    elif clock.zone == "UTC":
        event.add("dtstart", meeting.start)
        event.add("dtend", meeting.end)
    else:
        zone = {"TZID": zone_name(clock)} if clock.zone else {}
        for name, wall in zip(("dtstart", "dtend"), walls, strict=True):
            event.add(name, _EPOCH + timedelta(minutes=wall), parameters=zone)
    return event


def _stamp(event: Event, plan: Plan, sequence: int) -> None:
    """Date the event by the plan and its changes, never by the clock: same plan, same bytes."""
    start = plan.start
    made = datetime(start.year, start.month, start.day, tzinfo=UTC) + timedelta(minutes=sequence)
    event.add("dtstamp", made)
    event.add("sequence", sequence)


def _people(plan: Plan, pair: int) -> Event:
    """Name those whose e-mail address is known; the mentor, or else the mentee, organizes."""
    from icalendar import Event

    event = Event()
    found = []
    for seat in plan.cast.pairs[pair].tolist():
        address = str(plan.cast.emails[seat])
        if _ADDRESS.fullmatch(address):
            found.append((quote(address, safe="@!$'*+-./=^_`{|}~"), str(plan.cast.names[seat])))
    for address, name in found:
        role = {"ROLE": "REQ-PARTICIPANT", "PARTSTAT": "NEEDS-ACTION"}
        event.add("attendee", _address(address, name, role), encode=False)
    if found:
        event.add("organizer", _address(*found[0], {}), encode=False)
    return event


def _address(address: str, name: str, params: dict[str, str]) -> vCalAddress:
    from icalendar import vCalAddress, vText

    found = vCalAddress(f"mailto:{address}")
    # A parameter holds neither quotation marks nor line breaks (RFC 5545, section 3.2).
    found.params["CN"] = vText(one_line(name).replace('"', "'"))
    for key, value in params.items():
        found.params[key] = vText(value)
    return found


def _milestone(plan: Plan, number: int) -> list[str]:
    """Return the lines of a milestone but for its UID, which is each person's own."""
    from icalendar import Event

    name, day = plan.milestones[number]
    event = Event()
    _stamp(event, plan, 0)
    event.add("summary", one_line(name))
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    return _inner(event)
