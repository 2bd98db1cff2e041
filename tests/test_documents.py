"""Results as JSON: the same bytes there and back, and nothing else accepted."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

import matchkit as mk
from matchkit.documents import SCHEMA, load, people_document
from matchkit.errors import Finding
from matchkit.export import save
from matchkit.profiles import read_people
from tests.builders import matching as built
from tests.builders import pair
from tests.dice import sound_matching
from tests.strategies import START
from tests.test_program import NearFloor, SameFloor

MENTORS = [{"id": "di", "skills": "sql:4"}, {"id": "gil", "skills": "Überblick:5", "floor": 2}]
MENTEES = [{"id": "李", "goals": "überblick", "prefers": "nobody"}, {"id": "bo", "goals": "sql"}]


def stored() -> dict[str, Any]:
    """Return a stored result as plain data."""
    data: dict[str, Any] = json.loads(mk.match(MENTORS, MENTEES).to_json())
    return data


@pytest.mark.parametrize("seed", range(30))
def test_bytes_come_back(seed: int) -> None:
    """A platform that loads and stores a result would change it."""
    matching = sound_matching(seed)
    text = matching.to_json()
    assert mk.Matching.from_json(text).to_json() == text
    assert mk.Matching.from_json(text.encode()).to_json() == text


def test_bytes_come_back_with_people() -> None:
    """A result with text and other scripts would come back changed."""
    mentors, mentees = mk.datasets.cohort(20, 30)
    text = mk.match(mentors, mentees, program=mk.Program(start=START)).to_json()
    again = mk.Matching.from_json(text, mentors=mentors[::-1], mentees=mentees[::-1])
    assert again.to_json() == text
    assert again.people.program == again.program


def test_everything_comes_back() -> None:
    """A field would be stored and never read."""
    matching = mk.match(MENTORS, MENTEES)
    again = mk.Matching.from_json(matching.to_json())
    for name in ("matches", "unmatched", "places", "certificate", "program"):
        assert getattr(again, name) == getattr(matching, name)
    for field in fields(matching.record):
        assert getattr(again.record, field.name) == getattr(matching.record, field.name)
    assert again.summary() == matching.summary()


def test_a_program_names_columns_by_their_headings_after_loading(tmp_path: Path) -> None:
    """A saved round with headings of a form would no longer know what its rules are about."""
    mentors = [{"Person": "di", "Abteilung": "a"}, {"Person": "gil", "Abteilung": "b"}]
    mentees = [{"Person": "ana", "Abteilung": "a"}]
    program = mk.Program(criteria=(mk.SameValue("Abteilung"),), rules=(mk.Different("Abteilung"),))
    columns = {"Person": "id", "Abteilung": "team"}
    matching = mk.match(mentors, mentees, program=program, columns=columns)
    assert matching["ana"].mentor == "gil"
    loaded = load(save(matching, tmp_path / "out"))
    assert mk.verify(loaded) == ()
    assert [rule for rule, _ in mk.why_not(loaded, "ana", "di").broken] == ["Different(Abteilung)"]
    text = matching.to_json()
    again = mk.Matching.from_json(text, mentors=iter(mentors), mentees=mentees)
    assert mk.verify(again) == ()


def test_the_document_is_readable_line_by_line() -> None:
    """Two results could not be compared with the usual tools."""
    text = mk.match(MENTORS, MENTEES).to_json()
    lines = text.splitlines()
    assert text.endswith("}\n")
    assert sum(line.startswith('{"mentee": "李", "mentor": "gil"') for line in lines) == 1
    assert sum(line.startswith('{"mentee": ') for line in lines) == 2
    assert json.loads(text)["schema"] == SCHEMA


def test_findings_hold_no_place() -> None:
    """A result would hold file names and row numbers, and differ with the order of the rows."""
    finding = Finding("note", "odd", id="ana", source="/home/a/mentors.csv", row=7)
    document = json.loads(built(pair("ana", "di"), findings=[finding]).to_json())
    told = document["record"]["findings"]
    assert told == [
        {"severity": "note", "message": "odd", "mend": "", "id": "ana", "column": "", "value": ""}
    ]
    matching = mk.match(MENTORS, MENTEES)
    assert matching.record.findings
    assert all((one.source, one.row) == ("", None) for one in matching.record.findings)
    read = [*matching.people.mentors.findings, *matching.people.mentees.findings]
    assert any(one.source for one in read)


def test_other_people_are_refused() -> None:
    """Answers would be given about people whom the result was not made from."""
    text = mk.match(MENTORS, MENTEES).to_json()
    other = [{"id": "di", "skills": "sql:5"}, MENTORS[1]]
    with pytest.raises(mk.ResultError, match="these mentors are not the people of this result"):
        mk.Matching.from_json(text, mentors=other, mentees=MENTEES)
    with pytest.raises(mk.ResultError, match="these mentors and mentees are not"):
        mk.Matching.from_json(text, mentors=other, mentees=MENTEES[:1])
    pools = read_people(MENTORS, role="mentor"), read_people(MENTEES, role="mentee")
    again = mk.Matching.from_json(text, mentors=pools[0], mentees=pools[1])
    assert mk.verify(again) == ()


def test_one_side_alone_is_refused() -> None:
    """A result would be half attached."""
    with pytest.raises(mk.ProgramError, match="give both mentors and mentees, or neither"):
        mk.Matching.from_json(mk.match(MENTORS, MENTEES).to_json(), mentors=MENTORS)


def test_a_newer_result_is_refused() -> None:
    """An old matchkit would misread what a new one wrote."""
    data = stored() | {"schema": SCHEMA + 1}
    with pytest.raises(mk.ResultError, match=r"has schema 2 .* reads up to 1: update matchkit"):
        mk.Matching.from_json(json.dumps(data))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "it is not JSON"), ("[1, 2", "it is not JSON"), (b"\xff\xfe\x00", "it is not JSON"),
        ("[" * 100_000, "it is not JSON"), (None, "it is not JSON"), ("[]", "no schema number"),
        ("null", "no schema number"), ("{}", "no schema number"),
        ('{"schema": "1"}', "no schema number"), ('{"schema": true}', "no schema number"),
        ('{"schema": 1}', "certificate: Field required"),
    ],
)  # fmt: skip
def test_what_is_no_result_is_refused(text: Any, said: str) -> None:
    """Any file would end in a traceback of a parser."""
    with pytest.raises(mk.ResultError, match=said):
        mk.Matching.from_json(text)


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (("matches", 0, "points"), "12", "matches.0.points: Input should be a valid integer"),
        (("matches", 0, "points"), 1.5, "matches.0.points"),
        (("matches", 0, "parts", 1, "known"), 1, "matches.0.parts.1.known"),
        (("matches", 0, "surplus"), [1], "matches.0.surplus"),
        (("unmatched",), {}, "unmatched"),
        (("places", 1, "capacity"), None, "places.1.capacity"),
        (("record", "findings", 0, "severity"), "shrug", "record.findings.0.severity"),
        (("record", "hashes"), [], "record.hashes"),
        (("program", "criteria"), [{"kind": "Nothing"}], "cannot be read: .*'Nothing'"),
        (("program", "seed"), -1, "cannot be read: Program.seed"),
    ],
)
def test_a_spoiled_result_names_the_place(path: tuple[Any, ...], value: object, said: str) -> None:
    """Who has a broken file would not know where."""
    data = stored()
    inner: Any = data
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    with pytest.raises(mk.ResultError, match=said):
        mk.Matching.from_json(json.dumps(data))


def test_a_program_that_does_not_fit_its_people_is_refused() -> None:
    """A spoiled result would be called an infeasible round."""
    data = stored()
    data["program"]["constraints"] = [{"kind": "Locked", "mentee": "bo", "mentor": "nobody"}]
    with pytest.raises(mk.ResultError, match="does not fit its people: bo with nobody: no mentor"):
        mk.Matching.from_json(json.dumps(data), mentors=MENTORS, mentees=MENTEES)


def test_criteria_of_ones_own_come_back_when_they_are_given() -> None:
    """A result with a criterion of one's own could not be loaded."""
    program = mk.Program(criteria=(NearFloor(most=2),), rules=(SameFloor(),))
    mentees = [{"id": "ana", "floor": 2}]
    text = mk.match(MENTORS, mentees, program=program).to_json()
    with pytest.raises(mk.ResultError, match=r"NearFloor.*\n?.*custom=\(\.\.\.\)"):
        mk.Matching.from_json(text)
    again = mk.Matching.from_json(
        text, mentors=MENTORS, mentees=mentees, custom=[NearFloor, SameFloor]
    )
    assert again.to_json() == text
    assert mk.verify(again) == ()


def test_people_are_stored_as_they_were_understood() -> None:
    """A saved folder would be read as other people."""
    matching = mk.match(MENTORS, MENTEES)
    people = json.loads(people_document(matching.people))
    assert people["schema"] == SCHEMA
    again = mk.Matching.from_json(
        matching.to_json(), mentors=people["mentors"], mentees=people["mentees"]
    )
    assert mk.verify(again) == ()


def test_a_folder_without_people_is_told(tmp_path: Any) -> None:
    """A folder that somebody tidied up would end in a traceback."""
    (tmp_path / "matching.json").write_text(mk.match(MENTORS, MENTEES).to_json(), "utf-8")
    for text in ("[]", "5", "{", '{"mentors": []}'):
        (tmp_path / "people.json").write_text(text)
        with pytest.raises(mk.ResultError, match=r"people\.json does not hold mentors and mentees"):
            load(tmp_path)
