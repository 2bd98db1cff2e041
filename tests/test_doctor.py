"""The import doctor on the command line: what it shows, asks and saves."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

import matchkit as mk
from matchkit import cli

Run = tuple[int, str, str]
PEOPLE = """\
Timestamp,Email Address,I want to be a,Topics,Where are you based?
t,ana@example.org,Mentee,sql,Oslo
t,di@example.org,Both,sql;go,Rome
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with one file of people, in which the commands run."""
    (tmp_path / "people.csv").write_text(PEOPLE)
    (tmp_path / "map.toml").write_text(
        '[mentors]\nTopics = "skills"\n[mentees]\nTopics = "goals"\n'
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(capsys: pytest.CaptureFixture[str], *words: str) -> Run:
    """Return status, standard output and standard error of a command."""
    with pytest.raises(SystemExit) as end:
        cli.app(list(words))
    out, err = capsys.readouterr()
    return int(end.value.code or 0), out, err


def test_a_question_is_asked_once_and_stops(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The user would not be asked, or twice, or the round go on with a guess."""
    status, out, err = run(capsys, "check", "people.csv")
    assert status == 2
    assert "Google Forms: CSV, utf-8, delimited by commas" in out
    assert err.count("question: people.csv, column Topics") == 1
    status, _, err = run(capsys, "match", "people.csv", "--out", "out")
    assert (status, (folder / "out").exists()) == (2, False)
    assert "'Topics' could mean 'skills' or 'goals'" in err


def test_an_answer_in_a_mapping_file_lets_the_round_go_on(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The user's answer would not count in the check or in the round."""
    status, out, err = run(capsys, "check", "people.csv", "--columns", "map.toml")
    assert (status, err) == (0, "")
    lines = {line.split("  ")[0]: " ".join(line.split()) for line in out.splitlines()}
    assert lines["people"] == "people 1 mentor, 2 mentees, told apart by 'I want to be a'"
    status, _, _ = run(capsys, "match", "people.csv", "--columns", "map.toml", "--out", "out")
    assert status == 0
    matching = mk.Matching.from_json((folder / "out/matching.json").read_text("utf-8"))
    assert matching["ana@example.org"].mentor == "di@example.org"
    assert matching.record.mapping["mentors"]["Topics"] == "skills"
    assert matching.record.mapping["mentees"]["Topics"] == "goals"


def test_the_mapping_used_is_saved_and_reads_back(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What the check understood could not be kept for the next export of the same form."""
    status, _, _ = run(
        capsys, "check", "people.csv", "--columns", "map.toml", "--save-columns", "used.toml"
    )
    assert status == 0
    used = mk.ColumnMap.from_toml(folder / "used.toml")
    assert used.columns["Where are you based?"] == "location"
    for role in ("mentor", "mentee"):
        one, other = (
            mk.read_people("people.csv", role=role, columns=name)
            for name in ("map.toml", "used.toml")
        )
        assert one.fingerprint == other.fingerprint
        assert one.mapping == other.mapping


def test_json_holds_all_that_is_shown(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A machine could not read findings, form and mapping."""
    assert (folder / "people.csv").exists()
    status, out, err = run(capsys, "check", "people.csv", "--json")
    (file,) = json.loads(out)["files"]
    assert (status, err) == (2, "")
    assert file["people"] == {"mentor": None, "mentee": None}
    assert file["read_as"]["preset"] == "Google Forms"
    assert file["mapping"]["Email Address"] == "email"
    assert file["findings"][0]["severity"] == "question"
    assert set(file["findings"][0]) == {
        "severity", "message", "mend", "id", "column", "value", "source", "row",
    }  # fmt: skip


def test_a_workbook_with_a_sheet_for_each_side(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The second sheet would never be checked."""
    book = openpyxl.Workbook()
    book.worksheets[0].title = "Mentors"
    book.worksheets[0].append(["id", "skills"])
    sheet = book.create_sheet("Mentees")
    sheet.append(["id", "goals"])
    sheet.append(["ana", "sql:9"])
    book.save(folder / "round.xlsx")
    status, _, err = run(capsys, "check", "round.xlsx")
    assert status == 2
    assert "round.xlsx, row 2, column goals" in err


def test_left_out_columns_and_files_of_nobody(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A column that the mapping leaves out would not be named, nor who is read for no side."""
    (folder / "list.csv").write_text("id;shoe\na;43\n")
    (folder / "m.toml").write_text('[columns]\nshoe = ""\n')
    status, out, _ = run(capsys, "check", "list.csv", "--columns", "m.toml")
    lines = {line.split("  ")[0]: " ".join(line.split()) for line in out.splitlines()}
    assert status == 0
    assert lines["left out"] == "left out shoe"
    assert lines["people"] == "people 1 person"
    status, out, _ = run(capsys, "check", "nobody.csv")
    assert status == 2
    assert "read as" not in out
