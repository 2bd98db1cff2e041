"""The next round: what is carried over is kept, explained, and never a silent winner."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import matchkit as mk
from matchkit.errors import InfeasibleError, ProfileError, ProgramError, UnknownPersonError
from matchkit.feedback import Outcomes, simulate_outcomes
from tests.strategies import People, people

MENTORS = [
    {"id": "di", "skills": "sql:4", "capacity": "2"},
    {"id": "gil", "skills": "python:5", "capacity": "2", "min_load": "1"},
    {"id": "hal", "skills": "go:4", "capacity": "1"},
]
MENTEES = [
    {"id": "ana", "goals": "python"},
    {"id": "bo", "goals": "sql"},
    {"id": "cy", "goals": "sql"},
    {"id": "dot", "goals": "go"},
    {"id": "eli", "goals": "python"},
    {"id": "fay", "goals": "go"},
]
PROGRAM = mk.Program(criteria=(mk.SkillCoverage(weight=1),))


@pytest.fixture(scope="module")
def last() -> mk.Matching:
    """Return a round that leaves dot or fay without a mentor."""
    return mk.match(MENTORS, MENTEES, program=PROGRAM)


def pairs(matching: mk.Matching) -> set[tuple[str, str]]:
    """Return who is with whom."""
    return {(match.mentee, match.mentor) for match in matching}


def test_nothing_is_repeated_unless_asked(last: mk.Matching) -> None:
    """People would get last year's mentor again."""
    coming = mk.next_round(last, mentors=MENTORS, mentees=MENTEES)
    assert not pairs(mk.match(**coming.arguments)) & pairs(last)
    again = mk.next_round(
        last, mentors=MENTORS, mentees=MENTEES, carry=mk.Carry(repeat=True, first=False)
    )
    assert pairs(mk.match(**again.arguments)) == pairs(last)
    assert again.notes == ()
    locked = mk.Program(constraints=(mk.Locked("ana", "gil"),))
    asked = mk.next_round(last, mentors=MENTORS, mentees=MENTEES, program=locked)
    assert mk.match(**asked.arguments)["ana"].mentor == "gil"


def test_who_was_left_out_comes_first(last: mk.Matching) -> None:
    """The same people would wait for years."""
    left = last.unmatched[0].mentee
    assert left in {"dot", "fay"}
    small = [mentor | {"capacity": "1"} for mentor in MENTORS]
    coming = mk.next_round(last, mentors=small, mentees=MENTEES)
    assert coming.program.priority == (left,)
    assert left in mk.match(**coming.arguments)
    second = mk.match(**coming.arguments)
    third = mk.next_round([last, second], mentors=small, mentees=MENTEES)
    assert set(third.program.priority) == {left, *(one.mentee for one in second.unmatched)}
    without = mk.next_round(last, mentors=small, mentees=MENTEES, carry=mk.Carry(first=False))
    assert without.program.priority == ()


def test_nobody_comes_first_where_that_cannot_count(last: mk.Matching) -> None:
    """The next round of a fair programme would be refused because of its own preparation."""
    fair = PROGRAM.model_copy(update={"objective": "fair"})
    coming = mk.next_round(last, mentors=MENTORS, mentees=MENTEES, program=fair)
    assert coming.program.priority == ()
    assert "1 mentee without a mentor last time cannot come first" in str(coming)
    assert mk.verify(mk.match(**coming.arguments)) == ()


def test_pairs_that_want_to_go_on_do(last: mk.Matching) -> None:
    """A good pair would be torn apart by the next round."""
    told = mk.read_outcomes([{"mentee": "ana", "continues": "yes"}, {"mentee": "bo"}], last)
    carry = mk.Carry(going_on=(("bo", "di"),))
    coming = mk.next_round(last, told, mentors=MENTORS, mentees=MENTEES, carry=carry)
    matching = mk.match(**coming.arguments)
    assert (matching["ana"].mentor, matching["bo"].mentor) == ("gil", "di")
    assert matching["ana"].locked
    assert "2 pairs go on: ana with gil, bo with di" in str(coming)
    away = mk.next_round(last, told, mentors=MENTORS, mentees=MENTEES[1:])
    assert "1 pair wants to go on, but is not here any more: ana with gil" in away.notes
    full = [*MENTORS[:1], MENTORS[1] | {"capacity": "0", "min_load": "0"}, MENTORS[2]]
    none_left = mk.next_round(last, told, mentors=full, mentees=MENTEES)
    with pytest.raises(InfeasibleError, match="gil has 0 places and 1 locked"):
        mk.match(**none_left.arguments)


def test_mentors_who_did_enough_get_fewer(last: mk.Matching) -> None:
    """The willing would carry every round until they leave."""
    told = mk.read_outcomes([{"mentee": "ana", "continues": "yes"}], last)
    carry = mk.Carry(most_mentees=2)
    coming = mk.next_round(last, told, mentors=MENTORS, mentees=MENTEES, carry=carry)
    frame = coming.to_frame().set_index("mentor")
    assert frame["mentees"].to_dict() == {"di": 2, "gil": 2, "hal": 1}
    assert frame["rounds"].to_dict() == {"di": 1, "gil": 1, "hal": 1}
    # Who goes on is one of the two whom gil had already.
    assert frame["places"].to_dict() == {"di": 0, "gil": 1, "hal": 1}
    assert "2 mentors did much and offer fewer places: di 0 of 2, gil 1 of 2" in coming.notes
    assert frame["offered"].to_dict() == {"di": 2, "gil": 2, "hal": 1}
    matching = mk.match(**coming.arguments)
    assert {place.mentor: place.capacity for place in matching.places} == {
        "di": 0, "gil": 1, "hal": 1,
    }  # fmt: skip
    assert any("the workload of past rounds counts" in str(f) for f in matching.record.findings)
    again = mk.Matching.from_json(
        matching.to_json(),
        mentors=coming.mentors.to_records(),
        mentees=coming.mentees.to_records(),
    )
    assert mk.verify(again) == ()


def test_constraints_of_people_who_left_are_dropped_and_said() -> None:
    """A program of last year would stop this year's round, or lose a rule in silence."""
    program = PROGRAM.model_copy(
        update={
            "constraints": (mk.Locked("ana", "di"), mk.Forbidden("bo", "gil"),
                            mk.Forbidden("cy", "hal")),
            "priority": ("bo", "cy"),
        }
    )  # fmt: skip
    last = mk.match(MENTORS, MENTEES, program=program)
    here = [mentee for mentee in MENTEES if mentee["id"] != "cy"]
    coming = mk.next_round(last, mentors=MENTORS, mentees=here)
    assert mk.Forbidden("bo", "gil") in coming.program.constraints
    assert mk.Forbidden("ana", "di") in coming.program.constraints
    assert not any(isinstance(each, mk.Locked) for each in coming.program.constraints)
    said = str(coming)
    assert "1 lock was for the last round only: ana with di" in said
    assert "1 forbidden pair is not in this round any more: cy with hal" in said
    assert "1 mentee of the priority is not in this round: cy" in said
    assert coming.program.priority[0] == "bo"
    mk.match(**coming.arguments)


def test_many_are_counted_and_some_named() -> None:
    """A note would run over pages."""
    mentors, mentees = mk.datasets.cohort(10, 20)
    last = mk.match(mentors, mentees, program=PROGRAM)
    coming = mk.next_round(last, mentors=mentors, mentees=mentees)
    assert f"and {len(last) - 5} more" in str(coming)


@settings(max_examples=40)
@given(data=st.data(), mentors=people(("skills", "capacity")), mentees=people(("goals",), least=2))
def test_every_promise_holds_at_once(data: st.DataObject, mentors: People, mentees: People) -> None:
    """One thing that is carried over would undo another."""
    rounds = [mk.match(mentors, mentees, program=PROGRAM)]
    for _ in range(2):
        told = simulate_outcomes(rounds[-1], seed=data.draw(st.integers(0, 99)), strength=20)
        coming = mk.next_round(rounds, told, mentors=mentors, mentees=mentees)
        now = mk.match(**coming.arguments)
        going_on = {(each.mentee, each.mentor) for each in told if each.continues}
        past = set().union(*map(pairs, rounds))
        assert pairs(now) & past == going_on
        waiting = {one.mentee for one in rounds[-1].unmatched}
        assert set(coming.program.priority) >= waiting
        assert mk.verify(now) == ()
        rounds.append(now)


@pytest.mark.parametrize(
    ("previous", "message"),
    [([], "or several"), (["x"], "or several"), (7, "is of type int")],
)
def test_rounds_that_are_none(previous: Any, message: str) -> None:
    """A mistake in the call would show deep inside, or not at all."""
    with pytest.raises(ProgramError, match=message):
        mk.next_round(previous, mentors=MENTORS, mentees=MENTEES)


def test_people_who_are_not_there(last: mk.Matching) -> None:
    """A misspelled pair would not go on, and nobody would know."""
    carry = mk.Carry(going_on=(("anna", "gil"), ("bo", "dii")))
    with pytest.raises(UnknownPersonError) as caught:
        mk.next_round(last, mentors=MENTORS, mentees=MENTEES, carry=carry)
    assert len(caught.value.lines) == 2
    with pytest.raises(ProfileError):
        mk.next_round(last, mentors=[{"id": "", "skills": "sql"}], mentees=MENTEES)
    strange = mk.read_outcomes([{"mentee": "x", "mentor": "y"}])
    with pytest.raises(ProgramError, match="is no pair of this round"):
        mk.next_round(last, strange, mentors=MENTORS, mentees=MENTEES)
    assert mk.next_round(last, Outcomes(()), mentors=MENTORS, mentees=MENTEES).notes
