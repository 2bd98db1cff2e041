"""The shape of a table of text: its heading row, what stands above it, and rows of odd length.

CSV files and workbooks come through here alike: records go in, columns come out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Final

import numpy as np

from matchkit.errors import ProfileError
from matchkit.profiles.tables import Encoder, Findings, Table, shown, trim

Knows = Callable[[str], bool]
"""Tells whether a heading is one that is understood."""

SIGHTED: Final = 40
"""Records at the top of a source among which its headings are looked for."""

_CHUNK: Final = 1 << 13
_SHOWN_ABOVE: Final = 3


def heading_row(records: Sequence[Sequence[str]], knows: Knows) -> tuple[int, int]:
    """Find the row of headings among the first records.

    It is the first row that is not blank, unless rows of a title or a note stand above one
    with more headings that are understood.

    Parameters
    ----------
    records : sequence of sequences of str
        The first records.
    knows : callable
        Tells whether a heading is understood.

    Returns
    -------
    position, known : int
        Where the headings are, and how many of them are understood. The position is -1 where
        every record is blank.

    Examples
    --------
    >>> heading_row([["Export of May"], ["", ""], ["id", "name"]], {"id", "name"}.__contains__)
    (2, 2)
    """
    filled = [sum(bool(trim(cell)) for cell in record) for record in records]
    known = [sum(map(knows, record)) for record in records]
    first = next((i for i, count in enumerate(filled) if count), -1)
    if first < 0:
        return -1, 0
    best = max(range(len(records)), key=known.__getitem__)
    # What stands above headings is a line or two, never as wide as the table.
    narrow = all(2 * count <= filled[best] for count in filled[:best])
    if best > first and known[best] > known[first] and narrow:
        return best, known[best]
    return first, known[first]


def gather(records: Iterable[Sequence[str]], above: int, findings: Findings) -> Table:
    """Gather records column by column.

    Parameters
    ----------
    records : iterable of sequences of str
        All of them, from the first row of the source on.
    above : int
        How many of them stand above the headings.
    findings : Findings
        Gets what stood above, and the rows whose length is wrong.

    Returns
    -------
    Table
        The rows that have as many cells as there are headings; numbered from 1 with the
        first record, as a spreadsheet shows them.

    Raises
    ------
    ProfileError
        There are no headings.
    """
    stream = iter(records)
    _note_above(list(islice(stream, max(above, 0))), findings)
    headings = list(next(stream, []))
    if not any(map(trim, headings)):
        findings.add("error", "the file is empty", "write the headings in its first row")
        raise ProfileError(findings.errors())
    encoders = [Encoder() for _ in headings]
    rows: list[np.ndarray] = []
    for numbers, chunk in _chunks(stream, above + 2, len(headings), findings):
        for encoder, texts in zip(encoders, zip(*chunk, strict=True), strict=bool(chunk)):
            encoder.add(texts)
        rows.append(numbers)
    cells = [encoder.cells() for encoder in encoders]
    return Table(headings, cells, np.concatenate(rows) if rows else np.zeros(0, dtype=np.int64))


def _note_above(records: Sequence[Sequence[str]], findings: Findings) -> None:
    """Say what stood above the headings."""
    texts = [" ".join(cell for cell in map(trim, record) if cell) for record in records]
    told = [shown(text, most=40) for text in texts if text]
    if told:
        more = ", ..." if len(told) > _SHOWN_ABOVE else ""
        said = ", ".join(map(repr, told[:_SHOWN_ABOVE])) + more
        rows = "row" if len(told) == 1 else "rows"
        findings.add("repaired", f"{len(told)} {rows} above the headings left out: {said}", row=1)
    elif records:
        findings.add("note", f"{len(records)} blank rows above the headings skipped", row=1)


def _chunks(
    stream: Iterator[Sequence[str]], first: int, width: int, findings: Findings
) -> Iterator[tuple[np.ndarray, list[Sequence[str]]]]:
    """Yield the rows of the right length with their numbers, many at a time."""
    longer: list[int] = []
    while chunk := list(islice(stream, _CHUNK)):
        numbers = np.arange(first, first + len(chunk), dtype=np.int64)
        first += len(chunk)
        if {len(record) for record in chunk} != {width}:
            kept = _regular(chunk, numbers, width, findings, longer=longer)
            chunk, numbers = [chunk[i] for i in kept], numbers[kept]
        yield numbers, chunk
    if longer:
        rows = "row ends" if len(longer) == 1 else "rows end"
        findings.add(
            "repaired", f"{len(longer)} {rows} in blank cells beyond the headings: left out",
            row=longer[0],
        )  # fmt: skip


def _regular(
    chunk: list[Sequence[str]],
    numbers: np.ndarray,
    width: int,
    findings: Findings,
    *,
    longer: list[int],
) -> list[int]:
    """Return the positions of the rows of the right length; note the others as errors."""
    kept = []
    for i, record in enumerate(chunk):
        row = int(numbers[i])
        if not any(map(str.strip, record)):
            chunk[i] = [""] * width  # blank: counted and noted with the other blank rows
        elif len(record) > width and not any(map(trim, record[width:])):
            chunk[i] = record[:width]
            longer.append(row)
        if len(chunk[i]) == width:
            kept.append(i)
            continue
        fields = "field" if len(record) == 1 else "fields"
        findings.add(
            "error", f"the row has {len(record)} {fields}, the headings are {width}",
            "quote cells that contain the delimiter or a line break",
            value=" | ".join(record[:4]), row=row,
        )  # fmt: skip
    return kept
