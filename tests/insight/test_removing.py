"""What rules cost: what the round without them shows."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import matchkit as mk
from matchkit.insight import RuleCost, RuleCosts
from tests.strategies import People, people, round_programs

ROUND = ("team", "level", "skills", "goals", "avoids", "capacity")


@settings(max_examples=10)
@given(st.tuples(people(ROUND, most=4), people(ROUND, most=4)), round_programs())
def test_rules_cost_what_the_round_without_them_shows(
    sides: tuple[People, People], program: mk.Program
) -> None:
    """A rule would be given up for less than was promised, or kept for nothing."""
    matching = mk.match(*sides, program=program)
    found = {row.rule: row for row in mk.insight.rule_costs(matching).rows}
    assert len(found) == len(program.rules) + bool(program.min_score)
    for rule in program.rules:
        rules = tuple(each for each in program.rules if each != rule)
        other = mk.match(*sides, program=program.model_copy(update={"rules": rules}))
        row = found[rule.name]
        assert row.people == len(other) - len(matching)
        assert row.points == other.certificate.total - matching.certificate.total
        assert row.pairs == dict(matching.record.rules).get(rule.name, 0)


def test_constraints_and_the_least_score_cost_too() -> None:
    """What is set by hand would be taken to be free."""
    mentors = [{"id": "di", "skills": "sql"}, {"id": "ed", "skills": "go"}]
    mentees = [{"id": "ana", "goals": "sql"}, {"id": "bo", "goals": "go"}]
    lock = (mk.Locked("ana", "ed"),)
    program = mk.Program(criteria=(mk.SkillCoverage(),), rules=(), constraints=lock)
    (row,) = mk.insight.rule_costs(mk.match(mentors, mentees, program=program)).rows
    assert row == RuleCost("Locked(ana, ed)", 0, 0, 2_000_000)
    picky = program.model_copy(update={"constraints": (), "min_score": 1.0})
    (row,) = mk.insight.rule_costs(mk.match(mentors, mentees, program=picky)).rows
    assert row.rule == "min_score(1)"
    assert row.pairs > 0


def test_tables_and_words() -> None:
    """A coordinator would not see which rule to talk about, or what it took to find out."""
    rows = (RuleCost("Avoid", 3, 1, 200), RuleCost("NotSelf", 0, 0, 0))
    found = RuleCosts(rows, 1.25)
    assert str(found).splitlines() == [
        "Avoid costs 1 person and 200 points.",
        "1 rule or constraint costs nothing.",
        "Found by solving 2 rounds again, in 1.2 s.",
    ]
    assert found == RuleCosts(rows)
    assert found.to_frame().to_numpy().tolist() == [["Avoid", 3, 1, 200], ["NotSelf", 0, 0, 0]]
    assert str(RuleCosts(rows[1:] * 2)).startswith("2 rules or constraints cost nothing.")
    assert str(RuleCosts(rows[:1])).endswith("1 round again, in 0.0 s.")


def late_round() -> mk.Matching:
    """Return a round that a deadline cut off, and that could be better."""
    skills = ["sql:3", "python:2; go", "java; sql", "go:5; java:4"]
    goals = ["sql", "python; sql", "go; java", "java"]
    mentors = [
        {"id": f"m{i}", "skills": skills[i % 4], "capacity": str(1 + i % 2)} for i in range(6)
    ]
    mentees = [{"id": f"e{i}", "goals": goals[i * 7 % 4]} for i in range(9)]
    matching = mk.match(mentors, mentees, deadline=0)
    assert matching.certificate.status == "deadline"
    assert matching.certificate.gap > 0
    return matching


def test_rules_are_not_to_blame_for_a_deadline() -> None:
    """Rules that are charged with what was not found in time."""
    assert {(row.people, row.points) for row in mk.insight.rule_costs(late_round()).rows} == {
        (0, 0)
    }


def test_what_the_best_would_lose_is_not_told_of_another() -> None:
    """Losses and ties of the best matching, told of one that is not."""
    late = late_round()
    for asked in (mk.insight.regrets, mk.insight.places, mk.insight.ties):
        with pytest.raises(mk.ProgramError, match="a deadline cut this round off"):
            asked(late)
    pairs = {(match.mentee, match.mentor) for match in late.matches}
    told = [
        str(mk.why_not(late, f"e{i}", f"m{j}"))
        for i in range(9)
        for j in range(6)
        if (f"e{i}", f"m{j}") not in pairs
    ]
    assert any("A better matching has this pair: " in text for text in told)
    assert not any("It would leave -" in text for text in told)
