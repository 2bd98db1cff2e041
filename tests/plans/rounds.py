"""Small rounds for the tests of plans, and an oracle that looks at clocks on its own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

import matchkit as mk
from matchkit.plans import Meeting, Plan
from matchkit.profiles import parse_windows

ZONES = (
    "Europe/Oslo",
    "Europe/London",
    "America/New_York",
    "Australia/Lord_Howe",  # half an hour of summer time
    "Asia/Kathmandu",  # +05:45
    "Pacific/Kiritimati",  # +14:00, over the date line from the next
    "Pacific/Pago_Pago",  # -11:00
    "Africa/Casablanca",  # summer time but for Ramadan
    "America/Santiago",  # changes at midnight
    "UTC",
)
Person = dict[str, str]
Sides = tuple[list[Person], list[Person]]
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def pair_up(mentors: Sequence[Person], mentees: Sequence[Person]) -> mk.Matching:
    """Match people on their skills and goals; only nobody with themselves."""
    program = mk.Program(criteria=(mk.SkillCoverage(),), rules=(mk.NotSelf(),))
    return mk.match(list(mentors), list(mentees), program=program)


def person(key: str, hours: str = "", zone: str = "", **cells: str) -> Person:
    """Return a record of somebody who teaches or wants to learn sql."""
    record = {"id": key, "hours": hours, "timezone": zone, "skills": "sql:4", "goals": "sql"}
    return {**record, **cells}


def one_pair(
    mentor_hours: str, mentee_hours: str, zone: str = "Europe/Oslo", mentee_zone: str = ""
) -> mk.Matching:
    """Return a round of Di, the mentor, and Bo, the mentee."""
    return pair_up(
        [person("di", mentor_hours, zone)], [person("bo", mentee_hours, mentee_zone or zone)]
    )


def timed(plan: Plan) -> list[Meeting]:
    """Return the meetings that have a time."""
    return [each for each in plan if each.status == "scheduled"]


def moments(meeting: Meeting) -> Iterable[datetime]:
    """Return moments of a meeting, five minutes apart, and its last minute."""
    assert meeting.start is not None
    assert meeting.end is not None
    for minute in [*range(0, meeting.minutes, 5), meeting.minutes - 1]:
        yield meeting.start + timedelta(minutes=minute)


def inside(hours: str, zone: str, moment: datetime) -> bool:
    """Say whether a moment lies in weekly hours, by the standard library's clock."""
    local = moment.astimezone(ZoneInfo(zone) if zone != "UTC" else UTC)
    minute = local.weekday() * 1440 + local.hour * 60 + local.minute
    return any(begin <= minute < end for begin, end in parse_windows(hours))


@st.composite
def weekly_hours(draw: st.DrawFn) -> str:
    """Draw weekly hours: some long, some short, some at night, odd minutes now and then."""
    windows = []
    for _ in range(draw(st.integers(1, 4))):
        day = draw(st.sampled_from(DAYS))
        begin = 60 * draw(st.integers(0, 22)) + draw(st.sampled_from([0, 0, 0, 15, 30, 50]))
        end = min(1440, begin + draw(st.sampled_from([30, 60, 90, 120, 240, 480])))
        windows.append(f"{day} {begin // 60:02d}:{begin % 60:02d}-{end // 60:02d}:{end % 60:02d}")
    return "; ".join(windows)


@st.composite
def rounds(draw: st.DrawFn) -> Sides:
    """Draw up to three mentors with places and up to five mentees, all with hours and zones."""
    zones = st.sampled_from(draw(st.permutations(ZONES))[:3])
    common = draw(weekly_hours())
    hours = st.one_of(weekly_hours(), st.just(common), st.just(f"{common}; Mon-Fri 06-20"))
    mentors = [
        person(f"m{i}", draw(hours), draw(zones), capacity="3")
        for i in range(draw(st.integers(1, 3)))
    ]
    mentees = [person(f"e{i}", draw(hours), draw(zones)) for i in range(draw(st.integers(1, 5)))]
    if draw(st.booleans()):
        mentees[0]["id"] = "m0"  # somebody who is both
    return mentors, mentees
