"""Absences and holidays are read as written, and wrong ones are refused."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime, timedelta
from types import ModuleType

import pytest

import matchkit as mk
from matchkit.errors import ProgramError, UnknownPersonError
from matchkit.plans import Cadence, Phase
from tests.plans.rounds import one_pair, pair_up, person, timed

START = date(2027, 1, 11)
FOUR = Cadence(phases=(Phase("week", "4 weeks", 60),))
MATCHING = one_pair("Mon 9-12", "Mon 9-10")


def status(**inputs: object) -> list[str]:
    """Return what becomes of four weekly meetings on Mondays at nine."""
    plan = mk.schedule(MATCHING, START, cadence=FOUR, **inputs)  # type: ignore[arg-type]
    return ["x" if each.status == "unscheduled" else "o" for each in plan]


def test_periods_are_days_or_moments() -> None:
    """Otherwise a period would block a day too many, or one too few."""
    assert status() == ["o", "o", "o", "o"]
    assert status(busy={"bo": [date(2027, 1, 18)]}) == ["o", "x", "o", "o"]
    assert status(busy={"bo": [(date(2027, 1, 18), date(2027, 1, 25))]}) == ["o", "x", "x", "o"]
    local = (datetime(2027, 1, 25, 9, 59), datetime(2027, 1, 25, 11, 0))  # noqa: DTZ001
    assert status(busy={"di": [local]}) == ["o", "o", "x", "o"]
    later = (datetime(2027, 1, 25, 10, 0), datetime(2027, 1, 25, 11, 0))  # noqa: DTZ001
    assert status(busy={"di": [later]}) == ["o", "o", "o", "o"]
    aware = (datetime(2027, 2, 1, 8, 30, tzinfo=UTC), datetime(2027, 2, 1, 8, 31, tzinfo=UTC))
    assert status(busy={"di": [aware]}) == ["o", "o", "o", "x"]


def test_holidays_are_dates_for_all_or_for_a_place() -> None:
    """Otherwise a colleague elsewhere would lose a meeting to a holiday that is not theirs."""
    assert status(holidays=["2027-01-18", date(2027, 1, 25)]) == ["o", "x", "x", "o"]
    assert status(holidays="2027-01-18") == ["o", "x", "o", "o"]
    assert status(holidays=[datetime(2027, 1, 18, 12, tzinfo=UTC)]) == ["o", "x", "o", "o"]
    mentors = [person("di", "Mon 9-12", "Europe/Oslo", location="Oslo", capacity="2")]
    mentees = [
        person("bo", "Mon 9-10", "Europe/Oslo", location="Bergen"),
        person("cy", "Mon 10-11", "Europe/Oslo", location="Oslo"),
    ]
    matching = pair_up(mentors, mentees)
    bergen = mk.schedule(matching, START, cadence=FOUR, holidays={"BERGEN": ["2027-01-18"]})
    lost = [each for each in bergen if each.status == "unscheduled"]
    assert [(each.mentee, each.number) for each in lost] == [("bo", 2)]
    assert "holiday for bo" in lost[0].note
    oslo = mk.schedule(matching, START, cadence=FOUR, holidays={"Oslo": ["2027-01-18"]})
    assert sum(each.status == "unscheduled" for each in oslo) == 2


def test_countries_are_looked_up_in_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise public holidays would have to be typed in."""
    asked = []

    def country_holidays(code: str, *, subdiv: str | None, years: range) -> dict[date, str]:
        asked.append((code, subdiv, list(years)))
        if code == "XX":
            raise NotImplementedError
        return {date(2027, 1, 18): "Day", date(2030, 1, 1): "Later"}

    fake = ModuleType("holidays")
    monkeypatch.setattr(fake, "country_holidays", country_holidays, raising=False)
    monkeypatch.setattr(fake, "list_supported_countries", lambda: {"NO": []}, raising=False)
    monkeypatch.setitem(sys.modules, "holidays", fake)
    assert status(holidays="de-by") == ["o", "x", "o", "o"]
    assert asked == [("DE", "BY", [2027])]
    with pytest.raises(ProgramError, match="no calendar for 'XX'"):
        status(holidays=["XX"])
    monkeypatch.setitem(sys.modules, "holidays", None)
    with pytest.raises(ProgramError, match=r"pip install 'matchkit\[holidays\]'"):
        status(holidays="NO")


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        ({"busy": {"di": [(date(2027, 1, 2), date(2027, 1, 1))]}}, "ends before it begins"),
        ({"busy": {"di": ["2027-01-01"]}}, "is not a period"),
        ({"busy": {"di": [(date(2027, 1, 2),)]}}, "is not a period"),
        ({"busy": {"di": [(date(2027, 1, 2), datetime(2027, 1, 3, tzinfo=UTC))]}}, "mixes"),
        ({"holidays": ["2027-13-01"]}, "is not a date"),
        ({"holidays": [7]}, "neither a date nor a country code"),
        ({"holidays": {"Rome": ["2027-01-01"]}}, "nobody in the plan has the location"),
    ],
)
def test_wrong_absences_are_told_how_to_mend(inputs: dict[str, object], message: str) -> None:
    """Otherwise an absence that is misread would be lost in silence."""
    with pytest.raises(ProgramError, match=message):
        status(**inputs)


def test_unknown_people_are_named() -> None:
    """Otherwise a slip in an id would leave somebody's absence out."""
    with pytest.raises(UnknownPersonError, match="'di2'; did you mean 'di'"):
        status(busy={"di2": [START]})


def test_an_absence_holds_in_both_roles() -> None:
    """Otherwise somebody away as a mentor would still be invited as a mentee."""
    hours, zone = "Mon 9-12", "Europe/Oslo"
    mentors = [person("di", hours, zone), person("gil", hours, zone)]
    mentees = [person("bo", hours, zone), person("di", hours, zone)]
    plan = mk.schedule(pair_up(mentors, mentees), START, cadence=FOUR,
                       busy={"di": [(START, START + timedelta(days=6))]})  # fmt: skip
    assert {each.number for each in timed(plan)} == {2, 3, 4}
    assert all("di is away" in each.note for each in plan if each.number == 1)


def test_notes_name_what_stands_in_the_way() -> None:
    """Otherwise a coordinator would not know whom to ask."""
    morning = (datetime(2027, 1, 18, 7, tzinfo=UTC), datetime(2027, 1, 18, 11, tzinfo=UTC))
    plan = mk.schedule(MATCHING, START, cadence=FOUR, busy={"bo": [morning]})
    assert "bo is busy" in plan.meetings[1].note
    away = mk.schedule(MATCHING, START, cadence=FOUR, busy={"bo": [(START, date(2027, 1, 17))]})
    assert away.meetings[0].note.endswith("one of the two is away or busy all the time")
    limited = Cadence(phases=FOUR.phases, most_per_week=1)
    hours, zone = "Mon 9-11", "Europe/Oslo"
    two = pair_up([person("di", hours, zone, capacity="2")], [person(x, hours, zone) for x in "ab"])
    notes = [each.note for each in mk.schedule(two, START, cadence=limited) if each.note]
    assert notes
    assert all("di has enough meetings in that week" in note for note in notes)
    late = Cadence(phases=FOUR.phases, notice=3)
    first = mk.schedule(MATCHING, START, cadence=late).meetings[0]
    assert "before the first day on which new dates are given" in first.note
