"""Random people and programs for every test that needs them, in one place.

Cells are text, as a file holds them. Blanks, repeats, other scripts, several time zones and
windows over midnight are all common here, because they are common in real files.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from hypothesis import strategies as st

from matchkit import (
    Avoid,
    Criterion,
    Different,
    DifferentValue,
    MaxTimezoneGap,
    NotManager,
    NotSelf,
    Program,
    Rule,
    Same,
    SameValue,
    SeniorityGap,
    SharedHours,
    SharedInterests,
    SharedLanguage,
    SkillCoverage,
    StatedPreference,
    TextFit,
)

People = list[dict[str, str]]

START = date(2027, 3, 15)
"""A Monday on which the clocks of America have changed and those of Europe have not."""

IDS = ("ana", "bo", "Bo", "7", "é-1", "李", "Zoë K.", "d d", "x@example.org", "m,9")
SKILLS = ("python", "SQL", "C", "C++", "C#", ".NET", "public speaking", "Été", "数据", "Go")
INTERESTS = ("chess", "Chess ", "sailing", "Lyrik", "料理")
LANGUAGES = ("en", "de", "EN", "fr")
ZONES = ("Europe/Berlin", "America/New_York", "Asia/Kathmandu", "UTC+05:30")
WINDOWS = (
    "Mon 09:00-11:30", "Mon-Fri 16-18", "Fri 22:00-02:00", "Sun 23:00-01:00", "Thu 00:15-00:45",
    "Sat 00:00-24:00", "Wed 10-12",
)  # fmt: skip
WORDS = ("learn", "to", "the", "présenter", "4", "C++", "budget", "plan", "数据", "mentoring")
TEAMS = ("data", "Data ", "sales", "Ops")


def _joined(items: Sequence[str], most: int) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(items), max_size=most).map("; ".join)


_LEVELS = st.sampled_from(["", "", ":1", ":2", ":3", ":4", ":5"])
_SKILLS = st.lists(st.tuples(st.sampled_from(SKILLS), _LEVELS).map("".join), max_size=5)
_TEXT = st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join)
_CELLS: dict[str, st.SearchStrategy[str]] = {
    "name": st.sampled_from(["", "Ana", "Bo", "Zoë K."]),
    "email": st.sampled_from(["", "", "x@example.org", "X@Example.org"]),
    "team": st.sampled_from(["", *TEAMS]),
    "level": st.sampled_from(["", "1", "2", "3.5", "10"]),
    "manager": st.sampled_from(["", "", *IDS[:4]]),
    "timezone": st.sampled_from(["", *ZONES]),
    "languages": _joined(LANGUAGES, 2),
    "skills": _SKILLS.map("; ".join),
    "goals": _SKILLS.map("; ".join),
    "goals_text": _TEXT,
    "bio": _TEXT,
    "role": st.sampled_from(["", "Analyst", "Lead of mentoring"]),
    "interests": _joined(INTERESTS, 3),
    "seniority": st.sampled_from(["", "0", "2", "3.5", "12"]),
    "hours": _joined(WINDOWS, 3),
    "prefers": _joined(IDS[:6], 3),
    "avoids": _joined(IDS[:6], 1),
    "capacity": st.sampled_from(["", "0", "1", "2", "9"]),
}


COLUMNS = tuple(_CELLS)
"""The columns that people have beside their id."""


@st.composite
def people(
    draw: st.DrawFn, columns: Sequence[str] = COLUMNS, *, least: int = 1, most: int = 5
) -> People:
    """Draw one side's people: ids that differ, and the columns named, or all there are."""
    ids = draw(st.lists(st.sampled_from(IDS), min_size=least, max_size=most, unique=True))
    cells = st.tuples(*(_CELLS[column] for column in columns))
    rows = draw(st.lists(cells, min_size=len(ids), max_size=len(ids)))
    return [
        {"id": who, **dict(zip(columns, row, strict=True))}
        for who, row in zip(ids, rows, strict=True)
    ]


CRITERIA: tuple[Criterion, ...] = (
    SkillCoverage(weight=5),
    TextFit(weight=2),
    SeniorityGap(weight=1),
    SharedHours(weight=1),
    SharedInterests(weight=0.5),
    SameValue("team", weight=0.3),
    DifferentValue("level", weight=0.3),
    StatedPreference(weight=1),
    StatedPreference(of="mentee", weight=0.7),
    StatedPreference(of="mentor", weight=0.7),
)
"""One of each criterion."""

RULES: tuple[Rule, ...] = (
    Different("team"),
    Same("level"),
    NotManager(),
    NotSelf(),
    SharedLanguage(),
    MaxTimezoneGap(hours=6),
    Avoid(),
)
"""One of each rule."""

_weights = st.one_of(
    st.floats(0, 100, allow_nan=False), st.sampled_from([0.0, 1.0, 1e-9, 1 / 3, 5e-324, 1e300])
)
_names = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=8)


def criteria() -> st.SearchStrategy[Criterion]:
    """Draw a criterion with any settings."""
    share = st.floats(0, 1, allow_nan=False)
    finite = st.floats(-1e9, 1e9, allow_nan=False)
    return st.one_of(
        st.builds(SkillCoverage, weight=_weights, teach=st.lists(share, min_size=1).map(tuple)),
        st.builds(TextFit, weight=_weights, full=st.floats(0.01, 1)),
        st.builds(SeniorityGap, weight=_weights, ideal=finite, spread=st.floats(1e-6, 1e9)),
        st.builds(SharedHours, weight=_weights, enough=st.floats(0.1, 168)),
        st.builds(SharedInterests, weight=_weights),
        st.builds(SameValue, column=_names, weight=_weights),
        st.builds(DifferentValue, column=_names, weight=_weights),
        st.builds(
            StatedPreference, of=st.sampled_from(["both", "mentee", "mentor"]), weight=_weights
        ),
    )


def rules() -> st.SearchStrategy[Rule]:
    """Draw a rule with any settings."""
    return st.one_of(
        st.builds(Different, column=_names),
        st.builds(Same, column=_names),
        st.builds(MaxTimezoneGap, hours=st.floats(0, 24)),
        st.sampled_from([NotManager(), NotSelf(), SharedLanguage(), Avoid()]),
    )


def programs() -> st.SearchStrategy[Program]:
    """Draw a program with any settings, whoever it is for."""
    from matchkit import Forbidden, Locked

    pair = st.one_of(
        st.builds(Locked, mentee=_ids, mentor=_ids), st.builds(Forbidden, mentee=_ids, mentor=_ids)
    )

    def unlike(kinds: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
        return st.lists(kinds, max_size=5, unique_by=lambda each: each.name).map(tuple)

    return st.builds(
        Program,
        criteria=unlike(criteria()),
        rules=unlike(rules()),
        constraints=st.lists(pair, max_size=3).map(tuple),
        coverage=st.sampled_from(["first", "score"]),
        start=st.none() | st.dates(),
        min_score=st.floats(0, 1),
        seed=st.integers(0, 2**63 - 1),
    )


_ids = _names.filter(lambda text: bool(text.strip()))


def round_programs() -> st.SearchStrategy[Program]:
    """Draw a program that any of the people here can be matched with."""
    return st.builds(
        Program,
        criteria=st.lists(st.sampled_from(CRITERIA), unique=True, max_size=5).map(tuple),
        rules=st.lists(st.sampled_from(RULES), unique=True, max_size=4).map(tuple),
        coverage=st.sampled_from(["first", "score"]),
        start=st.just(START),
        min_score=st.sampled_from([0.0, 0.0, 0.2]),
        seed=st.integers(0, 3),
    )
