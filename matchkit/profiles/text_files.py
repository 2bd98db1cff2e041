"""CSV files: encoding, delimiter, and records numbered as a spreadsheet shows them."""

from __future__ import annotations

import codecs
import contextlib
import csv
import io
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from matchkit.errors import ProfileError
from matchkit.profiles.schema import columns_meant, columns_stood_for
from matchkit.profiles.tables import Encoder, Findings, Table, holds_control_character

if TYPE_CHECKING:
    from os import PathLike

_BYTE_ORDER_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # begins like the mark of UTF-16, so it comes first
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_KNOWN_FORMATS: Final = (
    (b"PK\x03\x04", "a workbook or another zip archive"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook"),
    (b"%PDF", "a PDF"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"PAR1", "a Parquet file"),
    (b"SQLite format 3", "a database"),
)
_DELIMITERS: Final = ",;\t"
_CSV_MEND: Final = "save it as 'CSV UTF-8'"
_HEAD: Final = 1 << 16
_CHUNK: Final = 1 << 13


def read_csv(path: str | PathLike[str], findings: Findings) -> Table:
    """Read a CSV file into a table of text.

    Parameters
    ----------
    path : str or PathLike
        UTF-8, UTF-16 or Windows-1252; delimited by ``,``, ``;`` or tab.
    findings : Findings
        Gets what is noticed, ragged rows among it.

    Returns
    -------
    Table
        The rows that have as many fields as there are headings.

    Raises
    ------
    ProfileError
        The file cannot be read at all, or its quotes don't match.
    """
    data = _read_bytes(Path(path), findings)
    encoding = _encoding(data, findings)
    head = data[:_HEAD].decode(encoding, errors="ignore")
    delimiter = _delimiter(head)
    try:
        return _table(_records(data, encoding, delimiter), findings)
    except csv.Error as error:
        findings.add(
            "error", f"the quotes of this row don't match ({error})",
            "write a quote inside a quoted cell twice, and close each quoted cell",
            row=_rows_read(_records(data, encoding, delimiter)) + 1,
        )  # fmt: skip
    raise ProfileError(findings.errors())


def _records(data: bytes, encoding: str, delimiter: str) -> Iterator[list[str]]:
    """Return the records of a file, one after the other, without holding its text."""
    stream = io.TextIOWrapper(io.BytesIO(data), encoding=encoding, newline="")
    return csv.reader(stream, delimiter=delimiter, strict=True, skipinitialspace=True)


def _rows_read(records: Iterator[list[str]]) -> int:
    """Count the records before the one that cannot be read."""
    count = 0
    with contextlib.suppress(csv.Error):
        for _ in records:
            count += 1
    return count


def csv_form(path: str | PathLike[str]) -> tuple[str, str] | None:
    """Tell under which encoding and delimiter a CSV file is read.

    Parameters
    ----------
    path : str or PathLike
        The file.

    Returns
    -------
    tuple of str or None
        The encoding as Python names it, and the delimiter; None where `read_csv` would not
        read the file at all.
    """
    findings = Findings(Path(path).name)
    try:
        data = _read_bytes(Path(path), findings)
        encoding = _encoding(data, findings)
    except ProfileError:
        return None
    return encoding, _delimiter(data[:_HEAD].decode(encoding, errors="ignore"))


def _read_bytes(path: Path, findings: Findings) -> bytes:
    """Read a regular file whole, or say why not."""
    try:
        if path.is_dir():
            findings.add("error", "this is a folder, not a file", "name the CSV file in it")
        elif not path.exists():
            findings.add("error", f"there is no file {str(path)!r}", "check the path")
        elif not path.is_file():
            findings.add("error", "this is not a regular file", "save the people to a file first")
        else:
            return path.read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        findings.add("error", f"the file cannot be read: {reason}", "check path and permissions")
    raise ProfileError(findings.errors())


def _encoding(data: bytes, findings: Findings) -> str:
    """Return the encoding of a file; a guess is noted, anything that is no text an error."""
    marked = next((name for mark, name in _BYTE_ORDER_MARKS if data.startswith(mark)), None)
    what = next((what for magic, what in _KNOWN_FORMATS if data.startswith(magic)), None)
    if what is not None:
        findings.add("error", f"the file is {what}, not CSV", _CSV_MEND)
    elif marked is not None:
        if _decodes(data, marked):
            return marked
        findings.add("error", f"the file is marked as {marked.upper()} but is not", _CSV_MEND)
    elif b"\0" in data:
        guess = "utf-16-le" if data.find(b"\0") % 2 else "utf-16-be"
        if _decodes(data, guess) and not holds_control_character(data.decode(guess)):
            findings.add(
                "warning", "the file has no byte-order mark; it was read as UTF-16, a guess",
                _CSV_MEND,
            )  # fmt: skip
            return guess
        line = data.count(b"\n", 0, data.find(b"\0")) + 1
        findings.add("error", f"the file is not text: it holds a NUL byte on line {line}",
                     _CSV_MEND)  # fmt: skip
    elif _decodes(data, "utf-8"):
        return "utf-8"
    elif _decodes(data, "cp1252"):
        findings.add(
            "warning", "the file is not UTF-8; it was read as Windows-1252, which is a guess",
            f"look at letters with accents, and {_CSV_MEND} if they are wrong",
            value=_first_foreign_word(data),
        )  # fmt: skip
        return "cp1252"
    else:
        findings.add("error", "the file is neither UTF-8, UTF-16 nor Windows-1252 text", _CSV_MEND)
    raise ProfileError(findings.errors())


def _decodes(data: bytes, encoding: str) -> bool:
    """Return whether all bytes are text, without holding the text."""
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for start in range(0, len(data), 1 << 20):
            decoder.decode(data[start : start + (1 << 20)])
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


def _first_foreign_word(data: bytes) -> str:
    """Return the first word with a letter outside ASCII, to judge the guess by."""
    at = next(i for i, byte in enumerate(data) if byte > 127)
    around = data[max(0, at - 20) : at + 20].decode("cp1252", errors="replace")
    words = around.replace(",", " ").replace(";", " ").split()
    return next((word for word in words if not word.isascii()), "")


def _delimiter(head: str) -> str:
    """Return the delimiter under which the first row has the most headings we know."""

    def found(delimiter: str) -> tuple[int, int]:
        reader = csv.reader(io.StringIO(head, newline=""), delimiter=delimiter)
        try:
            row = next((row for row in reader if "".join(row).strip(_DELIMITERS + " ")), [])
        except csv.Error:
            return 0, 0
        known = sum(bool(columns_meant(text) or columns_stood_for(text)) for text in row)
        return known, len(row)

    return max(_DELIMITERS, key=found)


def _table(records: Iterator[list[str]], findings: Findings) -> Table:
    """Gather the records of a file column by column."""
    above = 0
    headings: list[str] = []
    for record in records:
        if any(map(str.strip, record)):
            headings = record
            break
        above += 1
    if not headings:
        findings.add("error", "the file is empty", "write the headings in its first row")
        raise ProfileError(findings.errors())
    if above:
        findings.add("note", f"{above} blank rows above the headings skipped", row=1)
    encoders = [Encoder() for _ in headings]
    rows: list[np.ndarray] = []
    first = above + 2
    while chunk := list(islice(records, _CHUNK)):
        numbers = np.arange(first, first + len(chunk), dtype=np.int64)
        first += len(chunk)
        if {len(record) for record in chunk} != {len(headings)}:
            kept = _regular(chunk, numbers, len(headings), findings)
            chunk, numbers = [chunk[i] for i in kept], numbers[kept]
        for encoder, texts in zip(encoders, zip(*chunk, strict=True), strict=bool(chunk)):
            encoder.add(texts)
        rows.append(numbers)
    cells = [encoder.cells() for encoder in encoders]
    return Table(headings, cells, np.concatenate(rows) if rows else np.zeros(0, dtype=np.int64))


def _regular(
    chunk: list[list[str]], numbers: np.ndarray, width: int, findings: Findings
) -> list[int]:
    """Return the positions of the rows of the right length; note the others as errors."""
    kept = []
    for i, record in enumerate(chunk):
        if not any(map(str.strip, record)):
            record[:] = [""] * width  # a blank line: counted and noted with the other blank rows
        if len(record) == width:
            kept.append(i)
            continue
        findings.add(
            "error", f"the row has {len(record)} fields, the headings are {width}",
            "quote cells that contain the delimiter or a line break",
            value=" | ".join(record[:4]), row=int(numbers[i]),
        )  # fmt: skip
    return kept
