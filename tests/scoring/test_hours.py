"""Shared hours: one clock, several clocks, summer time, midnight, and what is not said."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from matchkit import ProgramError, SharedHours
from matchkit.scoring import Context
from matchkit.scoring.hours import duration
from matchkit.scoring.source import ScoreSource
from tests.scoring.values import feature, pools, scorer, values

JANUARY, MARCH, JULY = date(2027, 1, 11), date(2027, 3, 17), date(2027, 7, 5)
BERLIN, NEW_YORK, KATHMANDU = "Europe/Berlin", "America/New_York", "Asia/Kathmandu"


def share(
    mentor: str, mentee: str, *, zones: tuple[str, str] = ("", ""), start: date | None = None
) -> float | None:
    """Return the value of one pair by hours and zones of mentor and mentee."""
    mentors = [{"id": "di", "hours": mentor, "timezone": zones[0]}]
    mentees = [{"id": "ana", "hours": mentee, "timezone": zones[1]}]
    return values(SharedHours(), mentors, mentees, start=start)[0][0]


@pytest.mark.parametrize(
    ("mentor", "mentee", "worth"),
    [
        ("Mon 9-11", "Mon 9-11", 1.0), ("Mon 9-17", "Mon 10-11", 0.5),
        ("Mon 9-11", "Tue 9-11", 0.0),
        ("Mon 9-10", "Mon 10-11", 0.0), ("Mon 9-9:30; Thu 14-15", "Mon-Fri 9-17", 0.75),
        ("Mon 9-12", "Mon 8-10; Mon 11-12", 1.0), ("Fri 22:00-02:00", "Sat 01-03", 0.5),
        ("Sun 23-01", "Mon 00:00-00:30", 0.25), ("Sun 23-01", "Sun 23:30-24", 0.25),
        ("Mon 9-10; Mon 9:30-10:30", "Mon 9-12", 0.75),
        ("", "Mon 9-11", None), ("Mon 9-11", "", None),
    ],
)  # fmt: skip
def test_shared_time_in_one_zone(mentor: str, mentee: str, worth: float | None) -> None:
    """Minutes would be lost or counted twice, above all at midnight and at the week's end."""
    assert share(mentor, mentee) == worth
    assert share(mentor, mentee, zones=(BERLIN, BERLIN)) == worth


@pytest.mark.parametrize(
    ("hours", "zones", "start", "worth"),
    [
        (("Mon 10-12", "Mon 16-18"), (NEW_YORK, BERLIN), JANUARY, 1.0),
        (("Mon 10-12", "Mon 16-18"), (NEW_YORK, BERLIN), JULY, 1.0),
        # Between the two changes of clocks the distance is an hour less.
        (("Mon 10-12", "Mon 16-18"), (NEW_YORK, BERLIN), MARCH, 0.5),
        (("Mon 20:45-22:45", "Mon 16-18"), (KATHMANDU, BERLIN), JANUARY, 1.0),
        (("Mon 20:45-22:45", "Mon 16-18"), (KATHMANDU, BERLIN), JULY, 0.5),
        (("Mon 20:45-22:45", "Mon 10-12"), (KATHMANDU, NEW_YORK), JANUARY, 1.0),
        (("Mon 20:45-22:45", "Mon 10-12"), (KATHMANDU, NEW_YORK), JULY, 0.5),
        # Monday's early hours in Kathmandu are Sunday's in Berlin.
        (("Mon 02-04", "Sun 21:15-23:15"), (KATHMANDU, BERLIN), JANUARY, 1.0),
        (("Mon 02-04", "Mon 21:15-23:15"), (KATHMANDU, BERLIN), JANUARY, 0.0),
    ],
)
def test_shared_time_across_zones(
    hours: tuple[str, str], zones: tuple[str, str], start: date, worth: float
) -> None:
    """People would be told to meet when one of them sleeps."""
    assert share(*hours, zones=zones, start=start) == worth


def test_several_zones_need_a_first_day() -> None:
    """Summer time would be guessed from today's date."""
    with pytest.raises(
        ProgramError, match=r"2 time zones \(America/New_York, Europe/Berlin\), and"
    ):
        share("Mon 9-11", "Mon 9-11", zones=(BERLIN, NEW_YORK))


def test_zones_of_people_without_hours_need_none() -> None:
    """A round would ask for a date that changes nothing."""
    assert share("Mon 9-11", "", zones=(BERLIN, NEW_YORK)) is None


def test_hours_without_a_zone_say_nothing_among_several() -> None:
    """Nine o'clock nowhere would be compared with nine o'clock in Berlin."""
    hours = {"hours": "Mon 9-11"}
    mentors = [{"id": "di", "timezone": BERLIN, **hours}, {"id": "gil", **hours}]
    mentees = [{"id": "ana", "timezone": BERLIN, **hours}, {"id": "bo", **hours}]
    assert values(SharedHours(), mentors, mentees) == [[1, 1], [1, 1]]
    mentees.append({"id": "cy", "timezone": NEW_YORK, **hours})
    assert values(SharedHours(), mentors, mentees, start=JULY) == [
        [1, None],
        [None, None],
        [0, None],
    ]


def test_enough_sets_what_counts_as_full() -> None:
    """The setting would do nothing."""
    mentors, mentees = [{"id": "di", "hours": "Mon 9-12"}], [{"id": "ana", "hours": "Mon 9-12"}]
    assert values(SharedHours(enough=6), mentors, mentees) == [[0.5]]
    assert values(SharedHours(enough=0.5), mentors, mentees) == [[1]]


def test_evidence_names_the_shared_time() -> None:
    """A coordinator could not see when the two can meet."""
    mentors = [{"id": "di", "hours": "Mon-Fri 9-17"}, {"id": "gil", "hours": "Sat 9-10"}]
    mentees = [{"id": "ana", "hours": "Mon 8-10; Tue 9:30-10; Wed 9-10; Thu 16-18"}]
    bound = feature(SharedHours(), mentors, mentees)
    (said,) = bound.evidence(0, 0)
    assert said.startswith("3 h 30 min of shared free time a week: Mon 09:00-10:00, Tue 09:30")
    assert said.endswith("Wed 09:00-10:00, ...")
    assert bound.evidence(0, 1) == ("no shared free time",)


def test_evidence_over_midnight_is_told_day_by_day() -> None:
    """Somebody would read of a meeting at 26 o'clock."""
    mentors, mentees = [{"id": "di", "hours": "Fri 22-02"}], [{"id": "ana", "hours": "Fri 22-02"}]
    said = feature(SharedHours(), mentors, mentees).evidence(0, 0)
    assert said == ("4 h of shared free time a week: Fri 22:00-24:00, Sat 00:00-02:00",)


def test_evidence_says_which_clock() -> None:
    """Times of one zone would be read as those of another."""
    mentors = [{"id": "di", "hours": "Mon 10-12", "timezone": NEW_YORK}]
    mentees = [{"id": "ana", "hours": "Mon 16-18", "timezone": BERLIN}]
    said = feature(SharedHours(), mentors, mentees, start=JANUARY).evidence(0, 0)
    clocks = f"Mon 16:00-18:00 in {BERLIN}, Mon 10:00-12:00 in {NEW_YORK}"
    assert said == (f"2 h of shared free time a week: {clocks}",)
    other = [{"id": "ed", "hours": "Mon 10-12", "timezone": BERLIN}, *mentors]
    near = feature(SharedHours(), other, [{**mentees[0], "hours": "Mon 11-13"}], start=JANUARY)
    assert near.evidence(0, 0) == (f"1 h of shared free time a week: Mon 11:00-12:00 in {BERLIN}",)


def test_nobody_with_hours() -> None:
    """An empty column would break the binding instead of being skipped."""
    mentees, mentors = pools([{"id": "di"}], [{"id": "ana"}])
    assert SharedHours().missing(mentees, mentors) == (
        "mentees have no 'hours' and mentors have no 'hours'"
    )
    bound = SharedHours().bind(mentees, mentors, Context())
    assert not bound.known_mentees.any()


def test_durations_are_said_as_people_say_them() -> None:
    """Evidence would read '150 min' or '2 h 0 min'."""
    assert [duration(minutes) for minutes in (0, 45, 60, 150)] == [
        "0 min",
        "45 min",
        "1 h",
        "2 h 30 min",
    ]


def test_hours_of_one_side_only_make_blocks_too() -> None:
    """A large round in which mentees gave no hours that ends in a traceback."""
    scoring = scorer(
        [{"id": "di", "hours": "Mon 9-11"}], [{"id": "ana", "hours": ""}], criteria=[SharedHours()]
    )
    source = ScoreSource(scoring, np.zeros((0, 2), dtype=np.int64))
    assert source.block(np.arange(1), np.arange(1)).tolist() == [[0.0]]
