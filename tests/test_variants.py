"""What if: the new round is the round that somebody would get who changed the input."""

from __future__ import annotations

from typing import Any

import pytest

import matchkit as mk
from matchkit.assign import sparse
from matchkit.variants import WhatIf

MENTORS = [
    {"id": "di", "skills": "sql:4", "capacity": 1},
    {"id": "gil", "skills": "python:5", "capacity": 1},
]
MENTEES = [
    {"id": "ana", "goals": "python"},
    {"id": "bo", "goals": "sql"},
    {"id": "cy", "goals": "sql; python"},
]
PROGRAM = mk.Program(criteria=(mk.SkillCoverage(),))
PICKY = PROGRAM.model_copy(update={"min_score": 0.9})


def pairs(matching: mk.Matching) -> list[tuple[str, str, int]]:
    """Return who is with whom, and for how many points."""
    return [(match.mentee, match.mentor, match.points) for match in matching]


def constrained(*constraints: mk.Locked | mk.Forbidden) -> mk.Program:
    """Return the program with constraints."""
    return PROGRAM.model_copy(update={"constraints": constraints})


@pytest.fixture(name="matching")
def _matching() -> mk.Matching:
    return mk.match(MENTORS, MENTEES, program=PROGRAM)


def more(who: str, places: int) -> list[dict[str, Any]]:
    """Return the mentors of whom one has other places."""
    return [{**one, "capacity": places} if one["id"] == who else one for one in MENTORS]


@pytest.mark.parametrize(
    ("change", "round_"),
    [
        ({"lock": ("ana", "di")}, (MENTORS, MENTEES, constrained(mk.Locked("ana", "di")))),
        ({"lock": [("ana", "di"), ("bo", "gil")]},
         (MENTORS, MENTEES, constrained(mk.Locked("ana", "di"), mk.Locked("bo", "gil")))),
        ({"forbid": ("bo", "di")}, (MENTORS, MENTEES, constrained(mk.Forbidden("bo", "di")))),
        ({"drop": "bo"}, (MENTORS, [MENTEES[0], MENTEES[2]], PROGRAM)),
        ({"drop": ["gil", "cy"]}, (MENTORS[:1], MENTEES[:2], PROGRAM)),
        ({"drop": ["ana", "bo", "cy"]}, (MENTORS, [], PROGRAM)),
        ({"add_places": {"di": 1}}, (more("di", 2), MENTEES, PROGRAM)),
        ({"add_places": {"di": -1}}, (more("di", 0), MENTEES, PROGRAM)),
        ({"program": PICKY}, (MENTORS, MENTEES, PICKY)),
        ({}, (MENTORS, MENTEES, PROGRAM)),
    ],
)  # fmt: skip
def test_the_new_round_is_the_one_of_the_changed_input(
    matching: mk.Matching,
    change: dict[str, Any],
    round_: tuple[list[dict[str, Any]], list[dict[str, Any]], mk.Program],
) -> None:
    """The answer would be about another change than the one that was asked for."""
    mentors, mentees, program = round_
    answer = mk.what_if(matching, **change)
    expected = mk.match(mentors, mentees, program=program)
    assert pairs(answer.matching) == pairs(expected)
    assert answer.matching.certificate == expected.certificate
    assert mk.verify(answer.matching) == ()
    assert answer.people == len(expected) - len(matching)
    assert answer.points == expected.certificate.total - matching.certificate.total
    old = {match.mentee: match.mentor for match in matching}
    new = {match.mentee: match.mentor for match in expected}
    there = {one["id"] for one in mentees}
    assert {(move.mentee, move.before, move.after) for move in answer.moves} == {
        (who, old.get(who), new.get(who)) for who in there if old.get(who) != new.get(who)
    }


def test_what_the_program_says_of_those_who_leave_goes_with_them() -> None:
    """Nobody could leave whom the program names."""
    program = constrained(mk.Locked("ana", "di"), mk.Forbidden("bo", "gil"))
    program = program.model_copy(update={"priority": ("ana", "bo")})
    answer = mk.what_if(mk.match(MENTORS, MENTEES, program=program), drop="ana")
    assert answer.matching.program.constraints == (mk.Forbidden("bo", "gil"),)
    assert answer.matching.program.priority == ("bo",)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"drop": "anna"}, "nobody has the id 'anna'; did you mean 'ana'"),
        ({"add_places": {"dii": 1}}, "no mentor has the id 'dii'; did you mean 'di'"),
        ({"add_places": {"di": -2}}, "di has 1 place; can't take 2"),
        ({"lock": ["ana", "di", "bo"]}, "'ana' is no pair; give \\(mentee, mentor\\)"),
        ({"forbid": [("ana",)]}, "is no pair"),
        ({"lock": ("anna", "di")}, "no mentee has the id 'anna'"),
    ],
)
def test_what_makes_no_sense_is_refused(
    matching: mk.Matching, change: dict[str, Any], said: str
) -> None:
    """A typing slip would be answered as if nothing had been asked."""
    with pytest.raises(mk.ProgramError, match=said):
        mk.what_if(matching, **change)


def test_conditions_that_cannot_be_met(matching: mk.Matching) -> None:
    """Two wishes for one place would be granted in silence."""
    with pytest.raises(mk.InfeasibleError, match="di has 1 place and 2 locked mentees"):
        mk.what_if(matching, lock=[("ana", "di"), ("bo", "di")])


def test_the_difference_in_words(matching: mk.Matching) -> None:
    """A coordinator would have to compare two lists by eye."""
    change = {"lock": ("ana", "di"), "forbid": ("bo", "di"), "add_places": {"gil": 2}}
    answer = mk.what_if(matching, **change, program=PROGRAM)  # type: ignore[arg-type]
    assert str(answer).splitlines() == [
        "If ana is matched with di; bo may not have di; gil has 2 more places:",
        "3 of 3 mentees matched, before 2 of 3.",
        "The pairs would sum to 1,371,153 fewer points.",
        "3 mentees would be matched differently.",
        "  ana would go from gil to di",
        "  bo would go from di to gil",
        "  cy would go from nobody to gil",
    ]
    assert repr(answer) == "WhatIf(+1 people, -1,371,153 points, 3 moved)"
    frame = answer.to_frame()
    assert frame["mentee"].tolist() == ["ana", "bo", "cy"]
    assert frame["points_before"].isna().tolist() == [False, False, True]
    assert "<table" in answer._repr_html_()
    same = mk.what_if(matching, program=mk.Program(criteria=(mk.SkillCoverage(weight=2),)))
    assert str(same).splitlines() == [
        "If another program applies:",
        "2 of 3 mentees matched, as before.",
        "Nobody would be matched differently.",
    ]
    assert str(WhatIf((), matching, matching, ())).startswith("If nothing changed:")


def test_a_round_is_matched_again_from_where_it_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another answer where the search begins with the result, or one that takes all the time."""
    monkeypatch.setattr("matchkit.assign.methods.dense_seconds", lambda _: float("inf"))
    cohort = mk.datasets.cohort(mentors=30, mentees=80, seed=1)
    matching = mk.match(cohort.mentors, cohort.mentees, program=mk.Program(start="2027-01-11"))
    stages: list[str] = []
    true = sparse._auctioned

    def auctioned(*given: Any) -> Any:
        stages.append("auction")
        return true(*given)

    monkeypatch.setattr(sparse, "_auctioned", auctioned)
    first, second = (place.mentor for place in matching.places[:2])
    for change in ({"drop": first}, {"add_places": {second: 1}}, {"lock": ("e001", second)}):
        stages.clear()
        warm = mk.what_if(matching, **change).matching
        assert not stages
        with monkeypatch.context() as patch:
            patch.setattr("matchkit.pipeline.start_from", lambda *_: None)
            cold = mk.what_if(matching, **change).matching
        assert stages
        assert warm.to_json() == cold.to_json()


def test_ids_that_are_numbers() -> None:
    """An error of some library below, for ids that are read as numbers."""
    matching = mk.match([{"id": 1, "skills": "sql"}], [{"id": 2, "goals": "sql"}])
    assert len(mk.what_if(matching, drop=[1]).matching) == 0  # type: ignore[list-item]
    assert len(mk.what_if(matching, drop=1).matching) == 0  # type: ignore[arg-type]
    assert len(mk.what_if(matching, forbid=(2, 1)).matching) == 0  # type: ignore[arg-type]
    more = mk.what_if(matching, add_places={1: 1})  # type: ignore[dict-item]
    assert more.asked == ("1 has 1 more place",)


@pytest.mark.parametrize("count", [1.5, -0.5, float("nan"), 10**20, True, "1"])
def test_places_that_are_no_whole_number(count: Any) -> None:
    """A part of a place, rounded in silence."""
    matching = mk.match(MENTORS, MENTEES, program=PROGRAM)
    with pytest.raises(mk.ProgramError, match="give a whole number"):
        mk.what_if(matching, add_places={"di": count})
    with pytest.raises(mk.ProgramError, match="give numbers by mentor"):
        mk.what_if(matching, add_places="di")  # type: ignore[arg-type]
