"""Plans change no more than they must."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import matchkit as mk
from matchkit.errors import ProgramError, UnknownPersonError
from tests.plans.rounds import Sides, one_pair, pair_up, person, rounds, timed

START = date(2027, 3, 1)


@settings(max_examples=25, deadline=None)
@given(rounds(), st.integers(0, 60), st.integers(0, 20))
def test_meetings_outside_the_absence_stay(sides: Sides, after: int, days: int) -> None:
    """Otherwise one person's leave would shuffle everybody's calendar."""
    plan = mk.schedule(pair_up(*sides), START)
    someone = plan.matching.matches[0].mentor
    absent = START + timedelta(days=after), START + timedelta(days=after + days)
    changed = plan.reschedule(someone, absent=absent)
    for old, new in zip(plan, changed, strict=True):
        if new.sequence == 0:
            # What comes nearest may be another time by now.
            assert replace(old, note="") == replace(new, note="")
        elif old.status == "scheduled":
            assert someone in (old.mentor, old.mentee)
        assert new.sequence in (0, 1)
    for each in timed(changed):
        if someone in (each.mentor, each.mentee) and each.sequence:
            assert each.start is not None
            assert each.start.date() >= absent[0] - timedelta(days=1)
    again = changed.reschedule(someone, absent=absent)
    assert [each.start for each in again] == [each.start for each in changed]


def test_a_meeting_moves_to_the_next_free_week() -> None:
    """Otherwise a meeting would be lost though there is time before the next."""
    plan = mk.schedule(one_pair("Mon 9-10", "Mon 9-10"), START)
    moved = plan.reschedule("bo", absent=date(2027, 4, 5))
    assert plan.meetings[4].mentor_time.startswith("Mon 2027-04-05")
    assert moved.meetings[4].mentor_time.startswith("Mon 2027-04-12")
    assert [each.sequence for each in moved].count(1) == 1
    twice = moved.reschedule("di", absent=date(2027, 4, 12))
    assert twice.meetings[4].status == "unscheduled"
    assert twice.meetings[4].sequence == 2
    by_week = mk.schedule(one_pair("", ""), START).reschedule(
        "bo", absent=(date(2027, 4, 5), date(2027, 4, 9))
    )
    assert [each.number for each in by_week if each.sequence] == [5]
    assert by_week.meetings[4].week_of == date(2027, 4, 12)


def test_who_stays_after_a_mentor_left_keeps_everything() -> None:
    """Otherwise a dropout would cost the others their dates."""
    hours, zone = "Mon 9-12", "Europe/Oslo"
    mentors = [person(name, hours, zone, capacity="2") for name in ("di", "gil")]
    mentees = [person(name, hours, zone) for name in ("ana", "bo", "cy")]
    locks = (mk.Locked("ana", "di"), mk.Locked("bo", "gil"), mk.Locked("cy", "gil"))
    program = mk.Program(criteria=(mk.SkillCoverage(),), rules=(), constraints=locks)
    plan = mk.schedule(mk.match(mentors, mentees, program=program), START,
                       busy={"gil": [START], "di": [date(2027, 3, 8)]})  # fmt: skip
    without = pair_up([mentors[1]], mentees[1:])
    later = plan.follow(pair_up([person("gil", hours, zone, capacity="3")], mentees),
                        since=date(2027, 4, 1))  # fmt: skip
    assert len(plan.follow(without, since=date(2027, 4, 1))) == 24
    for name in ("bo", "cy"):
        assert [each.start for each in later.of(name)[:12]] == [
            each.start for each in plan.of(name)[:12]
        ]
    joined = later.of("ana")
    assert (joined[0].purpose, joined[-1].purpose) == ("kick-off", "closing")
    assert [each.number for each in joined] == list(range(1, len(joined) + 1))
    assert all(each.start and each.start.date() >= date(2027, 4, 1) for each in joined)
    assert len(later) == 24 + len(joined)
    assert len(later.to_frame()) == len(later)
    times = sorted((each.start, each.end) for each in timed(later) if each.start and each.end)
    assert all(end <= begin for (_, end), (begin, _) in pairwise(times))


def test_a_plan_of_nobody_can_be_followed() -> None:
    """Otherwise a round that begins empty could never grow."""
    plan = mk.schedule(pair_up([], [person("bo")]), START)
    later = plan.follow(one_pair("Mon 9-10", "Mon 9-10"), since=START)
    assert len(later) == 12


def test_wrong_changes_are_told_how_to_mend() -> None:
    """Otherwise an absence would be entered for nobody, or never."""
    plan = mk.schedule(one_pair("Mon 9-10", "Mon 9-10"), START)
    with pytest.raises(UnknownPersonError, match="nobody in the plan has the id 'carl'"):
        plan.reschedule("carl", absent=START)
    with pytest.raises(ProgramError, match="ends before it begins"):
        plan.reschedule("bo", absent=(date(2027, 4, 2), date(2027, 4, 1)))
    with pytest.raises(ProgramError, match="since == 'soon'"):
        plan.follow(plan.matching, since="soon")  # type: ignore[arg-type]
    moment = datetime(2027, 4, 5, tzinfo=UTC)
    assert plan.follow(plan.matching, since=moment).to_frame().equals(plan.to_frame())
