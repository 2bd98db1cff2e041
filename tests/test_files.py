"""Files are whole or absent, and no cell is a formula."""

from __future__ import annotations

import csv
import io
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import matchkit as mk
from matchkit import files
from matchkit.errors import ProgramError
from matchkit.files import csv_bytes, safe_cell, write_atomically, write_csv

FORMULAS = ["=1+1", "+1+cmd", "-2+3", "@SUM(A1)", "\t=1", " =1", "\r=1", "＝1", "＠x", "\u200b=1"]


@pytest.mark.parametrize("text", FORMULAS)
def test_formulas_are_neutralized(text: str) -> None:
    """Otherwise a profile could run code on the computer of the coordinator."""
    assert safe_cell(text).lstrip(" \t\r\u200b").startswith("'")


@pytest.mark.parametrize(
    "text", ["", "-5", "+4.5", "1,5", "12%", "R&D", "a-b", "C++", "x=1", "Ølav", "É-x", "(- x)"]
)
def test_harmless_cells_stay(text: str) -> None:
    """Otherwise ordinary names and numbers would be defaced."""
    assert safe_cell(text) == text


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_no_piece_starts_a_formula_under_any_delimiter(text: str) -> None:
    """Otherwise a spreadsheet that expects semicolons would still find a formula."""
    safe = safe_cell(text)
    if safe == text and files._NUMBER.fullmatch(text):
        return
    for piece in safe.replace("\t", ";").replace("\r", ";").replace("\n", ";").split(";"):
        assert not piece.strip().startswith(("=", "+", "-", "@"))
    assert safe.replace("'", "") == text.replace("'", "")


def test_csv_reads_back() -> None:
    """Otherwise quoting, line breaks or other alphabets would break the table."""
    rows = [["Åse, née 王", 'say "hi"\nnow', 3, None], ["=x", "", 0.5, True]]
    data = csv_bytes(["a", "b", "c", "d"], rows)
    assert data.startswith(b"\xef\xbb\xbf")
    read = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert read == [
        ["a", "b", "c", "d"],
        ["Åse, née 王", 'say "hi"\nnow', "3", ""],
        ["'=x", "", "0.5", "True"],
    ]


def test_files_are_replaced_whole(tmp_path: Path) -> None:
    """Otherwise an old file would stay, or temporary files would be left lying about."""
    goal = tmp_path / ("x" * 250)
    goal.write_bytes(b"old and long")
    write_atomically(goal, b"new")
    write_csv(tmp_path / "t.csv", ["a"], [["b"]])
    assert goal.read_bytes() == b"new"
    assert sorted(os.listdir(tmp_path)) == ["t.csv", goal.name]  # noqa: PTH208  # names only


def test_a_failed_write_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise a full disk would destroy what was there."""
    goal = tmp_path / "plan.csv"
    goal.write_bytes(b"old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ProgramError, match=r"plan\.csv.*no space left"):
        write_atomically(goal, b"new")
    assert goal.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [goal]


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    """Otherwise a wrong path would end in a traceback."""
    with pytest.raises(ProgramError, match="folder that exists"):
        write_atomically(tmp_path / "no" / "plan.csv", b"")


def test_files_of_others_stay(tmp_path: Path) -> None:
    """A list of people that becomes a page, or a mapping file, without a question."""
    people = tmp_path / "people.csv"
    people.write_text("id;skills\n1;sql\n", encoding="utf-8")
    matching = mk.match([{"id": "gil", "skills": "sql"}], [{"id": "ana", "goals": "sql"}])
    columns = mk.ColumnMap.of({"Job title": "role"})
    assert columns is not None
    for write in (lambda path: mk.report(matching, path), columns.save):
        with pytest.raises(mk.ProgramError, match="matchkit did not write, and stays as it is"):
            write(people)
        assert people.read_text(encoding="utf-8") == "id;skills\n1;sql\n"
        mine = tmp_path / f"mine-{id(write)}"
        mine.touch()  # an empty file is nobody's loss
        write(mine)
        first = mine.read_bytes()
        write(mine)
        assert mine.read_bytes() == first
