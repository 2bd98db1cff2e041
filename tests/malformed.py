"""The corpus of malformed inputs: where it lies, and how each of its files is made.

Texts stand as they are in ``tests/data/malformed``, one TOML file for each class; bytes stand
there in hexadecimal, and workbooks are built here, so that no binary file needs to be kept.
"""

from __future__ import annotations

import io
import re
import tomllib
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

CORPUS = Path(__file__).resolve().parent / "data" / "malformed"


@dataclass(frozen=True)
class Case:
    """One malformed input and what it must give.

    Attributes
    ----------
    kind, name, about : str
        The class, the name within it, and what is wrong, in words.
    data : bytes
        The file.
    suffix, role : str
        How the file is named, and as whom it is read.
    people : int
        How many people are read; -1 where the input is refused.
    record : dict of str to str
        The first person as read, every cell in canonical form.
    severity, says, row, column : str and int
        The finding that must be there: how grave it is, words of it, and where it points.
        Row 0 means that it names none.
    mentees, program : str
        For the class of rules: the other side, and the program of the round.
    """

    kind: str
    name: str
    about: str
    data: bytes
    suffix: str = ".csv"
    role: str = "mentor"
    people: int = -1
    record: dict[str, str] = field(default_factory=dict)
    severity: str = ""
    says: str = ""
    row: int = 0
    column: str = ""
    mentees: str = ""
    program: str = ""

    def write(self, folder: Path) -> Path:
        """Write the input into a folder."""
        path = folder / f"{self.kind}_{self.name}{self.suffix}"
        path.write_bytes(self.data)
        return path


def cases(kind: str = "") -> list[Case]:
    """Return the cases of one class, or all of them."""
    found = []
    for path in sorted(CORPUS.glob("*.toml")):
        if kind in {"", path.stem}:
            listed = tomllib.loads(path.read_text("utf-8"))["case"]
            found += [_case(path.stem, entry) for entry in listed]
    return found


def _case(kind: str, entry: dict[str, Any]) -> Case:
    """Make one case of what its file says."""
    content, encoded = entry.pop("content", ""), entry.pop("hex", "")
    if build := entry.pop("build", ""):
        data = BUILDERS[build]()
    else:
        data = bytes.fromhex(encoded) if encoded else content.encode()
    return Case(kind, data=data, **entry)


# Workbooks ----------------------------------------------------------------------------------------

PEOPLE: list[list[Any]] = [["id", "name", "capacity"], ["di", "Di", 2], ["gil", "Gil", 1]]
SHEET = "xl/worksheets/sheet1.xml"


def workbook(**sheets: list[list[Any]]) -> bytes:
    """Build a workbook."""
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def changed(part: str, change: Callable[[bytes], bytes], data: bytes | None = None) -> bytes:
    """Change one part of a workbook, or add it."""
    with zipfile.ZipFile(io.BytesIO(data or workbook(People=PEOPLE))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[part] = change(parts.get(part, b""))
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return made.getvalue()


def _rows(numbers: range) -> Callable[[bytes], bytes]:
    """Return a change that appends formatted rows without values."""
    tail = b"".join(b'<row r="%d"><c r="A%d" s="0"/></row>' % (i, i) for i in numbers)
    return lambda sheet: sheet.replace(b"</sheetData>", tail + b"</sheetData>")


def _last_row(sheet: bytes) -> bytes:
    cell = b'<row r="1048576"><c r="B1048576" t="inlineStr"><is><t> </t></is></c></row>'
    return sheet.replace(b"</sheetData>", cell + b"</sheetData>")


def _entities(_: bytes) -> bytes:
    levels = "".join(f'<!ENTITY e{i} "{f"&e{i - 1};" * 10}">' for i in range(1, 10))
    return (
        f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e0 "ha">{levels}]>'
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        '<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>&e9;</t></is></c></row></sheetData>'
        "</worksheet>"
    ).encode()


def _archive(*names: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name in names:
            archive.writestr(name, b"")
    return made.getvalue()


def _merged() -> bytes:
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["Mentors of the year"])
    sheet.merge_cells("A1:C1")
    for row in PEOPLE:
        sheet.append(row)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def _wide() -> bytes:
    return workbook(People=[[*PEOPLE[0], *[None] * 16_380, "x"], *PEOPLE[1:]])


BUILDERS: dict[str, Callable[[], bytes]] = {
    "long_cell": lambda: b"id,name\nana," + b"x" * 200_000 + b"\n",
    "nested": lambda: b"[" * 100_000,
    "digits": lambda: b'[{"id": ' + b"9" * 5_000 + b"}]",
    "plain": lambda: workbook(People=PEOPLE),
    "ghost_rows": lambda: changed(SHEET, _rows(range(4, 200_000))),
    "last_row": lambda: changed(SHEET, _last_row),
    "extent": lambda: changed(
        SHEET, lambda sheet: re.sub(b'ref="A1:C3"', b'ref="A1:XFD1048576"', sheet)
    ),
    "bomb": lambda: changed("xl/media/image1.png", lambda _: bytes(64 << 20)),
    "formula": lambda: workbook(People=[*PEOPLE, ["bo", "Bo", "=1+1"]]),
    "error_cell": lambda: workbook(People=[*PEOPLE, ["bo", "#REF!", 1]]),
    "two_sheets": lambda: workbook(A=PEOPLE, B=PEOPLE),
    "empty": lambda: workbook(People=[]),
    "truncated": lambda: workbook(People=PEOPLE)[:2_000],
    "broken_xml": lambda: changed(SHEET, lambda sheet: sheet[:-60]),
    "entities": lambda: changed(SHEET, _entities),
    "not_a_workbook": lambda: _archive("notes.txt"),
    "opendocument": lambda: _archive("mimetype", "content.xml"),
    "title": lambda: workbook(People=[["Mentors 2027"], [], *PEOPLE]),
    "dates": lambda: workbook(People=[PEOPLE[0], ["di", "Di", date(2027, 3, 2)]]),
    "numbers": lambda: workbook(People=[PEOPLE[0], [7.0, "Di", 2.0], [8, "Gil", None]]),
    "merged": _merged,
    "wide": _wide,
}
"""Files by the name under which a case asks for them."""
