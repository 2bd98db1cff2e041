"""Ties: against every best matching there is."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

import matchkit as mk
from matchkit.insight import Standing, Ties
from tests.brute import Brute, pairs_of
from tests.strategies import People, people, round_programs

ROUND = ("team", "level", "skills", "goals", "avoids", "capacity")


@settings(max_examples=25)
@given(st.tuples(people(ROUND, most=4), people(ROUND, most=4)), round_programs())
def test_ties_are_those_of_all_best_matchings(
    sides: tuple[People, People], program: mk.Program
) -> None:
    """Somebody would be told a coin flip was merit, or the other way round."""
    matching = mk.match(*sides, program=program)
    optima = Brute.of(*sides, program).optima
    for row in mk.insight.ties(matching).rows:
        choices = {pairs[row.mentee] for pairs in optima}
        assert (row.how == "tie") == (len(choices) > 1)
        assert set(row.others) == choices - {None, pairs_of(matching)[row.mentee]}


def test_pairs_set_by_hand_are_no_ties() -> None:
    """A choice of the coordinator would be told as chance."""
    program = mk.Program(criteria=(mk.SkillCoverage(),), constraints=(mk.Locked("ana", "di"),))
    mentors = [{"id": "di", "skills": "sql"}, {"id": "gil", "skills": "sql"}]
    matching = mk.match(mentors, [{"id": "ana", "goals": "sql"}], program=program)
    assert mk.insight.ties(matching).rows == (Standing("ana", "di", "by hand"),)


def test_tables_and_words() -> None:
    """Ties would get lost between the answer and its table."""
    rows = (Standing("ana", "di", "tie", ("ed", "gil")), Standing("bo", "ed", "always"))
    found = Ties(rows)
    assert found.tied == rows[:1]
    assert found.to_frame().to_numpy().tolist() == [
        ["ana", "di", "tie", "ed, gil"],
        ["bo", "ed", "always", ""],
    ]
    said = "For 1 of 2 mentees a tie decided between equally good matchings: ana."
    assert str(found) == said
    assert str(Ties(rows[:1] * 14)).endswith("ana, ana and 2 more.")
    assert str(Ties(rows[1:])) == (
        "Every best matching gives every mentee the same: nothing hangs on a tie."
    )


def test_stored_results_know_their_ties() -> None:
    """A saved result would forget what hung on chance."""
    mentors = [{"id": "di", "skills": "sql"}, {"id": "gil", "skills": "sql"}]
    matching = mk.match(mentors, [{"id": "ana", "goals": "sql"}])
    stored = mk.Matching.from_json(matching.to_json())
    (row,) = mk.insight.ties(stored).rows
    assert (row.how, row.others) == ("tie", ())
