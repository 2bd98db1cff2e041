"""The program: the same value from Python, TOML and JSON, and every fault said at once."""

from __future__ import annotations

import copy
import json
import pickle
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

import matchkit as mk
from matchkit.constraints import CONSTRAINTS, Constraint
from matchkit.program import SECTIONS
from matchkit.scoring import CRITERIA, RULES, Side
from tests.strategies import programs


class NearFloor(mk.Criterion):
    """A criterion of one's own, with settings of its own."""

    needs = ("floor",)
    most: int = 5
    note: str | None = None

    def value(self, mentee: Side, mentor: Side) -> Any:
        """Return 1 on the same floor."""
        return mentee.text("floor") == mentor.text("floor")


class SameFloor(mk.Rule):
    """A rule of one's own."""

    needs = ("floor",)

    def allows(self, mentee: Side, mentor: Side) -> Any:
        """Return True on the same floor."""
        return mentee.text("floor") == mentor.text("floor")


OWN = (NearFloor, SameFloor)


@given(programs())
def test_toml_reads_back_as_the_same_program(program: mk.Program) -> None:
    """A round run from a file would differ from the one that wrote it."""
    again = mk.Program.from_toml_text(program.to_toml())
    assert again == program
    assert again.to_toml() == program.to_toml()


@given(programs())
def test_json_reads_back_as_the_same_program(program: mk.Program) -> None:
    """A stored result would hold another program than it was made with."""
    text = json.dumps(program.to_dict(), allow_nan=False)
    assert mk.Program.from_dict(json.loads(text)) == program
    assert mk.Program.model_validate(program.model_dump()) == program
    assert mk.Program.model_validate_json(program.model_dump_json()) == program


@given(programs())
def test_programs_are_values(program: mk.Program) -> None:
    """A platform could not cache, compare or send a program."""
    for same in (pickle.loads(pickle.dumps(program)), copy.deepcopy(program)):  # noqa: S301
        assert same == program
        assert hash(same) == hash(program)
    assert program != program.model_copy(update={"seed": program.seed + 1})


def test_programs_are_frozen() -> None:
    """A program could change under a running round."""
    with pytest.raises(ValueError, match="frozen"):
        mk.Program().seed = 3  # type: ignore[misc]
    with pytest.raises(ValueError, match="frozen"):
        mk.SkillCoverage().weight = 3  # type: ignore[misc]


def test_the_default_is_the_documented_one() -> None:
    """The documented weights would not be those in use."""
    program = mk.Program()
    weights = {each.name: each.weight for each in program.criteria}
    assert weights == {
        "SkillCoverage": 5, "TextFit": 2, "SeniorityGap": 1, "SharedHours": 1,
        "SharedInterests": 0.5, "StatedPreference": 1,
    }  # fmt: skip
    assert [rule.name for rule in program.rules] == [
        "NotSelf", "NotManager", "Avoid", "SharedLanguage",
    ]  # fmt: skip
    assert (program.coverage, program.start, program.min_score, program.seed) == (
        "first",
        None,
        0,
        0,
    )


def test_own_criteria_and_rules_come_back() -> None:
    """Who writes a criterion could not keep it in a file."""
    program = mk.Program(
        criteria=(NearFloor(weight=2, most=3), mk.TextFit()), rules=(SameFloor(), mk.NotSelf())
    )
    assert mk.Program.from_toml_text(program.to_toml(), custom=OWN) == program
    assert mk.Program.from_dict(program.to_dict(), custom=OWN) == program
    assert "note" not in program.to_toml()
    with pytest.raises(mk.ProgramError) as caught:
        mk.Program.from_toml_text(program.to_toml())
    assert [line.split(";")[0] for line in caught.value.lines] == [
        "Program.criteria[0]: has the unknown kind 'NearFloor'",
        "Program.rules[0]: has the unknown kind 'SameFloor'",
    ]


def test_settings_of_subclasses_are_kept() -> None:
    """A dump would hold the weight of a criterion and forget its settings."""
    program = mk.Program(criteria=(mk.SeniorityGap(ideal=7, spread=1.5),))
    assert program.to_dict()["criteria"] == [
        {"kind": "SeniorityGap", "weight": 1.0, "ideal": 7.0, "spread": 1.5}
    ]


FAULTY = """
coverge = "first"
seed = -1
min_score = 1.5
rules = [ { kind = "Differnt", column = "team" }, { kind = "MaxTimezoneGap" } ]
constraints = [ { kind = "Locked", mentee = "ana" } ]

[[criteria]]
kind = "SkillCoverage"
wieght = 5
teach = [2.0]

[[criteria]]
weight = 3

[[criteria]]
kind = 7
"""

FAULTS = [
    "Program.criteria[0]: SkillCoverage.teach: teach takes one or more numbers between 0 and 1",
    "Program.criteria[0]: SkillCoverage.wieght: is not a setting; did you mean 'weight'?",
    "Program.criteria[1]: names no kind; write kind = one of SkillCoverage, ",
    "Program.criteria[2]: has the unknown kind 7; the criteria are SkillCoverage, ",
    "Program.rules[0]: has the unknown kind 'Differnt'; did you mean 'Different'?",
    "Program.rules[1]: MaxTimezoneGap.hours: Field required",
    "Program.constraints[0]: Locked.mentor: Field required",
    "Program.min_score: Input should be less than or equal to 1, not 1.5",
    "Program.seed: Input should be greater than or equal to 0, not -1",
    "Program.coverge: is not a setting; did you mean 'coverage'?",
]


def test_every_fault_of_a_file_is_said_at_once(tmp_path: Path) -> None:
    """A coordinator would mend one line, run again, and read of the next."""
    path = tmp_path / "program.toml"
    path.write_text(FAULTY)
    with pytest.raises(mk.ProgramError) as caught:
        mk.Program.from_toml(path)
    lines = caught.value.lines
    assert len(lines) == len(FAULTS)
    for line, fault in zip(lines, FAULTS, strict=True):
        assert line.startswith(f"program.toml: {fault}")


NOTHING: dict[str, Any] = {}
from_dict: Any = mk.Program.from_dict


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: mk.Program(criteria=(mk.SkillCoverage,)),
         r"Program.criteria\[0\]: is the class SkillCoverage; write SkillCoverage\(...\)"),
        (lambda: mk.Program(criteria=(mk.NotSelf(),)), r"Program.criteria\[0\]: .* Criterion, not"),
        (lambda: mk.Program(rules=[{"kind": "NotSlf"}]), r"rules\[0\]: .* did you mean 'NotSelf'"),
        (lambda: mk.Program(rules=7), "Program.rules: Input should be a valid tuple, not 7"),
        (lambda: mk.Program.from_dict({"kind": "Criterion"}), "Program.kind: is not a setting"),
        (lambda: mk.Program.from_dict({"weights": 5}), "there are criteria, rules, constraints"),
        (lambda: mk.Program(criteria=(mk.TextFit(), mk.TextFit())), "TextFit stands more than"),
        (lambda: mk.Program.from_dict({"criteria": {"kind": "TextFit"}}),
         r"criteria: is one table; write \[\[criteria\]\] over each"),
        (lambda: mk.Program.from_dict({"rules": "NotSelf"}), "Program.rules: .* not 'NotSelf'"),
        (lambda: from_dict(5), "a program is a table of settings, not 5"),
        (lambda: from_dict({7: 5}), "Program.7: is not a setting"),
        (lambda: mk.Program.from_toml_text("a = "), "not valid TOML"),
        (lambda: mk.Different(**NOTHING), "Different.column: Field required"),
        (lambda: mk.Different(""), "Different.column: String should have at least 1 character"),
        (lambda: mk.TextFit(weight=-1), "TextFit.weight: .* greater than or equal to 0, not -1"),
        (lambda: mk.TextFit(weight=float("inf")), "TextFit.weight: .* finite number, not inf"),
        (lambda: mk.Locked("ana", **NOTHING), "Locked.mentor: Field required"),
        (lambda: mk.Forbidden("", "di"), "Forbidden.mentee"),
    ],
)  # fmt: skip
def test_a_wrong_call_is_told_what_is_wrong(make: Any, said: str) -> None:
    """A slip in a program would end in another library's words."""
    with pytest.raises(mk.ProgramError, match=said):
        make()


@pytest.mark.parametrize("text", [None, b"\xff\xfe\x00"])
def test_a_file_that_cannot_be_read_is_named(text: bytes | None, tmp_path: Path) -> None:
    """Nobody would know which of several files is meant."""
    path = tmp_path / "ours.toml"
    if text is not None:
        path.write_bytes(text)
    with pytest.raises(mk.ProgramError, match=r"^ours.toml: cannot be read: "):
        mk.Program.from_toml(path)


def test_a_file_with_a_byte_order_mark(tmp_path: Path) -> None:
    """A file saved by a Windows editor would not be TOML."""
    path = tmp_path / "program.toml"
    path.write_text(mk.Program(seed=3).to_toml(), encoding="utf-8-sig")
    assert mk.Program.from_toml(path) == mk.Program(seed=3)


def test_ids_of_constraints_are_read_like_those_of_people() -> None:
    """A lock on the employee number 7, or with a space too much, would name nobody."""
    lock = mk.Locked(7, " e\u0301-1 ")
    assert (lock.mentee, lock.mentor) == ("7", "\u00e9-1")
    assert lock == mk.Locked(mentee="7", mentor="\u00e9-1")


def test_a_program_knows_its_locks() -> None:
    """A constraint would be read and never used."""
    lock, ban = mk.Locked("ana", "di"), mk.Forbidden("bo", "di")
    program = mk.Program(constraints=(lock, ban))
    assert (program.locked, program.forbidden) == ((lock,), (ban,))


def test_dates_come_from_toml_and_from_text() -> None:
    """A date would have to be written in one way only."""
    first = date(2027, 1, 11)
    assert mk.Program.from_toml_text("start = 2027-01-11").start == first
    assert mk.Program.from_toml_text("start = '2027-01-11'").start == first


def kinds(schema: dict[str, Any], section: str) -> dict[str, dict[str, Any]]:
    """Return what a schema says of each kind of a section."""
    found = {}
    for each in schema["properties"][section]["items"]["anyOf"]:
        assert each["required"][0] == "kind"
        found[each["properties"]["kind"]["const"]] = each["properties"]
    return found


def test_the_json_schema_describes_every_kind() -> None:
    """A form made from the schema would refuse what a program writes."""
    schema = mk.Program.model_json_schema()
    for section, known in SECTIONS.items():
        told = kinds(schema, section)
        assert list(told) == [each.__name__ for each in known]
        for each in known:
            assert list(told[each.__name__]) == ["kind", *each.model_fields]
    assert json.dumps(schema)
    for criterion in mk.Program().to_dict()["criteria"]:
        assert criterion.keys() <= kinds(schema, "criteria")[criterion["kind"]].keys()


def test_every_class_can_be_named_in_a_file() -> None:
    """A criterion would exist in Python only."""
    for base, listed in ((mk.Criterion, CRITERIA), (mk.Rule, RULES), (Constraint, CONSTRAINTS)):
        home = [vars(sys.modules.get(each.__module__)) for each in listed]
        known = {each for names in home for each in names.values() if isinstance(each, type)}
        public = {each for each in known & subclasses(base) if not known & subclasses(each)}
        assert public == set(listed)


def subclasses(base: type) -> set[type]:
    """Return all classes below one."""
    direct: list[type] = base.__subclasses__()
    return {*direct, *(each for one in direct for each in subclasses(one))}
