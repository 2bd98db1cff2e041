"""Weekly hours: read, merged, and told in UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchkit.errors import ProgramError
from matchkit.profiles import Windows, parse_windows, utc_windows, zone_info
from matchkit.profiles.spoken_hours import DAY, WEEK

# Weeks with and without a change of the clocks, on both halves of the globe.
WEEKS = [date(2027, 1, 11), date(2027, 3, 28), date(2027, 10, 31), date(2027, 4, 4)]
ZONES = ["Europe/Oslo", "America/New_York", "Australia/Sydney", "Asia/Kolkata", "UTC-03:00"]


def pieces(*, step: int = 30) -> st.SearchStrategy[list[tuple[int, int]]]:
    """Return lists of windows within the week, overlapping ones among them."""
    start = st.integers(0, WEEK // step - 1)
    length = st.integers(1, DAY // step)
    return st.lists(
        st.builds(lambda a, b: (a * step, min(WEEK, (a + b) * step)), start, length), max_size=6
    )


def minutes(windows: Windows, person: int) -> set[int]:
    """Return every minute of the week that lies in a person's windows."""
    entries = range(windows.indptr[person], windows.indptr[person + 1])
    return {m for k in entries for m in range(windows.start[k], windows.end[k])}


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("Mon 09:00-11:30; Thu 14-16", "Mon 09:00-11:30; Thu 14:00-16:00"),
        ("thursday 14.00 \u2013 16.30\nMON 9-11", "Mon 09:00-11:00; Thu 14:00-16:30"),
        ("Tue 9-10, Tue 10-11, Tue 10:30-12", "Tue 09:00-12:00"),
        ("Fri 22:00-02:00", "Fri 22:00-24:00; Sat 00:00-02:00"),
        ("Sun 22-2", "Mon 00:00-02:00; Sun 22:00-24:00"),
        ("Wed 20-24", "Wed 20:00-24:00"),
        ("Wed 20-0:00", "Wed 20:00-24:00"),
        ("Wed 0-0", "Wed 00:00-24:00"),
        ("Mon-Wed 9 to 10", "Mon 09:00-10:00; Tue 09:00-10:00; Wed 09:00-10:00"),
        ("Sat-Mon 9-10", "Mon 09:00-10:00; Sat 09:00-10:00; Sun 09:00-10:00"),
        ("", ""),
        (" ; ", ""),
    ],
)
def test_windows_are_read(text: str, canonical: str) -> None:
    """A usual way to write hours would be refused or misread."""
    windows = Windows.of_texts([text])
    assert "; ".join(windows.of(0)) == canonical
    assert Windows.of_texts([canonical]).of(0) == windows.of(0)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Mon 9-5", "ends before it starts"),
        ("Mon 14:00-11:00", "ends before it starts"),
        ("Mon 9-9", "ends before it starts"),
        ("Mon 24-3", "ends before it starts"),
        ("Mon 25-26", "no time 25:00"),
        ("Mon 9:60-10", "no time 9:60"),
        ("Mun 9-10", "no weekday 'mun'"),
        ("Mon", "not a weekly window"),
        ("9-10", "not a weekly window"),
        ("afternoons", "not a weekly window"),
        ("Mon 9-10; Tue", "'Tue' is not"),
    ],
)
def test_what_is_no_window_is_refused(text: str, reason: str) -> None:
    """Hours would be dropped or guessed."""
    with pytest.raises(ValueError, match=reason):
        parse_windows(text)


@given(st.lists(pieces(), max_size=4))
def test_merging_keeps_every_minute_once(people: list[list[tuple[int, int]]]) -> None:
    """Merged windows would gain or lose time, or still touch."""
    windows = Windows.of_pairs(people)
    assert len(windows) == len(people)
    for person, pairs in enumerate(people):
        assert minutes(windows, person) == {m for a, b in pairs for m in range(a, b)}
        mine = slice(windows.indptr[person], windows.indptr[person + 1])
        assert (windows.start[mine][1:] > windows.end[mine][:-1]).all()


@given(st.lists(pieces(step=1), max_size=3), st.data())
def test_taking_people_takes_their_windows(
    people: list[list[tuple[int, int]]], data: st.DataObject
) -> None:
    """Reordering people would mix up their hours."""
    windows = Windows.of_pairs(people)
    order = data.draw(st.lists(st.integers(0, len(people) - 1)) if people else st.just([]))
    taken = windows.take(order)
    assert [taken.of(i) for i in range(len(order))] == [windows.of(i) for i in order]
    assert windows.lengths.tolist() == [windows.end[a:b].size for a, b in _spans(windows)]


def _spans(windows: Windows) -> list[tuple[int, int]]:
    return list(zip(windows.indptr[:-1].tolist(), windows.indptr[1:].tolist(), strict=True))


@settings(max_examples=40)
@given(pieces(), st.sampled_from(ZONES), st.sampled_from(WEEKS), st.integers(0, 6))
def test_utc_windows_follow_the_clock_on_the_wall(
    pairs: list[tuple[int, int]], zone: str, week: date, day: int
) -> None:
    """A meeting would be an hour off in the week in which the clocks change."""
    local = Windows.of_pairs([pairs])
    monday = week - timedelta(days=week.weekday())
    told = utc_windows(local, [zone], monday + timedelta(days=day))
    origin = datetime(monday.year, monday.month, monday.day, tzinfo=UTC)
    expected: set[int] = set()
    for start, end in zip(local.start.tolist(), local.end.tolist(), strict=True):
        ends = [
            (origin.replace(tzinfo=None) + timedelta(minutes=at)).replace(tzinfo=zone_info(zone))
            for at in (start, end)
        ]
        begin, finish = ((moment - origin) // timedelta(minutes=1) for moment in ends)
        expected |= {minute % WEEK for minute in range(begin, finish)}
    assert minutes(told, 0) == expected


def test_utc_windows_of_several_people() -> None:
    """One person's zone would be used for another, or the order would change."""
    local = Windows.of_texts(["Mon 9-10", "Mon 9-10", "", "Mon 9-10"])
    told = utc_windows(local, ["Asia/Tokyo", "UTC", "UTC", "Europe/Oslo"], date(2027, 1, 13))
    assert [told.of(i) for i in range(4)] == [
        ("Mon 00:00-01:00",), ("Mon 09:00-10:00",), (), ("Mon 08:00-09:00",),
    ]  # fmt: skip


def test_hours_that_the_clocks_skip_do_not_happen() -> None:
    """A window would appear in UTC that nobody's clock ever shows."""
    skipped = Windows.of_texts(["Sun 2-3"])
    assert utc_windows(skipped, ["Europe/Oslo"], date(2027, 3, 22)).of(0) == ()


def test_a_whole_week_stays_a_whole_week() -> None:
    """Somebody who is always free would lose time on the way to UTC."""
    always = Windows.of_texts(["Mon-Sun 0-24"])
    told = utc_windows(always, ["Asia/Kolkata"], date(2027, 1, 11))
    assert (told.start.tolist(), told.end.tolist()) == ([0], [WEEK])


def test_unknown_zones_give_no_windows() -> None:
    """Hours of people without a zone would be compared as if they lived in Greenwich."""
    local = Windows.of_texts(["Mon 9-10", "Mon 9-10"])
    assert utc_windows(local, ["", "UTC"], date(2027, 1, 11)).lengths.tolist() == [0, 1]


def test_zones_must_fit() -> None:
    """Zones of other people would be used."""
    with pytest.raises(ProgramError, match="2 zones for 1 people"):
        utc_windows(Windows.of_texts(["Mon 9-10"]), ["UTC", "UTC"], date(2027, 1, 11))


def test_windows_are_closed_to_writing() -> None:
    """A criterion could change the hours that the next one reads."""
    windows = Windows.of_texts(["Mon 9-10"])
    with pytest.raises(ValueError, match="read-only"):
        windows.start[0] = 0
    assert windows.start.dtype == np.int64
