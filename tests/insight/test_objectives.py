"""Fair and stable rounds: each answer is about what the round was best in."""

from __future__ import annotations

from typing import Any, Literal

import pytest

import matchkit as mk

Objective = Literal["total", "fair", "stable", "stable_for_mentors"]

MENTORS: list[dict[str, Any]] = [
    {"id": "di", "skills": "sql:4", "capacity": 1},
    {"id": "ed", "skills": "go:4; sql:2", "capacity": 1},
    {"id": "fi", "skills": "go:3", "capacity": 1},
]
MENTEES = [
    {"id": "ana", "goals": "sql", "team": "x"},
    {"id": "bo", "goals": "sql; go", "team": "y"},
    {"id": "cy", "goals": "go", "team": "x"},
    {"id": "dee", "goals": "go; sql", "team": "y"},
]
STABLE: tuple[Objective, ...] = ("stable", "stable_for_mentors")
EVERY: tuple[Objective, ...] = ("total", "fair", *STABLE)


def program(objective: Objective, *constraints: mk.Locked) -> mk.Program:
    """Return a program with an objective."""
    ban = mk.Forbidden("cy", "fi")
    return mk.Program(
        criteria=(mk.SkillCoverage(),),
        rules=(),
        objective=objective,
        constraints=(ban, *constraints),
    )


def worth(matching: mk.Matching) -> tuple[int, int]:
    """Return people and points."""
    return matching.certificate.matched, matching.certificate.total


def less(one: mk.Matching, other: mk.Matching) -> tuple[int, int]:
    """Return how much more one round is worth than another."""
    (people, points), (fewer, rest) = worth(one), worth(other)
    return people - fewer, points - rest


@pytest.mark.parametrize("objective", EVERY)
def test_what_a_ban_costs(objective: Objective) -> None:
    """The cost would be that of a round that was best in something else."""
    matching = mk.match(MENTORS, MENTEES, program=program(objective))
    free = program(objective).model_copy(update={"constraints": ()})
    (row,) = mk.insight.rule_costs(matching).rows
    assert (row.people, row.points) == less(mk.match(MENTORS, MENTEES, program=free), matching)


@pytest.mark.parametrize("objective", STABLE)
def test_stable_rounds_are_solved_again(objective: Objective) -> None:
    """Prices would be told that a stable round does not have."""
    matching = mk.match(MENTORS, MENTEES, program=program(objective))
    assert not matching.priced
    places = mk.insight.places(matching)
    assert places.rounds == 7
    for row in places.rows:
        more = [{**one, "capacity": 1 + (one["id"] == row.mentor)} for one in MENTORS]
        again = mk.match(more, MENTEES, program=program(objective))
        assert row.one_more == less(again, matching)
    found = mk.insight.regrets(matching, most=None)
    assert found.rounds > 1
    for regret in found.rows:
        lock = mk.Locked(regret.mentee, regret.mentor)
        again = mk.match(MENTORS, MENTEES, program=program(objective, lock))
        assert (regret.fewer, regret.points) == less(matching, again)
    assert mk.insight.ties(matching).tied == ()
    assert mk.insight.bottlenecks(matching).short == 1
    change = mk.what_if(matching, drop="ana")
    assert change.matching.program.objective == objective


def test_pairs_that_would_add_points_are_no_bargain() -> None:
    """A stable round would be told to lose by what it would win."""
    rows = (mk.insight.Regret("ana", "di", 0, -500), mk.insight.Regret("bo", "di", 0, 20))
    assert str(mk.insight.Regrets(rows)) == (
        "2 other pairs are possible, 0 of them at no cost. "
        "One of them, ana with di, would add 500 points: points are not what counts."
    )


def test_a_fair_round_is_priced_above_its_worst() -> None:
    """Somebody would be promised a pair that a fair round does not make."""
    matching = mk.match(MENTORS, MENTEES, program=program("fair"))
    worst = matching.certificate.worst
    assert worst is not None
    scores = mk.score(MENTORS, MENTEES, program=program("fair"))
    points = {
        (mentee, mentor): int(scores.points[row, col])
        for row, mentee in enumerate(scores.mentee_ids)
        for col, mentor in enumerate(scores.mentor_ids)
    }
    found = mk.insight.regrets(matching, most=None).rows
    assert found
    assert all(points[row.mentee, row.mentor] >= worst for row in found)
    (left,) = matching.unmatched
    for remedy in mk.explain(matching, left.mentee).remedies:
        assert points[left.mentee, remedy.mentor] >= worst
