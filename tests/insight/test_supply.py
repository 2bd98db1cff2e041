"""What is lacking, counted by hand; and recruits, tried by adding them to the input."""

from __future__ import annotations

from typing import Any

import matchkit as mk
from matchkit.insight import Bottleneck, Bottlenecks, Recruit, Shortage, Shortages

MENTORS: list[dict[str, Any]] = [
    {"id": "di", "skills": "sql:4", "languages": "en; de", "location": "Oslo", "capacity": 2},
    {"id": "ed", "skills": "go:4", "languages": "en", "location": "Rome", "capacity": 1},
]
MENTEES: list[dict[str, Any]] = [
    {"id": "ana", "goals": "sql; Rust", "languages": "en", "location": "Oslo", "department": "X"},
    {"id": "bo", "goals": "rust; go", "languages": "en", "location": "oslo", "department": "X"},
    {"id": "cy", "goals": "rust", "languages": "fr", "location": "Rome", "department": "Y"},
]
PROGRAM = mk.Program(criteria=(mk.SkillCoverage(),), rules=(mk.SharedLanguage(),))


def test_what_is_wanted_offered_and_unmet() -> None:
    """A programme would recruit for what is there already."""
    matching = mk.match(MENTORS, MENTEES, program=PROGRAM)
    assert [one.mentee for one in matching.unmatched] == ["cy"]
    found = mk.insight.shortages(matching, recruits=0)
    assert found.recruits == ()
    assert found.bottlenecks == mk.insight.bottlenecks(matching)
    assert set(found.rows) == {
        Shortage("skill", "Rust", 3, 0, 3),
        Shortage("skill", "SQL", 1, 2, 0),
        Shortage("skill", "Go", 1, 1, 0),
        Shortage("site", "Oslo", 2, 2, 0),
        Shortage("site", "Rome", 1, 1, 1),
        Shortage("language", "en", 2, 3, 0),
        Shortage("language", "fr", 1, 0, 1),
        Shortage("department", "X", 2, 0, 0),
        Shortage("department", "Y", 1, 0, 1),
    }
    assert [row.unmet for row in found.rows] == [3, 1, 1, 1, 0, 0, 0, 0, 0]


def test_recruits_add_what_the_round_with_them_shows() -> None:
    """A programme would recruit somebody who adds less than was promised."""
    cohort = mk.datasets.cohort(12, 30, seed=3)
    matching = mk.match(cohort.mentors, cohort.mentees, program=mk.Program(start="2027-01-11"))
    records = {one["id"]: one for one in matching.people.mentors.to_records()}
    found = mk.insight.shortages(matching, recruits=2).recruits
    assert found
    best = (0, 0)
    for one in reversed(found):
        base = {k: v for k, v in records[one.like].items() if k not in {"email", "manager"}}
        base |= {"id": "new", "name": "", "prefers": "", "avoids": "", "capacity": "1"}
        new = [*records.values(), {**base, **dict(one.profile)}]
        done = mk.match(new, cohort.mentees, program=matching.program).certificate
        adds = (done.matched - len(matching), done.total - matching.certificate.total)
        assert (one.people, one.points) == adds
        assert adds >= best > (-1, 0)
        best = adds


def test_nobody_to_copy_and_nobody_to_recruit_for() -> None:
    """An empty side would end in an error."""
    alone = mk.match([], MENTEES, program=mk.Program())
    found = mk.insight.shortages(alone)
    assert found.recruits[0].people == 1
    assert found.recruits[0].like == ""
    assert mk.insight.shortages(mk.match(MENTORS, [])).recruits == ()


def test_an_id_of_a_recruit_that_is_taken() -> None:
    """Somebody of the same name would be overwritten."""
    mentors = [{**MENTORS[0], "id": "recruit 1", "capacity": 1}]
    found = mk.insight.shortages(mk.match(mentors, MENTEES[:2], program=PROGRAM), recruits=1)
    assert found.recruits[0].people == 1


def test_tables_and_words() -> None:
    """What is lacking would get lost between the answer and its table."""
    rows = (Shortage("skill", "Go", 3, 1, 2),)
    recruits = (Recruit((("skills", "go:4"), ("location", "Oslo")), "di", 1, 500),)
    found = Shortages(rows, recruits, Bottlenecks(()))
    assert str(found).splitlines() == [
        "Lacking most: skill Go: wanted by 3, 1 place, not met for 2.",
        "To recruit: a mentor with skills go:4, location Oslo adds 1 person and 500 points.",
    ]
    assert found.to_frame().to_numpy().tolist() == [["skill", "Go", 3, 1, 2]]
    group = Bottleneck(("ana", "bo"), ("di",), 1, 1, ())
    narrow = Shortages((), (), Bottlenecks((group,)))
    assert "2 mentees can reach only 1 mentor" in str(narrow)
    nothing = Shortages((Shortage("skill", "Go", 1, 1, 0),), (), Bottlenecks(()))
    assert str(nothing) == "Nothing that is wanted is lacking."
    assert str(Recruit((), "", 0, 5)) == "a mentor with any profile adds 5 points"
