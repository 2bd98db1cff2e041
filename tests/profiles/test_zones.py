"""Time zones by name and by offset."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchkit.errors import ProgramError
from matchkit.profiles import canonical_zone, utc_offset, zone_info
from matchkit.profiles.zones import nearest_zones


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("europe/oslo", "Europe/Oslo"),
        (" America/New York ", "America/New_York"),
        ("UTC", "UTC"),
        ("gmt", "UTC"),
        ("Z", "UTC"),
        ("UTC+5:30", "UTC+05:30"),
        ("utc+0530", "UTC+05:30"),
        ("+05:30", "UTC+05:30"),
        ("GMT-3", "UTC-03:00"),
        ("UTC\u22125", "UTC-05:00"),
        ("UTC+0", "UTC"),
        ("UTC+14", "UTC+14:00"),
        ("Etc/GMT+5", "Etc/GMT+5"),
    ],
)
def test_zones_are_made_canonical(text: str, zone: str) -> None:
    """A zone written in a usual way would be refused, or two spellings would differ."""
    assert canonical_zone(text) == zone
    assert canonical_zone(zone) == zone


@pytest.mark.parametrize("text", ["Mars", "UTC+15", "UTC-13", "5", "UTC+5:75", "Olso", "+", "PST"])
def test_unknown_zones_are_none(text: str) -> None:
    """A zone would be guessed."""
    assert canonical_zone(text) is None


@pytest.mark.latest  # the system's zones may be newer than the oldest tzdata
def test_every_zone_of_the_system_is_known() -> None:
    """A zone that Python knows would be refused."""
    odd = {"localtime", "Factory", "build/etc/localtime"}
    assert {canonical_zone(name) for name in available_timezones() - odd} >= {"Europe/Oslo"}
    unknown = [name for name in available_timezones() - odd if canonical_zone(name) is None]
    assert unknown == []


def test_the_nearest_zones_are_offered() -> None:
    """The user would have to look up how the database spells a city."""
    assert nearest_zones("Copenhagn") == "; did you mean 'Europe/Copenhagen'?"
    assert "'Europe/Berlin'" in nearest_zones("Europe/Berln")
    assert "'Asia/Singapore'" in nearest_zones("singapor")
    assert nearest_zones("!!!") == ""


def test_offsets_follow_the_season() -> None:
    """Hours would be off by one in summer."""
    assert utc_offset("America/New_York", date(2027, 1, 11)) == -300
    assert utc_offset("America/New_York", date(2027, 7, 12)) == -240
    assert utc_offset("UTC-03:30", date(2027, 7, 12)) == -210


def test_unknown_zone_names_the_nearest() -> None:
    """A misspelled zone in a call would end in a KeyError."""
    with pytest.raises(ProgramError, match=r"no time zone 'Europe/Osl'.*Europe/Oslo"):
        zone_info("Europe/Osl")


@given(st.integers(-12 * 60, 14 * 60))
def test_offsets_mean_what_they_say(minutes: int) -> None:
    """A fixed offset would be read with the wrong sign."""
    hours, rest = divmod(abs(minutes), 60)
    zone = canonical_zone(f"UTC{'+' if minutes >= 0 else '-'}{hours}:{rest:02d}")
    assert zone is not None
    moment = datetime(2027, 1, 11, tzinfo=zone_info(zone))
    assert moment.utcoffset() == timedelta(minutes=minutes)
    assert utc_offset(zone, date(2027, 1, 11)) == minutes


@given(st.sampled_from(["Europe/Oslo", "Asia/Kolkata", "America/St_Johns"]), st.dates())
def test_offsets_agree_with_the_database(zone: str, day: date) -> None:
    """An offset would differ from what `zoneinfo` says."""
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo(zone))
    offset = noon.utcoffset()
    assert offset is not None
    assert utc_offset(zone, day) == offset // timedelta(minutes=1)
