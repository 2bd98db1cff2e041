"""Conditions that cannot be met together: each set against every smaller one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import matchkit as mk
from matchkit.conflicting import (
    Conditions,
    Contradiction,
    Relaxation,
    contradictions,
    label,
)
from matchkit.profiles import read_people
from tests.strategies import People, people, round_programs

ROUND = ("team", "level", "skills", "goals", "avoids", "capacity")

MENTORS = [{"id": "di", "skills": "sql", "team": "a"}, {"id": "ed", "skills": "go", "team": "b"}]
MENTEES = [
    {"id": who, "goals": "sql", "team": team} for who, team in zip("xyz", "abc", strict=True)
]


def conditions(mentors: Any, mentees: Any, program: mk.Program) -> Conditions:
    """Return a round whose conditions can be left out."""
    sides = read_people(mentees, role="mentee"), read_people(mentors, role="mentor")
    return Conditions(*sides, program)


def possible(mentors: Any, mentees: Any, program: mk.Program) -> tuple[int, int] | None:
    """Return people matched and points, or None where the conditions can't be met."""
    try:
        done = mk.match(mentors, mentees, program=program).certificate
    except mk.InfeasibleError:
        return None
    return done.matched, done.total


@settings(max_examples=12)
@given(
    st.tuples(people(ROUND, most=3), people(ROUND, least=2, most=4)), round_programs(), st.data()
)
def test_sets_are_the_smallest_and_ways_out_lead_out(
    sides: tuple[People, People], program: mk.Program, data: st.DataObject
) -> None:
    """A coordinator would give up what was not in the way, or find the next conflict behind."""
    mentors, mentees = sides
    pairs = [(mentee["id"], mentor["id"]) for mentee in mentees for mentor in mentors]
    kinds = st.sampled_from([mk.Locked, mk.Locked, mk.Forbidden])
    some = data.draw(st.lists(st.tuples(kinds, st.sampled_from(pairs)), min_size=1, max_size=4))
    constraints = tuple(kind(*pair) for kind, pair in some)
    program = program.model_copy(update={"constraints": constraints})
    known = conditions(*sides, program)
    found = contradictions(known)
    assert bool(found) == (possible(*sides, program) is None)
    by_name = {label(program, one): one for one in known.all}
    given_up = [by_name[clash.relaxations[0].condition] for clash in found]
    assert possible(*sides, known.without(given_up)) is not None
    for at, clash in enumerate(found):
        core = [one for one in known.all if label(program, one) in clash.conditions]
        rest = [one for one in known.all if one not in core]
        assert possible(*sides, known.without(rest)) is None
        for one in core:
            assert possible(*sides, known.without([*rest, one])) is not None
        others = given_up[:at] + given_up[at + 1 :]
        for way in clash.relaxations:
            outcome = possible(*sides, known.without([*others, by_name[way.condition]]))
            assert (outcome or (-1, 0)) == (way.matched, way.total)


def test_conflicts_are_told_apart_and_in_words() -> None:
    """Two conflicts would be told as one, or only the first of them."""
    program = mk.Program(
        criteria=(mk.SkillCoverage(),),
        rules=(mk.Different("team"), mk.NotSelf()),
        constraints=(mk.Forbidden("z", "ed"), mk.Locked("x", "di"), mk.Locked("z", "ed")),
    )
    found = mk.insight.conflicts(MENTORS, MENTEES, program=program)
    assert [clash.conditions for clash in found.rows] == [
        ("Different(team)", "Locked(x, di)"),
        ("Forbidden(z, ed)", "Locked(z, ed)"),
    ]
    assert str(found).splitlines() == [
        (
            "Different(team) and Locked(x, di) can't be met together: Locked(x, di) breaks "
            "Different(team): mentee's team is 'a', mentor's team is 'a'"
        ),
        "cheapest way out: without Locked(x, di), 2 mentees are matched for 1,000,000 points",
        (
            "Forbidden(z, ed) and Locked(z, ed) can't be met together: Locked(z, ed) contradicts "
            "Forbidden for the same pair"
        ),
        "cheapest way out: without Locked(z, ed), 2 mentees are matched for 1,000,000 points",
        "With these 2 ways out together the round can be matched.",
    ]
    frame = found.to_frame()
    assert frame["conflict"].tolist() == [1, 1, 2, 2]
    assert frame["condition"].tolist()[:2] == ["Locked(x, di)", "Different(team)"]


def test_large_rounds_are_told_whom_to_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    """An error of a large round would come after minutes of looking for ways out."""
    monkeypatch.setattr("matchkit.conflicting.TOLD_AT_ONCE", 5)
    program = mk.Program(constraints=(mk.Locked("x", "di"), mk.Locked("y", "di")))
    with pytest.raises(mk.InfeasibleError) as caught:
        mk.match(MENTORS, MENTEES, program=program)
    assert caught.value.lines[-1].startswith("matchkit.insight.conflicts says which rules")


def test_a_lock_that_is_too_weak() -> None:
    """The least score would be left out of the search."""
    program = mk.Program(
        criteria=(mk.SkillCoverage(),), min_score=0.5, constraints=(mk.Locked("x", "ed"),)
    )
    (clash,) = mk.insight.conflicts(MENTORS, MENTEES, program=program).rows
    assert clash.conditions == ("Locked(x, ed)", "min_score(0.5)")


def test_conflicts_score_with_the_taxonomy_of_the_round(tmp_path: Path) -> None:
    """A lock that `match()` with this taxonomy allows would be said to clash."""
    file = tmp_path / "skills.csv"
    file.write_text("id,label,synonyms\n1,glazing,window fitting\n")
    mentors = [{"id": "di", "skills": "glazing:5"}]
    mentees = [{"id": "x", "goals": "window fitting"}]
    program = mk.Program(
        criteria=(mk.SkillCoverage(),), min_score=0.5, constraints=(mk.Locked("x", "di"),)
    )
    assert len(mk.match(mentors, mentees, program=program, taxonomy=file)) == 1
    for taxonomy in (file, mk.Taxonomy.from_csv(file)):
        assert not mk.insight.conflicts(mentors, mentees, program=program, taxonomy=taxonomy).rows
    (clash,) = mk.insight.conflicts(mentors, mentees, program=program).rows
    assert clash.conditions == ("Locked(x, di)", "min_score(0.5)")


def test_nothing_clashes() -> None:
    """A sound program would be blamed."""
    found = mk.insight.conflicts(MENTORS, MENTEES)
    assert found.rows == ()
    assert str(found) == "All rules and constraints can be met together."


def test_a_conflict_of_one() -> None:
    """A condition that can't be met at all would be told to clash with itself."""
    clash = Contradiction(("MinLoad(9)",), ("too few",), (Relaxation("MinLoad(9)", 1, 5),))
    assert str(clash).splitlines() == [
        "MinLoad(9) can't be met: too few",
        "cheapest way out: without MinLoad(9), 1 mentee is matched for 5 points",
    ]
    left = Relaxation("NotSelf", -1, 0)
    assert str(left) == "without NotSelf, another conflict is left"


def test_a_conflict_that_no_condition_has_a_part_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """The search would go on for ever where the program is not to blame."""
    known = conditions(MENTORS, MENTEES, mk.Program())
    monkeypatch.setattr(Conditions, "trouble", lambda _self, _kept: ("the people",))
    with pytest.raises(mk.InfeasibleError, match="the people"):
        contradictions(known)
    with pytest.raises(mk.InternalError, match="not the smallest"):
        known.smallest(known.all)
