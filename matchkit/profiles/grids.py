"""Grids of forms: one question, asked in a row for each skill or for each day.

A form stores such a question as one column for each row, ``Rate your skills [Python]``; here
they become one column again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from matchkit.profiles.schema import COLUMNS, columns_asked, columns_meant, heading_key
from matchkit.profiles.tables import Cells, Findings, Table

_GRID: Final = re.compile(r"(?P<question>.*\S)\s*\[(?P<row>[^\[\]]*[^\[\]\s])\s*\]")
_TICKED: Final = frozenset({"yes", "x", "true", "\u2713", "\u2714", "\u2611"})
_UNTICKED: Final = frozenset({"no", "false", ""})


def joined_grids(table: Table, chosen: Mapping[str, str], findings: Findings) -> Table:
    """Join the columns of each grid of skills or hours.

    Parameters
    ----------
    table : Table
        Cleaned.
    chosen : mapping of str to str
        Headings and the columns that they are, said by the user.
    findings : Findings
        Gets a line for each grid.

    Returns
    -------
    Table
        One column for each grid, in the place of its first one, under its question.
    """
    said = {heading_key(heading): column for heading, column in chosen.items()}
    grids: dict[str, list[tuple[int, str]]] = {}
    for i, heading in enumerate(table.headings):
        if (found := _GRID.fullmatch(heading)) and heading_key(heading) not in said:
            grids.setdefault(found["question"], []).append((i, found["row"]))
    headings: dict[int, str] = dict(enumerate(table.headings))
    cells = dict(enumerate(table.cells))
    for question, rows in grids.items():
        write = _writer(question, said)
        if len(rows) < 2 or write is None:
            continue
        first = rows[0][0]
        made = _joined([(row, cells[i]) for i, row in rows], write)
        for i, _ in rows:
            del headings[i], cells[i]
        headings[first], cells[first] = question, made
        findings.add("repaired", f"the {len(rows)} columns {question!r} [...] were read as one",
                     column=question)  # fmt: skip
    order = sorted(headings)
    return replace(table, headings=[headings[i] for i in order], cells=[cells[i] for i in order])


Write = Callable[[str, str], str]


def _writer(question: str, said: Mapping[str, str]) -> Write | None:
    """Return how a row and its answer are written, None where the question is no such grid."""
    told = said.get(heading_key(question))
    meant = (told,) if told else columns_meant(question) or columns_asked(question)
    kinds = {COLUMNS[key].kind for key in meant if key in COLUMNS}
    if kinds == {"skills"}:
        return _skill
    return _hours if kinds == {"hours"} else None


def _skill(row: str, answer: str) -> str:
    if answer.casefold() in _UNTICKED:
        return ""
    name = row.replace(";", ",")
    return f"{name};" if answer.casefold() in _TICKED else f"{name}:{answer};"


def _hours(row: str, answer: str) -> str:
    return f"{row} {answer};" if answer else ""


def _joined(rows: Sequence[tuple[str, Cells]], write: Write) -> Cells:
    """Write the answers of each person in one cell."""
    written = [[write(row, answer) for answer in cells.values] for row, cells in rows]
    columns = [
        [texts[code] for code in cells.codes.tolist()]
        for texts, (_, cells) in zip(written, rows, strict=True)
    ]
    return Cells.of(["".join(parts) for parts in zip(*columns, strict=True)])
