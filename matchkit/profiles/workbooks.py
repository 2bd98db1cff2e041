"""Excel workbooks: sized up before anything large is unpacked, then read row by row.

A workbook is a zip archive of XML. A small file can unpack to gigabytes, and a sheet of
twenty people can reach to row 1,048,576 because somebody once formatted a whole column. So
the archive's own list of sizes is read first, then each sheet is passed over once in small
pieces for the last row that holds a value; only that part is given to openpyxl.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import chain, islice
from typing import Any, Final

from matchkit.errors import ProfileError
from matchkit.profiles.frames import value_text
from matchkit.profiles.hints import Hints
from matchkit.profiles.shapes import SIGHTED, gather, heading_row
from matchkit.profiles.tables import Findings, Form, Table

LARGEST_PART: Final = 512 << 20
"""Bytes that one part of a workbook may unpack to."""

LARGEST_SWELL: Final = 200
"""How many times its packed size a part other than a sheet may unpack to, if it is large."""

WIDEST: Final = 2_000
"""Columns that a sheet of people may have."""

_LARGE: Final = 16 << 20
_PIECE: Final = 1 << 20
_OVERLAP: Final = 1 << 14
_VALUES: Final = (b"<v>", b"<v ", b"<is>", b"<is ", b":v>", b":is>")
_ROW: Final = re.compile(rb"""<(?:\w+:)?row\b(?:[^>]*?\br=["'](\d+)["'])?[^>]*>""")
_FORMULA: Final = re.compile(
    rb"""<c\b[^>]*?\br=["']([A-Z]{1,3}\d+)["'][^>]*><f\b(?:[^>]*/>|[^>]*>[^<]*</f>)"""
    rb"""(?:<v\s*/>|<v></v>)?</c>"""
)
_SAVE_MEND: Final = "save the sheet as 'CSV UTF-8' or as an .xlsx workbook"
_SHRINK_MEND: Final = "copy the people alone into a new workbook, or " + _SAVE_MEND


@dataclass(frozen=True)
class _Extent:
    """Where the values of a sheet end, and which formulas have none."""

    last_row: int
    unfinished: tuple[str, ...]


def read_workbook(data: bytes, findings: Findings, hints: Hints) -> Table:
    """Read one sheet of an Excel workbook into a table of text.

    Parameters
    ----------
    data : bytes
        The whole file (.xlsx or .xlsm).
    findings : Findings
        Gets what is noticed, sheets that were not read among it.
    hints : Hints
        The sheet, if the user names one; else the one named after the role, else the first
        that holds anything.

    Returns
    -------
    Table
        Every cell as text, rows numbered as the spreadsheet shows them.

    Raises
    ------
    ProfileError
        It is no workbook, openpyxl is missing, or it unpacks to more than is reasonable.
    """
    try:
        import openpyxl
    except ModuleNotFoundError as error:
        findings.add("error", "Excel workbooks need openpyxl, which is not installed",
                     "pip install 'matchkit[excel]', or save the sheet as 'CSV UTF-8'")  # fmt: skip
        raise ProfileError(findings.errors()) from error
    _size_up(data, findings)
    try:
        with warnings.catch_warnings():
            # It warns of styles and extensions that it does not know; cells are not among them.
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
            try:
                return _read_sheet(data, book, findings, hints)
            finally:
                book.close()
    except ProfileError:
        raise
    except Exception as error:  # openpyxl lets through whatever its parsers meet
        findings.add("error", f"the workbook is damaged: {_reason(error)}", _SAVE_MEND)
        raise ProfileError(findings.errors()) from error


def _reason(error: Exception) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())[:200]


def _size_up(data: bytes, findings: Findings) -> None:
    """Refuse what is no workbook, or unpacks to too much, from the archive's own list."""
    try:
        parts = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        findings.add("error", f"the workbook is damaged: {_reason(error)}", _SAVE_MEND)
        raise ProfileError(findings.errors()) from error
    names = {part.filename for part in parts}
    if "xl/workbook.xml" not in names:
        what = "an OpenDocument file" if "mimetype" in names else (
            "a binary Excel workbook (.xlsb)" if "xl/workbook.bin" in names else "a zip archive"
        )  # fmt: skip
        findings.add("error", f"the file is {what}, neither CSV nor an .xlsx workbook", _SAVE_MEND)
    for part in parts:
        swollen = part.file_size > _LARGE and (
            part.file_size > LARGEST_SWELL * max(1, part.compress_size)
        )
        sheet = part.filename.startswith("xl/worksheets/")
        if part.file_size > LARGEST_PART or (swollen and not sheet):
            size = part.file_size / 2**20
            findings.add("error", f"{part.filename!r} in the workbook unpacks to {size:,.0f} MiB",
                         _SHRINK_MEND)  # fmt: skip
    if findings.errors():
        raise ProfileError(findings.errors())


def _read_sheet(data: bytes, book: Any, findings: Findings, hints: Hints) -> Table:
    """Choose a sheet and read the part of it that holds values."""
    archive = zipfile.ZipFile(io.BytesIO(data))
    sheets = {
        sheet.title: (sheet, _extent(archive, sheet._worksheet_path))  # noqa: SLF001
        for sheet in book.worksheets
    }
    title = _chosen({name: extent.last_row for name, (_, extent) in sheets.items()}, findings,
                    hints)  # fmt: skip
    sheet, extent = sheets[title]
    for cell in extent.unfinished:
        findings.add(
            "error", f"the formula in cell {cell} has no stored result",
            "open the workbook in a spreadsheet and save it, so that results are stored",
            row=int(re.sub("[A-Z]", "", cell)),
        )  # fmt: skip
    records = _records(sheet, extent.last_row, findings)
    first = list(islice(records, SIGHTED))
    above, _ = heading_row(first, hints.knows)
    width = _width(first, above, findings)
    table = gather(_fitted(chain(first, records), width), above, findings)
    return Table(table.headings, table.cells, table.rows, Form("Excel workbook", sheet=title))


def _chosen(sheets: dict[str, int], findings: Findings, hints: Hints) -> str:
    """Return the title of the sheet to read; sheets passed over are named."""
    filled = [title for title, last_row in sheets.items() if last_row]
    if hints.sheet:
        if hints.sheet in sheets:
            return hints.sheet
        listed = ", ".join(map(repr, sheets)) or "none"
        findings.add("error", f"there is no sheet {hints.sheet!r}; the sheets are {listed}",
                     "correct or remove 'sheet'")  # fmt: skip
        raise ProfileError(findings.errors())
    if not filled:
        findings.add("error", "the workbook is empty", "write the headings in its first row")
        raise ProfileError(findings.errors())
    named = [title for title in filled if hints.role and hints.role in title.casefold()]
    title = named[0] if len(named) == 1 else filled[0]
    others = ", ".join(repr(each) for each in filled if each != title)
    if others:
        findings.add(
            "note" if named else "warning", f"the sheet {title!r} was read, but not {others}",
            "" if named else "name the sheet in a mapping file, or remove the others",
        )  # fmt: skip
    return title


def _extent(archive: zipfile.ZipFile, path: str) -> _Extent:
    """Pass over a sheet in small pieces, for its last value and for formulas without one."""
    last_row, row, kept, done, offset = 0, 0, b"", 0, 0
    unfinished: dict[str, None] = {}
    with archive.open(path) as stream:
        while piece := stream.read(_PIECE):
            window = kept + piece
            value_at = max(map(window.rfind, _VALUES))
            for found in _ROW.finditer(window):
                if offset + found.start() < done:
                    continue  # seen in the piece before
                if value_at >= 0 and found.start() > value_at:
                    last_row, value_at = row, -1
                row = int(found.group(1) or row + 1)
                done = offset + found.end()
            last_row = row if value_at >= 0 else last_row
            unfinished.update((cell.decode(), None) for cell in _FORMULA.findall(window))
            kept = window[-_OVERLAP:]
            offset += len(window) - len(kept)
    return _Extent(last_row, tuple(unfinished))


def _records(sheet: Any, last_row: int, findings: Findings) -> Iterator[Sequence[str]]:
    """Yield the rows of a sheet as text, up to the last that holds a value."""
    sheet.reset_dimensions()  # the extent that a workbook states is often wrong
    for number, cells in enumerate(sheet.iter_rows(max_row=last_row, values_only=True), start=1):
        yield [_text(value, number, findings) for value in cells]


def _text(value: object, row: int, findings: Findings) -> str:
    """Write the value of one cell."""
    if value is None:
        return ""
    if value.__class__ is str:
        return str(value)
    if isinstance(value, timedelta):
        minutes = int(value.total_seconds()) // 60
        return f"{minutes // 60}:{minutes % 60:02d}"
    try:
        return value_text(value)
    except ValueError as error:
        findings.add("error", str(error), "write text or a number", row=row, value=repr(value))
        return ""


def _width(first: list[Sequence[str]], above: int, findings: Findings) -> int:
    """Return how many columns count: up to the last heading."""
    headings = first[above] if above >= 0 else []
    width = max((i + 1 for i, text in enumerate(headings) if text.strip()), default=0)
    if width > WIDEST:
        findings.add("error", f"the headings reach to column {width:,}", _SHRINK_MEND)
        raise ProfileError(findings.errors())
    return width


def _fitted(records: Iterator[Sequence[str]], width: int) -> Iterator[Sequence[str]]:
    """Make rows as wide as the headings: a sheet stores no blank cells at the end of a row."""
    for record in records:
        end = len(record)
        while end > width and not record[end - 1].strip():
            end -= 1
        yield [*record[:end], *[""] * (width - end)]
