"""A round saved as a folder and read back."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

import matchkit as mk
from matchkit import export
from matchkit.errors import DetachedError, ProgramError, ResultError

MENTORS = [
    {"id": "di", "name": "=2+3", "email": "di@example.org", "skills": "sql:4", "team": "a"},
    {"id": "gil", "name": "Gil Ødegård", "skills": "python:5; =1+1", "team": "b"},
]
MENTEES = [
    {"id": "ana", "name": "Ana", "goals": "python; =1+1", "team": "a"},
    {"id": "bo", "name": "+Bo", "email": "bo@example.org", "goals": "sql", "team": "b"},
    {"id": "cy", "name": "@cy", "goals": "sql", "team": "b"},
]


@cache
def matching() -> mk.Matching:
    """Return a small round with one person left over."""
    return mk.match(MENTORS, MENTEES, program=mk.Program(rules=(mk.Different("team"),)))


def rows(path: Path) -> list[dict[str, str]]:
    """Read a table as a spreadsheet would."""
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_tables_name_people(tmp_path: Path) -> None:
    """A coordinator would have to look every id up, or could not write to anybody."""
    saved = export.save(matching(), tmp_path / "out")
    ana, bo = rows(saved / "matches.csv")
    assert (ana["mentee_id"], ana["mentee"], ana["mentor"]) == ("ana", "Ana", "Gil Ødegård")
    assert (bo["mentee_email"], bo["mentor_email"]) == ("bo@example.org", "di@example.org")
    assert bo["score"] == f"{matching()['bo'].score:.3f}"
    assert "Skill coverage" in bo["reasons"]
    (cy,) = rows(saved / "unmatched.csv")
    assert cy["mentee_id"] == "cy"
    assert cy["why"]
    assert "Different: team removed 1" in cy["rules"]


def test_no_cell_runs_as_a_formula(tmp_path: Path) -> None:
    """Opening the table would run what somebody wrote into the name field of a form."""
    saved = export.save(matching(), tmp_path / "out")
    cells = [cell for row in rows(saved / "matches.csv") for cell in row.values()]
    cells += [cell for row in rows(saved / "unmatched.csv") for cell in row.values()]
    assert {"'=2+3", "'+Bo", "'@cy"} <= set(cells)
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


def test_a_round_reads_back_with_its_people(tmp_path: Path) -> None:
    """Explaining and verifying would not work from the folder alone."""
    saved = export.save(matching(), tmp_path / "out")
    again = export.load(saved)
    assert again.to_json() == matching().to_json()
    assert again.people.mentees.fingerprint == matching().people.mentees.fingerprint
    assert mk.verify(saved) == ()


@pytest.mark.parametrize(("mentors", "mentees"), [(0, 0), (0, 3), (2, 0)])
def test_a_round_without_people_reads_back(tmp_path: Path, mentors: int, mentees: int) -> None:
    """An empty side would make the saved round unreadable."""
    guides, learners = pd.DataFrame(MENTORS)[:mentors], pd.DataFrame(MENTEES)[:mentees]
    again = export.load(export.save(mk.match(guides, learners), tmp_path / "out"))
    assert (again.record.mentors, again.record.mentees) == (mentors, mentees)


def test_same_people_same_files(tmp_path: Path) -> None:
    """Two runs over the same people could not be compared."""
    turned = mk.match(
        [dict(reversed(person.items())) for person in reversed(MENTORS)],
        MENTEES[::-1],
        program=matching().program,
    )
    first = export.save(matching(), tmp_path / "first")
    second = export.save(turned, tmp_path / "second")
    for path in sorted(first.iterdir()):
        if path.name != "report.html":  # it shows the headings in which the people came
            assert path.read_bytes() == (second / path.name).read_bytes(), path.name


def test_a_schedule_comes_with_tables_and_calendars(tmp_path: Path) -> None:
    """The follow-up would have to be written by hand."""
    plan = mk.schedule(matching(), start=date(2027, 1, 11))
    saved = export.save(matching(), tmp_path / "out", schedule=plan)
    assert rows(saved / "schedule.csv")
    assert list((saved / "calendar").glob("*.ics"))
    # A second run replaces the first, calendars included.
    export.save(matching(), saved)
    assert not (saved / "calendar").exists()


def test_a_failure_mid_way_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a result would be taken for a whole one."""

    def fail(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(export, "report", fail)
    with pytest.raises(ProgramError, match="no space left"):
        export.save(matching(), tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_other_peoples_files_are_kept(tmp_path: Path) -> None:
    """Notes that somebody put beside the tables would be deleted by the next run."""
    saved = export.save(matching(), tmp_path / "out")
    (saved / "notes.txt").write_text("call Ana", encoding="utf-8")
    with pytest.raises(ProgramError, match=r"notes\.txt"):
        export.save(matching(), saved)
    assert (saved / "notes.txt").exists()
    (saved / "notes.txt").unlink()
    (saved / "calendar").mkdir()
    (saved / "calendar" / "mine.txt").touch()
    with pytest.raises(ProgramError, match=r"calendar/mine\.txt"):
        export.check_goal(saved)


def test_a_folder_without_a_round_is_refused(tmp_path: Path) -> None:
    """A mistyped folder would be emptied."""
    (tmp_path / "matches.csv").write_text("mine", encoding="utf-8")
    with pytest.raises(ProgramError, match=r"matches\.csv"):
        export.save(matching(), tmp_path)
    assert (tmp_path / "matches.csv").read_text(encoding="utf-8") == "mine"


def test_a_detached_round_cannot_be_saved(tmp_path: Path) -> None:
    """The folder would lack the people that it is read back with."""
    detached = mk.Matching.from_json(matching().to_json())
    with pytest.raises(DetachedError):
        export.save(detached, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_changed_people_are_not_those_of_the_result(tmp_path: Path) -> None:
    """A result would be explained with other people's data."""
    saved = export.save(matching(), tmp_path / "out")
    people = json.loads((saved / "people.json").read_text(encoding="utf-8"))
    people["mentors"][0]["skills"] = "knitting"
    (saved / "people.json").write_text(json.dumps(people), encoding="utf-8")
    with pytest.raises(ResultError, match="hashes differ"):
        export.load(saved)


def test_a_taxonomy_is_saved_and_found_again(tmp_path: Path) -> None:
    """A round matched with one's own names could not be explained later, or by other names."""
    names = mk.Taxonomy.from_records([{"label": "Our cluster", "synonyms": "the beast; k8s"}])
    mentors = [{"id": "di", "skills": "Kubernetes:3"}, {"id": "gil", "skills": "the zoo:3"}]
    mentees = [{"id": "ana", "goals": "the beast"}]
    made = mk.match(mentors, mentees, taxonomy=names)
    assert made["ana"].mentor == "di"
    assert made.record.hashes["taxonomy"] == names.fingerprint
    folder = export.save(made, tmp_path / "out")
    again = export.load(folder)
    assert again.people.taxonomy == names
    assert mk.verify(again) == ()
    assert again.to_json() == made.to_json()
    export.save(again, folder)
    with pytest.raises(ResultError, match="made with a taxonomy"):
        mk.Matching.from_json(made.to_json(), mentors=mentors, mentees=mentees)
    plain = mk.match(mentors, mentees)
    assert "taxonomy" not in plain.record.hashes
    with pytest.raises(ResultError, match="made without a taxonomy"):
        mk.Matching.from_json(plain.to_json(), mentors=mentors, mentees=mentees, taxonomy=names)
    assert mk.verify(replace(made, round_=plain.round_))[0].message.startswith(
        "the hash of the tax"
    )


def test_a_taxonomy_by_its_path(tmp_path: Path) -> None:
    """The path of a file would have to be read by hand, or anything would pass as a taxonomy."""
    path = tmp_path / "names.csv"
    path.write_text("label,synonyms\nOur cluster,the beast;k8s\n", encoding="utf-8")
    mentors, mentees = [{"id": "di", "skills": "k8s:3"}], [{"id": "ana", "goals": "the beast"}]
    program = mk.Program(criteria=(mk.SkillCoverage(),))
    scores = mk.score(mentors, mentees, program=program, taxonomy=path)
    assert scores.points.tolist() == [[1_000_000]]
    assert mk.score(mentors, mentees, program=program).points.tolist() == [[0]]
    with pytest.raises(ProgramError, match="taxonomy is of type int"):
        mk.match(mentors, mentees, taxonomy=3)  # type: ignore[arg-type]


def test_saved_people_are_the_same_in_any_order(tmp_path: Path) -> None:
    """Two exports of the same people would make folders that differ."""
    mentors = [{"id": "di", "skills": "sql", "team": "a"}, {"id": "gil", "skills": "go"}]
    mentees = [{"id": "ana", "goals": "sql", "team": "b"}]
    turned = [dict(reversed(person.items())) for person in reversed(mentors)]
    texts = {
        (export.save(mk.match(side, mentees), tmp_path / name) / "people.json").read_bytes()
        for name, side in (("one", mentors), ("two", turned))
    }
    assert len(texts) == 1
