"""What a coordinator should look at: little evidence, hardly a shared hour, clocks far apart."""

from __future__ import annotations

from typing import Any

import pytest

import matchkit as mk

MENTOR = {"id": "di", "skills": "sql:4", "hours": "Mon 09:00-12:00", "timezone": "Europe/Oslo"}
MENTEE = {"id": "ana", "goals": "sql", "hours": "Mon 09:00-12:00", "timezone": "Europe/Oslo"}


def cautions(mentor: dict[str, Any], mentee: dict[str, Any], **weights: float) -> tuple[str, ...]:
    """Return the cautions of a pair."""
    hours = mk.SharedHours(weight=weights.get("hours", 0.5), enough=weights.get("enough", 2.0))
    program = mk.Program(criteria=(mk.SkillCoverage(weight=9), hours), start="2027-01-11")
    return mk.match([{**MENTOR, **mentor}], [{**MENTEE, **mentee}], program=program)["ana"].cautions


@pytest.mark.parametrize(
    ("mentor", "mentee", "said"),
    [
        ({}, {}, ()),
        ({"hours": "Mon 11:15-14:00"}, {},
         ("only 45 min of shared free time a week: Mon 11:15-12:00",)),
        ({"hours": "Mon 11:00-14:00"}, {},
         ("only 1 h of shared free time a week: Mon 11:00-12:00",)),
        ({"hours": "Mon 10:59-14:00"}, {}, ()),
        ({"hours": "Tue 09:00-10:00"}, {}, ("no shared free time",)),
        ({"hours": ""}, {}, ()),
        ({"timezone": "Asia/Kathmandu", "hours": ""}, {}, ()),
        ({"timezone": "Asia/Shanghai", "hours": ""}, {}, ("their clocks are 7 h apart",)),
        ({"timezone": "Pacific/Auckland", "hours": ""}, {"timezone": "America/New_York"},
         ("their clocks are 6 h apart",)),
        ({"timezone": "", "hours": ""}, {"timezone": "America/New_York"}, ()),
    ],
)  # fmt: skip
def test_cautions_are_told(
    mentor: dict[str, Any], mentee: dict[str, Any], said: tuple[str, ...]
) -> None:
    """A coordinator would approve two who can hardly meet, or be warned of nothing."""
    assert cautions(mentor, mentee) == said


def test_nothing_is_told_twice() -> None:
    """The same lack would be told in two ways."""
    assert cautions({"hours": "Tue 09:00-10:00"}, {}, hours=3.0) == (
        "SharedHours gives nothing: no shared free time",
    )


def test_enough_hours_are_enough() -> None:
    """A programme that asks for half an hour would be warned of having it."""
    assert cautions({"hours": "Mon 11:30-14:00"}, {}, enough=0.5) == ()


def test_without_a_first_day_clocks_are_not_compared() -> None:
    """Summer time would be guessed."""
    people = {"hours": "", "timezone": "Asia/Shanghai"}
    program = mk.Program(criteria=(mk.SkillCoverage(),))
    matching = mk.match([{**MENTOR, **people}], [MENTEE | {"hours": ""}], program=program)
    assert matching["ana"].cautions == ()
