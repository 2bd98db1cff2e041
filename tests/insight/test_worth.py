"""What places are worth: the differences that other rounds show."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

import matchkit as mk
from matchkit.insight import PlaceValue, PlaceValues
from tests.strategies import People, people, round_programs

ROUND = ("team", "level", "skills", "goals", "avoids", "capacity")


def worth(mentors: list[dict[str, Any]], mentees: People, program: mk.Program) -> tuple[int, int]:
    """Return what the best matching of a round is worth, people first unless points decide."""
    done = mk.match(mentors, mentees, program=program).certificate
    return (done.matched if program.coverage == "first" else 0), done.total


@settings(max_examples=12)
@given(st.tuples(people(ROUND, most=4), people(ROUND, most=4)), round_programs())
def test_places_are_worth_what_other_rounds_show(
    sides: tuple[People, People], program: mk.Program
) -> None:
    """Prices would be told as differences though they are not."""
    mentors, mentees = sides
    best = worth(mentors, mentees, program)
    for row in mk.insight.places(mk.match(mentors, mentees, program=program)).rows:

        def changed(by: int, who: str = row.mentor, now: int = row.capacity) -> tuple[int, int]:
            other = [{**one, "capacity": now + by} if one["id"] == who else one for one in mentors]
            return worth(other, mentees, program)

        more = changed(1)
        assert row.one_more == (more[0] - best[0], more[1] - best[1])
        assert (row.one_fewer is None) == (row.capacity == 0)
        if row.one_fewer is not None:
            fewer = changed(-1)
            assert row.one_fewer == (best[0] - fewer[0], best[1] - fewer[1])


def test_places_of_locked_pairs_cannot_be_lost() -> None:
    """A place that a pair set by hand needs would get a price."""
    program = mk.Program(criteria=(mk.SkillCoverage(),), constraints=(mk.Locked("ana", "di"),))
    mentors = [{"id": "di", "skills": "sql"}, {"id": "gil", "skills": "go", "capacity": 7}]
    matching = mk.match(mentors, [{"id": "ana", "goals": "go"}], program=program)
    found = {row.mentor: row.one_fewer for row in mk.insight.places(matching).rows}
    assert found == {"di": None, "gil": (0, 0)}


def test_tables_and_words() -> None:
    """The most wanted place would not be found."""
    rows = (PlaceValue("di", 1, 1, (1, 900), (1, 900)), PlaceValue("gil", 0, 0, (0, 0), None))
    found = PlaceValues(rows)
    assert str(found) == "One more place with di is worth most: 1 person and 900 points."
    assert str(PlaceValues(rows[1:])) == "No further place with anybody would add anything."
    frame = found.to_frame()
    assert frame.iloc[0].tolist() == ["di", 1, 1, 1, 900, 1, 900]
    assert frame.isna().sum().sum() == 2
    assert "and 1 more" in PlaceValues(rows[1:] * 21)._repr_html_()
