"""Outcomes from files, frames and records: understood, or refused with row and column."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import matchkit as mk
from matchkit.errors import OutcomeError, ProgramError, UnknownPersonError
from matchkit.feedback import Outcome

MENTORS = [
    {"id": "di", "name": "Di Aas", "email": "di@example.org", "skills": "sql:4"},
    {"id": "gil", "name": "Gil Bo", "email": "gil@example.org", "skills": "python:5"},
]
MENTEES = [
    {"id": "ana", "name": "Ana", "goals": "python"},
    {"id": "bo", "name": "Bo", "goals": "sql"},
    {"id": "cy", "name": "Cy", "goals": "sql"},
]


@pytest.fixture(scope="module")
def matching() -> mk.Matching:
    """Return a round in which ana is with gil, bo or cy with di, and the other alone."""
    return mk.match(MENTORS, MENTEES)


ROWS = [
    {"mentee": "ana", "mentor": "gil", "meetings": 6, "mentee_rating": 4.5, "mentor_rating": None,
     "progress": 0.75, "ended_early": False, "continues": True, "reason": "", "comment": "Thanks"},
    {"mentee": "bo", "mentor": "di", "meetings": 0, "mentee_rating": None, "mentor_rating": 2,
     "progress": None, "ended_early": True, "continues": None, "reason": "no time",
     "comment": ""},
]  # fmt: skip


def test_every_kind_of_source_says_the_same(tmp_path: Path) -> None:
    """A frame would be read otherwise than the file that it came from."""
    path = tmp_path / "outcomes.csv"
    path.write_text(
        "Mentee ID;Mentor;Meetings held;Rating by mentee;mentor rating;Goal progress;"
        "Stopped early;goes on;Why;Free text\n"
        "bo;di;0;;2;;YES;;no time;\nana;gil;6;4,5;;75%;no;y;;Thanks\n",
        encoding="utf-8",
    )
    for source in (path, str(path), ROWS, pd.DataFrame(ROWS), pl.DataFrame(ROWS)):
        outcomes = mk.read_outcomes(source)
        assert outcomes.records == (
            Outcome("ana", "gil", 6, 4.5, None, 0.75, *(False, True, "", "Thanks")),
            Outcome("bo", "di", 0, None, 2.0, None, *(True, None, "no time", "")),
        )
        assert mk.read_outcomes(outcomes.to_frame()).records == outcomes.records


@given(
    rating=st.none() | st.sampled_from([1, 2, 3.5, 5]),
    progress=st.none() | st.floats(0, 1),
    answers=st.tuples(st.none() | st.integers(0, 99), st.none() | st.booleans()),
)
def test_frames_go_both_ways(
    rating: float | None, progress: float | None, answers: tuple[int | None, bool | None]
) -> None:
    """A blank would come back as 0, or a share with other digits."""
    meetings, early = answers
    row = {"mentee": "a", "mentor": "b", "mentee_rating": rating, "progress": progress,
           "meetings": meetings, "ended_early": early}  # fmt: skip
    first = mk.read_outcomes([row])
    assert first["a"] == Outcome("a", "b", meetings, rating, None, progress, early)
    assert mk.read_outcomes(first.to_frame()).records == first.records


def test_people_are_found_by_name_and_the_mentor_filled_in(matching: mk.Matching) -> None:
    """A survey knows names and e-mails, and seldom asks who the mentor was."""
    outcomes = mk.read_outcomes([{"mentee name": "ANA", "meetings": 3}], matching)
    assert (outcomes["ana"].mentor, outcomes["ana"].meetings) == ("gil", 3)
    outcomes = mk.read_outcomes([{"mentee": "ana", "mentor": "gil@example.org"}], matching)
    assert outcomes["ana"].mentor == "gil"
    detached = mk.Matching.from_json(matching.to_json())
    assert mk.read_outcomes([{"mentee": "ana"}], detached)["ana"].mentor == "gil"
    with pytest.raises(OutcomeError, match="no mentee of the round is called 'Ana'"):
        mk.read_outcomes([{"mentee": "Ana"}], detached)


def test_every_fault_is_told_with_its_place(matching: mk.Matching) -> None:
    """A coordinator would mend one cell at a time."""
    left = matching.unmatched[0].mentee
    with_di = matching.of_mentor("di")[0].mentee
    rows = [
        {"mentee": "ana", "mentor": "di", "mentee_rating": "6", "meetings": "-1"},
        {"mentee": left, "progress": "80", "ended_early": "maybe"},
        {"mentee": "ann", "mentor": "gill", "mentor_rating": "good"},
        {"mentee": "", "progress": "0.5"},
        {"mentee": with_di, "progress": "110%"},
        {"mentee": with_di, "continues": "?"},
    ]
    with pytest.raises(OutcomeError) as caught:
        mk.read_outcomes(rows, matching)
    told = {(finding.row, finding.column) for finding in caught.value.findings}
    assert told == {
        (0, "mentor"), (0, "mentee_rating"), (0, "meetings"), (1, "mentee"), (1, "progress"),
        (1, "ended_early"), (2, "mentee"), (2, "mentor"), (2, "mentor_rating"), (3, "mentee"),
        (4, "progress"), (5, "continues"), (5, "mentee"),
    }  # fmt: skip
    lines = "\n".join(caught.value.lines)
    assert "ana was matched with gil, not di; write gil, or remove the row" in lines
    assert "'110%' is not a share from 0 to 1; write 0.8 or 80%" in lines
    assert f"{with_di} with di is also in row 4; keep one row for each pair" in lines
    assert "no mentee of the round is called 'ann'; did you mean 'ana'?" in lines


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([{"mentor": "di"}], "the outcomes name no mentees"),
        ([{"mentee": "ana"}], "the outcomes name no mentors"),
        ([{"mentee": "ana", "mentor": ""}], "names no mentor"),
        ([{"mentee": "a", "mentor": "b", "why": "x", "Reason": "y"}], "both mean reason"),
        (["ana"], "given as str"),
        ("nowhere.csv", "nowhere.csv"),
    ],
)
def test_sources_that_cannot_be_read(rows: Any, message: str) -> None:
    """Pairs would be guessed at."""
    with pytest.raises(OutcomeError, match=message):
        mk.read_outcomes(rows)


def test_what_is_not_read_is_said() -> None:
    """A column would be dropped in silence, or a reason count for nothing."""
    row = {"mentee": "ana", "mentor": "gil", "shoe size": 3, "reason": "moved"}
    outcomes = mk.read_outcomes([row])
    assert [(each.severity, each.column) for each in outcomes.findings] == [
        ("warning", "reason"),
        ("note", "shoe size"),
    ]


def test_calls_that_make_no_sense() -> None:
    """A path in the place of a round would fail from deep inside."""
    with pytest.raises(ProgramError, match="matching is of type str"):
        mk.read_outcomes(ROWS, "matching.json")  # type: ignore[arg-type]
    with pytest.raises(UnknownPersonError, match="did you mean 'ana'"):
        mk.read_outcomes(ROWS)["anna"]


def test_one_word_for_an_outcome() -> None:
    """What went well would not be what a coordinator calls so."""
    assert Outcome("a", "b").went_well is None
    assert Outcome("a", "b", meetings=3).went_well is None
    assert Outcome("a", "b", mentee_rating=5, ended_early=True).went_well is False
    assert Outcome("a", "b", mentee_rating=4, mentor_rating=4, progress=0.3).went_well is True
    assert Outcome("a", "b", mentee_rating=3).went_well is False
    assert repr(mk.read_outcomes(ROWS)) == "Outcomes(2 of 2 pairs answered)"
    assert [each.answered for each in mk.read_outcomes(ROWS)] == [True, True]
    assert len(mk.read_outcomes([])) == 0
