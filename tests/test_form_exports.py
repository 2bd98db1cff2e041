"""Raw exports of forms, as they come: from the check to the round."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import openpyxl
import pytest

import matchkit as mk
from matchkit import cli
from matchkit.profiles import examine_people
from scripts import form_export

PROGRAM = mk.Program(start=date(2027, 1, 11))


def test_the_example_is_what_its_script_writes() -> None:
    """The shipped export would be of other people than those of the cohort."""
    assert form_export.PATH.read_text("utf-8") == form_export.text()


def test_a_raw_export_is_matched_without_a_touch() -> None:
    """A coordinator would have to edit the export by hand."""
    examined = examine_people(form_export.PATH)
    assert examined.form is not None
    assert examined.form.preset == "Google Forms"
    assert examined.sides == {"mentor": form_export.MENTORS, "mentee": form_export.MENTEES}
    assert {each.severity for each in examined.findings} == {"repaired", "note"}
    matching = mk.match(form_export.PATH, program=PROGRAM)
    assert len(matching) == form_export.MENTEES
    assert mk.verify(matching) == ()
    assert {"SkillCoverage", "SharedHours", "SeniorityGap"}.isdisjoint(
        name for name, _ in matching.record.skipped
    )


def test_what_is_repaired_stands_below_its_column(capsys: pytest.CaptureFixture[str]) -> None:
    """A long question would be repeated on every line, and hide what was read."""
    with pytest.raises(SystemExit):
        cli.app(["check", str(form_export.PATH)])
    lines = capsys.readouterr().out.splitlines()
    at = lines.index("repaired: google_form.csv, column What is your time zone?")
    assert lines[at + 1] == "  row 2: 'Sao Paulo' was read as 'America/Sao_Paulo' (2 cells)"


def microsoft(path: Path, side: str) -> Path:
    """Turn the answers of one side into a workbook as Microsoft Forms writes it."""
    with form_export.PATH.open(encoding="utf-8", newline="") as file:
        answers = [row for row in csv.DictReader(file) if row["I want to be a"] == side]
    questions = list(answers[0])[4:]
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Form1"
    sheet.append(["ID", "Start time", "Completion time", "Email", "Name",
                  *(f"{question}\xa0" for question in questions)])  # fmt: skip
    for number, answer in enumerate(answers, start=1):
        cells = [answer[question] for question in questions]
        ticked = [f"{cell.replace(', ', ';')};" if ", " in cell else cell for cell in cells]
        sheet.append([number, answer["Timestamp"], answer["Timestamp"], answer["Email Address"],
                      answer["Your name"], *ticked])  # fmt: skip
    book.save(path)
    return path


def test_two_workbooks_of_forms_give_the_same_round(tmp_path: Path) -> None:
    """The same answers would be matched otherwise through another form."""
    mentors = microsoft(tmp_path / "mentors.xlsx", "Mentor")
    mentees = microsoft(tmp_path / "mentees.xlsx", "Mentee")
    form = examine_people(mentors, role="mentor").form
    assert form is not None
    assert form.preset == "Microsoft Forms"
    one, other = (
        mk.match(mentors, mentees, program=PROGRAM),
        mk.match(form_export.PATH, program=PROGRAM),
    )
    assert [(each.mentee, each.mentor, each.points) for each in one] == [
        (each.mentee, each.mentor, each.points) for each in other
    ]
