"""match(): against every matching there is, at the edges, and with wrong input."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import matchkit as mk
from matchkit.matching import Unmatched
from tests.brute import Brute, capacities, pairs_of
from tests.strategies import START, People, people, round_programs

ROUND = ("team", "level", "skills", "goals", "interests", "prefers", "avoids", "capacity")
"""Enough columns to differ by, few enough to have many equals."""

rounds = st.tuples(people(ROUND, most=4), people(ROUND, most=4), round_programs())


@settings(max_examples=60)
@given(rounds)
def test_the_best_of_all_matchings(given_: tuple[People, People, mk.Program]) -> None:
    """A better matching would exist than the one that is called optimal."""
    mentors, mentees, program = given_
    matching = mk.match(mentors, mentees, program=program)
    brute = Brute.of(mentors, mentees, program)
    pairs = pairs_of(matching)
    assert pairs in brute.optima
    assert len(matching) == max(sum(map(bool, other.values())) for other in brute.optima)
    people, points = brute.best()
    done = matching.certificate
    assert (done.status, done.total, done.bound, done.gap) == ("optimal", points, points, 0)
    assert done.matched == len(matching)
    if program.coverage == "first":
        assert done.matched == done.matched_bound == people
    assert mk.verify(matching) == ()


@settings(max_examples=40)
@given(rounds)
def test_what_is_said_of_each_person_is_true(given_: tuple[People, People, mk.Program]) -> None:
    """Rank, runner-up, ties and the number of possible mentors would mislead a coordinator."""
    mentors, mentees, program = given_
    matching = mk.match(mentors, mentees, program=program)
    brute = Brute.of(mentors, mentees, program)
    for match in matching:
        offering = {who for who, places in brute.capacity.items() if places}
        options = {
            mentor: points
            for mentor, points in brute.options(match.mentee).items()
            if mentor in offering
        }
        assert match.points == options.pop(match.mentor) == sum(part.points for part in match.parts)
        assert match.eligible == 1 + len(options)
        assert match.rank == 1 + sum(points > match.points for points in options.values())
        assert match.runner_up_points == max(options.values(), default=0)
        assert options.get(match.runner_up, 0) == match.runner_up_points
        assert bool(match.runner_up) == bool(options)
    pairs = pairs_of(matching)
    for one in matching.everyone:
        others = {other[one.mentee] for other in brute.optima}
        assert one.tied == (len(others) > 1), one
        assert pairs[one.mentee] in others


@settings(max_examples=40)
@given(rounds)
def test_what_a_place_is_worth_is_true(given_: tuple[People, People, mk.Program]) -> None:
    """A programme would recruit where it gains nothing."""
    mentors, mentees, program = given_
    matching = mk.match(mentors, mentees, program=program)
    brute = Brute.of(mentors, mentees, program)
    people, points = brute.best()
    for place in matching.places:
        more = brute.best(**{place.mentor: 1})
        assert place.one_more == (more[0] - people, more[1] - points)
        assert place.taken == sum(match.mentor == place.mentor for match in matching)
        if 0 < place.capacity <= len(mentees):
            fewer = brute.best(**{place.mentor: -1})
            assert place.one_fewer == (people - fewer[0], points - fewer[1])


@settings(max_examples=40)
@given(people(ROUND, most=3), people(ROUND, least=2), round_programs())
def test_reasons_and_remedies_are_true(
    mentors: People, mentees: People, program: mk.Program
) -> None:
    """A coordinator would change what does not help, or be told of rules that removed nobody."""
    matching = mk.match(mentors, mentees, program=program)
    if not matching.unmatched:
        return
    removals = removed_by_rule(mentors, mentees, program)
    for one in matching.unmatched:
        removed = removals[one.mentee]
        assert dict(one.blocking) == {rule: len(ids) for rule, ids in removed.items() if ids}
        counts = [count for _, count in one.blocking]
        assert counts == sorted(counts, reverse=True)
        eligible = len(mentors) - len(set().union(*removed.values()))
        assert one.eligible == eligible
        assert one.reason == ("places_ran_out" if eligible else "no_eligible_mentor")
        assert one.explanation in str(one)
        check_remedy(one, matching, (mentors, mentees), removed)


def removed_by_rule(
    mentors: People, mentees: People, program: mk.Program
) -> dict[str, dict[str, set[str]]]:
    """Return the mentors that each rule by itself takes from each mentee."""
    alone = {rule.name: program.model_copy(update={"rules": (rule,), "min_score": 0.0})
             for rule in program.rules}  # fmt: skip
    alone["min_score"] = program.model_copy(update={"rules": ()})
    found: dict[str, dict[str, set[str]]] = {who["id"]: {} for who in mentees}
    for name, only in alone.items():
        scores = mk.score(mentors, mentees, program=only)
        for mentee, row in zip(scores.mentee_ids, scores.eligible.tolist(), strict=True):
            ids = zip(scores.mentor_ids, row, strict=True)
            found[mentee][name] = {who for who, allowed in ids if not allowed}
    return found


def check_remedy(
    one: Unmatched,
    matching: mk.Matching,
    sides: tuple[People, People],
    removed: dict[str, set[str]],
) -> None:
    """Do what a remedy proposes, and see whether it helps as said."""
    mentors, mentees = sides
    done = matching.certificate
    offering = {who for who, places in capacities(mentors).items() if places}
    if place := re.fullmatch(
        r"One more place with (.+) would (match one more person|be worth ([\d,]+) points.*)\.",
        one.remedy,
    ):
        more = with_one_more(mentors, place[1])
        again = mk.match(more, mentees, program=matching.program).certificate
        if place[3]:
            assert again.total == done.total + int(place[3].replace(",", ""))
        else:
            assert again.matched == done.matched + 1
    elif rule := re.fullmatch(r"Without (.+), (\d+) mentors? would be possible\.", one.remedy):
        others = set().union(*(ids for name, ids in removed.items() if name != rule[1]))
        assert len(offering - others) == int(rule[2]) > 0
    elif one.remedy == "Recruit mentors.":
        assert not offering
    else:
        assert one.remedy.startswith("Every mentor with a place breaks at least two rules")
        for who in offering:
            assert sum(who in ids for ids in removed.values()) >= 2


def with_one_more(mentors: People, mentor: str) -> People:
    """Give one mentor one more place."""
    places = capacities(mentors)
    return [{**who, "capacity": str(places[who["id"]] + (who["id"] == mentor))} for who in mentors]


@settings(max_examples=40)
@given(rounds, st.data())
def test_locks_and_bans_are_kept(
    given_: tuple[People, People, mk.Program], data: st.DataObject
) -> None:
    """A pair set by hand would be matched otherwise, or a conflict won in silence."""
    mentors, mentees, program = given_
    pairs = [(mentee["id"], mentor["id"]) for mentee in mentees for mentor in mentors]
    some = data.draw(st.lists(st.sampled_from(pairs), max_size=3))
    kinds = [data.draw(st.sampled_from([mk.Locked, mk.Forbidden])) for _ in some]
    constraints = tuple(kind(*pair) for kind, pair in zip(kinds, some, strict=True))
    program = program.model_copy(update={"constraints": constraints})
    free = Brute.of(mentors, mentees, program.model_copy(update={"constraints": ()}))
    locked = {(each.mentee, each.mentor) for each in program.locked}
    banned = {(each.mentee, each.mentor) for each in program.forbidden}
    possible = locked <= free.points.keys() - banned and any(
        locked <= set(pairs.items()) for pairs in free.matchings()
    )
    if not possible:
        with pytest.raises(mk.InfeasibleError):
            mk.match(mentors, mentees, program=program)
        return
    matching = mk.match(mentors, mentees, program=program)
    assert {(match.mentee, match.mentor) for match in matching if match.locked} == locked
    assert not banned & {(match.mentee, match.mentor) for match in matching}
    assert pairs_of(matching) in Brute.of(mentors, mentees, program).optima
    assert mk.verify(matching) == ()


# Edges --------------------------------------------------------------------------------------------

MENTORS = [{"id": "di", "skills": "sql:4", "team": "a"}, {"id": "gil", "skills": "go:4"}]
MENTEES = [{"id": "ana", "goals": "sql", "team": "a"}, {"id": "bo", "goals": "go"}]


def warnings(matching: mk.Matching) -> list[str]:
    """Return what a coordinator must not miss."""
    return [each.message for each in matching.record.findings if each.severity == "warning"]


@pytest.mark.parametrize(
    ("mentors", "mentees", "said"),
    [
        ([], MENTEES, "nobody could be matched: there is no mentor"),
        ([{"id": "di", "capacity": 0}], MENTEES, "nobody could be matched: no mentor offers"),
        ([{"id": "di", "team": "a"}], [{"id": "ana", "team": "a"}],
         "nobody could be matched: no pair meets every rule"),
    ],
)  # fmt: skip
def test_nobody_matched_is_a_loud_result(mentors: Any, mentees: Any, said: str) -> None:
    """A round without a single match would look like any other."""
    program = mk.Program(criteria=(mk.SkillCoverage(),), rules=(mk.Different("team"),))
    matching = mk.match(mentors, mentees, program=program)
    assert len(matching) == 0
    assert [one.mentee for one in matching.unmatched] == [who["id"] for who in mentees]
    assert any(line.startswith(said) for line in warnings(matching))
    assert matching.certificate == mk.Certificate("optimal", 0, 0, 0, 0, 0.0)
    assert mk.verify(matching) == ()
    assert mk.Matching.from_json(matching.to_json()).to_json() == matching.to_json()
    assert "0 of" in matching.summary()


@pytest.mark.parametrize("mentors", [[], MENTORS])
def test_no_mentee_is_an_empty_result(mentors: Any) -> None:
    """A file with headings only would fail somewhere inside."""
    matching = mk.match(mentors, [])
    assert (len(matching), matching.unmatched) == (0, ())
    assert [place.left for place in matching.idle] == [1] * len(mentors)
    assert not any("nobody could be matched" in line for line in warnings(matching))
    assert mk.verify(matching) == ()
    again = mk.Matching.from_json(matching.to_json(), mentors=mentors, mentees=[])
    assert len(again.people.mentors) == len(mentors)
    assert len(matching.to_frame()) == 0


def test_one_of_each() -> None:
    """The smallest round would fail."""
    (match,) = mk.match(MENTORS[:1], MENTEES[:1])
    assert (match.mentee, match.mentor, match.rank, match.runner_up) == ("ana", "di", 1, "")


def test_all_pairs_forbidden() -> None:
    """A round forbidden by hand would fail instead of being told."""
    bans = tuple(
        mk.Forbidden(mentee["id"], mentor["id"]) for mentee in MENTEES for mentor in MENTORS
    )
    matching = mk.match(MENTORS, MENTEES, program=mk.Program(constraints=bans))
    assert [one.reason for one in matching.unmatched] == ["no_eligible_mentor"] * 2
    assert matching.unmatched[0].blocking == (("Forbidden", 2),)
    assert matching.unmatched[0].remedy == "Without Forbidden, 2 mentors would be possible."
    assert matching.record.rules == (("NotSelf", 0), ("Forbidden", 4))


def test_places_without_points_are_still_places() -> None:
    """Where only points count, a person without points would be told to lower min_score."""
    program = mk.Program(criteria=(mk.SkillCoverage(),), coverage="score")
    mentees = [{"id": "ana", "goals": "law"}, {"id": "bo", "goals": "art"}]
    (one,) = mk.match(MENTORS[:1], mentees, program=program).unmatched
    assert (one.reason, one.remedy) == (
        "places_ran_out",
        "One more place with di would match one more person.",
    )
    assert str(one) == (
        f"{one.mentee} has no mentor: 1 mentor is possible, but no place with them is left. "
        "One more place with di would match one more person."
    )


def test_only_rules_decide_without_criteria() -> None:
    """A round of ids alone would look as if it had been scored."""
    matching = mk.match([{"id": "di"}], [{"id": "ana"}])
    assert matching["ana"].points == 0
    assert any(line.startswith("no criterion applied") for line in warnings(matching))


def test_faults_of_both_files_are_said_together(tmp_path: Path) -> None:
    """A coordinator would mend one file and then read of the other."""
    first, second = tmp_path / "mentors.csv", tmp_path / "mentees.csv"
    first.write_text("id,capacity\ndi,many\ndi,2\n")
    second.write_text("id,timezone\nana,Mars\n")
    with pytest.raises(mk.ProfileError) as caught:
        mk.match(first, second)
    assert [(f.source, f.row, f.column) for f in caught.value.findings] == [
        ("mentors.csv", 2, "capacity"), ("mentors.csv", 3, "id"), ("mentees.csv", 2, "timezone"),
    ]  # fmt: skip


def test_unknown_people_in_constraints_are_named_together() -> None:
    """A lock on a misspelled id would be ignored, or found one at a time."""
    constraints = (mk.Locked("anna", "di"), mk.Forbidden("bo", "gill"), mk.Locked("ana", "di"))
    with pytest.raises(mk.UnknownPersonError) as caught:
        mk.match(MENTORS, MENTEES, program=mk.Program(constraints=constraints))
    assert caught.value.lines == (
        "anna with di: no mentee has the id 'anna'; did you mean 'ana'?",
        "bo with gill: no mentor has the id 'gill'; did you mean 'gil'?",
    )


def test_all_conflicts_of_locks_are_named() -> None:
    """A coordinator would unlock one pair and then read of the next."""
    program = mk.Program(
        rules=(mk.Different("team"),),
        constraints=(
            mk.Locked("ana", "di"), mk.Locked("bo", "di"), mk.Locked("bo", "gil"),
            mk.Locked("bo", "gil"), mk.Forbidden("bo", "gil"),
        ),
    )  # fmt: skip
    with pytest.raises(mk.InfeasibleError) as caught:
        mk.match(MENTORS, MENTEES, program=program)
    said = [line for line in caught.value.lines if "cheapest way out: without " not in line]
    assert len(caught.value.lines) > len(said)
    assert sorted(said) == [
        "Locked(ana, di) breaks Different(team): mentee's team is 'a', mentor's team is 'a'",
        "Locked(bo, gil) contradicts Forbidden for the same pair",
        "bo is locked to several mentors: " + ", ".join(locked_order(program)) + "; keep one",
        "di has 1 place and 2 locked mentees; add places or unlock",
    ]


def locked_order(program: mk.Program) -> list[str]:
    """Return the two mentors in keyed order, which the message follows."""
    from matchkit.profiles import read_people

    ids = read_people(MENTORS, role="mentor").ordered(program.seed).ids
    return [str(who) for who in ids]


def test_a_lock_below_min_score_is_a_conflict() -> None:
    """A pair set by hand would silently win over the least score."""
    constraints = (mk.Locked("ana", "gil"),)
    program = mk.Program(criteria=(mk.SkillCoverage(),), min_score=0.1, constraints=constraints)
    with pytest.raises(mk.InfeasibleError, match=r"breaks min_score: the pair scores 0\.000"):
        mk.match(MENTORS, MENTEES, program=program)


def test_the_same_people_on_both_sides() -> None:
    """Peers who mentor each other would be matched with themselves."""
    people = [{"id": who, "skills": "sql:4", "goals": "sql"} for who in ("ana", "bo", "cy")]
    matching = mk.match(people, people)
    assert len(matching) == 3
    assert all(match.mentee != match.mentor for match in matching)


def test_a_program_is_a_program() -> None:
    """Who gives the path of a program would get an attribute error."""
    with pytest.raises(mk.ProgramError, match=r"program is of type str; .*from_toml\(path\)"):
        mk.match(MENTORS, MENTEES, program="program.toml")  # type: ignore[arg-type]


def test_progress_is_told() -> None:
    """A platform could not show how far a long round is."""
    told: list[tuple[str, int, int, float | None]] = []
    mk.match(MENTORS, MENTEES, on_progress=lambda *step: told.append(step))
    stages = list(dict.fromkeys(stage for stage, *_ in told))
    assert stages[:2] == ["read", "score"]
    assert stages[-1] == "verify"
    assert all(0 <= done <= total for _, done, total, _ in told)


def test_inputs_stay_as_they_are() -> None:
    """A platform's own records would change under its hands."""
    before = [dict(who) for who in MENTORS], [dict(who) for who in MENTEES]
    mk.match(MENTORS, MENTEES)
    assert ([*MENTORS], [*MENTEES]) == before


def test_pools_that_were_read_before() -> None:
    """Who reads people once could not match them twice."""
    mentors = mk.read_people(MENTORS, role="mentor")
    mentees = mk.read_people(MENTEES, role="mentee")
    assert mk.match(mentors, mentees).to_json() == mk.match(MENTORS, MENTEES).to_json()


def test_scores_are_those_of_the_match() -> None:
    """What a platform shows beside a match would be other numbers."""
    mentors, mentees = mk.datasets.cohort(12, 20)
    program = mk.Program(start=START)
    scores = mk.score(mentors, mentees, program=program)
    matching = mk.match(mentors, mentees, program=program)
    assert scores.mentee_ids == tuple(sorted(who["id"] for who in mentees))
    assert scores.mentor_ids == tuple(sorted(who["id"] for who in mentors))
    assert np.array_equal(sum(scores.parts.values()), scores.points)
    for match in matching:
        row, col = scores.mentee_ids.index(match.mentee), scores.mentor_ids.index(match.mentor)
        assert scores.points[row, col] == match.points
        assert scores.eligible[row, col]
        assert {part.criterion: part.points for part in match.parts} == {
            name: int(part[row, col]) for name, part in scores.parts.items()
        }
    frame = scores.to_frame()
    assert list(frame.columns) == ["mentee", "mentor", "eligible", "score", "points", *scores.parts]
    assert len(frame) == 12 * 20
    assert not scores.points.flags.writeable
    assert repr(scores).startswith("Scores(20 mentees x 12 mentors, ")


def test_sides_that_are_swapped_are_refused() -> None:
    """Mentees who are matched as mentors, in silence."""
    mentors = mk.read_people([{"id": "gil", "skills": "sql"}], role="mentor")
    mentees = mk.read_people([{"id": "ana", "goals": "sql"}], role="mentee")
    with pytest.raises(mk.ProgramError, match="given as mentors and mentees was read as the other"):
        mk.match(mentees, mentors)
    assert len(mk.match(mentors, mentees)) == 1
