"""Requests noted: nobody is asked too often, and of equals the less busy is asked."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

import matchkit as mk
from matchkit.buddies.load import WEEKS_KEPT, Load, rank_points, week_of

MONDAY = date(2027, 1, 11)
TWINS = [{"id": "di", "skills": "sql:4"}, {"id": "gil", "skills": "sql:4"}]


def first(index: mk.BuddyIndex, **how: object) -> str:
    """Return who would be asked."""
    return index.find("sql", k=1, **how)[0].person  # type: ignore[arg-type]


def test_the_busier_of_two_equals_comes_second() -> None:
    """The one whose hash is lower would be asked all year."""
    index = mk.BuddyIndex(TWINS, fairness=0)
    asked = first(index)
    index.record(asked, when=MONDAY)
    assert first(index) != asked
    assert [buddy.load for buddy in index.find("sql")] == [0, 1]


def test_who_was_asked_enough_drops_out() -> None:
    """A limit would be taken and do nothing."""
    people = [TWINS[0] | {"weekly_limit": "2"}, TWINS[1] | {"weekly_limit": "0"}]
    index = mk.BuddyIndex(people, weekly_limit=1)
    for _ in range(2):
        assert first(index) == "di"
        index.record("di", when=MONDAY)
    assert "asked often enough this week 2" in index.find("sql").hint


def test_the_week_asked_about_is_the_week_that_counts() -> None:
    """Last week's requests would keep somebody from being asked today."""
    index = mk.BuddyIndex([TWINS[0] | {"hours": "Mon-Sun 0-24"}], weekly_limit=1)
    index.record("di", when=MONDAY)
    assert not index.find("sql")
    start = datetime(2027, 1, 20, tzinfo=UTC)
    assert index.find("sql", when=(start, start + timedelta(hours=2)))[0].load == 0
    index.record("di", when=start)
    assert not index.find("sql", when=(start, start + timedelta(hours=2)))
    index.record("di", when=start + timedelta(days=7))
    assert not index.find("sql", when=(start, start + timedelta(hours=2)))


def test_fairness_spreads_requests() -> None:
    """The top expert would get every question until they drop out."""
    people = [{"id": f"p{n}", "skills": f"sql:{5 if n == 0 else 4}"} for n in range(6)]
    counts = []
    for fairness in (0.0, 1.0):
        index = mk.BuddyIndex(people, fairness=fairness, weekly_limit=10)
        asked: Counter[str] = Counter()
        for _ in range(12):
            who = first(index)
            index.record(who, when=MONDAY)
            asked[who] += 1
        counts.append(asked["p0"])
    assert counts[0] == 10
    assert counts[1] < 5


def test_the_formula() -> None:
    """The ranking would follow another formula than the documented one."""
    points = rank_points(np.array([0.8, 0.8]), np.array([3, 0]), np.array([4.0, 0.5]), 0.5)
    assert points.tolist() == [500_000, 800_000]


def test_weeks_begin_on_monday_in_utc() -> None:
    """One evening's request would count in another week for another time zone."""
    late = datetime.fromisoformat("2027-01-17T23:30-02:00")
    assert week_of(late) == date(2027, 1, 18)
    assert week_of(late.replace(tzinfo=None)) == MONDAY == week_of(MONDAY)


def test_old_weeks_are_forgotten() -> None:
    """A service that runs for years would grow without end."""
    load = Load({})
    for week in range(3 * WEEKS_KEPT):
        load = load.noted("di", MONDAY + timedelta(weeks=week))
    assert len(load.weeks) == WEEKS_KEPT + 1
    assert load.of_week(None) == {"di": 1}
    assert load.of_week(MONDAY) == {}


def test_an_unknown_person_cannot_be_noted() -> None:
    """A slip in an id would keep the wrong count for ever."""
    with pytest.raises(mk.UnknownPersonError, match="'did'"):
        mk.BuddyIndex(TWINS).record("did", when=MONDAY)
