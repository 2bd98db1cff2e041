"""Who may be sent to whom: rules, filters, free hours, and the seeker's own profile."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

import matchkit as mk
from matchkit.buddies.times import free_at
from matchkit.profiles import zone_info
from tests.buddies.people import ANA, BO, CY, FOUR

DAY = datetime(2027, 1, 12, tzinfo=UTC)
WINDOW = (DAY, DAY + timedelta(days=1))


def ids(found: mk.Buddies) -> set[str]:
    """Return who was found."""
    return {buddy.person for buddy in found}


def test_nobody_is_sent_to_themselves_nor_without_a_language() -> None:
    """Ana would be told to ask Ana, or somebody she cannot talk to."""
    index = mk.BuddyIndex(FOUR)
    assert ids(index.find("sql")) == {"ana", "bo", "cy"}
    assert ids(index.find("sql", seeker={"id": "eve", "languages": "en"})) == {"ana", "bo"}
    assert ids(index.find("sql", seeker="bo")) == {"ana"}
    assert ids(index.find("sql", seeker="cy")) == set()
    assert "SharedLanguage 1" in index.find("sql", seeker="cy").hint


def test_whom_either_avoids_is_left_out() -> None:
    """Somebody would be sent to the one person they asked to be spared."""
    people = [ANA, BO | {"avoids": "eve"}, CY]
    index = mk.BuddyIndex(people)
    assert ids(index.find("sql", seeker={"id": "eve"})) == {"ana", "cy"}
    assert ids(index.find("sql", seeker={"id": "gil", "avoids": "ana; cy"})) == {"bo"}


def test_the_lead_must_be_one_that_can_be_taught() -> None:
    """An expert would be sent to beginners."""
    three = [ANA | {"skills": "SQL:4"}, BO, CY]
    index = mk.BuddyIndex(three)
    for seeker, expected in (({"id": "eve", "skills": "sql:3"}, {"ana", "cy"}),
                             ({"id": "eve", "skills": "sql:5"}, set())):  # fmt: skip
        assert ids(index.find("sql", seeker=seeker)) == expected
    assert "not ahead of the seeker 3" in index.find("sql", seeker=seeker).hint
    free = mk.Program(criteria=(mk.SkillCoverage(teach=(1.0,)),))
    assert len(mk.BuddyIndex(three, free).find("sql", seeker=seeker)) == 3


def test_nearer_clocks_come_first() -> None:
    """Somebody asleep on the other side of the world would be asked before the neighbor."""
    zones = ("Asia/Tokyo", "Europe/Oslo", "America/New_York", "Europe/Rome", "")
    people = [{"id": zone, "skills": "sql:3", "timezone": zone} for zone in zones[:4]]
    index = mk.BuddyIndex([*people, {"id": "unknown", "skills": "sql:3"}])
    found = index.find("sql", seeker={"id": "eve", "timezone": "Europe/Oslo"})
    assert [buddy.person for buddy in found][-2:] == ["America/New_York", "Asia/Tokyo"]
    scores = {buddy.person: buddy.score for buddy in found}
    assert scores["unknown"] == scores["Europe/Rome"] == scores["Europe/Oslo"]
    assert scores["Asia/Tokyo"] == pytest.approx(scores["unknown"] * (1 - 0.2 * 8 / 12), abs=1e-5)


def test_the_rules_of_a_program_hold() -> None:
    """An organization's own rule would be taken and do nothing."""
    program = mk.Program(
        rules=(mk.Different("department"), mk.MaxTimezoneGap(hours=2)),
        constraints=(mk.Forbidden("eve", "bo"),),
    )
    index = mk.BuddyIndex(FOUR, program)
    assert ids(index.find("sql", seeker={"id": "eve", "department": "Sales"})) == {"ana", "cy"}
    assert ids(index.find("sql", seeker={"id": "eve", "department": "Data"})) == set()
    hint = index.find("sql", seeker={"id": "eve", "department": "Data"}).hint
    assert "Different(department) 2" in hint
    assert "Forbidden 1" in hint


def test_filters_on_any_column() -> None:
    """A search within one department, or for speakers of a language, would find everybody."""
    index = mk.BuddyIndex(FOUR)
    assert ids(index.find("sql", filters={"department": "DATA"})) == {"ana", "cy"}
    assert ids(index.find("sql", filters={"Department": ["sales", "law"]})) == {"bo"}
    assert ids(index.find("sql", filters={"languages": "NO"})) == {"ana"}
    assert ids(index.find("sql", filters={"skills": {"Kubernetes"}})) == {"cy"}
    assert "filter on department 3" in index.find("sql", filters={"department": "law"}).hint
    with pytest.raises(mk.ProgramError, match="did you mean 'department'"):
        index.find("sql", filters={"departement": "Data"})


def test_a_filter_on_a_column_that_came_later() -> None:
    """Whoever came before a new column would crash the search."""
    index = mk.BuddyIndex([{"id": f"p{n}", "skills": "sql"} for n in range(20)])
    index.add([{"id": "new", "skills": "sql", "site": "Oslo"}])
    assert ids(index.find("sql", k=50, filters={"site": "oslo"})) == {"new"}


def test_free_within_a_window() -> None:
    """Somebody would be named who cannot come."""
    people = [
        ANA | {"hours": "Tue 09:00-10:00", "timezone": "Europe/Oslo"},
        BO | {"hours": "Tue 09:00-09:20; Wed 9-17", "timezone": "Europe/Oslo"},
        CY,
    ]
    (buddy,) = mk.BuddyIndex(people).find("sql", when=WINDOW)
    assert (buddy.person, buddy.free_at) == ("ana", DAY + timedelta(hours=8))
    late = (DAY + timedelta(hours=8, minutes=45), DAY + timedelta(days=1))
    nobody = mk.BuddyIndex(people).find("sql", when=late)
    assert "not free then 3" in nobody.hint


def test_hours_without_a_zone_are_read_by_the_seekers_clock() -> None:
    """A company in one place that names no zones could not ask at all."""
    index = mk.BuddyIndex([ANA | {"hours": "Tue 09:00-10:00"}])
    (buddy,) = index.find("sql", when=WINDOW)
    assert buddy.free_at == DAY + timedelta(hours=9)
    eve = {"id": "eve", "timezone": "Asia/Tokyo"}
    (buddy,) = index.find("sql", when=WINDOW, seeker=eve)
    assert buddy.free_at == DAY


def test_free_time_by_the_clock_on_the_wall() -> None:
    """Hours would be off by one on the day the clocks change, or lost over the end of a week."""
    oslo = zone_info("Europe/Oslo")
    spring = datetime(2027, 3, 28, tzinfo=UTC)  # a Sunday: 02:00 becomes 03:00
    sunday = [(6 * 1440 + 60, 6 * 1440 + 240)]
    assert free_at(sunday, oslo, (spring, spring + timedelta(hours=1))) == spring
    assert free_at(sunday, oslo, (spring + timedelta(hours=2), spring + timedelta(hours=9))) is None
    always = [(0, 7 * 1440)]
    assert free_at(always, oslo, (spring, spring + timedelta(days=20))) == spring
    next_week = [(60, 120)]
    begin = datetime(2027, 1, 14, tzinfo=UTC)
    found = free_at(next_week, oslo, (begin, begin + timedelta(days=14)))
    assert found == datetime(2027, 1, 18, tzinfo=UTC)


@pytest.mark.parametrize(
    "when",
    ["Tuesday", (DAY,), (DAY, DAY), (WINDOW[1], DAY), (DAY, DAY + timedelta(days=60)),
     (DAY.replace(tzinfo=None), WINDOW[1]), (date(2027, 1, 12), date(2027, 1, 13))],
)  # fmt: skip
def test_what_is_no_window_says_so(when: object) -> None:
    """A window without a zone would be taken for some other hour."""
    with pytest.raises(mk.ProgramError, match="when"):
        mk.BuddyIndex(FOUR).find("sql", when=when)  # type: ignore[arg-type]


def test_an_unknown_seeker_is_named_with_the_nearest() -> None:
    """A typing slip would leave the caller guessing."""
    with pytest.raises(mk.UnknownPersonError, match="did you mean 'ana'"):
        mk.BuddyIndex(FOUR).find("sql", seeker="anna")
