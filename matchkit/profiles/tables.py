"""Tables: what every kind of source is turned into before anything is understood."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np

from matchkit.errors import Finding, Severity

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Invisible signs that copying from web pages leaves at the ends of a cell.
_TRIM: Final = "\u200b\u2060\ufeff" + "".join(
    chr(code) for code in range(0x3001) if chr(code).isspace()
)
# UTF-8 that was read as Windows-1252, and the sign that stands for what could not be read.
_LOST: Final = re.compile(
    "[\u00c2\u00c3][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc"
    "\u2013-\u203a\u20ac\u2122]|\u00e2\u20ac|\u00ef\u00bf\u00bd|\ufffd"
)
_LINE_BREAKS: Final = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_FORBIDDEN: Final = re.compile("[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff]")
_SPREADSHEET_ERROR: Final = re.compile(
    r"#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!|GETTING_DATA|FIELD!|BLOCKED!)"
)
_STOPPING: Final = frozenset({"question", "error"})
_READ_AS: Final = 30
_LONGEST_SHOWN: Final = 120
_LONGEST_MESSAGE: Final = 500

# What is wrong with a cell, and how to mend it.
Problem = tuple[str, str]


@dataclass(frozen=True, eq=False)
class Cells:
    """One column of text: its distinct values once, and which of them each row has.

    Attributes
    ----------
    values : list of str
        The distinct cells.
    codes : int64 array (n,)
        Positions in `values`.
    """

    values: list[str]
    codes: NDArray[np.int64]

    @classmethod
    def of(cls, texts: Sequence[str]) -> Cells:
        """Return a column of these texts, its distinct values in the order of their coming."""
        encoder = Encoder()
        encoder.add(texts)
        return encoder.cells()

    def texts(self) -> NDArray[np.object_]:
        """Return the column itself, object (n,); equal cells share one string."""
        return _objects(self.values)[self.codes]

    def mapped(self, values: Sequence[str]) -> Cells:
        """Return the column with each distinct value replaced; equal ones become one."""
        if values == self.values:
            return self
        merged = Cells.of(values)
        return Cells(merged.values, merged.codes[self.codes])

    def blank(self) -> NDArray[np.bool_]:
        """Return which rows are blank, bool (n,)."""
        blanks = np.array([not value for value in self.values], dtype=bool)
        return blanks[self.codes] if self.values else np.zeros(0, dtype=bool)

    def people(self, code: int) -> list[int]:
        """Return the rows that have one of the distinct values, in their order."""
        order, bounds = self._rows_by_code
        people: list[int] = order[bounds[code] : bounds[code + 1]].tolist()
        return people

    @cached_property
    def _rows_by_code(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        counts = np.bincount(self.codes, minlength=len(self.values))
        return np.argsort(self.codes, kind="stable"), np.append(0, np.cumsum(counts))

    def take(self, rows: NDArray[np.int64]) -> Cells:
        """Return some rows; values that no row has any more go too."""
        used, codes = np.unique(self.codes[rows], return_inverse=True)
        return Cells([self.values[code] for code in used.tolist()], codes.astype(np.int64))


class _Numbers(dict[str, int]):
    """Gives each new text the next number."""

    def __missing__(self, text: str) -> int:
        number = self[text] = len(self)
        return number


class Encoder:
    """Gathers texts piece by piece, keeping each distinct one once."""

    def __init__(self) -> None:
        self._numbers = _Numbers()
        self._codes: list[NDArray[np.int64]] = []

    def add(self, texts: Sequence[str]) -> None:
        """Append some more texts."""
        # A dict that numbers what it does not know keeps the loop over all cells in C.
        numbers = map(self._numbers.__getitem__, texts)
        self._codes.append(np.fromiter(numbers, dtype=np.int64, count=len(texts)))

    def cells(self) -> Cells:
        """Return what was gathered so far."""
        codes = np.concatenate(self._codes) if self._codes else np.zeros(0, dtype=np.int64)
        return Cells(list(self._numbers), codes)


def _objects(values: Sequence[str]) -> NDArray[np.object_]:
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array


@dataclass
class Findings:
    """Collects what is noticed, with the place of each.

    Attributes
    ----------
    source : str
        The file, or the side for frames and records.
    rows : int64 array (n,)
        The row number of each person.
    ids : object array (n,)
        The id of each person, once known.
    found : list of Finding
        What was noticed so far.
    """

    source: str
    rows: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    ids: NDArray[np.object_] = field(default_factory=lambda: np.zeros(0, dtype=object))
    found: list[Finding] = field(default_factory=list)

    def add(  # noqa: PLR0913  (a finding has as many sides)
        self,
        severity: Severity,
        message: str,
        mend: str = "",
        *,
        column: str = "",
        value: str = "",
        person: int | None = None,
        row: int | None = None,
    ) -> None:
        """Note one thing, at one person, at one row of the source, or at the whole of it."""
        if person is not None:
            row = int(self.rows[person])
        self.found.append(
            Finding(
                severity, shown(message, most=_LONGEST_MESSAGE), mend, self._id(person),
                shown(column), shown(value), self.source, row,
            )
        )  # fmt: skip

    def _id(self, person: int | None) -> str:
        return str(self.ids[person]) if person is not None and len(self.ids) else ""

    def at_cells(
        self, severity: Severity, column: str, cells: Cells, problems: Mapping[int, Problem]
    ) -> None:
        """Note what is wrong with distinct values, once for each row that has them."""
        for code, (message, mend) in problems.items():
            for person in cells.people(code):
                self.add(
                    severity, message, mend, column=column, value=cells.values[code], person=person
                )

    def read_as(
        self, column: str, cells: Cells, texts: Sequence[str], *, where: Callable[[str], bool]
    ) -> None:
        """Say what cells were read as that are not written as documented, each spelling once.

        Parameters
        ----------
        column : str
            The heading.
        cells : Cells
            As written.
        texts : sequence of str
            What each distinct cell was read as, blank where it was not understood.
        where : callable
            Tells of a cell whether it needs to be said.
        """
        said = [
            (text, code)
            for code, text in enumerate(cells.values)
            if text and texts[code] and text != texts[code] and where(text)
        ]
        if not said:
            return
        counts = np.bincount(cells.codes, minlength=len(cells.values)).tolist()
        for text, code in sorted(said)[:_READ_AS]:
            people = "1 cell" if counts[code] == 1 else f"{counts[code]} cells"
            self.add("repaired", f"{shown(text)!r} was read as {shown(texts[code])!r} ({people})",
                     column=column, value=text, row=self.first_row(cells, code))  # fmt: skip
        if len(said) > _READ_AS:
            self.add("repaired", f"and {len(said) - _READ_AS} more spellings were read likewise",
                     column=column)  # fmt: skip

    def first_row(self, cells: Cells, code: int) -> int | None:
        """Return the row of the first person who has a distinct value."""
        people = cells.people(code)
        return int(self.rows[people[0]]) if people else None

    def errors(self) -> list[Finding]:
        """Return the errors and the open questions, in the order of the rows."""
        errors = [finding for finding in self.found if finding.severity in _STOPPING]
        return sorted(errors, key=lambda finding: -1 if finding.row is None else finding.row)

    def others(self) -> list[Finding]:
        """Return the rest in an order that rows and columns of the input cannot change."""
        rest = [finding for finding in self.found if finding.severity not in _STOPPING]
        return sorted(
            rest, key=lambda each: (each.id, each.column, each.value, each.message, each.mend)
        )


def shown(value: str, *, most: int = _LONGEST_SHOWN) -> str:
    """Shorten a value for a message, and replace what no screen can show.

    Examples
    --------
    >>> shown("short"), shown("a long text", most=6)
    ('short', 'a lon…')
    """
    printable = _FORBIDDEN.sub("\ufffd", value)
    return printable if len(printable) <= most else printable[: most - 1] + "…"


@dataclass(frozen=True)
class Form:
    """How a source was read.

    Attributes
    ----------
    kind : str
        ``"CSV"``, ``"Excel workbook"``, ``"JSON"``, ``"frame"`` or ``"records"``.
    encoding, delimiter : str
        Of text files; the encoding as Python names it.
    sheet : str
        Of workbooks.
    preset : str
        The kind of export that it was recognized as, empty where it is none.
    """

    kind: str
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    preset: str = ""


@dataclass(frozen=True, eq=False)
class Table:
    """A source as text, before its headings are understood.

    Attributes
    ----------
    headings : list of str
        As written, trimmed.
    cells : list of Cells
        One for each heading.
    rows : int64 array (n,)
        Row numbers as the source counts them.
    form : Form
        How the source was read.
    """

    headings: list[str]
    cells: list[Cells]
    rows: NDArray[np.int64]
    form: Form = Form("records")

    def cleaned(self, findings: Findings) -> Table:
        """Trim and normalize headings and cells, leave out blank rows, note what is faulty."""
        columns = []
        findings.rows = self.rows
        headings = [_clean_heading(heading, findings) for heading in self.headings]
        for heading, cells in zip(headings, self.cells, strict=True):
            texts, problems = _clean_values(cells.values)
            findings.at_cells("error", heading, cells, problems)
            columns.append(cells.mapped(texts))
            _note_lost_letters(heading, [heading, *texts], findings)
        table = replace(self, headings=headings, cells=columns)
        table = _without_blank_rows(table, findings)
        return _without_ghosts(table, findings)


def _note_lost_letters(heading: str, texts: Sequence[str], findings: Findings) -> None:
    """Warn of letters that a wrong conversion destroyed before the source came here."""
    lost = [text for text in texts if not text.isascii() and _LOST.search(text)]
    if lost:
        spellings = "text seems" if len(lost) == 1 else "different texts seem"
        findings.add(
            "warning", f"{len(lost)} {spellings} to have lost letters in a conversion",
            f"export the source anew as UTF-8; look at {shown(min(lost), most=40)!r}",
            column=heading, value=min(lost),
        )  # fmt: skip


def _clean_heading(heading: str, findings: Findings) -> str:
    """Return a heading on one line; one that holds no text is an error."""
    text = clean_text(heading)
    if (bad := _FORBIDDEN.search(text)) is not None:
        findings.add(
            "error", f"the heading holds the control character {_codepoint(bad)}", "remove it",
            column=shown(text),
        )  # fmt: skip
    return " ".join(shown(text).split()) if bad else " ".join(text.split())


def _without_blank_rows(table: Table, findings: Findings) -> Table:
    """Leave out rows in which every cell is blank, and say how many."""
    blank = np.ones(len(table.rows), dtype=bool)
    for cells in table.cells:
        blank &= cells.blank()
    if not blank.any():
        return table
    count = int(blank.sum())
    rows = "row was" if count == 1 else "rows were"
    findings.add("note", f"{count} blank {rows} skipped", row=int(table.rows[np.argmax(blank)]))
    kept = np.flatnonzero(~blank)
    findings.rows = table.rows[kept]
    columns = [cells.take(kept) for cells in table.cells]
    return replace(table, cells=columns, rows=table.rows[kept])


def _without_ghosts(table: Table, findings: Findings) -> Table:
    """Leave out columns without a heading: nothing in them is a note, values an error."""
    kept = []
    for i, (heading, cells) in enumerate(zip(table.headings, table.cells, strict=True)):
        if heading:
            kept.append(i)
        elif cells.blank().all():
            findings.add("note", f"column {i + 1} has neither heading nor values: skipped")
        else:
            person = int(np.argmin(cells.blank()))
            findings.add(
                "error", f"column {i + 1} has values but no heading",
                "give it a heading, or remove the column",
                value=str(cells.values[cells.codes[person]]), person=person,
            )  # fmt: skip
    headings, columns = [table.headings[i] for i in kept], [table.cells[i] for i in kept]
    return replace(table, headings=headings, cells=columns)


def _clean_values(values: Sequence[str]) -> tuple[list[str], dict[int, Problem]]:
    """Clean distinct cells; say what is wrong with those that hold no text."""
    texts = list(map(str.strip, values))
    problems: dict[int, Problem] = {}
    for i, stripped in enumerate(texts):
        if stripped.isascii() and stripped.isprintable() and stripped[:1] != "#":
            continue  # nothing more to clean: nearly all cells of nearly all files
        text = clean_text(stripped)
        if (bad := _FORBIDDEN.search(text)) is not None:
            message = f"the cell holds the control character {_codepoint(bad)}"
            problems[i] = message, "remove it"
        elif is_spreadsheet_error(text):
            problems[i] = f"the cell holds the spreadsheet error {text}", "mend its formula"
        texts[i] = "" if i in problems else text
    return texts, problems


def _codepoint(found: re.Match[str]) -> str:
    return f"U+{ord(found.group()):04X}"


def holds_control_character(text: str) -> bool:
    r"""Return whether a text holds signs that no cell may hold.

    Examples
    --------
    >>> holds_control_character("a\x00b"), holds_control_character("a\nb")
    (True, False)
    """
    return _FORBIDDEN.search(text) is not None


def is_spreadsheet_error(text: str) -> bool:
    """Return whether a cell is what a spreadsheet shows for a failed formula.

    Examples
    --------
    >>> is_spreadsheet_error("#REF!"), is_spreadsheet_error("#1")
    (True, False)
    """
    return _SPREADSHEET_ERROR.fullmatch(text) is not None


def trim(text: str) -> str:
    """Remove white space and invisible signs from both ends.

    Examples
    --------
    >>> trim("\u200b Ana ")
    'Ana'
    """
    return text.strip(_TRIM)


def clean_text(text: str) -> str:
    r"""Trim a cell, bring it to NFC, and make its line breaks plain.

    Examples
    --------
    >>> clean_text(" Zoe\u0308 \u200b") == "Zo\u00eb"
    True
    """
    trimmed = text.strip(_TRIM)
    if trimmed.isascii() and trimmed.isprintable():
        return trimmed
    return _LINE_BREAKS.sub("\n", unicodedata.normalize("NFC", trimmed)).strip(_TRIM)
