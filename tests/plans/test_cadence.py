"""A rhythm becomes dates: as many as it says, in order, with room to move between."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchkit.errors import ProgramError
from matchkit.plans import Cadence, Milestone, Phase, Template, Wording

START = date(2027, 1, 11)


def weeks_of(cadence: Cadence, start: date = START) -> list[float]:
    """Return in which weeks after the start the meetings are due."""
    return [(each.anchor - start).days / 7 for each in cadence.occasions(start)]


def test_mentoring_wanes_over_six_months() -> None:
    """Otherwise support would not become rarer as the mentee masters the skill."""
    assert weeks_of(Cadence.mentoring()) == [0, 1, 2, 3, 5, 7, 9, 11, 13, 17, 21, 25]
    purposes = [each.purpose for each in Cadence().occasions(START)]
    assert purposes == ["kick-off", *["goal"] * 7, "review", "goal", "goal", "closing"]
    assert Cadence().end(START) == START + timedelta(weeks=26)


def test_the_other_presets() -> None:
    """Otherwise a preset would not be what its name says."""
    micro, shadowing, circle = (Cadence.named(name) for name in ("micro", "shadowing", "circle"))
    assert [(each.purpose, each.minutes) for each in micro.occasions(START)] == [
        ("session", 30),
        ("check", 15),
    ]
    assert weeks_of(micro) == [0, 1]
    assert [each.minutes for each in shadowing.occasions(START)] == [240] * 3
    assert weeks_of(circle) == list(range(12))
    assert {each.purpose for each in circle.occasions(START)} == {
        "kick-off", "circle", "review", "closing",
    }  # fmt: skip


def test_milestones_lie_where_they_are_named() -> None:
    """Otherwise surveys would come on the wrong days."""
    due = dict(Cadence().due(START))
    assert due == {
        "survey after the first month": START + timedelta(days=30),
        "half-time survey": START + timedelta(weeks=13),
        "closing survey": START + timedelta(weeks=26, days=-1),
    }
    own = Cadence(phases=(Phase("week", "4 weeks"),), milestones=(Milestone("pulse", 3),))
    assert own.due(START) == (("pulse", date(2027, 1, 14)),)


def test_months_keep_the_day_or_take_the_last() -> None:
    """Otherwise a plan from the 31st would leave out every short month."""
    monthly = Cadence(phases=(Phase("month", "6 months"),))
    days = [each.anchor for each in monthly.occasions(date(2027, 1, 31))]
    assert days == [
        date(2027, 1, 31), date(2027, 2, 28), date(2027, 3, 31), date(2027, 4, 30),
        date(2027, 5, 31), date(2027, 6, 30),
    ]  # fmt: skip


STEPS = st.one_of(st.integers(1, 9), st.sampled_from(["week", "2 weeks", "month", "2 months"]))


@given(
    st.lists(st.builds(Phase, STEPS, STEPS, st.integers(5, 720)), min_size=1, max_size=4),
    st.dates(date(1971, 1, 1), date(2100, 1, 1)),
)
def test_days_of_meetings_never_overlap(phases: list[Phase], start: date) -> None:
    """Otherwise two meetings of a pair could be placed in the wrong order."""
    cadence = Cadence(phases=tuple(phases))
    occasions = cadence.occasions(start)
    assert occasions[0].anchor == start
    assert [each.number for each in occasions] == list(range(1, len(occasions) + 1))
    for one, other in pairwise(occasions):
        assert one.before == other.anchor
    for each in occasions:
        assert each.before - each.anchor >= timedelta(days=7)
        assert each.anchor < cadence.end(start)
    assert occasions[0].purpose == "kick-off"
    assert len(occasions) == 1 or occasions[-1].purpose == "closing"
    assert sum(each.purpose == "review" for each in occasions) == (len(occasions) > 2)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Phase("fortnight", "4 weeks"), "every == 'fortnight', must be"),
        (lambda: Phase(0, "4 weeks"), "every == 0, must be"),
        (lambda: Phase(every=True, lasting="4 weeks"), "every == True, must be"),
        (lambda: Phase("week", "900 weeks"), "lasting == '900 weeks', must be"),
        (lambda: Phase("week", "4 weeks", 0), "minutes == 0, must be"),
        (lambda: Milestone("x", "halftime"), "did you mean 'half time'"),  # type: ignore[arg-type]
        (lambda: Milestone("x", -1), "must not be negative"),
        (lambda: Cadence(phases=()), "at least one Phase"),
        (lambda: Cadence(notice=-1), "notice == -1"),
        (lambda: Cadence(most_per_week=0), "most_per_week == 0"),
        (lambda: Cadence(usual="gaol"), "did you mean 'goal'"),
        (lambda: Cadence(phases=(Phase("month", "50 months"),) * 2).occasions(START), "five years"),
        (lambda: Template("{who}", ""), "there is no field 'who'"),
        (lambda: Template("{mentee", ""), "write a literal brace"),
        (lambda: Template("{mentee.__class__}", ""), "there is no field"),
        (lambda: Wording(days=("Mon",)), "must be seven names"),
        (lambda: Wording(mentor_sheet="{goal}"), "did you mean 'goals'"),
    ],
)
def test_wrong_values_are_told_how_to_mend(make: object, message: str) -> None:
    """Otherwise a slip in a configuration would surface as a traceback much later."""
    assert callable(make)
    with pytest.raises(ProgramError, match=message):
        make()
