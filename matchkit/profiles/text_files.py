"""CSV files: delimiter, quotes, and records numbered as a spreadsheet shows them."""

from __future__ import annotations

import contextlib
import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

from matchkit.errors import ProfileError
from matchkit.profiles.encodings import tell_encoding
from matchkit.profiles.hints import Hints
from matchkit.profiles.shapes import SIGHTED, Knows, gather, heading_row
from matchkit.profiles.tables import Findings, Form, Table

DELIMITERS: Final = ",;\t|"
_HEAD: Final = 1 << 16
# A line by which a file tells its delimiter to a spreadsheet, which then does not show it.
_SEP_LINE: Final = re.compile('"?sep=(?P<delimiter>[^\r\n"]|\t)"?(?:\r\n|\r|\n)', re.IGNORECASE)


@dataclass(frozen=True)
class _Shape:
    """How the text of a file is to be cut."""

    encoding: str
    delimiter: str
    above: int  # records above the headings
    sep_line: int  # signs of a line that only tells the delimiter


def read_csv(data: bytes, findings: Findings, hints: Hints) -> Table:
    """Read the bytes of a CSV file into a table of text.

    Parameters
    ----------
    data : bytes
        The whole file.
    findings : Findings
        Gets what is noticed, ragged rows among it.
    hints : Hints
        Which headings are understood, and what the user says about the file.

    Returns
    -------
    Table
        The rows that have as many fields as there are headings.

    Raises
    ------
    ProfileError
        The file cannot be read at all, or its quotes don't match.
    """
    encoding = tell_encoding(data, findings, given=hints.encoding)
    head = data[:_HEAD].decode(encoding, errors="ignore")
    shape = _shape(head, encoding, hints)
    try:
        table = gather(_records(data, shape), shape.above, findings)
    except csv.Error as error:
        findings.add(
            "error", f"the quotes of this row don't match ({error})",
            "write a quote inside a quoted cell twice, and close each quoted cell",
            row=_rows_read(_records(data, shape)) + 1,
        )  # fmt: skip
        raise ProfileError(findings.errors()) from error
    return replace(table, form=Form("CSV", encoding=encoding, delimiter=shape.delimiter))


def _records(data: bytes, shape: _Shape) -> Iterator[list[str]]:
    """Return the records of a file, one after the other, without holding its text."""
    stream = io.TextIOWrapper(io.BytesIO(data), encoding=shape.encoding, newline="")
    stream.read(shape.sep_line)
    return csv.reader(stream, delimiter=shape.delimiter, strict=True, skipinitialspace=True)


def _rows_read(records: Iterator[list[str]]) -> int:
    """Count the records before the one that cannot be read."""
    count = 0
    with contextlib.suppress(csv.Error):
        for _ in records:
            count += 1
    return count


def _shape(head: str, encoding: str, hints: Hints) -> _Shape:
    """Tell the delimiter, and how many records stand above the headings."""
    told = _SEP_LINE.match(head)
    start = told.end() if told else 0
    choices = hints.delimiter or (told["delimiter"] if told else DELIMITERS)
    sighted = {each: _sighted(head[start:], each) for each in choices}
    best = max(choices, key=lambda each: _fitness(sighted[each], hints.knows))
    return _Shape(encoding, best, heading_row(sighted[best], hints.knows)[0], start)


def _sighted(head: str, delimiter: str) -> list[list[str]]:
    """Return the first records under a delimiter."""
    reader = csv.reader(io.StringIO(head, newline=""), delimiter=delimiter, skipinitialspace=True)
    records: list[list[str]] = []
    with contextlib.suppress(csv.Error):
        records.extend(islice(reader, SIGHTED))
    return records


def _fitness(records: list[list[str]], knows: Knows) -> tuple[int, int]:
    """Return how many headings are understood under a delimiter, and how many there are."""
    at, known = heading_row(records, knows)
    return known, len(records[at]) if at >= 0 else 1
