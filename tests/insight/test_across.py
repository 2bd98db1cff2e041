"""Rounds with constraints across pairs: answers by solving again, against every matching."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import matchkit as mk
from tests.brute import Brute, Pairs, Worth, pairs_of
from tests.strategies import People, people

ROUND = ("team", "skills", "goals", "capacity")
LIMIT = mk.MaxPerMentor(same="team", at_most=1)
PROGRAM = mk.Program(criteria=(mk.SkillCoverage(),), rules=(), constraints=(LIMIT,))


def kept(brute: Brute, team: dict[str, str], **more: int) -> Iterator[Pairs]:
    """Yield every matching in which no mentor has two of one team."""
    for pairs in brute.matchings(**more):
        of_team = Counter(
            (mentor, team[who]) for who, mentor in pairs.items() if mentor and team[who]
        )
        if max(of_team.values(), default=0) <= 1:
            yield pairs


def cost(best: Worth, other: Worth) -> Worth:
    """Return what is lost."""
    return best[0] - other[0], best[1] - other[1]


@settings(max_examples=10)
@given(st.tuples(people(ROUND, most=3), people(ROUND, least=2, most=3)))
def test_answers_are_those_of_every_matching(sides: tuple[People, People]) -> None:
    """Prices that prove a bound only would be told as what a place or a pair is worth."""
    mentors, mentees = sides
    matching = mk.match(mentors, mentees, program=PROGRAM)
    brute = Brute.of(mentors, mentees, PROGRAM)
    team = {one["id"]: one["team"].strip().casefold() for one in mentees}
    best = max(brute.worth(pairs) for pairs in kept(brute, team))
    optima = [pairs for pairs in kept(brute, team) if brute.worth(pairs) == best]
    for row in mk.insight.places(matching).rows:
        more = max(brute.worth(pairs) for pairs in kept(brute, team, **{row.mentor: 1}))
        assert row.one_more == cost(more, best)
        if row.one_fewer is not None:
            fewer = max(brute.worth(pairs) for pairs in kept(brute, team, **{row.mentor: -1}))
            assert row.one_fewer == cost(best, fewer)
    before, found = pairs_of(matching), mk.insight.regrets(matching, most=None)
    assert {(row.mentee, row.mentor) for row in found.rows} == {
        (mentee, mentor)
        for pairs in kept(brute, team)
        for mentee, mentor in pairs.items()
        if mentor and before[mentee] != mentor
    }
    for regret in found.rows:
        held = [p for p in kept(brute, team) if p[regret.mentee] == regret.mentor]
        lost = cost(best, max(brute.worth(pairs) for pairs in held))
        assert (regret.fewer, regret.points) == lost
        answer = mk.why_not(matching, regret.mentee, regret.mentor)
        assert (answer.fewer, answer.regret) == lost
    for standing in mk.insight.ties(matching).rows:
        choices = {pairs[standing.mentee] for pairs in optima}
        assert (standing.how == "tie") == (len(choices) > 1)


MENTORS: list[dict[str, Any]] = [
    {"id": "di", "skills": "sql:4", "capacity": 2},
    {"id": "ed", "skills": "go:4"},
]
MENTEES = [
    {"id": "ana", "goals": "sql", "team": "x"},
    {"id": "bo", "goals": "sql", "team": "x"},
    {"id": "cy", "goals": "sql", "team": "y"},
    {"id": "dan", "goals": "go", "team": "x"},
]


@pytest.fixture(name="matching", scope="module")
def _matching() -> mk.Matching:
    return mk.match(MENTORS, MENTEES, program=PROGRAM)


def test_every_answer_says_that_it_solved_again(matching: mk.Matching) -> None:
    """Nobody would know why the answer takes longer here, nor how long."""
    asked = mk.insight.regrets(matching, mentees=["ana"])
    assert {row.mentee for row in asked.rows} == {"ana"}
    for answer, rounds in (
        (mk.insight.places(matching), "5 rounds"),
        (mk.insight.ties(matching), "5 rounds"),
        (asked, f"{asked.rounds} rounds"),
        (mk.insight.rule_costs(matching), "1 round"),
    ):
        assert f"Found by solving {rounds} again, in " in str(answer)
    left = matching.unmatched[0].mentee
    why = mk.why_not(matching, left, "ed")
    assert why.seconds is not None
    assert "Found by solving 1 round again, in " in str(why)
    assert why == mk.why_not(matching, left, "ed")


def test_explanations_leave_out_what_no_price_tells(matching: mk.Matching) -> None:
    """A bound would be told as what a place would bring others."""
    assert not matching.priced
    told = mk.explain(matching, matching.matches[0].mentee)
    assert told.place is None
    assert "Every best matching" not in str(told)
    (left,) = matching.unmatched
    alone = mk.explain(matching, left.mentee)
    assert alone.nearest
    assert alone.remedies == ()


def test_what_a_constraint_costs(matching: mk.Matching) -> None:
    """A constraint would be told to be free."""
    (row,) = mk.insight.rule_costs(matching).rows
    free = mk.match(MENTORS, MENTEES, program=PROGRAM.model_copy(update={"constraints": ()}))
    assert row.rule == "MaxPerMentor(team) at most 1"
    assert row.people == len(free) - len(matching)
    assert row.points == free.certificate.total - matching.certificate.total


def test_constraints_that_clash_with_rules_are_named() -> None:
    """The quota would be blamed alone, though it is a rule that makes it impossible."""
    program = mk.Program(
        criteria=(mk.SkillCoverage(),),
        rules=(mk.Different("team"), mk.NotSelf()),
        constraints=(mk.GroupCoverage(column="team", value="x", at_least=1.0), mk.MinLoad(0)),
    )
    mentors = [{"id": "di", "skills": "sql", "team": "x", "capacity": 4}]
    (clash,) = mk.insight.conflicts(mentors, MENTEES, program=program).rows
    assert clash.conditions == ("Different(team)", "GroupCoverage(team x) at least 1.0")
    assert [way.matched for way in clash.relaxations] == [4, 1]


def test_whom_to_recruit_under_constraints(matching: mk.Matching) -> None:
    """Advice would be lost as soon as a programme has constraints."""
    (best, *_) = mk.insight.shortages(matching).recruits
    assert best.people == 1


def test_pairs_that_constraints_leave_no_room_for() -> None:
    """A pair would be priced that can't be made, or be called free of charge."""
    load = mk.MinLoad(1)
    program = mk.Program(criteria=(mk.SkillCoverage(),), rules=(), constraints=(load,))
    mentors = [{"id": "di", "skills": "sql"}, {"id": "ed", "skills": "go", "capacity": 2}]
    mentees = [{"id": "ana", "goals": "sql"}, {"id": "bo", "goals": "go"}]
    program = program.model_copy(update={"constraints": (load, mk.Locked("ana", "di"))})
    matching = mk.match(mentors, mentees, program=program)
    assert [row.how for row in mk.insight.ties(matching).rows] == ["by hand", "always"]
    free = program.model_copy(update={"constraints": (load, mk.Forbidden("bo", "di"))})
    answer = mk.why_not(mk.match(mentors, mentees, program=free), "ana", "ed")
    (broken,) = answer.broken
    assert broken == ("MinLoad(1)", "the pair cannot be made without breaking one of them")
    assert answer.moves == ()
