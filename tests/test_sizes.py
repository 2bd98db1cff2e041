"""Large rounds are scored block by block, small ones held as tables: nobody may see which."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

import matchkit as mk
from matchkit import rounds
from tests.strategies import People, people, round_programs


def result(mentors: People, mentees: People, program: mk.Program, held: int) -> str:
    """Return the result of a round, with another size up to which tables are held."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rounds, "HELD_PAIRS", held)
        try:
            matching = mk.match(mentors, mentees, program=program)
            assert mk.verify(matching) == ()
        except mk.InfeasibleError as error:
            return str(error)
        return matching.to_json()


@settings(max_examples=40)
@given(people(), people(), round_programs())
def test_size_changes_no_byte(mentors: People, mentees: People, program: mk.Program) -> None:
    """A round that grows past a limit would be matched, ranked or explained differently."""
    assert result(mentors, mentees, program, 0) == result(mentors, mentees, program, 10**9)


def test_forced_pairs_cost_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """why_not would price a pair of a large round wrongly."""
    cohort = mk.datasets.cohort(8, 20)
    program = mk.Program(start="2027-01-11", min_score=0.1)
    told = []
    for held in (0, 10**9):
        monkeypatch.setattr(rounds, "HELD_PAIRS", held)
        matching = mk.match(cohort.mentors, cohort.mentees, program=program)
        pairs = [(one.mentee, place.mentor) for one in matching.everyone for place in matching.idle]
        told.append([str(mk.why_not(matching, *pair)) for pair in pairs[:10]])
    assert told[0] == told[1]
