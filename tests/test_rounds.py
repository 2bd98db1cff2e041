"""The round before it is solved: ids, blocks, memory, and what is said of the people."""

from __future__ import annotations

import numpy as np
import pytest

import matchkit as mk
from matchkit import rounds
from matchkit.profiles import read_people
from matchkit.rounds import prepare
from matchkit.scoring import sides
from tests.dice import people, program
from tests.strategies import START

People = list[dict[str, object]]


def said(mentors: People, mentees: People, program_: mk.Program) -> list[str]:
    """Return what is said of the people beyond what was said while reading."""
    record = mk.match(mentors, mentees, program=program_).record
    return [f"{one.severity} {one.column}: {one.message}" for one in record.findings]


def test_ids_become_positions_in_one_place() -> None:
    """An index would be that of the file, and not of the round."""
    mentors = [{"id": f"m{at}"} for at in range(9)]
    round_ = mk.match(mentors, [{"id": "ana"}]).people
    assert [round_.column(who) for who in round_.mentors.ids] == list(range(9))
    assert round_.row("ana") == 0
    assert round_.mentors.ids.tolist() != [who["id"] for who in mentors]
    with pytest.raises(mk.UnknownPersonError, match="no mentor has the id 'm99'"):
        round_.column("m99")


@pytest.mark.parametrize("seed", range(5))
def test_blocks_make_no_difference(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Large rounds would be scored differently from small ones."""
    rng = np.random.default_rng(seed)
    mentors, mentees = people(rng, 7, 11)
    bans = (mk.Forbidden("e0", "m0"), mk.Forbidden("e10", "m3"), mk.Forbidden("e5", "m3"))
    rules = program(rng).model_copy(update={"constraints": bans})
    whole = mk.match(mentors, mentees, program=rules)
    original = sides.blocks
    for module in (rounds, mk.match.__globals__["assemble"].__globals__):
        target = module if isinstance(module, dict) else vars(module)
        monkeypatch.setitem(target, "blocks", lambda n, width: original(n, width, cells=8))
    assert mk.match(mentors, mentees, program=rules).to_json() == whole.to_json()


def test_a_round_too_large_is_refused_before_it_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine would run out of memory half-way."""
    monkeypatch.setattr(rounds, "MEMORY_LIMIT", 100)
    with pytest.raises(mk.TooLargeError, match=r"12 mentees with 3 mentors need .* GiB"):
        mk.match([{"id": at} for at in range(3)], [{"id": at} for at in range(100, 112)])


def test_the_board_is_computed_once() -> None:
    """A question about a result would score everybody again."""
    mentors = read_people([{"id": "di"}], role="mentor")
    mentees = read_people([{"id": "ana"}], role="mentee")
    round_ = prepare(mentees, mentors, mk.Program())
    assert round_.board is round_.board
    assert round_.problem is round_.problem
    assert round_.problem.points is round_.board.points


def test_more_rules_than_a_byte_counts() -> None:
    """The two hundred and fifty-sixth broken rule would make a pair possible again."""
    columns = [f"c{at}" for at in range(256)]
    rules = tuple(mk.Different(column) for column in columns)
    person = dict.fromkeys(columns, "x")
    matching = mk.match(
        [{"id": "di", **person}], [{"id": "ana", **person}], program=mk.Program(rules=rules)
    )
    assert len(matching) == 0
    assert len(matching.unmatched[0].blocking) == 256


def test_names_that_nobody_answers_to_are_reported() -> None:
    """A wish, or a person to avoid, would be dropped in silence."""
    mentors: People = [
        {"id": "di", "name": "Ed Lee", "avoids": "bo; nobody"},
        {"id": "gil", "name": "ed lee"},
    ]
    mentees: People = [{"id": "ana", "prefers": "di; Ed Lee"}, {"id": "bo"}]
    told = said(mentors, mentees, mk.Program())
    assert "warning prefers: 'Ed Lee' names no mentor of this round, or more than one" in told
    assert "warning avoids: 'nobody' names no mentee of this round, or more than one" in told
    assert sum("names no" in line for line in told) == 2


def test_managers_elsewhere_are_counted() -> None:
    """A hundred managers outside the round would be a hundred lines."""
    mentees: People = [{"id": "ana", "manager": "di"}, {"id": "bo", "manager": "x"},
                       {"id": "cy", "manager": "ana"}, {"id": "dot", "manager": ""}]  # fmt: skip
    told = said([{"id": "di"}], mentees, mk.Program())
    assert "note manager: 1 of 3 managers of mentees are not in the round" in told
    told = said([{"id": "di"}], mentees[:1], mk.Program())
    assert not any("managers" in line for line in told)


def test_rules_that_a_blank_escapes_are_reported() -> None:
    """A coordinator would believe that a rule was kept by everybody."""
    mentors: People = [{"id": "di", "team": "a"}, {"id": "gil", "team": ""}]
    mentees: People = [
        {"id": "ana", "team": ""},
        {"id": "bo", "team": ""},
        {"id": "c", "team": "b"},
    ]
    told = said(mentors, mentees, mk.Program(rules=(mk.Different("team"),)))
    assert "note team: Different(team) could not be checked for 1 mentor: blank" in told
    assert "note team: Different(team) could not be checked for 2 mentees: blank" in told


def test_hours_without_a_zone_are_reported_among_several() -> None:
    """Somebody's hours would be ignored without a word."""
    hours = {"hours": "Mon 9-11"}
    mentors: People = [{"id": "di", "timezone": "Europe/Berlin", **hours}, {"id": "gil", **hours}]
    mentees: People = [{"id": "ana", "timezone": "Europe/Berlin", **hours}, {"id": "bo", **hours}]
    program_ = mk.Program(criteria=(mk.SharedHours(),), start=START)
    assert not any("no time zone" in line for line in said(mentors, mentees, program_))
    mentees += [{"id": "cy", "timezone": "Asia/Kathmandu", **hours}, {"id": "dot", **hours}]
    told = said(mentors, mentees, program_)
    assert (
        "note timezone: 1 mentor gave hours but no time zone: SharedHours cannot tell for them"
        in told
    )
    assert (
        "note timezone: 2 mentees gave hours but no time zone: SharedHours cannot tell for them"
        in told
    )
    other = mk.Program(criteria=(mk.SkillCoverage(),), start=START)
    assert not any("no time zone" in line for line in said(mentors, mentees, other))


def test_what_was_skipped_is_stored_and_said() -> None:
    """A criterion would be left out, and only the reader of the code would know."""
    matching = mk.match([{"id": "di"}], [{"id": "ana"}])
    skipped = dict(matching.record.skipped)
    assert skipped["SkillCoverage"] == "mentees have no 'goals' and mentors have no 'skills'"
    notes = [one.message for one in matching.record.findings if one.severity == "note"]
    for name, why in skipped.items():
        assert f"{name} was not applied: {why}" in notes


def test_a_column_that_nobody_has_is_a_warning() -> None:
    """A rule that somebody wrote would be dropped with a note among many."""
    program_ = mk.Program(
        criteria=(mk.SameValue("sight"), mk.DifferentValue("room", weight=0), mk.SkillCoverage()),
        rules=(mk.Different("taem"),),
    )
    told = said([{"id": "di", "site": "a"}], [{"id": "ana", "team": "b"}], program_)
    assert [line.split(":")[1].strip() for line in told if line.startswith("warning")][:2] == [
        "Different(taem) was not applied",
        "SameValue(sight) was not applied",
    ]
    assert "note : DifferentValue(room) was not applied: its weight is 0" in told
    assert any(line.startswith("note : SkillCoverage was not applied") for line in told)


def test_findings_stand_in_an_order_of_their_own() -> None:
    """Sorting a file would reorder what is said of it."""
    mentors = [{"id": str(at), "avoids": f"x{at}"} for at in range(5)]
    told = mk.match(mentors, [{"id": "ana"}]).record.findings
    turned = mk.match(mentors[::-1], [{"id": "ana"}]).record.findings
    assert told == turned
    severities = [one.severity for one in told]
    assert severities == sorted(severities, key=["error", "warning", "repaired", "note"].index)
