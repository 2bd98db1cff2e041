"""The rules, by examples worked out by hand: a blank breaks none of them."""

from __future__ import annotations

from datetime import date

import pytest

from matchkit import (
    Avoid,
    Different,
    MaxTimezoneGap,
    NotManager,
    NotSelf,
    ProgramError,
    Same,
    SharedLanguage,
)
from matchkit.scoring import Context
from tests.scoring.values import Records, allowed, pools

TEAMS = [{"id": "di", "team": "Data "}, {"id": "gil", "team": "ops"}, {"id": "ed", "team": ""}]
MENTEES: Records = [{"id": "ana", "team": "data"}, {"id": "bo", "team": None}]


def test_different_and_same() -> None:
    """Case, spaces or a blank would decide who may meet."""
    assert allowed(Different("team"), TEAMS, MENTEES) == [[False, True, True], [True] * 3]
    assert allowed(Same("team"), TEAMS, MENTEES) == [[True, False, True], [True] * 3]


def test_a_column_of_numbers_is_compared_as_text() -> None:
    """A rule on a number would fail, or 7 and 7.0 from a frame would differ."""
    mentors, mentees = [{"id": "di", "floor": 7}], [{"id": "ana", "floor": 7.0}]
    assert allowed(Different("floor"), mentors, mentees) == [[False]]


def test_nobody_is_their_own_mentor() -> None:
    """Somebody on both sides would be matched with themselves."""
    mentors = [
        {"id": "ana", "email": ""},
        {"id": "m1", "email": "Bo@Example.org"},
        {"id": "m2", "email": "cy@example.org"},
        {"id": "m3", "email": "cy@example.org"},
    ]
    mentees = [
        {"id": "ana", "email": ""},
        {"id": "e1", "email": "bo@example.org"},
        {"id": "CY@example.org", "email": ""},
        {"id": "e2", "email": ""},
    ]
    assert allowed(NotSelf(), mentors, mentees) == [
        [False, True, True, True],
        [True, False, True, True],
        [True, True, False, False],
        [True, True, True, True],
    ]


def test_an_id_that_is_somebody_elses_name_is_another_person() -> None:
    """A mentee with the id 'ana' would be taken for every mentor called Ana."""
    assert allowed(NotSelf(), [{"id": "1", "name": "Ana"}], [{"id": "ana"}]) == [[True]]
    assert allowed(NotSelf(), [{"id": "ANA"}], [{"id": "ana"}]) == [[True]]


def test_nobody_is_matched_with_their_manager() -> None:
    """A manager would mentor their own people, or be mentored by them."""
    mentors = [
        {"id": "di", "manager": ""},
        {"id": "gil", "manager": "bo"},
        {"id": "ed", "name": "Ed Lee", "email": "ed@example.org", "manager": "elsewhere"},
    ]
    mentees = [
        {"id": "ana", "manager": "di"},
        {"id": "bo", "manager": ""},
        {"id": "cy", "manager": "ed lee"},
        {"id": "dot", "manager": "ED@example.org"},
    ]
    assert allowed(NotManager(), mentors, mentees) == [
        [False, True, True],
        [True, False, True],
        [True, True, False],
        [True, True, False],
    ]


def test_managers_known_on_one_side_only() -> None:
    """A file without the column would break the rule."""
    assert allowed(NotManager(), [{"id": "di"}], [{"id": "ana", "manager": "di"}]) == [[False]]
    assert allowed(NotManager(), [{"id": "di", "manager": "ana"}], [{"id": "ana"}]) == [[False]]


def test_whom_to_avoid_holds_both_ways() -> None:
    """A person would be matched with somebody they must not meet."""
    mentors = [{"id": "di", "avoids": "bo"}, {"id": "gil", "name": "Gil Ma"}]
    mentees = [{"id": "ana", "avoids": "gil ma"}, {"id": "bo"}, {"id": "cy", "avoids": "nobody"}]
    assert allowed(Avoid(), mentors, mentees) == [[True, False], [False, True], [True, True]]


def test_a_language_in_common() -> None:
    """People would be matched who cannot speak with each other."""
    mentors = [{"id": "di", "languages": "EN; de"}, {"id": "gil", "languages": "fr"}, {"id": "ed"}]
    mentees = [{"id": "ana", "languages": "en"}, {"id": "bo", "languages": ""}]
    assert allowed(SharedLanguage(), mentors, mentees) == [[True, False, True], [True] * 3]


ZONES = ["Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Pacific/Auckland", ""]


@pytest.mark.parametrize(
    ("hours", "start", "expected"),
    [
        (6, date(2027, 1, 11), [True, True, True, False, True]),
        (5, date(2027, 1, 11), [True, False, True, False, True]),
        (5, date(2027, 3, 17), [True, True, True, False, True]),
        (4.75, date(2027, 1, 11), [True, False, True, False, True]),
        (4.5, date(2027, 1, 11), [True, False, False, False, True]),
        (4, date(2027, 7, 5), [True, False, True, False, True]),
        (0, date(2027, 7, 5), [True, False, False, False, True]),
        (12, date(2027, 1, 11), [True] * 5),
    ],
)
def test_clocks_not_too_far_apart(hours: float, start: date, expected: list[bool]) -> None:
    """Summer time would be forgotten, or a blank zone would be far from everywhere."""
    mentors = [{"id": at, "timezone": zone} for at, zone in enumerate(ZONES)]
    mentees = [{"id": "ana", "timezone": "Europe/Berlin"}, {"id": "bo", "timezone": ""}]
    found = allowed(MaxTimezoneGap(hours=hours), mentors, mentees, start=start)
    assert found == [expected, [True] * 5]


def test_clocks_meet_over_the_date_line() -> None:
    """Two clocks an hour apart would count as 23 hours apart."""
    mentors, mentees = [{"id": "di", "timezone": "UTC+13"}], [{"id": "ana", "timezone": "UTC-10"}]
    start = date(2027, 1, 11)
    assert allowed(MaxTimezoneGap(hours=1), mentors, mentees, start=start) == [[True]]
    assert allowed(MaxTimezoneGap(hours=0.5), mentors, mentees, start=start) == [[False]]


def test_several_zones_need_a_first_day() -> None:
    """Summer time would be guessed from today's date."""
    mentors = [{"id": "di", "timezone": "Europe/Berlin"}]
    mentees = [{"id": "ana", "timezone": "Asia/Kathmandu"}]
    with pytest.raises(ProgramError, match="MaxTimezoneGap compares 2 time zones"):
        allowed(MaxTimezoneGap(hours=6), mentors, mentees)
    assert allowed(MaxTimezoneGap(hours=0), mentors, mentors) == [[True]]


@pytest.mark.parametrize(
    ("rule", "cells", "said"),
    [
        (Different("team"), {"team": "Data"}, "mentee's team is 'Data', mentor's team is 'Data'"),
        (NotManager(), {"manager": "x"}, "one is the other's manager"),
        (NotSelf(), {}, "both are the same person"),
        (Avoid(), {"avoids": "x"}, "one of them asked not to be matched with the other"),
        (SharedLanguage(), {"languages": "en; de"},
         "mentee speaks en, de, mentor speaks en, de"),
        (MaxTimezoneGap(hours=1), {"timezone": "UTC"},
         "mentee's zone is UTC, mentor's zone is UTC"),
    ],
)  # fmt: skip
def test_reasons_give_both_sides(rule: Different, cells: dict[str, str], said: str) -> None:
    """Who asks why not would not see what is in the files."""
    people = [{"id": "x", **cells}]
    check = rule.bind(*pools(people, people), Context())
    assert check.reason(0, 0) == said


def test_a_silent_side_is_said_so() -> None:
    """A reason would name a language nobody wrote."""
    mentees, mentors = pools([{"id": "di"}], [{"id": "ana", "languages": "en"}])
    said = SharedLanguage().bind(mentees, mentors, Context()).reason(0, 0)
    assert said == "mentee speaks en, mentor speaks nothing stated"


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        (NotManager(), "nobody has a 'manager'"),
        (Avoid(), "nobody has 'avoids'"),
        (NotSelf(), ""),
        (Different("team"), "mentees have no 'team' and mentors have no 'team'"),
        (SharedLanguage(), "mentees have no 'languages' and mentors have no 'languages'"),
    ],
)
def test_what_a_rule_lacks_is_said(rule: Different, why: str) -> None:
    """A rule that cannot apply would be dropped in silence."""
    assert rule.missing(*pools([{"id": "di"}], [{"id": "ana"}])) == why


def test_a_misspelled_column_names_the_nearest() -> None:
    """A rule on a column that nobody has would be skipped without a hint at the slip."""
    people = [{"id": "di", "team": "a", "site": "b"}]
    assert Different("taem").missing(*pools(people, people)) == (
        "mentees have no 'taem' and mentors have no 'taem'; did you mean 'team'?"
    )
    assert Different("team").missing(*pools(people, [{"id": "x"}])) == "mentees have no 'team'"


def test_names_tell_rules_apart() -> None:
    """Two rules of one kind would be one line in the result."""
    assert MaxTimezoneGap(hours=6).name == "MaxTimezoneGap(6 h)"
    assert Different("team").name == "Different(team)"
