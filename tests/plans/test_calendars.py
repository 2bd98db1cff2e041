"""Calendars obey RFC 5545, and an independent parser reads what was planned."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ical.calendar_stream import IcsCalendarStream

import matchkit as mk
from matchkit.errors import ProgramError
from matchkit.plans import Cadence, Phase, Plan, Template, Wording
from matchkit.plans.calendars import calendar_names, calendars, folded, uid
from matchkit.plans.clocks import clock
from matchkit.plans.filenames import safe_names
from matchkit.plans.zonerules import zone_rules
from tests.plans.rounds import ZONES, one_pair, pair_up, person, timed

if TYPE_CHECKING:
    from ical.calendar import Calendar

START = date(2027, 1, 11)
HOSTILE = ["../x", "CON", "con.txt", "a/b", "a\\b", "😀", "x" * 300, "ana", "ANA", "all", "Ána",
           ".hidden", "end.", "nul", "a:b", "  ", "-rf", "a\nb", "x-" + "0" * 16,
           "COM1.log"]  # fmt: skip


def files_of(plan: Plan, *, alarms: tuple[int, ...] = (60,)) -> dict[str, bytes]:
    """Return the calendars by file name."""
    return dict(calendars(plan, alarms=alarms))


def read(data: bytes) -> Calendar:
    """Read a calendar with a parser that shares no code with the writer."""
    return IcsCalendarStream.calendar_from_ics(data.decode("utf-8"))


def check_rules(data: bytes) -> None:
    """Check what RFC 5545 asks of every calendar."""
    assert data.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in data.replace(b"\r\n", b"")
    lines = data.split(b"\r\n")[:-1]
    assert max(map(len, lines)) <= 75
    for piece in lines:
        piece.decode("utf-8")  # no character is cut in two
        assert not re.search(rb"[\x00-\x08\x0b-\x1f\x7f]", piece)
    whole = data.replace(b"\r\n ", b"").decode("utf-8").split("\r\n")[:-1]
    depth: list[str] = []
    for line in whole:
        name, _, value = line.partition(":")
        if name == "BEGIN":
            depth.append(value)
        elif name == "END":
            assert depth.pop() == value
    assert depth == []
    events = re.split(r"^BEGIN:VEVENT$", "\n".join(whole), flags=re.MULTILINE)[1:]
    for event in events:
        own = event.split("\nBEGIN:VALARM")[0]
        for name in ("UID", "DTSTAMP", "DTSTART", "SEQUENCE", "SUMMARY"):
            assert len(re.findall(rf"^{name}[;:]", own, re.MULTILINE)) == 1
        zone = re.search(r"^DTSTART;TZID=([^:]+):", own, re.MULTILINE)
        if zone:
            assert f"TZID:{zone[1]}" in whole


def cohort(zone: str = "Europe/Oslo") -> mk.Matching:
    """Return a round with names, addresses and hours."""
    mentors = [
        person(
            "di", "Mon 9-12", zone, name='Di "the Å" Berg', email="di@example.org", capacity="3"
        ),
        person("gil", "", zone, name="Gil; Ltd, Inc", email="no address"),
    ]
    mentees = [
        person("bo", "Mon 9-12", zone, name="Bo\\ 王", email="bo+x@example.org"),
        person("cy", "Mon 9-11", zone, name="Cy\x0b:x", goals="sql; leading, and being led"),
        person("ed", "", zone, prefers="gil"),
    ]
    program = mk.Program(
        criteria=(mk.SkillCoverage(),), rules=(), constraints=(mk.Locked("ed", "gil"),)
    )
    return mk.match(mentors, mentees, program=program)


def test_an_independent_parser_reads_the_plan_back() -> None:
    """Otherwise people would import something other than what was planned."""
    plan = mk.schedule(cohort(), START)
    files = files_of(plan)
    assert sorted(files) == ["all.ics", "bo.ics", "cy.ics", "di.ics", "ed.ics", "gil.ics"]
    for data in files.values():
        check_rules(data)
    events = {each.uid: each for each in read(files["all.ics"]).events}
    assert len(events) == len(plan) + len(plan.milestones)
    for meeting in plan:
        event = events[uid("meeting", meeting.mentor, meeting.mentee, str(meeting.number))]
        assert event.summary == " ".join(meeting.title.split())
        assert event.description is not None
        assert event.description.startswith(meeting.agenda.splitlines()[0][:20])
        if meeting.start is None:
            assert (event.dtstart, event.dtend) == (meeting.week_of, meeting.week_of + timedelta(5))
            assert event.transparency == "TRANSPARENT"
        else:
            assert event.dtstart.astimezone(UTC) == meeting.start  # type: ignore[union-attr]
            assert event.dtend.astimezone(UTC) == meeting.end  # type: ignore[union-attr]
            assert event.dtstart.tzinfo == ZoneInfo("Europe/Oslo")  # type: ignore[union-attr]
        assert event.alarm[0].trigger == -timedelta(minutes=60)
    theirs = {each.uid for each in read(files["bo.ics"]).events} & set(events)
    assert len(theirs) == 12
    assert theirs < {each.uid for each in read(files["di.ics"]).events}


def test_attendees_are_named_where_addresses_are_known() -> None:
    """Otherwise calendars could not show who takes part, or would hold addresses that break."""
    files = files_of(mk.schedule(cohort(), START))
    bo = next(each for each in read(files["bo.ics"]).events if each.attendees)
    assert [str(each.uri) for each in bo.attendees] == ["mailto:di@example.org",
                                                        "mailto:bo+x@example.org"]  # fmt: skip
    assert bo.attendees[0].common_name == "Di 'the Å' Berg"
    assert bo.organizer is not None
    assert str(bo.organizer.uri) == "mailto:di@example.org"
    assert not any(each.attendees for each in read(files["ed.ics"]).events)


@pytest.mark.parametrize("zone", [*ZONES, "UTC+05:30", ""])
def test_zones_are_written_out(zone: str) -> None:
    """Otherwise a calendar that does not know a zone would show the wrong hour."""
    plan = mk.schedule(one_pair("Wed 09-11", "Wed 09-11", zone), date(2027, 3, 1))
    data = files_of(plan)["bo.ics"]
    check_rules(data)
    assert (b"BEGIN:VTIMEZONE" in data) == (zone not in ("UTC", ""))
    starts = [each.dtstart for each in read(data).events if isinstance(each.dtstart, datetime)]
    for start, meeting in zip(starts, timed(plan), strict=True):
        if zone:
            assert start.astimezone(UTC) == meeting.start
        else:
            assert start.tzinfo is None
            assert start.hour == 9


@pytest.mark.parametrize("zone", ZONES[:-1])
def test_zone_rules_say_what_the_zone_does(zone: str) -> None:
    """Otherwise meetings after a change of the clocks would be off by an hour."""
    text = zone_rules(clock(zone, date(2027, 1, 4), date(2027, 12, 31))).to_ical().decode()
    pattern = r"DTSTART:(\d{8}T\d{6}).*?TZOFFSETFROM:([+-]\d{4}).*?TZOFFSETTO:([+-]\d{4})"
    changes = [
        (
            datetime.strptime(begin + before, "%Y%m%dT%H%M%S%z"),
            datetime.strptime(to, "%z").utcoffset(),
        )
        for begin, before, to in re.findall(pattern, text, re.DOTALL)
    ]
    for hour in range(24 * 360):
        moment = datetime(2027, 1, 4, 0, 30, tzinfo=UTC) + timedelta(hours=hour)
        offset = [to for since, to in changes if since <= moment][-1]
        assert offset == moment.astimezone(ZoneInfo(zone)).utcoffset()


def test_uids_depend_on_the_pair_and_the_number_only() -> None:
    """Otherwise importing a newer plan would double every meeting."""
    first = mk.schedule(cohort(), START)
    later = mk.schedule(
        cohort(), date(2027, 2, 1), cadence=Cadence.circle(), holidays=["2027-02-08"]
    )
    names = [
        {line for line in files_of(plan)["all.ics"].split(b"\r\n") if line.startswith(b"UID")}
        for plan in (first, later)
    ]
    assert names[1] < names[0]  # one meeting of two pairs has no time, others have moved
    assert len(names[1]) == len(names[0]) - 2
    assert uid("a", "b:1") != uid("a:b", "1") != uid("ab", "1")


def test_the_same_plan_gives_the_same_bytes() -> None:
    """Otherwise calendars could not be compared, and every export would look new."""
    assert files_of(mk.schedule(cohort(), START)) == files_of(mk.schedule(cohort(), START))


def test_a_moved_meeting_replaces_the_old_one() -> None:
    """Otherwise calendars would keep the old time of a meeting that moved, or was dropped."""
    plan = mk.schedule(cohort(), START)
    moved = plan.reschedule("bo", absent=(date(2027, 1, 17), date(2027, 1, 19)))
    old, new = (
        {each.uid: each for each in read(files_of(each)["bo.ics"]).events} for each in (plan, moved)
    )
    changed = [name for name, event in new.items() if event != old[name]]
    assert changed == [uid("meeting", "di", "bo", "2")]
    event = new[changed[0]]
    assert event.sequence == 1
    assert event.dtstamp > old[changed[0]].dtstamp
    assert event.status == "CANCELLED"
    assert old.keys() == new.keys()


def test_files_are_written_beside_what_is_there(tmp_path: Path) -> None:
    """Otherwise a folder could not be reused, or half a calendar be found in it."""
    plan = mk.schedule(cohort(), START)
    folder = tmp_path / "deep" / "calendar"
    plan.to_ics(folder, alarms=())
    plan.to_ics(folder, alarms=())
    assert sorted(each.name for each in folder.iterdir()) == sorted(files_of(plan))
    assert b"VALARM" not in (folder / "bo.ics").read_bytes()
    (tmp_path / "file").write_text("")
    with pytest.raises(ProgramError, match="cannot make the folder"):
        plan.to_ics(tmp_path / "file")
    with pytest.raises(ProgramError, match="alarms"):
        plan.to_ics(folder, alarms=(-5,))


def test_hostile_ids_and_texts_stay_inside(tmp_path: Path) -> None:
    """Otherwise an id could write outside the folder, or a name could add lines to a calendar."""
    ids = [each.strip() for each in HOSTILE if each.strip() and "\n" not in each]
    mentees = [
        person(each, "Mon 9-12", "Europe/Oslo", name=f"N\r\nATTACH:x {each}") for each in ids
    ]
    mentor = person("di", "Mon-Fri 8-18", "Europe/Oslo", capacity="99")
    wording = Wording(templates={"session": Template("{mentee}\nBEGIN:VEVENT", "a\r\nb\tc")})
    plan = mk.schedule(pair_up([mentor], mentees), START,
                       cadence=Cadence(phases=(Phase("week", "week", 30),), opening="session",
                                       wording=wording))  # fmt: skip
    plan.to_ics(tmp_path / "in")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["in"]
    assert len(list((tmp_path / "in").iterdir())) == len(ids) + 2
    for name in calendar_names(plan).values():
        data = (tmp_path / "in" / name).read_bytes()
        check_rules(data)
        assert not re.search(rb"^ATTACH", data, re.MULTILINE)
        assert len(read(data).events) == data.count(b"\r\nUID:")


@given(st.lists(st.one_of(st.text(), st.sampled_from(HOSTILE)), unique=True))
def test_file_names_are_distinct_and_harmless(ids: list[str]) -> None:
    """Otherwise two people would share a file on a system that ignores case."""
    names = safe_names([*ids, "di"])
    assert len({each.casefold() for each in names.values()}) == len(set(ids) | {"di"})
    for name in names.values():
        assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._@+-]*", name)
        assert len(name) <= 80
        assert not name.endswith(".")
        assert name.casefold().split(".")[0] not in {"con", "nul", "aux", "prn", "com1", "all"}


@settings(max_examples=100)
@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=300))
def test_folding_cuts_no_character(text: str) -> None:
    """Otherwise a calendar would hold broken characters or lines that are too long."""
    line = "DESCRIPTION:" + text.replace("\\", "\\\\")
    data = folded([line])
    assert data.replace(b"\r\n ", b"") == line.encode() + b"\r\n"
    pieces = data.split(b"\r\n")[:-1]
    assert all(len(piece) <= 75 for piece in pieces)
    assert all(piece.decode() for piece in pieces)
