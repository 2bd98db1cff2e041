"""Excel workbooks: one sheet read as a table, and workbooks that are too much."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import matchkit as mk
from matchkit.errors import Finding, ProfileError
from matchkit.profiles import Pool, examine_people, read_people, workbooks

PEOPLE: list[list[Any]] = [["id", "name", "capacity"], ["di", "Di", 2], ["gil", "Gil", None]]


def write(path: Path, sheets: dict[str, list[list[Any]]]) -> Path:
    """Write a workbook."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def changed(path: Path, name: str, change: Any) -> Path:
    """Change the bytes of one part of a workbook."""
    with zipfile.ZipFile(path) as archive:
        parts = {each: archive.read(each) for each in archive.namelist()}
    parts[name] = change(parts[name])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for each, content in parts.items():
            archive.writestr(each, content)
    return path


def read(path: Path, **options: Any) -> Pool:
    """Read a workbook as mentors."""
    return read_people(path, role="mentor", **options)


def faults(path: Path, **options: Any) -> tuple[Finding, ...]:
    """Return what is wrong with a workbook."""
    with pytest.raises(ProfileError) as caught:
        read(path, **options)
    return caught.value.findings


def test_a_sheet_is_read_as_a_table(tmp_path: Path) -> None:
    """A coordinator would have to save each workbook as CSV first."""
    pool = read(write(tmp_path / "mentors.xlsx", {"People": PEOPLE}))
    assert pool.ids.tolist() == ["di", "gil"]
    assert pool.capacity.tolist() == [2, 1]
    assert pool.rows.tolist() == [2, 3]


def test_a_workbook_and_its_csv_are_the_same_people(tmp_path: Path) -> None:
    """Saving as CSV would change the result."""
    (tmp_path / "p.csv").write_text("id,name,capacity\ndi,Di,2\ngil,Gil,\n")
    book = write(tmp_path / "p.xlsx", {"Sheet1": PEOPLE})
    assert read(book).fingerprint == read(tmp_path / "p.csv").fingerprint


def test_values_become_text(tmp_path: Path) -> None:
    """A number would be read as 7.0, a date or an hour would end in a traceback."""
    rows: list[list[Any]] = [
        ["id", "born", "at", "long", "ok", "share"],
        [7.0, date(1990, 5, 1), time(9, 30), timedelta(hours=30), True, 0.5],
    ]
    (record,) = read(write(tmp_path / "p.xlsx", {"S": rows})).to_records()
    assert record == {
        "id": "7", "born": "1990-05-01", "at": "09:30:00", "long": "30:00", "ok": "yes",
        "share": "0.5",
    }  # fmt: skip


def test_rows_above_the_headings_and_blank_ones(tmp_path: Path) -> None:
    """A title above the table would be taken for headings, or rows be miscounted."""
    rows = [["Mentors 2027"], [], *PEOPLE[:2], [], PEOPLE[2]]
    pool = read(write(tmp_path / "p.xlsx", {"S": rows}))
    assert pool.rows.tolist() == [4, 6]
    assert any("'Mentors 2027'" in each.message for each in pool.findings)


def test_the_sheet_of_the_role_is_read(tmp_path: Path) -> None:
    """One workbook with a sheet for each side could not be matched."""
    sheets = {"Mentors": PEOPLE, "Mentees": [["id", "name"], ["ana", "Ana"]], "Notes": [["x"]]}
    book = write(tmp_path / "round.xlsx", sheets)
    assert read_people(book, role="mentee").ids.tolist() == ["ana"]
    assert [pair.mentee for pair in mk.match(book)] == ["ana"]


def test_sheets_that_are_not_read_are_named(tmp_path: Path) -> None:
    """People on a second sheet would be lost without a word."""
    book = write(tmp_path / "p.xlsx", {"A": PEOPLE, "B": PEOPLE, "C": []})
    (finding,) = (each for each in read(book).findings if each.severity == "warning")
    assert finding.message == "the sheet 'A' was read, but not 'B'"
    chosen = mk.ColumnMap.from_toml_text('[file]\nsheet = "B"')
    form = examine_people(book, columns=chosen).form
    assert form is not None
    assert form.sheet == "B"
    unknown = mk.ColumnMap.from_toml_text('[file]\nsheet = "X"')
    assert "there is no sheet 'X'; the sheets are 'A', 'B', 'C'" in faults(
        book, columns=unknown
    )[0].message  # fmt: skip


def test_an_empty_workbook_is_said_to_be_empty(tmp_path: Path) -> None:
    """It would end in a traceback."""
    assert "empty" in faults(write(tmp_path / "p.xlsx", {"A": []}))[0].message


def test_formulas_without_a_result_are_named(tmp_path: Path) -> None:
    """A cell that a program wrote as a formula would be read as blank."""
    book = write(tmp_path / "p.xlsx", {"A": [*PEOPLE, ["bo", "Bo", "=1+1"]]})
    (fault,) = faults(book)
    assert (fault.row, fault.message) == (4, "the formula in cell C4 has no stored result")


def test_spreadsheet_errors_are_errors(tmp_path: Path) -> None:
    """The text #N/A would become somebody's name."""
    book = write(tmp_path / "p.xlsx", {"A": [PEOPLE[0], ["di", "#N/A", 1]]})
    assert faults(book)[0].row == 2


def ghosts(rows: int) -> Any:
    """Return a change that appends formatted rows without values."""
    tail = b"".join(b'<row r="%d"><c r="A%d" s="0"/></row>' % (i, i) for i in range(4, rows))
    return lambda sheet: sheet.replace(b"</sheetData>", tail + b"</sheetData>")


def test_rows_that_are_only_formatted_do_not_count(tmp_path: Path) -> None:
    """A column formatted to its last row would make a million people, or take minutes."""
    book = changed(write(tmp_path / "p.xlsx", {"A": PEOPLE}), "xl/worksheets/sheet1.xml",
                   ghosts(200_000))  # fmt: skip
    assert len(read(book)) == 2


def test_stated_extents_are_not_believed(tmp_path: Path) -> None:
    """A sheet that claims to reach to its last cell would be padded to it."""
    book = changed(
        write(tmp_path / "p.xlsx", {"A": PEOPLE}), "xl/worksheets/sheet1.xml",
        lambda sheet: re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1:XFD1048576"', sheet),
    )  # fmt: skip
    assert len(read(book)) == 2


def test_rows_need_not_be_numbered(tmp_path: Path) -> None:
    """Sheets of programs that leave the numbers out would lose all but their first row."""
    book = changed(write(tmp_path / "p.xlsx", {"A": PEOPLE}), "xl/worksheets/sheet1.xml",
                   lambda sheet: re.sub(rb'<row r="\d+"', b"<row", sheet))  # fmt: skip
    assert len(read(book)) == 2


def test_sheets_longer_than_a_piece_keep_their_last_row(tmp_path: Path, monkeypatch: Any) -> None:
    """The rows behind the first piece of a sheet would be lost."""
    people = [["id"], *([f"p{i}"] for i in range(500))]
    book = write(tmp_path / "p.xlsx", {"A": people})
    monkeypatch.setattr(workbooks, "_PIECE", 700)
    monkeypatch.setattr(workbooks, "_OVERLAP", 200)
    assert len(read(book)) == 500


@pytest.mark.parametrize(("part", "size"), [("xl/media/big.bin", 20), ("xl/sharedStrings.xml", 20)])
def test_what_unpacks_to_too_much_is_refused(tmp_path: Path, part: str, size: int) -> None:
    """A small file would take all memory."""
    book = write(tmp_path / "p.xlsx", {"A": PEOPLE})
    with zipfile.ZipFile(book, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(part.replace("sharedStrings", "sharedStrings2"), b" " * (size << 20))
    assert f"unpacks to {size} MiB" in faults(book)[0].message


def test_large_sheets_are_refused(tmp_path: Path, monkeypatch: Any) -> None:
    """A sheet of gigabytes would take all memory."""
    monkeypatch.setattr(workbooks, "LARGEST_PART", 100)
    assert "unpacks to" in faults(write(tmp_path / "p.xlsx", {"A": PEOPLE}))[0].message


def test_headings_beyond_reason_are_refused(tmp_path: Path, monkeypatch: Any) -> None:
    """A stray word in the last column would make each row sixteen thousand cells wide."""
    monkeypatch.setattr(workbooks, "WIDEST", 2)
    assert "column 3" in faults(write(tmp_path / "p.xlsx", {"A": PEOPLE}))[0].message


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["mimetype", "content.xml"], "an OpenDocument file"),
        (["xl/workbook.bin"], "a binary Excel workbook"),
        (["a.txt"], "a zip archive"),
        (["xl/workbook.xml"], "the workbook is damaged"),
    ],
)
def test_other_archives_are_named(tmp_path: Path, names: list[str], message: str) -> None:
    """Another kind of file would end in a traceback."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name in names:
            archive.writestr(name, b"")
    (tmp_path / "p.xlsx").write_bytes(data.getvalue())
    assert message in faults(tmp_path / "p.xlsx")[0].message


def test_without_openpyxl_the_extra_is_named(tmp_path: Path, monkeypatch: Any) -> None:
    """A newcomer would see an import error."""
    book = write(tmp_path / "p.xlsx", {"A": PEOPLE})
    monkeypatch.setitem(__import__("sys").modules, "openpyxl", None)
    (fault,) = faults(book)
    assert "matchkit[excel]" in fault.mend


def test_a_broken_sheet_is_a_fault(tmp_path: Path) -> None:
    """Errors of openpyxl would reach the user."""
    book = changed(write(tmp_path / "p.xlsx", {"A": PEOPLE}), "xl/worksheets/sheet1.xml",
                   lambda sheet: sheet[:-40])  # fmt: skip
    assert "the workbook is damaged" in faults(book)[0].message
