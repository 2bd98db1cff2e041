"""Clocks agree with the standard library, minute by minute, over every change."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchkit.plans.availability import available
from matchkit.plans.clocks import clock, day_of, midnight, week_minute, week_number
from matchkit.plans.spans import Grid, Spans
from matchkit.profiles import Windows
from tests.plans.rounds import ZONES, inside, weekly_hours

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FIRST, LAST = date(2027, 1, 1), date(2027, 12, 31)


@pytest.mark.parametrize("zone", [*ZONES, "Pacific/Apia", "UTC-03:30"])
def test_walls_agree_with_the_standard_library(zone: str) -> None:
    """Otherwise every time shown would be wrong after some change of the clocks."""
    year = 2011 if zone == "Pacific/Apia" else 2027  # Samoa left out the 30th of December
    known = clock(zone, date(year, 1, 1), date(year, 12, 31))
    begin = midnight(date(year, 1, 1))
    utc = np.arange(begin, begin + 365 * 1440, 30)
    info = UTC if zone == "UTC" else (ZoneInfo(zone) if "/" in zone else None)
    for moment, wall in zip(utc.tolist(), known.wall(utc).tolist(), strict=True):
        local = EPOCH + timedelta(minutes=moment)
        local = local.astimezone(info) if info else local - timedelta(hours=3, minutes=30)
        assert wall == (local.replace(tzinfo=UTC) - EPOCH) // timedelta(minutes=1)


@pytest.mark.parametrize("zone", ZONES)
def test_every_wall_time_is_found_or_does_not_exist(zone: str) -> None:
    """Otherwise a weekly hour would be laid at the wrong moment near a change."""
    known = clock(zone, FIRST, LAST)
    wall = np.arange(midnight(FIRST), midnight(LAST), 15)
    utc, exists = known.utc(wall)
    assert (known.wall(utc)[exists] == wall[exists]).all()
    shown = set(known.wall(np.arange(midnight(FIRST) - 1440, midnight(LAST) + 1440, 15)).tolist())
    assert set(wall[~exists].tolist()) & shown == set()
    assert (np.diff(utc[exists]) > 0).all()


@given(weekly_hours(), st.sampled_from(ZONES[:-1]), st.sampled_from([3, 4, 9, 10, 11]))
def test_hours_become_the_moments_at_which_the_wall_shows_them(
    hours: str, zone: str, month: int
) -> None:
    """Otherwise people would be free on paper at moments that lie outside their windows."""
    first, last = date(2027, month, 1), date(2027, month, 28)
    spans = available(Windows.of_texts([hours]), (clock(zone, first, last),), (first, last))
    grid = Grid(midnight(first), 10, 28 * 144)
    painted = grid.inner(spans, np.array([0]))[0]
    for cell in range(0, grid.cells, 7):
        begin = EPOCH + timedelta(minutes=grid.origin + 10 * cell)
        whole = all(inside(hours, zone, begin + timedelta(minutes=i)) for i in range(10))
        assert painted[cell] == whole


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 60), st.integers(0, 60)), max_size=12))
def test_spans_merge_to_the_same_minutes(pieces: list[tuple[int, int, int]]) -> None:
    """Otherwise windows that touch would be lost or counted twice."""
    owner, begin, end = np.array(pieces, dtype=np.int64).reshape(-1, 3).T
    spans = Spans.merged(owner, begin, end, people=4)
    for person in range(4):
        wanted = {m for who, b, e in pieces if who == person for m in range(b, e)}
        first, last = spans.of(person)
        found = [m for b, e in zip(first.tolist(), last.tolist(), strict=True) for m in range(b, e)]
        assert len(found) == len(set(found))
        assert set(found) == wanted
        assert (first[1:] > last[:-1]).all()


@given(st.dates(date(1970, 1, 5), date(2200, 1, 1)), st.integers(0, 1439))
def test_weeks_begin_on_monday(day: date, minute: int) -> None:
    """Otherwise weekly hours and weekly limits would be off by a day."""
    wall = midnight(day) + minute
    assert day_of(wall) == day
    assert int(week_minute(wall)) == day.weekday() * 1440 + minute
    monday = day - timedelta(days=day.weekday())
    assert week_number(wall) == week_number(midnight(monday))
    assert week_number(midnight(monday)) == week_number(midnight(monday) - 1) + 1
