"""Programs with another objective than the best total, from people to answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from itertools import product
from pathlib import Path

import pytest

import matchkit as mk
from tests.brute import Brute, capacities, pairs_of

MENTORS = [
    {"id": "di", "skills": "sql:5; python:4", "capacity": "1", "prefers": "bo"},
    {"id": "gil", "skills": "sql:3", "capacity": "1"},
    {"id": "hana", "skills": "python:3; design:4", "capacity": "2", "prefers": "cy; dee"},
]
MENTEES = [
    {"id": "ana", "goals": "sql; python", "prefers": "di"},
    {"id": "bo", "goals": "sql", "prefers": "di; gil"},
    {"id": "cy", "goals": "python; design", "prefers": "di"},
    {"id": "dee", "goals": "design"},
    {"id": "eve", "goals": "python; sql", "prefers": "hana"},
]
FAIR = mk.Program(objective="fair")
MIXED = mk.PairShare(different="team", at_least=0.5)
STABLE = mk.Program(objective="stable")


def outcomes(brute: Brute, pairs: object) -> tuple[int, int, int]:
    """Return people, the worst pair and the points of a matching."""
    made = [brute.points[pair] for pair in pairs.items() if pair[1] is not None]  # type: ignore[attr-defined]
    return len(made), min(made, default=0), sum(made)


def test_a_fair_round_is_the_fairest_there_is() -> None:
    """A round called fair in which somebody could do better without harm to the worst off."""
    brute = Brute.of(MENTORS, MENTEES, FAIR)
    matching = mk.match(MENTORS, MENTEES, program=FAIR)
    best = max(outcomes(brute, pairs) for pairs in brute.matchings())
    assert outcomes(brute, pairs_of(matching)) == best
    done = matching.certificate
    assert (done.worst, done.worst_bound, done.gap) == (best[1], best[1], 0.0)


def test_a_stable_round_has_nobody_who_would_rather_swap() -> None:
    """Two people who both asked for each other, and got others."""
    for objective in ("stable", "stable_for_mentors"):
        program = mk.Program(objective=objective)
        matching = mk.match(MENTORS, MENTEES, program=program)
        scores = mk.score(MENTORS, MENTEES, program=program)
        alone = mk.Program(
            criteria=tuple(
                mk.StatedPreference(of="mentor") if isinstance(each, mk.StatedPreference) else each
                for each in program.criteria
            )
        )
        theirs = mk.score(MENTORS, MENTEES, program=alone)
        taken = {who: matching.of_mentor(who) for who in capacities(MENTORS)}
        for i, j in product(range(5), range(3)):
            mentee, mentor = scores.mentee_ids[i], scores.mentor_ids[j]
            own = matching[mentee].points if mentee in matching else -1
            if scores.points[i, j] <= own or len(taken[mentor]) < capacities(MENTORS)[mentor]:
                assert scores.points[i, j] <= own
                continue
            spoke = bool(MENTORS[j].get("prefers"))
            view = theirs if spoke else scores
            rows = [scores.mentee_ids.index(match.mentee) for match in taken[mentor]]
            assert view.points[i, j] <= min(view.points[row, j] for row in rows)


@pytest.mark.parametrize("objective", ["fair", "stable", "stable_for_mentors"])
@pytest.mark.parametrize("coverage", ["first", "score"])
def test_results_are_stored_checked_and_shown(
    objective: str, coverage: str, tmp_path: Path
) -> None:
    """A result that its own checks refuse, or that a page calls what it is not."""
    program = mk.Program(objective=objective, coverage=coverage)
    matching = mk.match(MENTORS, MENTEES, program=program)
    assert mk.verify(matching) == ()
    again = mk.Matching.from_json(matching.to_json(), mentors=MENTORS, mentees=MENTEES)
    assert again.to_json() == matching.to_json()
    assert mk.verify(again) == ()
    assert mk.Program.from_toml_text(program.to_toml()) == program
    text = mk.report(matching, tmp_path / "report.html").read_text(encoding="utf-8")
    stable = objective != "fair"
    assert ("would both rather have each other" in text) == stable
    assert ("worst" in text) != stable
    assert ("stable" in matching.summary()) == stable
    assert ("gap " in matching.summary()) != stable


def test_answers_stay_true() -> None:
    """A price told where there is none, or a regret of a pair that would not be fair."""
    stable = mk.match(MENTORS, MENTEES, program=STABLE)
    assert not stable.priced
    assert "place would bring" not in str(mk.explain(stable, "bo"))
    scores = mk.score(MENTORS, MENTEES, program=STABLE)
    said = []
    for mentee, mentor in product(scores.mentee_ids, scores.mentor_ids):
        if (mentee, mentor) not in [(pair.mentee, pair.mentor) for pair in stable]:
            answer = mk.why_not(stable, mentee, mentor)
            assert [name for name, _ in answer.broken] == ["stable"]
            said.append(str(answer))
    assert any("scores no less with" in text for text in said)
    assert any("in the mentor's own eyes" in text for text in said)
    lonely = [one for one in stable.unmatched if one.reason == "places_ran_out"]
    assert all("could help" in one.remedy for one in lonely)
    assert lonely
    fair = mk.match(MENTORS, MENTEES, program=FAIR)
    assert fair.priced
    scores = mk.score(MENTORS, MENTEES, program=FAIR)
    for mentee, mentor in product(scores.mentee_ids, scores.mentor_ids):
        asked = mk.why_not(fair, mentee, mentor)
        points = scores.points[scores.mentee_ids.index(mentee), scores.mentor_ids.index(mentor)]
        worst = fair.certificate.worst
        assert worst is not None
        told = [name for name, _ in asked.broken]
        assert (told == ["fair"]) == (points < worst)


def test_a_fair_round_keeps_its_constraints() -> None:
    """A worst pair that could be better, or a constraint that fairness does away with."""
    teams = [{**one, "team": "red" if at % 2 else "blue"} for at, one in enumerate(MENTEES)]
    program = mk.Program(
        objective="fair", constraints=(mk.MaxPerMentor(same="team", at_most=1), MIXED)
    )
    mentors = [{**one, "team": "red" if at % 2 else "blue"} for at, one in enumerate(MENTORS)]
    brute = Brute.of(mentors, teams, program)
    team = {str(one["id"]): str(one["team"]) for one in (*mentors, *teams)}

    def kept(pairs: Mapping[str, str | None]) -> bool:
        made = [(who, other) for who, other in pairs.items() if other is not None]
        across = sum(team[who] != team[other] for who, other in made)
        alike = Counter((team[who], other) for who, other in made)
        return across * 2 >= len(made) and max(alike.values(), default=0) <= 1

    best = max(outcomes(brute, pairs) for pairs in brute.matchings() if kept(pairs))
    matching = mk.match(mentors, teams, program=program)
    assert kept(pairs_of(matching))
    assert outcomes(brute, pairs_of(matching)) == best
    done = matching.certificate
    assert (done.status, done.worst, done.worst_bound) == ("optimal", best[1], best[1])
    assert mk.verify(matching) == ()
    assert mk.what_if(matching, drop="eve").matching.certificate.status == "optimal"
    regrets = {(row.mentee, row.mentor): row for row in mk.insight.regrets(matching).rows}
    assert regrets
    for (mentee, mentor), row in regrets.items():
        assert (row.fewer, row.points) >= (0, 0)
        answer = mk.why_not(matching, mentee, mentor)
        assert (answer.fewer, answer.regret) == (row.fewer, row.points)


def test_priorities_that_cannot_count_are_refused() -> None:
    """Somebody who was to come first, and silently did not."""
    for objective in ("stable", "fair"):
        program = mk.Program(objective=objective, priority=("ana",))
        with pytest.raises(mk.ProgramError, match="priority does not go with objective"):
            mk.match(MENTORS, MENTEES, program=program)


def test_a_forged_worst_pair_is_found() -> None:
    """A saved round that claims to be fairer than it is."""
    matching = mk.match(MENTORS, MENTEES, program=FAIR)
    worst = matching.certificate.worst
    assert worst is not None
    text = matching.to_json()
    forged = text.replace(f'"worst": {worst}', f'"worst": {worst + 1}')
    assert forged != text
    loaded = mk.Matching.from_json(forged, mentors=MENTORS, mentees=MENTEES)
    assert {fault.kind for fault in mk.verify(loaded)} & {"fairness", "lock", "feasibility"}


def test_a_round_without_time_is_a_round() -> None:
    """An error, or a claim that is not proven, where time ran out."""
    for program in (mk.Program(), FAIR, STABLE, mk.Program(coverage="score")):
        late = mk.match(MENTORS, MENTEES, program=program, deadline=0)
        assert mk.verify(late) == ()
        assert (late.certificate.status == "deadline") != program.stable
        assert late.certificate.maximized <= late.certificate.bound
        again = mk.Matching.from_json(late.to_json(), mentors=MENTORS, mentees=MENTEES)
        assert mk.verify(again) == ()
        for mentee in ("ana", "bo", "cy", "dee", "eve"):
            assert str(mk.explain(late, mentee))
            assert str(mk.why_not(late, mentee, "di"))
    with pytest.raises(mk.ProgramError, match="deadline is -1; give seconds, 0 or more"):
        mk.match(MENTORS, MENTEES, deadline=-1)
    with pytest.raises(mk.TooLargeError, match="are allowed"):
        mk.match(MENTORS, MENTEES, memory_limit=10)
