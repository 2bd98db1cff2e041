"""The ledger: who helped whom with what, and which skills rest on few people."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

import matchkit as mk
from matchkit.errors import DetachedError, ProgramError
from matchkit.feedback import simulate_outcomes

MENTORS = [
    {"id": "di", "skills": "SQL:4; go:2", "capacity": "2"},
    {"id": "gil", "skills": "python:5; sql", "capacity": "1"},
    {"id": "hal", "skills": "cobol:5", "capacity": "0"},
]
MENTEES = [
    {"id": "ana", "goals": "Python; sql"},
    {"id": "bo", "goals": "sql; go"},
    {"id": "cy", "goals": "SQL; cobol"},
]
PROGRAM = mk.Program(criteria=(mk.SkillCoverage(weight=1),))


@pytest.fixture(scope="module")
def matching() -> mk.Matching:
    """Return a round in which ana is with gil, and bo and cy with di."""
    return mk.match(MENTORS, MENTEES, program=PROGRAM)


def test_who_gave_what_is_told(matching: mk.Matching) -> None:
    """Thanks would go to the wrong people, or for the wrong things."""
    rows = [
        {"mentee": "ana", "mentee_rating": 5, "meetings": 7, "ended_early": "no"},
        {"mentee": "bo", "mentee_rating": 4, "meetings": 3, "ended_early": "yes"},
    ]
    told = mk.read_outcomes(rows, matching)
    found = mk.insight.contributions([(matching, told), matching])
    di, gil = found.rows
    assert (di.mentor, di.rounds, di.mentees, di.finished, di.meetings, di.rated) == (
        "di", 2, 2, 0, 3, 1,
    )  # fmt: skip
    assert di.skills == (("SQL", 2), ("Go", 1))
    assert (gil.rating.value, gil.finished, gil.skills) == (5, 1, (("Python", 1), ("SQL", 1)))
    assert str(found).splitlines() == [
        "di helped 2 mentees in 2 rounds, with SQL, Go, rated 4.0 of 5 by 1",
        "gil helped 1 mentee in 2 rounds, with Python, SQL, rated 5.0 of 5 by 1",
    ]
    frame = found.to_frame()
    assert frame["skills"].tolist() == ["SQL (2); Go (1)", "Python (1); SQL (1)"]
    assert "gil helped" in found._repr_html_()


def test_every_pair_counts_once() -> None:
    """A mentor's work would be left out, or counted for somebody else."""
    mentors, mentees = mk.datasets.cohort(20, 50)
    matching = mk.match(mentors, mentees, program=PROGRAM)
    found = mk.insight.contributions((matching, simulate_outcomes(matching)))
    taken = Counter(match.mentor for match in matching)
    assert {row.mentor: row.mentees for row in found.rows} == taken
    assert "and " in str(found).splitlines()[-1]


def test_rounds_without_people_tell_what_they_can(matching: mk.Matching) -> None:
    """An old result would be refused, or its skills made up."""
    detached = mk.Matching.from_json(matching.to_json())
    rows = mk.insight.contributions(detached).rows
    assert [(row.mentor, row.mentees, row.skills) for row in rows] == [
        ("di", 2, ()),
        ("gil", 1, ()),
    ]
    assert str(mk.insight.contributions([])) == "Nobody has helped anybody yet."
    with pytest.raises(DetachedError):
        mk.insight.knowledge_at_risk(detached)


def test_skills_that_rest_on_few_are_named(matching: mk.Matching) -> None:
    """What only one person knows would leave with that person, unseen."""
    found = mk.insight.knowledge_at_risk(matching, most=1)
    assert [(row.name, row.mentors, row.level, row.wanted) for row in found.rows] == [
        ("COBOL", ("hal",), 5, 1),
        ("Go", ("di",), 2, 1),
        ("Python", ("gil",), 5, 1),
    ]
    wider = mk.insight.knowledge_at_risk(matching)
    assert wider.rows[0].mentors == ("di", "gil")
    assert wider.to_frame()["people"].tolist() == [2, 1, 1, 1]
    assert "skills that rest on few people: 4, of which wanted: 4" in str(wider)
    assert mk.insight.knowledge_at_risk(mk.match([], [])).rows == ()


@pytest.mark.parametrize("given", [7, ["x"], [(1, 2)]])
def test_rounds_that_are_none(matching: mk.Matching, given: Any) -> None:
    """A mistake in the call would show deep inside."""
    with pytest.raises(ProgramError, match="is of type"):
        mk.insight.contributions(given)
    with pytest.raises(ProgramError, match="most == 0"):
        mk.insight.knowledge_at_risk(matching, most=0)
