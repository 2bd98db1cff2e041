"""What would help somebody without a mentor: exactly what other rounds show."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

import matchkit as mk
from matchkit.assign import Problem, solve
from matchkit.remedies import Nearest, came_close
from matchkit.rounds import Round
from tests.strategies import People, people, round_programs

ROUND = ("team", "level", "skills", "goals", "avoids", "capacity")


def allowing(round_: Round, mentee: str, mentor: str) -> tuple[int, int]:
    """Return what a round is worth in which one more pair is allowed."""
    eligible = round_.problem.eligible.copy()
    eligible[round_.row(mentee), round_.column(mentor)] = True
    done = solve(
        Problem(
            round_.problem.points,
            capacity=round_.problem.capacity,
            eligible=eligible,
            coverage=round_.problem.coverage,
        )
    )
    return (done.matched if round_.program.coverage == "first" else 0), done.total


@settings(max_examples=40)
@given(
    st.tuples(people(ROUND, most=5), people(ROUND, least=2, most=5)), round_programs(), st.data()
)
def test_remedies_add_what_they_say(
    sides: tuple[People, People], program: mk.Program, data: st.DataObject
) -> None:
    """A coordinator would bend a rule for less than was promised."""
    matching = mk.match(*sides, program=program)
    if not matching.unmatched:
        return
    mentee = data.draw(st.sampled_from([one.mentee for one in matching.unmatched]))
    near, remedies = came_close(matching, mentee)
    done = matching.certificate
    best = (done.matched if program.coverage == "first" else 0), done.total
    places = {place.mentor: place for place in matching.places}
    for remedy in remedies:
        adds = remedy.people, remedy.points
        assert adds > (0, 0)
        if remedy.change.startswith("allow"):
            other = allowing(matching.people, mentee, remedy.mentor)
            assert adds == (other[0] - best[0], other[1] - best[1])
        else:
            assert adds == places[remedy.mentor].one_more
    for one in near:
        broken = dict(mk.why_not(matching, mentee, one.mentor).broken)
        assert {rule for rule, _ in one.lacks if rule != "capacity"} == set(broken)
        assert ("capacity" in dict(one.lacks)) == (places[one.mentor].left == 0)


def test_ban_and_rule_are_both_told() -> None:
    """Who waives a rule would find the ban behind it."""
    program = mk.Program(
        criteria=(mk.SkillCoverage(),),
        rules=(mk.Different("team"),),
        constraints=(mk.Forbidden("ana", "di"),),
    )
    mentors = [{"id": "di", "skills": "sql", "team": "a", "capacity": 2}]
    matching = mk.match(mentors, [{"id": "ana", "goals": "sql", "team": "a"}], program=program)
    near, remedies = came_close(matching, "ana")
    assert [rule for rule, _ in near[0].lacks] == ["Different(team)", "Forbidden"]
    assert [str(remedy) for remedy in remedies] == [
        "allow di in spite of Different(team) and Forbidden: adds 1 person and 1,000,000 points"
    ]


def test_no_place_anywhere() -> None:
    """A round without places would break the search for what is near."""
    matching = mk.match([{"id": "di", "skills": "sql", "capacity": 0}], [{"id": "a", "goals": "x"}])
    assert came_close(matching, "a") == ((), ())


def test_a_mentor_whom_nothing_of_the_pair_rules_out() -> None:
    """The reason would be left blank."""
    said = str(Nearest("di", 1_000, ()))
    assert said == "di, 1,000 points: a condition on the matching as a whole keeps them apart"
