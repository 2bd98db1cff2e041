"""verify(): sound results pass, spoiled ones do not, with people, without them, and on disk."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

import matchkit as mk
from matchkit import export
from tests.dice import sound_matching
from tests.faults import SPOILERS
from tests.test_program import NearFloor


def detached(matching: mk.Matching) -> mk.Matching:
    """Return the result without its people."""
    return replace(matching, round_=None)


def check_round(seed: int) -> Counter[str]:
    """Verify one round, then spoil it in every way; return the ways that applied."""
    matching = sound_matching(seed)
    assert mk.verify(matching) == ()
    assert mk.verify(detached(matching)) == ()
    used: Counter[str] = Counter()
    for name, (spoil, shows) in SPOILERS.items():
        spoiled = spoil(matching)
        if spoiled is None:
            continue
        used[name] += 1
        assert mk.verify(spoiled), name
        assert not shows or mk.verify(detached(spoiled)), name
    return used


def test_sound_results_pass_and_spoiled_ones_do_not() -> None:
    """A wrong result would be called proven, or a right one doubted."""
    used: Counter[str] = Counter()
    for seed in range(16):
        used += check_round(seed)
    assert {name for name in SPOILERS if not used[name]} == set()


@pytest.mark.parametrize("seed", range(100, 110))
def test_stored_results_pass(seed: int) -> None:
    """A result would be sound only until it is stored."""
    matching = sound_matching(seed)
    assert mk.verify(mk.Matching.from_json(matching.to_json())) == ()


@pytest.mark.slow
def test_a_thousand_of_each() -> None:
    """A fault that is rare would slip through the short run."""
    used: Counter[str] = Counter()
    for seed in range(1_000, 2_000):
        used += check_round(seed)
    assert {name for name in SPOILERS if used[name] < 100} == set()


def test_the_example_cohort_passes() -> None:
    """A result with text, hours in several zones and blanks would fail its own check."""
    mentors, mentees = mk.datasets.cohort(25, 60)
    program = mk.Program(start=mk.Program.from_toml_text("start = 2027-01-11").start)
    matching = mk.match(mentors, mentees, program=program)
    assert mk.verify(matching) == ()
    again = mk.Matching.from_json(matching.to_json(), mentors=mentors, mentees=mentees)
    assert mk.verify(again) == ()


MENTORS = [{"id": "di", "skills": "sql:4", "floor": 3}, {"id": "gil", "skills": "go:4", "floor": 1}]
MENTEES = [{"id": "ana", "goals": "sql", "floor": 3}, {"id": "bo", "goals": "go", "floor": 2}]


def test_faults_speak_of_people() -> None:
    """A fault would name a row that nobody has ever seen."""
    mentors = [*MENTORS, {"id": "flo", "skills": "law:4", "floor": 9}]
    matching = mk.match(mentors, [*MENTEES, {"id": "cy", "goals": "law; sql", "floor": 9}])
    places = tuple(
        replace(place, one_fewer=(0, 3)) if place.mentor == "gil" else place
        for place in matching.places
    )
    faults = mk.verify(replace(matching, places=places))
    assert any("mentor gil" in fault.message for fault in faults)
    assert not any(character.isdigit() for fault in faults for character in fault.message)


def test_a_saved_folder(tmp_path: Path) -> None:
    """A folder could not be checked after a year."""
    folder = export.save(mk.match(MENTORS, MENTEES), tmp_path / "out")
    assert mk.verify(folder) == ()
    assert mk.verify(str(folder)) == ()


def test_a_saved_folder_with_criteria_of_ones_own(tmp_path: Path) -> None:
    """A result could be saved and never checked."""
    program = mk.Program(criteria=(NearFloor(),))
    folder = export.save(mk.match(MENTORS, MENTEES, program=program), tmp_path / "out")
    assert mk.verify(folder, custom=[NearFloor]) == ()
    (fault,) = mk.verify(folder)
    assert fault.kind == "unreadable"
    assert "give your own criteria and rules as custom=(...)" in fault.message


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("matching.json", '"di"', '"gil"'), ("matching.json", '"rank": 1', '"rank": 2'),
        ("matching.json", '"total": ', '"total": 1'), ("people.json", "sql", "law"),
        ("people.json", '"bo"', '"cy"'), ("people.json", '"mentors"', '"people"'),
        ("people.json", '"id"', '"who"'),
        ("matching.json", '"seed": 0', '"seed": 1, "constraints": 5'),
        ("matching.json", '"constraints": []',
         '"constraints": [{"kind": "Locked", "mentee": "ana", "mentor": "nobody"}]'),
        ("matching.json", '"constraints": []',
         '"constraints": [{"kind": "Locked", "mentee": "ana", "mentor": "gil"}]'),
    ],
)  # fmt: skip
def test_a_changed_folder_is_told(file: str, old: str, new: str, tmp_path: Path) -> None:
    """Somebody could change a saved result and nobody would know."""
    folder = export.save(mk.match(MENTORS, MENTEES), tmp_path / "out")
    text = (folder / file).read_text("utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new), "utf-8")
    assert mk.verify(folder)


@pytest.mark.parametrize("file", ["matching.json", "people.json"])
def test_a_missing_file_is_told(file: str, tmp_path: Path) -> None:
    """A half folder would end in a traceback."""
    folder = export.save(mk.match(MENTORS, MENTEES), tmp_path / "out")
    (folder / file).unlink()
    (fault,) = mk.verify(folder)
    assert (fault.kind, fault.message.split(":")[0]) == ("unreadable", f"{file} cannot be read")
    (folder / file).write_bytes(b"\xff\xfe")
    assert mk.verify(folder)[0].kind == "unreadable"


def test_numbers_beyond_all_measure(tmp_path: Path) -> None:
    """A file with a huge number would end the check in a traceback."""
    folder = export.save(mk.match(MENTORS, MENTEES), tmp_path / "out")
    path = folder / "matching.json"
    document = json.loads(path.read_text("utf-8"))
    document["certificate"]["bound"] = 10**400
    path.write_text(json.dumps(document), "utf-8")
    assert mk.verify(folder)


def test_wording_of_another_version_is_no_fault() -> None:
    """An update that says a thing better would make every old result unsound."""
    matching = mk.match(MENTORS, [*MENTEES, {"id": "cy", "goals": "law"}])
    older = replace(matching.record, versions={**matching.record.versions, "matchkit": "0.0.1"})
    first, *rest = matching.matches
    reworded = replace(first, cautions=("said otherwise",))
    old = replace(matching, record=older, matches=(reworded, *rest))
    assert mk.verify(old) == ()
    assert mk.verify(replace(old, matches=(replace(reworded, rank=7), *rest)))
    (one,) = matching.unmatched
    assert mk.verify(replace(old, unmatched=(replace(one, remedy="Wait."),))) == ()
    assert mk.verify(replace(old, unmatched=(replace(one, eligible=7),)))
