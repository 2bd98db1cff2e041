"""Constraints of a program: declared, kept, told, proven, and named where they clash."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import matchkit as mk
from matchkit.cli import app
from matchkit.constraints import Constraint, Multiplier

MENTORS: list[dict[str, Any]] = [
    {"id": f"r{k}", "capacity": 3, "skills": skill, "department": of, "site": site}
    for k, (skill, of, site) in enumerate(
        [("sql", "data", "Oslo"), ("python", "web", "Rome"), ("law", "legal", "Oslo")]
    )
]
MENTEES = [
    {"id": f"e{k}", "goals": skill, "department": of, "team": team, "site": site}
    for k, (skill, of, team, site) in enumerate(
        [
            ("sql", "data", "a", "Oslo"),
            ("sql", "data", "a", "Oslo"),
            ("sql", "Data ", "b", "Rome"),
            ("python", "web", "b", "Rome"),
            ("python", "web", "", "Rome"),
            ("law", "legal", "c", "Oslo"),
        ]
    )
]


def matched(*constraints: Constraint, **other: Any) -> mk.Matching:
    """Match the small round under some constraints."""
    fields = {"criteria": (mk.SkillCoverage(),), "rules": ()} | other
    matching = mk.match(MENTORS, MENTEES, program=mk.Program(constraints=constraints, **fields))
    assert mk.verify(matching) == ()
    return matching


def across(matching: mk.Matching) -> int:
    """Count the pairs across departments, the plain way."""
    of = {one["id"]: str(one["department"]).strip().casefold() for one in [*MENTEES, *MENTORS]}
    return sum(of[pair.mentee] != of[pair.mentor] for pair in matching)


def told(matching: mk.Matching) -> list[str]:
    """Return what the result says of each constraint."""
    return [each.told for each in matching.record.constraints]


def test_a_share_of_pairs_is_kept_and_told() -> None:
    """A share that is not kept exactly, or told wrongly."""
    assert across(matched()) == 0
    matching = matched(mk.PairShare(different="department", at_least="1/3"))
    assert across(matching) == 2
    assert told(matching) == ["2 of 6 pairs, at least 1/3 asked"]
    assert across(matched(mk.PairShare(same="department", at_most=3))) == 3
    assert across(matched(mk.PairShare(different="department", at_least=0.5))) == 3


def test_conditions_on_both_sides_are_counted() -> None:
    """A pair counted that meets one side's condition only."""
    wanted = mk.PairShare(mentee={"site": "ROME"}, mentor={"site": ["Oslo", "Rome"]}, at_most=2)
    matching = matched(wanted)
    assert len(matching) == 5
    assert told(matching) == ["2 of 5 pairs, at most 2 asked"]


def test_a_blank_is_neither_the_same_nor_different() -> None:
    """People without a team who are held to be of one team."""
    matching = matched(mk.MaxPerMentor(same="team", at_most=1))
    assert max(len(matching.of_mentor(one["id"])) for one in MENTORS) > 1
    for one in MENTORS:
        teams = [MENTEES[int(p.mentee[1:])]["team"] for p in matching.of_mentor(one["id"])]
        assert len(set(filter(None, teams))) == len(list(filter(None, teams)))
    blank = [one | {"floor": ""} for one in MENTORS[1:]] + [MENTORS[0] | {"floor": "1"}]
    people = [one | {"floor": "2"} for one in MENTEES]
    for kind in ("different", "same"):
        share = mk.PairShare(**{kind: "floor"}, at_most=0)
        program = mk.Program(criteria=(mk.SkillCoverage(),), rules=(), constraints=(share,))
        matching = mk.match(blank, people, program=program)
        assert len(matching.of_mentor("r0")) == (0 if kind == "different" else 3)


def test_a_group_is_covered_before_points() -> None:
    """A group whose share is not matched though it could be."""
    few = [one | {"capacity": 1} for one in MENTORS]
    constraint = mk.GroupCoverage(column="department", value="data", at_least=1.0)
    program = mk.Program(criteria=(mk.SkillCoverage(),), rules=(), constraints=(constraint,))
    matching = mk.match(few, MENTEES, program=program)
    assert {pair.mentee for pair in matching} == {"e0", "e1", "e2"}
    assert told(matching) == ["3 of 3 mentees of the group, at least 100 % asked"]
    assert {one.reason for one in matching.unmatched} == {"places_ran_out"}


def test_loads_distances_and_scores_are_kept() -> None:
    """A mentor left alone, two together who must not be, or a pair that is too weak."""
    matching = matched(mk.MinLoad(2), mk.Apart("e0", "e1"))
    assert min(place.taken for place in matching.places) == 2
    assert matching["e0"].mentor != matching["e1"].mentor
    assert [pair.points for pair in matched(mk.MinScore(0.5)) if pair.score < 0.5] == []
    own = [one | {"min_load": 3} for one in MENTORS[:1]] + MENTORS[1:]
    program = mk.Program(rules=(), constraints=(mk.MinLoad(),), criteria=(mk.SkillCoverage(),))
    assert len(mk.match(own, MENTEES, program=program).of_mentor("r0")) == 3


def test_a_soft_constraint_costs_its_price_and_says_so() -> None:
    """A soft constraint broken for nothing, kept at any cost, or broken in silence."""
    soft = {"different": "department", "at_least": 1.0, "soft": True}
    cheap, dear = (matched(mk.PairShare(price=p, **soft)) for p in (0.001, 10))
    assert across(dear) == 6
    assert across(cheap) < 6
    each = cheap.record.constraints[0]
    assert each.missed == 6 - across(cheap)
    assert cheap.certificate.penalty == each.missed * 1000
    assert cheap.certificate.maximized == cheap.certificate.total - each.missed * 1000
    assert "MISSED" in cheap.summary()


def test_who_is_left_out_by_a_constraint_is_told_so() -> None:
    """Somebody told that no place is left, where a constraint leaves it empty."""
    matching = matched(mk.PairShare(same="department", at_most=3), mk.PairShare(
        different="department", at_most=0))  # fmt: skip
    assert {one.reason for one in matching.unmatched} == {"constraints"}
    assert "constraints leave" in str(matching.unmatched[0])
    assert matching.certificate.matched == 3


def test_results_come_back_from_json(tmp_path: Path) -> None:
    """A result with constraints that cannot be read back or verified again."""
    matching = matched(
        mk.PairShare(different="department", at_least=0.4),
        mk.MaxPerMentor(same="team", at_most=1),
        mk.MinLoad(1, soft=True, price=0.1),
    )
    text = matching.to_json()
    again = mk.Matching.from_json(text, mentors=MENTORS, mentees=MENTEES)
    assert mk.verify(again) == ()
    assert again.to_json() == text
    assert mk.verify(mk.Matching.from_json(text)) == ()
    mk.report(matching, tmp_path / "report.html")
    assert "Pair share" in (tmp_path / "report.html").read_text()


def test_row_order_changes_no_byte() -> None:
    """The order of rows decides between equals."""
    program = mk.Program(
        criteria=(mk.SkillCoverage(),),
        rules=(),
        constraints=(mk.PairShare(different="department", at_least=0.5), mk.Apart("e0", "e1")),
    )
    one = mk.match(MENTORS, MENTEES, program=program)
    other = mk.match(MENTORS[::-1], MENTEES[::-1], program=program)
    assert one.to_json() == other.to_json()


def test_why_not_asks_the_constraints_too() -> None:
    """A pair priced as if there were no constraints."""
    share = mk.PairShare(different="department", at_most=0)
    matching = matched(share)
    answer = mk.why_not(matching, "e0", "r1")
    assert answer.broken
    assert "PairShare" in str(answer)
    half = matched(mk.PairShare(different="department", at_least=0.5))
    inside = next(pair for pair in half if across(half) and pair.mentee == "e5")
    other = "r0" if inside.mentor != "r0" else "r1"
    assert mk.why_not(half, "e5", other).regret >= 0


PLANTED: dict[str, dict[str, Any]] = {
    "penalty": {"penalty": 5},
    "a multiplier belongs": {"multipliers": (Multiplier(7, 1),)},
    "presses where": {"multipliers": (Multiplier(0, -(10**6)),)},
}


@pytest.mark.parametrize("words", PLANTED)
def test_planted_faults_are_found(words: str) -> None:
    """A false proof of a result with constraints that verify() accepts."""
    matching = matched(mk.PairShare(different="department", at_least=0.5))
    wrong = replace(matching.certificate, **PLANTED[words])
    faults = mk.verify(replace(matching, certificate=wrong))
    assert words in " ".join(fault.message for fault in faults)


CLASHES: list[tuple[tuple[Constraint, ...], str]] = [
    (
        (mk.PairShare(different="department", at_least=1.0), mk.PairShare(
            same="department", at_least=1)),
        "PairShare(same department), at least 1, cannot be kept together",
    ),
    ((mk.Locked("e0", "r0"), mk.Locked("e1", "r0"), mk.Apart("e0", "e1")), "Locked(e1, r0)"),
    ((mk.MinLoad(3),), "MinLoad(3) for r0, r1, r2 cannot be kept in this round"),
]  # fmt: skip


@pytest.mark.parametrize(("constraints", "words"), CLASHES)
def test_clashes_are_named(constraints: tuple[Constraint, ...], words: str) -> None:
    """Constraints that cannot be met together, relaxed in silence or not named."""
    with pytest.raises(mk.InfeasibleError) as caught:
        matched(*constraints, mk.PairShare(different="site", at_least=0.0))
    assert words in str(caught.value)
    assert "site" not in str(caught.value)


def test_too_few_for_the_least_loads_is_counted() -> None:
    """A clash of least loads that does not say how many are missing."""
    with pytest.raises(mk.InfeasibleError, match="ask for 9 mentees, and only 6 may"):
        matched(mk.MinLoad(3))


WRONG: list[tuple[Constraint, str]] = [
    (mk.PairShare(different="departmnt", at_least=1), "did you mean 'department'"),
    (mk.PairShare(mentor={"site": "Olso"}, at_least=1), "did you mean 'oslo'"),
    (mk.GroupCoverage(column="sight", value="Oslo", at_least=1), "no column 'sight'"),
    (mk.Apart("e0", "e9"), "no mentee has the id 'e9'"),
    (mk.MaxPerMentor(same="floor", at_most=1), "MaxPerMentor(floor): the mentees have no column"),
]


@pytest.mark.parametrize(("constraint", "words"), WRONG)
def test_what_is_not_there_is_named(constraint: Constraint, words: str) -> None:
    """A constraint on a column, a value or a person that nobody has, dropped in silence."""
    with pytest.raises(mk.ProgramError) as caught:
        matched(constraint)
    assert words in str(caught.value)


def test_everything_that_is_not_there_is_named_together() -> None:
    """The second fault of a program found only after the first is mended."""
    with pytest.raises(mk.ProgramError) as caught:
        matched(*(constraint for constraint, _ in WRONG))
    assert len(caught.value.lines) >= len(WRONG)


DECLARED: list[tuple[dict[str, Any], str]] = [
    ({"kind": "PairShare", "different": "x", "at_least": 60.0}, "a number of pairs is whole"),
    ({"kind": "PairShare", "different": "x", "at_least": "much"}, "is no share"),
    ({"kind": "PairShare", "different": "x", "at_least": "1/3000001"}, "too many digits"),
    ({"kind": "PairShare", "different": "x", "at_least": -1}, "below 0"),
    ({"kind": "PairShare", "different": "x", "at_least": True}, "write a whole number"),
    ({"kind": "PairShare", "different": "x"}, "bounds nothing"),
    ({"kind": "PairShare", "at_least": 1}, "counts every pair"),
    ({"kind": "MinLoad", "soft": True}, "price = 0.1"),
    ({"kind": "MinLoad", "price": 0.1}, "soft = true"),
    ({"kind": "Apart", "mentees": ["ana"]}, "Apart.mentees"),
    ({"kind": "MinScore"}, "Field required"),
]


@pytest.mark.parametrize(("table", "words"), DECLARED)
def test_wrong_declarations_are_refused(table: dict[str, Any], words: str) -> None:
    """A constraint that means nothing, or something else than was written."""
    with pytest.raises(mk.ProgramError) as caught:
        mk.Program.from_dict({"constraints": [table]})
    assert words in str(caught.value)


def test_programs_with_constraints_read_back() -> None:
    """A constraint that a file or a result does not hold as it was written."""
    program = mk.Program(
        constraints=(
            mk.PairShare(different="department", at_least=0.6),
            mk.PairShare(mentee={"site": "Oslo"}, mentor={"grade": ("a", "b")}, at_most="2/3"),
            mk.MaxPerMentor(same="team", at_most=1, soft=True, price=0.5),
            mk.GroupCoverage(column="site", value=("Oslo", "Rome"), at_least=1.0),
            mk.MinLoad(1),
            mk.MinLoad(),
            mk.MinScore(0.2),
            mk.Apart("ana", 7),
        )
    )
    assert mk.Program.from_toml_text(program.to_toml()) == program
    assert mk.Program.from_dict(json.loads(json.dumps(program.to_dict()))) == program


def test_the_command_line_ends_with_3_and_a_line_for_each(tmp_path: Path) -> None:
    """A clash that ends as a success, or with a traceback."""
    import pandas as pd

    files = []
    for name, people in (("mentors", MENTORS), ("mentees", MENTEES)):
        files.append(str(tmp_path / f"{name}.csv"))
        pd.DataFrame(people).to_csv(files[-1], index=False)
    told = tmp_path / "program.toml"
    share = '[[constraints]]\nkind = "PairShare"\n{} = "department"\nat_least = 1.0\n'
    told.write_text("rules = []\n" + share.format("same") + share.format("different"))
    out = ["--program", str(told), "--out", str(tmp_path / "out")]
    result = CliRunner().invoke(app, ["match", *files, *out])
    assert result.exit_code == 0  # nobody is matched, which breaks no share
    told.write_text("rules = []\n" + share.format("same") + share.format("different")
                    + '[[constraints]]\nkind = "MinLoad"\nmentees = 1\n')  # fmt: skip
    result = CliRunner().invoke(app, ["match", *files, *out])
    assert result.exit_code == 3
    assert len(result.stderr.splitlines()) == 4
    assert "cheapest way out: " in result.stderr.splitlines()[-1]


def test_constraints_that_make_no_sense_are_refused() -> None:
    """A constraint that does nothing, or that nothing can keep, found out in a round only."""
    with pytest.raises(mk.ProgramError, match="named twice"):
        mk.Apart("ana", "bo", "ana")
    with pytest.raises(mk.ProgramError, match="at_least is 3, more than at_most, which is 1"):
        mk.PairShare(different="department", at_least=3, at_most=1)
    mk.PairShare(different="department", at_least=3, at_most="1/2")
