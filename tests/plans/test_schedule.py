"""Plans keep their promises: free for both, never twice at once, no holidays, all counted."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import matchkit as mk
from matchkit.errors import DetachedError, ProgramError
from matchkit.plans import Cadence, Meeting, Phase, Plan
from tests.plans.rounds import (
    Person,
    Sides,
    inside,
    moments,
    one_pair,
    pair_up,
    person,
    rounds,
    timed,
)  # fmt: skip

START = date(2027, 1, 11)
SHORT = Cadence(phases=(Phase("week", "3 weeks", 60), Phase("2 weeks", "4 weeks", 30)))
# Around the days on which clocks change in the north and in the south.
STARTS = st.sampled_from(
    [date(2027, 1, 11), date(2027, 3, 10), date(2027, 3, 25), date(2027, 9, 22), date(2027, 10, 20)]
)


def people_of(
    sides: Sides,
) -> dict[tuple[str, str], Person]:
    """Return the records by role and id."""
    mentors, mentees = sides
    return {("mentor", each["id"]): each for each in mentors} | {
        ("mentee", each["id"]): each for each in mentees
    }


def seats(meeting: Meeting) -> tuple[tuple[str, str], tuple[str, str]]:
    """Return who takes part: role and id."""
    return ("mentor", meeting.mentor), ("mentee", meeting.mentee)


def check(plan: Plan, sides: Sides) -> None:
    """Check what holds for every plan."""
    people = people_of(sides)
    busy: dict[str, list[tuple[datetime, datetime]]] = {}
    for meeting in timed(plan):
        assert meeting.start is not None
        assert meeting.end is not None
        assert meeting.end - meeting.start == timedelta(minutes=meeting.minutes)
        for seat in seats(meeting):
            record = people[seat]
            for moment in moments(meeting):
                assert inside(record["hours"], record["timezone"], moment), (meeting, record)
            busy.setdefault(seat[1], []).append((meeting.start, meeting.end))
    for times in busy.values():
        for (_, end), (begin, _) in itertools.pairwise(sorted(times)):
            assert end <= begin
    assert plan.quality.scheduled == len(timed(plan)) <= plan.quality.scheduled_bound
    assert plan.quality.kept <= plan.quality.kept_bound <= plan.quality.scheduled_bound


@settings(max_examples=60, deadline=None)
@given(rounds(), STARTS, st.sampled_from([Cadence(), SHORT, Cadence.micro()]))
def test_meetings_suit_both_and_never_overlap(sides: Sides, start: date, cadence: Cadence) -> None:
    """Otherwise people would be invited when they cannot come, or to two places at once."""
    matching = pair_up(*sides)
    plan = mk.schedule(matching, start, cadence=cadence)
    check(plan, sides)
    occasions = cadence.occasions(start)
    assert len(plan) == len(matching) * len(occasions)
    for pair in range(len(matching)):
        meetings = plan.of_pair(pair)
        assert [each.number for each in meetings] == list(range(1, len(occasions) + 1))
        assert [each.purpose for each in meetings] == [each.purpose for each in occasions]
        dates = [each.start for each in meetings if each.start]
        assert dates == sorted(dates)


@settings(max_examples=40, deadline=None)
@given(rounds(), STARTS, st.data())
def test_no_meeting_on_a_holiday_or_in_an_absence(
    sides: Sides, start: date, data: st.DataObject
) -> None:
    """Otherwise people would be asked to meet on a day off."""
    days = st.dates(start, start + timedelta(days=40))
    holidays = data.draw(st.lists(days, max_size=12))
    matching = pair_up(*sides)
    away = sorted(data.draw(st.tuples(days, days)))
    moment = datetime(start.year, start.month, start.day, 9, tzinfo=UTC) + timedelta(days=8)
    someone = matching.matches[0].mentor
    busy = {someone: [(away[0], away[1]), (moment, moment + timedelta(hours=30))]}
    plan = mk.schedule(matching, start, cadence=SHORT, holidays=holidays, busy=busy)
    check(plan, sides)
    people = people_of(sides)
    for meeting in timed(plan):
        for seat in seats(meeting):
            zone = people[seat]["timezone"]
            clock = UTC if zone == "UTC" else ZoneInfo(zone)
            for at in moments(meeting):
                local = at.astimezone(clock).date()
                assert local not in holidays
                if seat[1] == someone:
                    assert not away[0] <= local <= away[1]
                    assert not moment <= at < moment + timedelta(hours=30)


@settings(max_examples=25, deadline=None)
@given(rounds(), STARTS, st.integers(1, 2), st.integers(0, 10))
def test_notice_and_weekly_limit_hold(sides: Sides, start: date, most: int, notice: int) -> None:
    """Otherwise mentors would be asked for more than they agreed to, or at too short notice."""
    cadence = Cadence(phases=SHORT.phases, most_per_week=most, notice=notice)
    plan = mk.schedule(pair_up(*sides), start, cadence=cadence)
    check(plan, sides)
    zones = {each["id"]: each["timezone"] for each in sides[0]}
    weeks: dict[tuple[str, date], int] = {}
    for meeting in timed(plan):
        zone = zones[meeting.mentor]
        assert meeting.start is not None
        local = meeting.start.astimezone(UTC if zone == "UTC" else ZoneInfo(zone)).date()
        assert local >= start + timedelta(days=notice)
        assert meeting.week_of == local - timedelta(days=local.weekday())
        key = meeting.mentor, meeting.week_of
        weeks[key] = weeks.get(key, 0) + 1
    assert max(weeks.values(), default=0) <= most


@pytest.mark.parametrize("zone", ["Europe/Oslo", "Australia/Lord_Howe", "America/Santiago"])
def test_the_local_hour_stays_when_clocks_change(zone: str) -> None:
    """Otherwise a meeting at nine would be at eight after the last Sunday of March."""
    plan = mk.schedule(one_pair("Tue 09-11", "Tue 09-11", zone), date(2027, 2, 1))
    assert plan.quality.kept == plan.quality.meetings == 12
    local = {each.start.astimezone(ZoneInfo(zone)).strftime("%a %H:%M") for each in timed(plan)
             if each.start}  # fmt: skip
    assert local == {"Tue 09:00"}


def test_a_skipped_hour_is_moved_and_said() -> None:
    """Otherwise a meeting would stand at an hour that no clock shows."""
    start, four = date(2027, 3, 15), Cadence(phases=(Phase("week", "4 weeks", 60),))
    matching = one_pair("Sun 02:00-03:00; Mon 10-11", "Sun 02:00-03:00; Mon 10-11")
    mondays = [start, date(2027, 3, 29), date(2027, 4, 5)]
    plan = mk.schedule(matching, start, cadence=four, busy={"bo": mondays})
    moved = [each for each in plan if not each.at_weekly_hour]
    assert [each.mentor_time for each in moved] == ["Mon 2027-03-22 10:00-11:00 Europe/Oslo"]
    assert moved[0].note == "moved from Sun 2027-03-28 02:00: the clocks skip 02:00 on that day"
    plan = mk.schedule(matching, start, cadence=four, busy={"bo": [*mondays, date(2027, 3, 22)]})
    note = plan.meetings[1].note
    assert "the clocks skip 02:00 on that day" in note
    assert "nearest: " in note


def test_hours_that_part_when_only_one_clock_changes() -> None:
    """Otherwise a meeting would stay on the mentor's wall and leave the mentee's hours."""
    matching = one_pair("Tue 13-15", "Tue 08:00-09:00", "Europe/Oslo", "America/New_York")
    plan = mk.schedule(matching, date(2027, 3, 1))
    times = {each.mentor_time[4:20] for each in timed(plan)}
    assert {each.mentee_time[15:20] for each in timed(plan)} == {"08:00"}
    assert "2027-03-09 14:00" in times
    assert "2027-03-16 13:00" in times  # New York is an hour nearer for two weeks
    notes = {each.note for each in plan if each.note}
    assert notes == {"moved from Tue 2027-03-16 14:00: outside the hours of bo on that date"}
    assert "2027-03-30 14:00" in times  # due in the week before, but not before the next


def test_without_hours_the_plan_is_by_week() -> None:
    """Otherwise the commonest file of all would give no plan, or times out of thin air."""
    plan = mk.schedule(one_pair("", "Mon 9-12"), date(2027, 1, 13), holidays=["2027-01-18"])
    assert {each.status for each in plan} == {"by week"}
    assert all(each.start is None for each in plan)
    assert plan.meetings[0].week_of == date(2027, 1, 11)
    assert plan.meetings[0].mentor_time == "week of 2027-01-11"
    assert all(each.week_of.weekday() == 0 for each in plan)
    assert "planned by week" in plan.findings[0].message


def test_weeks_without_a_working_day_are_skipped() -> None:
    """Otherwise a pair would be told to meet in the week in which all are on holiday."""
    off = [date(2027, 1, 11) + timedelta(days=i) for i in range(5)]
    weekly = mk.schedule(one_pair("", ""), START, holidays=off)
    assert [each.status for each in weekly][:2] == ["unscheduled", "by week"]
    assert weekly.meetings[0].note == "no week is left in which both are there on a working day"
    slower = Cadence(phases=(Phase("2 weeks", "8 weeks", 60),))
    plan = mk.schedule(one_pair("", ""), START, cadence=slower, holidays=off)
    assert plan.meetings[0].week_of == date(2027, 1, 18)


def test_no_common_hour_names_the_nearest_compromise() -> None:
    """Otherwise a coordinator would not know what to ask the two for."""
    plan = mk.schedule(one_pair("Mon 09-10", "Mon 10:30-12", "Europe/Oslo"), START)
    assert {each.status for each in plan} == {"unscheduled"}
    assert all(each.start is None for each in plan)
    note = plan.meetings[0].note
    assert note.startswith("no 60 minutes of the week suit both; nearest: Mon ")
    assert "minutes outside the hours of" in note


def test_hours_without_any_zone_are_taken_as_one_clock() -> None:
    """Otherwise a company in one city would have to write its zone in every row."""
    plan = mk.schedule(one_pair("Mon 9-12", "Mon 10-12", ""), START)
    assert plan.meetings[0].mentor_time == "Mon 2027-01-11 10:00-11:00"
    assert any("nobody named a time zone" in each.message for each in plan.findings)


def test_the_only_zone_is_everybodys_and_several_leave_the_rest_by_week() -> None:
    """Otherwise plans would differ from what the criterion of shared hours reckons with."""
    plan = mk.schedule(pair_up([person("di", "Mon 9-12", "Europe/Oslo")],
                               [person("bo", "Mon 9-12")]), START)  # fmt: skip
    assert {each.status for each in plan} == {"scheduled"}
    three = [person("di", "Mon 9-12", "Europe/Oslo", capacity="2"),
             person("gil", "Mon 9-12", "Asia/Tokyo", capacity="0")]  # fmt: skip
    plan = mk.schedule(pair_up(three, [person("bo", "Mon 9-12")]), START)
    assert {each.status for each in plan} == {"by week"}


def test_somebody_with_two_roles_is_in_one_place() -> None:
    """Otherwise who mentors and is mentored would be booked twice at the same hour."""
    mentors = [person("di", "Mon 9-10", "Europe/Oslo", email="di@example.org"),
               person("gil", "Mon 9-10", "Europe/Oslo")]  # fmt: skip
    mentees = [person("bo", "Mon 9-10", "Europe/Oslo"),
               person("dd", "Mon 9-10", "Europe/Oslo", email="DI@example.org")]  # fmt: skip
    program = mk.Program(criteria=(mk.SkillCoverage(),), rules=(),
                         constraints=(mk.Locked("bo", "di"), mk.Locked("dd", "gil")))  # fmt: skip
    plan = mk.schedule(mk.match(mentors, mentees, program=program), START)
    times = [each.start for each in timed(plan)]
    assert len(set(times)) == len(times)
    assert plan.quality.scheduled == plan.quality.scheduled_bound


def test_two_mentees_of_a_narrow_mentor_share_fairly() -> None:
    """Otherwise one of two mentees would get every meeting and the other none."""
    mentor = person("di", "Mon 9-10", "Europe/Oslo", capacity="2")
    mentees = [person("ana", "Mon 9-10"), person("bo", "Mon 9-10")]
    plan = mk.schedule(pair_up([mentor], mentees), START)
    counts = [sum(each.status == "scheduled" for each in plan.of(name)) for name in ("ana", "bo")]
    assert plan.quality.scheduled == plan.quality.scheduled_bound
    assert abs(counts[0] - counts[1]) <= 2
    assert min(counts) >= 9


def test_rows_names_and_threads_change_nothing() -> None:
    """Otherwise two runs over the same people would send different invitations."""
    mentors = [
        person(f"m{i}", "Mon 9-11; Wed 13-15", "Europe/Oslo", capacity="3") for i in range(3)
    ]
    mentees = [person(f"e{i}", "Mon 9-12; Wed 13-14", "Europe/Oslo") for i in range(8)]
    first = mk.schedule(pair_up(mentors, mentees), START).to_frame()
    again = mk.schedule(pair_up(mentors[::-1], mentees[::-1]), START).to_frame()
    assert first.equals(again)


def test_a_time_limit_is_said() -> None:
    """Otherwise a search that was cut short would pass for a finished one."""
    hours = ("Mon 10:30-11:30", "Mon 9:15-11:15", "Mon 10:30-11:45")
    mentees = [person(key, each, "Europe/Oslo") for key, each in zip("xyz", hours, strict=True)]
    mentor = person("di", "Mon 10:15-12:45", "Europe/Oslo", capacity="3")
    cadence = Cadence(phases=(Phase("week", "week", 45),), midway="")
    plan = mk.schedule(pair_up([mentor], mentees), START, cadence=cadence, time_limit=0.0)
    full = mk.schedule(pair_up([mentor], mentees), START, cadence=cadence)
    assert (plan.quality.scheduled, full.quality.scheduled) == (1, 2)
    assert any("time limit" in each.message for each in plan.findings)
    assert not any("time limit" in each.message for each in full.findings)


def test_nobody_matched_is_an_empty_plan() -> None:
    """Otherwise a round without matches would end in a traceback."""
    plan = mk.schedule(pair_up([], [person("bo")]), START)
    assert len(plan) == 0
    assert plan.to_frame().empty
    assert list(plan.to_frame().columns)[:2] == ["mentee", "mentor"]


def test_wrong_calls_are_told_how_to_mend() -> None:
    """Otherwise a wrong argument would be guessed at."""
    matching = one_pair("", "")
    with pytest.raises(ProgramError, match="needs its first day"):
        mk.schedule(matching)
    with pytest.raises(ProgramError, match="must be a date"):
        mk.schedule(matching, "2027-01-11")  # type: ignore[arg-type]
    with pytest.raises(ProgramError, match="must be from 1971"):
        mk.schedule(matching, date(1900, 1, 1))
    with pytest.raises(ProgramError, match="did you mean 'mentoring'"):
        mk.schedule(matching, START, cadence="mentorin")
    with pytest.raises(ProgramError, match="must be a Cadence"):
        mk.schedule(matching, START, cadence=3)  # type: ignore[arg-type]
    detached = mk.Matching.from_json(matching.to_json())
    with pytest.raises(DetachedError):
        mk.schedule(detached, START)


def test_the_start_of_the_program_serves() -> None:
    """Otherwise the first day would have to be given twice."""
    program = mk.Program(start=START)
    matching = mk.match([person("di")], [person("bo")], program=program)
    assert mk.schedule(matching).start == START
    assert mk.schedule(matching, datetime(2027, 2, 1, 12, tzinfo=UTC)).start == date(2027, 2, 1)


def test_the_frame_holds_what_a_coordinator_needs() -> None:
    """Otherwise reports and exports would have to ask elsewhere."""
    plan = mk.schedule(one_pair("Mon 9-12", "Mon 9-12"), START)
    frame = plan.to_frame()
    assert list(frame.columns) == [
        "mentee", "mentor", "number", "purpose", "status", "start", "end", "week_of", "minutes",
        "mentor_time", "mentee_time", "at_weekly_hour", "title", "agenda", "note",
    ]  # fmt: skip
    assert str(frame["start"].dt.tz) == "UTC"
    assert frame["start"].iloc[0].isoformat() == "2027-01-11T08:00:00+00:00"
    assert frame["week_of"].iloc[0] == date(2027, 1, 11)
    assert np.array_equal(frame["number"], np.arange(1, 13))
    assert repr(plan) == "Plan(12 meetings: 12 scheduled, 0 by week, 0 unscheduled)"
    assert "12 meetings of 1 pairs" in plan.summary()


def test_meetings_of_one_person_come_in_order() -> None:
    """Otherwise a person's list could not be read as a calendar."""
    mentees = [person(f"e{i}", "Mon 9-12", "Europe/Oslo") for i in range(3)]
    plan = mk.schedule(pair_up([person("di", "Mon 9-12", capacity="3")], mentees), START)
    times = [each.start for each in plan.of("di")]
    assert len(times) == 36
    assert times == sorted(times, key=lambda each: each or datetime.max.replace(tzinfo=UTC))
    with pytest.raises(ProgramError, match="nobody in the plan has the id 'gil'"):
        plan.of("gil")


def test_the_program_gives_rhythm_and_holidays() -> None:
    """A coordinator's program file could not say when nobody works."""
    program = mk.Program.from_toml_text(
        'start = 2027-01-11\ncadence = "circle"\nholidays = ["2027-01-18", 2027-01-25]'
    )
    mentors = [{"id": "di", "skills": "sql", "hours": "Mon 9-10"}]
    mentees = [{"id": "bo", "goals": "sql", "hours": "Mon 9-10"}]
    plan = mk.schedule(mk.match(mentors, mentees, program=program))
    assert len(plan) == 12
    days = [meeting.mentor_time[4:14] for meeting in plan.of("bo") if meeting.mentor_time]
    assert days[:2] == ["2027-01-11", "2027-02-01"]
    own = mk.schedule(plan.matching, cadence="micro", holidays=[])
    assert [meeting.mentor_time[4:14] for meeting in own] == ["2027-01-11", "2027-01-18"]


def test_holidays_of_a_program_go_by_location() -> None:
    """Everybody would rest on the holiday of one site."""
    program = mk.Program(
        start=date(2027, 1, 11), cadence="micro", holidays={"Oslo": ("2027-01-11",)}
    )
    mentors = [{"id": "di", "skills": "sql", "hours": "Mon 9-10; Tue 9-10", "capacity": "2"}]
    mentees = [
        {"id": "ana", "goals": "sql", "hours": "Mon 9-10; Tue 9-10", "location": "Oslo"},
        {"id": "bo", "goals": "sql", "hours": "Mon 9-10; Tue 9-10", "location": "Rome"},
    ]
    plan = mk.schedule(mk.match(mentors, mentees, program=program))
    assert plan.of("ana")[0].mentor_time.startswith("Tue 2027-01-12")
    assert plan.of("bo")[0].mentor_time.startswith("Mon 2027-01-11")
    assert mk.Program.from_toml_text(program.to_toml()) == program


@pytest.mark.parametrize("holidays", [7, ["17 May"], {"Oslo": [None]}, [20270517]])
def test_what_is_no_holiday_is_named(holidays: object) -> None:
    """A day that nobody can read would be a day of meetings."""
    with pytest.raises(ProgramError, match=r"Program\.holidays: .* write"):
        mk.Program(holidays=holidays)


def test_one_holiday_needs_no_list() -> None:
    """A country alone would be read letter by letter."""
    assert mk.Program(holidays="NO").holidays == ("NO",)
