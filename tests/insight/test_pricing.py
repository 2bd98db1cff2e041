"""What every pair would cost: the same as asking for one, and as solving again."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import matchkit as mk
from matchkit.insight import Regret, Regrets
from tests.strategies import People, people, round_programs

ROUND = ("team", "level", "skills", "goals", "prefers", "avoids", "capacity")


@settings(max_examples=15)
@given(st.tuples(people(ROUND, most=4), people(ROUND, most=4)), round_programs())
def test_all_prices_are_those_of_each(sides: tuple[People, People], program: mk.Program) -> None:
    """The list would say something else than the answer for one pair."""
    mentors, mentees = sides
    matching = mk.match(mentors, mentees, program=program)
    found = mk.insight.regrets(matching, most=None)
    told = {(row.mentee, row.mentor): row for row in found.rows}
    for mentee in (who["id"] for who in mentees):
        for mentor in (who["id"] for who in mentors):
            answer = mk.why_not(matching, mentee, mentor)
            assert ((mentee, mentor) in told) == (not answer.matched and not answer.broken)
            if (mentee, mentor) in told:
                row = told[mentee, mentor]
                assert row.points == answer.regret
                assert row.fewer == (answer.fewer if program.coverage == "first" else 0)


ROWS = (
    Regret("ana", "gil", 0, 0),
    Regret("ana", "di", 0, 2_000),
    Regret("bo", "di", 1, -500),
)


def test_tables_and_words() -> None:
    """Rows would get lost between the answer and its tables."""
    found = Regrets(ROWS)
    assert found.of("ana") == ROWS[:2]
    assert found.to_frame().to_numpy().tolist() == [
        ["ana", "gil", 0, 0],
        ["ana", "di", 0, 2_000],
        ["bo", "di", 1, -500],
    ]
    assert found.matrix().to_numpy().tolist()[0] == [2_000, 0]
    assert found.matrix().isna().to_numpy().tolist() == [[False, False], [False, True]]
    assert found.matrix("fewer").at["bo", "di"] == 1
    assert str(found) == (
        "3 other pairs are possible, 1 of them at no cost. "
        "The cheapest of the rest, ana with di, costs 2,000 points."
    )
    assert str(Regrets(())) == "0 other pairs are possible, 0 of them at no cost."
    assert "<td>2000</td>" in found._repr_html_()


def test_how_many() -> None:
    """A number that makes no sense would end in an error from deep within."""
    matching = mk.match([{"id": "di", "skills": "sql"}], [{"id": "ana", "goals": "sql"}])
    with pytest.raises(mk.ProgramError, match="most is 0; give 1 or more"):
        mk.insight.regrets(matching, most=0)
